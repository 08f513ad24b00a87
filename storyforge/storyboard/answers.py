"""Answers: what options say of the sound that a renderer makes; one that is none is refused before anything is made."""

from collections.abc import Iterator, Mapping
from typing import Any

from storyforge.errors import StoryboardError
from storyforge.storyboard.inheritance import OWN_SOUND
from storyforge.storyboard.model import Entity, Model, Storyboard
from storyforge.storyboard.yaml import Document

Path = tuple[str | int, ...]


def answered(document: Document) -> None:
    """Raises StoryboardError for what options say of a renderer's own sound that is neither true nor false."""
    mistakes = [
        f"{document.place((*path, OWN_SOUND))}: options of {name}: sound is {given[OWN_SOUND]!r}; "
        "write true (what it makes is heard) or false"
        for path, name, given in options(document.board)
        if not isinstance(given.get(OWN_SOUND, True), bool)
    ]
    if mistakes:
        raise StoryboardError(mistakes)


def options(board: Storyboard) -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    """What is set for single renderers: where that is written, whose it is, and the options."""
    for path, model in models(board):
        for name, given in (getattr(model, "options", None) or {}).items():
            yield (*path, "options", name), name, given


def models(board: Storyboard) -> Iterator[tuple[Path, Model]]:
    """Everything of a storyboard with fields that a renderer may ignore, and where it is written."""
    yield (), board
    for section in ("cast", "props", "places"):
        entities: Mapping[str, Entity] = getattr(board, section)
        for name, entity in entities.items():
            yield (section, name), entity
            for look, said in entity.looks.items():
                yield (section, name, "looks", look), said
    for s, scene in enumerate(board.scenes):
        yield ("scenes", s), scene
        for i, shot in enumerate(scene.shots):
            yield ("scenes", s, "shots", i), shot
