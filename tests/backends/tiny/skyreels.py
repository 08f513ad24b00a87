"""SkyReels-V2: text, and diffusion forcing, whose every latent row has its own noise level: any length, both ends."""

from pathlib import Path
from typing import Any

import torch

from tiny import Tiny
from tiny.images import KLEIN_CHANGES
from tiny.saving import at
from tiny.wan import surroundings


def _parts(forced: bool) -> dict[str, Any]:
    """Wan's VAE and text encoder around another denoiser, told the rate where it was trained at two."""
    from diffusers import SkyReelsV2Transformer3DModel

    torch.manual_seed(0)
    denoiser = SkyReelsV2Transformer3DModel(
        patch_size=(1, 2, 2),
        num_attention_heads=2,
        attention_head_dim=12,
        in_channels=16,
        out_channels=16,
        text_dim=32,
        freq_dim=32,
        ffn_dim=32,
        num_layers=2,
        rope_max_seq_len=32,
        inject_sample_info=forced,
    )
    return surroundings(8.0, transformer=denoiser)


def text(folder: Path) -> None:
    """SkyReelsV2Pipeline."""
    from diffusers import SkyReelsV2Pipeline

    SkyReelsV2Pipeline(**_parts(False)).save_pretrained(folder)


def forcing(folder: Path) -> None:
    """SkyReelsV2DiffusionForcingPipeline, which the one from pictures loads, too."""
    from diffusers import SkyReelsV2DiffusionForcingPipeline

    SkyReelsV2DiffusionForcingPipeline(**_parts(True)).save_pretrained(folder)


SMALL = {
    "clip": {"frames": 9, "size": [48, 32]},
    "defaults": {"steps": 2},
    "call": {"max_sequence_length": 16},
}
LONG = SMALL | {"call": {"max_sequence_length": 16, "base_num_frames": 9, "overlap_history": 5}}
FORCED = "Skywork/SkyReels-V2-DF-1.3B-540P-Diffusers"

TINY = {
    "skyreels-v2-t2v-14b": Tiny(
        at(text, "Skywork/SkyReels-V2-T2V-14B-540P-Diffusers"), SMALL | {"windows": {"overlap": 4}}
    ),
    "skyreels-v2-df-1.3b": Tiny(at(forcing, FORCED), LONG),
    "skyreels-v2-df-1.3b-i2v": Tiny(at(forcing, FORCED, True), LONG | {"levels": [8, 1], "keyframes": KLEIN_CHANGES}),
}
