"""What a production tells while it works; the command line, the studio and the journal draw from the same stream."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

TaskKind = Literal["load", "cast", "panels", "level", "draw", "sound", "film"]


@dataclass(frozen=True)
class TaskStarted:
    """A task began; `units` is its work in frames (sheets for cast)."""

    kind: TaskKind
    name: str
    units: int


@dataclass(frozen=True)
class TaskDone:
    """A task ended well; `reused` when its result was in the store already."""

    kind: TaskKind
    name: str
    units: int
    seconds: float
    reused: bool = False


@dataclass(frozen=True)
class TaskFailed:
    """A task ended badly; the rest of the film is still made."""

    kind: TaskKind
    name: str
    error: str


@dataclass(frozen=True)
class Progress:
    """How far the whole render is: work done and in all (in estimated seconds), and the seconds left by the clock."""

    done: float
    total: float
    seconds_left: float | None


@dataclass(frozen=True)
class PictureReady:
    """A picture people can look at lies on disk: a cast sheet, a panel or the contact sheet."""

    kind: Literal["cast", "panel", "board"]
    name: str
    path: Path


@dataclass(frozen=True)
class Warning:  # noqa: A001  (always written events.Warning)
    """A sentence the user should read."""

    sentence: str


Event = TaskStarted | TaskDone | TaskFailed | Progress | PictureReady | Warning
Tell = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Hears nothing: for callers who only want the result."""
