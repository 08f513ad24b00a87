"""The diffusers Backend: panels, keyframes at the coarser strides, and the frames between them, level by level."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from storyforge.backends.base import (
    Acting,
    Array,
    Audio,
    Capabilities,
    CastRequest,
    Frame,
    Latents,
    LevelRequest,
    Noise,
    Sheet,
)
from storyforge.backends.capabilities import capabilities
from storyforge.backends.diffusers import beginnings, calls, decoding, pictures, references, refining, scales, sounds
from storyforge.backends.diffusers.infill import Known
from storyforge.backends.diffusers.keyframes import Painter
from storyforge.backends.diffusers.pipes import Pipes
from storyforge.backends.diffusers.segments import Segment
from storyforge.backends.diffusers.words import Ask, asks, pictured, rows_made
from storyforge.backends.fingerprints import fingerprint
from storyforge.backends.models import DiffusersProfile
from storyforge.conform import fitted
from storyforge.errors import RenderError

Rows = NDArray[Any]  # a segment's latent rows [rows, channels, h, w], or its pictures [frames, height, width, 3]


class Diffusers:
    """Any video pipeline of diffusers that a profile names; nothing is loaded before the first render."""

    def __init__(self, profile: DiffusersProfile, download: bool = False) -> None:
        self.profile = profile
        self.pipes = Pipes(profile, download)

    @property
    def capabilities(self) -> Capabilities:
        return capabilities(self.profile)

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.profile)

    @property
    def pipe(self) -> Any:
        """The video pipeline, loaded and placed."""
        pipe = self.pipes.run("video", lambda pipe: pipe)
        if self.profile.keeps == "latents" and decoding.decoder(pipe, self.profile.call) is None:
            raise RenderError(
                f"renderer {self.profile.name}: latents of {type(pipe.vae).__name__} cannot be decoded in a stream; "
                "set keeps: pictures in its profile"
            )
        if self.profile.sound:
            sounds.rate_of(pipe, self.profile)
        return pipe

    def _size(self, size: tuple[int, int] | None) -> tuple[int, int]:
        clip = self.profile.clip
        return clip.size if clip.rigid else fitted(size, clip.size, clip.multiple)

    def _painter(self) -> Painter | None:
        network = self.profile.painter
        return Painter(self.pipes, self.profile, network) if network else None

    def cast(self, requests: Sequence[CastRequest]) -> list[Sheet]:
        """Sheets by the keyframe pipeline; without one a sheet keeps the user's pictures."""
        painter = self._painter()
        if painter:
            return painter.cast(requests, self._size(None))
        return [Sheet(request.key, request.kind, {}, request.references) for request in requests]

    def render(self, requests: Sequence[LevelRequest]) -> list[Latents]:
        """One level of each span, segment by segment."""
        return [
            self._pictures(one, self._size(one.size)) if pictured(self.profile, one) else self._level(one)
            for one in requests
        ]

    def _pictures(self, request: LevelRequest, size: tuple[int, int]) -> Latents:
        """A picture of its own for each shot, or each of the coarsest keyframes; those that are pinned stay as such."""
        rows = range(rows_made(self.profile, request))
        known = {row: self._as_picture(pin, size) for row, pin in request.pins.items() if row in rows}
        found = known | dict(self._painted(request, asks(self.profile, request, known), size, known))
        return Latents(request.id, request.stride, {"x": np.stack([found[row] for row in rows])}, {"keeps": "pictures"})

    def _painted(
        self, request: LevelRequest, wanted: Sequence[Ask], size: tuple[int, int], known: Mapping[int, Frame]
    ) -> Iterator[tuple[int, Frame]]:
        """Single rows: by the keyframe pipeline, else each the first frame of a shortest clip."""
        painter = self._painter()
        if painter:
            told = [(ask.segment.start, ask.segment.part, ask.segment.prompt) for ask in wanted]
            yield from painter.keyframes(request, told, size, known)
            return
        for ask in wanted:
            rows, _ = self._call(ask.request, ask.segment, Known(), size)
            yield ask.segment.start, self._picture(rows, 0)

    def _level(self, request: LevelRequest) -> Latents:
        """Keyframes at a coarser stride, as pictures; or the frames of the finest, as the profile keeps them."""
        size = self._size(request.size)
        pins = dict(request.pins)
        kept: list[Rows] = []
        pieces: list[sounds.Piece] = []
        table = []  # of each segment: the frame its rows begin with, its own frames [start, stop), its count of rows
        before: tuple[Rows, int] | None = None  # the rows of the segment before, and its last frame
        wanted = rows_made(self.profile, request)
        for segment in (ask.segment for ask in asks(self.profile, request, pins)):
            shown: dict[int, Rows] = {row - segment.start: pins[row] for row in segment.known if row in pins}
            if segment.shared and before is not None and 0 not in shown:
                shown[0] = self._picture(*before)
            made, waves = self._call(request, segment, self._known(shown, size), size)
            if waves is not None and request.stride == 1:
                pieces.append(sounds.Piece(segment.start, min(segment.stop, wanted), waves))
            for span, rows in beginnings.clips(segment, made, self.profile.clip):
                stop = min(span.stop, wanted)
                rows = rows[: self._count(stop - span.start)]
                before = rows, stop - span.start - 1
                # A row that is a frame by itself is kept once; a causal VAE needs the shared one to start from.
                shared = segment.shared and span.start == segment.start
                skipped = int(shared and self._rows_are_frames())
                kept.append(rows[skipped:])
                table.append([span.start + skipped, span.start + shared, stop, len(rows) - skipped])
        # In the order of memory: safetensors writes a transposed array wrong without a word.
        arrays = {"x": np.ascontiguousarray(np.concatenate(kept)), "clips": np.array(table, np.int64)}
        meta: dict[str, str] = {"keeps": self.profile.keeps}
        if pieces:
            rate = sounds.rate_of(self.pipe, self.profile)
            arrays["sound"] = sounds.joined(pieces, rate, self.profile.clip.fps)
            meta["sound"] = str(rate)
        fine = Latents(request.id, request.stride, arrays, meta)
        return fine if request.stride == 1 else self._coarse(fine, pins, size)

    def _coarse(self, made: Latents, pins: Mapping[int, Any], size: tuple[int, int]) -> Latents:
        """A level of keyframes as pictures: known ones come out as they were given."""
        rows = [frame.copy() for frame in self.decode(made, size)]
        for row, pin in pins.items():
            if row < len(rows):
                rows[row] = self._as_picture(pin, size)
        return Latents(made.id, made.stride, {"x": np.stack(rows)}, {"keeps": "pictures"})

    def _call(
        self, request: LevelRequest, segment: Segment, known: Known, size: tuple[int, int]
    ) -> tuple[Rows, Array | None]:
        """One call of the video pipeline, refined where the profile says so, and the sound of one that makes sound."""
        sounds.in_step(self.profile, request.options)
        more: dict[str, Any] = {}
        refer: list[Frame] = []
        if self.profile.references:
            refer = references.relevant(segment.prompt, request.sheets, self.profile.references.most)
            more |= references.arguments(self.profile.references, refer, size)
        self.pipe  # noqa: B018  (refuses before the work what could not be decoded after it)

        def call(pipe: Any) -> calls.Made:
            with references.weighed(pipe, self.profile, bool(refer)):
                return calls.run(pipe, self.profile, request, segment, known, size, more)

        made = self.pipes.run("video", call)
        if self.profile.keeps == "latents":
            frames = calls.called(self.profile, segment)
            rows = scales.rows_from(self.pipe, self.profile, made.shown, frames, size)
            return rows.float().cpu().numpy(), None
        waves = sounds.waveform(made.sound, self.profile) if self.profile.sound else None
        shown = np.stack([pictures.uint8(np.asarray(frame)) for frame in made.shown[0]])
        if self.profile.refine:
            shown = refining.refined(self.pipes, self.profile, request, segment, shown)
        return shown, waves

    def _rows_are_frames(self) -> bool:
        return self.profile.clip.ratio == 1 or self.profile.keeps == "pictures"

    def _count(self, frames: int) -> int:
        """Rows that so many frames need: of latents as many as a call of whole steps has, since VAEs count by them."""
        clip = self.profile.clip
        return frames if self._rows_are_frames() else (clip.whole(frames) - 1) // clip.ratio + 1

    def _known(self, shown: Mapping[int, Any], size: tuple[int, int]) -> Known:
        """Pins of a call as its profile takes them: pictures, or latent rows to hold."""
        if self.profile.infill != "held":
            return Known(frames={at: self._as_picture(pin, size) for at, pin in sorted(shown.items())})
        ratio = self.profile.clip.ratio
        held = {at // ratio: pin for at, pin in shown.items() if at % ratio == 0}
        return Known(rows={row: self._as_row(pin, row, size) for row, pin in held.items()})

    def _as_row(self, pin: Rows, row: int, size: tuple[int, int]) -> torch.Tensor:
        if pin.dtype == np.uint8:
            after = self.profile.clip.ratio if row and self.profile.clip.ratio > 1 else 0
            fitting = pictures.resized(pin, size)
            return self.pipes.run("video", lambda pipe: pictures.row_of(pipe, fitting, after))
        return torch.from_numpy(np.asarray(pin))

    def _as_picture(self, pin: Rows, size: tuple[int, int]) -> Frame:
        """A pin as a picture of that size: one already, or a pipeline's own in 0..1."""
        shown = np.asarray(pin) if pin.dtype == np.uint8 else pictures.uint8(np.asarray(pin))
        return pictures.resized(shown, size)

    def _picture(self, rows: Rows, frame: int) -> Frame:
        return self.pipes.run("video", lambda pipe: next(islice(self._frames(rows), frame, None)).copy())

    def _frames(self, rows: Rows) -> Iterator[Frame]:
        if rows.dtype == np.uint8:
            return iter(rows)
        decode = decoding.decoder(self.pipe, self.profile.call)
        assert decode is not None  # `pipe` refuses to load without one
        return decode(self.pipe, torch.from_numpy(rows))

    def rows(self, latents: Latents, frames: Sequence[int]) -> list[Array]:
        """Pictures of those frames of a level, as another may be pinned to."""
        wanted = set(frames)
        found: dict[int, Frame] = {}
        if not wanted:
            return []
        for at, frame in enumerate(self._shown(latents, min(wanted), max(wanted) + 1), min(wanted)):
            if at in wanted:
                found[at] = frame.copy()
        return [found[at] for at in frames]  # type: ignore[misc]  # uint8, as this backend takes them

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
        for frame in self._shown(latents, start, stop):
            yield pictures.resized(frame, size)

    def _shown(self, latents: Latents, start: int, stop: int | None) -> Iterator[Frame]:
        """Frames [start, stop) at the model's own size."""
        x = latents.arrays["x"]
        if "clips" not in latents.arrays:  # keyframes: a picture each
            yield from x[start:stop]
            return
        row = 0
        table: list[list[int]] = latents.arrays["clips"].tolist()
        stop = table[-1][2] if stop is None else stop
        for first, own, last, count in table:
            rows = x[row : row + count]
            row += count
            if own >= stop or last <= start:
                continue
            for at, frame in enumerate(self._frames(rows), first):
                if max(start, own) <= at < min(stop, last):
                    yield frame
                if at + 1 >= min(stop, last):
                    break

    def sound(self, latents: Latents, start: int = 0, stop: int | None = None) -> Audio | None:
        """What the pipeline made beside frames [start, stop), of a profile with `sound: true`."""
        return sounds.heard(latents, self.profile.clip.fps, start, stop)
