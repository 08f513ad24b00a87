"""Recordings: audio files that a storyboard names, decoded as they are needed, at 48 kHz, left and right."""

from collections.abc import Generator, Iterator
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from storyforge.errors import InputError
from storyforge.film.sound.loudness import Loudness
from storyforge.film.sound.source import RATE, Samples, decibels
from storyforge.storyboard import UNHEARD, audible

if TYPE_CHECKING:
    import av

NOTHING: Samples = np.zeros((0, 2), np.float32)
FADE = RATE // 200  # samples at either end of a repetition, so that the joint does not click


class Recording:
    """One audio file as samples by number, after its end silence; read forwards it holds a second of sound."""

    def __init__(self, path: Path, name: str | None = None) -> None:
        """name: the file as the storyboard has it, for errors."""
        self.path, self.name = path, name or str(path)
        self._stop: int | None = None  # where it ends, once that was reached
        self._at, self._piece = 0, NOTHING  # the piece that was decoded last, and its place in the file
        self._decoded = self._pieces()

    @property
    def length(self) -> int:
        """Samples of the whole file. Raises InputError for one without sound."""
        return self._measured[0]

    def level(self, target: float, most: float) -> float:
        """The linear gain that makes the whole file `target` LUFS loud; lifted by `most` dB at most."""
        loudness = self._measured[1]
        return decibels(min(most, target - loudness)) if isfinite(loudness) else 1.0

    @cached_property
    def _measured(self) -> tuple[int, float]:
        """Samples and LUFS of the whole file, from hearing it once."""
        count, meter = 0, Loudness()
        for piece in self._pieces():
            count += len(piece)
            meter.add(piece)
        if not count:
            raise self._unreadable("it is empty")
        return count, meter.integrated

    def ended(self, at: int) -> bool:
        """Whether the file is known to be over at sample `at`."""
        return self._stop is not None and at >= self._stop

    def check(self) -> None:
        """Decodes the file's beginning. Raises InputError for what is not a recording."""
        audible(self.path, self.name)

    def block(self, start: int, stop: int) -> Samples:
        """Samples [start, stop) of the file, [stop - start, 2]."""
        if start < self._at:
            self.close()
        found, have = [], start
        while have < stop:
            if have < self._at + len(self._piece):
                found.append(self._piece[have - self._at : stop - self._at])
                have += len(found[-1])
                continue
            self._at += len(self._piece)
            piece = next(self._decoded, None)
            if piece is None:
                self._stop = self._at
                self._piece = NOTHING
                found.append(np.zeros((stop - have, 2), np.float32))
                break
            self._piece = piece
        return np.concatenate(found) if found else NOTHING

    def close(self) -> None:
        """Lets go of the file; it is opened again where it is read again."""
        if self._at or len(self._piece):
            self._decoded.close()
            self._at, self._piece, self._decoded = 0, NOTHING, self._pieces()

    def repeated(self, start: int, stop: int) -> Samples:
        """Samples [start, stop) of the file played again and again."""
        out = np.empty((stop - start, 2), np.float32)
        at = start
        while at < stop:
            first = at % self.length
            last = min(self.length, first + stop - at)
            out[at - start : at - start + last - first] = self._joined(first, last)
            at += last - first
        return out

    def _joined(self, start: int, stop: int) -> Samples:
        """Samples of one repetition, fading where it meets the next."""
        fade = min(FADE, self.length // 2)
        at = np.arange(start, stop)
        light = np.clip(np.minimum(at + 1, self.length - at) / (fade + 1), 0.0, 1.0)
        return self.block(start, stop) * light[:, None].astype(np.float32)

    def _pieces(self) -> Generator[Samples]:
        """The file from its start, resampled, in pieces as its codec has them."""
        import av

        try:
            with av.open(str(self.path)) as file:
                if not file.streams.audio:
                    raise self._unreadable("it has no sound")
                resampler, kind = None, None
                for frame in _decoded(file):
                    frame.pts = None  # gaps in a file's own clock are no silence
                    told = frame.format.name, frame.layout.name, frame.sample_rate
                    if told != kind:  # files put one after another may change midway
                        if resampler:
                            yield from _arrays(resampler, None)
                        resampler, kind = av.AudioResampler(format="flt", layout="stereo", rate=RATE), told
                    if resampler:
                        yield from _arrays(resampler, frame)
                if resampler:
                    yield from _arrays(resampler, None)
        except (OSError, ValueError, av.FFmpegError) as error:  # ValueError: what the resampler cannot take
            raise self._unreadable(getattr(error, "strerror", None) or error) from None

    def _unreadable(self, why: object) -> InputError:
        return InputError(UNHEARD.format(name=self.name, why=why))


def _decoded(file: "av.container.InputContainer") -> "Iterator[av.AudioFrame]":
    """The first track's frames without those that are damaged, as players do. Raises FFmpegError if all are."""
    import av

    found, damage = False, None
    for packet in file.demux(file.streams.audio[0]):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError as error:
            damage = error
            continue
        for frame in frames:
            found = True
            yield frame
    if damage and not found:
        raise damage


def _arrays(resampler: "av.AudioResampler", frame: "av.AudioFrame | None") -> Iterator[Samples]:
    for piece in resampler.resample(frame):
        samples = np.asarray(piece.to_ndarray(), np.float32).reshape(-1, 2)
        if len(samples):
            yield np.nan_to_num(samples, posinf=0, neginf=0)
