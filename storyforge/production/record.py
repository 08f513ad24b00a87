"""The record of a render: its store, its journal, and the events that tell of each task."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from storyforge.cas import Attempt, Journal, Key, Result, Store, out_of_space
from storyforge.production.events import Progress, TaskDone, TaskFailed, TaskKind, TaskStarted, Tell
from storyforge.production.gauge import resident

SECONDS_PER_UNIT = {"cast": 0.05, "panels": 0.1, "level": 0.01, "draw": 0.03, "sound": 0.002, "film": 0.012}
"""What a unit (a sheet, a panel, a frame) takes where the journal knows nothing; toon's on two cores."""


DRAFTED = ("level", "draw", "film")  # what a draft makes otherwise
DRAFT = 0.3  # of the seconds, where nothing is known


def named(kind: str, draft: bool) -> str:
    """How the journal calls a kind of work."""
    return f"draft {kind}" if draft and kind in DRAFTED else kind


def seconds_per_unit(journal: Journal | None, kind: str, draft: bool = False) -> float:
    """By the project's journal, else by a common laptop's."""
    known = journal.seconds_per_unit(named(kind, draft)) if journal else None
    return known or SECONDS_PER_UNIT.get(kind, 0.0) * (DRAFT if draft and kind in DRAFTED else 1.0)


ESTIMATE = 0.15  # the share of the work after which the pace so far counts as much as the estimate


@dataclass
class Meter:
    """Work in estimated seconds: how much there is, how much is done, and the clock."""

    total: float = 0.0
    done: float = 0.0
    started: float = field(default_factory=time.monotonic)

    def seconds_left(self) -> float | None:
        """By the estimate at first, by the pace so far the more of it there is; None when nothing is to be done."""
        if not self.total:
            return None
        elapsed, trust = time.monotonic() - self.started, ESTIMATE * self.total
        return max(0.0, (self.total - self.done) * (elapsed + trust) / (self.done + trust))


@dataclass(frozen=True)
class Part:
    """One result of a task that makes several in one call."""

    key: Key
    name: str
    units: int
    uses: tuple[Key, ...] = ()


class Record:
    """Where a render keeps what it made and whom it tells; document: digest of the storyboard it is made from.

    draft: what is made is a draft, which is journalled apart: it takes other times, and is no take of the film.
    """

    def __init__(self, store: Store, journal: Journal, tell: Tell, document: str = "", draft: bool = False) -> None:
        self.store = store
        self.journal = journal
        self.tell = tell
        self.document = document
        self.draft = draft
        self.meter = Meter()
        self._weights: dict[str, float] = {}
        self._ahead: dict[str, float] = {}  # work of a running task that was counted already

    def weight(self, kind: str) -> float:
        """Estimated seconds of one unit of such work; does not change while this record is open."""
        if kind not in self._weights:
            self._weights[kind] = seconds_per_unit(self.journal, kind, self.draft)
        return self._weights[kind]

    def advance(self, seconds: float) -> None:
        """Counts work (in estimated seconds) as done."""
        self.meter.done = min(self.meter.done + seconds, self.meter.total)
        self.tell(Progress(self.meter.done, self.meter.total, self.meter.seconds_left()))

    def spared(self, kind: TaskKind, units: int) -> None:
        """Counts units that need not be made out of the work."""
        self.meter.total = max(self.meter.done, self.meter.total - units * self.weight(kind))

    def reused(self, kind: TaskKind, name: str, units: int) -> None:
        """Tells of a task whose result is in the store, and counts it out of the work."""
        self.spared(kind, units)
        self.tell(TaskDone(kind, name, units, 0.0, reused=True))

    @contextmanager
    def task(
        self, kind: TaskKind, name: str, units: int, key: Key, uses: Sequence[Key] = (), quiet: bool = False,
        parts: Sequence[Part] = (),
    ) -> Iterator[None]:  # fmt: skip
        """Tells of a task and journals how it went; `quiet` does not tell of a failure that will be tried again.

        parts: what it makes where that is several things: each is journalled with its share of the seconds.
        """
        self.tell(TaskStarted(kind, name, units))
        started, clock = time.time(), time.perf_counter()
        try:
            yield
        except BaseException as error:
            # What the user or a full disk stopped is no fault of the task.
            if isinstance(error, Exception) and not out_of_space(error):
                self.failed(kind, name, units, key, started, str(error) or type(error).__name__, quiet)
            raise
        seconds = time.perf_counter() - clock
        made = parts or [Part(key, name, units, tuple(uses))]

        def share(part: Part) -> float:
            return part.units / units if len(made) > 1 else 1.0

        done = [
            Attempt(part.key, kind, part.name, part.units, started, seconds * share(part), resident(), "done")
            for part in made
        ]
        self.journalled(done, [(part.key, used) for part in made for used in part.uses])
        self.tell(TaskDone(kind, name, units, seconds))
        self.advance(units * self.weight(kind) - self._ahead.pop(kind, 0.0))

    def journalled(self, attempts: Sequence[Attempt], uses: Sequence[tuple[Key, Key]] = ()) -> None:
        """Adds runs of tasks, and the keys of what each result used."""
        self.journal.record([replace(one, kind=named(one.kind, self.draft)) for one in attempts], uses)

    def finished(self, result: Result, shown: bool = True) -> None:
        """Adds a finished version of a sheet, a panel or a shot to those that are known; shown: the film shows it."""
        now, kind = time.time(), named(result.kind, self.draft)
        self.journal.finish(replace(result, kind=kind, document=self.document, made=now, shown=now if shown else 0.0))

    def shown(self, kind: str, name: str, key: Key) -> None:
        """Notes that a version is the one that the film shows."""
        self.journal.show(named(kind, self.draft), name, key, time.time())

    def gradually(self, kind: str) -> Callable[[int, int], None]:
        """A callback (units done, units in all) by which a long task tells how far it is."""

        def progress(done: int, total: int) -> None:
            step = done * self.weight(kind) - self._ahead.get(kind, 0.0)
            if step > 0.2 or done == total:  # five words a second are enough
                self._ahead[kind] = self._ahead.get(kind, 0.0) + step
                self.advance(step)

        return progress

    def failed(
        self, kind: TaskKind, name: str, units: int, key: Key, started: float, error: str, quiet: bool = False
    ) -> None:
        """Journals a task that ended badly, and tells of it unless it will be tried again."""
        seconds = time.time() - started
        self.journalled([Attempt(key, kind, name, units, started, seconds, resident(), "failed", error)])
        if not quiet:
            self.tell(TaskFailed(kind, name, error))
