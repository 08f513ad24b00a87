"""Renders a film: cast, panels, levels, shots, film; only what is missing in the store is made (DESIGN 7)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Literal

from storyforge.backends import PANELS
from storyforge.cas import Blob, Journal, Key, Store
from storyforge.errors import InputError, OutOfTime, RenderError
from storyforge.film import video_clip
from storyforge.production.acting import Actors
from storyforge.production.assembly import Captions, FilmJob, assemble, contact_sheet
from storyforge.production.casting import Sheets, cast
from storyforge.production.events import Tell, Warning, ignore  # noqa: A004
from storyforge.production.executors import Executor, Inline, Workers
from storyforge.production.footage import Footage, footage_of, make_stills
from storyforge.production.levels import BATCH, LevelsJob, batches, make_levels
from storyforge.production.panels import PanelsJob, make_panels
from storyforge.production.record import Record
from storyforge.production.renderers import Renderer, Renderers
from storyforge.production.shots import Shots
from storyforge.production.sound import SoundJob, check_recordings, make_sound, noises_of
from storyforge.production.spans import Span, renderers_of, spans
from storyforge.production.takes import ALL, Choice, Takes, choose, maker_of
from storyforge.production.wishes import Wishes, footage_maker, footage_wish
from storyforge.storyboard import Resolved

if TYPE_CHECKING:
    from moviepy import VideoClip

    from storyforge.film.sound import Voice

Until = Literal["cast", "panels"]


@dataclass(frozen=True)
class Order:
    """What to render and how.

    only: ids of shots, all when empty; captions: burn, soft or off; workers: processes that draw, 1 draws in this one;
    batch: spans sampled in one call; silent: the film gets no sound; upgrade: ids of shots that today's renderer makes
    anew if another one made them, "*" for all and the cast; retakes: which further try of a shot is wanted;
    max_seconds: after which it stops (OutOfTime), with all finished work kept.
    """

    until: Until | None = None
    only: Collection[str] = ()
    captions: Captions = "burn"
    workers: int = 2
    batch: int = BATCH
    silent: bool = False
    upgrade: Collection[str] = ()
    retakes: Mapping[str, int] = field(default_factory=dict)
    max_seconds: float | None = None


@dataclass(frozen=True)
class Seconds:
    """Wall seconds of each stage; draw and encode are summed over the processes that did them."""

    cast: float = 0.0
    panels: float = 0.0
    infill: float = 0.0
    draw: float = 0.0
    encode: float = 0.0
    sound: float = 0.0
    film: float = 0.0
    total: float = 0.0


@dataclass(frozen=True)
class Film:
    """What came out: paths of what was made (None when it was not asked for), and the shots that failed with why."""

    folder: Path
    film: Path | None
    board: Path | None
    frames: int
    failed: Mapping[str, str]
    seconds: Seconds

    def to_moviepy(self) -> "VideoClip":
        """The film as a moviepy clip, with its sound; to be closed after use. Raises InputError when there is none."""
        if self.film is None:
            raise InputError(f"{self.folder} has no film yet; render it without until and only")
        return video_clip(self.film)


@dataclass
class Production:
    """One render of one film."""

    resolved: Resolved
    folder: Path  # of the project
    home: Path  # of the storyboard: pictures are found from here
    order: Order = field(default_factory=Order)
    tell: Tell = ignore
    renderers: Renderers = field(default_factory=Renderers)
    storyboard: str = ""  # digest of its text, for the film's provenance
    document: str = ""  # the storyboard as JSON, for what `status` says has changed since
    voice: "Voice | None" = None  # what speaks; the best one here without it

    def render(self) -> Film:
        """Makes what is missing; what a failing shot would show is marked, and the film is finished without it."""
        check_ids(self.resolved, [*self.order.only, *self.order.retakes, *(set(self.order.upgrade) - {ALL})])
        if self._heard:
            check_recordings(self.resolved, self.home)
        work = self.folder / ".storyforge"
        store = Store(work / "store")
        store.clean()
        journal = Journal(work / "journal.sqlite")
        executor = self._executor(work)
        try:
            document = journal.keep_document(self.document) if self.document else ""
            return self._render(Record(store, journal, self.tell, document), executor)
        finally:
            executor.close()
            journal.close()
            store.clean()  # after what the workers had in hand

    def _executor(self, work: Path) -> Executor:
        light = all(self.renderers[name].capabilities.light for name in self._names)
        if self.order.until or self.order.workers < 2 or not light:
            return Inline()
        return Workers(self.order.workers, work / "workers.log")

    @property
    def _names(self) -> tuple[str, ...]:
        return renderers_of(self.resolved)

    @property
    def _heard(self) -> bool:
        """Whether a soundtrack is wanted."""
        return not (self.order.silent or self.order.until or self.order.only)

    def _render(self, record: Record, executor: Executor) -> Film:
        clock = Clock(self.order.max_seconds)
        actors = Actors(self.resolved, self.voice or self._voice(record))
        wishes = Wishes(self.resolved, self.home, self.renderers, actors)
        takes = Takes(record.store, record.journal, self.order.upgrade, verify=True)
        capabilities = {name: self.renderers[name].capabilities for name in self._names}
        chosen = choose(spans(self.resolved, capabilities), wishes, takes, self.renderers, self.order.retakes)
        shown = footage_of(self.resolved, self.home)
        self._check_takes(takes, chosen, shown)
        laid_out = chosen.spans
        strides = {name: able.strides for name, able in capabilities.items()}
        record.meter.total = estimate(record, self.resolved, chosen, self.order, strides)
        sheets = {name: self._cast(record, self.renderers[name], laid_out, takes, wishes) for name in self._names}
        clock.lap("cast")
        if self.order.until == "cast":
            return self._film(clock, None, None, {})
        panels: dict[str, tuple[Key, Key]] = {}
        for name in self._names:
            panels |= self._panels(record, self.renderers[name], chosen, sheets[name], takes, wishes)
        stills, unread = make_stills(record, shown, self.folder)
        board = contact_sheet(record, self.resolved, self.folder, unread, stills) if panels or shown else None
        clock.lap("panels")
        if self.order.until == "panels":
            return self._film(clock, None, board, unread)
        shots = Shots(record, executor, self.resolved, self.folder, actors, tuple(self.order.only) or None)
        self._footage(shots, shown, takes, stills, unread)
        for name in self._names:
            job = LevelsJob(self.renderers[name], sheets[name], panels, self.resolved.size, chosen.pins)
            mine = [span for span in laid_out if span.renderer == name and self._wanted(span)]
            self._levels(record, job, self._keep(mine, chosen, shots), chosen, shots, clock)
        shots.hear(wait=True, each=clock.check)
        clock.spent(draw=shots.draw, encode=shots.encode)
        if shots.failed and len(shots.failed) == len(shots.wanted or self.resolved.shots):
            raise RenderError(f"no shot could be rendered: {next(iter(shots.failed.values()))}")
        clock.start()
        if self.order.only:
            return self._film(clock, None, board, shots.failed)
        executor.close()  # its processes need not wait, with their memory, while the film is put together
        sound = self._sound(record, shots) if self._heard else None
        clock.lap("sound")
        film, board = assemble(record, self._film_job(shots, sound))
        clock.lap("film")
        return self._film(clock, film, board, shots.failed)

    def _footage(
        self, shots: Shots, shown: Sequence[Footage], takes: Takes, stills: Mapping[str, Key],
        unread: Mapping[str, str],
    ) -> None:  # fmt: skip
        """The shots that show a source, or the take of it that they are held to."""
        for one in shown:
            wish = footage_wish(one)
            kept = takes.pinned(one.shot, wish) or takes.find("draw", one.shot.id, wish, footage_maker())
            if kept and (shots.wanted is None or one.shot.id in shots.wanted):
                shots.keep(one.shot, kept)
            elif one.shot.id in stills:
                shots.show(one, stills[one.shot.id])
            else:
                shots.miss(one.shot, unread[one.shot.id])

    def _check_takes(self, takes: Takes, chosen: Choice, shown: Sequence[Footage]) -> None:
        """Raises InputError for a pick or a lock that the film cannot show, before anything is made for it."""
        held = dict(chosen.held)
        for one in shown:
            if pinned := takes.pinned(one.shot, footage_wish(one)):
                held[one.shot.id] = pinned
        for shot in self.resolved.shots:
            said = takes.trouble(shot)
            if not said and shot.id in held:
                said = takes.misfit(shot, held[shot.id], self.resolved.size)
            if said and self._asked(shot.id):
                raise InputError(said)

    def _keep(self, mine: Sequence[Span], chosen: Choice, shots: Shots) -> list[Span]:
        """Shows what is finished; the spans of which something is missing."""
        for span in mine:
            for shot in span.shots:
                if shot.id in chosen.kept and (shots.wanted is None or shot.id in shots.wanted):
                    shots.keep(shot, chosen.kept[shot.id])
        return [span for span in mine if any(self._asked(name) for name in chosen.missing(span))]

    def _asked(self, name: str) -> bool:
        """Whether a shot is to be rendered if it is missing."""
        return not self.order.only or name in self.order.only

    def _voice(self, record: Record) -> "Voice":
        from storyforge.film.sound import speech_program, voice_for

        if self._heard and speech_program() is None and any(shot.narration for shot in self.resolved.shots):
            record.tell(Warning(SILENT))
        return voice_for(lambda sentence: record.tell(Warning(sentence)))

    def _sound(self, record: Record, shots: Shots) -> Blob | None:
        """The soundtrack; None where a recording turns out to be damaged further on than its beginning."""
        try:
            return make_sound(record, self._sound_job(record, shots))
        except InputError as error:  # the pictures are made by now: a film without sound is better than none
            record.tell(Warning(f"{error}; the film is made without sound: replace that file and render again"))
            return None

    def _sound_job(self, record: Record, shots: Shots) -> SoundJob:
        drawn = {name: key for name, key in shots.keys.items() if name not in shots.failed}
        return SoundJob(self.resolved, self.home, shots.actors.voice, noises_of(record.store, drawn))

    def _film_job(self, shots: Shots, sound: Blob | None) -> FilmJob:
        made = {name: result for name, result in shots.results.items() if name not in shots.failed}
        makers = {result.maker for result in made.values()}
        return FilmJob(
            self.resolved,
            self.folder,
            self.order.captions,
            shots.keys,
            shots.stills,
            shots.failed,
            {name: one.fingerprint for name in self._names if maker_of(one := self.renderers[name]) in makers},
            self.storyboard,
            max(2, self.order.workers),
            sound,
            {name: result.made_by for name, result in made.items()},
        )

    def _cast(
        self, record: Record, renderer: Renderer, laid_out: Sequence[Span], takes: Takes, wishes: Wishes
    ) -> Sheets:
        read = {key for span in laid_out if span.renderer == renderer.name for key in span.sheets}
        wanted = [casting for casting in wishes.castings.values() if casting.key in read]
        return cast(record, renderer, wanted, self.folder, takes, wishes)

    def _panels(
        self, record: Record, renderer: Renderer, chosen: Choice, sheets: Sheets, takes: Takes, wishes: Wishes
    ) -> dict[str, tuple[Key, Key]]:
        """Digest and key of each panel, by shot id; none for a renderer without a level of panels."""
        if PANELS not in renderer.capabilities.strides:
            return {}
        panels = [panel for span in chosen.spans if span.renderer == renderer.name for panel in chosen.panels(span)]
        if not panels:
            return {}
        job = PanelsJob.of(renderer, panels, sheets, self.resolved.size, self.folder, takes, wishes)
        return make_panels(record, job)

    def _wanted(self, span: Span) -> bool:
        return not self.order.only or any(shot.id in self.order.only for shot in span.shots)

    def _levels(
        self, record: Record, job: LevelsJob, laid_out: Sequence[Span], chosen: Choice, shots: Shots, clock: "Clock"
    ) -> None:
        """Samples the spans group by group while shots of earlier groups are drawn."""
        batch = self.order.batch if job.renderer.capabilities.light else 1
        for group in batches(laid_out, batch):
            clock.check()
            clock.start()
            made = make_levels(record, job, group)
            clock.lap("infill")
            for span in group:
                result = made[span.name]
                if isinstance(result, Exception):
                    shots.fail(span, str(result) or type(result).__name__, chosen.kept)
                else:
                    missing = {name: chosen.wishes[name] for name in chosen.missing(span)}
                    shots.add(job.renderer, span, result, missing, bool(chosen.pins(span)))
            shots.hear(wait=False)

    def _film(self, clock: "Clock", film: Path | None, board: Path | None, failed: Mapping[str, str]) -> Film:
        return Film(self.folder, film, board, self.resolved.frames, dict(failed), clock.seconds())


SILENT = (
    "No espeak-ng is installed, so the narrator is silent and captions tell the story; `storyforge doctor` says how to "
    "install it."
)


class Clock:
    """Wall seconds by stage."""

    def __init__(self, most: float | None = None) -> None:
        self._begun = self._lap = perf_counter()
        self._most = most
        self._spent: dict[str, float] = {}

    def check(self) -> None:
        """Raises OutOfTime when the render has had its time."""
        if self._most is not None and perf_counter() - self._begun > self._most:
            raise OutOfTime("the time this render was given is over; the same command goes on from here")

    def start(self) -> None:
        """The next lap begins now."""
        self._lap = perf_counter()

    def lap(self, stage: str) -> None:
        """Adds the time since the last lap to a stage."""
        now = perf_counter()
        self._spent[stage] = self._spent.get(stage, 0.0) + now - self._lap
        self._lap = now

    def spent(self, **seconds: float) -> None:
        """Adds time that others measured."""
        self._spent |= seconds

    def seconds(self) -> Seconds:
        return Seconds(**self._spent, total=perf_counter() - self._begun)


def check_ids(resolved: Resolved, only: Collection[str]) -> None:
    """Refuses ids of shots that the storyboard does not have."""
    from difflib import get_close_matches

    known = [shot.id for shot in resolved.shots]
    for name in only:
        if name not in known:
            near = get_close_matches(name, known, 1)
            some = ", ".join(known[:8]) + (" ..." if len(known) > 8 else "")
            hint = f"did you mean {near[0]}?" if near else f"it has {some}"
            raise InputError(f"the storyboard has no shot {name!r}; {hint}")


def estimate(
    record: Record, resolved: Resolved, chosen: Choice, order: Order, strides: Mapping[str, Sequence[int]]
) -> float:
    """Seconds of a render with nothing in the store but the chosen takes; what else is there is counted out later."""
    laid_out = chosen.spans
    sheets = {key for span in laid_out for key in span.sheets}
    total = len(sheets) * record.weight("cast")
    if order.until == "cast":
        return total
    shown = [shot for shot in resolved.shots if shot.shot.source is not None]
    panels = sum(len(span.shots) for span in laid_out if PANELS in strides[span.renderer])
    total += (panels + len(shown)) * record.weight("panels")
    if order.until == "panels":
        return total
    wanted = [shot for shot in resolved.shots if not order.only or shot.id in order.only]
    for span in laid_out:
        if any(shot in wanted and shot.id not in chosen.kept for shot in span.shots):
            rows = sum(len(range(0, span.covered, stride)) for stride in strides[span.renderer] if stride != PANELS)
            total += rows * record.weight("level")
    total += sum(shot.frames for shot in wanted) * record.weight("draw")
    if order.only:
        return total
    return total + resolved.frames * (record.weight("film") + (0.0 if order.silent else record.weight("sound")))
