"""Allegro: a VAE that works on tiles alone, T5, a transformer with its positions given from outside."""

from collections.abc import Mapping
from pathlib import Path

import torch

from tiny import Tiny
from tiny.language import t5, words


def save(folder: Path) -> Mapping[str, str]:
    """An AllegroPipeline of one tile: 24 frames of 128 x 128, the least that its tiles' overlaps leave room for."""
    from diffusers import AllegroPipeline, AllegroTransformer3DModel, AutoencoderKLAllegro
    from diffusers import EulerAncestralDiscreteScheduler as Euler

    torch.manual_seed(0)
    vae = AutoencoderKLAllegro(block_out_channels=(2, 2, 2, 2), layers_per_block=1, norm_num_groups=1, sample_size=128)
    transformer = AllegroTransformer3DModel(
        num_attention_heads=2,
        attention_head_dim=12,
        num_layers=1,
        cross_attention_dim=24,
        caption_channels=16,
        sample_width=16,
        sample_height=16,
        sample_frames=6,
    )
    AllegroPipeline(
        tokenizer=words(length=512),
        text_encoder=t5(),
        vae=vae,
        transformer=transformer,
        scheduler=Euler(beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012),
    ).save_pretrained(folder / "allegro")
    return {"rhymes-ai/Allegro": "allegro"}


TINY = {
    "allegro": Tiny(
        save,
        {
            "clip": {"frames": 24, "size": [128, 128]},
            "defaults": {"steps": 2},
            "call": {"max_sequence_length": 16},
            "components": {"vae": {"dtype": None}},
        },
    )
}
