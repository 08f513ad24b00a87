"""One clip is one call of the pipeline: arguments by name, noise by address, known frames as it takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import blake2b
from inspect import signature
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from storyforge import engine
from storyforge.backends.base import LevelRequest
from storyforge.backends.diffusers import hold, pictures
from storyforge.backends.diffusers.clips import Clip, fitted
from storyforge.backends.models import DiffusersProfile
from storyforge.errors import InputError, RenderError

ROWS_AXIS = {"BCFHW": 2, "BFCHW": 1}


@dataclass(frozen=True)
class Known:
    """What is known of a clip beforehand: latent rows to hold, and pictures of its first and last frame."""

    rows: Mapping[int, Tensor] = field(default_factory=dict)
    first: NDArray[np.uint8] | None = None
    last: NDArray[np.uint8] | None = None


def takes(pipe: Any) -> set[str]:
    """The names of the arguments of the pipeline's call."""
    return set(signature(type(pipe).__call__).parameters) - {"self"}


def run(pipe: Any, profile: DiffusersProfile, request: LevelRequest, clip: Clip, known: Known) -> NDArray[Any]:
    """A whole clip: latent rows [rows, channels, h, w], float32, or pictures [frames, height, width, 3], uint8."""
    arguments = _arguments(pipe, profile, request, clip) | _shown(pipe, profile, known)
    if profile.layout:
        noise = _noise(pipe, profile, request, clip, (arguments["height"], arguments["width"]))
        arguments["latents"] = noise
        if known.rows:
            # The pipeline may work on the tensor it is given: the held rows need it as it was.
            arguments["callback_on_step_end"] = hold.holding(known.rows, noise.clone(), ROWS_AXIS[profile.layout])
    made = _made(pipe, profile, arguments)
    if profile.keeps == "pictures":
        return pictures.uint8(np.asarray(made[0]))
    rows: Tensor = made if profile.layout != "BFCHW" else made.transpose(1, 2)
    return rows[0].transpose(0, 1).float().cpu().numpy()


def _made(pipe: Any, profile: DiffusersProfile, arguments: Mapping[str, Any]) -> Any:
    """The pipeline's own result; what it refuses is said with the renderer's name."""
    try:
        return pipe(**arguments).frames
    except torch.OutOfMemoryError as error:
        raise RenderError(
            f"renderer {profile.name}: a clip of {profile.clip.frames} frames does not fit into memory: "
            "set memory to {offload: model} or {offload: leaf} in its profile"
        ) from error
    except NameError as error:  # how diffusers meets a package that it takes for granted
        needs = f"{profile.pipeline} needs the Python package {error.name}: pip install {error.name}"
        raise RenderError(f"renderer {profile.name}: {needs}") from error
    except (ValueError, TypeError) as error:
        said = " ".join(str(error).split())[:300]
        raise RenderError(f"renderer {profile.name}: {profile.pipeline} refuses this clip: {said}") from error


def _arguments(pipe: Any, profile: DiffusersProfile, request: LevelRequest, clip: Clip) -> dict[str, Any]:
    """What every text-to-video pipeline is told, as far as this one takes it, and the options that it must take."""
    names = takes(pipe)
    width, height = fitted(request.size, profile.clip.size, profile.clip.multiple)
    told = {
        "prompt": clip.prompt.text,
        "negative_prompt": clip.prompt.avoid or None,
        "height": height,
        "width": width,
        "num_frames": profile.clip.frames,
        "num_inference_steps": request.sampled(_steps(pipe, profile, request)),
        "guidance_scale": profile.defaults.guidance if request.guidance is None else request.guidance,
        "generator": torch.Generator("cpu").manual_seed(_seed(request, clip)),
        "output_type": "latent" if profile.keeps == "latents" else "np",
    }
    asked = {**profile.call, **request.options}
    for name in asked:
        if name not in names:
            near = get_close_matches(name, names, 1)
            raise InputError(
                f"renderer {profile.name}: {profile.pipeline} has no option {name!r}"
                + (f"; did you mean {near[0]!r}?" if near else f": it has {', '.join(sorted(names))}")
            )
    return {name: value for name, value in told.items() if name in names and value is not None} | asked


def _steps(pipe: Any, profile: DiffusersProfile, request: LevelRequest) -> int:
    """The shot's own, else the profile's, else the pipeline's."""
    usual = signature(type(pipe).__call__).parameters.get("num_inference_steps")
    return int(request.steps or profile.defaults.steps or (usual.default if usual else 1))


def _seed(request: LevelRequest, clip: Clip) -> int:
    """Addressed as the noise is, for what a pipeline draws itself."""
    part = clip.part
    told = f"{part.seed}\0{part.shot}\0{part.take}\0{request.stride}\0{clip.start - part.start}"
    return int.from_bytes(blake2b(told.encode(), digest_size=7).digest(), "little")


def _noise(pipe: Any, profile: DiffusersProfile, request: LevelRequest, clip: Clip, size: tuple[int, int]) -> Tensor:
    """Addressed noise for every latent row; row r of a clip shows frame r x ratio of it."""
    ratio, part = profile.clip.ratio, clip.part
    rows = (profile.clip.frames - 1) // ratio + 1
    where = engine.Address(part.seed, part.shot, part.take, request.stride)
    shape = _row_shape(pipe, size)
    drawn = engine.noise([where] * rows, [clip.start - part.start + row * ratio for row in range(rows)], shape)
    noise = torch.from_numpy(drawn)[None]
    denoiser = getattr(pipe, "transformer", None) or pipe.unet
    return (noise.transpose(1, 2) if profile.layout == "BCFHW" else noise).contiguous().to(denoiser.dtype)


def _row_shape(pipe: Any, size: tuple[int, int]) -> tuple[int, int, int]:
    config = pipe.vae.config
    channels = config.get("z_dim") or config["latent_channels"]
    smaller = getattr(pipe, "vae_scale_factor_spatial", None) or pipe.vae_scale_factor
    return int(channels), size[0] // smaller, size[1] // smaller


def _shown(pipe: Any, profile: DiffusersProfile, known: Known) -> dict[str, Any]:
    """Known pictures, for pipelines that begin or end at one."""
    from PIL import Image

    parameters = signature(type(pipe).__call__).parameters
    shown = {"image": known.first, "last_image": known.last}
    told = {name: Image.fromarray(frame) for name, frame in shown.items() if frame is not None and name in parameters}
    if "image" in parameters and "image" not in told and _needed(pipe, "image"):
        raise RenderError(
            f"renderer {profile.name}: {profile.pipeline} starts from a picture, and this shot has none: "
            "give it a keyframe, or a renderer that starts from text"
        )
    return told


def _needed(pipe: Any, name: str) -> bool:
    """A pipeline made to start from a picture names it before the prompt."""
    order: Sequence[str] = list(signature(type(pipe).__call__).parameters)
    return order.index(name) < order.index("prompt")
