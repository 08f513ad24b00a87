"""Edits of a storyboard's text that leave every other byte as it is: comments, order, quotes, line ends."""

from typing import Any, NamedTuple

from pydantic import ValidationError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from storyforge.errors import InputError
from storyforge.storyboard import writer
from storyforge.storyboard.model import Model, Scene, Shot, Storyboard
from storyforge.storyboard.nodes import Spec, fields
from storyforge.storyboard.sentences import hint, sentence
from storyforge.storyboard.syntax import composed
from storyforge.storyboard.yaml import Document, loads

SECTIONS = ("cast", "props", "places")


class Change(NamedTuple):
    """Characters [start, stop) of the text become `new`."""

    start: int
    stop: int
    new: str


class Target(NamedTuple):
    """What an edit is about: its model, its node and its path in the board."""

    model: Model
    node: Node
    path: tuple[str | int, ...]


def set_field(document: Document, where: str, field: str, value: Any) -> Document:
    """The document with one field of the film (""), a scene, a shot or an entity ("cast.ember") set; None removes it.

    Raises InputError when there is no such thing, StoryboardError when the value does not fit.
    """
    target = find(document, where)
    kind = type(target.model)
    if field not in kind.model_fields:
        raise InputError(
            f"{document.place(target.path)}: {where or 'the film'} has no {field}{hint(field, kind.model_fields)}"
        )
    model = with_field(document, target, field, value)
    wanted = replaced(document.board, target.path, model)
    shown = getattr(model, field)
    if value is None:
        change = removal(document.text, target.node, field)
    elif isinstance(target.node, ScalarNode):
        change = Change(*extent(document.text, target.node), writer.flow(model, Spec("model", model=kind)))
    else:
        change = setting(document.text, target, field, writer.flow(shown, fields(kind)[field]))
    return applied(document, change, wanted)


def with_field(document: Document, target: Target, field: str, value: Any) -> Model:
    """The target's model with a field set; None leaves it out. Raises InputError when the value does not fit."""
    data = {key: given for key, given in _data(target.model).items() if key != field}
    try:
        return type(target.model).model_validate(data if value is None else data | {field: value})
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        path = (*target.path, *fault["loc"])
        raise InputError(f"{document.place(path)}: {sentence({**fault, 'loc': path}, path)}") from error


def pick(document: Document, shot: str, take: str | None) -> Document:
    """The document with a take of a shot picked; None goes back to the newest."""
    return set_field(document, shot, "pick", take)


def lock(document: Document, shot: str, locked: bool = True) -> Document:
    """The document with a shot locked (or not)."""
    return set_field(document, shot, "lock", True if locked else None)


def insert_shot(document: Document, shot: Shot, *, after: str | None = None, scene: str | None = None) -> Document:
    """The document with a shot put after another one, or first in a scene. Raises InputError when neither exists."""
    target = find(document, after if after is not None else scene or "")
    if after is not None:
        target, index = find(document, _scene_of(document, target).id), int(target.path[-1]) + 1
    else:
        index = 0
    if not isinstance(target.model, Scene):
        raise InputError(f"{document.path}: a shot is put `after` a shot or into a `scene`; {scene!r} is neither")
    shots = target.model.shots
    wanted = replaced(document.board, target.path, target.model.but(shots=(*shots[:index], shot, *shots[index:])))
    listed = value_of(target.node, "shots")
    if not isinstance(listed, SequenceNode):
        raise InputError(
            f"{document.place(target.path)}: the shots of {target.model.id} are repeated by an anchor: write them out"
        )
    return applied(document, insertion(document.text, listed, index, shot), wanted)


def save(document: Document) -> None:
    """Write the document's text to its file: to a temporary name first, so that nothing is left half written."""
    temporary = document.path.with_name(f".{document.path.name}.part")
    temporary.write_bytes(document.text.encode())
    temporary.replace(document.path)


def applied(document: Document, change: Change, wanted: Storyboard) -> Document:
    """The changed text read again; it must say what was wanted and nothing else."""
    after = loads(document.text[: change.start] + change.new + document.text[change.stop :], document.path)
    if after.board != wanted:
        line = document.text[: change.start].count("\n") + 1
        raise InputError(
            f"{document.path}:{line}:1: this place cannot be edited safely (an anchor, perhaps): edit it by hand"
        )
    return after


def find(document: Document, where: str) -> Target:
    """The film (""), an entity ("cast.ember"), a shot or a scene. Raises InputError with the nearest name."""
    root = composed(document.text)
    board = document.board
    if root is None or not where:
        return Target(board, root or ScalarNode("", ""), ())
    section, _, name = where.partition(".")
    if section in SECTIONS and name in getattr(board, section):
        return _at(document, root, getattr(board, section)[name], (section, name))
    for s, scene in enumerate(board.scenes):
        for i, shot in enumerate(scene.shots):
            if shot.id == where:
                return _at(document, root, shot, ("scenes", s, "shots", i))
    for s, scene in enumerate(board.scenes):
        if scene.id == where:
            return _at(document, root, scene, ("scenes", s))
    ids = [shot.id for scene in board.scenes for shot in scene.shots] + [scene.id for scene in board.scenes]
    entities = [f"{section}.{name}" for section in SECTIONS for name in getattr(board, section)]
    raise InputError(f"{document.path}: there is nothing called {where!r}{hint(where, ids + entities)}")


def _at(document: Document, root: Node, model: Model, path: tuple[str | int, ...]) -> Target:
    return Target(model, own_node(document, root, path), path)


def _scene_of(document: Document, target: Target) -> Scene:
    if target.path[:1] != ("scenes",) or len(target.path) != 4:
        raise InputError(f"{document.place(target.path)}: a shot is put after a shot, and this is none")
    return document.board.scenes[int(target.path[1])]


def _data(model: Model) -> dict[str, Any]:
    return {key: getattr(model, key) for key in model.model_fields_set}


def replaced(board: Storyboard, path: tuple[str | int, ...], model: Model) -> Storyboard:
    """The board with the model at a path replaced."""
    if not path:
        return Storyboard(**_data(model))
    if path[0] in SECTIONS:
        section = str(path[0])
        return board.but(**{section: getattr(board, section) | {path[1]: model}})
    scenes = list(board.scenes)
    s = int(path[1])
    if len(path) == 2:
        scenes[s] = Scene(**_data(model))
    else:
        shots = list(scenes[s].shots)
        shots[int(path[3])] = Shot(**_data(model))
        scenes[s] = scenes[s].but(shots=tuple(shots))
    return board.but(scenes=tuple(scenes))


def value_of(node: Node, key: str | int) -> Node | None:
    """The node under a key or an index; None when it is not written there itself."""
    if isinstance(node, SequenceNode) and isinstance(key, int):
        items: list[Node] = node.value
        return items[key]
    return next((value for name, value in pairs(node) if name.value == key), None)


def node_at(root: Node | None, path: tuple[str | int, ...]) -> Node | None:
    """The node at a path of the board; None when it is not written there itself."""
    for key in path:
        root = None if root is None else value_of(root, key)
    return root


def own_node(document: Document, root: Node | None, path: tuple[str | int, ...]) -> Node:
    """The node at a path of the board. Raises InputError when it is not written there itself."""
    node = node_at(root, path)
    if node is None:
        raise InputError(f"{document.place(path)}: this is written by way of an anchor: edit it by hand")
    return node


def pairs(node: Node) -> list[tuple[ScalarNode, Node]]:
    """Keys and values that a mapping writes itself."""
    if not isinstance(node, MappingNode):
        return []
    return [(key, value) for key, value in node.value if isinstance(key, ScalarNode)]


def flows(node: Node) -> bool:
    """Whether a mapping or a list is written inside brackets."""
    return isinstance(node, MappingNode | SequenceNode) and bool(node.flow_style)


def extent(text: str, node: Node, after: int = 0) -> tuple[int, int]:
    """The characters a node covers, without blank lines and comments after it; `after`: where its key ends.

    An alias covers its `*name`; its node stands elsewhere.
    """
    start, stop = node.start_mark.index, node.end_mark.index
    if start < after or (isinstance(node, ScalarNode) and start == stop):
        rest = text[after : text.find("\n", after) if "\n" in text[after:] else len(text)]
        colon = after + rest.find(":") + 1 if rest.lstrip().startswith(":") else after
        name = rest[colon - after :]
        if start < after and name.lstrip().startswith("*"):
            begin = colon + len(name) - len(name.lstrip())
            return begin, begin + len(text[begin:].split(None, 1)[0].rstrip(",]}"))
        return colon, colon
    if isinstance(node, ScalarNode):
        keeps = node.style in ("|", ">") and "+" in text[start : text.find("\n", start)]
        return start, stop if keeps or node.style not in ("|", ">") else start + len(text[start:stop].rstrip())
    if flows(node) or not node.value:
        return start, stop
    if isinstance(node, SequenceNode):
        return start, extent(text, node.value[-1], start)[1]
    key, value = node.value[-1]
    return start, extent(text, value, key.end_mark.index)[1]


def line_end(text: str, index: int) -> int:
    """Where the line of a character ends, before its line break."""
    if index > 0 and text[index - 1] == "\n":
        return index - 1 - (text[index - 2 : index - 1] == "\r")
    stop = text.find("\n", index)
    stop = len(text) if stop < 0 else stop
    return stop - (stop > index and text[stop - 1] == "\r")


def newline(text: str) -> str:
    """The line break that the text uses."""
    return "\r\n" if "\r\n" in text else "\n"


def setting(text: str, target: Target, field: str, shown: str) -> Change:
    """A field's new value: in place of the old one, or as a new key where people would look for it."""
    here = pairs(target.node)
    found = next(((key, value) for key, value in here if key.value == field), None)
    if found is None:
        return addition(text, target, field, f"{field}: {shown}")
    key, value = found
    start, stop = extent(text, value, key.end_mark.index)
    colon = key.end_mark.index + text[key.end_mark.index :].index(":") + 1
    if "\n" in text[colon:start]:  # a block below its key: the comment beside the key stays
        end = line_end(text, colon)
        return Change(colon, stop, f" {shown}{text[colon:end]}")
    gap = "" if text[colon:start].endswith((" ", "\t")) else " "
    return Change(start, stop, gap + shown)


def addition(text: str, target: Target, field: str, written: str) -> Change:
    """A new key, written with its value, after the last of those that come before it in the order people read them."""
    here = pairs(target.node)
    order = writer.order(type(target.model))
    before = [pair for pair in here if pair[0].value in order and order.index(pair[0].value) < order.index(field)]
    flowing = flows(target.node)
    if flowing and not here:
        return Change(target.node.start_mark.index + 1, target.node.start_mark.index + 1, written)
    key, value = (before or here)[-1 if before else 0]
    stop = extent(text, value, key.end_mark.index)[1]
    if flowing:
        return Change(stop, stop, f", {written}")
    indent = " " * key.start_mark.column
    end = line_end(text, stop)
    return Change(end, end, f"{newline(text)}{indent}{written}")


def removal(text: str, node: Node, field: str) -> Change:
    """A key and its value taken out, with its lines; nothing when it is not there."""
    here = pairs(node)
    index = next((i for i, (key, _) in enumerate(here) if key.value == field), None)
    if index is None:
        return Change(0, 0, "")
    key, value = here[index]
    start, stop = key.start_mark.index, extent(text, value, key.end_mark.index)[1]
    following = here[index + 1][0].start_mark.index if index + 1 < len(here) else None
    if flows(node):
        if following is not None:
            return Change(start, following, "")
        if index:
            start = extent(text, here[index - 1][1], here[index - 1][0].end_mark.index)[1]
        return Change(start, stop, "")
    head = text.rfind("\n", 0, start) + 1
    if text[head:start].strip():  # `- key: value`: the next key moves up to the dash
        return Change(start, following if following is not None else stop, "")
    end = text.find("\n", line_end(text, stop))
    if end < 0:  # the last line, and it has no line break: the one before it goes
        return Change(line_end(text, head) if head else 0, len(text), "")
    return Change(head, end + 1, "")


def insertion(text: str, listed: SequenceNode, index: int, shot: Shot) -> Change:
    """A shot as a new item of a list, in the list's own style."""
    items: list[Node] = listed.value
    if listed.flow_style:
        shown = writer.flow(shot, Spec("model", model=Shot))
        if index == 0:
            start = items[0].start_mark.index
            return Change(start, start, f"{shown}, ")
        stop = extent(text, items[index - 1])[1]
        return Change(stop, stop, f", {shown}")
    column = listed.start_mark.column
    lines = writer.block([shot], Spec("list", item=Spec("model", model=Shot)), column)
    eol = newline(text)
    if index == 0:
        head = text.rfind("\n", 0, listed.start_mark.index) + 1
        return Change(head, head, "".join(line + eol for line in lines))
    end = line_end(text, extent(text, items[index - 1])[1])
    return Change(end, end, "".join(eol + line for line in lines))
