"""Weights added to a loaded pipeline: LoRA, by profile or by character, and IP-Adapter. Safetensors only."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

from storyforge.backends import checkpoints
from storyforge.backends.models import DiffusersProfile, IPAdapter, Lora, Network
from storyforge.backends.ready import absent, file_fault, has_package
from storyforge.errors import RenderError


def add(pipe: Any, network: Network, profile: DiffusersProfile) -> None:
    """What a profile adds to its network, before the weights are placed."""
    if network.ip_adapter:
        load_ip_adapter(pipe, network.ip_adapter, profile)
    if network.loras:
        use_loras(pipe, network.loras, profile)


@contextmanager
def with_loras(pipe: Any, loras: Iterable[Lora], network: Network, profile: DiffusersProfile) -> Iterator[None]:
    """The pipeline with further LoRAs (a character's) beside the network's own; afterwards with its own alone.

    Each file is read once in a pipeline's life, so that shots with one character and another may take turns.
    """
    further = tuple(loras)
    if not further:
        yield
        return
    use_loras(pipe, (*network.loras, *further), profile)
    try:
        yield
    finally:
        if network.loras:
            use_loras(pipe, network.loras, profile)
        else:
            pipe.disable_lora()


def use_loras(pipe: Any, loras: Iterable[Lora], profile: DiffusersProfile) -> None:
    """Exactly these LoRAs, each at its scale; the same file twice is used at the sum of its scales.

    RenderError in one sentence for a file that is missing, no safetensors, cut short, or made for another model.
    """
    scales: dict[str, float] = {}
    for lora in loras:
        name = _loaded(pipe, lora, profile)
        scales[name] = scales.get(name, 0.0) + lora.scale
    pipe.enable_lora()
    pipe.set_adapters(list(scales), list(scales.values()))


def _loaded(pipe: Any, lora: Lora, profile: DiffusersProfile) -> str:
    """The name of an adapter in the pipeline, read if it is not there yet."""
    who = f"renderer {profile.name}"
    if not hasattr(pipe, "load_lora_weights"):
        raise RenderError(f"{who}: {type(pipe).__name__} takes no LoRA: leave loras out")
    if not has_package("peft"):
        raise RenderError(f"{who}: LoRA needs the Python package peft: pip install peft")
    path = _file(lora.checkpoint, None, lora.weight_name, profile)
    name = "lora_" + blake2b(str(path.resolve()).encode(), digest_size=6).hexdigest()
    known = {adapter for names in pipe.get_list_adapters().values() for adapter in names}
    if name in known:
        return name
    from safetensors.torch import load_file

    try:
        with catch_warnings():
            simplefilter("ignore")  # peft warns of a second adapter, which is what is wanted
            # As tensors: a path would be asked of the hub where diffusers cannot make it out.
            pipe.load_lora_weights(load_file(path), adapter_name=name)
    except Exception as error:  # peft and a converter for each trainer's file format raise whatever they meet
        raise RenderError(f"{who}: {path} is no LoRA for {type(pipe).__name__}: {_short(error)}") from error
    if name not in {adapter for names in pipe.get_list_adapters().values() for adapter in names}:
        raise RenderError(f"{who}: {path} has no weights for {type(pipe).__name__}: name a LoRA trained for it")
    return name


def load_ip_adapter(pipe: Any, adapter: IPAdapter, profile: DiffusersProfile) -> None:
    """An IP-Adapter and, where the profile names one, its CLIP vision encoder."""
    who = f"renderer {profile.name}"
    if not hasattr(pipe, "load_ip_adapter"):
        raise RenderError(f"{who}: {type(pipe).__name__} takes no IP-Adapter: leave ip_adapter out")
    path = _file(adapter.checkpoint, adapter.subfolder, adapter.weight_name, profile)
    try:
        if adapter.image_encoder and getattr(pipe, "image_encoder", None) is None:
            _see(pipe, adapter, profile)
        pipe.load_ip_adapter(
            str(path.parent), subfolder="", weight_name=path.name, image_encoder_folder=None, local_files_only=True
        )
        pipe.set_ip_adapter_scale(adapter.scale)
    except RenderError:
        raise
    except Exception as error:  # shapes that do not fit meet no check of diffusers' own
        raise RenderError(f"{who}: {path} is no IP-Adapter for {type(pipe).__name__}: {_short(error)}") from error


def _see(pipe: Any, adapter: IPAdapter, profile: DiffusersProfile) -> None:
    """The vision encoder that the adapter was trained with: beside its weights, or at that path of the checkpoint."""
    from transformers import CLIPVisionModelWithProjection

    root = checkpoints.located(adapter.checkpoint, profile.folder)
    assert root is not None
    assert adapter.image_encoder
    beside = root / adapter.subfolder / adapter.image_encoder
    folder = beside if beside.is_dir() else root / adapter.image_encoder
    said = checkpoints.part_fault(folder)
    if said:
        raise RenderError(f"renderer {profile.name}: {said}: the IP-Adapter's image_encoder names this folder")
    encoder = CLIPVisionModelWithProjection.from_pretrained(folder, dtype=pipe.dtype, use_safetensors=True)
    pipe.register_modules(image_encoder=encoder.to(pipe.device))


def _file(checkpoint: str, subfolder: str | None, name: str | None, profile: DiffusersProfile) -> Path:
    """The safetensors file of added weights, whole; RenderError with the next step."""
    at = checkpoints.located(checkpoint, profile.folder)
    said = absent(checkpoint, None) if at is None else file_fault(checkpoint, subfolder, name, profile.folder)
    if said or at is None:
        raise RenderError(f"renderer {profile.name}: {said}")
    if at.is_file():
        return at
    folder = at / (subfolder or "")
    return folder / name if name else next(iter(sorted(folder.glob("*.safetensors"))))


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:300].rstrip(".")
