"""Latents at the VAE's scale and at the denoiser's, as each pipeline writes it, and in the shape each keeps."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from storyforge.backends.models import DiffusersProfile

AXES = {
    "CogVideoX": "BFCHW",
    "ConsisID": "BFCHW",
    "StableVideoDiffusion": "BFCHW",
    "AnyFlow": "BFCHW",
    "TextToVideoZero": "BFCHW",
    "Kandinsky5": "BFHWC",
}
"""Axes of what pipelines return as latents, by how their names begin; all others are BCFHW."""

LEADING = ("CogVideoX", "WanVACE")
"""Pipelines that leave rows of padding or of references in front of the film's."""


def on(pipe: Any, tensor: Tensor) -> Tensor:
    """Where and how the VAE computes; an offloaded one is fetched first, since its parts are called one by one."""
    hook = getattr(pipe.vae, "_hf_hook", None)
    if hook is not None and hasattr(hook, "pre_forward"):
        hook.pre_forward(pipe.vae)
    return tensor.to(pipe._execution_device, pipe.vae.dtype)


def opened(pipe: Any, latents: Tensor) -> Tensor:
    """Latents [1, channels, rows, h, w] or [rows, channels, h, w] as the VAE decodes them.

    The arithmetic is each pipeline's own, in its order, so that frames are its own to the last bit.
    """
    vae, kind = pipe.vae, type(pipe.vae).__name__
    if _is_plain(pipe):
        mean, std = statistics(vae, latents)
        return latents / (1.0 / std) + mean
    factor = _factor(pipe)
    if kind.startswith("AutoencoderKLHunyuanVideo"):
        return latents / factor
    if _has_statistics(vae):
        mean, std = statistics(vae, latents)
        return latents * std / factor + mean
    if kind == "AutoencoderKLMochi":
        return latents / factor
    return 1 / factor * latents


def closed(pipe: Any, latents: Tensor) -> Tensor:
    """Latents of the VAE's encoder at the denoiser's scale: the inverse of `opened`."""
    vae = pipe.vae
    if _is_plain(pipe):
        mean, std = statistics(vae, latents)
        return (latents - mean) / std
    if _has_statistics(vae):
        mean, std = statistics(vae, latents)
        return (latents - mean) * _factor(pipe) / std
    return latents * _factor(pipe)


def statistics(vae: Any, like: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of a VAE's latents, per channel: from its config, or from its own buffers."""
    shape = (1, -1) + (1,) * (like.dim() - 2)
    own = dict(vae.named_buffers(recurse=False))
    mean, std = (
        (own[name] if name in own else torch.tensor(vae.config[name])).view(shape).to(like)
        for name in ("latents_mean", "latents_std")
    )
    return mean, std


def rows_from(
    pipe: Any, profile: DiffusersProfile, made: Any, frames: int | None = None, size: tuple[int, int] | None = None
) -> Tensor:
    """What a pipeline returned for `output_type="latent"` as rows [rows, channels, h, w] at the denoiser's scale.

    made: its result or the result's `frames`, packed or not. frames, size (width, height): of the call; the profile's
    clip by default. Rows in front of the film's (references, padding) are left out.
    """
    latents = getattr(made, "frames", made)
    if isinstance(latents, list | tuple):
        latents = latents[-1]
    count = ((frames or profile.clip.frames) - 1) // profile.clip.ratio + 1
    name = type(pipe).__name__
    if latents.dim() == 4:
        return _contiguous(latents)
    if latents.dim() == 3:
        latents = _unpacked(pipe, latents, count, size or profile.clip.size)
    axes = next((axes for begins, axes in AXES.items() if name.startswith(begins)), profile.layout or "BCFHW")
    rows: Tensor = latents[0].permute([axes[1:].index(axis) for axis in "FCHW"])
    if name.startswith(LEADING) and len(rows) > count:
        rows = rows[len(rows) - count :]
    if name.startswith("LTX2"):  # it returns latents at the VAE's scale
        rows = closed(pipe, rows.transpose(0, 1)[None])[0].transpose(0, 1)
    return _contiguous(rows)


def _unpacked(pipe: Any, latents: Tensor, rows: int, size: tuple[int, int]) -> Tensor:
    """LTX: tokens [1, rows x h x w, channels] to [1, channels, rows, h, w]."""
    smaller = pipe.vae_spatial_compression_ratio
    unpack: Callable[..., Tensor] = pipe._unpack_latents
    patches = pipe.transformer_spatial_patch_size, pipe.transformer_temporal_patch_size
    return unpack(latents, rows, size[1] // smaller, size[0] // smaller, *patches)


def _contiguous(rows: Tensor) -> Tensor:
    return rows.contiguous()


def _is_plain(pipe: Any) -> bool:
    """Wan's VAE, and LTX-2's within Sana: mean and deviation without a factor."""
    kind = type(pipe.vae).__name__
    return kind == "AutoencoderKLWan" or (kind == "AutoencoderKLLTX2Video" and type(pipe).__name__.startswith("Sana"))


def _has_statistics(vae: Any) -> bool:
    """LTX and LTX-2 keep them as buffers; Mochi names them in its config, or does not."""
    if "latents_mean" in dict(vae.named_buffers(recurse=False)):
        return True
    return type(vae).__name__ == "AutoencoderKLMochi" and bool(vae.config.get("latents_mean"))


def _factor(pipe: Any) -> float:
    return float(getattr(pipe, "vae_scaling_factor_image", None) or pipe.vae.config.scaling_factor)
