"""One call of a pipeline: arguments by name, noise by address, known frames and windows as its profile says."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from difflib import get_close_matches
from hashlib import blake2b
from inspect import signature
from typing import Any, NamedTuple

import numpy as np
import torch
from pydantic import TypeAdapter, ValidationError
from torch import Tensor

from storyforge import engine
from storyforge.backends.base import LevelRequest, Part, Prompt
from storyforge.backends.diffusers import beginnings, hold, infill, networks, reels, shims
from storyforge.backends.diffusers.adapters import with_loras
from storyforge.backends.diffusers.codenoising import WindowPlan, codenoised
from storyforge.backends.diffusers.infill import Call, Known
from storyforge.backends.diffusers.segments import Segment
from storyforge.backends.diffusers.texts import Said, shortened
from storyforge.backends.diffusers.windows import shape
from storyforge.backends.diffusers.words import in_turn, row_prompts, takes, windowed, words
from storyforge.backends.models import DiffusersProfile, Keyframes, Lora, Network, Refine
from storyforge.errors import InputError, RenderError

ROWS_AXIS = {"BCFHW": 2, "BFCHW": 1, "BFHWC": 1}
SMALLER = (
    "vae_scale_factor_spatial",
    "vae_spatial_scale_factor",  # Mochi
    "vae_spatial_compression_ratio",  # LTX, EasyAnimate
    "vae_scale_factor",
)
"""How pipelines call the pixels of a latent's side."""


class Made(NamedTuple):
    """What one call gave: frames or latents [batch, frames, ...], and the waveform beside them, if it made one."""

    shown: Any
    sound: Any = None


def run(
    pipe: Any, profile: DiffusersProfile, request: LevelRequest, segment: Segment, known: Known,
    size: tuple[int, int], more: Mapping[str, Any],
) -> Made:  # fmt: skip
    """The pipeline's own result for one segment, latents where the profile keeps them, else pictures.

    size: width and height of the call; more: arguments for references, source and control.
    """
    call = Call(segment.rows, size, profile.clip.ratio, reels.driving(profile, request, segment, size))
    asked = infill.arguments(pipe, profile, known, call) | reels.arguments(profile, request, segment, size)
    # A last picture that is a row of its own is none of the frames asked for.
    beyond = profile.clip.ratio if profile.beyond and segment.rows - 1 in known.frames else 0
    # Addressed as the noise is, for what a pipeline draws itself.
    first = segment.start * max(request.stride, 1) - segment.part.start
    generator = seeded(segment.part, f"{request.stride}\0{first}")
    told = {
        "num_frames": profile.clip.ask(called(profile, segment) - beyond),
        "generator": generator,
        "output_type": "latent" if profile.keeps == "latents" else "np",
    }
    asked |= more
    arguments = named(pipe, profile, profile, request, segment.prompt, size, told, asked, request.options)
    if profile.prompts is not None:
        name = profile.names.get("prompt", "prompt")
        turns = [words(profile, timed.prompt, request.options) for _, _, timed in in_turn(profile, segment, arguments)]
        # A list that the storyboard gives is one already.
        arguments |= {name: [turn[name] for turn in turns]} if isinstance(arguments[name], str) else {}
    _begins(pipe, profile, arguments)
    _guide(pipe, profile, request)
    further = loras(profile, request.options, segment.part.shot)
    with ExitStack() as stack:
        stack.enter_context(with_loras(pipe, further, profile, profile))
        if profile.layout:
            noise = _noise(pipe, profile, request, segment, size, len(more.get("reference_images", ())))
            # The pipeline may work on the tensor it is given: the held rows need it as it was.
            arguments["latents"] = _beside(pipe, noise.clone())
            if known.rows:
                last = profile.layout == "BFHWC"
                rows = {row: clean.permute(1, 2, 0) if last else clean for row, clean in known.rows.items()}
                stack.enter_context(hold.holding(pipe, rows, noise, ROWS_AXIS[profile.layout]))
        shown = beginnings.pictures(pipe, profile, segment, known, size)
        return made(
            profile.name, profile, generator, lambda: _called(pipe, profile, request, segment, arguments, shown)
        )


def called(profile: DiffusersProfile, segment: Segment) -> int:
    """Frames by which the call makes as many rows as it needs: windows that begin at pictures have a row each."""
    if not segment.windows:
        return segment.rows
    return (len(beginnings.order(segment, profile.clip.ratio)) - 1) * profile.clip.ratio + 1


def _called(
    pipe: Any, profile: DiffusersProfile, request: LevelRequest, segment: Segment, arguments: Mapping[str, Any],
    shown: Sequence[Mapping[str, Any]],
) -> Any:  # fmt: skip
    """The pipeline's call, in windows where the segment is longer than a clip. shown: the windows' own pictures."""
    windows = beginnings.plan(profile, segment) if segment.windows else _windows(profile, segment)
    if windows is None:
        return pipe(**arguments)
    if shown:
        windows = replace(windows, edit=beginnings.conditioned(pipe, profile, arguments, shown))
    length, clip = profile.names.get("num_frames", "num_frames"), profile.clip
    return codenoised(
        pipe, windows, arguments, _row_prompts(profile, segment, request.options),
        rows=(segment.rows - 1) // clip.ratio + 1,
        shorter=shortened(arguments, clip.frames, {length: clip.ask(clip.frames)}),
    )  # fmt: skip


def _made(result: Any) -> Made:
    """What a pipeline gave; Text2Video-Zero calls its frames images, and has no batch."""
    shown = result.frames if hasattr(result, "frames") else result.images[None]
    return Made(shown, getattr(result, "audio", None))


def _windows(profile: DiffusersProfile, segment: Segment) -> WindowPlan | None:
    """How a segment longer than a clip is denoised."""
    windows = profile.windows
    if windows is None or not windowed(profile, segment):
        return None
    return WindowPlan(*shape(profile), batch=windows.batch)


def _row_prompts(profile: DiffusersProfile, segment: Segment, options: Mapping[str, Any]) -> list[Said]:
    """What each latent row hears, and what it avoids where that is not what the call does."""
    prompt, avoid = (profile.names.get(name, name) for name in ("prompt", "negative_prompt"))
    base = words(profile, segment.prompt, options)[avoid]
    out = []
    for start, stop, timed in row_prompts(profile, segment):
        told = words(profile, timed.prompt, options)
        out.append(Said(start, stop, told[prompt], None if told[avoid] == base else told[avoid] or ""))
    return out


def made(name: str, network: Network, generator: torch.Generator, call: Callable[[], Any]) -> Made:
    """What a call gives; a refusal is said with the renderer's name.

    Some pipelines draw from the process's own generator: it is seeded as theirs is, and left as it was.
    """
    try:
        # A call that is tried again begins with the same draws.
        with shims.settled(generator.manual_seed(generator.initial_seed()).initial_seed()):
            result = call()
    except NameError as error:  # how diffusers meets a package that it takes for granted
        needs = f"{network.pipeline} needs the Python package {error.name}: pip install {error.name}"
        raise RenderError(f"renderer {name}: {needs}") from error
    except (ValueError, TypeError, IndexError) as error:
        said = " ".join(str(error).split())[:300]
        raise RenderError(f"renderer {name}: {network.pipeline} refuses this clip: {said}") from error
    if any(getattr(result, "nsfw_content_detected", None) or ()):
        raise RenderError(f"renderer {name}: {_blackened(network)}")
    given = _made(result)
    if not _finite([part for part in given if part is not None]):
        raise RenderError(
            f"renderer {name}: {network.pipeline} gave no numbers (NaN): its dtype is too narrow for it; set "
            "dtype: bfloat16 or float32 in the profile, or give a part its own"
        )
    return given


def _blackened(network: Network) -> str:
    """What is said of a picture that a safety checker made black, with the next step."""
    role, without = {Keyframes: "keyframes", Refine: "refine"}.get(type(network)), "components: {safety_checker: null}"
    return (
        f"the safety checker of {network.pipeline} took a picture for unsafe and made it black, which may be a false "
        "alarm: word it otherwise, give it another seed, or leave the checker out by "
        f"{f'{role}: {{{without}}}' if role else without} in the profile"
    )


def _finite(result: Any) -> bool:
    """Whether every number of a result, tensor or arrays, is one."""
    if isinstance(result, Tensor):
        return bool(torch.isfinite(result).all())
    if isinstance(result, list | tuple):
        return all(map(_finite, result))
    return bool(np.isfinite(result).all()) if isinstance(result, np.ndarray) and result.dtype.kind == "f" else True


def named(
    pipe: Any, profile: DiffusersProfile, network: Network, request: LevelRequest, prompt: Prompt,
    size: tuple[int, int], told: Mapping[str, Any], asked: Mapping[str, Any], options: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """The arguments of a call under the pipeline's own names.

    told: what every pipeline is told as far as it takes it, beside the prompt, size, steps and guidance; asked: what
    this one must take; options: the shot's own, which must be known to it.
    """
    names, own = takes(type(pipe)), network.names
    width, height = size
    usual = (
        words(network, prompt, options)
        | {
            "height": height,
            "width": width,
            "num_inference_steps": request.sampled(_steps(pipe, network, request)),
            "guidance_scale": network.defaults.guidance if request.guidance is None else request.guidance,
        }
        | dict(told)
    )
    options = {name: value for name, value in options.items() if name != "loras"}
    wanted = {**network.call, **{own.get(name, name): value for name, value in asked.items()}, **options}
    for name in wanted:
        if name not in names:
            near = get_close_matches(name, names, 1)
            raise InputError(
                f"renderer {profile.name}: {network.pipeline} has no option {name!r}"
                + (f"; did you mean {near[0]!r}?" if near else f": it has {', '.join(sorted(names))}")
            )
    usual = {own.get(name, name): value for name, value in usual.items()}
    return {name: value for name, value in usual.items() if name in names and value is not None} | wanted


def loras(profile: DiffusersProfile, options: Mapping[str, Any], shot: str) -> list[Lora]:
    """Further LoRA weights that a shot, or who is in it, asks for."""
    asked = options.get("loras", [])
    try:
        return TypeAdapter(list[Lora]).validate_python(asked)
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg'].lower()}" for one in error.errors())
        raise InputError(
            f"renderer {profile.name}: options loras of {shot} are not as they should be ({said}); "
            "write loras: [{checkpoint: FILE, scale: 1.0}]"
        ) from error


def _steps(pipe: Any, network: Network, request: LevelRequest) -> int:
    """The shot's own, else the profile's, else the pipeline's."""
    usual = signature(type(pipe).__call__).parameters.get("num_inference_steps")
    return int(request.steps or network.defaults.steps or (usual.default if usual else 1) or 1)


def seeded(part: Part, what: str) -> torch.Generator:
    """A generator for a call, addressed by its shot, the take and what of it is made."""
    told = f"{part.seed}\0{part.shot}\0{part.take}\0{what}"
    digest = blake2b(told.encode(), digest_size=7).digest()
    return torch.Generator("cpu").manual_seed(int.from_bytes(digest, "little"))


def _noise(
    pipe: Any, profile: DiffusersProfile, request: LevelRequest, segment: Segment, size: tuple[int, int], before: int
) -> Tensor:
    """Addressed noise for every latent row: of the shot that the row's frame lies in, counted from its start.

    before: rows in front of the first, which hold references.
    """
    ratio, stride = profile.clip.ratio, max(request.stride, 1)
    rows = [*range(-before, 0), *beginnings.order(segment, ratio)]
    frames = [(segment.start + row * ratio) * stride for row in rows]
    # At the panels' level a row is a shot: what the call makes after it is of that shot, too.
    own = [row < 0 or not request.stride for row in rows]
    parts = [segment.part if mine else request.part_at(at) for mine, at in zip(own, frames, strict=True)]
    where = [engine.Address(part.seed, part.shot, part.take, request.stride) for part in parts]
    counted = [frame - part.start for frame, part in zip(frames, parts, strict=True)]
    drawn = engine.noise(where, counted, _row_shape(pipe, size))
    noise = torch.from_numpy(drawn)[None]
    denoiser = next(iter(networks.denoisers(pipe).values()))
    if profile.layout == "BCFHW":
        noise = noise.transpose(1, 2)
    if profile.layout == "BFHWC":
        noise = noise.permute(0, 1, 3, 4, 2)
    return noise.contiguous().to(denoiser.dtype)


def _beside(pipe: Any, noise: Tensor) -> Tensor:
    """Kandinsky 5 keeps a place for a picture and its mask beside the latents, empty for what starts from text."""
    if not getattr(getattr(pipe, "transformer", None), "visual_cond", False):
        return noise
    return torch.cat([noise, torch.zeros_like(noise), torch.zeros_like(noise[..., :1])], dim=-1)


def _row_shape(pipe: Any, size: tuple[int, int]) -> tuple[int, int, int]:
    config = pipe.vae.config
    channels = config.get("z_dim") or config["latent_channels"]
    smaller = next(found for name in SMALLER if (found := getattr(pipe, name, None)))
    return int(channels), size[1] // smaller, size[0] // smaller


def _guide(pipe: Any, profile: DiffusersProfile, request: LevelRequest) -> None:
    """HunyuanVideo 1.5 is told by an object of its own how closely to keep to the prompt."""
    guidance = profile.defaults.guidance if request.guidance is None else request.guidance
    if getattr(pipe, "guider", None) is None:
        return
    own = pipe.__dict__.setdefault("_storyforge_guider", pipe.guider)  # the checkpoint's, for shots that set none
    pipe.guider = own if guidance is None else own.new(guidance_scale=guidance)


def _begins(pipe: Any, profile: DiffusersProfile, arguments: Mapping[str, Any]) -> None:
    """Refuses a shot without a picture where the pipeline starts from one: it names it before the prompt."""
    order = list(signature(type(pipe).__call__).parameters)
    first = "image" in order and ("prompt" not in order or order.index("image") < order.index("prompt"))
    told = arguments.get(profile.names.get("image", "image"))
    if first and told is None and profile.infill in ("first", "first_last", "extend"):
        raise RenderError(
            f"renderer {profile.name}: {profile.pipeline} starts from a picture, and this shot has none: "
            "give the profile `keyframes`, or the shot a renderer that starts from text"
        )
