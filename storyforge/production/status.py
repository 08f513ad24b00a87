"""Status: what each shot of a film is, why, and what a render would take; nothing is loaded and nothing is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pydantic import ValidationError

from storyforge.cas import Result
from storyforge.production.assembly import FILM
from storyforge.production.budget import price
from storyforge.production.cast import SECTIONS
from storyforge.production.casting import sheets_read
from storyforge.production.outputs import missing_in
from storyforge.production.spans import Span
from storyforge.production.survey import Step, Survey, total_seconds
from storyforge.production.takes import maker_of
from storyforge.production.wishes import footage_maker
from storyforge.storyboard import Change, ResolvedShot, Storyboard, changes, reaching

State = Literal["current", "stale", "missing", "failed", "placeholder", "locked", "picked"]
BYTES_A_FRAME = 12_000  # of a drawn shot, where the store has none yet


@dataclass(frozen=True)
class ShotStatus:
    """One shot: its state, why it is so, and which of its takes the film shows.

    current: shown as it is; made_by says by what where that is not what makes it today. stale: something that it
    shows was edited, `why` says what. missing: never made, or lost. failed: its last attempt failed, `why` says how;
    placeholder: that too, and the film that is there shows a placeholder for it.
    locked, picked: held to a take; `why` then says what was edited since without effect.
    """

    id: str
    state: State
    why: tuple[str, ...] = ()
    take: int | None = None
    takes: int = 0
    made_by: str = ""


@dataclass(frozen=True)
class SheetStatus:
    """A cast sheet that the film shows otherwise than it did: which take now, and the finished shots that read it.

    shots: ids of those that a render makes anew. made: whether the sheet itself is there already.
    """

    name: str
    take: int
    made: bool
    why: tuple[str, ...]
    shots: tuple[str, ...]


@dataclass(frozen=True)
class Status:
    """A film's state. rows: frames to sample over all levels; seconds: by this machine's journal where `measured`.

    cost: of those seconds, in the currency of the renderers' profiles. size: bytes that what is to be made will take.
    foretold: whether the seconds are known: what a GPU takes is, once it did such work here. Where they are not,
    seconds, and a cost that is not 0 whatever they are, are None; upgrade_seconds, too, by its own renderers.
    upgradable: ids of shots that another renderer or version made. sheets: those that changed. lacks: why renderers
    that something is to be made by are not ready here, with the next step.
    """

    shots: tuple[ShotStatus, ...]
    sheets: tuple[SheetStatus, ...]
    steps: tuple[Step, ...]
    seconds: float | None
    measured: bool
    cost: float | None
    size: int
    upgradable: tuple[str, ...]
    upgrade_seconds: float | None
    lacks: tuple[str, ...] = ()
    foretold: bool = True

    @property
    def rows(self) -> int:
        """Frames to sample, over all levels."""
        return sum(step.units for step in self.steps if step.kind == "level" and not step.done)


class Statement:
    """Puts a survey into words."""

    def __init__(self, survey: Survey) -> None:
        self.survey, self.board = survey, survey.resolved.board
        self._old: dict[str, Storyboard | None] = {}
        self._changes: dict[str, list[Change]] = {}

    def status(self) -> Status:
        """The state of every shot, and what is to be done."""
        shots = tuple(self._shot(shot) for shot in self.survey.resolved.shots)
        steps = tuple(self.survey.steps())
        frames = sum(step.units for step in steps if step.kind in ("draw", "film") and not step.done)
        old = tuple(shot.id for shot in shots if shot.made_by)
        seconds, per_hour = total_seconds(steps), self.survey.cost_per_hour
        cost = price(seconds, per_hour) if seconds is not None else None if per_hour else 0.0
        return Status(
            shots, tuple(self._sheets(shots)), steps, seconds, self.survey.measured, cost,
            frames * self._bytes_a_frame(), old, self._upgrade_seconds(old), self.survey.lacks, seconds is not None,
        )  # fmt: skip

    def _sheets(self, shots: Sequence[ShotStatus]) -> Iterator[SheetStatus]:
        """The sheets that changed since a render, with the finished shots that are stale by now and read them."""
        cast = self.survey.cast
        lost = {shot.id for shot in shots if shot.state == "stale"}
        for renderer, name in self._recast:
            readers = [
                shot.id
                for span in self.survey.chosen.spans
                if span.renderer == renderer and name in span.sheets
                for shot in span.shots
                if shot.id in lost
            ]
            take = cast.take(renderer, name)
            there = take in cast.tries(renderer, name)
            yield SheetStatus(name, take + 1, there, tuple(self._why_cast(renderer, name)), tuple(readers))

    @cached_property
    def _recast(self) -> Sequence[tuple[str, str]]:
        """Renderer and name of each sheet that is another one than the film showed last."""
        cast, known = self.survey.cast, self.survey.renderers
        return [
            (renderer, name)
            for renderer in self.survey.names
            for name in sheets_read(known[renderer], self.survey.chosen.spans, cast)
            if cast.changed(renderer, name)
        ]

    def _why_cast(self, renderer: str, name: str) -> Iterator[str]:
        """What was said of it before, or which take it was."""
        cast = self.survey.cast
        last = cast.last(renderer, name)
        if last is None:
            return
        if last.wish == cast.wish(renderer, name):
            yield f"take {last.take + 1} -> {cast.take(renderer, name) + 1}"
            return
        old, mine = self._storyboard(last.document), cast.castings[name]
        about = f"{SECTIONS[mine.kind].removesuffix('s')} {mine.entity}"
        found = [change for change in self._changed_since(last.document) if change.what == about] if old else []
        yield from [f"{change.field} {change.old} -> {change.new}" for change in found] or ["it was another one"]

    @cached_property
    def _spans(self) -> Mapping[str, Span]:
        return {shot.id: span for span in self.survey.chosen.spans for shot in span.shots}

    @cached_property
    def _failures(self) -> Sequence[tuple[str, float, str]]:
        """What failed last of each shot or span: its name, when, and why."""
        journal = self.survey.journal
        if journal is None:
            return ()
        found = {kind: journal.failures(kind) for kind in ("panels", "level", "draw")}
        # A panel that cannot be made costs the shots that it flows with, too.
        found["panels"] = {
            f"{self._spans[name].name}/panel of {name}" if name in self._spans else name: told
            for name, told in found["panels"].items()
        }
        return [(name, *told) for failures in found.values() for name, told in failures.items()]

    @cached_property
    def _placeholders(self) -> frozenset[str]:
        return missing_in(self.survey.folder / FILM)

    def _shot(self, shot: ResolvedShot) -> ShotStatus:
        takes, wish = self.survey.takes, self.survey.wish(shot)
        made = takes.of(takes.shots, shot.id)
        held, kept = takes.pinned(shot, wish), self.survey.shown(shot)
        trouble = takes.trouble(shot) or (takes.misfit(shot, held, self.survey.resolved.size) if held else "")
        if trouble:
            return ShotStatus(shot.id, "failed", (trouble,), None, len(made))
        if held:
            edits = () if held.wish == wish else self._reaching(held.document, shot.id)
            told = tuple(f"without effect: {_said(change)}" for change in edits)
            place = takes.of(held.kind, shot.id).index(held) + 1
            return ShotStatus(shot.id, "picked" if shot.shot.pick else "locked", told, place, len(made))
        if kept:
            number = made.index(kept) + 1 if kept in made else None
            return ShotStatus(shot.id, "current", (), number, len(made), self._other_maker(shot, kept))
        failure = self._failure(shot, made[-1].made if made else 0.0)
        if failure:
            state: State = "placeholder" if shot.id in self._placeholders else "failed"
            return ShotStatus(shot.id, state, (failure,), None, len(made))
        if not made:
            return ShotStatus(shot.id, "missing")
        if made[-1].wish == wish:
            return ShotStatus(shot.id, "missing", ("its file in the store is gone",), None, len(made))
        return ShotStatus(shot.id, "stale", tuple(self._why(shot, made[-1])), None, len(made))

    def _failure(self, shot: ResolvedShot, since: float) -> str:
        """Why its last attempt failed, to read, sample or draw it, if that was since its newest take."""
        span = self._spans.get(shot.id)
        level = f"{span.name}/" if span else "\0"
        found = [
            (when, why)
            for name, when, why in self._failures
            if when > since and (name == shot.id or name.startswith(level))
        ]
        return max(found)[1] if found else ""

    def _other_maker(self, shot: ResolvedShot, result: Result) -> str:
        span = self._spans.get(shot.id)
        renderer = self.survey.renderers[span.renderer] if span else None
        if renderer and renderer.lacks:  # what it would be made by today is not known
            return ""
        today = maker_of(renderer) if renderer else footage_maker()
        return "" if result.maker == today else result.made_by

    def _why(self, shot: ResolvedShot, last: Result) -> Iterator[str]:
        """What was changed since a take was made, old and new; of the shots that it flows with, too."""
        if self._storyboard(last.document) is None:
            yield "the storyboard it was made from is not known any more"
            return
        told = [_said(change) for change in self._reaching(last.document, shot.id)]
        span = self._spans.get(shot.id)
        for other in span.shots if span else ():
            if other.id != shot.id:
                found = self._reaching(last.document, other.id)
                flows = (change for change in found if change.what == f"shot {other.id}")
                told += [f"it flows with {other.id}, where {_said(change)}" for change in flows]
        recast = [name for renderer, name in self._recast if span and renderer == span.renderer and name in span.sheets]
        told += [f"{name} is cast anew" for name in recast if span and not self._reworded(span.renderer, name)]
        yield from told or self._unwritten(shot)

    def _reworded(self, renderer: str, name: str) -> bool:
        """Whether a sheet changed by what is said of it, which shots then tell themselves."""
        last = self.survey.cast.last(renderer, name)
        return last is not None and last.wish != self.survey.cast.wish(renderer, name)

    def _unwritten(self, shot: ResolvedShot) -> Iterator[str]:
        """What can change without an edit of what is said of a shot."""
        files = [path for member in shot.cast for path in member.references]
        span = self._spans.get(shot.id)
        films = [name for panel in span.panels for name in panel.reels.files] if span else [shot.shown]
        files += [name for name in films if name]
        could = [f"{' or '.join(dict.fromkeys(map(str, files)))} was replaced"] * bool(files)
        could += ["a shot that it flows with, or flowed with, came, went or moved"] * (span is not None)
        could += ["this machine has other voices"] * bool(shot.lines)
        yield "nothing that the storyboard says of it; " + ", or ".join(could)

    def _reaching(self, document: str, shot: str) -> list[Change]:
        """What reaches a shot of all that changed since a storyboard that was kept."""
        old = self._storyboard(document)
        return reaching(old, self.board, shot, self._changed_since(document)) if old else []

    def _changed_since(self, document: str) -> list[Change]:
        """What changed since a storyboard that was kept."""
        if document not in self._changes:
            old = self._storyboard(document)
            self._changes[document] = changes(old, self.board) if old else []
        return self._changes[document]

    def _storyboard(self, name: str) -> Storyboard | None:
        if name not in self._old:
            kept = self.survey.journal.document(name) if self.survey.journal else None
            try:
                self._old[name] = Storyboard.model_validate_json(kept) if kept else None
            except ValidationError:  # of a version that knew other fields
                self._old[name] = None
        return self._old[name]

    def _bytes_a_frame(self) -> int:
        """Of shots as they are stored, by those that are there."""
        blobs = [self.survey.store.look(result.key) for result in self.survey.chosen.kept.values()]
        frames = sum(int(blob.meta.get("frames", 0)) for blob in blobs if blob)
        return sum(blob.size for blob in blobs if blob) // frames if frames else BYTES_A_FRAME

    def _upgrade_seconds(self, names: Sequence[str]) -> float | None:
        """What `--upgrade` would take, by the frames of those shots."""
        survey, steps = self.survey, list[Step]()
        spans = {self._spans[name].name: self._spans[name] for name in names if name in self._spans}
        for span in spans.values():
            by = survey.renderers[span.renderer]
            rows = sum(len(range(0, span.covered, stride)) for stride in by.capabilities.strides if stride)
            steps.append(Step("level", span.name, rows, survey.seconds("level", rows, by), False))
        for shot in survey.resolved.shots:
            if shot.id in names:
                maker = survey.renderers[self._spans[shot.id].renderer] if shot.id in self._spans else None
                steps.append(Step("draw", shot.id, shot.frames, survey.seconds("draw", shot.frames, maker), False))
                steps.append(Step("panels", shot.id, 1, survey.seconds("panels", 1, maker), False))
        return total_seconds(steps)


def _said(change: Change) -> str:
    """A change in a few words: "action "Ember walks" -> "Ember runs"", with the thing it is about if not the shot."""
    whose = "" if change.what.startswith("shot ") else f"{change.what}: "
    return f"{whose}{change.field} {change.old} -> {change.new}"


def status(survey: Survey) -> Status:
    """The state of a film."""
    return Statement(survey).status()
