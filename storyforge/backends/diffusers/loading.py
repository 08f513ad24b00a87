"""A pipeline from a network of a profile: its class, its checkpoint on this machine, its parts, where it computes."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from inspect import signature
from pathlib import Path
from typing import Any

from storyforge.backends.diffusers import adapters, estimate, faults, host, memory, shims
from storyforge.backends.models import Component, DiffusersProfile, Infill, Network
from storyforge.backends.profile import located
from storyforge.backends.ready import lacks
from storyforge.errors import InputError, NotReady

SHOWN: Mapping[Infill, tuple[str, ...]] = {
    "first": ("image",),
    "first_last": ("image", "last_image"),
    "mask": ("video", "mask"),
    "inpaint": ("video", "mask_video"),
    "conditions": ("conditions",),
    "sparse": ("conditioning_frames", "controlnet_frame_indices"),
}
"""The arguments by which known pictures enter a pipeline's call."""


def load(
    network: Network,
    profile: DiffusersProfile | None = None,
    download: bool = False,
    say: Callable[[str], None] | None = None,
) -> Any:
    """The pipeline of a profile's network (its own by default), on its device, under its memory plan.

    Safetensors only, no code from the checkpoint, no network unless `download`. Raises RenderError with one sentence
    for what this machine or the checkpoint lacks, InputError for what the profile says wrong. say: is told, in a
    sentence each, of a smaller plan that was taken since memory is short, and of what of the plan was left out.
    """
    import diffusers
    import torch
    import transformers

    owner = _owner(network, profile)
    for library in (diffusers, transformers):  # their bars and advice would write across the program's own progress
        library.utils.logging.disable_progress_bar()
        library.utils.logging.set_verbosity_error()
    made = find_class(network.pipeline, owner)
    _expected(made, network, owner)
    shims.install(made)
    if not download:
        check(network, owner)
    device = owner.device or best_device()
    dtype = torch.float32 if device == "cpu" else getattr(torch, network.dtype)
    gpu = estimate.free_bytes(device)
    plan, said = estimate.fitting(network, owner, gpu)
    host.check(network.model_copy(update={"memory": plan}), owner, device, host.free_bytes(), gpu)
    fewer = memory.quantised(plan.quantisation, owner.name)
    common = {"local_files_only": not download, "use_safetensors": True}
    with faults.told(owner, network):
        source = _source(network.checkpoint, owner, network)
        parts: dict[str, Any] = dict.fromkeys(network.left_out)
        parts |= {name: _part(owner, network, name, part, dtype, common) for name, part in network.given.items()}
        # Diffusers takes no tokenizer where the checkpoint names a processor around it; the pipeline itself does.
        later = {name: part for name, part in parts.items() if isinstance(part, transformers.PreTrainedTokenizerBase)}
        parts |= dict.fromkeys(later)
        pipe = made.from_pretrained(
            source,
            dtype=dtype,
            revision=network.revision,
            variant=network.variant,
            quantization_config=fewer,
            **common,
            **parts,
        )
        pipe.register_modules(**later)
    shims.complete(pipe)
    pipe.set_progress_bar_config(disable=True)
    adapters.add(pipe, network, owner)
    left_out = memory.apply(pipe, plan, device, owner.name)
    for sentence in filter(None, (said, *(f"renderer {owner.name}: {one}" for one in left_out))):
        if say and owner.device != "cpu":  # who asks for the CPU knows that it has no accelerator
            say(sentence)
    return pipe


def check(network: Network, owner: DiffusersProfile) -> None:
    """Raises NotReady with the next step where a network's checkpoint is not on this machine, or not whole."""
    if said := lacks(network, owner.folder):
        raise NotReady(f"renderer {owner.name} is not ready: {said}")


def _owner(network: Network, profile: DiffusersProfile | None) -> DiffusersProfile:
    """The profile that a network is of, which has its name, its folder and its device."""
    if profile is not None:
        return profile
    assert isinstance(network, DiffusersProfile)
    return network


def _part(
    profile: DiffusersProfile, network: Network, name: str, part: Component, dtype: Any, common: Mapping[str, Any]
) -> Any:
    """One replaced part: a network in its own precision, or a scheduler with other settings."""
    import torch

    made = find_class(part.kind, profile)
    source = _source(part.checkpoint or network.checkpoint, profile, network)
    where: dict[str, Any] = {"local_files_only": common["local_files_only"]}
    if part.checkpoint is None:
        where["revision"] = network.revision
    if folder := part.subfolder or (None if part.checkpoint else name):
        where["subfolder"] = folder
    if issubclass(made, torch.nn.Module):
        own = dtype if part.dtype is None else getattr(torch, part.dtype)
        if part.checkpoint is None and network.variant and _has(Path(source) / str(folder), network.variant):
            where["variant"] = network.variant
        return made.from_pretrained(source, dtype=own, use_safetensors=True, **where, **part.settings)
    if hasattr(made, "load_config"):
        return made.from_config(made.load_config(source, **where), **part.settings)
    return made.from_pretrained(source, **where, **part.settings)  # a tokenizer or processor


def _has(folder: Path, variant: str) -> bool:
    return any(folder.glob(f"*.{variant}*.safetensors"))


def find_class(name: str, profile: DiffusersProfile) -> Any:
    """A class of diffusers or transformers by name."""
    import diffusers
    import transformers

    for module in (diffusers, transformers):
        found = getattr(module, name, None)
        if isinstance(found, type):
            return found
    near = get_close_matches(name, [*dir(diffusers), *dir(transformers)], 1)
    hint = f"; did you mean {near[0]}?" if near else ": update diffusers, or correct the profile"
    raise InputError(f"renderer {profile.name}: diffusers {diffusers.__version__} has no {name}{hint}")


def _expected(made: Any, network: Network, profile: DiffusersProfile) -> None:
    """Refuses a pipeline that no longer takes what the profile gives it, before gigabytes are loaded."""
    import diffusers

    parts, call = set(signature(made.__init__).parameters), set(signature(made.__call__).parameters)
    asked = {name: f"components: {name}" for name in network.components if name not in parts}
    told = {name: f"call: {name}" for name in network.call}
    if network is profile:
        told |= dict.fromkeys(SHOWN.get(profile.infill, ()), f"infill: {profile.infill}")
        told |= {profile.source.argument: "source"} if profile.source else {}
        told |= {profile.control.argument: "control"} if profile.control else {}
    if network is profile and profile.infill == "conditions":
        counted = "rows" if network.pipeline.startswith("LTX2") else "frames"
        if profile.indices != counted:
            raise InputError(
                f"renderer {profile.name}: the conditions of {network.pipeline} are placed by their {counted}: set "
                f"indices: {counted} in the profile"
            )
    references = getattr(network, "references", None)
    if references and references.by == "argument":
        told[references.argument] = "references"
    asked |= {name: why for name, why in told.items() if network.names.get(name, name) not in call}
    for name, why in asked.items():
        near = get_close_matches(name, parts if why.startswith("components") else call, 1)
        otherwise = ": correct the profile, or install the diffusers it was written for"
        hint = f"; did you mean {near[0]!r}?" if near else otherwise
        raise InputError(
            f"renderer {profile.name}: {network.pipeline} of diffusers {diffusers.__version__} takes no {name!r}, "
            f"which the profile gives it ({why}){hint}"
        )


def _source(checkpoint: str, profile: DiffusersProfile, network: Network) -> str:
    """A folder where there is one, else the hub id for diffusers to fetch."""
    return str(located(checkpoint, profile, network) or checkpoint)


def best_device() -> str:
    """cuda, mps or cpu."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"
