"""Blocking: rows kept to where a storyboard puts people, where they look, and how its camera stands.

The network decides what nobody said; what was said holds. A character's place is an offset over a whole setting (the
stretch of a shot in which nothing of its staging changes), so that motion stays as smooth as it was sampled. One scene
is one stage: who is told to be at its left stands to the left in the world, so that a shot and its reverse shot have
backgrounds of their own, each the same whenever it comes back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from zlib import crc32

import numpy as np

from storyforge.backends.base import PANELS, LevelRequest
from storyforge.backends.toon import anatomy, rig
from storyforge.backends.toon.headroom import company, risen
from storyforge.backends.toon.motion import firm
from storyforge.backends.toon.settings import Array, Mark, Rows, Setting, column, setting, view

STAGE = 0.34  # world x of who is told to be at the edge, in a 16:9 frame
SPREAD = {"extreme-wide": 0.72, "wide": 0.72, "full": 0.85, "medium": 0.85}  # of the half frame that sides take up
LEAD = {"extreme-wide": 0.72, "wide": 0.72, "full": 0.7, "medium": 0.6, "close": 0.5, "extreme-close": 0.36}
ROOM = 0.12  # of the half frame: how far one nobody placed stands back from where he looks
PAST = 0.3  # of the half frame: how far across from a shoulder the one looked at is at least
EDGE = 0.8  # of the half frame: where people nobody placed are at most
BEYOND = 1.3  # of the half frame: how far off the frame a way may begin or end
MOVED = 0.06  # world units: who goes less far stays where he is
BACK, DEPTH = 0.26, 0.22  # how far back on the stage people are, and how far apart
LYING = 0.03  # world units from the ground to the middle of what lies there
GOING = [rig.ACTIONS.index(name) for name in ("walk", "run", "fly")]
SIT, GIVE = (rig.ACTIONS.index(name) for name in ("sit", "give"))
ZOOMING, PANNING = ("push-in", "pull-out"), ("pan-left", "pan-right", "tilt-up")
GAZE = 0.55
STEP = 0.1  # log2 of magnification by which a camera stands back at a time, until every head is whole


def blocked(request: LevelRequest, rows: Array, heard: Array, people: Mapping[str, Array]) -> Array:
    """The rows of a request [rows, CHANNELS], as told. heard: [prompts, rows]; people: traits of characters by key."""
    if request.stride == 1:
        return rows
    out = np.zeros(rows.shape, np.float64)
    settings = [setting(timed.prompt, people) for timed in request.prompts]
    for weight, told, mine in _stretches(request, settings, heard):
        made = np.asarray(rows, np.float64)
        if told is not None:
            known = [at for at in mine if at in request.pins]
            if request.stride == PANELS:  # one by one: no panel depends on the film's others
                made[mine] = _stage(told, made[mine], [0], 0, None)
            else:
                made = _stage(told, made, mine, (known or mine[len(mine) // 2 :])[0], bool(known))
        out += weight[:, None] * made
    return out.astype(np.float32)


def _stretches(
    request: LevelRequest, settings: Sequence[Setting | None], heard: Array
) -> list[tuple[Rows, Setting | None, list[int]]]:
    """Prompts of one shot with the same staging together: their weight at each row, and the rows they rule."""
    count = heard.shape[1]
    if request.stride == PANELS:
        return [(heard[i].astype(np.float64), told, [int(heard[i].argmax())]) for i, told in enumerate(settings)]
    starts = [timed.start for timed in request.prompts]
    parts = [max(i for i, part in enumerate(request.parts) if part.start <= start) for start in starts]
    out = []
    for (_, told), group in groupby(range(len(settings)), key=lambda i: (parts[i], settings[i])):
        weight = heard[list(group)].sum(0).astype(np.float64)
        mine = [row for row in range(count) if weight[row] >= 0.5]
        out.append((weight, told, mine or [int(weight.argmax())]))  # a short shot between two flows rules no row
    total = np.array([weight for weight, _, _ in out])
    padded = np.pad(total, ((0, 0), (1, 1)), mode="edge")
    soft = 0.25 * padded[:, :-2] + 0.5 * padded[:, 1:-1] + 0.25 * padded[:, 2:]
    return [(weight, told, mine) for weight, (_, told, mine) in zip(soft, out, strict=True)]


def _stage(told: Setting, rows: Rows, mine: list[int], ref: int, pinned: bool | None) -> Rows:
    """All rows as one setting has them, from as far back as it takes to see everybody's head."""
    out = _laid(told, rows, mine, ref, pinned)
    if not company(told):
        return out
    rise, whole = risen(told, out, ref)
    while not whole and told.zoom > STEP:
        told = replace(told, back=told.back + STEP)
        out = _laid(told, rows, mine, ref, pinned)
        rise, whole = risen(told, out, ref)
    out[:, column(0, "camera", 1)] += rise * 2.0 ** view(told, out)[:, 2]
    return out


def _laid(told: Setting, rows: Rows, mine: list[int], ref: int, pinned: bool | None) -> Rows:
    """All rows as one setting has them; `mine` are those it rules, `ref` the one whose places are as told.

    pinned: whether that one is a panel; None where the rows are one panel, whose people go if they do what goes.
    """
    out = rows.copy()
    goes = {mark.slot: _goes(mark, rows, mine, pinned is None) for mark in told.marks}
    for mark in told.marks:
        out[:, column(mark.slot, "depth")] = _depth(told, mark)
        _turn(mark, out, ref, goes[mark.slot], mine)
    on = _attention(told, rows, ref, goes, bool(pinned))
    out[:, column(0, "on") : column(0, "on") + rig.CHARACTERS] = on
    _camera(told, out, rows, ref)
    _hold(told, out)
    if told.on is not None:
        _around(told, told.on, out, ref, goes, mine)
    else:
        _across(told, out, ref, goes, on, mine)
    if told.prop is not None and told.framing.on == told.prop.key:
        _thing(told, out)
    return out


def _goes(mark: Mark, rows: Rows, mine: list[int], panel: bool) -> bool:
    """Whether a character is on its way in the rows of a setting; in a panel, whether it does what takes it away."""
    part = rows[mine]
    at = column(mark.slot, "action")
    going = part[:, [at + i for i in GOING]].sum(1).mean()
    return bool((panel or np.ptp(part[:, column(mark.slot, "x")]) > MOVED) and going > 0.4)


def _depth(told: Setting, mark: Mark) -> float:
    """How far back a character stands: the same in each shot of a scene."""
    return BACK + DEPTH * (crc32(f"{told.framing.scene} {mark.entity}".encode()) % 997 / 996)


def _turn(mark: Mark, out: Rows, ref: int, goes: bool, mine: list[int]) -> None:
    """Faces where it is told to; who goes the other way goes back the way he came."""
    if mark.faces is None:
        return
    facing, gaze, x = (column(mark.slot, name) for name in ("facing", "gaze", "x"))
    if mark.faces == 0.0:
        if not goes:
            out[:, facing] = out[:, gaze] = 0.0
        return
    if goes and np.sign(out[mine[-1], x] - out[mine[0], x]) == -np.sign(mark.faces):
        out[:, x] = 2.0 * out[ref, x] - out[:, x]
    out[:, facing] = mark.faces * np.maximum(np.abs(out[:, facing]), 0.85)
    out[:, gaze] = mark.faces * np.maximum(np.abs(out[:, gaze]), 0.5 * GAZE)


def _attention(told: Setting, rows: Rows, ref: int, goes: Mapping[int, bool], pinned: bool) -> Rows:
    """How much the camera is on each slot; around a panel that is pinned at `ref`, as it is on them there."""
    on = np.zeros(rig.CHARACTERS)
    if told.on is not None:
        on[told.on.slot - 1] = 1.0
        return on
    if told.framing.on or not told.marks:  # a prop, or nobody
        return on
    if pinned:
        return rows[ref, column(0, "on") : column(0, "on") + rig.CHARACTERS]
    group = told.framing.shot == "medium"
    wide = told.framing.shot in ("extreme-wide", "wide", "full")
    follows = firm(rows[ref, column(0, "on") : column(0, "on") + rig.CHARACTERS])
    if group or (wide and not told.framing.setup and follows.sum() > 0.5):
        some = [m.slot for m in told.marks if goes[m.slot]] or [m.slot for m in told.marks]
        if not group:
            some = [slot for slot in some if follows[slot - 1] > 0.2] or some
        on[[slot - 1 for slot in some]] = 1.0 / len(some)
    return on


def _camera(told: Setting, out: Rows, rows: Rows, ref: int) -> None:
    """Size, move and angle: what is not told to move stands still."""
    zoom, x, y, angle = column(0, "zoom"), column(0, "camera"), column(0, "camera", 1), column(0, "angle")
    out[:, zoom] = told.zoom
    if told.framing.move in ZOOMING:
        out[:, zoom] += rows[:, zoom] - rows[ref, zoom]
    for channel in (x, y):
        out[:, channel] = 0.0
        if told.framing.move in PANNING:
            out[:, channel] += rows[:, channel] - rows[ref, channel]
    out[:, angle] = np.round(np.clip(rows[ref, angle], -1.0, 1.0))


def _hold(told: Setting, out: Rows) -> None:
    """The prop is with who is told to hold it, unless somebody gives it away."""
    if told.holder is None:
        return
    at = column(rig.SLOTS - 1, "held")
    gives = any(out[:, column(mark.slot, "action", GIVE)].max() > 0.4 for mark in told.marks)
    if told.holder == 0 or not gives:
        out[:, at : at + rig.CHARACTERS] = 0.0
    if told.holder and not gives:
        out[:, at + told.holder - 1] = 1.0
    if told.holder == 0 and told.prop is not None and told.prop.at is not None:
        out[:, column(rig.SLOTS - 1, "x")] = told.prop.at * STAGE


def _stand(told: Setting, mark: Mark) -> float:
    """World x on the scene's stage of one the camera is on; nobody's word: left or right by its name."""
    if mark.at is not None:
        return mark.at * STAGE * min(told.width, 1.0)
    return (0.16 if crc32(f"{told.framing.scene} {mark.entity}".encode()) % 2 else -0.16) * min(told.width, 1.0)


def _around(told: Setting, subject: Mark, out: Rows, ref: int, goes: Mapping[int, bool], mine: list[int]) -> None:
    """A camera on one character: it has room on the side it looks to, and the others stand about it."""
    x, facing = column(subject.slot, "x"), column(subject.slot, "facing")
    where = _stand(told, subject)
    out[:, x] = out[:, x] + (where - out[ref, x]) if goes[subject.slot] else where
    _level(told, out)
    half = told.width / 2 * 2.0 ** -view(told, out)[:, 2]
    aside = subject.at * LEAD[told.framing.shot] if subject.at is not None else -ROOM * np.sign(out[ref, facing])
    if told.framing.over:  # past a shoulder: across from it, and turned to whose it is
        aside = -told.framing.shoulder * max(abs(aside), PAST)
    aside = float(np.clip(aside, *_limits(told, subject, half[ref])))
    out[:, column(0, "camera")] -= aside * told.width / 2
    for mark in told.marks:
        if mark is subject:
            continue
        other = column(mark.slot, "x")
        place = mark.at * SPREAD.get(told.framing.shot, 0.85) if mark.at is not None else None
        if place is not None and company(told):
            place = float(np.clip(place, *_limits(told, mark, half[ref])))
        away = (place - aside) * half[ref] if place is not None else out[ref, other] - where
        away = np.copysign(max(abs(away), _room(told, subject, mark)), away)
        path = out[:, other] - out[ref, other]
        way = out[:, x] - out[ref, x]
        if (
            goes[mark.slot]
            and goes[subject.slot]
            and (path[mine[-1]] - path[mine[0]]) * (way[mine[-1]] - way[mine[0]]) > 0
        ):
            path = way + 0.05 * np.tanh((path - way) / 0.05)
        elif not goes[mark.slot]:
            path = np.zeros(len(out))
        out[:, other] = where + away + path


def _limits(told: Setting, mark: Mark, half: float) -> tuple[float, float]:
    """How far from the middle a head may be and yet be whole in the frame, in halves of it."""
    if mark.who is None or mark.shape is None:
        return -1.0, 1.0
    head = mark.shape.head_x * anatomy.height(mark.who) * rig.scale(_depth(told, mark)) / half
    free = max(0.94 - 1.1 * head, 0.0)  # hair and ears stand out a little
    return -free, free


def _room(told: Setting, one: Mark, other: Mark) -> float:
    """How far apart two stand at least, world units."""
    total = 0.02
    for mark in (one, other):
        if mark.who is not None and mark.shape is not None:
            wide = max(mark.shape.head_x, mark.shape.belly)
            total += 0.8 * wide * anatomy.height(mark.who) * rig.scale(_depth(told, mark))
    return total


def _across(told: Setting, out: Rows, ref: int, goes: Mapping[int, bool], on: Rows, mine: list[int]) -> None:
    """A camera on the place or on several: everybody stands at his side of the frame."""
    followed = [mark for mark in told.marks if on[mark.slot - 1] > 0]
    spread = SPREAD.get(told.framing.shot, 0.85)
    for mark in told.marks:
        x = column(mark.slot, "x")
        side = mark.at * spread if mark.at is not None else np.clip(out[ref, x] / told.half, -EDGE, EDGE)
        side = float(np.clip(side, *_limits(told, mark, told.half)))
        path = out[:, x] - out[ref, x] if goes[mark.slot] else np.zeros(len(out))
        out[:, x] = side * told.half + path
    _together(out, ref, [mark for mark in followed if goes[mark.slot]])
    _level(told, out)
    if followed:
        here = view(told, out)[ref]
        out[:, column(0, "camera")] -= here[0] * 2.0 ** here[2]
        return
    for mark in told.marks:
        if goes[mark.slot]:
            _contain(told, mark, out, ref, goes, mine)


def _contain(told: Setting, mark: Mark, out: Rows, ref: int, goes: Mapping[int, bool], mine: list[int]) -> None:
    """In a frame that stands still a long way begins and ends just beyond it, and nobody walks through who stands."""
    x = column(mark.slot, "x")
    low, high = -BEYOND * told.half, BEYOND * told.half
    runs = firm(out[mine, column(mark.slot, "action", rig.ACTIONS.index("run"))]).mean() > 0.5
    for other in told.marks:
        if other is mark or goes[other.slot] or runs:
            continue
        there, room = out[ref, column(other.slot, "x")], _room(told, mark, other)
        if there > out[ref, x]:
            high = min(high, max(there - room, out[ref, x]))
        else:
            low = max(low, min(there + room, out[ref, x]))
    kept = _within(out[:, x], low, high, 0.3 * told.half)
    out[:, x] = kept + out[ref, x] - kept[ref]


def _within(path: Rows, low: float, high: float, soft: float) -> Rows:
    """A path that slows down over the last `soft` before it comes to low or high."""
    soft = max(min(soft, 0.5 * (high - low)), 1e-6)
    over, under = path - (high - soft), (low + soft) - path
    out = np.where(over > 0, high - soft + soft * np.tanh(over / soft), path)
    return np.asarray(np.where(under > 0, low + soft - soft * np.tanh(under / soft), out))


def _together(out: Rows, ref: int, going: Sequence[Mark]) -> None:
    """Those whom the camera follows keep one pace."""
    if len(going) < 2:
        return
    ways = {mark.slot: out[:, column(mark.slot, "x")] - out[ref, column(mark.slot, "x")] for mark in going}
    mean = np.mean(list(ways.values()), axis=0)
    for slot, way in ways.items():
        out[:, column(slot, "x")] += mean + 0.04 * np.tanh((way - mean) / 0.04) - way


def _thing(told: Setting, out: Rows) -> None:
    """A camera on a prop: it looks where the prop lies, or at the hand that holds it."""
    prop = rig.SLOTS - 1
    x = out[:, column(prop, "x")]
    y = rig.GROUND_NEAR + (rig.GROUND_FAR - rig.GROUND_NEAR) * out[:, column(prop, "depth")] + LYING
    holder = next((mark for mark in told.marks if mark.slot == told.holder and mark.who is not None), None)
    if holder is not None and holder.who is not None:
        sit, give = (firm(out[:, column(holder.slot, "action", i)]) for i in (SIT, GIVE))
        depth = out[:, column(holder.slot, "depth")]
        size = anatomy.height(holder.who) * (1.0 - rig.DEPTH_SHRINK * depth)
        facing = np.sign(out[:, column(holder.slot, "facing")])
        x = out[:, column(holder.slot, "x")] + size * facing * (0.08 + 0.13 * give - 0.04 * sit)
        feet = rig.GROUND_NEAR + (rig.GROUND_FAR - rig.GROUND_NEAR) * depth
        y = feet + size * (0.42 + 0.1 * give - 0.18 * sit)
    here = view(told, out)
    for channel, goal, now in ((column(0, "camera"), x, here[:, 0]), (column(0, "camera", 1), y, here[:, 1])):
        out[:, channel] += (goal - now) * 2.0 ** here[:, 2]


def _level(told: Setting, out: Rows) -> None:
    """A set-up's camera does not sink when somebody sits down, but for a face that would leave the frame."""
    if not told.framing.setup:
        return
    sunk, stood = view(told, out), view(told, out, standing=True)
    out[:, column(0, "zoom")] += stood[:, 2] - sunk[:, 2]
    if told.framing.shot not in ("close", "extreme-close"):
        here = view(told, out)
        out[:, column(0, "camera", 1)] += (stood[:, 1] - here[:, 1]) * 2.0 ** here[:, 2]
