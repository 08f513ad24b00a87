"""Tiny random VAEs of every kind, each in a pipeline that has nothing else, under the name of one that uses it."""

from typing import Any

import torch

CALLS = {
    "WanPipeline": ("AutoencoderKLWan", {
        "base_dim": 3, "z_dim": 16, "dim_mult": [1, 1, 1, 1], "num_res_blocks": 1,
        "temperal_downsample": [False, True, True],
    }),
    "CogVideoXPipeline": ("AutoencoderKLCogVideoX", {
        "down_block_types": ("CogVideoXDownBlock3D",) * 4, "up_block_types": ("CogVideoXUpBlock3D",) * 4,
        "block_out_channels": (8, 8, 8, 8), "latent_channels": 4, "layers_per_block": 1, "norm_num_groups": 2,
    }),
    "MochiPipeline": ("AutoencoderKLMochi", {
        "encoder_block_out_channels": (32,) * 4, "decoder_block_out_channels": (32,) * 4,
        "layers_per_block": (1,) * 5,
    }),
    "EasyAnimatePipeline": ("AutoencoderKLMagvit", {
        "down_block_types": ("SpatialDownBlock3D", *("SpatialTemporalDownBlock3D",) * 3),
        "up_block_types": ("SpatialUpBlock3D", *("SpatialTemporalUpBlock3D",) * 3),
        "block_out_channels": (8, 8, 8, 8), "latent_channels": 4, "layers_per_block": 1, "norm_num_groups": 2,
        "spatial_group_norm": False,
    }),
    "HunyuanVideoPipeline": ("AutoencoderKLHunyuanVideo", {
        "latent_channels": 4, "block_out_channels": (8, 8, 8, 8), "layers_per_block": 1, "norm_num_groups": 4,
    }),
    "HunyuanVideo15Pipeline": ("AutoencoderKLHunyuanVideo15", {
        "latent_channels": 4, "block_out_channels": (16,) * 5, "layers_per_block": 1,
    }),
    "LTXPipeline": ("AutoencoderKLLTXVideo", {
        "latent_channels": 8, "block_out_channels": (8,) * 4, "decoder_block_out_channels": (8,) * 4,
        "layers_per_block": (1,) * 5, "decoder_layers_per_block": (1,) * 5,
    }),
    "LTX2Pipeline": ("AutoencoderKLLTX2Video", {
        "latent_channels": 8, "block_out_channels": (8,) * 4, "decoder_block_out_channels": (8, 16, 32),
        "layers_per_block": (1,) * 5, "decoder_layers_per_block": (1,) * 4, "temporal_compression_ratio": 8,
    }),
    "AllegroPipeline": ("AutoencoderKLAllegro", {
        "latent_channels": 4, "block_out_channels": (8, 8, 8, 8), "layers_per_block": 1, "norm_num_groups": 2,
    }),
    "AnimateDiffPipeline": ("AutoencoderKL", {
        "block_out_channels": (8, 8), "down_block_types": ["DownEncoderBlock2D"] * 2,
        "up_block_types": ["UpDecoderBlock2D"] * 2, "latent_channels": 4, "norm_num_groups": 2,
    }),
    "StableVideoDiffusionPipeline": ("AutoencoderKLTemporalDecoder", {
        "block_out_channels": (32, 32), "down_block_types": ["DownEncoderBlock2D"] * 2, "latent_channels": 4,
    }),
}  # fmt: skip

WAN_22: dict[str, Any] = {
    "base_dim": 3, "decoder_base_dim": 3, "z_dim": 48, "in_channels": 12, "out_channels": 12, "patch_size": 2,
    "dim_mult": [1, 1, 1, 1], "num_res_blocks": 1, "temperal_downsample": [False, True, True], "is_residual": True,
    "scale_factor_spatial": 16, "latents_mean": [0.1] * 48, "latents_std": [1.5] * 48,
}  # fmt: skip


def pipe_of(name: str, **changes: Any) -> Any:
    """A pipeline's name and its VAE, as the decoders look at them."""
    import diffusers

    kind, config = CALLS[name]
    torch.manual_seed(0)
    vae = getattr(diffusers, kind)(**{**config, **changes}).eval()
    if kind == "AutoencoderKLAllegro":
        vae.kernel, vae.stride = (24, 32, 32), (16, 16, 16)
        vae.use_tiling = True
    return _pipeline(name, vae)


def _pipeline(name: str, vae: Any) -> Any:
    made = type(name, (), {"maybe_free_model_hooks": lambda self: None, "_execution_device": torch.device("cpu")})()
    made.vae = vae
    return made


def rows_for(pipe: Any, count: int, side: int = 4) -> torch.Tensor:
    """So many random latent rows."""
    config = pipe.vae.config
    channels = config.get("z_dim") or config["latent_channels"]
    return torch.randn(count, channels, side, side, generator=torch.Generator().manual_seed(count))
