"""What a character does and feels through a shot, by name."""

from dataclasses import dataclass

import numpy as np

from storyforge.backends.toon import rig
from storyforge.backends.toon.anatomy import WINGED
from storyforge.backends.toon.gait import Track
from storyforge.backends.toon.motion import Doubles

LEGS = ("walk", "run", "jump", "sit", "dance", "sleep", "fly")


@dataclass(frozen=True)
class Mood:
    """Weights of actions and feelings through a shot, [frames] by name; leg actions and idle sum to 1."""

    action: dict[str, Doubles]
    feeling: dict[str, Doubles]
    hold: Doubles
    reach: Doubles
    arm: float  # which arm holds and gives: -1 its right, 1 its left
    kind: str

    @property
    def winged(self) -> bool:
        return self.kind in WINGED


def moods(track: Track, feelings: Doubles, hold: Doubles, reach: Doubles, kind: str) -> Mood:
    """Weights by name: leg actions share one body, so more than one whole of them is scaled down."""
    weights = {name: np.clip(track.weight(name), 0.0, 1.0) for name in rig.ACTIONS}
    total = np.sum([weights[name] for name in LEGS], axis=0)
    for name in LEGS:
        weights[name] = weights[name] / np.maximum(total, 1.0)
    weights["idle"] = np.clip(1.0 - total, 0.0, 1.0)
    feeling = {name: np.clip(feelings[:, i], 0.0, 1.0) for i, name in enumerate(rig.FEELINGS)}
    arm = -1.0 if float(np.mean(track.facing)) >= 0 else 1.0
    return Mood(weights, feeling, hold, reach, arm, kind)
