"""Single sounds of a place, each at a time of its own: birds, crickets, an owl, gulls, hens, bells, drips, a clock.

A layer's time is cut into slots; what is heard in a slot is drawn from the slot's number, so that any stretch of the
film can be made alone. Every sound is a sum of sines or a burst of noise, written from what its kind is known for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from storyforge.film.sound.chunks import CHUNK, randomness
from storyforge.film.sound.source import RATE, Samples

Random = np.random.Generator
Wave = NDArray[np.float64]


@dataclass(frozen=True)
class Caller:
    """Who is heard: up to `most` times in each `slot` seconds, each with `chance`; none lasts over `longest` seconds.

    even: at the slot's start and always alike, as a clock; air: the seconds that its echo lasts, 0 for none.
    """

    sound: Callable[[Random], Wave]
    slot: float
    longest: float
    most: int = 1
    chance: float = 1.0
    even: bool = False
    air: float = 0.0


@dataclass(frozen=True)
class Call:
    """One sound: mono samples of RMS about 1 from sample `at` of the film, and its loudness left and right."""

    at: int
    samples: Samples
    left: float
    right: float


def seconds(length: float) -> Wave:
    """The times of the samples of so many seconds."""
    return np.arange(max(1, int(length * RATE)), dtype=np.float64) / RATE


def whistle(length: float, pitches: Sequence[float], overtone: float = 0.1) -> Wave:
    """A tone that glides through pitches in Hz, with a soft start and end."""
    time = seconds(length)
    hertz = np.interp(time / length, np.linspace(0, 1, len(pitches)), pitches)
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    swell = np.sin(np.pi * np.clip(time / length, 0, 1)) ** 1.3
    return np.asarray(swell * (np.sin(phase) + overtone * np.sin(2 * phase)))


def row(sounds: Sequence[tuple[float, Wave]]) -> Wave:
    """Sounds at their seconds, added."""
    out = np.zeros(max(int(at * RATE) + len(sound) for at, sound in sounds))
    for at, sound in sounds:
        out[int(at * RATE) : int(at * RATE) + len(sound)] += sound
    return out


def bird(random: Random) -> Wave:
    """A song of one of four kinds: two notes again and again, a trill, slow flute notes, quick turns."""
    kind, high = int(random.integers(4)), float(random.uniform(0.9, 1.12))
    if kind == 0:
        pair = [whistle(0.13, (4700 * high, 4500 * high)), whistle(0.17, (3500 * high, 3700 * high))]
        return row(
            [(0.36 * turn + 0.17 * part, pair[part]) for turn in range(random.integers(2, 5)) for part in (0, 1)]
        )
    if kind == 1:
        note = whistle(0.055, (5400 * high, 3600 * high))
        return row([(0.082 * turn, note * (0.5 + 0.5 * turn / 12)) for turn in range(random.integers(7, 13))])
    if kind == 2:
        sounds, at = [], 0.0
        for _ in range(random.integers(3, 6)):
            low, length = float(random.uniform(1700, 2500)) * high, float(random.uniform(0.14, 0.3))
            sounds.append((at, whistle(length, (low, low * random.uniform(0.85, 1.25), low), 0.06)))
            at += length + float(random.uniform(0.03, 0.12))
        return row(sounds)
    notes = random.uniform(2700, 5200, (int(random.integers(5, 9)), 3)) * high
    return row([(0.115 * turn, whistle(0.1, pitches)) for turn, pitches in enumerate(notes.tolist())])


def cricket(random: Random) -> Wave:
    """Some seconds of chirps, three or four strokes each, at a pitch between 4 and 5 kHz."""
    hertz, strokes = float(random.uniform(4050, 4950)), int(random.integers(3, 5))
    rate, length = float(random.uniform(2.1, 2.9)), float(random.uniform(2.0, 3.6))
    time = seconds(length)
    within = time * rate % 1 / rate
    stroke = within % 0.027 / 0.018
    pulse = np.where((stroke < 1) & (within < 0.027 * strokes), np.sin(np.pi * np.clip(stroke, 0, 1)) ** 2, 0)
    ends = np.clip(time / 0.4, 0, 1) * np.clip((length - time) / 0.5, 0, 1)
    return np.asarray(pulse * np.sin(2 * np.pi * hertz * time) * ends)


def owl(random: Random) -> Wave:
    """Hoo ... hoo, hoo-hoo, hooo: a breathy tone near 350 Hz that sinks."""
    low = float(random.uniform(310, 370))

    def hoot(length: float) -> Wave:
        tone = whistle(length, (low * 0.97, low * 1.04, low, low * 0.95), 0.05)
        return np.asarray(tone * (1 + 0.12 * np.sin(2 * np.pi * 13 * seconds(length))))

    long = hoot(0.75)
    if random.random() < 0.4:
        return row([(0.0, hoot(0.5)), (1.1, long)])
    return row([(0.0, hoot(0.55)), (1.5, hoot(0.2)), (1.78, hoot(0.22)), (2.1, long)])


def gull(random: Random) -> Wave:
    """Some cries, nasal and gliding down."""
    sounds, at, high = [], 0.0, float(random.uniform(0.85, 1.1))
    for turn in range(int(random.integers(2, 5))):
        length = float(random.uniform(0.32, 0.5)) * (1 - 0.08 * turn)
        time = seconds(length)
        hertz = np.interp(time / length, (0, 0.15, 0.4, 1), np.array((900, 1350, 1250, 820)) * high)
        phase = 2 * np.pi * np.cumsum(hertz) / RATE
        tone = sum(weight * np.sin(part * phase) for part, weight in ((1, 0.6), (2, 1.0), (3, 0.5), (4, 0.2)))
        sounds.append((at, np.sin(np.pi * time / length) ** 0.8 * tone))
        at += length + float(random.uniform(0.12, 0.3))
    return row(sounds)


def hen(random: Random) -> Wave:
    """Clucks, sometimes with a long one at the end."""
    low, sounds, at = float(random.uniform(380, 470)), [], 0.0

    def cluck(length: float, glide: tuple[float, ...]) -> Wave:
        time = seconds(length)
        phase = 2 * np.pi * np.cumsum(np.interp(time / length, np.linspace(0, 1, len(glide)), glide)) / RATE
        tone = sum(np.exp(-(((part * low - 1150) / 500) ** 2)) * np.sin(part * phase) for part in range(1, 8))
        return np.asarray(np.clip(time / 0.008, 0, 1) * np.exp(-3.5 * time / length) * tone)

    for _ in range(int(random.integers(2, 6))):
        sounds.append((at, cluck(0.11, (low * 1.1, low * 0.85))))
        at += float(random.uniform(0.2, 0.5))
    if random.random() < 0.3:
        sounds.append((at, cluck(0.55, (low, low * 1.5, low * 1.35))))
    return row(sounds)


def bell(random: Random) -> Wave:
    """A church bell far off: its hum, prime, tierce, quint and nominal, struck one to three times."""
    low = 311.0
    time = seconds(3.4)
    partials = ((0.5, 0.5, 1.6), (1, 0.8, 1.1), (1.19, 0.6, 0.9), (1.5, 0.25, 0.6), (2, 0.7, 0.55), (2.74, 0.12, 0.3))
    stroke = sum(loud * np.exp(-time / fall) * np.sin(2 * np.pi * low * part * time) for part, loud, fall in partials)
    stroke *= np.clip(time / 0.012, 0, 1) * np.clip((3.4 - time) / 0.5, 0, 1)
    return row([(1.7 * turn, stroke) for turn in range(int(random.integers(1, 4)))])


def drip(random: Random) -> Wave:
    """A drop into still water: a short tone that rises as its bubble closes."""
    low, length = float(random.uniform(700, 1700)), 0.09
    time = seconds(length)
    phase = 2 * np.pi * np.cumsum(low * (1 + 5 * time)) / RATE
    return np.asarray(np.clip(time / 0.001, 0, 1) * np.exp(-time / 0.018) * np.sin(phase))


def clock(random: Random) -> Wave:
    """A tick and a tock within a second."""

    def tick(hertz: float) -> Wave:
        time = seconds(0.06)
        ring = np.sin(2 * np.pi * hertz * time) + 0.5 * np.sin(2 * np.pi * hertz * 2.31 * time)
        return np.asarray(np.exp(-time / 0.006) * ring + 0.5 * np.exp(-time / 0.02) * np.sin(2 * np.pi * 210 * time))

    del random  # every second of it is the same
    return row([(0.0, tick(2350.0)), (0.5, 0.85 * tick(1900.0))])


def ember(random: Random) -> Wave:
    """A crack of burning wood."""
    length = float(random.uniform(0.004, 0.016))
    time = seconds(8 * length)
    burst = np.diff(random.standard_normal(len(time)), prepend=0.0)
    return np.asarray(np.exp(-time / length) * burst)


def frog(random: Random) -> Wave:
    """A croak or some: a low rattle through a throat near 900 Hz."""
    rate, low = float(random.uniform(24, 34)), float(random.uniform(700, 1000))
    time = seconds(float(random.uniform(0.25, 0.5)))
    pulse = np.exp(-(time * rate % 1) * 5)
    croak = pulse * np.sin(2 * np.pi * low * time) * np.sin(np.pi * time / time[-1])
    return row([(0.75 * turn, croak) for turn in range(int(random.integers(1, 4)))])


CALLERS: Mapping[str, Caller] = {
    "birds": Caller(bird, slot=3.1, longest=2.6, most=2, chance=0.6, air=0.5),
    "crickets": Caller(cricket, slot=2.6, longest=3.9, most=3, chance=0.75, air=0.15),
    "owl": Caller(owl, slot=11.0, longest=4.6, chance=0.75, air=1.2),
    "gulls": Caller(gull, slot=9.0, longest=4.3, chance=0.6, air=0.7),
    "hens": Caller(hen, slot=7.0, longest=4.0, chance=0.55, air=0.2),
    "bell": Caller(bell, slot=26.0, longest=8.5, chance=0.6, air=1.2),
    "drips": Caller(drip, slot=2.3, longest=2.3, most=2, chance=0.5, air=1.9),
    "clock": Caller(clock, slot=1.0, longest=0.7, even=True, air=0.0),
    "embers": Caller(ember, slot=0.9, longest=0.3, most=3, chance=0.4, air=0.1),
    "frogs": Caller(frog, slot=4.0, longest=3.0, most=2, chance=0.4, air=0.4),
}


def in_air(dry: Wave, lasts: float, random: Random) -> Wave:
    """A sound some way off: itself and a dull echo of so many seconds."""
    if not lasts:
        return dry
    tail = int(lasts * RATE)
    room = random.standard_normal(tail) * np.exp(-6.9 * np.arange(tail) / tail)
    room = np.convolve(room, np.ones(6) / 6, "same")
    room *= 0.75 / np.sqrt(np.sum(room * room))
    room[0] = 1.0
    size = 1 << (len(dry) + tail).bit_length()
    return np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(room, size), size)[: len(dry) + tail]


@lru_cache(maxsize=16)
def calls(layer: str, slot: int) -> tuple[Call, ...]:
    """What is heard of a layer in one slot of its time."""
    caller, out = CALLERS[layer], []
    for number in range(caller.most):
        random = randomness("call", layer, 0 if caller.even else slot, number)
        heard, within, side, loud = random.random(4).tolist()
        if not caller.even and heard >= caller.chance:
            continue
        dry = caller.sound(random)
        dry = dry / np.sqrt(np.mean(dry * dry)) * (1.0 if caller.even else 0.35 + 0.65 * loud)
        wet = in_air(dry, caller.air, random)[: int(caller.longest * RATE)].astype(np.float32)
        angle = np.pi / 4 * (1 + (0.3 if caller.even else 0.75 * (2 * side - 1)))
        at = int((slot + (0.0 if caller.even else within)) * caller.slot * RATE)
        out.append(Call(at, wet, float(np.cos(angle)), float(np.sin(angle))))
    return tuple(out)


def called(layer: str, number: int) -> Samples:
    """One chunk of a layer of calls, [2, CHUNK]; each call has an RMS of 0.35 to 1 while it lasts."""
    out = np.zeros((2, CHUNK), np.float32)
    start, caller = number * CHUNK, CALLERS[layer]
    reach = caller.longest + caller.slot
    for slot in range(int((start / RATE - reach) // caller.slot), int((start + CHUNK) / RATE // caller.slot) + 1):
        for call in calls(layer, slot):
            low, high = max(start, call.at), min(start + CHUNK, call.at + len(call.samples))
            if low < high:
                part = call.samples[low - call.at : high - call.at]
                out[0, low - start : high - start] += np.float32(call.left) * part
                out[1, low - start : high - start] += np.float32(call.right) * part
    return out
