"""Wan 2.1 and 2.2: text, first picture, first and last picture, masks with references (VACE), poses (Animate)."""

from pathlib import Path
from typing import Any

from tiny import Tiny
from tiny.base import wan_parts
from tiny.images import KLEIN_CHANGES
from tiny.saving import at
from tiny.vivid import vivid

SIZE = 16  # of the pictures that the tiny CLIP encoder reads


def surroundings(shift: float, **more: Any) -> dict[str, Any]:
    """What every Wan pipeline has, with the solver that its checkpoints come with."""
    from diffusers import UniPCMultistepScheduler

    parts = wan_parts()
    vivid(parts["vae"])
    parts["scheduler"] = UniPCMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=shift
    )
    return parts | more


def _transformer(parts: dict[str, Any], kind: str = "WanTransformer3DModel", **changes: Any) -> Any:
    """The tiny denoiser with other settings, of this class."""
    import diffusers
    import torch

    known = {key: value for key, value in parts["transformer"].config.items() if not key.startswith("_")}
    torch.manual_seed(0)
    return getattr(diffusers, kind)(**(known | changes))


def _vision() -> dict[str, Any]:
    """The CLIP encoder by which Wan 2.1 sees a picture: five tokens of it."""
    from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModel

    config = CLIPVisionConfig(
        hidden_size=8, intermediate_size=16, num_hidden_layers=2, num_attention_heads=2, image_size=SIZE, patch_size=8
    )
    size = {"height": SIZE, "width": SIZE}
    return {
        "image_encoder": CLIPVisionModel(config).eval(),
        "image_processor": CLIPImageProcessor(size={"shortest_edge": SIZE}, crop_size=size),
    }


def _saved(pipe: Any, folder: Path) -> None:
    """Checkpoints name the processor of a machine with torchvision; here it is another class that is saved."""
    pipe.save_pretrained(folder)
    index = folder / "model_index.json"
    index.write_text(index.read_text().replace("CLIPImageProcessorPil", "CLIPImageProcessor"))


def text(folder: Path) -> None:
    """WanPipeline of the 2.1 kind."""
    from diffusers import WanPipeline

    WanPipeline(**surroundings(3.0)).save_pretrained(folder)


def experts(folder: Path) -> None:
    """WanPipeline of the 2.2 kind: one denoiser for the noisy steps, another for the rest."""
    from diffusers import WanPipeline

    parts = surroundings(3.0)
    WanPipeline(**parts, transformer_2=_transformer(parts, num_layers=1), boundary_ratio=0.875).save_pretrained(folder)


def five(folder: Path) -> None:
    """WanPipeline as TI2V-5B comes: a VAE of 16x16 pixels to the latent, and a noise level per token."""
    from diffusers import AutoencoderKLWan, WanPipeline

    parts = surroundings(5.0)
    vae = AutoencoderKLWan(
        base_dim=3,
        decoder_base_dim=3,
        z_dim=48,
        dim_mult=[1, 1, 1, 1],
        num_res_blocks=1,
        temperal_downsample=[False, True, True],
        is_residual=True,
        in_channels=12,
        out_channels=12,
        patch_size=2,
        scale_factor_spatial=16,
        latents_mean=[0.0] * 48,
        latents_std=[1.0] * 48,
    )
    parts["vae"] = vivid(vae)
    parts["transformer"] = _transformer(parts, in_channels=48, out_channels=48)
    WanPipeline(**parts, expand_timesteps=True).save_pretrained(folder)


def image(folder: Path) -> None:
    """WanImageToVideoPipeline of the 2.1 kind, which sees its first picture through CLIP as well."""
    from diffusers import WanImageToVideoPipeline

    parts = surroundings(3.0, **_vision())
    parts["transformer"] = _transformer(parts, in_channels=36, image_dim=8, added_kv_proj_dim=24)
    _saved(WanImageToVideoPipeline(**parts), folder)


def image_experts(folder: Path) -> None:
    """WanImageToVideoPipeline of the 2.2 kind: two denoisers, and no CLIP."""
    from diffusers import WanImageToVideoPipeline

    parts = surroundings(5.0)
    parts["transformer"] = _transformer(parts, in_channels=36)
    second = _transformer(parts, num_layers=1)
    WanImageToVideoPipeline(**parts, transformer_2=second, boundary_ratio=0.9).save_pretrained(folder)


def first_last(folder: Path) -> None:
    """The same, whose denoiser tells the first picture's five tokens from the last one's; all of CLIP's processor."""
    from diffusers import WanImageToVideoPipeline
    from transformers import CLIPProcessor, CLIPTokenizer

    parts = surroundings(16.0, **_vision())
    words = CLIPTokenizer(vocab={"<|startoftext|>": 0, "<|endoftext|>": 1, "a</w>": 2, "a": 3}, merges=[])
    parts["image_processor"] = CLIPProcessor(parts["image_processor"], words)
    parts["transformer"] = _transformer(
        parts, in_channels=36, image_dim=8, added_kv_proj_dim=24, pos_embed_seq_len=2 * (1 + (SIZE // 8) ** 2)
    )
    _saved(WanImageToVideoPipeline(**parts), folder)


def vace(folder: Path) -> None:
    """WanVACEPipeline: video, mask and references enter beside the noise."""
    from diffusers import WanVACEPipeline

    parts = surroundings(3.0)
    parts["transformer"] = _transformer(
        parts, "WanVACETransformer3DModel", num_layers=3, vace_layers=[0, 2], vace_in_channels=96
    )
    WanVACEPipeline(**parts).save_pretrained(folder)


def animate(folder: Path) -> None:
    """WanAnimatePipeline: a character's picture, driven by a video of poses and one of a face."""
    from diffusers import WanAnimatePipeline

    parts = surroundings(5.0, **_vision())
    parts["transformer"] = _transformer(
        parts,
        "WanAnimateTransformer3DModel",
        in_channels=36,
        latent_channels=16,
        image_dim=8,
        added_kv_proj_dim=24,
        motion_encoder_channel_sizes={"4": 4, "8": 4, "16": 4},
        motion_encoder_size=16,
        motion_style_dim=4,
        motion_dim=2,
        motion_encoder_dim=4,
        face_encoder_hidden_dim=8,
        face_encoder_num_heads=2,
        inject_face_latents_blocks=2,
    )
    _saved(WanAnimatePipeline(**parts), folder)


SMALL = {
    "clip": {"frames": 9, "size": [48, 32]},
    "defaults": {"steps": 2},
    "call": {"max_sequence_length": 16},
}
WINDOWS = {"windows": {"overlap": 4}}
BEGINS = {"keyframes": KLEIN_CHANGES}
LEVELS = BEGINS | {"levels": [8, 1]}

TINY = {
    "wan-2.1-t2v-1.3b": Tiny(at(text, "Wan-AI/Wan2.1-T2V-1.3B-Diffusers"), SMALL | WINDOWS),
    "wan-2.1-i2v-14b": Tiny(at(image, "Wan-AI/Wan2.1-I2V-14B-480P-Diffusers", True), SMALL | BEGINS),
    "wan-2.1-flf2v-14b": Tiny(at(first_last, "Wan-AI/Wan2.1-FLF2V-14B-720P-diffusers", True), SMALL | LEVELS),
    "wan-2.1-vace-1.3b": Tiny(at(vace, "Wan-AI/Wan2.1-VACE-1.3B-diffusers", True), SMALL | WINDOWS | LEVELS),
    "wan-2.2-t2v-a14b": Tiny(at(experts, "Wan-AI/Wan2.2-T2V-A14B-Diffusers"), SMALL | WINDOWS),
    "wan-2.2-i2v-a14b": Tiny(at(image_experts, "Wan-AI/Wan2.2-I2V-A14B-Diffusers", True), SMALL | BEGINS),
    "wan-2.2-ti2v-5b": Tiny(
        at(five, "Wan-AI/Wan2.2-TI2V-5B-Diffusers", True),
        SMALL | {"clip": {"frames": 9, "size": [64, 32]}, **BEGINS},
    ),
    "wan-2.2-animate-14b": Tiny(
        at(animate, "Wan-AI/Wan2.2-Animate-14B-Diffusers", True),
        SMALL | {"call": {"max_sequence_length": 16, "segment_frame_length": 9}, **BEGINS},
    ),
}
