"""Tiny random checkpoints for every shipped renderer profile: real classes, saved to disk, loaded by the real code.

A module of this package holds one family: functions that save its parts, and `TINY`, a mapping from the name of a
shipped profile to how it is run on them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any


@dataclass(frozen=True)
class Tiny:
    """A shipped profile on a tiny checkpoint.

    save: writes the checkpoints below a folder and gives, for each hub id of the profile, the folder's name there.
    changes: what differs from the profile (clip, levels, windows, defaults, call ...), merged into it key by key; None
    takes a key away.
    """

    save: Callable[[Path], Mapping[str, str]]
    changes: Mapping[str, Any] = field(default_factory=dict)


def families() -> dict[str, Tiny]:
    """Every profile that a module of this package can run."""
    found: dict[str, Tiny] = {}
    for module in iter_modules(__path__):
        found |= getattr(import_module(f"{__name__}.{module.name}"), "TINY", {})
    return found


def install(name: str, project: Path) -> Path:
    """The shipped profile in the project's own renderers/, with its checkpoints beside it and on the CPU."""
    from ruamel.yaml import YAML

    from storyforge.resources import root

    tiny = families()[name]
    yaml = YAML(typ="safe", pure=True)
    data = yaml.load((Path(str(root("renderers"))) / f"{name}.yaml").read_text())
    data = _merged(data, tiny.changes)
    at = tiny.save(project / "checkpoints" / name)
    data = _placed(data, {hub: f"../checkpoints/{name}/{folder}" for hub, folder in at.items()})
    path = project / "renderers" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        yaml.dump(data | {"device": "cpu"}, file)
    return path


def _merged(data: Any, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The profile with some values changed, mapping by mapping."""
    out = dict(data)
    for key, value in changes.items():
        if value is None:
            out.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(out.get(key), Mapping):
            out[key] = _merged(out[key], value)
        else:
            out[key] = value
    return out


def _placed(data: Any, at: Mapping[str, str]) -> Any:
    """The profile with every checkpoint replaced by its folder; a revision would ask the hub."""
    if isinstance(data, list):
        return [_placed(value, at) for value in data]
    if not isinstance(data, Mapping):
        return data
    return {
        key: at[value] if key == "checkpoint" and value else _placed(value, at)
        for key, value in data.items()
        if key not in ("revision", "variant")
    }
