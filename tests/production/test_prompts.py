"""Prompts have exactly the forms that toon's captions were written in."""

from itertools import pairwise

import pytest

from storyforge.production.prompts import compose, scene_text, slots, timed
from storyforge.storyboard import Resolved, loads, resolve

HEAD = """\
storyforge: 1
size: 64x64
fps: 10
cast:
  ember: {description: "a small orange fox", wears: "a blue scarf", looks: {rain: "a yellow raincoat"}}
  moth: {description: "a grey moth with a torn wing"}
  bear: {description: "an old brown bear"}
  owl: {description: "an owl"}
props: {lantern: {description: "a brass lantern with green glass"}, key: {description: "a golden key"}}
places: {lighthouse: {description: "a white lighthouse on a cliff above the sea"}}
scenes:
  - id: storm
    place: lighthouse
    time: night
    weather: storm
    shots:
"""


def film(*shots: str) -> Resolved:
    return resolve(loads(HEAD + "".join(f"      - {{{shot}}}\n" for shot in shots)).board)


def entities(*shots: str, moment: int = 0) -> dict[str, str]:
    resolved = film(*shots)
    prompt = compose(resolved, resolved.shots[0], moment, slots(resolved.shots))
    return {entity.key: entity.text for entity in prompt.entities}


def test_everything_said_of_a_character_in_order() -> None:
    told = entities(
        "id: a, cast: [{who: ember@rain, at: far-left, faces: right, feels: afraid, does: climbs, holds: lantern}],"
        ' camera: {shot: medium}, dialogue: [{who: ember, line: "Not again."}], seconds: 3',
        moment=8,
    )
    assert told == {
        "ember@rain": "a small orange fox, wearing a yellow raincoat. climbs. feeling afraid. at the far left."
        " facing right. holding a brass lantern with green glass. talking. in focus.",
        "lantern": "a brass lantern with green glass. held by the first character.",
        "lighthouse": "a white lighthouse on a cliff above the sea",
    }


def test_who_says_nothing_stands() -> None:
    assert entities("id: a, cast: [moth]")["moth"] == "a grey moth with a torn wing. stands."


@pytest.mark.parametrize(
    ("camera", "said"),
    [
        ("{shot: wide}", "wide shot."),
        ("{shot: extreme-close, move: static}", "extreme close shot."),
        ("{shot: full, angle: low}", "full shot, low angle."),
        ("{shot: medium, angle: level, move: push-in}", "medium shot, the camera pushes in."),
        ("{shot: close, angle: high, move: tilt-up}", "close shot, high angle, the camera tilts up."),
    ],
)
def test_the_scene_names_place_time_weather_and_camera(camera: str, said: str) -> None:
    resolved = film(f"id: a, camera: {camera}")
    text = scene_text(resolved, resolved.shots[0], resolved.shots[0].camera)
    assert text == f"a white lighthouse on a cliff above the sea. night, storm. {said}"


def test_a_scene_without_time_or_weather_is_a_clear_day() -> None:
    board = loads("storyforge: 1\nscenes: [{id: s, shots: [{id: a}]}]\n").board
    resolved = resolve(board)
    assert scene_text(resolved, resolved.shots[0], resolved.shots[0].camera) == "day, clear. wide shot."


def test_the_camera_is_on_whom_it_names_or_on_who_is_alone_and_near() -> None:
    both = "cast: [ember, moth]"
    assert entities(f"id: a, {both}, camera: {{shot: close, on: moth}}")["moth"].endswith("in focus.")
    assert "in focus" not in entities(f"id: a, {both}, camera: {{shot: close, on: moth}}")["ember"]
    assert "in focus" not in entities(f"id: a, {both}, camera: {{shot: close}}")["ember"]
    assert entities("id: a, cast: [ember], camera: {shot: medium}")["ember"].endswith("in focus.")
    assert "in focus" not in entities("id: a, cast: [ember], camera: {shot: full}")["ember"]


def test_facing_somebody_is_left_or_right() -> None:
    told = entities("id: a, cast: [{who: ember, at: left, faces: moth}, {who: moth, at: 0.8, faces: ember}]")
    assert "facing right." in told["ember"]
    assert "at the far right. facing left." in told["moth"]
    assert "facing" not in entities("id: a, cast: [{who: ember, faces: camera}]")["ember"]


def test_props_are_held_by_a_slot_or_lie_there() -> None:
    told = entities("id: a, cast: [moth, {who: ember, holds: key}], props: [lantern]")
    assert told["key"] == "a golden key. held by the second character."
    assert told["lantern"] == "a brass lantern with green glass. on the ground."
    assert list(told) == ["moth", "ember", "key", "lantern", "lighthouse"], "held props come before the others"


def test_a_span_keeps_one_slot_for_each_character() -> None:
    resolved = film("id: a, cast: [moth]", "id: b, cast: [ember, moth], join: flow", "id: c, cast: [ember], join: flow")
    told = timed(resolved, resolved.shots, resolved.frames)
    order = [[entity.key for entity in prompt.prompt.entities if entity.kind == "character"] for prompt in told]
    assert order == [["moth", "ember"]] * 3
    assert told[2].prompt.entities[0].text == "", "moth has left"


def test_three_that_matter_keep_their_slots() -> None:
    resolved = film(
        'id: a, seconds: 4, cast: [owl, ember, moth, bear], dialogue: [{who: bear, line: "Who is there?"}]',
        "id: b, seconds: 4, cast: [ember, moth], join: flow",
    )
    assert slots(resolved.shots) == ("ember", "moth", "bear")


def test_time_is_covered_and_the_last_prompt_holds() -> None:
    resolved = film(
        'id: a, seconds: 4, cast: [ember], dialogue: [{who: ember, line: "Here I am."}]',
        "id: b, seconds: 2, cast: [{who: ember, does: runs}], join: {kind: flow, seconds: 0.8}",
    )
    told = timed(resolved, resolved.shots, 65)
    assert (told[0].start, told[-1].stop) == (0, 65)
    assert all(before.stop == after.start for before, after in pairwise(told))
    assert [("talking" in prompt.prompt.entities[0].text) for prompt in told] == [False, True, False, False]
    assert [prompt.ramp for prompt in told] == [0, 0, 0, 8]
    assert told[-1].start == 40


def test_who_speaks_off_screen_does_not_talk() -> None:
    resolved = film('id: a, seconds: 3, cast: [ember, moth], dialogue: [{who: moth, line: "Hello?", on: false}]')
    told = timed(resolved, resolved.shots, 30)
    assert len(told) == 1
    assert "talking" not in told[0].prompt.entities[1].text


def test_beats_take_over() -> None:
    resolved = film(
        'id: a, seconds: 4, cast: [ember], action: "Ember walks", beats: [{at: 2.5, action: "Ember runs",'
        " camera: {move: tracking}}]"
    )
    first, second = timed(resolved, resolved.shots, 40)
    assert (first.start, first.stop, second.start) == (0, 25, 25)
    assert ". walks." in first.prompt.entities[0].text
    assert ". runs." in second.prompt.entities[0].text
    assert second.prompt.scene.endswith("the camera tracks.")


def test_one_prompt_for_models_that_take_one() -> None:
    resolved = film(
        'id: a, style: "flat colours", avoid: "text", cast: [{who: ember, feels: "sad"}],'
        ' action: "Ember climbs the stairs"'
    )
    prompt = compose(resolved, resolved.shots[0], 0, ("ember",))
    assert prompt.text == (
        "flat colours. a small orange fox, wearing a blue scarf, climbs the stairs, sad."
        " a white lighthouse on a cliff above the sea. night, storm. wide shot."
    )
    assert prompt.avoid == "text"


def test_a_prompt_of_the_users_own_replaces_it() -> None:
    resolved = film('id: a, cast: [ember], prompt: "A fox, close."')
    assert compose(resolved, resolved.shots[0], 0, ("ember",)).text == "A fox, close."


def test_several_whom_nobody_placed_stand_side_by_side() -> None:
    told = entities("id: a, cast: [moth, ember, bear]")
    for name, side in (("moth", "left"), ("ember", "centre"), ("bear", "right")):
        assert f"at the {side}." in told[name]
    placed = entities("id: a, cast: [{who: moth, at: right}, ember]")
    assert "at the right." in placed["moth"]
    assert "at the left." in placed["ember"], "where there is room"
