"""Numbers of staging: where people stand and look, whom the camera is on, over whose shoulder."""

from pathlib import Path

import pytest
from test_prompts import film

from storyforge.backends import Prompt
from storyforge.memory import castings
from storyforge.production.prompts import compose, slots
from storyforge.storyboard import Resolved, loads, resolve


def prompt(*shots: str, number: int = 0) -> Prompt:
    resolved = film(*shots)
    return compose(resolved, resolved.shots[number], 0, slots(resolved.shots[number : number + 1]))


def looks(*shots: str) -> dict[str, float | None]:
    return {entity.key: entity.faces for entity in prompt(*shots).entities if entity.kind == "character"}


def test_places_are_numbers() -> None:
    at = {e.key: e.at for e in prompt("id: a, cast: [{who: ember, at: far-left}, {who: moth, at: 0.3}]").entities}
    assert at == {"ember": -1.0, "moth": 0.3, "lighthouse": None}


@pytest.mark.parametrize(
    ("faces", "number"), [("left", -1.0), ("right", 1.0), ("camera", 0.0), ("away", -1.0), ("lighthouse", 1.0)]
)
def test_looks_are_numbers(faces: str, number: float) -> None:
    assert looks(f"id: a, cast: [{{who: ember, at: left, faces: {faces}}}]") == {"ember": number}


def test_looks_at_things_and_at_who_is_out_of_the_frame() -> None:
    assert looks("id: a, cast: [{who: ember, at: left, faces: key}], props: [key]")["ember"] == 1.0
    assert looks("id: a, cast: [{who: ember, at: centre, faces: key}], props: [key]")["ember"] == 1.0
    held = "id: a, cast: [{who: ember, at: right, faces: key}, {who: moth, at: left, holds: key}]"
    assert looks(held)["ember"] == -1.0
    away = "id: a, cast: [{who: ember, at: centre, faces: moth}]"
    assert looks(away, "id: b, cast: [{who: moth, at: left}]")["ember"] == -1.0
    assert looks(away)["ember"] is None, "nothing says where"


def test_whom_the_camera_is_on() -> None:
    def on(*shots: str) -> str:
        framing = prompt(*shots).framing
        return framing.on if framing else ""

    assert on("id: a, cast: [ember, moth], camera: {shot: close, on: moth}") == "moth"
    assert on("id: a, cast: [ember], camera: {shot: medium}") == "ember"
    assert on("id: a, cast: [ember], camera: {shot: full}") == ""
    assert on("id: a, cast: [ember, moth], camera: {shot: medium}") == ""
    assert on('id: a, cast: [ember, moth], camera: {shot: close}, dialogue: [{who: moth, line: "No."}]') == "moth"
    off = 'id: a, cast: [ember, moth], camera: {shot: close}, dialogue: [{who: moth, line: "No.", on: false}]'
    assert on(off) == "ember", "a line from off screen brings nobody into focus"
    assert on("id: a, cast: [ember], props: [key], camera: {shot: close, on: key}") == "key"


def test_over_a_shoulder() -> None:
    both = "cast: [{who: ember, at: right}, {who: moth, at: left}]"
    told = prompt(f"id: a, {both}, camera: {{shot: medium, on: ember, over: moth}}")
    assert told.framing is not None
    assert (told.framing.over, told.framing.shoulder) == ("moth", -1.0)
    assert {e.key: bool(e.text) for e in told.entities if e.kind == "character"} == {"moth": False, "ember": True}


def test_who_faces_the_one_he_is_seen_past_looks_to_that_shoulder() -> None:
    past = "id: a, cast: [{who: ember, faces: moth%s}], camera: {shot: medium, on: ember, over: moth}"
    for at, looks_to in (("", -1.0), (", at: left", 1.0), (", at: right", -1.0)):
        told = prompt(past % at)
        assert told.framing is not None
        assert {e.faces for e in told.entities if e.key == "ember"} == {told.framing.shoulder} == {looks_to}


def over_who_is_not_cast() -> Resolved:
    return film(
        "id: a, cast: [{who: ember, at: left}], camera: {shot: medium, on: ember, over: bear}",
        "id: b, cast: [bear]",
    )


def test_who_is_seen_from_behind_needs_no_place_in_the_cast() -> None:
    resolved = over_who_is_not_cast()
    told = compose(resolved, resolved.shots[0], 0, slots(resolved.shots[:1]))
    assert told.framing is not None
    assert told.framing.shoulder == 1.0, "across from whom the camera is on"
    assert "bear" in [entity.key for entity in told.entities]
    assert "bear" in [casting.key for casting in castings(resolved, Path())]


def test_shots_of_a_setup_share_their_framing() -> None:
    board = loads(
        "storyforge: 1\ncast: {ember: a fox}\nscenes:\n  - id: s\n    setups: {hers: {shot: close, on: ember}}\n"
        "    shots:\n      - {id: a, seconds: 2, cast: [ember], camera: hers}\n"
        "      - {id: b, seconds: 2, cast: [{who: ember, does: waves}], camera: hers}\n"
    ).board
    resolved = resolve(board)
    one, other = (compose(resolved, shot, 0, ("ember",)).framing for shot in resolved.shots)
    assert one == other
    assert one is not None
    assert (one.scene, one.setup) == ("s", "hers")
