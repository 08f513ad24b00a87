"""check says what an audience would misread: a cut across the line, looks past one another, somebody who is lost."""

from pathlib import Path

import pytest

from storyforge.storyboard import check, load, loads

BOARDS = sorted(Path(__file__).parents[2].joinpath("storyboards").glob("*.yaml"))
HEAD = """\
storyforge: 1
cast: {ember: "a fox", moth: "a moth", bear: "a bear"}
props: {lamp: "a lantern"}
scenes:
  - id: a
    seconds: 3
    shots:
"""
TWO = "cast: [{who: ember, at: left, faces: right}, {who: moth, at: right, faces: ember}]"
SAYS = 'dialogue: [{who: %s, line: "No."}]'


def said(*shots: str) -> list[str]:
    text = HEAD + "".join(f"      - {{id: s{i}, {shot}}}\n" for i, shot in enumerate(shots))
    words = ("line", "look", "faces", "shoulder")
    return [one.sentence for one in check(loads(text)) if any(word in one.sentence for word in words)]


def test_two_who_change_sides() -> None:
    swapped = TWO.replace("left", "x").replace("at: right", "at: left").replace("at: x", "at: right")
    (one,) = said(TWO, swapped)
    assert one.startswith("the cut from s0 to s1 crosses the line: ember was left of moth and is now right; swap")
    assert not said(TWO, "cast: [bear]", swapped), "a shot between"
    assert not said(TWO, f"{swapped}, camera: {{move: tracking}}"), "the camera goes there before our eyes"
    assert not said(TWO, f"{swapped}, join: {{kind: dissolve, seconds: 0.5}}"), "another time"
    assert not said(TWO, TWO)


def test_two_who_speak_and_look_the_same_way() -> None:
    one = f"cast: [{{who: ember, at: left, faces: right}}], {SAYS % 'ember'}"
    other = f"cast: [{{who: moth, at: right, faces: %s}}], {SAYS % 'moth'}"
    (found,) = said(one, other % "right")
    assert found.endswith("both look right, so that they do not seem to speak to each other: let moth face left")
    assert not said(one, other % "left")
    assert not said(one, other % "ember"), "who is out of the frame is where the scene puts him"
    running = "cast: [{who: moth, at: right, faces: right, does: runs}], " + SAYS % "moth"
    assert not said(one, running), "he is on his way"


def test_one_who_turns_round_when_the_frame_gets_closer() -> None:
    group = f"{TWO}, {SAYS % 'moth'}"
    (one,) = said(group, f"cast: [{{who: ember, at: left, faces: left}}], camera: {{shot: close}}, {SAYS % 'ember'}")
    assert "ember looked right and now looks the other way; let ember face right" in one
    assert not said(group, f"cast: [{{who: ember, at: left, faces: right}}], {SAYS % 'ember'}")


def test_who_is_seen_from_behind_is_on_his_side_of_the_line() -> None:
    past = "cast: [{who: ember, at: %s}], camera: {shot: medium, on: ember, over: moth}"
    assert not said(TWO, past % "left")
    (one,) = said(TWO, past % "right")
    assert "crosses the line" in one


def test_looks_at_nobody_and_over_ones_own_shoulder() -> None:
    (one,) = said("cast: [{who: ember, faces: bear}]")
    assert one.endswith("no shot of the scene says where bear is: write left or right, or give bear a place (at)")
    assert not said("cast: [{who: ember, faces: bear}]", "cast: [{who: bear, at: right}]")
    (one,) = said("cast: [ember], camera: {on: ember, over: ember}")
    assert "the same one's shoulder" in one
    past = "cast: [{who: ember, faces: moth}], camera: {shot: medium, on: ember, over: moth}"
    assert not said(past), "whose back is in the frame is no secret"
    assert not said(past.replace("on: ember, ", ""))


def test_one_who_faces_whose_back_is_seen_looks_to_that_side() -> None:
    past = "cast: [{who: ember, at: right, faces: moth}], camera: {shot: medium, on: ember, over: moth}"
    reverse = f"cast: [{{who: moth, faces: left}}], camera: {{shot: medium}}, {SAYS % 'moth'}"
    (one,) = said(f"{past}, {SAYS % 'ember'}", reverse)
    assert "ember in s0 and moth in s1 both look left" in one


@pytest.mark.parametrize("board", BOARDS, ids=lambda path: path.stem)
def test_the_shipped_boards_keep_the_line(board: Path) -> None:
    assert not [one for one in check(load(board)) if "the line" in one.sentence or "seem to speak" in one.sentence]
