"""Where the prop is: in a hand, on its way to another, or on the ground."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from storyforge.backends.toon import anatomy, rig
from storyforge.backends.toon.gait import Track
from storyforge.backends.toon.mood import Mood
from storyforge.backends.toon.motion import Doubles
from storyforge.backends.toon.pose import Pose
from storyforge.backends.toon.state import PropIdentity, PropState

UNIT = 0.085  # world units of a prop of size 0.5 at depth 0, its longest side
GRIPS = {  # height of the grip over the ground when it stands or lies there, prop units
    "lantern": 0.98, "book": 0.34, "ball": 0.3, "flower": 0.3, "key": 0.12, "letter": 0.25, "basket": 0.86,
    "umbrella": 0.16,
}  # fmt: skip


class Carrier(Protocol):
    """What of an actor matters to a prop."""

    @property
    def slot(self) -> int: ...
    @property
    def start(self) -> int: ...
    @property
    def track(self) -> Track: ...
    @property
    def pose(self) -> Pose: ...
    @property
    def mood(self) -> Mood: ...
    @property
    def hold(self) -> Doubles: ...


def carry(who: PropIdentity, row: Doubles, here: Sequence[Carrier], frame: int, seconds: float) -> PropState | None:
    """The prop in one frame: its grip is the weighted middle of the hands that hold it and its own place."""
    own = row[rig.slot_slices()[-1]]
    at = rig.PROP.at
    if float(own[at["present"]][0]) < 0.5:
        return None
    size = UNIT * (0.7 + 0.6 * who.size)
    depth = float(np.clip(own[at["depth"]][0], 0.0, 1.0))
    shown = size * rig.scale(depth)
    x, ground = float(own[at["x"]][0]), rig.ground(depth)
    y = ground + float(max(own[at["lift"]][0], 0.0)) + GRIPS[who.kind] * shown
    facing = 0.0
    weights = [min(max(float(a.hold[frame - a.start]), 0.0), 1.0) for a in here]
    total = sum(weights)
    if total > 1.0:
        weights = [w / total for w in weights]
    rest = 1.0 - min(total, 1.0)
    rest = 0.0 if rest < 0.02 else rest  # noise about a firm grip does not shake it
    parts = [(rest, (x, y, depth, shown, ground, facing))]
    for weight, actor in zip(weights, here, strict=True):
        i = frame - actor.start
        track = actor.track
        hand = actor.pose.joints[i, anatomy.HAND + (0 if actor.mood.arm < 0 else 1)]
        grip = (float(track.x[i] + hand[0] * track.size[i]), float(track.y[i] + hand[1] * track.size[i]))
        fit = size * float(np.sqrt(track.size[i] / rig.BODY))
        near = float(track.depth[i])
        parts.append((weight, (*grip, near, fit, rig.ground(near), float(np.sin(actor.pose.turn[i])))))
    whole = sum(w for w, _ in parts) or 1.0
    x, y, depth, shown, ground, facing = (sum(w * values[k] for w, values in parts) / whole for k in range(6))
    holder = next((i for i, w in enumerate(weights) if w > 0.6), None)
    tilt = 0.05 * float(np.sin(2.2 * seconds)) * total
    return PropState(who, x, y, depth, shown, ground, tilt, float(np.clip(own[at["glow"]][0], 0, 1)), holder, facing)
