"""Whether a network of a profile can start on this machine: its packages, its checkpoints, whole and without code.

Nothing heavy is imported and no weights are read: `storyforge renderers` and `doctor` ask this of every profile.
"""

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from storyforge.backends import checkpoints
from storyforge.backends.models import Network

QUANTISERS = {
    "bitsandbytes_4bit": "bitsandbytes",
    "bitsandbytes_8bit": "bitsandbytes",
    "gguf": "gguf",
    "quanto": "optimum-quanto",
    "torchao": "torchao",
    "modelopt": "nvidia-modelopt",
    "auto-round": "auto-round",
    "nunchaku_lite": "nunchaku",
    "sdnq": "sdnq",
}
"""The package of each of diffusers' quantisation backends."""

MODULES = {
    "optimum-quanto": "optimum",
    "nvidia-modelopt": "modelopt",
    "auto-round": "auto_round",
    "opencv-python": "cv2",
}
"""Where a package's module has another name."""

PIPELINES = {
    "Cosmos": "torchvision",
    "QwenImageEdit": "torchvision",
    "OmniGen": "torchvision",
    "ConsisID": "opencv-python",
}
"""Pipelines, by how their names begin, that diffusers lists and that need a package which it does not ask for."""


def lacks(network: Network, beside: Path) -> str:
    """What keeps it from starting here, with the next step; "" when it is ready. beside: the profile's folder."""
    return lack([network], beside)


def lack(networks: Sequence[Network], beside: Path) -> str:
    """What keeps networks from starting here, with the next step; every checkpoint that was never fetched at once."""
    for network in networks:
        for package, why in packages(network):
            if not has_package(package):
                return f"it needs the Python package {package} ({why}): `pip install {package}` installs it"
    wanted = {
        (checkpoint, revision(network, checkpoint)): None for network in networks for checkpoint in network.checkpoints
    }
    gone = [(name, at) for name, at in wanted if checkpoints.located(name, beside, at) is None]
    if len(gone) > 1 and not any(checkpoints.revisions(name) for name, _ in gone):
        names = ", ".join(name for name, _ in gone)
        commands = ", ".join(f"`{checkpoints.fetch(name, at)}`" for name, at in gone)
        return f"it needs the checkpoints {names}: {commands} fetch them"
    return next((said for network in networks for said in _checkpoints(network, beside) if said), "")


def has_package(package: str) -> bool:
    """Whether a package is installed; nothing is imported."""
    return find_spec(MODULES.get(package, package)) is not None


def packages(network: Network) -> Iterator[tuple[str, str]]:
    """Packages that it needs and storyforge itself does not, each with what for."""
    for begins, package in PIPELINES.items():
        if network.pipeline.startswith(begins):
            yield package, f"for {network.pipeline}"
    if network.memory.quantisation:
        backend = network.memory.quantisation.backend
        if backend in QUANTISERS:
            yield QUANTISERS[backend], f"for memory: {{quantisation: {{backend: {backend}}}}}"
    if network.loras:
        yield "peft", "for loras"


def revision(network: Network, checkpoint: str) -> str | None:
    """A network's revision is that of its own checkpoint."""
    return network.revision if checkpoint == network.checkpoint else None


def absent(checkpoint: str, at: str | None) -> str:
    """What is said of a checkpoint that is not on this machine."""
    there = checkpoints.revisions(checkpoint)
    if there:
        wanted = at or "main"
        return (
            f"it needs revision {wanted} of {checkpoint}, and this machine has {', '.join(there)}: "
            f"`{checkpoints.fetch(checkpoint, at)}` fetches it, or set revision in the profile to one that is here"
        )
    return f"it needs the checkpoint {checkpoint}: `{checkpoints.fetch(checkpoint, at)}` fetches it"


def next_step(said: str, checkpoint: str, folder: Path, at: str | None = None) -> str:
    """A checkpoint's fault with what to do."""
    if "pickle" in said:
        return f"{said}: name a checkpoint or revision that has *.safetensors"
    if "never run" in said:
        return f"{said}: name a checkpoint whose classes are diffusers' own"
    if "snapshots" in folder.parts:
        return f"{said}: `{checkpoints.fetch(checkpoint, at)}` again fetches the rest"
    return f"{said}: put the whole checkpoint into that folder"


def _checkpoints(network: Network, beside: Path) -> Iterator[str]:
    """What is said of each checkpoint in turn, "" where nothing is wrong."""
    own = network.revision
    folder = checkpoints.located(network.checkpoint, beside, own)
    if folder is None:
        yield absent(network.checkpoint, own)
        return
    elsewhere = {name for name, part in network.given.items() if part.checkpoint or part.subfolder}
    said = checkpoints.fault(folder, elsewhere | network.left_out, network.variant)
    yield said and next_step(said, network.checkpoint, folder, own)
    for part in network.given.values():
        yield _part(part.checkpoint, part.subfolder, part.kind, beside)
    for lora in network.loras:
        yield file_fault(lora.checkpoint, None, lora.weight_name, beside)
    adapter = network.ip_adapter
    if adapter:
        yield file_fault(adapter.checkpoint, adapter.subfolder, adapter.weight_name, beside)


def _part(checkpoint: str | None, subfolder: str | None, kind: str, beside: Path) -> str:
    """What is said of a part with a checkpoint of its own."""
    if checkpoint is None:
        return ""
    at = checkpoints.located(checkpoint, beside)
    if at is None:
        return absent(checkpoint, None)
    folder = at / (subfolder or "")
    if kind.endswith(checkpoints.WEIGHTLESS):
        return "" if folder.is_dir() else next_step(f"{folder} is missing", checkpoint, at)
    said = checkpoints.part_fault(folder)
    return said and next_step(said, checkpoint, at)


def file_fault(checkpoint: str, subfolder: str | None, name: str | None, beside: Path) -> str:
    """What is said of one file of added weights (LoRA, IP-Adapter), with the next step."""
    at = checkpoints.located(checkpoint, beside)
    if at is None:
        return absent(checkpoint, None)
    if at.is_file():
        file = at
    else:
        folder = at / (subfolder or "")
        found = sorted(folder.glob("*.safetensors")) if folder.is_dir() else []
        if name is None and len(found) != 1:
            others = [path.name for path in folder.glob("*") if path.suffix in checkpoints.PICKLES]
            if others and not found:
                return next_step(f"{folder / others[0]} is a pickle, which can run code", checkpoint, at)
            has = f"{len(found)} files of weights" if found else "no weights (*.safetensors)"
            return f"{folder} has {has}: name one by weight_name"
        file = folder / name if name else found[0]
    if file.suffix in checkpoints.PICKLES:
        return next_step(f"{file} is a pickle, which can run code and is never loaded", checkpoint, at)
    if not file.is_file():
        return next_step(f"{file} is missing", checkpoint, at)
    return "" if checkpoints.whole(file) else next_step(f"{file} is cut short or no safetensors file", checkpoint, at)
