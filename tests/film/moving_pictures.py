"""Synthesised media for the tests of film: boxes that move over flat colour."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from storyforge.film import Frame

SIZE = (320, 180)
RATE = Fraction(24)
COLOURS = ((214, 96, 40), (40, 120, 90), (60, 70, 160), (230, 210, 150), (120, 40, 110), (20, 24, 30))


def moving(count: int, size: tuple[int, int] = SIZE, colour: int = 0) -> Iterator[Frame]:
    """Frames of one colour with a lighter box that moves 2 pixels a frame."""
    width, height = size
    ground = np.array(COLOURS[colour % len(COLOURS)], np.uint8)
    for number in range(count):
        frame = np.empty((height, width, 3), np.uint8)
        frame[:] = ground
        left = (10 + 2 * number) % (width - 40)
        frame[height // 4 : height // 2, left : left + 30] = ground // 2 + 120
        yield frame
