"""HunyuanVideo (text, first picture), its FramePack, and HunyuanVideo 1.5."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from tiny import Tiny
from tiny.base import tokenizer
from tiny.images import KLEIN_CHANGES, clip_text
from tiny.language import SIZE, llama, qwen25_text, save_klein, siglip, words

KLEIN = "black-forest-labs/FLUX.2-klein-4B"
MARKS = ("<|start_header_id|>", "<|end_header_id|>", "\n\n", "<image>")


def vae() -> Any:
    """A causal video VAE: 4 frames and 8 x 8 pixels to the latent."""
    from diffusers import AutoencoderKLHunyuanVideo

    return AutoencoderKLHunyuanVideo(
        latent_channels=4, block_out_channels=(4, 4, 4, 4), layers_per_block=1, norm_num_groups=2
    )


def _denoiser(kind: str, **more: Any) -> Any:
    import diffusers

    known: dict[str, Any] = {
        "in_channels": 4,
        "out_channels": 4,
        "num_attention_heads": 2,
        "attention_head_dim": 10,
        "num_layers": 1,
        "num_single_layers": 1,
        "num_refiner_layers": 1,
        "text_embed_dim": 16,
        "pooled_projection_dim": 8,
        "rope_axes_dim": (2, 4, 4),
    }
    return getattr(diffusers, kind)(**known | more)


def _parts() -> dict[str, Any]:
    """What HunyuanVideo and FramePack share: Llama and CLIP read the prompt."""
    from diffusers import FlowMatchEulerDiscreteScheduler

    torch.manual_seed(0)
    return {
        "vae": vae(),
        "text_encoder": llama(),
        "tokenizer": words(MARKS, start=True),
        "text_encoder_2": clip_text(),
        "tokenizer_2": tokenizer(),
        "scheduler": FlowMatchEulerDiscreteScheduler(shift=7.0),
    }


def save_text(folder: Path) -> Path:
    """A HunyuanVideoPipeline."""
    from diffusers import HunyuanVideoPipeline

    parts = _parts() | {"transformer": _denoiser("HunyuanVideoTransformer3DModel")}
    HunyuanVideoPipeline(**parts).save_pretrained(folder)
    return folder


def save_image(folder: Path) -> Path:
    """A HunyuanVideoImageToVideoPipeline of the kind whose first latent row is the picture."""
    from diffusers import HunyuanVideoImageToVideoPipeline
    from transformers import CLIPImageProcessor, CLIPVisionConfig, LlamaConfig, LlavaConfig
    from transformers import LlavaForConditionalGeneration as Llava

    parts = _parts()
    # 24 x 24 patches: the pipeline keeps 576 places for the picture within the prompt.
    sight = CLIPVisionConfig(
        hidden_size=8, intermediate_size=8, num_hidden_layers=2, num_attention_heads=2, image_size=24, patch_size=1
    )
    reader = Llava(
        LlavaConfig(vision_config=sight, text_config=LlamaConfig(**SIZE), image_token_index=6, pad_token_id=0)
    )
    parts |= {
        "text_encoder": reader.eval(),
        "image_processor": CLIPImageProcessor(size={"shortest_edge": 24}, crop_size={"height": 24, "width": 24}),
        "transformer": _denoiser("HunyuanVideoTransformer3DModel", image_condition_type="token_replace"),
    }
    HunyuanVideoImageToVideoPipeline(**parts).save_pretrained(folder)
    return folder


def save_framepack(folder: Path) -> Mapping[str, str]:
    """FramePack as it comes: HunyuanVideo's checkpoint, its own denoiser, and the encoder of Flux Redux."""
    save_text(folder / "hunyuan")
    torch.manual_seed(1)
    denoiser = _denoiser(
        "HunyuanVideoFramepackTransformer3DModel", has_image_proj=True, image_proj_dim=16, has_clean_x_embedder=True
    )
    denoiser.save_pretrained(folder / "framepack")
    for name, part in siglip().items():
        part.save_pretrained(folder / "redux" / name)
    return {
        "hunyuanvideo-community/HunyuanVideo": "hunyuan",
        "lllyasviel/FramePackI2V_HY": "framepack",
        "lllyasviel/flux_redux_bfl": "redux",
        KLEIN: save_klein(folder),
    }


def _parts_15(task: str) -> dict[str, Any]:
    """HunyuanVideo 1.5: Qwen2.5-VL reads the prompt, ByT5 the words in quotes; a VAE of 16 x 16 pixels."""
    from diffusers import (
        AutoencoderKLHunyuanVideo15,
        ClassifierFreeGuidance,
        FlowMatchEulerDiscreteScheduler,
        HunyuanVideo15Transformer3DModel,
    )
    from transformers import ByT5Tokenizer, T5Config, T5EncoderModel

    torch.manual_seed(0)
    denoiser = HunyuanVideo15Transformer3DModel(
        in_channels=9,
        out_channels=4,
        num_attention_heads=1,  # its text is 2000 tokens long whatever is asked
        attention_head_dim=10,
        num_layers=1,
        num_refiner_layers=1,
        text_embed_dim=16,
        text_embed_2_dim=16,
        image_embed_dim=16,
        rope_axes_dim=(2, 4, 4),
        target_size=40,  # the side of the square that has the area of pictures made from one: 48 x 32
        task_type=task,
    )
    glyphs = T5Config(d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2, vocab_size=384)
    return {
        "vae": AutoencoderKLHunyuanVideo15(latent_channels=4, block_out_channels=(8, 8, 8, 8, 8), layers_per_block=1),
        "text_encoder": qwen25_text(),
        "tokenizer": words(chat=True),
        "text_encoder_2": T5EncoderModel(glyphs).eval(),
        "tokenizer_2": ByT5Tokenizer(),
        "transformer": denoiser,
        "scheduler": FlowMatchEulerDiscreteScheduler(shift=5.0),
        "guider": ClassifierFreeGuidance(guidance_scale=6.0),
    }


def save_text_15(folder: Path) -> Path:
    """A HunyuanVideo15Pipeline."""
    from diffusers import HunyuanVideo15Pipeline

    HunyuanVideo15Pipeline(**_parts_15("t2v")).save_pretrained(folder)
    return folder


def save_image_15(folder: Path) -> Path:
    """A HunyuanVideo15ImageToVideoPipeline."""
    from diffusers import HunyuanVideo15ImageToVideoPipeline

    HunyuanVideo15ImageToVideoPipeline(**_parts_15("i2v"), **siglip()).save_pretrained(folder)
    return folder


SMALL: dict[str, Any] = {"clip": {"frames": 9, "size": [48, 32]}, "defaults": {"steps": 2}}
WINDOWS = {"windows": {"overlap": 4}}
BEGINS: dict[str, Any] = {"keyframes": {"checkpoint": KLEIN, **KLEIN_CHANGES}}
ONE: dict[str, Any] = {"defaults": {"steps": 1}}  # two thousand tokens of text are slow, however tiny the rest
PAINTED: dict[str, Any] = BEGINS | {"clip": {"frames": 9, "size": [48, 32]}, "defaults": {"steps": 2}}


def text_tiny(folder: Path) -> Mapping[str, str]:
    save_text(folder / "hunyuan")
    return {"hunyuanvideo-community/HunyuanVideo": "hunyuan"}


def image_tiny(folder: Path) -> Mapping[str, str]:
    save_image(folder / "hunyuan")
    return {"hunyuanvideo-community/HunyuanVideo-I2V": "hunyuan", KLEIN: save_klein(folder)}


def text_15_tiny(folder: Path) -> Mapping[str, str]:
    save_text_15(folder / "hunyuan")
    return {"hunyuanvideo-community/HunyuanVideo-1.5-Diffusers-480p_t2v": "hunyuan"}


def image_15_tiny(folder: Path) -> Mapping[str, str]:
    save_image_15(folder / "hunyuan")
    return {"hunyuanvideo-community/HunyuanVideo-1.5-Diffusers-480p_i2v": "hunyuan", KLEIN: save_klein(folder)}


TINY = {
    "hunyuan-video": Tiny(text_tiny, SMALL | WINDOWS),
    "hunyuan-video-i2v": Tiny(image_tiny, PAINTED),
    "hunyuan-video-1.5": Tiny(text_15_tiny, SMALL | WINDOWS | ONE),
    "hunyuan-video-1.5-i2v": Tiny(image_15_tiny, PAINTED | ONE),
    # A section of two latent rows: 8 frames made for 5 asked.
    "framepack": Tiny(
        save_framepack,
        PAINTED
        | {
            "clip": {"frames": 9, "size": [48, 32], "ratio": 8, "least": 9, "asked": 5},
            "levels": [16, 1],
            "defaults": {"steps": 2},
            "call": {"latent_window_size": 2},
        },
    ),
}
