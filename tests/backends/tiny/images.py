"""Image pipelines that make keyframes, tiny and random: Stable Diffusion XL, IP-Adapter, Flux Kontext, Flux 2, Klein.

Each `save_*` writes one checkpoint into the folder it is given; `*_CHANGES` is what the `keyframes` of a profile need
beside it to run at that size.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from .base import tokenizer

WIDTH = (8, 8)
CHAT = "{% for message in messages %}{{ message['content'] }} {% endfor %}"
CHAT_PARTS = (
    "{% for message in messages %}{% for part in message['content'] %}{{ part['text'] }} {% endfor %}{% endfor %}"
)

KLEIN_CHANGES: Mapping[str, Any] = {
    "size": [80, 80],  # it refuses references below 64 pixels a side, as those of a film of 3:2 then are
    "multiple": 16,
    "call": {"max_sequence_length": 16, "text_encoder_out_layers": [0, 1, 2]},
    "defaults": {"steps": 1},
}
FLUX2_CHANGES = KLEIN_CHANGES
KONTEXT_CHANGES: Mapping[str, Any] = {
    "size": [32, 32],
    "multiple": 4,
    "call": {"max_sequence_length": 16, "max_area": 1024, "_auto_resize": False},  # else it works at 1024 x 1024
    "defaults": {"steps": 2},
}
SD_CHANGES: Mapping[str, Any] = {"size": [32, 32], "multiple": 8, "defaults": {"steps": 1}}


def clip_text(projected: bool = False, hidden: int = 8) -> Any:
    """A text encoder of CLIP of two layers; projected ones give a pooled embedding too."""
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    config = CLIPTextConfig(
        hidden_size=hidden,
        intermediate_size=16,
        num_attention_heads=2,
        num_hidden_layers=2,
        projection_dim=hidden,
        vocab_size=64,
        eos_token_id=1,
        bos_token_id=0,
    )
    return (CLIPTextModelWithProjection if projected else CLIPTextModel)(config).eval()


def image_vae(channels: int = 4, **more: Any) -> Any:
    """An image VAE of factor 2."""
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=WIDTH,
        down_block_types=["DownEncoderBlock2D"] * 2,
        up_block_types=["UpDecoderBlock2D"] * 2,
        latent_channels=channels,
        norm_num_groups=2,
        **more,
    )


def sdxl_unet(**more: Any) -> Any:
    """Its text is two encoders' states side by side; sizes and crops come as additional embeddings."""
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        block_out_channels=WIDTH,
        layers_per_block=1,
        sample_size=16,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=(2, 4),
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        transformer_layers_per_block=(1, 2),
        projection_class_embeddings_input_dim=6 * 8 + 8,
        cross_attention_dim=16,
        norm_num_groups=2,
        **more,
    )


def sdxl_parts() -> dict[str, Any]:
    """Stable Diffusion XL: two CLIP encoders, UNet, image VAE."""
    from diffusers import EulerDiscreteScheduler

    torch.manual_seed(0)
    return {
        "unet": sdxl_unet(),
        "vae": image_vae(),
        "text_encoder": clip_text(),
        "text_encoder_2": clip_text(projected=True),
        "tokenizer": tokenizer(),
        "tokenizer_2": tokenizer(),
        "scheduler": EulerDiscreteScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear"),
    }


def save_sdxl(folder: Path) -> Path:
    """A StableDiffusionXLPipeline."""
    from diffusers import StableDiffusionXLPipeline

    StableDiffusionXLPipeline(**sdxl_parts()).save_pretrained(folder)
    return folder


def save_ip_adapter(
    folder: Path,
    unet: Any,
    subfolder: str = "sdxl_models",
    weight_name: str = "ip-adapter_sdxl.safetensors",
    image_encoder: str = "image_encoder",
) -> Path:
    """An IP-Adapter of the plain kind for a UNet (four tokens a picture), with its CLIP vision encoder."""
    from safetensors.torch import save_file
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    torch.manual_seed(1)
    vision = CLIPVisionConfig(
        hidden_size=8,
        intermediate_size=16,
        num_attention_heads=2,
        num_hidden_layers=2,
        image_size=32,
        patch_size=8,
        projection_dim=8,
    )
    at = folder / image_encoder if "/" in image_encoder else folder / subfolder / image_encoder
    CLIPVisionModelWithProjection(vision).eval().save_pretrained(at)
    across = unet.config.cross_attention_dim
    tensors = {
        "image_proj.proj.weight": torch.randn(4 * across, 8),
        "image_proj.proj.bias": torch.zeros(4 * across),
        "image_proj.norm.weight": torch.ones(across),
        "image_proj.norm.bias": torch.zeros(across),
    }
    # Its file numbers all attention processors in turn; only those that look at the text have weights.
    number = 1
    for name, part in unet.named_modules():
        if name.endswith("attn2") and "motion" not in name:
            for key in ("to_k_ip", "to_v_ip"):
                tensors[f"ip_adapter.{number}.{key}.weight"] = torch.randn(part.to_k.out_features, across)
            number += 2
    (folder / subfolder).mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / subfolder / weight_name)
    return folder


def save_sdxl_with_ip_adapter(folder: Path) -> Path:
    """Two checkpoints: `sdxl`, and `ip-adapter` of it as h94/IP-Adapter lies on the hub."""
    save_sdxl(folder / "sdxl")
    torch.manual_seed(0)
    save_ip_adapter(
        folder / "ip-adapter",
        sdxl_unet(),
        weight_name="ip-adapter_sdxl_vit-h.safetensors",
        image_encoder="models/image_encoder",
    )
    return folder


def save_flux2_klein(folder: Path) -> Path:
    """A Flux2KleinPipeline: Qwen3 reads the prompt, pictures are further tokens beside the one in the making."""
    from diffusers import Flux2KleinPipeline
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(0)
    text = Qwen3Config(
        hidden_size=8,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=4,
        vocab_size=64,
    )
    words = tokenizer()
    words.chat_template = CHAT
    Flux2KleinPipeline(
        text_encoder=Qwen3ForCausalLM(text).eval(), tokenizer=words, is_distilled=True, **_flux2_parts()
    ).save_pretrained(folder)
    return folder


def _flux2_parts(guidance_embeds: bool = False) -> dict[str, Any]:
    """What Flux 2 and Klein share."""
    from diffusers import AutoencoderKLFlux2, FlowMatchEulerDiscreteScheduler, Flux2Transformer2DModel

    vae = AutoencoderKLFlux2(
        block_out_channels=(4, 4, 4, 4), layers_per_block=1, latent_channels=4, norm_num_groups=1, sample_size=64
    )
    transformer = Flux2Transformer2DModel(
        in_channels=16,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=1,
        joint_attention_dim=24,
        timestep_guidance_channels=16,
        axes_dims_rope=(4, 4, 4, 4),
        guidance_embeds=guidance_embeds,
    )
    return {
        "vae": vae,
        "transformer": transformer,
        "scheduler": FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
    }


def save_flux_kontext(folder: Path) -> Path:
    """A FluxKontextPipeline: CLIP and T5 read the prompt, one picture is further tokens."""
    from diffusers import FlowMatchEulerDiscreteScheduler, FluxKontextPipeline, FluxTransformer2DModel
    from transformers import T5Config, T5EncoderModel

    torch.manual_seed(0)
    transformer = FluxTransformer2DModel(
        in_channels=16,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=1,
        joint_attention_dim=8,
        pooled_projection_dim=8,
        axes_dims_rope=(4, 4, 8),
        guidance_embeds=True,
    )
    text = T5Config(
        d_model=8, d_kv=4, d_ff=16, num_layers=1, num_heads=2, vocab_size=64, pad_token_id=0, eos_token_id=1
    )
    FluxKontextPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        vae=image_vae(4, shift_factor=0.1),
        text_encoder=clip_text(),
        tokenizer=tokenizer(),
        text_encoder_2=T5EncoderModel(text).eval(),
        tokenizer_2=tokenizer(),
        transformer=transformer,
    ).save_pretrained(folder)
    return folder


def save_flux2(folder: Path) -> Path:
    """A Flux2Pipeline: Mistral 3 reads the prompt, its true tokenizer being a processor that needs torchvision."""
    from diffusers import Flux2Pipeline
    from transformers import Mistral3Config, Mistral3ForConditionalGeneration

    torch.manual_seed(0)
    shape = {"hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "head_dim": 4}
    config = Mistral3Config(
        text_config={"model_type": "mistral", "num_key_value_heads": 2, "vocab_size": 64, **shape},
        vision_config={"model_type": "pixtral", "image_size": 32, "patch_size": 16, **shape},
        image_token_index=63,
    )
    words = tokenizer()
    words.chat_template = CHAT_PARTS
    Flux2Pipeline(
        text_encoder=Mistral3ForConditionalGeneration(config).eval(), tokenizer=words, **_flux2_parts(True)
    ).save_pretrained(folder)
    return folder


def save_qwen_image_edit(folder: Path) -> Path:
    """A QwenImageEditPlusPipeline; its processor, which only torchvision can build, is its files alone."""
    from diffusers import AutoencoderKLQwenImage, FlowMatchEulerDiscreteScheduler, QwenImageTransformer2DModel
    from transformers import Qwen2VLImageProcessorPil

    torch.manual_seed(0)
    parts: dict[str, tuple[str, Any]] = {
        "scheduler": ("diffusers", FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True)),
        "vae": (
            "diffusers",
            AutoencoderKLQwenImage(base_dim=8, z_dim=4, latents_mean=[0.0] * 4, latents_std=[1.0] * 4),
        ),
        "text_encoder": ("transformers", clip_text()),
        "tokenizer": ("transformers", tokenizer()),
        "transformer": (
            "diffusers",
            QwenImageTransformer2DModel(
                in_channels=16,
                out_channels=4,
                num_layers=1,
                attention_head_dim=16,
                num_attention_heads=1,
                joint_attention_dim=8,
                axes_dims_rope=(4, 4, 8),
            ),
        ),
    }
    for name, (_, part) in parts.items():
        part.save_pretrained(folder / name)
    tokenizer().save_pretrained(folder / "processor")
    Qwen2VLImageProcessorPil().save_pretrained(folder / "processor")
    index = {name: [library, type(part).__name__] for name, (library, part) in parts.items()}
    index |= {"processor": ["transformers", "Qwen2VLProcessor"]}
    told = {"_class_name": "QwenImageEditPlusPipeline", "_diffusers_version": "0.42.1"}
    (folder / "model_index.json").write_text(json.dumps(told | index))
    return folder
