"""Sounds for tests: sines, pink noise, clicks; and any array as a Source."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from storyforge.film.sound import RATE, Samples


@dataclass(frozen=True)
class Given:
    """A Source that is an array."""

    samples: Samples

    def block(self, start: int, stop: int) -> Samples:
        return self.samples[start:stop]


def sine(hertz: float, seconds: float, level: float = 0.0, sides: tuple[float, float] = (1, 1)) -> Samples:
    """A sine of `level` dBFS."""
    wave = 10 ** (level / 20) * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)
    return (wave[:, None] * np.array(sides)).astype(np.float32)


def pink(seconds: float, rms: float, seed: int = 1) -> Samples:
    """Pink noise, another on either side, of a root mean square in dBFS."""
    count = round(seconds * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal((count, 2)), axis=0)
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))[:, None]
    spectrum[0] = 0
    wave = np.fft.irfft(spectrum, count, axis=0)
    return (wave * 10 ** (rms / 20) / np.sqrt(np.square(wave).mean())).astype(np.float32)


def silence(seconds: float) -> Samples:
    return np.zeros((round(seconds * RATE), 2), np.float32)


def write_wav(path: Path, samples: Samples, rate: int = RATE) -> Path:
    """16-bit PCM."""
    import wave

    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def heard(path: Path) -> Samples:
    """All the sound of a file, [samples, 2], as players get it."""
    import av

    with av.open(str(path)) as file:
        frames = [frame.to_ndarray() for frame in file.decode(file.streams.audio[0])]
    return np.concatenate(frames, axis=1).T.astype(np.float32)
