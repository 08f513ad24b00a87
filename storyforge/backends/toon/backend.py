"""toon as a Backend: casts, panels, keyframes and infill by ToonNet; frames by the puppets and the stage."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from storyforge.backends.base import (
    PANELS,
    Acting,
    Array,
    Audio,
    Capabilities,
    CastRequest,
    Frame,
    Latents,
    LevelRequest,
    Noise,
    Sheet,
    TimedPrompt,
)
from storyforge.backends.toon import rig
from storyforge.errors import RenderError
from storyforge.resources import root

if TYPE_CHECKING:
    import torch

    from storyforge.backends.toon.net import ToonNet
    from storyforge.backends.toon.request import Level

VERSION = 9  # of the drawing and sampling code: a change that changes films changes it
BATCH = 16  # windows a call
MOST = 800  # rows whose texts and sheets are held in memory at once
STEPS = {0: 12, 16: 12, 1: 6}
GUIDANCE = {0: 1.6, 16: 1.6, 1: 1.0}


class Toon:
    """The embedded renderer (DESIGN 6); nothing heavy is loaded before the first cast or render."""

    def __init__(
        self, folder: Path | None = None, batch: int = BATCH, steps: int | None = None, guidance: float | None = None,
        twos: bool = False,
    ) -> None:  # fmt: skip
        self.folder = folder or Path(str(root("renderers"))) / "toon"
        self.batch, self.steps, self.guidance, self.twos = batch, steps, guidance, twos

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            clip_frames=17,
            strides=(0, 16, 1),
            pins="any",
            prompts="frame",
            windows=True,
            casts=True,
            fps=24.0,
            light=True,
        )

    @cached_property
    def fingerprint(self) -> str:
        digest = sha256(f"toon {VERSION} {self.steps} {self.guidance} {self.twos}".encode())
        digest.update(self._weights().read_bytes())
        return digest.hexdigest()[:32]

    def _weights(self) -> Path:
        path = self.folder / "weights.safetensors"
        if not path.is_file():
            raise RenderError(
                f"{path} is missing: reinstall storyforge-film, or train: python -m storyforge.backends.toon.train"
            )
        return path

    @cached_property
    def net(self) -> "ToonNet":
        """The network, with its weights, ready to sample."""
        from safetensors.torch import load_file

        from storyforge.backends.toon.net import ToonNet

        config = json.loads((self.folder / "config.json").read_text())
        net = ToonNet(**config["net"])
        net.load_state_dict({name: value.float() for name, value in load_file(self._weights()).items()})
        return net.eval().requires_grad_(False)

    def cast(self, requests: Sequence[CastRequest]) -> list[Sheet]:
        """Sheets sampled from their texts (askback.py)."""
        from storyforge.backends.toon import askback

        if not requests:
            return []
        with _inference():
            made = askback.cast(self.net, requests)
        return [
            Sheet(request.key, request.kind, {"traits": traits}, (self.portrait(request.kind, traits),))
            for request, traits in zip(requests, made, strict=True)
        ]

    def render(self, requests: Sequence[LevelRequest]) -> list[Latents]:
        """Levels sampled together where stride, steps and guidance agree: windows of all of them in one batch."""
        groups: dict[tuple[Any, ...], list[int]] = {}
        for i, r in enumerate(requests):
            groups.setdefault((r.stride, r.steps, r.guidance, r.draft), []).append(i)
        out: dict[int, Latents] = {}
        with _inference():
            for members in groups.values():
                for some in _packs(members, [requests[i].frames // max(requests[i].stride, 1) for i in members]):
                    out |= zip(some, self._levels([requests[i] for i in some]), strict=True)
        return [out[i] for i in range(len(requests))]

    def _levels(self, requests: Sequence[LevelRequest]) -> Iterator[Latents]:
        import torch

        from storyforge import engine
        from storyforge.backends.toon.request import level, tidied

        levels = [level(self.net, r) for r in requests]
        plan, places = engine.end_to_end([one.plan for one in levels])
        first = requests[0]
        steps = first.sampled(first.steps or self.steps or STEPS[first.stride])
        denoise = engine.codenoise(self._denoiser(levels, first), plan.spans, plan.weights, self.batch)
        cond = engine.concatenate([one.cond | {"blank": one.blank} for one in levels])
        x = engine.sample(
            denoise,
            torch.cat([one.noise for one in levels], 1),
            engine.sigmas(steps),
            cond,
            known=torch.cat([one.known for one in levels], 1),
            pins=torch.cat([one.pins for one in levels], 1),
        )
        rows = self.net.natural(x)[0].numpy()
        for one, place in zip(levels, places, strict=True):
            mine = rows[place.start : place.stop][: one.count]
            yield self._latents(one.request, tidied(one.request, np.asarray(mine, np.float32)))

    def _denoiser(self, levels: Sequence["Level"], request: LevelRequest) -> Any:
        """The network with classifier-free guidance (Ho and Salimans 2022) where the level uses it."""
        guidance = request.guidance or self.guidance or GUIDANCE[request.stride]

        nobody = -self.net.mean / self.net.scale

        def denoise(x: "torch.Tensor", sigma: "torch.Tensor", cond: dict[str, "torch.Tensor"]) -> "torch.Tensor":
            told: torch.Tensor = self.net(x, sigma, cond)
            if guidance != 1.0:
                untold: torch.Tensor = self.net(x, sigma, cond | {"text": cond["blank"]})
                told = untold + guidance * (told - untold)
            return told.where(~cond["empty"], nobody)

        return denoise

    def _latents(self, request: LevelRequest, rows: Array) -> Latents:
        """Rows with the traits of each part, so that decode needs nothing else."""
        from storyforge.backends.toon.request import slots, traits
        from storyforge.backends.toon.shoulder import written

        parts = np.array([[p.start, p.stop] for p in request.parts], np.int64)
        table = np.full((len(parts), rig.SLOTS, max(t.width for t in rig.TRAITS.values())), np.nan, np.float32)
        for i, (start, stop) in enumerate(parts):
            here = [prompt.prompt for prompt in request.prompts if prompt.start < stop and prompt.stop > start]
            told = [(j, slot) for prompt in here for j, slot in enumerate(slots(prompt))]
            for j, slot in sorted(told, key=lambda one: not one[1].text):  # those on the stage before those beside it
                known = traits(request.sheets, slot)
                if known is not None and np.isnan(table[i, j, 0]):
                    table[i, j, : len(known)] = known
        seeds = np.array([crc32(f"{p.seed} {p.shot} {p.take}".encode()) for p in request.parts], np.int64)
        notes: dict[str, Any] = {
            "twos": twos(request.options, self.twos),
            "over": [astuple(over) for over in written(request)],
        }
        if request.stride != PANELS:
            notes["slots"] = names(request.prompts)
        # Among the arrays, because shots are known by the digest of these: what is drawn otherwise is another shot.
        noted = np.frombuffer(json.dumps(notes).encode(), np.uint8)
        arrays: dict[str, Any] = {"x": rows, "parts": parts, "traits": table, "seeds": seeds, "notes": noted}
        return Latents(request.id, request.stride, arrays)

    def rows(self, latents: Latents, frames: Sequence[int]) -> list[Array]:
        """Its own rows: what is pinned is what was sampled."""
        return [latents.arrays["x"][frame // latents.stride] for frame in frames]

    def decode(
        self, latents: Latents, size: tuple[int, int], start: int = 0, stop: int | None = None,
        acting: Acting | None = None,
    ) -> Iterator[Frame]:  # fmt: skip
        """Frames [start, stop) drawn one by one; panels are drawn each as a shot of one frame."""
        from storyforge.backends.toon.drawing import draw

        return draw(latents, size, start, stop, acting)

    def noises(
        self, latents: Latents, start: int = 0, stop: int | None = None, acting: Acting | None = None
    ) -> tuple[Noise, ...]:
        """Steps, jumps, wings and thunder of the drawn puppets; panels are silent."""
        from storyforge.backends.toon.drawing import heard_of

        return heard_of(latents, start, stop, acting)

    def portrait(self, kind: str, traits: Array) -> Frame:
        """A cast sheet's picture."""
        from storyforge.backends.toon.drawing import portrait

        return portrait(kind, traits)

    def sound(self, latents: Latents, start: int = 0, stop: int | None = None) -> Audio | None:
        """toon's models make no sound."""
        return None


def names(prompts: Sequence[TimedPrompt]) -> list[str]:
    """A span's characters in the order of their slots, without their looks."""
    for told in prompts:
        cast = [entity.key.split("@")[0] for entity in told.prompt.entities if entity.kind == "character"]
        if cast:
            return cast[: rig.CHARACTERS]
    return []


def twos(options: Mapping[str, Any], usual: bool) -> bool:
    """Whether characters are drawn on twos, from a storyboard's options; a name or a value it lacks is an error."""
    strange = sorted(set(options) - {"twos"})
    if strange:
        raise RenderError(f"options of toon: it has no {strange[0]!r}; write steps, guidance or twos")
    given = options.get("twos", usual)
    if not isinstance(given, bool):
        raise RenderError(f"options of toon: twos is {given!r}; write true (characters on twos) or false")
    return given


def _packs(members: Sequence[int], rows: Sequence[int]) -> Iterator[list[int]]:
    """Requests that are sampled together, in order: about MOST rows at a time, so that a long film needs no more."""
    pack: list[int] = []
    total = 0
    for member, count in zip(members, rows, strict=True):
        if pack and total + count > MOST:
            yield pack
            pack, total = [], 0
        pack.append(member)
        total += count
    if pack:
        yield pack


@contextmanager
def _inference() -> Iterator[None]:
    """No gradients and one thread: the other cores draw meanwhile, and a team of threads that has to wait for a core
    at each layer is 10 to 100 times slower (measured); the results do not depend on the number of cores either."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.inference_mode():
            yield
    finally:
        torch.set_num_threads(threads)
