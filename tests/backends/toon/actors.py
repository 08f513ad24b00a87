"""Rows and traits written by hand for the tests of toon's drawing stages."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.toon import puppet, rig
from storyforge.backends.toon.speech import Line
from storyforge.backends.toon.state import StageState, Traits

Array = NDArray[np.float32]
RATE = 24.0
ORANGE, WHITE, BLUE, SKIN = (0.70, 0.11, 0.13), (0.95, 0.0, 0.01), (0.45, -0.03, -0.16), (0.82, 0.035, 0.055)


def character(kind: str = "fox", wears: str = "nothing", marking: str = "plain", **build: float) -> Array:
    """A character's traits; build traits are 0.5 unless given."""
    at = rig.CHARACTER_TRAITS.at
    out = np.zeros(rig.CHARACTER_TRAITS.width, np.float32)
    out[at["kind"]] = rig.one_hot(rig.KINDS.index(kind), len(rig.KINDS))
    out[at["coat"]], out[at["second"]], out[at["wear_colour"]] = ORANGE, WHITE, BLUE
    out[at["wears"]] = rig.one_hot(rig.WEARS.index(wears), len(rig.WEARS))
    out[at["marking"]] = rig.one_hot(rig.MARKINGS.index(marking), len(rig.MARKINGS))
    out[at["build"]] = [build.get(name, 0.5) for name in rig.BUILD]
    return out


def prop(kind: str = "lantern") -> Array:
    at = rig.PROP_TRAITS.at
    out = np.zeros(rig.PROP_TRAITS.width, np.float32)
    out[at["prop"]] = rig.one_hot(rig.PROPS.index(kind), len(rig.PROPS))
    out[at["colour"]], out[at["size"]] = ORANGE, 0.5
    return out


def traits(*characters: Array | None, thing: Array | None = None) -> Traits:
    """Traits of a shot in a meadow."""
    place = np.zeros(rig.PLACE_TRAITS.width, np.float32)
    place[0] = 1.0
    everyone = (*characters, *([None] * (rig.CHARACTERS - len(characters))))
    return Traits(place, everyone, thing)


def scene(frames: int, zoom: float = 0.0, on: Sequence[float] = (0.0, 0.0, 0.0)) -> Array:
    """Rows of an empty meadow by day."""
    out = np.zeros((frames, rig.CHANNELS), np.float32)
    at, where = rig.SCENE.at, rig.slot_slices()[0]
    part = out[:, where]
    part[:, at["time"].start + 1] = 1.0
    part[:, at["weather"].start] = 1.0
    part[:, at["zoom"]] = zoom
    part[:, at["on"]] = on
    return out


def enter(
    rows: Array, slot: int, action: str = "idle", feeling: str = "", x: float = 0.0, speed: float = 0.0,
    facing: float = 0.5, lift: float = 0.0,
) -> None:  # fmt: skip
    """Puts a character into rows; speed in world units a second."""
    part, at = rows[:, rig.slot_slices()[1 + slot]], rig.CHARACTER.at
    part[:, at["present"]] = 1.0
    part[:, at["x"]] = (x + speed * np.arange(len(rows)) / RATE)[:, None]
    part[:, at["facing"]], part[:, at["lift"]], part[:, at["depth"]] = facing, lift, 0.3
    part[:, at["action"].start + rig.ACTIONS.index(action)] = 1.0
    if feeling:
        part[:, at["feeling"].start + rig.FEELINGS.index(feeling)] = 1.0


def hold(rows: Array, *shares: float | Array) -> None:
    """Puts the prop into hands: how much each character holds it."""
    part, at = rows[:, rig.slot_slices()[-1]], rig.PROP.at
    part[:, at["present"]] = 1.0
    part[:, at["glow"]] = 1.0
    part[:, at["depth"]] = 0.3
    for i, share in enumerate(shares):
        part[:, at["held"].start + i] = share


def syllables(frames: int, each: int = 5) -> tuple[float, ...]:
    """A mouth that opens and closes."""
    return tuple((0.9 * np.abs(np.sin(np.pi * np.arange(frames) / each))).round(3).tolist())


def becomes(rows: Array, slot: int, first: str, then: str, at: int, frames: int = 14) -> Array:
    """How much of the second action there is in each frame: a character changes from one to the other."""
    part, actions = rows[:, rig.slot_slices()[1 + slot]], rig.CHARACTER.at["action"].start
    u = np.clip((np.arange(len(rows)) - at) / frames, 0.0, 1.0)
    u = u * u * (3 - 2 * u)
    part[:, actions + rig.ACTIONS.index(first)] = 1.0 - u
    part[:, actions + rig.ACTIONS.index(then)] = u
    return np.asarray(u, np.float32)


def animate(
    rows: Array, shot: Traits, seed: int = 1, lines: Sequence[Line] = (), twos: bool = False
) -> list[StageState]:
    """The states of one shot."""
    return puppet.animate(rows, [(0, len(rows), shot)], RATE, seed, lines=lines, twos=twos)
