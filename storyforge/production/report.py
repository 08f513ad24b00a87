"""The report: what a project's journal knows of its film: what made each shot and when, what it cost, what failed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import accumulate

from storyforge.cas import Attempt, Result
from storyforge.memory import sheets_of
from storyforge.production.status import ShotStatus, State, status
from storyforge.production.survey import Survey
from storyforge.storyboard import ResolvedShot

STAGES = ("cast", "panels", "level", "draw", "sound", "film")


@dataclass(frozen=True)
class Failure:
    """One attempt that failed: when it began, its kind of task, the seconds that it took, and why."""

    when: float
    kind: str
    seconds: float
    why: str


@dataclass(frozen=True)
class Spent:
    """Seconds that a shot took over all attempts: its panel, its share of sampling, drawing, encoding.

    failed: how many of them went into attempts that failed.
    """

    panel: float = 0.0
    sampling: float = 0.0
    drawing: float = 0.0
    encoding: float = 0.0
    failed: float = 0.0

    @property
    def total(self) -> float:
        """All of it."""
        return self.panel + self.sampling + self.drawing + self.encoding

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))


@dataclass(frozen=True)
class ShotReport:
    """One shot: what it is and why (as `status` says), what made its take (the newest, where the film shows none).

    made: when, in seconds since 1970, None if never; attempts: how many tasks were run for it; memory: the most bytes
    that a process held meanwhile; sheets: the cast sheets that it reads; note: the storyboard's.
    """

    id: str
    state: State
    why: tuple[str, ...]
    take: int | None
    takes: int
    made: float | None
    made_by: str
    frames: int
    spent: Spent = Spent()
    attempts: int = 0
    failures: tuple[Failure, ...] = ()
    memory: int = 0
    sheets: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True)
class StageReport:
    """One kind of task: what it made (sheets, panels, rows, frames), in how many seconds, and what failed."""

    kind: str
    units: int
    seconds: float
    failures: int
    failed_seconds: float


@dataclass(frozen=True)
class SheetReport:
    """One cast sheet: what made it and when (None if nothing did yet), and the shots that read it."""

    key: str
    made: float | None
    made_by: str
    shots: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """A film's report; what was reused counts once, when it was made. length: the film's seconds."""

    title: str
    length: float
    shots: tuple[ShotReport, ...]
    stages: tuple[StageReport, ...]
    cast: tuple[SheetReport, ...]

    @property
    def seconds(self) -> float:
        """All that was spent, on what failed too."""
        return sum(stage.seconds + stage.failed_seconds for stage in self.stages)

    @property
    def failed_seconds(self) -> float:
        """What was spent on attempts that failed."""
        return sum(stage.failed_seconds for stage in self.stages)


@dataclass
class _Account:
    """What is known of one shot's attempts."""

    spent: Spent = Spent()
    attempts: int = 0
    failures: list[Failure] = field(default_factory=list)
    memory: int = 0

    def add(self, attempt: Attempt, share: float) -> None:
        """Counts an attempt, of whose seconds a share is this shot's."""
        seconds, encoding = share * attempt.seconds, share * attempt.encode
        kinds = {"panels": "panel", "level": "sampling", "draw": "drawing"}
        self.spent += Spent(**{kinds[attempt.kind]: seconds - encoding}, encoding=encoding)
        self.attempts += 1
        self.memory = max(self.memory, attempt.memory)
        if attempt.outcome == "failed":
            self.spent += Spent(failed=seconds)
            self.failures.append(Failure(attempt.started, attempt.kind, seconds, attempt.error))


def report(survey: Survey) -> Report:
    """What is known of a film; loads no model and writes nothing."""
    attempts = survey.journal.attempts() if survey.journal else []
    film, accounts = survey.resolved, _accounts(survey.resolved.shots, attempts)
    states = {shot.id: shot for shot in status(survey).shots}
    shots = tuple(_shot(survey, shot, states[shot.id], accounts[shot.id]) for shot in film.shots)
    stages = tuple(_stage(kind, attempts) for kind in STAGES if any(one.kind == kind for one in attempts))
    return Report(film.board.title or "", float(film.frames / film.rate), shots, stages, tuple(_cast(survey, shots)))


def _accounts(shots: Sequence[ResolvedShot], attempts: Iterable[Attempt]) -> Mapping[str, _Account]:
    """What each shot's attempts were; those of shots that the storyboard no longer has count in the stages alone."""
    out = {shot.id: _Account() for shot in shots}
    places = {shot.id: number for number, shot in enumerate(shots)}
    ends = [0, *accumulate(shot.frames for shot in shots)]
    for attempt in attempts:
        if attempt.kind not in ("panels", "level", "draw"):
            continue
        first, _, last = attempt.name.partition("/")[0].partition(
            ".."
        )  # one shot, or a span from the first to the last
        if first in places and (last or first) in places:
            start, stop = places[first], places[last or first] + 1
            for shot in shots[start:stop]:
                out[shot.id].add(attempt, shot.frames / (ends[stop] - ends[start]))
    return out


def _shot(survey: Survey, shot: ResolvedShot, state: ShotStatus, account: _Account) -> ShotReport:
    made = survey.takes.of("draw", shot.id)
    number = state.take or len(made)
    take: Result | None = made[number - 1] if made else None
    return ShotReport(
        shot.id, state.state, state.why, number or None, len(made), take.made if take else None,
        take.made_by if take else "", shot.frames, account.spent, account.attempts, tuple(account.failures),
        account.memory, () if shot.shown is not None else sheets_of((shot,), survey.resolved), shot.shot.note,
    )  # fmt: skip


def _stage(kind: str, attempts: Iterable[Attempt]) -> StageReport:
    mine = [one for one in attempts if one.kind == kind]
    done, failed = ([one for one in mine if one.outcome == how] for how in ("done", "failed"))
    return StageReport(
        kind, sum(one.units for one in done), sum(one.seconds for one in done), len(failed),
        sum(one.seconds for one in failed),
    )  # fmt: skip


def _cast(survey: Survey, shots: Sequence[ShotReport]) -> Iterator[SheetReport]:
    """Every sheet that a shot of the film reads, by the version of it that the film shows."""
    cast = survey.cast
    for key in cast.castings:
        readers = tuple(shot.id for shot in shots if key in shot.sheets)
        if readers:
            shown = {cast.shown(name, key) for name in survey.names}
            found = (one for one in survey.takes.of("cast", key) if (one.wish, one.take) in shown)
            made = max(found, key=lambda one: one.made, default=None)
            yield SheetReport(key, made.made if made else None, made.made_by if made else "", readers)
