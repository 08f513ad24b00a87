"""The computer's own memory: what of it is free, and what weights surely take of it, told before anything is loaded.

A safetensors file is mapped, not read: weights in the precision of their file lie in pages that the kernel may drop,
and are not counted. Counted is what is copied: weights that change precision, and those that an offload moves to and
fro. Activations, pictures and LoRA weights are not counted either.
"""

from collections.abc import Iterator
from pathlib import Path

from storyforge.backends import checkpoints
from storyforge.backends.diffusers import estimate
from storyforge.backends.diffusers.memory import WHOLE
from storyforge.backends.diffusers.networks import DENOISERS
from storyforge.backends.models import DiffusersProfile, Network
from storyforge.errors import RenderError

WRITTEN = {"float32": "F32", "bfloat16": "BF16", "float16": "F16"}  # precisions as files have them
SURE = 0.95  # of what is counted: a file may hold some tensors that its model never loads

PROC, GROUPS = Path("/proc"), Path("/sys/fs/cgroup")


def check(network: Network, profile: DiffusersProfile, device: str, free: float | None, gpu: float | None) -> None:
    """Raises RenderError with the next step where a network's weights cannot lie in so many free bytes.

    free: None where that is not known. gpu: free bytes of the accelerator, for what is advised.
    """
    if free is None or not short(network, profile, device, free):
        return
    plan = network.memory
    whole = network.model_copy(update={"memory": plan.model_copy(update={"offload": "none"})})
    fits = gpu is not None and estimate.needed(whole, profile) <= gpu * estimate.SPARE
    stays = plan.offload != "none" and fits and not short(whole, profile, device, free)
    step = "set memory: {offload: none}" if stays else "name a smaller checkpoint"
    how = "" if device == "cpu" else f" (offload: {plan.offload})"
    need = estimate.gb(needed(network, profile, device))
    raise RenderError(
        f"renderer {profile.name}: the weights of {network.pipeline} take {need} of the computer's own memory{how}, "
        f"and {estimate.gb(free)} are free: close other programs, or {step} in its profile"
    )


def short(network: Network, profile: DiffusersProfile, device: str, free: float | None) -> bool:
    """Whether a network's weights surely cannot lie in so many free bytes; not where those are not known."""
    return free is not None and needed(network, profile, device) * SURE > free


def needed(network: Network, profile: DiffusersProfile, device: str) -> float:
    """Bytes of weights that lie in the computer's own memory at once and that the kernel cannot drop."""
    memory, out = network.memory, 0.0
    offload = "none" if device == "cpu" else memory.offload
    for name, folder in estimate.folders(network, profile).items():
        if memory.quantisation and name in memory.quantisation.components:
            continue  # some backends make them on the accelerator alone
        own = network.given.get(name)
        dtype = "float32" if device == "cpu" else network.dtype
        dtype = (own.dtype if own else None) or dtype
        eight = memory.fp8 and name in DENOISERS
        size = 1.0 if eight else estimate.BYTES[dtype]
        copied = eight or _travels(name, offload)
        for entry in checkpoints.tensors(folder, network.variant).values():
            if copied or entry["dtype"] != WRITTEN[dtype]:
                out += checkpoints.count(entry) * size
    return out


def _travels(name: str, offload: str) -> bool:
    """Whether a part surely goes to the accelerator and comes back, as a copy of its own."""
    if offload == "model":  # what the call has no use for stays where it is
        return name in (*DENOISERS, *WHOLE) or name.startswith("text_encoder")
    return offload == "leaf" or (offload == "group" and name not in WHOLE)


def free_bytes(proc: Path = PROC, groups: Path = GROUPS) -> float | None:
    """Memory that can be had without ending anything: available, within the limits of our group, and free swap.

    None where the system does not say (it is asked as Linux is).
    """
    said = _numbers(proc / "meminfo")
    if "MemAvailable" not in said:
        return None
    left = min([1024 * said["MemAvailable"], *_groups(proc, groups)])
    return float(left + 1024 * said.get("SwapFree", 0))


def _groups(proc: Path, groups: Path) -> Iterator[int]:
    """Bytes left below the limit of each control group that we are in, of either version; files in memory are free."""
    for line in (proc / "self" / "cgroup").read_text().splitlines() if (proc / "self" / "cgroup").is_file() else ():
        _, kinds, path = line.split(":", 2)
        if kinds and "memory" not in kinds.split(","):
            continue
        root = groups / "memory" if kinds else groups
        names = ("memory.limit_in_bytes", "memory.usage_in_bytes") if kinds else ("memory.max", "memory.current")
        own = root / path.strip("/")
        for folder in [one for one in (own, *own.parents) if one.is_relative_to(root)]:
            most, used = (_number(folder / name) for name in names)
            if most is not None and used is not None:
                told = _numbers(folder / "memory.stat")
                total = "total_" if kinds else ""
                yield most - used + sum(told.get(f"{total}{kind}_file", 0) for kind in ("active", "inactive"))


def _number(file: Path) -> int | None:
    """What a file of one number says; None for no file, or `max`."""
    said = file.read_text().strip() if file.is_file() else ""
    return int(said) if said.isdecimal() else None


def _numbers(file: Path) -> dict[str, int]:
    """A file of lines such as `MemAvailable:  8 kB` or `active_file 8`."""
    lines = [line.split() for line in file.read_text().splitlines()] if file.is_file() else []
    return {words[0].removesuffix(":"): int(words[1]) for words in lines if len(words) > 1 and words[1].isdecimal()}
