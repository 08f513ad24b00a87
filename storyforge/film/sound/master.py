"""Mastering: a soundtrack at one loudness, nothing clipped, as AAC; in two passes over a file, not in memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf, isfinite
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any, Self

import numpy as np

from storyforge.film.sound.limiter import limited
from storyforge.film.sound.loudness import Loudness, integrated
from storyforge.film.sound.source import RATE, Samples, Source

TARGET = -16.0  # LUFS
CLOSE = 0.1  # LU that the mastered sound may be away from it before the gain is set anew
MOST = 24.0  # dB: what is quieter than that is meant to be quiet
ROUNDS = 5
STEP = 1.5  # dB more for each dB that is missing: the limiter takes its share of that too
BITS = 160_000  # a second, of AAC
BLOCK = RATE  # samples mixed at a time

Progress = Callable[[int, int], None]  # samples done, samples in all


@dataclass(frozen=True)
class Mastered:
    """What came out: samples, LUFS (minus infinity for silence) and the gain in dB that was given."""

    samples: int
    loudness: float
    gain: float


class Spool:
    """A soundtrack on disk as float32, left and right; the file has no name and goes with the process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        self._file: IO[bytes] = TemporaryFile(dir=self._folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, block: Samples) -> None:
        """Appends a block."""
        self._file.write(np.ascontiguousarray(block, np.float32).tobytes())

    def read(self, start: int, stop: int) -> Samples:
        """Samples [start, stop)."""
        self._file.seek(start * 8)
        return np.frombuffer(self._file.read((stop - start) * 8), np.float32).reshape(-1, 2)


def master(path: Path, source: Source, samples: int, progress: Progress | None = None) -> Mastered:
    """Writes `samples` of a soundtrack to an m4a at -16 LUFS; `path` lies in a folder with room for 0.4 MB a second."""
    with Spool(path.parent) as spool:
        meter = Loudness()
        for start in range(0, samples, BLOCK):
            block = source.block(start, min(start + BLOCK, samples))
            spool.add(block)
            meter.add(block)
            if progress:
                progress(start + len(block), samples)
        gain, loudness = _gain(spool, samples, meter.integrated)
        encode(path, limited(spool.read, samples, gain))
    return Mastered(samples, loudness, gain)


def _gain(spool: Spool, samples: int, measured: float) -> tuple[float, float]:
    """The gain in dB that brings the soundtrack to TARGET, and the loudness after it: limiting takes some away."""
    if not isfinite(measured):
        return 0.0, -inf
    gain, tried = min(MOST, TARGET - measured), []
    for _ in range(ROUNDS):
        loudness = integrated(limited(spool.read, samples, gain))
        missing = TARGET - loudness
        tried.append((abs(missing), gain, loudness))
        if abs(missing) <= CLOSE or gain >= MOST:
            break
        gain = min(MOST, gain + STEP * missing)
    return min(tried)[1:]


def encode(path: Path, blocks: Iterator[Samples]) -> None:
    """Writes blocks [n, 2] at 48 kHz as AAC in an mp4; the same samples give the same bytes."""
    import av

    with av.open(str(path), "w", format="mp4") as file:
        stream: Any = file.add_stream("aac", rate=RATE, layout="stereo", options={"aac_coder": "fast"})
        stream.bit_rate = BITS
        done = 0
        for block in blocks:
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = RATE, done
            done += len(block)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
