"""Where the hands go: hanging, swinging with the stride, waving, dancing, talking, holding, giving, feeling."""

import numpy as np

from storyforge.backends.toon.anatomy import FLAPS, SIDES, Body
from storyforge.backends.toon.bed import bed
from storyforge.backends.toon.gait import Gait
from storyforge.backends.toon.mood import Mood
from storyforge.backends.toon.motion import Doubles, wander
from storyforge.backends.toon.skeleton import bend

Point = tuple[float | Doubles, float | Doubles, float | Doubles]


def _points(count: int, point: Point) -> Doubles:
    """Hand targets [frames, 3]: forward, up, outwards, in arm lengths from the shoulder."""
    return np.stack([np.broadcast_to(np.asarray(v, np.float64), (count,)) for v in point], axis=1)


def _base(mood: Mood, gait: Gait, seconds: Doubles, seed: int, side: float) -> Doubles:
    """What the arms do with the legs' action."""
    act, count = mood.action, len(seconds)
    swing = side * np.sin(2 * np.pi * gait.phase)  # against the foot of the same side
    beat = np.pi * 2.0 * seconds
    rest = wander(seconds, seed + 21, 0.3)
    kick = np.cos(beat * 0.5 + 0.5 * side)
    air = np.minimum(gait.hop * 8, 1.0)
    ahead = side != mood.arm  # the arm farther from us leads
    sway = np.sin(beat + (0.9 if side > 0 else 0.0))
    out: dict[str, Point] = {
        "idle": (0.12 + 0.03 * rest, -0.9, 0.2 + 0.02 * rest),
        "walk": (0.1 + 0.5 * swing, -0.84 + 0.1 * swing**2, 0.2),
        "run": (0.18 + 0.62 * swing, -0.5 + 0.22 * swing, 0.24),
        "jump": (
            0.3 - 0.5 * gait.crouch + (0.55 if ahead else -0.95) * air,
            -0.6 - 0.2 * gait.crouch + (1.0 if ahead else 0.45) * air,
            0.4 + 0.15 * air,
        ),
        "sit": (0.55, -0.66, 0.1),
        "dance": (0.3, 0.25 + 0.5 * sway * side, 0.72 + 0.12 * np.cos(beat)),
        "sleep": bed(mood.kind).hands,
        "fly": _flying(mood, seconds, kick),
    }
    return np.asarray(np.sum([act[name][:, None] * _points(count, point) for name, point in out.items()], axis=0))


def _flying(mood: Mood, seconds: Doubles, kick: Doubles) -> Point:
    """Wings that are arms beat; other arms hang or, on who has no wings, reach ahead as in a leap."""
    if mood.kind in ("owl", "bird"):
        beat = 2 * np.pi * FLAPS[mood.kind] * seconds
        return -0.25 - 0.25 * np.cos(beat), 0.12 + 0.78 * np.sin(beat), 1.0 - 0.35 * np.abs(np.sin(beat))
    if mood.winged:
        return 0.3 + 0.1 * kick, -0.62 + 0.1 * kick, 0.35
    return 0.75, 0.35 + 0.1 * kick, 0.3


def _overlays(mood: Mood, seconds: Doubles, seed: int, side: float) -> list[tuple[Doubles, Point]]:
    """What is laid over that, in order: (weight, target)."""
    act, feel = mood.action, mood.feeling
    free = (1.0 - act["sleep"]) * (1.0 - act["fly"]) * (1.0 - act["run"]) * (1.0 - act["dance"])
    talk, up = wander(seconds, seed + 22, 0.9), wander(seconds, seed + 23, 1.4)
    tremble = 0.02 * np.sin(2 * np.pi * 6.0 * seconds)
    giving = np.maximum(act["give"], mood.reach)
    shake = np.sin(2 * np.pi * 1.9 * seconds)
    held = mood.hold if side == mood.arm else 0.0 * mood.hold
    waved = act["wave"] if side != mood.arm else act["wave"] * (1.0 - mood.hold) * 0.0
    return [
        (0.5 * free * feel["happy"], (0.2, -0.72, 0.42)),
        (0.9 * free * feel["sad"], (0.12, -0.98, 0.05)),
        (0.9 * free * feel["angry"], (0.02, -0.62, 0.4)),
        (0.95 * free * feel["afraid"], (0.42, -0.18 + tremble, -0.12)),
        (0.85 * free * feel["surprised"], (0.3, -0.12, 0.55)),
        (0.75 * free * act["talk"], (0.48 + 0.18 * talk, -0.5 + 0.3 * up, 0.25 + 0.15 * talk)),
        (held * (1.0 - 0.6 * act["sleep"]), (0.62, -0.48, 0.12)),
        (giving if side == mood.arm else 0.0 * giving, (1.1, -0.02, 0.1)),
        (waved, (0.62 + 0.1 * shake, 0.55 - 0.08 * shake**2, 0.72 + 0.26 * shake)),
    ]  # fmt: skip


def hands(
    mood: Mood, gait: Gait, shape: Body, seconds: Doubles, seed: int, index: int, shoulder: Doubles, tip: Doubles
) -> tuple[Doubles, Doubles]:
    """Elbow and hand [frames, 3] of one arm in the body's frame; `tip` is the spine's lean, which arms follow."""
    side = SIDES[index]
    target = _base(mood, gait, seconds, seed + 2 * index, side)
    for weight, point in _overlays(mood, seconds, seed + 2 * index, side):
        target += weight[:, None] * (_points(len(seconds), point) - target)
    forward, up, out = (target * shape.arm).T
    follow = tip * (0.6 + 0.4 * mood.action["sleep"] + 0.2 * mood.action["fly"])
    c, s = np.cos(follow), np.sin(follow)
    turned = np.stack([forward * c + up * s, up * c - forward * s, out * side], axis=1)
    hint = np.tile([-0.7, -0.55, 0.55 * side], (len(seconds), 1))
    return bend(shoulder, shoulder + turned, 0.5 * shape.arm, 0.52 * shape.arm, hint)
