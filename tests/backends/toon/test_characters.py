"""Characters and props on a canvas: every kind, action, feeling and garment draws, and draws the same twice."""

import numpy as np
import pytest
from actors import animate, character, enter, hold, prop, scene, traits
from numpy.typing import NDArray

from storyforge.backends.toon import rig
from storyforge.backends.toon.art import characters, props
from storyforge.backends.toon.raster import Canvas
from storyforge.backends.toon.state import StageState

SIZE = (160, 160)


def picture(state: StageState) -> NDArray[np.uint8]:
    """The puppets of a state on grey, framed from head to foot."""
    width, height = SIZE
    canvas = Canvas(width, height)
    canvas.begin()
    canvas.rect(0, 0, width, height, (0.5, 0.5, 0.5))
    scale = width / 0.5
    with canvas.group((scale, 0.0, 0.0, -scale, width / 2, height / 2 - 0.06 * scale)):
        for puppet in state.puppets:
            characters.shadow(canvas, puppet)
        for puppet in state.puppets:
            characters.draw(canvas, puppet)
        if state.prop is not None and state.prop.holder is None:
            props.shadow(canvas, state.prop)
            props.draw(canvas, state.prop)
        if state.prop is not None:
            props.glow(canvas, state.prop)
    return canvas.end()


def drawn(frame: NDArray[np.uint8]) -> float:
    """The share of the frame that is not background."""
    return float((np.abs(frame.astype(int) - 128).max(-1) > 6).mean())


@pytest.mark.parametrize("kind", rig.KINDS)
def test_every_kind_draws_from_every_side(kind: str) -> None:
    seen = []
    for facing in (-1.0, 0.0, 1.0):
        rows = scene(10)
        enter(rows, 0, facing=facing)
        seen.append(picture(animate(rows, traits(character(kind)))[5]))
        assert 0.03 < drawn(seen[-1]) < 0.5
    assert not np.array_equal(seen[0], seen[1])
    assert not np.array_equal(seen[1], seen[2])


def test_kinds_differ_in_outline() -> None:
    shapes = []
    for kind in rig.KINDS:
        rows = scene(6)
        enter(rows, 0, facing=0.4)
        frame = picture(animate(rows, traits(character(kind)))[3]).astype(int)
        shapes.append(np.abs(frame - 128).max(-1) > 6)
    for i, one in enumerate(shapes):
        for other in shapes[i + 1 :]:
            assert (one ^ other).sum() > 0.05 * one.sum()


@pytest.mark.parametrize("action", rig.ACTIONS)
def test_every_action_draws(action: str) -> None:
    rows = scene(30)
    enter(rows, 0, action, lift=0.12 if action == "fly" else 0.0)
    hold(rows, 1.0)
    shot = traits(character("cat", "cape", "stripes"), thing=prop())
    states = animate(rows, shot)
    frames = [picture(states[i]) for i in (8, 16)]
    assert drawn(frames[0]) > 0.03
    assert not np.array_equal(*frames)


@pytest.mark.parametrize("feeling", rig.FEELINGS)
@pytest.mark.parametrize("kind", ["fox", "girl", "owl", "robot"])
def test_every_feeling_changes_the_face(kind: str, feeling: str) -> None:
    calm, moved = scene(6), scene(6)
    enter(calm, 0)
    enter(moved, 0, feeling=feeling)
    one, other = (picture(animate(rows, traits(character(kind)))[3]) for rows in (calm, moved))
    assert (one != other).any(-1).sum() > 60


@pytest.mark.parametrize("wears", rig.WEARS[1:])
def test_every_garment_shows_its_colour(wears: str) -> None:
    rows = scene(6)
    enter(rows, 0, facing=0.3)
    for kind in ("fox", "woman", "owl"):
        bare, dressed = (picture(animate(rows, traits(character(kind, w)))[3]) for w in ("nothing", wears))
        blue = dressed.astype(int)
        assert (bare != dressed).any(-1).sum() > 15
        assert ((blue[..., 2] > blue[..., 0] + 40) & (blue[..., 2] > blue[..., 1] + 20)).sum() > 12


@pytest.mark.parametrize("marking", rig.MARKINGS[1:])
def test_every_marking_shows(marking: str) -> None:
    rows = scene(6)
    enter(rows, 0, facing=0.3)
    plain, marked = (picture(animate(rows, traits(character("dog", marking=m)))[3]) for m in ("plain", marking))
    assert (plain != marked).any(-1).sum() > 20


@pytest.mark.parametrize("marking", rig.MARKINGS[1:])
@pytest.mark.parametrize("kind", ["moth", "dog", "mouse"])
def test_markings_stay_within_the_outline(kind: str, marking: str) -> None:
    for facing in (-1.0, 0.4, 1.0):
        rows = scene(6)
        enter(rows, 0, facing=facing)
        plain, marked = (picture(animate(rows, traits(character(kind, marking=m)))[3]) for m in ("plain", marking))
        shapes = [np.abs(frame.astype(int) - 128).max(-1) > 6 for frame in (plain, marked)]
        assert (shapes[1] & ~shapes[0]).sum() < 8


@pytest.mark.parametrize("thing", rig.PROPS)
def test_every_prop_draws_in_a_hand_and_on_the_ground(thing: str) -> None:
    held, loose, without = scene(6), scene(6), scene(6)
    for rows in (held, loose, without):
        enter(rows, 0, x=-0.05)
    hold(held, 1.0)
    hold(loose, 0.0)
    states = [
        animate(held, traits(character(), thing=prop(thing))),
        animate(loose, traits(character(), thing=prop(thing))),
    ]
    bare = picture(animate(without, traits(character()))[3])
    for frames in states:
        assert (picture(frames[3]) != bare).any(-1).sum() > 30


def test_build_traits_change_the_body() -> None:
    rows = scene(6)
    enter(rows, 0, facing=0.3)
    usual = picture(animate(rows, traits(character()))[3])
    for trait in rig.BUILD:
        for value in (0.0, 1.0):
            frame = picture(animate(rows, traits(character(**{trait: value})))[3])
            assert (frame != usual).any(-1).sum() > 20, trait


def test_the_same_state_gives_the_same_picture() -> None:
    rows = scene(12)
    enter(rows, 0, "dance", "happy")
    hold(rows, 1.0)
    states = animate(rows, traits(character("dragon", "scarf"), thing=prop("umbrella")))
    assert np.array_equal(picture(states[7]), picture(states[7]))
