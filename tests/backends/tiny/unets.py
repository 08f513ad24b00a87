"""Video UNets with an image VAE, tiny and random: Stable Video Diffusion, I2VGen-XL, ModelScope, Text2Video-Zero."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from . import Tiny
from .animatediff import ADAPTERS, SD15, SDXL
from .base import save_animatediff, spoken, tokenizer
from .images import SD_CHANGES, WIDTH, clip_text, image_vae, save_sdxl_with_ip_adapter

SMALL: Mapping[str, Any] = {"size": [32, 32], "multiple": 8}
WIDTH_OF_32 = (32, 32)  # norms of 32 groups


def clip_vision(size: int = 32) -> Any:
    """A CLIP vision encoder with a projection of 8."""
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    config = CLIPVisionConfig(
        hidden_size=8,
        intermediate_size=16,
        num_attention_heads=2,
        num_hidden_layers=2,
        image_size=size,
        patch_size=size // 2,
        projection_dim=8,
    )
    return CLIPVisionModelWithProjection(config).eval()


def save_svd(folder: Path) -> dict[str, str]:
    """Stable Video Diffusion, and the image pipeline that makes its panels."""
    from diffusers import (
        AutoencoderKLTemporalDecoder,
        EulerDiscreteScheduler,
        StableVideoDiffusionPipeline,
        UNetSpatioTemporalConditionModel,
    )
    from transformers import CLIPImageProcessor

    torch.manual_seed(0)
    unet = UNetSpatioTemporalConditionModel(
        block_out_channels=WIDTH_OF_32,
        layers_per_block=1,
        sample_size=16,
        down_block_types=("CrossAttnDownBlockSpatioTemporal", "DownBlockSpatioTemporal"),
        up_block_types=("UpBlockSpatioTemporal", "CrossAttnUpBlockSpatioTemporal"),
        cross_attention_dim=8,
        num_attention_heads=2,
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=24,
    )
    vae = AutoencoderKLTemporalDecoder(
        block_out_channels=WIDTH_OF_32,
        down_block_types=["DownEncoderBlock2D"] * 2,
        latent_channels=4,
    )
    scheduler = EulerDiscreteScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        timestep_spacing="leading",
        timestep_type="continuous",
        sigma_min=0.002,
        sigma_max=700.0,
        steps_offset=1,
        use_karras_sigmas=True,
    )
    # It resizes pictures for the encoder to 224 itself.
    StableVideoDiffusionPipeline(
        vae, clip_vision(224), spoken(unet), scheduler, CLIPImageProcessor(crop_size=224, size=224)
    ).save_pretrained(folder / "video")
    save_sdxl_with_ip_adapter(folder)
    return {"stabilityai/stable-video-diffusion-img2vid-xt": "video", SDXL: "sdxl", ADAPTERS: "ip-adapter"}


def save_i2vgen(folder: Path) -> dict[str, str]:
    """I2VGen-XL, and the image pipeline that makes its panels."""
    from diffusers import DDIMScheduler, I2VGenXLPipeline, I2VGenXLUNet
    from transformers import CLIPImageProcessor

    torch.manual_seed(0)
    unet = I2VGenXLUNet(
        block_out_channels=WIDTH,
        layers_per_block=1,
        sample_size=16,
        down_block_types=("CrossAttnDownBlock3D", "DownBlock3D"),
        up_block_types=("UpBlock3D", "CrossAttnUpBlock3D"),
        cross_attention_dim=8,
        attention_head_dim=4,
        norm_num_groups=2,
    )
    I2VGenXLPipeline(
        vae=image_vae(),
        text_encoder=clip_text(),
        tokenizer=tokenizer(),
        image_encoder=clip_vision(),
        feature_extractor=CLIPImageProcessor(crop_size=32, size=32),
        unet=spoken(unet),
        scheduler=DDIMScheduler(beta_schedule="squaredcos_cap_v2", clip_sample=False, steps_offset=1),
    ).save_pretrained(folder / "video")
    save_sdxl_with_ip_adapter(folder)
    return {"ali-vilab/i2vgen-xl": "video", SDXL: "sdxl", ADAPTERS: "ip-adapter"}


def save_modelscope(folder: Path) -> dict[str, str]:
    """A TextToVideoSDPipeline."""
    from diffusers import TextToVideoSDPipeline

    TextToVideoSDPipeline(**_modelscope_parts()).save_pretrained(folder / "video")
    return {"ali-vilab/text-to-video-ms-1.7b": "video"}


def save_zeroscope(folder: Path) -> dict[str, str]:
    """The same classes under Zeroscope's name."""
    save_modelscope(folder)
    return {"cerspense/zeroscope_v2_576w": "video"}


def save_second_stage(folder: Path) -> Path:
    """A VideoToVideoSDPipeline, as zeroscope_v2_XL is."""
    from diffusers import VideoToVideoSDPipeline

    VideoToVideoSDPipeline(**_modelscope_parts()).save_pretrained(folder)
    return folder


def _modelscope_parts() -> dict[str, Any]:
    """ModelScope: a 3D UNet beside the image VAE and text encoder of Stable Diffusion 2."""
    from diffusers import DDIMScheduler, UNet3DConditionModel

    torch.manual_seed(0)
    unet = UNet3DConditionModel(
        block_out_channels=WIDTH,
        layers_per_block=1,
        sample_size=16,
        down_block_types=("CrossAttnDownBlock3D", "DownBlock3D"),
        up_block_types=("UpBlock3D", "CrossAttnUpBlock3D"),
        cross_attention_dim=8,
        attention_head_dim=4,
        norm_num_groups=2,
    )
    return {
        "vae": image_vae(),
        "text_encoder": clip_text(),
        "tokenizer": tokenizer(),
        "unet": spoken(unet),
        "scheduler": DDIMScheduler(beta_schedule="scaled_linear", clip_sample=False, steps_offset=1),
    }


def save_sd15(folder: Path) -> dict[str, str]:
    """Stable Diffusion 1.5 with its safety checker, which Text2Video-Zero cannot do without."""
    from diffusers import StableDiffusionPipeline
    from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
    from transformers import CLIPConfig, CLIPImageProcessor

    save_animatediff(folder)
    shape = {"hidden_size": 8, "intermediate_size": 16, "num_attention_heads": 2, "num_hidden_layers": 1}
    vision = {**shape, "image_size": 32, "patch_size": 16}
    checker = StableDiffusionSafetyChecker(CLIPConfig(vision_config=vision, text_config=shape, projection_dim=8))
    StableDiffusionPipeline.from_pretrained(
        folder / "image",
        safety_checker=checker,
        feature_extractor=CLIPImageProcessor(crop_size=32, size=32),
        local_files_only=True,
    ).save_pretrained(folder / "image")
    return {SD15: "image"}


CLIPS: Mapping[str, Any] = {"clip": {"frames": 8, **SMALL}, "defaults": {"steps": 2}}
SHOWN: Mapping[str, Any] = {**CLIPS, "keyframes": SD_CHANGES}

WINDOWS: Mapping[str, Any] = {**CLIPS, "windows": {"overlap": 4}}
ZERO: Mapping[str, Any] = {
    "clip": {"frames": 4, **SMALL},
    "defaults": {"steps": 6},
    "call": {"t0": 1, "t1": 3},  # counted from the last step: they need more steps than that
}

TINY: Mapping[str, Tiny] = {
    "svd-xt": Tiny(save_svd, {**SHOWN, "call": {"decode_chunk_size": 8}}),
    "i2vgen-xl": Tiny(save_i2vgen, SHOWN),
    "modelscope-1.7b": Tiny(save_modelscope, WINDOWS),
    "zeroscope-v2-576w": Tiny(save_zeroscope, WINDOWS),
    "text2video-zero-sd15": Tiny(save_sd15, ZERO),
}
