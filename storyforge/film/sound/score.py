"""The score: a music box plays one theme over the film, as each scene's mood, hour and `music:` want it."""

from bisect import bisect_left
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from storyforge.film.sound.arrangement import arranged
from storyforge.film.sound.chunks import CHUNK, Chunks
from storyforge.film.sound.cues import cues
from storyforge.film.sound.form import measures
from storyforge.film.sound.instruments import LONGEST, ROOM, Note, Notes, room
from storyforge.film.sound.source import RATE, Samples, decibels, sample
from storyforge.film.sound.theme import compose
from storyforge.storyboard import Resolved

LEVEL = -24.0  # dB RMS of full scale, about, where it plays; the mixer balances it
GAIN = decibels(-13.5)  # of a note of loudness 1, so that the whole lies at LEVEL
WET = 0.32  # the room's echo as against the notes themselves
DAMPED = 0.7  # seconds in which what still rings at a cue's end is damped
EDGE = 0.25  # seconds in which it goes at the film's end, where no fade says

Spectrum = NDArray[np.complex64]


class Score:
    """The music of a film: `theme`, `cues`, `measures` (bars) and `notes` say what is played; `block` plays it."""

    def __init__(self, film: Resolved) -> None:
        self.theme = compose(film.board.seed or 0)
        self.cues = cues(film, self.theme)
        self.measures = measures(film, self.theme, self.cues)
        self.notes = arranged(film, self.theme, self.measures)
        self._starts = [note.at for note in self.notes]
        self._end = sample(film.frames, film.rate)
        fade = sample(film.end_frames, film.rate) if film.end_kind == "fade" else 0
        self._fade = max(fade, min(int(EDGE * RATE), self._end // 4), 1)
        self._instruments, self._room = Notes(), room() if self.notes else None
        self._dry: OrderedDict[int, tuple[Samples, Spectrum] | None] = OrderedDict()
        self._echoes: OrderedDict[int, Samples] = OrderedDict()
        self._chunks = Chunks(self._render)

    def block(self, start: int, stop: int) -> Samples:
        """Samples [start, stop) of the film, [stop - start, 2]; the same whatever the blocks are."""
        return self._chunks.block(start, stop)

    def _render(self, number: int) -> Samples:
        out = self._echo(number)[:, :CHUNK] + self._echo(number - 1)[:, CHUNK:]
        dry = self._played(number)
        if dry:
            out += dry[0]
        left = self._end - number * CHUNK - np.arange(CHUNK)
        if left[-1] < self._fade:
            out *= np.clip(left / self._fade, 0, 1).astype(np.float32)
        return np.asarray(out * np.float32(GAIN))

    def _played(self, number: int) -> tuple[Samples, Spectrum] | None:
        """The notes of a chunk without the room, [2, CHUNK], and the spectrum of what they send into it; None: none."""
        if number not in self._dry:
            self._dry[number] = self._play(number)
            if len(self._dry) > ROOM + 4:
                self._dry.popitem(last=False)
        return self._dry[number]

    def _play(self, number: int) -> tuple[Samples, Spectrum] | None:
        start, stop = number * CHUNK, (number + 1) * CHUNK
        low, high = bisect_left(self._starts, start - int(LONGEST * RATE)), bisect_left(self._starts, stop)
        out, heard = np.zeros((2, CHUNK), np.float32), False
        for note in self.notes[low:high]:
            if note.at + int(LONGEST * RATE) > start and note.until + DAMPED * RATE > start:
                heard = self._add(out, note, start) or heard
        if not heard:
            return None
        return out, np.fft.rfft(out[0] + out[1], 2 * CHUNK).astype(np.complex64)

    def _add(self, out: Samples, note: Note, start: int) -> bool:
        """Adds what is heard of a note to the chunk that begins at `start`; whether anything is."""
        samples = self._instruments.samples(note)
        low, high = max(start, note.at), min(start + CHUNK, note.at + len(samples))
        if low >= high:
            return False
        piece = samples[low - note.at : high - note.at]
        if high > note.until:
            piece = piece * np.clip(1 - (np.arange(low, high) - note.until) / (DAMPED * RATE), 0, 1).astype(np.float32)
        angle = np.pi / 4 * (1 + note.pan)
        out[0, low - start : high - start] += piece * np.float32(note.loud * np.cos(angle))
        out[1, low - start : high - start] += piece * np.float32(note.loud * np.sin(angle))
        return True

    def _echo(self, number: int) -> Samples:
        """What the room gives back of this chunk and those before, [2, 2 CHUNK]: its second half is the next chunk's.

        Convolution in parts of one length (T. Stockham, 1966: overlap-add), so that it starts anywhere.
        """
        if number not in self._echoes:
            sent = [(part, dry[1]) for part in range(ROOM) if (dry := self._played(number - part))]
            out = np.zeros((2, 2 * CHUNK), np.float32)
            if sent and self._room is not None:
                total = sum(spectrum * self._room[part] for part, spectrum in sent)
                out = np.fft.irfft(total, 2 * CHUNK).astype(np.float32) * np.float32(WET)
            self._echoes[number] = out
            if len(self._echoes) > 3:
                self._echoes.popitem(last=False)
        return self._echoes[number]
