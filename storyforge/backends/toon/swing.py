"""What follows the body: tails, ears, hair, scarves and capes on damped springs; wings that flap.

Each hangs from a point of the body and feels its speed (air holds it back) and its acceleration (it is left behind
when the body starts and flies on when it stops). Tails, scarves and capes have two joints, of which the second follows
the first. The springs are damped so that no rhythm of walking or running makes them swing more and more.
"""

import numpy as np

from storyforge.backends.toon import anatomy
from storyforge.backends.toon.anatomy import FLAPS
from storyforge.backends.toon.gait import Track
from storyforge.backends.toon.mood import Mood
from storyforge.backends.toon.motion import Doubles, chance, smooth, speed, spring, wander
from storyforge.backends.toon.pose import Pose

SPRINGS = {  # hertz and damping (1 is critical) of each joint
    "tail": (1.7, 0.55), "tail tip": (1.5, 0.45), "ears": (4.2, 0.45), "sway": (3.6, 0.45), "hair": (2.6, 0.5),
    "scarf": (1.6, 0.5), "scarf tip": (1.3, 0.42), "cape": (1.4, 0.7), "cape hem": (1.1, 0.5),
}  # fmt: skip
LIMITS = {
    "tail": 0.8, "tail tip": 1.2, "ears": 0.5, "sway": 0.45, "hair": 0.4, "scarf": 1.25, "scarf tip": 1.5, "cape": 1.0,
    "cape hem": 1.3,
}  # fmt: skip
LONG_EARS = {"rabbit": 1.6, "dog": 1.4, "moth": 1.4}


def swings(track: Track, pose: Pose, mood: Mood, wind: Doubles, seed: int) -> Doubles:
    """[frames, 11]: tail and its tip, ears, their sway, hair, scarf and tip, cape and hem, flap, twitch.

    Radians, right positive. wind [frames]: how hard it blows from the right, 0..1.
    """
    t, rate, act = track.seconds, track.rate, mood.action
    awake = 1.0 - act["sleep"]
    chest, head = (_drive(track, pose, joint) for joint in (anatomy.CHEST, anatomy.HEAD))
    hip = _drive(track, pose, anatomy.HIP)
    gust = 0.75 * wind * (1.0 + 0.35 * wander(t, seed + 36, 1.3))

    def hung(name: str, goal: Doubles) -> Doubles:
        return spring(goal[:, None], rate, *SPRINGS[name])[:, 0]

    wag = _wag(mood, t, seed)
    tail = hung("tail", wag - 0.28 * hip[0] - 0.05 * hip[2] - 0.3 * gust)
    tip = hung("tail tip", 1.25 * tail + 0.35 * wag - 0.15 * hip[0] - 0.04 * hip[2] + 0.02 * hip[3])
    ears = hung("ears", -0.09 * head[1] - 0.02 * head[3])
    turning, rolling = (smooth(speed(v, rate), 0.03 * rate) for v in (pose.head_turn, pose.head_roll))
    aside = 0.075 * turning + 0.06 * rolling - 0.09 * head[0] - 0.035 * head[2] - 0.15 * gust
    sway = LONG_EARS.get(mood.kind, 1.0) * hung("sway", aside)
    breeze = wander(t, seed + 31, 0.5)
    hair = hung("hair", 0.05 * turning + 0.04 * rolling - 0.12 * head[0] - 0.025 * head[2] + 0.03 * breeze - 0.2 * gust)
    scarf = hung("scarf", -0.5 * chest[0] - 0.07 * chest[2] + 0.1 * breeze - 0.9 * gust)
    lag = 1.05 * scarf - 0.3 * chest[0] - 0.05 * chest[2] + 0.16 * wander(t, seed + 33, 0.8) - 0.35 * gust
    end = hung("scarf tip", lag)
    cape = hung("cape", -0.4 * chest[0] - 0.05 * chest[2] + 0.06 * breeze - 0.7 * gust)
    hem = hung("cape hem", 1.1 * cape - 0.15 * chest[0] - 0.04 * chest[2] + 0.06 * wander(t, seed + 34, 0.6))
    flutter = np.clip(0.5 * np.abs(chest[0]) + 1.2 * wind, 0.0, 1.0)  # cloth in a stream of air waves
    wave = 2 * np.pi * 2.9 * t
    scarf, end = scarf + 0.05 * flutter * np.sin(wave), end + 0.16 * flutter * np.sin(wave - 1.3)
    hem = hem + 0.06 * flutter * np.sin(0.8 * wave)
    loose = [tail, tip, ears, sway, hair, scarf, end, cape, hem]
    kept = [limit * np.tanh(v / limit) for v, limit in zip(loose, LIMITS.values(), strict=True)]
    flap = act["fly"] * np.sin(2 * np.pi * t * FLAPS.get(mood.kind, 2.0)) + (1 - act["fly"]) * 0.12 * breeze
    slot = np.floor(t / 1.7 + 300.0).astype(np.int64)
    into = t / 1.7 + 300.0 - slot
    twitch = np.where(chance(seed + 35, slot) > 0.6, np.exp(-(((into - 0.5) * 9.0) ** 2)), 0.0) * awake
    return np.stack([*kept, flap, twitch], axis=1)


def _drive(track: Track, pose: Pose, joint: int) -> tuple[Doubles, Doubles, Doubles, Doubles]:
    """Speed right and up and acceleration right and up of a joint, body heights and seconds, [frames] each."""
    rate = track.rate
    at = pose.joints[:, joint, :2] + np.stack([track.x, track.y], axis=1) / track.size[:, None]
    move = np.clip(smooth(speed(at, rate), 0.04 * rate), -3.0, 3.0)
    push = smooth(speed(move, rate), 0.05 * rate)
    push = 8.0 * np.tanh(push / 8.0)
    return move[:, 0], move[:, 1], push[:, 0], push[:, 1]


def _wag(mood: Mood, seconds: Doubles, seed: int) -> Doubles:
    """A tail's own will: it wags when happy, and is never quite still."""
    act, feel = mood.action, mood.feeling
    keen = (1.0 - act["sleep"]) * (0.25 + 0.9 * feel["happy"] + 0.3 * act["dance"] + 0.3 * act["wave"])
    return np.asarray(keen * np.sin(2 * np.pi * seconds * 1.4) * 0.28 + 0.1 * wander(seconds, seed + 32, 0.35))
