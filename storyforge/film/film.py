"""Shots become a film: stretch by stretch, on two cores, in a few pictures of memory; nothing half-written is left.

The film is cut where shots begin. Each stretch is composed (joins), drawn on (captions, titles) and encoded on its
own, and the stretches are joined packet by packet; a stretch that is a shot untouched is not decoded at all. So the
file does not depend on how many threads worked on it, and an edit of words or joins needs the shots but no renderer.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Lock
from typing import TYPE_CHECKING, Literal

from storyforge.clock import Rate, Span
from storyforge.errors import RenderError
from storyforge.film import remux
from storyforge.film.captions import Caption, captions, cues, srt
from storyforge.film.codec import CLEAN, FILM, Quality, Reader, Writer, header
from storyforge.film.joins import Clip, Layout, compose, layout, reader_clip
from storyforge.film.layers import Layer, caption_layers, draw, title_layers
from storyforge.film.lettering import unprintable, unshaped

if TYPE_CHECKING:
    from storyforge.storyboard import Resolved

VERSION = 5  # counted up when the same shots and storyboard would give other frames

Captions = Literal["burn", "soft", "off"]
Progress = Callable[[int, int], None]  # frames done, frames in all; called from the threads, one at a time


class Stopped(Exception):  # noqa: N818  (not a fault: another stretch failed first)
    """A stretch was given up because another one failed."""


@dataclass(frozen=True)
class Written:
    """A film on disk."""

    path: Path
    frames: int
    captions: tuple[Caption, ...]
    subtitles: Path | None
    unprintable: str = ""  # letters in the picture that no face on this machine has
    unshaped: str = ""  # letters that had to be set one by one, where they should join or run to the left


@dataclass(frozen=True)
class Job:
    """All that a stretch needs to be written."""

    film: Layout
    layers: Sequence[Layer]
    size: tuple[int, int]
    rate: Rate
    quality: Quality
    tick: Callable[[int], None]

    def plain(self, span: Span) -> Path | None:
        """The shot's own file, when the stretch shows just that."""
        here = [placed for placed in self.film.clips if len(placed.span.meet(span))]
        if len(here) != 1 or here[0].span != span or here[0].fade_in or here[0].fade_out:
            return None
        return None if any(len(layer.span.meet(span)) for layer in self.layers) else here[0].clip.path

    def untouched(self, span: Span) -> Path | None:
        """The shot's own file, when its packets can stand for the stretch."""
        path = self.plain(span)
        return path if path and Reader(path).header == header(self.size, self.rate, self.quality) else None

    def write(self, span: Span, path: Path) -> Path:
        """One stretch as a file: the shot's own when nothing is done to it, else `path`."""
        shot = self.untouched(span)
        if shot:
            self.tick(len(span))
            return shot
        layers = [layer for layer in self.layers if len(layer.span.meet(span))]
        with Writer(path, self.size, self.rate, self.quality) as writer:
            for frame, picture in enumerate(compose(self.film, span), span.start):
                writer.picture(draw(layers, picture, frame))
                self.tick(1)
        return path


def write(
    path: Path | str,
    film: "Resolved",
    shots: Mapping[str, Path | Clip],
    *,
    captions_as: Captions = "burn",
    cards: bool = True,
    progress: Progress | None = None,
    workers: int = 2,
    quality: Quality | None = None,
    sound: Path | None = None,
) -> Written:
    """Writes film.mp4 and film.srt from the shots' clean pictures, one mp4 (or Clip) per shot id.

    captions_as: drawn into the picture, a track that players can switch on, or none at all. cards: titles, The End.
    sound: the soundtrack's file, by `master`; a film without one is silent.
    Peak memory does not grow with the film's length.
    """
    target = Path(path)
    clips = [_clip(film, shots, index) for index in range(len(film.shots))]
    laid = layout(clips, film.end_frames)
    said, burnt = [] if captions_as == "off" else captions(film), captions_as == "burn"
    layers = (title_layers(film, burnt and bool(said)) if cards else []) + (caption_layers(film, said) if burnt else [])
    stop = Event()
    job = Job(laid, layers, film.size, film.rate, quality or FILM, _ticker(progress, laid.frames, stop))
    if quality is None and 2 * sum(len(span) for span in laid.stretches if job.plain(span)) >= laid.frames:
        job = replace(job, quality=CLEAN)
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
        parts = _write_stretches(job, Path(folder), workers, stop)
        tracks = cues(said, film.rate) if captions_as == "soft" else []
        generated = "AI-generated, " if any(shot.shot.source is None for shot in film.shots) else ""
        tags = {"title": film.board.title or target.stem, "comment": f"{generated}made with storyforge"}
        frames = remux.concat(parts, target, tracks, film.board.language, tags, sound)
    drawn = [caption.text for caption in said] if burnt else []
    drawn += [title.text for shot in film.shots for title in shot.titles] if cards else []
    lacking = "".join(dict.fromkeys("".join(unprintable(text, film.board.language) for text in drawn)))
    apart = "".join(dict.fromkeys("".join(map(unshaped, drawn))))
    return Written(target, frames, tuple(said), _write_subtitles(target, said, film.rate), lacking, apart)


def _clip(film: "Resolved", shots: Mapping[str, Path | Clip], index: int) -> Clip:
    """A shot's clip, checked against the storyboard."""
    shot = film.shots[index]
    given = shots.get(shot.id)
    if given is None:
        raise RenderError(f"shot {shot.id}: there are no pictures of it yet; render it first")
    clip = reader_clip(given, shot.id) if isinstance(given, Path) else given
    where = f"shot {shot.id}: {clip.path or 'it'}"
    if clip.count != shot.frames:
        raise RenderError(f"{where} has {clip.count} frames where the film needs {shot.frames}; render it again")
    if clip.size and clip.size != film.size:
        sizes = "{}x{} where the film is {}x{}".format(*clip.size, *film.size)
        raise RenderError(f"{where} is {sizes}; render it again")
    return replace(clip, join_kind=shot.join_kind, join_frames=shot.join_frames)


def _ticker(progress: Progress | None, total: int, stop: Event) -> Callable[[int], None]:
    """Counts frames of all threads for `progress`, and ends a thread's work once another has failed."""
    lock, done = Lock(), 0

    def tick(count: int) -> None:
        nonlocal done
        if stop.is_set():
            raise Stopped
        with lock:
            done += count
            if progress:
                progress(done, total)

    return tick


def _write_stretches(job: Job, folder: Path, workers: int, stop: Event) -> list[Path]:
    """The stretches' files in order; the first failure, or an interrupt, ends them all."""
    spans = job.film.stretches
    with ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="film") as pool:
        futures = [pool.submit(job.write, span, folder / f"{index:05d}.mp4") for index, span in enumerate(spans)]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            stop.set()  # whoever still works gives up at the next frame
            pool.shutdown(cancel_futures=True)
    failures = [future.exception() for future in futures if not future.cancelled()]
    first = next((error for error in failures if error and not isinstance(error, Stopped)), None)
    if first:
        raise first
    return [future.result() for future in futures]


def _write_subtitles(target: Path, said: Sequence[Caption], rate: Rate) -> Path | None:
    """film.srt beside film.mp4; one left by an earlier film goes when there are no words."""
    path = target.with_suffix(".srt")
    if not said:
        path.unlink(missing_ok=True)
        return None
    part = path.with_name(f".{path.name}.part")
    part.write_text(srt(said, rate), encoding="utf-8")
    part.replace(path)
    return path
