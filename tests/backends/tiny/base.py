"""Tiny random pipelines, saved to disk as real checkpoints are: every part of the real ones, a thousandth of the size.

After diffusers' own `get_dummy_components`, with a word tokenizer made here, since tests have no network.
"""

from pathlib import Path
from typing import Any

import torch

WORDS = "a small orange fox with blue scarf walks runs climbs stairs grey moth flies at night storm clear day wide shot"


def tokenizer() -> Any:
    """Whole words, lower case; the rest is one unknown word."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    words = {word: number for number, word in enumerate(["<pad>", "</s>", "<unk>", *sorted(set(WORDS.split()))])}
    made = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=32
    )


def spoken(net: Any) -> Any:
    """A network with weights where training starts from zero: else its controls and motion change nothing."""
    for weight in net.parameters():
        if weight.dim() > 1 and not weight.any():
            torch.nn.init.normal_(weight, std=0.3)
    return net


def wan_parts() -> dict[str, Any]:
    """Wan 2.1: causal video VAE, UMT5 text encoder, transformer, flow matching."""
    from diffusers import AutoencoderKLWan, FlowMatchEulerDiscreteScheduler, WanTransformer3DModel
    from transformers import UMT5Config, UMT5EncoderModel

    torch.manual_seed(0)
    vae = AutoencoderKLWan(
        base_dim=3, z_dim=16, dim_mult=[1, 1, 1, 1], num_res_blocks=1, temperal_downsample=[False, True, True]
    )
    text = UMT5Config(d_model=32, d_kv=8, d_ff=64, num_layers=1, num_heads=4, vocab_size=64, pad_token_id=0)
    transformer = WanTransformer3DModel(
        patch_size=(1, 2, 2),
        num_attention_heads=2,
        attention_head_dim=12,
        in_channels=16,
        out_channels=16,
        text_dim=32,
        freq_dim=32,
        ffn_dim=32,
        num_layers=2,
        cross_attn_norm=True,
        qk_norm="rms_norm_across_heads",
        rope_max_seq_len=32,
    )
    return {
        "vae": vae,
        "text_encoder": UMT5EncoderModel(text).eval(),
        "tokenizer": tokenizer(),
        "transformer": transformer,
        "scheduler": FlowMatchEulerDiscreteScheduler(shift=3.0),
    }


def save_wan(folder: Path) -> Path:
    """A WanPipeline."""
    from diffusers import WanPipeline

    WanPipeline(**wan_parts()).save_pretrained(folder)
    return folder


def save_wan_image(folder: Path) -> Path:
    """A WanImageToVideoPipeline of the 2.2 kind, which sees pictures through its VAE alone."""
    from diffusers import WanImageToVideoPipeline, WanTransformer3DModel

    parts = wan_parts()
    config = dict(parts["transformer"].config) | {"in_channels": 36}
    parts["transformer"] = WanTransformer3DModel.from_config(config)
    WanImageToVideoPipeline(**parts, image_encoder=None, image_processor=None).save_pretrained(folder)
    return folder


def save_animatediff(folder: Path) -> Path:
    """A Stable Diffusion checkpoint and a motion adapter beside it, as AnimateDiff's come."""
    from diffusers import AutoencoderKL, DDIMScheduler, MotionAdapter, StableDiffusionPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    torch.manual_seed(0)
    width = (8, 8)
    unet = UNet2DConditionModel(
        block_out_channels=width,
        layers_per_block=1,
        sample_size=8,
        in_channels=4,
        out_channels=4,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=8,
        norm_num_groups=2,
        attention_head_dim=2,
    )
    vae = AutoencoderKL(
        block_out_channels=width,
        down_block_types=["DownEncoderBlock2D"] * 2,
        up_block_types=["UpDecoderBlock2D"] * 2,
        latent_channels=4,
        norm_num_groups=2,
    )
    text = CLIPTextConfig(
        hidden_size=8,
        intermediate_size=16,
        num_attention_heads=2,
        num_hidden_layers=1,
        vocab_size=64,
        eos_token_id=1,
        bos_token_id=0,
    )
    scheduler = DDIMScheduler(beta_schedule="linear", clip_sample=False, steps_offset=1)
    StableDiffusionPipeline(
        vae, CLIPTextModel(text).eval(), tokenizer(), unet, scheduler, None, None, requires_safety_checker=False
    ).save_pretrained(folder / "image")
    adapter = MotionAdapter(
        block_out_channels=width,
        motion_layers_per_block=1,
        motion_norm_num_groups=2,
        motion_num_attention_heads=2,
        motion_max_seq_length=16,
    )
    adapter.save_pretrained(folder / "motion")
    return folder
