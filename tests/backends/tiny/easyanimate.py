"""EasyAnimate 5.1: a causal video VAE of its own, Qwen2-VL, a transformer that fills masked video in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from tiny import Tiny
from tiny.hunyuan import KLEIN, PAINTED, SMALL
from tiny.language import qwen2, save_klein, words


def _parts(channels: int) -> dict[str, Any]:
    """channels: what the transformer is given: the latents alone, or a mask and the masked video's latents too."""
    from diffusers import AutoencoderKLMagvit, EasyAnimateTransformer3DModel, FlowMatchEulerDiscreteScheduler

    torch.manual_seed(0)
    vae = AutoencoderKLMagvit(latent_channels=4, block_out_channels=(4, 4, 4, 4), layers_per_block=1, norm_num_groups=2)
    transformer = EasyAnimateTransformer3DModel(
        num_attention_heads=2,
        attention_head_dim=16,
        in_channels=channels,
        out_channels=4,
        patch_size=2,
        num_layers=1,
        mmdit_layers=1,
        time_embed_dim=8,
        text_embed_dim=16,
        sample_width=6,
        sample_height=4,
    )
    return {
        "vae": vae,
        "text_encoder": qwen2(),
        "tokenizer": words(chat=True),
        "transformer": transformer,
        "scheduler": FlowMatchEulerDiscreteScheduler(),
    }


def save_text(folder: Path) -> Mapping[str, str]:
    """An EasyAnimatePipeline."""
    from diffusers import EasyAnimatePipeline

    EasyAnimatePipeline(**_parts(4)).save_pretrained(folder / "easyanimate")
    return {"alibaba-pai/EasyAnimateV5.1-12b-zh-diffusers": "easyanimate"}


def save_inpaint(folder: Path) -> Mapping[str, str]:
    """An EasyAnimateInpaintPipeline."""
    from diffusers import EasyAnimateInpaintPipeline

    EasyAnimateInpaintPipeline(**_parts(9)).save_pretrained(folder / "easyanimate")
    return {"alibaba-pai/EasyAnimateV5.1-12b-zh-InP-diffusers": "easyanimate", KLEIN: save_klein(folder)}


TINY = {
    "easyanimate-5.1": Tiny(save_text, SMALL | {"windows": {"overlap": 4}}),
    "easyanimate-5.1-inpaint": Tiny(save_inpaint, PAINTED | {"levels": [8, 1]}),
}
