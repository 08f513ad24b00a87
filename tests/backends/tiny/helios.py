"""Helios: Wan's VAE and text encoder, chunks of nine latent rows, each after a history in three resolutions."""

from collections.abc import Mapping
from pathlib import Path

import torch

from tiny import Tiny
from tiny.base import wan_parts
from tiny.hunyuan import KLEIN, PAINTED
from tiny.language import save_klein


def save(folder: Path) -> Mapping[str, str]:
    """A HeliosPipeline."""
    from diffusers import HeliosPipeline, HeliosScheduler, HeliosTransformer3DModel

    parts = wan_parts()
    torch.manual_seed(0)
    parts["transformer"] = HeliosTransformer3DModel(
        num_attention_heads=2,
        attention_head_dim=12,
        text_dim=32,
        freq_dim=32,
        ffn_dim=32,
        num_layers=1,
        rope_dim=(4, 4, 4),
    )
    parts["scheduler"] = HeliosScheduler(stages=1, stage_range=[0, 1], gamma=1.0)
    HeliosPipeline(**parts).save_pretrained(folder / "helios")
    return {"BestWishYsh/Helios-Base": "helios", KLEIN: save_klein(folder)}


TINY = {
    "helios": Tiny(
        save,
        PAINTED
        | {
            "clip": {"frames": 9, "size": [48, 32]},
            "defaults": {"steps": 2},
            "call": {"max_sequence_length": 16, "num_latent_frames_per_chunk": 3},
        },
    )
}
