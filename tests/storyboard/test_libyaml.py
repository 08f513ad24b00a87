"""What libyaml reads of a storyboard is what ruamel.yaml reads, and what is not plain is left to ruamel.yaml."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml.nodes import Node

from storyforge.storyboard import dump, libyaml, load, loads, syntax

BOARDS = sorted((Path(__file__).parents[2] / "storyboards").glob("*.yaml"))
PLAIN = """\
storyforge: 1
title: "The Fox: a \\"tale\\", café \\u00e9"  # a comment
size: 16:9
cast:
  ember: {description: "a small fox", looks: {rain: a yellow coat}}
  moth: 'it''s a moth 😀'
scenes:
- id: storm
  shots:
    - id: s-1
      seconds: 4.5
      cast: [{who: ember@rain, at: left}, moth]
      action: Ember climbs, and Moth waits (again)
      titles:
        - text: One
"""
SCRAPS = (
    *":?#,[]{}&*!|>'\"%@`-\\ \n=~<.1aé😀", ": ", " #", "\n  ", "\n    - ", "? ", "- ", "{}", "[]", '": ', "': ", ", ",
    "--- ", "\n---\n", "\n...\n", "<<: ", "!!str ", "&a ", "*a", ":: ", "\\x41", "\\/", "\\ud83d\\ude00", "{a: b}",
    "{a:b}", '{"a":b}', "[a:b]", "{a, b: }", "{: a}", "[a,,b]", "''", '""', "null", "%YAML 1.1\n", " \n", "\n#x\n",
    "\t", "\r\n", "\u2028", "\x85", "\ufeff", "|\n", ">\n",
)  # fmt: skip
DAMAGE = st.lists(st.tuples(st.integers(0, 420), st.integers(0, 6), st.sampled_from(SCRAPS)), max_size=3)


def told(node: Node) -> Any:
    """All that readers look at: kinds, places, texts and how they are written."""
    start = (node.start_mark.index, node.start_mark.line, node.start_mark.column)
    if isinstance(node.value, str):
        return type(node), start, node.end_mark.index, node.value, node.style
    inner = [tuple(map(told, one)) if isinstance(one, tuple) else told(one) for one in node.value]
    return type(node), start, bool(node.flow_style), node.end_mark.index if node.flow_style else None, inner


@settings(max_examples=600)
@given(DAMAGE, st.sampled_from(["\n", "\r\n"]))
def test_both_read_the_same(damage: list[tuple[int, int, str]], line_end: str) -> None:
    text = PLAIN.replace("\n", line_end)
    for at, length, scrap in damage:
        text = text[:at] + scrap + text[at + length :]
    quick = libyaml.compose(text)
    if quick is not None:
        slow = syntax.compose(text)
        assert slow is not None
        assert told(quick) == told(slow)


def odd() -> Iterator[str]:
    """Texts that mean something else in YAML 1.1, or that ruamel.yaml has to explain."""
    yield from ("", "# only\n", "a: [", "a: {b\n", "--- \na: 1\n", "a: 1\n---\nb: 1\n", "%YAML 1.1\n---\na: 1\n")
    yield from ("a: &x 1\nb: *x\n", "a: &x [1]\n", "a: !!str 1\n", "a: !x {b: c}\n")
    yield from ("a: |\n  b\n", "a: >\n  b\n", "a: b\n  c\n", 'a: "b\n  c"\n')
    yield from ("a:\n", "{a: b:c}", "[a?b]", 'a: "\\x41"', "a:\tb", "a: b\u2028c", "a: b\rc: d", "\ufeffa: b", "[" * 99)


@pytest.mark.parametrize("text", odd())
def test_what_is_not_plain_is_left_alone(text: str) -> None:
    assert libyaml.compose(text) is None


def test_a_plain_board_is_not_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    board = load(BOARDS[0]).board
    monkeypatch.delattr(syntax, "parse")
    assert loads(dump(board), BOARDS[0]).board == board


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_shipped_boards_are_the_same_without_libyaml(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = load(path)
    monkeypatch.setattr(libyaml, "compose", lambda text: None)
    slow = load(path)
    assert (quick.board, quick.marks) == (slow.board, slow.marks)
