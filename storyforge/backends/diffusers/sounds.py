"""Sound that pipelines make beside their pictures: cut as the pictures are, joined call after call, kept as int16."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from storyforge import clock
from storyforge.backends.base import Array, Audio, Latents
from storyforge.backends.models import DiffusersProfile
from storyforge.errors import InputError, RenderError

FADE = 0.005  # seconds in which the sound of one call goes over into that of the next: too short to be heard as such
FULL = 32767  # what full scale is kept as


@dataclass(frozen=True)
class Piece:
    """What one call made: samples [n, channels], heard over frames [begin, stop) of the level."""

    begin: int
    stop: int
    samples: Array


def rate_of(pipe: Any, profile: DiffusersProfile) -> int:
    """Samples a second of what the pipeline makes, by its vocoder's config. Raises RenderError where it has none."""
    config = getattr(getattr(pipe, "vocoder", None), "config", {})
    if "output_sampling_rate" not in config:
        raise RenderError(
            f"renderer {profile.name}: sound: true, and {profile.pipeline} has no vocoder that says at which rate it "
            "makes sound; take sound out of its profile"
        )
    return int(config["output_sampling_rate"])


def in_step(profile: DiffusersProfile, options: Mapping[str, Any]) -> None:
    """Raises InputError where a shot's options tell the call of another rate than its pictures are shown at."""
    told = options.get("frame_rate", profile.clip.fps)
    if profile.sound and told != profile.clip.fps:
        raise InputError(
            f"renderer {profile.name}: option frame_rate ({told}) is not its clip's {profile.clip.fps:g} a second: "
            "sound and pictures would part; leave it out, or name a profile without sound: true"
        )


def waveform(made: Any, profile: DiffusersProfile) -> Array:
    """A call's sound [batch, channels, samples] (mono: [batch, samples]) as float32 [samples, channels]."""
    if made is None:
        raise RenderError(
            f"renderer {profile.name}: sound: true, and {profile.pipeline} made none; take sound out of its profile"
        )
    first = (made if isinstance(made, torch.Tensor) else torch.from_numpy(np.asarray(made)))[0].float().cpu().numpy()
    return np.ascontiguousarray(np.atleast_2d(first).T, dtype=np.float32)


def joined(pieces: Sequence[Piece], rate: int, fps: float) -> NDArray[np.int16]:
    """The sound of a level, int16 [samples, channels], as long as its frames; silent where a call's sound ends early.

    A call that begins at the last frame of the one before is faded in while that one fades out, over the FADE before
    the earlier sound ends, at the same power (sine and cosine); where two calls share nothing each fades by itself.
    """
    fade = round(FADE * rate)
    out = np.zeros((sample(pieces[-1].stop, rate, fps), pieces[0].samples.shape[1]), np.float32)
    end = 0
    for piece in pieces:
        first = sample(piece.begin, rate, fps)
        mine = piece.samples[: sample(piece.stop, rate, fps) - first].copy()
        if first + len(mine) <= end:
            continue  # all that it says was said
        if first < end:
            both = min(fade, end - first, first + len(mine) - end)
            rise = np.sin((np.arange(both) + 0.5) / both * np.pi / 2)[:, None].astype(np.float32)
            mine[end - both - first : end - first] *= rise
            out[end - both : end] *= rise[::-1]
            out[end - both : end] += mine[end - both - first : end - first]
            out[end : first + len(mine)] = mine[end - first :]
        else:
            _fade_out(out[:end], fade)
            _fade_out(mine[::-1], fade if end else 0)
            out[first : first + len(mine)] = mine
        end = first + len(mine)
    _fade_out(out[:end], fade if end < len(out) else 0)
    return np.asarray(np.round(out.clip(-1, 1) * FULL), np.int16)


def _fade_out(samples: Array, fade: int) -> None:
    """Fades the end of some samples, in place."""
    length = min(fade, len(samples))
    if length:
        samples[-length:] *= np.cos((np.arange(length) + 0.5) / length * np.pi / 2)[:, None]


def sample(frame: int, rate: int, fps: float) -> int:
    """The number of the sample that is heard when a frame of the model's appears."""
    return clock.frames(Fraction(frame) / clock.exact(fps), Fraction(rate))


def heard(latents: Latents, fps: float, start: int, stop: int | None) -> Audio | None:
    """What is heard over frames [start, stop) of a level; None where its model made nothing."""
    if "sound" not in latents.arrays:
        return None
    rate = int(latents.meta["sound"])
    last = None if stop is None else sample(stop, rate, fps)
    kept = latents.arrays["sound"][sample(start, rate, fps) : last]
    return Audio(kept.astype(np.float32) / np.float32(FULL), rate)
