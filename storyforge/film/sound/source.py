"""What every part of a soundtrack is: samples addressed by their number, so that a film is made block by block."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from storyforge import clock
from storyforge.clock import Rate
from storyforge.film.codec import SOUND_RATE

RATE = SOUND_RATE

Samples = NDArray[np.float32]  # [samples] or, left and right, [samples, 2]; full scale is 1


class Source(Protocol):
    """A part of the soundtrack over the whole film."""

    def block(self, start: int, stop: int) -> Samples:
        """Samples [start, stop) of the film, [stop - start, 2]; the same whatever the blocks are."""
        ...


@dataclass(frozen=True)
class Effect:
    """Something that is heard once: `kind` begins at sample `at` of the film; loud 0..1, pan -1 left .. 1 right."""

    kind: str
    at: int
    loud: float = 1.0
    pan: float = 0.0


def sample(frame: int, rate: Rate) -> int:
    """The number of the sample that is heard when a frame appears."""
    return clock.frames(Fraction(frame) / rate, Fraction(RATE))


def decibels(level: float) -> float:
    """The factor that a level in dB means."""
    return float(10 ** (level / 20))
