"""Over somebody's shoulder: who is seen from behind at the frame's edge while the camera looks past him."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.base import PANELS, LevelRequest
from storyforge.backends.toon import anatomy, rig
from storyforge.backends.toon.art.view import TALL
from storyforge.backends.toon.puppet import Part, animate
from storyforge.backends.toon.state import Shoulder, StageState, Traits
from storyforge.backends.toon.world import FPS, channel

Array = NDArray[np.float32]

ASIDE, RISE = 0.82, -0.16  # where the back of his head is, in halves of the frame from its middle
HEAD = 0.46  # its half height, in halves of the frame's height
TURN = 0.34  # radians that he turns towards whom the camera is on


@dataclass(frozen=True)
class Over:
    """Over whose shoulder a span's frames [start, stop) look: his slot, and side -1 left, 1 right of the frame.

    He comes in over `come` frames around start and goes over `go` frames around stop; 0 at a cut.
    """

    start: int
    stop: int
    slot: int
    side: float
    come: int = 0
    go: int = 0

    @property
    def frames(self) -> range:
        """Those in which there is anything of him."""
        return range(max(self.start - self.come // 2, 0), self.stop + self.go // 2)

    def opacity(self, frame: int) -> float:
        """How much of him there is, 0..1."""
        come = (frame + 0.5 - self.start) / self.come + 0.5 if self.come else 1.0
        go = (self.stop - frame - 0.5) / self.go + 0.5 if self.go else 1.0
        return float(np.clip(min(come, go), 0.0, 1.0))


def written(request: LevelRequest) -> list[Over]:
    """Over whose shoulder a request's prompts look: one for each stretch of frames."""
    found: list[tuple[str, Over]] = []
    for told in request.prompts:
        framing = told.prompt.framing
        cast = [entity.key for entity in told.prompt.entities if entity.kind == "character"][: rig.CHARACTERS]
        who = next((key for key in cast if framing and framing.over and key.split("@")[0] == framing.over), None)
        ramp = 0 if request.stride == PANELS else told.ramp
        key, last = found[-1] if found else ("", None)
        if framing is not None and who is not None:
            now = Over(told.start, told.stop, cast.index(who), framing.shoulder, ramp)
            if last and request.stride != PANELS and last.stop == now.start and _one(key, last, who, now):
                found[-1] = (key, replace(last, stop=now.stop))
                continue
            found.append((who, now))
        if last and last.stop == told.start:
            at = len(found) - (1 if who is None else 2)
            found[at] = (key, replace(last, go=ramp))
    return [over for _, over in found]


def _one(key: str, last: Over, who: str, now: Over) -> bool:
    """Whether the same character in the same look is seen from behind at the same side."""
    return (key, last.slot, last.side) == (who, now.slot, now.side)


def past(
    shown: Sequence[StageState], overs: Sequence[Over], parts: Sequence[Part], seed: int, twos: bool = False
) -> list[StageState]:
    """The states of a span, with who is seen from behind in the frames of `overs`."""
    out = list(shown)
    for over in overs:
        who = next((t.characters[over.slot] for first, last, t in parts if first <= over.start < last), None)
        frames = range(over.frames.start, min(over.frames.stop, len(out)))
        if who is None or not len(frames):
            continue
        states = _standing(who, frames.stop, over.side, seed, twos)  # from frame 0: he breathes on over a cut
        for frame in frames:
            opacity, before = over.opacity(frame), out[frame].shoulder
            if opacity > (before.opacity if before else 0.0):
                out[frame] = replace(out[frame], shoulder=Shoulder(states[frame].puppets[0], over.side, opacity))
    return out


def _standing(who: Array, count: int, side: float, seed: int, twos: bool) -> list[StageState]:
    """A character who stands there and breathes, his head turned to the middle of the frame."""
    rows = np.zeros((count, rig.CHANNELS), np.float32)
    rows[:, channel(0, "time", 1)] = rows[:, channel(0, "weather", 0)] = 1.0
    rows[:, channel(1, "present")] = rows[:, channel(1, "action", rig.ACTIONS.index("idle"))] = 1.0
    place = np.zeros(rig.PLACE_TRAITS.width, np.float32)
    place[0] = 1.0
    nobody: tuple[Array | None, ...] = (None,) * (rig.CHARACTERS - 1)
    shown = animate(rows, [(0, count, Traits(place, (who, *nobody), None))], FPS, seed, twos=twos)
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
