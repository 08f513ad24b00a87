"""Whole pipelines around tiny denoisers, and calls of them."""

from typing import Any

import torch
from torch import Tensor

from tiny.base import tokenizer, wan_parts
from tiny.denoisers import DENOISERS
from tiny.nets import COG, made


def quiet(pipe: Any) -> Any:
    """A pipeline without its progress bar."""
    pipe.set_progress_bar_config(disable=True)
    return pipe


def t5() -> Any:
    from transformers import T5Config, T5EncoderModel

    torch.manual_seed(0)
    config = T5Config(d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2, vocab_size=64, pad_token_id=0)
    return T5EncoderModel(config).eval()


def cogvideox_pipe(scheduler: Any) -> Any:
    """Guidance in the batch, positions from outside."""
    from diffusers import AutoencoderKLCogVideoX, CogVideoXPipeline

    torch.manual_seed(0)
    vae = AutoencoderKLCogVideoX(
        down_block_types=("CogVideoXDownBlock3D",) * 2,
        up_block_types=("CogVideoXUpBlock3D",) * 2,
        block_out_channels=(8, 8),
        latent_channels=4,
        layers_per_block=1,
        norm_num_groups=2,
        temporal_compression_ratio=4,
    )
    net = made("CogVideoXTransformer3DModel", **COG | {"max_text_seq_length": 16})()
    return quiet(CogVideoXPipeline(tokenizer(), t5(), vae, net, scheduler))


def animatediff_pipe(scheduler: Any) -> Any:
    """Text for every frame, guidance in the batch."""
    from diffusers import AnimateDiffPipeline, AutoencoderKL
    from transformers import CLIPTextConfig, CLIPTextModel

    torch.manual_seed(0)
    text = CLIPTextConfig(
        hidden_size=16,
        intermediate_size=16,
        num_attention_heads=2,
        num_hidden_layers=1,
        vocab_size=64,
        eos_token_id=1,
        bos_token_id=0,
    )
    vae = AutoencoderKL(
        block_out_channels=(8, 8),
        down_block_types=["DownEncoderBlock2D"] * 2,
        up_block_types=["UpDecoderBlock2D"] * 2,
        latent_channels=4,
        norm_num_groups=2,
    )
    net = DENOISERS["motion"].make()
    return quiet(AnimateDiffPipeline(vae, CLIPTextModel(text).eval(), tokenizer(), net, None, scheduler))


def wan_pipe(**more: Any) -> Any:
    """Guidance in two passes."""
    from diffusers import WanPipeline

    return quiet(WanPipeline(**wan_parts() | more))


def asked(frames: int = 33, **more: Any) -> dict[str, Any]:
    """The arguments of a Wan call, of 9 rows if nothing else is said."""
    return {
        "prompt": "a small orange fox",
        "negative_prompt": "storm",
        "height": 16,
        "width": 16,
        "num_frames": frames,
        "num_inference_steps": 2,
        "guidance_scale": 3.0,
        "generator": torch.Generator().manual_seed(0),
        "output_type": "latent",
        "max_sequence_length": 16,
    } | more


def film(pipe: Any, **more: Any) -> Tensor:
    latents: Tensor = pipe(**asked(**more)).frames
    return latents
