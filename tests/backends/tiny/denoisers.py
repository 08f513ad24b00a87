"""Every denoiser that can be co-denoised, tiny and random, and the arguments that its pipelines give it.

A call is written after the pipeline's own: guidance in the batch or in two passes, noise levels per sample, row or
token, positions from outside, conditions beside the rows. It is a function of how many rows the film has.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tiny.base import tokenizer

Arguments = dict[str, Any]


@dataclass(frozen=True)
class Denoiser:
    """make: the module. call: its arguments for so many rows of film; rows, size, overlap, lead: how a test cuts it."""

    make: Callable[[], Any]
    call: Callable[[int], Arguments]
    rows: int = 9
    size: int = 4
    overlap: int = 1
    lead: int = 0
    place: str = "transformer"


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


def told(batch: int, width: int = 16, length: int = 5) -> Arguments:
    return {"encoder_hidden_states": drawn(batch, length, width, seed=7), "return_dict": False}


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


def wan(n: int, channels: int = 4) -> Arguments:
    return told(1) | {"hidden_states": rows(2, 1, channels, n, 4, 4), "timestep": torch.tensor([700])}


def wan_tokens(n: int) -> Arguments:
    """TI2V-5B: a noise level per token; the first row is a picture, free of noise."""
    levels = torch.full((1, n * 4), 700.0)
    levels[:, :4] = 0
    return wan(n) | {"timestep": levels}


def wan_pictures(n: int) -> Arguments:
    """First and last picture: two pictures' tokens for one sample."""
    return wan(n) | {"encoder_hidden_states_image": drawn(2, 5, 8, seed=9)}


def vace(n: int, references: int = 0) -> Arguments:
    control = rows(2, 1, 24, references + n, 4, 4, seed=2)
    control[:, 4:, :references] = 0
    scale = torch.tensor([1.0, 0.5])
    return wan(references + n) | {"control_hidden_states": control, "control_hidden_states_scale": scale}


def skyreels(n: int) -> Arguments:
    """Diffusion forcing: a noise level per row."""
    level = torch.arange(n)[None] * 50 + 100
    return wan(n) | {"timestep": level, "enable_diffusion_forcing": True, "fps": [1]}


def anyflow(n: int) -> Arguments:
    level = torch.arange(n)[None].expand(2, n) * 50.0 + 100
    hidden = rows(1, 2, n, 4, 4, 4)
    return told(2) | {"hidden_states": hidden, "timestep": level, "r_timestep": level - 50}


def cogvideox(n: int, patch: int = 1) -> Arguments:
    from diffusers.models.embeddings import get_3d_rotary_pos_embed

    rope = get_3d_rotary_pos_embed(
        16, None if patch > 1 else ((0, 0), (2, 2)), (2, 2), n // patch,
        grid_type="slice" if patch > 1 else "linspace", max_size=(2, 2),
    )  # fmt: skip
    hidden = rows(1, 2, n, 4, 4, 4)
    return told(2) | {"hidden_states": hidden, "timestep": torch.tensor([700, 700]), "image_rotary_emb": rope}


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


def ltx(n: int) -> Arguments:
    hidden = rows(1, 2, n, 4, 4).flatten(1, 2)
    return told(2) | {
        "hidden_states": hidden,
        "timestep": torch.tensor([700.0, 700.0]),
        "encoder_attention_mask": torch.ones(2, 5),
        "num_frames": n,
        "height": 2,
        "width": 2,
        "rope_interpolation_scale": (8 / 25, 32, 32),
    }


def ltx_image(n: int) -> Arguments:
    level = torch.full((2, n * 4), 700.0)
    level[:, :4] = 0
    return ltx(n) | {"timestep": level}


def ltx_coordinates(n: int, at: tuple[int, ...] = ()) -> Tensor:
    """Where the tokens of conditions at those frames, and then of all rows, lie in time and space."""
    from diffusers import LTXConditionPipeline as Pipe

    parts = []
    for count, frame in [*((1, frame) for frame in at), (n, 0)]:
        ids = Pipe._prepare_video_ids(2, count, 2, 2)
        parts.append(Pipe._scale_video_ids(ids, 32, 8, frame).float())
    coordinates = torch.cat(parts, 2)
    coordinates[:, 0] /= 25
    return coordinates


def ltx_condition(n: int, at: tuple[int, ...] = (24, 40)) -> Arguments:
    call = ltx(n)
    call = {key: value for key, value in call.items() if key not in ("num_frames", "height", "width")}
    del call["rope_interpolation_scale"]
    extra = drawn(2, 4 * len(at), 4, seed=5)
    return call | {
        "hidden_states": torch.cat([extra, call["hidden_states"]], 1),
        "timestep": torch.full((2, 4 * len(at) + 4 * n), 700.0),
        "video_coords": ltx_coordinates(n, at),
    }


LTX2 = LTX | {
    "audio_in_channels": 4,
    "audio_out_channels": 4,
    "audio_num_attention_heads": 2,
    "audio_attention_head_dim": 4,
    "audio_cross_attention_dim": 8,
    "rope_double_precision": False,
}
SOUND = 25.0  # rows of sound in a second


def ltx2(n: int, at: tuple[int, ...] = ()) -> Arguments:
    """Film and sound; conditions at those rows lie behind the film."""
    net = DENOISERS["ltx2"].make()
    heard = round(((n - 1) * 8 + 1) / 24 * SOUND)
    coordinates = net.rope.prepare_video_coords(1, n, 2, 2, torch.device("cpu"), fps=24.0)
    film = net.rope.prepare_video_coords(1, max(at, default=0) + 1, 2, 2, torch.device("cpu"), fps=24.0)
    here = [film[:, :, row * 4 : row * 4 + 4] for row in at]
    hidden = rows(1, 1, n, 4, 4).flatten(1, 2)
    extra = drawn(1, 4 * len(at), 4, seed=5)
    return told(1) | {
        "hidden_states": torch.cat([hidden, extra], 1),
        "audio_hidden_states": rows(1, 1, heard, 4, seed=3),
        "audio_encoder_hidden_states": drawn(1, 5, 16, seed=8),
        "timestep": torch.full((1, (n + len(at)) * 4), 700.0),
        "audio_timestep": torch.tensor([700.0]),
        "sigma": torch.tensor([700.0]),
        "encoder_attention_mask": torch.ones(1, 5),
        "audio_encoder_attention_mask": torch.ones(1, 5),
        "num_frames": n,
        "height": 2,
        "width": 2,
        "fps": 24.0,
        "audio_num_frames": heard,
        "video_coords": torch.cat([coordinates, *here], 2),
        "audio_coords": net.audio_rope.prepare_audio_coords(1, heard, torch.device("cpu")),
        "isolate_modalities": False,
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


def hunyuan(n: int) -> Arguments:
    return told(1) | {
        "hidden_states": rows(2, 1, 4, n, 4, 4),
        "timestep": torch.tensor([700.0]),
        "encoder_attention_mask": torch.ones(1, 5),
        "pooled_projections": drawn(1, 8, seed=8),
        "guidance": torch.tensor([6000.0]),
    }


def hunyuan15(n: int) -> Arguments:
    return told(1) | {
        "hidden_states": rows(2, 1, 9, n, 2, 2),
        "timestep": torch.tensor([700.0]),
        "encoder_attention_mask": torch.ones(1, 5),
        "encoder_hidden_states_2": drawn(1, 3, 16, seed=8),
        "encoder_attention_mask_2": torch.ones(1, 3),
        "image_embeds": torch.zeros(1, 2, 16),
    }


def masked(n: int) -> Arguments:
    """Mochi and others: guidance in the batch, a mask of the text."""
    return told(2) | {
        "hidden_states": rows(2, 2, 4, n, 4, 4),
        "timestep": torch.tensor([700.0, 700.0]),
        "encoder_attention_mask": torch.ones(2, 5),
    }


def allegro(n: int) -> Arguments:
    from diffusers.models.embeddings import get_3d_rotary_pos_embed_allegro

    *tables, t, h, w = get_3d_rotary_pos_embed_allegro(
        12, ((0, 0), (2, 2)), (2, 2), n, interpolation_scale=(1.0, 1.0, 1.0)
    )
    places = torch.cartesian_prod(t.long(), h.long(), w.long()).reshape(-1, 3).transpose(0, 1).reshape(3, 1, -1)
    text = drawn(2, 1, 5, 16, seed=7)
    return masked(n) | {"encoder_hidden_states": text, "image_rotary_emb": (tuple(tables), tuple(places))}


def sana_image(n: int) -> Arguments:
    level = torch.full((2, 1, n, 2, 2), 700.0)
    level[:, :, 0] = 0
    return masked(n) | {"timestep": level}


def kandinsky(n: int) -> Arguments:
    return told(1) | {
        "hidden_states": rows(1, 1, n, 4, 4, 9),
        "timestep": torch.tensor([700.0]),
        "pooled_projections": drawn(1, 8, seed=8),
        "visual_rope_pos": [torch.arange(n), torch.arange(2), torch.arange(2)],
        "text_rope_pos": torch.arange(5),
        "scale_factor": (1.0, 2.0, 2.0),
        "sparse_params": None,
        "return_dict": True,
    }


def latte(n: int) -> Arguments:
    return {key: value for key, value in masked(n).items() if key != "encoder_attention_mask"}


def easyanimate(n: int) -> Arguments:
    return latte(n) | {"inpaint_latents": rows(2, 2, 4, n, 4, 4, seed=3)}


BLOCKS = {"block_out_channels": (8, 8), "layers_per_block": 1, "cross_attention_dim": 16, "norm_num_groups": 2}
MOTION = BLOCKS | {
    "down_block_types": ("CrossAttnDownBlockMotion", "DownBlockMotion"),
    "motion_num_attention_heads": 2,
    "motion_max_seq_length": 6,
}


def motion(n: int) -> Arguments:
    """AnimateDiff: text for every frame; the table of its motion modules ends after 6 of them."""
    text = drawn(2, 5, 16, seed=7).repeat_interleave(n, 0)
    return {"sample": rows(2, 2, 4, n, 4, 4), "timestep": torch.tensor(700), "encoder_hidden_states": text}


def residuals(n: int) -> Arguments:
    """With what a ControlNet answered for every frame."""

    def one(channels: int, size: int, seed: int) -> Tensor:
        return rows(1, 2, n, channels, size, size, seed=seed).flatten(0, 1)

    down = (one(8, 4, 3), one(8, 4, 4), one(8, 2, 5), one(8, 2, 6))
    return motion(n) | {"down_block_additional_residuals": down, "mid_block_additional_residual": one(8, 2, 8)}


def sparse(n: int) -> Arguments:
    call = motion(n) | {"controlnet_cond": rows(2, 1, 3, n, 4, 4, seed=3), "conditioning_scale": 0.5}
    mask = torch.zeros(1, 1, n, 4, 4)
    mask[:, :, 0] = 1
    return call | {"conditioning_mask": mask, "guess_mode": False, "return_dict": False}


def stable(n: int) -> Arguments:
    hidden = rows(1, 2, n, 8, 4, 4)
    return {
        "sample": hidden,
        "timestep": torch.tensor(1.6),
        "encoder_hidden_states": drawn(2, 1, 16, seed=7),
        "added_time_ids": torch.tensor([[6.0, 127.0, 0.02]] * 2),
        "return_dict": False,
    }


def unet3d(n: int) -> Arguments:
    text = drawn(2, 5, 16, seed=7)
    sample = rows(2, 2, 4, n, 4, 4)
    return {"sample": sample, "timestep": torch.tensor(700), "encoder_hidden_states": text, "return_dict": False}


def i2vgen(n: int) -> Arguments:
    return unet3d(n) | {
        "fps": torch.tensor([16, 16]),
        "image_latents": rows(2, 2, 4, n, 4, 4, seed=3),
        "image_embeddings": drawn(2, 1, 16, seed=8),
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

DENOISERS: Mapping[str, Denoiser] = {
    "wan": Denoiser(made("WanTransformer3DModel", **WAN), wan, lead=1),
    "wan-tokens": Denoiser(made("WanTransformer3DModel", **WAN), wan_tokens),
    "wan-first-last": Denoiser(
        made("WanTransformer3DModel", **WAN, image_dim=8, added_kv_proj_dim=24, pos_embed_seq_len=10), wan_pictures
    ),
    "chronoedit": Denoiser(made("ChronoEditTransformer3DModel", **WAN), wan),
    "vace": Denoiser(made("WanVACETransformer3DModel", **VACE), vace),
    "vace-references": Denoiser(made("WanVACETransformer3DModel", **VACE), lambda n: vace(n, 2), lead=1),
    "skyreels": Denoiser(made("SkyReelsV2Transformer3DModel", **WAN, inject_sample_info=True), skyreels),
    "anyflow": Denoiser(made("AnyFlowTransformer3DModel", **WAN), anyflow),
    "cogvideox": Denoiser(made("CogVideoXTransformer3DModel", **COG), cogvideox),
    "cogvideox-1.5": Denoiser(
        made("CogVideoXTransformer3DModel", **COG, patch_size_t=2, patch_bias=False),
        lambda n: cogvideox(n + n % 2, 2),
        size=3,  # which it pads to 4, as its pipeline does
    ),
    "ltx": Denoiser(made("LTXVideoTransformer3DModel", **LTX), ltx, lead=1),
    "ltx-image": Denoiser(made("LTXVideoTransformer3DModel", **LTX), ltx_image),
    "ltx-condition": Denoiser(made("LTXVideoTransformer3DModel", **LTX), ltx_condition),
    "ltx2": Denoiser(made("LTX2VideoTransformer3DModel", **LTX2), ltx2, lead=1),
    "ltx2-condition": Denoiser(made("LTX2VideoTransformer3DModel", **LTX2), lambda n: ltx2(n, (3, 5))),
    "hunyuan": Denoiser(made("HunyuanVideoTransformer3DModel", **HUNYUAN, guidance_embeds=True), hunyuan),
    "hunyuan-picture": Denoiser(
        made("HunyuanVideoTransformer3DModel", **HUNYUAN, image_condition_type="token_replace"), hunyuan
    ),
    "hunyuan-1.5": Denoiser(made("HunyuanVideo15Transformer3DModel", **HUNYUAN15), hunyuan15),
    "mochi": Denoiser(made("MochiTransformer3DModel", **MOCHI), masked),
    "motif": Denoiser(made("MotifVideoTransformer3DModel", **MOTIF), masked),
    "latte": Denoiser(made("LatteTransformer3DModel", **LATTE, video_length=4), latte),
    "allegro": Denoiser(made("AllegroTransformer3DModel", **ALLEGRO), allegro),
    "sana": Denoiser(made("SanaVideoTransformer3DModel", **SANA), masked),
    "sana-image": Denoiser(made("SanaVideoTransformer3DModel", **SANA), sana_image),
    "kandinsky": Denoiser(made("Kandinsky5Transformer3DModel", **KANDINSKY), kandinsky),
    "easyanimate": Denoiser(made("EasyAnimateTransformer3DModel", **EASY), easyanimate),
    "motion": Denoiser(
        made("UNetMotionModel", **MOTION, up_block_types=("UpBlockMotion", "CrossAttnUpBlockMotion")),
        motion,
        place="unet",
    ),
    "motion-control": Denoiser(
        made("UNetMotionModel", **MOTION, up_block_types=("UpBlockMotion", "CrossAttnUpBlockMotion")),
        residuals,
        place="unet",
    ),
    "sparsectrl": Denoiser(made("SparseControlNetModel", **CONTROL), sparse, place="controlnet"),
    "svd": Denoiser(made("UNetSpatioTemporalConditionModel", **SVD), stable, place="unet"),
    "unet3d": Denoiser(made("UNet3DConditionModel", **THREE), unet3d, place="unet"),
    "i2vgen": Denoiser(made("I2VGenXLUNet", **THREE), i2vgen, place="unet"),
}


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
