"""Speech: what is said, the one seam that a voice implements, and the lines of a film laid over its samples."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np

from storyforge.film.sound.panning import panned
from storyforge.film.sound.source import RATE, Samples

_KEPT = 30 * RATE  # samples of finished lines that are kept: a block's lines are asked for again by the next block
_GAP = RATE // 2  # a silence shorter than this is within a phrase
_SILENT = 1e-3  # what is quieter is silence: -60 dB
_STEP = RATE // 100


@dataclass(frozen=True)
class Saying:
    """A line to be said.

    who: the entity that says it, without its look; None for the narrator. voice: the storyboard's `voice:` of it.
    how: the storyboard's words on the manner ("quietly"). seconds: the time that the storyboard gives the line.
    """

    text: str
    seconds: float | Fraction
    who: str | None = None
    voice: str | None = None
    how: str | None = None
    language: str = "en"
    seed: int = 0

    @property
    def samples(self) -> int:
        """How many samples the line lasts."""
        return max(0, round(self.seconds * RATE))


class Voice(Protocol):
    """What speaks: babble, a program, a speech model or a service."""

    @property
    def name(self) -> str:
        """Voice and version: it enters keys, so that another voice is other work."""
        ...

    def say(self, saying: Saying) -> Samples:
        """The line as float32 [saying.samples], peaks below 1, its ends silent; the same saying gives the same bits."""
        ...


class Speech:
    """A Source: the lines of a film, each made when its samples are reached.

    lines: the sample at which each begins, what is said, and its pan -1 left .. 1 right; in any order, and they may
    overlap.
    """

    def __init__(self, lines: Sequence[tuple[int, Saying, float]], voice: Voice) -> None:
        self._lines = sorted(lines, key=lambda line: line[0])
        self._starts = [at for at, _, _ in self._lines]
        self._longest = max((saying.samples for _, saying, _ in self._lines), default=0)
        self._voice = voice
        self._made: OrderedDict[int, Samples] = OrderedDict()
        self._phrases: dict[int, tuple[tuple[int, int], ...]] = {}

    def block(self, start: int, stop: int) -> Samples:
        """Samples [start, stop) of the film, [stop - start, 2]; the same whatever the blocks are."""
        out = np.zeros((stop - start, 2), np.float32)
        for number in self._within(start, stop):
            at, _, pan = self._lines[number]
            line = self._line(number)
            first, last = max(start, at), min(stop, at + len(line))
            out[first - start : last - start] += panned(line[first - at : last - at], pan)
        return out

    def spoken(self, start: int, stop: int) -> tuple[tuple[int, int], ...]:
        """Where the film speaks: whole phrases [from, to) in samples of the film that touch [start, stop), in order.

        Phrases of two lines may overlap. A line that its voice leaves silent (a narrator without a speech program)
        has none, so that nothing makes way for it.
        """
        found = []
        for number in self._within(start, stop):
            if number not in self._phrases:
                self._line(number)
            at = self._starts[number]
            found += [(at + a, at + b) for a, b in self._phrases[number] if at + a < stop and at + b > start]
        return tuple(sorted(found))

    def _within(self, start: int, stop: int) -> list[int]:
        """Numbers of the lines that touch [start, stop)."""
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_left(self._starts, stop)
        return [n for n in range(first, last) if self._starts[n] + self._lines[n][1].samples > start]

    def _line(self, number: int) -> Samples:
        if number in self._made:
            self._made.move_to_end(number)
            return self._made[number]
        line = self._made[number] = self._voice.say(self._lines[number][1])
        self._phrases.setdefault(number, _phrases(line))
        while len(self._made) > 1 and sum(map(len, self._made.values())) > _KEPT:
            self._made.popitem(last=False)
        return line


def _phrases(line: Samples) -> tuple[tuple[int, int], ...]:
    """Stretches [from, to) of a line that are not silent, to a hundredth of a second."""
    steps = -(-len(line) // _STEP)
    loudest = np.abs(np.pad(line, (0, steps * _STEP - len(line)))).reshape(steps, _STEP).max(1, initial=0)
    heard = np.flatnonzero(loudest > _SILENT) * _STEP
    if not len(heard):
        return ()
    breaks = np.flatnonzero(np.diff(heard) > _GAP)
    firsts = [heard[0], *heard[breaks + 1]]
    lasts = [*heard[breaks], heard[-1]]
    return tuple((int(a), min(int(b) + _STEP, len(line))) for a, b in zip(firsts, lasts, strict=True))
