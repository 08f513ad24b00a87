"""Flows: what later shots of one continuous motion say and its renderer does not hear is named, at its place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from storyforge.cli import main
from storyforge.storyboard import check, loads

PROFILE = """\
backend: diffusers
clip: {frames: 17, fps: 8, size: [64, 64]}
"""
WINDOWS = (
    PROFILE + "longer: windows\ninfill: mask\nsource: {needed: false}\ncontrol: {argument: v, kinds: [depth, pose]}\n"
)
Text = Callable[..., str]


def found(text: str, folder: Path, profile: str = PROFILE) -> list[str]:
    (folder / "renderers").mkdir(exist_ok=True)
    (folder / "renderers" / "mine.yaml").write_text(profile)
    path = folder / "b.yaml"
    return [f"{one.place.rpartition('b.yaml:')[2]} {one.level}: {one.sentence}" for one in check(loads(text, path), {})]


def board(small: Text, first: str, second: str, join: str = "flow") -> str:
    return small("renderer: mine", "seconds: 4", first) + (
        f"      - {{id: b, renderer: mine, seconds: 4, join: {join}, {second}}}\n"
    )


def called(text: str, folder: Path, profile: str) -> list[str]:
    """Those that say what a call does, without their places."""
    return [one.split(" ", 1)[1] for one in found(text, folder, profile) if "in one call" in one]


OPTIONS = "options: {mine: {guidance: 5, steps: 9}}"


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (OPTIONS, OPTIONS, []),
        (OPTIONS, "time: night", []),
        (OPTIONS, "options: {other: {guidance: 2}}", []),
        (
            OPTIONS,
            "options: {mine: {guidance: 2, steps: 9, loras: [{checkpoint: x}]}}",
            ["19:66 ignored: shot b: options of mine are its span's first shot's (a): guidance (2), loras are ignored"],
        ),
        (
            "time: day",
            "options: {mine: {guidance: 2}}",
            ["19:66 ignored: shot b: options of mine are its span's first shot's (a): guidance (2) is ignored"],
        ),
    ],
)
def test_options_of_a_flow_are_its_first_shots(
    first: str, second: str, said: list[str], small: Text, tmp_path: Path
) -> None:
    assert found(board(small, first, second), tmp_path) == said
    assert found(board(small, first, second, join="cut"), tmp_path) == []


def test_options_of_who_comes_in_later_are_named_too(small: Text, tmp_path: Path) -> None:
    text = board(small, "cast: [ember]", "cast: [ember, moth]")
    text = text.replace('moth: "a moth"', 'moth: {description: "a moth", options: {mine: {loras: [{checkpoint: m}]}}}')
    assert found(text, tmp_path) == [
        "19:14 ignored: shot b: options of mine are its span's first shot's (a): loras is ignored"
    ]


def test_numbers_of_one_call_in_windows(small: Text, tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    driven = "source: a.png, strength: 0.5, control: {kind: pose, video: a.png}"
    other = driven.replace("0.5", "0.3").replace("pose", "depth") + ', avoid: "fog"'
    lines = ["source: a.png", "strength: 0.5", "control: {kind: pose, video: a.png}", 'avoid: "rain"']
    text = board(small, "\n        ".join(lines), other)
    one = "mine makes a to b in one call"
    assert called(text, tmp_path, WINDOWS) == [
        f"ignored: {one}, of the first one's strength: strength (0.3) is ignored",
        f"ignored: {one}, of the first one's kind and strength of control: kind (depth) and strength (1) are ignored",
    ], "each window hears what its own shot avoids"
    assert called(text, tmp_path, WINDOWS.replace("windows", "chain")) == []
    alone = board(small, "\n        ".join(lines[:2]), driven)
    assert called(alone, tmp_path, WINDOWS) == [
        f"ignored: {one}, of the first one's control, and that has none: control (a.png) is ignored"
    ]


def test_a_picture_that_a_later_shot_begins_with(small: Text, tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    text = board(small, "keyframes: [{at: 0, picture: a.png}]", "keyframes: [{at: 0, picture: a.png}]")
    said = "ignored: mine is shown a picture at the start of a flow alone: a.png is ignored"
    assert [one.split(" ", 1)[1] for one in found(text, tmp_path, PROFILE + "infill: first\n")] == [said]
    assert found(text, tmp_path, PROFILE + "infill: mask\n") == []


def test_pictures_that_windows_begin_at_are_shown(small: Text, tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    text = board(small, "keyframes: [{at: 2, picture: a.png}]", "keyframes: [{at: 0, picture: a.png}]")
    assert len(found(text, tmp_path, PROFILE + "infill: first\n")) == 2
    assert found(text, tmp_path, PROFILE + "infill: first\nlonger: windows\n") == []
    assert len(found(text, tmp_path, PROFILE + "infill: extend\nlonger: extend\n")) == 2


def test_shots_that_fit_into_one_clip_hear_one_prompt(small: Text, tmp_path: Path) -> None:
    long, short = board(small, "time: day", "time: day"), board(small, "time: day", "time: day").replace(": 4", ": 1")
    said = "a to b fit into one clip of mine, which hears one prompt, the one that holds longest: what b says may be"
    assert found(short, tmp_path, WINDOWS) == [
        f"19:51 warning: {said} ignored; cut between them, or give them more seconds"
    ]
    assert found(long, tmp_path, WINDOWS) == []
    assert found(short, tmp_path) == [], "clips of a chain end where shots do"


def test_clips_are_counted_by_the_films_rule(small: Text, tmp_path: Path) -> None:
    native = board(small, "time: day", "time: day").replace(": 4", ": 1").replace("scenes:", "rate: native\nscenes:")
    assert found(native, tmp_path, WINDOWS) == [], "48 frames of the film are as many of the model's"


def test_beats_in_one_clip_are_named(small: Text, tmp_path: Path) -> None:
    beats = 'beats: [{at: 0.5, action: "Ember runs"}]'
    text = board(small, beats, "time: day", "cut").replace(": 4", ": 1")
    (said,) = found(text, tmp_path)
    assert said.endswith(
        "a fits into one clip of mine, which hears one prompt, the one that holds longest: make shots of its beats, or "
        "give it more seconds"
    )
    assert found(text.replace("seconds: 1", "seconds: 3"), tmp_path) == []
    assert "one clip" not in "".join(found(text, tmp_path, PROFILE + "ignores: {beats: it hears one prompt a shot}\n"))


def test_strict_refuses_them(small: Text, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        board(small, "time: day", "options: {toon: {guidance: 2}}").replace("mine", "toon").replace('"a moth"', "moth")
    )
    (tmp_path / "b.yaml").write_text(text.replace("place: cave", "place: cave"))
    with pytest.raises(SystemExit) as end:
        main(["check", str(tmp_path / "b.yaml"), "--strict"])
    assert end.value.code
    assert "options of toon are its span's first shot's (a): guidance (2) is ignored" in capsys.readouterr().out
