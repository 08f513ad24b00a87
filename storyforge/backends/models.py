"""Profiles of diffusers pipelines: which classes and checkpoints, how pictures enter them, and what they need.

A model of a family that is known is a YAML file; of a new one, a file and a line in `diffusers/families.py`.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from storyforge.backends import consistency
from storyforge.backends.data import Data, Defaults, Described, Size
from storyforge.conform import Chain

Dtype = Literal["float32", "bfloat16", "float16"]

Infill = Literal["none", "held", "first", "first_last", "mask", "inpaint", "conditions", "sparse", "extend"]
"""How known pictures enter a call: not at all; latent rows held through the steps; `image`; `image` and `last_image`;
a video with a mask (VACE: `video`, `mask`; EasyAnimate: `video`, `mask_video`); conditions at frame indices (LTX,
LTX-2); sparse control frames (SparseCtrl); or the pipeline's own long loop from its `image` (see `longer`)."""


class Component(Data):
    """A part of a pipeline that the checkpoint lacks or that replaces its own."""

    kind: str = Field(alias="class")
    """Its class in diffusers or transformers, such as MotionAdapter or DDIMScheduler."""
    checkpoint: str | None = None
    """A folder or hub id; null makes it from the checkpoint's own part of that name."""
    subfolder: str | None = None
    """Where it lies in that checkpoint."""
    dtype: Dtype | None = None
    """Its own precision, where it needs another than the pipeline's."""
    settings: Mapping[str, Any] = {}


class Lora(Data):
    """Low-rank weights added to the denoiser; safetensors only."""

    checkpoint: str
    """A file, a folder, or a hub id."""
    weight_name: str | None = None
    """The file in that folder or hub repository."""
    scale: float = 1.0


class IPAdapter(Data):
    """An adapter by which a Stable Diffusion model reads pictures of who is to be seen; safetensors only."""

    checkpoint: str
    subfolder: str = "models"
    weight_name: str = "ip-adapter_sd15.safetensors"
    image_encoder: str | None = "image_encoder"
    """The folder of its CLIP vision encoder in the checkpoint; null: the pipeline has one."""
    scale: float = 0.6


class Quantisation(Data):
    """Weights at fewer bits: a backend of diffusers (bitsandbytes_4bit, torchao ...), its settings, for which parts."""

    backend: str
    settings: Mapping[str, Any] = {}
    components: tuple[str, ...] = ("transformer",)


class Cache(Data):
    """Steps that reuse what an earlier one computed: a config class of diffusers and its settings."""

    kind: Literal["FirstBlockCache", "MagCache", "TaylorSeerCache"] = Field(alias="class")
    settings: Mapping[str, Any] = {}


class Memory(Data):
    """What lies on the accelerator, and what is traded for speed. Each step down the plan needs less memory."""

    offload: Literal["none", "model", "group", "leaf"] = "none"
    """Everything there; one model at a time; one block at a time; one layer at a time."""
    tiling: bool = False
    """The VAE works on tiles of the picture."""
    fp8: bool = False
    """The denoiser's weights are kept in 8 bits and computed in `dtype` (layerwise casting)."""
    quantisation: Quantisation | None = None
    attention: str | None = None
    """An attention backend of diffusers, such as flash or sage: one for the whole process."""
    cache: Cache | None = None
    compile: bool = False
    """torch.compile of the repeated blocks."""


class Clip(Data):
    """What a model makes in one call."""

    frames: Annotated[int, Field(ge=1)]
    fps: Annotated[float, Field(gt=0)]
    size: Size
    """Width and height it was trained for; other shapes get the same area."""
    ratio: Annotated[int, Field(ge=1)] = 1
    """Frames a latent row holds: frames = (rows - 1) * ratio + 1."""
    step: Annotated[int, Field(ge=1)] | None = None
    """What lengths grow by; null: by `ratio` (CogVideoX's VAE shows odd numbers of rows only as they are counted)."""
    multiple: Annotated[int, Field(ge=1)] = 16
    """Widths and heights are multiples of it."""
    fixed: bool = False
    """It makes clips of this length only; others make every shorter length of whole rows, too."""
    least: Annotated[int, Field(ge=1)] = 1
    """The shortest length that it makes."""
    asked: Annotated[int, Field(ge=1)] | None = None
    """What the call is told for each `ratio` frames it makes, where it counts otherwise (FramePack: 33 for 36)."""
    rigid: bool = False
    """It makes pictures of this size only; a film of another shape is cut from them."""

    def ask(self, frames: int) -> int:
        """The count by which the call makes so many frames."""
        return frames if self.asked is None else max((frames - 1) // self.ratio, 1) * self.asked

    def snap(self, frames: int) -> int:
        """The next length it can make: whole latent rows (4 k + 1 and the like), or always a whole clip."""
        if self.fixed:
            return self.frames
        return self.whole(frames)

    def begins_row(self, frame: int) -> bool:
        """Whether a call's frame is the first of a latent row: row 0 is one frame, the others hold `ratio` of them."""
        return frame == 0 or (frame - 1) % self.ratio == 0

    def whole(self, frames: int) -> int:
        """The next length of whole steps, be it longer than a clip."""
        step = self.step or self.ratio
        return -(-(max(frames, self.least) - 1) // step) * step + 1


class Windows(Data):
    """How a stretch longer than a clip is denoised in one call: windows of a clip's length, blended at every step."""

    overlap: Annotated[int, Field(ge=1)]
    """Frames that neighbouring windows share, in whole latent rows; of windows that begin at pictures, those that a
    window sees after the next one's."""
    lead: Annotated[int, Field(ge=0)] = 0
    """Latent rows before each later window that it sees and does not write (models read row 0 as a scene's start)."""
    batch: Annotated[int, Field(ge=1)] = 1
    """Windows in one call of the denoiser."""


class Prompts(Data):
    """How a pipeline's own long loop is told prompts over time: a list, one for each of its windows in turn."""

    window: str
    """The argument of its call that says the frames of a window ..."""
    overlap: str
    """... and the one that says how many of them it shares with the window before; both are in `call`."""


class Network(Data):
    """A pipeline of diffusers with its checkpoint, and what is added to its weights and its call."""

    pipeline: str
    """Its class in diffusers, such as WanPipeline."""
    checkpoint: str
    """A folder (from the profile's own) or a hub id."""
    revision: str | None = None
    variant: str | None = None
    dtype: Dtype = "bfloat16"
    """On an accelerator; a CPU computes in float32."""
    components: Mapping[str, Component | None] = {}
    """Parts by their names in the pipeline; null leaves the checkpoint's own out, such as a safety_checker."""
    loras: tuple[Lora, ...] = ()
    ip_adapter: IPAdapter | None = None
    memory: Memory = Memory()
    call: Mapping[str, Any] = {}
    """Further arguments of the pipeline's call."""
    names: Mapping[str, str] = {}
    """Arguments by another name than the usual, such as num_frames: video_length."""
    avoid: str | None = None
    """What it is told to avoid where nothing else is said; null leaves that to the pipeline."""
    defaults: Defaults = Defaults()

    @property
    def given(self) -> Mapping[str, Component]:
        """The parts that it lacks or that replace its own."""
        return {name: part for name, part in self.components.items() if part is not None}

    @property
    def left_out(self) -> frozenset[str]:
        """The names of the checkpoint's parts that are not loaded."""
        return frozenset(self.components) - frozenset(self.given)

    @property
    def checkpoints(self) -> tuple[str, ...]:
        """Every checkpoint it is loaded from."""
        named = [self.checkpoint, *(part.checkpoint for part in self.given.values() if part.checkpoint)]
        named += [lora.checkpoint for lora in self.loras]
        named += [self.ip_adapter.checkpoint] if self.ip_adapter else []
        return tuple(dict.fromkeys(named))


class References(Data):
    """How pictures of who is to be seen enter a call, the most relevant first."""

    by: Literal["argument", "ip_adapter", "bank"]
    """A list under `argument`; the network's ip_adapter; or a bank of self-attention shared by all panels."""
    argument: str = "image"
    many: bool = True
    """Whether the argument is a list; else one picture."""
    needed: bool = False
    """Whether the pipeline cannot be called without one; then a plain grey picture stands in."""
    most: Annotated[int, Field(ge=1)] = 1


class Keyframes(Network):
    """The image pipeline that makes panels, coarse keyframes and cast sheets."""

    references: References | None = None
    size: Size | None = None
    """Width and height it was trained for; null: the clip's."""
    multiple: Annotated[int, Field(ge=1)] = 16


class Refine(Network):
    """A second pass over finished clips by a video-to-video pipeline."""

    strength: Annotated[float, Field(gt=0, le=1)] = 0.4


class Video(Data):
    """How a film enters a call, for shots that start from one (`source:` with `strength:`)."""

    argument: str = "video"
    strength: str | None = "strength"
    """The argument that says how much is made anew; null: there is none."""
    needed: bool = True
    """Whether the pipeline cannot be called without one."""


class Control(Data):
    """How control video (depth, pose, edges) enters a call."""

    argument: str
    kinds: tuple[Literal["depth", "pose", "edges"], ...]
    """What the checkpoint was trained to be driven by."""
    strength: str | None = None
    """The argument that says how closely it is followed; null: there is none."""
    needed: bool = False
    black: tuple[str, ...] = ()
    """Further videos that the call insists on; as many black pictures say nothing."""


class DiffusersProfile(Described, Network):
    """Any video pipeline of diffusers."""

    backend: Literal["diffusers"]
    device: str | None = None
    """cuda, mps, cpu; null takes the best there is."""
    clip: Clip
    layout: Literal["BCFHW", "BFCHW", "BFHWC"] | None = "BCFHW"
    """Axes of the noise it takes as `latents`; null: it draws its own, seeded by the clip's address."""
    keeps: Literal["latents", "pictures"] = "pictures"
    """What a finished clip is kept as; latents need a VAE that the backend can stream."""
    levels: tuple[int, ...] = (1,)
    """Strides from coarse to fine in the model's own frames, the last 1. Keyframes come at the coarser ones."""
    infill: Infill = "none"
    indices: Literal["frames", "rows"] = "frames"
    """Of conditions: what their index counts. By latent rows (LTX-2) a picture is the first frame of its row: frame 0,
    1, 1 + ratio, 1 + 2 ratio ... of a call; from one keyframe to the next are whole rows and one frame ([113, 1])."""
    both: bool = False
    """Of first_last: it knows no call without a last picture, so every stretch ends on a keyframe and is trimmed."""
    beyond: bool = False
    """Of first_last: the last picture is a row of its own after the frames asked for (SkyReels-V2), not the last one
    of them; then latents are kept, for the pipeline shows that row to nobody."""
    longer: Literal["chain", "windows", "extend"] = "chain"
    """How a stretch longer than a clip is made: clips in turn, each from the end of the one before; windows denoised
    together; or by the pipeline's own long loop."""
    windows: Windows | None = None
    """With `infill: first` or `first_last` they begin at the keyframes of `levels`."""
    prompts: Prompts | None = None
    """Of longer: extend: how the loop hears a prompt for each of its windows; null: one for all of a shot."""
    keyframes: Keyframes | Literal["self"] | None = None
    """Who makes panels and coarse keyframes: an image pipeline; the video model's own first frame; nobody."""
    references: References | None = None
    """How the video pipeline itself is shown who is to be seen."""
    refine: Refine | None = None
    source: Video | None = None
    control: Control | None = None
    sound: bool = False
    """Whether the sound that its calls return beside the pictures is kept, and heard in films."""

    @property
    def painter(self) -> Keyframes | None:
        """The image pipeline that makes panels and coarse keyframes, if that is who does."""
        return self.keyframes if isinstance(self.keyframes, Keyframes) else None

    @property
    def chain(self) -> Chain | None:
        """How clips follow one another, where a picture stands at the begin of a latent row alone."""
        if self.indices == "frames":
            return None
        between = self.levels[-2] if len(self.levels) > 1 else self.clip.frames - 1
        return Chain(self.clip.frames, self.clip.ratio, between, self.clip.snap(1))

    @property
    def begun(self) -> bool:
        """Whether windows begin at pictures: those of a model that is told of pictures at a call's ends alone."""
        return self.longer == "windows" and self.infill in ("first", "first_last")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """Whether what it says of clips, pictures and windows can be so at once."""
        consistency.check(self)
        return self
