"""`bench edits`: what each kind of edit makes a render do, against what it had to by rules written down here.

The rules know nothing of keys, journals or surveys: they follow from how films are joined and spans laid out. Two other
ways of working are priced beside it: rendering all of it again, and skipping whatever file is there.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from storyforge.bench.film import machine
from storyforge.production import Order, Project, events
from storyforge.storyboard import Camera, Entity, Join, Member, Scene, Shot, Storyboard

SHOTS, SCENES = 60, 6
SIZE, SECONDS = "320x180", 1.0
CARD = "card.png"
COLOURS = ("#204060", "#602040")  # of the picture before and after it is replaced
COARSE = 16  # stride of toon's coarse level; the fine one has every frame
CAST = {"ember": "a small orange fox", "moss": "a green frog", "juniper": "a girl with brown hair"}
DOES = ("walks", "waves", "sits", "looks around", "runs", "dances", "talks")

Tasks = Counter[str]  # units by kind: sheets, panels, rows, shots, soundtracks, films


@dataclass(frozen=True)
class Edit:
    """One kind of edit: what it does to the board (or the picture), and the tasks that it has to cost."""

    name: str
    change: Callable[[Storyboard], Storyboard]
    needs: Tasks
    swaps: bool = False


@dataclass(frozen=True)
class EditRow:
    """ran, needed: units of work; seconds: of the render after the edit; again: of a whole render; stale: shots that
    skipping every file that is there would show as they were before the edit."""

    name: str
    ran: Mapping[str, int]
    needed: Mapping[str, int]
    seconds: float
    again: float
    stale: int

    @property
    def ratio(self) -> float:
        """Units that ran over units that had to."""
        return sum(self.ran.values()) / sum(self.needed.values())

    @property
    def passed(self) -> bool:
        """Whether exactly what had to run did."""
        return dict(self.ran) == dict(self.needed)


@dataclass(frozen=True)
class EditsBench:
    """The table, and the machine it was measured on."""

    rows: tuple[EditRow, ...]
    whole: float
    machine: str

    @property
    def passed(self) -> bool:
        """Whether every edit cost what it had to and no more."""
        return all(row.passed for row in self.rows)

    @property
    def values(self) -> dict[str, object]:
        """The figures as JSON can carry them."""
        rows = [{**asdict(row), "ratio": row.ratio, "passed": row.passed} for row in self.rows]
        return {"rows": rows, "whole": self.whole, "machine": self.machine}


def bench_edits(workers: int = 2, tell: events.Tell = events.ignore, shots: int = SHOTS) -> EditsBench:
    """Renders a board once, then each edit of it into a copy of that project."""
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary) / "base"
        board = board_of(shots)
        picture(base / CARD, COLOURS[0])
        project = Project(base)
        project.keep(board)
        clock = perf_counter()
        project.produce(Order(workers=workers), tell)
        whole = perf_counter() - clock
        for number, edit in enumerate(edits(board)):
            copy = Path(temporary) / f"edit-{number}"
            shutil.copytree(base, copy)
            rows.append(_row(edit, board, copy, workers, whole, tell))
            shutil.rmtree(copy)
    return EditsBench(tuple(rows), whole, machine())


def _row(edit: Edit, board: Storyboard, folder: Path, workers: int, whole: float, tell: events.Tell) -> EditRow:
    ran: Tasks = Counter()

    def hear(event: events.Event) -> None:
        if isinstance(event, events.TaskDone) and not event.reused:
            ran[event.kind] += 1 if event.kind in ("draw", "sound", "film") else event.units
        tell(event)

    project = Project(folder)
    project.keep(edit.change(board))
    if edit.swaps:
        picture(folder / CARD, COLOURS[1])
    clock = perf_counter()
    project.produce(Order(workers=workers), hear)
    # a Counter is no mapping to `asdict`, which would count its pairs
    return EditRow(edit.name, dict(ran), dict(edit.needs), perf_counter() - clock, whole, edit.needs["draw"])


def board_of(shots: int, size: str = SIZE, seconds: float = SECONDS) -> Storyboard:
    """Scenes of equal length, each with a dissolve, a flow and cuts; the last shot of the film shows a picture."""
    each = shots // SCENES
    scenes = [
        Scene(
            id=f"s{number}",
            place="meadow" if number % 2 else "forest",
            shots=tuple(_shot(number, index, each) for index in range(each)),
        )
        for number in range(SCENES)
    ]
    scenes[-1] = scenes[-1].but(shots=(*scenes[-1].shots[:-1], Shot(id="card", source=CARD)))
    return Storyboard(
        title="Sixty Shots",
        size=size,
        seconds=seconds,
        seed=3,
        cast={name: Entity(description=said) for name, said in CAST.items()},
        places={"meadow": Entity(description="a green meadow"), "forest": Entity(description="a pine forest")},
        scenes=tuple(scenes),
    )


def _shot(scene: int, index: int, each: int) -> Shot:
    """Shot 2 comes by a dissolve, shot 4 flows from shot 3; juniper is in the last but one of each scene alone."""
    who = "juniper" if index == each - 2 else ("ember", "moss")[index // 2 % 2]
    shot = Shot(
        id=f"s{scene}-{index}",
        cast=(Member(who=who, does=DOES[(scene + index) % len(DOES)]),),
        camera=Camera(shot="full"),
        narration="So it went." if index == 0 else None,
    )
    kinds = {2: Join(kind="dissolve", seconds=0.25), 4: Join(kind="flow", seconds=0.5)}
    return shot.but(join=kinds[index]) if index in kinds else shot


def edits(board: Storyboard) -> list[Edit]:
    """Kinds of edits, each with what it has to cost."""
    each, frames = len(board.scenes[0].shots), round(24 * SECONDS)
    one = _drawn(1, [frames])
    pair = _drawn(1, [frames, frames])  # also where a flow begins: the first shot's keyframe stays where it was
    dressed = [_drawn(1, [frames]) for _ in range(SCENES)]  # juniper's shots: one a scene, all cut to
    joined: Tasks = Counter(film=1, sound=1)
    return [
        Edit("reword a narration", _with("s0-0", narration="So it went on."), joined),
        Edit("cut becomes a dissolve", _with("s1-1", join=Join(kind="dissolve", seconds=0.25)), joined),
        Edit("dissolve becomes a fade", _with("s1-2", join=Join(kind="fade", seconds=0.25)), joined),
        Edit("another title card", _with("s0-0", titles=[{"text": "One"}]), Counter(film=1)),
        Edit("another action", _with("s2-0", cast=(Member(who="ember", does="jumps"),)), one + joined),
        Edit("another action where it flows", _with("s2-4", cast=(Member(who="ember", does="jumps"),)), pair + joined),
        Edit("other clothes", _dressed, sum(dressed, Counter(cast=1)) + joined),
        Edit("insert a shot", _inserted, one + joined),
        Edit("move a shot", _moved, joined),
        Edit("delete a shot", _deleted, joined),
        Edit("retime a shot", _with("s3-0", seconds=2 * SECONDS), _drawn(1, [2 * frames]) + joined),
        Edit("cut becomes a flow", _with(f"s4-{each - 3}", join=Join(kind="flow")), pair + joined),
        Edit("swap a picture", lambda whole: whole, Counter(panels=1, draw=1, film=1), swaps=True),
    ]


def _drawn(panels: int, lengths: list[int]) -> Tasks:
    """A span of shots drawn anew, `panels` of them with another keyframe: its rows at both levels, and its shots.

    A span is rendered at the next length of 16 k + 1 frames; the coarse level has every sixteenth row of it.
    """
    intervals = -(-(sum(lengths) - 1) // COARSE)
    return Counter(panels=panels, level=COARSE * intervals + 1 + intervals + 1, draw=len(lengths))


def _with(name: str, **fields: object) -> Callable[[Storyboard], Storyboard]:
    """One shot's fields set."""

    def change(board: Storyboard) -> Storyboard:
        return _each(board, lambda shot: shot.but(**fields) if shot.id == name else shot)

    return change


def _each(board: Storyboard, change: Callable[[Shot], Shot]) -> Storyboard:
    scenes = [
        scene.but(shots=tuple(Shot.model_validate(change(shot)) for shot in scene.shots)) for scene in board.scenes
    ]
    return Storyboard.model_validate(board.but(scenes=tuple(scenes)))


def _dressed(board: Storyboard) -> Storyboard:
    """Juniper gets a red coat: her sheet, and every shot that reads it."""
    return board.but(cast=board.cast | {"juniper": board.cast["juniper"].but(wears="a red coat")})


def _scene(board: Storyboard, number: int, change: Callable[[tuple[Shot, ...]], tuple[Shot, ...]]) -> Storyboard:
    scenes = list(board.scenes)
    scenes[number] = scenes[number].but(shots=change(scenes[number].shots))
    return board.but(scenes=tuple(scenes))


def _inserted(board: Storyboard) -> Storyboard:
    new = Shot(id="new", cast=(Member(who="moss", does="jumps"),), camera=Camera(shot="full"))
    return _scene(board, 3, lambda shots: (*shots[:1], new, *shots[1:]))


def _moved(board: Storyboard) -> Storyboard:
    """Shots 0 and 1 of a scene change places."""
    return _scene(board, 5, lambda shots: (shots[1], shots[0], *shots[2:]))


def _deleted(board: Storyboard) -> Storyboard:
    return _scene(board, 5, lambda shots: shots[1:])


def picture(path: Path, colour: str) -> None:
    """Writes the picture that the last shot shows."""
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (320, 180), colour).save(path)


def edits_table(bench: EditsBench) -> list[str]:
    """The figures as lines for people."""
    heads = f"{'edit':<30} {'ran':>5} {'had to':>6} {'ratio':>6} {'seconds':>8} {'all again':>9}"
    out = [f"{heads}  if files that are there were skipped"]
    for row in bench.rows:
        ran, needed = sum(row.ran.values()), sum(row.needed.values())
        old = f"{row.stale} shot{'s' * (row.stale != 1)} as before the edit" if row.stale else "the same"
        mark = "" if row.passed else "  NOT AS IT HAD TO BE"
        out.append(
            f"{row.name:<30} {ran:>5} {needed:>6} {row.ratio:>6.2f} {row.seconds:>8.1f} {row.again:>9.1f}  {old}{mark}"
        )
    return [*out, f"machine: {bench.machine}"]
