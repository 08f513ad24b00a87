"""How much accelerator memory a network will need, told from the heads of its files, before anything is loaded.

Weights: exact, by part, in the precision they will have. Activations of one clip, a rule of thumb: in the denoiser
24 values of the hidden width for each token; in the VAE, for the 8 frames that it has in hand, 384 values a pixel.
"""

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storyforge.backends import checkpoints
from storyforge.backends.diffusers.memory import OFFLOADS, WHOLE, stepped_down
from storyforge.backends.diffusers.networks import DENOISERS
from storyforge.backends.models import DiffusersProfile, Memory, Network
from storyforge.backends.profile import located
from storyforge.errors import RenderError

BYTES = {"float32": 4.0, "bfloat16": 2.0, "float16": 2.0}
TOKEN = 24  # values of the hidden width a token has in flight
PIXEL = 384  # values a pixel has in flight in the VAE's last blocks
IN_HAND = 8  # frames a VAE has in hand
SPARE = 0.92  # of the free memory that may be planned: the rest is the allocator's waste

_BLOCK = re.compile(r"^(.*?\.\d+)\.")


@dataclass(frozen=True)
class Part:
    """A part's weights in bytes: all, its largest block, its two largest layers, and what is in no block."""

    whole: float
    block: float
    layers: float
    rest: float


def folders(network: Network, profile: DiffusersProfile) -> dict[str, Path]:
    """Where the weights of every part of a network lie that are on this machine."""
    folder = located(network.checkpoint, profile, network)
    if folder is None:
        return {}
    found = {name: folder / name for name in checkpoints.parts(folder) if name not in network.left_out}
    for name, part in network.given.items():
        if part.checkpoint or part.subfolder:
            at = located(part.checkpoint or network.checkpoint, profile, network)
            if at is not None:
                found[name] = at / (part.subfolder or "")
    return {name: at for name, at in found.items() if at.is_dir()}


def parts(network: Network, profile: DiffusersProfile) -> dict[str, Part]:
    """The weights of every part, in the precision that they are loaded in."""
    found = folders(network, profile)
    return {name: _part(at, network.variant, _bytes(network, name)) for name, at in found.items()}


def _bytes(network: Network, name: str) -> float:
    """Bytes a number of that part."""
    memory = network.memory
    if memory.quantisation and name in memory.quantisation.components:
        return 0.56 if "4" in f"{memory.quantisation.backend} {dict(memory.quantisation.settings)}" else 1.06
    if memory.fp8 and name in DENOISERS:
        return 1.0
    own = network.components.get(name)
    return BYTES[(own.dtype if own else None) or network.dtype]


def _part(folder: Path, variant: str | None, size: float) -> Part:
    blocks: dict[str, float] = defaultdict(float)
    layers = [0.0, 0.0]
    for name, entry in checkpoints.tensors(folder, variant).items():
        weight = checkpoints.count(entry) * size
        layers.append(weight)
        block = _BLOCK.match(name)
        if block:
            blocks[block.group(1)] += weight
    whole = sum(layers)
    return Part(whole, max(blocks.values(), default=whole), sum(sorted(layers)[-2:]), whole - sum(blocks.values()))


def weights(found: dict[str, Part], offload: str) -> float:
    """Bytes of weights on the accelerator at once under a plan; the next ones come while the last are in use."""
    if not found:
        return 0.0
    if offload == "none":
        return sum(part.whole for part in found.values())
    if offload == "model":
        return max(part.whole for part in found.values())
    if offload == "leaf":
        return max(part.layers for part in found.values())
    stay = sum(part.whole for name, part in found.items() if name in WHOLE)
    return stay + max(
        part.layers
        if name.startswith(("text_encoder", "image_encoder"))
        else min(part.whole, part.rest + 2 * part.block)
        for name, part in found.items()
        if name not in WHOLE
    )


def activations(network: Network, profile: DiffusersProfile) -> float:
    """Bytes that one clip has in flight: the denoiser's or the VAE's, whichever is more."""
    folder = located(network.checkpoint, profile, network)
    width, height = profile.clip.size
    config = _config(folder, DENOISERS) if folder else {}
    heads, each = config.get("num_attention_heads"), config.get("attention_head_dim")
    if isinstance(heads, int) and isinstance(each, int):  # a transformer, whose sizes go in steps of a token
        hidden, token = heads * each, profile.clip.multiple
    else:  # a UNet, whose first blocks have the most values
        hidden, token = int((config.get("block_out_channels") or [320])[0]), 8
    rows = (profile.clip.frames - 1) // profile.clip.ratio + 1
    tokens = rows * (width / token) * (height / token)
    size = BYTES[network.dtype]
    return max(tokens * hidden * TOKEN * size, IN_HAND * width * height * PIXEL * size)


def _config(folder: Path, names: tuple[str, ...]) -> dict[str, Any]:
    for name in names:
        path = folder / name / "config.json"
        if path.is_file():
            read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return read
    return {}


def needed(network: Network, profile: DiffusersProfile) -> float:
    """Bytes of accelerator memory for one clip under the network's plan."""
    return weights(parts(network, profile), network.memory.offload) + activations(network, profile)


def fitting(network: Network, profile: DiffusersProfile, free: float | None) -> tuple[Memory, str]:
    """The memory plan that fits into so many free bytes: the profile's, or one step down, said in a sentence.

    free: None where that is not known. RenderError with the next step when one step is not enough.
    """
    plan = network.memory
    if free is None:
        return plan, ""
    costs = {}
    for offload in OFFLOADS[OFFLOADS.index(plan.offload) :]:
        tried = network.model_copy(update={"memory": plan.model_copy(update={"offload": offload})})
        costs[offload] = needed(tried, profile)
    room = free * SPARE
    has = f"renderer {profile.name}: {network.pipeline} needs about {gb(costs[plan.offload])} of GPU memory"
    if costs[plan.offload] <= room:
        return plan, ""
    smaller = stepped_down(plan)
    if smaller and costs[smaller.offload] <= room:
        return smaller, (
            f"{has}, and {gb(free)} are free: it is loaded with offload: {smaller.offload} "
            f"(about {gb(costs[smaller.offload])}), which is slower"
        )
    fits = next((offload for offload, cost in costs.items() if cost <= room), None)
    if fits:
        raise RenderError(f"{has}, and {gb(free)} are free: set memory: {{offload: {fits}}} in its profile")
    least = min(costs.values())
    raise RenderError(
        f"{has}, {gb(least)} at the least, and {gb(free)} are free: free some, take a smaller size or clip, or "
        "name a smaller checkpoint in its profile"
    )


def free_bytes(device: str) -> float | None:
    """Free memory of a CUDA device; None elsewhere, where weights share the machine's memory."""
    import torch

    if not device.startswith("cuda"):
        return None
    return float(torch.cuda.mem_get_info(torch.device(device))[0])


def gb(size: float) -> str:
    """Bytes as people are told them."""
    return f"{size / 1e9:.1f} GB"
