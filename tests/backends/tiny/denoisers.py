"""Every denoiser that can be co-denoised, tiny and random, and the arguments that its pipelines give it.

A call is written after the pipeline's own: guidance in the batch or in two passes, noise levels per sample, row or
token, positions from outside, conditions beside the rows. It is a function of how many rows the film has.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tiny.nets import (
    ALLEGRO,
    COG,
    CONTROL,
    EASY,
    HUNYUAN,
    HUNYUAN15,
    KANDINSKY,
    LATTE,
    LTX,
    LTX2,
    MOCHI,
    MOTIF,
    MOTION,
    SANA,
    SVD,
    THREE,
    VACE,
    WAN,
    Arguments,
    drawn,
    made,
    rows,
)

SOUND = 25.0  # rows of sound in a second


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


def told(batch: int, width: int = 16, length: int = 5) -> Arguments:
    return {"encoder_hidden_states": drawn(batch, length, width, seed=7), "return_dict": False}


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
