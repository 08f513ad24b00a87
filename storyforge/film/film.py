"""Shots become a film: stretch by stretch, on two cores, in a few pictures of memory; nothing half-written is left.

The film is cut where shots begin. Each stretch is composed (joins), drawn on (captions, titles) and encoded on its
own, and the stretches are joined packet by packet; a stretch that is a shot untouched is not decoded at all. So the
file does not depend on how many threads worked on it, nor on which stretches were encoded before and kept in a store.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Lock
from typing import TYPE_CHECKING, Literal

from storyforge.cas import Key, Store
from storyforge.clock import Rate, Span
from storyforge.errors import RenderError
from storyforge.film import interrupts, remux
from storyforge.film.captions import Caption, captions, cues, srt
from storyforge.film.codec import CLEAN, FILM, Quality
from storyforge.film.joins import Clip, layout, reader_clip
from storyforge.film.layers import caption_layers, title_layers
from storyforge.film.lettering import unprintable, unshaped
from storyforge.film.stretches import Cut, Tick

if TYPE_CHECKING:
    from storyforge.storyboard import Resolved

PATIENCE = 0.1  # seconds until Ctrl-C is heard
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
class Assembly:
    """A film laid out, ready to be written; said: its captions, whether drawn or not.

    store: where stretches are kept once they are encoded, and taken from; without one each is encoded anew.
    """

    film: "Resolved"
    cut: Cut
    said: Sequence[Caption]
    captions_as: Captions
    store: Store | None = None

    @cached_property
    def untouched(self) -> Mapping[Span, Path]:
        """Stretches that are a shot as it is, and its file."""
        found = {span: self.cut.untouched(span) for span in self.cut.laid.stretches}
        return {span: path for span, path in found.items() if path}

    @cached_property
    def keys(self) -> Mapping[Span, Key]:
        """The keys of all other stretches, but for those of clips without a digest."""
        found = {span: self.cut.key(span) for span in self.cut.laid.stretches if span not in self.untouched}
        return {span: key for span, key in found.items() if key}

    @cached_property
    def kept(self) -> Mapping[Span, Path]:
        """Stretches that lie whole in the store, as they were when this was first asked."""
        found = {span: self.store.get(key) for span, key in self.keys.items()} if self.store else {}
        return {span: blob.path for span, blob in found.items() if blob}

    @property
    def left(self) -> int:
        """Frames of the stretches that are not kept."""
        return self.cut.laid.frames - sum(map(len, self.kept))

    def write(
        self, path: Path | str, *, progress: Progress | None = None, workers: int = 2, sound: Path | None = None
    ) -> Written:
        """Writes film.mp4 and film.srt; `progress` counts the frames that are left. Raises RenderError."""
        target, film, soft = Path(path), self.film, self.captions_as == "soft"
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
            parts = self._stretches(Path(folder), progress, workers)
            generated = "AI-generated, " if any(shot.shown is None for shot in film.shots) else ""
            tags = {"title": film.board.title or target.stem, "comment": f"{generated}made with storyforge"}
            tracks = cues(self.said, film.rate) if soft else []
            frames = remux.concat(parts, target, tracks, film.board.language, tags, sound)
        drawn = dict.fromkeys(text for layer in self.cut.layers for text in layer.texts)
        lacking = "".join(dict.fromkeys("".join(unprintable(text, film.board.language) for text in drawn)))
        apart = "".join(dict.fromkeys("".join(map(unshaped, drawn))))
        return Written(target, frames, tuple(self.said), _write_subtitles(target, self.said, film.rate), lacking, apart)

    def _stretches(self, folder: Path, progress: Progress | None, workers: int) -> list[Path]:
        """The stretches' files in order; the first failure, or an interrupt, ends them all."""
        stop = Event()
        tick = _ticker(progress, self.left, stop)
        threads = ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="film")
        with interrupts.held() as pressed, threads as pool:
            futures = [pool.submit(self._stretch, span, folder, tick) for span in self.cut.laid.stretches]
            try:
                while not pressed():
                    done, left = wait(futures, PATIENCE, FIRST_EXCEPTION)
                    if not left or any(future.exception() for future in done):
                        break
            finally:
                stop.set()  # whoever still works gives up at the next frame
                pool.shutdown(cancel_futures=True)
        failures = [future.exception() for future in futures if not future.cancelled()]
        first = next((error for error in failures if error and not isinstance(error, Stopped)), None)
        if first:
            raise first
        return [future.result() for future in futures]

    def _stretch(self, span: Span, folder: Path, tick: Tick) -> Path:
        """One stretch's file: the shot's own, the one that is kept, or one that is encoded now, and kept at once."""
        if span in self.kept:
            return self.kept[span]
        if span in self.untouched:
            tick(len(span))
            return self.untouched[span]
        write = partial(self.cut.write, span, tick)
        if self.store and span in self.keys:
            return self.store.put_file(self.keys[span], ".mp4", write, {"frames": len(span)}).path
        path = folder / f"{span.start}.mp4"
        write(path)
        return path


def assembly(
    film: "Resolved",
    shots: Mapping[str, Path | Clip],
    *,
    captions_as: Captions = "burn",
    cards: bool = True,
    quality: Quality | None = None,
    store: Store | None = None,
) -> Assembly:
    """Lays a film out from the shots' clean pictures, one mp4 (or Clip) per shot id. Raises RenderError.

    captions_as: drawn into the picture, a track that players can switch on, or none at all. cards: titles, The End.
    store: keeps what is encoded of clips that have a digest.
    """
    clips = [_clip(film, shots, index) for index in range(len(film.shots))]
    laid = layout(clips, film.end_frames)
    said, burnt = [] if captions_as == "off" else captions(film), captions_as == "burn"
    layers = (title_layers(film, burnt and bool(said)) if cards else []) + (caption_layers(film, said) if burnt else [])
    cut = Cut(laid, layers, film.size, film.rate, quality or FILM, film.board.language)
    if quality is None and 2 * sum(len(span) for span in laid.stretches if cut.plain(span)) >= laid.frames:
        cut = replace(cut, quality=CLEAN)
    return Assembly(film, cut, said, captions_as, store)


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
    store: Store | None = None,
) -> Written:
    """Writes film.mp4 and film.srt, laid out as by `assembly`.

    sound: the soundtrack's file, by `master`; a film without one is silent.
    Peak memory does not grow with the film's length.
    """
    made = assembly(film, shots, captions_as=captions_as, cards=cards, quality=quality, store=store)
    return made.write(path, progress=progress, workers=workers, sound=sound)


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
