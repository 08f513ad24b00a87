"""Levels: the rows of spans from coarse to fine, several spans in one call of the renderer (DESIGN 5)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storyforge.backends import PANELS, Backend, Capabilities, Latents, LevelRequest
from storyforge.cas import Key, Result, Store, digest, out_of_space
from storyforge.conform import Conform, plain
from storyforge.errors import RenderError
from storyforge.production.casting import Sheets
from storyforge.production.draw import read_conform
from storyforge.production.keys import level_key
from storyforge.production.panels import panel_row
from storyforge.production.record import Part, Record
from storyforge.production.reels import Reels
from storyforge.production.renderers import Renderer, made_with, reason
from storyforge.production.spans import Span, level_request

BATCH = 8  # spans in one call
BATCH_FRAMES = 1200  # and their frames at most: memory does not grow with the film


@dataclass(frozen=True)
class LevelsJob:
    """What the levels of one renderer's spans are made from.

    panels: shot id -> digest and key of its panel; pins: the takes that a span has to meet, by the number of the shot.
    """

    renderer: Renderer
    sheets: Sheets
    panels: Mapping[str, tuple[Key, Key]]
    size: tuple[int, int]
    pins: Callable[[Span], Mapping[int, Result]] = lambda span: {}
    draft: bool = False

    @property
    def strides(self) -> tuple[int, ...]:
        """The levels that have a place in time, coarse to fine."""
        return tuple(stride for stride in self.renderer.capabilities.strides if stride != PANELS)

    def key(self, span: Span, stride: int, above: Key | None) -> Key:
        """The key of one level; `above` is the digest of the coarser one."""
        size = self.renderer.key_size(self.size)
        panels = {row: self.panels[name][0] for row, name in self.pinned(span, stride).items()}
        held = {number: take.key for number, take in self._held(span).items()}
        sheets = self.sheets.digests
        return level_key(self.renderer.fingerprint, span, stride, sheets, panels, above, size, held, self.draft)

    def pinned(self, span: Span, stride: int) -> dict[int, str]:
        """Rows of a level that are panels: row -> shot id."""
        return {row: name for row, name in self._places(span, stride).items() if name in self.panels}

    def lacks(self, span: Span) -> list[str]:
        """Ids of the shots whose panels its levels are to be pinned at and that are not there."""
        places = [name for stride in self.strides for name in self._places(span, stride).values()]
        return [name for name in dict.fromkeys(places) if name not in self.panels]

    def _places(self, span: Span, stride: int) -> dict[int, str]:
        """Rows of a level where panels belong: row -> shot id."""
        taken = self._held(span)
        rows = panel_rows(span, stride, self.renderer.capabilities)
        return {row: span.shots[number].id for row, number in rows.items() if number not in taken}

    def rows(self, store: Store, span: Span, stride: int) -> dict[int, Any]:
        """Rows of a level that takes hold: row -> what is drawn there in the take."""
        out: dict[int, Any] = {}
        for number, take in self._held(span).items():
            first = span.starts[number]
            frames = range(-first % stride, span.lengths[number], stride)
            if not made_with(take.made_by, self.renderer.name):
                raise RenderError(
                    f"{take.name}: its take was made by another renderer ({take.made_by}), which {self.renderer.name} "
                    "cannot meet in a flow: cut between them, or take the shot again"
                )
            found = _rows_of(store, self.renderer.backend, take, frames, span.conform)
            out |= {(first + frame) // stride: row for frame, row in found.items()}
        return out

    def _held(self, span: Span) -> Mapping[int, Result]:
        """The takes to be met, where the renderer can hold frames that lie anywhere."""
        return self.pins(span) if self.renderer.capabilities.pins in ("first_last", "any") else {}


def _rows_of(store: Store, backend: Backend, take: Result, frames: Sequence[int], conform: Conform) -> dict[int, Any]:
    """What a take shows at its shot's own frames, from the finest level it was drawn from; those it has.

    A take that was drawn at another rate is asked for what it shows at that moment of the film.
    """
    blob = store.look(take.key)
    kept = store.arrays(Key(take.source)) if blob and take.source else None
    if blob is None or kept is None or "start" not in blob.meta:
        raise RenderError(
            f"{take.name}: what its take was drawn from is gone, so that its neighbours cannot be made to meet it; "
            "unlock it, or pick another take"
        )
    arrays, meta = kept
    fine, first, length = int(meta["stride"]), int(blob.meta["start"]), int(blob.meta["frames"])
    drawn = read_conform(blob.meta["conform"]) if "conform" in blob.meta else plain(conform.film)
    if drawn.step == conform.step:
        at = {frame: first + frame for frame in frames if frame < conform.frames(length)}
    else:
        at = {frame: first + drawn.at(back) for frame in frames if (back := conform.back(frame)) < length}
    there = {frame: place for frame, place in at.items() if place % fine == 0}
    latents = Latents(meta["id"], fine, arrays, meta["meta"])
    return dict(zip(there, backend.rows(latents, list(there.values())), strict=True))


def panel_rows(span: Span, stride: int, able: Capabilities) -> dict[int, int]:
    """Rows of a level that panels can be pinned at: row -> number of the shot."""
    rows = {row: number for number, row in span.moments_at(stride).items()}
    return {row: number for row, number in rows.items() if able.pins != "none" and (row == 0 or able.pins != "first")}


def coarser_rows(rows: int, above: int, stride: int) -> dict[int, int]:
    """Rows of a level that the coarser one has, at stride `above`: row -> row there."""
    return {index * (above // stride): index for index in range(rows)}


def still_rows(span: Span, stride: int) -> dict[int, tuple[Reels, int]]:
    """Rows of a level that are the user's own keyframes: row -> whose, and its frame of the shot."""
    at = [
        (start + frame, panel.reels, frame)
        for start, panel in zip(span.starts, span.panels, strict=True)
        for frame in panel.reels.keyframes
    ]
    return {where // stride: (reels, frame) for where, reels, frame in at if where % stride == 0}


def batches(spans: Sequence[Span], batch: int = BATCH) -> Iterator[list[Span]]:
    """Spans in groups for one call each; the first is small, so that drawing starts early."""
    group: list[Span] = []
    most = min(2, batch)
    for span in spans:
        if group and (len(group) >= most or sum(s.covered for s in group) + span.covered > BATCH_FRAMES):
            yield group
            group, most = [], batch
        group.append(span)
    if group:
        yield group


def make_levels(record: Record, job: LevelsJob, spans: Sequence[Span]) -> dict[str, Key | Exception]:
    """The finest level of each span, by name: its key in the store, or what went wrong."""
    out: dict[str, Key | Exception] = {}
    above: dict[str, Key | None] = {span.name: None for span in spans}
    for stride in job.strides:
        going = [span for span in spans if not isinstance(out.get(span.name), Exception)]
        keys = {span.name: job.key(span, stride, _digest(record, above[span.name])) for span in going}
        missing = [span for span in going if record.store.get(keys[span.name]) is None]
        for span in going:
            if span not in missing:
                record.reused("level", f"{span.name}/{stride}", len(range(0, span.covered, stride)))
        out |= _make(record, job, stride, missing, keys, above)
        out |= {span.name: keys[span.name] for span in going if not isinstance(out.get(span.name), Exception)}
        above |= keys
    return out


def _digest(record: Record, key: Key | None) -> Key | None:
    blob = record.store.look(key) if key else None
    return blob.digest if blob else None


def _make(
    record: Record, job: LevelsJob, stride: int, spans: Sequence[Span], keys: Mapping[str, Key],
    above: Mapping[str, Key | None],
) -> dict[str, Key | Exception]:  # fmt: skip
    """Renders one level of several spans in one call; when that fails, of each half of them.

    So one bad span does not cost the others, and too little memory for all of them may do for some.
    """
    failed = _tried(record, job, stride, spans, keys, above) if spans else None
    if failed is None:
        return {}
    if len(spans) == 1:
        return {spans[0].name: failed}
    middle = len(spans) // 2
    first = _make(record, job, stride, spans[:middle], keys, above)
    return first | _make(record, job, stride, spans[middle:], keys, above)


def _tried(
    record: Record, job: LevelsJob, stride: int, spans: Sequence[Span], keys: Mapping[str, Key],
    above: Mapping[str, Key | None],
) -> RenderError | None:  # fmt: skip
    """What went wrong, if anything did: without its traceback, which would hold on to the memory of the call."""
    try:
        _render(record, job, stride, spans, keys, above)
    except Exception as error:
        if out_of_space(error):
            raise
        return RenderError(reason(error))
    return None


def _render(
    record: Record, job: LevelsJob, stride: int, spans: Sequence[Span], keys: Mapping[str, Key],
    above: Mapping[str, Key | None],
) -> None:  # fmt: skip
    names = spans[0].name if len(spans) == 1 else f"{spans[0].name} and {len(spans) - 1} more"
    parts = [
        Part(
            keys[span.name], f"{span.name}/{stride}", len(range(0, span.covered, stride)),
            tuple(filter(None, [above[span.name]])),
        )
        for span in spans
    ]  # fmt: skip
    whole = digest([part.key for part in parts]) if len(parts) > 1 else parts[0].key
    rows = sum(part.units for part in parts)
    with record.task("level", f"{names}/{stride}", rows, whole, quiet=len(spans) > 1, parts=parts):
        requests = [_request(record, job, stride, span, above[span.name]) for span in spans]
        with job.renderer.blamed(names):
            made = job.renderer.backend.render(requests)
        for span, latents in zip(spans, made, strict=True):
            meta = {"id": latents.id, "stride": latents.stride, "meta": dict(latents.meta)}
            record.store.put_arrays(keys[span.name], latents.arrays, meta)


def _request(record: Record, job: LevelsJob, stride: int, span: Span, above: Key | None) -> LevelRequest:
    """The request with its pins: panels, and every row of the coarser level."""
    pins: dict[int, Any] = {}
    for row, name in job.pinned(span, stride).items():
        pins[row] = panel_row(record, job.panels[name][1])
    coarser = record.store.arrays(above) if above else None
    if coarser is not None:
        arrays, meta = coarser
        rows = coarser_rows(len(arrays["x"]), int(meta["stride"]), stride)
        pins |= {row: arrays["x"][index] for row, index in rows.items()}
    pins |= {row: reels.still(frame) for row, (reels, frame) in still_rows(span, stride).items()}
    pins |= job.rows(record.store, span, stride)
    if any(row is None for row in pins.values()):
        raise RenderError(f"{span.name}: a panel in the store is damaged; run the same command again to make it anew")
    return level_request(span, stride, job.sheets, pins, job.size, job.draft)
