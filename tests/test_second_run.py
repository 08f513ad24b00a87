"""What the terminal shows of a second run: short, 80 columns wide, the difference in sight."""

from io import StringIO
from pathlib import Path

from rich.console import Console

from storyforge.cli.second import MOST, lines, near, tell
from storyforge.production import Draft
from storyforge.storyboard import Change

LONG = "In a white lighthouse on a cliff above the sea lived Ember, a small orange fox in a {} scarf."
CHANGES = (
    Change("changed", "cast ember", "wears", '"a red scarf"', '"a blue scarf"'),
    Change("added", "shot storm-2", new="2.5 s: It rained."),
    Change("removed", "shot storm-4", old="4 s: It snowed."),
    Change("changed", "shot storm-5", "seconds", "4 s", "5 s"),
    Change("changed", "shot storm-5", "narration", LONG.format("red"), LONG.format("blue")),
    Change("moved", "scene forest"),
    Change("moved", "shot storm-6", new="to scene forest"),
    Change("renamed", "2 shots", "id", "a-2, a-3", "a-3, a-4"),
)


def shown(made: Draft, width: int = 80) -> list[str]:
    out = StringIO()
    tell(Console(file=out, width=width, color_system=None), made)
    return out.getvalue().splitlines()


def test_a_kept_board_and_what_a_new_plan_would_change() -> None:
    assert shown(Draft("kept", Path("fox/storyboard.yaml"), CHANGES)) == [
        "fox/storyboard.yaml was edited, so it is kept as it is.",
        "A new plan would change (--replan takes it, and keeps yours beside it):",
        '  ~ cast ember   wears      "a red scarf" -> "a blue scarf"',
        "  + storm-2      2.5 s: It rained.",
        "  - storm-4      4 s: It snowed.",
        "  ~ storm-5      seconds    4 s -> 5 s",
        "                 narration  … in a red scarf.",
        "                         -> … in a blue scarf.",
        "  ~ scene forest moved",
        "  ~ storm-6      moved to scene forest",
        "  = 2 shots      id         a-2, a-3 -> a-3, a-4",
        "To merge a new plan into yours: storyforge plan STORY -o fox/storyboard.yaml --update",
    ]


def test_no_line_is_wider_than_the_terminal_and_none_too_many_are_shown() -> None:
    rows = lines(CHANGES * 9, 60)
    assert max(row.cell_len for row in rows) <= 60
    page = shown(Draft("kept", Path("b.yaml"), CHANGES * 9))
    assert len(page) == 2 + MOST + 2
    assert page[-2] == f"  ... and {9 * 9 - MOST} lines more"


def test_a_replaced_plan_is_named() -> None:
    old = Path("fox/storyboard.old.yaml")
    page = shown(Draft("written", Path("fox/storyboard.yaml"), CHANGES[:1], old))
    assert page[0] == "fox/storyboard.yaml is planned anew; the one before is kept as storyboard.old.yaml"
    assert len(page) == 3


def test_a_first_plan_and_an_unchanged_one_say_nothing_here() -> None:
    assert shown(Draft("written", Path("b.yaml"))) == shown(Draft("current", Path("b.yaml"))) == []


def test_where_a_new_plan_costs_money_the_way_to_it_is_told() -> None:
    page = shown(Draft("kept", Path("b.yaml")))
    assert "--replan" in page[1]
    assert page[2].endswith("storyforge plan STORY -o b.yaml --update")


def test_near() -> None:
    assert near("a b", "a c", 20) == ("a b", "a c")
    assert near("one two three four five", "one two three four six", 12) == ("… three four five", "… three four six")
    assert near("five four three two", "six four three two", 12) == ("five four three two", "six four three two")
