"""Placeholders: what stands in the film, and on its contact sheet, for a shot that could not be made."""

from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from storyforge.errors import StoryforgeError

if TYPE_CHECKING:
    from storyforge.backends import Frame


def placeholder(size: tuple[int, int], name: str, why: str, picture: Path | None) -> "Frame":
    """The shot's picture held, dimmed and labelled; where it has none that can be read, a card that says the same."""
    from storyforge.film import failed, footage

    held = None
    if picture is not None:
        with suppress(StoryforgeError):
            held = next(footage(picture, size, Fraction(1), 1))
    return failed(size, name, why, held)
