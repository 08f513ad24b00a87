"""Arms, legs, hands and feet: tapered along their bones; wings of birds, joints of robots."""

import math
from functools import lru_cache

from storyforge.backends.toon import anatomy
from storyforge.backends.toon.art.outline import Point, along, between, closed, limb, place
from storyforge.backends.toon.art.pen import Pen
from storyforge.backends.toon.raster import Path

ARMS: dict[str, tuple[float, float, float]] = {
    "bear": (0.060, 0.054, 0.046), "owl": (0.055, 0.050, 0.022), "bird": (0.048, 0.044, 0.018),
    "moth": (0.024, 0.020, 0.017), "frog": (0.034, 0.028, 0.025), "robot": (0.030, 0.027, 0.027),
    "girl": (0.032, 0.027, 0.022), "boy": (0.033, 0.028, 0.023), "woman": (0.030, 0.025, 0.020),
    "man": (0.037, 0.031, 0.024), "dragon": (0.042, 0.036, 0.031), "mouse": (0.031, 0.027, 0.024),
}  # fmt: skip
LEGS: dict[str, tuple[float, float, float]] = {
    "bear": (0.088, 0.072, 0.056), "owl": (0.022, 0.018, 0.014), "bird": (0.017, 0.014, 0.012),
    "moth": (0.030, 0.023, 0.019), "frog": (0.056, 0.042, 0.028), "robot": (0.036, 0.033, 0.033),
    "girl": (0.046, 0.034, 0.026), "boy": (0.050, 0.039, 0.033), "woman": (0.046, 0.034, 0.025),
    "man": (0.052, 0.041, 0.034), "dragon": (0.082, 0.062, 0.046), "mouse": (0.052, 0.042, 0.032),
}  # fmt: skip
SHOE: tuple[Point, ...] = (
    (-0.036, 0.030), (-0.010, 0.040), (0.020, 0.034), (0.058, 0.016), (0.078, -0.008), (0.072, -0.030),
    (0.040, -0.035), (-0.020, -0.035), (-0.046, -0.030), (-0.050, 0.002),
)  # fmt: skip
PAW: tuple[Point, ...] = (
    (-0.036, 0.020), (-0.006, 0.034), (0.030, 0.032), (0.064, 0.018), (0.082, -0.008), (0.070, -0.032),
    (0.030, -0.035), (-0.024, -0.035), (-0.046, -0.026), (-0.050, 0.000),
)  # fmt: skip
WEB: tuple[Point, ...] = (
    (-0.03, 0.018), (0.01, 0.020), (0.07, 0.0), (0.135, -0.022), (0.128, -0.035), (0.06, -0.035), (-0.02, -0.035),
    (-0.04, -0.02),
)  # fmt: skip


def thick(who_girth: float, limbs: float) -> float:
    """How much thicker limbs are for a build."""
    return 0.8 + 0.28 * who_girth + 0.12 * (1.0 - limbs)


def _joint(pen: Pen, joint: int) -> Point:
    x, y, _ = pen.puppet.joints[joint].tolist()
    return x, y


@lru_cache(maxsize=8)
def _foot_path(kind: str) -> Path:
    return closed(SHOE if kind in anatomy.PERSON or kind == "robot" else WEB if kind == "frog" else PAW)


@lru_cache(maxsize=2)
def _toes(kind: str) -> Path:
    path = Path()
    for x in (0.050, 0.066):
        path.move(x, -0.006).curve(x + 0.004, -0.014, x + 0.004, -0.022, x, -0.028)
    return path


@lru_cache(maxsize=2)
def _claws() -> Path:
    path = Path()
    for dx, dy in ((0.075, -0.034), (0.055, -0.020), (-0.040, -0.034)):
        path.move(0.0, -0.012).line(dx, dy)
    return path


def leg(pen: Pen, index: int, far: bool) -> None:
    """One leg and its foot."""
    who = pen.puppet.who
    kind, size = who.kind, thick(who.girth, who.limbs)
    hip, knee, ankle = (_joint(pen, j + index) for j in (anatomy.HIP_JOINT, anatomy.KNEE, anatomy.ANKLE))
    a, b, c = LEGS.get(kind, (0.054, 0.043, 0.034))
    person = kind in anatomy.PERSON
    colour, line = ("coat=" if far else "coat", "coat|")
    if person:
        bare = kind == "girl" or who.wears == "dress"
        colour, line = ("coat", "coat|") if bare else ("trousers-" if far else "trousers", "trousers|")
    elif kind in ("owl", "bird"):
        colour, line = "beak-" if far else "beak", "beak|"
    foot(pen, index, ankle, far)
    if kind == "robot":
        _piston(pen, hip, knee, ankle, a * size, far)
    else:
        pen.part(limb(hip, knee, ankle, (a * size, b * size, c * size)), colour, line)


def foot(pen: Pen, index: int, ankle: Point, far: bool) -> None:
    """A shoe, paw, webbed foot or claw, rolled about the ankle and foreshortened as it points to us."""
    who = pen.puppet.who
    side = math.sin(pen.puppet.foot_turn[index])
    outwards = anatomy.SIDES[index]
    look = side + 0.55 * outwards * (1.0 - abs(side))  # feet that point to us are turned out a little
    wide = 0.58 + 0.42 * abs(look)
    flip = wide if look >= 0 else -wide
    roll = -pen.puppet.foot_pitch[index] * (1.0 if look >= 0 else -1.0) * min(1.0, 0.35 + abs(side))
    size = 1.04 + 0.16 * who.girth
    matrix = place(ankle[0], ankle[1], flip * size, size, roll)
    if who.kind in ("owl", "bird"):
        pen.stroke(_claws(), "beak-" if far else "beak", 0.020, matrix)
        return
    person = who.kind in anatomy.PERSON
    colour = "shoe" if person else "second" if who.kind == "robot" else "coat="
    if who.kind in ("fox", "moth"):
        colour = "tip"
    line = "shoe|" if person else "coat|"
    pen.part(_foot_path(who.kind), colour, line, matrix)
    if who.kind in ("bear", "cat", "dog", "rabbit", "mouse", "dragon") and not far:
        pen.stroke(_toes(who.kind), line, 1.2 * pen.line, matrix)


def arm(pen: Pen, index: int, far: bool) -> None:
    """One arm and its hand, or a bird's wing."""
    who = pen.puppet.who
    kind, size = who.kind, thick(who.girth, who.limbs)
    shoulder, elbow, hand = (_joint(pen, j + index) for j in (anatomy.SHOULDER, anatomy.ELBOW, anatomy.HAND))
    if kind in ("owl", "bird"):
        wing(pen, shoulder, elbow, hand, far)
        return
    a, b, c = (w * size for w in ARMS.get(kind, (0.038, 0.033, 0.028)))
    colour, line = ("coat=" if far else "coat", "coat|")
    if kind == "robot":
        _piston(pen, shoulder, elbow, hand, a, far)
        grip(pen, elbow, hand, far)
        return
    sleeve = "wear" if who.wears in ("coat", "dress") else "shirt" if kind in anatomy.PERSON else ""
    if who.wears == "coat":
        palm(pen, elbow, hand, c * 1.22, "coat", line)
        cuff = between(elbow, hand, 0.86)
        pen.part(limb(shoulder, elbow, cuff, (a * 1.25, b * 1.25, c * 1.45)), "wear-" if far else "wear", "wear|")
        return
    palm(pen, elbow, hand, c * 1.22, "tip" if kind in ("fox", "moth") else colour, line)
    pen.part(limb(shoulder, elbow, hand, (a, b, c)), colour, line)
    if sleeve:
        end = between(shoulder, elbow, 0.8)
        half = between(shoulder, end, 0.5)
        tone = sleeve + "-" if far else sleeve
        pen.part(limb(shoulder, half, end, (a * 1.2, a * 1.22, b * 1.35)), tone, sleeve + "|")


def palm(pen: Pen, elbow: Point, hand: Point, size: float, colour: str, line: str) -> None:
    """A mitten of a hand, with a thumb where it is a person's."""
    dx, dy = hand[0] - elbow[0], hand[1] - elbow[1]
    far = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / far, dy / far
    path = Path().ellipse(hand[0] + ux * size * 0.35, hand[1] + uy * size * 0.35, size * 1.05)
    if pen.puppet.who.kind in anatomy.PERSON:
        turn = 1.0 if pen.side >= 0 else -1.0
        x, y = hand[0] + (ux * 0.7 - uy * turn * 0.85) * size, hand[1] + (uy * 0.7 + ux * turn * 0.85) * size
        path.ellipse(x, y, size * 0.40)
    pen.part(path, colour, line)


@lru_cache(maxsize=2)
def _feather() -> Path:
    return closed(
        ((0.0, -0.05), (0.42, 0.25), (0.5, 0.62), (0.24, 0.95), (0.0, 1.02), (-0.24, 0.95), (-0.5, 0.62), (-0.42, 0.25))
    )


def wing(pen: Pen, shoulder: Point, elbow: Point, hand: Point, far: bool) -> None:
    """A bird's arm: feathers hung along it, spread when it flies."""
    fly = pen.puppet.actions[11]
    colour = "coat=" if far else "coat-"
    dx, dy = hand[0] - shoulder[0], hand[1] - shoulder[1]
    long = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / long, dy / long
    sx, sy = (uy, -ux) if ux > 0 else (-uy, ux)  # the side of the arm that hangs
    reach = 0.10 + 0.11 * fly + 0.05 * max(0.0, abs(ux) - 0.3)
    for share, rate in ((1.0, 0.95), (0.74, 1.05), (0.48, 1.0), (0.24, 0.85)):
        root = between(between(shoulder, elbow, min(1.0, share * 2)), hand, max(0.0, share * 2 - 1))
        lean = 0.25 + 0.75 * (1 - share) * (0.35 + 0.65 * abs(ux))
        fx, fy = ux * (1.15 - lean) + sx * lean * 1.1, uy * (1.15 - lean) + sy * lean * 1.1
        tip = (root[0] + fx * reach * rate, root[1] + fy * reach * rate)
        pen.part(_feather(), "tip" if share > 0.9 else colour, "coat|", along(root, tip, 0.062))
    size = thick(pen.puppet.who.girth, pen.puppet.who.limbs)
    a, b, c = (w * size for w in ARMS[pen.puppet.who.kind])
    pen.part(limb(shoulder, elbow, hand, (a, b * 1.05, c * 1.1)), "coat=" if far else "coat", "coat|")


def _piston(pen: Pen, a: Point, b: Point, c: Point, wide: float, far: bool) -> None:
    """A robot's limb: two rods and round joints."""
    tone = "steel-" if far else "steel"
    for one, other in ((a, b), (b, c)):
        pen.part(limb(one, between(one, other, 0.5), other, (wide * 0.62,) * 3), tone, "steel|")
    for point in (a, b):
        pen.part(Path().ellipse(*point, wide * 1.05), "coat=" if far else "coat", "coat|")


def grip(pen: Pen, elbow: Point, hand: Point, far: bool) -> None:
    """A robot's claw."""
    dx, dy = hand[0] - elbow[0], hand[1] - elbow[1]
    far_away = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / far_away, dy / far_away
    path = Path()
    for s in (-1.0, 1.0):
        path.move(hand[0], hand[1])
        x1, y1 = hand[0] + (-uy * s * 0.04), hand[1] + ux * s * 0.04
        x, y = hand[0] + ux * 0.055 - uy * s * 0.016, hand[1] + uy * 0.055 + ux * s * 0.016
        path.curve(x1, y1, x1 + ux * 0.03, y1 + uy * 0.03, x, y)
    pen.stroke(path, "coat|", 0.026 + 2 * pen.line)
    pen.stroke(path, "coat=" if far else "coat", 0.026)
    pen.part(Path().ellipse(*hand, 0.022), "steel", "steel|")
