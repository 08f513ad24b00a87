"""Listening by numbers: how loud, how high and how clean a line or an effect is."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from storyforge.film.sound import RATE, Samples

Doubles = NDArray[np.float64]


def per_frame(samples: Samples, rate: float, frames: int) -> Doubles:
    """Root mean square of each frame."""
    edges = np.minimum(np.round(np.arange(frames + 1) * RATE / rate).astype(int), len(samples))
    power = [np.square(samples[a:b], dtype=np.float64).mean() if b > a else 0.0 for a, b in pairwise(edges)]
    return np.sqrt(np.array(power))


def loudness(samples: Samples) -> float:
    """dB of the loud parts: fiftieths of a second that are at least 0.3 of the loudest."""
    fiftieths = per_frame(samples, 50, len(samples) * 50 // RATE)
    loud = fiftieths[fiftieths > 0.3 * fiftieths.max()]
    return float(10 * np.log10(np.square(loud).mean()))


def above(samples: Samples, hertz: float) -> float:
    """The largest sample of what lies above `hertz`, in dB of the largest sample of all: a click has much there."""
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / RATE) < hertz] = 0
    high = np.fft.irfft(spectrum, len(samples))
    return float(20 * np.log10(np.abs(high).max() / np.abs(samples).max() + 1e-12))


def pitch(samples: Samples, at: float) -> float:
    """Hz of the voice around `at` seconds, by autocorrelation over 60 ms."""
    around = samples[round((at - 0.03) * RATE) : round((at + 0.03) * RATE)].astype(np.float64)
    spectrum = np.fft.rfft(around * np.hanning(len(around)), 8192)
    likeness = np.fft.irfft(np.abs(spectrum) ** 2)
    shortest, longest = RATE // 800, RATE // 80
    return RATE / (shortest + int(np.argmax(likeness[shortest:longest])))


def heard(samples: Samples) -> tuple[float, float]:
    """Seconds at which it begins and ends to be heard."""
    loud = np.flatnonzero(np.abs(samples) > 0.01) / RATE
    return float(loud[0]), float(loud[-1])
