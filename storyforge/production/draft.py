"""Drafts: a story becomes a project's storyboard, and a storyboard that somebody edited is kept."""

import difflib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from storyforge.cas import digest
from storyforge.production.outputs import write_text
from storyforge.production.project import Project, plan
from storyforge.storyboard import dump

RECORD = Path(".storyforge") / "plan.json"


@dataclass(frozen=True)
class Draft:
    """What became of a plan.

    written: planned and written. current: the same story was planned before, nothing was done. kept: somebody edited
    the storyboard, so it stays; `changes` lines would differ in a new plan (None: not planned again).
    """

    state: Literal["written", "current", "kept"]
    path: Path
    changes: int | None = None


def draft(
    project: Project,
    story: str,
    *,
    planner: str = "auto",
    wishes: Mapping[str, Any] | None = None,
    tell: Callable[[str], None] = lambda sentence: None,
) -> Draft:
    """Plans a story into a project, unless its storyboard was edited since it was planned."""
    from storyforge.planner import choose

    wished = dict(wishes or {})
    reader = choose(planner).name
    asked = digest(("plan", story, reader, wished))
    before = _record(project.folder / RECORD)
    there = project.path.read_text(encoding="utf-8") if project.path.exists() else None
    if there is not None and before.get("asked") == asked:
        return Draft("current" if before.get("text") == digest(there) else "kept", project.path)
    edited = there is not None and before.get("text") != digest(there)
    if edited and reader != "offline":
        return Draft("kept", project.path)  # a plan that costs money is not made to be thrown away
    folder = project.folder / ".storyforge" / "plan"
    text = dump(plan(story, planner=planner, tell=tell, folder=None if edited else folder, **wished))
    if edited and there is not None:
        return Draft("kept", project.path, _differing(there, text))
    project.write(text)
    write_text(project.folder / RECORD, json.dumps({"asked": asked, "text": digest(text)}, indent=1))
    return Draft("written", project.path)


def _record(path: Path) -> dict[str, str]:
    try:
        values = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}


def _differing(old: str, new: str) -> int:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    return sum(line[:1] in "+-" and line[:3] not in ("+++", "---") for line in lines)
