"""What `storyforge prompts` prints is what pipelines are told: every call of a render is recorded and compared."""

import json
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from re import fullmatch
from typing import Any

import diffusers
import pytest
from ruamel.yaml import YAML

import storyforge
from storyforge.backends.diffusers import calls
from storyforge.backends.diffusers import texts as texts_
from storyforge.backends.diffusers.codenoising import codenoised
from storyforge.backends.diffusers.texts import Said as Said_
from storyforge.cli import main

PROFILES = {
    "told-windows": """
        backend: diffusers
        licence: Apache-2.0
        pipeline: WanPipeline
        checkpoint: ../checkpoints/wan
        device: cpu
        clip: {frames: 9, fps: 8, size: [48, 32], ratio: 4, multiple: 16}
        longer: windows
        windows: {overlap: 4}
        keyframes: self
        infill: held
        avoid: night
        defaults: {steps: 1, guidance: 3.0}
        """,
    "told-drawn": """
        backend: diffusers
        licence: CreativeML-OpenRAIL-M
        pipeline: AnimateDiffPipeline
        checkpoint: ../checkpoints/animatediff/image
        device: cpu
        clip: {frames: 4, fps: 8, size: [24, 16], ratio: 1, multiple: 8}
        infill: held
        levels: [4, 1]
        components: &motion
          motion_adapter: {class: MotionAdapter, checkpoint: ../checkpoints/animatediff/motion}
          scheduler: {class: DDIMScheduler, settings: {timestep_spacing: linspace}}
        defaults: {steps: 1, guidance: 2.0}
        keyframes:
          pipeline: StableDiffusionPipeline
          checkpoint: ../checkpoints/animatediff/image
          multiple: 8
          avoid: stairs
          defaults: {steps: 1, guidance: 2.0}
          references: {by: bank, most: 2}
        refine:
          pipeline: AnimateDiffVideoToVideoPipeline
          checkpoint: ../checkpoints/animatediff/image
          components: *motion
          avoid: storm
          strength: 1.0
          defaults: {steps: 1, guidance: 2.0}
        """,
}
TWO = """\
storyforge: 1
title: "Told"
size: 96x64
fps: 8
cast:
  ember: {description: "a small orange fox", wears: "a blue scarf"}
  moth: {description: "a grey moth"}
scenes:
  - id: storm
    renderer: told-windows
    shots:
      - id: one
        seconds: 2
        cast: [ember]
        action: "Ember walks"
        beats: [{at: 0.625, action: "Ember waves"}, {at: 1.125, action: "Ember runs"}]
        options: {told-windows: {max_sequence_length: 8}}
      - {id: two, seconds: 1, avoid: "text", cast: [moth], action: "the moth flies", join: {kind: flow, seconds: 0.25}}
      - {id: three, seconds: 0.5, cast: [moth], options: {told-windows: {negative_prompt: "blue"}}}
      - {id: four, seconds: 1, renderer: told-drawn, cast: [ember], action: "Ember walks"}
      - {id: five, seconds: 0.5, renderer: told-drawn, avoid: "text", cast: [moth], prompt: "a grey moth"}
"""
Said = set[tuple[str, tuple[tuple[str, str], ...]]]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Said]:
    """Has a pipeline's calls recorded, by its name; gives what they were told so far."""
    said: Said = set()
    cut: list[bool] = []  # whether a call is in windows, which hear other words than it is told

    def listen(pipeline: str) -> Said:
        kind = getattr(diffusers, pipeline)
        plain = kind.__call__

        @wraps(plain)
        def call(self: Any, *arguments: Any, **named: Any) -> Any:
            assert not arguments
            made = plain(self, **named)  # a call that is made for the sake of its words alone does not come back
            several = named.get("prompt") if isinstance(named.get("prompt"), list) else [named.get("prompt")]
            said.update((pipeline, texts({**named, "prompt": one})) for one in several or [] if not cut)
            return made

        monkeypatch.setattr(kind, "__call__", call)
        return said

    def windows(pipe: Any, plan: Any, arguments: dict[str, Any], prompts: Sequence[Said_] = (), **more: Any) -> Any:
        usual = arguments.get("negative_prompt")
        words: dict[int, tuple[str, str | None]] = {id(None): (arguments["prompt"], usual)}

        def prompts_of(*known: Any) -> Any:
            made = plain(*known)
            pairs = zip(prompts, made, strict=True)
            words.update({id(to.text): (one.text, usual if one.avoid is None else one.avoid) for one, to in pairs})
            return made

        def of(*known: Any) -> Any:
            """What the denoiser is told in a window."""
            text = chosen(*known)
            prompt, avoid = words[id(text)]
            told = {**arguments, "prompt": prompt, "negative_prompt": avoid}
            said.add((type(pipe).__name__, texts(told)))
            return text

        plain, chosen = texts_.prompts_of, texts_.of
        with monkeypatch.context() as patch:
            patch.setattr(texts_, "prompts_of", prompts_of)
            patch.setattr(texts_, "of", of)
            cut.append(True)
            made = codenoised(pipe, plan, arguments, prompts, **more)
            cut.pop()
        return made

    monkeypatch.setattr(calls, "codenoised", windows)
    return listen


def texts(arguments: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The arguments of a call that are words."""
    words = {name: text for name, text in arguments.items() if fullmatch(r"(negative_)?prompt(_\d)?", name)}
    return tuple(sorted((name, text) for name, text in words.items() if text or (text == "" and name == "prompt")))


def printed(board: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, list[dict[str, Any]]]:
    with pytest.raises(SystemExit) as end:
        main(["prompts", str(board), *more, "--json"])
    assert not end.value.code
    found: dict[str, list[dict[str, Any]]] = json.loads(capsys.readouterr().out)
    return found


def compared(board: Path, heard: Callable[[str], Said], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Renders it; what is printed, once that is what pipelines were told."""
    said: Said = set()
    for path in board.parent.glob("renderers/*.yaml"):
        data = YAML(typ="safe", pure=True).load(path.read_text())
        for network in (data, data.get("keyframes"), data.get("refine")):
            if isinstance(network, dict):
                said = heard(network["pipeline"])
    made = storyforge.render(board, workers=1, captions="off", silent=True)
    assert not made.failed
    told = printed(board, capsys)
    assert {(call["pipeline"], texts(call["texts"])) for calls in told.values() for call in calls} == said
    return told


def test_every_call_is_told_what_is_printed_and_nothing_else(
    project: Path, tmp_path: Path, heard: Callable[[str], Said], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "renderers").mkdir()
    (tmp_path / "checkpoints").symlink_to(project / "checkpoints")
    for name, text in PROFILES.items():
        (tmp_path / "renderers" / f"{name}.yaml").write_text(text)
    (tmp_path / "storyboard.yaml").write_text(TWO)
    told = compared(tmp_path / "storyboard.yaml", heard, capsys)
    kinds = {name: [call["makes"] for call in calls] for name, calls in told.items()}
    assert kinds == {
        "cast.ember": ["sheet"],
        "cast.moth": ["sheet"],
        "one": ["panel", "windows", "windows"],
        "two": ["panel", "windows", "windows"],  # its first frames are a window's that hears the shot before
        "three": ["panel", "clip"],
        "four": ["panel", "look", "keyframe", "clip", "refine"],
        "five": ["panel", "look", "clip", "refine"],
    }
    assert [call["texts"]["negative_prompt"] for call in told["two"]] == ["text", "night", "text"]
    assert {call["texts"]["negative_prompt"] for call in told["three"]} == {"blue"}
    assert [call["texts"].get("negative_prompt") for call in told["four"]] == [
        "stairs",
        "stairs",
        "stairs",
        None,
        "storm",
    ]
    assert told["two"][2]["options"] == {"max_sequence_length": 8}, "the options of a flow are its first shot's"
    assert list(printed(tmp_path / "storyboard.yaml", capsys, "two")) == ["two"]
    assert list(printed(tmp_path / "storyboard.yaml", capsys, "five")) == ["cast.moth", "five"]
