"""What a storyboard may know of renderers: their names, the fields each ignores, and its vocabulary if it is small."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from os import environ
from pathlib import Path as File
from typing import Any

from storyforge.resources import root, words


@dataclass(frozen=True)
class Renderer:
    """A profile as far as `check` needs it: `ignores` maps fields to a reason."""

    name: str
    ignores: Mapping[str, str] = field(default_factory=dict)
    vocabulary: Mapping[str, Any] | None = None


def files(folder: File | None) -> Iterator[tuple[str, File]]:
    """Names and files of all profiles: the storyboard's own folder, the user's, then the shipped ones."""
    config = File(environ.get("XDG_CONFIG_HOME") or File.home() / ".config") / "storyforge" / "renderers"
    for place in (*((folder / "renderers",) if folder else ()), config, File(str(root("renderers")))):
        for file in sorted([*place.glob("*.yaml"), *place.glob("*/profile.yaml")]):
            yield name_of(file), file


def name_of(file: File) -> str:
    """The name a profile gives itself, else its file's or (of profile.yaml) its folder's."""
    given = re.search(r"^name:\s*[\"']?([^\s\"'#]+)", file.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return given[1] if given else file.parent.name if file.name == "profile.yaml" else file.stem


def names(folder: File | None) -> tuple[str, ...]:
    """Names of all profiles at hand."""
    return tuple(sorted({name for name, _ in files(folder)}))


def renderer(name: str, folder: File | None, vocabulary: Mapping[str, Any] | None = None) -> Renderer:
    """What a renderer ignores and can draw; one that is not at hand ignores nothing that we know of."""
    if name.endswith((".yaml", ".yml")):
        file = (folder or File()) / name
    else:
        file = next((file for known, file in files(folder) if known == name), File())
    if not file.is_file():
        return Renderer(name)
    if vocabulary is None and (beside := file.with_name("vocabulary.yaml")).is_file():
        vocabulary = listed(beside)
    ignores = read(file).get("ignores")
    told = {str(key): str(value) for key, value in ignores.items()} if isinstance(ignores, Mapping) else {}
    return Renderer(name, told, vocabulary)


def read(file: File) -> Mapping[str, Any]:
    """A profile's data; anything but a mapping is read as an empty one (its backend will complain of it)."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError):
        return {}
    return data if isinstance(data, Mapping) else {}


def listed(file: File) -> Mapping[str, Any]:
    """A vocabulary; anything but a mapping is read as an empty one."""
    from yaml import YAMLError

    try:
        data = words(file.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError):
        return {}
    return data if isinstance(data, Mapping) else {}
