"""The verbs that look and change nothing: check, prompts, renderers, doctor."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from storyforge.cli.app import app
from storyforge.cli.options import Board, Json, counted
from storyforge.errors import InputError

BOARD = "storyboard.yaml"


@app.command(epilog="Example: storyforge check storyboard.yaml --strict")
def check(
    board: Board,
    strict: Annotated[bool, typer.Option("--strict", help="Make every notice an error.")] = False,
    as_json: Json = False,
) -> None:
    """Find every mistake in a storyboard, and what its renderer will ignore or draw differently."""
    from storyforge.storyboard import check as examine
    from storyforge.storyboard import conforms, filmed, lengths, load

    document = load(board / BOARD if board.is_dir() else board)
    folder = document.path.absolute().parent
    resolved, notices = filmed(document.board, folder), examine(document)
    rates = conforms(resolved, folder)
    length, scenes = lengths(resolved), len(document.board.scenes)
    if as_json:
        facts = {"shots": len(resolved.shots), "scenes": scenes, "seconds": length.film, "frames": length.frames}
        told = {**facts, "conform": rates} if rates else facts
        typer.echo(json.dumps({**told, "notices": [notice._asdict() for notice in notices]}, indent=1))
    else:
        for notice in notices:
            typer.echo(f"{notice.place}: {notice.sentence}")
        typer.echo(f"{counted(len(resolved.shots), 'shot')} in {counted(scenes, 'scene')}: {length}")
        for line in rates:
            typer.echo(line)
    if strict and notices:
        raise InputError(f"--strict: {len(notices)} notices in {document.path}")


@app.command(epilog="Example: storyforge prompts storyboard.yaml storm-1")
def prompts(
    board: Board,
    shot: Annotated[str | None, typer.Argument(metavar="[ID]", help="One shot; all of them without it.")] = None,
    as_json: Json = False,
) -> None:
    """Print exactly what each model is told, shot by shot, in how many tokens, and what is cut."""
    from storyforge.cli.prompts import lines, values
    from storyforge.production import Project

    found = Project.of(board).told(() if shot is None else (shot,))
    if as_json:
        said = {name: values(told) for name, told in found.items()}
        typer.echo(json.dumps(said, indent=1, ensure_ascii=False, default=str))
        return
    for name, told in found.items():
        typer.echo(typer.style(name, bold=True))
        for line in lines(told):
            typer.echo(line)


@app.command(epilog="Example: storyforge renderers")
def renderers(as_json: Json = False) -> None:
    """List the renderers, and what each one lacks on this machine."""
    from storyforge.backends import missing, profiles

    found = [(profile, missing(profile)) for profile in profiles()]
    if as_json:
        values = [{**profile.model_dump(mode="json"), "missing": lack} for profile, lack in found]
        typer.echo(json.dumps(values, indent=1))
        return
    for profile, lack in found:
        typer.echo(f"{profile.name:<20} {lack or 'ready'}")


@app.command(epilog="Example: storyforge doctor")
def doctor(as_json: Json = False) -> None:
    """Look this machine over and say what is missing and what to do."""
    from storyforge.doctor import examine

    findings = examine(Path.cwd())
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=1))
    else:
        marks = {"good": ("ok", "green"), "warning": ("--", "yellow"), "problem": ("!!", "red")}
        for finding in findings:
            mark, colour = marks[finding.level]
            typer.echo(f"{typer.style(mark, fg=colour)}  {finding.subject:<20} {finding.sentence}")
    if any(finding.level == "problem" for finding in findings):
        raise typer.Exit(4)
