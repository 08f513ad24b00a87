"""A vocal tract: control tracks to samples, by a source and a filter (Fant 1960; a cascade of formants, Klatt 1980)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from storyforge.film.sound.source import RATE, Samples

Track = NDArray[np.float64]

HOP = RATE // 200  # samples between values of a control track
_EVERY = 2  # a filter holds for so many hops,
_WINDOW = 2 * _EVERY * HOP  # in windows that overlap by half and add up to 1
_FFT = 2048  # a window and 22 ms of ringing after it
_TOP = 9_000.0  # Hz: the voice has nothing above
_BINS = 500  # of the FFT that are kept: up to 11.7 kHz
_HERTZ = (np.arange(_BINS) * RATE / _FFT).astype(np.float32)
_TABLE = 4096
_EVENED = 0.8  # of the differences in loudness between vowels is taken away
_BREATH, _HISS = 0.12, 1.7  # of noise beside the throat's tone
_CHUNK = 64  # windows filtered at a time


@dataclass(frozen=True)
class Score:
    """What a mouth does, a value every HOP samples.

    pitch: Hz. formants: Hz, [n, 4]. voice, breath, hiss: how strong the throat's tone, its breath and the noise of
    teeth and lips are, 0..1. hiss_at: the noise's middle, Hz. bright: dB an octave of the tone, as it leaves the lips.
    """

    pitch: Track
    formants: NDArray[np.float64]
    voice: Track
    breath: Track
    hiss: Track
    hiss_at: Track
    bright: float

    def __len__(self) -> int:
        return len(self.pitch)


def sing(score: Score, seed: int) -> Samples:
    """The samples of a score, float32 [(len(score) - 1) * HOP], unscaled; noise follows from the seed."""
    samples, half = (len(score) - 1) * HOP, _WINDOW // 2
    out = np.zeros(samples + _WINDOW + _FFT, np.float32)
    noise = np.random.default_rng(seed).standard_normal(samples, np.float32)
    slope = _slope(score)
    even = _evened(score, slope)
    throat = _pulses(score, slope) * _drawn(score.voice * even) + noise * _drawn(score.breath * even) * np.float32(
        _BREATH
    )
    teeth = noise * _drawn(score.hiss * _HISS)
    for part, strength, track, shape in (
        (throat, score.voice + score.breath, score.formants, _resonances),
        (teeth, score.hiss, score.hiss_at, _band),
    ):
        windows = _sounding(strength)
        shapes = track[np.minimum(windows * _EVERY, len(track) - 1)]
        _filter(np.pad(part, (half, _WINDOW)), windows, shapes, shape, out)
    return out[half : half + samples]


def _sounding(strength: Track) -> NDArray[np.int64]:
    """Numbers of the windows in which a track is not silent; window n has value n * _EVERY in its middle."""
    windows = (len(strength) - 1) // _EVERY + 2
    padded = np.pad(strength, (_EVERY, windows * _EVERY))
    return np.flatnonzero(sliding_window_view(padded, 2 * _EVERY + 1)[: windows * _EVERY : _EVERY].max(1) > 0)


def _filter(
    part: Samples, windows: NDArray[np.int64], shapes: Track, shape: Callable[[Track], NDArray[Any]], out: Samples
) -> None:
    """Add some windows of a part to `out`, each through the filter that `shape` makes of its row of `shapes`."""
    hann = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    cut = sliding_window_view(part, _WINDOW)[:: _WINDOW // 2]
    for first in range(0, len(windows), _CHUNK):
        some = windows[first : first + _CHUNK]
        spectrum = np.fft.rfft(cut[some] * hann, _FFT)
        spectrum[:, :_BINS] *= shape(shapes[first : first + _CHUNK])
        spectrum[:, _BINS:] = 0
        for window, ringing in zip(some, np.fft.irfft(spectrum, _FFT), strict=True):
            start = window * (_WINDOW // 2)
            out[start : start + _FFT] += ringing


def _drawn(track: Track) -> Samples:
    """A control track drawn through every sample."""
    between = (np.arange(HOP, dtype=np.float32) + np.float32(0.5)) / np.float32(HOP)
    values = track.astype(np.float32)
    return (values[:-1, None] + np.diff(values)[:, None] * between).reshape(-1)


def _slope(score: Score) -> Track:
    """How strong each harmonic of the throat's tone is before the filter; as many as fit below _TOP; power 1."""
    count = max(2, int(_TOP / score.pitch.max()))
    harmonics = np.arange(1, count + 1)
    strength = harmonics ** (score.bright / 6.02)
    strength *= np.minimum(1, 2 * (1 - harmonics * score.pitch.mean() / (1.25 * _TOP)).clip(0))
    return np.asarray(strength / np.sqrt(np.square(strength).sum() / 2))


def _evened(score: Score, slope: Track) -> Track:
    """A gain for each value of a score that makes vowels nearly equally loud, whatever harmonic meets a formant.

    The power of the tone behind the formants, harmonic by harmonic.
    """
    at = slice(None, None, _EVERY)
    hertz = score.pitch[at, None] * np.arange(1, len(slope) + 1)
    power = np.square(slope) / 2
    for number in range(score.formants.shape[1]):
        formant = score.formants[at, number, None]
        power = power * formant**4 / ((formant**2 - hertz**2) ** 2 + (hertz * _width(formant)) ** 2)
    gain = power.sum(1) ** (-0.5 * _EVENED)
    return np.asarray(np.interp(np.arange(len(score)), np.arange(len(gain)) * _EVERY, gain))


def _pulses(score: Score, slope: Track) -> Samples:
    """The throat's tone before the filter: a wave table of all its harmonics, read at the pitch."""
    spectrum = np.zeros(_TABLE // 2 + 1, np.complex128)
    spectrum[1 : len(slope) + 1] = -0.5j * slope * _TABLE
    table = np.fft.irfft(spectrum, _TABLE)
    table = np.append(table, table[0]).astype(np.float32)
    turns = np.cumsum(_drawn(score.pitch).astype(np.float64) / RATE)
    place = (turns - np.floor(turns)) * _TABLE
    below = place.astype(np.int64)
    part = (place - below).astype(np.float32)
    return np.asarray(table[below] * (1 - part) + table[below + 1] * part)


def _width(formant: NDArray[Any]) -> NDArray[Any]:
    """Bandwidths of formants, Hz."""
    return np.asarray(60 + formant * formant.dtype.type(0.06))


def _resonances(formants: Track) -> NDArray[np.complex64]:
    """The cascade of formants [windows, 4] over the lower bins of _FFT: complex64 [windows, _BINS]; 1 at 0 Hz."""
    product = np.ones((len(formants), _BINS), np.complex64)
    for number in range(formants.shape[1]):
        at = formants[:, number, None].astype(np.float32)
        product *= at**2 / (at**2 - _HERTZ**2 + np.complex64(1j) * _HERTZ * _width(at))
    return product


def _band(middle: Track) -> NDArray[np.float32]:
    """Soft bands of noise, two thirds of an octave wide, around `middle` [windows] Hz: float32 [windows, _BINS]."""
    away = np.log2(np.maximum(_HERTZ, 1)) - np.log2(middle.astype(np.float32))[:, None]
    return np.asarray(np.exp(-0.5 * (away / np.float32(0.33)) ** 2))
