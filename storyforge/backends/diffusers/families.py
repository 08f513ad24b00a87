"""The denoisers of diffusers as a table: where time lies in each argument of their call. One entry a class.

An argument is cut by a rule, is the same for every window (`whole`), or is refused: none is cut by a guess at its size.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from storyforge.backends.diffusers.cutting import Clock, Count, Cut, First, InBatch, Layout, Own, Rows, Rule, Tokens

Call = Mapping[str, Any]
ALWAYS = frozenset({"return_dict", "attention_kwargs", "cross_attention_kwargs", "timestep_cond"})


@dataclass(frozen=True)
class Family:
    """How the call of one class of denoisers is cut.

    main: the argument whose rows are windowed, by its rule in `cut`, which its output has, too.
    audio: the argument of a second stream, which the denoiser answers with its second output.
    text: arguments that say the prompt, the first of them the one by which prompts are told apart; `a.b` is key b of a.
    """

    main: str
    cut: Mapping[str, Rule]
    whole: frozenset[str] = frozenset()
    text: tuple[str, ...] = ("encoder_hidden_states",)
    shared: frozenset[str] = frozenset()
    """What all windows of a batch have in common though it looks like one value a sample."""
    audio: str | None = None
    layout: Callable[[Call, Any], Layout] | None = None
    """Where the rows lie, from the arguments and the config; by default along the axis of the main argument's rule."""
    output: Rule | None = None
    """How rows lie in what it returns, if not as in the main argument."""
    patch: Callable[[Any], int] = field(default=lambda config: 1)
    """Rows that the denoiser takes together, from its config."""
    counted: bool = False
    """Whether rows that every window keeps are part of the film (and of a clip's length)."""

    shown: tuple[str, ...] = ()
    """Arguments that say the pictures a clip begins or ends with, beside the main one's further channels."""
    channels: int = 1
    """The axis of the main argument's channels, the noise's first: as many as the denoiser gives."""
    worded: bool = False
    """Whether it is told of a picture among the words."""
    batched: bool = True
    """Whether windows may be put together along the batch."""

    @property
    def known(self) -> frozenset[str]:
        return frozenset(self.cut) | self.whole | self.shared | ALWAYS | {name.split(".")[0] for name in self.text}

    def place(self, call: Call, config: Any) -> Layout:
        """The layout of the main stream."""
        if self.layout is not None:
            return self.layout(call, config)
        rule = self.cut[self.main]
        assert isinstance(rule, Rows)  # a family of packed tokens says where its rows lie
        return Layout(int(call[self.main].shape[rule.axis]))


def _told(*names: str) -> tuple[str, ...]:
    return ("encoder_hidden_states", *names)


def _vace(call: Call, config: Any) -> Layout:
    """Reference pictures are whole rows in front, with nothing in the control channels that a film's rows fill."""
    control = call["control_hidden_states"]
    seen = int(config["in_channels"])
    empty = (control[0, seen:] == 0).flatten(2).all(2).all(0).tolist()
    return Layout(len(empty), kept=empty.index(False) if False in empty else 0)


def _hunyuan(call: Call, config: Any) -> Layout:
    kept = config.get("image_condition_type") == "token_replace"  # row 0 is the picture it starts from, free of noise
    return Layout(int(call["hidden_states"].shape[2]), kept=int(kept))


def _packed(call: Call, config: Any) -> Layout:
    """Packed tokens: the count of rows is told, or is read from the coordinates."""
    total = int(call["hidden_states"].shape[1])
    coordinates = call.get("video_coords")
    rows: Any = call.get("num_frames")
    if coordinates is None:
        return Layout(int(rows), total // int(rows))
    begin = coordinates[0, 0] if coordinates.ndim == 3 else coordinates[0, 0, :, 0]
    if rows is not None:  # LTX-2: conditions behind
        width = int(call["height"]) * int(call["width"])
        return _timed(begin, int(rows), width, 0, total - int(rows) * width)
    back = (begin[1:] < begin[:-1]).nonzero()  # LTX: conditions in front, each later than the first row
    before = int(back[-1]) + 1 if len(back) else 0
    width = int((begin[before:] == begin[before]).sum())
    return _timed(begin, (total - before) // width, width, before, 0)


def _timed(begin: Tensor, rows: int, width: int, before: int, after: int) -> Layout:
    if not before + after:
        return Layout(rows, width)
    times: list[float] = begin.tolist()
    extras = (*times[:before], *times[before + rows * width :])
    return Layout(rows, width, 0, before, after, tuple(times[before : before + rows * width : width]), extras)


def _allegro(value: Any, cut: Cut) -> Any:
    """((frequencies of time, of height, of width), (places of every token in time, in height, in width))."""
    (time, *space), places = value
    rows = len(cut.rows)
    own = tuple(grid[..., : cut.first(grid.shape[-1])] for grid in places)
    return (tuple(table[:rows] for table in time), *space), own


def _kandinsky_positions(value: Any, cut: Cut) -> Any:
    return [value[0][: len(cut.rows)], *value[1:]]


def _kandinsky_sparse(value: Any, cut: Cut) -> Any:
    """Who sees whom depends on how far apart they are: a clip's mask is a corner of the whole film's."""
    if not value or value.get("sta_mask") is None:
        return value
    count = cut.first(value["sta_mask"].shape[-1])
    return {**value, "sta_mask": value["sta_mask"][..., :count, :count]}


WAN = Family(
    main="hidden_states",
    cut={"hidden_states": Rows(2), "timestep": Tokens((1,))},
    whole=frozenset({"encoder_hidden_states_image"}),
    shown=("encoder_hidden_states_image",),
)
MASKED = _told("encoder_attention_mask")

FAMILIES: Mapping[str, Family] = {
    "WanTransformer3DModel": WAN,
    "ChronoEditTransformer3DModel": WAN,
    "WanVACETransformer3DModel": Family(
        main="hidden_states",
        cut={"hidden_states": Rows(2), "control_hidden_states": Rows(2), "timestep": Tokens((1,))},
        whole=frozenset({"encoder_hidden_states_image"}),
        shared=frozenset({"control_hidden_states_scale"}),
        layout=_vace,
    ),
    "SkyReelsV2Transformer3DModel": Family(
        main="hidden_states",
        cut={"hidden_states": Rows(2), "timestep": Rows(1)},
        whole=frozenset({"encoder_hidden_states_image", "enable_diffusion_forcing", "fps"}),
        shown=("encoder_hidden_states_image",),
        batched=False,  # with a rate and a noise level per row, it takes one sample at a time
    ),
    "AnyFlowTransformer3DModel": Family(
        main="hidden_states",
        cut={"hidden_states": Rows(1), "timestep": Rows(1), "r_timestep": Rows(1)},
        whole=frozenset({"encoder_hidden_states_image"}),
    ),
    "CogVideoXTransformer3DModel": Family(
        main="hidden_states",
        cut={"hidden_states": Rows(1), "image_rotary_emb": First(0)},
        whole=frozenset({"timestep", "ofs"}),
        channels=2,
        patch=lambda config: int(config["patch_size_t"] or 1),
    ),
    "LTXVideoTransformer3DModel": Family(
        main="hidden_states",
        cut={"hidden_states": Tokens(), "timestep": Tokens(), "num_frames": Count(), "video_coords": Clock()},
        whole=frozenset({"height", "width"}),
        text=MASKED,
        shared=frozenset({"rope_interpolation_scale"}),
        layout=_packed,
    ),
    "LTX2VideoTransformer3DModel": Family(
        main="hidden_states",
        cut={
            "hidden_states": Tokens(),
            "timestep": Tokens(),
            "num_frames": Count(),
            "video_coords": Clock(),
            "video_keyframes_mask": Tokens(),
            "video_self_attention_mask": Tokens((1, 2)),
            "audio_hidden_states": Tokens(stream=1),
            "audio_timestep": Tokens(stream=1),
            "audio_num_frames": Count(stream=1),
            "audio_coords": Clock(stream=1),
        },
        whole=frozenset({"sigma", "audio_sigma", "height", "width", "fps", "isolate_modalities", "perturbation_mask"}),
        text=_told("audio_encoder_hidden_states", "encoder_attention_mask", "audio_encoder_attention_mask"),
        shared=frozenset({"spatio_temporal_guidance_blocks", "use_cross_timestep"}),
        audio="audio_hidden_states",
        layout=_packed,
    ),
    "HunyuanVideoTransformer3DModel": Family(
        main="hidden_states",
        cut={"hidden_states": Rows(2)},
        whole=frozenset({"timestep", "guidance"}),
        text=_told("encoder_attention_mask", "pooled_projections"),
        layout=_hunyuan,
        counted=True,
        worded=True,
    ),
    "HunyuanVideo15Transformer3DModel": Family(
        main="hidden_states",
        cut={"hidden_states": Rows(2)},
        whole=frozenset({"timestep", "timestep_r", "image_embeds"}),
        shown=("image_embeds",),
        text=_told("encoder_attention_mask", "encoder_hidden_states_2", "encoder_attention_mask_2"),
    ),
    "MochiTransformer3DModel": Family(
        main="hidden_states",
        cut={"hidden_states": Rows(2)},
        whole=frozenset({"timestep"}),
        text=MASKED,
    ),
    "MotifVideoTransformer3DModel": Family(
        main="hidden_states",
        cut={"hidden_states": Rows(2)},
        whole=frozenset({"timestep", "image_embeds"}),
        text=MASKED,
    ),
    "LatteTransformer3DModel": Family(
        main="hidden_states",
        cut={"hidden_states": Rows(2)},
        whole=frozenset({"timestep", "enable_temporal_attentions"}),
        text=MASKED,
    ),
    "AllegroTransformer3DModel": Family(
        main="hidden_states",
        cut={"hidden_states": Rows(2), "attention_mask": Rows(1), "image_rotary_emb": Own(_allegro)},
        whole=frozenset({"timestep"}),
        text=MASKED,
        patch=lambda config: int(config["patch_size_t"]),
    ),
    "SanaVideoTransformer3DModel": Family(
        main="hidden_states",
        cut={"hidden_states": Rows(2), "timestep": Rows(2)},
        whole=frozenset({"guidance"}),
        text=MASKED,
        patch=lambda config: int(config["patch_size"][0]),
    ),
    "Kandinsky5Transformer3DModel": Family(
        main="hidden_states",
        cut={
            "hidden_states": Rows(1),
            "visual_rope_pos": Own(_kandinsky_positions),
            "sparse_params": Own(_kandinsky_sparse),
        },
        whole=frozenset({"timestep"}),
        text=_told("pooled_projections", "text_rope_pos"),
        channels=4,
        shared=frozenset({"text_rope_pos", "scale_factor"}),
    ),
    "EasyAnimateTransformer3DModel": Family(
        main="hidden_states",
        cut={"hidden_states": Rows(2), "inpaint_latents": Rows(2), "control_latents": Rows(2)},
        whole=frozenset({"timestep"}),
        text=_told("encoder_hidden_states_t5"),
        shown=("inpaint_latents",),
    ),
    "UNetMotionModel": Family(
        main="sample",
        cut={
            "sample": Rows(2),
            "encoder_hidden_states": InBatch(),
            "down_block_additional_residuals": InBatch(),
            "mid_block_additional_residual": InBatch(),
        },
        whole=frozenset({"timestep", "added_cond_kwargs"}),
        text=_told("added_cond_kwargs.text_embeds"),
    ),
    "SparseControlNetModel": Family(
        main="sample",
        cut={
            "sample": Rows(2),
            "encoder_hidden_states": InBatch(),
            "controlnet_cond": Rows(2),
            "conditioning_mask": Rows(2),
        },
        whole=frozenset({"timestep", "conditioning_scale", "guess_mode"}),
        output=InBatch(),
    ),
    "UNetSpatioTemporalConditionModel": Family(
        main="sample",
        cut={"sample": Rows(1)},
        whole=frozenset({"timestep", "encoder_hidden_states", "added_time_ids"}),
        text=(),
        shown=("encoder_hidden_states",),
        channels=2,
    ),
    "UNet3DConditionModel": Family(
        main="sample",
        cut={"sample": Rows(2)},
        whole=frozenset({"timestep"}),
    ),
    "I2VGenXLUNet": Family(
        main="sample",
        cut={"sample": Rows(2), "image_latents": Rows(2)},
        whole=frozenset({"timestep", "fps", "image_embeddings"}),
        shown=("image_latents", "image_embeddings"),
    ),
}

_LOOP = "its pipeline makes films of any length by a loop of its own (set longer: extend in its profile)"
REFUSED: Mapping[str, str] = {
    "HunyuanVideoFramepackTransformer3DModel": _LOOP,
    "HeliosTransformer3DModel": _LOOP,
    "WanAnimateTransformer3DModel": _LOOP,
    "AnyFlowFARTransformer3DModel": _LOOP,
    "UNet2DConditionModel": "it is a model of pictures, whose frames know of each other by its pipeline alone",
    "CosmosTransformer3DModel": "it was not tried, since it needs torchvision",
}
"""Denoisers that are known and not cut, and why."""
