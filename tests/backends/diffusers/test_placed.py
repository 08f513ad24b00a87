"""Where LTX's pipelines put a keyframe: on exactly the frame that a level says, where two clips meet."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny
from ruamel.yaml import YAML

from storyforge import backends
from storyforge.backends import LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends.diffusers import Diffusers, calls, pictures
from storyforge.errors import InputError

FRAMES = 30


def begins(call: dict[str, Any], fps: float) -> tuple[list[int], list[int]]:
    """Frames at which the rows of a call of the denoiser begin, and its conditions."""
    coords = call["video_coords"][0, 0]
    times: list[int] = (coords.flatten(1)[:, 0] if coords.ndim == 2 else coords * 1).mul(fps).round().int().tolist()
    if "height" in call and call.get("num_frames"):  # LTX-2: conditions behind the rows
        own = call["num_frames"] * call["height"] * call["width"]
        return times[:own], times[own:]
    first = max(at for at, (a, b) in enumerate(pairwise(times), 1) if b < a) if sorted(times) != times else 0
    return times[first:], times[:first]


@pytest.mark.parametrize(
    ("name", "step", "indices", "begun"),
    [("ltx-2-condition", 9, [0, 2], [0, 9, 18]), ("ltx-condition", 16, [0, 16], [0, 16])],
)
def test_clips_meet_on_the_keyframe_itself(
    name: str, step: int, indices: list[int], begun: list[int], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    backend = Diffusers(backends.read(tiny.install(name, tmp_path)))  # type: ignore[arg-type]
    fps = backend.profile.clip.fps
    told: list[list[int]] = []
    heard: list[tuple[list[int], list[int]]] = []
    made: list[tuple[Any, Any, Any]] = []
    plain = calls.run

    def run(pipe: Any, profile: Any, request: Any, segment: Any, known: Any, *more: Any) -> Any:
        def listen(module: Any, args: Any, kwargs: dict[str, Any]) -> None:
            if len(heard) == len(made):
                heard.append(begins(kwargs, fps))

        handle = pipe.transformer.register_forward_pre_hook(listen, with_kwargs=True)
        asked = calls.infill.arguments(pipe, profile, known, calls.Call(segment.rows, (64, 64), 8))["conditions"]
        told.append([one.index if hasattr(one, "index") else one.frame_index for one in asked])
        result = plain(pipe, profile, request, segment, known, *more)
        handle.remove()
        made.append((segment, known.frames, result.shown[0]))
        return result

    monkeypatch.setattr(calls, "run", run)
    colours = np.random.default_rng(0).integers(0, 255, (FRAMES // step + 1, 1, 1, 3), np.uint8)
    pins: dict[int, Any] = {step * at: np.tile(colour, (64, 64, 1)) for at, colour in enumerate(colours)}
    prompt = TimedPrompt(0, FRAMES, Prompt("a fox walks", ""))
    request = LevelRequest("one/1", FRAMES, 1, (Part("one", 0, FRAMES, 7),), (prompt,), pins=pins, size=(64, 64))
    (level,) = backend.render([request])

    starts = [segment.start for segment, _, _ in made]
    assert starts == begun
    for (segment, known, _), places, (rows, conditions) in zip(made, told, heard, strict=True):
        shown = sorted(known)
        assert shown == [0, step] if segment.start + step < FRAMES else [0]
        assert places == indices[: len(shown)]
        assert sorted(set(conditions)) == [at for at in shown if at]  # in frames, as the denoiser reads its clock
        if name == "ltx-2-condition":
            assert set(conditions) <= set(rows)
    for (_, before, _), (_, after, _) in pairwise(made):
        assert np.array_equal(before[step], after[0])

    height, width = made[0][2][0].shape[:2]
    frames = list(backend.decode(level, (width, height)))
    assert len(frames) == FRAMES
    for segment, _, result in made:
        for at in range(segment.own.start, segment.own.stop):
            assert np.array_equal(frames[at], pictures.uint8(result[at - segment.start]))


def test_a_profile_that_counts_otherwise_than_its_pipeline_is_refused(tmp_path: Path) -> None:
    path = tiny.install("ltx-2-condition", tmp_path)
    yaml = YAML(typ="safe", pure=True)
    data = yaml.load(path.read_text())
    with path.open("w") as file:
        yaml.dump(data | {"indices": "frames", "levels": [8, 1]}, file)
    backend = Diffusers(backends.read(path))  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"the conditions of LTX2ConditionPipeline are .* set indices: rows in"):
        backend.pipe  # noqa: B018
