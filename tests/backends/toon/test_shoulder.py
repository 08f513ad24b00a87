"""Over somebody's shoulder: his back is at his side of the frame, near and dark, and he is nowhere on the stage."""

from dataclasses import replace

import numpy as np
import pytest
from actors import animate, character, enter, scene, traits

from storyforge.backends import EntityPrompt, Framing, LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends.toon import rig, shoulder, stage, state
from storyforge.backends.toon.raster import Canvas

SIZE = (320, 180)


def note(over: str, side: float) -> list[shoulder.Over]:
    cast = (EntityPrompt("bo@coat", "character", ""), EntityPrompt("ember", "character", "a fox. stands."))
    prompt = Prompt("", "", cast, framing=Framing("s", "medium", on="ember", over=over, shoulder=side))
    part = Part("a", 0, 3, 0)
    told = LevelRequest("a", 3, 1, (part,), (TimedPrompt(1, 3, prompt),))
    return shoulder.written(told)


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_the_back_is_at_its_side_of_the_frame_in_its_frames_alone(side: float) -> None:
    rows = scene(3, zoom=1.3)
    enter(rows, 1)
    both = traits(character("bear", wears="coat"), character("fox"))
    shown = shoulder.past(animate(rows, both), note("bo", side), [(0, 3, both)], 1)
    assert [state.shoulder is not None for state in shown] == [False, True, True]
    canvas = Canvas(*SIZE)
    before, after = (stage.draw(canvas, state).astype(int) for state in shown[:2])
    changed = np.abs(after - before).sum(2) > 60
    half = SIZE[0] // 2
    here, there = (changed[:, :half], changed[:, half:]) if side < 0 else (changed[:, half:], changed[:, :half])
    assert here.mean() > 0.15
    assert there.mean() < 0.05
    assert after[changed].mean() < before[changed].mean(), "darker than what it hides"


@pytest.mark.parametrize("kind", rig.KINDS)
def test_every_kind_has_a_back_without_a_face(kind: str) -> None:
    rows = scene(1, zoom=1.3)
    for wears in ("hat", "coat", "scarf", "cape", "nothing"):
        both = traits(character(kind, wears=wears), None)
        (state,) = shoulder.past(animate(rows, both), [shoulder.Over(0, 1, 0, -1.0)], [(0, 1, both)], 1)
        assert state.shoulder is not None
        white = (stage.draw(Canvas(*SIZE), state)[40:120, :60] > 245).all(2)
        assert white.mean() < 0.01, "no eyes"


def test_nobody_is_noted_who_is_not_in_a_slot() -> None:
    assert note("moth", 1.0) == []
    assert note("", 0.0) == []


def prompt(over: str) -> Prompt:
    """The bear's back at the left, where the camera looks over it."""
    cast = (EntityPrompt("bo", "character", ""), EntityPrompt("ember", "character", "a fox. stands."))
    return Prompt("", "", cast, framing=Framing("s", "medium", on="ember", over=over, shoulder=-1.0 if over else 0.0))


def backs(*told: TimedPrompt, twos: bool = False) -> list[state.Shoulder | None]:
    """Who is seen from behind in each frame."""
    frames = told[-1].stop
    rows = scene(frames, zoom=1.3)
    enter(rows, 1)
    both = traits(character("bear"), character("fox"))
    parts = tuple(Part(str(i), one.start, one.stop, 0) for i, one in enumerate(told))
    overs = shoulder.written(LevelRequest("a", frames, 1, parts, told))
    where = [(part.start, part.stop, both) for part in parts]
    return [one.shoulder for one in shoulder.past(animate(rows, both), overs, where, 1, twos)]


def test_a_back_does_not_jump_where_a_line_begins() -> None:
    lines = backs(*(TimedPrompt(at, at + 20, prompt("bo")) for at in (0, 20, 40)))
    whole = backs(TimedPrompt(0, 60, prompt("bo")))
    for one, other in zip(lines, whole, strict=True):
        assert one is not None
        assert other is not None
        assert np.array_equal(one.puppet.joints, other.puppet.joints)


def test_a_back_comes_and_goes_over_a_flow_and_at_once_at_a_cut() -> None:
    def opacities(ramp: int) -> list[float]:
        told = (
            TimedPrompt(0, 20, prompt("")),
            TimedPrompt(20, 40, prompt("bo"), ramp),
            TimedPrompt(40, 60, prompt(""), ramp),
        )
        return [one.opacity if one else 0.0 for one in backs(*told)]

    assert opacities(0) == [0.0] * 20 + [1.0] * 20 + [0.0] * 20
    soft = opacities(12)
    assert max(np.abs(np.diff(soft))) < 0.1
    assert soft[:14] == [0.0] * 14
    assert soft[26:34] == [1.0] * 8


def test_a_back_is_drawn_on_twos_with_the_others() -> None:
    shown = backs(TimedPrompt(0, 12, prompt("bo")), twos=True)
    for one, other in zip(shown[::2], shown[1::2], strict=True):
        assert one is not None
        assert other is not None
        assert one.puppet is other.puppet or np.array_equal(one.puppet.joints, other.puppet.joints)
    ones = [one.puppet.joints for one in backs(TimedPrompt(0, 12, prompt("bo"))) if one]
    assert not np.array_equal(ones[0], ones[1])


def test_a_back_that_is_half_there_is_half_seen() -> None:
    rows = scene(1, zoom=1.3)
    both = traits(character("bear"), None)
    (bare,) = animate(rows, both)
    (whole,) = shoulder.past([bare], [shoulder.Over(0, 1, 0, -1.0)], [(0, 1, both)], 1)
    assert whole.shoulder is not None
    half = replace(whole, shoulder=replace(whole.shoulder, opacity=0.5))
    canvas = Canvas(*SIZE)
    none, some, much = (stage.draw(canvas, one).astype(int) for one in (bare, half, whole))
    assert np.abs(some - (none + much) / 2).max() <= 2
