"""A profile's memory plan on a loaded pipeline: where weights lie, in how many bits, and what is traded for speed."""

import gc
import sys
from collections.abc import Callable, Mapping
from ctypes import CDLL
from typing import Any, TypeVar

from storyforge.backends.diffusers.networks import denoisers
from storyforge.backends.models import Cache, Memory, Network, Quantisation
from storyforge.backends.ready import QUANTISERS
from storyforge.errors import InputError, RenderError

OFFLOADS = ("none", "model", "group", "leaf")
"""From the fastest to the smallest: each step keeps less on the accelerator."""

WHOLE = ("vae", "audio_vae")
"""Parts that stay on the accelerator where others come block by block: they are called by their parts, and small."""

_attention: list[str] = []  # the attention backend of this process, once one is set

ATTENTIONS = [r"[^.]*blocks\.\d+\.[^.]*attn[^.]*"]
"""What TaylorSeer foresees: diffusers' own pattern wants the whole name to end in `attn`, and finds no `attn1`."""

T = TypeVar("T")


def quantised(plan: Quantisation | None, name: str) -> Any:
    """What `from_pretrained` is told of fewer bits; None without a plan. name: of the renderer, for what is said."""
    if plan is None:
        return None
    from diffusers import PipelineQuantizationConfig

    if plan.backend not in QUANTISERS:
        known = ", ".join(QUANTISERS)
        raise InputError(f"renderer {name}: diffusers has no quantisation {plan.backend!r}: it has {known}")
    try:
        return PipelineQuantizationConfig(
            quant_backend=plan.backend,
            quant_kwargs=_values(plan.settings),
            components_to_quantize=list(plan.components),
        )
    except ImportError as error:
        package = QUANTISERS[plan.backend]
        raise RenderError(
            f"renderer {name}: memory: {{quantisation: {{backend: {plan.backend}}}}} needs the Python package "
            f"{package}: pip install {package}"
        ) from error
    except (TypeError, ValueError) as error:
        said = " ".join(str(error).split())
        raise InputError(f"renderer {name}: quantisation settings {dict(plan.settings)} are refused: {said}") from error


def apply(pipe: Any, memory: Memory, device: str, name: str = "") -> list[str]:
    """The plan on a pipeline that was just loaded, in the order that its parts need; gives what was left out, and why.

    The denoisers compute in the precision that they were loaded in.
    """
    said: list[str] = []
    if memory.tiling:
        vae = getattr(pipe, "vae", None)
        if hasattr(vae, "enable_tiling"):
            vae.enable_tiling()  # type: ignore[union-attr]
        else:
            said.append(f"{type(vae).__name__} cannot work in tiles: memory: {{tiling: true}} is left out")
    if memory.fp8:
        _fp8(pipe)
    if memory.attention:
        _attend(pipe, memory.attention, name)
    if memory.cache:
        _cached(pipe, memory.cache, name)
    if memory.compile:
        compiled(pipe, name)
    if memory.offload != "none" and device == "cpu":
        said.append(f"there is no accelerator here: memory: {{offload: {memory.offload}}} is left out")
    if memory.offload == "none" or device == "cpu":
        pipe.to(device)
    else:
        offload(pipe, memory.offload, device)
    return said


def offload(pipe: Any, how: str, device: str) -> None:
    """Weights rest in the machine's memory and come to the accelerator when they are needed."""
    if how == "model":
        pipe.enable_model_cpu_offload(device=device)
        return
    common = {"onload_device": _device(device), "use_stream": device.startswith("cuda")}
    if how == "leaf":
        pipe.enable_group_offload(offload_type="leaf_level", **common)
        return
    from diffusers import ModelMixin
    from diffusers.hooks import apply_group_offloading
    from torch.nn import Module

    for name, part in pipe.components.items():
        if name in WHOLE and part is not None:
            part.to(device)
        elif isinstance(part, ModelMixin):
            part.enable_group_offload(offload_type="block_level", num_blocks_per_group=1, **common)
        elif isinstance(part, Module):  # the blocks of transformers' models lie too deep to be found as such
            apply_group_offloading(part, offload_type="leaf_level", offload_device=_device("cpu"), **common)


def _device(device: str) -> Any:
    import torch

    return torch.device(device)


def _fp8(pipe: Any) -> None:
    import torch

    for part in denoisers(pipe).values():
        part.enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn, compute_dtype=part.dtype)


def _attend(pipe: Any, backend: str, name: str) -> None:
    """diffusers keeps one backend for all models of the process: a second one would change the first model's films."""
    if _attention and _attention[0] != backend:
        raise RenderError(
            f"renderer {name}: memory: {{attention: {backend}}} cannot follow {_attention[0]}, which this process "
            "computes with already: give both renderers the same, or render their shots in two runs"
        )
    from diffusers.models.attention_dispatch import _AttentionBackendRegistry as registry

    usual = registry._active_backend
    try:
        for part in denoisers(pipe).values():
            part.set_attention_backend(backend)
        registry._active_backend = usual  # it is set for the whole process, too: other models keep theirs
    except (RuntimeError, ImportError, ValueError) as error:
        short = " ".join(str(error).split())[:300].rstrip(".")
        raise RenderError(
            f"renderer {name}: memory: {{attention: {backend}}} does not work here: {short}; "
            "leave it out for torch's own"
        ) from error
    _attention[:] = [backend]


def _cached(pipe: Any, cache: Cache, name: str) -> None:
    """Steps that reuse an earlier one; the pipeline itself forgets them after each call."""
    import diffusers

    config, settings = getattr(diffusers, f"{cache.kind}Config"), _values(cache.settings)
    if cache.kind == "TaylorSeerCache" and not settings.get("use_lite_mode"):
        settings.setdefault("cache_identifiers", ATTENTIONS)
    for part in denoisers(pipe).values():
        if not hasattr(part, "enable_cache"):
            raise InputError(
                f"renderer {name}: {type(part).__name__} takes no cache: leave memory: {{cache: ...}} out "
                "of its profile"
            )
        try:
            part.enable_cache(config(**settings))
        except (TypeError, ValueError) as error:
            short = " ".join(str(error).split())[:300].rstrip(".")
            raise InputError(
                f"renderer {name}: memory: {{cache: {{class: {cache.kind}}}}} is refused: {short}"
            ) from error


def compiled(pipe: Any, name: str = "", **how: Any) -> None:
    """The blocks that a denoiser repeats, compiled once for all of them; how: further arguments of torch.compile."""
    for part in denoisers(pipe).values():
        try:
            part.compile_repeated_blocks(**{"fullgraph": True, **how})
        except ValueError as error:
            raise InputError(
                f"renderer {name}: {type(part).__name__} names no repeated blocks: leave memory: {{compile: true}} out "
                "of its profile"
            ) from error


def _values(settings: Mapping[str, Any]) -> dict[str, Any]:
    """YAML's words for precisions as torch's."""
    import torch

    named = {"float32", "float16", "bfloat16", "float8_e4m3fn"}
    return {
        key: getattr(torch, value) if isinstance(value, str) and value in named else value
        for key, value in settings.items()
    }


def stepped_down(memory: Memory) -> Memory | None:
    """The plan with one step less on the accelerator; None when there is no further step."""
    at = OFFLOADS.index(memory.offload) + 1
    return memory.model_copy(update={"offload": OFFLOADS[at]}) if at < len(OFFLOADS) else None


def retried(
    network: Network, name: str, call: Callable[[], T], again: Callable[[Network], Callable[[], T]]
) -> tuple[T, Network, str]:
    """A call that does not fit into memory, once more with one step less on the accelerator.

    again: loads the network with the smaller plan and gives the call on it. Gives the result, the network that made
    it, and what is to be said ("" when nothing changed). RenderError when there is no further step, or it was not
    enough either.
    """
    import torch

    try:
        return call(), network, ""
    except torch.OutOfMemoryError as error:
        smaller = stepped_down(network.memory)
        if smaller is None:
            raise RenderError(too_much(name, network)) from error
    free()
    changed = network.model_copy(update={"memory": smaller})
    said = (
        f"renderer {name}: a clip did not fit into memory with offload: {network.memory.offload}; it goes on with "
        f"offload: {smaller.offload} (set it in the profile to start so)"
    )
    try:
        return again(changed)(), changed, said
    except torch.OutOfMemoryError as error:
        raise RenderError(too_much(name, changed)) from error


def too_much(name: str, network: Network) -> str:
    """What is said of a clip that does not fit, with the next step."""
    smaller = stepped_down(network.memory)
    options = [f"offload: {smaller.offload}"] if smaller else []
    options += [] if network.memory.fp8 or network.memory.quantisation else ["fp8: true"]
    options += [] if network.memory.tiling else ["tiling: true"]
    step = f"set memory: {{{', '.join(options)}}} in its profile, or " if options else ""
    return f"renderer {name}: a clip does not fit into memory: {step}render at a smaller size or in shorter clips"


def free() -> None:
    """Gives back what a failed call, or a pipeline that was let go, left: to the system, where it counts as free."""
    import torch

    gc.collect()
    if sys.platform == "linux":
        getattr(CDLL(None), "malloc_trim", lambda pad: None)(0)  # glibc keeps what was freed
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
        # torch keeps memory of the computer's that group offload had pinned.
        getattr(torch._C, "_host_emptyCache", lambda: None)()
