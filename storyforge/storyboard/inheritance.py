"""What a shot takes from its scene, from the film, and from whom and what it shows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from storyforge.storyboard.model import Entity, Inherited, Storyboard

OWN_SOUND = "sound"  # among a renderer's options: whether the sound that it makes is heard, which no model is told


def inherited(key: str, layers: Sequence[Inherited]) -> Any:
    """The nearest layer's value: a shot's, else its scene's, else the film's."""
    return next((value for layer in layers if (value := getattr(layer, key)) is not None), None)


def options(layers: Sequence[Inherited], seen: Iterable[Entity] = ()) -> dict[str, dict[str, Any]]:
    """Options merge per profile and per parameter; the nearest layer wins, and entities stand next to the shot.

    seen: entities of the shot; their lists (LoRA weights) are added to what is there, one after another.
    """
    shot, *above = layers
    out: dict[str, dict[str, Any]] = {}
    for layer in reversed(above):
        _merge(out, layer.options or {})
    for entity in seen:
        for profile, given in (entity.options or {}).items():
            mine = out.get(profile, {})
            longer = {key: [*mine[key], *value] for key, value in given.items() if _lists(mine.get(key), value)}
            out[profile] = mine | given | longer
    _merge(out, shot.options or {})
    return out


def entities(board: Storyboard, names: Iterable[str | None]) -> list[Entity]:
    """Those of a storyboard's entities that are named, each once, in order."""
    known = {**board.cast, **board.props, **board.places}
    return [known[name] for name in dict.fromkeys(names) if name in known]


def _merge(out: dict[str, dict[str, Any]], more: Mapping[str, Mapping[str, Any]]) -> None:
    for profile, given in more.items():
        out[profile] = out.get(profile, {}) | dict(given)


def _lists(*values: Any) -> bool:
    return all(isinstance(value, list | tuple) for value in values)
