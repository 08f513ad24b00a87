"""Proportions of the sixteen kinds on one skeleton, in units of the body's height, and the names of its joints."""

from dataclasses import dataclass
from functools import lru_cache

from storyforge.backends.toon import rig
from storyforge.backends.toon.state import Identity

HIP, CHEST, HEAD = 0, 1, 2
SHOULDER, ELBOW, HAND, HIP_JOINT, KNEE, ANKLE = 3, 5, 7, 9, 11, 13  # each + side: 0 its right, 1 its left
JOINTS = 15
SIDES = (-1.0, 1.0)  # of a joint: where it is on the picture when the character faces us
ANKLE_HEIGHT, BALL = 0.035, 0.05  # of the ankle over the sole; from it forward to the ball of the foot
FLAPS = {"moth": 4.6, "bird": 3.1, "owl": 2.2, "dragon": 1.5}  # wing beats a second
WINGED = frozenset(FLAPS)
PERSON = frozenset({"girl", "boy", "woman", "man"})


@dataclass(frozen=True)
class Body:
    """Lengths in body heights: leg hip to ankle, torso hip to neck, head radii, arm shoulder to hand, half widths."""

    leg: float
    torso: float
    head_x: float
    head_y: float
    arm: float
    shoulder: float
    hip: float
    belly: float  # half width of the torso's widest part


BODIES = {
    "fox": Body(0.255, 0.300, 0.225, 0.195, 0.260, 0.095, 0.060, 0.125),
    "rabbit": Body(0.250, 0.300, 0.195, 0.195, 0.240, 0.085, 0.062, 0.130),
    "bear": Body(0.220, 0.380, 0.205, 0.175, 0.290, 0.130, 0.085, 0.190),
    "cat": Body(0.260, 0.300, 0.215, 0.185, 0.260, 0.088, 0.058, 0.118),
    "dog": Body(0.255, 0.310, 0.200, 0.190, 0.265, 0.100, 0.065, 0.135),
    "mouse": Body(0.220, 0.290, 0.210, 0.200, 0.230, 0.085, 0.060, 0.130),
    "owl": Body(0.120, 0.420, 0.225, 0.190, 0.330, 0.155, 0.075, 0.205),
    "bird": Body(0.165, 0.400, 0.185, 0.175, 0.310, 0.130, 0.062, 0.175),
    "moth": Body(0.240, 0.320, 0.190, 0.180, 0.240, 0.080, 0.052, 0.110),
    "frog": Body(0.235, 0.330, 0.240, 0.165, 0.270, 0.105, 0.085, 0.160),
    "girl": Body(0.300, 0.285, 0.180, 0.190, 0.255, 0.085, 0.050, 0.095),
    "boy": Body(0.300, 0.290, 0.182, 0.188, 0.260, 0.092, 0.052, 0.100),
    "woman": Body(0.370, 0.305, 0.142, 0.150, 0.310, 0.088, 0.055, 0.095),
    "man": Body(0.365, 0.325, 0.142, 0.150, 0.320, 0.115, 0.058, 0.118),
    "robot": Body(0.250, 0.330, 0.195, 0.165, 0.280, 0.140, 0.070, 0.145),
    "dragon": Body(0.240, 0.360, 0.200, 0.175, 0.250, 0.110, 0.080, 0.165),
}


@lru_cache(maxsize=512)
def body(who: Identity) -> Body:
    """The kind's proportions shaped by the build traits; the lengths still add up to one body height."""
    base = BODIES[who.kind]
    young = (0.5 - who.age) * 0.3
    head = (0.86 + 0.28 * who.head) * (1.0 + 0.25 * max(young, 0.0))
    limbs = (0.84 + 0.32 * who.limbs) * (1.0 - 0.25 * max(young, 0.0))
    girth = 0.74 + 0.52 * who.girth
    leg, head_y = base.leg * limbs, base.head_y * head
    full = base.leg + base.torso + 2 * base.head_y
    fit = full / (leg + base.torso + 2 * head_y)
    broad = 0.5 + 0.5 * girth
    return Body(
        leg * fit, base.torso * fit, base.head_x * head * fit, head_y * fit, base.arm * limbs * fit,
        base.shoulder * broad, base.hip * broad, base.belly * girth,
    )  # fmt: skip


def height(who: Identity) -> float:
    """World height at depth 0: rig.BODY at height trait 0.5, from two thirds to one and a half of it by the trait."""
    return rig.BODY * float(2.0 ** (1.2 * (who.height - 0.5)))


def stand(shape: Body) -> tuple[float, float, float]:
    """Heights of hip, neck and head's centre above the ground of a body standing at ease."""
    hip = ANKLE_HEIGHT + 0.975 * shape.leg
    neck = hip + shape.torso
    return hip, neck, neck + 0.9 * shape.head_y
