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
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from storyforge.backends.diffusers import cutting, infill, texts
from storyforge.backends.diffusers.codenoising import Edit, WindowPlan, denoisers
from storyforge.backends.diffusers.cutting import Window
from storyforge.backends.diffusers.families import Family
from storyforge.backends.diffusers.infill import Call, Known
from storyforge.backends.diffusers.segments import ENDS, Segment
from storyforge.backends.models import Clip, DiffusersProfile
from storyforge.clock import Span
from storyforge.errors import RenderError

Rows = NDArray[Any]


def order(segment: Segment, ratio: int) -> list[int]:
    """The film's latent row, counted from the segment's first, that each row of its call stands for."""
    rows = (segment.rows - 1) // ratio + 1
    if not segment.windows:
        return [*range(rows)]
    return [*(window.start for window in _begun(segment, ratio)), *range(1, rows)]


def _begun(segment: Segment, ratio: int) -> tuple[Span, ...]:
    """The latent rows that its windows see, counted from the segment's first."""
    frames = [Span(one.start - segment.start, one.stop - segment.start) for one in segment.windows]
    return tuple(Span(one.start // ratio, (one.stop - 1) // ratio + 1) for one in frames)


def plan(profile: DiffusersProfile, segment: Segment) -> WindowPlan:
    """Windows are blended by how near they are to what they know."""
    windows, ratio = profile.windows, profile.clip.ratio
    assert windows is not None  # a profile of windows has them
    return WindowPlan(
        size=(profile.clip.frames - 1) // ratio + 1,
        overlap=-(-windows.overlap // ratio),
        batch=windows.batch,
        kind="valley" if profile.infill in ENDS else "falling",
        begun=_begun(segment, ratio),
    )


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


def conditioned(pipe: Any, arguments: Mapping[str, Any], pictures: Sequence[Mapping[str, Any]]) -> Edit:
    """An edit for `WindowPlan`. pictures: of each window, what replaces the arguments of the film's call in its own."""
    drawn = {name: value for name, value in arguments.items() if name != "latents"}
    noise = noise_channels(pipe)
    calls = []
    for own in pictures:
        family, call = texts.heard(pipe, {**drawn, **own}, denoisers(pipe))
        if not _told_apart(family, call, noise):
            raise RenderError(
                f"{type(pipe).__name__} does not tell its denoiser of pictures beside the noise, so that windows "
                "cannot begin at them: set longer: chain in the profile"
            )
        calls.append((family, call))

    def edit(window: Window, part: dict[str, Any]) -> dict[str, Any]:
        family, call = calls[window.index]
        shown = {name: call[name] for name in family.shown if call.get(name) is not None}
        return part | shown | {family.main: _shown(part[family.main], call[family.main], family.channels, noise)}

    return edit


def _told_apart(family: Family, call: Mapping[str, Any], noise: int) -> bool:
    """Whether what a denoiser is told of pictures can be put into another call: channels or arguments of their own."""
    if family.worded or not isinstance(family.cut[family.main], cutting.Rows):
        return False
    beside = call[family.main].shape[family.channels] > noise
    return beside or any(call.get(name) is not None for name in family.shown)


def noise_channels(pipe: Any) -> int:
    """Channels of the latents: the rest of what the denoiser is given says what is known."""
    config = pipe.vae.config
    return int(config.get("z_dim") or config["latent_channels"])


def _shown(part: Tensor, clip: Tensor, axis: int, noise: int) -> Tensor:
    """The window's noise with the clip's pictures beside it, if that is where they are told."""
    if clip.shape[axis] == noise:
        return part
    whole = clip.to(part.dtype).clone()
    whole.narrow(axis, 0, noise).copy_(part.narrow(axis, 0, noise))
    return whole
