"""Assembly: the film and its contact sheet from the shots in the store; a film that is current is left alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from storyforge import clock
from storyforge.cas import Blob, Key, Store, digest, file_digest
from storyforge.errors import RenderError
from storyforge.production import events
from storyforge.production.outputs import current, note, write_text
from storyforge.production.placeholders import placeholder
from storyforge.production.record import Record
from storyforge.storyboard import Resolved, ResolvedShot

if TYPE_CHECKING:
    from storyforge.backends import Frame
    from storyforge.clock import Span
    from storyforge.film import Clip

Captions = Literal["burn", "soft", "off"]
FILM, SHEET = "film.mp4", "film.board.png"


@dataclass(frozen=True)
class FilmJob:
    """What a film is put together from: keys of its shots, and the shots that failed with the reason."""

    resolved: Resolved
    folder: Path
    captions: Captions
    shots: Mapping[str, Key]
    stills: Mapping[str, Key] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)
    fingerprints: Mapping[str, str] = field(default_factory=dict)  # of the renderers that made some of them
    storyboard: str = ""  # digest of its text
    workers: int = 2
    sound: Blob | None = None
    made_by: Mapping[str, str] = field(default_factory=dict)  # what made each shot, in words


def assemble(record: Record, job: FilmJob) -> tuple[Path, Path]:
    """Paths of the film and of its contact sheet."""
    from storyforge.film import assembly, give_back, provenance

    give_back()  # all is sampled by now
    film, frames = job.folder / FILM, job.resolved.frames
    key, uses = film_key(record.store, job)
    if current(film, key):
        record.reused("film", film.name, frames)
        _subtitles(film, job)
    else:
        laid = assembly(job.resolved, _clips(record.store, job), captions_as=job.captions, store=record.store)
        record.spared("film", frames - laid.left)
        with record.task("film", film.name, laid.left, key, [*uses, *laid.keys.values()]):
            sound = job.sound.path if job.sound else None
            made = laid.write(film, progress=record.gradually("film"), workers=job.workers, sound=sound)
        note(film, key, job.failed)
        for sentence in complaints(made.unprintable, made.unshaped):
            record.tell(events.Warning(f"{film.name}: {sentence}"))
    origin = film.with_name(f"{film.stem}.provenance.json")
    whole = digest((key, job.storyboard, job.fingerprints, job.made_by))
    if not current(origin, whole):
        heard = {"key": job.sound.key, **job.sound.meta} if job.sound else None
        makers = job.fingerprints, job.made_by
        provenance(film, job.resolved, job.storyboard, *makers, job.shots, tuple(job.failed), heard)
        note(origin, whole)
    return film, contact_sheet(record, job.resolved, job.folder, job.failed, job.stills)


def _subtitles(film: Path, job: FilmJob) -> None:
    """Writes the subtitles of a film that is current, where somebody deleted them."""
    from storyforge.film import captions, srt

    path = film.with_suffix(".srt")
    said = [] if job.captions == "off" or path.exists() else captions(job.resolved)
    if said:
        write_text(path, srt(said, job.resolved.rate))


def complaints(unprintable: str, unshaped: str) -> Iterator[str]:
    """What is wrong with the words in a film's picture, and what to do."""
    if unprintable:
        yield (
            f"no typeface on this machine has {' '.join(unprintable)}: empty boxes stand for them; "
            "install a font that has them (`storyforge doctor` names some), and render again"
        )
    if unshaped:
        yield (
            f"this Pillow cannot join {' '.join(unshaped[:8])}: such letters stand one by one, from left to right; "
            "install a Pillow with Raqm (`storyforge doctor` says how), and render again"
        )


def film_key(store: Store, job: FilmJob) -> tuple[Key, list[Key]]:
    """The key of the film, and those of its shots and sound: their bytes, joins and words, and how words are shown."""
    from storyforge.film import VERSION, borrowed, end_words, shapes

    blobs = {name: store.look(key) for name, key in job.shots.items() if name not in job.failed}
    shots = [
        [
            shot.id, blob.digest if blob else _held(store, job, shot.id), shot.frames, shot.join_kind, shot.join_frames,
            shot.narration, shot.lines, shot.titles,
        ]
        for shot, blob in ((shot, blobs.get(shot.id)) for shot in job.resolved.shots)
    ]  # fmt: skip
    film, board = job.resolved, job.resolved.board
    cast = {name: entity.description for name, entity in board.cast.items()}
    spoken = [text for shot in film.shots for line in (shot.narration, *shot.lines) if line
              for text in (line.line, line.who or "")]  # fmt: skip
    titles = [title.text for shot in film.shots for title in shot.titles]
    # so that a font installed since, or a Pillow that joins letters, is used
    faces = [*borrowed([*spoken, *titles, end_words(board.language)], board.language), shapes()]
    words = [board.title, board.language, film.end_kind, film.end_frames, job.captions, cast, faces]
    heard = job.sound.digest if job.sound else None
    uses = [blob.key for blob in (*blobs.values(), job.sound) if blob]
    return digest(("film", VERSION, film.size, film.rate, shots, words, heard)), uses


def stretch_keys(store: Store, resolved: Resolved, shots: Mapping[str, Key]) -> set[Key]:
    """Keys of the stretches of a film of these shots, with captions drawn and without; none where a shot is missing."""
    modes: tuple[Captions, ...] = ("burn", "off")
    return {key for mode in modes for key in _stretches(store, resolved, shots, mode).values() if key}


def frames_left(store: Store, resolved: Resolved, shots: Mapping[str, Key], captions: Captions) -> int:
    """Frames of a film of these shots in stretches that are not kept."""
    keys = _stretches(store, resolved, shots, captions)
    return sum(len(span) for span, key in keys.items() if not key or key not in store)


def _stretches(
    store: Store, resolved: Resolved, shots: Mapping[str, Key], mode: Captions
) -> "Mapping[Span, Key | None]":
    """The stretches of a film, before its shots are there; those that show a missing one have no key."""
    from storyforge.film import Clip, assembly

    blobs = {name: store.look(key) for name, key in shots.items()}
    clips = {
        shot.id: Clip(
            shot.id, shot.frames, lambda start, stop: iter(()), path=Path(shot.id),
            digest=blob.digest if (blob := blobs.get(shot.id)) else None,
        )
        for shot in resolved.shots
    }  # fmt: skip
    cut = assembly(resolved, clips, captions_as=mode).cut
    return {span: cut.key(span) for span in cut.laid.stretches}


def _held(store: Store, job: FilmJob, name: str) -> list[str | None]:
    """What the placeholder of a shot shows: why, and a picture."""
    picture = _picture(store, job.folder, name, job.stills)
    return [job.failed.get(name), file_digest(picture) if picture else None]


def contact_sheet(
    record: Record, resolved: Resolved, folder: Path, missing: Mapping[str, str], stills: Mapping[str, Key]
) -> Path:
    """Every shot on one picture, with its id and words: a still of the drawn shot, before that its panel."""
    from storyforge.film import Panel, borrowed
    from storyforge.film import contact_sheet as draw

    path, title = folder / SHEET, resolved.board.title or ""
    pictures = {shot.id: _picture(record.store, folder, shot.id, stills) for shot in resolved.shots}
    rows = [(shot.id, words(shot), clock.seconds(shot.frames, resolved.rate)) for shot in resolved.shots]
    digests = {name: picture and file_digest(picture) for name, picture in pictures.items()}
    language = resolved.board.language
    faces = borrowed([title, *(said for _, said, _ in rows)], language)
    key = digest(("sheet", title, rows, digests, missing, language, faces))
    if current(path, key):
        return path
    panels = [
        Panel(
            name,
            said,
            partial(_frame, resolved, pictures[name], name, missing),
            length,
            "missing" if name in missing else "",
        )
        for name, said, length in rows
    ]
    draw(panels, path, resolved.size, title, language=language)
    note(path, key)
    record.tell(events.PictureReady("board", path.name, path))
    return path


def words(shot: ResolvedShot) -> str:
    """What the contact sheet says of a shot: what is heard in it, else its titles, else what happens."""
    said = [shot.narration.line] if shot.narration else []
    said += [f"{(line.who or '').partition('@')[0].replace('-', ' ').title()}: {line.line}" for line in shot.lines]
    titles = " · ".join(" ".join(title.text.split()) for title in shot.titles)
    return " ".join(said) or titles or shot.action or ""


def _picture(store: Store, folder: Path, name: str, stills: Mapping[str, Key]) -> Path | None:
    """The picture that stands for a shot, if there is one yet, whole."""
    still = store.get(stills[name]) if name in stills else None
    panel = folder / "panels" / f"{name}.png"
    return still.path if still else panel if panel.exists() else None


def _frame(resolved: Resolved, path: Path | None, name: str, missing: Mapping[str, str]) -> "Frame":
    import numpy as np
    from PIL import Image

    if name in missing or path is None:
        return placeholder(resolved.size, name, missing.get(name, "it has not been drawn yet"), path)
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def _clips(store: Store, job: FilmJob) -> "dict[str, Path | Clip]":
    """Each shot's pictures, checked; for one that failed, a placeholder."""
    from storyforge.film import reader_clip, write_shot

    out: dict[str, Path | Clip] = {}
    for shot in job.resolved.shots:
        if shot.id in job.failed:
            out[shot.id] = path = job.folder / ".storyforge" / "placeholders" / f"{shot.id}.mp4"
            picture = _picture(store, job.folder, shot.id, job.stills)
            card = placeholder(job.resolved.size, shot.id, job.failed[shot.id], picture)
            write_shot(path, (card for _ in range(shot.frames)), job.resolved.size, job.resolved.rate)
            continue
        blob = store.get(job.shots[shot.id]) if shot.id in job.shots else None
        if blob is None:
            raise RenderError(f"{shot.id}: its pictures in the store are damaged; run the same command again")
        out[shot.id] = replace(reader_clip(blob.path, shot.id), digest=blob.digest)
    return out
