"""Over somebody's shoulder: his back is at his side of the frame, near and dark, and he is nowhere on the stage."""

import numpy as np
import pytest
from actors import animate, character, enter, scene, traits

from storyforge.backends import EntityPrompt, Framing, LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends.toon import rig, shoulder, stage
from storyforge.backends.toon.raster import Canvas

SIZE = (320, 180)


def note(over: str, side: float) -> str:
    cast = (EntityPrompt("bo@coat", "character", ""), EntityPrompt("ember", "character", "a fox. stands."))
    prompt = Prompt("", "", cast, framing=Framing("s", "medium", on="ember", over=over, shoulder=side))
    part = Part("a", 0, 3, 0)
    return shoulder.written(LevelRequest("a", 3, 1, (part,), (TimedPrompt(1, 3, prompt),)))


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
        (state,) = shoulder.past(animate(rows, both), note("bo", -1.0).replace("1, 3", "0, 1"), [(0, 1, both)], 1)
        assert state.shoulder is not None
        white = (stage.draw(Canvas(*SIZE), state)[40:120, :60] > 245).all(2)
        assert white.mean() < 0.01, "no eyes"


def test_nobody_is_noted_who_is_not_in_a_slot() -> None:
    assert note("moth", 1.0) == ""
    assert note("", 0.0) == ""
