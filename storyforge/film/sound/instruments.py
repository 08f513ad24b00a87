"""The score's instruments: one note each, as mono samples, by sums of decaying or held partials; and their room.

A music box's teeth are bars clamped at one end, whose overtones lie at 6.27 and 17.5 times the pitch and die at once;
what rings is nearly a sine, with a little of the box's wood below it (Fletcher and Rossing, The Physics of Musical
Instruments, 2nd ed., 2.16: modes of a clamped bar).
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from storyforge.film.sound.chunks import CHUNK, randomness
from storyforge.film.sound.source import RATE, Samples

GRID = RATE // 16  # lengths of held notes are whole sixteenths of a second, so that notes can be used again
KEPT = 8_000_000  # samples of notes kept: 32 MB
ROOM = 4  # chunks that the room's echo lasts: 1.4 seconds
ROW = 512  # samples of a sine made at once
PERIOD = 192_000  # samples of the strings' period: partials lie on quarters of a hertz
AFTER = 1.1  # seconds in which a pad dies away after its note

Wave = NDArray[np.float64]


def hertz(pitch: int) -> float:
    """The frequency of a pitch, 69 being A at 440 Hz."""
    return float(440 * 2 ** ((pitch - 69) / 12))


def sine(frequency: float, dies: float, count: int) -> Wave:
    """A sine that dies by 60 dB in `dies` seconds: powers of one complex number, as a product of two short rows."""
    rate = (-6.9 / dies + 2j * np.pi * frequency) / RATE
    fine = np.exp(rate * np.arange(ROW))
    coarse = np.exp(rate * ROW * np.arange(-(-count // ROW)))
    return np.asarray((coarse[:, None] * fine).imag.reshape(-1)[:count])


def ringing(pitch: int, partials: tuple[tuple[float, float, float], ...], longest: float, attack: float) -> Wave:
    """Partials (ratio, loudness, seconds to die by 60 dB) struck together and left to ring."""
    out = np.zeros(int(longest * RATE))
    for ratio, loud, dies in partials:
        count = min(len(out), int(1.3 * dies * RATE))
        if hertz(pitch) * ratio < 17_000:
            out[:count] += loud * sine(hertz(pitch) * ratio, dies, count)
    soft, ends = int(attack * RATE), int(0.1 * RATE)
    out[:soft] *= np.arange(soft) / soft
    out[-ends:] *= np.arange(ends, 0, -1) / ends
    return out


def box(pitch: int, length: float) -> Wave:
    """A tooth of a music box: high ones die sooner."""
    del length
    rings = float(np.clip(3.4 * 2 ** ((66 - pitch) / 14), 1.0, 4.2))
    partials = (
        (0.9993, 0.55, rings), (1.0007, 0.45, rings * 0.85), (2.0, 0.10, rings * 0.5), (3.01, 0.05, rings * 0.35),
        (6.27, 0.20, 0.22), (17.55, 0.05, 0.05),
    )  # fmt: skip
    out = ringing(pitch, partials, min(2.6, rings * 0.75), 0.0012)
    click = randomness("pluck", pitch).standard_normal(300) * np.exp(-np.arange(300) / 50)
    out[:300] += 0.05 * click
    return out


def celesta(pitch: int, length: float) -> Wave:
    """A celesta's steel bar over its wooden box: softer than the music box, and shorter."""
    del length
    rings = float(np.clip(1.9 * 2 ** ((72 - pitch) / 18), 0.7, 2.4))
    partials = ((1.0, 1.0, rings), (2.001, 0.06, rings * 0.6), (4.0, 0.14, rings * 0.3), (10.2, 0.04, 0.06))
    return 0.9 * ringing(pitch, partials, min(1.8, rings), 0.003)


def bass(pitch: int, length: float) -> Wave:
    """A plucked string, low and round."""
    del length
    partials = tuple((float(n), 1 / n**1.25, 2.2 / n**0.7) for n in range(1, 9))
    return 0.8 * ringing(pitch, partials, 1.8, 0.004)


def pluck(pitch: int, length: float) -> Wave:
    """A string plucked and damped at once, as pizzicato."""
    del length
    partials = tuple((float(n), 1 / n**1.1, 0.55 / n**0.6) for n in range(1, 9))
    return 0.8 * ringing(pitch, partials, 0.6, 0.003)


@lru_cache(maxsize=24)
def strings(pitch: int) -> Wave:
    """Some seconds of three players not quite in tune, as one period: its partials are whole numbers of turns."""
    spectrum, random = np.zeros(PERIOD // 2 + 1, np.complex128), randomness("pad", pitch)
    for detune in (-0.0028, 0.0004, 0.0026):
        for n in range(1, 7):
            turns = round(hertz(pitch) * n * (1 + detune) * PERIOD / RATE)
            loud = 1 / n**1.7 * np.exp(-hertz(pitch) * n / 1800)
            spectrum[turns] += loud * np.exp(2j * np.pi * random.random())
    return np.asarray(np.fft.irfft(spectrum, PERIOD) * PERIOD / 2)


def pad(pitch: int, length: float) -> Wave:
    """Soft strings, swelling and dying slowly."""
    count, rise, fall = int((length + AFTER) * RATE), int(min(0.7, 0.6 * length) * RATE), int(AFTER * RATE)
    out = 0.45 * np.resize(strings(pitch), count)
    up, down = np.arange(rise) / rise, np.arange(fall, 0, -1) / fall
    out[:rise] *= up * up * (3 - 2 * up)
    out[-fall:] *= down * down
    return out


def flute(pitch: int, length: float) -> Wave:
    """A flute: few overtones, a breath, and a vibrato that comes once the note stands."""
    time = np.arange(int((length + 0.25) * RATE)) / RATE
    trill = np.clip((time - 0.25) / 0.5, 0, 1) * np.sin(2 * np.pi * 5.1 * time)
    turning = np.exp(2j * np.pi * np.cumsum(hertz(pitch) * (1 + 0.0022 * trill)) / RATE)
    second = turning * turning
    tone = (turning + 0.22 * second + 0.09 * second * turning).imag
    breath = randomness("breath", pitch).standard_normal(len(time))
    breath = np.convolve(breath, np.hanning(24) / 12, "same") * (0.03 + 0.09 * np.exp(-time / 0.05))
    rise, fall = np.clip(time / 0.07, 0, 1), np.clip((length + 0.25 - time) / 0.25, 0, 1)
    return np.asarray(0.55 * (tone * (1 + 0.06 * trill) + breath) * rise * fall * fall)


Maker = Callable[[int, float], Wave]
INSTRUMENTS: Mapping[str, tuple[Maker, bool]] = {  # and whether a note is held as long as it is written
    "box": (box, False), "celesta": (celesta, False), "bass": (bass, False), "pluck": (pluck, False),
    "pad": (pad, True), "flute": (flute, True),
}  # fmt: skip
LONGEST = 14.0  # seconds: no note sounds longer, held ones are cut into such


@dataclass(frozen=True)
class Note:
    """One note: instrument and pitch (60 is middle C) from sample `at`, written `length` samples long.

    loud: 1 is the music box's usual; pan -1 left .. 1 right; it is damped at sample `until`.
    """

    at: int
    instrument: str
    pitch: int
    length: int
    loud: float
    pan: float
    until: int


class Notes:
    """Notes already worked out; the ones not used for longest are forgotten."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str, int, int], Samples] = OrderedDict()
        self._size = 0

    def samples(self, note: Note) -> Samples:
        """A note's mono samples, its peak about its loudness 1."""
        make, held = INSTRUMENTS[note.instrument]
        length = max(1, round(min(note.length / RATE, LONGEST - 2) * RATE / GRID)) if held else 0
        key = (note.instrument, note.pitch, length)
        if key not in self._made:
            self._made[key] = make(note.pitch, length * GRID / RATE).astype(np.float32)
            self._size += len(self._made[key])
            while self._size > KEPT and len(self._made) > 1:
                self._size -= len(self._made.popitem(last=False)[1])
        self._made.move_to_end(key)
        return self._made[key]


def room() -> NDArray[np.complex64]:
    """The spectra of a small hall's echo, [ROOM, 2, CHUNK + 1]: noise whose high tones die first, each side its own."""
    length, random = ROOM * CHUNK, randomness("room")
    time = np.arange(length) / RATE
    bands = np.zeros((2, length))
    tones = np.fft.rfftfreq(length, 1 / RATE)
    for low, high, dies in ((120, 700, 1.5), (700, 2500, 1.2), (2500, 6000, 0.8), (6000, 12000, 0.45)):
        spectrum = np.fft.rfft(random.standard_normal((2, length)))
        spectrum *= np.exp(-((np.log(np.maximum(tones, 1) / np.sqrt(low * high)) / np.log(high / low)) ** 2) * 2.5)
        bands += np.fft.irfft(spectrum, length) * np.exp(-6.9 * time / dies)
    bands *= np.clip((time - 0.012) / 0.03, 0, 1) * np.clip((time[-1] - time) / 0.2, 0, 1)
    bands /= np.sqrt(np.sum(bands * bands, axis=1, keepdims=True))
    pieces = bands.reshape(2, ROOM, CHUNK).transpose(1, 0, 2)
    return np.fft.rfft(pieces, 2 * CHUNK).astype(np.complex64)
