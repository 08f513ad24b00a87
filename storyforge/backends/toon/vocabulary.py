"""toon's words, read from renderers/toon/vocabulary.yaml, and the colours they name."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyforge.resources import root, words

Array = NDArray[np.float32]

# OKLab centres of the named colours, chosen by eye as picture-book paints
COLOURS: dict[str, tuple[float, float, float]] = {
    "red": (0.56, 0.19, 0.09),
    "orange": (0.69, 0.11, 0.13),
    "yellow": (0.85, 0.00, 0.15),
    "green": (0.58, -0.11, 0.08),
    "blue": (0.53, -0.03, -0.14),
    "purple": (0.49, 0.10, -0.13),
    "pink": (0.77, 0.13, 0.01),
    "brown": (0.45, 0.045, 0.06),
    "white": (0.95, 0.00, 0.01),
    "grey": (0.64, -0.005, -0.01),
    "black": (0.27, 0.00, -0.01),
}
COLOUR_NAMES = tuple(COLOURS)
COLOUR_TABLE: Array = np.array([COLOURS[name] for name in COLOUR_NAMES], np.float32)
SPREAD = np.array([0.025, 0.012, 0.012], np.float32)  # of one colour's paints around its centre


def colour_name(lab: Array) -> str:
    """The named colour nearest to an OKLab triple."""
    return COLOUR_NAMES[int(np.argmin(((COLOUR_TABLE - np.asarray(lab)) ** 2).sum(-1)))]


@cache
def vocabulary() -> dict[str, Any]:
    """The vocabulary file as plain dictionaries and lists."""
    known: dict[str, Any] = words((root("renderers") / "toon" / "vocabulary.yaml").read_text(encoding="utf-8"))
    return known
