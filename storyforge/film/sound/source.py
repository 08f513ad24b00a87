"""What every part of a soundtrack is: samples addressed by their number, so that a film is made block by block."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

RATE = 48_000  # samples a second

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
