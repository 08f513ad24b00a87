"""A shot of twenty seconds from its panel over keyframes to frames: what is known at a level is known at the next."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny
from ruamel.yaml import YAML

import storyforge
from storyforge.backends import PANELS, Latents, LevelRequest
from storyforge.backends.diffusers import Diffusers, calls
from storyforge.backends.diffusers.segments import Segment

BOARD = """\
storyforge: 1
title: "Twenty seconds"
renderer: {name}
size: 96x64
fps: {fps}
cast: {{ember: {{description: "a small orange fox"}}}}
scenes:
  - id: storm
    shots:
      - {{id: one, seconds: 20, cast: [ember], action: "Ember walks"}}
"""

Made = list[tuple[LevelRequest, Latents]]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """Every level that a diffusers renderer makes, with what it was asked for."""
    out: Made = []
    plain = Diffusers.render

    def render(self: Diffusers, requests: Any) -> list[Latents]:
        results = plain(self, requests)
        out.extend(zip(requests, results, strict=True))
        return results

    monkeypatch.setattr(Diffusers, "render", render)
    return out


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Segment, dict[int, Any]]]:
    """Every call of the video pipeline: stride, segment, and the pictures that it was told of."""
    out: list[tuple[int, Segment, dict[int, Any]]] = []
    plain = calls.run

    def run(pipe: Any, profile: Any, request: Any, segment: Segment, known: Any, *more: Any) -> Any:
        out.append((request.stride, segment, dict(known.frames)))
        return plain(pipe, profile, request, segment, known, *more)

    monkeypatch.setattr(calls, "run", run)
    return out


def shot(name: str, levels: list[int], frames: int, fps: int, folder: Path) -> Path:
    """A project with the profile at other levels, and its storyboard."""
    path = tiny.install(name, folder)
    yaml = YAML(typ="safe", pure=True)
    data = yaml.load(path.read_text())
    data |= {"levels": levels}
    data["clip"] |= {"frames": frames}
    data["defaults"] |= {"steps": 1}  # what is known does not depend on them, and there are many calls
    data["keyframes"]["defaults"] |= {"steps": 2}  # more than a third of them
    with path.open("w") as file:
        yaml.dump(data, file)
    (folder / "board.yaml").write_text(BOARD.format(name=name, fps=fps))
    return folder / "board.yaml"


@pytest.mark.parametrize(
    ("name", "levels", "frames", "fps"),
    [("wan-2.1-flf2v-14b", [64, 16, 1], 17, 16), ("ltx-condition", [64, 8, 1], 9, 25)],
)
def test_twenty_seconds_go_from_a_panel_to_frames_over_keyframes(
    name: str, levels: list[int], frames: int, fps: int, tmp_path: Path, made: Made,
    asked: list[tuple[int, Segment, dict[int, Any]]],
) -> None:  # fmt: skip
    board = shot(name, levels, frames, fps, tmp_path)
    film = storyforge.render(board, tmp_path / "film", workers=1, captions="off", silent=True)
    assert not film.failed
    assert film.frames == 20 * fps

    assert [request.stride for request, _ in made] == [PANELS, *levels]
    panel = made[0][1].arrays["x"][0]
    above: dict[int, Any] = {0: panel}  # frame -> picture
    for request, latents in made[1:]:
        assert {row * request.stride for row in request.pins} == set(above)
        for row, pin in request.pins.items():
            assert np.array_equal(pin, above[row * request.stride])
        if request.stride > 1:
            rows = latents.arrays["x"]
            assert rows.dtype == np.uint8
            assert len(rows) >= (20 * fps - 1) // request.stride + 1
            for frame, picture in above.items():
                assert np.array_equal(rows[frame // request.stride], picture)
            above = {row * request.stride: picture for row, picture in enumerate(rows)}

    fine = [(segment, known) for stride, segment, known in asked if stride == 1]
    assert all(segment.rows == frames for segment, _ in fine)
    assert len(fine) == -(-(20 * fps - 1) // (frames - 1))
    for (one, before), (next_one, after) in pairwise(fine):
        assert next_one.start == one.stop - 1
        assert np.array_equal(before[frames - 1], after[0])  # one picture ends a segment and begins the next
        assert np.array_equal(after[0], above[next_one.start])


def test_a_draft_takes_a_third_of_the_video_models_steps_and_keyframes_keep_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[int] = []
    plain = calls.named

    def named(*arguments: Any) -> dict[str, Any]:
        out = plain(*arguments)
        steps.append(out["num_inference_steps"])
        return out

    monkeypatch.setattr(calls, "named", named)
    board = shot("ltx-condition", [64, 8, 1], 9, 25, tmp_path)
    board.write_text(board.read_text().replace("seconds: 20", "seconds: 1, options: {ltx-condition: {steps: 9}}"))
    storyforge.render(board, tmp_path / "film", workers=1, captions="off", silent=True, draft=True)
    assert steps == [2, 2] + [3] * (len(steps) - 2)  # the sheet and the panel; then segments
