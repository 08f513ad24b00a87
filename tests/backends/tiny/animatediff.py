"""AnimateDiff and its kin, tiny and random: motion modules over Stable Diffusion 1.5 and XL, controls, PIA."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from . import Tiny
from .base import save_animatediff, spoken
from .images import SD_CHANGES, WIDTH, image_vae, save_ip_adapter
from .images import save_sdxl as save_image

SD15 = "stable-diffusion-v1-5/stable-diffusion-v1-5"
SDXL = "stabilityai/stable-diffusion-xl-base-1.0"
ADAPTERS = "h94/IP-Adapter"

CLIP: Mapping[str, Any] = {"frames": 8, "size": [32, 32], "multiple": 8}
CLIPS: Mapping[str, Any] = {"clip": CLIP, "defaults": {"steps": 2}}
SHOWN: Mapping[str, Any] = {**CLIPS, "keyframes": SD_CHANGES}


def motion(**more: Any) -> Any:
    """The motion modules of a UNet of two blocks; its table holds 16 frames."""
    from diffusers import MotionAdapter

    torch.manual_seed(2)
    adapter = MotionAdapter(
        block_out_channels=WIDTH,
        motion_layers_per_block=1,
        motion_norm_num_groups=2,
        motion_num_attention_heads=2,
        motion_max_seq_length=16,
        **more,
    )
    return spoken(adapter)


def save_sd15(folder: Path, adapter: str = "guoyww/animatediff-motion-adapter-v1-5-2") -> dict[str, str]:
    """Stable Diffusion with its IP-Adapter, and the motion adapter under the hub id that it has in the profile."""
    from diffusers import UNet2DConditionModel

    save_animatediff(folder)
    motion().save_pretrained(folder / "motion")
    save_ip_adapter(
        folder / "ip-adapter",
        UNet2DConditionModel.from_pretrained(folder / "image" / "unet", local_files_only=True),
        "models",
        "ip-adapter_sd15.safetensors",
    )
    return {SD15: "image", adapter: "motion", ADAPTERS: "ip-adapter"}


def save_sdxl(folder: Path) -> dict[str, str]:
    """Stable Diffusion XL with its motion adapter and the VAE that keeps to 16 bits."""
    save_image(folder / "sdxl")
    motion(use_motion_mid_block=False).save_pretrained(folder / "motion")
    image_vae().save_pretrained(folder / "vae")
    return {
        SDXL: "sdxl",
        "guoyww/animatediff-motion-adapter-sdxl-beta": "motion",
        "madebyollin/sdxl-vae-fp16-fix": "vae",
    }


def save_controlled(folder: Path) -> dict[str, str]:
    """With a ControlNet that sees a control picture a frame."""
    from diffusers import ControlNetModel

    at = save_sd15(folder)
    torch.manual_seed(3)
    net = ControlNetModel(
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        conditioning_embedding_out_channels=(4, 8),  # a factor of 2, as the tiny VAE's
        **_control(),
    )
    spoken(net).save_pretrained(folder / "control")
    return at | {"lllyasviel/control_v11f1p_sd15_depth": "control"}


def save_sparse(folder: Path) -> dict[str, str]:
    """With a SparseCtrl of pictures, which enter as latents of the VAE."""
    from diffusers import SparseControlNetModel

    at = save_sd15(folder, "guoyww/animatediff-motion-adapter-v1-5-3")
    torch.manual_seed(3)
    net = SparseControlNetModel(
        down_block_types=("CrossAttnDownBlockMotion", "DownBlockMotion"),
        motion_max_seq_length=16,
        motion_num_attention_heads=2,
        **_control(),
    )
    spoken(net).save_pretrained(folder / "control")
    return at | {"guoyww/animatediff-sparsectrl-rgb": "control"}


def _control() -> dict[str, Any]:
    """A control network of the shape of the tiny UNet."""
    return {
        "block_out_channels": WIDTH,
        "layers_per_block": 1,
        "cross_attention_dim": 8,
        "norm_num_groups": 2,
        "attention_head_dim": 2,
    }


def save_pia(folder: Path) -> dict[str, str]:
    """PIA's condition adapter: motion modules with a first convolution that sees the picture and a mask, too."""
    at = save_sd15(folder)
    del at["guoyww/animatediff-motion-adapter-v1-5-2"]
    motion(conv_in_channels=9).save_pretrained(folder / "condition")
    return at | {"openmmlab/PIA-condition-adapter": "condition"}


TINY: Mapping[str, Tiny] = {
    "animatediff-sd15": Tiny(save_sd15, SHOWN),
    "animatediff-sdxl": Tiny(save_sdxl, SHOWN),
    "animatediff-controlnet-sd15": Tiny(save_controlled, SHOWN),
    "animatediff-sparsectrl-sd15": Tiny(save_sparse, {**SHOWN, "levels": [7, 1]}),
    "animatediff-video2video-sd15": Tiny(save_sd15, CLIPS),
    "pia-sd15": Tiny(save_pia, SHOWN),
}
