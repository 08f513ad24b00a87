"""YAML text to nodes; what YAML cannot read is a mistake, mended where the meaning is clear."""

import re
import warnings
from functools import cache
from typing import NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import Node

from storyforge.storyboard import libyaml
from storyforge.storyboard.model import Model
from storyforge.storyboard.nodes import Mark, Mistake, fields, quoted

MOST_MENDED = 40  # mistakes of syntax found in one reading
BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")  # where ruamel counts a new line
CONTROL = re.compile(r"[^\t\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
PROSE_LINE = re.compile(r"(?P<head>\s*(?:- +)*(?P<key>[\w-]+): +)(?P<rest>\S.*?)\s*$")


class Trouble(NamedTuple):
    """Where ruamel stopped (rows and columns from 0), in which words, and where what it was reading began."""

    row: int
    column: int
    problem: str
    context: str
    began: tuple[int, int] | None


class Mended(NamedTuple):
    """What is wrong, and the lines without it; None where nobody can know what was meant."""

    mistake: Mistake
    lines: list[str] | None = None


def compose(text: str) -> Node | None:
    """The text's one document as nodes; None when it is empty. Raises ruamel's YAMLError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an anchor may be given again: the later one holds from there on
        root: Node | None = YAML(typ="safe", pure=True).compose(text)
    return root


def composed(text: str) -> Node | None:
    """The nodes of a text that has been read before: by libyaml where it is plain, which takes a tenth of the time."""
    return libyaml.compose(text) or compose(text)


def parse(text: str) -> tuple[Node | None, list[Mistake]]:
    """Nodes and mistakes of syntax; None for the nodes when the text is empty or cannot be mended."""
    mistakes: list[Mistake] = []
    lines = BREAK.split(text)
    done: set[int] = set()  # rows that were mended: what is wrong there a second time, we do not understand
    for _ in range(MOST_MENDED):
        try:
            return compose("\n".join(lines) if done else text), mistakes
        except YAMLError as error:
            found = explain(error, lines)
        except RecursionError:
            return None, [*mistakes, Mistake(Mark(1, 1), "values are nested too deeply to be a storyboard")]
        if all(found.mistake.mark.line != one.mark.line for one in mistakes):
            mistakes.append(found.mistake)
        changed = {row for row, pair in enumerate(zip(lines, found.lines or lines, strict=True)) if pair[0] != pair[1]}
        if found.lines is None or not changed or changed & done:
            break
        lines, done = found.lines, done | changed
    return None, mistakes


def explain(error: YAMLError, lines: list[str]) -> Mended:
    """An error of ruamel's as a mistake, mended where we know what was meant."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return control(error, lines)
    mark, began = error.problem_mark, error.context_mark
    row = min(mark.line, len(lines) - 1)
    trouble = Trouble(
        row, mark.column, str(error.problem), str(error.context or ""), (began.line, began.column) if began else None
    )
    kinds = (tabs, unclosed_quote, hash_cut, prose, prose_in_flow, alias)
    return next((found for kind in kinds if (found := kind(trouble, lines))), None) or Mended(
        Mistake(Mark(row + 1, mark.column + 1), words(trouble, lines))
    )


def replaced(lines: list[str], row: int, line: str) -> list[str]:
    """The lines with one of them replaced."""
    return [*lines[:row], line, *lines[row + 1 :]]


@cache
def prose_keys() -> frozenset[str]:
    """Keys that hold prose in some model."""
    todo: list[type[Model]] = [Model]
    keys: set[str] = set()
    while todo:
        for model in todo.pop().__subclasses__():
            todo.append(model)
            keys |= {name for name, expected in fields(model).items() if expected.prose}
    return frozenset(keys)


def control(error: YAMLError, lines: list[str]) -> Mended:
    """A control character."""
    for row, line in enumerate(lines):
        found = CONTROL.search(line)
        if found:
            said = f"the control character U+{ord(found[0]):04X} cannot be part of a storyboard: delete it"
            return Mended(Mistake(Mark(row + 1, found.start() + 1), said), [CONTROL.sub(" ", one) for one in lines])
    return Mended(Mistake(Mark(1, 1), " ".join(str(error).split())))


def tabs(trouble: Trouble, lines: list[str]) -> Mended | None:
    """Lines indented with tabs: all of them are mended at once."""
    line = lines[trouble.row]
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" not in indent:
        return None
    tabbed = [row for row, one in enumerate(lines) if re.match(r" *\t", one)]
    more = f" (and {len(tabbed) - 1} more)" if len(tabbed) > 1 else ""
    said = f"a tab indents this line{more}: YAML indents with spaces only"
    mended = [re.sub(r"^( *)(\t+)", lambda m: m[1] or "  " * len(m[2]), one) for one in lines]
    return Mended(Mistake(Mark(trouble.row + 1, indent.index("\t") + 1), said), mended)


def unclosed_quote(trouble: Trouble, lines: list[str]) -> Mended | None:
    """A quote that is opened and never closed: it is closed at the end of its line."""
    if "quoted scalar" not in trouble.context or trouble.began is None:
        return None
    row, column = trouble.began
    line = lines[row].rstrip()
    said = "the quote that opens here is never closed"
    return Mended(Mistake(Mark(row + 1, column + 1), said), replaced(lines, row, line + lines[row][column]))


def hash_cut(trouble: Trouble, lines: list[str]) -> Mended | None:
    """A text inside `{}` or over several lines that a ` #` cuts: what follows then makes no sense."""
    if not trouble.problem.startswith("expected"):
        return None
    flowing = "flow" in trouble.context and trouble.began is not None
    first = trouble.began[0] if flowing and trouble.began else trouble.row - 1
    for row in range(max(0, first), trouble.row + (1 if flowing else 0)):
        line = lines[row]
        at = unquoted_hash(line)
        if at is None or line.lstrip().startswith("#"):
            continue
        start, stop, key = value_around(line, at)
        if flowing and key in prose_keys():
            text = quoted(line[start:stop].strip())
            said = f"YAML cuts this text at ' #'; quote it: {key}: {text}"
            return Mended(
                Mistake(Mark(row + 1, start + 1), said), replaced(lines, row, line[:start] + text + line[stop:])
            )
        if not flowing and not re.match(r"\s*(- |[\w-]+:)", lines[trouble.row]):
            lost = repr(line[at:].strip())
            said = f"YAML cuts this text at ' #' ({lost} is lost): quote the whole text, or write it after |"
            return Mended(Mistake(Mark(row + 1, at + 1), said), replaced(lines, row, line[:at] + line[at + 1 :]))
    return None


def unquoted_hash(line: str) -> int | None:
    """Where a comment starts after something else in the line."""
    bare = re.sub(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'", lambda m: "x" * len(m[0]), line)
    found = re.search(r"(?<=\S)\s+(#)", bare)
    return found.start(1) if found else None


def value_around(line: str, column: int) -> tuple[int, int, str]:
    """Start and end of the unquoted value inside `{}` that a column is part of, and its key."""
    heads = [m for m in re.finditer(r"[{,]\s*([\w-]+):\s+", line) if m.end() <= column]
    if not heads:
        return column, column, ""
    stop = re.search(r"[,}\]]", line[column:])
    return heads[-1].end(), column + stop.start() if stop else len(line), heads[-1][1]


def prose(trouble: Trouble, lines: list[str]) -> Mended | None:
    """A line of prose that YAML cannot read: a stray `: `, or a first character that means something to YAML."""
    line = lines[trouble.row]
    match = PROSE_LINE.match(line)
    if not match or match["key"] not in prose_keys():
        return None
    rest = match["rest"]
    if rest[0] in "|>" or (rest[0] in "\"'" and "block end" not in trouble.problem):
        return None
    fixed = match["head"] + quoted(rest)
    said = f"YAML cannot read this text as it stands; quote it: {fixed.strip()}"
    return Mended(Mistake(Mark(trouble.row + 1, trouble.column + 1), said), replaced(lines, trouble.row, fixed))


def prose_in_flow(trouble: Trouble, lines: list[str]) -> Mended | None:
    """A stray `: ` in prose inside `{}`."""
    line = lines[trouble.row]
    if "flow" not in trouble.context or "got ':'" not in trouble.problem:
        return None
    start, stop, key = value_around(line, trouble.column)
    if key not in prose_keys() or line[start : start + 1] in ("'", '"', "{", "["):
        return None
    text = quoted(line[start:stop].strip())
    said = f"a stray ': ' cuts this text; quote it: {key}: {text}"
    return Mended(
        Mistake(Mark(trouble.row + 1, start + 1), said), replaced(lines, trouble.row, line[:start] + text + line[stop:])
    )


def alias(trouble: Trouble, lines: list[str]) -> Mended | None:
    """`*name` of an anchor that is not there: read on as if it were text."""
    line, column = lines[trouble.row], trouble.column
    found = re.match(r"\*[^\s,\]}]+", line[column:])
    if "undefined alias" not in trouble.problem or not found:
        return None
    mended = line[:column] + quoted(found[0]) + line[column + found.end() :]
    said = Mistake(Mark(trouble.row + 1, column + 1), words(trouble, lines))
    return Mended(said, replaced(lines, trouble.row, mended))


def words(trouble: Trouble, lines: list[str]) -> str:
    """What ruamel says of a mistake of syntax, in our words."""
    problem, line = trouble.problem, lines[trouble.row].strip()
    opened = f" (what it belongs to starts in line {trouble.began[0] + 1})" if trouble.began else ""
    if "another document" in problem:
        return "a second document starts here: one file holds one storyboard; remove the --- line"
    if "undefined alias" in problem:
        name = problem.split("'")[1]
        return f"*{name} repeats what is marked &{name}, and nothing is; text that starts with * needs quotes"
    if "mapping values are not allowed" in problem:
        return f"a stray ': ' or a wrong indent: {line!r}; text that holds ': ' needs quotes"
    if problem.startswith("expected ',' or") and "stream end" in problem and trouble.began:
        return f"the bracket opened in line {trouble.began[0] + 1}, column {trouble.began[1] + 1} is never closed"
    if "cannot start any token" in problem:
        return f"{problem.removeprefix('found ')}: text that starts with it needs quotes"
    if problem.startswith("expected <block end>"):
        return f"{line!r} does not belong here: check its indent and the quotes of the line before{opened}"
    return f"{line!r} is not YAML: {problem}{opened}"
