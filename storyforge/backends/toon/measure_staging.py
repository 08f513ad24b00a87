"""Reads staging back from drawn puppets: who is seen where in the frame, what he does, and where the camera stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.base import Latents
from storyforge.backends.toon import anatomy, rig
from storyforge.backends.toon.art.view import View
from storyforge.backends.toon.drawing import states
from storyforge.backends.toon.state import Puppet, StageState


@dataclass(frozen=True)
class Seen:
    """One character in one frame. head: its centre and radii in half frames, x to the right, y up."""

    head: tuple[float, float, float, float]
    world: float  # x
    turn: float  # radians, negative to the left
    holds: bool
    feels: str  # "" when calm
    does: Mapping[str, float]  # weight of each action

    @property
    def inside(self) -> bool:
        """Whether the middle of the head is in the frame."""
        return abs(self.head[0]) < 1 and abs(self.head[1]) < 1


@dataclass(frozen=True)
class Picture:
    """One frame: who is seen by slot, the world x of the prop, and the camera."""

    cast: Mapping[int, Seen]
    prop: float | None
    camera: NDArray[np.float64]  # centre x, y in widths of what is seen, and the natural logarithm of the magnification


def pictures(latents: Latents, size: tuple[int, int]) -> list[Picture]:
    """Every frame of a span, as drawn at a size."""
    return [_picture(state, size) for state in states(latents)]


def _picture(state: StageState, size: tuple[int, int]) -> Picture:
    c = state.camera
    view = View(*size, c.x, c.y, c.zoom, c.angle)
    scale = view.scale(1.0) / view.width
    prop = None if state.prop is None else state.prop.x
    camera = np.array([c.x * scale, c.y * scale, c.zoom * np.log(2.0)])
    return Picture({puppet.slot: _seen(puppet, view) for puppet in state.puppets}, prop, camera)


def _seen(puppet: Puppet, view: View) -> Seen:
    a, _, _, d, e, f = view.matrix(1.0)
    x, y, _ = puppet.joints[anatomy.HEAD].tolist()
    shape = anatomy.body(puppet.who)
    wide, high = view.width / 2, view.height / 2
    head = (
        (a * (puppet.x + x * puppet.size) + e) / wide - 1,
        1 - (d * (puppet.y + y * puppet.size) + f) / high,
        a * shape.head_x * puppet.size / wide,
        -d * shape.head_y * puppet.size / high,
    )
    feelings: Sequence[float] = puppet.face.feelings
    feels = rig.FEELINGS[int(np.argmax(feelings))] if max(feelings) > 0.5 else ""
    does = dict(zip(rig.ACTIONS, puppet.actions, strict=True))
    return Seen(head, puppet.x, puppet.turn, puppet.held is not None, feels, does)
