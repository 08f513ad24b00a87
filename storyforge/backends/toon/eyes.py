"""Where drawn eyes look: the place of the irises, from the rig's gaze and the turn of the head, and back again."""

import numpy as np

from storyforge.backends.toon.motion import Doubles
from storyforge.backends.toon.state import Puppet

WHOLE = 0.85  # radians of a head that is drawn turned wholly to one side
FOLLOW, ASIDE = 0.3, 0.75  # how far irises go with the head's turn, and with the gaze
FLAT = 0.85  # of the way that irises go aside, they go up or down
HAPPY, SAD = 0.06, -0.25  # what feelings add to the gaze's rise

SEEN = 20.0  # degrees between the way eyes look and what they look at
ASTRAY = 0.3  # eyes that are less far from their middle look at nothing beside them


def iris(puppet: Puppet) -> tuple[float, float]:
    """Where the irises are drawn, -1..1 of the room they have in the eye; x right, y up, in the head's frame."""
    gaze_x, gaze_y = puppet.face.gaze
    happy, sad, *_ = puppet.face.feelings
    turn = max(-1.0, min(1.0, puppet.head_turn / WHOLE))
    return (
        max(-1.0, min(1.0, ASIDE * gaze_x + FOLLOW * turn)),
        FLAT * max(-1.0, min(1.0, gaze_y + HAPPY * happy + SAD * sad)),
    )


def looking(puppet: Puppet) -> tuple[float, float]:
    """The same on the picture: turned as the head is tilted."""
    x, y = iris(puppet)
    c, s = float(np.cos(puppet.head_roll)), float(np.sin(puppet.head_roll))
    return c * x - s * y, s * x + c * y


def drawn(gaze: Doubles, head_turn: Doubles, feelings: Doubles) -> Doubles:
    """Irises [frames, 2] of gazes, in the head's frame, before they meet the eye's rim."""
    turn = np.clip(head_turn / WHOLE, -1.0, 1.0)
    rise = HAPPY * feelings[:, 0] + SAD * feelings[:, 1]
    return np.stack([ASIDE * gaze[:, 0] + FOLLOW * turn, FLAT * (gaze[:, 1] + rise)], axis=1)


def gazes(irises: Doubles, head_turn: Doubles, feelings: Doubles) -> Doubles:
    """Gazes [frames, 2], -1..1, that draw the irises there."""
    turn = np.clip(head_turn / WHOLE, -1.0, 1.0)
    rise = HAPPY * feelings[:, 0] + SAD * feelings[:, 1]
    wanted = np.stack([(irises[:, 0] - FOLLOW * turn) / ASIDE, irises[:, 1] / FLAT - rise], axis=1)
    return np.asarray(np.clip(wanted, -1.0, 1.0))


def reaches(puppet: Puppet, to: tuple[float, float]) -> bool:
    """Whether its eyes, as they are drawn, look at a world point: aside enough to be seen, and within SEEN degrees."""
    from storyforge.backends.toon.anatomy import HEAD

    x, y, _ = puppet.joints[HEAD].tolist()
    dx, dy = to[0] - puppet.x - x * puppet.size, to[1] - puppet.y - y * puppet.size
    ex, ey = looking(puppet)
    far, long = float(np.hypot(dx, dy)), float(np.hypot(ex, ey))
    if far < 1e-6 or long < ASTRAY:
        return False
    return bool((dx * ex + dy * ey) / (far * long) > np.cos(np.radians(SEEN)))
