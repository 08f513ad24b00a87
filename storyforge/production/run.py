"""Renders a film: cast, panels, levels, shots, film; only what is missing in the store is made (DESIGN 7)."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from storyforge.cas import Blob, Journal, Key, Result, Store
from storyforge.errors import InputError, RenderError
from storyforge.film import video_clip
from storyforge.production.acting import Actors
from storyforge.production.asked import asked
from storyforge.production.assembly import FilmJob, assemble, contact_sheet
from storyforge.production.budget import Clock, Seconds
from storyforge.production.casting import Sheets, make_cast, show_cast
from storyforge.production.choice import Choice, Needs, choose
from storyforge.production.estimates import estimate
from storyforge.production.events import Tell, Warning, ignore  # noqa: A004
from storyforge.production.executors import Executor, Inline, Workers
from storyforge.production.footage import Footage, footage_of, make_stills, take_shown
from storyforge.production.levels import LevelsJob, batches, make_levels
from storyforge.production.order import Order
from storyforge.production.panels import Panels, PanelsJob, find_panel, make_panels
from storyforge.production.record import Record
from storyforge.production.renderers import Renderer, Renderers, cost_per_hour
from storyforge.production.shots import Shots
from storyforge.production.sizes import sized
from storyforge.production.sound import SoundJob, check_recordings, make_sound, noises_of, own_sounds
from storyforge.production.spans import Span, renderers_of, spans
from storyforge.production.survey import Survey
from storyforge.production.takes import Takes, maker_of, still_of
from storyforge.production.wishes import Wishes, footage_maker, footage_wish
from storyforge.storyboard import Resolved, ResolvedShot

if TYPE_CHECKING:
    from moviepy import VideoClip

    from storyforge.film.sound import Voice


@dataclass(frozen=True)
class Film:
    """What came out: paths of what was made (None when it was not asked for), and the shots that failed with why.

    cost: of the seconds it took, in the currency of the renderers' profiles.
    """

    folder: Path
    film: Path | None
    board: Path | None
    frames: int
    failed: Mapping[str, str]
    seconds: Seconds
    cost: float = 0.0

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

    def __post_init__(self) -> None:
        self.full, self.panel_size, self.out = self.resolved, self.resolved.size, self.order.out(self.folder)
        self.renderers = self.renderers.surveyed()
        self.resolved = sized(self.resolved, self.renderers, self.order.draft)

    def render(self) -> Film:
        """Makes what is missing; what a failing shot would show is marked, and the film is finished without it."""
        self.order.check(self.resolved)
        if self._heard:
            check_recordings(self.resolved, self.home)
        work = self.folder / ".storyforge"
        store = Store(work / "store")
        store.clean()
        journal = Journal(work / "journal.sqlite")
        executor = self._executor(work)
        try:
            document = journal.keep_document(self.document) if self.document else ""
            return self._render(Record(store, journal, self.tell, document, self.order.draft), executor)
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
        clock = Clock(self.order.max_seconds, self.order.max_cost, cost_per_hour(self.renderers, self._names))
        actors = Actors(self.resolved, self.voice or self._voice(record))
        takes, cast, wishes = asked(
            actors, self.home, self.renderers, self.order, record.store, record.journal, verify=True
        )
        capabilities = {name: self.renderers[name].capabilities for name in self._names}
        laid_out = spans(self.resolved, capabilities, self.home)
        chosen = choose(laid_out, wishes, takes, self.renderers, self.order.retakes)
        shown = footage_of(self.resolved, self.home)
        self._check_takes(takes, chosen, shown)
        self._check_ready()
        laid_out = chosen.spans
        strides = {name: able.strides for name, able in capabilities.items()}
        needs = {name: chosen.needs(self.renderers[name], takes, wishes, self.order.only) for name in self._names}
        record.meter.total = estimate(record, self.resolved, chosen, self.order, strides, needs.values())
        sheets = {
            name: make_cast(record, self.renderers[name], needed.sheets, self.folder, takes, cast, clock.check)
            for name, needed in needs.items()
        }
        clock.lap("cast")
        if self.order.until == "cast":
            return self._film(clock, None, None, {})
        clock.check()
        for made in sheets.values():
            show_cast(record, made)
        panels = Panels()
        for name in self._names:
            panels |= self._panels(record, self.renderers[name], needs[name], sheets[name], takes, wishes, clock)
        stills, unread = make_stills(record, shown, self.out)
        missing = {**self._undrawn(chosen, panels, takes, wishes), **panels.failed}
        board = self._board(record, chosen, missing, unread, stills) if panels.rows or panels.failed or shown else None
        clock.lap("panels")
        if self.order.until == "panels":
            failed = {**panels.failed, **unread}
            self._check_some(failed, "panel could be made")
            return self._film(clock, None, board, failed)
        shots = Shots(record, executor, self.resolved, self.out, actors, tuple(self.order.only) or None)
        self._footage(shots, shown, takes, stills, unread)
        for name in self._names:
            size = self.resolved.size
            job = LevelsJob(self.renderers[name], sheets[name], panels.rows, size, chosen.pins, self.order.draft)
            mine = [span for span in laid_out if span.renderer == name and self._wanted(span)]
            mine = self._able(job, self._keep(mine, chosen, shots), panels, chosen, shots)
            self._levels(record, job, mine, chosen, shots, clock)
        shots.hear(wait=True, each=clock.check)
        clock.spent(draw=shots.draw, encode=shots.encode)
        self._check_some(shots.failed, "shot could be rendered")
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
            held = takes.pinned(one.shot, wish)
            kept = takes.shown(one.shot, wish, footage_maker())
            if held and self.order.draft:
                self._show_take(shots, one.shot, held)
            elif kept and (shots.wanted is None or one.shot.id in shots.wanted):
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

    def _check_ready(self) -> None:
        """Raises RenderError for renderers that are to make something and are not ready, before anything is made."""
        if not any(self.renderers[name].lacks for name in self._names):
            return
        survey = Survey(self.full, self.folder, self.home, self.order, self.renderers, self.voice)
        with closing(survey):
            survey.steps()
        if survey.lacks:
            raise RenderError("; ".join(survey.lacks))

    def _keep(self, mine: Sequence[Span], chosen: Choice, shots: Shots) -> list[Span]:
        """Shows what is finished; the spans of which something is missing."""
        for span in mine:
            for shot in span.shots:
                if shot.id not in chosen.kept or not self._asked(shot.id):
                    continue
                if self.order.draft and shot.id in chosen.held:
                    self._show_take(shots, shot, chosen.held[shot.id])
                else:
                    shots.keep(shot, chosen.kept[shot.id])
        return [span for span in mine if any(self._asked(name) for name in chosen.missing(span))]

    def _show_take(self, shots: Shots, shot: ResolvedShot, held: Result) -> None:
        """A draft shows a take that a shot is held to as it shows a source: at its own size."""
        blob = shots.record.store.look(held.key)
        if blob is None:
            shots.miss(shot, "its take vanished from the store; run the same command again")
            return
        one = take_shown(shot, blob, self.resolved, self.home)
        stills, unread = make_stills(shots.record, [one], self.out)
        if stills:
            shots.show(one, stills[shot.id])
        else:
            shots.miss(shot, unread[shot.id])

    def _board(
        self, record: Record, chosen: Choice, missing: Mapping[str, str], unread: Mapping[str, str],
        stills: Mapping[str, Key],
    ) -> Path | None:  # fmt: skip
        """The contact sheet of the panels; a draft has one of its own, of what is drawn.

        Finished shots are on it, so that it is drawn once where nothing is to be made.
        """
        if self.order.draft:
            return None
        drawn = {name: still for name, take in chosen.kept.items() if (still := still_of(record.store, take.key))}
        missing = {name: why for name, why in missing.items() if name not in drawn}
        return contact_sheet(record, self.resolved, self.folder, missing | dict(unread), drawn | dict(stills))

    def _undrawn(self, chosen: Choice, panels: Panels, takes: Takes, wishes: Wishes) -> dict[str, str]:
        """Shots whose picture in panels/ is from before an edit, which nobody asked to be made anew."""
        return {
            panel.shot.id: UNDRAWN
            for span in chosen.spans
            for panel in span.panels
            if panel.shot.id not in panels.rows
            and (self.folder / "panels" / f"{panel.shot.id}.png").exists()
            and not find_panel(self.renderers[span.renderer], panel, takes, wishes)
        }

    def _able(
        self, job: LevelsJob, laid_out: Sequence[Span], panels: Panels, chosen: Choice, shots: Shots
    ) -> list[Span]:
        """The spans that can be made; those that are to be held to a panel that failed have failed with it."""
        why = {span.name: list(filter(None, map(panels.failed.get, job.lacks(span)))) for span in laid_out}
        for span in laid_out:
            if why[span.name]:
                shots.fail(span, why[span.name][0], chosen.kept)
        return [span for span in laid_out if not why[span.name]]

    def _check_some(self, failed: Mapping[str, str], what: str) -> None:
        """Raises RenderError where all that was asked for failed."""
        if failed and failed.keys() >= {shot.id for shot in self.resolved.shots if self._asked(shot.id)}:
            raise RenderError(f"no {what}: {next(iter(failed.values()))}")

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
        made_by = {name: result.made_by for name, result in shots.results.items()}
        own = own_sounds(record.store, self.resolved, drawn, made_by)
        return SoundJob(self.resolved, self.home, shots.actors.voice, noises_of(record.store, drawn), own)

    def _film_job(self, shots: Shots, sound: Blob | None) -> FilmJob:
        made = {name: result for name, result in shots.results.items() if name not in shots.failed}
        makers = {result.maker for result in made.values()}
        return FilmJob(
            self.resolved,
            self.out,
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

    def _panels(
        self, record: Record, renderer: Renderer, needs: Needs, sheets: Sheets, takes: Takes, wishes: Wishes,
        clock: Clock,
    ) -> Panels:  # fmt: skip
        """The panels of a renderer; none of one without a level of panels."""
        if not needs.panels:
            return Panels()
        panels = [panel for panel in needs.everyone if sheets.digests.keys() >= {*panel.sheets}]
        job = PanelsJob.of(renderer, panels, sheets, self.panel_size, self.folder, takes, wishes)
        return make_panels(record, replace(job, wanted=needs.shots), clock.check)

    def _wanted(self, span: Span) -> bool:
        return not self.order.only or any(shot.id in self.order.only for shot in span.shots)

    def _levels(
        self, record: Record, job: LevelsJob, laid_out: Sequence[Span], chosen: Choice, shots: Shots, clock: Clock
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

    def _film(self, clock: Clock, film: Path | None, board: Path | None, failed: Mapping[str, str]) -> Film:
        return Film(self.out, film, board, self.resolved.frames, dict(failed), clock.seconds(), clock.cost)


UNDRAWN = "it was edited, and has not been drawn anew yet"
SILENT = (
    "No espeak-ng is installed, so the narrator is silent and captions tell the story; `storyforge doctor` says how to "
    "install it."
)
