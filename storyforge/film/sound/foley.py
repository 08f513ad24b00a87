"""Foley: how each kind of effect is made, from shaped noise, falling tones and knocks."""

from collections.abc import Callable
from functools import partial
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from storyforge.film.sound.source import RATE, Samples, decibels

Doubles = NDArray[np.float64]
Random = np.random.Generator

LONGEST = 9 * RATE  # samples: no effect is longer


def foley(kind: str, variant: int) -> Samples:
    """One effect of a known kind: float32 [n] or [n, 2], its loudest sample as loud as its kind is."""
    make, loud = KINDS[kind]
    random = np.random.default_rng(crc32(f"{kind} {variant}".encode()))
    made = make(random)
    made = made / np.abs(made).max() * loud * decibels(random.uniform(-1.5, 0))
    edge = min(len(made) // 4, RATE // 20)
    fade = np.ones(len(made))
    fade[-edge:] = 0.5 + 0.5 * np.cos(np.pi * np.linspace(0, 1, edge))
    fade[: RATE // 500] = 0.5 - 0.5 * np.cos(np.pi * np.linspace(0, 1, RATE // 500))
    return np.asarray((made.T * fade).T, np.float32)


def _noise(random: Random, seconds: float, middle: float, octaves: float = 1.0) -> Doubles:
    """Noise around `middle` Hz, `octaves` wide where it is about half as strong, root mean square 1."""
    count = round(seconds * RATE)
    size = 1 << (count - 1).bit_length()
    spread = 2 ** (1.75 * octaves)  # beyond, it is 60 dB down
    first, last = int(middle / spread * size / RATE), int(min(middle * spread, 0.4 * RATE) * size / RATE) + 2
    hertz = np.maximum(np.arange(first, last) * RATE / size, 1)
    shape = np.exp(-0.5 * (np.log2(hertz / middle) / (0.5 * octaves)) ** 2) / (1 + (hertz / 11_000) ** 16)
    spectrum = np.zeros(size // 2 + 1, np.complex128)
    spectrum[first:last] = shape * (random.standard_normal((last - first, 2)) @ [1, 1j])
    noise = np.fft.irfft(spectrum, size)[:count]
    return np.asarray(noise / noise.std())


def _decay(seconds: float, attack: float, half: float) -> Doubles:
    """An envelope that rises for `attack` seconds, halves every `half` seconds and is 0 at its end."""
    envelope = np.exp2(np.arange(round(seconds * RATE)) / (-half * RATE))
    rise, close = (max(2, round(time * RATE)) for time in (min(attack, seconds / 2), min(0.02, seconds / 4)))
    envelope[:rise] *= np.sin(np.pi / 2 * np.linspace(0, 1, rise)) ** 2
    envelope[-close:] *= np.sin(np.pi / 2 * np.linspace(1, 0, close)) ** 2
    return np.asarray(envelope)


def _tone(seconds: float, begin: float, end: float, fall: float) -> Doubles:
    """A tone from `begin` to `end` Hz, halfway after `fall` seconds."""
    time = np.arange(round(seconds * RATE)) / RATE
    hertz = end + (begin - end) * 0.5 ** (time / fall)
    return np.asarray(np.sin(2 * np.pi * np.cumsum(hertz) / RATE))


def _knock(random: Random, seconds: float, modes: tuple[tuple[float, float, float], ...]) -> Doubles:
    """Something struck: modes of (Hz, half-life in seconds, strength), each a little out of tune."""
    return sum(
        (
            strength * _tone(seconds, hertz, hertz * random.uniform(0.97, 1.03), 0.02) * _decay(seconds, 0.002, half)
            for hertz, half, strength in modes
        ),
        start=np.zeros(round(seconds * RATE)),
    )


def _grains(random: Random, seconds: float, count: int, middle: float, half: float, octaves: float = 1.2) -> Doubles:
    """Crunching: many short bursts of one noise, thicker at first."""
    grain = _decay(10 * half, 0.0015, half)
    envelope = np.zeros(round(seconds * RATE) + len(grain))
    for begin in (random.beta(1.2, 2.2, count) * (seconds - 0.03) * RATE).astype(int):
        envelope[begin : begin + len(grain)] += random.uniform(0.2, 1.0) * grain
    return _noise(random, len(envelope) / RATE, middle * random.uniform(0.9, 1.1), octaves) * envelope


def _mixed(*parts: Doubles) -> Doubles:
    """Parts that begin together, as long as the longest."""
    out = np.zeros(max(map(len, parts)))
    for part in parts:
        out[: len(part)] += part
    return out


def _later(part: Doubles, seconds: float) -> Doubles:
    return np.pad(part, (round(seconds * RATE), 0))


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


def _land(random: Random) -> Doubles:
    """Both feet at once, after a jump."""
    scuff = 0.2 * _noise(random, 0.2, 1500, 2.6) * _decay(0.2, 0.008, 0.03)
    return _mixed(1.2 * _thump(random, 68, 0.035), scuff, _later(0.4 * _thump(random, 90, 0.02), 0.03))


def _rush(random: Random, seconds: float, begin: float, end: float, top: float) -> Doubles:
    """Air that something moves through: noise that glides from `begin` to `end` Hz, strongest at `top` of its time."""
    time = np.linspace(0, 1, round(seconds * RATE))
    swell = np.where(time < top, time / top, (1 - time) / (1 - top))
    low, high = _noise(random, seconds, begin, 1.4), _noise(random, seconds, end, 1.4)
    return np.asarray(
        np.sin(np.pi / 2 * swell) ** 2 * (low * np.cos(np.pi / 2 * time) + high * np.sin(np.pi / 2 * time))
    )


def _jump(random: Random) -> Doubles:
    """A push off the ground, and air."""
    return _mixed(0.5 * _thump(random, 110, 0.015), 0.25 * _rush(random, 0.24, 350, random.uniform(800, 1000), 0.4))


def _bubble(random: Random) -> Doubles:
    """A bubble that rises: its pitch does, too (Minnaert)."""
    hertz = random.uniform(350, 1100)
    return _tone(0.09, hertz, hertz * random.uniform(1.3, 1.7), 0.03) * _decay(0.09, 0.004, 0.014)


def _splash(random: Random) -> Doubles:
    """Water thrown up, its drops falling back, and bubbles."""
    sheet = 0.5 * _noise(random, 0.7, 1500, 2.6) * _decay(0.7, 0.012, 0.07)
    drops = [
        _later(random.uniform(0.1, 0.4) * _bubble(random), at)
        for at in np.sort(random.beta(1.2, 2.5, 14)) * 0.55 + 0.04
    ]
    spray = _later(0.3 * _grains(random, 0.5, 40, 3600, 0.006), 0.06)
    return _mixed(0.6 * _thump(random, 120, 0.03), sheet, spray, *drops)


def _door(random: Random) -> Doubles:
    """A hinge, then the door falls to and its latch."""
    close = random.uniform(0.42, 0.52)
    time = np.arange(round(close * RATE)) / RATE
    rub = np.cumsum(28 + 30 * time + 5 * np.sin(2 * np.pi * 3 * time)) / RATE
    teeth = (0.5 + 0.5 * np.cos(2 * np.pi * rub)) ** 12 * np.sin(np.pi * time / close) ** 2
    creak = teeth * (_noise(random, close, 720, 0.35) + 0.7 * _noise(random, close, 1250, 0.3))
    thud = _knock(random, 0.5, ((78, 0.05, 1.0), (142, 0.04, 0.8), (265, 0.025, 0.5), (520, 0.015, 0.2)))
    latch = _knock(random, 0.08, ((1450, 0.006, 0.25), (2300, 0.004, 0.15)))
    return _mixed(0.06 * creak, _later(thud, close), _later(latch, close + 0.02), _later(0.6 * latch, close + 0.09))


def _thunder(random: Random) -> Doubles:
    """A crack that rolls away: peals one after another, each lower and duller than the last; [n, 2]."""
    seconds = random.uniform(6.0, 7.5)
    count = round(seconds * RATE)
    peals = np.concatenate([[0.0, 0.12, 0.3], np.sort(random.beta(1.1, 2.0, 7)) * (seconds - 2.0) + 0.5])
    bands = np.zeros((3, count))
    for number, at in enumerate(peals):
        far = number / (len(peals) - 1)
        peal = _decay(seconds - at, 0.015 + 0.25 * far, 0.22 + 0.5 * far) * random.uniform(0.5, 1.0) * (1 - 0.4 * far)
        for band, weight in enumerate((max(0, 1 - 2 * far), 1 - abs(2 * far - 1), max(0, 2 * far - 1))):
            if weight:
                bands[band, count - len(peal) :] += weight * peal
    out = np.zeros((count, 2))
    for envelope, middle in zip(bands, (380.0, 190.0, 100.0), strict=True):
        both, *sides = (_noise(random, seconds, middle, 2.0) for _ in range(3))
        out += np.stack([(both + 0.6 * side) * envelope for side in sides], 1)
    crack = 0.4 * _grains(random, 0.5, 24, 1100, 0.02, 2.2)
    out[: len(crack)] += crack[:, None]
    fade = np.cos(np.pi / 2 * np.clip((np.arange(count) / RATE - seconds + 2) / 2, 0, 1)) ** 2
    return np.asarray(np.tanh(out / 4) * fade[:, None])  # the loudest is rounded, as air does


def _wings(random: Random) -> Doubles:
    """One beat of wings."""
    return _rush(random, random.uniform(0.15, 0.19), 520, 260, 0.3)


def _pop(random: Random) -> Doubles:
    """Something small appears."""
    hertz = random.uniform(380, 460)
    return _tone(0.14, hertz, 2 * hertz, 0.025) * _decay(0.14, 0.006, 0.016)


def _give(random: Random) -> Doubles:
    """Something passes from hand to hand: cloth, and two soft notes a fifth apart."""
    hertz = random.choice([523.25, 587.33, 659.26])
    notes = [_tone(0.5, h, h, 1.0) * _decay(0.5, 0.01, 0.07) for h in (hertz, 1.5 * hertz)]
    return _mixed(0.12 * _rush(random, 0.25, 900, 1500, 0.5), 0.7 * notes[0], _later(0.6 * notes[1], 0.09))


def _page(random: Random) -> Doubles:
    """A page is turned."""
    sweep = _rush(random, 0.34, 2200, 3800, 0.55)
    return _mixed(
        0.5 * sweep, 0.5 * _grains(random, 0.34, 22, 4200, 0.003), _later(0.2 * _thump(random, 160, 0.01), 0.28)
    )


# Each kind: how it is made, and its loudest sample
KINDS: dict[str, tuple[Callable[[Random], Doubles], float]] = {
    "step": (_step, 0.12),
    "step-leaves": (partial(_step, surface="leaves"), 0.14),
    "step-sand": (partial(_step, surface="sand"), 0.11),
    "step-snow": (partial(_step, surface="snow"), 0.14),
    "step-stone": (partial(_step, surface="stone"), 0.13),
    "step-wood": (partial(_step, surface="wood"), 0.15),
    "land": (_land, 0.22),
    "jump": (_jump, 0.09),
    "splash": (_splash, 0.28),
    "door": (_door, 0.35),
    "thunder": (_thunder, 0.1),
    "wings": (_wings, 0.08),
    "pop": (_pop, 0.14),
    "give": (_give, 0.1),
    "page": (_page, 0.12),
}
