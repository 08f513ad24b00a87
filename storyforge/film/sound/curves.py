"""Curves: how loud a part is from sample to sample, by the film's time, so that the size of blocks does not matter."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from storyforge.film.sound.source import RATE

Gain = NDArray[np.float32]  # [samples], linear

ATTACK, HOLD, RELEASE = RATE // 4, RATE * 4 // 10, RATE * 9 // 10  # before words, and after them


def ducked(phrases: Sequence[tuple[int, int]], start: int, stop: int, depth: float) -> Gain:
    """The gain over samples [start, stop) of what makes way by `depth` dB for phrases [from, to).

    It goes down before a phrase begins and comes back slowly after it; phrases that touch
    [start - HOLD - RELEASE, stop + ATTACK) are enough.
    """
    at = np.arange(start, stop)
    down = np.zeros(stop - start)
    for begin, end in phrases:
        knots = (begin - ATTACK, begin, end + HOLD, end + HOLD + RELEASE)
        if knots[-1] > start and knots[0] < stop:
            np.minimum(down, np.interp(at, knots, (0.0, -depth, -depth, 0.0)), out=down)
    return np.asarray(10 ** (down / 20), np.float32)


def within(begin: int, end: int, fades: tuple[int, int], start: int, stop: int) -> Gain:
    """The gain over samples [start, stop) of what is heard from `begin` to `end` with fades in and out at its ends."""
    rise, fall = (max(1, min(fade, (end - begin) // 2)) for fade in fades)
    at = np.arange(start, stop)
    share = np.clip(np.minimum((at - begin) / rise, (end - at) / fall), 0.0, 1.0)
    return np.asarray(share * share * (3 - 2 * share), np.float32)
