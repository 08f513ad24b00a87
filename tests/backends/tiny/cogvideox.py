"""CogVideoX: frames before channels; places by sines (2B), from outside (5B), learned (5B-I2V); rows in pairs (1.5)."""

from pathlib import Path
from typing import Any

import torch

from tiny import Tiny
from tiny.base import tokenizer
from tiny.images import KLEIN_CHANGES
from tiny.language import t5
from tiny.saving import at
from tiny.vivid import vivid

WORDS = 16


def _parts(scheduler: str, **changes: Any) -> dict[str, Any]:
    """What every CogVideoX pipeline has; `changes` of the denoiser tell them apart."""
    import diffusers

    torch.manual_seed(0)
    vae = diffusers.AutoencoderKLCogVideoX(
        block_out_channels=(4, 4, 4, 4),
        latent_channels=4,
        layers_per_block=1,
        norm_num_groups=2,
        temporal_compression_ratio=4,
        sample_height=64,  # twice the pictures': tiles are half of it
        sample_width=96,
        scaling_factor=0.7,
    )
    denoiser: dict[str, Any] = {
        "num_attention_heads": 2,
        "attention_head_dim": 16,
        "in_channels": 4,
        "out_channels": 4,
        "time_embed_dim": 4,
        "text_embed_dim": 16,
        "num_layers": 2,
        "sample_width": 6,
        "sample_height": 4,
        "sample_frames": 9,
        "max_text_seq_length": WORDS,
    }
    return {
        "vae": vivid(vae),
        "text_encoder": t5(),
        "tokenizer": tokenizer(),
        "transformer": diffusers.CogVideoXTransformer3DModel(**denoiser | changes),
        "scheduler": getattr(diffusers, scheduler)(
            beta_schedule="scaled_linear",
            prediction_type="v_prediction",
            rescale_betas_zero_snr=True,
            set_alpha_to_one=True,
            timestep_spacing="trailing",
            snr_shift_scale=3.0 if scheduler == "CogVideoXDDIMScheduler" else 1.0,
        ),
    }


def two(folder: Path) -> None:
    """CogVideoX-2B."""
    from diffusers import CogVideoXPipeline

    CogVideoXPipeline(**_parts("CogVideoXDDIMScheduler")).save_pretrained(folder)


def five(folder: Path) -> None:
    """CogVideoX-5B, which the video-to-video pipeline loads, too."""
    from diffusers import CogVideoXPipeline

    parts = _parts("CogVideoXDPMScheduler", use_rotary_positional_embeddings=True)
    CogVideoXPipeline(**parts).save_pretrained(folder)


def five_image(folder: Path) -> None:
    """CogVideoX-5B-I2V: the first picture beside the noise, and a learned table of places."""
    from diffusers import CogVideoXImageToVideoPipeline

    parts = _parts(
        "CogVideoXDPMScheduler",
        in_channels=8,
        use_rotary_positional_embeddings=True,
        use_learned_positional_embeddings=True,
    )
    CogVideoXImageToVideoPipeline(**parts).save_pretrained(folder)


PAIRS = {"patch_size_t": 2, "patch_bias": False, "use_rotary_positional_embeddings": True}


def newer(folder: Path) -> None:
    """CogVideoX1.5-5B: two latent rows to the token."""
    from diffusers import CogVideoXPipeline

    CogVideoXPipeline(**_parts("CogVideoXDPMScheduler", **PAIRS)).save_pretrained(folder)


def newer_image(folder: Path) -> None:
    """CogVideoX1.5-5B-I2V."""
    from diffusers import CogVideoXImageToVideoPipeline

    parts = _parts("CogVideoXDPMScheduler", in_channels=8, ofs_embed_dim=4, **PAIRS)
    CogVideoXImageToVideoPipeline(**parts).save_pretrained(folder)


SMALL = {
    "memory": {"tiling": False},  # its tiles are half of what it was trained for: of this VAE, a pixel or two
    "clip": {"frames": 9, "size": [48, 32]},
    "defaults": {"steps": 2},
    "call": {"max_sequence_length": WORDS},
}
WINDOWS = {"windows": {"overlap": 4}}
BEGINS = {"keyframes": KLEIN_CHANGES}

TINY = {
    "cogvideox-2b": Tiny(at(two, "THUDM/CogVideoX-2b"), SMALL | WINDOWS),
    "cogvideox-5b": Tiny(at(five, "THUDM/CogVideoX-5b"), SMALL | WINDOWS),
    "cogvideox-5b-i2v": Tiny(at(five_image, "THUDM/CogVideoX-5b-I2V", True), SMALL | BEGINS),
    "cogvideox-5b-v2v": Tiny(at(five, "THUDM/CogVideoX-5b"), SMALL | WINDOWS),
    # Rows go in pairs: windows of four of them.
    "cogvideox-1.5-5b": Tiny(
        at(newer, "THUDM/CogVideoX1.5-5B"), SMALL | WINDOWS | {"clip": {"frames": 17, "size": [48, 32]}}
    ),
    "cogvideox-1.5-5b-i2v": Tiny(at(newer_image, "THUDM/CogVideoX1.5-5B-I2V", True), SMALL | BEGINS),
}
