"""Sound in chunks of one length, so that its bits depend on the sample's number and never on who asked for what."""

from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from storyforge.film.sound.source import Samples

CHUNK = 16_384  # samples: a third of a second
STEP = 256  # samples between two points of a slow control
KEPT = 4  # chunks kept, since a block seldom ends where a chunk does

Controls = NDArray[np.float64]  # values of something slow, one every STEP samples

_RAMP = (np.arange(STEP, dtype=np.float32) / STEP)[None]


class Chunks:
    """Blocks of any length from chunks of one: `render(n)` makes samples [n, n + 1) x CHUNK, [2, CHUNK]."""

    def __init__(self, render: Callable[[int], Samples]) -> None:
        self._render = render
        self._made: OrderedDict[int, Samples] = OrderedDict()

    def block(self, start: int, stop: int) -> Samples:
        """Samples [start, stop), [stop - start, 2]."""
        out = np.zeros((max(0, stop - start), 2), np.float32)
        for number in range(start // CHUNK, -(-stop // CHUNK)):
            low, high = max(start, number * CHUNK), min(stop, (number + 1) * CHUNK)
            out[low - start : high - start] = self.chunk(number)[:, low - number * CHUNK : high - number * CHUNK].T
        return out

    def chunk(self, number: int) -> Samples:
        """One chunk, [2, CHUNK]."""
        if number not in self._made:
            self._made[number] = self._render(number)
            if len(self._made) > KEPT:
                self._made.popitem(last=False)
        return self._made[number]


def seed(*address: object) -> int:
    """A number that belongs to these words and numbers alone."""
    return int.from_bytes(sha256("\x1f".join(map(str, address)).encode()).digest()[:8], "big")


def randomness(*address: object) -> np.random.Generator:
    """Random numbers that belong to an address (Philox: a counter, so that no draw depends on another address)."""
    return np.random.Generator(np.random.Philox(seed(*address)))


def controls(number: int) -> Controls:
    """The samples at which a slow control is worked out for a chunk: its ends and every STEP between."""
    return number * CHUNK + STEP * np.arange(CHUNK // STEP + 1, dtype=np.float64)


def smooth(values: Controls) -> Samples:
    """A chunk's control points as straight lines between them, [CHUNK]."""
    points = values.astype(np.float32)
    return np.asarray((points[:-1, None] + (points[1:] - points[:-1])[:, None] * _RAMP).reshape(-1))
