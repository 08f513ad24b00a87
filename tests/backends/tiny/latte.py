"""Latte: an image VAE, T5, a transformer whose time table has as many places as a clip has frames."""

from collections.abc import Mapping
from pathlib import Path

import torch

from tiny import Tiny
from tiny.images import image_vae
from tiny.language import t5, words


def save(folder: Path) -> Mapping[str, str]:
    """A LattePipeline of eight frames."""
    from diffusers import DDIMScheduler, LattePipeline, LatteTransformer3DModel

    torch.manual_seed(0)
    transformer = LatteTransformer3DModel(
        sample_size=16,
        num_layers=1,
        patch_size=2,
        attention_head_dim=8,
        num_attention_heads=2,
        caption_channels=16,
        in_channels=4,
        cross_attention_dim=16,
        out_channels=8,
        attention_bias=True,
        activation_fn="gelu-approximate",
        num_embeds_ada_norm=1000,
        norm_type="ada_norm_single",
        norm_elementwise_affine=False,
        video_length=8,
    )
    LattePipeline(
        tokenizer=words(length=120),
        text_encoder=t5(),
        vae=image_vae(),
        transformer=transformer,
        scheduler=DDIMScheduler(beta_schedule="linear", clip_sample=False),
    ).save_pretrained(folder / "latte")
    return {"maxin-cn/Latte-1": "latte"}


TINY = {"latte-1": Tiny(save, {"clip": {"frames": 8, "size": [48, 32]}, "defaults": {"steps": 2}})}
