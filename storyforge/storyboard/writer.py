"""A storyboard as YAML text: prose quoted, names plain, short things on one line, keys in reading order."""

import json
import re
from collections.abc import Mapping
from typing import Any

from storyforge.storyboard.model import Model, Scene, Shot, Storyboard
from storyforge.storyboard.nodes import Spec, fields, quoted

WIDTH = 110
SHARED = ("renderer", "style", "avoid", "place", "time", "weather", "music", "options", "seed")
ORDER: Mapping[type[Model], tuple[str, ...]] = {
    Storyboard: ("storyforge", "title", "language", "renderer", "style", "avoid", "size", "fps", "rate", "seed"),
    Scene: ("id", "place", "time", "weather"),
    Shot: ("id", "source", "strength", "control", "seconds", *SHARED),
}
LAST: Mapping[type[Model], tuple[str, ...]] = {
    Storyboard: ("cast", "props", "places", "scenes", "end"),
    Scene: ("setups", "shots"),
    Shot: ("join", "keyframes", "prompt", "lock", "pick", "note"),
}
ALWAYS = {"storyforge", "language", "size", "fps"}
PLAIN = re.compile(r"[A-Za-z][\w./@-]*|\d+(\.\d+)?:\d+(\.\d+)?|\d+x\d+|\d+/\d+")
WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}  # YAML of some version reads them as values


def write(board: Storyboard) -> str:
    """The whole board in block style."""
    return "\n".join(block(board, Spec("model", model=Storyboard), 0)) + "\n"


def order(kind: type[Model]) -> list[str]:
    """A model's fields in the order people read them."""
    first, last = ORDER.get(kind, ()), LAST.get(kind, ())
    return [*first, *(name for name in kind.model_fields if name not in (*first, *last)), *last]


def given(model: Model) -> dict[str, Any]:
    """The fields that say something, in the order people read them."""
    kind = type(model)
    out = {}
    for name in order(kind):
        value = getattr(model, name)
        default = kind.model_fields[name].get_default(call_default_factory=True)
        if (value != default or (kind is Storyboard and name in ALWAYS)) and value is not None:
            out[name] = value
    return out


def scalar(value: Any, expected: Spec) -> str:
    """One value in a form that reads back as itself."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    text = str(value)
    if not expected.prose and PLAIN.fullmatch(text) and text.casefold() not in WORDS:
        return text
    return quoted(text)


def shortened(value: Any) -> Any:
    """A model that says only what its short form says (entities and titles keep their key: it reads better)."""
    if isinstance(value, Model) and value.short not in (None, "description", "text"):
        said = given(value)
        if list(said) == [value.short]:
            return said[value.short]
    return value


def flow(value: Any, expected: Spec) -> str:
    """A value on one line."""
    value = shortened(value)
    if isinstance(value, Model):
        known = fields(type(value))
        inner = ", ".join(f"{name}: {flow(item, known[name])}" for name, item in given(value).items())
        return "{" + inner + "}"
    if isinstance(value, Mapping):
        item = expected.item or Spec("any")
        return "{" + ", ".join(f"{key(name)}: {flow(one, item)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(one, expected.item or Spec("any")) for one in value) + "]"
    return json.dumps(value) if expected.kind == "any" and value is None else scalar(value, expected)


def key(name: Any) -> str:
    """A name that the board made up, as a key."""
    return scalar(str(name), Spec("text"))


def block(value: Any, expected: Spec, indent: int) -> list[str]:
    """Lines of a mapping or a list in block style, each indented by `indent`."""
    pad = " " * indent
    if isinstance(value, Model):
        known = fields(type(value))
        pairs = [(name, item, known[name]) for name, item in given(value).items()]
    elif isinstance(value, Mapping):
        pairs = [(key(name), item, expected.item or Spec("any")) for name, item in value.items()]
    else:
        lines = []
        for one in value:
            inner = entry(one, expected.item or Spec("any"), indent + 2)
            lines += [f"{pad}- {inner[0].lstrip()}", *inner[1:]]
        return lines
    lines = []
    for name, item, wanted in pairs:
        lines += pair(name, item, wanted, indent)
    return lines


def pair(name: str, value: Any, expected: Spec, indent: int) -> list[str]:
    """Lines of a key and its value: one, or the key's and those of a block below it."""
    line = f"{' ' * indent}{name}: {flow(value, expected)}"
    return [line] if is_short(value, line) else [f"{' ' * indent}{name}:", *block(value, expected, indent + 2)]


def entry(value: Any, expected: Spec, indent: int) -> list[str]:
    """Lines of one item of a list."""
    line = " " * indent + flow(value, expected)
    return [line] if is_short(value, line) else block(value, expected, indent)


def is_short(value: Any, line: str) -> bool:
    """Whether a value stays on one line: scalars always, scenes, shots and named entities never."""
    if not isinstance(shortened(value), Model | Mapping | list | tuple):
        return True
    if isinstance(value, Scene | Shot):
        return False
    if isinstance(value, Mapping) and any(isinstance(one, Model) for one in value.values()):
        return False
    return len(line) <= WIDTH and not (isinstance(value, list | tuple) and value and isinstance(value[0], Scene | Shot))
