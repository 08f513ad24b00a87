"""Effects: noises that are heard once, made from noise and tones, and laid over the samples of a film."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from zlib import crc32

import numpy as np

from storyforge.film.sound.foley import KINDS, LONGEST, foley
from storyforge.film.sound.panning import panned
from storyforge.film.sound.source import RATE, Effect, Samples

_KEPT = 30 * RATE  # samples of finished effects that are kept
_VARIANTS = 12  # of a kind: enough that steps do not sound like a machine

MIDDLE = 0.1  # of the way to a side that is neither side


def effect(kind: str, seed: int = 0) -> Samples:
    """One effect: float32 [n], or [n, 2] where it is wide, full scale 1, its ends silent; nothing for an unknown kind.

    "step-mud" is a "step" where that surface is not known. seed: another one of the same kind.
    """
    known = kind if kind in KINDS else kind.split("-")[0]
    if known not in KINDS:
        return np.zeros(0, np.float32)
    return foley(known, seed % _VARIANTS)


class Effects:
    """A Source: the effects of a film, each made when its samples are reached."""

    def __init__(self, effects: Sequence[Effect], seed: int = 0) -> None:
        self._effects = sorted(effects, key=lambda e: (e.at, e.kind, e.pan, e.loud))
        self._starts = [e.at for e in self._effects]
        self._variants = variants(self._effects, seed)
        self._made: OrderedDict[tuple[str, int], Samples] = OrderedDict()

    def block(self, start: int, stop: int) -> Samples:
        """Samples [start, stop) of the film, [stop - start, 2]; the same whatever the blocks are."""
        out = np.zeros((stop - start, 2), np.float32)
        for number in range(bisect_left(self._starts, start - LONGEST), bisect_left(self._starts, stop)):
            one = self._effects[number]
            made = self._one(one.kind, self._variants[number])
            first, last = max(start, one.at), min(stop, one.at + len(made))
            if first < last:
                part = panned(made[first - one.at : last - one.at], one.pan)
                out[first - start : last - start] += part * np.float32(one.loud)
        return out

    def _one(self, kind: str, variant: int) -> Samples:
        address = kind, variant
        if address in self._made:
            self._made.move_to_end(address)
            return self._made[address]
        made = self._made[address] = effect(kind, variant)
        while len(self._made) > 1 and sum(map(len, self._made.values())) > _KEPT:
            self._made.popitem(last=False)
        return made


def variants(effects: Sequence[Effect], seed: int) -> list[int]:
    """Which of its kind each effect is, in order: drawn from when it is heard, so that others do not change it.

    It is never the one before again, of its kind or of its kind on its side, where somebody else may walk.
    """
    found: list[int] = []
    last: dict[tuple[str, int | None], int] = {}
    for one in effects:
        side = (one.pan > MIDDLE) - (one.pan < -MIDDLE)
        taken = {last.get((one.kind, None)), last.get((one.kind, side))}
        mine = crc32(f"{seed} {one.kind} {one.at}".encode()) % _VARIANTS
        while mine in taken:
            mine = (mine + 1) % _VARIANTS
        last[one.kind, None] = last[one.kind, side] = mine
        found.append(mine)
    return found
