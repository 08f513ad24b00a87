"""Storyboards as YAML: read with every mistake at once, written with the editor's modeline (DESIGN 4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from storyforge.errors import InputError, StoryboardError
from storyforge.storyboard.model import Storyboard
from storyforge.storyboard.rules import broken
from storyforge.storyboard.sentences import sentence

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

    from storyforge.storyboard.nodes import Mark, Mistake, Path, Reader

MODELINE = "# yaml-language-server: $schema=storyboard.schema.json"
MOST_BYTES = 4 * 2**20  # the longest films we know of are a tenth of this


@dataclass(frozen=True)
class Document:
    """A storyboard with its text and the place of every value in it."""

    board: Storyboard
    path: File
    text: str
    marks: Mapping["Path", "Mark"] = field(repr=False)

    def place(self, path: "Path") -> str:
        """`file:line:column` of a value; of what holds it when the value is not written."""
        return place(self.path, self.marks, path)


def place(file: File, marks: "Mapping[Path, Mark]", path: "Path") -> str:
    """`file:line:column` of the nearest thing written at or above a path."""
    while path and path not in marks:
        path = path[:-1]
    line, column = marks.get(path, (1, 1))
    return f"{file}:{line}:{column}"


def load(path: File | str) -> Document:
    """Read a storyboard file. Raises StoryboardError with all its mistakes, InputError when it cannot be opened."""
    file = File(path)
    try:
        data = file.read_bytes() if file.stat().st_size <= MOST_BYTES else None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"{file}: the storyboard cannot be opened: {reason}; check its name and place") from error
    if data is None:
        raise StoryboardError([f"{file}:1:1: more than {MOST_BYTES // 2**20} MB is too much for a storyboard"])
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        head = data[: error.start]
        line, column = head.count(b"\n") + 1, len(head) - (head.rfind(b"\n") + 1) + 1
        what = "a binary file" if b"\0" in data[:4096] else "not UTF-8 text"
        raise StoryboardError(
            [f"{file}:{line}:{column}: this is {what}; a storyboard is YAML saved as UTF-8"]
        ) from error
    if "\0" in text:
        raise StoryboardError([f"{file}:1:1: this is a binary file; a storyboard is YAML saved as UTF-8"])
    return loads(text, file)


def loads(text: str, path: File | str = "storyboard.yaml") -> Document:
    """Read a storyboard's text; pictures lie in the folder of `path`. Raises StoryboardError with all mistakes."""
    from storyforge.storyboard import libyaml, nodes, syntax  # ruamel comes with them

    file, plain = File(path), text.removeprefix("\ufeff")
    folder, reader = file.absolute().parent, nodes.Reader(plain)
    quick = libyaml.compose(plain)
    if quick is not None:
        board, found = build(quick, reader, folder)
        if board is not None and not found:
            return Document(board, file, text, reader.marks)
        reader = nodes.Reader(plain)  # ruamel's own places, for the mistakes
    root, mistakes = syntax.parse(plain)
    mistakes += directives(text, nodes)
    board = None
    if root is not None:
        board, found = build(root, reader, folder)
        mistakes += [one for one in found if all(one.mark != other.mark for other in mistakes)]
    elif not mistakes:
        mistakes.append(
            nodes.Mistake(nodes.Mark(1, 1), "this storyboard is empty; `storyforge plan` writes one from a story")
        )
    if mistakes or board is None:
        ordered = sorted(set(mistakes))
        raise StoryboardError([f"{file}:{mark.line}:{mark.column}: {said}" for mark, said in ordered])
    return Document(board, file, text, reader.marks)


def directives(text: str, nodes: Any) -> "list[Mistake]":
    """`%YAML 1.1` before the document would change what words mean."""
    first = text.removeprefix("\ufeff").split("\n", 1)[0]
    if not first.startswith("%"):
        return []
    return [
        nodes.Mistake(nodes.Mark(1, 1), f"{first.strip()} is not read here: storyboards are YAML 1.2; remove the line")
    ]


def build(root: "Node", reader: "Reader", folder: File) -> "tuple[Storyboard | None, list[Mistake]]":
    """The storyboard that the nodes describe, and all mistakes.

    Where a value is wrong it is reported and left out, so that the rules between the parts can be checked as well.
    """
    from storyforge.storyboard import nodes

    data = reader.read(root, nodes.Spec("model", model=Storyboard))
    mistakes = list(reader.mistakes)
    if not isinstance(data, dict):
        start = nodes.mark(root)
        if not mistakes:
            mistakes.append(nodes.Mistake(start, "a storyboard is keys and values; it starts with `storyforge: 1`"))
        return None, mistakes
    board: Storyboard | None = None
    pruned: set[nodes.Path] = set()
    for attempt in range(8):
        try:
            board = Storyboard.model_validate(data)
            break
        except ValidationError as error:
            faults = [fault for fault in error.errors(include_url=False) if not echo(fault)]
        for fault in faults:
            path = tuple(fault["loc"])
            if attempt == 0 and not unread(reader, mistakes, path):
                at = place_of(reader, path, str(fault["type"]))
                mistakes.append(nodes.Mistake(at, sentence(fault, written(reader, path))))
        paths = {tuple(fault["loc"]) for fault in faults}
        for path in sorted(paths, key=str, reverse=True):
            prune(data, path)
        pruned |= paths
    for path, said in broken(board, folder) if board is not None else ():
        if trusted(path, said, pruned):
            mistakes.append(nodes.Mistake(place_of(reader, path, "value"), said))
    return board, mistakes


def echo(fault: "Mapping[str, Any]") -> bool:
    """Whether pydantic calls a list too short because its items are wrong: they have their own faults."""
    return fault["type"] == "too_short" and bool(fault["input"])


def written(reader: "Reader", path: "Path") -> "Path":
    """The path as the author wrote it: a short form's value stands one key higher."""
    return path[:-1] if path not in reader.nodes and path[:-1] in reader.nodes and isinstance(path[-1], str) else path


def unread(reader: "Reader", mistakes: "list[Mistake]", path: "Path") -> bool:
    """Whether the value at a path (or of something inside it) has been reported while it was read."""
    node = reader.nodes.get(path)
    return node is not None and any(one.mark == reader.marks[path] for one in mistakes)


def place_of(reader: "Reader", path: "Path", kind: str) -> "Mark":
    """Where to point: at an unknown key itself, at the value of any other."""
    from storyforge.storyboard import nodes

    key = reader.nodes.get(path, (None, None))[1]
    if kind == "extra_forbidden" and key is not None:
        return nodes.mark(key)
    while path and path not in reader.marks:
        path = path[:-1]
    return reader.marks[path]


def prune(data: Any, path: "Path") -> None:
    """Leave a wrong value out of the data, or put a harmless one where one is needed."""
    wrong_key = path[-1] == "[key]"  # pydantic's word for it
    above: list[str | int] = []
    holder: Any = data
    last, *rest = path[:-1] if wrong_key else path
    for key in rest:  # down to where the value, or the short form it is part of, is held
        inner: Any = holder[last] if isinstance(holder, list) or last in holder else None  # type: ignore[index]  # ids of lists are ints
        if not isinstance(inner, dict | list):
            break
        above.append(last)
        holder, last = inner, key
    if isinstance(holder, list):
        holder[int(last)] = {}
        return
    harmless = {"id": f"unnamed-{'-'.join(map(str, above))}", "kind": "cut", "at": 0, "shots": [{}]}
    named = not wrong_key and bool(above) and above[-1] in ("cast", "props", "places", "looks")
    if last == "seconds" and (not above or isinstance(above[-1], int)):
        holder[last] = 3600  # long enough for whatever else the shot says
    elif last in holder and not named:
        del holder[last]
    else:
        holder[last] = harmless.get(str(last), "unknown")


def trusted(path: "Path", said: str, pruned: "set[Path]") -> bool:
    """Whether a broken rule is the author's, and not the echo of a value that was left out."""
    if any(path[:count] in pruned for count in range(1, len(path) + 1)):
        return False
    echoes = {"cast": "there is no cast member", "props": "there is no prop", "places": "there is no place"}
    return not any((section,) in pruned and said.startswith(echo) for section, echo in echoes.items())


def dump(board: Storyboard) -> str:
    """A storyboard as YAML with the editor's modeline; prose is quoted."""
    from storyforge.storyboard import writer

    return f"{MODELINE}\n{writer.write(board)}"
