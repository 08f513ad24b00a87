"""What ships beside the code: prompts/, renderers/ and storyboards/, lists of words, and the version of it all."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal

Kind = Literal["prompts", "renderers", "storyboards"]


def root(kind: Kind) -> Traversable:
    """The packaged folder in a wheel, the checkout's own in an editable install."""
    packaged = files("storyforge") / "data" / kind
    return packaged if packaged.is_dir() else Path(__file__).parents[1] / kind


def words(text: str) -> Any:
    """Lists of words written as YAML; every scalar is text, so `on` and `no` are words.

    libyaml reads a vocabulary ten times faster than ruamel.yaml does (14 and 140 ms), and `check` waits for it.

    Raises:
        yaml.YAMLError: The text is not YAML.
    """
    import yaml

    return yaml.load(text, getattr(yaml, "CBaseLoader", yaml.BaseLoader))


@cache
def version() -> str:
    """The version that is installed; 0 when this is run from a folder that was never installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("storyforge-film")
    except PackageNotFoundError:
        return "0"
