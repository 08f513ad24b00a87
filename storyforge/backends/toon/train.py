"""Trains toon from nothing: `python -m storyforge.backends.toon.train --out renderers/toon`.

Every batch is a function of (seed, step), so a run that stops goes on from its checkpoint as if it had not.
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from storyforge.backends.toon import data, facts, rig
from storyforge.backends.toon.net import TRAITS, ToonNet, clock_features

WEIGHTS = {  # how much a channel's error shows in the picture
    "scene": {"on": 3.0, "zoom": 10.0, "camera": 4.0},
    "character": {"x": 4.0, "depth": 0.5, "facing": 2.0, "gaze": 0.3},
    "prop": {"x": 0.5, "depth": 0.3, "lift": 0.3, "glow": 0.3},
}
MOVES = {"scene": {"camera": 8.0, "zoom": 40.0}, "character": {"x": 3.0}, "prop": {}}  # of their change in a shot


def channel_weights(weights: Mapping[str, Mapping[str, float]], usual: float) -> Tensor:
    """A weight for every channel of a row: those given by slot and field, `usual` for the others."""
    parts = []
    for layout, name in ((rig.SCENE, "scene"), *((rig.CHARACTER, "character"),) * rig.CHARACTERS, (rig.PROP, "prop")):
        part = torch.full((layout.width,), usual)
        for field, weight in weights[name].items():
            part[layout.at[field]] = weight
        parts.append(part)
    return torch.cat(parts)


ASKED = 0.3  # weight of what texts are asked back


ERRORS, CHANGES = channel_weights(WEIGHTS, 1.0), channel_weights(MOVES, 0.0)


def counted(used: Tensor) -> Tensor:
    """Which channels count: all of a used slot, only "present" of an empty one. [..., SLOTS] -> [..., CHANNELS]."""
    out = torch.ones(*used.shape[:-1], rig.CHANNELS, device=used.device)
    for i, channels in enumerate(rig.slot_slices()):
        if i:
            out[..., channels.start + 1 : channels.stop] = used[..., i : i + 1].float()
    return out


def noise_levels(batch: int, generator: torch.Generator) -> Tensor:
    """Sigmas of a batch: half logit-normal, half uniform."""
    normal = torch.sigmoid(1.2 * torch.randn(batch, generator=generator))
    uniform = torch.rand(batch, generator=generator)
    return torch.where(torch.rand(batch, generator=generator) < 0.5, normal, uniform).clamp(0.02, 1.0)


@dataclass
class Noised:
    """Windows of one level, noised, with what the denoiser is told."""

    windows: data.Windows
    x0: Tensor
    x: Tensor
    sigma: Tensor
    cond: dict[str, Tensor]


def noised(net: ToonNet, windows: data.Windows, vectors: Tensor, generator: torch.Generator) -> Noised:
    """Draws noise for windows, whose pins have none; texts are read from `vectors` [texts, text]."""
    device = vectors.device
    sigma = noise_levels(len(windows.rows), generator)[:, None].expand(windows.pins.shape) * ~windows.pins
    noise = torch.randn(windows.rows.shape, generator=generator).to(device)
    windows, sigma = windows.to(device), sigma.to(device)
    x0 = net.normalise(windows.rows)
    x = (1 - sigma[..., None]) * x0 + sigma[..., None] * noise
    before, after = (nn.functional.embedding(windows.text[..., i], vectors) for i in (0, 1))
    cond = {
        "text": before + windows.after[..., None, None] * (after - before),
        "sheets": normalise_sheets(net, windows.sheets) * windows.used[..., None],
        "guide": net.normalise(windows.guide) * windows.guided[:, None, None],
        "clock": clock_features(windows.since, windows.left, windows.stride),
    }
    return Noised(windows, x0, x, sigma, cond)


def denoised(net: ToonNet, parts: Sequence[Noised]) -> Sequence[Tensor]:
    """What the network makes of windows of one length, all in one call: a GPU waits for calls, not for windows."""
    x, sigma = (torch.cat([getattr(part, name) for part in parts]) for name in ("x", "sigma"))
    cond = {name: torch.cat([part.cond[name] for part in parts]) for name in parts[0].cond}
    with torch.autocast(x.device.type, torch.bfloat16):
        out: Tensor = net(x, sigma, cond)
    return torch.split(out, [len(part.x) for part in parts])


def level_loss(part: Noised, out: Tensor) -> Tensor:
    """Weighted x0 error of one level's windows, and of their frame-to-frame changes at stride 1."""
    error = (out - part.x0) * counted(part.windows.used)
    free = (~part.windows.pins).float()[..., None]
    weights, scale = ERRORS.to(out.device), 1.0 / (part.sigma[..., None] ** 2 + 0.1)
    loss: Tensor = (weights * scale * free * error**2).mean()
    if part.windows.stride == 1:
        loss = 4.0 * loss + 20.0 * (weights * (error[:, 1:] - error[:, :-1]) ** 2).mean()
    if part.windows.stride == 16:  # a move is small beside where cameras and people are, but it is what one sees
        loss = loss + (CHANGES.to(out.device) * (error - error[:, :1]) ** 2).mean()
    return loss


def normalise_sheets(net: ToonNet, sheets: Tensor) -> Tensor:
    """Traits [..., SLOTS, TRAITS] in the network's units."""
    kinds = torch.tensor([0, *(1,) * rig.CHARACTERS, 2])
    out: Tensor = (sheets - net.trait_mean[kinds]) / net.trait_scale[kinds]
    return out


def cast_loss(net: ToonNet, batch: Sequence[Tensor], vectors: Tensor, generator: torch.Generator) -> Tensor:
    """x0 error of traits, one noise level per entity."""
    device = vectors.device
    sigma = noise_levels(len(batch[0]), generator).to(device)
    noise = torch.randn(batch[0].shape, generator=generator).to(device)
    traits, kinds, numbers = (part.to(device) for part in batch)
    x0 = (traits - net.trait_mean[kinds]) / net.trait_scale[kinds]
    x = (1 - sigma[:, None]) * x0 + sigma[:, None] * noise
    with torch.autocast(device.type, torch.bfloat16):
        out = net.cast(
            x, sigma, nn.functional.one_hot(kinds, 3).float(), nn.functional.embedding(numbers, vectors)
        ).float()
    loss: Tensor = (trait_weights().to(device)[kinds] * (out - x0) ** 2 / (sigma[:, None] ** 2 + 0.1)).mean()
    return loss


@cache
def trait_weights() -> Tensor:
    """Loss weight of every trait [kinds, TRAITS]: colours and markings count most, padding nothing."""
    out = torch.zeros(3, TRAITS)
    for i, kind in enumerate(("place", "character", "prop")):
        out[i, : rig.TRAITS[kind].width] = 1.0
        for name in ("coat", "second", "wear_colour", "colour", "marking"):
            if name in rig.TRAITS[kind].at:
                out[i, rig.TRAITS[kind].at[name]] = 4.0
    return out


class Asked(nn.Linear):
    """Asks text vectors back what the texts say; only training has it.

    Words are learnt from it several times faster than through the denoiser alone, where each of them is one cause
    among many of an error: most of the 1,760 words are said to a network only a few hundred times on two cores.
    """

    def __init__(self, text: int) -> None:
        self.sizes = [len(values) for values in facts.things().values()]
        super().__init__(text, sum(self.sizes))

    def loss(self, vectors: Tensor, said: Tensor) -> Tensor:
        """Mean cross entropy of everything that is said. vectors: [texts, text]; said: [texts, things]."""
        parts = zip(self(vectors).split(self.sizes, 1), said.T, strict=True)
        lost = [nn.functional.cross_entropy(a, b, ignore_index=facts.UNSAID, reduction="sum") for a, b in parts]
        out: Tensor = torch.stack(lost).sum() / (said != facts.UNSAID).sum().clamp(min=1)
        return out


def step_loss(net: ToonNet, asked: Asked, batch: data.Batch) -> dict[str, Tensor]:
    """The losses of one step."""
    generator = torch.Generator().manual_seed(batch.noise)
    with torch.autocast(net.mean.device.type, torch.bfloat16):
        vectors: Tensor = net.encoder(batch.reading).float()
    coarse = noised(net, batch.coarse, vectors, generator)
    fine = noised(net, batch.fine, vectors.detach(), generator)  # guides say nearly all there: texts learn above
    panels = noised(net, batch.panels, vectors, generator)
    seen = (*denoised(net, (coarse, fine)), *denoised(net, (panels,)))
    names, parts = ("coarse", "fine", "panels"), (coarse, fine, panels)
    losses = {name: level_loss(part, out) for name, part, out in zip(names, parts, seen, strict=True)}
    words = ASKED * asked.loss(vectors, batch.said.to(vectors.device))
    return losses | {"cast": cast_loss(net, batch.casts, vectors, generator), "words": words}


def steps(seed: int, size: int, which: range, workers: int) -> Iterator[data.Batch]:
    """The batches of steps, made by worker processes ahead of time where there are any."""
    made = data.Steps(seed, size, which)
    yield from DataLoader(made, batch_size=None, num_workers=workers, prefetch_factor=4 if workers else None)


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
        beta = min(0.998, (1 + step) / (10 + step))
        torch._foreach_lerp_(list(self.state.values()), list(net.state_dict().values()), 1 - beta)


def save(folder: Path, state: dict[str, Tensor], config: dict[str, Any]) -> None:
    """Writes weights.safetensors (16 bit) and config.json, each at once."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    small = {
        name: value.half() if value.is_floating_point() and value.numel() > 10000 else value
        for name, value in state.items()
    }
    save_file({name: value.cpu().contiguous() for name, value in small.items()}, folder / "weights.part")
    (folder / "weights.part").replace(folder / "weights.safetensors")
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


class Run:
    """The state of one training: network, optimiser, averaged weights, step and seconds spent."""

    def __init__(self, seed: int, device: str) -> None:
        torch.manual_seed(seed)
        self.net = ToonNet()
        for name, value in data.statistics(seed).items():
            getattr(self.net, name).copy_(value)
        self.asked = Asked(self.net.config["text"])
        for module in (self.net, self.asked):
            module.to(device)
        parameters = [*self.net.parameters(), *self.asked.parameters()]
        decayed = [p for p in parameters if p.ndim > 1]
        others = [p for p in parameters if p.ndim <= 1]
        groups = [{"params": decayed, "weight_decay": 0.02}, {"params": others, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)
        self.average, self.step, self.seconds = Average(self.net), 0, 0.0

    def keep(self, path: Path) -> None:
        """Writes a checkpoint, at once."""
        path.parent.mkdir(parents=True, exist_ok=True)
        state = {"net": self.net.state_dict(), "optimiser": self.optimiser.state_dict(), "average": self.average.state}
        state["asked"] = self.asked.state_dict()
        torch.save(state | {"step": self.step, "seconds": self.seconds}, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def go_on(self, path: Path) -> None:
        """Takes up where a checkpoint left off."""
        kept = torch.load(path, weights_only=True)
        self.net.load_state_dict(kept["net"])
        self.asked.load_state_dict(kept["asked"])
        self.optimiser.load_state_dict(kept["optimiser"])
        self.average.state, self.step, self.seconds = kept["average"], kept["step"], kept["seconds"]

    def advance(self, batch: data.Batch, rate: float) -> dict[str, float]:
        """One step; returns its losses."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        losses = step_loss(self.net, self.asked, batch)
        self.optimiser.zero_grad(set_to_none=True)
        told = torch.stack(list(losses.values()))
        told.sum().backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimiser.step()
        self.average.update(self.net, self.step)
        self.step += 1
        return dict(zip(losses, told.tolist(), strict=True))  # one wait for the device, not four


def train(given: argparse.Namespace, every: int = 250) -> None:
    """Trains to `given.steps`, going on from the checkpoint where there is one, and writes the averaged weights."""
    run = Run(given.seed, given.device)
    if given.checkpoint.is_file():
        run.go_on(given.checkpoint)
        print(f"going on from step {run.step}", flush=True)  # noqa: T201  (a training log)
    began, seen = time.monotonic() - run.seconds, dict[str, float]()
    for batch in steps(given.seed, given.batch, range(run.step, given.steps), given.workers):
        losses = run.advance(batch, learning_rate(run.step, given.steps, given.rate))
        seen = {name: 0.98 * seen.get(name, value) + 0.02 * value for name, value in losses.items()}
        run.seconds = time.monotonic() - began
        if run.step % 50 == 0:
            told = {name: round(value, 4) for name, value in seen.items()}
            print(f"step {run.step}/{given.steps} {run.seconds:.0f}s {told}", flush=True)  # noqa: T201
        if run.step % every == 0 or run.step == given.steps:
            run.keep(given.checkpoint)
            made = {"steps": run.step, "of": given.steps, "batch": given.batch, "seed": given.seed}
            save(
                given.out,
                run.average.state,
                {"net": run.net.config, "training": made | {"seconds": round(run.seconds)}},
            )


def main(arguments: list[str]) -> None:
    """The command line of training."""
    parser = argparse.ArgumentParser(prog="python -m storyforge.backends.toon.train", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("renderers/toon"), help="folder for weights.safetensors")
    parser.add_argument("--checkpoint", type=Path, default=Path("runs/toon.ckpt"), help="to go on from, and to write")
    parser.add_argument("--steps", type=int, default=3600)
    parser.add_argument("--batch", type=int, default=72)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1.5e-3, help="peak learning rate")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=0, help="processes that write scenes, for a GPU to wait less")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    train(given)


if __name__ == "__main__":
    main(sys.argv[1:])
