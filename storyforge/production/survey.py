"""The survey: what a render would do, without doing it; no model is loaded and nothing is written (DESIGN 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from storyforge.backends import PANELS
from storyforge.cas import Blob, Journal, Key, Store
from storyforge.memory import Casting, castings
from storyforge.production.acting import Actors
from storyforge.production.assembly import FILM, FilmJob, film_key
from storyforge.production.casting import Sheets
from storyforge.production.events import TaskKind
from storyforge.production.footage import footage_of
from storyforge.production.keys import cast_key
from storyforge.production.levels import LevelsJob
from storyforge.production.outputs import current
from storyforge.production.panels import PanelsJob, picture_of
from storyforge.production.record import SECONDS_PER_UNIT
from storyforge.production.renderers import Renderer, Renderers
from storyforge.production.run import Order, check_ids
from storyforge.production.shots import key_of
from storyforge.production.sound import NAME, SoundJob, noises_of
from storyforge.production.spans import Panel, Span, renderers_of, spans
from storyforge.storyboard import Resolved


@dataclass(frozen=True)
class Step:
    """One task: units of work (sheets, panels, rows, frames), the seconds they should take, whether it is done."""

    kind: TaskKind
    name: str
    units: int
    seconds: float
    done: bool


class Survey:
    """Looks up the key of every task; behind a task that is missing everything is missing."""

    def __init__(self, resolved: Resolved, folder: Path, home: Path, order: Order, renderers: Renderers) -> None:
        from storyforge.film.sound import voice_for

        check_ids(resolved, order.only)
        self.resolved, self.folder, self.home, self.order, self.renderers = resolved, folder, home, order, renderers
        self.store = Store(folder / ".storyforge" / "store")
        self._weights = weights(folder)
        self._actors = Actors(resolved, voice_for())
        self._shots: dict[str, Key] = {}
        self.names = renderers_of(resolved)

    def steps(self) -> list[Step]:
        """Every task of the render, in the order it runs."""
        laid_out = spans(self.resolved, {name: self.renderers[name].capabilities for name in self.names})
        out: list[Step] = []
        for name in self.names:
            out += self._renderer(self.renderers[name], [span for span in laid_out if span.renderer == name])
        out += self._footage()
        if not self.order.until and not self.order.only:
            sound = None if self.order.silent else self._sound(all(step.done for step in out))
            if not self.order.silent:
                out.append(self._step("sound", NAME, self.resolved.frames, sound is not None))
            made = all(step.done for step in out) and self._film(sound)
            out.append(self._step("film", FILM, self.resolved.frames, made))
        return out

    def _footage(self) -> list[Step]:
        """Shots that show a source: a picture that stands for each, and their frames."""
        found = footage_of(self.resolved, self.home) if self.order.until != "cast" else ()
        drawn = [one for one in found if not self.order.only or one.shot.id in self.order.only]
        self._shots |= {one.shot.id: one.key("footage") for one in drawn}
        return [
            *(self._step("panels", one.shot.id, 1, one.key("footage still") in self.store) for one in found),
            *(
                self._step("draw", one.shot.id, one.shot.frames, one.key("footage") in self.store)
                for one in (drawn if not self.order.until else ())
            ),
        ]

    def _renderer(self, renderer: Renderer, laid_out: Sequence[Span]) -> list[Step]:
        read = {key for span in laid_out for key in span.sheets}
        wanted = [casting for casting in castings(self.resolved, self.home) if casting.key in read]
        keys = {casting.key: cast_key(renderer.fingerprint, casting) for casting in wanted}
        out = [self._cast(casting, keys[casting.key]) for casting in wanted]
        sheets = Sheets(self.store, keys)
        if self.order.until == "cast":
            return out
        panels: dict[str, tuple[Key, Key]] = {}
        if PANELS in renderer.capabilities.strides:
            everyone = [panel for span in laid_out for panel in span.panels]
            panels = self._panels(renderer, everyone, sheets, out)
        if self.order.until == "panels":
            return out
        job = LevelsJob(renderer, sheets, panels, self.resolved.size)
        for span in laid_out:
            if not self.order.only or any(shot.id in self.order.only for shot in span.shots):
                out += self._span(job, span, panels)
        return out

    def _cast(self, casting: Casting, key: Key) -> Step:
        return self._step("cast", casting.key, 1, key in self.store)

    def _panels(
        self, renderer: Renderer, panels: Sequence[Panel], sheets: Sheets, out: list[Step]
    ) -> dict[str, tuple[Key, Key]]:
        found: dict[str, tuple[Key, Key]] = {}
        for panel in panels:
            done = False
            if all(name in sheets.digests for name in panel.sheets):
                job = PanelsJob(renderer, [panel], sheets, self.resolved.size, self.folder)
                row = self.store.look(job.keys[panel.shot.id])
                if row:
                    found[panel.shot.id] = (row.digest, row.key)
                    done = picture_of(self.store, job, row.key) is not None
            out.append(self._step("panels", panel.shot.id, 1, done))
        return found

    def _span(self, job: LevelsJob, span: Span, panels: Mapping[str, tuple[Key, Key]]) -> list[Step]:
        out: list[Step] = []
        known = all(name in job.sheets.digests for name in span.sheets)
        if PANELS in job.renderer.capabilities.strides:
            known = known and all(shot.id in panels for shot in span.shots)
        above: Key | None = None
        for stride in job.strides:
            blob = self.store.look(job.key(span, stride, above)) if known else None
            known, above = blob is not None, blob.digest if blob else None
            out.append(self._step("level", f"{span.name}/{stride}", len(range(0, span.covered, stride)), known))
        told = self._actors.told(span)
        for shot, start in zip(span.shots, span.starts, strict=True):
            if not self.order.only or shot.id in self.order.only:
                key = key_of(job.renderer, above, start, shot, self.resolved, told) if above else None
                self._shots |= {shot.id: key} if key else {}
                out.append(self._step("draw", shot.id, shot.frames, key is not None and key in self.store))
        return out

    def _sound(self, drawn: bool) -> Blob | None:
        """The soundtrack, which hears what is drawn, if it is there."""
        if not drawn:
            return None
        noises = noises_of(self.store, self._shots)
        return self.store.look(SoundJob(self.resolved, self.home, self._actors.voice, noises).key)

    def _film(self, sound: Blob | None) -> bool:
        """Whether the film that lies there is the one that these shots, this sound and the order's words make."""
        job = FilmJob(self.resolved, self.folder, self.order.captions, self._shots, sound=sound)
        return current(self.folder / FILM, film_key(self.store, job)[0])

    def _step(self, kind: TaskKind, name: str, units: int, done: bool) -> Step:
        return Step(kind, name, units, 0.0 if done else units * self._weights[kind], done)


def weights(folder: Path) -> dict[str, float]:
    """Seconds that a unit of each kind of work takes here: by the project's journal, else by a common laptop's."""
    path = folder / ".storyforge" / "journal.sqlite"
    if not path.exists():
        return dict(SECONDS_PER_UNIT)
    journal = Journal(path)
    try:
        return {kind: journal.seconds_per_unit(kind) or usual for kind, usual in SECONDS_PER_UNIT.items()}
    finally:
        journal.close()
