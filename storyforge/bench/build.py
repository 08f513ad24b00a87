"""`bench build`: what keys, store and journal cost a render, how soon `status` answers, what a second worker gains.

Overhead is every second inside the calls of PARTS: keys and wishes (hashing, also of files and of the renderer's
weights), takes (finding what is finished), store (reading records and blobs and comparing them with their digests;
writing, syncing, hashing and renaming), journal (sqlite), copies (of what is stored, to where people look, and notes
of what those are). Arrays are written for the store alone, so all of that counts; pictures, shots and sound would be
encoded without a store as well, so of them counts what comes after.

The render that is timed draws in the process that samples (`--workers 1`), so nothing is done where it is not seen.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from storyforge.bench.edits import CARD, COLOURS, board_of, picture
from storyforge.bench.film import imports, machine
from storyforge.bench.stopwatch import Stopwatch
from storyforge.film import Reader
from storyforge.production import Order, Project, events
from storyforge.storyboard import Member, Storyboard, resolve

SHOTS, SIZE, SECONDS = 60, "1280x720", 1.0  # shots so short make many results for few pictures
LIMIT = 0.03  # of a render's seconds
STATUS_SHOTS, STATUS_STALE, STATUS_RUNS, STATUS_LIMIT = 204, 30, 5, 1.0
STATUS_SIZE, STATUS_SECONDS = "96x64", 0.25  # of the film whose status is asked: neither matters to the answer
TOLERANCE = 2  # of 255: what batches of other sizes may differ by

CAS, MADE = "storyforge.cas", "storyforge.production"
PARTS = {
    "keys": (
        *(f"{CAS}.keys:{name}" for name in ("key", "digest", "file_digest")),
        *(f"{MADE}.keys:{name}_key" for name in ("cast", "panel", "picture", "level", "shot")),
        f"{MADE}.renderers:Renderer.fingerprint", f"{MADE}.sound:SoundJob.key", f"{MADE}.assembly:film_key",
        "storyforge.film.stretches:Cut.key",
    ),
    "wishes": (
        *(f"{MADE}.wishes:Wishes.{name}" for name in ("panel", "shots")),
        *(f"{MADE}.wishes:{name}" for name in ("shot_wish", "footage_wish", "footage_maker")),
        *(f"{MADE}.cast:Cast.{name}" for name in ("wish", "held", "take", "casting", "read")),
        f"{MADE}.ancestry:Ancestry.today",
    ),
    "takes": (
        f"{MADE}.choice:choose", f"{MADE}.takes:maker_of",
        *(f"{MADE}.takes:Takes.{name}" for name in ("of", "find", "there", "pinned", "trouble", "misfit")),
    ),
    "store": tuple(
        f"{CAS}.store:Store.{name}"
        for name in ("look", "get", "arrays", "put_arrays", "put_together", "_temp", "_commit", "clean")
    ),
    "journal": tuple(
        f"{CAS}.journal:Journal.{name}"
        for name in (
            "__init__", "record", "attempts", "finish", "show", "results", "keep_document", "document", "failures",
            "seconds_per_unit", "close",
        )
    ),
    "copies": tuple(f"{MADE}.outputs:{name}" for name in ("publish", "current", "note")),
}  # fmt: skip


@dataclass(frozen=True)
class Overhead:
    """Seconds by part and of the whole render; again: of a second render, which finds everything finished."""

    parts: Mapping[str, float]
    render: float
    again: float

    @property
    def share(self) -> float:
        """Of the render's seconds."""
        return sum(self.parts.values()) / self.render


@dataclass(frozen=True)
class Answer:
    """Seconds from the command to the end of its answer, the median of some runs; stale: shots that were edited."""

    seconds: float
    shots: int
    stale: int


@dataclass(frozen=True)
class Drawers:
    """Seconds of the same film drawn by one process and by two; apart: how far a value of theirs differs, of 255.

    where: the shot and the frame of the greatest difference, empty when there is none.
    """

    one: float
    two: float
    frames: int
    apart: int
    where: str

    @property
    def gain(self) -> float:
        """How many times as fast two are."""
        return self.one / self.two


@dataclass(frozen=True)
class BuildBench:
    """The figures, and the board and machine that they were measured on."""

    overhead: Overhead
    status: Answer
    workers: Drawers
    shots: int
    size: str
    machine: str

    @property
    def verdicts(self) -> dict[str, bool]:
        """Which limits were kept."""
        return {
            "overhead": self.overhead.share <= LIMIT,
            "status": self.status.seconds <= STATUS_LIMIT,
            "workers": self.workers.apart <= TOLERANCE,
        }

    @property
    def passed(self) -> bool:
        """Whether all of them were."""
        return all(self.verdicts.values())

    @property
    def values(self) -> dict[str, object]:
        """The figures as JSON can carry them."""
        kept = self.verdicts
        overhead = {"seconds": sum(self.overhead.parts.values()), "share": self.overhead.share, "limit": LIMIT}
        return {
            "overhead": {**asdict(self.overhead), **overhead, "passed": kept["overhead"]},
            "status": {**asdict(self.status), "limit": STATUS_LIMIT, "passed": kept["status"]},
            "workers": {
                **asdict(self.workers), "gain": self.workers.gain, "limit": TOLERANCE, "passed": kept["workers"],
            },
            "shots": self.shots, "size": self.size, "machine": self.machine, "passed": self.passed,
        }  # fmt: skip


def bench_build(
    tell: events.Tell = events.ignore,
    shots: int = SHOTS,
    size: str = SIZE,
    seconds: float = SECONDS,
    status_shots: int = STATUS_SHOTS,
    status_runs: int = STATUS_RUNS,
) -> BuildBench:
    """Renders a board three times (timed, again, with two workers), then asks for the status of another one."""
    imports()
    board = board_of(shots, size, seconds)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        watch = Stopwatch()
        with watch.on(PARTS):
            one = _rendered(folder / "one", board, 1, tell)
        again = _rendered(folder / "one", board, 1, tell)
        two = _rendered(folder / "two", board, 2, tell)
        frames, apart, where = compared(folder / "one", folder / "two", [shot.id for shot in resolve(board).shots])
        overhead = Overhead(dict(watch.seconds), one, again)
        workers = Drawers(one, two, frames, apart, where)
        answer = _status(folder / "status", board_of(status_shots, STATUS_SIZE, STATUS_SECONDS), status_runs, tell)
    return BuildBench(overhead, answer, workers, len(resolve(board).shots), size, machine())


def _rendered(folder: Path, board: Storyboard, workers: int, tell: events.Tell) -> float:
    """Seconds of a render into a folder."""
    picture(folder / CARD, COLOURS[0])
    project = Project(folder)
    project.keep(board)
    clock = perf_counter()
    project.produce(Order(workers=workers), tell)
    return perf_counter() - clock


def compared(one: Path, other: Path, shots: list[str]) -> tuple[int, int, str]:
    """Frames of two projects' shots, the greatest difference of a value (of 255) and where it is."""
    import numpy as np

    frames, apart, where = 0, 0, ""
    for name in shots:
        pair = [Reader(folder / "shots" / f"{name}.mp4").frames() for folder in (one, other)]
        for number, (left, right) in enumerate(zip(*pair, strict=True)):
            frames += 1
            found = int(np.abs(left.astype(np.int16) - right).max())
            if found > apart:
                apart, where = found, f"{name}, frame {number}"
    return frames, apart, where


def _status(folder: Path, board: Storyboard, runs: int, tell: events.Tell) -> Answer:
    """How soon `storyforge status` answers when some shots of a finished film were edited."""
    _rendered(folder, board, 2, tell)
    Project(folder).keep(edited(board, STATUS_STALE))
    # An installation is compiled when it is first used; here it may be one that must not be written to.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    taken, said = zip(*(_asked(folder, env) for _ in range(1 + runs)), strict=True)
    states = [shot["state"] for shot in said[-1]["shots"]]
    return Answer(median(taken[1:]), len(states), states.count("stale"))


def _asked(folder: Path, env: Mapping[str, str]) -> tuple[float, dict[str, Any]]:
    command = [sys.executable, "-m", "storyforge", "status", str(folder), "--json"]
    clock = perf_counter()
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True)
    return perf_counter() - clock, json.loads(done.stdout)


def edited(board: Storyboard, count: int) -> Storyboard:
    """The board with another action in `count` of its shots (as many as have a cast), spread over its scenes."""
    acted = [shot.id for scene in board.scenes for shot in scene.shots if shot.cast]
    chosen = set(acted[:: max(1, len(acted) // count)][:count])
    scenes = [
        scene.but(
            shots=tuple(
                shot.but(cast=(Member(who=shot.cast[0].who, does="hides"),)) if shot.id in chosen else shot
                for shot in scene.shots
            )
        )
        for scene in board.scenes
    ]
    return board.but(scenes=tuple(scenes))


def build_table(bench: BuildBench) -> list[str]:
    """The figures as lines for people."""
    overhead, status, workers = bench.overhead, bench.status, bench.workers
    spent = f"{sum(overhead.parts.values()):.2f} of {overhead.render:.1f} s, {overhead.share:.2%} (at most {LIMIT:.0%})"
    parts = ", ".join(f"{part} {seconds:.2f}" for part, seconds in overhead.parts.items())
    asked = f"{status.seconds:.2f} s (at most {STATUS_LIMIT:.1f}) of {status.shots} shots, {status.stale} of them stale"
    faster = f"{workers.one:.1f} s with one, {workers.two:.1f} s with two: {workers.gain:.2f} times as fast"
    where = f" ({workers.where})" if workers.where else ""
    said = {
        "overhead": f"{spent}: {parts}",
        "again": f"{overhead.again:.2f} s when everything is finished",
        "status": asked,
        "workers": f"{faster}; {workers.frames} frames apart by {workers.apart}/255 at most{where}",
        "film": f"{bench.shots} shots of {bench.size}",
        "machine": bench.machine,
    }
    return [f"{name:<9} {line}{'' if bench.verdicts.get(name, True) else '  FAILED'}" for name, line in said.items()]
