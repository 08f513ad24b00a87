"""The procedural world toon learns from: shots written as a few eased moves of the rig's channels.

A Script holds every channel's value at frame 0 and a list of moves (channel, start, frames, change, ramp); a channel
at any frame is its first value plus its eased moves, so scenes are smooth at every stride and cost little memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.toon import rig

Array = NDArray[np.float32]

FPS = 24
PLACES_AT = {"far-left": -0.34, "left": -0.16, "centre": 0.0, "right": 0.16, "far-right": 0.34}
SPEEDS = {"walk": 0.15, "run": 0.36, "fly": 0.12}  # world units a second


@dataclass
class Script:
    """One shot of the procedural world; `facts[slot]` are one or two dicts, the second from frame `beat` on."""

    frames: int
    first: Array
    moves: list[tuple[int, float, float, float, float]]
    traits: list[Array | None]  # per slot: place, characters, prop
    facts: list[list[dict[str, Any]]]
    beat: int | None
    flow: bool = False  # the beat is where one shot flows into the next

    def move(self, channel: int, start: float, frames: float, change: float, ramp: float = 0.5) -> None:
        """Adds an eased change of one channel."""
        if change:
            self.moves.append((channel, start, max(frames, 1.0), change, ramp))


def ease(u: Array, ramp: Array) -> Array:
    """Progress 0..1 of a move at u in 0..1 whose speed eases in and out over `ramp` (0..0.5) of its time."""
    u = np.clip(u, 0.0, 1.0)
    up, down = np.minimum(u / ramp, 1.0), np.minimum((1.0 - u) / ramp, 1.0)
    rise = ramp * (up**3 - 0.5 * up**4)
    fall = ramp * (0.5 - (down**3 - 0.5 * down**4))
    level = np.clip(u - ramp, 0.0, 1.0 - 2.0 * ramp)
    return np.asarray((rise + level + fall) / (1.0 - ramp), np.float32)


def rows(scripts: Sequence[Script], frames: Array) -> Array:
    """Rig rows of scripts at frames [scripts, n]: float32 [scripts, n, CHANNELS] in natural units."""
    n = frames.shape[1]
    out = np.repeat(np.stack([s.first for s in scripts])[:, None], n, axis=1)
    owner = np.array([i for i, s in enumerate(scripts) for _ in s.moves], np.int64)
    if len(owner):
        table = np.array([m for s in scripts for m in s.moves], np.float32)
        u = (frames[owner] - table[:, 1:2]) / table[:, 2:3]
        steps = table[:, 3:4] * ease(u.astype(np.float32), table[:, 4:5])
        np.add.at(out.transpose(0, 2, 1), (owner, table[:, 0].astype(np.int64)), steps)
    return out.astype(np.float32)


SLICES = rig.slot_slices()
AT = {"scene": rig.SCENE.at, "character": rig.CHARACTER.at, "prop": rig.PROP.at}


def channel(slot: int, name: str, index: int = 0) -> int:
    """Channel number of a named control of a slot (0 scene, 1..3 characters, 4 prop)."""
    kind = "scene" if slot == 0 else "prop" if slot == rig.SLOTS - 1 else "character"
    return int(SLICES[slot].start + AT[kind][name].start) + index
