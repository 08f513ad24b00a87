"""Latents to frames in a stream, for every VAE: memory does not grow with the length of the film.

Exact (the frames of the pipeline's own decode) where the VAE works causally and keeps a cache (Wan, CogVideoX, Mochi,
EasyAnimate), frame by frame (Stable Diffusion's), in chunks (Stable Video Diffusion) or in tiles of its own
(HunyuanVideo, Kandinsky 5, Allegro); else in temporal tiles that overlap and are blended.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from storyforge.backends.base import Frame
from storyforge.backends.diffusers import spatial
from storyforge.backends.diffusers.scales import on, opened

CHUNK = 8  # frames an image VAE decodes at once
SVD_CHUNK = 14  # frames that Stable Video Diffusion's decoder sees together: it was trained on clips of 14 and 25

Decode = Callable[[Any, Tensor], Iterator[Frame]]

OWN = ("WanAnimate", "HunyuanVideoFramepack", "LTXI2VLongMultiPrompt", "Helios")
"""Pipelines that decode section by section and join pictures, not latents: theirs are kept as pictures."""


@dataclass(frozen=True)
class Tiles:
    """Temporal tiles: latent rows of each, and rows shared with the one before.

    ratio: frames a row holds; first: whether row 0 holds one frame only; moved: whether the last tile is moved back to
    be whole; fade: where, within the frames shared, the later tile takes over (0 their begin, 1 their end).
    """

    rows: int
    shared: int
    ratio: int
    first: bool = True
    moved: bool = True
    fade: tuple[float, float] = (0.0, 1.0)

    def starts(self, count: int) -> list[int]:
        """First rows of the tiles of a film of so many latent rows."""
        step = self.rows - self.shared
        if count < self.rows:
            return [0]
        if not self.moved:
            return list(range(0, count, step))
        last = count - self.rows
        return [*range(0, last, step), last]

    def weights(self, frames: int) -> Tensor:
        """How much the later tile says of each frame shared."""
        begin, end = self.fade
        return ((torch.arange(frames) / max(frames, 1) - begin) / (end - begin)).clamp(0, 1)


CAUSAL = 0.75, 1.0  # the tile before has all it needs; the later one, the more the later
BOTH = 0.35, 0.65  # both lack something at their end

SIZES = {  # rows and rows shared: 30 to 70 frames at once
    "AutoencoderKLLTXVideo": (9, 4, BOTH),
    "AutoencoderKLLTX2Video": (9, 4, BOTH),
    "AutoencoderKLHunyuanVideo15": (12, 4, CAUSAL),
    "AutoencoderKLMochi": (9, 3, CAUSAL),
    "AutoencoderKLMagvit": (9, 3, CAUSAL),
}


def decoder(pipe: Any, settings: Mapping[str, Any] | None = None) -> Decode | None:
    """How a pipeline's latents [rows, channels, h, w], at the denoiser's scale, become frames in a stream.

    settings: further arguments of its call that tell how it decodes (decode_chunk_size, decode_timestep,
    decode_noise_scale). None when only the pipeline knows.
    """
    told, name, kind = settings or {}, type(pipe).__name__, type(pipe.vae).__name__
    if name.startswith(OWN):
        return None
    if kind == "AutoencoderKL":
        return image_frames
    if kind == "AutoencoderKLTemporalDecoder":
        return lambda pipe, rows: chunk_frames(pipe, rows, int(told.get("decode_chunk_size") or SVD_CHUNK))
    if kind == "AutoencoderKLAllegro":
        return allegro_frames
    if kind == "AutoencoderKLHunyuanVideo":
        return _hunyuan_frames
    exact = {
        "AutoencoderKLWan": wan_frames,
        "AutoencoderKLCogVideoX": cogvideox_frames,
        "AutoencoderKLMochi": mochi_frames,
        "AutoencoderKLMagvit": magvit_frames,
    }.get(kind)
    if exact is None and kind not in SIZES:
        return None
    return lambda pipe, rows: _streamed(pipe, rows, exact, told)


def _streamed(pipe: Any, rows: Tensor, exact: Decode | None, told: Mapping[str, Any]) -> Iterator[Frame]:
    """Through the VAE's cache, if it has one that its tiles of the picture can share; else by tiles in time."""
    vae = pipe.vae
    if exact in (wan_frames, cogvideox_frames) or (exact is not None and not spatial.is_tiled(vae, rows)):
        assert exact is not None
        return exact(pipe, rows)
    size, shared, fade = SIZES[type(vae).__name__]
    return tile_frames(pipe, rows, Tiles(size, shared, _ratio(pipe), fade=fade), told)


def _ratio(pipe: Any) -> int:
    """Frames a latent row holds."""
    vae = pipe.vae
    own = vars(vae).get("temporal_compression_ratio") or vae.config.get("temporal_compression_ratio")
    return int(own or vae.config.get("scale_factor_temporal") or 4)


def _whole(pipe: Any, rows: Tensor) -> Tensor:
    """[rows, channels, h, w] to the VAE's own [1, channels, rows, h, w], for a few rows at a time."""
    return opened(pipe, on(pipe, rows).transpose(0, 1)[None])


@torch.no_grad()
def wan_frames(pipe: Any, rows: Tensor) -> Iterator[Frame]:
    """Wan's causal VAE row by row through its feature cache: the frames of `vae.decode`, without their tensor."""
    vae = pipe.vae
    memories: dict[spatial.Place, list[Any]] = {}
    try:
        vae.clear_cache()
        count = len(vae._feat_map)
        for row in range(len(rows)):
            first = {"first_chunk": True} if row == 0 else {}

            def decode(piece: Tensor, place: spatial.Place, first: Mapping[str, bool] = first) -> Tensor:
                memory = memories.setdefault(place, [None] * count)
                made: Tensor = vae.decoder(vae.post_quant_conv(piece), feat_cache=memory, feat_idx=[0], **first)
                return made

            made = spatial.decoded(vae, _whole(pipe, rows[row : row + 1]), decode)
            yield from _frames(_unpatched(vae, made)[0].transpose(0, 1))
    finally:
        vae.clear_cache()
        pipe.maybe_free_model_hooks()


def _unpatched(vae: Any, made: Tensor) -> Tensor:
    if vae.config.patch_size is None:
        return made
    from diffusers.models.autoencoders.autoencoder_kl_wan import unpatchify

    whole: Tensor = unpatchify(made, patch_size=vae.config.patch_size)
    return whole


@torch.no_grad()
def cogvideox_frames(pipe: Any, rows: Tensor) -> Iterator[Frame]:
    """CogVideoX's causal VAE two rows at a time through its convolutions' cache; at first three, if they are odd."""
    vae = pipe.vae
    size = vae.num_latent_frames_batch_size
    left, start = len(rows) % size, 0
    caches: dict[spatial.Place, Any] = {}

    def decode(piece: Tensor, place: spatial.Place) -> Tensor:
        if vae.post_quant_conv is not None:
            piece = vae.post_quant_conv(piece)
        made: Tensor
        made, caches[place] = vae.decoder(piece, conv_cache=caches.get(place))
        return made

    for number in range(max(len(rows) // size, 1)):
        stop = size * (number + 1) + left
        made = spatial.decoded(vae, _whole(pipe, rows[start:stop]), decode)
        start = stop
        yield from _frames(made[0].transpose(0, 1))
    pipe.maybe_free_model_hooks()


@torch.no_grad()
def mochi_frames(pipe: Any, rows: Tensor) -> Iterator[Frame]:
    """Mochi's causal VAE two rows at a time; its own cache pads every piece anew, so the ones before are kept here."""
    vae = pipe.vae
    dropped = vae.temporal_compression_ratio - 1 if vae.drop_last_temporal_frames else 0
    size = vae.num_latent_frames_batch_size
    with _remembering(vae.decoder):
        for start in range(0, len(rows), size):
            made, _ = vae.decoder(_whole(pipe, rows[start : start + size]))
            yield from _frames(made[0].transpose(0, 1)[dropped if start == 0 else 0 :])
    pipe.maybe_free_model_hooks()


@contextmanager
def _remembering(decoder: Any) -> Iterator[None]:
    """Causal convolutions see the last frames of the piece before where they would repeat a piece's first frame."""
    from diffusers.models.autoencoders.autoencoder_kl_cogvideox import CogVideoXCausalConv3d

    def following(conv: Any) -> Callable[..., Tensor]:
        before: list[Tensor] = []

        def seen(inputs: Tensor, conv_cache: Any = None) -> Tensor:
            kept = conv.time_kernel_size - 1
            if kept == 0:
                return inputs
            known = before.pop() if before else inputs[:, :, :1].expand(-1, -1, kept, -1, -1)
            whole = torch.cat([known, inputs], dim=2)
            before.append(whole[:, :, -kept:].clone())
            sides = [*conv.time_causal_padding[:4], 0, 0]
            return torch.nn.functional.pad(whole, sides, mode="replicate")

        return seen

    convolutions = [module for module in decoder.modules() if isinstance(module, CogVideoXCausalConv3d)]
    for conv in convolutions:
        conv.fake_context_parallel_forward = following(conv)
    try:
        yield
    finally:
        for conv in convolutions:
            del conv.fake_context_parallel_forward


@torch.no_grad()
def magvit_frames(pipe: Any, rows: Tensor) -> Iterator[Frame]:
    """EasyAnimate's causal VAE: row 0, then some rows at a time; its convolutions remember the ones before."""
    vae = pipe.vae
    size = vae.num_latent_frames_batch_size
    try:
        vae._clear_conv_cache()
        for start in [0, *range(1, len(rows), size)]:
            features = vae.post_quant_conv(_whole(pipe, rows[start : start + (size if start else 1)]))
            made = vae.decoder(features)
            yield from _frames(made[0].transpose(0, 1))
    finally:
        vae._clear_conv_cache()
        pipe.maybe_free_model_hooks()


@torch.no_grad()
def image_frames(pipe: Any, rows: Tensor) -> Iterator[Frame]:
    """An image VAE's frames (AnimateDiff, Latte, ModelScope): each row is a frame by itself."""
    for start in range(0, len(rows), CHUNK):
        yield from _frames(pipe.vae.decode(opened(pipe, on(pipe, rows[start : start + CHUNK]))).sample)
    pipe.maybe_free_model_hooks()


@torch.no_grad()
def chunk_frames(pipe: Any, rows: Tensor, chunk: int) -> Iterator[Frame]:
    """Stable Video Diffusion's decoder, which smooths a chunk of frames in time, as its pipeline calls it."""
    for start in range(0, len(rows), chunk):
        latents = opened(pipe, on(pipe, rows[start : start + chunk]))
        yield from _frames(pipe.vae.decode(latents, num_frames=len(latents)).sample)
    pipe.maybe_free_model_hooks()


def _hunyuan_frames(pipe: Any, rows: Tensor) -> Iterator[Frame]:
    """HunyuanVideo's VAE in the temporal tiles that are its own way of decoding, one at a time."""
    vae = pipe.vae
    ratio = vae.temporal_compression_ratio
    if not vae.use_framewise_decoding:
        return tile_frames(pipe, rows, Tiles(12, 4, ratio, fade=CAUSAL), {})
    size, step = vae.tile_sample_min_num_frames // ratio, vae.tile_sample_stride_num_frames // ratio
    return tile_frames(pipe, rows, Tiles(size + 1, size + 1 - step, ratio, moved=False), {})


def allegro_frames(pipe: Any, rows: Tensor) -> Iterator[Frame]:
    """Allegro's VAE in the temporal tiles that it is made of; a rest that fills none is decoded in one moved back."""
    vae = pipe.vae
    vae.use_tiling = True  # it knows no other way
    ratio = vae.config.temporal_compression_ratio
    size, step = vae.kernel[0] // ratio, vae.stride[0] // ratio
    return tile_frames(pipe, rows, Tiles(size, size - step, ratio, first=False), {})


@torch.no_grad()
def tile_frames(pipe: Any, rows: Tensor, tiles: Tiles, told: Mapping[str, Any]) -> Iterator[Frame]:
    """Tile after tile; where two know a frame, the later one takes over by degrees."""
    pending: Tensor | None = None  # frames from `at` on, which the next tile may have its say in
    at = 0
    for start in tiles.starts(len(rows)):
        begin = tiles.ratio * start
        if pending is not None:
            begin += tiles.first  # the first frame of a later tile stands for a row that the tile before has whole
            yield from _frames(pending[: begin - at])
            pending = pending[begin - at :].clone()
        made = _tile(pipe, _whole(pipe, rows[start : start + tiles.rows]), told, start)
        if pending is not None:
            made = made[int(tiles.first) :]
            shared = min(len(pending), len(made))
            weights = tiles.weights(shared).to(made).view(-1, 1, 1, 1)
            made[:shared] = pending[:shared] * (1 - weights) + made[:shared] * weights
        pending, at = made, begin
    if pending is not None:
        yield from _frames(pending)
    pipe.maybe_free_model_hooks()


def _tile(pipe: Any, latents: Tensor, told: Mapping[str, Any], start: int) -> Tensor:
    """One tile's frames [frames, 3, height, width], by the VAE's own decode; it must not tile them in time again."""
    vae = pipe.vae
    more = {}
    if vae.config.get("timestep_conditioning"):  # LTX: the decoder takes the last step of denoising
        told_time = float(told.get("decode_timestep") or 0.0)
        scale = told.get("decode_noise_scale")
        scale = told_time if scale is None else float(scale)
        if scale:
            latents = (1 - scale) * latents + scale * _noise(latents, start)
        more["temb"] = torch.tensor([told_time]).to(latents)
    framewise = getattr(vae, "use_framewise_decoding", None)
    try:
        if framewise:
            vae.use_framewise_decoding = False
        made: Tensor = vae.decode(latents, **more).sample
    finally:
        if framewise:
            vae.use_framewise_decoding = True
    if type(vae).__name__ == "AutoencoderKLAllegro":  # [1, frames, channels, height, width]
        return made[0]
    return made[0].transpose(0, 1)


def _noise(latents: Tensor, start: int) -> Tensor:
    """The same at every decode and in every tile that has the row."""
    rows = []
    for row in range(start, start + latents.shape[2]):
        generator = torch.Generator("cpu").manual_seed(row)
        rows.append(torch.randn(latents[:, :, 0].shape, generator=generator))
    return torch.stack(rows, dim=2).to(latents)


def _frames(pictures: Tensor) -> Iterator[Frame]:
    """[frames, 3, height, width] in -1..1 to uint8 pictures."""
    whole = (pictures.float().clamp(-1, 1) / 2 + 0.5).permute(0, 2, 3, 1).cpu().numpy()
    yield from (whole * 255).round().astype(np.uint8)
