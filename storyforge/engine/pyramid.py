"""Diffusion over diffusion (NUWA-XL, section 3.3): lengths and levels, from keyframes at a stride to every frame."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import lcm

from storyforge.conform import lengthened


@dataclass(frozen=True)
class Level:
    """All positions of a span at one stride: frames 0, stride, 2 stride ...; `pinned` are the rows known from above."""

    stride: int
    rows: int
    pinned: range

    @property
    def positions(self) -> range:
        """The span's frame that each row shows."""
        return range(0, self.rows * self.stride, self.stride)


def reach(depth: int, clip: int) -> int:
    """Frames that `depth` levels of `clip` frames make when neighbours share their ends: (L - 1)^m + 1."""
    if depth < 1 or clip < 2:
        raise ValueError(f"a pyramid needs depth >= 1 and a clip of >= 2 frames, not {depth} and {clip}")
    return int((clip - 1) ** depth + 1)


def covered(frames: int, clip: int, strides: Sequence[int] = (1,), ratio: int = 1) -> int:
    """The length rendered for a span of `frames`: the next that ends on a keyframe, at least one clip; then trimmed.

    ratio is the latent's (frames = rows x ratio + 1): Wan 4, LTX 8, toon 1.
    """
    if frames < 1 or clip < 1:
        raise ValueError(f"a span has at least one frame and so does a clip, not {frames} and {clip}")
    step = lcm(max(_timed(strides)), ratio)
    return lengthened(frames, clip, step)


def levels(frames: int, strides: Sequence[int]) -> tuple[Level, ...]:
    """The levels of a span from coarse to fine; `frames` is a length that `covered` gave."""
    timed = _timed(strides)
    if (frames - 1) % timed[0]:
        raise ValueError(f"{frames} frames do not end on a keyframe of stride {timed[0]}; ask covered() for the length")
    found = []
    above = 0
    for stride in timed:
        rows = (frames - 1) // stride + 1
        found.append(Level(stride, rows, range(0, rows, above // stride) if above else range(0)))
        above = stride
    return tuple(found)


def _timed(strides: Sequence[int]) -> tuple[int, ...]:
    """The strides that have a place in time (stride 0 is the panels: one frame of each shot), checked."""
    timed = tuple(stride for stride in strides if stride)
    finer = pairwise(timed)
    if not timed or timed[-1] != 1 or any(a <= b or a % b for a, b in finer):
        raise ValueError(f"strides go from coarse to fine, each a multiple of the next, and end with 1, not {timed}")
    return timed
