"""Windows that begin at pictures, for models that are told of pictures at a call's ends alone.

Repeated in every window, the film's first picture would set each of them back to it; left to the first row alone, the
rest would be text to video by a model that never saw that. So each window is shown what a clip of its own would be: the
pipeline is called at a clip's length with the window's pictures, up to its first step, and what its denoiser is told of
them is put into the window.

Of a causal VAE the first row is one frame and every other one several, so that a window's first row is none of its
neighbours'. Each window has it to itself, in front of the film's rows; the others are shared, and blended. At a
keyframe the film shows the row of the window that begins there, which knows it: from each picture to the next a clip is
decoded.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from storyforge.backends.diffusers import cutting, infill, texts, windows
from storyforge.backends.diffusers.codenoising import Edit, WindowPlan, denoisers
from storyforge.backends.diffusers.families import Family
from storyforge.backends.diffusers.infill import Call, Known
from storyforge.backends.diffusers.segments import Segment
from storyforge.backends.models import Clip, DiffusersProfile
from storyforge.clock import Span
from storyforge.errors import RenderError

Rows = NDArray[Any]


def order(segment: Segment, ratio: int) -> list[int]:
    """The film's latent row, counted from the segment's first, that each row of its call stands for."""
    rows = (segment.rows - 1) // ratio + 1
    if not segment.windows:
        return [*range(rows)]
    return [*(window.start for window in windows.begun(segment, ratio)), *range(1, rows)]


def plan(profile: DiffusersProfile, segment: Segment) -> WindowPlan:
    """Windows are blended by how near they are to what they know."""
    size, overlap, _ = windows.shape(profile)
    batch = profile.windows.batch if profile.windows else 1
    begun = windows.begun(segment, profile.clip.ratio)
    return WindowPlan(size, overlap, batch=batch, kind=windows.kind(profile), begun=begun)


def clips(segment: Segment, made: Rows, clip: Clip) -> Iterator[tuple[Span, Rows]]:
    """What a call made as clips, each with the rows of the level that it shows: one from each picture to the next.

    A clip has as many latent rows as its VAE decodes, be it some beyond the next picture.
    """
    if not segment.windows:
        yield Span(segment.start, segment.stop), made
        return
    first = {window.start: at for at, window in enumerate(segment.windows)}  # of two that begin there the longer one
    begins = sorted(first)
    for begin, stop in zip(begins, [*begins[1:], segment.stop], strict=True):
        at = len(segment.windows) + (begin - segment.start) // clip.ratio
        rows = made[at : at + (clip.whole(stop - begin) - 1) // clip.ratio]
        yield Span(begin, stop), np.concatenate([made[first[begin]][None], rows])


def pictures(
    pipe: Any, profile: DiffusersProfile, segment: Segment, known: Known, size: tuple[int, int]
) -> list[dict[str, Any]]:
    """For each window the arguments of a call of its own: its length and its pictures."""
    out = []
    for window in segment.windows:
        ends = {0: window.start - segment.start, len(window) - 1: window.stop - 1 - segment.start}
        frames = {at: known.frames[row] for at, row in ends.items() if row in known.frames}
        call = Call(len(window), size, profile.clip.ratio)
        told = infill.arguments(pipe, profile, Known(frames), call) | {"num_frames": profile.clip.ask(len(window))}
        out.append({profile.names.get(name, name): value for name, value in told.items()})
    return out


@dataclass(frozen=True)
class _Told:
    """What a window's denoiser is told of its pictures, in the computer's own memory: it is small beside a film's."""

    family: Family
    arguments: Mapping[str, Tensor]
    channels: Tensor | None

    def put(self, part: dict[str, Any], noise: int) -> dict[str, Any]:
        """The arguments of a window with it in them."""
        main, axis = part[self.family.main], self.family.channels
        told = {name: value.to(main.device) for name, value in self.arguments.items()}
        if self.channels is not None:
            told[self.family.main] = torch.cat([main.narrow(axis, 0, noise), self.channels.to(main)], axis)
        return part | told


def conditioned(
    pipe: Any, profile: DiffusersProfile, arguments: Mapping[str, Any], pictures: Sequence[Mapping[str, Any]]
) -> Edit:
    """An edit for `WindowPlan`. pictures: of each window, what replaces the arguments of the film's call in its own."""
    films = {"latents", *(profile.names.get(name, name) for name in ("image", "last_image"))}
    drawn = {name: value for name, value in arguments.items() if name not in films}
    noise = noise_channels(pipe)
    with _encoding_once(pipe):
        told = [_told(pipe, {**drawn, **own}, noise) for own in pictures]
    return lambda window, part: told[window.index].put(part, noise)


def _told(pipe: Any, arguments: Mapping[str, Any], noise: int) -> _Told:
    """What the denoiser is told of pictures in a call: channels beside the noise, or arguments of their own."""
    family, call = texts.heard(pipe, arguments, denoisers(pipe))
    shown = {name: call[name].to("cpu", copy=True) for name in family.shown if call.get(name) is not None}
    main = call[family.main]
    beside = main.shape[family.channels] - noise
    if family.worded or not isinstance(family.cut[family.main], cutting.Rows) or not (beside or shown):
        raise RenderError(
            f"{type(pipe).__name__} does not tell its denoiser of pictures beside the noise, so that windows "
            "cannot begin at them: set longer: chain in the profile"
        )
    channels = main.narrow(family.channels, noise, beside).to("cpu", copy=True) if beside else None
    return _Told(family, shown, channels)


@contextmanager
def _encoding_once(pipe: Any) -> Iterator[None]:
    """Within, a prompt is encoded once: the windows' calls differ in their pictures alone."""
    plain = getattr(pipe, "encode_prompt", None)
    if plain is None:
        yield
        return
    known: dict[str, Any] = {}

    def encode(*args: Any, **kwargs: Any) -> Any:
        if not _plain([*args, *kwargs.values()]):  # it looks at a picture, too
            return plain(*args, **kwargs)
        key = repr((args, sorted(kwargs.items())))
        if key not in known:
            known[key] = plain(*args, **kwargs)
        return known[key]

    own = vars(pipe).get("encode_prompt")
    pipe.encode_prompt = encode
    try:
        yield
    finally:
        del pipe.encode_prompt
        if own is not None:
            pipe.encode_prompt = own


def _plain(value: Any) -> bool:
    """Whether an argument is told whole by its repr."""
    if isinstance(value, list | tuple):
        return all(map(_plain, value))
    return value is None or isinstance(value, str | int | float | torch.device | torch.dtype)


def noise_channels(pipe: Any) -> int:
    """Channels of the latents: the rest of what the denoiser is given says what is known."""
    config = pipe.vae.config
    return int(config.get("z_dim") or config["latent_channels"])
