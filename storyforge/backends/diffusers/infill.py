"""How known pictures enter a pipeline's call: one adapter for each way that models were trained to take them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from storyforge.backends.base import Frame
from storyforge.backends.models import DiffusersProfile, Infill

GREY = 127  # what stands in a video where nothing is known; models trained on masks saw it there


@dataclass(frozen=True)
class Known:
    """What is known of a call's frames: pictures at the size of the call, and latent rows to hold.

    frames: frame -> uint8 [height, width, 3]; rows: latent row -> [channels, h, w] at the denoiser's scale.
    """

    frames: Mapping[int, Frame] = field(default_factory=dict)
    rows: Mapping[int, Tensor] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """The shape of a call: its frames, and their width and height. driven: a control film's frames, as many."""

    frames: int
    size: tuple[int, int]
    ratio: int = 1
    driven: Sequence[Frame] | None = None


Adapter = Callable[[Any, Known, Call], dict[str, Any]]


def arguments(pipe: Any, profile: DiffusersProfile, known: Known, call: Call) -> dict[str, Any]:
    """The arguments that show a call its known frames; nothing where none is known or rows are held instead."""
    adapter = ADAPTERS.get(profile.infill)
    wanted = known.frames or call.driven or profile.infill in WHOLE
    return adapter(pipe, known, call) if adapter and wanted else {}


def _first(pipe: Any, known: Known, call: Call) -> dict[str, Any]:
    return {"image": image(known.frames[0])} if 0 in known.frames else {}


def _first_last(pipe: Any, known: Known, call: Call) -> dict[str, Any]:
    last = known.frames.get(call.frames - 1)
    return _first(pipe, known, call) | ({"last_image": image(last)} if last is not None and call.frames > 1 else {})


def _mask(pipe: Any, known: Known, call: Call) -> dict[str, Any]:
    """VACE: grey and a white mask where frames are to be made, pictures and a black mask where they are known."""
    from PIL import Image

    width, height = call.size
    grey = Image.new("RGB", call.size, (GREY,) * 3)
    white, black = (Image.new("L", (width, height), level) for level in (255, 0))
    frames = range(call.frames)
    empty = [image(frame) for frame in call.driven] if call.driven else [grey] * call.frames
    return {
        "video": [image(known.frames[frame]) if frame in known.frames else empty[frame] for frame in frames],
        "mask": [black if frame in known.frames else white for frame in frames],
    }


def _inpaint(pipe: Any, known: Known, call: Call) -> dict[str, Any]:
    """EasyAnimate: a video tensor [1, 3, frames, height, width] in 0..1, and a mask of 255 where frames are made."""
    width, height = call.size
    video = torch.zeros(1, 3, call.frames, height, width)
    mask = torch.full((1, 1, call.frames, height, width), 255.0)
    for frame, picture in enumerate(call.driven or ()):
        video[0, :, frame] = torch.from_numpy(picture.copy()).permute(2, 0, 1) / 255
    for frame, picture in known.frames.items():
        video[0, :, frame] = torch.from_numpy(picture.copy()).permute(2, 0, 1) / 255
        mask[:, :, frame] = 0
    return {"video": video, "mask_video": mask}


def _conditions(pipe: Any, known: Known, call: Call) -> dict[str, Any]:
    """LTX-Video counts the frames of a condition, LTX-2 the latent rows, of which a picture is the first frame."""
    if type(pipe).__name__.startswith("LTX2"):
        from diffusers.pipelines.ltx2.pipeline_ltx2_condition import LTX2VideoCondition

        rows = {-(-frame // call.ratio): image(picture) for frame, picture in known.frames.items()}
        return {"conditions": [LTX2VideoCondition(frames=picture, index=row) for row, picture in rows.items()]}
    from diffusers.pipelines.ltx.pipeline_ltx_condition import LTXVideoCondition

    return {
        "conditions": [
            LTXVideoCondition(image=image(picture), frame_index=frame) for frame, picture in known.frames.items()
        ]
    }


def _sparse(pipe: Any, known: Known, call: Call) -> dict[str, Any]:
    """SparseCtrl: the known frames and where they are; a black picture at no weight where none is known."""
    if not known.frames:
        black = image(np.zeros((call.size[1], call.size[0], 3), np.uint8))
        return {"conditioning_frames": [black], "controlnet_frame_indices": [0], "controlnet_conditioning_scale": 0.0}
    return {
        "conditioning_frames": [image(picture) for picture in known.frames.values()],
        "controlnet_frame_indices": list(known.frames),
    }


ADAPTERS: Mapping[Infill, Adapter] = {
    "first": _first,
    "extend": _first,
    "first_last": _first_last,
    "mask": _mask,
    "inpaint": _inpaint,
    "conditions": _conditions,
    "sparse": _sparse,
}
WHOLE: tuple[Infill, ...] = ("inpaint", "sparse")  # pipelines that are always told what is known, be it nothing


def image(frame: NDArray[np.uint8]) -> Any:
    """A picture as pipelines take it."""
    from PIL import Image

    return Image.fromarray(np.ascontiguousarray(frame))
