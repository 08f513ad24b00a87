"""Casting: gives every entity x look its sheet before anything is rendered (DESIGN 8)."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from storyforge.backends import CastRequest, Frame, Sheet
from storyforge.cas import Key, Result, Store, digest
from storyforge.errors import RenderError
from storyforge.memory import Casting, pictures
from storyforge.production.cast import Cast
from storyforge.production.events import PictureReady
from storyforge.production.keys import Digests, cast_key
from storyforge.production.outputs import publish_picture
from storyforge.production.record import Part, Record
from storyforge.production.renderers import Renderer
from storyforge.production.spans import Span
from storyforge.production.takes import Takes, maker_of

REFERENCES = 4  # pictures kept of an entity for renderers that do not say how many they read


class Sheets(Mapping[str, Sheet]):
    """A film's cast sheets by entity x look, read from the store when they are asked for."""

    def __init__(self, store: Store, keys: Mapping[str, Key]) -> None:
        self._store, self.keys_of = store, keys
        self._read: dict[str, Sheet] = {}
        blobs = {name: store.look(key) for name, key in keys.items()}
        self.digests: Digests = {name: blob.digest for name, blob in blobs.items() if blob}

    def __getitem__(self, name: str) -> Sheet:
        if name not in self._read:
            found = _sheet(self._store, self.keys_of[name])
            if found is None:
                raise RenderError(f"the cast sheet of {name} is damaged; run the same command again to make it anew")
            self._read[name] = found
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.digests)

    def __len__(self) -> int:
        return len(self.digests)


def make_cast(
    record: Record, renderer: Renderer, wanted: Collection[str], folder: Path, takes: Takes, cast: Cast,
    each: Callable[[], None] = lambda: None,
) -> Sheets:  # fmt: skip
    """The sheets of a film; those that are missing are made as panels are: all in one call, or one by one.

    wanted: their keys, in any order. each: called between two calls.
    """
    names = [name for name in cast.castings if name in wanted]
    keys = sheet_keys(renderer, names, takes, cast)
    castings = [cast.casting(renderer.name, name) for name in names]
    missing = [casting for casting in castings if record.store.get(keys[casting.key]) is None]
    for casting in missing:
        keys[casting.key] = cast_key(renderer.fingerprint, casting)
    missing = [casting for casting in missing if record.store.get(keys[casting.key]) is None]
    for casting in castings:
        if casting not in missing:
            record.reused("cast", casting.key, 1)
    at_once = max(1, len(missing)) if renderer.capabilities.panels == "together" else 1
    for first in range(0, len(missing), at_once):
        if first:
            each()
        _cast(record, renderer, missing[first : first + at_once], keys)
    for name in names:
        if not any(one.key == keys[name] for one in takes.of("cast", name)):
            wish, take = cast.wish(renderer.name, name), cast.take(renderer.name, name)
            made = Result("cast", name, keys[name], wish, maker_of(renderer), renderer.made_by, take)
            record.finished(made, shown=False)
    sheets = Sheets(record.store, keys)
    for name in sheets:
        _show(record, sheets[name], folder)
    return sheets


def _cast(record: Record, renderer: Renderer, missing: Sequence[Casting], keys: Mapping[str, Key]) -> None:
    """Sheets in one call, which are kept together."""
    whole, many = digest([keys[casting.key] for casting in missing]), len(missing)
    parts = [Part(keys[casting.key], casting.key, 1) for casting in missing]
    with record.task("cast", f"{many} sheets" if many > 1 else missing[0].key, many, whole, parts=parts):
        made = zip(missing, _make(renderer, missing), strict=True)
        record.store.put_together({keys[casting.key]: _stored(sheet) for casting, sheet in made})


def sheets_read(renderer: Renderer, laid_out: Sequence[Span], cast: Cast) -> list[str]:
    """Keys of the sheets that a renderer's spans read, in order of first appearance."""
    read = {key for span in laid_out if span.renderer == renderer.name for key in span.sheets}
    return [name for name in cast.castings if name in read]


def show_cast(record: Record, sheets: Sheets) -> None:
    """Notes which sheets the film is made with."""
    for name, key in sheets.keys_of.items():
        record.shown("cast", name, key)


def sheet_keys(renderer: Renderer, names: Sequence[str], takes: Takes, cast: Cast) -> dict[str, Key]:
    """Where each sheet is, or will be: what shows it already, whoever made it, else what today's renderer makes."""
    maker, out = maker_of(renderer), {}
    for name in names:
        found = cast.held(renderer.name, name) or takes.find(
            "cast", name, cast.wish(renderer.name, name), maker, cast.take(renderer.name, name)
        )
        out[name] = found.key if found else cast_key(renderer.fingerprint, cast.casting(renderer.name, name))
    return out


def _sheet(store: Store, key: Key) -> Sheet | None:
    """A stored sheet."""
    kept = store.arrays(key)
    if kept is None:
        return None
    arrays, meta = kept
    shown = [arrays.pop(name) for name in sorted(arrays) if name.startswith("picture.")]
    return Sheet(meta["key"], meta["kind"], arrays, tuple(shown))


def portrait(store: Store, key: Key) -> Frame | None:
    """The first picture of a stored sheet."""
    sheet = _sheet(store, key)
    return sheet.pictures[0] if sheet and sheet.pictures else None


def _make(renderer: Renderer, castings: Sequence[Casting]) -> list[Sheet]:
    """The renderer's own sheets; for one that makes none, the user's pictures."""
    most = renderer.capabilities.references or REFERENCES
    requests = [
        CastRequest(
            casting.key, casting.kind, casting.text, casting.seed, pictures(casting.references, most), body=casting.body
        )
        for casting in castings
    ]
    with renderer.blamed("the cast sheets"):
        if renderer.capabilities.casts:
            return renderer.backend.cast(requests)
    return [Sheet(request.key, request.kind, {}, request.references) for request in requests]


def _stored(made: Sheet) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A sheet as the store keeps it: arrays, and what is known of them."""
    shown = {f"picture.{number:02}": picture for number, picture in enumerate(made.pictures)}
    return {**made.arrays, **shown}, {"key": made.key, "kind": made.kind}


def _show(record: Record, sheet: Sheet, folder: Path) -> None:
    """Puts the sheet's first picture where people look."""
    if sheet.pictures:
        path = folder / "cast" / f"{sheet.key}.png"
        publish_picture(sheet.pictures[0], path)
        record.tell(PictureReady("cast", sheet.key, path))
