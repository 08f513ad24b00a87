"""What is heard of a span, as its characters show it: mouths, nods and brows, and who is silent meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from storyforge.backends.toon.mood import Mood
from storyforge.backends.toon.motion import Doubles, ease, smooth, talk

GESTURE = 0.35  # how much one gesticulates who speaks while the rig has it do something else


@dataclass(frozen=True)
class Line:
    """A line over frames [start, stop) of a span; slot: of the character who speaks, None where it is not here.

    mouth: how far it is open at each of these frames; empty where nobody is seen to speak. told: by the narrator.
    """

    slot: int | None
    start: int
    stop: int
    mouth: tuple[float, ...] = ()
    told: bool = False


@dataclass(frozen=True)
class Speech:
    """One character over its own frames, [frames] each.

    mine: it has lines in this span, so its mouth moves with them alone. hush: somebody else is heard, so that a mouth
    that moves would seem to say that.
    """

    mine: bool
    heard: Doubles
    mouth: Doubles
    hush: Doubles

    @property
    def shut(self) -> Doubles:
        """How much the lips are kept together when the mouth says nothing, 0..1."""
        if self.mine:
            return np.ones_like(self.hush)
        return np.asarray(np.clip(smooth(self.hush, 3.0), 0.0, 1.0))


def speech(lines: Sequence[Line], slot: int, start: int, stop: int) -> Speech:
    """What the span's lines make of the character in `slot` over frames [start, stop)."""
    heard, mouth, hush = (np.zeros(stop - start) for _ in range(3))
    mine = False
    for line in lines:
        first, last = max(line.start, start), min(line.stop, stop)
        mine |= line.slot == slot
        if first >= last:
            continue
        if line.slot != slot:
            over = slice(first - start, last - start)
            hush[over] = np.maximum(hush[over], not line.told)
        elif line.mouth:
            heard[first - start : last - start] = 1.0
            open_ = np.zeros(line.stop - line.start)
            known = min(len(open_), len(line.mouth))
            open_[:known] = line.mouth[:known]
            mouth[first - start : last - start] = np.clip(open_[first - line.start : last - line.start], 0.0, 1.0)
    return Speech(mine, heard, mouth, hush)


def voiced(mood: Mood, said: Speech) -> Mood:
    """The mood with as much of talking as is heard; without words the rig's own, but not over another's words."""
    rigged = mood.action["talk"]
    if said.mine:
        about = np.clip(smooth(said.heard, 3.0), 0.0, 1.0)
        return replace(mood, action=mood.action | {"talk": about * np.maximum(rigged, GESTURE)})
    return replace(mood, action=mood.action | {"talk": rigged * (1.0 - np.clip(smooth(said.hush, 2.0), 0.0, 1.0))})


def mouths(mood: Mood, said: Speech, seconds: Doubles, seed: int) -> tuple[Doubles, Doubles, Doubles]:
    """How far the mouth is open, how round it is, and how much it talks, [frames] each."""
    chatter, lips = talk(seconds, seed)
    if said.mine:
        near = np.clip(smooth(said.heard, 1.5), 0.0, 1.0)
        return said.mouth, lips * near, np.maximum(said.heard, near)
    talking = ease(mood.action["talk"] * 1.2) * (1.0 - ease(mood.action["sleep"] * 1.3))
    return chatter * talking, lips, np.asarray(talking)


def accents(said: Speech) -> tuple[Doubles, Doubles]:
    """Nod and lift of the brows, [frames] each, that stress the words."""
    beat = smooth(said.mouth, 1.3)
    phrase = np.clip(smooth(said.mouth, 5.0), 0.0, 1.0)
    return -0.45 * (beat - phrase), np.asarray(np.clip(1.6 * phrase - 0.15, 0.0, 0.8))
