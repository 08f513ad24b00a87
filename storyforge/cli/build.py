"""The verbs of the film as a build: status, takes, retake, pick, lock, unlock, gc."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storyforge.cli.app import app
from storyforge.cli.options import Board, Folder, Json, Workers, counted
from storyforge.errors import InputError, RenderError

if TYPE_CHECKING:
    from storyforge.production import SheetStatus, ShotStatus, Status

Id = Annotated[str, typer.Argument(metavar="ID", help="A shot, or a character, prop or place.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]

COLOURS = {"current": "green", "stale": "yellow", "missing": "yellow", "failed": "red", "locked": "cyan"}
COLOURS |= {"picked": "cyan", "recast": "yellow", "placeholder": "red"}
UNTOLD = "how long that takes is known once some of it is rendered"
UNITS = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3}


@app.command(epilog="Example: storyforge status storyboard.yaml")
def status(board: Board, out: Folder = None, as_json: Json = False) -> None:
    """Say what of a film is there, what is stale and why, and what a render would take."""
    from storyforge.production import Project

    project = Project.of(board, out)
    found, rates = project.status(), project.conforms()
    if as_json:
        facts = {"rows": found.rows, **asdict(found), **({"conform": rates} if rates else {})}
        typer.echo(json.dumps(facts, indent=1))
        ready(found.lacks)
        return
    shown = [shot for shot in found.shots if shot.state != "current"]
    lines = [(sheet.name, "recast", [*sheet.why, *recast(sheet)]) for sheet in found.sheets]
    lines += [(shot.id, str(shot.state), _told(shot)) for shot in shown]
    names, states = (max((len(line[column]) for line in lines), default=0) for column in (0, 1))
    for name, state, sentences in lines:
        typer.echo("\n".join(stated(name, state, sentences, names, max(7, states))))
    for line in [*rates, *summary(found)]:
        typer.echo(line)
    ready(found.lacks)


def ready(lacks: Sequence[str]) -> None:
    """Raises RenderError with what keeps renderers from making what is to be made, if anything does."""
    if lacks:
        raise RenderError("; ".join(lacks))


def _told(shot: "ShotStatus") -> list[str]:
    """Why a shot is what it is, in sentences."""
    return [*([f"take {shot.take}"] if shot.state in ("locked", "picked") else []), *shot.why]


def stated(name: str, state: str, sentences: Sequence[str], names: int, states: int) -> Iterator[str]:
    """Lines of a thing, its state and what there is to say of it, in columns as wide as the longest name and state."""
    first, *more = sentences or [""]
    yield f"{name:<{names}}  {typer.style(f'{state:<{states}}', fg=COLOURS[state])}  {first}".rstrip()
    yield from (f"{'':<{names + states}}    {sentence}" for sentence in more)


def recast(sheet: "SheetStatus") -> list[str]:
    """Which finished shots read a sheet that changed, if any."""
    some, one = ", ".join(sheet.shots), len(sheet.shots) == 1
    what = f"{counted(len(sheet.shots), 'finished shot')} {'reads it and is' if one else 'read it and are'} made anew"
    return [f"{what}: {some}"] if sheet.shots else []


def summary(found: "Status") -> list[str]:
    """What is to do, and what an upgrade would take."""
    states: dict[str, int] = {}
    for shot in found.shots:
        states[shot.state] = states.get(shot.state, 0) + 1
    out = [f"{counted(len(found.shots), 'shot')}: {', '.join(f'{many} {state}' for state, many in states.items())}"]
    todo = [step for step in found.steps if not step.done]
    if todo:
        whose = "by this project's own pace" if found.measured else "by a common laptop's pace"
        time = f"about {duration(found.seconds)} {whose}" if found.seconds is not None else UNTOLD
        panels, drawn = (sum(step.units for step in todo if step.kind == kind) for kind in ("panels", "draw"))
        parts = [counted(panels, "panel")] * bool(panels) + [f"{found.rows} rows to sample"] * bool(found.rows)
        parts += [f"{drawn} frames to draw"] * bool(drawn)
        what = ", ".join(parts) or "the film to put together"
        cost = f", {found.cost:.2f} by the renderer's price" if found.cost else ""
        out.append(f"a render makes {what}: {time}{cost}, {megabytes(found.size)}")
    else:
        out.append("nothing to make")
    if found.upgradable:
        makers = ", ".join(dict.fromkeys(shot.made_by for shot in found.shots if shot.made_by))
        taken = found.upgrade_seconds
        out.append(
            f"{counted(len(found.upgradable), 'shot')} made by {makers} stay as they are; "
            "`render --upgrade all` makes them anew" + (f" in about {duration(taken)}" if taken is not None else "")
        )
    return out


def duration(seconds: float) -> str:
    """12 s, 3 min 20 s, 2 h 5 min."""
    whole = max(1, round(seconds))
    if whole >= 3600:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{whole} s"


def when(moment: float) -> str:
    """A moment in seconds since 1970 as people read it."""
    return datetime.fromtimestamp(moment).strftime("%Y-%m-%d %H:%M")


def megabytes(size: int) -> str:
    """Bytes as people read them."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{max(1, round(size / 1e6))} MB"


@app.command(epilog="Example: storyforge takes storyboard.yaml storm-1")
def takes(
    board: Board,
    name: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="A shot, character, prop or place; all shots without it.")
    ] = None,
    out: Folder = None,
    as_json: Json = False,
) -> None:
    """List the finished versions of each shot, or of somebody's cast sheet, and which one the film shows."""
    from storyforge.production import Project

    found = Project.of(board, out).takes(name)
    if as_json:
        typer.echo(json.dumps({name: [asdict(take) for take in made] for name, made in found.items()}, indent=1))
        return
    for one, made in found.items():
        typer.echo(typer.style(one, bold=True) + ("" if made else "  has no take yet"))
        for take in made:
            marks = (
                ["in the film"] * take.shown + ["of another wording"] * (not take.fits) + ["gone"] * (not take.there)
            )
            typer.echo(f"  {take.number:>3}  {when(take.made)}  {take.made_by}  {', '.join(marks)}".rstrip())


@app.command(epilog="Example: storyforge retake storyboard.yaml storm-1 -n 4")
def retake(
    board: Board,
    name: Id,
    number: Annotated[int, typer.Option("-n", min=1, max=64, help="How many new takes.")] = 1,
    out: Folder = None,
    workers: Workers = 2,
    as_json: Json = False,
) -> None:
    """Make new takes of a shot or of somebody's cast sheet, and a picture of all takes side by side."""
    from rich.console import Console

    from storyforge.cli.screen import Screen
    from storyforge.production import Project

    project = Project.of(board, out)
    with Screen(Console(stderr=True)) as screen:
        made = project.retake(name, number, workers, screen)
    if as_json:
        typer.echo(json.dumps({"takes": made.numbers, "picture": str(made.picture), "files": [*map(str, made.files)]}))
        return
    for file in made.files:
        typer.echo(f"take           {file}")
    typer.echo(f"side by side   {made.picture}")
    typer.echo(
        f"storyforge pick {board} {name} {made.numbers[-1]} keeps that one; without a pick the film shows the newest"
    )


@app.command(epilog="Example: storyforge pick storyboard.yaml storm-1 3")
def pick(
    board: Board,
    name: Id,
    take: Annotated[str, typer.Argument(metavar="TAKE", help="A take's number, or newest to pick none.")],
    out: Folder = None,
) -> None:
    """Say in the storyboard which take of a shot, or of somebody's cast sheet, the film shows."""
    from storyforge.production import Project
    from storyforge.storyboard import pick as picked
    from storyforge.storyboard import save

    project = Project.of(board, out)
    wanted = None if take == "newest" else take
    if wanted is not None:
        there = {str(one.number): None for made in project.takes(name).values() for one in made if one.there}
        if wanted not in there:
            raise InputError(
                f"{name} has no take {take!r}; it has {', '.join(there) or 'none'} (`storyforge takes` lists them)"
            )
    document = project.document()
    save(picked(document, project.where(name, document), wanted))
    typer.echo(f"{project.path}: {name} shows {'its newest take' if wanted is None else f'take {take}'}")


@app.command(epilog="Example: storyforge lock storyboard.yaml storm-1")
def lock(board: Board, name: Id) -> None:
    """Lock a shot, or somebody's cast sheet, in the storyboard: it stays as it is, whatever is edited."""
    _lock(board, name, locked=True)


@app.command(epilog="Example: storyforge unlock storyboard.yaml storm-1")
def unlock(board: Board, name: Id) -> None:
    """Unlock a shot, or somebody's cast sheet, in the storyboard."""
    _lock(board, name, locked=False)


def _lock(board: Path, name: str, locked: bool) -> None:
    from storyforge.production import Project
    from storyforge.storyboard import lock as locking
    from storyforge.storyboard import save

    project = Project.of(board)
    document = project.document()
    save(locking(document, project.where(name, document), locked))
    typer.echo(f"{project.path}: {name} is {'locked' if locked else 'unlocked'}")


@app.command(epilog="Example: storyforge gc storyboard.yaml --keep 2GB")
def gc(
    board: Board,
    out: Folder = None,
    keep: Annotated[
        str | None, typer.Option(metavar="SIZE", help="Remove no more than brings the store to this.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and remove nothing.")] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Remove from the store what the storyboard, its picks and its locks do not reach."""
    from storyforge.production import Project

    project = Project.of(board, out)
    found = project.litter(None if keep is None else _bytes(keep))
    loose, damaged = len(found.blobs), len(found.damaged)
    facts: dict[str, Any] = {"blobs": loose, "damaged": damaged, "bytes": found.size, "kept": found.kept}
    what = [f"{counted(loose, 'result')} that nothing reaches"] * bool(loose)
    what += [f"{counted(damaged, 'damaged file')}"] * bool(damaged)
    if as_json:
        typer.echo(json.dumps(facts))
    elif what:
        typer.echo(f"{' and '.join(what)}, {megabytes(found.size)}; {megabytes(found.kept)} stay")
    else:
        typer.echo(f"nothing to remove; {megabytes(found.kept)} stay")
    if dry_run or not what:
        return
    if not yes:
        picked = ", takes that nobody picked among them" if loose else ""
        typer.confirm(f"Remove them{picked}?", abort=True, err=True)
    project.clear(found)


def _bytes(said: str) -> int:
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmg]?)i?b?\s*", said.lower())
    if match is None:
        raise InputError(f"--keep {said!r} is not a size; write 500MB or 2GB")
    return int(float(match[1]) * UNITS[match[2]])
