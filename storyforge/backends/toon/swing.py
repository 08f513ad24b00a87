"""What follows the body: tails, ears, hair, scarves and capes on damped springs; wings that flap."""

import numpy as np

from storyforge.backends.toon import anatomy
from storyforge.backends.toon.anatomy import FLAPS
from storyforge.backends.toon.gait import Track
from storyforge.backends.toon.mood import Mood
from storyforge.backends.toon.motion import Doubles, chance, smooth, speed, spring, wander
from storyforge.backends.toon.pose import Pose


def swings(track: Track, pose: Pose, mood: Mood, seed: int) -> Doubles:
    """[frames, 9]: tail root and tip, ears, hair, scarf root and tip, cape, flap, twitch; radians right positive."""
    t, act, feel = track.seconds, mood.action, mood.feeling
    chest = pose.joints[:, anatomy.CHEST, :2] + np.stack([track.x, track.y], axis=1) / track.size[:, None]
    rate = track.rate
    move = np.clip(smooth(speed(chest, rate), 0.04 * rate), -3.0, 3.0)
    roll = speed(pose.head_roll, rate)
    awake = 1.0 - act["sleep"]
    breeze = wander(t, seed + 31, 0.5)
    wag = awake * (0.25 + 0.9 * feel["happy"] + 0.3 * act["dance"] + 0.3 * act["wave"])
    wag = wag * np.sin(2 * np.pi * t * 1.4) * 0.28 + 0.1 * wander(t, seed + 32, 0.35)
    targets = np.stack([
        wag - 0.28 * move[:, 0],
        1.3 * wag - 0.45 * move[:, 0] + 0.25 * move[:, 1],
        -0.1 * move[:, 1] - 0.05 * roll,
        -0.12 * move[:, 0] + 0.03 * breeze,
        -0.5 * move[:, 0] + 0.1 * breeze,
        -0.75 * move[:, 0] + 0.22 * wander(t, seed + 33, 0.8) + 0.3 * move[:, 1],
        -0.42 * move[:, 0] + 0.07 * breeze,
    ], axis=1)  # fmt: skip
    loose = spring(targets, rate, 1.9, 0.38)
    limit = np.array([0.8, 1.2, 0.5, 0.4, 1.25, 1.5, 1.1])
    loose = limit * np.tanh(loose / limit)
    flap = act["fly"] * np.sin(2 * np.pi * t * FLAPS.get(mood.kind, 2.0)) + (1 - act["fly"]) * 0.12 * breeze
    slot = np.floor(t / 1.7 + 300.0).astype(np.int64)
    into = t / 1.7 + 300.0 - slot
    twitch = np.where(chance(seed + 35, slot) > 0.6, np.exp(-(((into - 0.5) * 9.0) ** 2)), 0.0) * awake
    return np.concatenate([loose, flap[:, None], twitch[:, None]], axis=1)
