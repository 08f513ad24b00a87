"""Pictures: as a latent row of a VAE, as a pipeline's own array, and at another size."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from storyforge.backends.base import Frame
from storyforge.backends.diffusers.scales import closed, on

IMAGE_VAES = {"AutoencoderKL", "AutoencoderKLTemporalDecoder", "AutoencoderTiny"}


@torch.no_grad()
def row_of(pipe: Any, frame: Frame, after: int = 0) -> Tensor:
    """One picture as a latent row [channels, h, w]: the mode of the VAE's posterior, at the denoiser's scale.

    A causal video VAE encodes a picture as its row 0; Allegro's encodes a still film of the length it works in. after:
    frames that a later row holds; then it is the last row of a still film of so many frames and one.
    """
    vae = pipe.vae
    picture = torch.from_numpy(frame.copy()).permute(2, 0, 1)[None].to(torch.float32) / 127.5 - 1
    given = on(pipe, picture)
    if type(vae).__name__ in IMAGE_VAES:
        return _row(closed(pipe, _mode(vae.encode(given))))
    film = given[:, :, None].expand(-1, -1, 1 + after, -1, -1)
    if type(vae).__name__ == "AutoencoderKLAllegro":
        vae.use_tiling = True  # it knows no other way
        film = film[:, :, :1].expand(-1, -1, vae.kernel[0], -1, -1)
    latents = closed(pipe, _mode(vae.encode(film)))
    return _row(latents[:, :, -1 if after else latents.shape[2] // 2])


def _mode(encoded: Any) -> Tensor:
    latents: Tensor = encoded.latent_dist.mode() if hasattr(encoded, "latent_dist") else encoded.latents
    return latents


def _row(latents: Tensor) -> Tensor:
    return latents[0].contiguous()


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
