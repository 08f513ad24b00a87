"""What a text says, as one number for each thing it can say: what training asks the text encoder back."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from storyforge.backends.toon.captions import MOVE_WORDS, SHOT_WORDS
from storyforge.backends.toon.vocabulary import vocabulary

UNSAID = -1
LISTS = {
    "kind": "kinds", "coat": "colours", "hair": "colours", "wears": "wears", "wear_colour": "colours",
    "marking": "markings", "action": "actions", "feels": "feelings", "holds": "props", "place": "places",
    "time": "times", "weather": "weathers", "prop": "props", "colour": "colours",
}  # fmt: skip


@cache
def things() -> dict[str, tuple[str, ...]]:
    """Everything that a text can say, with the values it may have."""
    told = {name: tuple(map(str, vocabulary()[group])) for name, group in LISTS.items()}
    sides = {"at": ("far-left", "left", "centre", "right", "far-right"), "faces": ("left", "right")}
    return told | sides | {"shot": tuple(SHOT_WORDS), "move": tuple(MOVE_WORDS), "angle": ("low", "level", "high")}


def numbers(facts: Mapping[str, Any]) -> list[int]:
    """The number of each thing's value, UNSAID where the facts do not have it."""
    return [values.index(str(facts[name])) if name in facts else UNSAID for name, values in things().items()]
