"""Housekeeping: what of a store a storyboard still reaches, and the removal of what it does not (`storyforge gc`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from storyforge.cas import Blob, Key, Result, Store
from storyforge.errors import RenderError
from storyforge.production.casting import sheet_keys, sheets_read
from storyforge.production.survey import Survey
from storyforge.production.takes import maker_of, still_of


@dataclass(frozen=True)
class Litter:
    """Blobs that nothing reaches, oldest first, and damaged ones; what they and all others take in bytes."""

    blobs: tuple[Blob, ...]
    damaged: tuple[Path, ...]
    size: int
    kept: int


def litter(survey: Survey, keep: int | None = None) -> Litter:
    """What the storyboard, its picks and its locks do not reach.

    keep: bytes that the store may take; then only the oldest of it goes, until the store is no larger. What was found
    to be damaged goes in any case. Raises RenderError where a renderer is not ready: what it reaches is not known.
    """
    for name in survey.names:
        if survey.renderers[name].lacks:
            raise RenderError(survey.renderers[name].lacks)
    reached = set(reachable(survey))
    blobs = sorted(survey.store.blobs(), key=lambda blob: blob.path.stat().st_mtime_ns)
    left = sum(blob.size for blob in blobs)
    loose: list[Blob] = []
    for blob in blobs:
        if blob.key not in reached and (keep is None or left > keep):
            loose.append(blob)
            left -= blob.size
    damaged = tuple(survey.store.damaged())
    size = sum(blob.size for blob in loose) + sum(path.stat().st_size for path in damaged)
    return Litter(tuple(loose), damaged, size, left)


def reachable(survey: Survey) -> Iterator[Key]:
    """Keys of all that the film is made from now: sheets, panels, their pictures, levels, shots, sound, stretches."""
    for name in survey.names:
        renderer = survey.renderers[name]
        read = sheets_read(renderer, survey.chosen.spans, survey.cast)
        yield from sheet_keys(renderer, read, survey.takes, survey.cast).values()
    for shot in survey.resolved.shots:
        shown = survey.shown(shot)
        if shown:
            yield from _of_shot(survey.store, shown)
    for span in survey.chosen.spans:
        maker = maker_of(survey.renderers[span.renderer])
        for panel in span.panels:
            found = survey.takes.find("panel", panel.shot.id, survey.wishes.panel(panel), maker, panel.take)
            if found:
                yield from (found.key, Key(found.source))
    for one in survey.footage:
        yield from (one.key("footage"), one.key("footage still"))
    survey.steps()
    yield from survey.reached
    yield from survey.stretches()
    if survey.sound_key:
        yield survey.sound_key


def _of_shot(store: Store, result: Result) -> Iterator[Key]:
    """A take, the picture that stands for it, and what it was drawn from."""
    yield result.key
    if result.source:
        yield Key(result.source)
    if still := still_of(store, result.key):
        yield still
