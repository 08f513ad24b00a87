"""Level requests as tensors: which texts, sheets, clock, pins and noise every row of a level has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from storyforge import engine
from storyforge.backends.base import PANELS, LevelRequest, Prompt, Sheet
from storyforge.backends.toon import rig
from storyforge.backends.toon.blocking import blocked
from storyforge.backends.toon.data import KEYS_EVERY, KIND_NUMBER, guide_rows, padded
from storyforge.backends.toon.net import SLOT_KINDS, TRAITS, WINDOW, ToonNet, clock_features
from storyforge.backends.toon.world import FPS
from storyforge.clock import Span

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Slot:
    """What one slot is told by one prompt: its text ("" for nobody) and its sheet's key."""

    text: str
    key: str


@dataclass
class Level:
    """One request made ready: rows beyond `count` are there to fill a window and are cut off again."""

    request: LevelRequest
    count: int
    plan: engine.Plan
    noise: Tensor  # [1, rows, CHANNELS]
    known: Tensor
    pins: Tensor  # float [1, rows]
    cond: dict[str, Tensor]  # each [1, rows, ...]
    blank: Tensor  # the text of nobody, [1, rows, SLOTS, text]


def slots(prompt: Prompt) -> list[Slot]:
    """The five slots of a prompt: scene and place, up to three characters in order, the first prop that is seen."""
    out = [Slot(prompt.scene, "")] + [Slot("", "")] * (rig.SLOTS - 1)
    seen = 0
    for entity in prompt.entities:
        if entity.kind == "place":
            out[0] = Slot(prompt.scene, entity.key)
        elif entity.kind == "prop" and entity.text and not out[-1].text:
            out[-1] = Slot(entity.text, entity.key)
        elif entity.kind == "character":
            seen += 1
            if seen <= rig.CHARACTERS:
                out[seen] = Slot(entity.text, entity.key)
    return out


def traits(sheets: Mapping[str, Sheet], slot: Slot) -> Array | None:
    """The traits of a slot's sheet, or None."""
    sheet = sheets.get(slot.key)
    return None if sheet is None else np.asarray(sheet.arrays["traits"], np.float32)


def _frames(request: LevelRequest) -> tuple[Array, int]:
    """The span frame of each row, padded to a window at stride 16, and how many rows were asked for."""
    if request.stride == PANELS:
        return np.arange(request.frames, dtype=np.float32), request.frames
    count = len(request.positions)
    rows = max(count, WINDOW) if request.stride > 1 else count
    return np.arange(rows, dtype=np.float32) * request.stride, count


def _clock(request: LevelRequest, frames: Array) -> Tensor:
    if request.stride == PANELS:
        since = np.array(request.moments, np.float32)
        left = np.array(request.lengths, np.float32) - since
    else:
        starts = np.array([p.start for p in request.parts])
        which = np.clip(np.searchsorted(starts, frames, side="right") - 1, 0, None)
        lengths = np.array(request.lengths or [p.stop - p.start for p in request.parts], np.float32)
        since = frames - starts[which]
        left = lengths[which] - since
    seconds = torch.from_numpy(np.stack([since, left]) / FPS).float()
    return clock_features(seconds[0], seconds[1], request.stride)


def _noise(request: LevelRequest, frames: Array) -> Array:
    addresses, offsets = [], []
    for i, frame in enumerate(frames.astype(int)):
        if request.stride == PANELS:
            part, offset = request.parts[i], request.moments[i]
        else:
            part = next((p for p in reversed(request.parts) if p.start <= frame), request.parts[0])
            offset = frame - part.start
        addresses.append(engine.Address(part.seed, part.shot, part.take, request.stride))
        offsets.append(int(offset))
    return engine.noise(addresses, offsets, (rig.CHANNELS,))


def _heard(request: LevelRequest, frames: Array) -> Array:
    """How much of each prompt every row hears: [prompts, rows]."""
    spans = [Span(p.start, p.stop) for p in request.prompts]
    last = int(frames[-1]) + 1
    heard = engine.crossfade(spans, [p.ramp for p in request.prompts], last)
    return np.asarray(heard[:, frames.astype(int)], np.float32)


def _sheets(net: ToonNet, request: LevelRequest, told: Sequence[Sequence[Slot]], heard: Array) -> Tensor:
    """Normalised sheets of each row [rows, SLOTS, TRAITS], zeros where a slot is empty."""
    out = np.zeros((len(told), rig.SLOTS, TRAITS), np.float32)
    for i, slots_ in enumerate(told):
        for j, slot in enumerate(slots_):
            known = traits(request.sheets, slot)
            if known is not None and (j == 0 or slot.text):
                number = KIND_NUMBER[SLOT_KINDS[j]]
                out[i, j] = (padded(known) - net.trait_mean[number].numpy()) / net.trait_scale[number].numpy()
    return torch.from_numpy(out[heard.argmax(0)])


def _guide(request: LevelRequest, frames: Array) -> Array | None:
    """Curves through the keyframes of a stride-1 level, where all of them are pinned."""
    if request.stride != 1:
        return None
    keys = [request.pins.get(at) for at in range(0, len(frames), KEYS_EVERY)]
    if len(keys) < 2 or any(key is None for key in keys):
        return None
    rows = np.stack([np.asarray(key, np.float32) for key in keys if key is not None])
    return np.asarray(guide_rows(rows[None], 0.0, frames[None])[0], np.float32)


def _plan(stride: int, rows: int) -> engine.Plan:
    if stride == 1:
        return engine.blend(engine.local(rows, WINDOW, KEYS_EVERY), rows)
    return engine.plan(rows, WINDOW, WINDOW // 2)


def level(net: ToonNet, request: LevelRequest) -> Level:
    """Everything the sampler needs for one request."""
    frames, count = _frames(request)
    rows = len(frames)
    told = [slots(p.prompt) for p in request.prompts]
    heard = _heard(request, frames)
    texts = list(dict.fromkeys(["", *(s.text for one in told for s in one)]))
    vectors = net.encode(texts)
    per_prompt = torch.stack([vectors[[texts.index(s.text) for s in one]] for one in told])
    text = torch.einsum("pr,psd->rsd", torch.from_numpy(heard), per_prompt)
    known, pins = torch.zeros(rows, rig.CHANNELS), torch.zeros(rows)
    for at, row in request.pins.items():
        known[at], pins[at] = net.normalise(torch.from_numpy(np.asarray(row, np.float32))), 1.0
    guide = _guide(request, frames)
    cond = {
        "text": text,
        "sheets": _sheets(net, request, told, heard),
        "guide": torch.zeros(rows, rig.CHANNELS) if guide is None else net.normalise(torch.from_numpy(guide)),
        "clock": _clock(request, frames),
        "empty": torch.from_numpy(empty(told, heard)),
    }
    noise = torch.from_numpy(_noise(request, frames))
    blank = vectors[0].expand(rows, rig.SLOTS, -1)
    batch = {name: tensor[None] for name, tensor in cond.items()}
    return Level(request, count, _plan(request.stride, rows), noise[None], known[None], pins[None], batch, blank[None])


def empty(told: Sequence[Sequence[Slot]], heard: Array) -> NDArray[np.bool_]:
    """Which channels of each row belong to slots that hold nobody: [rows, CHANNELS].

    Rows are all 0 there in training and the network is not asked what they are, so sampling holds them at 0: what it
    would make of them reaches the others through attention.
    """
    there = np.array([[bool(s.text) for s in one[1:]] for one in told])[heard.argmax(0)]
    widths = [channels.stop - channels.start for channels in rig.slot_slices()]
    used = np.concatenate([np.ones((len(there), 1), bool), there], 1)
    return ~np.repeat(used, widths, axis=1)


def tidy(rows: Array, told: Sequence[Sequence[Slot]], heard: Array) -> Array:
    """Rows with weights in 0..1, lights that sum to 1, and nobody in empty slots."""
    nobody = empty(told, heard)
    there = ~nobody[:, [channels.start for channels in rig.slot_slices()[1:]]]
    out = np.where(nobody, np.float32(0.0), rows)
    scene = rig.slot_slices()[0]
    for name in ("time", "weather"):
        channels = rig.field(scene, rig.SCENE, name)
        weights = np.clip(out[:, channels], 0.0, 1.0) + 1e-6
        out[:, channels] = weights / weights.sum(-1, keepdims=True)
    on = rig.field(scene, rig.SCENE, "on")
    out[:, on] = np.clip(out[:, on], 0.0, 1.0) * there[:, : rig.CHARACTERS]
    for i, channels in enumerate(rig.slot_slices()[1:]):
        layout = rig.PROP if i == rig.CHARACTERS else rig.CHARACTER
        out[:, channels.start] = there[:, i]
        for name in ("held",) if layout is rig.PROP else ("action", "feeling"):
            at = rig.field(channels, layout, name)
            out[:, at] = np.clip(out[:, at], 0.0, 1.0)
    return out


def turned(rows: Array, told: Sequence[Sequence[Slot]]) -> Array:
    """Panels that face the side their texts name (one in a hundred does not); the levels below follow their panel."""
    out = rows.copy()
    facing = rig.CHARACTER.at["facing"].start
    for row, one in zip(out, told, strict=True):
        for slot, channels in zip(one[1 : 1 + rig.CHARACTERS], rig.slot_slices()[1:], strict=False):
            for word, side in (("facing left.", -1.0), ("facing right.", 1.0)):
                if word in slot.text and row[channels.start + facing] * side < 0:
                    row[channels.start + facing] *= -1.0
                    row[channels.start + rig.CHARACTER.at["gaze"].start] *= -1.0
    return out


def tidied(request: LevelRequest, rows: Array) -> Array:
    """The rows of a request as they are stored: tidy, with pinned rows as they were given."""
    frames = _frames(request)[0][: len(rows)]
    told = [slots(p.prompt) for p in request.prompts]
    out = tidy(rows, told, _heard(request, frames))
    if request.stride == PANELS:
        out = turned(out, told)
    people = {
        key: np.asarray(one.arrays["traits"], np.float32)
        for key, one in request.sheets.items()
        if one.kind == "character"
    }
    out = blocked(request, out, _heard(request, frames), people)
    for at, row in request.pins.items():
        out[at] = row
    return out
