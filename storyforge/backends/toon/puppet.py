"""From rig rows to puppets: the second stage of toon's decoder, a pure function of the rows, time and a seed.

The rig holds slow controls; here they are smoothed within each shot (the sampler's residual error would shake the
picture) and given what swings: footsteps from the distance travelled, breath, blinks, mouths, tails, wings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from storyforge.backends.toon import anatomy, rig
from storyforge.backends.toon.camera import Focus, follow, look
from storyforge.backends.toon.gait import Track, plan
from storyforge.backends.toon.mood import Mood, moods
from storyforge.backends.toon.motion import Doubles, blinks, ease, firm, segments, smooth, talk
from storyforge.backends.toon.pose import Pose, pose
from storyforge.backends.toon.props import carry
from storyforge.backends.toon.state import (
    Array,
    Camera,
    Face,
    Identity,
    PropState,
    Puppet,
    StageState,
    Swing,
    Traits,
    identity,
    place,
    prop_identity,
)
from storyforge.backends.toon.swing import swings

STEADY = 0.26  # seconds: sigma of the low-pass on what moves across the picture
QUICK = 0.1  # and on weights of actions, feelings, light
TURN = 1.15  # radians of a body that faces wholly to one side: a little towards us, as picture books draw it

Part = tuple[int, int, Traits]


@dataclass(frozen=True)
class Actor:
    """One character over frames [start, stop) in which it is the same: everything its puppets are cut from."""

    slot: int
    start: int
    stop: int
    who: Identity
    track: Track
    pose: Pose
    mood: Mood
    swings: Doubles
    face: Doubles  # [frames, 4]: lids, mouth, purse, talking
    gaze: Doubles
    feelings: Doubles
    focus: Focus
    hold: Doubles


def steady(rows: Array, rate: float, cuts: Sequence[int]) -> Doubles:
    """Rows low-passed with no lag within each shot, never across a cut: float64 [frames, CHANNELS].

    A close shot magnifies what is left of the shaking, so it is steadied more.
    """
    quick = np.zeros(rig.CHANNELS, bool)
    slots = rig.slot_slices()
    names: list[tuple[slice, rig.Layout, tuple[str, ...]]]
    names = [(slots[0], rig.SCENE, ("time", "weather")), (slots[-1], rig.PROP, ("held", "glow"))]
    names += [(s, rig.CHARACTER, ("action", "feeling", "gaze", "facing")) for s in slots[1:-1]]
    for where, layout, fields in names:
        for field in fields:
            at = layout.at[field]
            quick[where.start + at.start : where.start + at.stop] = True
    out = np.empty(rows.shape, np.float64)
    for start, stop in segments(len(rows), cuts):
        part = np.asarray(rows[start:stop], np.float64)
        close = float(np.clip(part[:, slots[0]][:, rig.SCENE.at["zoom"]].mean() - 1.5, 0.0, 1.2))
        out[start:stop, quick] = smooth(part[:, quick], QUICK * rate)
        out[start:stop, ~quick] = smooth(part[:, ~quick], STEADY * (1.0 + 0.35 * close) * rate)
    return out


def _track(row: Doubles, who: Identity, seconds: Doubles, rate: float) -> Track:
    at = rig.CHARACTER.at
    shape = anatomy.body(who)
    depth = np.clip(row[:, at["depth"]][:, 0], -0.2, 1.2)
    facing = np.clip(row[:, at["facing"]][:, 0], -1.0, 1.0)
    return Track(
        row[:, at["x"]][:, 0], depth, np.maximum(row[:, at["lift"]][:, 0], -0.02), facing, TURN * facing,
        anatomy.height(who) * (1.0 - rig.DEPTH_SHRINK * depth), shape.leg, shape.hip,
        firm(row[:, at["action"]]), seconds, rate,
    )  # fmt: skip


def _face(track: Track, mood: Mood, row: Doubles, eyes: Doubles, seed: int) -> tuple[Doubles, Doubles]:
    """Lids, mouth, purse and talking [frames, 4], and gaze [frames, 2]."""
    at, t = rig.CHARACTER.at, track.seconds
    awake = 1.0 - ease(mood.action["sleep"] * 1.3)
    mouth, purse = talk(t, seed + 51)
    talking = ease(mood.action["talk"] * 1.2) * awake
    lids = blinks(t, seed + 52) * awake
    gaze = np.clip(row[:, at["gaze"]] + eyes, -1.0, 1.0)
    return np.stack([lids, mouth * talking, purse, talking], axis=1), np.asarray(gaze)


def _focus(track: Track, mood: Mood, shape: anatomy.Body) -> Focus:
    """What the camera follows."""
    act = mood.action
    return follow(shape, track.x, track.y, track.size, track.facing, act["sit"], act["sleep"])


def _runs(parts: Sequence[Part], rows: Doubles, slot: int, cuts: Sequence[int]) -> list[tuple[int, int, Array]]:
    """Stretches in which a slot holds one and the same character who is there."""
    present = rig.slot_slices()[1 + slot].start + rig.CHARACTER.at["present"].start
    out: list[tuple[int, int, Array]] = []
    for start, stop, traits in parts:
        stop = min(stop, len(rows))
        who = traits.characters[slot] if slot < len(traits.characters) else None
        if who is None or start >= stop or float(rows[start:stop, present].mean()) < 0.5:
            continue
        if out and out[-1][1] == start and start not in cuts and np.array_equal(out[-1][2], who):
            out[-1] = (out[-1][0], stop, who)
        else:
            out.append((start, stop, who))
    return out


def _actor(
    rows: Doubles, seconds: Doubles, run: tuple[int, int, Array], slot: int, held: tuple[Doubles, Doubles], rate: float,
    seed: int,
) -> Actor:  # fmt: skip
    start, stop, traits = run
    who = identity(traits)
    own = seed * 31 + 1009 * (slot + 1)
    row = rows[start:stop, rig.slot_slices()[1 + slot]]
    track = _track(row, who, seconds[start:stop], rate)
    feelings = firm(row[:, rig.CHARACTER.at["feeling"]])
    hold, reach = held[0][start:stop], held[1][start:stop]
    mood = moods(track, feelings, hold, reach, who.kind)
    shape = anatomy.body(who)
    body = pose(track, plan(track, own), mood, shape, own)
    face, gaze = _face(track, mood, row, body.gaze, own)
    moved = swings(track, body, mood, own)
    return Actor(
        slot, start, stop, who, track, body, mood, moved, face, gaze, feelings, _focus(track, mood, shape), hold
    )


def _puppet(actor: Actor, frame: int, held: PropState | None) -> Puppet:
    i = frame - actor.start
    body, track = actor.pose, actor.track
    lids, mouth, purse, talking = actor.face[i].tolist()
    gaze = actor.gaze[i].tolist()
    s = actor.swings[i].tolist()
    yaw = body.yaw[i].tolist()
    pitch, planted = body.pitch[i].tolist(), body.planted[i].tolist()
    depth = float(track.depth[i])
    return Puppet(
        actor.slot, actor.who, float(track.x[i]), float(track.y[i]), float(track.size[i]), depth, rig.ground(depth),
        body.joints[i], float(body.turn[i]), float(body.head_turn[i]), float(body.head_roll[i]),
        float(body.head_nod[i]), (pitch[0], pitch[1]), (yaw[0], yaw[1]), (planted[0] > 0.5, planted[1] > 0.5),
        float(body.squash[i]), float(body.breath[i]),
        Face(lids, (gaze[0], gaze[1]), mouth, purse, talking, tuple(actor.feelings[i].tolist())),
        Swing((s[0], s[1]), s[2], s[3], (s[4], s[5]), s[6], s[7], s[8]),
        tuple(track.actions[i].tolist()), held,
    )  # fmt: skip


def _held(rows: Doubles) -> list[tuple[Doubles, Doubles]]:
    """For each character: how much it holds the prop, and how much it reaches out because the prop is on its way."""
    where = rig.slot_slices()[-1]
    held = firm(rows[:, where][:, rig.PROP.at["held"]])
    there = np.clip(rows[:, where.start + rig.PROP.at["present"].start], 0.0, 1.0)[:, None]
    held = held * ease(there * 2 - 0.5)
    moving = 4.0 * held * (1.0 - held) * (held.sum(1, keepdims=True) > 0.6)
    return [(held[:, i], moving[:, i]) for i in range(rig.CHARACTERS)]


def _focuses(actors: Sequence[Actor], count: int) -> list[Focus | None]:
    """Each slot's focus over all frames; where nobody is, the nearest known one, so that the camera does not jump."""
    out: list[Focus | None] = [None] * rig.CHARACTERS
    for slot in range(rig.CHARACTERS):
        mine = [a for a in actors if a.slot == slot]
        if mine:
            frames = np.concatenate([np.arange(a.start, a.stop) for a in mine]).astype(np.float64)
            every = np.arange(count, dtype=np.float64)
            out[slot] = Focus(*(
                np.interp(every, frames, np.concatenate([getattr(a.focus, name) for a in mine]))
                for name in ("x", "feet", "head", "height")
            ))  # fmt: skip
    return out


def _weights(values: Doubles) -> Doubles:
    values = np.clip(values, 0.0, None)
    return np.asarray(values / np.maximum(values.sum(1, keepdims=True), 1e-6))


def animate(rows: Array, parts: Sequence[Part], rate: float, seed: int, cuts: Sequence[int] = ()) -> list[StageState]:
    """One StageState per row of a span [frames, CHANNELS]; `parts` are (start, stop, Traits) that cover it in order."""
    count = len(rows)
    seconds = np.arange(count) / rate
    calm = steady(rows, rate, cuts)
    held = _held(calm)
    actors = [
        _actor(calm, seconds, run, slot, held[slot], rate, seed)
        for slot in range(rig.CHARACTERS)
        for run in _split(_runs(parts, calm, slot, cuts), cuts)
    ]
    scene = calm[:, rig.slot_slices()[0]]
    focuses = _focuses(actors, count)
    view = np.concatenate([
        smooth(look(scene[a:b], [f and Focus(f.x[a:b], f.feet[a:b], f.head[a:b], f.height[a:b]) for f in focuses],
             seconds[a:b], seed), STEADY * rate)
        for a, b in segments(count, cuts)
    ])  # fmt: skip
    times, weathers = (_weights(scene[:, rig.SCENE.at[name]]) for name in ("time", "weather"))
    states = []
    for start, stop, traits in parts:
        where, prop = place(traits.place), None if traits.prop is None else prop_identity(traits.prop)
        for f in range(start, min(stop, count)):
            here = sorted(
                (a for a in actors if a.start <= f < a.stop), key=lambda a: (-a.track.depth[f - a.start], a.slot)
            )
            thing = None if prop is None else carry(prop, calm[f], here, f, seconds[f])
            puppets = tuple(
                _puppet(a, f, thing if thing is not None and thing.holder == i else None) for i, a in enumerate(here)
            )
            states.append(StageState(
                float(seconds[f]), where, tuple(times[f].tolist()), tuple(weathers[f].tolist()),
                Camera(*view[f].tolist()), puppets, thing, seed,
            ))  # fmt: skip
    return states


def _split(runs: list[tuple[int, int, Array]], cuts: Sequence[int]) -> list[tuple[int, int, Array]]:
    """Runs cut where the film cuts, so that nothing swings across."""
    out = []
    for start, stop, traits in runs:
        edges = [start, *sorted(c for c in set(cuts) if start < c < stop), stop]
        out += [(a, b, traits) for a, b in pairwise(edges)]
    return out
