"""Makes a storyboard's text say another board: what differs is written, every other byte stays as it is."""

from collections.abc import Iterator, Mapping, Sequence

from ruamel.yaml.nodes import Node, ScalarNode

from storyforge.errors import InputError
from storyforge.storyboard import writer
from storyforge.storyboard.diff import unequal
from storyforge.storyboard.edit import (
    SECTIONS,
    Change,
    Target,
    addition,
    extent,
    flows,
    line_end,
    newline,
    node_at,
    own_node,
    pairs,
    removal,
    setting,
)
from storyforge.storyboard.listing import Listing, Piece, comments
from storyforge.storyboard.model import Entity, Model, Scene, Shot, Storyboard
from storyforge.storyboard.nodes import Path, Spec, fields
from storyforge.storyboard.syntax import composed
from storyforge.storyboard.yaml import Document, loads

ENTITY = Spec("model", model=Entity)
SHOT, SCENE = Spec("model", model=Shot), Spec("model", model=Scene)


def rewritten(document: Document, wanted: Storyboard) -> Document:
    """The document with its text changed to say `wanted`; scenes and shots are known by id, entities by name.

    Raises StoryboardError when that is not valid, InputError when it cannot be written without touching anything else.
    """
    text = document.text
    for level in _levels(document.board, wanted):
        for key in dict.fromkeys(key for _, mine, other in level for key in _differing(mine, other)):
            text = _with_field(document, text, level, key)
    for section in SECTIONS:
        text = _with_entities(document, text, section, getattr(wanted, section))
    if _ids(document.board) != _ids(wanted):
        text = _Arranged(document, text, wanted).text
    if text == document.text:
        return document
    after = loads(text, document.path)
    if after.board != wanted:
        raise InputError(f"{document.path}: it cannot be changed safely (an anchor, perhaps): edit it by hand")
    return after


Level = list[tuple[Path, Model, Model]]


def _levels(mine: Storyboard, wanted: Storyboard) -> Iterator[Level]:
    """What both boards have, with its path in the first: the film, its entities, its scenes, its shots."""
    yield [((), mine, wanted)]
    yield [
        ((section, name), entity, getattr(wanted, section)[name])
        for section in SECTIONS
        for name, entity in getattr(mine, section).items()
        if name in getattr(wanted, section)
    ]
    scenes = {scene.id: scene for scene in wanted.scenes}
    yield [(("scenes", s), scene, scenes[scene.id]) for s, scene in enumerate(mine.scenes) if scene.id in scenes]
    shots = {shot.id: shot for scene in wanted.scenes for shot in scene.shots}
    yield [
        (("scenes", s, "shots", i), shot, shots[shot.id])
        for s, scene in enumerate(mine.scenes)
        for i, shot in enumerate(scene.shots)
        if shot.id in shots
    ]


def _differing(mine: Model, wanted: Model) -> list[str]:
    """Fields to write; those that hold entities only where all of them come or go."""
    keys = [key for key in unequal(mine, wanted) if key not in ("id", "scenes", "shots")]
    return [k for k in keys if k not in SECTIONS or not isinstance(mine, Storyboard) or _whole(mine, wanted, k)]


def _whole(mine: Model, wanted: Model, key: str) -> bool:
    return not getattr(mine, key) or not getattr(wanted, key)


def _with_field(document: Document, text: str, level: Level, key: str) -> str:
    """The text with one field written wherever it differs on a level."""
    root = composed(text)
    changes = []
    for path, mine, wanted in level:
        if key in _differing(mine, wanted):
            changes.append(_field(text, Target(wanted, own_node(document, root, path), path), key))
    return _changed(text, changes)


def _changed(text: str, changes: Sequence[Change]) -> str:
    for start, stop, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[stop:]
    return text


def _field(text: str, target: Target, key: str) -> Change:
    """A field set to what the target's model says, or taken out where it says nothing."""
    kind = type(target.model)
    shown = writer.given(target.model)
    if isinstance(target.node, ScalarNode):  # the short form of an entity
        return Change(*extent(text, target.node), writer.flow(target.model, Spec("model", model=kind)))
    if key not in shown:
        return removal(text, target.node, key)
    here = next(((name, value) for name, value in pairs(target.node) if name.value == key), None)
    spec = fields(kind)[key]
    lines = writer.pair(key, shown[key], spec, pairs(target.node)[0][0].start_mark.column)
    if flows(target.node) or len(lines) == 1:
        return setting(text, target, key, writer.flow(shown[key], spec))
    if here is None:
        return addition(text, target, key, newline(text).join(lines).lstrip())
    return _block(text, *here, lines[1:])


def _block(text: str, key: ScalarNode, value: Node, lines: Sequence[str]) -> Change:
    """A value in lines of its own below its key, whose comment stays beside it."""
    start, stop = extent(text, value, key.end_mark.index)
    colon = key.end_mark.index + text[key.end_mark.index :].index(":") + 1
    end = line_end(text, stop)
    below = "\n" in text[colon:start]
    beside, after = (text[colon : line_end(text, colon)], text[stop:end]) if below else (text[stop:end], "")
    return Change(colon, end, beside.rstrip() + "".join(newline(text) + line for line in lines) + after)


def _with_entities(document: Document, text: str, section: str, wanted: Mapping[str, Entity]) -> str:
    """The text with entities of a section taken out and put in, each after the one it follows in `wanted`."""
    mine: Mapping[str, Entity] = getattr(document.board, section)
    if not mine or not wanted:
        return text  # written as a whole
    before = None
    for name, entity in wanted.items():
        if name not in mine:
            text = _changed(text, [_entity(text, _section(document, text, section), name, entity, before)])
        before = name
    for name in [name for name in mine if name not in wanted]:  # last, for something must be there to follow
        text = _changed(text, [removal(text, _section(document, text, section), name)])
    return text


def _section(document: Document, text: str, section: str) -> Node:
    return own_node(document, composed(text), (section,))


def _entity(text: str, node: Node, name: str, entity: Entity, before: str | None) -> Change:
    here = pairs(node)
    key, value = next((pair for pair in here if pair[0].value == before), here[-1])
    stop = extent(text, value, key.end_mark.index)[1]
    if flows(node):
        return Change(stop, stop, f", {writer.key(name)}: {writer.flow(entity, ENTITY)}")
    lines = writer.pair(writer.key(name), entity, ENTITY, key.start_mark.column)
    end = line_end(text, stop)
    return Change(end, end, "".join(newline(text) + line for line in lines))


def _ids(board: Storyboard) -> list[tuple[str, list[str]]]:
    return [(scene.id, [shot.id for shot in scene.shots]) for scene in board.scenes]


class _Arranged:
    """The text with the scenes and shots of another board in its order; those that are there move as they stand."""

    def __init__(self, document: Document, text: str, wanted: Storyboard) -> None:
        self._text, self._wanted, self._path = text, wanted, document.path
        root = composed(text)
        self._comments = comments(text, root) if root else []
        place = document.place(("scenes",))
        self._scenes = Listing(text, node_at(root, ("scenes",)), place)
        self._lists: dict[str, Listing] = {}
        self._ids = dict(_ids(document.board))
        self._home: dict[str, tuple[Listing, int]] = {}
        for s, scene in enumerate(document.board.scenes):
            place = document.place(("scenes", s, "shots"))
            listed = self._lists[scene.id] = Listing(text, node_at(root, ("scenes", s, "shots")), place)
            self._home |= {shot.id: (listed, i) for i, shot in enumerate(scene.shots)}

    @property
    def text(self) -> str:
        """The whole text."""
        start, stop = self._scenes.span
        pieces = [self._scene(scene) for scene in self._wanted.scenes]
        return self._text[:start] + self._scenes.joined(pieces) + self._text[stop:]

    def _scene(self, scene: Scene) -> Piece:
        listed = self._lists.get(scene.id)
        if listed is None:
            return Piece(self._new(scene))
        number = list(self._lists).index(scene.id)
        start, stop = self._scenes.spans[number]
        ids = [shot.id for shot in scene.shots]
        if ids == self._ids[scene.id]:
            return Piece(self._text[start:stop], number)
        first, last = listed.span
        shots = listed.joined([self._shot(shot, listed, listed.column) for shot in scene.shots])
        return Piece(self._text[start:first] + shots + self._text[last:stop], number)

    def _new(self, scene: Scene) -> str:
        column = self._scenes.column
        if column is None:
            return writer.flow(scene, SCENE)
        lines = writer.block([scene], Spec("list", item=SCENE), column)
        head = lines[: next(i for i, line in enumerate(lines) if line.strip() == "shots:") + 1]
        eol = newline(self._text)
        shots = [self._shot(shot, None, column + 4).text for shot in scene.shots]
        return "".join(line + eol for line in head) + "".join(
            shot if shot.endswith("\n") else shot + eol for shot in shots
        )

    def _shot(self, shot: Shot, into: Listing | None, column: int | None) -> Piece:
        """A shot as it stands, or written anew where its list is written in another way."""
        listed, number = self._home.get(shot.id, (None, 0))
        if listed is not None and listed.column == column:
            piece = listed.item(number)
            return piece if listed is into else Piece(piece.text)
        if listed is not None:
            start, stop = listed.spans[number]
            if any(start <= at < stop for at in self._comments):
                where = "goes to another scene, which is indented in another way"
                raise InputError(f"{self._path}: {shot.id} {where}: move it by hand")
        if column is None:
            return Piece(writer.flow(shot, SHOT))
        return Piece(newline(self._text).join(writer.block([shot], Spec("list", item=SHOT), column)))
