"""Finds what ships beside the code: prompts/, renderers/ and storyboards/."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

Kind = Literal["prompts", "renderers", "storyboards"]


def root(kind: Kind) -> Traversable:
    """The packaged folder in a wheel, the checkout's own in an editable install."""
    packaged = files("storyforge") / "data" / kind
    return packaged if packaged.is_dir() else Path(__file__).parents[1] / kind
