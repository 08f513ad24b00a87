"""Lists in a storyboard's text: the characters of each item, with its comments, so that items come, go and move."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from storyforge.errors import InputError
from storyforge.storyboard.edit import extent, flows, line_end, newline

COMMENT = re.compile(r"(?<!\S)#")


class Piece(NamedTuple):
    """An item for a list: its text, and its number if it stands in this very list already."""

    text: str
    number: int | None = None


class Listing:
    """A list of mappings, written as lines with dashes or inside brackets.

    spans: characters [start, stop) of each item: whole lines with the comments above the dash and those within,
    or what stands between two commas. column: of the dashes; None inside brackets.
    """

    def __init__(self, text: str, node: Node | None, place: str) -> None:
        items = node.value if isinstance(node, SequenceNode) else []
        marks = [item.start_mark.index for item in items]
        if not items or marks[0] < (node.start_mark.index if node else 0) or marks != sorted(marks):
            raise InputError(f"{place}: this list is written by way of an anchor: edit it by hand")
        self._text = text
        self.column = None if node is None or flows(node) else node.start_mark.column
        ends = [extent(text, item)[1] for item in items]
        if self.column is None:
            self.spans = list(zip(marks, ends, strict=True))
        else:
            starts = [_head(text, mark, self.column) for mark in marks]
            self.spans = list(zip(starts, [*starts[1:], _tail(text, ends[-1], self.column)], strict=True))

    @property
    def span(self) -> tuple[int, int]:
        """The characters of all items."""
        return self.spans[0][0], self.spans[-1][1]

    def item(self, number: int) -> Piece:
        """An item as it stands."""
        start, stop = self.spans[number]
        return Piece(self._text[start:stop], number)

    def joined(self, pieces: Sequence[Piece]) -> str:
        """The text of other items in this list's place."""
        if self.column is not None:
            eol = newline(self._text)
            lines = "".join(piece.text if piece.text.endswith("\n") else piece.text + eol for piece in pieces)
            whole = self._text[: self.span[1]].endswith("\n")  # else the file's last line has no line break
            return lines if whole else lines.removesuffix("\n").removesuffix("\r")
        out = pieces[0].text
        for before, piece in pairwise(pieces):
            out += self._between(before.number, piece.number) + piece.text
        return out

    def _between(self, before: int | None, after: int | None) -> str:
        """What stands between two items in brackets: as it was between neighbours."""
        if before is not None and after == before + 1:
            return self._text[self.spans[before][1] : self.spans[after][0]]
        return ", "


def _head(text: str, mark: int, column: int) -> int:
    """Where the lines of an item begin: at its dash, or at the comments directly above it."""
    head = text.rfind("\n", 0, mark) + 1
    while head and not re.match(rf"\ufeff?[ ]{{{column}}}-(?:\s|$)", text[head:]):
        head = text.rfind("\n", 0, head - 1) + 1
    while head:
        above = text.rfind("\n", 0, head - 1) + 1
        line = text[above:head]
        if not line.lstrip().startswith("#") or len(line) - len(line.lstrip()) > column:
            break
        head = above
    return head


def _tail(text: str, stop: int, column: int) -> int:
    """Where the lines of the last item end: with the comments that are indented as it is."""
    end = ahead = _next(text, line_end(text, stop))
    while ahead < len(text):
        start, ahead = ahead, _next(text, ahead)
        line = text[start:ahead]
        if line.strip() and not (line.lstrip().startswith("#") and len(line) - len(line.lstrip()) > column):
            break
        if line.strip():
            end = ahead
    return end


def _next(text: str, index: int) -> int:
    """Where the next line begins, or the text ends."""
    stop = text.find("\n", index)
    return len(text) if stop < 0 else stop + 1


def comments(text: str, root: Node) -> list[int]:
    """Where comments begin: a # after white space that is in no value."""
    values: list[tuple[int, int]] = []
    nodes, seen = [root], set[int]()
    while nodes:
        node = nodes.pop()
        if id(node) in seen:  # an alias
            continue
        seen.add(id(node))
        if isinstance(node, ScalarNode):
            start, stop = node.start_mark.index, node.end_mark.index
            values.append((_next(text, start) if node.style in ("|", ">") else start, stop))
        elif isinstance(node, MappingNode):
            nodes += [one for pair in node.value for one in pair]
        elif isinstance(node, SequenceNode):
            nodes += node.value
    out: list[int] = []
    values.sort()
    number = 0
    for found in COMMENT.finditer(text):
        at = found.start()
        while number < len(values) and values[number][1] <= at:
            number += 1
        inside = number < len(values) and values[number][0] < at
        if not inside and not (out and "\n" not in text[out[-1] : at]):
            out.append(at)
    return out
