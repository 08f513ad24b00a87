"""Windows of a long call as numbers: the latent rows that each sees and writes, and whose words hold in it.

Both what denoises and what prints prompts beforehand ask here; nothing is loaded.
"""

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from storyforge import engine
from storyforge.backends.diffusers.segments import ENDS, Segment
from storyforge.backends.models import DiffusersProfile
from storyforge.clock import Span
from storyforge.engine import Kind

Words = TypeVar("Words", bound=Hashable)


class Shape(NamedTuple):
    """Windows in latent rows: their size, what neighbours both write, and what a later one sees before that."""

    size: int
    overlap: int
    lead: int


def shape(profile: DiffusersProfile) -> Shape:
    """The windows of a profile, which has some."""
    windows, ratio = profile.windows, profile.clip.ratio
    assert windows is not None
    return Shape((profile.clip.frames - 1) // ratio + 1, max(1, -(-windows.overlap // ratio)), windows.lead)


def spans(rows: int, shape: Shape, align: int = 1) -> tuple[tuple[Span, Span], ...]:
    """Windows of equal size, the last moved back, as the rows that each sees and those that it writes.

    align: rows that the denoiser takes together. Its pipeline pads a clip to a multiple of them, and so does this.
    """
    size = shape.size + -shape.size % align
    if rows <= size:
        return ((Span(0, rows), Span(0, rows)),)
    step = max(align, (size - shape.overlap - shape.lead) // align * align)
    seen = engine.windows(rows, size, step, align)
    return tuple((one, Span(one.start + (shape.lead if at else 0), one.stop)) for at, one in enumerate(seen))


def written(profile: DiffusersProfile, segment: Segment, align: int = 1) -> tuple[Span, ...]:
    """The rows of a segment that each of its windows writes; one that begins at a picture has row 0 to itself."""
    ratio = profile.clip.ratio
    if not segment.windows:
        rows = (segment.rows - 1) // ratio + 1
        return tuple(own for _, own in spans(rows + -rows % align, shape(profile), align))
    return shared(begun(segment, ratio))


def begun(segment: Segment, ratio: int) -> tuple[Span, ...]:
    """The latent rows that windows which begin at pictures see, counted from the segment's first."""
    frames = [Span(one.start - segment.start, one.stop - segment.start) for one in segment.windows]
    return tuple(Span(one.start // ratio, (one.stop - 1) // ratio + 1) for one in frames)


def shared(begun: Sequence[Span]) -> tuple[Span, ...]:
    """Of the rows that windows which begin at pictures see those that others write, too: row 0 is each one's own."""
    return tuple(Span(one.start + 1, one.stop) for one in begun)


def kind(profile: DiffusersProfile) -> Kind:
    """How windows are blended: those that begin at pictures by how near they are to what they know."""
    if not profile.begun:
        return "triangle"
    return "valley" if profile.infill in ENDS else "falling"


def foremost(written: Sequence[Span], kind: Kind) -> list[int]:
    """Of each row that windows write, from the first on, the window that says most there."""
    first, stop = written[0].start, max(span.stop for span in written)
    shares = engine.weights([Span(one.start - first, one.stop - first) for one in written], stop - first, kind)
    table = np.zeros((len(written), stop - first))
    for row, one, share in zip(table, written, shares, strict=True):
        row[one.start - first : one.stop - first] = share
    return [int(at) for at in table.argmax(0)]


def majority(said: Iterable[tuple[int, int, Words]], written: Span, base: Words) -> Words:
    """The words that hold over most rows that a window writes; those of the call hold where none are said."""
    rows: dict[Words, int] = {}
    left = len(written)
    for start, stop, words in said:
        shared = len(Span(start, stop).meet(written)) if start < stop else 0
        rows[words] = rows.get(words, 0) + shared
        left -= shared
    rows[base] = rows.get(base, 0) + left
    return max(rows, key=lambda words: rows[words])
