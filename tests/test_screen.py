"""The terminal shows words as they are, whatever brackets they hold."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from storyforge.cli.screen import Screen
from storyforge.production import events

SAID = '"a [/i] b [sighs]" is said too fast'


@pytest.mark.parametrize(
    "event",
    [
        events.Warning(SAID),
        events.TaskFailed("draw", "[bold]storm", SAID),
        events.PictureReady("board", SAID, Path("films [new]") / SAID),
    ],
)
def test_brackets_are_words(event: events.Event) -> None:
    out = StringIO()
    with Screen(Console(file=out, width=300)) as screen:
        screen(event)
    assert SAID in out.getvalue()
