"""Behind the body: tails that swing, wings of moths and dragons."""

import math
from functools import lru_cache

from storyforge.backends.toon import anatomy
from storyforge.backends.toon.art.outline import Point, closed, place, ribbon
from storyforge.backends.toon.art.pen import Pen
from storyforge.backends.toon.raster import Path

TAILS: dict[str, tuple[float, tuple[float, ...], float]] = {  # length, half widths from root to tip, curl upwards
    "fox": (0.44, (0.026, 0.060, 0.088, 0.078, 0.012), 0.55), "cat": (0.46, (0.024, 0.024, 0.023, 0.022, 0.018), 1.15),
    "dog": (0.30, (0.028, 0.030, 0.028, 0.022, 0.010), 1.25), "mouse": (0.46, (0.014, 0.012, 0.010, 0.008, 0.005),
    0.85),
    "dragon": (0.46, (0.085, 0.066, 0.046, 0.028, 0.008), 0.50), "owl": (0.14, (0.05, 0.07, 0.07, 0.06, 0.03), -0.5),
    "bird": (0.20, (0.04, 0.045, 0.05, 0.05, 0.03), -0.2),
}  # fmt: skip


def _spine(pen: Pen, root: Point, out: float, long: float, curl: float) -> list[Point]:
    """Five points along a tail that leaves the body to one side and bends with its swing."""
    first, last = pen.puppet.swing.tail
    angle = -math.pi / 2 + out * (0.95 + 0.25 * curl)
    points, step = [root], long / 4
    x, y = root
    for k in range(1, 5):
        share = k / 4
        turn = angle + out * curl * 1.25 * share * share * 1.3 + (first + (last - first) * share) * 0.9 * share
        x, y = x + step * math.cos(turn), y + step * math.sin(turn)
        points.append((x, max(y, 0.022)))
    return points


def _side(pen: Pen) -> float:
    """Where the tail shows, -1..1: behind the way it looks; to our right when it faces us."""
    out = -pen.side * 1.2 + 0.75 * (1.0 - min(1.0, abs(pen.side) * 1.5))
    return max(-1.0, min(1.0, out))


def tail(pen: Pen) -> None:
    """The tail, drawn before everything else."""
    kind = pen.puppet.who.kind
    hip = pen.puppet.joints[anatomy.HIP]
    chest = pen.puppet.joints[anatomy.CHEST]
    out = _side(pen)
    wide = pen.body.belly
    lift = 0.16 * float(chest[1] - hip[1])
    root = (float(hip[0]) + out * wide * 0.55, max(float(hip[1]) + lift - 0.02, 0.05))
    if kind in ("rabbit", "bear"):
        size = 0.062 if kind == "rabbit" else 0.045
        x = root[0] + out * wide * 0.40 + 0.01 * pen.puppet.swing.tail[0]
        pen.part(_puff(), "muzzle" if kind == "rabbit" else "coat", "coat|", place(x, root[1] + 0.01, size))
        return
    if kind not in TAILS:
        return
    long, widths, curl = TAILS[kind]
    spine = _spine(pen, root, out, long, curl)
    pen.part(
        ribbon(spine, widths), "pink" if kind == "mouse" else "coat=" if kind in ("owl", "bird") else "coat", "coat|"
    )
    if kind == "fox":
        _tip(pen, spine, widths)
    elif kind == "dragon":
        _spade(pen, spine)
    elif kind == "cat" and pen.puppet.who.marking == "stripes":
        pen.fill(ribbon(spine[3:], (0.024, 0.018)), "mark")


@lru_cache(maxsize=1)
def _puff() -> Path:
    points = []
    for k in range(18):
        a, r = 2 * math.pi * k / 18, 1.0 if k % 2 else 0.86
        points.append((r * math.cos(a), r * math.sin(a)))
    return closed(points)


def _tip(pen: Pen, spine: list[Point], widths: tuple[float, ...]) -> None:
    """A fox's white tip, its edge in points."""
    (ax, ay), (bx, by), (cx, cy) = spine[2], spine[3], spine[4]
    mx, my = ax + (bx - ax) * 0.72, ay + (by - ay) * 0.72
    dx, dy = bx - ax, by - ay
    far = math.hypot(dx, dy) or 1.0
    nx, ny = -dy / far, dx / far
    ex, ey = cx - bx, cy - by
    long = math.hypot(ex, ey) or 1.0
    ux, uy = -ey / long, ex / long
    w, v = widths[3] * 0.99, widths[4]
    fx, fy = dx / far, dy / far
    path = Path().move(mx + nx * w, my + ny * w)
    path.curve(
        bx + nx * w * 0.95,
        by + ny * w * 0.95,
        bx + ex * 0.6 + ux * w * 0.55,
        by + ey * 0.6 + uy * w * 0.55,
        cx + ux * v,
        cy + uy * v,
    )
    path.line(cx + ex * 0.06, cy + ey * 0.06).line(cx - ux * v, cy - uy * v)
    path.curve(
        bx + ex * 0.6 - ux * w * 0.55,
        by + ey * 0.6 - uy * w * 0.55,
        bx - nx * w * 0.95,
        by - ny * w * 0.95,
        mx - nx * w,
        my - ny * w,
    )
    for k, out in ((-0.5, 0.32), (-0.2, -0.1), (0.12, 0.34), (0.45, -0.06)):
        path.line(mx + nx * w * k + fx * w * out, my + ny * w * k + fy * w * out)
    pen.fill(path.close(), "muzzle")


def _spade(pen: Pen, spine: list[Point]) -> None:
    (ax, ay), (bx, by) = spine[3], spine[4]
    turn = math.atan2(by - ay, bx - ax) - math.pi / 2
    path = closed(((0.0, -0.3), (0.55, -0.1), (0.42, 0.35), (0.0, 1.0), (-0.42, 0.35), (-0.55, -0.1)), 0.7)
    pen.part(path, "tip", "coat|", place(bx, by, 0.075, 0.085, turn))


UPPER = closed(
    ((0.0, 0.0), (0.18, 0.42), (0.55, 0.80), (0.92, 0.92), (1.02, 0.70), (0.96, 0.36), (0.80, 0.02), (0.42, -0.14)), 0.9
)
UPPER_IN = closed(
    ((0.14, 0.08), (0.28, 0.40), (0.56, 0.68), (0.84, 0.78), (0.88, 0.60), (0.82, 0.34), (0.68, 0.08), (0.40, -0.02)),
    0.9,
)
LOWER = closed(
    ((0.0, 0.0), (0.36, -0.02), (0.68, -0.16), (0.74, -0.46), (0.52, -0.74), (0.30, -0.66), (0.12, -0.34)), 0.9
)
LOWER_IN = closed(
    ((0.12, -0.08), (0.36, -0.10), (0.58, -0.22), (0.62, -0.44), (0.48, -0.60), (0.32, -0.52), (0.18, -0.30)), 0.9
)
BAT = Path().move(0.0, 0.0).curve(0.10, 0.40, 0.30, 0.70, 0.52, 0.86).curve(0.72, 0.78, 0.92, 0.66, 1.10, 0.40)
BAT.curve(0.98, 0.42, 0.88, 0.36, 0.84, 0.22).curve(0.74, 0.28, 0.60, 0.20, 0.56, 0.04).curve(
    0.44, 0.10, 0.26, 0.04, 0.18, -0.12
)
BAT.curve(0.10, -0.10, 0.02, -0.06, 0.0, 0.0).close()
FINGERS = (
    Path()
    .move(0.52, 0.86)
    .curve(0.60, 0.60, 0.72, 0.40, 0.84, 0.22)
    .move(0.52, 0.86)
    .curve(0.52, 0.52, 0.54, 0.28, 0.56, 0.04)
)
FINGERS.move(0.52, 0.86).curve(0.40, 0.50, 0.28, 0.20, 0.18, -0.12)
SPOTS = Path().ellipse(0.62, 0.50, 0.12)


def wings(pen: Pen) -> None:
    """A moth's four wings or a dragon's two, behind the body; they beat when it flies and stir when it stands."""
    kind = pen.puppet.who.kind
    if kind not in ("moth", "dragon"):
        return
    fly, flap = pen.puppet.actions[11], pen.puppet.swing.flap
    joints = pen.puppet.joints
    hip, chest = joints[anatomy.HIP], joints[anatomy.CHEST]
    x, y = (float(hip[k] + (0.74 if kind == "moth" else 0.62) * (chest[k] - hip[k])) for k in (0, 1))
    x -= (0.35 if kind == "moth" else 0.62) * pen.side * pen.body.belly
    sleep = pen.puppet.actions[8]
    y += 0.10 * sleep
    lean = math.atan2(float(chest[1] - hip[1]), float(chest[0] - hip[0])) - math.pi / 2
    size = (0.44 if kind == "moth" else 0.50) * (1.0 - 0.3 * sleep)
    for side in (-1.0, 1.0):
        near = 1.0 - 0.55 * max(0.0, side * pen.side) + 0.05 * abs(pen.side)
        beat = 0.62 + 0.38 * flap if fly > 0.05 else 0.80 + 0.25 * flap
        if kind == "dragon":
            beat = (0.62 + 0.25 * flap) * (1 - fly) + fly * (0.85 + 0.25 * flap)
        spread = size * near * max(0.15, beat)
        tilt = side * (0.15 * flap * (0.3 + fly) + (0.25 if kind == "moth" else 0.1) * fly) + 0.6 * (1.0 - sleep) * lean
        matrix = place(x, y, side * spread, size, tilt)
        if kind == "dragon":
            pen.part(BAT, "tip", "coat|", matrix)
            pen.stroke(FINGERS, "coat", 0.035 / max(near, 0.3), matrix)
            continue
        low = place(x, y, side * spread, size * (1.0 - 0.8 * sleep), tilt)
        pen.part(LOWER, "coat=", "coat|", low)
        pen.fill(LOWER_IN, "second", low, 0.75)
        pen.part(UPPER, "coat", "coat|", matrix)
        pen.fill(UPPER_IN, "second", matrix, 0.85)
        pen.fill(SPOTS, "tip", matrix)


def spikes(pen: Pen) -> None:
    """The crest down a dragon's back, behind the torso."""
    joints = pen.puppet.joints
    hip, chest = joints[anatomy.HIP], joints[anatomy.CHEST]
    out = -pen.side * pen.body.belly
    path = Path()
    for share, big in ((0.15, 0.9), (0.42, 1.0), (0.70, 0.9)):
        x, y = (float(hip[k] + share * (chest[k] - hip[k])) for k in (0, 1))
        x += out * (0.95 - 0.35 * share)
        s = 0.05 * big
        path.move(x, y + s).line(x - pen.side * s * 1.6, y + 0.25 * s).line(x, y - s).close()
    pen.part(path, "tip", "coat|")
