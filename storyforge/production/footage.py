"""Footage: shots that show a source as it is; no cast, panels or levels are made for them, they are only drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from storyforge.cas import Blob, Key, digest, file_digest, key, out_of_space
from storyforge.production.draw import DrawJob, Shown
from storyforge.production.events import PictureReady
from storyforge.production.outputs import publish
from storyforge.production.record import Record
from storyforge.production.renderers import reason
from storyforge.storyboard import Resolved, ResolvedShot, colour


@dataclass(frozen=True)
class Footage:
    """One shot with a source. home: the storyboard's folder."""

    shot: ResolvedShot
    resolved: Resolved
    home: Path

    @property
    def shown(self) -> Shown:
        """What the drawing processes are told of it."""
        source = self.shot.shot.source or ""
        plain = colour(source)
        return Shown("" if plain else str((self.home / source).absolute()), plain, self.shot.camera.move or "static")

    @cached_property
    def source(self) -> Key:
        """Digest of what is shown: of a file its bytes, never its name."""
        shown = self.shown
        return digest(shown.colour) if shown.colour else file_digest(Path(shown.path))

    @property
    def moment(self) -> int:
        """The frame that stands for the shot: its middle."""
        return self.shot.frames // 2

    def key(self, kind: str) -> Key:
        """The key of the shot's mp4 ("footage"), or of the frame that stands for it ("footage still")."""
        from storyforge.film import FOOTAGE_VERSION

        return key(
            kind, FOOTAGE_VERSION, source=self.source, move=self.shown.move, frames=self.shot.frames,
            size=self.resolved.size, rate=self.resolved.rate,
        )  # fmt: skip

    def job(self, store: Path) -> DrawJob:
        """The shot as drawing processes get it."""
        return DrawJob(
            renderer="",
            store=str(store),
            latents=self.source,
            key=self.key("footage"),
            start=0,
            stop=self.shot.frames,
            size=self.resolved.size,
            rate=str(self.resolved.rate),
            name=self.shot.id,
            shown=self.shown,
        )


def take_shown(shot: ResolvedShot, take: Blob, resolved: Resolved, home: Path) -> Footage:
    """A take that a shot is held to as a draft shows it: as a source, at the draft's size."""
    source = shot.shot.but(source=str(take.path.absolute()))
    return Footage(replace(shot, shot=source, camera=shot.camera.but(move="static")), resolved, home)


def footage_of(resolved: Resolved, home: Path) -> tuple[Footage, ...]:
    """The film's shots that show a source, in order."""
    return tuple(Footage(shot, resolved, home) for shot in resolved.shots if shot.shown is not None)


def make_stills(record: Record, found: Sequence[Footage], folder: Path) -> tuple[dict[str, Key], dict[str, str]]:
    """Keys of the frames that stand for shots with a source, in panels/ID.png; of those that cannot be read, why."""
    kept: dict[str, Key] = {}
    failed: dict[str, str] = {}
    for one in found:
        name = one.shot.id
        try:
            kept[name] = _still(record, one)
        except Exception as error:
            if out_of_space(error):
                raise
            failed[name] = reason(error)
            continue
        picture = record.store.look(kept[name])
        if picture is not None:
            path = folder / "panels" / f"{name}.png"
            publish(picture, path)
            record.tell(PictureReady("panel", name, path))
    return kept, failed


def _still(record: Record, one: Footage) -> Key:
    """The key of one shot's frame, which is in the store when this returns."""
    still = one.key("footage still")
    if record.store.get(still) is not None:
        record.reused("panels", one.shot.id, 1)
        return still
    with record.task("panels", one.shot.id, 1, still, [one.source]):
        frame = next(one.shown.frames(one.resolved.size, one.resolved.rate, one.shot.frames, one.moment))
        record.store.put_picture(still, frame, {"shot": one.shot.id})
    return still
