"""Latents become frames in a stream: those of the pipeline's own decode, by any VAE, in memory that does not grow."""

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from vaes import CALLS, WAN_22, pipe_of, rows_for

from storyforge.backends.diffusers import decoding, pictures
from storyforge.backends.diffusers.scales import closed, opened

EXACT = ("WanPipeline", "CogVideoXPipeline", "EasyAnimatePipeline", "HunyuanVideoPipeline", "AnimateDiffPipeline")
TILED = {"LTXPipeline": 9, "LTX2Pipeline": 9, "HunyuanVideo15Pipeline": 12}


def written(pipe: Any, rows: torch.Tensor) -> torch.Tensor:
    """What each pipeline writes before `vae.decode`, once more from its source."""
    config, latents = pipe.vae.config, rows.transpose(0, 1)[None]
    kind = type(pipe.vae).__name__

    def along(values: Any) -> torch.Tensor:
        return torch.as_tensor(values).view(1, -1, 1, 1, 1)

    if kind == "AutoencoderKLWan":
        return latents / (1.0 / along(config.latents_std)) + along(config.latents_mean)
    if kind in ("AutoencoderKLLTXVideo", "AutoencoderKLLTX2Video"):
        return latents * along(pipe.vae.latents_std) / config.scaling_factor + along(pipe.vae.latents_mean)
    if kind == "AutoencoderKLMochi":
        return latents * along(config.latents_std) / config.scaling_factor + along(config.latents_mean)
    if kind.startswith("AutoencoderKLHunyuan"):
        return latents / config.scaling_factor
    return 1 / config.scaling_factor * latents


@torch.no_grad()
def whole(pipe: Any, rows: torch.Tensor) -> NDArray[np.uint8]:
    """The frames of the VAE's own decode of everything at once."""
    latents = written(pipe, rows)
    kind = type(pipe.vae).__name__
    if kind in ("AutoencoderKL", "AutoencoderKLTemporalDecoder"):
        latents = latents[0].transpose(0, 1)
        more = {"num_frames": len(latents)} if kind == "AutoencoderKLTemporalDecoder" else {}
        made = pipe.vae.decode(latents, **more).sample
    else:
        made = pipe.vae.decode(latents).sample[0]
        made = made if kind == "AutoencoderKLAllegro" else made.transpose(0, 1)
    return pictures.uint8((made.clamp(-1, 1) / 2 + 0.5).permute(0, 2, 3, 1).numpy())


def streamed(pipe: Any, rows: torch.Tensor, **settings: Any) -> NDArray[np.uint8]:
    decode = decoding.decoder(pipe, settings)
    assert decode is not None
    return np.stack(list(decode(pipe, rows)))


def apart(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The largest difference of each frame."""
    assert one.shape == other.shape
    found: NDArray[np.int64] = np.abs(one.astype(np.int64) - other).reshape(len(one), -1).max(1)
    return found


@pytest.mark.parametrize("count", [1, 2, 5, 14])
@pytest.mark.parametrize("name", EXACT)
def test_the_stream_is_the_pipelines_own_decode_to_the_last_bit(name: str, count: int) -> None:
    pipe = pipe_of(name)
    rows = rows_for(pipe, count, 4 if name == "EasyAnimatePipeline" else 2)  # its smaller pictures round otherwise
    assert np.array_equal(streamed(pipe, rows), whole(pipe, rows))
    assert np.array_equal(streamed(pipe, rows), whole(pipe, rows))  # nothing of the first time is left in the VAE


def test_wan_22_is_streamed_through_its_patches() -> None:
    pipe = pipe_of("WanPipeline", **WAN_22)
    rows = rows_for(pipe, 4)
    assert streamed(pipe, rows).shape == (13, 64, 64, 3)
    assert np.array_equal(streamed(pipe, rows), whole(pipe, rows))


def test_mochi_is_streamed_to_a_rounding() -> None:
    pipe = pipe_of("MochiPipeline")
    for count in (1, 2, 9):
        rows = rows_for(pipe, count, 2)
        assert apart(streamed(pipe, rows), whole(pipe, rows)).max() <= 1
    assert "fake_context_parallel_forward" not in vars(next(iter(pipe.vae.decoder.children())))


def test_stable_video_diffusion_is_decoded_in_its_pipelines_chunks() -> None:
    pipe = pipe_of("StableVideoDiffusionPipeline")
    rows = rows_for(pipe, 9)
    assert np.array_equal(streamed(pipe, rows), whole(pipe, rows))
    chunks = np.concatenate([whole(pipe, rows[:4]), whole(pipe, rows[4:8]), whole(pipe, rows[8:])])
    assert np.array_equal(streamed(pipe, rows, decode_chunk_size=4), chunks)


def test_allegro_is_decoded_in_its_own_tiles_and_its_rest_too() -> None:
    pipe = pipe_of("AllegroPipeline")
    rows = rows_for(pipe, 14)  # 6 rows a tile, 4 from one to the next
    assert apart(streamed(pipe, rows), whole(pipe, rows)).max() <= 1
    longer = streamed(pipe, torch.cat([rows, rows[:1]]))
    assert len(longer) == 60
    assert longer[-4:].std() > 1  # the VAE's own decode leaves the rest black


@pytest.mark.parametrize("name", TILED)
def test_other_vaes_are_exact_within_one_tile_and_nearer_to_the_whole_than_their_own_tiling(name: str) -> None:
    pipe = pipe_of(name)
    rows = rows_for(pipe, TILED[name], 2)
    assert apart(streamed(pipe, rows), whole(pipe, rows)).max() == 0
    longer = rows_for(pipe, 20, 2)
    ours, plain = streamed(pipe, longer), whole(pipe, longer)
    assert apart(ours, plain)[:4].max() <= 2  # away from the borders
    if hasattr(pipe.vae, "use_framewise_decoding"):
        pipe.vae.use_framewise_decoding = True
        theirs = whole(pipe, longer)
        assert pipe.vae.use_framewise_decoding
        assert apart(ours, plain).mean() < 0.75 * apart(theirs, plain).mean()


@pytest.mark.parametrize("fade", [decoding.BOTH, decoding.CAUSAL, (0.0, 1.0)])
@pytest.mark.parametrize("count", [1, 8, 9, 10, 13, 14, 30])
def test_tiles_of_frames_that_agree_are_the_film(
    count: int, fade: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A decoder that knows every frame by its row: no frame is lost, doubled or out of its place."""

    def tile(pipe: Any, latents: torch.Tensor, told: Any, start: int) -> torch.Tensor:
        rows = latents.shape[2]
        frames = torch.arange(start * 4, (start + rows - 1) * 4 + 1) if tiles.first else None
        frames = torch.arange(start * 4, (start + rows) * 4) if frames is None else frames
        return (frames / 200).float().view(-1, 1, 1, 1).expand(-1, 3, 1, 1).clone()

    monkeypatch.setattr(decoding, "_tile", tile)
    pipe = pipe_of("HunyuanVideoPipeline")
    rows = rows_for(pipe, count)
    for tiles in (decoding.Tiles(9, 3, 4, fade=fade), decoding.Tiles(6, 2, 4, first=False, fade=fade)):
        made = np.stack(list(decoding.tile_frames(pipe, rows, tiles, {})))[:, 0, 0, 0]
        length = (count - 1) * 4 + 1 if tiles.first else count * 4
        assert np.abs(made - ((np.arange(length) / 200) / 2 + 0.5) * 255).max() <= 0.51


@pytest.mark.parametrize(("name", "changes"), [("WanPipeline", {}), ("WanPipeline", WAN_22), ("CogVideoXPipeline", {})])
def test_a_vae_that_works_in_tiles_of_the_picture_is_streamed_in_the_same_tiles(
    name: str, changes: dict[str, Any]
) -> None:
    pipe = pipe_of(name, **changes)
    rows = rows_for(pipe, 5, 7)
    plain = streamed(pipe, rows)
    pixels = 16 * (4 if changes else 2)
    if name == "WanPipeline":
        pipe.vae.enable_tiling(pixels, pixels, pixels // 4 * 3, pixels // 4 * 3)
    else:
        pipe.vae.enable_tiling(pixels, pixels, 0.25, 0.25)
    tiled = streamed(pipe, rows)
    assert np.array_equal(tiled, whole(pipe, rows))
    assert not np.array_equal(tiled, plain)


def test_other_causal_vaes_that_work_in_tiles_are_streamed_by_tiles_in_time() -> None:
    pipe = pipe_of("EasyAnimatePipeline")
    rows = rows_for(pipe, 12, 6)
    plain = streamed(pipe, rows)
    pipe.vae.enable_tiling(32, 32, 1, 24, 24, 1)
    tiled = streamed(pipe, rows)
    assert tiled.shape == plain.shape
    assert apart(tiled, whole(pipe, rows))[:20].max() == 0


def test_ltxs_decoder_gets_the_same_noise_every_time() -> None:
    pipe = pipe_of("LTXPipeline", timestep_conditioning=True)
    rows = rows_for(pipe, 3, 2)
    noised = streamed(pipe, rows, decode_timestep=0.5, decode_noise_scale=0.4)
    assert np.array_equal(noised, streamed(pipe, rows, decode_timestep=0.5, decode_noise_scale=0.4))
    assert not np.array_equal(noised, streamed(pipe, rows, decode_timestep=0.5, decode_noise_scale=0.0))


@pytest.mark.parametrize("name", CALLS)
def test_a_picture_is_a_row_at_the_denoisers_scale(name: str) -> None:
    pipe = pipe_of(name)
    frame = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    row = pictures.row_of(pipe, frame)
    config = pipe.vae.config
    assert row.shape[0] == (config.get("z_dim") or config["latent_channels"])
    assert torch.isfinite(row).all()
    assert torch.equal(row, pictures.row_of(pipe, frame))
    latents = row[None, :, None] if type(pipe.vae).__name__ not in pictures.IMAGE_VAES else row[None]
    assert torch.allclose(closed(pipe, opened(pipe, latents)), latents, atol=1e-5)


def test_pipelines_that_join_pictures_have_no_stream() -> None:
    pipe = pipe_of("WanPipeline")
    named = type("WanAnimatePipeline", (type(pipe),), {})()
    named.vae = pipe.vae
    assert decoding.decoder(named) is None
