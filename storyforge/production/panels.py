"""Panels: one keyframe per shot, made as their renderer does: all denoised together, or one by one (DESIGN 5).

Of those made together, a panel whose shot has not changed is pinned.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from time import time
from typing import Any

from storyforge.backends import Latents
from storyforge.cas import Blob, Key, Result, Store, digest, out_of_space
from storyforge.errors import NotReady, RenderError
from storyforge.production.casting import Sheets
from storyforge.production.events import PictureReady
from storyforge.production.keys import panel_key, picture_key
from storyforge.production.outputs import publish
from storyforge.production.record import Part, Record
from storyforge.production.renderers import Renderer
from storyforge.production.spans import Panel, panels_request
from storyforge.production.takes import Takes, maker_of
from storyforge.production.wishes import Wishes


@dataclass(frozen=True)
class PanelsJob:
    """The panels of all shots of one renderer, with what they read and where their pictures go.

    wishes: what each is to show, by shot id; found: those that are finished, whoever made them; wanted: ids of shots
    whose panels are made where they are missing, all when it is None.
    """

    renderer: Renderer
    panels: Sequence[Panel]
    sheets: Sheets
    size: tuple[int, int]
    folder: Path
    wishes: Mapping[str, Key] = field(default_factory=dict)
    found: Mapping[str, Result] = field(default_factory=dict)
    wanted: Collection[str] | None = None

    @classmethod
    def of(
        cls, renderer: Renderer, panels: Sequence[Panel], sheets: Sheets, size: tuple[int, int], folder: Path,
        takes: Takes, wishes: Wishes,
    ) -> "PanelsJob":  # fmt: skip
        """The job, with what is finished of it."""
        wished = {panel.shot.id: wishes.panel(panel) for panel in panels}
        found = {panel.shot.id: find_panel(renderer, panel, takes, wishes) for panel in panels}
        return cls(renderer, panels, sheets, size, folder, wished, {name: one for name, one in found.items() if one})

    @cached_property
    def keys(self) -> dict[str, Key]:
        """Shot id -> key of its panel."""
        size = self.renderer.key_size(self.size)
        fingerprint, sheets = self.renderer.fingerprint, self.sheets.digests
        made = {name: result.key for name, result in self.found.items()}
        return {
            panel.shot.id: made.get(panel.shot.id) or panel_key(fingerprint, panel, sheets, size)
            for panel in self.panels
        }


@dataclass(frozen=True)
class Panels:
    """By shot id: digest and key of the row of each panel that is there, and why others could not be made."""

    rows: Mapping[str, tuple[Key, Key]] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)

    def __or__(self, other: "Panels") -> "Panels":
        return Panels({**self.rows, **other.rows}, {**self.failed, **other.failed})


def find_panel(renderer: Renderer, panel: Panel, takes: Takes, wishes: Wishes) -> Result | None:
    """A finished panel that shows what is said of its moment."""
    return takes.find("panel", panel.shot.id, wishes.panel(panel), maker_of(renderer), panel.take)


def make_panels(record: Record, job: PanelsJob, each: Callable[[], None] = lambda: None) -> Panels:
    """Makes those that are missing; their pictures lie in panels/ID.png when this returns.

    each: called before each panel of those that are made one by one.
    """
    job = replace(job, found={name: one for name, one in job.found.items() if record.store.get(one.key)})
    keys = job.keys
    kept = {name: row for name, key in keys.items() if (row := panel_row(record, key)) is not None}
    pictures = {name: picture_of(record.store, job, name) for name in kept}
    drawn = {name for name, picture in pictures.items() if picture and record.store.get(picture.key)}
    wanted = [panel for panel in job.panels if job.wanted is None or panel.shot.id in job.wanted]
    missing = [panel for panel in wanted if panel.shot.id not in drawn]
    for panel in wanted:
        if panel.shot.id in drawn:
            record.reused("panels", panel.shot.id, 1)
    failed: dict[str, str] = {}
    if missing and job.renderer.capabilities.panels == "together":
        _make(record, job, kept, missing)
    else:
        failed = _one_by_one(record, job, kept, missing, each)
    there = [panel for panel in job.panels if panel.shot.id in drawn]
    for panel in there:
        _publish(record, job, panel)
    _finish(record, job, there)
    blobs = {name: record.store.look(key) for name, key in keys.items()}
    return Panels({name: (blob.digest, blob.key) for name, blob in blobs.items() if blob}, failed)


def _make(record: Record, job: PanelsJob, kept: Mapping[str, Any], missing: Sequence[Panel]) -> None:
    """Missing panels in one call of the renderer."""
    keys = job.keys
    whole = digest([keys[panel.shot.id] for panel in missing])
    named = missing[0].shot.id if len(missing) == 1 else f"{len(missing)} panels"
    parts = [
        Part(keys[panel.shot.id], panel.shot.id, 1, tuple(job.sheets.digests[name] for name in panel.sheets))
        for panel in missing
    ]
    work = f"the panel of {named}" if len(missing) == 1 else "the panels"
    with record.task("panels", named, len(missing), whole, parts=parts), job.renderer.blamed(work):
        _render(record, job, kept, missing)
    _finish(record, job, missing)


def _one_by_one(
    record: Record, job: PanelsJob, kept: Mapping[str, Any], missing: Sequence[Panel], each: Callable[[], None]
) -> dict[str, str]:
    """Panels of a model that takes minutes, each kept as soon as it is finished; why others failed, by shot id.

    One that fails costs no other, unless its renderer can make none: then none is tried after it.
    """
    kept, failed = dict(kept), dict[str, str]()
    for number, panel in enumerate(missing):
        each()
        try:
            _make(record, job, kept, [panel])
        except NotReady as error:
            _given_up(record, job, missing[number + 1 :], str(error))
            return failed | {one.shot.id: str(error) for one in missing[number:]}
        except Exception as error:
            if out_of_space(error):
                raise
            failed[panel.shot.id] = str(error) or type(error).__name__
            continue
        kept[panel.shot.id] = panel_row(record, job.keys[panel.shot.id])
    return failed


def _given_up(record: Record, job: PanelsJob, panels: Sequence[Panel], why: str) -> None:
    """Notes panels that were not tried, for who asks later; what is wrong was told once."""
    for panel in panels:
        record.failed("panels", panel.shot.id, 1, job.keys[panel.shot.id], time(), why, quiet=True)


def _finish(record: Record, job: PanelsJob, panels: Sequence[Panel]) -> None:
    """Notes those panels that were not known before."""
    maker = maker_of(job.renderer)
    for panel in panels:
        name = panel.shot.id
        picture = None if name in job.found else picture_of(record.store, job, name)
        if picture:
            made = Result("panel", name, job.keys[name], job.wishes[name], maker, job.renderer.made_by, panel.take)
            record.finished(replace(made, source=picture.key))


def panel_row(record: Record, key: Key) -> Any | None:
    """A stored panel's row of latents."""
    kept = record.store.arrays(key)
    return kept[0]["row"] if kept else None


def _render(record: Record, job: PanelsJob, kept: Mapping[str, Any], missing: Sequence[Panel]) -> None:
    """One film-wide pass, or one panel with those that it is made of; rows that are kept come out as they were."""
    asked = _asked(job, kept, missing)
    numbers = {panel.shot.id: number for number, panel in enumerate(asked)}
    pins = {numbers[name]: row for name, row in kept.items() if name in numbers}
    stills = {numbers[panel.shot.id]: panel.reels.still(panel.moment) for panel in missing}
    pins |= {number: still for number, still in stills.items() if still is not None and number not in pins}
    latents = job.renderer.backend.render([panels_request(asked, job.sheets, pins, job.size)])[0]
    rows = latents.arrays["x"]
    if len(rows) != len(asked):
        raise RenderError(f"renderer {job.renderer.name} gave {len(rows)} panels for {len(asked)} shots")
    fresh = [panel.shot.id for panel in missing if panel.shot.id not in kept]
    if fresh:
        record.store.put_together({job.keys[name]: ({"row": rows[numbers[name]]}, {"shot": name}) for name in fresh})
    _draw(record, job, latents, {numbers[panel.shot.id]: panel for panel in missing})


def _asked(job: PanelsJob, kept: Mapping[str, Any], missing: Sequence[Panel]) -> list[Panel]:
    """The panels of one request: all of them, or those that are missing and those that these look at."""
    how, ids = job.renderer.capabilities.panels, {panel.shot.id for panel in missing}
    if how == "together":
        return list(job.panels)
    first = [panel.shot.id for panel in job.panels if panel.shot.id in kept]
    seen = first[: job.renderer.capabilities.references] if how == "earlier" else ()
    return [panel for panel in job.panels if panel.shot.id in ids or panel.shot.id in seen]


def _draw(record: Record, job: PanelsJob, latents: Latents, missing: Mapping[int, Panel]) -> None:
    """Draws the panels that have no picture, neighbours in one stream, each on disk as soon as it is drawn."""
    for number in missing:
        if number - 1 in missing:
            continue
        stop = next(after for after in range(number, number + len(missing) + 1) if after not in missing)
        for at, frame in enumerate(job.renderer.backend.decode(latents, job.size, number, stop), number):
            panel = missing[at]
            row = record.store.look(job.keys[panel.shot.id])
            if row is not None:
                key = picture_key(job.renderer.fingerprint, _drawn_from(row), job.size)
                record.store.put_picture(key, frame, {"shot": panel.shot.id})
                _publish(record, job, panel)


def picture_of(store: Store, job: PanelsJob, name: str) -> Blob | None:
    """The stored picture of a stored panel: the one it was found with, else what today's renderer draws of it."""
    found = job.found.get(name)
    if found and (blob := store.look(Key(found.source))):
        return blob
    row = store.look(job.keys[name])
    return store.look(picture_key(job.renderer.fingerprint, _drawn_from(row), job.size)) if row else None


def _drawn_from(row: Blob) -> Key:
    """What a panel's picture depends on: its row, and what its prompt has drawn beside it (over whose shoulder)."""
    return digest([row.key, row.digest])


def _publish(record: Record, job: PanelsJob, panel: Panel) -> None:
    picture = picture_of(record.store, job, panel.shot.id)
    if picture:
        path = job.folder / "panels" / f"{panel.shot.id}.png"
        publish(picture, path)
        record.tell(PictureReady("panel", panel.shot.id, path))
