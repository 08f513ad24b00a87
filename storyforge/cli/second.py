"""What a second run says: the storyboard that is kept or replaced, and what a new plan changes, short and in colour."""

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from storyforge.production import Draft
    from storyforge.storyboard import Change

MOST = 14  # lines of changes; a page has 24
NAME = 24  # cells that names may take
MARKS = {"added": ("+", "green"), "removed": ("-", "red"), "moved": ("~", "yellow"), "renamed": ("=", "cyan")}
MARKS |= {"changed": ("~", "yellow")}


def tell(console: Console, made: "Draft", story: str = "STORY") -> None:
    """Says what became of a storyboard that was there before, and shows what differs; story: as in a command."""
    path = _styled(str(made.path), "cyan")
    if made.state == "kept":
        console.print(Text.assemble(path, " was edited, so it is kept as it is."), soft_wrap=True)
        if made.changes is None:
            console.print("To plan the story anew: --replan. It keeps this one as storyboard.old.yaml.", soft_wrap=True)
        elif made.changes:
            _show(console, "A new plan would change (--replan takes it, and keeps yours beside it):", made)
        if made.changes is None or made.changes:
            merges = f"storyforge plan {story} -o {shlex.quote(str(made.path))} --update"
            console.print(Text.assemble("To merge a new plan into yours: ", _styled(merges, "cyan")), soft_wrap=True)
    elif made.state == "written" and made.old is not None:
        old = _styled(made.old.name, "cyan")
        console.print(Text.assemble(path, " is planned anew; the one before is kept as ", old), soft_wrap=True)
        if made.changes:
            _show(console, "It changes:", made)


def _show(console: Console, head: str, made: "Draft") -> None:
    console.print(head, style="bold", soft_wrap=True)
    rows = lines(made.changes or (), console.width)
    for row in rows[:MOST]:
        console.print(row, soft_wrap=True)
    if len(rows) > MOST:
        console.print(f"  ... and {len(rows) - MOST} lines more", style="dim")


def lines(changes: "Sequence[Change]", width: int) -> list[Text]:
    """A line for each change, or two where old and new do not fit on one; the thing is named once."""
    out: list[Text] = []
    names = [change.what.removeprefix("shot ") for change in changes]
    column = min(NAME, max(map(cell_len, names), default=0))
    for change, name, before in zip(changes, names, ["", *names], strict=False):
        mark, colour = (" ", "") if name == before else MARKS[change.kind]
        shown = f"{'' if name == before else name:<{column}}"
        head = Text.assemble("  ", (mark, colour), " ", (shown, "bold"), " ")
        colour = MARKS[change.kind][1]
        out += _one(change, head, colour, width)
    return out


def _one(change: "Change", head: Text, colour: str, width: int) -> list[Text]:
    if change.kind in ("added", "removed"):
        return [_cut(head.append(change.new or change.old, colour), width)]
    if change.kind == "moved":
        return [head.append(f"moved {change.new}".rstrip())]
    head.append(f"{change.field:<10} ")
    if head.cell_len + cell_len(change.old) + cell_len(change.new) + 4 <= width:
        return [Text.assemble(head, (change.old, "red"), " -> ", (change.new, "green"))]
    room = width - head.cell_len
    old, new = near(change.old, change.new, room)
    second = Text.assemble(" " * max(0, head.cell_len - 3), "-> ", (new, "green"))
    return [_cut(Text.assemble(head, (old, "red")), width), _cut(second, width)]


def near(old: str, new: str, room: int) -> tuple[str, str]:
    """Two long texts from shortly before the first word in which they differ, so that the difference is seen."""
    if max(cell_len(old), cell_len(new)) <= room:
        return old, new
    before, after = old.split(" "), new.split(" ")
    same = 0
    while same < min(len(before), len(after)) - 1 and before[same] == after[same]:
        same += 1
    start = max(0, same - 2)
    return (old, new) if start == 0 else (f"… {' '.join(before[start:])}", f"… {' '.join(after[start:])}")


def _cut(line: Text, width: int) -> Text:
    line.truncate(width, overflow="ellipsis")
    return line


def _styled(text: str, style: str) -> Text:
    return Text(text, style=style)
