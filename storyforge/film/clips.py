"""Films from disk, conformed: any rate, size, shape of pixel and turn becomes the film's own, picture by picture.

Of each frame's time the middle is asked: what the file shows then is the frame. So a file of the same rate comes out
frame for frame, however its times were rounded, and any other loses or repeats as few pictures as can be.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import chain
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from storyforge.clock import Rate
from storyforge.errors import RenderError
from storyforge.film.picture import Frame

if TYPE_CHECKING:
    import av

    Timed = tuple[Fraction, av.VideoFrame]

UNSAID = 2  # ITU-T H.273's code of a matrix that is not told
TALL = 576  # lines; films above that are by convention BT.709 where they do not say, others BT.601
TIMELESS = {"mpeg", "mpegvideo", "h264", "hevc", "m4v"}  # formats in which pictures lose their times after seeking


def conformed(path: Path, least: tuple[int, int], rate: Rate, start: int, stop: int) -> Iterator[Frame]:
    """Frames [start, stop) at `rate`, the last one held where the file ends before; each covers `least`, uncropped."""
    last: av.VideoFrame | None = None
    frame: Frame | None = None
    for shown, pixel in _shown(path, rate, start, stop):
        if frame is None or shown is not last:
            frame, last = _upright(shown, pixel, least), shown
        yield frame


def _shown(path: Path, rate: Rate, start: int, stop: int) -> "Iterator[tuple[av.VideoFrame, Fraction]]":
    """What the file shows in the middle of each frame's time, and how wide its pixels are for their height."""
    import av

    shown: av.VideoFrame | None = None
    try:
        with _opened(path, (start + Fraction(1, 2)) / rate if start else None) as (pictures, pixel):
            ahead = next(pictures, None)
            for number in range(start, stop):
                moment = (number + Fraction(1, 2)) / rate
                while ahead is not None and (shown is None or ahead[0] <= moment):
                    shown, ahead = ahead[1], next(pictures, None)
                if shown is None:
                    raise RenderError(f"{path.name} has no picture in it; replace it")
                yield shown, pixel
    except (av.FFmpegError, IndexError) as error:
        why = error.strerror if isinstance(error, av.FFmpegError) else "it has no picture"
        raise RenderError(f"{path.name} cannot be read as a film ({why}); save it anew, as MP4") from error


@contextmanager
def _opened(path: Path, moment: Fraction | None) -> "Iterator[tuple[Iterator[Timed], Fraction]]":
    """A film's pictures from what is shown at `moment` (seconds) or before, or from its start; and its pixels' shape.

    Seeking may land too late, or nowhere, in a format without an index (MPEG-TS): then it is decoded from its start.
    """
    import av

    if moment is not None:
        with av.open(str(path)) as file:
            try:
                pictures, pixel = _pictures(file, moment)
                first = None if file.format.name in TIMELESS else next(pictures, None)
            except av.FFmpegError:
                first = None
            if first is not None and first[0] <= moment:
                yield chain([first], pictures), pixel
                return
    with av.open(str(path)) as file:
        yield _pictures(file)


def _pictures(
    file: "av.container.InputContainer", moment: Fraction | None = None
) -> "tuple[Iterator[Timed], Fraction]":
    """The file's pictures, from near `moment` if one is asked for, and how wide their pixels are for their height."""
    stream = file.streams.video[0]
    stream.thread_type = "AUTO"
    base = stream.time_base or Fraction(1, 90_000)
    # the file's word counts before the codec's
    pixel = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio or Fraction(1)
    begun = Fraction((stream.start_time or 0) * base)
    if moment is not None:
        file.seek(int((begun + moment) / base), stream=stream)
    return _timed(file, stream, begun), Fraction(pixel)


def _timed(file: "av.container.InputContainer", stream: "av.VideoStream", begun: Fraction) -> "Iterator[Timed]":
    """Pictures with their seconds; one that has no time follows the one before at the stream's rate."""
    step = 1 / Fraction(stream.average_rate or stream.guessed_rate or 24)
    at = -step
    for picture in file.decode(stream):
        known = None if picture.pts is None or picture.time_base is None else picture.pts * picture.time_base
        at = at + step if known is None else Fraction(known) - begun
        yield at, picture


def _upright(picture: "av.VideoFrame", pixel: Fraction, least: tuple[int, int]) -> Frame:
    """The picture in sRGB, turned as it was taken, just large enough to cover width x height `least`."""
    from av.video.reformatter import Interpolation

    turns = round(picture.rotation / 90) % 4
    width, height = picture.width * pixel, picture.height
    wide, high = least[::-1] if turns % 2 else least
    scale = max(wide / width, Fraction(high, height))
    made = picture.reformat(
        ceil(width * scale),
        ceil(height * scale),
        "rgb24",
        src_colorspace=_matrix(picture),
        dst_color_range="JPEG",
        interpolation=Interpolation.LANCZOS | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT,
        threads=1,
    )
    return np.ascontiguousarray(np.rot90(made.to_ndarray(), turns), np.uint8)


def _matrix(picture: "av.VideoFrame") -> str | None:
    """How to read colours that do not say how they are meant: by convention, as players do."""
    if picture.colorspace != UNSAID or picture.format.is_rgb or picture.format.has_palette:
        return None
    return "ITU709" if picture.height > TALL else "ITU601"
