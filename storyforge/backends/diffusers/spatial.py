"""Tiles of the picture within a stream: the VAE's own tiles and blends, each tile with a cache of its own.

The VAE's `tiled_decode` makes the whole film of one tile after another; here it is some rows of all tiles, then the
next rows, so that memory holds a few rows of the film and no more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

Place = tuple[int, int]  # of a tile: its latent row and column


@dataclass(frozen=True)
class Side:
    """One side of the grid: latents of a tile, latents from one to the next, pixels blended, pixels that are kept."""

    tile: int
    step: int
    blend: int
    keep: int


def is_tiled(vae: Any, latents: Tensor) -> bool:
    """Whether the VAE would cut these latents [..., h, w] into tiles."""
    if not getattr(vae, "use_tiling", False):
        return False
    return bool(latents.shape[-2] > _side(vae, "height").tile or latents.shape[-1] > _side(vae, "width").tile)


def decoded(vae: Any, latents: Tensor, decode: Callable[[Tensor, Place], Tensor]) -> Tensor:
    """Latents [1, channels, rows, h, w] to pictures by `decode`, tile by tile where the VAE works in tiles.

    decode is given a piece and its place in the picture, by which it keeps what the next rows of that tile need.
    """
    if not is_tiled(vae, latents):
        return decode(latents, (0, 0))
    down, across = _side(vae, "height"), _side(vae, "width")
    height, width = latents.shape[-2:]
    grid = [
        [
            decode(latents[..., top : top + down.tile, left : left + across.tile], (top, left))
            for left in range(0, width, across.step)
        ]
        for top in range(0, height, down.step)
    ]
    lines = []
    for number, line in enumerate(grid):
        kept = []
        for column, tile in enumerate(line):
            if number:
                tile = vae.blend_v(grid[number - 1][column], tile, down.blend)
            if column:
                tile = vae.blend_h(line[column - 1], tile, across.blend)
            kept.append(tile[..., : down.keep, : across.keep])
        lines.append(torch.cat(kept, dim=-1))
    scale = down.keep // down.step
    return torch.cat(lines, dim=-2)[..., : height * scale, : width * scale]


def _side(vae: Any, name: str) -> Side:
    """A side of the grid as the VAE reckons it: by a share that overlaps, or by strides."""
    pixels = getattr(vae, f"tile_sample_min_{name}")
    share = getattr(vae, f"tile_overlap_factor_{name}", None)
    if share is not None:  # CogVideoX
        latents = getattr(vae, f"tile_latent_min_{name}")
        blend = int(pixels * share)
        return Side(latents, int(latents * (1 - share)), blend, pixels - blend)
    stride, ratio = getattr(vae, f"tile_sample_stride_{name}"), vae.spatial_compression_ratio
    patch = vae.config.get("patch_size") or 1  # Wan 2.2 decodes to patches, which are opened last
    if type(vae).__name__ != "AutoencoderKLWan":
        patch = 1
    return Side(pixels // ratio, stride // ratio, pixels // patch - stride // patch, stride // patch)
