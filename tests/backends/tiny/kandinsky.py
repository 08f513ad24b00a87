"""Kandinsky 5: HunyuanVideo's VAE, Qwen2.5-VL and CLIP read the prompt, latents with their channels last."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from tiny import Tiny
from tiny.base import spoken, tokenizer
from tiny.hunyuan import KLEIN, PAINTED, SMALL, vae
from tiny.images import clip_text
from tiny.language import qwen25, save_klein, words


def _parts() -> dict[str, Any]:
    """Qwen2.5-VL and CLIP read the prompt; no picture is shown to Qwen."""
    from diffusers import FlowMatchEulerDiscreteScheduler, Kandinsky5Transformer3DModel

    torch.manual_seed(0)
    transformer = Kandinsky5Transformer3DModel(
        in_visual_dim=4,
        in_text_dim=16,
        in_text_dim2=8,
        time_dim=16,
        out_visual_dim=4,
        model_dim=16,
        ff_dim=32,
        num_text_blocks=1,
        num_visual_blocks=1,
        axes_dims=(4, 6, 6),
        visual_cond=True,
    )
    return {
        "transformer": spoken(transformer),  # its blocks begin as if they were not there
        "vae": vae(),
        "text_encoder": qwen25(),
        "tokenizer": words(),
        "text_encoder_2": clip_text(),
        "tokenizer_2": tokenizer(),
        "scheduler": FlowMatchEulerDiscreteScheduler(shift=5.0),
    }


def _save(pipe: Any, folder: Path) -> None:
    """As the hub has it: Qwen's tokenizer as a processor for pictures and film, which torchvision alone can build."""
    pipe.save_pretrained(folder)
    index = folder / "model_index.json"
    told = json.loads(index.read_text()) | {"tokenizer": ["transformers", "Qwen2VLProcessor"]}
    index.write_text(json.dumps(told))


def save_text(folder: Path) -> Mapping[str, str]:
    """A Kandinsky5T2VPipeline."""
    from diffusers import Kandinsky5T2VPipeline

    _save(Kandinsky5T2VPipeline(**_parts()), folder / "kandinsky")
    return {"kandinskylab/Kandinsky-5.0-T2V-Lite-sft-5s-Diffusers": "kandinsky"}


def save_image(folder: Path) -> Mapping[str, str]:
    """A Kandinsky5I2VPipeline."""
    from diffusers import Kandinsky5I2VPipeline

    _save(Kandinsky5I2VPipeline(**_parts()), folder / "kandinsky")
    return {"kandinskylab/Kandinsky-5.0-I2V-Pro-sft-5s-Diffusers": "kandinsky", KLEIN: save_klein(folder)}


WORDS = {"components": {"tokenizer": {"class": "PreTrainedTokenizerFast"}}}
TINY = {
    "kandinsky-5-lite": Tiny(save_text, SMALL | WORDS | {"windows": {"overlap": 4}}),
    "kandinsky-5-pro-i2v": Tiny(
        save_image,
        PAINTED | WORDS | {"clip": {"frames": 17, "size": [48, 32], "multiple": 16}, "memory": {"attention": None}},
    ),
}
