"""Trains toon from nothing: `python -m storyforge.backends.toon.train --out renderers/toon`.

Every batch is a function of (seed, step), so a run that stops goes on from its checkpoint as if it had not.
"""

import argparse
import json
import math
import random
import sys
import time
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from storyforge.backends.toon import data, rig
from storyforge.backends.toon.net import TRAITS, ToonNet, clock_features

WEIGHTS = {  # how much a channel's error shows in the picture
    "scene": {"on": 1.5, "camera": 1.5, "zoom": 3.0, "angle": 0.5},
    "character": {"x": 3.0, "depth": 0.5, "feeling": 0.8, "gaze": 0.3},
    "prop": {"x": 0.5, "depth": 0.3, "lift": 0.3, "glow": 0.3},
}


def channel_weights() -> Tensor:
    """Loss weight of every channel of a row."""
    parts = []
    for layout, name in ((rig.SCENE, "scene"), *((rig.CHARACTER, "character"),) * rig.CHARACTERS, (rig.PROP, "prop")):
        part = torch.ones(layout.width)
        for field, weight in WEIGHTS[name].items():
            part[layout.at[field]] = weight
        parts.append(part)
    return torch.cat(parts)


def counted(used: Tensor) -> Tensor:
    """Which channels count: all of a used slot, only "present" of an empty one. [..., SLOTS] -> [..., CHANNELS]."""
    out = torch.ones(*used.shape[:-1], rig.CHANNELS)
    for i, channels in enumerate(rig.slot_slices()):
        if i:
            out[..., channels.start + 1 : channels.stop] = used[..., i : i + 1].float()
    return out


def noise_levels(batch: int, generator: torch.Generator) -> Tensor:
    """Sigmas of a batch: half logit-normal, half uniform."""
    normal = torch.sigmoid(1.2 * torch.randn(batch, generator=generator))
    uniform = torch.rand(batch, generator=generator)
    return torch.where(torch.rand(batch, generator=generator) < 0.5, normal, uniform).clamp(0.02, 1.0)


def level_loss(net: ToonNet, windows: data.Windows, vectors: Tensor, generator: torch.Generator, weights: Tensor) -> Tensor:
    """Weighted x0 error of one level's windows, and of their frame-to-frame changes at stride 1."""
    x0 = net.normalise(windows.rows)
    sigma = noise_levels(len(x0), generator)[:, None].expand(windows.pins.shape) * ~windows.pins
    noise = torch.randn(x0.shape, generator=generator)
    x = (1 - sigma[..., None]) * x0 + sigma[..., None] * noise
    guide = net.normalise(windows.guide) * windows.guided[:, None, None]
    before, after = vectors[windows.text[..., 0]], vectors[windows.text[..., 1]]
    text = before + windows.after[..., None, None] * (after - before)
    cond = {
        "text": text,
        "sheets": normalise_sheets(net, windows.sheets) * windows.used[..., None],
        "guide": guide,
        "clock": clock_features(windows.since, windows.left, windows.stride),
    }
    with torch.autocast("cpu", torch.bfloat16):
        out = net(x, sigma, cond)
    error = (out - x0) * counted(windows.used)
    free = (~windows.pins).float()[..., None]
    scale = 1.0 / (sigma[..., None] ** 2 + 0.1)
    loss = (weights * scale * free * error**2).mean()
    if windows.stride == 1:
        loss = 4.0 * loss + 20.0 * (weights * (error[:, 1:] - error[:, :-1]) ** 2).mean()
    return loss


def normalise_sheets(net: ToonNet, sheets: Tensor) -> Tensor:
    """Traits [..., SLOTS, TRAITS] in the network's units."""
    kinds = torch.tensor([0, *(1,) * rig.CHARACTERS, 2])
    out: Tensor = (sheets - net.trait_mean[kinds]) / net.trait_scale[kinds]
    return out


def cast_loss(net: ToonNet, batch: tuple[Tensor, Tensor, Tensor], vectors: Tensor, generator: torch.Generator) -> Tensor:
    """x0 error of traits, one noise level per entity."""
    traits, kinds, numbers = batch
    x0 = (traits - net.trait_mean[kinds]) / net.trait_scale[kinds]
    sigma = noise_levels(len(x0), generator)
    noise = torch.randn(x0.shape, generator=generator)
    x = (1 - sigma[:, None]) * x0 + sigma[:, None] * noise
    with torch.autocast("cpu", torch.bfloat16):
        out = net.cast(x, sigma, torch.nn.functional.one_hot(kinds, 3).float(), vectors[numbers]).float()
    return (trait_weights()[kinds] * (out - x0) ** 2 / (sigma[:, None] ** 2 + 0.1)).mean()


def trait_weights() -> Tensor:
    """Loss weight of every trait [kinds, TRAITS]: colours count most, padding nothing."""
    out = torch.zeros(3, TRAITS)
    for i, kind in enumerate(("place", "character", "prop")):
        out[i, : rig.TRAITS[kind].width] = 1.0
        for name in ("coat", "second", "wear_colour", "colour"):
            if name in rig.TRAITS[kind].at:
                out[i, rig.TRAITS[kind].at[name]] = 4.0
    return out


def step_loss(net: ToonNet, seed: int, step: int, batch: int, weights: Tensor) -> dict[str, Tensor]:
    """The losses of one step; what it trains on is a function of (seed, step)."""
    rng = random.Random(f"{seed}/{step}")
    generator = torch.Generator().manual_seed(rng.getrandbits(60))
    texts = data.Texts()
    coarse = data.windows(rng, batch * 5 // 9, 16, texts)
    fine = data.windows(rng, batch * 3 // 9, 1, texts)
    panels = data.panels(rng, max(1, batch // 12), texts)
    casts = data.casts(rng, 2 * batch, texts)
    with torch.autocast("cpu", torch.bfloat16):
        vectors = net.encode(texts.texts).float()
    return {
        "coarse": level_loss(net, coarse, vectors, generator, weights),
        "fine": level_loss(net, fine, vectors, generator, weights),
        "panels": 0.3 * level_loss(net, panels, vectors, generator, weights),
        "cast": cast_loss(net, casts, vectors, generator),
    }


def learning_rate(step: int, steps: int, peak: float) -> float:
    """Linear warm-up over 2 % of the steps, then half a cosine to zero."""
    warm = max(1, steps // 50)
    if step < warm:
        return peak * (step + 1) / warm
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


class Average:
    """An exponential moving average of the weights, warmed up as in EDM2 (Karras et al. 2024, section 3.1)."""

    def __init__(self, net: nn.Module) -> None:
        self.state = {name: value.clone() for name, value in net.state_dict().items()}

    @torch.no_grad()
    def update(self, net: nn.Module, step: int) -> None:
        """Moves the average towards `net`."""
        beta = min(0.999, (1 + step) / (10 + step))
        for name, value in net.state_dict().items():
            self.state[name].lerp_(value, 1 - beta) if value.is_floating_point() else self.state[name].copy_(value)


def save(folder: Path, state: dict[str, Tensor], config: dict[str, Any]) -> None:
    """Writes weights.safetensors (16 bit) and config.json, each at once."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    small = {
        name: value.to(torch.float16) if value.is_floating_point() and value.numel() > 10000 else value
        for name, value in state.items()
    }
    save_file({name: value.contiguous() for name, value in small.items()}, folder / "weights.part")
    (folder / "weights.part").replace(folder / "weights.safetensors")
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def train(out: Path, steps: int, batch: int, seed: int, peak: float, checkpoint: Path, every: int = 250) -> None:
    """Trains for `steps` steps, going on from `checkpoint` where there is one, and writes the averaged weights to `out`."""
    torch.manual_seed(seed)
    net = ToonNet()
    for name, value in data.statistics(seed).items():
        getattr(net, name).copy_(value)
    matrices = [p for p in net.parameters() if p.ndim > 1]
    others = [p for p in net.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.02}, {"params": others, "weight_decay": 0.0}], betas=(0.9, 0.98))
    average, first, spent = Average(net), 0, 0.0
    if checkpoint.is_file():
        kept = torch.load(checkpoint, weights_only=True)
        net.load_state_dict(kept["net"])
        optimiser.load_state_dict(kept["optimiser"])
        average.state, first, spent = kept["average"], kept["step"], kept["seconds"]
        print(f"going on from step {first}", flush=True)  # noqa: T201  (a training log)
    weights, began, seen = channel_weights(), time.monotonic() - spent, {}
    for step in range(first, steps):
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(step, steps, peak)
        losses = step_loss(net, seed, step, batch, weights)
        total = torch.stack(list(losses.values())).sum()
        optimiser.zero_grad(set_to_none=True)
        total.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        average.update(net, step)
        for name, value in losses.items():
            seen[name] = 0.98 * seen.get(name, value.item()) + 0.02 * value.item()
        if (step + 1) % 50 == 0:
            log = {k: round(v, 4) for k, v in seen.items()}
            print(f"step {step + 1}/{steps} {time.monotonic() - began:.0f}s {log}", flush=True)  # noqa: T201
        if (step + 1) % every == 0 or step + 1 == steps:
            kept = {"net": net.state_dict(), "optimiser": optimiser.state_dict(), "average": average.state}
            checkpoint.parent.mkdir(parents=True, exist_ok=True)
            torch.save(kept | {"step": step + 1, "seconds": time.monotonic() - began}, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").replace(checkpoint)
            made = {"steps": step + 1, "of": steps, "batch": batch, "seed": seed, "seconds": round(time.monotonic() - began)}
            save(out, average.state, {"net": net.config, "training": made})


def main(arguments: list[str]) -> None:
    """The command line of training."""
    parser = argparse.ArgumentParser(prog="python -m storyforge.backends.toon.train", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("renderers/toon"), help="folder for weights.safetensors")
    parser.add_argument("--checkpoint", type=Path, default=Path("runs/toon.ckpt"), help="to go on from, and to write")
    parser.add_argument("--steps", type=int, default=4400)
    parser.add_argument("--batch", type=int, default=72)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1.5e-3, help="peak learning rate")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    train(given.out, given.steps, given.batch, given.seed, given.rate, given.checkpoint)


if __name__ == "__main__":
    main(sys.argv[1:])
