"""Networks of diffusers, tiny and random, and noise to feed them."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

Arguments = dict[str, Any]


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def rows(axis: int, *shape: int, seed: int = 0) -> Tensor:
    """Noise whose row along `axis` does not depend on how many there are."""
    count = shape[axis]
    rest = [size for at, size in enumerate(shape) if at != axis]
    return torch.stack([drawn(*rest, seed=1000 * seed + row) for row in range(count)], axis)


def made(kind: str, **config: Any) -> Callable[[], Any]:
    """A module of diffusers with random weights, also where training starts from zeros."""

    def module() -> Any:
        import diffusers

        torch.manual_seed(0)
        net = getattr(diffusers, kind)(**config).eval().requires_grad_(False)
        for weight in net.parameters():
            if weight.ndim > 1 and not weight.any():
                torch.nn.init.normal_(weight, std=0.1)
        return net

    return module


WAN = {
    "num_attention_heads": 2,
    "attention_head_dim": 12,
    "text_dim": 16,
    "freq_dim": 16,
    "ffn_dim": 16,
    "num_layers": 1,
    "rope_max_seq_len": 32,
    "in_channels": 4,
    "out_channels": 4,
}
COG = {
    "num_attention_heads": 2,
    "attention_head_dim": 16,
    "in_channels": 4,
    "out_channels": 4,
    "time_embed_dim": 8,
    "text_embed_dim": 16,
    "num_layers": 1,
    "sample_width": 4,
    "sample_height": 4,
    "max_text_seq_length": 5,
    "use_rotary_positional_embeddings": True,
}
LTX = {
    "in_channels": 4,
    "out_channels": 4,
    "num_attention_heads": 2,
    "attention_head_dim": 8,
    "cross_attention_dim": 16,
    "num_layers": 1,
    "caption_channels": 16,
}
LTX2 = LTX | {
    "audio_in_channels": 4,
    "audio_out_channels": 4,
    "audio_num_attention_heads": 2,
    "audio_attention_head_dim": 4,
    "audio_cross_attention_dim": 8,
    "rope_double_precision": False,
}
HUNYUAN = {
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
BLOCKS = {"block_out_channels": (8, 8), "layers_per_block": 1, "cross_attention_dim": 16, "norm_num_groups": 2}
MOTION = BLOCKS | {
    "down_block_types": ("CrossAttnDownBlockMotion", "DownBlockMotion"),
    "motion_num_attention_heads": 2,
    "motion_max_seq_length": 6,
}
THREE = BLOCKS | {
    "sample_size": 4,
    "attention_head_dim": 4,
    "down_block_types": ("CrossAttnDownBlock3D", "DownBlock3D"),
    "up_block_types": ("UpBlock3D", "CrossAttnUpBlock3D"),
}
SANA = {
    "in_channels": 4,
    "out_channels": 4,
    "num_attention_heads": 2,
    "attention_head_dim": 12,
    "num_layers": 1,
    "num_cross_attention_heads": 2,
    "cross_attention_head_dim": 12,
    "cross_attention_dim": 24,
    "caption_channels": 16,
    "rope_max_seq_len": 32,
}
KANDINSKY = {
    "in_visual_dim": 4,
    "in_text_dim": 16,
    "in_text_dim2": 8,
    "time_dim": 16,
    "out_visual_dim": 4,
    "model_dim": 16,
    "ff_dim": 16,
    "num_text_blocks": 1,
    "num_visual_blocks": 1,
    "axes_dims": (4, 6, 6),
    "visual_cond": True,
}
LATTE = {
    "sample_size": 4,
    "num_layers": 1,
    "patch_size": 2,
    "attention_head_dim": 8,
    "num_attention_heads": 2,
    "caption_channels": 16,
    "in_channels": 4,
    "cross_attention_dim": 16,
    "out_channels": 8,
    "attention_bias": True,
    "activation_fn": "gelu-approximate",
    "num_embeds_ada_norm": 1000,
    "norm_type": "ada_norm_single",
    "norm_elementwise_affine": False,
}
SVD = {
    "in_channels": 8,
    "out_channels": 4,
    "sample_size": 4,
    "block_out_channels": (32, 32),
    "layers_per_block": 1,
    "cross_attention_dim": 16,
    "num_attention_heads": 2,
    "addition_time_embed_dim": 8,
    "projection_class_embeddings_input_dim": 24,
    "down_block_types": ("CrossAttnDownBlockSpatioTemporal", "DownBlockSpatioTemporal"),
    "up_block_types": ("UpBlockSpatioTemporal", "CrossAttnUpBlockSpatioTemporal"),
}
MOCHI = {
    "in_channels": 4,
    "out_channels": 4,
    "num_attention_heads": 2,
    "attention_head_dim": 8,
    "num_layers": 1,
    "pooled_projection_dim": 16,
    "text_embed_dim": 16,
    "time_embed_dim": 8,
    "max_sequence_length": 5,
}
ALLEGRO = {
    "num_attention_heads": 2,
    "attention_head_dim": 12,
    "in_channels": 4,
    "out_channels": 4,
    "num_layers": 1,
    "cross_attention_dim": 24,
    "caption_channels": 16,
    "sample_width": 4,
    "sample_height": 4,
}
EASY = {
    "num_attention_heads": 2,
    "attention_head_dim": 16,
    "in_channels": 8,
    "out_channels": 4,
    "patch_size": 2,
    "num_layers": 1,
    "mmdit_layers": 1,
    "time_embed_dim": 8,
    "text_embed_dim": 16,
    "sample_width": 4,
    "sample_height": 4,
}
MOTIF = {key: value for key, value in HUNYUAN.items() if key not in ("num_refiner_layers", "pooled_projection_dim")}
HUNYUAN15 = {
    key: value for key, value in HUNYUAN.items() if key not in ("num_single_layers", "pooled_projection_dim")
} | {"in_channels": 9, "text_embed_2_dim": 16, "image_embed_dim": 16, "target_size": 48}
VACE = WAN | {"num_layers": 2, "vace_layers": [0, 1], "vace_in_channels": 24}
CONTROL = MOTION | {"conditioning_channels": 3}
