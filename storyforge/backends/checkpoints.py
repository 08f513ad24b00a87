"""Checkpoints on this machine, looked over without loading them: where they lie, what they lack, what they weigh."""

import json
from collections.abc import Collection, Iterator
from os import environ
from pathlib import Path
from typing import Any

PICKLES = {".bin", ".pt", ".pth", ".ckpt", ".pkl"}
WEIGHTLESS = ("Scheduler", "Tokenizer", "TokenizerFast", "TokenizersBackend", "Processor", "Extractor", "Guidance")
BYTES = {"F64": 8, "I64": 8, "F32": 4, "I32": 4, "F16": 2, "BF16": 2, "I16": 2}  # everything else is one byte


def located(checkpoint: str, beside: Path, revision: str | None = None) -> Path | None:
    """The folder (or file) of a checkpoint: beside a profile, as given, or in the hub's cache at that revision."""
    for path in (beside / checkpoint, Path(checkpoint).expanduser()):
        if path.exists():
            return path
    repository = hub() / f"models--{checkpoint.replace('/', '--')}"
    named = repository / "refs" / (revision or "main")
    commit = named.read_text().strip() if named.is_file() else revision or "main"
    at = repository / "snapshots" / commit
    return at if at.is_dir() else None


def hub() -> Path:
    """The hub's cache."""
    return Path(
        environ.get("HF_HUB_CACHE") or Path(environ.get("HF_HOME") or "~/.cache/huggingface") / "hub"
    ).expanduser()


def revisions(checkpoint: str) -> tuple[str, ...]:
    """The revisions of a hub checkpoint that the cache has, by name."""
    names = (hub() / f"models--{checkpoint.replace('/', '--')}" / "refs").glob("*")
    return tuple(sorted(path.name for path in names))


def fetch(checkpoint: str, revision: str | None = None) -> str:
    """The command that fetches it."""
    return f"hf download {checkpoint}" + (f" --revision {revision}" if revision else "")


def fault(folder: Path, given: Collection[str] = (), variant: str | None = None) -> str:
    """What keeps a pipeline's folder from loading, with no next step; "" when every part has its weights, whole.

    given: the parts that come from elsewhere, or are left out. Reads names, indices and the heads of safetensors files,
    no weights.
    """
    index = folder / "model_index.json"
    if not index.is_file():
        return f"{folder} has no model_index.json, so it is no checkpoint in diffusers' form or was not fetched whole"
    try:
        parts = json.loads(index.read_text(encoding="utf-8"))
    except ValueError:
        return f"{index} is not JSON, so it was not fetched whole"
    if not isinstance(parts.get("_class_name"), str):
        return f"{index} names a pipeline of the checkpoint's own code, which is never run"
    for name, value in parts.items():
        if not _loads(value) or name in given or _is_no_model(folder / name):
            continue
        own = folder / name / f"{value[0]}.py"
        if own.is_file():
            return f"{own} is code that the checkpoint brings, which is never run"
        said = part_fault(folder / name, variant)
        if said:
            return said
    return ""


def part_fault(folder: Path, variant: str | None = None) -> str:
    """What keeps one part's weights from loading; "" when they are all there."""
    if not folder.is_dir():
        return f"{folder} is missing"
    files = weight_files(folder, variant)
    for index in folder.glob("*.safetensors.index*.json"):
        try:
            named = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
        except (ValueError, KeyError):
            return f"{index} is no index of weights, so it was not fetched whole"
        chosen = variant is None or f".{variant}." in index.name or not _has_variant(folder, variant)
        if chosen and (variant is not None or not _is_variant(index.name)):
            gone = [file for file in named if not (folder / file).is_file()]
            if gone:
                return f"{folder / gone[0]} is missing, which {index.name} names: the download was interrupted"
    if not files:
        pickles = sorted(path.name for path in folder.iterdir() if path.suffix in PICKLES)
        if pickles:
            return f"{folder} has pickle weights only ({pickles[0]}), which can run code and are never loaded"
        return f"{folder} has no weights (*.safetensors)"
    for file in files:
        if not whole(file):
            return f"{file} is cut short: the download was interrupted"
    return ""


def weight_files(folder: Path, variant: str | None = None) -> tuple[Path, ...]:
    """The safetensors files that diffusers would load for that variant: its own, else the plain ones."""
    found = sorted(folder.glob("*.safetensors"))
    own = [path for path in found if variant and f".{variant}" in path.name]
    plain = [path for path in found if not _is_variant(path.name)]
    return tuple(own or plain)


def whole(file: Path) -> bool:
    """Whether a safetensors file is as long as its head says."""
    try:
        end = max((entry["data_offsets"][1] for entry in heads(file).values()), default=0)
        with file.open("rb") as opened:
            size = int.from_bytes(opened.read(8), "little")
        return file.stat().st_size >= 8 + size + int(end)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def heads(file: Path) -> dict[str, dict[str, Any]]:
    """The head of a safetensors file: of each tensor its dtype, shape and place."""
    with file.open("rb") as opened:
        size = int.from_bytes(opened.read(8), "little")
        if size > 10**8:
            raise ValueError(f"{file} is no safetensors file")
        head = json.loads(opened.read(size))
    head.pop("__metadata__", None)
    found: dict[str, dict[str, Any]] = head
    return found


def tensors(folder: Path, variant: str | None = None) -> dict[str, dict[str, Any]]:
    """The heads of a part's tensors by name: once each, for some folders hold them in one file and in shards, too."""
    return {name: entry for file in weight_files(folder, variant) for name, entry in heads(file).items()}


def parts(folder: Path) -> Iterator[str]:
    """The names of a pipeline's parts that have weights."""
    for name, value in json.loads((folder / "model_index.json").read_text(encoding="utf-8")).items():
        if _loads(value):
            yield name


def count(entry: dict[str, Any]) -> int:
    """How many numbers a tensor has."""
    begin, end = entry["data_offsets"]
    return int((end - begin) // BYTES.get(entry["dtype"], 1))


def _loads(value: Any) -> bool:
    """Whether a line of model_index.json names a class with weights."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(word, str) for word in value)
        and not value[1].endswith(WEIGHTLESS)
    )


def _is_variant(name: str) -> bool:
    """diffusion_pytorch_model.fp16.safetensors, model.fp16-00001-of-00002.safetensors."""
    stem = name.removesuffix(".index.json").removesuffix(".safetensors")
    return "." in stem


def _is_no_model(folder: Path) -> bool:
    """A part that is a folder of settings or words; one that is not there may be a model."""
    return folder.is_dir() and not (folder / "config.json").is_file() and not weight_files(folder)


def _has_variant(folder: Path, variant: str) -> bool:
    return any(f".{variant}" in path.name for path in folder.glob("*.safetensors*"))
