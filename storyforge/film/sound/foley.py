"""Foley: how each kind of effect is made, from shaped noise, falling tones and knocks."""

from collections.abc import Callable
from functools import partial
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from storyforge.film.sound.source import RATE, Samples

Doubles = NDArray[np.float64]
Random = np.random.Generator

_SPEED = 343.0  # metres a second
LONGEST = 9 * RATE  # samples: no effect is longer


def foley(kind: str, variant: int) -> Samples:
    """One effect of a known kind: float32 [n] or [n, 2], its loudest sample as loud as its kind is."""
    make, loud = KINDS[kind]
    random = np.random.default_rng(crc32(f"{kind} {variant}".encode()))
    made = make(random)
    made = made / np.abs(made).max() * loud * 10 ** (random.uniform(-1.5, 0) / 20)
    edge = min(len(made) // 4, RATE // 20)
    fade = np.ones(len(made))
    fade[-edge:] = 0.5 + 0.5 * np.cos(np.pi * np.linspace(0, 1, edge))
    fade[: RATE // 500] = 0.5 - 0.5 * np.cos(np.pi * np.linspace(0, 1, RATE // 500))
    return np.asarray((made.T * fade).T, np.float32)


def _noise(random: Random, seconds: float, middle: float, octaves: float = 1.0) -> Doubles:
    """Noise around `middle` Hz, `octaves` wide at half its strength or so, root mean square 1."""
    count = int(seconds * RATE)
    size = 1 << (count - 1).bit_length()
    hertz = np.maximum(np.fft.rfftfreq(size, 1 / RATE), 1)
    shape = np.exp(-0.5 * (np.log2(hertz / middle) / (0.5 * octaves)) ** 2) / (1 + (hertz / 11_000) ** 16)
    spectrum = shape * np.exp(2j * np.pi * random.random(len(hertz)))
    noise = np.fft.irfft(spectrum, size)[:count]
    return np.asarray(noise / noise.std())


def _decay(seconds: float, attack: float, half: float) -> Doubles:
    """An envelope that rises for `attack` seconds, and halves every `half` seconds."""
    time = np.arange(int(seconds * RATE)) / RATE
    rise = np.sin(np.pi / 2 * np.minimum(1, time / attack)) ** 2
    return np.asarray(rise * 0.5 ** (time / half))


def _tone(seconds: float, begin: float, end: float, fall: float) -> Doubles:
    """A tone from `begin` to `end` Hz, halfway after `fall` seconds."""
    time = np.arange(int(seconds * RATE)) / RATE
    hertz = end + (begin - end) * 0.5 ** (time / fall)
    return np.asarray(np.sin(2 * np.pi * np.cumsum(hertz) / RATE))


def _knock(random: Random, seconds: float, modes: tuple[tuple[float, float, float], ...]) -> Doubles:
    """Something struck: modes of (Hz, half-life in seconds, strength), each a little out of tune."""
    return sum(
        (
            strength * _tone(seconds, hertz, hertz * random.uniform(0.97, 1.03), 0.02) * _decay(seconds, 0.002, half)
            for hertz, half, strength in modes
        ),
        start=np.zeros(int(seconds * RATE)),
    )


def _grains(random: Random, seconds: float, count: int, middle: float, half: float, octaves: float = 1.2) -> Doubles:
    """Crunching: many short bursts of one noise, thicker at first."""
    time = np.arange(int(seconds * RATE)) / RATE
    envelope = np.zeros(len(time))
    for begin in np.sort(random.beta(1.2, 2.2, count)) * (seconds - 0.03):
        since = time - begin
        rise = np.sin(np.pi / 2 * np.clip(since / 0.0015, 0, 1)) ** 2
        envelope += random.uniform(0.2, 1.0) * rise * 0.5 ** (np.maximum(since, 0) / half)
    return _noise(random, seconds, middle * random.uniform(0.9, 1.1), octaves) * envelope


def _mixed(*parts: Doubles) -> Doubles:
    """Parts that begin together, as long as the longest."""
    out = np.zeros(max(map(len, parts)))
    for part in parts:
        out[: len(part)] += part
    return out


def _later(part: Doubles, seconds: float) -> Doubles:
    return np.pad(part, (int(seconds * RATE), 0))


def _thump(random: Random, hertz: float, half: float) -> Doubles:
    """The low part of something soft that lands."""
    pitch = hertz * random.uniform(0.92, 1.08)
    return _tone(0.22, 1.7 * pitch, 0.8 * pitch, 0.02) * _decay(0.22, 0.004, half)


def _step(random: Random, surface: str = "") -> Doubles:
    """Heel, then toe, on a surface."""
    toe = random.uniform(0.05, 0.08)
    soft = _thump(random, 85, 0.022)
    if surface == "snow":
        press = _grains(random, 0.2, 46, 2400, 0.006)
        return _mixed(0.5 * soft, 0.75 * press, _later(0.4 * _grains(random, 0.14, 30, 3000, 0.005), toe))
    if surface == "sand":
        return _mixed(0.7 * soft, 0.3 * _noise(random, 0.18, 1300, 2.4) * _decay(0.18, 0.02, 0.035))
    if surface == "leaves":
        return _mixed(
            0.5 * soft,
            0.8 * _grains(random, 0.24, 26, 4200, 0.004),
            _later(0.5 * _grains(random, 0.2, 18, 3500, 0.005), toe),
        )
    if surface == "wood":
        board = _knock(random, 0.22, ((170, 0.03, 1.0), (330, 0.02, 0.6), (610, 0.011, 0.35), (1150, 0.006, 0.15)))
        return _mixed(
            board, _later(0.45 * board, toe), 0.06 * _noise(random, 0.08, 1800, 2) * _decay(0.08, 0.004, 0.012)
        )
    if surface == "stone":
        tap = _knock(random, 0.12, ((210, 0.014, 0.8), (940, 0.006, 0.4), (1900, 0.004, 0.25)))
        grit = 0.12 * _noise(random, 0.1, 3000, 2) * _decay(0.1, 0.004, 0.014)
        return _mixed(tap, grit, _later(0.5 * tap + 0.4 * np.pad(grit, (0, len(tap) - len(grit))), toe))
    grass = 0.16 * _noise(random, 0.16, 1900, 2.6) * _decay(0.16, 0.012, 0.024)
    return _mixed(soft, grass, _later(0.7 * grass, toe))


# Each kind: how it is made, and its loudest sample
KINDS: dict[str, tuple[Callable[[Random], Doubles], float]] = {
    "step": (_step, 0.12),
    "step-leaves": (partial(_step, surface="leaves"), 0.14),
    "step-sand": (partial(_step, surface="sand"), 0.11),
    "step-snow": (partial(_step, surface="snow"), 0.14),
    "step-stone": (partial(_step, surface="stone"), 0.13),
    "step-wood": (partial(_step, surface="wood"), 0.15),
}
