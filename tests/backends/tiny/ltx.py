"""LTX-Video and LTX-2: packed tokens, eight frames a row, a clock in seconds, conditions at frames, and sound."""

from pathlib import Path
from typing import Any

import torch

from tiny import Tiny
from tiny.base import tokenizer
from tiny.images import KLEIN_CHANGES
from tiny.language import t5
from tiny.saving import at
from tiny.vivid import vivid

WIDTHS = (4, 4, 4, 4)


def ltx_parts(timed: bool = True) -> dict[str, Any]:
    """LTX-Video: from 0.9.1 on its VAE is told how much noise is left when it decodes."""
    from diffusers import AutoencoderKLLTXVideo, FlowMatchEulerDiscreteScheduler, LTXVideoTransformer3DModel

    torch.manual_seed(0)
    vae = AutoencoderKLLTXVideo(
        latent_channels=8,
        block_out_channels=WIDTHS,
        decoder_block_out_channels=WIDTHS,
        layers_per_block=(1, 1, 1, 1, 1),
        decoder_layers_per_block=(1, 1, 1, 1, 1),
        timestep_conditioning=timed,
    )
    transformer = LTXVideoTransformer3DModel(
        in_channels=8,
        out_channels=8,
        num_attention_heads=2,
        attention_head_dim=8,
        cross_attention_dim=16,
        num_layers=2,
        caption_channels=16,
    )
    return {
        "vae": vivid(vae),
        "text_encoder": t5(),
        "tokenizer": tokenizer(),
        "transformer": transformer,
        "scheduler": FlowMatchEulerDiscreteScheduler(),  # no shift by size from 0.9.5 on: conditions refuse one
    }


def video(folder: Path) -> None:
    """LTXPipeline, as the checkpoints of LTX-Video name it."""
    from diffusers import LTXPipeline

    LTXPipeline(**ltx_parts()).save_pretrained(folder)


def condition(folder: Path) -> None:
    """LTXConditionPipeline: pictures and videos at any frame."""
    from diffusers import LTXConditionPipeline

    LTXConditionPipeline(**ltx_parts()).save_pretrained(folder)


def _gemma() -> Any:
    """The Gemma 3 encoder of LTX-2: all its layers are read, the eye is never used."""
    from transformers import Gemma3Config, Gemma3ForConditionalGeneration

    torch.manual_seed(0)
    text = {
        "vocab_size": 64,
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 8,
        "max_position_embeddings": 64,
        "pad_token_id": 0,
    }
    vision = {
        "hidden_size": 8,
        "intermediate_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 1,
        "image_size": 16,
        "patch_size": 8,
    }
    config = Gemma3Config(
        text_config=text, vision_config=vision, mm_tokens_per_image=4, image_token_index=61, boi_token_index=62,
        eoi_token_index=63,
    )  # fmt: skip
    return Gemma3ForConditionalGeneration(config).eval()


def ltx2_parts() -> dict[str, Any]:
    """LTX-2: two streams of tokens, film and sound, that hear each other."""
    from diffusers import (
        AutoencoderKLLTX2Audio,
        AutoencoderKLLTX2Video,
        FlowMatchEulerDiscreteScheduler,
        LTX2VideoTransformer3DModel,
    )
    from diffusers.pipelines.ltx2 import LTX2TextConnectors
    from diffusers.pipelines.ltx2.vocoder import LTX2Vocoder

    torch.manual_seed(0)
    vae = AutoencoderKLLTX2Video(
        latent_channels=4,
        block_out_channels=(4, 8, 8, 8),
        decoder_block_out_channels=(8, 16, 32),
        layers_per_block=(1, 1, 1, 1, 1),
        decoder_layers_per_block=(1, 1, 1, 1),
        spatial_compression_ratio=32,
        temporal_compression_ratio=8,
    )
    audio = AutoencoderKLLTX2Audio(
        base_channels=8, ch_mult=(1, 1, 1), num_res_blocks=1, resolution=32, latent_channels=2, mel_bins=16
    )
    transformer = LTX2VideoTransformer3DModel(
        in_channels=4,
        out_channels=4,
        num_attention_heads=2,
        attention_head_dim=8,
        cross_attention_dim=16,
        audio_in_channels=8,
        audio_out_channels=8,
        audio_num_attention_heads=2,
        audio_attention_head_dim=4,
        audio_cross_attention_dim=8,
        num_layers=2,
        caption_channels=16,
        rope_double_precision=False,
        rope_type="split",
        perturbed_attn=True,
    )
    connectors = LTX2TextConnectors(
        caption_channels=16,
        text_proj_in_factor=2,
        video_connector_num_attention_heads=2,
        video_connector_attention_head_dim=8,
        video_connector_num_layers=1,
        video_connector_num_learnable_registers=None,
        audio_connector_num_attention_heads=2,
        audio_connector_attention_head_dim=8,
        audio_connector_num_layers=1,
        audio_connector_num_learnable_registers=None,
        connector_rope_base_seq_len=32,
        rope_double_precision=False,
        rope_type="split",
    )
    vocoder = LTX2Vocoder(
        in_channels=32,
        hidden_channels=8,
        upsample_kernel_sizes=[4, 4],
        upsample_factors=[2, 2],
        resnet_kernel_sizes=[3],
        resnet_dilations=[[1, 3]],
        output_sampling_rate=400,
    )
    return {
        "vae": vivid(vae),
        "audio_vae": vivid(audio),
        "text_encoder": _gemma(),
        "tokenizer": tokenizer(),
        "connectors": connectors,
        "transformer": transformer,
        "vocoder": vocoder,
        "scheduler": FlowMatchEulerDiscreteScheduler(
            use_dynamic_shifting=True, base_shift=0.95, max_shift=2.05, base_image_seq_len=1024, shift_terminal=0.1
        ),
    }


def sounding(folder: Path) -> None:
    """LTX2Pipeline, as the checkpoint of LTX-2 names it."""
    from diffusers import LTX2Pipeline

    LTX2Pipeline(**ltx2_parts()).save_pretrained(folder)


SMALL = {
    "clip": {"frames": 17, "size": [64, 32]},
    "defaults": {"steps": 2},
    "call": {"max_sequence_length": 16},
}
SOUND = SMALL | {
    "clip": {"frames": 17, "size": [64, 64]},  # its decoder mirrors the edges, so two latents high at least
    "call": {"max_sequence_length": 16, "spatio_temporal_guidance_blocks": [1]},
}
TILES = {
    "max_sequence_length": 16,
    "temporal_tile_size": 16,
    "temporal_overlap": 8,
    "decode_horizontal_tiles": 1,
    "decode_vertical_tiles": 1,
}
BEGINS = {"keyframes": KLEIN_CHANGES}
LEVELS = BEGINS | {"levels": [16, 1]}
WINDOWS = {"windows": {"overlap": 8}}

TINY = {
    "ltx-video": Tiny(at(video, "Lightricks/LTX-Video-0.9.5"), SMALL | WINDOWS),
    "ltx-condition": Tiny(at(condition, "Lightricks/LTX-Video-0.9.5", True), SMALL | LEVELS),
    "ltx-long": Tiny(
        at(condition, "Lightricks/LTX-Video-0.9.8-13B-distilled", True), SMALL | {"call": TILES, **BEGINS}
    ),
    "ltx-2": Tiny(at(sounding, "Lightricks/LTX-2"), SOUND | WINDOWS),
    "ltx-2-condition": Tiny(at(sounding, "Lightricks/LTX-2", True), SOUND | BEGINS | {"levels": [9, 1]}),
}
