"""What pydantic says of a value, as a sentence for people: the value, and the nearest valid key or value."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from storyforge.storyboard.model import Model, Storyboard

Error = Mapping[str, Any]


def nearest(word: str, valid: Iterable[str]) -> str | None:
    """The valid word that looks most like `word`, whatever its case."""
    words = {one.casefold(): one for one in valid}
    found = get_close_matches(word.casefold(), words, n=1, cutoff=0.55)
    return words[found[0]] if found else None


def hint(word: str, valid: Iterable[str]) -> str:
    """`; did you mean X?`, or the valid words when nothing is near."""
    listed = list(valid)
    near = nearest(word, listed)
    if near:
        return f"; did you mean {near}?"
    return f"; it can be {either(listed)}" if listed and len(listed) <= 16 else ""


def either(words: Iterable[str]) -> str:
    """`a, b or c`."""
    *head, last = list(words)
    return f"{', '.join(head)} or {last}" if head else last


def shown(value: Any) -> str:
    """A value as its author would know it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def owner(path: tuple[str | int, ...]) -> tuple[type[Model] | None, str]:
    """The model that a path's last key belongs to, and what people call it."""
    model: type[Model] | None = Storyboard
    entity = {"cast": "a cast member", "props": "a prop", "places": "a place"}.get(str(path[0]), "an entity")
    names = {"Storyboard": "a storyboard", "Entity": entity, "End": "the film's end"}
    for key in path[:-1]:
        if model is not None and isinstance(key, str) and key in model.model_fields:
            model = _inner(model.model_fields[key].annotation) or None
    return model, names.get(model.__name__, f"a {model.__name__.lower()}") if model else "this"


def _inner(annotation: Any) -> type[Model] | None:
    """The model inside an annotation: of an optional, a tuple's items or a mapping's values."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _inner(arg))), None)


def sentence(error: Error, written: tuple[str | int, ...] | None = None) -> str:
    """One of pydantic's errors in our words; `written` is the path under which the author wrote the value."""
    path: tuple[str | int, ...] = tuple(error["loc"])
    kind, value, ctx = str(error["type"]), error.get("input"), error.get("ctx", {})
    key = str(path[-1]) if path else "the storyboard"
    if kind != "missing" and written:
        key = f"an item of {written[-2]}" if isinstance(written[-1], int) else str(written[-1])
    model, what = owner(path)
    if path == ("storyforge",):
        return f"this file is of format {shown(value)}, and this storyforge reads format 1: upgrade storyforge"
    if kind == "extra_forbidden":
        return f"{what} has no {key}{hint(key, model.model_fields if model else ())}"
    if kind == "missing":
        return f"{what} needs {'' if key.endswith('s') else 'an ' if key[:1] in 'aeiou' else 'a '}{key}"
    if kind == "literal_error":
        words = [word.strip("'") for word in str(ctx["expected"]).replace(" or ", ", ").split(", ")]
        return f"{key} cannot be {shown(value)}{hint(str(value), words)}"
    if kind == "number_or":
        words = list(ctx["words"])
        return f"{key} cannot be {shown(value)}: write a number or {either(words)}{_near(value, words)}"
    return f"{key}: {_other(kind, value, ctx, error)}"


def _near(value: Any, words: list[str]) -> str:
    near = nearest(str(value), words)
    return f"; did you mean {near}?" if near else ""


BOUNDS = {
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "{ge:g} or more",
    "less_than": "less than {lt:g}",
    "less_than_equal": "{le:g} or less",
    "finite_number": "a finite number",
}
WANTED = {
    "string": "text",
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "tuple": "a list: write [ ... ] or lines that start with -",
    "dict": "a mapping: write {key: value} or indented key: value lines",
    "model": "a mapping: write {key: value} or indented key: value lines",
    "mapping": "a mapping: write {key: value} or indented key: value lines",
}


def _other(kind: str, value: Any, ctx: Mapping[str, Any], error: Error) -> str:
    if kind in BOUNDS:
        return f"{shown(value)} must be {BOUNDS[kind].format(**ctx)}"
    if kind == "too_short":
        return "at least one is needed"
    wanted = WANTED.get(kind.split("_")[0])
    if wanted:
        return f"{shown(value)} is not {wanted}"
    return str(error["msg"])
