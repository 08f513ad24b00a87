"""One character's body through a shot: action weights, footsteps, breath and springs become joints.

The body is a small skeleton in its own frame (forward, up, to its left), in body heights; skeleton.project lays it on
the picture.
"""

from dataclasses import dataclass

import numpy as np

from storyforge.backends.toon import anatomy
from storyforge.backends.toon.anatomy import ANKLE_HEIGHT, BALL, SIDES, Body
from storyforge.backends.toon.bed import bed
from storyforge.backends.toon.gait import Gait, Track
from storyforge.backends.toon.mood import Mood
from storyforge.backends.toon.motion import Doubles, ease, wander, wave
from storyforge.backends.toon.reach import hands
from storyforge.backends.toon.skeleton import bend, project

SEAT = 0.105  # height of the hips of one who sits
NECK = 0.74  # of the body's turn that its head shows: a face that looks wholly aside is no face
FIRST = 2.0  # frames by which the head goes before the body


@dataclass(frozen=True)
class Pose:
    """Joints [frames, JOINTS, 3] on the picture and the rest of the body's numbers, [frames] each."""

    joints: Doubles
    turn: Doubles
    head_turn: Doubles
    head_roll: Doubles
    head_nod: Doubles
    squash: Doubles
    breath: Doubles
    pitch: Doubles
    yaw: Doubles
    planted: Doubles
    gaze: Doubles  # added to the rig's own, [frames, 2]


def ahead(values: Doubles, frames: float) -> Doubles:
    """What comes `frames` later, so that heads turn before bodies and eyes before heads; the end holds."""
    index = np.arange(len(values), dtype=np.float64)
    flat = np.asarray(values, np.float64).reshape(len(values), -1)
    late = np.stack([np.interp(index + frames, index, column) for column in flat.T], axis=1)
    return np.asarray(late.reshape(np.shape(values)))


def look_around(seconds: Doubles, seed: int, lead: float) -> Doubles:
    """Looks to one side and the other, resting on each; `lead` seconds ahead (eyes go before the head)."""
    length = 1.25
    at = (seconds + lead) / length + 512.0
    slot = np.floor(at)
    sign = np.where(slot % 2 > 0, 1.0, -1.0)
    far = 0.75 + 0.25 * wander(slot, seed, 1.0)
    before = np.where(slot % 2 > 0, -1.0, 1.0) * (0.75 + 0.25 * wander(slot - 1, seed, 1.0))
    return np.asarray(before + (sign * far - before) * ease((at - slot) / 0.4))


def lean(mood: Mood, gait: Gait, going: Doubles) -> Doubles:
    """How far the spine tips forward, radians."""
    act, feel = mood.action, mood.feeling
    fly = 0.45 if mood.winged else 0.95
    out = (
        going * (0.05 + 0.26 * gait.running) + fly * act["fly"] + bed(mood.kind).lean * act["sleep"] - 0.12 * act["sit"]
    )
    out = out + 0.3 * gait.crouch + 0.1 * act["give"] + 0.03 * act["talk"]
    slump = (1.0 - act["sleep"]) * (1.0 - act["fly"])
    return np.asarray(
        out + slump * (0.14 * feel["sad"] - 0.1 * feel["afraid"] + 0.06 * feel["angry"] - 0.08 * feel["surprised"])
    )


def hips(mood: Mood, gait: Gait, going: Doubles, shape: Body, seconds: Doubles, seed: int) -> Doubles:
    """Where the hips are in the body's frame [frames, 3], bob, sway, sitting and lying included."""
    act, feel = mood.action, mood.feeling
    stride = 2 * np.pi * gait.phase
    long = shape.leg / 0.26
    bob = going * long * ((1 - gait.running) * 0.014 - gait.running * 0.04) * np.cos(2 * stride)
    bob = bob - going * long * (0.008 + 0.02 * gait.running)
    beat = np.pi * 2.0 * seconds
    dance = act["dance"] * (0.03 * np.abs(np.sin(beat)) - 0.03)
    up = ANKLE_HEIGHT + 0.975 * shape.leg + bob + dance - 0.11 * long * gait.crouch - 0.02 * feel["afraid"]
    up = up + act["sit"] * (SEAT - up)
    lies = bed(mood.kind)
    up = up + act["sleep"] * (lies.rise * shape.belly + 0.02 - up)
    up = up + gait.hop + act["fly"] * 0.03 * wave(seconds, seed + 5, 0.6)
    left = 0.012 * act["idle"] * wave(seconds, seed, 0.13) - 0.016 * going * (1 - gait.running) * np.cos(stride)
    left = left + 0.05 * act["dance"] * np.sin(beat)
    forward = -0.02 * act["sit"] + lies.hip * act["sleep"]
    return np.stack([np.broadcast_to(forward, up.shape), up, left], axis=1)


def feet(mood: Mood, gait: Gait, track: Track, shape: Body, turn: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    """Ankles on the picture [frames, 2, 3], pitch, yaw: planted by the gait, or posed for sitting, lying, flying.

    Between the two each foot takes a step, one after the other: none is drawn over the ground.
    """
    act, long = mood.action, shape.leg
    off = np.clip(act["sit"] + act["sleep"] + act["fly"], 0.0, 1.0)
    weights = np.stack([act["sit"], act["sleep"], act["fly"]], axis=1)
    weights = weights / np.maximum(weights.sum(1), 1e-6)[:, None]
    beat = np.pi * 2.0 * track.seconds
    ankles, pitches, yaws = [], [], []
    for foot, side in enumerate(SIDES):
        place = gait.feet[:, foot]
        x, y = (place[:, 0] - track.x) / track.size, (place[:, 1] - track.y) / track.size
        tap = act["dance"] * 0.045 * np.maximum(side * np.sin(beat), 0.0)
        pitch = gait.pitch[:, foot] + 0.35 * act["jump"] * np.minimum(8 * gait.hop, 1.0)
        roll_x = BALL * (1 - np.cos(pitch)) + ANKLE_HEIGHT * np.sin(pitch)
        roll_y = ANKLE_HEIGHT * np.cos(pitch) + BALL * np.sin(pitch)
        up = y + roll_y + gait.raised[:, foot] + gait.hop + tap
        yaw = gait.yaw[:, foot]
        on = np.stack([x + roll_x * np.sin(yaw), up, place[:, 2] / track.size], axis=1)
        posed = project(_posed(mood, shape, weights, beat, side), turn)
        gone = ease(1.6 * off - 0.6 * foot)
        step = 0.22 * long * np.sin(np.pi * gone) * (1.0 - weights[:, 2])
        ankle = on + gone[:, None] * (posed - on)
        ankle[:, 1] += step
        ankles.append(ankle)
        rest = -0.5 * weights[:, 0] + bed(mood.kind).feet[2] * weights[:, 1] + 0.9 * weights[:, 2]
        pitches.append(pitch + gone * (rest - pitch))
        yaws.append(yaw + gone * (turn - yaw))
    return np.stack(ankles, axis=1), np.stack(pitches, axis=1), np.stack(yaws, axis=1)


def _posed(mood: Mood, shape: Body, weights: Doubles, beat: Doubles, side: float) -> Doubles:
    """An ankle [frames, 3] of one who sits, lies or flies, by those weights, in the body's frame."""
    long, kick = shape.leg, 0.5 + 0.5 * np.sin(beat * 0.9 + side)
    trail = 0.55 if mood.winged else 0.95
    seat = np.array([0.78 * long, 0.05, 0.075 * side])
    lies = bed(mood.kind)
    couch = np.array([lies.hip + (lies.feet[0] - 0.14 * (side < 0)) * long, lies.feet[1], 0.03 * side])
    hover = np.array([-trail * long, 0.12, side * shape.hip]) + np.outer(0.1 * long * kick, (0.0, 1.0, 0.0))
    return np.asarray(weights[:, :1] * seat + weights[:, 1:2] * couch + weights[:, 2:] * hover)


def head(mood: Mood, track: Track, seed: int) -> tuple[Doubles, Doubles, Doubles, Doubles]:
    """Turn beyond the body's, roll and nod of the head, and what the eyes add to the rig's gaze [frames, 2]."""
    act, feel, t = mood.action, mood.feeling, track.seconds
    awake = 1.0 - act["sleep"]
    look = act["look"] * awake
    idle = awake * (1.0 - 0.7 * look)
    turn = 0.6 * look * look_around(t, seed, 0.0) + 0.07 * idle * wander(t, seed + 11, 0.45)
    roll = idle * (0.035 * wander(t, seed + 12, 0.4) + 0.05 * feel["happy"] * wave(t, seed, 0.45) + 0.07 * feel["sad"])
    roll = roll + 0.06 * act["talk"] * wander(t, seed + 13, 1.1) + 0.09 * act["dance"] * np.sin(np.pi * 2 * t + 0.6)
    roll = roll + 0.05 * act["wave"]
    nod = 0.1 * act["talk"] * wander(t, seed + 14, 1.9) + 0.08 * look * wander(t, seed + 15, 0.6)
    nod = nod - 0.5 * feel["sad"] - 0.22 * feel["angry"] + 0.15 * feel["surprised"] - 0.12 * feel["afraid"]
    nod = awake * (nod + 0.08 * feel["happy"] + 0.3 * act["fly"]) - 0.25 * act["sleep"]
    dart = np.stack([wander(np.floor(t * 1.1), seed + 16, 1.0), wander(np.floor(t * 1.1), seed + 17, 1.0)], axis=1)
    eyes = 0.1 * dart * awake[:, None]
    eyes[:, 0] += 0.85 * look * look_around(t, seed, 0.14)
    return turn, roll, nod, eyes


def pose(track: Track, gait: Gait, mood: Mood, shape: Body, seed: int) -> Pose:
    """The whole body through one shot."""
    t, act = track.seconds, mood.action
    going = np.clip(gait.pace / 1.2, 0.0, 1.0)
    lie = act["sleep"]
    side = 1.0 if float(np.mean(track.facing)) >= 0 else -1.0
    facing = track.turn * (1.0 - 0.6 * act["dance"] - 0.35 * act["wave"])  # both are done towards us
    turn = facing + lie * (side * 1.25 - facing) + 0.25 * act["dance"] * np.sin(np.pi * t)
    breath = np.sin(2 * np.pi * t * 0.28 + 6.0 * float(wave(np.zeros(1), seed, 1.0)[0]))
    tip, hip = lean(mood, gait, going), hips(mood, gait, going, shape, t, seed)
    roll = 0.1 * act["dance"] * np.sin(np.pi * 2 * t - 0.5) + 0.03 * act["wave"] * mood.arm
    axis = np.stack([np.sin(tip) * np.cos(roll), np.cos(tip) * np.cos(roll), np.sin(roll)], axis=1)
    chest = hip + axis * shape.torso * (1.0 + 0.018 * breath)[:, None]
    dancing = act["dance"] * np.sin(np.pi * 2.0 * t)
    down = gait.planted * np.stack([dancing > -0.02, dancing < 0.02], axis=1)  # a foot that taps is off the ground
    extra, head_roll, nod, eyes = head(mood, track, seed)
    neck = tip * (0.45 + 0.5 * lie - 0.25 * act["fly"])
    up = np.stack([np.sin(neck) * np.cos(0.5 * roll), np.cos(neck), np.sin(0.5 * roll)], axis=1)
    up[:, 0] += 0.1 * np.minimum(nod, 0.0) * -1.0 + 0.06 * mood.feeling["sad"]
    up[:, 1] -= 0.06 * mood.feeling["sad"] + 0.03 * mood.feeling["afraid"]
    skull = chest + up * 0.9 * shape.head_y
    joints = np.zeros((len(t), anatomy.JOINTS, 3))
    for joint, point in ((anatomy.HIP, hip), (anatomy.CHEST, chest), (anatomy.HEAD, skull)):
        joints[:, joint] = project(point, turn)
    ankles, pitch, yaw = feet(mood, gait, track, shape, turn)
    bent = np.array([1.0, 0.25, 0.0]) + act["fly"][:, None] * np.array([-0.8, -1.25, 0.0])  # knees: ahead; below
    forward = project(bent, turn)
    for i, sign in enumerate(SIDES):
        socket = hip + np.array([0.0, -0.01, sign * shape.hip])
        joints[:, anatomy.HIP_JOINT + i] = project(socket, turn)
        knee, ankle = bend(
            joints[:, anatomy.HIP_JOINT + i], ankles[:, i], 0.5 * shape.leg, 0.5 * shape.leg, forward, 1.4
        )
        joints[:, anatomy.KNEE + i], joints[:, anatomy.ANKLE + i] = knee, ankle
        shrug = 0.02 * mood.feeling["afraid"] + 0.012 * mood.feeling["angry"] - 0.012 * mood.feeling["sad"]
        shoulder = hip + axis * (0.9 * shape.torso) + np.array([0.0, 0.0, sign * shape.shoulder])
        shoulder[:, 1] += shrug + 0.003 * breath
        elbow, hand = hands(mood, gait, shape, t, seed, i, shoulder, tip)
        for joint, point in ((anatomy.SHOULDER, shoulder), (anatomy.ELBOW, elbow), (anatomy.HAND, hand)):
            joints[:, joint + i] = project(point, turn)
    tilted = joints[:, anatomy.HEAD] - joints[:, anatomy.CHEST]
    follow = 0.55 + (bed(mood.kind).head - 0.55) * lie
    head_roll = head_roll - follow * np.arctan2(tilted[:, 0], np.maximum(tilted[:, 1], 0.02))
    faces = ahead(facing, FIRST)
    head_turn = NECK * (faces + lie * (side * 0.9 - faces)) + extra
    squash = 1.0 - 0.1 * gait.crouch + 0.05 * np.minimum(gait.hop * 6, 1.0) + 0.03 * breath * lie
    return Pose(joints, turn, np.clip(head_turn, -1.0, 1.0), head_roll, nod, squash, breath, pitch, yaw, down, eyes)
