"""Draws one shot from its span's latents and encodes it; runs in worker processes, so its imports are light."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, astuple, dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyforge.backends import Acting, Backend, Frame, Heard, Latents
from storyforge.backends import open as open_renderer
from storyforge.cas import Key, Store, digest
from storyforge.clock import exact
from storyforge.conform import Conform
from storyforge.errors import RenderError
from storyforge.production.gauge import resident
from storyforge.storyboard import Move

EVERY = 24  # frames between two words of progress


@dataclass(frozen=True)
class Shown:
    """What a shot shows as it is, with nothing diffused: a file, or a colour, and how the camera moves over it."""

    path: str
    colour: tuple[int, int, int] | None
    move: Move

    def frames(
        self, size: tuple[int, int], rate: Fraction, count: int, start: int = 0, stop: int | None = None
    ) -> Iterator[Frame]:
        """Its frames [start, stop) as a shot of `count`."""
        from storyforge.film import footage

        return footage(self.colour or Path(self.path), size, rate, count, self.move, start, stop)


@dataclass(frozen=True)
class Pace:
    """How a renderer's own frames become `count` of the film's; there: those that its span has from the start on."""

    count: int
    there: int
    conform: Conform

    def frames(self, drawn: Iterator[Frame]) -> Iterator[Frame]:
        """The film's frames; what is mixed is rounded to the nearest, so that every machine mixes alike."""
        at, now, after = -1, None, None
        for frame, share in self.conform.shown(self.count, self.there):
            while at < frame:
                now, after, at = after if after is not None else next(drawn, None), None, at + 1
            if share and after is None:
                after = next(drawn, None)
            if now is None or (share and after is None):
                return
            yield mixed(now, after, share) if share and after is not None else now

    def told(self) -> dict[str, str]:
        """The rates and the rule, as JSON can carry them."""
        film, model, rule = self.conform.film, self.conform.model, self.conform.rule
        return {"film": str(film), "model": str(model), "rule": rule}


def mixed(one: Frame, other: Frame, share: Fraction) -> Frame:
    """Two frames in one: a `share` of the other."""
    whole, part = share.denominator, share.numerator
    total = one.astype(np.uint32) * (whole - part) + other.astype(np.uint32) * part
    return ((total + whole // 2) // whole).astype(np.uint8)


@dataclass(frozen=True)
class DrawJob:
    """Frames [start, stop) of a stored span, kept as an mp4 under `key`; frame `moment` also as a picture, `still`.

    acting: what is heard in the span meanwhile. conform: of a renderer whose frames are not the film's; the moment is
    one of the film's then. With `shown` the frames are of that instead: `latents` is its digest
    then, and there is no renderer.
    """

    renderer: str
    store: str
    latents: Key
    key: Key
    start: int
    stop: int
    size: tuple[int, int]
    rate: str
    name: str
    project: str | None = None
    still: Key | None = None
    moment: int = 0
    acting: Acting | None = None
    shown: Shown | None = None
    conform: Pace | None = None

    @property
    def frames(self) -> int:
        """Frames of the film."""
        return self.conform.count if self.conform else self.stop - self.start

    @classmethod
    def read(cls, values: dict[str, Any]) -> "DrawJob":
        """The job as JSON gave it back."""
        shown, colour = values.get("shown"), (values.get("shown") or {}).get("colour")
        conform = values.get("conform")
        return cls(
            **{
                **values,
                "size": tuple(values["size"]),
                "acting": _acting(values.get("acting")),
                "shown": Shown(shown["path"], tuple(colour) if colour else None, shown["move"]) if shown else None,
                "conform": Pace(conform["count"], conform["there"], read_conform(conform)) if conform else None,
            }
        )

    def write(self) -> dict[str, Any]:
        """The job as JSON can carry it."""
        pace = self.conform and {"count": self.conform.count, "there": self.conform.there, **self.conform.told()}
        return {**asdict(replace(self, conform=None)), "conform": pace}


def read_conform(values: dict[str, Any]) -> Conform:
    """A conform as JSON gave it back."""
    return Conform(Fraction(values["film"]), Fraction(values["model"]), values["rule"])


def _acting(values: dict[str, Any] | None) -> Acting | None:
    """Acting as JSON gave it back."""
    if values is None:
        return None
    return Acting(tuple(Heard(**{**line, "mouth": tuple(line["mouth"])}) for line in values["lines"]))


@dataclass(frozen=True)
class Drawn:
    """How a job went: seconds drawing, seconds encoding, the process's peak memory in bytes."""

    name: str
    draw: float
    encode: float
    memory: int


def draw(job: DrawJob, tell: Callable[[int], None], backend: Backend | None = None) -> Drawn:
    """Streams the shot from the backend's decoder into the encoder; `tell` hears the number of frames drawn so far."""
    from storyforge.film import write_shot

    store = Store(Path(job.store))
    noises: list[tuple[Any, ...]] = []
    sound, heard = None, None
    if job.shown is not None:
        frames = job.shown.frames(job.size, Fraction(job.rate), job.stop)
    else:
        backend = backend or _backend(job.renderer, job.project)
        latents = _latents(job, store)
        frames, noises = _decoded(job, latents, backend)
        sound, heard = _heard(job, latents, backend)
    pencil = _Pencil(frames, tell)
    started = time.perf_counter()
    known: dict[str, Any] = {"frames": job.frames, "shot": job.name, "noises": noises}
    known |= {"start": job.start, "still": job.still, "size": job.size}
    known |= {"conform": job.conform.told()} if job.conform else {}
    known |= {"sound": heard} if heard else {}
    with store.writing(job.key, ".mp4", known) as path:
        written = write_shot(path, pencil.frames(job, store), job.size, Fraction(job.rate), sound)
        if written != job.frames:
            raise RenderError(f"{job.name}: its renderer drew {written} of {job.frames} frames")
    return Drawn(job.name, pencil.seconds, time.perf_counter() - started - pencil.seconds, resident())


def _latents(job: DrawJob, store: Store) -> Latents:
    """The span that it is drawn from."""
    kept = store.arrays(job.latents)
    if kept is None:
        raise RenderError(f"{job.name}: the span it is drawn from is damaged; run the same command again")
    arrays, meta = kept
    return Latents(meta["id"], meta["stride"], arrays, meta["meta"])


def _decoded(job: DrawJob, latents: Latents, backend: Backend) -> tuple[Iterator[Frame], list[tuple[Any, ...]]]:
    """The renderer's own frames, and what is heard of them."""
    noises = backend.noises(latents, job.start, job.stop, job.acting)
    frames = backend.decode(latents, job.size, job.start, job.stop, job.acting)
    if job.conform:
        back, last = job.conform.conform.back, job.frames - 1
        noises = tuple(replace(noise, frame=min(back(noise.frame), last)) for noise in noises)
        frames = job.conform.frames(frames)
    return frames, [astuple(noise) for noise in noises]


def _heard(job: DrawJob, latents: Latents, backend: Backend) -> tuple[NDArray[np.int16] | None, dict[str, str] | None]:
    """The sound that the renderer made of the shot, in step with its frames, and what is noted of it; or nothing.

    It goes at the model's own speed but where `native` shows frames faster or slower than the model meant them: there
    it goes with them, higher or lower.
    """
    film, step = Fraction(job.rate), job.conform.conform.step if job.conform else Fraction(1)
    pace = film * step  # of the model's frames, in the film
    model = exact(backend.capabilities.fps) if backend.capabilities.fps else pace
    until = job.start + job.frames * step
    # From a whole second on, where a frame is a whole sample, and a frame more at the end: what is resampled has no
    # edge within the shot.
    whole = max(1, round(model))
    first = max(0, job.start - 1) // whole * whole
    audio = backend.sound(latents, first, ceil(until) + 1)
    if audio is None:
        return None, None
    from storyforge.film.sound import conformed, sample

    skipped = Fraction(job.start - first) / pace
    # One sample more: in a flow two shots' lengths, each rounded, may leave one between them.
    made = conformed(audio.samples, round(audio.rate * pace / model), skipped, sample(job.frames, film) + 1)
    told = {"digest": digest(made), "level": job.latents}
    return made, told | {"start": str(job.start / pace), "stop": str(until / pace)}


class _Pencil:
    """Frames on their way from the decoder to the encoder, and the seconds that drawing them took."""

    def __init__(self, decoded: Iterator[Frame], tell: Callable[[int], None]) -> None:
        self.seconds = 0.0
        self._decoded, self._tell = decoded, tell

    def frames(self, job: DrawJob, store: Store) -> Iterator[Frame]:
        for number in range(job.frames):
            clock = time.perf_counter()
            frame = next(self._decoded, None)
            self.seconds += time.perf_counter() - clock
            if frame is None:
                return
            if job.still is not None and number == job.moment:
                store.put_picture(job.still, frame)
            if number % EVERY == 0:
                self._tell(number)
            yield frame


@lru_cache(maxsize=4)
def _backend(renderer: str, project: str | None) -> Backend:
    _, backend = open_renderer(renderer, Path(project) if project else None)
    return backend
