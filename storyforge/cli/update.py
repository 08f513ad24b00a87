"""What `plan --update` says and asks: what changes in the storyboard, and what stays although the plan differs."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.text import Text

from storyforge.cli.second import lines, near
from storyforge.errors import InputError

if TYPE_CHECKING:
    from storyforge.production import Update

UNKNOWN = (
    "It is not known how it was planned, so all that differs from the new plan counts as yours: "
    "it stays, and the plan only adds."
)


def updated(path: Path, story: str, planner: str, wished: dict[str, Any], *, yes: bool, dry_run: bool) -> None:
    """Merges a new plan of a story into a storyboard, after a yes."""
    from storyforge.production import Project, update

    project = Project.of(path)
    found = update(project, story, planner=planner, wishes=wished, tell=lambda said: typer.echo(said, err=True))
    show(Console(highlight=False), found)
    if dry_run:
        return
    if found.changes and not yes:
        if not sys.stdin.isatty():
            raise InputError(f"nobody is here to say yes; add --yes to change {project.path} so")
        typer.confirm("Change the storyboard so?", abort=True, err=True)
    old = found.apply()
    if old is not None:
        typer.echo(f"{project.path} follows the story; the one before is kept as {old.name}")


def show(console: Console, found: "Update") -> None:
    """What would change, line by line, and what stays."""
    path = Text(str(found.before.path), style="cyan")
    if not found.based:
        console.print(Text.assemble(path, ": ", UNKNOWN), soft_wrap=True)
    for kept in found.kept:
        yours, plan = near(kept.yours, kept.plan, console.width // 2) if kept.field else (kept.yours, kept.plan)
        console.print(Text(str(replace(kept, yours=yours, plan=plan)), style="yellow"), soft_wrap=True)
    if not found.changes:
        console.print(Text.assemble(path, ": there is nothing to change"), soft_wrap=True)
        return
    console.print(Text.assemble("The new plan changes ", path, ":"), soft_wrap=True)
    for line in lines(found.changes, console.width):
        console.print(line, soft_wrap=True)
