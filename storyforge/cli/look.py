"""The verbs that look and change nothing: check, prompts, renderers, doctor."""

import json
from dataclasses import asdict
from pathlib import Path
from re import sub
from shutil import get_terminal_size
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storyforge.cli.app import app
from storyforge.cli.options import Board, Json, counted
from storyforge.errors import InputError

if TYPE_CHECKING:
    from storyforge.backends import DiffusersProfile, ToonProfile

BOARD = "storyboard.yaml"


@app.command(epilog="Example: storyforge check storyboard.yaml --strict")
def check(
    board: Board,
    strict: Annotated[bool, typer.Option("--strict", help="Make every notice an error.")] = False,
    as_json: Json = False,
) -> None:
    """Find every mistake in a storyboard, and what its renderer will ignore or draw differently."""
    from storyforge.storyboard import answered, conforms, filmed, lengths, load
    from storyforge.storyboard import check as examine

    document = load(board / BOARD if board.is_dir() else board)
    answered(document)
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
    """Print exactly what each model is told, for cast sheets and shot by shot, in how many tokens, and what is cut."""
    from storyforge.cli.prompts import lines, values
    from storyforge.production import Project

    project, only = Project.of(board), () if shot is None else (shot,)
    found = {**project.sheets_told(only), **{(name, ""): told for name, told in project.told(only).items()}}
    if as_json:
        said: dict[str, list[Any]] = {}
        for (name, _), told in found.items():
            said.setdefault(name, []).extend(values(told))
        typer.echo(json.dumps(said, indent=1, ensure_ascii=False, default=str))
        return
    for (name, _), told in found.items():
        typer.echo(typer.style(name, bold=True))
        for line in lines(told):
            typer.echo(line)


@app.command(epilog="Example: storyforge renderers wan")
def renderers(
    words: Annotated[list[str] | None, typer.Argument(metavar="[WORD]...", help="Only names with these words.")] = None,
    as_json: Json = False,
) -> None:
    """List the renderers with their licences, what each needs, and what it lacks on this machine."""
    from storyforge.backends import missing, profiles

    found = [
        (profile, missing(profile)) for profile in profiles(Path()) if all(word in profile.name for word in words or ())
    ]
    if as_json:
        values = [{**profile.model_dump(mode="json"), "missing": lack} for profile, lack in found]
        typer.echo(json.dumps(values, indent=1))
        return
    if not found:
        raise InputError(f"no renderer has {' and '.join(words or ())} in its name: `storyforge renderers` lists all")
    names = max(len(profile.name) for profile, _ in found)
    for title, chosen in (
        ("ready", [pair for pair in found if not pair[1]]),
        ("not ready", [pair for pair in found if pair[1]]),
    ):
        if chosen:
            typer.echo(typer.style(f"{title} ({len(chosen)})", bold=True))
        for profile, lack in chosen:
            absent = lack.startswith("it needs the checkpoint")
            _print_renderer(profile, "" if absent and not words else lack, names, bool(words))
    if not words:
        typer.echo("`storyforge renderers WORD` tells more of those so named, and what to fetch")


def _print_renderer(profile: "ToonProfile | DiffusersProfile", lack: str, names: int, more: bool) -> None:
    """A name and its licence; below it what it makes, the machine it wants, and the next step."""
    width, indent = min(get_terminal_size((80, 24)).columns, 110), " " * 4
    typer.echo(_folded(f"  {profile.name:<{names}}  {profile.licence}", width, "", " " * (names + 4)))
    for said in (profile.about if more else "", profile.needs and f"needs {profile.needs}", lack):
        if said:
            typer.echo(_folded(said, width, indent, indent))


def _folded(said: str, width: int, first: str, rest: str) -> str:
    """Folded to the width; a command between backticks stays in one line, to be copied."""
    whole = sub(r"`[^`]*`", lambda found: found[0].replace(" ", "\0"), said)
    lines = fill(
        whole, width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return lines.replace("\0", " ")


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
