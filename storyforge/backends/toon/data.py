"""Batches of the procedural world: windows at every level, and casts, each a function of (seed, step)."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from storyforge.backends.toon import captions, casting, facts, rig, scenes, world
from storyforge.backends.toon.net import TRAITS, WINDOW
from storyforge.backends.toon.text import Reading, read

Array = NDArray[np.float32]
KIND_NUMBER = {"place": 0, "character": 1, "prop": 2}
KEYS_EVERY = 16

Told = tuple[str, Mapping[str, Any]]  # a caption, and the facts that it says


@dataclass
class Texts:
    """Unique texts of a batch, by number, and what each of them says."""

    index: dict[str, int] = field(default_factory=lambda: {"": 0})
    said: list[list[int]] = field(default_factory=lambda: [facts.numbers({})])

    def number(self, text: str, told: Mapping[str, Any]) -> int:
        """The number of a text, which says what is told."""
        if text not in self.index:
            self.index[text] = len(self.index)
            self.said.append(facts.numbers(told))
        return self.index[text]

    @property
    def texts(self) -> list[str]:
        return list(self.index)


@dataclass
class Windows:
    """Windows of one level: rows, pins and everything the denoiser is told, before texts are encoded."""

    stride: int
    rows: Tensor  # [batch, WINDOW, CHANNELS]
    guide: Tensor  # the same shape; natural units
    guided: Tensor  # bool [batch]
    pins: Tensor  # bool [batch, WINDOW]
    since: Tensor  # seconds [batch, WINDOW]
    left: Tensor
    text: Tensor  # long [batch, WINDOW, SLOTS, 2]: text before and after
    after: Tensor  # float [batch, WINDOW]: weight of the second
    sheets: Tensor  # [batch, WINDOW, SLOTS, TRAITS]
    used: Tensor  # bool [batch, WINDOW, SLOTS]

    def to(self, device: torch.device) -> "Windows":
        """The same windows on another device."""
        tensors = {f.name: getattr(self, f.name).to(device) for f in fields(self) if f.name != "stride"}
        return replace(self, **tensors)


def padded(traits: Any) -> Array:
    """Traits of any kind, padded with zeros to TRAITS."""
    out = np.zeros(TRAITS, np.float32)
    if traits is not None:
        out[: len(traits)] = traits
    return out


def guide_rows(keys: Array, first: float, frames: Array) -> Array:
    """Catmull-Rom curves through keyframe rows: keys [n, k, C] at frames first + 16 i, read at frames [n, f]."""
    u = (frames - first) / KEYS_EVERY
    i = np.clip(np.floor(u).astype(np.int64), 0, max(keys.shape[1] - 2, 0))
    s = np.clip(u - i, 0.0, 1.0)[..., None].astype(np.float32)
    extended = np.concatenate([2 * keys[:, :1] - keys[:, 1:2], keys, 2 * keys[:, -1:] - keys[:, -2:-1]], 1)
    p = [np.take_along_axis(extended, (i + j)[..., None], 1) for j in range(4)]
    curve = p[1] + 0.5 * s * (
        p[2] - p[0] + s * (2 * p[0] - 5 * p[1] + 4 * p[2] - p[3] + s * (3 * (p[1] - p[2]) + p[3] - p[0]))
    )
    return np.asarray(curve, np.float32)


def told(rng: random.Random, script: world.Script) -> list[tuple[Told, Told]]:
    """The caption of each slot before and after the beat, with what it says; "" for an empty slot."""
    out: list[tuple[Told, Told]] = []
    for slot, known in enumerate(script.facts):
        if not known:
            out.append((("", {}), ("", {})))
            continue
        first = known[0]
        if slot == 0:
            described = first.get("described") or captions.place(rng, first)
            said = [captions.scene(rng, f, described) for f in known]
        elif slot == rig.SLOTS - 1:
            described = captions.prop_description(rng, first)
            said = [captions.prop(rng, f, described) for f in known]
        else:
            described = (first.get("described") or captions.who(rng, first)).rstrip(".")
            said = [captions.character(rng, f, described) for f in known]
        out.append(((said[0], known[0]), (said[-1], known[-1])))
    return out


def _clock(scripts: list[world.Script], frames: Array) -> tuple[NDArray[Any], NDArray[Any]]:
    start, stop = np.zeros_like(frames), np.repeat([[float(s.frames)] for s in scripts], frames.shape[1], 1)
    for i, s in enumerate(scripts):
        if s.flow and s.beat is not None:
            later = frames[i] >= s.beat
            start[i, later], stop[i, ~later] = s.beat, s.beat
    return (frames - start) / world.FPS, (stop - frames) / world.FPS


def _pins(rng: random.Random, stride: int, frames: Array, keyed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    batch, n = frames.shape
    pins = np.zeros((batch, n), bool)
    for i in range(batch):
        chance = rng.random()
        if stride == 1 and keyed[i]:
            pins[i] = frames[i] % KEYS_EVERY == 0
        elif chance < 0.45:
            continue
        elif chance < 0.8:
            pins[i, rng.randrange(n)] = True
        elif chance < 0.9:
            pins[i, : rng.randint(1, n // 2)] = True
        else:
            pins[i] = [rng.random() < 0.4 for _ in range(n)]
            pins[i, rng.randrange(n)] = False
    return pins


def _start(rng: random.Random, script: world.Script, stride: int) -> int:
    if stride == KEYS_EVERY:
        later = script.frames // KEYS_EVERY - WINDOW + 1
        return KEYS_EVERY * rng.randint(0, later) if later > 0 and rng.random() < 0.6 else 0
    centre = (
        script.beat if script.beat is not None and rng.random() < 0.35 else rng.randrange(max(script.frames - 8, 1))
    )
    grid = 8 if rng.random() < 0.85 else 1
    return max(0, (centre - 8) // grid * grid)


def windows(rng: random.Random, count: int, stride: int, texts: Texts) -> Windows:
    """Windows of single shots at stride 16 or 1."""
    scripts = [scenes.script(rng) for _ in range(count)]
    frames = np.array([[_start(rng, s, stride)] for s in scripts], np.float32) + stride * np.arange(
        WINDOW, dtype=np.float32
    )
    rows = world.rows(scripts, frames)
    keyed = np.array([stride == 1 and rng.random() < 0.85 for _ in scripts])
    guide = np.zeros_like(rows)
    if keyed.any():
        first = np.floor(frames[:, :1] / KEYS_EVERY) * KEYS_EVERY - KEYS_EVERY
        at = np.maximum(first + KEYS_EVERY * np.arange(5, dtype=np.float32), 0.0)
        keys = world.rows(scripts, at.astype(np.float32))
        guide = np.where(keyed[:, None, None], guide_rows(keys, 0.0, frames - first), 0.0)
    since, left = _clock(scripts, frames)
    said = [told(rng, s) for s in scripts]
    numbers = np.array([[[texts.number(*t) for t in pair] for pair in one] for one in said])
    ramp = np.array([[rng.uniform(1, 24) if s.flow else rng.uniform(1, 3)] for s in scripts])
    beat = np.array([[s.beat if s.beat is not None else 1e6] for s in scripts], np.float32)
    after = np.clip((frames - beat) / ramp + 0.5, 0, 1)
    _unsay(rng, numbers)
    sheets = np.array([[padded(t) for t in s.traits] for s in scripts])
    used = np.array([[t is not None for t in s.traits] for s in scripts])
    return Windows(
        stride, torch.from_numpy(rows), torch.from_numpy(guide.astype(np.float32)), torch.from_numpy(keyed),
        torch.from_numpy(_pins(rng, stride, frames, keyed)), _float(since), _float(left),
        torch.from_numpy(numbers)[:, None].expand(-1, WINDOW, -1, -1), _float(after),
        torch.from_numpy(sheets)[:, None].expand(-1, WINDOW, -1, -1),
        torch.from_numpy(used)[:, None].expand(-1, WINDOW, -1),
    )  # fmt: skip


def _unsay(rng: random.Random, numbers: NDArray[Any]) -> None:
    """Takes the texts of some windows away, for guidance (Ho and Salimans 2022, section 3.2)."""
    numbers[[rng.random() < 0.08 for _ in numbers]] = 0


def _float(array: Any) -> Tensor:
    return torch.from_numpy(np.asarray(array, np.float32))


def panels(rng: random.Random, count: int, texts: Texts) -> Windows:
    """Windows of panels: one frame of each of 2 to 17 shots of a film, which share a cast and places."""
    rows, since, left, sheets, used, numbers = [], [], [], [], [], []
    length = rng.randint(2, WINDOW)
    for _ in range(count):
        cast = [_described(rng, *casting.character(rng)) for _ in range(rng.randint(1, 4))]
        places = [casting.place(rng) for _ in range(rng.randint(1, 4))]
        for _, known in places:
            known["described"] = captions.place(rng, known)
        order = sorted(rng.randrange(len(places)) for _ in range(length))
        film = [scenes.script(rng, cast, places[i]) for i in order]
        moments = np.array([[moment(s.frames)] for s in film], np.float32)
        rows.append(world.rows(film, moments)[:, 0])
        clock = _clock(film, moments)
        since.append(clock[0][:, 0])
        left.append(clock[1][:, 0])
        sheets.append([[padded(t) for t in s.traits] for s in film])
        used.append([[t is not None for t in s.traits] for s in film])
        said = [told(rng, s) for s in film]
        later = [s.beat is not None and bool(m >= s.beat) for s, m in zip(film, moments[:, 0], strict=True)]
        numbers.append([[[texts.number(*p[late])] * 2 for p in one] for one, late in zip(said, later, strict=True)])
    stacked, texted = np.array(rows), np.array(numbers)
    _unsay(rng, texted)
    frames = np.zeros(stacked.shape[:2], np.float32)
    return Windows(
        0, torch.from_numpy(stacked), torch.zeros(stacked.shape), torch.zeros(count, dtype=torch.bool),
        torch.from_numpy(_pins(rng, 0, frames, frames[:, 0] > 0)), _float(since), _float(left),
        torch.from_numpy(texted), torch.zeros(stacked.shape[:2]),
        _float(sheets), torch.from_numpy(np.array(used)),
    )  # fmt: skip


def moment(frames: int) -> int:
    """The frame of a shot that its panel shows: the keyframe nearest to its middle."""
    return frames // 2 // KEYS_EVERY * KEYS_EVERY


def _described(rng: random.Random, traits: Any, known: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    known["described"] = captions.who(rng, known)
    return traits, known


def casts(rng: random.Random, count: int, texts: Texts) -> tuple[Tensor, Tensor, Tensor]:
    """Traits [count, TRAITS], kind numbers [count] and text numbers [count] of entities."""
    traits, kinds, numbers = [], [], []
    for _ in range(count):
        kind = rng.choices(("character", "place", "prop"), (6, 2, 2))[0]
        made, known = getattr(casting, kind)(rng)
        say = {"character": captions.who, "place": captions.place, "prop": captions.prop_description}[kind]
        traits.append(padded(made))
        kinds.append(KIND_NUMBER[kind])
        numbers.append(0 if rng.random() < 0.05 else texts.number(say(rng, known), known))
    return torch.from_numpy(np.array(traits)), torch.tensor(kinds), torch.tensor(numbers)


@dataclass
class Batch:
    """What one step trains on."""

    coarse: Windows
    fine: Windows
    panels: Windows
    casts: tuple[Tensor, Tensor, Tensor]
    reading: Reading  # of every text that the above number
    said: Tensor  # long [texts, things]: what each of them says, by facts.numbers
    noise: int  # the seed of the step's noise


class Steps(Dataset[Batch]):
    """Steps `which` of training by their place in it: each a function of (seed, step), whoever makes it."""

    def __init__(self, seed: int, size: int, which: range) -> None:
        self.seed, self.size, self.which = seed, size, which

    def __len__(self) -> int:
        return len(self.which)

    def __getitem__(self, place: int) -> Batch:
        rng = random.Random(f"{self.seed}/{self.which[place]}")
        noise, texts = rng.getrandbits(60), Texts()
        coarse = windows(rng, self.size * 5 // 9, 16, texts)
        fine = windows(rng, self.size * 5 // 18, 1, texts)
        pictures = panels(rng, max(1, self.size // 9), texts)
        made = casts(rng, 2 * self.size, texts)
        return Batch(coarse, fine, pictures, made, read(texts.texts), torch.tensor(texts.said), noise)


def statistics(seed: int = 0) -> dict[str, Tensor]:
    """Mean and scale of every channel and trait over a sample of the world, for normalisation."""
    rng = random.Random(seed)
    scripts = [scenes.script(rng) for _ in range(3000)]
    frames = np.array([[rng.randrange(s.frames)] for s in scripts], np.float32)
    flat = world.rows(scripts, frames)[:, 0]
    mean, scale = flat.mean(0), flat.std(0)
    slots = rig.slot_slices()
    for channels in slots[1:]:  # three alike slots share one scale, taken where somebody is
        source = slots[-1] if channels == slots[-1] else slots[1]
        there = flat[:, source][flat[:, source.start] > 0.5]
        mean[channels], scale[channels] = there.mean(0), there.std(0)
        mean[channels.start], scale[channels.start] = 0.5, 0.5
    on = rig.SCENE.at["on"]
    mean[on], scale[on] = 0.3, 0.45
    held = rig.field(slots[-1], rig.PROP, "held")
    mean[held], scale[held] = 0.3, 0.45
    out = {"mean": mean, "scale": np.maximum(scale, 0.05)}
    trait_mean, trait_scale = np.zeros((3, TRAITS), np.float32), np.ones((3, TRAITS), np.float32)
    for kind, number in KIND_NUMBER.items():
        sample = np.array([getattr(casting, kind)(rng)[0] for _ in range(3000)])
        trait_mean[number, : sample.shape[1]] = sample.mean(0)
        trait_scale[number, : sample.shape[1]] = np.maximum(sample.std(0), 0.01)
    out |= {"trait_mean": trait_mean, "trait_scale": trait_scale}
    return {name: torch.from_numpy(np.asarray(value, np.float32)) for name, value in out.items()}
