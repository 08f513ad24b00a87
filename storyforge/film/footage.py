"""Footage: a colour, a picture or a film from disk as the frames of a shot, shown as it is; nothing is diffused."""

from collections.abc import Iterator
from itertools import repeat
from math import ceil
from pathlib import Path

import numpy as np
from PIL import Image

from storyforge import clock
from storyforge.clock import Rate
from storyforge.film import clips
from storyforge.film.moves import MOST_ZOOM, STILL, Move, Window, between, eased, ends
from storyforge.film.picture import Frame
from storyforge.film.stills import Still
from storyforge.storyboard import media

VERSION = 3  # counted up when the same source would give other frames

Source = Path | tuple[int, int, int]  # a file, or red, green and blue
FINE = 1.5  # pixels of a picture for each of the frame's, while it moves: with fewer its sharpness pulses


def footage(
    source: Source, size: tuple[int, int], rate: Rate, count: int, move: Move = "static",
    start: int = 0, stop: int | None = None,
) -> Iterator[Frame]:  # fmt: skip
    """Frames [start, stop) of a shot of `count` frames, width x height `size`, cropped to cover it.

    Raises RenderError in a sentence when the file cannot be read.
    """
    numbers = range(start, count if stop is None else stop)
    if isinstance(source, tuple):
        card = np.empty((size[1], size[0], 3), np.uint8)
        card[:] = source
        return repeat(card, len(numbers))
    seconds = clock.seconds(count, rate)
    shares = [eased(number / max(1, count - 1), seconds) for number in numbers]
    if media(source).kind == "picture":
        return _still(source, size, move, seconds, shares)
    return _clip(source, size, rate, move, seconds, numbers, shares)


def _still(path: Path, size: tuple[int, int], move: Move, seconds: float, shares: list[float]) -> Iterator[Frame]:
    """One picture, decoded once and kept as large as the move needs it."""
    with Still(path) as picture:
        first, last = ends(move, picture.size, size, seconds)
        whole = _around(first, last)
        fine = 1.0 if move in STILL else FINE * whole.width / min(first.width, last.width)
        kept = picture.part(whole, (ceil(size[0] * fine), ceil(whole.height * size[0] * fine / whole.width)))
    if move in STILL:
        yield from repeat(np.asarray(kept), len(shares))
        return
    finer = (kept.width / whole.width, kept.height / whole.height)
    for share in shares:
        yield _seen(kept, between(first, last, share).within(whole, finer), size)


def _clip(
    path: Path, size: tuple[int, int], rate: Rate, move: Move, seconds: float, numbers: range, shares: list[float]
) -> Iterator[Frame]:  # fmt: skip
    """A film's pictures, each cropped on its own."""
    if move in STILL:
        for frame in clips.conformed(path, size, rate, numbers.start, numbers.stop):
            top, left = ((have - want) // 2 for have, want in zip(frame.shape, size[::-1], strict=False))
            yield frame[top : top + size[1], left : left + size[0]]
        return
    larger = (ceil(size[0] * MOST_ZOOM), ceil(size[1] * MOST_ZOOM))
    for frame, share in zip(clips.conformed(path, larger, rate, numbers.start, numbers.stop), shares, strict=True):
        first, last = ends(move, (frame.shape[1], frame.shape[0]), size, seconds)
        yield _seen(Image.fromarray(frame), between(first, last, share), size)


def _seen(picture: Image.Image, window: Window, size: tuple[int, int]) -> Frame:
    """A window of a picture at the film's size; where it lies between pixels is kept."""
    left, top, right, bottom = window.box
    box = (max(0.0, left), max(0.0, top), min(float(picture.width), right), min(float(picture.height), bottom))
    return np.asarray(picture.resize(size, Image.Resampling.BICUBIC, box=box), np.uint8)


def _around(first: Window, last: Window) -> Window:
    """The smallest window that holds both: everything in between lies in it too."""
    x, y = min(first.x, last.x), min(first.y, last.y)
    right, bottom = max(first.box[2], last.box[2]), max(first.box[3], last.box[3])
    return Window(x, y, right - x, bottom - y)
