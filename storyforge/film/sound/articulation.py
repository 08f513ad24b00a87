"""Articulation: notes to the movements of throat, tongue and lips, as control tracks of a vocal tract."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from storyforge.film.sound.melody import Note
from storyforge.film.sound.source import RATE
from storyforge.film.sound.tract import HOP, Score, Track

_VOWELS = {  # formants of a grown man's vowels, Hz (after Peterson and Barney 1952)
    "i": (280, 2250, 2900), "I": (400, 1950, 2550), "e": (540, 1820, 2480), "A": (680, 1700, 2420),
    "a": (720, 1120, 2440), "o": (570, 860, 2410), "u": (320, 900, 2240), "V": (620, 1200, 2400),
    "U": (300, 1750, 2150), "R": (490, 1350, 1750),
}  # fmt: skip
_SHRILL = 420.0  # Hz: higher voices are held back, ever more, below half as much again
_FOURTH = 3400.0  # Hz: the fourth formant hardly moves


@dataclass(frozen=True)
class _Consonant:
    """A consonant: how long, its tone, then its noise (how strong, at which Hz), and where it pulls the formants to.

    closed: the part of it for which the mouth is shut before the noise bursts; 0 where the noise sounds throughout.
    """

    seconds: float
    voice: float
    hiss: float = 0.0
    hiss_at: float = 3000.0
    pull: tuple[float, float, float] | None = None
    closed: float = 0.0
    breath: float = 0.0


_LIPS, _TEETH, _PALATE, _THROAT = (260, 800, 2200), (300, 1700, 2600), (280, 2050, 2800), (280, 1900, 2300)
_CONSONANTS = {
    "p": _Consonant(0.055, 0.0, 0.25, 1100, _LIPS, closed=0.7),
    "b": _Consonant(0.05, 0.12, 0.12, 900, _LIPS, closed=0.75),
    "t": _Consonant(0.055, 0.0, 0.3, 4000, _TEETH, closed=0.7),
    "d": _Consonant(0.045, 0.12, 0.14, 3300, _TEETH, closed=0.75),
    "k": _Consonant(0.06, 0.0, 0.3, 1900, _THROAT, closed=0.65),
    "g": _Consonant(0.05, 0.12, 0.15, 1700, _THROAT, closed=0.7),
    "C": _Consonant(0.075, 0.0, 0.32, 2900, _PALATE, closed=0.4),
    "S": _Consonant(0.075, 0.0, 0.3, 2900, _PALATE),
    "s": _Consonant(0.075, 0.0, 0.28, 5000, _TEETH),
    "z": _Consonant(0.065, 0.15, 0.16, 4800, _TEETH),
    "f": _Consonant(0.065, 0.0, 0.12, 3800, _LIPS),
    "v": _Consonant(0.05, 0.2, 0.06, 3400, _LIPS),
    "T": _Consonant(0.05, 0.15, 0.08, 4200, _TEETH),
    "h": _Consonant(0.05, 0.0, breath=0.6),
    "m": _Consonant(0.06, 0.2, pull=(250, 1050, 2200)),
    "n": _Consonant(0.055, 0.2, pull=(260, 1500, 2450)),
    "l": _Consonant(0.05, 0.24, pull=(350, 1150, 2700)),
    "r": _Consonant(0.055, 0.24, pull=(400, 1150, 1600)),
    "w": _Consonant(0.06, 0.24, pull=(300, 720, 2200)),
    "Y": _Consonant(0.05, 0.25, pull=_PALATE),
}


@dataclass(frozen=True)
class Speaker:
    """Who says a line, in the manner of that line.

    pitch: Hz. tract: formants over a grown man's. bright: dB an octave of the tone. breath: 0 a full voice .. 1 a
    whisper. tremble: semitones. lively: of the melody's range. pace: syllables over the usual five a second.
    """

    pitch: float
    tract: float
    bright: float
    breath: float
    tremble: float
    lively: float
    pace: float


class Movements:
    """The movements of a line: points in time that are joined by lines and rounded as a mouth rounds them."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self._pitch: list[tuple[float, float]] = []
        self._formants: list[tuple[float, tuple[float, float, float]]] = []
        self._voice: list[tuple[float, float]] = [(0.0, 0.0)]
        self._breath: list[tuple[float, float]] = [(0.0, 0.0)]
        self._hiss: list[tuple[float, float]] = [(0.0, 0.0)]
        self._hiss_at: list[tuple[float, float]] = [(0.0, 3000.0)]
        end = 0.0
        for note in notes:
            if note.at > end + 1e-6:  # after a pause
                self._rest(end + 0.02)
                self._rest(note.at)
            self._add(note)
            end = note.at + note.seconds
        self._rest(end + 0.02)

    def _rest(self, at: float) -> None:
        for track in (self._voice, self._breath, self._hiss):
            track.append((at, 0.0))

    def _add(self, note: Note) -> None:
        """A syllable: its consonants in at most 45 % of its time, then its vowel."""
        onset = [_CONSONANTS[letter] for letter in note.syllable.onset if letter in _CONSONANTS]
        taken = sum(consonant.seconds for consonant in onset)
        scale = min(1.0, 0.45 * note.seconds / taken) if taken else 1.0
        at = note.at
        targets = [_VOWELS[letter] for letter in note.syllable.vowel]
        for consonant in onset:
            self._consonant(consonant, at, consonant.seconds * scale, note.loud, targets[0])
            at += consonant.seconds * scale
        stop = note.at + note.seconds
        length = stop - at
        self._pitch += zip((note.at, at + 0.35 * length, stop - 0.01), note.pitch, strict=True)
        self._formants += [(at + 0.25 * length, targets[0]), (at + 0.8 * length, targets[-1])]
        end = 0.0 if note.last else 0.18
        shape = ((0.02, 0.25), (0.28, 1.0), (0.6, 0.9), (0.85, 0.5), (1.0, end))
        self._voice += [(at + part * length, level * note.loud) for part, level in shape]
        self._breath += [(at + part * length, level * note.loud) for part, level in shape[1:]]

    def _consonant(
        self, consonant: _Consonant, at: float, seconds: float, loud: float, vowel: tuple[float, float, float]
    ) -> None:
        stop = at + seconds
        self._voice += [(at + part * seconds, consonant.voice * loud) for part in (0.3, 0.85)]
        self._breath += [(at + part * seconds, consonant.breath * loud) for part in (0.3, 0.85)]
        self._formants.append((at + 0.5 * seconds, consonant.pull or vowel))
        if consonant.hiss:
            begin, rise = (at + consonant.closed * seconds, 0.1) if consonant.closed else (at, 0.35)
            length = stop - begin
            noise = ((0.0, 0.0), (rise, 1.0), (1 - rise, 0.8), (1.15, 0.0))
            self._hiss += [(begin + part * length, level * consonant.hiss * loud) for part, level in noise]
            self._hiss_at += [(begin, consonant.hiss_at), (stop + 0.1 * length, consonant.hiss_at)]

    def score(self, speaker: Speaker, samples: int) -> Score:
        """The tracks of a line of so many samples, said by a speaker."""
        seconds = np.arange(-(-samples // HOP) + 1) * HOP / RATE
        wander = (0.12 + speaker.tremble) * np.sin(2 * np.pi * 5.6 * seconds) + 0.1 * np.sin(
            2 * np.pi * 2.3 * seconds + 1
        )
        semitones = _rounded(_joined(self._pitch, seconds), 0.04) * speaker.lively + wander
        pitch = np.maximum(speaker.pitch * 2 ** (semitones / 12), 70)
        pitch = np.where(pitch > _SHRILL, _SHRILL * (1.5 - 0.5 * np.exp(2 - 2 * pitch / _SHRILL)), pitch)
        return Score(
            pitch=pitch,
            formants=self._resonances(speaker, seconds, pitch),
            voice=_rounded(_joined(self._voice, seconds), 0.02) * (1 - speaker.breath),
            breath=_rounded(_joined(self._breath, seconds), 0.025) * speaker.breath,
            hiss=_rounded(_joined(self._hiss, seconds), 0.01) * (1 - 0.75 * speaker.breath),
            hiss_at=_joined(self._hiss_at, seconds),
            bright=speaker.bright,
        )

    def _resonances(self, speaker: Speaker, seconds: Track, pitch: Track) -> Track:
        """Formants [n, 4] in Hz; the first never falls below the pitch, as singers tune it."""
        times = [at for at, _ in self._formants]
        columns = []
        for number in range(3):
            points = list(zip(times, [values[number] for _, values in self._formants], strict=True))
            columns.append(_rounded(_joined(points, seconds), 0.03) * speaker.tract)
        columns[0] = np.maximum(columns[0], 1.05 * pitch)
        columns[1] = np.maximum(columns[1], columns[0] + 250)
        columns[2] = np.maximum(columns[2], columns[1] + 350)
        columns.append(np.maximum(np.full(len(seconds), _FOURTH * speaker.tract), columns[2] + 350))
        return np.stack(columns, 1)


def _joined(points: Sequence[tuple[float, float]], seconds: Track) -> Track:
    """Points in time joined by lines."""
    times, values = zip(*sorted(points, key=lambda point: point[0]), strict=True)
    return np.asarray(np.interp(seconds, times, values))


def _rounded(track: Track, seconds: float) -> Track:
    """A track without corners: a moving average over `seconds` with round shoulders."""
    window = np.hanning(max(1, round(seconds * RATE / HOP)) * 2 + 1)[1:-1]
    half = len(window) // 2
    return np.asarray(np.convolve(np.pad(track, half, "edge"), window / window.sum(), "valid"))
