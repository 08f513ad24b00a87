"""Mouths: how far a mouth is open at each frame of a line, heard from the line itself."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from storyforge.film.sound.source import RATE, Samples

_VOICED = 150.0, 3500.0  # Hz: where vowels are; hiss opens no mouth
_CLOSED = 0.1  # of a line's loudest syllables: quieter is a closed mouth
_STEP = RATE // 1000  # samples: the envelope is kept a thousand times a second
_QUICK = 60  # ms: a mouth needs as long to open or close


def opening(samples: Samples, rate: Fraction, frames: int) -> NDArray[np.float32]:
    """How far the mouth that says `samples` [n] is open at each of `frames` frames at `rate`: float32 [frames], 0..1.

    The root mean square of the vowels' band around each frame's middle, as smooth as a mouth can move, over that of the
    line's loud syllables; 0 in pauses and after the line.
    """
    out = np.zeros(frames, np.float32)
    envelope = _envelope(samples)
    loud = float(np.quantile(envelope[envelope > 0], 0.95)) if (envelope > 0).any() else 0.0
    if loud < 1e-4:
        return out
    middle = (np.arange(frames) + 0.5) * float(1000 / rate) - 0.5
    level = np.interp(middle, np.arange(len(envelope)), envelope, right=0.0) / loud
    return np.asarray(np.clip((level - _CLOSED) / (1 - _CLOSED), 0, 1), np.float32)


def _envelope(samples: Samples) -> NDArray[np.float64]:
    """Root mean square of the voiced band, a value every millisecond, smoothed over what a mouth needs to move."""
    steps = -(-len(samples) // _STEP)
    if not steps:
        return np.zeros(0)
    size = (steps + 50) * _STEP  # silence behind, so that the end does not reach round to the beginning
    spectrum = np.fft.rfft(samples, size)
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    low, high = _VOICED
    band = 1 / np.sqrt(1 + (low / np.maximum(hertz, 1e-9)) ** 8) / np.sqrt(1 + (hertz / high) ** 8)
    voiced = np.fft.irfft(spectrum * band, size)[: steps * _STEP]
    power = np.square(voiced).reshape(steps, _STEP).mean(1)
    window = np.hanning(_QUICK + 2)[1:-1]
    return np.sqrt(np.maximum(np.convolve(power, window / window.sum(), "same")[:steps], 0))
