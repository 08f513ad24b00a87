"""`bench film`: where the seconds and the memory of a film go, on this machine, in one run."""

import os
import platform
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from time import perf_counter

from storyforge.clock import seconds
from storyforge.production import Gauge, Order, Project, events, plan
from storyforge.resources import root
from storyforge.storyboard import Storyboard, resolve

STORY = "fox-and-lantern.txt"
HEAVY = ("torch", "safetensors.torch", "av", "PIL.Image", "storyforge.engine.sampling", "storyforge.engine.codenoise")


@dataclass(frozen=True)
class FilmBench:
    """Seconds of each stage (draw and encode summed over their processes), peak memory in MB of all processes.

    ratio: seconds of rendering, imports apart, over seconds of film. first_panel: seconds from the start, imports
    included, until a panel can be looked at.
    """

    imports: float
    plan: float
    cast: float
    panels: float
    infill: float
    draw: float
    encode: float
    sound: float
    film: float
    render: float
    seconds: float
    ratio: float
    first_panel: float
    memory: float
    frames: int
    shots: int
    size: tuple[int, int]
    workers: int
    machine: str

    @property
    def values(self) -> dict[str, object]:
        """The figures as JSON can carry them."""
        return asdict(self)


def bench_film(
    minutes: float | None = None,
    workers: int = 2,
    folder: Path | None = None,
    tell: events.Tell = events.ignore,
    board: Storyboard | None = None,
) -> FilmBench:
    """Plans and renders the shipped story (repeated up to `minutes`), or a given board, into an empty folder."""
    begun = perf_counter()
    first: list[float] = []

    def hear(event: events.Event) -> None:
        if isinstance(event, events.PictureReady) and event.kind == "panel" and not first:
            first.append(perf_counter() - begun)
        tell(event)

    with tempfile.TemporaryDirectory() as temporary, Gauge() as gauge:
        imported = imports()
        clock = perf_counter()
        board = board or film_board(minutes)
        planned = perf_counter() - clock
        project = Project(folder or Path(temporary) / "film")
        project.keep(board)
        made = project.produce(Order(workers=workers), hear)
    resolved = resolve(board)
    shown = seconds(resolved.frames, resolved.rate)
    spent = made.seconds
    return FilmBench(
        imported, planned, spent.cast, spent.panels, spent.infill, spent.draw, spent.encode, spent.sound, spent.film,
        spent.total,
        shown, spent.total / shown, first[0] if first else 0.0, gauge.peak / 1e6, resolved.frames,
        len(resolved.shots), resolved.size, workers, machine(),
    )  # fmt: skip


def film_board(minutes: float | None = None) -> Storyboard:
    """The shipped story planned offline; its scenes come again, under new ids, until the film lasts `minutes`."""
    story = (root("storyboards") / STORY).read_text(encoding="utf-8")
    board = plan(story, planner="offline")
    if minutes is None:
        return board
    scenes = list(board.scenes)
    while True:
        longer = board.but(scenes=tuple(scenes))
        film = resolve(longer)
        if seconds(film.frames, film.rate) >= 60 * minutes:
            return _cut(longer, 60 * minutes)
        again = len(scenes) // len(board.scenes) + 1
        scenes += [
            scene.but(
                id=f"{scene.id}-x{again}",
                shots=tuple(shot.but(id=f"{shot.id}-x{again}") for shot in scene.shots),
            )
            for scene in board.scenes
        ]


def _cut(board: Storyboard, length: float) -> Storyboard:
    """The board without the shots that begin after `length` seconds."""
    film = resolve(board)
    kept = {shot.id for shot in film.shots if seconds(shot.start, film.rate) < length}
    left = [(scene, tuple(shot for shot in scene.shots if shot.id in kept)) for scene in board.scenes]
    return board.but(scenes=tuple(scene.but(shots=shots) for scene, shots in left if shots))


def table(bench: FilmBench) -> Sequence[tuple[str, str]]:
    """The figures as rows for people."""
    stages = ("imports", "plan", "cast", "panels", "infill", "draw", "encode", "sound", "film", "render")
    rows = [(stage, f"{getattr(bench, stage):.2f} s") for stage in stages]
    rows += [
        ("first panel", f"{bench.first_panel:.2f} s"),
        ("film length", f"{bench.seconds:.2f} s ({bench.frames} frames of {bench.size[0]}x{bench.size[1]})"),
        ("render / film", f"{bench.ratio:.2f}"),
        ("peak memory", f"{bench.memory:.0f} MB"),
        ("machine", f"{bench.machine}, {bench.workers} workers"),
    ]
    return rows


def machine() -> str:
    """The processor's name and how many cores this process may use."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        name = models[0] if models else name
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{name}, {cores} cores"


def imports() -> float:
    """Loads what every render loads; the seconds it takes."""
    clock = perf_counter()
    for name in HEAVY:
        import_module(name)
    return perf_counter() - clock
