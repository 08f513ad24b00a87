"""Shots: drawn and encoded from the levels of their span, in workers while the next spans are sampled."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import Any

from storyforge.backends import PANELS, Acting
from storyforge.cas import Attempt, Key, Result
from storyforge.production.acting import Actors
from storyforge.production.draw import DrawJob, Pace
from storyforge.production.events import PictureReady, TaskDone, TaskStarted
from storyforge.production.executors import Drawing, Executor, Failed, Finished, Report
from storyforge.production.footage import Footage
from storyforge.production.keys import cut_of, picture_key, shot_key
from storyforge.production.outputs import publish
from storyforge.production.record import Record
from storyforge.production.renderers import Renderer
from storyforge.production.spans import Span
from storyforge.production.takes import maker_of, still_of
from storyforge.production.wishes import footage_maker, footage_wish
from storyforge.resources import version
from storyforge.storyboard import Resolved, ResolvedShot


@dataclass
class Shots:
    """The film's shots as they come out: `keys` of their mp4s, `stills` of one frame each, `failed` with the reason.

    results: what each of them is, or would have been. wanted: ids of the shots to draw; None draws all. draw and encode
    count seconds over all workers.
    """

    record: Record
    executor: Executor
    resolved: Resolved
    folder: Path
    actors: Actors
    wanted: Collection[str] | None = None
    keys: dict[str, Key] = field(default_factory=dict)
    stills: dict[str, Key] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    draw: float = 0.0
    encode: float = 0.0
    results: dict[str, Result] = field(default_factory=dict)
    _drawn: dict[str, int] = field(default_factory=dict)
    _without_panel: set[str] = field(default_factory=set)  # their still is their panel

    def keep(self, shot: ResolvedShot, take: Result) -> None:
        """Shows a shot by a take that is finished."""
        self.record.shown("draw", shot.id, take.key)
        self.keys[shot.id], self.results[shot.id] = take.key, take
        if still := still_of(self.record.store, take.key):
            self.stills[shot.id] = still
        self.record.reused("draw", shot.id, shot.frames)
        self._publish(shot.id)

    def add(self, renderer: Renderer, span: Span, latents: Key, wishes: Mapping[str, Key], met: bool) -> None:
        """Draws shots of a span whose finest level is in the store.

        wishes: of those that are to be drawn; met: whether takes stood beside them.
        """
        blob = self.record.store.look(latents)
        if blob is None:
            kept = [shot.id for shot in span.shots if shot.id not in wishes]
            self.fail(span, "the level it is drawn from vanished from the store; run the same command again", kept)
            return
        told, missing = self.actors.told(span), []
        for number, shot in enumerate(span.shots):
            if shot.id not in wishes or (self.wanted is not None and shot.id not in self.wanted):
                continue
            key = key_of(renderer, blob.digest, span, number, self.resolved, told)
            self.keys[shot.id] = key
            self.stills[shot.id] = picture_key(renderer.fingerprint, key, self.resolved.size)
            if PANELS not in renderer.capabilities.strides:
                self._without_panel.add(shot.id)
            self.results[shot.id] = Result(
                "draw", shot.id, key, wishes[shot.id], maker_of(renderer), renderer.made_by,
                span.panels[number].take, latents, met,
            )  # fmt: skip
            if self.record.store.get(key) is not None:
                self.record.reused("draw", shot.id, shot.frames)
                self._done(shot.id)
            else:
                missing.append(number)
        acting = self.actors.acting(span) if missing else None
        for number in missing:
            self.executor.submit(self._job(renderer, span, number, latents, acting), renderer)

    def _job(self, renderer: Renderer, span: Span, number: int, latents: Key, acting: Acting | None) -> DrawJob:
        shot, start = span.shots[number], span.starts[number]
        moment = min(span.conform.back(span.panels[number].moment), shot.frames - 1)
        return DrawJob(
            renderer=renderer.name,
            store=str(self.record.store.folder),
            latents=latents,
            key=self.keys[shot.id],
            start=start,
            stop=span.needed(number),
            size=self.resolved.size,
            rate=str(self.resolved.rate),
            name=shot.id,
            project=str(renderer.project) if renderer.project else None,
            still=self.stills[shot.id],
            moment=moment,
            acting=acting,
            conform=None if span.conform.plain else Pace(shot.frames, span.frames - start, span.conform),
        )

    def show(self, one: Footage, still: Key) -> None:
        """Draws a shot that shows a source; its `still` is in the store."""
        name = one.shot.id
        if self.wanted is not None and name not in self.wanted:
            return
        job = one.job(self.record.store.folder)
        self.keys[name], self.stills[name] = job.key, still
        self.results[name] = Result(
            "draw", name, job.key, footage_wish(one), footage_maker(), f"storyforge {version()}"
        )
        if self.record.store.get(job.key) is not None:
            self.record.reused("draw", name, one.shot.frames)
            self._done(name)
        else:
            self.executor.submit(job, None)

    def fail(self, span: Span, error: str, kept: Collection[str] = ()) -> None:
        """Marks the shots of a span that could not be sampled, but for those that are shown by a take."""
        for shot in span.shots:
            if shot.id not in kept:
                self.miss(shot, error)

    def miss(self, shot: ResolvedShot, error: str) -> None:
        """Marks one shot that cannot be drawn."""
        if self.wanted is None or shot.id in self.wanted:
            self.failed[shot.id] = error

    def hear(self, wait: bool, each: Callable[[], None] = lambda: None) -> None:
        """Takes in what the executor has done since; with `wait`, until all is done. each: called after each report."""
        for report in self.executor.reports(wait):
            self._take(report)
            each()

    def _take(self, report: Report) -> None:
        name, frames = report.job.name, report.job.frames
        weight = self.record.weight("draw")
        before = self._drawn.get(name)
        if before is None:
            self.record.tell(TaskStarted("draw", name, frames))
        now = report.frames if isinstance(report, Drawing) else frames
        self._drawn[name] = max(now, before or 0)
        self.record.advance((self._drawn[name] - (before or 0)) * weight)
        if isinstance(report, Finished):
            drawn = report.drawn
            self.draw, self.encode = self.draw + drawn.draw, self.encode + drawn.encode
            seconds = drawn.draw + drawn.encode
            attempt = Attempt(
                report.job.key, "draw", name, frames, time() - seconds, seconds, drawn.memory, "done",
                encode=drawn.encode,
            )  # fmt: skip
            self.record.journalled([attempt], [(report.job.key, report.job.latents)])
            self.record.tell(TaskDone("draw", name, frames, seconds))
            self._done(name)
        elif isinstance(report, Failed):
            self.failed[name] = report.error
            self.record.failed("draw", name, frames, report.job.key, time() - report.seconds, report.error)

    def _done(self, name: str) -> None:
        """Notes a take, and shows it."""
        self.record.finished(self.results[name])
        self._publish(name)

    def _publish(self, name: str) -> None:
        """Puts shots/ID.mp4, and the panel of a renderer that makes none, where people look."""
        for key, path in (
            (self.keys.get(name), self.folder / "shots" / f"{name}.mp4"),
            (self.stills.get(name) if name in self._without_panel else None, self.folder / "panels" / f"{name}.png"),
        ):
            blob = self.record.store.look(key) if key else None
            if blob is not None:
                publish(blob, path)
                if path.suffix == ".png":
                    self.record.tell(PictureReady("panel", name, path))


def key_of(renderer: Renderer, latents: Key, span: Span, number: int, resolved: Resolved, told: Any) -> Key:
    """The key of one shot, from the digest of its span's finest level, its frames there and what is heard."""
    return shot_key(renderer.fingerprint, latents, cut_of(span, number), resolved.size, resolved.rate, told)
