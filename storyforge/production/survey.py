"""The survey: what a render would do, without doing it; no model is loaded and nothing is written (DESIGN 7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from storyforge.backends import PANELS
from storyforge.cas import Blob, Journal, Key, Result, Store
from storyforge.production.acting import Actors
from storyforge.production.asked import asked
from storyforge.production.assembly import FILM, FilmJob, film_key, frames_left, stretch_keys
from storyforge.production.casting import Sheets, sheet_keys
from storyforge.production.choice import Choice, choose
from storyforge.production.events import TaskKind
from storyforge.production.footage import Footage, footage_of, take_shown
from storyforge.production.levels import LevelsJob
from storyforge.production.order import Order
from storyforge.production.outputs import current
from storyforge.production.panels import PanelsJob, picture_of
from storyforge.production.record import SECONDS_PER_UNIT, named, seconds_per_unit
from storyforge.production.renderers import Renderer, Renderers, cost_per_hour, made_with
from storyforge.production.shots import key_of
from storyforge.production.sizes import sized
from storyforge.production.sound import NAME, SoundJob, noises_of, own_sounds
from storyforge.production.spans import Panel, Span, renderers_of, spans
from storyforge.production.takes import still_of
from storyforge.production.wishes import footage_maker, footage_wish
from storyforge.storyboard import Resolved, ResolvedShot

if TYPE_CHECKING:
    from storyforge.film.sound import Voice


@dataclass(frozen=True)
class Step:
    """One task: units of work (sheets, panels, rows, frames), the seconds they should take, whether it is done.

    seconds: None where nobody knows: a renderer that needs a GPU has yet to do such work here. renderer: whose work it
    is; "" for what needs none: a source that is shown as it is, the sound, the film.
    """

    kind: TaskKind
    name: str
    units: int
    seconds: float | None
    done: bool
    renderer: str = ""


def total_seconds(steps: Iterable[Step]) -> float | None:
    """The seconds of several steps; None where nobody knows those of one."""
    out = 0.0
    for step in steps:
        if step.seconds is None:
            return None
        out += step.seconds
    return out


class Snapshot(Store):
    """A store as a survey finds it: each record is read once."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._found: dict[Key, Blob | None] = {}

    def look(self, key: Key) -> Blob | None:
        """The blob if it was here at its recorded size when it was first asked for."""
        if key not in self._found:
            self._found[key] = super().look(key)
        return self._found[key]


class Survey:
    """Looks up every task; behind a task that is missing everything is missing. To be closed after use.

    It needs no checkpoint: by a renderer that lacks its own nothing is made, and what it made before is known.
    """

    def __init__(
        self, full: Resolved, folder: Path, home: Path, order: Order, renderers: Renderers, voice: "Voice | None" = None
    ) -> None:
        from storyforge.film.sound import voice_for

        order.check(full)
        renderers = renderers.surveyed()
        resolved = sized(full, renderers, order.draft)
        self.panel_size = full.size
        self.resolved, self.folder, self.home, self.order, self.renderers = resolved, folder, home, order, renderers
        self.store = Snapshot(folder / ".storyforge" / "store")
        journal = folder / ".storyforge" / "journal.sqlite"
        self.journal = Journal(journal) if journal.exists() else None
        self.pace = {kind: seconds_per_unit(self.journal, kind, order.draft) for kind in SECONDS_PER_UNIT}
        self._actors = Actors(resolved, voice or voice_for())
        self.takes, self.cast, self.wishes = asked(self._actors, home, renderers, order, self.store, self.journal)
        self._shots: dict[str, Key] = {}
        self.sound_key: Key | None = None  # of the soundtrack, once `steps` has found all that is heard in it
        self.reached: set[Key] = set()  # by their keys, once `steps` has looked: whatever a render would use
        self.names = renderers_of(resolved)
        self.lacks: tuple[str, ...] = ()  # once `steps` has looked: of the renderers with work to do, why they cannot
        drawn = self.journal.seconds_per_unit(named("draw", order.draft)) if self.journal else None
        self.measured = drawn is not None  # once `steps` has looked: whether all who have work to do did such work here

    def close(self) -> None:
        """Lets go of the journal."""
        if self.journal:
            self.journal.close()

    @property
    def cost_per_hour(self) -> float:
        """Of the machine that its renderers need."""
        return cost_per_hour(self.renderers, self.names)

    @cached_property
    def chosen(self) -> Choice:
        """What is finished of the shots, and what is not."""
        laid_out = spans(self.resolved, {name: self.renderers[name].capabilities for name in self.names}, self.home)
        return choose(laid_out, self.wishes, self.takes, self.renderers, self.order.retakes)

    @cached_property
    def footage(self) -> tuple[Footage, ...]:
        """The shots that show a source."""
        return footage_of(self.resolved, self.home)

    def wish(self, shot: ResolvedShot) -> Key:
        """What a shot is to show."""
        if shot.shown is None:
            return self.chosen.wishes[shot.id]
        return footage_wish(next(one for one in self.footage if one.shot.id == shot.id))

    def shown(self, shot: ResolvedShot) -> Result | None:
        """The take that the film shows, if there is one."""
        if shot.shown is None:
            return self.chosen.kept.get(shot.id)
        wish = self.wish(shot)
        return self.takes.shown(shot, wish, footage_maker())

    def steps(self) -> list[Step]:
        """Every task of the render, in the order it runs."""
        out: list[Step] = []
        for name in self.names:
            out += self._renderer(self.renderers[name], [span for span in self.chosen.spans if span.renderer == name])
        left = {(step.kind, step.renderer): None for step in out if step.renderer and not step.done}
        self.measured = self.measured and all(self._seen(*one) for one in left)
        busy = dict.fromkeys(name for _, name in left)
        self.lacks = tuple(said for name in busy if (said := self.renderers[name].lacks))
        out += self._footage()
        if not self.order.until and not self.order.only:
            sound = None if self.order.silent else self._sound(all(step.done for step in out))
            if not self.order.silent:
                out.append(self._step("sound", NAME, self.resolved.frames, sound is not None))
            made = all(step.done for step in out) and self._film(sound)
            out.append(self._step("film", FILM, self.resolved.frames if made else self._left(), made))
        return out

    def _footage(self) -> list[Step]:
        """Shots that show a source: a picture that stands for each, and their frames."""
        found = self.footage if self.order.until != "cast" else ()
        drawn = [one for one in found if not self.order.only or one.shot.id in self.order.only]
        out = [self._still(one) for one in found]
        for one in drawn if not self.order.until else ():
            kept = self.shown(one.shot)
            if kept and self.order.draft and self.takes.pinned(one.shot, self.wish(one.shot)):
                out += self._take(one.shot, kept)
            else:
                self._shots[one.shot.id] = key = kept.key if kept else one.key("footage")
                out.append(self._step("draw", one.shot.id, one.shot.frames, key in self.store))
        return out

    def _still(self, one: Footage) -> Step:
        """The picture that stands for a shot with a source."""
        return self._step("panels", one.shot.id, 1, one.key("footage still") in self.store)

    def _take(self, shot: ResolvedShot, held: Result) -> list[Step]:
        """What a draft makes of a take that a shot is held to."""
        blob = self.store.look(held.key)
        if blob is None:
            return [self._step("draw", shot.id, shot.frames, False)]
        one = take_shown(shot, blob, self.resolved, self.home)
        self._shots[shot.id] = key = one.key("footage")
        return [self._still(one), self._step("draw", shot.id, shot.frames, key in self.store)]

    def _renderer(self, renderer: Renderer, laid_out: Sequence[Span]) -> list[Step]:
        needs = self.chosen.needs(renderer, self.takes, self.wishes, self.order.only)
        read = [name for name in self.cast.castings if name in needs.sheets]
        keys = sheet_keys(renderer, read, self.takes, self.cast)
        out = [self._step("cast", name, 1, key in self.store, renderer) for name, key in keys.items()]
        sheets = Sheets(self.store, keys)
        if self.order.until == "cast":
            return out
        panels = self._panels(renderer, needs.panels, sheets, out)
        if self.order.until == "panels":
            return out
        job = LevelsJob(renderer, sheets, panels, self.resolved.size, self.chosen.pins, self.order.draft)
        for span in laid_out:
            if not self.order.only or any(shot.id in self.order.only for shot in span.shots):
                out += self._span(job, span, panels)
        return out

    def _panels(
        self, renderer: Renderer, panels: Sequence[Panel], sheets: Sheets, out: list[Step]
    ) -> dict[str, tuple[Key, Key]]:
        found: dict[str, tuple[Key, Key]] = {}
        for panel in panels:
            done, name = False, panel.shot.id
            if all(sheet in sheets.digests for sheet in panel.sheets):
                job = PanelsJob.of(renderer, [panel], sheets, self.panel_size, self.folder, self.takes, self.wishes)
                row = self.store.look(job.keys[name])
                if row:
                    picture = picture_of(self.store, job, name)
                    self.reached |= {row.key, *([picture.key] if picture else [])}
                    found[name] = (row.digest, row.key)
                    done = picture is not None
            out.append(self._step("panels", name, 1, done, renderer))
        return found

    def _span(self, job: LevelsJob, span: Span, panels: Mapping[str, tuple[Key, Key]]) -> list[Step]:
        out: list[Step] = []
        only = self.order.only
        missing = [name for name in self.chosen.missing(span) if not only or name in only]
        known = all(name in job.sheets.digests for name in span.sheets)
        if PANELS in job.renderer.capabilities.strides:
            known = known and all(shot.id in panels for shot in span.shots)
        above: Key | None = None
        for stride in job.strides:
            blob = self.store.look(job.key(span, stride, above)) if known and missing else None
            known, above = blob is not None, blob.digest if blob else None
            self.reached |= {blob.key} if blob else set()
            done = known or not missing
            rows = len(range(0, span.covered, stride))
            out.append(self._step("level", f"{span.name}/{stride}", rows, done, job.renderer))
        told = self._actors.told(span)
        for number, shot in enumerate(span.shots):
            if self.order.only and shot.id not in self.order.only:
                continue
            kept = self.chosen.kept.get(shot.id)
            if kept and self.order.draft and shot.id in self.chosen.held:
                out += self._take(shot, kept)
            else:
                key = kept.key if kept else None
                if key is None and above:
                    key = key_of(job.renderer, above, span, number, self.resolved, told)
                self._shots |= {shot.id: key} if key else {}
                self._reach(key)
                done = key is not None and key in self.store
                out.append(self._step("draw", shot.id, shot.frames, done, job.renderer))
        return out

    def _reach(self, key: Key | None) -> None:
        """A shot, and the picture that stands for it."""
        if key and key in self.store:
            self.reached |= {key, still_of(self.store, key) or key}

    def _sound(self, drawn: bool) -> Blob | None:
        """The soundtrack, which hears what is drawn, if it is there."""
        if not drawn:
            return None
        noises = noises_of(self.store, self._shots)
        made_by = {name: take.made_by for name, take in self.chosen.kept.items()}
        own = own_sounds(self.store, self.resolved, self._shots, made_by)
        self.sound_key = SoundJob(self.resolved, self.home, self._actors.voice, noises, own).key
        return self.store.look(self.sound_key)

    def _film(self, sound: Blob | None) -> bool:
        """Whether the film that lies there is the one that these shots, this sound and the order's words make."""
        folder = self.order.out(self.folder)
        job = FilmJob(self.resolved, folder, self.order.captions, self._shots, sound=sound)
        return current(folder / FILM, film_key(self.store, job)[0])

    def _left(self) -> int:
        """Frames of the film that are to be encoded: stretches that are kept are not."""
        return frames_left(self.store, self.resolved, self._shots, self.order.captions)

    def stretches(self) -> set[Key]:
        """Keys of what the film is joined from, by the shots that `steps` has found."""
        return stretch_keys(self.store, self.resolved, self._shots)

    def seconds(self, kind: TaskKind, units: int, by: Renderer | None = None) -> float | None:
        """What so much work should take; None where nobody knows. by: the renderer that does it, if one does.

        One that never did such work here takes what a laptop takes, if it is light: what a GPU takes is not told by the
        pace of another renderer.
        """
        if by is None or self._seen(kind, by.name):
            return units * self.pace[kind]
        return units * seconds_per_unit(None, kind, self.order.draft) if by.capabilities.light else None

    def _seen(self, kind: TaskKind, renderer: str) -> bool:
        """Whether a renderer finished such work in this project."""
        made = self._makers[{"cast": "cast", "panels": "panel"}.get(kind, self.takes.shots)]
        return any(made_with(made_by, renderer) for made_by in made)

    @cached_property
    def _makers(self) -> Mapping[str, set[str]]:
        """What made the sheets, panels and shots that the journal knows, in words."""
        kinds = ("cast", "panel", self.takes.shots)
        found = {kind: self.journal.results(kind) if self.journal else {} for kind in kinds}
        return {kind: {one.made_by for made in of.values() for one in made} for kind, of in found.items()}

    def _step(self, kind: TaskKind, name: str, units: int, done: bool, by: Renderer | None = None) -> Step:
        seconds = 0.0 if done else self.seconds(kind, units, by)
        return Step(kind, name, units, seconds, done, by.name if by else "")
