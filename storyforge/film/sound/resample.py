"""Resampling: a recording at another rate, or in less time at the same pitch."""

from math import gcd

import numpy as np

from storyforge.film.sound.source import RATE, Samples

_FRAME, _STEP = RATE // 40, RATE // 80  # samples: frames of 25 ms that overlap by half
_REACH = RATE // 130  # samples: how far a frame may move to meet the one before; a period of a low voice


def resampled(samples: Samples, rate: int) -> Samples:
    """Samples [n] at `rate` as samples at RATE: float32 [round(n * RATE / rate)], exact below the lower half rate.

    By the discrete Fourier transform of the whole, with silence behind it so that its end does not reach its beginning.
    """
    if rate == RATE or not len(samples):
        return samples.astype(np.float32)
    common = gcd(rate, RATE)
    steps = 1 << (-(-len(samples) // (rate // common))).bit_length()  # a length that both rates and the FFT like
    size, made = steps * (rate // common), steps * (RATE // common)
    spectrum = np.fft.rfft(samples, size)[: made // 2 + 1]
    return np.asarray(np.fft.irfft(spectrum, made)[: round(len(samples) * RATE / rate)] * (made / size), np.float32)


def hurried(samples: Samples, length: int) -> Samples:
    """Speech [n] in fewer samples, at the same pitch: float32 [length] (WSOLA, Verhelst and Roelands 1993)."""
    if len(samples) <= length:
        return np.pad(samples, (0, length - len(samples)))
    quick = len(samples) / max(1, length)
    window = np.hanning(_FRAME + 1)[:-1].astype(np.float32)
    source = np.pad(samples, (_REACH, _FRAME + _STEP + _REACH))
    out = np.zeros(length + _FRAME, np.float32)
    out[:_STEP] = source[_REACH : _REACH + _STEP] * window[_STEP:]
    follow = source[_REACH : _REACH + _FRAME]  # what would come next if nothing were left out
    for start in range(0, length, _STEP):
        about = min(round(start * quick), len(samples))
        near = source[about : about + _FRAME + 2 * _REACH]
        at = about + int(np.argmax(np.correlate(near, follow, "valid")))
        out[start : start + _FRAME] += source[at : at + _FRAME] * window
        follow = source[at + _STEP : at + _STEP + _FRAME]
        follow = np.pad(follow, (0, _FRAME - len(follow)))
    return out[:length]
