"""Rows are kept to what is told: sides, looks, hands, cameras and set-ups, whatever the network made of them."""

from dataclasses import replace

import numpy as np
import pytest
from actors import Array, character, enter, hold, prop, scene

from storyforge import engine
from storyforge.backends import PANELS, EntityPrompt, Framing, LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends.toon import measure_staging, rig
from storyforge.backends.toon.blocking import blocked
from storyforge.backends.toon.drawing import Latents
from storyforge.backends.toon.settings import column
from storyforge.clock import Span

PEOPLE = {"ember": character("fox"), "bo": character("man"), "moth": character("moth")}
WIDE = Framing("s", "wide")


def told(framing: Framing, *cast: EntityPrompt, thing: EntityPrompt | None = None) -> Prompt:
    return Prompt("", "", (*cast, *([thing] if thing else [])), framing=framing)


def who(name: str, at: float | None = None, faces: float | None = None) -> EntityPrompt:
    return EntityPrompt(name, "character", f"{name}. stands.", at, faces)


def request(prompt: Prompt, rows: int, stride: int = 16) -> LevelRequest:
    frames = rows if stride == PANELS else (rows - 1) * stride + 1
    prompts = (TimedPrompt(0, frames, prompt),)
    return LevelRequest("r", frames, stride, (Part("r", 0, frames, 0),), prompts, lengths=(frames,))


def kept(prompt: Prompt, rows: Array, stride: int = 16) -> Array:
    """The rows as they come out of a level whose only prompt is `prompt`."""
    return blocked(request(prompt, len(rows), stride), rows, np.ones((1, len(rows)), np.float32), PEOPLE)


def seen(rows: Array, *names: str, size: tuple[int, int] = (1280, 720)) -> list[measure_staging.Picture]:
    """Rows drawn one by one."""
    table = np.full((len(rows), rig.SLOTS, max(t.width for t in rig.TRAITS.values())), np.nan, np.float32)
    table[:, 0, : rig.PLACE_TRAITS.width] = np.eye(1, rig.PLACE_TRAITS.width)
    table[:, -1, : rig.PROP_TRAITS.width] = prop("key")
    for slot, name in enumerate(names, 1):
        table[:, slot, : rig.CHARACTER_TRAITS.width] = PEOPLE[name]
    parts = np.array([[i, i + 1] for i in range(len(rows))])
    arrays = {"x": rows.astype(np.float32), "parts": parts, "traits": table, "seeds": np.ones(len(rows), np.int64)}
    return measure_staging.pictures(Latents("p", PANELS, arrays), size)


@pytest.mark.parametrize("at", [-1.0, -0.5, 0.0, 0.3, 1.0])
@pytest.mark.parametrize("shot", ["wide", "full", "medium", "close"])
def test_whoever_is_placed_stands_there_and_his_head_is_whole_in_the_frame(at: float, shot: str) -> None:
    rows = scene(1, zoom=0.3)
    enter(rows, 0, x=0.6)
    on = "" if shot in ("wide", "full") else "ember"
    (picture,) = seen(kept(told(Framing("s", shot, on=on), who("ember", at)), rows, PANELS), "ember")
    x, _, wide, _ = picture.cast[0].head
    assert abs(x) + wide < 1.02
    assert np.sign(x if abs(x) > 0.1 else 0) == np.sign(at)
    if shot in ("wide", "full"):
        assert x == pytest.approx(0.8 * at, abs=0.15)


def test_runners_stay_together_where_the_camera_follows_one() -> None:
    rows = scene(7, on=(0.0, 1.0, 0.0))
    for slot, (x, speed) in enumerate(((-1.2, 0.5), (0.2, 0.3))):
        enter(rows, slot, "run", x=x, speed=speed * 16, facing=1.0)
    prompt = told(replace(WIDE, move="tracking", on="bo"), who("ember", -0.5, 1.0), who("bo", 0.0, 1.0))
    out = kept(prompt, rows)
    for picture in seen(out, "ember", "bo"):
        assert picture.cast[0].inside
        assert picture.cast[0].head[0] == pytest.approx(-0.4, abs=0.25)
    went = out[-1, column(2, "x")] - out[0, column(2, "x")]
    assert went == pytest.approx(rows[-1, column(2, "x")] - rows[0, column(2, "x")], abs=1e-5), "at his own pace"


def test_a_long_way_through_a_frame_that_stands_still_begins_and_ends_at_its_edges() -> None:
    rows = scene(7)
    enter(rows, 0, "run", x=-2.0, speed=16 * 0.9, facing=1.0)
    x = kept(told(WIDE, who("ember", 0.0)), rows)[:, column(1, "x")]
    assert np.abs(x).max() < 0.7
    assert (np.diff(x) > 0).all()


def test_who_walks_up_to_somebody_does_not_walk_through_him() -> None:
    rows = scene(9)
    enter(rows, 0, "walk", x=-0.4, speed=16 * 0.15, facing=1.0)
    enter(rows, 1, x=0.2, facing=-1.0)
    out = kept(told(WIDE, who("ember", -0.5), who("bo", 0.5)), rows)
    assert (out[:, column(1, "x")] < out[:, column(2, "x")] - 0.05).all()


def test_who_goes_the_other_way_than_he_is_told_goes_back() -> None:
    rows = scene(5)
    enter(rows, 0, "walk", x=0.1, speed=16 * 0.15, facing=1.0)
    out = kept(told(WIDE, who("ember", 0.0, -1.0)), rows)
    assert (np.diff(out[:, column(1, "x")]) < 0).all()
    assert (out[:, column(1, "facing")] < -0.8).all()


def test_one_setup_is_one_camera_whoever_acts_before_it() -> None:
    views = []
    for action, x, depth in (("idle", 0.1, 0.2), ("wave", 0.3, 0.6), ("talk", -0.2, 0.4)):
        rows = scene(1, zoom=1.9, on=(0.7, 0.0, 0.0))
        enter(rows, 0, action, x=x)
        rows[:, column(1, "depth")] = depth
        framing = Framing("s", "close", on="ember", setup="hers")
        views.append(seen(kept(told(framing, who("ember", 0.5, -1.0)), rows, PANELS), "ember")[0].camera)
    assert np.ptp(views, axis=0).max() < 0.02


def test_a_shot_and_its_reverse_shot_show_two_parts_of_the_place_and_look_past_each_other() -> None:
    views, heads = [], []
    for name, at in (("ember", -0.5), ("bo", 0.5)):
        rows = scene(1, zoom=1.3)
        enter(rows, 0)
        prompt = told(Framing("s", "medium", on=name), who(name, at, -np.sign(at)))
        (picture,) = seen(kept(prompt, rows, PANELS), name)
        views.append(picture.camera[0])
        heads.append((picture.cast[0].head[0], picture.cast[0].turn))
    assert views[1] - views[0] > 0.5, "half a frame apart"
    assert heads[0][0] < -0.2
    assert heads[1][0] > 0.2
    assert heads[0][1] > 0 > heads[1][1]


def test_a_set_up_camera_does_not_sink_when_somebody_sits_down() -> None:
    views = []
    for action in ("idle", "sit"):
        rows = scene(1)
        enter(rows, 0, action)
        views.append(seen(kept(told(Framing("s", "full", setup="two"), who("bo", 0.0)), rows, PANELS), "bo")[0].camera)
    assert np.abs(views[0] - views[1]).max() < 0.02


def test_what_is_held_is_in_that_hand_and_a_camera_on_it_sees_it() -> None:
    rows = scene(1)
    enter(rows, 0)
    enter(rows, 1)
    hold(rows, 1.0)
    thing = EntityPrompt("key", "prop", "a key. held by the second character.")
    prompt = told(Framing("s", "close", on="key"), who("ember", -0.5), who("bo", 0.5), thing=thing)
    (picture,) = seen(kept(prompt, rows, PANELS), "ember", "bo")
    assert not picture.cast[0].holds
    assert picture.cast[1].holds
    assert picture.prop is not None
    assert picture.prop * 2 ** rig.ZOOMS["close"] == pytest.approx(picture.camera[0], abs=0.15)


def test_prompts_without_staging_leave_rows_alone() -> None:
    rows = scene(3, zoom=0.4)
    enter(rows, 0, x=0.3)
    prompt = Prompt("", "", (EntityPrompt("ember", "character", "a fox."),))
    assert np.allclose(kept(prompt, rows), rows)
    assert kept(told(WIDE, who("ember", 0.0)), rows, 1) is rows, "the finest level follows its keyframes"


def test_tall_frames_hold_their_people() -> None:
    rows = scene(1)
    enter(rows, 0, x=-0.4)
    enter(rows, 1, x=0.4)
    prompt = told(Framing("s", "full", aspect=9 / 16), who("ember", -1.0), who("bo", 1.0))
    (picture,) = seen(kept(prompt, rows, PANELS), "ember", "bo", size=(720, 1280))
    assert all(abs(one.head[0]) + one.head[2] < 1.02 for one in picture.cast.values())


def test_a_panel_does_not_depend_on_the_films_others() -> None:
    """One gives the thing away or sleeps facing the other way in another panel; this one is as it is alone."""
    count, thing = 4, EntityPrompt("key", "prop", "a key. held by the second character.")
    rows = scene(count)
    for i in range(count):
        enter(
            rows[i : i + 1], 0, ("give", "sleep", "idle", "sleep")[i], x=0.1 * i, facing=(-1.0) ** i * (0.2 + 0.2 * i)
        )
        enter(rows[i : i + 1], 1, ("idle", "idle", "give", "sleep")[i], facing=0.3)
    hold(rows, 1.0)
    prompt = told(Framing("s", "close", on="ember"), who("ember"), who("bo"), thing=thing)
    prompts = tuple(TimedPrompt(i, i + 1, prompt) for i in range(count))
    parts = tuple(Part(str(i), i, i + 1, 0) for i in range(count))
    film = LevelRequest("p", count, PANELS, parts, prompts, lengths=(1,) * count)
    together = blocked(film, rows, np.eye(count, dtype=np.float32), PEOPLE)
    alone = [kept(prompt, rows[i : i + 1], PANELS)[0] for i in range(count)]
    assert np.array_equal(together, np.stack(alone))


def chain(*shots: tuple[int, int, Prompt], pins: dict[int, Array] | None = None) -> tuple[LevelRequest, Array]:
    """Shots that flow into each other, and what each row hears of them."""
    prompts = tuple(TimedPrompt(start, stop, prompt, 24 if start else 0) for start, stop, prompt in shots)
    parts = tuple(Part(str(i), start, stop, 0) for i, (start, stop, _) in enumerate(shots))
    frames = shots[-1][1]
    spans = [Span(start, stop) for start, stop, _ in shots]
    heard = engine.crossfade(spans, [one.ramp for one in prompts], frames)[:, ::16].astype(np.float32)
    return LevelRequest("c", frames, 16, parts, prompts, pins=pins or {}, lengths=(frames,)), heard


def test_a_short_shot_between_two_flows_leaves_all_there_is() -> None:
    prompts = [told(Framing("s", "close", on="ember", setup=name), who("ember", 0.0)) for name in "abc"]
    asked, heard = chain((0, 33, prompts[0]), (33, 48, prompts[1]), (48, 97, prompts[2]))
    rows = scene(heard.shape[1], zoom=1.0)
    enter(rows, 0, "wave")
    out = blocked(asked, rows, heard, PEOPLE)
    assert out[:, column(1, "present")] == pytest.approx(1.0)
    assert out[:, column(0, "zoom")] == pytest.approx(out[0, column(0, "zoom")], abs=1e-4)


def test_the_way_of_walking_is_that_of_the_shot() -> None:
    first, then = (told(WIDE, who("ember", 0.0, side)) for side in (1.0, -1.0))
    asked, heard = chain((0, 96, first), (96, 257, then))
    rows = scene(heard.shape[1])
    enter(rows, 0, "walk", facing=1.0)
    x = column(1, "x")
    rows[:, x] = -0.1 * np.abs(np.arange(len(rows)) - 6) + 0.2
    rows[7:, column(1, "facing")] = -1.0
    out = blocked(asked, rows, heard, PEOPLE)
    assert (np.diff(out[:6, x]) > 0).all(), "to the right, as he is told and does"
    assert (np.diff(out[8:, x]) < 0).all(), "to the left"


def test_keyframes_around_a_panel_have_its_camera() -> None:
    prompt = told(Framing("s", "medium"), who("ember", -0.5), who("bo", 0.5))
    rows = scene(7, zoom=1.0)
    enter(rows, 0, "walk", x=-0.3, speed=16 * 0.1, facing=1.0)
    enter(rows, 1)
    panel = kept(prompt, rows[3:4], PANELS)
    rows[3] = panel[0]
    asked = replace(request(prompt, len(rows)), pins={3: panel[0]})
    out = blocked(asked, rows, np.ones((1, len(rows)), np.float32), PEOPLE)
    out[3] = panel[0]
    on = out[:, column(0, "on") :][:, : rig.CHARACTERS]
    assert np.ptp(on, axis=0).max() < 1e-6
    assert on[0] == pytest.approx([1.0, 0.0, 0.0]), "on the one who goes"


def test_a_thing_near_somebody_is_not_in_his_hand() -> None:
    thing = EntityPrompt("key", "prop", "a key like that of the first character. on the ground.")
    rows = scene(1)
    enter(rows, 0)
    hold(rows, 1.0)
    (picture,) = seen(kept(told(WIDE, who("ember"), thing=thing), rows, PANELS), "ember")
    assert not picture.cast[0].holds
