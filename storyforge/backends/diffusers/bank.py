"""Consistent self-attention: panels look at tokens of earlier panels, so that who is to be seen stays the same.

After StoryDiffusion (Zhou et al. 2024, arXiv 2405.01434): in the decoder half of a Stable Diffusion UNet, the keys and
values of every self-attention are an image's own tokens and a random half of those of other images. Here the others are
the earlier ones only, so that an edit never reaches back, and a batch is the same as one panel after another.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from math import inf
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from storyforge.backends.diffusers.hold import noised
from storyforge.errors import RenderError

Steps = dict[float, Tensor]  # timestep -> [branches, tokens, channels]


@dataclass
class Bank:
    """What panels left for the later ones, by the panel's name and the layer's; in the memory of the CPU.

    A panel of SDXL at 1024 x 1024 leaves 3.3 GB in 30 steps at 16 bits.
    """

    seed: int = 0
    rate: float = 0.5
    """Share of a panel's tokens that others see; 0 turns the bank off."""
    most: int = 2
    """Panels that one looks at: the earliest, since the latest would let a face drift."""
    room: int = 4
    """Panels that are kept: the one that was looked at longest ago makes way."""
    panels: dict[str, dict[str, Steps]] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    """Their names, the one looked at last at the end."""
    made: int = 0
    """How many there were."""


@contextmanager
def sharing(
    pipe: Any, bank: Bank | None, panels: Sequence[str] | None = None, reads: Iterable[str] | None = None
) -> Iterator[None]:
    """Calls of the pipeline inside it make panels that look at earlier ones; those of calls that end well are kept.

    panels: the names of the images of the first call, in the order of its batch, so that what is drawn at random does
    not hang on how many there are. Null, and every further call: one image, named by its number.
    reads: the panels of the bank they may look at; null: its first ones. Each also sees those before it in its call.
    Raises RenderError for a pipeline without a UNet that has self-attention.
    """
    if bank is None or not bank.rate:
        yield
        return
    unet = getattr(pipe, "unet", None)
    plain: Mapping[str, Any] = getattr(unet, "attn_processors", {})
    shared = [name for name in plain if name.startswith("up_blocks") and name.endswith("attn1.processor")]
    if unet is None or not shared:
        raise RenderError(
            f"{type(pipe).__name__} has no self-attention that panels can share: "
            "references by bank need a Stable Diffusion pipeline"
        )
    calls = _Calls(bank, panels, reads)
    clock = unet.register_forward_pre_hook(calls.tell, with_kwargs=True)
    try:
        unet.set_attn_processor(
            {name: _Shared(name, one, calls) if name in shared else one for name, one in plain.items()}
        )
        yield
        calls.ended()
    finally:
        clock.remove()
        unet.set_attn_processor(dict(plain))


class _Calls:
    """Calls of the pipeline in turn: the panels of the present one, what they may look at, and its time."""

    def __init__(self, bank: Bank, panels: Sequence[str] | None, reads: Iterable[str] | None) -> None:
        self.bank = bank
        self.names = list(panels or [str(bank.made)])
        self.told = None if reads is None else list(reads)
        self.made: dict[str, dict[str, Steps]] = {}
        self.time = inf

    def tell(self, unet: Any, given: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        """Before each step. Time runs down in a call; where it jumps up, another call has begun."""
        time = float(named["timestep"] if "timestep" in named else given[1])
        if time > self.time:
            self.ended()
            self.names = [str(self.bank.made)]
        self.time = time

    def ended(self) -> None:
        """The call is over: the next ones may look at what it left."""
        kept = self.bank.panels
        kept.update(self.made)
        self.bank.made += len(self.made)
        used = [name for panel in self.names for name in self.others(panel) if name in kept]
        self.bank.used = [name for name in self.bank.used if name not in used + self.names] + used + self.names
        while len(kept) > self.bank.room:
            kept.pop(self.bank.used.pop(0), None)
        self.made = {}

    def keep(self, layer: str, panel: str, tokens: Tensor) -> None:
        """A random part of its tokens [branches, tokens, channels]; which ones follows from panel, layer and time."""
        address = f"{self.bank.seed}\0{panel}\0{layer}\0{self.time}"
        seed = int.from_bytes(blake2b(address.encode(), digest_size=7).digest(), "little")
        count = tokens.shape[1]
        order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
        chosen = order[: max(1, round(count * self.bank.rate))].sort().values
        self.made.setdefault(panel, {}).setdefault(layer, {})[self.time] = tokens[:, chosen.to(tokens.device)].cpu()

    def others(self, panel: str) -> list[str]:
        """The panels that this one looks at."""
        reads = list(self.bank.panels) if self.told is None else self.told
        kept = [name for name in dict.fromkeys(reads) if name in self.bank.panels and name not in self.names]
        return [*kept, *self.names[: self.names.index(panel)]][: self.bank.most]

    def seen(self, layer: str, panel: str) -> list[Tensor]:
        """Of each panel that this one looks at, the tokens of the step nearest in time."""
        others = self.others(panel)
        steps = [(self.made if name in self.made else self.bank.panels)[name][layer] for name in others]
        return [kept[min(kept, key=lambda at: abs(at - self.time))] for kept in steps]


class _Shared:
    """A self-attention whose keys and values are an image's own tokens and those it sees of others."""

    def __init__(self, layer: str, plain: Any, calls: _Calls) -> None:
        self.layer, self.plain, self.calls = layer, plain, calls

    def __call__(self, attn: Any, hidden_states: Tensor, *rest: Any, **named: Any) -> Tensor:
        out = []
        count = len(self.calls.names)
        for index, panel in enumerate(self.calls.names):
            own = hidden_states[index::count]  # with guidance it is there twice: without its prompt, and with it
            self.calls.keep(self.layer, panel, own)
            seen = self.calls.seen(self.layer, panel)
            keys = torch.cat([own, *(_branches(tokens, own) for tokens in seen)], 1) if seen else None
            out.append(self.plain(attn, own, keys))
        return torch.stack(out, 1).flatten(0, 1)


def _branches(tokens: Tensor, own: Tensor) -> Tensor:
    """Tokens of a call with guidance for one without, and the other way round: the last branch has the prompt."""
    return tokens[-len(own) :].to(own).expand(len(own), -1, -1)


def remember(pipe: Any, bank: Bank, name: str, picture: NDArray[np.uint8], seed: int, **call: Any) -> None:
    """A picture that was made elsewhere (a cast sheet, a panel kept from before) into the bank, under that name.

    picture: [height, width, 3] at the pipeline's own size. The pipeline is called once, and at every step its latents
    are the picture's at that step's noise. call: its further arguments, the prompt first of all.
    """
    height, width = picture.shape[:2]
    clean = _encoded(pipe, picture)
    noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(seed)).to(clean)

    def put_back(running: Any, step: int, timestep: Any, given: dict[str, Any]) -> dict[str, Any]:
        given["latents"] = noised(running.scheduler, clean, noise, step)[None]
        return given

    told = {"height": height, "width": width, "output_type": "latent", "callback_on_step_end": put_back}
    with sharing(pipe, bank, [name], reads=()):
        pipe(latents=noise[None].clone(), **call, **told)


@torch.no_grad()
def _encoded(pipe: Any, picture: NDArray[np.uint8]) -> Tensor:
    """[channels, h, w] at the denoiser's scale, by the mode of the VAE's posterior."""
    vae, device = pipe.vae, pipe._execution_device
    dtype = vae.dtype
    if vae.config.force_upcast:  # SDXL's own VAE overflows at 16 bits
        vae.to(torch.float32)
    pixels = torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].to(device, vae.dtype) / 127.5 - 1
    latents: Tensor = vae.encode(pixels).latent_dist.mode()[0] * float(vae.config.scaling_factor)
    vae.to(dtype)
    return latents.to(pipe.unet.dtype)
