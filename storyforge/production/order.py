"""Orders: what of a film is to be rendered, how, and within which limits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from storyforge.errors import InputError
from storyforge.production.assembly import Captions
from storyforge.production.levels import BATCH
from storyforge.production.takes import ALL
from storyforge.storyboard import Resolved

Until = Literal["cast", "panels"]


@dataclass(frozen=True)
class Order:
    """What to render and how.

    only: ids of shots, all when empty; captions: burn, soft or off; workers: processes that draw, 1 draws in this one;
    batch: spans sampled in one call; silent: the film gets no sound; upgrade: ids of shots that today's renderer makes
    anew if another one made them, "*" for all and the cast; retakes: which further try of a shot is wanted; recast:
    which further try of an entity's cast sheets; draft: small and in few steps, but for sheets and panels, which are
    the film's own; max_seconds, max_cost: after which it stops (OutOfTime, OutOfBudget), with finished work kept.
    """

    until: Until | None = None
    only: Collection[str] = ()
    captions: Captions = "burn"
    workers: int = 2
    batch: int = BATCH
    silent: bool = False
    upgrade: Collection[str] = ()
    retakes: Mapping[str, int] = field(default_factory=dict)
    recast: Mapping[str, int] = field(default_factory=dict)
    draft: bool = False
    max_seconds: float | None = None
    max_cost: float | None = None

    def __post_init__(self) -> None:
        if self.until:  # there is nothing in it that a draft makes otherwise
            object.__setattr__(self, "draft", False)

    def out(self, project: Path) -> Path:
        """Where the film goes, in a project's folder."""
        return project / "draft" if self.draft else project

    def check(self, resolved: Resolved) -> None:
        """Raises InputError for a shot that the storyboard does not have."""
        check_ids(resolved, [*self.only, *self.retakes, *(set(self.upgrade) - {ALL})])


def check_ids(resolved: Resolved, only: Collection[str]) -> None:
    """Refuses ids of shots that the storyboard does not have."""
    _check([shot.id for shot in resolved.shots], only, "shot")


def check_names(resolved: Resolved, names: Collection[str]) -> None:
    """Refuses ids that neither a shot nor an entity of the storyboard has."""
    board = resolved.board
    known = [*(shot.id for shot in resolved.shots), *board.cast, *board.props, *board.places]
    _check(known, names, "shot or entity")


def _check(known: Sequence[str], names: Collection[str], kind: str) -> None:
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, 1)
            some = ", ".join(known[:8]) + (" ..." if len(known) > 8 else "")
            hint = f"did you mean {near[0]}?" if near else f"it has {some}"
            raise InputError(f"the storyboard has no {kind} {name!r}; {hint}")
