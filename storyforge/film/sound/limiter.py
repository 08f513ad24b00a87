"""The limiter: nothing goes over the ceiling, not even between samples; it looks ahead and lets go slowly."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from storyforge.film.sound.loudness import REACH, peaks
from storyforge.film.sound.source import RATE, Samples, decibels

CEILING = -2.0  # dBTP: half a decibel below what is allowed, since the encoder moves peaks a little
AHEAD = 256  # samples (5 ms) over which the gain goes down before a peak; a power of two
RELEASE = 60.0 / RATE  # dB a sample by which it comes back: 60 dB a second
EDGE = 2 * AHEAD + REACH  # samples around a block that its gain depends on

Read = Callable[[int, int], Samples]


def limited(read: Read, total: int, gain: float, block: int = RATE) -> Iterator[Samples]:
    """Blocks of `total` samples amplified by `gain` dB and held under the ceiling.

    read: gives samples [start, stop) as [n, 2]; those before 0 and after `total` are silence.
    """
    held = 0.0  # dB at the last sample of the block before's run-up
    for start in range(0, total, block):
        stop = min(start + block, total)
        wide = _around(read, start - EDGE, stop + EDGE, total) * np.float32(decibels(gain))
        need = _needed(wide)
        need[0] = min(need[0], held + RELEASE)
        if need.min() >= 0:
            held = 0.0
            yield wide[EDGE:-EDGE]
            continue
        climb = RELEASE * np.arange(len(need))
        allowed = np.minimum.accumulate(need - climb) + climb
        held = float(allowed[stop - start - 1])  # the next block's run-up begins at the sample after
        yield wide[EDGE:-EDGE] * _smooth(np.minimum(allowed, 0.0))[EDGE:-EDGE, None]


def _around(read: Read, start: int, stop: int, total: int) -> Samples:
    inside = read(max(0, start), min(stop, total))
    return np.pad(inside, ((max(0, -start), max(0, stop - total)), (0, 0)))


def _needed(samples: Samples) -> NDArray[np.float64]:
    """The gain in dB, 0 at most, that each sample needs."""
    most = decibels(CEILING)
    over = np.maximum(peaks(samples, most / 2) / most, 1.0).astype(np.float64)
    return np.asarray(-20 * np.log10(over))


def _smooth(allowed: NDArray[np.float64]) -> NDArray[np.float32]:
    """A linear gain that moves gently and is nowhere above what is allowed: the smallest of AHEAD samples to come,
    then the mean of AHEAD past ones of these."""
    least, reach = allowed, 1
    while reach < AHEAD:
        least = np.minimum(least, np.append(least[reach:], np.full(reach, np.inf)))
        reach *= 2
    summed = np.cumsum(np.insert(least, 0, np.zeros(AHEAD)))
    mean = (summed[AHEAD:] - summed[:-AHEAD]) / AHEAD
    return (10 ** (mean / 20)).astype(np.float32)
