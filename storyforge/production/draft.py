"""Drafts: a story becomes a storyboard, and a storyboard that somebody edited is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from storyforge.errors import InputError, StoryboardError
from storyforge.production.origin import Origin, origin, remember, set_aside
from storyforge.production.outputs import read_text
from storyforge.production.project import Project, plan
from storyforge.storyboard import Change, Storyboard, changes, dump, loads


@dataclass(frozen=True)
class Draft:
    """What became of a plan.

    written: planned and written; what was there before, if it differs, lies at `old`. current: the same story was
    planned before, nothing was done. kept: somebody wrote or edited the storyboard, so it stays.
    changes: from the storyboard that was there to the new plan; None when the story was not planned again.
    """

    state: Literal["written", "current", "kept"]
    path: Path
    changes: tuple[Change, ...] | None = None
    old: Path | None = None


def draft(
    project: Project,
    story: str,
    *,
    planner: str = "auto",
    wishes: Mapping[str, Any] | None = None,
    replan: bool = False,
    tell: Callable[[str], None] = lambda sentence: None,
) -> Draft:
    """Plans a story into a project, unless its storyboard was edited since; `replan` sets an edited one aside."""
    from storyforge.planner import choose

    wished = dict(wishes or {})
    reader = choose(planner).name
    asked = Origin.of(story, reader, wished, "").asked
    before = origin(project.path)
    there = _there(project.path, replan)
    edited = there is not None and not replan and (before is None or not before.wrote(there))
    if there is not None and before and before.asked == asked and not replan:
        return Draft("kept", project.path, _between(there, before.text)) if edited else Draft("current", project.path)
    if edited and reader != "offline":
        return Draft("kept", project.path)  # a plan that costs money is not made to be thrown away
    folder = project.folder / ".storyforge" / "plan"
    text = dump(plan(story, planner=planner, tell=tell, folder=None if edited else folder, **wished))
    differ = _between(there, text)
    if edited:
        return Draft("kept", project.path, differ)
    old = set_aside(project.path, text)
    project.write(text)
    remember(project.path, Origin.of(story, reader, wished, text))
    return Draft("written", project.path, differ, old)


def planned(
    path: Path,
    story: str,
    *,
    planner: str = "auto",
    wishes: Mapping[str, Any] | None = None,
    tell: Callable[[str], None] = lambda sentence: None,
) -> Storyboard:
    """Plans a story into a storyboard's file, over what is there, and remembers the plan for updates."""
    from storyforge.planner import choose

    wished = dict(wishes or {})
    board = plan(story, planner=planner, tell=tell, **wished)
    text = dump(board)
    Project.of(path).write(text)
    remember(path, Origin.of(story, choose(planner).name, wished, text))
    return board


def _there(path: Path, replan: bool) -> str | None:
    """The storyboard's text, if there is one; one that cannot be read does not stop `replan`, which sets it aside."""
    try:
        return read_text(path) if path.exists() else None
    except InputError:
        if replan and path.is_file():
            return None
        raise


def _between(old: str | None, new: str) -> tuple[Change, ...] | None:
    """What changes from one storyboard's text to another's; None when there is no old one that can be read."""
    try:
        return None if old is None else tuple(changes(loads(old, Path("old")).board, loads(new, Path("new")).board))
    except StoryboardError:
        return None
