"""YAML nodes to data as the models expect it, with the place of every value.

Prose scalars keep their text; what YAML would cut from prose without a word is a mistake that shows the corrected line.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from storyforge.storyboard.model import Model
from storyforge.storyboard.values import PROSE

Path = tuple[str | int, ...]
MOST_VALUES = 200_000  # more is a file that unfolds itself with anchors
NULLS = ("", "null")  # what leaves a prose field out; elsewhere ~ does, too


class Mark(NamedTuple):
    """A place in the text, counted from 1 as editors do."""

    line: int
    column: int


class Mistake(NamedTuple):
    """What is wrong, and where."""

    mark: Mark
    sentence: str


@dataclass(frozen=True)
class Spec:
    """What the models expect at a path."""

    kind: Literal["prose", "text", "value", "any", "model", "list", "map"]
    model: type[Model] | None = None
    item: "Spec | None" = None

    @property
    def prose(self) -> bool:
        """Whether a scalar here is prose, by itself or as a short form."""
        short = self.model.short if self.model else None
        return self.kind == "prose" or (
            self.model is not None and short is not None and fields(self.model)[short].prose
        )

    @property
    def text(self) -> bool:
        """Whether a scalar here is read as written."""
        short = self.model.short if self.model else None
        return self.kind in ("prose", "text") or (
            self.model is not None and short is not None and fields(self.model)[short].text
        )


@cache
def fields(model: type[Model]) -> dict[str, Spec]:
    """What each field of a model expects."""
    return {name: spec(info.annotation, tuple(info.metadata)) for name, info in model.model_fields.items()}


def spec(annotation: Any, metadata: tuple[Any, ...] = ()) -> Spec:
    """What an annotation expects of a YAML value."""
    if PROSE in metadata:
        return Spec("prose")
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return spec(args[0], args[1:])
    if origin in (Union, UnionType):
        rest = [arg for arg in args if arg is not NoneType]
        return spec(rest[0]) if len(rest) == 1 else Spec("value")
    if origin is tuple:
        return Spec("list", item=spec(args[0]))
    if origin is dict:
        return Spec("map", item=spec(args[1])) if args[1] is not Any else Spec("any")
    if origin is Literal:
        return Spec("text" if all(isinstance(arg, str) for arg in args) else "value")
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return Spec("model", model=annotation)
    return Spec("text") if annotation is str else Spec("value")


def mark(node: Node) -> Mark:
    """Where a node starts."""
    return Mark(node.start_mark.line + 1, node.start_mark.column + 1)


ESCAPED = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")  # no text to YAML, or a line break to some


def quoted(text: str) -> str:
    """Prose as a YAML scalar in double quotes; JSON's escapes are YAML's."""
    return ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


@dataclass
class Reader:
    """Turns nodes into data for the models, collecting mistakes and the place of every path."""

    text: str
    mistakes: list[Mistake] = field(default_factory=list)
    marks: dict[Path, Mark] = field(default_factory=dict)
    nodes: dict[Path, tuple[Node, Node | None]] = field(default_factory=dict)  # path -> its node, and its key's
    _open: list[int] = field(default_factory=list)
    _count: int = 0

    def say(self, node: Node, sentence: str) -> None:
        """Record a mistake at a node, once."""
        mistake = Mistake(mark(node), sentence)
        if mistake not in self.mistakes:
            self.mistakes.append(mistake)

    def read(self, node: Node, expected: Spec, path: Path = ()) -> Any:
        """A node's data; what cannot be read is None and a mistake."""
        self.marks[path] = mark(node)
        self.nodes[path] = (node, self.nodes[path][1] if path in self.nodes else None)
        self._count += 1
        if self._count > MOST_VALUES:
            if self._count == MOST_VALUES + 1:
                self.say(node, f"anchors unfold to more than {MOST_VALUES:,} values here")
            return None
        if id(node) in self._open:
            self.say(node, f"*{node.anchor} repeats itself: it stands inside what it repeats")
            return None
        self._open.append(id(node))
        try:
            return self._content(node, expected, path)
        finally:
            self._open.pop()

    def _content(self, node: Node, expected: Spec, path: Path) -> Any:
        tag = re.match(r"(?:&\S+\s+)?(!\S*)", self.text[node.start_mark.index : node.start_mark.index + 200])
        if tag:
            source = self.text[node.start_mark.index : node.end_mark.index].strip()
            fix = f"quote it: {path[-1]}: {quoted(source)}" if expected.prose and path else "write the value without it"
            self.say(node, f"the YAML tag {tag[1]} is not read here: {fix}")
            return None
        if isinstance(node, ScalarNode):
            return self._scalar(node, expected, path)
        if expected.kind == "prose":
            self._not_text(node, path)
            return None
        if isinstance(node, SequenceNode):
            inner = expected.item if expected.kind == "list" and expected.item else Spec("any")
            return [self.read(item, inner, (*path, index)) for index, item in enumerate(node.value)]
        return self._mapping(node, expected, path) if isinstance(node, MappingNode) else None

    def _not_text(self, node: Node, path: Path) -> None:
        """Prose that YAML took for a list or a mapping: show the line with quotes."""
        source = self.text[node.start_mark.index : node.end_mark.index].strip()
        fix = f"; quote it: {path[-1]}: {quoted(' '.join(source.split()))}" if len(source) < 200 else ""
        self.say(node, f"{path[-1]} is text, and YAML reads this as a {type(node).__name__[:-4].lower()}{fix}")

    def _scalar(self, node: ScalarNode, expected: Spec, path: Path) -> Any:
        value: str = node.value
        if node.style is not None:  # quoted or a block: text by its own word
            return value.removesuffix("\n") if node.style in "|>" and expected.prose else value
        if expected.prose:
            self._cut(node, path)
            return None if value in NULLS else " ".join(value.split())
        if expected.text:
            return None if value in (*NULLS, "~") else value
        return plain(node)

    def _cut(self, node: ScalarNode, path: Path) -> None:
        """Unquoted prose that a ` #` cuts short."""
        end = self.text.find("\n", node.end_mark.index)
        rest = self.text[node.end_mark.index : end if end >= 0 else None].rstrip()
        if re.match(r"[ \t]+#", rest) and node.value not in NULLS:
            key = f"{path[-1]}: " if path and isinstance(path[-1], str) else "- "
            self.say(
                node,
                f"YAML cuts this text at ' #'; quote it: {key}{quoted(node.value + rest)}"
                " (or put the comment on its own line)",
            )

    def _mapping(self, node: MappingNode, expected: Spec, path: Path) -> Any:
        known = fields(expected.model) if expected.kind == "model" and expected.model else None
        out: dict[str, Any] = {}
        before: tuple[ScalarNode, Node] | None = None
        for key, value in self._pairs(node):
            name = key.value
            if before and self._spilled(node, before, key, value, known, expected):
                continue
            if name in out and (*path, name) in self.nodes:
                first = self.nodes[(*path, name)][1]
                self.say(key, f"{name} is given twice; first in line {mark(first).line if first else '?'}")
                continue
            inner = known.get(name, Spec("any")) if known is not None else expected.item or Spec("any")
            self.nodes[(*path, name)] = (value, key)
            out[name] = self.read(value, inner, (*path, name))
            self._hidden(key, value, inner)
            before = (key, value)
        return out

    def _hidden(self, key: ScalarNode, value: Node, expected: Spec) -> None:
        """Text that starts with # is a comment to YAML: `narration: #7 left`, `source: #ff0000`."""
        end = self.text.find("\n", key.end_mark.index)
        rest = self.text[key.end_mark.index : end if end >= 0 else None].rstrip()
        found = re.match(r":[ \t]+(#[^\s#].*)", rest)
        if found and expected.text and isinstance(value, ScalarNode) and value.value == "" and value.style is None:
            self.say(key, f"YAML reads {found[1]!r} as a comment; quote it: {key.value}: {quoted(found[1])}")

    def _pairs(self, node: MappingNode) -> Iterator[tuple[ScalarNode, Node]]:
        """Keys and values; those of `<<` come in where the mapping has no such key of its own."""
        merges: list[Node] = []
        own: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self.say(key, "a key is one word, not a list or a mapping")
            elif key.value == "<<" and key.style is None:
                merges += value.value if isinstance(value, SequenceNode) else [value]
            else:
                own.add(key.value)
                yield key, value
        for merge in merges:
            if not isinstance(merge, MappingNode) or id(merge) in self._open:
                self.say(merge, "<< takes in a mapping (`<<: *name`), and not one that it is inside of")
                continue
            for key, value in merge.value:
                if isinstance(key, ScalarNode) and key.value not in own and key.value != "<<":
                    own.add(key.value)
                    yield key, value

    def _spilled(
        self,
        node: MappingNode,
        before: tuple[ScalarNode, Node],
        key: ScalarNode,
        value: Node,
        known: dict[str, Spec] | None,
        expected: Spec,
    ) -> bool:
        """Whether an unknown key inside `{}` is prose that a comma cut off: `{line: Well, no}`."""
        head, said = before
        inner = known.get(head.value) if known is not None else expected.item
        if not node.flow_style or inner is None or not inner.prose:
            return False
        if known is None and not (isinstance(value, ScalarNode) and not value.value):
            return False
        if (known or {}).get(key.value) or not isinstance(said, ScalarNode) or said.style is not None:
            return False
        text = self.text[said.start_mark.index : value.end_mark.index]
        self.say(key, f"the comma cuts {head.value} short; quote it: {head.value}: {quoted(' '.join(text.split()))}")
        return True


def plain(node: ScalarNode) -> Any:
    """An unquoted scalar by YAML 1.2's core schema: null, true, false, a number, else text."""
    value: str = node.value
    if value in ("", "~", "null", "Null", "NULL"):
        return None
    if value.lower() in ("true", "false") and value in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return value.lower() == "true"
    if re.fullmatch(r"[-+]?[0-9]{1,300}", value):
        return int(value)
    if re.fullmatch(r"0x[0-9a-fA-F]{1,64}|0o[0-7]{1,64}", value):
        return int(value, 0)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", value):
        return float(value.replace(".i", "i").replace(".I", "I").replace(".n", "n").replace(".N", "N"))
    return value
