"""Conform: a model's own frames and sizes as the film's, in exact fractions; frames are repeated or mixed, not warped.

Every shot begins on a whole frame of the model's and has the same frames wherever it stands in the film.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, sqrt
from typing import Literal, NamedTuple

Rule = Literal["hold", "blend", "native"]


class Mix(NamedTuple):
    """What a frame of the film shows: a frame of the model's, and how much of the one that follows it."""

    frame: int
    following: Fraction = Fraction(0)


@dataclass(frozen=True)
class Conform:
    """The rates of a film and of a model, in frames a second, and the film's rule between them.

    hold repeats the model's frames (or leaves some out), blend mixes the two that a moment lies between, native takes
    them one to one, so that motion is faster or slower than the model meant it.
    """

    film: Fraction
    model: Fraction
    rule: Rule = "hold"

    @property
    def step(self) -> Fraction:
        """Frames of the model's that pass in one of the film's."""
        return Fraction(1) if self.rule == "native" else self.model / self.film

    @property
    def plain(self) -> bool:
        """Whether each frame of the film is one of the model's, in order."""
        return self.step == 1

    def frames(self, count: int) -> int:
        """Frames of the model's in a shot of `count` of the film's: all that it shows, up to where the next begins."""
        return max(self.at(count - 1) + 1, self.at(count)) if count else 0

    def at(self, frame: int) -> int:
        """The model's frame that the film shows at `frame`, both counted from the shot's start."""
        return floor(frame * self.step)

    def back(self, frame: int) -> int:
        """The film's first frame that shows the model's `frame` or a later one."""
        return ceil(frame / self.step)

    def shown(self, count: int, there: int) -> Iterator[Mix]:
        """What each of `count` frames of the film shows; there: frames of the model's that there are from the start on.

        The last of those has none to be mixed with, and is shown as it is.
        """
        for number in range(count):
            exact = number * self.step
            frame = min(floor(exact), there - 1)
            mixed = self.rule == "blend" and frame + 1 < there
            yield Mix(frame, exact - frame if mixed else Fraction(0))

    def needed(self, count: int, there: int) -> int:
        """Frames of the model's that `shown` asks for."""
        return max((mix.frame + 1 + (mix.following > 0) for mix in self.shown(count, there)), default=0)


def plain(rate: Fraction) -> Conform:
    """A renderer that draws at the film's own rate."""
    return Conform(rate, rate)


@dataclass(frozen=True)
class Chain:
    """Clips of `clip` frames in turn that can be shown pictures at the begin of a latent row alone.

    Row 0 is a clip's frame 0, the others hold `ratio` frames each. A new clip begins `step` frames after the last one,
    at a keyframe or at its last picture; what a clip has beyond is trimmed. least: frames of the shortest clip.
    """

    clip: int
    ratio: int
    step: int
    least: int = 1

    def length(self, frames: int) -> int:
        """The length that is made for a stretch of so many frames: the last clip of whole rows, as few clips as do."""
        most = min(self.clip, 2 * self.step)  # a clip ends before the second keyframe, which begins no row of it
        before = max(0, -(-(frames - most) // self.step)) * self.step
        return before + lengthened(frames - before, self.least, self.ratio)

    def nearest(self, frame: int, first: int, last: int) -> int:
        """The frame, of those from `first` to `last`, nearest to one of them at which a picture can stand.

        Where none of them is a row's begin, the frame itself: a clip more is made for it.
        """
        start = frame // self.step * self.step
        row = start + 1 + (frame - start - 1) // self.ratio * self.ratio
        places = {max(row, start), min(row + self.ratio, start + self.step)}
        found = sorted(place for place in places if first <= place <= last)
        return min(found, key=lambda place: abs(place - frame), default=frame)


@dataclass(frozen=True)
class Native:
    """What a model makes in one call: frames at its rate and size (width, height).

    step: it makes lengths of whole steps and one frame more (4k + 1 and the like); multiple: its widths and heights
    are multiples of it.
    """

    frames: int
    rate: Fraction
    size: tuple[int, int]
    step: int = 1
    multiple: int = 16
    rigid: bool = False
    """It makes pictures of its own size only."""
    chain: "Chain | None" = None
    """How its clips follow one another, where each is longer than what is shown of it."""

    def told(self, count: int, lengths: list[int], film: Fraction, size: tuple[int, int], rule: Rule) -> str:
        """The conform of a stretch of `count` frames (shots of `lengths` linked by flow) in a film, in words."""
        conform = Conform(film, self.rate, rule)
        mine = sum(map(conform.frames, lengths))
        made = self.chain.length(mine) if self.chain else lengthened(mine, self.frames, self.step)
        rates = f"{spoken(film)} are {mine} at {spoken(self.rate)}"
        if rule == "native" and film != self.rate:
            rates = f"{spoken(film)} are as many of its {spoken(self.rate)} a second"
        longer = f", rendered as {made}" if made != mine else ""
        drawn = self.size if self.rigid else fitted(size, self.size, self.multiple)
        sizes = f"{drawn[0]}x{drawn[1]}" + (f" -> {size[0]}x{size[1]}" if drawn != size else "")
        return f"{count} frames at {rates}{longer}; {sizes}"


def spoken(rate: Fraction) -> str:
    """A rate as people write it: 24, 23.976."""
    return f"{float(rate):.3f}".rstrip("0").rstrip(".")


def lengthened(frames: int, least: int, step: int) -> int:
    """The next length of whole steps and one frame more, at least `least`."""
    return -(-(max(frames, least) - 1) // step) * step + 1


def fitted(size: tuple[int, int] | None, native: tuple[int, int], multiple: int) -> tuple[int, int]:
    """The size to render: the film's shape with the area the model was trained for, in whole multiples."""
    if size is None:
        return native
    width = sqrt(native[0] * native[1] * size[0] / size[1])
    exact = (width, width * size[1] / size[0])
    across, down = (max(multiple, round(length / multiple) * multiple) for length in exact)
    return across, down
