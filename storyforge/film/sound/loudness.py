"""How loud a soundtrack is: integrated loudness and true peak after ITU-R BS.1770-4, streamed."""

from collections.abc import Iterable
from functools import lru_cache
from math import inf, log10

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from storyforge.film.sound.source import RATE, Samples

Signal = NDArray[np.float64]

# K-weighting at 48 kHz, numerators and denominators: the head's shelf, then the high-pass (Tables 1 and 2)
SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
OFFSET = -0.691  # dB: what K-weighting adds to a sine of 997 Hz
HOP = RATE // 10  # blocks of 400 ms overlap by 75 %, so that four hops make one
HOPS = 4
ABSOLUTE, RELATIVE = -70.0, -10.0  # gates: LUFS, and LU below what the absolute one lets through

TAPS = 8192  # of K-weighting as an impulse response: by then its double pole (0.995) has fallen to 1e-14
FAST = 65536  # samples of one Fourier transform
STEP = FAST - TAPS + 1  # of them new

OVERSAMPLING, REACH = 4, 8  # true peak: values between samples, from so many samples on either side


class Loudness:
    """Integrated loudness of what `add` was given, [samples, 2] at 48 kHz, in blocks of any length."""

    def __init__(self) -> None:
        self._before = np.zeros((TAPS - 1, 2))  # what the filter still remembers
        self._waiting: list[Samples] = []  # samples that are weighted together, once there are enough
        self._count = 0  # of these
        self._rest = np.zeros((0, 2))  # weighted samples that do not fill a hop yet
        self._hops: list[float] = []  # energy of each hop, both channels

    def add(self, block: Samples) -> None:
        """Hears one block more."""
        self._waiting.append(block)
        self._count += len(block)
        if self._count >= STEP:
            self._hear()

    def _hear(self) -> None:
        waiting = np.concatenate([*self._waiting, np.zeros((0, 2), np.float32)])
        self._waiting, self._count = [], 0
        for start in range(0, len(waiting), STEP):
            self._weigh(np.asarray(waiting[start : start + STEP], np.float64))

    def _weigh(self, block: Signal) -> None:
        joined = np.concatenate([self._before, block])
        self._before = joined[-(TAPS - 1) :]
        weighted = np.concatenate([self._rest, weigh(joined)[TAPS - 1 :]])
        whole = len(weighted) // HOP
        cut = weighted[: whole * HOP].reshape(whole, HOP * 2)
        self._hops += np.einsum("ij,ij->i", cut, cut).tolist()
        self._rest = weighted[whole * HOP :]

    @property
    def integrated(self) -> float:
        """LUFS of all that was heard; minus infinity for silence and for less than 400 ms."""
        self._hear()
        hops = np.array(self._hops)
        if len(hops) < HOPS:
            return -inf
        power = np.convolve(hops, np.ones(HOPS), "valid") / (HOPS * HOP)
        heard = power[power > _power(ABSOLUTE)]
        if not len(heard):
            return -inf
        gate = _lufs(float(heard.mean())) + RELATIVE
        return _lufs(float(heard[heard > _power(gate)].mean()))


def integrated(blocks: Iterable[Samples]) -> float:
    """LUFS of a soundtrack."""
    meter = Loudness()
    for block in blocks:
        meter.add(block)
    return meter.integrated


def weigh(samples: Signal) -> Signal:
    """Samples [n, 2], n at most FAST, through K-weighting; the first TAPS - 1 lack what came before them."""
    if not samples.any():
        return np.zeros_like(samples)
    heard = np.fft.irfft(np.fft.rfft(samples, FAST, axis=0) * _response()[:, None], FAST, axis=0)
    return np.asarray(heard[: len(samples)])


def peaks(samples: Samples, above: float = 0.0) -> NDArray[np.float32]:
    """The true peak at each sample [n]: the largest of both channels there and at three points before the next one.

    Where neither a sample nor the next exceeds `above`, what lies between them is not looked at.
    """
    largest: NDArray[np.float32] = np.abs(samples).max(axis=1)
    near = np.flatnonzero(np.maximum(largest, np.append(largest[1:], 0.0)) > above)
    padded = np.pad(samples, ((REACH - 1, REACH), (0, 0)))
    for channel in range(samples.shape[1]):
        around = sliding_window_view(padded[:, channel], 2 * REACH)[near]
        largest[near] = np.maximum(largest[near], np.abs(around @ _between()).max(axis=1, initial=0.0))
    return largest


@lru_cache
def _response() -> NDArray[np.complex128]:
    """K-weighting's frequency response, from the impulse response cut at TAPS."""
    z = np.exp(-2j * np.pi * np.arange(FAST // 2 + 1) / FAST)
    whole = np.ones_like(z)
    for above, below in (SHELF, HIGH_PASS):
        whole *= np.polyval(above[::-1], z) / np.polyval(below[::-1], z)
    impulse = np.fft.irfft(whole, FAST)
    impulse[TAPS:] = 0.0
    return np.fft.rfft(impulse)


@lru_cache
def _between() -> NDArray[np.float32]:
    """Weights [2 REACH, 3] of the samples around for a quarter, a half and three quarters of the way to the next."""
    parts = np.arange(1, OVERSAMPLING) / OVERSAMPLING
    distance = np.arange(1 - REACH, REACH + 1)[:, None] - parts
    kernels = np.sinc(distance) * np.cos(np.pi * distance / (2 * REACH)) ** 2
    return np.asarray(kernels / kernels.sum(axis=0), np.float32)


def _lufs(power: float) -> float:
    return OFFSET + 10 * log10(power)


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - OFFSET) / 10))
