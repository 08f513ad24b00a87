"""Whole pipelines around tiny denoisers, whose guidance goes through the batch."""

from typing import Any

import torch

from tiny.base import tokenizer
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
