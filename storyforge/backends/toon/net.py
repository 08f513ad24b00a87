"""ToonNet: one small diffusion transformer for panels, keyframes and infill, and a casting head for traits.

Convention (k-diffusion's, flow form): x = (1 - sigma) x0 + sigma eps, sigma per frame, the network answers x0.
A frame of a window is five tokens (scene, three characters, prop); a token is told its noisy controls, the guide
(keyframes interpolated, NUWA-XL's visual condition, section 3.2), its text, its cast sheet and the clock.
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from storyforge.backends.toon import rig
from storyforge.backends.toon.text import Block, TextEncoder, read

WINDOW = 17
TRAITS = rig.CHARACTER_TRAITS.width  # the widest; others are padded with zeros
SLOT_KINDS = ("place", *("character",) * rig.CHARACTERS, "prop")
CLOCK = 9


def sigma_features(sigma: Tensor, count: int = 8) -> Tensor:
    """Cosines of sigma at rising frequencies: [..., count]."""
    frequencies = torch.pi * 2.0 ** (torch.arange(count, device=sigma.device) * 0.5 - 1)
    return torch.cos(sigma[..., None] * frequencies)


class CastNet(nn.Module):
    """Denoises the traits of one entity, told its text: a residual MLP."""

    def __init__(self, text: int, width: int = 256, layers: int = 4) -> None:
        super().__init__()
        self.enter = nn.Linear(TRAITS + 3 + 8 + text, width)
        self.layers = nn.ModuleList(
            nn.Sequential(
                nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.GELU("tanh"), nn.Linear(2 * width, width)
            )
            for _ in range(layers)
        )
        self.leave = nn.Linear(width, TRAITS)

    def forward(self, x: Tensor, sigma: Tensor, kind: Tensor, text: Tensor) -> Tensor:
        """x: [batch, TRAITS] normalised, sigma: [batch], kind: one-hot [batch, 3] -> x0 [batch, TRAITS]."""
        h = self.enter(torch.cat([x, kind, sigma_features(sigma), text], -1))
        for layer in self.layers:
            h = h + layer(h)
        out: Tensor = self.leave(h)
        return out


class ToonNet(nn.Module):
    """Denoises windows of rig rows; see the module's text."""

    mean: Tensor  # of each channel, [CHANNELS]
    scale: Tensor
    trait_mean: Tensor  # of each trait by kind of entity, [3, TRAITS]
    trait_scale: Tensor

    def __init__(self, width: int = 192, layers: int = 6, heads: int = 6, text: int = 160) -> None:
        super().__init__()
        self.config = {"width": width, "layers": layers, "heads": heads, "text": text}
        self.encoder = TextEncoder(text)
        self.cast = CastNet(text)
        widths = {"place": rig.SCENE.width, "character": rig.CHARACTER.width, "prop": rig.PROP.width}
        self.enter = nn.ModuleDict({k: nn.Linear(2 * w, width) for k, w in widths.items()})
        self.sheet = nn.ModuleDict({k: nn.Linear(rig.TRAITS[k].width, width) for k in widths})
        self.leave = nn.ModuleDict({k: nn.Linear(width, w) for k, w in widths.items()})
        self.told = nn.Linear(text, width)
        self.framed = nn.Linear(rig.CHARACTERS * text, width)  # whom the camera is on: all characters' texts at once
        nn.init.zeros_(self.framed.weight)
        self.clock = nn.Linear(CLOCK + 8, width)
        self.slot = nn.Parameter(torch.randn(rig.SLOTS, width) * 0.3)
        self.frame = nn.Parameter(torch.randn(WINDOW, width) * 0.3)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        for name in widths:
            self.leave[name].weight.data.zero_()  # type: ignore[operator]  # ModuleDict hides Linear
        self.register_buffer("mean", torch.zeros(rig.CHANNELS))
        self.register_buffer("scale", torch.ones(rig.CHANNELS))
        self.register_buffer("trait_mean", torch.zeros(3, TRAITS))
        self.register_buffer("trait_scale", torch.ones(3, TRAITS))

    def forward(self, x: Tensor, sigma: Tensor, cond: Mapping[str, Tensor]) -> Tensor:
        """The denoiser of the engine: x [batch, frames, CHANNELS] normalised, sigma [batch, frames] -> x0.

        cond: text [batch, frames, SLOTS, text], sheets [batch, frames, SLOTS, TRAITS] normalised,
        guide [batch, frames, CHANNELS] normalised (zeros without one), clock [batch, frames, CLOCK].
        """
        batch, frames = sigma.shape
        guide, tokens = cond["guide"], []
        for i, (kind, channels) in enumerate(zip(SLOT_KINDS, rig.slot_slices(), strict=True)):
            token = self.enter[kind](torch.cat([x[..., channels], guide[..., channels]], -1))
            token = token + self.sheet[kind](cond["sheets"][:, :, i, : rig.TRAITS[kind].width])
            tokens.append(token)
        time = self.clock(torch.cat([cond["clock"], sigma_features(sigma)], -1)) + self.frame[:frames]
        tokens[0] = tokens[0] + self.framed(cond["text"][:, :, 1 : 1 + rig.CHARACTERS].flatten(2))
        h = torch.stack(tokens, 2) + self.told(cond["text"]) + self.slot + time[:, :, None]
        h = h.flatten(1, 2)
        for block in self.blocks:
            h = block(h)
        h = self.norm(h).view(batch, frames, rig.SLOTS, -1)
        out = torch.cat([self.leave[kind](h[:, :, i]) for i, kind in enumerate(SLOT_KINDS)], -1)
        return out.float() + guide

    def encode(self, texts: Sequence[str]) -> Tensor:
        """Text vectors [texts, text]."""
        vectors: Tensor = self.encoder(read(texts))
        return vectors

    def normalise(self, rows: Tensor) -> Tensor:
        """Rig rows in natural units -> the network's."""
        return (rows - self.mean) / self.scale

    def natural(self, x: Tensor) -> Tensor:
        """The network's units -> rig rows."""
        return x * self.scale + self.mean


def clock_features(since: Tensor, left: Tensor, stride: int) -> Tensor:
    """What time it is in a shot: seconds since its start and left to its end, and the level. [..., CLOCK]."""
    level = torch.zeros(*since.shape, 3, device=since.device)
    level[..., {0: 0, 16: 1, 1: 2}[stride]] = 1.0
    whole = since + left
    told = [torch.tanh(since), since / 5, torch.tanh(left), left / 5, since / whole.clamp(min=0.2), whole / 5]
    return torch.cat([torch.stack(told, -1).clamp(-1, 4), level], -1)
