"""Sana-Video: Wan's VAE, Gemma 2, a transformer of linear attention."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from tiny import Tiny
from tiny.base import wan_parts
from tiny.hunyuan import KLEIN, PAINTED
from tiny.language import gemma, save_klein, words

HUB = "Efficient-Large-Model/SANA-Video_2B_480p_diffusers"


def _parts() -> dict[str, Any]:
    from diffusers import DPMSolverMultistepScheduler, SanaVideoTransformer3DModel

    vae = wan_parts()["vae"]
    torch.manual_seed(0)
    transformer = SanaVideoTransformer3DModel(
        num_attention_heads=2,
        attention_head_dim=12,
        num_layers=2,
        num_cross_attention_heads=2,
        cross_attention_head_dim=12,
        cross_attention_dim=24,
        caption_channels=16,
        rope_max_seq_len=32,
    )
    solver = DPMSolverMultistepScheduler(
        use_flow_sigmas=True, prediction_type="flow_prediction", flow_shift=8.0, final_sigmas_type="zero"
    )
    return {
        "tokenizer": words(start=True),
        "text_encoder": gemma(),
        "vae": vae,
        "transformer": transformer,
        "scheduler": solver,
    }


def save_text(folder: Path) -> Mapping[str, str]:
    """A SanaVideoPipeline."""
    from diffusers import SanaVideoPipeline

    SanaVideoPipeline(**_parts()).save_pretrained(folder / "sana")
    return {HUB: "sana"}


def save_image(folder: Path) -> Mapping[str, str]:
    """The same checkpoint, and the pipeline of keyframes: SanaImageToVideoPipeline has no parts of its own."""
    return {**save_text(folder), KLEIN: save_klein(folder)}


SMALL: dict[str, Any] = {
    "clip": {"frames": 9, "size": [64, 32]},
    "defaults": {"steps": 2},
    "call": {"max_sequence_length": 16},
}
TINY = {
    "sana-video": Tiny(save_text, SMALL | {"windows": {"overlap": 4}}),
    "sana-video-i2v": Tiny(save_image, PAINTED | SMALL),
}
