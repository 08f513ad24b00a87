"""The verbs that measure: bench film, bench edits, bench build, bench gpu, bench toon."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storyforge.cli.app import app
from storyforge.cli.options import Json, Workers

if TYPE_CHECKING:
    from storyforge.bench import BuildBench, EditsBench, GpuBench, ToonBench

bench = typer.Typer(help="Measure this machine and the shipped models.", no_args_is_help=True)
app.add_typer(bench, name="bench")


@bench.command("film", epilog="Example: storyforge bench film --minutes 1 --json")
def bench_film(
    minutes: Annotated[float | None, typer.Option(min=0.1, help="Repeat the story until the film is so long.")] = None,
    workers: Workers = 2,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Keep the film in this folder.")] = None,
    as_json: Json = False,
) -> None:
    """Make a film in an empty folder, and print where the seconds and the memory went."""
    from rich.console import Console

    from storyforge.bench import bench_film as measure
    from storyforge.bench import table
    from storyforge.cli.screen import Screen

    with Screen(Console(stderr=True)) as screen:
        result = measure(minutes, workers, out, screen)
    if as_json:
        typer.echo(json.dumps(result.values, indent=1))
        return
    for name, value in table(result):
        typer.echo(f"{name:<14} {value}")


@bench.command("edits", epilog="Example: storyforge bench edits --json")
def bench_edits(
    shots: Annotated[int, typer.Option(min=36, help="Shots of the storyboard that is edited.")] = 60,
    workers: Workers = 2,
    as_json: Json = False,
) -> None:
    """Measure what each kind of edit renders again, against what it has to."""
    from rich.console import Console

    from storyforge.bench import bench_edits as measure
    from storyforge.bench import edits_table
    from storyforge.cli.screen import Screen

    with Screen(Console(stderr=True)) as screen:
        result = measure(workers, screen, shots)
    _judged(result, edits_table(result), as_json)


@bench.command("build", epilog="Example: storyforge bench build --json")
def bench_build(
    shots: Annotated[int, typer.Option(min=12, help="Shots of the storyboard that is rendered.")] = 60,
    as_json: Json = False,
) -> None:
    """Measure what keys, store and journal cost a render, how soon status answers, and what a second worker gains."""
    from rich.console import Console

    from storyforge.bench import bench_build as measure
    from storyforge.bench import build_table
    from storyforge.cli.screen import Screen

    with Screen(Console(stderr=True)) as screen:
        result = measure(screen, shots)
    _judged(result, build_table(result), as_json)


@bench.command("gpu", epilog="Example: storyforge bench gpu --json")
def bench_gpu(
    small: Annotated[bool, typer.Option("--small", help="Tiny networks, to see that it runs.")] = False,
    as_json: Json = False,
) -> None:
    """Measure windows at the true size of Wan 2.1 and AnimateDiff, with random weights, beside the plain pipelines."""
    from storyforge.bench import bench_gpu as measure
    from storyforge.bench import gpu_table

    result = measure(lambda sentence: typer.echo(f"measuring {sentence} ...", err=True), small)
    if small:
        typer.echo(json.dumps(result.values, indent=1) if as_json else "\n".join(gpu_table(result)))
        return
    _judged(result, gpu_table(result), as_json)


@bench.command("toon", epilog="Example: storyforge bench toon --captions 100 --json")
def bench_toon(
    captions: Annotated[int, typer.Option(min=1, help="Held-out captions to draw and read back.")] = 500,
    boards: Annotated[int, typer.Option(min=1, help="Boards of 8 shots whose characters are compared.")] = 50,
    shots: Annotated[int, typer.Option(min=1, help="Shots whose motion is measured.")] = 100,
    as_json: Json = False,
) -> None:
    """Measure whether toon draws what it is told, keeps its characters, and moves smoothly."""
    from storyforge.bench import bench_toon as measure
    from storyforge.bench import toon_table

    result = measure(captions, boards, shots, lambda sentence: typer.echo(f"measuring {sentence} ...", err=True))
    _judged(result, toon_table(result), as_json)


def _judged(result: "EditsBench | BuildBench | GpuBench | ToonBench", lines: Iterable[str], as_json: bool) -> None:
    """Prints figures that have limits; the program ends badly where one is not kept."""
    typer.echo(json.dumps(result.values, indent=1) if as_json else "\n".join(lines))
    if not result.passed:
        raise typer.Exit(1)
