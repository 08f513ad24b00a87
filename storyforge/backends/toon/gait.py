"""Footsteps planned from the distance a character travels, so that a foot on the ground does not slide.

A stride is one turn of the phase: foot 0 passes under the body at whole numbers, foot 1 at halves. Each foot stands
where the body's own path is at that moment, and swings from there to its next place.
"""

from dataclasses import dataclass

import numpy as np

from storyforge.backends.toon import rig
from storyforge.backends.toon.motion import Doubles, chance, ease, segments, smooth, speed

TILT = 0.12  # how far a point nearer to us by 1 appears lower
DEPTH_WALK = 0.6  # world units walked from depth 0 to depth 1
HOP = 0.95  # seconds from one jump to the next
SLOWEST, FASTEST = 0.55, 5.0  # steps a second
SWING = 0.42  # seconds that a foot is in the air at most: who moves slowly stands, and steps now and then
TREAD = 1.7  # legs that a body may travel while one foot stands
CROUCH = 0.45  # the part of it spent on the ground


@dataclass(frozen=True)
class Track:
    """A character's smoothed path through one shot: [frames] each, world units and the rig's own."""

    x: Doubles
    depth: Doubles
    lift: Doubles
    facing: Doubles
    turn: Doubles  # radians
    size: Doubles  # body height, world units
    leg: float  # in body heights
    hip: float
    actions: Doubles  # [frames, ACTIONS]
    seconds: Doubles
    rate: float

    def weight(self, name: str) -> Doubles:
        return np.asarray(self.actions[:, rig.ACTIONS.index(name)])

    @property
    def ground(self) -> Doubles:
        """World y of the ground under it."""
        return rig.GROUND_NEAR + (rig.GROUND_FAR - rig.GROUND_NEAR) * self.depth

    @property
    def y(self) -> Doubles:
        """World y of the ground point under it, lift included."""
        return self.ground + self.lift

    @property
    def floor(self) -> Doubles:
        """World y of what it can stand on: a rock lifts it, flying does not lift the ground."""
        return self.ground + self.lift * (1.0 - np.clip(self.weight("fly"), 0.0, 1.0))


@dataclass(frozen=True)
class Gait:
    """Where the feet are: world x, y and nearness [frames, 2, 3], and how they roll."""

    phase: Doubles  # strides
    pace: Doubles  # steps a second, 0 where it stands
    running: Doubles  # 0 walks .. 1 runs
    feet: Doubles
    yaw: Doubles  # [frames, 2], radians: which way each foot points
    raised: Doubles  # [frames, 2], body heights over the ground
    pitch: Doubles  # [frames, 2], radians, toes down positive
    planted: Doubles  # [frames, 2], 1 on the ground
    hop: Doubles  # body heights that a jump lifts the whole body
    crouch: Doubles  # 0..1 before and after a jump


def pace(track: Track) -> tuple[Doubles, Doubles, Doubles]:
    """Steps a second, how much of a run it is, and legs travelled a second: cadence grows with the root of these."""
    away = np.stack([track.x, DEPTH_WALK * track.depth], axis=1)
    legs = np.linalg.norm(speed(away, track.rate), axis=1) / (track.leg * track.size)
    legs = legs + 0.4 * np.abs(speed(track.facing, track.rate))
    legs = np.maximum(smooth(legs, 0.12 * track.rate), 0.0)
    walk, run = track.weight("walk"), track.weight("run")
    total = walk + run
    told = run / np.maximum(total, 1e-6)
    running = np.where(total > 0.3, told, ease((legs - 3.2) / 1.4))
    going = ease((legs - 0.12) / 0.3)
    longest = 1.3 + 0.65 * running  # legs: a longer step would tear the foot from the ground
    steps = np.clip(np.maximum(1.8 * np.sqrt(legs / 2.1), legs / longest), SLOWEST, FASTEST)
    on_the_spot = np.clip(total, 0.0, 1.0) * (1.5 + 1.1 * running)
    still = np.sum([track.weight(name) for name in ("sit", "sleep", "fly", "jump")], axis=0)
    steps = (going * steps + (1.0 - going) * on_the_spot) * (1.0 - ease((still - 0.3) / 0.4))
    return np.where(steps > 0.15, steps, 0.0), running, legs


def _phase(steps: Doubles, rate: float, seed: int) -> tuple[Doubles, Doubles]:
    """Phase in strides; where it stands still both feet are down (a quarter past), so no leg is left in the air."""
    count = len(steps)
    steps = steps.copy()
    moving = steps > 0
    edges = np.flatnonzero(np.diff(moving.astype(np.int8))) + 1
    first = 0.25
    for start, stop in segments(count, edges.tolist()):
        if not moving[start]:
            continue
        total = float(steps[start:stop].sum()) / rate / 2
        if start == 0 and stop == count:
            first = float(chance(seed, np.array([5]))[0])
        elif start == 0:
            first = 0.25 - total
        elif stop < count:
            steps[start:stop] *= (max(round(2 * total), 1) / 2 / total) if total > 0.2 else 0.0
    phase = first + np.concatenate([[0.0], np.cumsum(steps[:-1])]) / rate / 2
    return phase, steps


def _at(track: Track, phase: Doubles, marks: Doubles, side: float, slope: Doubles) -> Doubles:
    """World x, y, nearness and yaw [marks, 4] of a foot at each mark of the phase; the path goes on beyond the shot."""
    count = len(phase)
    index = np.arange(count, dtype=np.float64)
    when = np.interp(marks, phase + 1e-9 * index, index)
    early, late = marks < phase[0], marks > phase[-1]
    when = np.where(early & (slope[0] > 0), (marks - phase[0]) / max(slope[0], 1e-6), when)
    when = np.where(late & (slope[-1] > 0), count - 1 + (marks - phase[-1]) / max(slope[-1], 1e-6), when)
    when = np.clip(when, -track.rate, count - 1 + track.rate)
    near = track.hip * track.size * np.sin(track.turn) * -side
    lines = np.stack([
        track.x + side * track.hip * track.size * np.cos(track.turn),
        track.floor - TILT * near,
        near,
        track.turn,
    ], axis=1)  # fmt: skip
    inside = np.clip(when, 0, count - 1)
    out = np.stack([np.interp(inside, index, line) for line in lines.T], axis=1)
    if count > 1:
        before, after = np.minimum(when, 0.0), np.maximum(when - (count - 1), 0.0)
        out += before[:, None] * (lines[1] - lines[0]) + after[:, None] * (lines[-1] - lines[-2])
    return np.asarray(out)


def _foot(
    track: Track, phase: Doubles, running: Doubles, legs: Doubles, slope: Doubles, foot: int
) -> tuple[Doubles, ...]:
    """One foot's place [frames, 4], height, pitch and whether it is planted."""
    turn = phase - foot / 2
    first = int(np.floor(turn[0])) - 2
    marks = np.arange(first, int(np.ceil(turn[-1])) + 3, dtype=np.float64)
    stands = _at(track, phase, marks + foot / 2, 2.0 * foot - 1.0, slope)
    walks = np.clip(1.0 - SWING * track.rate * slope, 0.62, 0.82)
    duty = walks + running * (0.36 - walks)
    far = TREAD * slope / np.maximum(legs / track.rate, 1e-6)  # as long as the leg reaches the spot
    duty = np.where(slope > 0, np.clip(far, 0.08, duty), duty)
    duty = np.interp(marks + foot / 2, phase + 1e-9 * np.arange(len(phase)), duty)
    nearest = np.floor(turn + 0.5)
    away = turn - nearest
    k = nearest.astype(np.int64) - first
    leave = (away > 0).astype(np.int64)
    origin, goal = k - 1 + leave, k + leave
    down = np.abs(away) <= duty[k] / 2
    since = np.where(leave == 1, away, away + 1.0) - duty[origin] / 2
    swing = np.clip(since / (1.0 - duty[origin] / 2 - duty[goal] / 2), 0.0, 1.0)
    swing = np.where(down, 0.0, swing)
    start = np.where(down, k, origin)
    place = stands[start] + (stands[goal] - stands[start]) * np.where(down, 0.0, ease(swing))[:, None]
    raised = (0.008 + track.leg * (0.2 + 0.28 * running)) * np.sin(np.pi * swing**0.8)
    rolled = ease((away / np.maximum(duty[k], 1e-6) + 0.5 - 0.62) / 0.38)
    roll = (0.55 + 0.35 * running) * np.clip(2.5 * slope, 0.0, 1.0)
    pitch = np.where(down, roll * rolled, roll * (1.0 - ease(swing / 0.7)) - 0.3 * np.sin(np.pi * swing) * swing)
    return place, raised, pitch, down.astype(np.float64)


def _hops(track: Track, foot: int) -> tuple[Doubles, Doubles, Doubles, Doubles]:
    """Jumps on a rhythm: a foot's place [frames, 4], height over the ground, crouch, and whether it is down."""
    beat = track.seconds / HOP
    cycle = np.floor(beat)
    u = beat - cycle
    index = np.arange(len(beat), dtype=np.float64)
    side = 2.0 * foot - 1.0

    def at(seconds: Doubles) -> Doubles:
        when = np.clip((seconds - track.seconds[0]) * track.rate, 0, len(beat) - 1)
        x, y, turn, size = (np.interp(when, index, v) for v in (track.x, track.floor, track.turn, track.size))
        near = -side * track.hip * size * np.sin(turn)
        return np.stack([x + side * track.hip * size * np.cos(turn), y - TILT * near, near, turn], axis=1)

    usual = float(track.size.mean())

    def ground(cycle: Doubles) -> Doubles:
        """The part of a jump that is spent on the ground: less where the body travels on."""
        ends = [at((cycle + share * CROUCH) * HOP)[:, 0] for share in (0.0, 1.0)]
        travelled = np.maximum(np.abs(ends[1] - ends[0]), 1e-9)
        return np.asarray(CROUCH * np.clip(0.9 * track.leg * usual / travelled, 0.12, 1.0))

    stands = ground(cycle)
    here = at((cycle + stands / 2) * HOP)
    there = at((cycle + 1 + ground(cycle + 1) / 2) * HOP)
    air = np.clip((u - stands) / (1 - stands), 0.0, 1.0)
    height = 4.0 * air * (1.0 - air)
    crouch = np.sin(np.pi * np.minimum(u / stands, 1.0))
    return here + (there - here) * ease(air)[:, None], height, crouch, (u < stands).astype(np.float64)


def plan(track: Track, seed: int) -> Gait:
    """Footsteps, hops and how the feet roll, for one character through one shot."""
    steps, running, legs = pace(track)
    phase, steps = _phase(steps, track.rate, seed)
    slope = steps / track.rate / 2
    walked = [_foot(track, phase, running, legs, slope, foot) for foot in (0, 1)]
    hops = [_hops(track, foot) for foot in (0, 1)]
    jump = np.clip((track.weight("jump") - 0.01) / 0.98, 0.0, 1.0)
    share = jump[:, None]
    feet = np.stack([w[0] + share * (h[0] - w[0]) for w, h in zip(walked, hops, strict=True)], axis=1)
    raised, pitch, down = (np.stack([w[i] for w in walked], axis=1) for i in (1, 2, 3))
    hopping = np.stack([h[3] for h in hops], axis=1)
    planted = np.where(share <= 0.0, down, np.where(share >= 1.0, hopping, 0.0))
    off = np.sum([track.weight(name) for name in ("sit", "sleep", "fly")], axis=0)
    carried = np.abs(speed(track.lift, track.rate)) > 0.03  # the body rises or comes down
    planted = np.where((carried | (off > 0.01))[:, None], 0.0, planted)
    hop = 0.3 * jump * hops[0][1]
    walks = 1.0 - share
    return Gait(
        phase,
        steps,
        running,
        feet[..., :3],
        feet[..., 3],
        raised * walks,
        pitch * walks,
        planted,
        hop,
        jump * hops[0][2],
    )
