"""A renderer of coloured cards: the whole Backend protocol in a few lines of numpy; it remembers what it was asked."""

import atexit
import shutil
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np

from storyforge.backends import (
    PANELS,
    Acting,
    Audio,
    Capabilities,
    CastRequest,
    Frame,
    Latents,
    LevelRequest,
    Noise,
    Sheet,
)
from storyforge.cas import digest
from storyforge.production import Order, Project, Renderer, Renderers


@dataclass
class Paint:
    """Rows are colours: the mean of their sheets, moved by their prompt and by noise that their address decides.

    fails: shots that cannot be rendered; bad: those whose panel cannot be made. most: rows that fit into memory in one
    call. fps: a rate of its own. panels: how they are made, those that look at `earlier` ones at so many `references`.
    """

    fails: set[str] = field(default_factory=set)
    bad: set[str] = field(default_factory=set)
    most: int = 10**9
    strides: tuple[int, ...] = (0, 16, 1)
    fps: float | None = None
    pins: Literal["none", "first", "first_last", "any"] = "any"
    panel_at: Literal["middle", "start"] = "middle"
    panels: Literal["together", "earlier", "alone"] = "together"
    references: int = 0
    restyles: bool = False
    controls: tuple[str, ...] = ()
    fingerprint: str = "paint-1"
    casts: list[str] = field(default_factory=list)
    calls: list[list[LevelRequest]] = field(default_factory=list)
    decoded: list[tuple[str, int, int | None]] = field(default_factory=list)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            clip_frames=17, strides=self.strides, pins=self.pins, prompts="frame", windows=True, casts=True, light=True,
            fps=self.fps, panel_at=self.panel_at, restyles=self.restyles, controls=self.controls,
            panels=self.panels, references=self.references,
        )  # fmt: skip

    def cast(self, requests: Sequence[CastRequest]) -> list[Sheet]:
        self.casts += [request.key for request in requests]
        return [
            Sheet(r.key, r.kind, {"colour": colour(r.text, r.seed)}, (card(colour(r.text, r.seed), (16, 16)),))
            for r in requests
        ]

    def render(self, requests: Sequence[LevelRequest]) -> list[Latents]:
        self.calls.append(list(requests))
        if sum(len(rows_of(request)) for request in requests) > self.most:
            raise MemoryError("out of memory")
        for request in requests:
            for part in request.parts:
                if part.shot in (self.bad if request.stride == PANELS else self.fails):
                    raise RuntimeError(f"{part.shot} is too hard")
        return [Latents(r.id, r.stride, {"x": painted(r)}, {"by": "paint"}) for r in requests]

    def rows(self, latents: Latents, frames: Sequence[int]) -> list[np.ndarray]:
        return [latents.arrays["x"][frame // latents.stride] for frame in frames]

    def noises(
        self, latents: Latents, start: int = 0, stop: int | None = None, acting: Acting | None = None
    ) -> tuple[Noise, ...]:
        return ()

    def decode(
        self, latents: Latents, size: tuple[int, int], start: int = 0, stop: int | None = None,
        acting: Acting | None = None,
    ) -> Iterator[Frame]:  # fmt: skip
        self.decoded.append((latents.id, start, stop))
        for row in latents.arrays["x"][start:stop]:
            yield card(row, size)

    def sound(self, latents: Latents, start: int = 0, stop: int | None = None) -> Audio | None:
        return None

    def requests(self, stride: int) -> list[LevelRequest]:
        """Every request of one stride so far."""
        return [request for call in self.calls for request in call if request.stride == stride]


def rows_of(request: LevelRequest) -> range:
    return range(request.frames) if request.stride == PANELS else request.positions


def painted(request: LevelRequest) -> np.ndarray:
    """The rows of a level; pinned ones come out as they are."""
    out = []
    for row, position in enumerate(rows_of(request)):
        part = next(part for part in reversed(request.parts) if part.start <= position)
        prompt = next(prompt for prompt in reversed(request.prompts) if prompt.start <= position)
        at = request.moments[row] if request.stride == PANELS else position - part.start
        sheets = [request.sheets[entity.key].arrays["colour"] for entity in prompt.prompt.entities if entity.text]
        said = [entity.text for entity in prompt.prompt.entities]
        noise = colour(prompt.prompt.scene, said, part.seed, part.shot, part.take, request.stride, at)
        free = 0.7 * np.mean([*sheets, noise], axis=0) + 0.3 * noise
        out.append(request.pins.get(row, free.astype(np.float32)))
    return np.stack(out)


def colour(*what: object) -> np.ndarray:
    """Three numbers 0..1 that depend on everything given."""
    number = int(digest(list(what))[:12], 16)
    return np.array([(number >> shift) % 256 / 255 for shift in (0, 8, 16)], np.float32)


def card(row: np.ndarray, size: tuple[int, int]) -> Frame:
    width, height = size
    return np.broadcast_to((np.clip(row, 0, 1) * 255).astype(np.uint8), (height, width, 3)).copy()


def studio(folder: Path, board: str, paint: Paint) -> Project:
    """A project whose every renderer is `paint`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "storyboard.yaml").write_text(board, encoding="utf-8")
    return Project(folder, renderers=Renderers(open=lambda name, project: Renderer(name, paint)))


BOARD = """\
storyforge: 1
title: "Two Friends"
size: 96x64
fps: 12
seed: 7
cast:
  ember: {description: "a small orange fox", wears: "a blue scarf", looks: {rain: "a yellow raincoat"}}
  moth: {description: "a grey moth"}
props: {lantern: {description: "a brass lantern"}}
places:
  meadow: {description: "a green meadow"}
  wood: {description: "a dark wood"}
scenes:
  - id: day
    place: meadow
    shots:
      - id: walk
        seconds: 2
        cast: [{who: ember, at: left, does: "walks", holds: lantern}]
        narration: "Ember walked."
      - id: run
        seconds: 1.5
        cast: [{who: ember, does: "runs", holds: lantern}]
        join: {kind: flow, seconds: 0.5}
      - id: talk
        seconds: 3
        cast: [{who: moth}]
        camera: {shot: close}
        dialogue: [{who: moth, line: "Who goes there?"}]
  - id: night
    place: wood
    time: night
    shots:
      - id: sleep
        seconds: 2
        cast: [{who: ember@rain, does: "sleeps"}, {who: moth, at: right}]
        join: {kind: dissolve, seconds: 0.5}
end: {kind: fade, seconds: 0.5}
"""


def rendered(folder: Path, paint: Paint, silent: bool = True) -> Project:
    """BOARD's project as `paint` renders it, which itself knows nothing of that: made once a process, and copied."""
    assert not paint.calls, "a paint that remembers something may render something else"
    known = type(paint), repr(paint), silent
    if known not in _RENDERED:
        whole = TemporaryDirectory(prefix="storyforge-tests-", ignore_cleanup_errors=True)
        atexit.register(whole.cleanup)
        studio(Path(whole.name), BOARD, deepcopy(paint)).produce(Order(workers=1, silent=silent))
        _RENDERED[known] = Path(whole.name)
    shutil.copytree(_RENDERED[known], folder, dirs_exist_ok=True)
    return studio(folder, BOARD, paint)


_RENDERED: dict[tuple[type[Paint], str, bool], Path] = {}
