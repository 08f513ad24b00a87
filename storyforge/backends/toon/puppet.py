"""From rig rows to puppets: the second stage of toon's decoder, a pure function of the rows, time and a seed.

The rig holds slow controls; here they are smoothed within each shot (the sampler's residual error would shake the
picture) and given what swings: footsteps from the distance travelled, breath, blinks, mouths, tails, wings.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from storyforge.backends.toon import anatomy, rig
from storyforge.backends.toon.art.hues import INDOORS, WEATHERS
from storyforge.backends.toon.attention import LEAD, Bearing, Person, attend
from storyforge.backends.toon.camera import Focus, follow, look
from storyforge.backends.toon.gait import Track, plan
from storyforge.backends.toon.mood import Mood, moods
from storyforge.backends.toon.motion import Doubles, blinks, ease, firm, segments, smooth
from storyforge.backends.toon.pose import FIRST, NECK, Pose, ahead, pose
from storyforge.backends.toon.props import carry
from storyforge.backends.toon.speech import Line, Speech, accents, mouths, speech, voiced
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
    face: Doubles  # [frames, 6]: lids, mouth, purse, talking, brows, lips shut
    gaze: Doubles
    feelings: Doubles
    focus: Focus
    hold: Doubles
    swings: Doubles = field(default_factory=lambda: np.zeros((0, 11)))  # known when the head knows where to look


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
        for name in fields:
            at = layout.at[name]
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


def _face(track: Track, mood: Mood, said: Speech, seed: int) -> Doubles:
    """Lids, mouth, purse, talking, brows and lips kept shut [frames, 6]."""
    lids = blinks(track.seconds, seed + 52) * (1.0 - ease(mood.action["sleep"] * 1.3))
    mouth, purse, talking = mouths(mood, said, track.seconds, seed + 51)
    return np.stack([lids, mouth, purse, talking, accents(said)[1], said.shut], axis=1)


def _focus(track: Track, mood: Mood, shape: anatomy.Body) -> Focus:
    """What the camera follows."""
    act = mood.action
    return follow(mood.kind, shape, track.x, track.y, track.size, track.facing, act["sit"], act["sleep"])


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
    seed: int, lines: Sequence[Line],
) -> Actor:  # fmt: skip
    """A character as its own rows have it; whom it looks at comes later, when everybody has a place."""
    start, stop, traits = run
    who = identity(traits)
    own = _seed(seed, slot)
    row = rows[start:stop, rig.slot_slices()[1 + slot]]
    track = _track(row, who, seconds[start:stop], rate)
    feelings = firm(row[:, rig.CHARACTER.at["feeling"]])
    hold, reach = held[0][start:stop], held[1][start:stop]
    said = speech(lines, slot, start, stop)
    mood = voiced(moods(track, feelings, hold, reach, who.kind), said)
    shape = anatomy.body(who)
    body = pose(track, plan(track, own), mood, shape, own)
    body = replace(body, head_nod=body.head_nod + accents(said)[0])
    gaze = np.clip(ahead(row[:, rig.CHARACTER.at["gaze"]], FIRST + LEAD) + body.gaze, -1.0, 1.0)
    return Actor(
        slot, start, stop, who, track, body, mood, _face(track, mood, said, own), gaze, feelings,
        _focus(track, mood, shape), hold,
    )  # fmt: skip


def _seed(seed: int, slot: int) -> int:
    return seed * 31 + 1009 * (slot + 1)


def _attentive(
    actors: Sequence[Actor], things: Sequence[PropState | None], lines: Sequence[Line], wind: Doubles, seed: int
) -> list[Actor]:
    """The actors with their eyes, heads and lids on whom or what they attend to."""
    nowhere = (np.nan, np.nan)
    thing = np.array([nowhere if t is None else (t.x, t.y) for t in things]).reshape(-1, 2)
    people = [_person(actor) for actor in actors]
    out = []
    for actor, me in zip(actors, people, strict=True):
        body, own = actor.pose, _seed(seed, actor.slot)
        bearing = Bearing(NECK * body.turn, body.head_turn, body.head_nod, body.head_roll, actor.gaze, actor.feelings)
        heed = attend(me, people, thing, lines, bearing, own + 71)
        body = replace(body, head_turn=heed.head_turn, head_nod=heed.head_nod)
        face = actor.face.copy()
        face[:, 0] = np.minimum(face[:, 0], heed.lids)
        moved = swings(actor.track, body, actor.mood, wind[actor.start : actor.stop], own)
        out.append(replace(actor, pose=body, face=face, gaze=heed.gaze, swings=moved))
    return out


def _person(actor: Actor) -> Person:
    track, act = actor.track, actor.mood.action
    head = actor.pose.joints[:, anatomy.HEAD, :2] * track.size[:, None] + np.stack([track.x, track.y], axis=1)
    watches = (actor.hold > 0.5) & (np.maximum(act["give"], act["look"]) > 0.5) | (actor.mood.reach > 0.3)
    return Person(actor.slot, actor.start, actor.stop, head, track.depth, 1.0 - act["sleep"], watches)


def _puppet(actor: Actor, frame: int, held: PropState | None) -> Puppet:
    i = frame - actor.start
    body, track = actor.pose, actor.track
    lids, mouth, purse, talking, brow, shut = actor.face[i].tolist()
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
        Face(lids, (gaze[0], gaze[1]), mouth, purse, talking, tuple(actor.feelings[i].tolist()), brow, shut),
        Swing((s[0], s[1]), s[2], s[3], s[4], (s[5], s[6]), (s[7], s[8]), s[9], s[10]),
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
                for name in ("x", "face", "feet", "head", "height")
            ))  # fmt: skip
    return out


def _weights(values: Doubles) -> Doubles:
    values = np.clip(values, 0.0, None)
    return np.asarray(values / np.maximum(values.sum(1, keepdims=True), 1e-6))


def animate(
    rows: Array, parts: Sequence[Part], rate: float, seed: int, cuts: Sequence[int] = (), lines: Sequence[Line] = (),
    twos: bool = False,
) -> list[StageState]:  # fmt: skip
    """One StageState per row of a span [frames, CHANNELS]; `parts` are (start, stop, Traits) that cover it in order.

    lines: what is heard of it. twos: characters are drawn for two frames, the camera for each.
    """
    count = len(rows)
    seconds = np.arange(count) / rate
    calm = steady(rows, rate, cuts)
    held = _held(calm)
    scene = calm[:, rig.slot_slices()[0]]
    times, weathers = (_weights(scene[:, rig.SCENE.at[name]]) for name in ("time", "weather"))
    wind = _wind(parts, weathers)
    actors = [
        _actor(calm, seconds, run, slot, held[slot], rate, seed, lines)
        for slot in range(rig.CHARACTERS)
        for run in _split(_runs(parts, calm, slot, cuts), cuts)
    ]
    things = _things(actors, parts, calm, seconds)
    actors = _attentive(actors, things, lines, wind, seed)
    focuses = _focuses(actors, count)
    view = np.concatenate([
        smooth(look(scene[a:b], [f and f.between(a, b) for f in focuses],
             seconds[a:b], seed), STEADY * rate)
        for a, b in segments(count, cuts)
    ])  # fmt: skip
    states: list[StageState] = []
    for start, stop, traits in parts:
        where = place(traits.place)
        for f in range(start, min(stop, count)):
            if twos and (f - start) % 2:
                puppets, thing = states[-1].puppets, states[-1].prop
            else:
                thing = things[f]
                puppets = tuple(
                    _puppet(a, f, thing if thing is not None and thing.holder == i else None)
                    for i, a in enumerate(_here(actors, f))
                )
            states.append(StageState(
                float(seconds[f]), where, tuple(times[f].tolist()), tuple(weathers[f].tolist()),
                Camera(*view[f].tolist()), puppets, thing, seed,
            ))  # fmt: skip
    return states


def _here(actors: Sequence[Actor], frame: int) -> list[Actor]:
    """Who is there in a frame, from back to front."""
    return sorted(
        (a for a in actors if a.start <= frame < a.stop), key=lambda a: (-a.track.depth[frame - a.start], a.slot)
    )


def _things(actors: Sequence[Actor], parts: Sequence[Part], rows: Doubles, seconds: Doubles) -> list[PropState | None]:
    """The prop at every frame."""
    out: list[PropState | None] = []
    for start, stop, traits in parts:
        prop = None if traits.prop is None else prop_identity(traits.prop)
        out += [
            None if prop is None else carry(prop, rows[f], _here(actors, f), f, seconds[f])
            for f in range(start, min(stop, len(rows)))
        ]
    return out


def _wind(parts: Sequence[Part], weathers: Doubles) -> Doubles:
    """How hard it blows, 0..1 at every frame; not where there are walls and a roof."""
    blows = weathers @ np.array([WEATHERS[name].wind for name in rig.WEATHERS]) ** 2
    for start, stop, traits in parts:
        if place(traits.place).name in INDOORS:
            blows[start:stop] = 0.0
    return np.asarray(blows)


def _split(runs: list[tuple[int, int, Array]], cuts: Sequence[int]) -> list[tuple[int, int, Array]]:
    """Runs cut where the film cuts, so that nothing swings across."""
    out = []
    for start, stop, traits in runs:
        edges = [start, *sorted(c for c in set(cuts) if start < c < stop), stop]
        out += [(a, b, traits) for a, b in pairwise(edges)]
    return out
