"""A pipeline from a profile: its class, its checkpoint on this machine, its parts, and where it computes."""

import json
from difflib import get_close_matches
from hashlib import blake2b
from pathlib import Path
from typing import Any

from storyforge.backends.diffusers import shims
from storyforge.backends.models import Component, DiffusersProfile
from storyforge.backends.profile import located, missing, networks
from storyforge.errors import InputError, RenderError

SAMPLED = 1 << 16  # bytes read at each of a large file's probes
PROBES = 16

# Neither where it computes nor what is said of it changes what it makes.
_PLAIN = {"name", "about", "licence", "needs", "ignores", "device", "memory", "defaults"}


def load(profile: DiffusersProfile, download: bool = False) -> Any:
    """The pipeline, on its device; safetensors only, no code from the checkpoint, no network unless allowed."""
    import diffusers
    import torch
    import transformers

    for library in (diffusers, transformers):  # their bars and advice would write across the program's own progress
        library.utils.logging.disable_progress_bar()
        library.utils.logging.set_verbosity_error()
    device = profile.device or _device()
    dtype = torch.float32 if device == "cpu" else getattr(torch, profile.dtype)
    common = {"local_files_only": not download, "use_safetensors": True}
    try:
        parts = {name: _part(profile, name, part, dtype, common) for name, part in profile.components.items()}
        kind = _class(diffusers, profile.pipeline, profile)
        shims.install(kind)
        pipe = kind.from_pretrained(
            _source(profile.checkpoint, profile, download),
            dtype=dtype,
            revision=profile.revision,
            variant=profile.variant,
            **common,
            **parts,
        )
    except (OSError, ValueError) as error:
        said = " ".join(str(error).split())[:300]
        raise RenderError(f"renderer {profile.name}: {profile.checkpoint} does not load: {said}") from error
    pipe.set_progress_bar_config(disable=True)
    return _placed(pipe, profile, device)


def _part(profile: DiffusersProfile, name: str, part: Component, dtype: Any, common: dict[str, Any]) -> Any:
    """One replaced part: a network in its own precision, or a scheduler with other settings."""
    import diffusers
    import torch

    made = _class(diffusers, part.kind, profile)
    source = _source(part.checkpoint or profile.checkpoint, profile, not common["local_files_only"])
    where = {"subfolder": None if part.checkpoint else name, "local_files_only": common["local_files_only"]}
    if not issubclass(made, torch.nn.Module):
        return made.from_config(made.load_config(source, **where), **part.settings)
    own = dtype if part.dtype is None else getattr(torch, part.dtype)
    return made.from_pretrained(source, dtype=own, use_safetensors=True, **where, **part.settings)


def _class(module: Any, name: str, profile: DiffusersProfile) -> Any:
    found = getattr(module, name, None)
    if not isinstance(found, type):
        near = get_close_matches(name, dir(module), 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise InputError(f"renderer {profile.name}: diffusers {module.__version__} has no {name}{hint}")
    return found


def _source(checkpoint: str, profile: DiffusersProfile, download: bool) -> str:
    """A folder where there is one, else the hub id for diffusers to fetch."""
    folder = located(checkpoint, profile)
    if folder is None and not download:
        raise RenderError(f"renderer {profile.name} is not ready: {missing(profile)}")
    return str(folder or checkpoint)


def _device() -> str:
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _placed(pipe: Any, profile: DiffusersProfile, device: str) -> Any:
    if device == "cpu" or profile.memory.offload == "none":
        return pipe.to(device)
    if profile.memory.offload == "model":
        pipe.enable_model_cpu_offload(device=device)
    else:
        pipe.enable_group_offload(onload_device=device, offload_type="leaf_level", use_stream=device == "cuda")
    return pipe


def fingerprint(profile: DiffusersProfile) -> str:
    """Digest of what changes films: the settings, and the files of every checkpoint named."""
    digest = blake2b(digest_size=16)
    digest.update(json.dumps(profile.model_dump(mode="json", exclude=_PLAIN), sort_keys=True).encode())
    for checkpoint in [name for network in networks(profile) for name in network.checkpoints]:
        folder = Path(_source(checkpoint, profile, False))
        if folder.parent.name == "snapshots":  # the hub's cache: the folder is named for the commit
            digest.update(folder.name.encode())
            continue
        for path in sorted(path for path in folder.rglob("*") if path.suffix in {".json", ".safetensors", ".txt"}):
            digest.update(path.relative_to(folder).as_posix().encode())
            _probe(path, digest)
    return digest.hexdigest()


def _probe(path: Path, digest: Any) -> None:
    """A small file's bytes; of a large one its size and 16 places: enough to tell two trainings apart in no time."""
    size = path.stat().st_size
    digest.update(size.to_bytes(8, "little"))
    with path.open("rb") as file:
        if size <= SAMPLED * PROBES:
            digest.update(file.read())
            return
        for probe in range(PROBES):
            file.seek((size - SAMPLED) * probe // (PROBES - 1))
            digest.update(file.read(SAMPLED))
