"""Over somebody's shoulder: who is seen from behind at the frame's edge while the camera looks past him."""

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.base import LevelRequest
from storyforge.backends.toon import anatomy, rig
from storyforge.backends.toon.art.view import TALL
from storyforge.backends.toon.puppet import Part, animate
from storyforge.backends.toon.state import Shoulder, StageState, Traits
from storyforge.backends.toon.world import FPS, channel

Array = NDArray[np.float32]

ASIDE, RISE = 0.82, -0.16  # where the back of his head is, in halves of the frame from its middle
HEAD = 0.46  # its half height, in halves of the frame's height
TURN = 0.34  # radians that he turns towards whom the camera is on


def written(request: LevelRequest) -> str:
    """Over whose shoulder a request's prompts look, noted for its latents: [start, stop, slot, side] each, or ""."""
    found = []
    for told in request.prompts:
        framing = told.prompt.framing
        if framing is None or not framing.over:
            continue
        cast = [entity.key.split("@")[0] for entity in told.prompt.entities if entity.kind == "character"]
        if framing.over in cast[: rig.CHARACTERS]:
            found.append([told.start, told.stop, cast.index(framing.over), framing.shoulder])
    return json.dumps(found) if found else ""


def past(shown: Sequence[StageState], note: str, parts: Sequence[Part], seed: int) -> list[StageState]:
    """The states of a span or of panels, with who is seen from behind in the frames that `note` names."""
    out = list(shown)
    for start, stop, slot, side in json.loads(note or "[]"):
        for first, last, traits in parts:
            who = traits.characters[slot]
            frames = range(max(start, first), min(stop, last, len(out)))
            if who is None or not len(frames):
                continue
            for frame, state in zip(frames, _standing(who, len(frames), side, seed), strict=True):
                out[frame] = replace(out[frame], shoulder=Shoulder(state.puppets[0], side))
    return out


def _standing(who: Array, count: int, side: float, seed: int) -> list[StageState]:
    """A character who stands there and breathes, his head turned to the middle of the frame."""
    rows = np.zeros((count, rig.CHANNELS), np.float32)
    rows[:, channel(0, "time", 1)] = rows[:, channel(0, "weather", 0)] = 1.0
    rows[:, channel(1, "present")] = rows[:, channel(1, "action", rig.ACTIONS.index("idle"))] = 1.0
    place = np.zeros(rig.PLACE_TRAITS.width, np.float32)
    place[0] = 1.0
    nobody: tuple[Array | None, ...] = (None,) * (rig.CHARACTERS - 1)
    shown = animate(rows, [(0, count, Traits(place, (who, *nobody), None))], FPS, seed)
    return [
        replace(state, puppets=tuple(replace(p, head_turn=p.head_turn - side * TURN) for p in state.puppets))
        for state in shown
    ]


def framed(shoulder: Shoulder, width: int, height: int) -> tuple[float, float, float]:
    """Pixels of a body height, and of the point it stands on, that put the back of a head at the frame's edge."""
    shape = anatomy.body(shoulder.puppet.who)
    half = height / 2
    scale = HEAD * min(half, width / 2 * TALL) / max(shape.head_y, 0.8 * shape.head_x)
    x, y, _ = shoulder.puppet.joints[anatomy.HEAD].tolist()
    centre = (width / 2 * (1.0 + shoulder.side * ASIDE), half * (1.0 - RISE))
    return scale, centre[0] - x * scale, centre[1] + y * scale
