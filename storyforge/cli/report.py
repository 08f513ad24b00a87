"""The verb that tells what a film cost and what made it: report."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from storyforge.cli.app import app
from storyforge.cli.build import duration, megabytes, stated, when
from storyforge.cli.options import STAGES, Board, Folder, Json, counted

if TYPE_CHECKING:
    from storyforge.production import Failure, Report, ShotReport, StageReport

UNITS = {"cast": "sheet", "panels": "panel", "level": "row"}  # of the others: frames
MOST = 8  # names of shots on a line


@app.command(epilog="Example: storyforge report storyboard.yaml")
def report(board: Board, out: Folder = None, as_json: Json = False) -> None:
    """Tell what made each shot and when, what it cost, what failed, and the notes on it."""
    from storyforge.production import Project

    found = Project.of(board, out).report()
    if as_json:
        typer.echo(
            json.dumps(
                {"seconds": found.seconds, "failed_seconds": found.failed_seconds, **asdict(found)},
                indent=1,
                ensure_ascii=False,
            )
        )
        return
    typer.echo("\n".join(_lines(found)))


def _lines(found: "Report") -> Iterator[str]:
    many = f"{counted(len(found.shots), 'shot')}, {duration(found.length)}"
    wasted = f", {duration(found.failed_seconds)} of it in attempts that failed" if found.failed_seconds >= 1 else ""
    cost = f"{duration(found.seconds)} of work{wasted}" if found.stages else "nothing was made yet"
    yield typer.style(f"{found.title}: {many}; {cost}" if found.title else f"{many}; {cost}", bold=True)
    names = max(len(shot.id) for shot in found.shots)
    states = max(len(shot.state) for shot in found.shots)
    for shot in found.shots:
        yield from stated(shot.id, shot.state, _shot(shot), names, states)
    yield from _stages(found.stages)
    yield from _cast(found)


def _shot(shot: "ShotReport") -> list[str]:
    """Its take, what it cost, what failed, why it is what it is, and its note."""
    out = []
    if shot.made is not None:
        which = f"take {shot.take}" + (f" of {shot.takes}" if shot.takes > 1 else "")
        out.append(f"{which}, made {when(shot.made)} by {shot.made_by}")
    if shot.attempts:
        spent = vars(shot.spent).items()
        parts = ", ".join(f"{part} {seconds:.1f}" for part, seconds in spent if part != "failed" and seconds >= 0.05)
        parts = parts and f" ({parts})"
        memory = f", {megabytes(shot.memory)} of memory at most" if shot.memory else ""
        out.append(f"{shot.spent.total:.1f} s{parts} in {counted(shot.attempts, 'task')}{memory}")
    out += _failures(shot.failures)
    if not (shot.failures and shot.state in ("failed", "placeholder")):  # else that is what was just said
        out += shot.why
    return [*out, f"note: {' '.join(shot.note.split())}"] if shot.note else out


def _failures(failures: Sequence["Failure"]) -> Iterator[str]:
    """What failed, each reason once."""
    for kind, why in dict.fromkeys((one.kind, one.why) for one in failures):
        alike = [one for one in failures if (one.kind, one.why) == (kind, why)]
        often = f"failed {len(alike)} times, last" if len(alike) > 1 else "failed"
        spent = sum(one.seconds for one in alike)
        yield f"{often} {when(alike[-1].when)} in {STAGES[kind]}, after {spent:.1f} s: {why}"


def _stages(stages: Sequence["StageReport"]) -> Iterator[str]:
    """A line for each kind of task: units, seconds, seconds a unit, and what failed."""
    if stages:
        yield ""
    for stage in stages:
        made = counted(stage.units, UNITS.get(stage.kind, "frame"))
        failed = f"  {counted(stage.failures, 'failed attempt')}, {stage.failed_seconds:.1f} s" * bool(stage.failures)
        yield f"{STAGES[stage.kind]:<8} {made:>14} {stage.seconds:>9.1f} s{failed}"


def _cast(found: "Report") -> Iterator[str]:
    """A line for each sheet, with the shots that read it."""
    if found.cast:
        yield ""
    names = max((len(sheet.key) for sheet in found.cast), default=0)
    for sheet in found.cast:
        some = ", ".join(sheet.shots[:MOST]) + (f" and {len(sheet.shots) - MOST} more" * (len(sheet.shots) > MOST))
        made = f"made {when(sheet.made)} by {sheet.made_by}" if sheet.made is not None else "not made yet"
        yield f"{sheet.key:<{names}}  {made}; read by {some}"
