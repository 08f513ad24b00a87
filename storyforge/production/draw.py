"""Draws one shot from its span's latents and encodes it; runs in worker processes, so its imports are light."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, astuple, dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from storyforge.backends import Acting, Backend, Frame, Heard, Latents
from storyforge.backends import open as open_renderer
from storyforge.cas import Key, Store
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

    def frames(self, size: tuple[int, int], rate: Fraction, count: int, start: int = 0) -> Iterator[Frame]:
        """Its frames as a shot of `count`, from `start` on."""
        from storyforge.film import footage

        return footage(self.colour or Path(self.path), size, rate, count, self.move, start)


@dataclass(frozen=True)
class DrawJob:
    """Frames [start, stop) of a stored span, kept as an mp4 under `key`; frame `moment` also as a picture, `still`.

    acting: what is heard in the span meanwhile. With `shown` the frames are of that instead: `latents` is its digest
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

    @classmethod
    def read(cls, values: dict[str, Any]) -> "DrawJob":
        """The job as JSON gave it back."""
        shown, colour = values.get("shown"), (values.get("shown") or {}).get("colour")
        return cls(
            **{
                **values,
                "size": tuple(values["size"]),
                "acting": _acting(values.get("acting")),
                "shown": Shown(shown["path"], tuple(colour) if colour else None, shown["move"]) if shown else None,
            }
        )

    def write(self) -> dict[str, Any]:
        """The job as JSON can carry it."""
        return asdict(self)


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
    if job.shown is not None:
        frames = job.shown.frames(job.size, Fraction(job.rate), job.stop)
    else:
        frames, noises = _decoded(job, store, backend or _backend(job.renderer, job.project))
    pencil = _Pencil(frames, tell)
    started = time.perf_counter()
    known: dict[str, Any] = {"frames": job.stop - job.start, "shot": job.name, "noises": noises}
    known |= {"start": job.start, "still": job.still, "size": job.size}
    with store.writing(job.key, ".mp4", known) as path:
        written = write_shot(path, pencil.frames(job, store), job.size, Fraction(job.rate))
        if written != job.stop - job.start:
            raise RenderError(f"{job.name}: its renderer drew {written} of {job.stop - job.start} frames")
    return Drawn(job.name, pencil.seconds, time.perf_counter() - started - pencil.seconds, resident())


def _decoded(job: DrawJob, store: Store, backend: Backend) -> tuple[Iterator[Frame], list[tuple[Any, ...]]]:
    """The renderer's own frames, and what is heard of them."""
    kept = store.arrays(job.latents)
    if kept is None:
        raise RenderError(f"{job.name}: the span it is drawn from is damaged; run the same command again")
    arrays, meta = kept
    latents = Latents(meta["id"], meta["stride"], arrays, meta["meta"])
    noises = [astuple(noise) for noise in backend.noises(latents, job.start, job.stop, job.acting)]
    return backend.decode(latents, job.size, job.start, job.stop, job.acting), noises


class _Pencil:
    """Frames on their way from the decoder to the encoder, and the seconds that drawing them took."""

    def __init__(self, decoded: Iterator[Frame], tell: Callable[[int], None]) -> None:
        self.seconds = 0.0
        self._decoded, self._tell = decoded, tell

    def frames(self, job: DrawJob, store: Store) -> Iterator[Frame]:
        for number in range(job.stop - job.start):
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
