"""Latents to pictures, a few frames at a time, and pictures to latents, sizes and back."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from storyforge.backends.base import Frame

CHUNK = 8  # frames an image VAE decodes at once

Decode = Callable[[Any, Tensor], Iterator[Frame]]


def decoder(pipe: Any) -> Decode | None:
    """How its latents [rows, channels, h, w] become frames in a stream; None when only the pipeline knows."""
    if type(pipe.vae).__name__ == "AutoencoderKLWan":
        return wan_frames
    return image_frames if hasattr(pipe, "decode_latents") and type(pipe.vae).__name__ == "AutoencoderKL" else None


@torch.no_grad()
def wan_frames(pipe: Any, rows: Tensor) -> Iterator[Frame]:
    """Wan's causal VAE row by row through its feature cache: the frames of `vae.decode`, without their tensor."""
    vae = pipe.vae
    latents = _unscaled(vae, _on(pipe, rows).transpose(0, 1)[None])
    try:
        vae.clear_cache()
        features = vae.post_quant_conv(latents)
        for row in range(features.shape[2]):
            vae._conv_idx = [0]
            first = {"first_chunk": True} if row == 0 else {}
            made = vae.decoder(features[:, :, row : row + 1], feat_cache=vae._feat_map, feat_idx=vae._conv_idx, **first)
            yield from _frames(_unpatched(vae, made)[0].transpose(0, 1))
    finally:
        vae.clear_cache()
        pipe.maybe_free_model_hooks()


@torch.no_grad()
def image_frames(pipe: Any, rows: Tensor) -> Iterator[Frame]:
    """An image VAE's frames (AnimateDiff): each row is a frame by itself."""
    for start in range(0, len(rows), CHUNK):
        latents = _on(pipe, rows[start : start + CHUNK]) / pipe.vae.config.scaling_factor
        yield from _frames(pipe.vae.decode(latents).sample)
    pipe.maybe_free_model_hooks()


@torch.no_grad()
def row_of(pipe: Any, frame: Frame) -> Tensor:
    """One picture as a latent row [channels, h, w]: the mode of the VAE's posterior, at the denoiser's scale."""
    vae = pipe.vae
    picture = torch.from_numpy(frame.copy()).permute(2, 0, 1)[None].to(torch.float32) / 127.5 - 1
    if type(vae).__name__ == "AutoencoderKLWan":
        latents: Tensor = vae.encode(_on(pipe, picture)[:, :, None]).latent_dist.mode()
        mean, std = _statistics(vae, latents)
        return ((latents - mean) / std)[0, :, 0]
    row: Tensor = vae.encode(_on(pipe, picture)).latent_dist.mode()[0]
    return row * float(vae.config.scaling_factor)


def _on(pipe: Any, tensor: Tensor) -> Tensor:
    """Where and how the VAE computes; an offloaded one is fetched first, since its parts are called one by one."""
    hook = getattr(pipe.vae, "_hf_hook", None)
    if hook is not None and hasattr(hook, "pre_forward"):
        hook.pre_forward(pipe.vae)
    return tensor.to(pipe._execution_device, pipe.vae.dtype)


def _statistics(vae: Any, like: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of Wan's latents, per channel."""
    mean, std = (
        torch.tensor(vae.config[name]).view(1, -1, 1, 1, 1).to(like) for name in ("latents_mean", "latents_std")
    )
    return mean, std


def _unscaled(vae: Any, latents: Tensor) -> Tensor:
    mean, std = _statistics(vae, latents)
    return latents / (1.0 / std) + mean  # as the pipeline writes it, so that frames are its own to the last bit


def _unpatched(vae: Any, made: Tensor) -> Tensor:
    if vae.config.patch_size is None:
        return made
    from diffusers.models.autoencoders.autoencoder_kl_wan import unpatchify

    opened: Tensor = unpatchify(made, patch_size=vae.config.patch_size)
    return opened


def _frames(pictures: Tensor) -> Iterator[Frame]:
    """[frames, 3, height, width] in -1..1 to uint8 pictures."""
    whole = (pictures.float().clamp(-1, 1) / 2 + 0.5).permute(0, 2, 3, 1).cpu().numpy()
    yield from (whole * 255).round().astype(np.uint8)


def uint8(pictures: NDArray[Any]) -> NDArray[np.uint8]:
    """A pipeline's own pictures [..., height, width, 3] in 0..1."""
    whole: NDArray[np.float32] = np.clip(pictures, 0, 1) * 255
    return whole.round().astype(np.uint8)


def resized(frame: Frame, size: tuple[int, int]) -> Frame:
    """A frame at the film's size: scaled to cover it, the overhang cut off on both sides alike."""
    height, width = frame.shape[:2]
    if (width, height) == size:
        return frame
    from PIL import Image

    scale = min(width / size[0], height / size[1])
    seen = (size[0] * scale, size[1] * scale)
    left, top = (width - seen[0]) / 2, (height - seen[1]) / 2
    box = (left, top, left + seen[0], top + seen[1])
    return np.asarray(Image.fromarray(frame).resize(size, Image.Resampling.LANCZOS, box=box))
