"""The verbs that make things: film, plan, render, demo."""

import json
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storyforge.cli.app import app
from storyforge.cli.build import UNTOLD, duration, ready, recast
from storyforge.cli.options import (
    STAGES,
    Board,
    Captions,
    CaptionsOption,
    Folder,
    Json,
    Length,
    Out,
    Planner,
    Replan,
    Shots,
    Silent,
    Size,
    Stage,
    Story,
    Style,
    Title,
    Workers,
    counted,
    seconds,
    shown,
    story_text,
    wishes,
)
from storyforge.errors import Incomplete, InputError

if TYPE_CHECKING:
    from storyforge.production import Draft, Film, Order, Project

DEMO = "fox-and-lantern.txt"
LONG = 600  # seconds that a render may take without a question


@app.command(epilog="Example: storyforge film story.txt --length 1m30s --size 9:16")
def film(
    story: Story,
    length: Length = None,
    shots: Shots = None,
    size: Size = None,
    style: Style = None,
    title: Title = None,
    planner: Planner = "auto",
    out: Out = None,
    captions: CaptionsOption = Captions.burn,
    workers: Workers = 2,
    silent: Silent = False,
    replan: Replan = False,
    as_json: Json = False,
) -> None:
    """Plan a story and render its film."""
    from storyforge.production import Order

    text, name = story_text(story)
    order = Order(captions=captions.value, workers=workers, silent=silent)
    wished = wishes(length, shots, size, style, title)
    make_film(text, out or Path(name), planner, wished, order, as_json, replan, shown(story))


@app.command(epilog="Example: storyforge plan story.txt -o storyboard.yaml; after an edit of the story add --update")
def plan(
    story: Story,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The storyboard's file; printed without it.")] = None,
    length: Length = None,
    shots: Shots = None,
    size: Size = None,
    style: Style = None,
    title: Title = None,
    planner: Planner = "auto",
    force: Annotated[bool, typer.Option("--force", help="Write over a storyboard that is there.")] = False,
    update: Annotated[
        bool, typer.Option("--update", help="Change what the story changed; your edits and locked shots stay.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before an update.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what --update changes, and change nothing.")] = False,
) -> None:
    """Turn a story into a storyboard, or let one follow its story, and no more."""
    from storyforge.cli.update import updated
    from storyforge.production import plan as unwritten
    from storyforge.production import planned
    from storyforge.storyboard import dump

    text, _ = story_text(story)
    wished = wishes(length, shots, size, style, title)
    if update and (out is None or force):
        what = "does not go with --force" if force else "needs the storyboard"
        raise InputError(f"--update {what}; write: storyforge plan STORY -o storyboard.yaml --update")
    if (yes or dry_run) and not update:
        raise InputError(f"{'--yes' if yes else '--dry-run'} goes with --update; without it nothing asks")
    if update and out is not None:
        updated(out, text, planner, wished, yes=yes, dry_run=dry_run)
        return
    if out is not None and out.is_dir():
        raise InputError(f"{out} is a folder; name a file, such as {out / 'storyboard.yaml'}")
    if out is not None and out.exists() and not force:
        raise InputError(
            f"{out} is there already; --update lets it follow the story, --force writes over it, or use another name"
        )
    say = partial(typer.echo, err=True)
    if out is None:
        typer.echo(dump(unwritten(text, planner=planner, tell=say, **wished)), nl=False)
        return
    board = planned(out, text, planner=planner, wishes=wished, tell=say)
    count = sum(len(scene.shots) for scene in board.scenes)
    typer.echo(f"{out}: {counted(count, 'shot')} in {counted(len(board.scenes), 'scene')}")


@app.command(epilog="Example: storyforge render storyboard.yaml --only storm-1 --only storm-2")
def render(
    board: Board,
    out: Folder = None,
    until: Annotated[Stage | None, typer.Option(help="Stop after the cast sheets or the panels.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Render only this shot; can be repeated.")
    ] = None,
    captions: CaptionsOption = Captions.burn,
    workers: Workers = 2,
    silent: Silent = False,
    draft: Annotated[
        bool, typer.Option("--draft", help="Small and in few steps, into draft/: the film is the same one, only finer.")
    ] = False,
    upgrade: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Make this shot anew if an older storyforge made it; all for everything."),
    ] = None,
    max_time: Annotated[str | None, typer.Option(help="Stop after so long, as in 30m; finished work is kept.")] = None,
    max_cost: Annotated[
        float | None, typer.Option(min=0, help="Stop when the renderer's hours have cost this; finished work is kept.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be made, and make nothing.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask before what is long, costs money or follows a new sheet.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make what is missing of a storyboard, then its film."""
    from storyforge.production import ALL, Order, Project

    project = Project.of(board, out)
    order = Order(
        until.value if until else None, tuple(only or ()), captions.value, workers, silent=silent, draft=draft,
        upgrade=tuple(ALL if name == "all" else name for name in upgrade or ()),
        max_seconds=seconds(max_time, "--max-time"), max_cost=max_cost,
    )  # fmt: skip
    if dry_run:
        _survey(project, order, as_json)
        return
    if not yes:
        _ask(project, order)
    _finish(project, order, _render(project, order, as_json), as_json)


def _ask(project: "Project", order: "Order") -> None:
    """Asks before a render that is long, costs money or follows a new cast sheet; --yes answers where nobody can."""
    found = project.status(order)
    ready(found.lacks)
    said = [
        f"the sheet of {sheet.name} is another one ({', '.join(sheet.why)}), and {', '.join(recast(sheet))}"
        for sheet in found.sheets
        if sheet.shots and order.until != "cast"
    ]
    long, costs = (found.seconds or 0) > LONG, found.cost != 0
    if found.seconds is not None and long and order.max_seconds is None:
        said.append(f"this render takes about {duration(found.seconds)} here")
    if costs and order.max_cost is None:
        much = "what nobody knows before some of it is made" if found.cost is None else f"about {found.cost:.2f}"
        said.append(f"this render costs {much}, by the price in its renderer's profile")
    if not said:
        return
    if not sys.stdin.isatty():
        limits = " (or --max-time, --max-cost)" if long or costs else ""
        raise InputError(f"{'; '.join(said)}: add --yes to start{limits}")
    for sentence in said:
        typer.echo(sentence, err=True)
    typer.confirm("Start?", abort=True, err=True)


@app.command(epilog="Example: storyforge demo")
def demo(out: Out = None, workers: Workers = 2) -> None:
    """Make the film of the story that ships with storyforge, in ./fox-and-lantern unless told where."""
    from storyforge.production import Order
    from storyforge.resources import root

    text = (root("storyboards") / DEMO).read_text(encoding="utf-8")
    make_film(text, out or Path(Path(DEMO).stem), "offline", {}, Order(workers=workers), as_json=False)


def make_film(
    text: str,
    folder: Path,
    planner: str,
    wished: dict[str, Any],
    order: "Order",
    as_json: bool,
    replan: bool = False,
    story: str = "STORY",
) -> None:
    """Plans a story into a folder and renders it there; an edited storyboard stays as it is."""
    from rich.console import Console

    from storyforge.cli.second import tell
    from storyforge.production import Project, draft

    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; name another folder with --out")
    project = Project(folder)
    say = partial(typer.echo, err=as_json)
    made = draft(project, text, planner=planner, wishes=wished, replan=replan, tell=say)
    tell(Console(stderr=as_json, highlight=False), made, story)
    say(_drafted(made, project))
    _finish(project, order, _render(project, order, as_json), as_json)


def _drafted(made: "Draft", project: "Project") -> str:
    resolved = project.resolved()
    shots, scenes = counted(len(resolved.shots), "shot"), counted(len(resolved.board.scenes), "scene")
    what = f"{made.path}: {shots} in {scenes}, {_length(resolved)}"
    return what + (" (planned before, unchanged)" if made.state == "current" else "")


def _length(resolved: Any) -> str:
    from storyforge.clock import seconds

    total = round(seconds(resolved.frames, resolved.rate))
    return f"{total // 60} min {total % 60} s" if total >= 60 else f"{total} s"


def _render(project: "Project", order: "Order", as_json: bool) -> "Film":
    """Renders with a bar on the terminal; with JSON the bar is on standard error."""
    from rich.console import Console

    from storyforge.cli.screen import Screen

    with Screen(Console(stderr=as_json)) as screen:
        return project.produce(order, screen)


def _finish(project: "Project", order: "Order", made: "Film", as_json: bool) -> None:
    """Says where everything is; raises Incomplete when shots could not be made."""
    if as_json:
        values = {**asdict(made), "storyboard": project.path}
        typer.echo(json.dumps(values, default=str, indent=1))
    elif made.film is not None:
        typer.echo(f"film           {made.film}  ({made.frames} frames in {made.seconds.total:.1f} s)")
        typer.echo(f"contact sheet  {made.board}")
        if made.cost:
            typer.echo(f"cost           {made.cost:.2f}")
    elif order.only and not order.until:
        for name in dict.fromkeys(order.only):
            if name not in made.failed:
                typer.echo(f"shot           {made.folder / 'shots' / f'{name}.mp4'}")
    elif made.board is not None:
        typer.echo(f"contact sheet  {made.board}")
        typer.echo(f"pictures       {made.folder / 'panels'}")
    else:
        typer.echo(f"cast sheets    {made.folder / 'cast'}")
    if made.failed:
        names = ", ".join(made.failed)
        what = "could not be made" if made.film is None else "shown as placeholders in the film"
        raise Incomplete(f"{names}: {what}; render again to try just these")


def _survey(project: "Project", order: "Order", as_json: bool) -> None:
    """Prints what a render would make, stage by stage."""
    from storyforge.production import total_seconds

    with project.surveyed(order) as survey:
        steps, lacks = survey.steps(), survey.lacks
    if as_json:
        typer.echo(json.dumps([asdict(step) for step in steps], indent=1))
        ready(lacks)
        return
    for line in project.conforms():
        typer.echo(line)
    for kind in dict.fromkeys(step.kind for step in steps):
        mine = [step for step in steps if step.kind == kind]
        todo = [step for step in mine if not step.done]
        names = ", ".join(step.name for step in todo[:6]) + (", ..." if len(todo) > 6 else "")
        taken = total_seconds(todo)
        time = f", about {duration(taken)}" if taken is not None else ""
        said = f"{len(todo):>3} of {len(mine):<3} to make{time}: {names}" if todo else f"all {len(mine)} kept"
        typer.echo(f"{STAGES[kind]:<8} {said}")
    taken = total_seconds(steps)
    work = f"about {duration(taken)} of work" if taken is not None else UNTOLD
    typer.echo("nothing to make" if all(step.done for step in steps) else work)
    ready(lacks)
