"""Plain YAML, composed by libyaml many times as fast as by ruamel.yaml; whatever is not plain is left to that one.

libyaml reads YAML 1.1 and storyboards are YAML 1.2, so only what is the same in both is taken: one document without
anchors, tags, directives or blocks of text, each scalar on one line. That is how planners, edits and most people write.
The nodes are ruamel's, with libyaml's marks.
"""

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

ODD = re.compile(r"\r(?!\n)|[^\r\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
ESCAPED = re.compile(r'\\(?!["\\nt]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4})')  # other escapes than those that we write
DEEPEST = 50  # collections inside one another
UNTAGGED = "tag:yaml.org,2002:str"  # tags are not looked at: what a value means depends on its field


class Unsure(Exception):  # noqa: N818  (no fault: it is another reader's)
    """The text has something that is not plain."""


def compose(text: str) -> Node | None:
    """The text's nodes; None where it is empty, not plain, or has a mistake."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", None)
    if loader is None or ODD.search(text):
        return None
    try:
        return _Composer(text, yaml.parse(text, Loader=loader)).document()
    except (yaml.YAMLError, Unsure):
        return None


class _Composer:
    """Turns libyaml's events into nodes."""

    def __init__(self, text: str, events: Iterator[Any]) -> None:
        self.text, self.events = text, events

    def document(self) -> Node | None:
        next(self.events)  # the stream begins
        begin = next(self.events)
        if type(begin).__name__ == "StreamEndEvent":
            return None
        if begin.explicit:
            raise Unsure
        root = self.node(next(self.events), 0, flow=False)
        end, last = next(self.events), next(self.events)
        if end.explicit or type(last).__name__ != "StreamEndEvent":
            raise Unsure
        return root

    def node(self, event: Any, depth: int, flow: bool) -> Node:
        """The node that begins with an event; flow: whether it stands inside brackets."""
        kind = type(event).__name__
        if kind == "AliasEvent" or event.anchor or event.tag or depth > DEEPEST:
            raise Unsure
        if kind == "ScalarEvent":
            return self.scalar(event, flow)
        flow = bool(event.flow_style)
        value: list[Any] = []
        while not (end := type(inner := next(self.events)).__name__).endswith("EndEvent"):
            one = self.node(inner, depth + 1, flow)
            value.append(one if kind == "SequenceStartEvent" else (one, self.node(next(self.events), depth + 1, flow)))
        made = SequenceNode if end == "SequenceEndEvent" else MappingNode
        return made(UNTAGGED, value, event.start_mark, inner.end_mark, flow_style=flow)

    def scalar(self, event: Any, flow: bool) -> ScalarNode:
        start, end = event.start_mark, event.end_mark
        source = self.text[start.index : end.index]
        if start.line != end.line or not source:  # nothing is written there: the two put it in other places
            raise Unsure
        if event.style == '"':
            if ESCAPED.search(source):
                raise Unsure
        elif event.style != "'" and (event.style or source != event.value or "?" in source or (flow and ":" in source)):
            raise Unsure
        return ScalarNode(UNTAGGED, event.value, start, end, style=event.style or None)
