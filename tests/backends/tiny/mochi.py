"""Mochi: a 3D VAE of six frames to the latent, T5, an asymmetric transformer."""

from collections.abc import Mapping
from pathlib import Path

import torch

from tiny import Tiny
from tiny.language import t5, words


def save(folder: Path) -> Mapping[str, str]:
    """A MochiPipeline; its twelve latent channels are written into the pipeline itself."""
    from diffusers import AutoencoderKLMochi, FlowMatchEulerDiscreteScheduler, MochiPipeline, MochiTransformer3DModel

    torch.manual_seed(0)
    vae = AutoencoderKLMochi(
        encoder_block_out_channels=(32, 32, 32, 32),
        decoder_block_out_channels=(32, 32, 32, 32),
        layers_per_block=(1, 1, 1, 1, 1),
        add_attention_block=(False,) * 5,
    )
    transformer = MochiTransformer3DModel(
        num_attention_heads=2,
        attention_head_dim=8,
        num_layers=2,
        pooled_projection_dim=16,
        text_embed_dim=16,
        time_embed_dim=8,
        max_sequence_length=256,
    )
    MochiPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(invert_sigmas=True),
        vae=vae,
        text_encoder=t5(),
        tokenizer=words(length=256),
        transformer=transformer,
    ).save_pretrained(folder / "mochi")
    return {"genmo/mochi-1-preview": "mochi"}


TINY = {
    "mochi-1": Tiny(
        save,
        {
            "clip": {"frames": 13, "size": [32, 16]},
            "windows": {"overlap": 6},
            "defaults": {"steps": 2},
            "call": {"max_sequence_length": 16},
        },
    )
}
