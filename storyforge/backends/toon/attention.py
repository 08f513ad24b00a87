"""Who looks at whom: eyes go to the one who speaks or to the thing in hand, and lead the head by LEAD frames."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.toon import eyes
from storyforge.backends.toon.gait import DEPTH_WALK
from storyforge.backends.toon.motion import Doubles, chance, spring
from storyforge.backends.toon.speech import Line
from storyforge.backends.toon.world import FPS

Whole = NDArray[np.int64]

LEAD = 3  # frames
REACT, LINGER = 1, 18  # frames from the first word to the eyes' start; how long they stay after the last one
PAUSE = 60  # frames between two lines that are one conversation: nobody looks away for good
ANSWER = 96  # frames within which a line answers the one before
NOBODY, THING = -1, 9  # goals beside the slots of characters
ASIDE = 0.74  # how far irises go from their middle to look at something
JUMP = 0.72  # of its way that an eye goes in a frame: two frames and it is there
HEAD_HERTZ = 1.8
NECK = 0.85  # radians that a head turns beyond where the body has it
GLANCE, BLINK = 44, 5  # frames from one chance to look away to the next; frames of a blink


@dataclass(frozen=True)
class Person:
    """What of a character matters to eyes, over frames [start, stop) of the span."""

    slot: int
    start: int
    stop: int
    head: Doubles  # [frames, 2], world
    depth: Doubles
    awake: Doubles
    watches: NDArray[np.bool_]  # the thing in its hand


@dataclass(frozen=True)
class Bearing:
    """How the body alone carries head and eyes, [frames] each; turn: where the body has the head."""

    turn: Doubles
    head_turn: Doubles
    head_nod: Doubles
    head_roll: Doubles
    gaze: Doubles  # [frames, 2]
    feelings: Doubles


@dataclass(frozen=True)
class Attention:
    """How it carries them now, and what that does to the lids (1 open)."""

    head_turn: Doubles
    head_nod: Doubles
    gaze: Doubles
    lids: Doubles


def attend(
    me: Person, everyone: Sequence[Person], thing: Doubles, lines: Sequence[Line], own: Bearing, seed: int
) -> Attention:
    """Head and eyes of one character; `thing`: world place of the prop at every frame of the span, NaN without one."""
    goal = goals(me, everyone, lines)
    way, near = _ways(me, everyone, thing, goal)
    goal = np.where(np.isfinite(way[:, 0]), goal, NOBODY)
    late = np.concatenate([np.repeat(goal[:1], min(LEAD, len(goal))), goal[:-LEAD]])
    head_turn, head_nod = _head(late, way, near, own)
    head_nod = head_nod + _nods(goal, me.slot, lines, me.start, seed + 3)
    looks = _aims(goal, way, me.slot, lines, me.start, own.head_roll, seed)
    wanted = eyes.drawn(own.gaze, head_turn, own.feelings)
    wanted = np.where(np.isfinite(looks), looks, wanted)
    irises = np.empty_like(wanted)
    now = wanted[0]
    for i, there in enumerate(wanted):
        now = now + JUMP * (there - now)
        irises[i] = now
    lids = _blinks(wanted, head_turn, seed + 5)
    return Attention(head_turn, head_nod, eyes.gazes(irises, head_turn, own.feelings), lids)


def goals(me: Person, everyone: Sequence[Person], lines: Sequence[Line]) -> Whole:
    """What it looks at in each of its frames: a slot, THING or NOBODY."""
    out = np.where(me.watches, THING, NOBODY)
    for line in sorted(lines, key=lambda one: one.start):
        if line.slot is None or not line.mouth:
            continue
        if line.slot == me.slot:
            first, last, whom = line.start, line.stop + LINGER, _addressed(me, everyone, lines, line)
        else:
            first, last, whom = line.start + REACT, line.stop + LINGER, line.slot
        here = slice(max(first - me.start, 0), max(last - me.start, 0))
        if whom is not None:
            out[here] = np.where(me.watches[here], THING, whom) if line.slot == me.slot else whom
    for first, last in _runs(out == NOBODY):
        if first > 0 and last < len(out) and last - first < PAUSE:
            out[first:last] = out[first - 1]
    return np.where(me.awake > 0.5, out, NOBODY).astype(np.int64)


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Half-open stretches in which a flag is up."""
    edges = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _addressed(me: Person, everyone: Sequence[Person], lines: Sequence[Line], line: Line) -> int | None:
    """Whom a line is spoken to: who spoke last, if that was not long ago, or who is nearest."""
    there = {other.slot for other in everyone if other.start <= line.start < other.stop}
    before = [
        other
        for other in lines
        if other.slot in there - {me.slot} and other.mouth and other.start <= line.start
        and line.start - other.stop < ANSWER
    ]  # fmt: skip
    return max(before, key=lambda other: other.stop).slot if before else _nearest(me, everyone, line.start)


def _nearest(me: Person, everyone: Sequence[Person], frame: int) -> int | None:
    """The slot of who is nearest in a frame, or None."""
    at = min(max(frame, me.start), me.stop - 1)
    others = [p for p in everyone if p.slot != me.slot and p.start <= at < p.stop]
    if not others:
        return None
    here = me.head[at - me.start]
    return min(others, key=lambda p: (float(np.hypot(*(p.head[at - p.start] - here))), p.slot)).slot


def _ways(me: Person, everyone: Sequence[Person], thing: Doubles, goal: Whole) -> tuple[Doubles, Doubles]:
    """From its eyes to its goal: [frames, 2] world, NaN without one; and how much nearer to us that is."""
    to = np.full((len(goal), 2), np.nan)
    near = np.zeros(len(goal))
    to[goal == THING] = thing[me.start : me.stop][goal == THING]
    for other in everyone:
        first, last = max(me.start, other.start), min(me.stop, other.stop)
        if other.slot == me.slot or first >= last:
            continue
        mine, theirs = slice(first - me.start, last - me.start), slice(first - other.start, last - other.start)
        on = goal[mine] == other.slot
        to[mine][on] = other.head[theirs][on]
        near[mine][on] = DEPTH_WALK * (me.depth[mine] - other.depth[theirs])[on]
    return to - me.head, near


def _head(late: Whole, way: Doubles, near: Doubles, own: Bearing) -> tuple[Doubles, Doubles]:
    """Turn and nod of a head that follows its eyes, within what its body allows."""
    known = np.flatnonzero(np.isfinite(way[:, 0]) & (late != NOBODY))
    if not len(known):
        return own.head_turn, own.head_nod
    flat = np.hypot(way[:, 0], near)
    aside = eyes.WHOLE * way[:, 0] / np.maximum(flat, 1e-6)
    rise = 0.7 * way[:, 1] / np.maximum(np.hypot(flat, way[:, 1]), 1e-6)
    aside = np.clip(aside, own.turn - NECK, own.turn + NECK)
    every = np.arange(len(late))
    share = np.where(late == NOBODY, 0.0, np.where(late == THING, 0.6, 0.92))
    between = [np.interp(every, known, values[known]) for values in (aside, rise)]
    followed = spring(np.stack([share, *between], axis=1), FPS, HEAD_HERTZ, 1.0)
    share, aside, rise = followed.T
    turn = own.head_turn + share * (aside - own.head_turn)
    return np.clip(turn, -1.0, 1.0), own.head_nod + share * rise


def _aims(goal: Whole, way: Doubles, slot: int, lines: Sequence[Line], start: int, roll: Doubles, seed: int) -> Doubles:
    """Irises [frames, 2] that look at the goal, in the head's frame; NaN where it has none. Nobody stares: now and
    then they look away for a moment, listeners down, speakers up."""
    frames = np.arange(len(goal))
    far = np.linalg.norm(way, axis=1, keepdims=True)
    aim = ASIDE * np.minimum(far / 0.04, 1.0) * way / np.maximum(far, 1e-9)
    dart = ((frames + start) * 0.07).astype(np.int64)
    aim = aim + 0.07 * np.stack([2 * chance(seed + 1, dart) - 1, 2 * chance(seed + 2, dart) - 1], axis=1)
    speaks = np.zeros(len(goal), bool)
    for line in lines:
        if line.slot == slot:
            speaks[max(line.start - start, 0) : max(line.stop - start, 0)] = True
    cell = (frames + start) // GLANCE
    first = 14 + (16 * chance(seed + 6, cell)).astype(np.int64)
    into = (frames + start) % GLANCE - first
    long = 7 + (5 * chance(seed + 7, cell)).astype(np.int64)
    away = (chance(seed + 8, cell) < 0.45) & (into >= 0) & (into < long) & _settled(goal, 13)
    side = np.sign(aim[:, 0])
    aside = np.where(
        speaks[:, None], np.stack([0.1 * side, 0 * side + 0.42], 1), np.stack([0.3 * side, 0 * side - 0.42], 1)
    )
    aim = np.where(away[:, None], aside, aim)
    c, s = np.cos(roll), np.sin(roll)
    turned = np.stack([c * aim[:, 0] + s * aim[:, 1], c * aim[:, 1] - s * aim[:, 0]], axis=1)
    return np.where((goal == NOBODY)[:, None], np.nan, turned)


def _settled(goal: Whole, frames: int) -> NDArray[np.bool_]:
    """Where the goal has been the same for that long."""
    changed = np.flatnonzero(np.diff(goal)) + 1
    last = np.concatenate([[0], changed])
    every = np.arange(len(goal))
    return np.asarray(every - last[np.searchsorted(last, every, side="right") - 1] >= frames)


def _nods(goal: Whole, slot: int, lines: Sequence[Line], start: int, seed: int) -> Doubles:
    """A listener's nods now and then."""
    frames = np.arange(len(goal)) + start
    listens = np.zeros(len(goal), bool)
    for line in lines:
        if line.slot is not None and line.slot != slot and line.mouth:
            listens[max(line.start - start, 0) : max(line.stop + LINGER - start, 0)] = True
    cell, into = frames // 55, frames % 55
    u = (into - 20 - 14 * chance(seed, cell)) / 14.0
    bump = np.where((u > 0) & (u < 1) & (chance(seed + 1, cell) < 0.5), np.sin(np.pi * np.clip(u, 0, 1)) ** 2, 0.0)
    heeds = spring((listens & (goal != NOBODY)).astype(np.float64)[:, None], FPS, HEAD_HERTZ, 1.0)[:, 0]
    return np.asarray(-0.5 * bump * heeds)


def _blinks(wanted: Doubles, head_turn: Doubles, seed: int) -> Doubles:
    """Lids 1 open .. 0 shut: most large shifts of the eyes or turns of the head come with a blink."""
    lids = np.ones(len(wanted))
    shift = np.linalg.norm(np.diff(wanted, axis=0, prepend=wanted[:1]), axis=1) / 0.55
    turn = np.abs(np.diff(head_turn, prepend=head_turn[:1])) / 0.075
    large = np.maximum(shift, turn)
    last = -30
    for at in np.flatnonzero(large > 1.0):
        if at - last < 24 or chance(seed, np.array([at]))[0] > 0.5:
            continue
        last = int(at)
        for k in range(BLINK):
            if at + k < len(lids):
                lids[at + k] = 1.0 - np.sin(np.pi * (k + 0.8) / (BLINK + 0.6)) ** 0.6
    return lids
