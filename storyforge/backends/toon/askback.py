"""Cast sheets: traits sampled from words, read back, and asked for again where they are not what the words say.

The network is small and reads words that it never learned by their pieces: it has made a bear of "two police officers"
and a green coat of a grey one. What its traits say can be read (readback.py), so nobody has to be shown that.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from storyforge import engine
from storyforge.backends.base import Array, CastRequest
from storyforge.backends.toon import rig
from storyforge.backends.toon.drawable import drawable
from storyforge.backends.toon.promised import CLOTHES, promised
from storyforge.backends.toon.readback import traits_facts
from storyforge.backends.toon.vocabulary import COLOURS, SPREAD

if TYPE_CHECKING:
    import torch

    from storyforge.backends.toon.net import ToonNet

STEPS = 12
PAINTED = {"coat": "coat", "hair": "second", "wear_colour": "wear_colour", "colour": "colour"}  # fact -> trait
SPREADS = 1  # standard deviations of the training scenes' paints around a colour: at two, a grey looks green
TRIES = 4  # in plain words, each from other noise; the first from the same


class Wish(NamedTuple):
    """One request's words: as they are, in plain ones, and what should come of them."""

    request: CastRequest
    text: str
    plain: str
    facts: Mapping[str, str]


def cast(net: "ToonNet", requests: Sequence[CastRequest]) -> list[Array]:
    """Traits of each request; body and clothes of a character are sampled apart, from the same noise."""
    bodies = _heeded(net, [_wish(request, request.body or request.text, clothes=False) for request in requests])
    dressed = _heeded(net, [_wish(request, request.text, clothes=True) for request in requests])
    worn = [rig.CHARACTER_TRAITS.at[name] for name in CLOTHES]
    for request, body, dress in zip(requests, bodies, dressed, strict=True):
        if request.kind == "character":
            for channels in worn:
                body[channels] = dress[channels]
    return bodies


def _wish(request: CastRequest, text: str, clothes: bool) -> Wish:
    told = drawable(text) if request.kind == "character" else text
    asked = promised(told, request.kind)
    facts = {name: said for name, said in asked.facts.items() if (name in CLOTHES) == clothes}
    return Wish(request, told, asked.text, facts)


def _heeded(net: "ToonNet", wishes: Sequence[Wish]) -> list[Array]:
    """Traits that say what the words say; where none of the tries does, those of the try that says most of it."""
    made = _sampled(net, wishes, [wish.text for wish in wishes])
    for i, wish in enumerate(wishes):
        said = _kept(made[i], wish)
        for take in range(TRIES):
            if said == len(wish.facts):
                break
            (other,) = _sampled(net, [wish], [wish.plain], take)
            now = _kept(other, wish)
            if now > said:
                made[i], said = other, now
        _paint(made[i], wish)
    return made


def _paint(traits: Array, wish: Wish) -> None:
    """Brings each colour that was told among the paints of that name: a grey at its edge looks green on a wall."""
    at = rig.TRAITS[wish.request.kind].at
    found = traits_facts(traits, wish.request.kind)
    for name, said in wish.facts.items():
        if name in PAINTED and found[name] == said:
            centre = np.array(COLOURS[said], np.float32)
            channels = at[PAINTED[name]]
            traits[channels] = np.clip(traits[channels], centre - SPREADS * SPREAD, centre + SPREADS * SPREAD)


def _kept(traits: Array, wish: Wish) -> int:
    found = traits_facts(traits, wish.request.kind)
    return sum(found[name] == said for name, said in wish.facts.items())


def _sampled(net: "ToonNet", wishes: Sequence[Wish], texts: Sequence[str], take: int = 0) -> "list[Array]":
    import torch

    from storyforge.backends.toon.data import KIND_NUMBER
    from storyforge.backends.toon.net import TRAITS

    requests = [wish.request for wish in wishes]
    kinds = torch.tensor([KIND_NUMBER[r.kind] for r in requests])
    addresses = [engine.Address(r.seed, r.key.split("@")[0], take) for r in requests]
    noise = torch.from_numpy(engine.noise(addresses, [0] * len(requests), (TRAITS,)))[:, None]
    text, one_hot = net.encode(list(texts)), torch.nn.functional.one_hot(kinds, 3).float()

    def denoise(x: "torch.Tensor", sigma: "torch.Tensor", cond: object) -> "torch.Tensor":
        told: torch.Tensor = net.cast(x[:, 0], sigma[:, 0], one_hot, text)
        return told[:, None]

    x = engine.sample(denoise, noise, engine.sigmas(STEPS))[:, 0]
    natural = (x * net.trait_scale[kinds] + net.trait_mean[kinds]).numpy()
    return [_snapped(row[: rig.TRAITS[r.kind].width], r.kind) for r, row in zip(requests, natural, strict=True)]


def _snapped(traits: Array, kind: str) -> Array:
    """Traits with choices made (one-hot) and builds, layouts and sizes in 0..1."""
    out = np.array(traits, np.float32)
    at = rig.TRAITS[kind].at
    for name in ("kind", "wears", "marking", "place", "prop"):
        if name in at:
            out[at[name]] = rig.one_hot(int(out[at[name]].argmax()), at[name].stop - at[name].start)
    for name in ("build", "layout", "size"):
        if name in at:
            out[at[name]] = np.clip(out[at[name]], 0.0, 1.0)
    return out
