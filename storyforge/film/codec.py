"""Films on disk: a writer and a reader that hold a few frames whatever the length, and joining without re-encoding."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from storyforge import clock
from storyforge.clock import Rate
from storyforge.errors import RenderError
from storyforge.film.heap import give_back
from storyforge.film.picture import Frame, Picture, black, from_frame, size_of, to_frame

if TYPE_CHECKING:
    import av

Sound = NDArray[np.int16]
SOUND_RATE = 48_000  # samples a second, as all of a film's sound

BT709, VIDEO_RANGE = 1, 1  # codes of ITU-T H.273 for primaries, transfer and matrix; FFmpeg's for 16..235


@dataclass(frozen=True)
class Quality:
    """How much x264 may lose: crf 18 is said to be invisible, every 6 less doubles the file."""

    crf: float
    # Measured on flat colour, 1280x720, one core: superfast 3.7 ms a frame, veryfast 6.5, medium 12.9; at the same
    # crf superfast is the truest of the three (56.6, 52.2 and 54.6 dB at 18) and its files are twice as large.
    preset: str = "superfast"


# Kept and decoded again for every edit of the film, so nearly lossless; ultrafast takes half of superfast's time to
# write and to read (rain at 1280x720: 7 and 3.5 ms a frame against 18 and 7.5), and its files are a seventh larger.
SHOT = Quality(14, "ultrafast")
FILM = Quality(18)
CLEAN = Quality(18, "ultrafast")  # of a film that shows most shots just as they are: it can be joined with theirs


def part_of(path: Path) -> Path:
    """The name under which a file is written until it is whole: beside its target, so that renaming is atomic."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def options(quality: Quality, rate: Rate) -> dict[str, str]:
    """x264's settings. `stitchable` makes headers the same at every crf, so that files of one preset can be joined."""
    keyframes = max(1, round(rate * 4))  # seconds between points a player can jump to
    return {
        "preset": quality.preset,
        "crf": str(quality.crf),
        "profile": "high",
        "x264-params": f"keyint={keyframes}:stitchable=1:threads=1",  # one thread: the same file on every machine
    }


class Writer:
    """An H.264 mp4 written frame by frame; it appears under its name when the `with` block ends well, else not at all.

    size is width, height in even pixels. Frames are sRGB; the file says BT.709 and starts with its index (faststart).
    sound: int16 [samples, 2] at 48 kHz, heard from the first frame on, kept as it is (FLAC); a film without it has no
    track for it.
    """

    def __init__(
        self, path: Path | str, size: tuple[int, int], rate: Rate, quality: Quality = FILM, sound: Sound | None = None
    ) -> None:
        self.path, self.size, self.rate, self.quality = Path(path), size, Fraction(rate), quality
        self.count, self._sound, self._heard = 0, sound, 0
        if size[0] % 2 or size[1] % 2:
            raise ValueError(f"size {size}: H.264 needs even sides")

    def __enter__(self) -> Self:
        import av

        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._part = part_of(self.path)
        self._file = av.open(str(self._part), "w", format="mp4", options={"movflags": "+faststart"})
        stream = self._file.add_stream("libx264", rate=self.rate, options=options(self.quality, self.rate))
        stream.width, stream.height = self.size
        stream.pix_fmt = "yuv420p"
        stream.time_base = 1 / self.rate
        codec = stream.codec_context
        codec.time_base = 1 / self.rate
        codec.thread_count = 1
        codec.color_primaries = codec.color_trc = codec.colorspace = BT709
        codec.color_range = VIDEO_RANGE
        self._stream = stream
        if self._sound is not None:
            self._track = self._file.add_stream("flac", rate=SOUND_RATE, layout="stereo")
            self._track.codec_context.format = "s16"
        return self

    def frame(self, frame: Frame) -> None:
        """Adds one sRGB frame: uint8 [height, width, 3]."""
        self.picture(from_frame(frame))

    def picture(self, picture: Picture) -> None:
        """Adds one picture: uint8 [height * 3 / 2, width]."""
        import av

        width, height = self.size
        if picture.shape != (height * 3 // 2, width):
            given = "{}x{}".format(*size_of(picture))
            raise ValueError(f"{self.path.name}: a frame of {given} in a film of {width}x{height}")
        video = av.VideoFrame.from_ndarray(picture, format="yuv420p")
        video.pts, video.time_base = self.count, 1 / self.rate
        video.colorspace, video.color_range = BT709, VIDEO_RANGE
        self._file.mux(self._stream.encode(video))
        self.count += 1
        self._hear(clock.frames(Fraction(self.count) / self.rate, Fraction(SOUND_RATE)))

    def _hear(self, stop: int) -> None:
        """Adds the sound up to a sample: as the picture gets there, so that a player finds both in one place."""
        import av

        block = self._sound[self._heard : stop] if self._sound is not None else ()
        if len(block):
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(block).reshape(1, -1), format="s16", layout="stereo"
            )
            frame.sample_rate, frame.pts = SOUND_RATE, self._heard
            self._file.mux(self._track.encode(frame))
            self._heard += len(block)

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        try:
            try:
                if kind is None:
                    self._file.mux(self._stream.encode(None))
                    if self._sound is not None:
                        self._hear(len(self._sound))
                        self._file.mux(self._track.encode(None))
            finally:
                self._file.close()
                del self._stream, self._file
                give_back()
            if kind is None and not self.count:
                raise ValueError(f"{self.path.name}: a film needs at least one frame")
            if kind is None:
                self._part.replace(self.path)
        finally:
            self._part.unlink(missing_ok=True)  # on a full disk closing fails too


@lru_cache(maxsize=8)
def header(size: tuple[int, int], rate: Rate, quality: Quality = FILM) -> bytes:
    """The decoder header that `Writer` gives every film of this size, rate and preset: such films can be joined."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "one.mp4"
        with Writer(path, size, rate, quality) as writer:
            writer.picture(black(size))
        return Reader(path).header


def write_shot(
    path: Path | str, frames: Iterable[Frame], size: tuple[int, int], rate: Rate, sound: Sound | None = None
) -> int:
    """Writes one shot as production keeps it: clean, nearly lossless; the number of frames."""
    with Writer(path, size, rate, SHOT, sound) as writer:
        for frame in frames:
            writer.frame(frame)
    return writer.count


class Reader:
    """An mp4's frames from any frame on; its header is read once, each iteration opens the file anew."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        with self._open() as file:
            stream = file.streams.video[0]
            self.size = (stream.width, stream.height)
            self.rate = Fraction(stream.average_rate or stream.guessed_rate or 0)
            self.count = int(stream.frames) or round((stream.duration or 0) * (stream.time_base or 0) * self.rate)
            self.header = bytes(stream.codec_context.extradata or b"")

    def _open(self) -> "av.container.InputContainer":
        import av

        try:
            file = av.open(str(self.path))
        except (OSError, av.FFmpegError) as error:
            raise self._unreadable(error) from None
        if not file.streams.video:
            file.close()
            raise self._unreadable("it has no picture")
        return file

    def _unreadable(self, why: object) -> RenderError:
        return RenderError(f"{self.path}: cannot be read as a film ({why}); delete it and render again")

    def pictures(self, start: int = 0, stop: int | None = None) -> Iterator[Picture]:
        """Pictures [start, stop), decoded from the nearest key frame before."""
        import av

        stop = self.count if stop is None else stop
        with self._open() as file:
            stream = file.streams.video[0]
            stream.codec_context.thread_count = 1
            if start and stream.time_base:
                file.seek(int(start / self.rate / stream.time_base), stream=stream)
            due = start
            try:
                for video in file.decode(stream):
                    number = round(Fraction(video.pts or 0) * (video.time_base or Fraction(0)) * self.rate)
                    if number >= stop:
                        return
                    if number >= start:
                        due = number + 1
                        yield np.asarray(video.to_ndarray(), np.uint8)
            except av.FFmpegError as error:
                raise self._unreadable(error) from None
            if due < stop:
                raise self._unreadable(f"it ends after {due} of {self.count} frames")

    def frames(self, start: int = 0, stop: int | None = None) -> Iterator[Frame]:
        """Frames [start, stop) in sRGB."""
        return map(to_frame, self.pictures(start, stop))

    def frame(self, number: int) -> Frame:
        """One frame in sRGB."""
        return next(self.frames(number, number + 1))
