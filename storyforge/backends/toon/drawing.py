"""Latents to frames: rows and traits become puppets, puppets become pictures. Imports no torch."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.base import PANELS, Acting, Frame, Latents, Noise
from storyforge.backends.toon import rig
from storyforge.backends.toon.puppet import animate
from storyforge.backends.toon.shoulder import Over, past
from storyforge.backends.toon.speech import Line
from storyforge.backends.toon.state import StageState, Traits
from storyforge.backends.toon.world import FPS, channel

Array = NDArray[np.float32]
MEADOW = rig.one_hot(0, rig.PLACE_TRAITS.width)


def part_traits(table: Array) -> Traits:
    """Traits of one part from its rows of the table, NaN where nobody is."""

    def known(slot: int, width: int) -> Array | None:
        return None if np.isnan(table[slot, 0]) else table[slot, :width]

    characters = tuple(known(i, rig.CHARACTER_TRAITS.width) for i in range(1, 1 + rig.CHARACTERS))
    place = known(0, rig.PLACE_TRAITS.width)
    return Traits(MEADOW if place is None else place, characters, known(rig.SLOTS - 1, rig.PROP_TRAITS.width))


def notes(latents: Latents) -> Mapping[str, Any]:
    """What is noted for the drawing beside the rows: slots, twos, over; nothing in latents written by hand."""
    noted = latents.arrays.get("notes")
    return {} if noted is None else dict(json.loads(noted.tobytes()))


def slots(latents: Latents) -> tuple[str, ...]:
    """The characters of a span in the order of their slots, without their looks; nobody where that was not kept."""
    return tuple(notes(latents).get("slots", ()))


def heard(latents: Latents, acting: Acting | None) -> tuple[Line, ...]:
    """The lines of a span, by the slots of those who speak; none where nobody knows whose slots they are."""
    names = slots(latents)
    if acting is None or not names:
        return ()
    return tuple(
        Line(names.index(line.who) if line.who in names else None, line.start, line.stop, line.mouth, line.who is None)
        for line in acting.lines
    )


def states(latents: Latents, acting: Acting | None = None) -> list[StageState]:
    """One StageState per row: a span is animated as a whole, panels one by one."""
    rows, parts = latents.arrays["x"], latents.arrays["parts"]
    traits, seeds = latents.arrays["traits"], latents.arrays["seeds"]
    told = [(int(a), int(b), part_traits(t)) for (a, b), t in zip(parts, traits, strict=True)]
    noted = notes(latents)
    twos, over = noted.get("twos", False), [Over(*one) for one in noted.get("over", ())]
    if latents.stride == PANELS:
        return [
            past(
                animate(rows[a:b], [(0, 1, t)], FPS, int(seeds[a])),
                [Over(0, 1, one.slot, one.side) for one in over if one.start <= a < one.stop],
                [(0, 1, t)], int(seeds[a]),
            )[0]
            for a, b, t in told
        ]  # fmt: skip
    shown = animate(rows, told, FPS, int(seeds[0]), lines=heard(latents, acting), twos=twos)
    return past(shown, over, told, int(seeds[0]), twos)


def heard_of(
    latents: Latents, start: int = 0, stop: int | None = None, acting: Acting | None = None
) -> tuple[Noise, ...]:
    """What is heard of frames [start, stop) of a span, in order."""
    from storyforge.backends.toon.noises import noises

    if latents.stride == PANELS:
        return ()
    shown = states(latents, acting)
    last = len(shown) if stop is None else min(stop, len(shown))
    return tuple(
        replace(noise, frame=noise.frame - start) for noise in noises(shown, FPS) if start <= noise.frame < last
    )


def draw(
    latents: Latents, size: tuple[int, int], start: int = 0, stop: int | None = None, acting: Acting | None = None
) -> Iterator[Frame]:
    """Frames [start, stop) of a span or of panels, uint8 [height, width, 3]."""
    from storyforge.backends.toon import stage
    from storyforge.backends.toon.raster import Canvas

    canvas = Canvas(*size)
    for state in states(latents, acting)[start:stop]:
        yield stage.draw(canvas, state)


def portrait(kind: str, traits: Array, size: tuple[int, int] = (360, 360)) -> Frame:
    """One entity on its own: a character or prop in a meadow, a place as it is, by day."""
    row = np.zeros((1, rig.CHANNELS), np.float32)
    row[0, channel(0, "time", 1)] = row[0, channel(0, "weather", 0)] = 1.0
    table = np.full((rig.SLOTS, max(t.width for t in rig.TRAITS.values())), np.nan, np.float32)
    slot = {"place": 0, "character": 1, "prop": rig.SLOTS - 1}[kind]
    table[slot, : len(traits)] = traits
    if kind != "place":
        row[0, channel(slot, "present")] = 1.0
        row[0, channel(slot, "depth")] = 0.3
        row[0, channel(0, "zoom")] = 0.75 if kind == "character" else 1.6
        row[0, channel(0, "camera", 1)] = 0.0 if kind == "character" else (rig.ground(0.3) + 0.03) * 2**1.6
    if kind == "character":
        row[0, channel(0, "on", 0)] = 1.0
        row[0, channel(1, "facing")] = 0.4
        row[0, channel(1, "action", rig.ACTIONS.index("idle"))] = 1.0
    arrays = {
        "x": row, "parts": np.array([[0, 1]]), "traits": table[None], "seeds": np.array([crc32(traits.tobytes())]),
    }  # fmt: skip
    return next(draw(Latents("portrait", PANELS, arrays), size))
