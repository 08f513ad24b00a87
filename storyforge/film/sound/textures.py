"""Sounds without events: wind, water, rain, rooms; noise with a spectrum, moved slowly by what moves such sounds.

Noise with a spectrum is made whole, as one period of some seconds, from random phases (a sum of sines that fits the
period has no seam); what the ear would know again, gusts and waves, is addressed by time and never comes twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from storyforge.film.sound.chunks import CHUNK, controls, randomness, smooth
from storyforge.film.sound.source import RATE, Samples, decibels

PERIOD = 1 << 18  # samples of smooth noise: 5.5 seconds
GRAINED = 1 << 19  # of noise made of drops or bubbles, which one hears come back: 10.9 seconds
LOOPS = 16  # periods kept in memory, 2 to 4 MB each

DROP = 0.03  # seconds in which a drop or bubble rises through ten times its pitch
PEAK = 6.0  # times the RMS: what noise does not go over

Times = NDArray[np.float64]  # seconds of the film
Curve = tuple[tuple[float, float], ...]  # (Hz, dB), straight lines over the logarithm of the frequency
Motion = Callable[[str, Times], Times]  # (name, seconds) -> gain


@dataclass(frozen=True)
class Part:
    """Noise of one spectrum: `level` in dB within its texture, `width` 0 (mono) .. 1 (left and right unrelated).

    grains: drops a second where it is made of drops; motion: its gain over time, None where it is steady.
    """

    curve: Curve
    level: float = 0.0
    width: float = 0.8
    grains: float | None = None
    motion: Motion | None = None


@lru_cache(maxsize=4096)
def _lot(name: str, slot: int) -> tuple[float, ...]:
    """Four numbers 0..1 that belong to a slot of time."""
    return tuple(randomness(name, slot).random(4).tolist())


def drift(name: str, seconds: Times, every: float) -> Times:
    """A slow wandering between 0 and 1 that has a new goal `every` so many seconds."""
    place = seconds / every
    slots = np.floor(place).astype(int)
    low, high = int(slots.min()), int(slots.max()) + 2
    goals = np.array([_lot(name, slot)[0] for slot in range(low, high)])
    part = place - slots
    part = part * part * (3 - 2 * part)
    return np.asarray(goals[slots - low] * (1 - part) + goals[slots - low + 1] * part)


def gusts(name: str, seconds: Times, every: float = 3.1, floor: float = 0.25, sharp: float = 2.0) -> Times:
    """Wind that comes and goes: never under `floor`, the sharper the rarer its gusts."""
    wandering = 0.7 * drift(name, seconds, every) + 0.3 * drift(name + " quick", seconds, every / 3.7)
    return floor + (1 - floor) * wandering**sharp


def surge(name: str, seconds: Times, every: float, late: float, fall: float, floor: float) -> Times:
    """Waves: one in each slot of `every` seconds, not quite regular; heard `late`, gone after `fall` seconds."""
    out = np.full_like(seconds, floor)
    slots = np.floor(seconds / every).astype(int)
    for slot in range(int(slots.min()) - 2, int(slots.max()) + 1):
        begins, loud, rise, long = _lot("wave", slot)
        since = seconds - (slot + 0.45 * begins) * every - late
        rises = 1.2 + 1.1 * rise
        up = np.clip(since / rises, 0, 1)
        down = np.exp(-np.maximum(since - rises, 0) / (fall * (0.75 + 0.5 * long)))
        out += (0.45 + 0.55 * loud) * up * up * (3 - 2 * up) * down
    return out


BREAKER = partial(surge, every=7.3, late=0.0, fall=1.5, floor=0.12)
WASH = partial(surge, every=7.3, late=1.0, fall=1.9, floor=0.07)
LAP = partial(gusts, every=0.9, floor=0.1, sharp=2.5)
GUSTY = partial(gusts, every=2.7)
SLOW = partial(gusts, every=6.0, floor=0.5, sharp=1.0)

TEXTURES: Mapping[str, tuple[Part, ...]] = {
    "waves": (
        Part(((30, -12), (90, 0), (300, -6), (900, -20), (3000, -40)), 0, 0.6, motion=BREAKER),
        Part(((150, -30), (500, -6), (1200, 0), (4000, -8), (12000, -26)), -5, 1.0, motion=WASH),
    ),
    "breeze": (
        Part(((40, -14), (120, 0), (400, -8), (1500, -26), (6000, -50)), 0, 0.7, motion=partial(gusts, every=4.3)),
        Part(((300, -20), (700, 0), (1400, -12), (5000, -34)), -9, 1.0, motion=partial(gusts, every=3.1, floor=0.1)),
    ),
    "gale": (
        Part(((35, -8), (90, 0), (280, -5), (1200, -22), (5000, -44)), 0, 0.7, motion=partial(gusts, every=2.9)),
        Part(((250, -24), (480, 0), (620, -6), (1100, -22)), -7, 0.9, motion=partial(gusts, every=2.3, floor=0.08)),
        Part(((600, -30), (880, 0), (960, 0), (1500, -30)), -15, 1.0,
             motion=partial(gusts, every=1.9, floor=0.0, sharp=4.0)),
    ),
    "desert": (
        Part(((50, -18), (170, 0), (420, -4), (900, -20), (4000, -46)), 0, 0.6, motion=partial(gusts, every=5.3)),
        Part(((3000, -26), (6000, 0), (11000, -6)), -16, 1.0, motion=partial(gusts, every=4.1, floor=0.05, sharp=3.0)),
    ),
    "hush": (Part(((40, -6), (110, 0), (260, -8), (600, -26), (2000, -50)), 0, 0.6, motion=SLOW),),
    "draught": (Part(((40, -10), (130, 0), (330, -8), (700, -24), (2500, -52)), 0, 0.5, motion=GUSTY),),
    "leaves": (
        Part(((700, -24), (2200, -4), (4500, 0), (9000, -10), (15000, -30)), 0, 1.0, 2400,
             motion=partial(gusts, every=3.7, floor=0.15)),
        Part(((60, -12), (160, 0), (500, -16), (2000, -40)), -6, 0.7, motion=partial(gusts, every=4.9)),
    ),
    "rain": (
        Part(((300, -24), (1200, -6), (4000, 0), (9000, -4), (16000, -20)), 0, 1.0, motion=SLOW),
        Part(((500, -30), (1800, -4), (3600, 0), (8000, -12)), -3, 1.0, 140),
    ),
    "downpour": (
        Part(((80, -16), (400, -8), (1500, -2), (5000, 0), (10000, -5), (16000, -18)), 0, 1.0,
             motion=partial(gusts, every=4.1, floor=0.55, sharp=1.0)),
        Part(((300, -24), (1000, 0), (3000, -4), (8000, -14)), -6, 1.0, 320),
    ),
    "roof": (
        Part(((70, -14), (220, 0), (700, -6), (2000, -18), (6000, -40)), 0, 0.8, motion=SLOW),
        Part(((150, -20), (420, 0), (900, -6), (2400, -22)), -2, 1.0, 60),
    ),
    "stream": (
        Part(((200, -20), (600, -3), (1500, 0), (4000, -10), (10000, -30)), 0, 0.9, motion=SLOW),
        Part(((250, -16), (500, 0), (1100, -2), (2200, -14)), 1, 1.0, 70),
    ),
    "lapping": (
        Part(((120, -16), (350, 0), (800, -4), (2200, -20), (7000, -44)), 0, 0.9, motion=LAP),
        Part(((250, -18), (520, 0), (1200, -8), (3000, -26)), -4, 1.0, 14, motion=LAP),
    ),
    "city": (
        Part(((35, -8), (70, 0), (180, -5), (600, -18), (2500, -38), (9000, -60)), 0, 0.6, motion=SLOW),
        Part(((120, -14), (380, 0), (1000, -6), (2600, -22)), -7, 0.9,
             motion=partial(gusts, every=5.7, floor=0.05, sharp=3.5)),
    ),
    "room": (Part(((30, -2), (80, 0), (250, -12), (1000, -28), (4000, -40), (12000, -52)), 0, 0.5),),
    "hall": (Part(((30, -4), (90, 0), (200, -6), (420, -14), (1500, -34), (8000, -54)), 0, 0.9, motion=SLOW),),
    "cave": (
        Part(((30, -4), (62, 0), (120, -10), (185, -4), (300, -20), (1200, -40)), 0, 0.8, motion=SLOW),
        Part(((500, -30), (1500, 0), (4000, -12)), -20, 1.0, 3.0),
    ),
    "fire": (
        Part(((40, -10), (90, 0), (240, -8), (900, -24), (4000, -40)), 0, 0.5,
             motion=partial(gusts, every=0.7, floor=0.5, sharp=1.0)),
        Part(((900, -24), (3000, 0), (9000, -3), (16000, -14)), -5, 0.7, 22),
    ),
}  # fmt: skip


def scatter(hertz: Times) -> NDArray[np.complex64]:
    """Phases that turn a click into a short rising tone, as a bubble that closes: low tones first, DROP a decade."""
    late = DROP * np.log10(np.maximum(hertz, 50) / 50)
    return np.asarray(np.exp(-2j * np.pi * np.cumsum(late) * (hertz[2] - hertz[1])), np.complex64)


def tamed(noise: Samples) -> Samples:
    """Noise of RMS about 1 without its rarest peaks."""
    high = np.float32(PEAK) * np.sqrt(np.mean(noise * noise))
    return np.asarray(np.tanh(noise / high) * np.float32(PEAK))


def ear(hertz: Times) -> Times:
    """How much of the power at a frequency counts (K weighting of ITU-R BS.1770, roughly): less below 60 Hz."""
    return (hertz**2 / (hertz**2 + 60**2)) ** 2 * (1 + 1.5 * hertz**2 / (hertz**2 + 1500**2))


@lru_cache(maxsize=LOOPS)
def loop(name: str, index: int) -> Samples:
    """One period of a part of a texture, [2, period]; its RMS is 1 as the ear hears it."""
    part = TEXTURES[name][index]
    period = PERIOD if part.grains is None else GRAINED
    random = randomness("texture", name, index)
    hertz = np.maximum(np.fft.rfftfreq(period, 1 / RATE), 1.0)
    level = np.interp(np.log2(hertz), [np.log2(at) for at, _ in part.curve], [value for _, value in part.curve])
    ends = np.clip(hertz / part.curve[0][0], 0, 1) * np.clip(part.curve[-1][0] / hertz, 0, 1) ** 2
    gain = (10 ** (level / 20) * ends).astype(np.float32)
    if part.grains is None:
        phases = random.standard_normal((2, 2, len(hertz)), dtype=np.float32)
        spectra = gain * (phases[0] + 1j * phases[1])
    else:
        drops = np.zeros((2, period), np.float32)
        count = int(part.grains * period / RATE)
        for side in drops:  # the loudness of drops is far from even: few are near
            np.add.at(side, random.integers(0, period, count), random.lognormal(0, 0.8, count).astype(np.float32))
        spectra = gain * scatter(hertz) * np.fft.rfft(drops)
    spectra[:, 0] = 0
    share = np.sqrt(np.sum(np.abs(spectra) ** 2 * ear(hertz), axis=1) / np.sum(np.abs(spectra) ** 2, axis=1))
    middle, side = (
        tamed(noise) / np.float32(heard)
        for noise, heard in zip(np.fft.irfft(spectra, period).astype(np.float32), share, strict=True)
    )
    angle = part.width * np.pi / 4
    about, across = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    return np.stack([about * middle + across * side, about * middle - across * side])


@lru_cache(maxsize=256)
def loudness(name: str, index: int) -> float:
    """What a part is multiplied by, so that the parts together have an RMS of 1 over minutes."""
    seconds = np.arange(0, 240, 0.25)

    def power(number: int) -> float:
        motion = TEXTURES[name][number].motion
        return 1.0 if motion is None else float(np.mean(motion(f"{name} {number}", seconds) ** 2))

    parts = TEXTURES[name]
    total = sum(decibels(part.level) ** 2 for part in parts)
    return decibels(parts[index].level) / float(np.sqrt(total * power(index)))


def texture(name: str, number: int) -> Samples:
    """One chunk of a texture, [2, CHUNK], with an RMS of 1 over minutes."""
    out = np.zeros((2, CHUNK), np.float32)
    for index, part in enumerate(TEXTURES[name]):
        noise = loop(name, index)
        start = number * CHUNK % noise.shape[1]  # a period is a whole number of chunks
        gain = np.float32(loudness(name, index))
        if part.motion is None:
            out += noise[:, start : start + CHUNK] * gain
        else:
            out += noise[:, start : start + CHUNK] * (
                smooth(part.motion(f"{name} {index}", controls(number) / RATE)) * gain
            )
    return out
