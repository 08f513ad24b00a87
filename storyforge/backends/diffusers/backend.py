"""The diffusers Backend: a span is rendered clip by clip, each clip going on from the one before as the profile can."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from storyforge.backends.base import (
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
from storyforge.backends.diffusers import loading, pictures
from storyforge.backends.diffusers.calls import Known, run
from storyforge.backends.diffusers.clips import Clip, clips
from storyforge.backends.models import DiffusersProfile
from storyforge.errors import RenderError

Made = tuple[NDArray[Any], int]  # a clip's rows, and the last of its frames


class Diffusers:
    """Any text-to-video pipeline of diffusers that a profile names; nothing is loaded before the first render."""

    def __init__(self, profile: DiffusersProfile, download: bool = False) -> None:
        self.profile, self.download = profile, download

    @property
    def capabilities(self) -> Capabilities:
        clip, infill = self.profile.clip, self.profile.infill
        pins: Literal["none", "first", "first_last", "any"] = "none"
        if infill == "first" or infill == "first_last":
            pins = infill
        if infill == "held" and clip.ratio == 1:  # a causal row holds several frames: only the first is one by itself
            pins = "any"
        return Capabilities(
            clip.frames, frame_ratio=clip.ratio, pins=pins, fps=clip.fps, size=clip.size,
            restyles=self.profile.source is not None,
            controls=self.profile.control.kinds if self.profile.control else (),
        )  # fmt: skip

    @cached_property
    def fingerprint(self) -> str:
        return loading.fingerprint(self.profile)

    @cached_property
    def pipe(self) -> Any:
        """The pipeline, loaded and placed."""
        pipe = loading.load(self.profile, self.download)
        if self.profile.keeps == "latents" and pictures.decoder(pipe) is None:
            raise RenderError(
                f"renderer {self.profile.name}: latents of {type(pipe.vae).__name__} cannot be decoded in a stream; "
                "set keeps: pictures in its profile"
            )
        return pipe

    def cast(self, requests: Sequence[CastRequest]) -> list[Sheet]:
        """Text-to-video models know a cast by its words; a sheet keeps the user's pictures beside them."""
        return [Sheet(request.key, request.kind, {}, request.references) for request in requests]

    def render(self, requests: Sequence[LevelRequest]) -> list[Latents]:
        """One call of the pipeline for every clip of every request."""
        return [self._span(request) for request in requests]

    def _span(self, request: LevelRequest) -> Latents:
        kept: list[NDArray[Any]] = []
        table = []  # of each clip: the frame its rows begin with, its own frames [start, stop), its count of rows
        before: Made | None = None
        for clip in clips(request, self.profile.clip.frames, self.profile.infill != "none"):
            known = self._known(request, clip, before if clip.shared else None)
            rows = run(self.pipe, self.profile, request, clip, known)[: self._count(clip)]
            # A row that is a frame by itself is kept once; a causal VAE needs the shared one to start from.
            skipped = int(clip.shared and self._rows_are_frames())
            kept.append(rows[skipped:])
            table.append([clip.start + skipped, clip.own.start, clip.stop, len(rows) - skipped])
            before = rows, clip.stop - clip.start - 1
        # In the order of memory: safetensors writes a transposed array wrong without a word.
        arrays = {"x": np.ascontiguousarray(np.concatenate(kept)), "clips": np.array(table, np.int64)}
        return Latents(request.id, request.stride, arrays, {"keeps": self.profile.keeps})

    def _rows_are_frames(self) -> bool:
        return self.profile.clip.ratio == 1 or self.profile.keeps == "pictures"

    def _count(self, clip: Clip) -> int:
        """Rows that a trimmed clip needs."""
        return clip.rows(1 if self._rows_are_frames() else self.profile.clip.ratio)

    def _known(self, request: LevelRequest, clip: Clip, before: Made | None) -> Known:
        """Pins that fall into the clip, and the frame it shares with the one before, in the way of the chain."""
        pins: dict[int, NDArray[Any]] = {
            at - clip.start: row for at, row in request.pins.items() if clip.start <= at < clip.stop
        }
        if self.profile.infill == "held":
            held = {at: self._row(np.asarray(row)) for at, row in pins.items()}
            return Known(rows=held if before is None else held | {0: self._end_row(*before)})
        shown = {at: row if row.dtype == np.uint8 else pictures.uint8(row) for at, row in pins.items()}
        if before is not None:
            shown[0] = self._picture(*before)
        return Known(first=shown.get(0), last=shown.get(self.profile.clip.frames - 1))

    def _end_row(self, rows: NDArray[Any], frame: int) -> torch.Tensor:
        """The first row of the clip to come. The last row of a causal clip is no first one: that is encoded anew."""
        if self.profile.clip.ratio == 1:
            return torch.from_numpy(rows[frame])
        return pictures.row_of(self.pipe, self._picture(rows, frame))

    def _row(self, known: NDArray[Any]) -> torch.Tensor:
        """A latent row as it is, and a picture as one."""
        return pictures.row_of(self.pipe, known) if known.dtype == np.uint8 else torch.from_numpy(known)

    def _picture(self, rows: NDArray[Any], frame: int) -> Frame:
        return next(islice(self._frames(rows), frame, None))

    def _frames(self, rows: NDArray[Any]) -> Iterator[Frame]:
        if self.profile.keeps == "pictures":
            return iter(rows)
        decode = pictures.decoder(self.pipe)
        assert decode is not None  # `pipe` refuses to load without one
        return decode(self.pipe, torch.from_numpy(rows))

    def noises(
        self, latents: Latents, start: int = 0, stop: int | None = None, acting: Acting | None = None
    ) -> tuple[Noise, ...]:
        """Nothing: a picture does not say what is heard of it."""
        return ()

    def decode(
        self, latents: Latents, size: tuple[int, int], start: int = 0, stop: int | None = None,
        acting: Acting | None = None,
    ) -> Iterator[Frame]:  # fmt: skip
        """Frames [start, stop) at the film's size, decoded a few rows at a time."""
        return (pictures.resized(frame, size) for frame in self._shown(latents, start, stop))

    def rows(self, latents: Latents, frames: Sequence[int]) -> list[NDArray[Any]]:
        """The pictures that are seen there, at the model's own size; a row of latents may hold several of them."""
        if not frames:
            return []
        first, last = min(frames), max(frames)
        wanted = set(frames)
        decoded = enumerate(self._shown(latents, first, last + 1), first)
        seen = {at: frame for at, frame in decoded if at in wanted}
        return [seen[at] for at in frames]

    def _shown(self, latents: Latents, start: int, stop: int | None) -> Iterator[Frame]:
        """Frames [start, stop) at the model's own size."""
        row = 0
        table: list[list[int]] = latents.arrays["clips"].tolist()
        stop = table[-1][2] if stop is None else stop
        for first, own, last, count in table:
            rows = latents.arrays["x"][row : row + count]
            row += count
            if own >= stop or last <= start:
                continue
            for at, frame in enumerate(self._frames(rows), first):
                if max(start, own) <= at < min(stop, last):
                    yield frame

    def sound(self, latents: Latents) -> Audio | None:
        """Pipelines with sound of their own come with a later profile field; none here has any."""
        return None
