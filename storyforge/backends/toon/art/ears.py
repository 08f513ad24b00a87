"""What stands on heads: ears, horns, antennae, crests, a frog's eye bumps, a moth's collar."""

from collections.abc import Sequence
from functools import lru_cache

from storyforge.backends.toon import anatomy
from storyforge.backends.toon.art.faces import DISC, Expression, spots
from storyforge.backends.toon.art.outline import Point, closed, place, ribbon
from storyforge.backends.toon.art.pen import Pen
from storyforge.backends.toon.raster import Matrix, Path

POINTED = (
    Path()
    .move(-0.52, -0.22)
    .curve(-0.50, 0.36, -0.24, 0.84, 0.04, 1.0)
    .curve(0.30, 0.80, 0.52, 0.36, 0.52, -0.22)
    .close()
)
POINTED_IN = (
    Path()
    .move(-0.30, -0.15)
    .curve(-0.28, 0.26, -0.12, 0.56, 0.04, 0.70)
    .curve(0.18, 0.54, 0.32, 0.26, 0.32, -0.15)
    .close()
)
POINTED_TIP = (
    Path().move(-0.275, 0.66).curve(-0.17, 0.82, -0.06, 0.94, 0.04, 1.0).curve(0.15, 0.93, 0.27, 0.80, 0.36, 0.64)
)
POINTED_TIP.curve(0.14, 0.74, -0.08, 0.58, -0.275, 0.66).close()
LONG = closed(
    ((0.0, -0.06), (0.40, 0.16), (0.50, 0.52), (0.34, 0.86), (0.02, 1.0), (-0.32, 0.86), (-0.48, 0.52), (-0.38, 0.16))
)
LONG_IN = closed(
    ((0.0, 0.06), (0.20, 0.22), (0.26, 0.52), (0.16, 0.78), (0.02, 0.86), (-0.14, 0.78), (-0.24, 0.52), (-0.18, 0.22))
)
FLOPPY = closed(
    (
        (-0.30, 0.10),
        (0.10, 0.16),
        (0.46, -0.10),
        (0.52, -0.55),
        (0.36, -0.95),
        (0.05, -1.02),
        (-0.18, -0.80),
        (-0.30, -0.40),
    )
)
HORN = (
    Path()
    .move(-0.26, -0.1)
    .curve(-0.30, 0.40, -0.06, 0.80, 0.36, 1.0)
    .curve(0.30, 0.62, 0.24, 0.34, 0.26, -0.1)
    .close()
)
COLLAR = closed((
    (-0.95, -0.30), (-0.72, 0.02), (-0.36, 0.14), (0.0, 0.18), (0.36, 0.14), (0.72, 0.02), (0.95, -0.30), (0.80, -0.62),
    (0.56, -0.50), (0.38, -0.82), (0.14, -0.62), (0.0, -0.92), (-0.14, -0.62), (-0.38, -0.82), (-0.56, -0.50),
    (-0.80, -0.62),
))  # fmt: skip
SETS = {  # of ears: at (+-x, y) in half heads, length and half width in half heights, lean outwards, shape
    "fox": (0.60, 0.56, 1.02, 1.02, 0.34), "cat": (0.60, 0.58, 0.80, 1.00, 0.30),
    "rabbit": (0.34, 0.72, 1.45, 0.60, 0.20),
    "bear": (0.68, 0.66, 0.36, 0.0, 0.0), "mouse": (0.80, 0.62, 0.60, 0.0, 0.0), "dog": (0.74, 0.62, 0.98, 0.78, 0.12),
    "dragon": (0.46, 0.78, 0.56, 0.85, 0.25),
}  # fmt: skip


def _length(pen: Pen) -> float:
    return (0.74 + 0.52 * pen.puppet.who.ears) * pen.body.head_y


def _lean(pen: Pen, side: float, feel: Expression) -> float:
    """How far an ear leans outwards, radians, from mood, springs and twitches."""
    swing = pen.puppet.swing
    down = 0.75 * feel.sad + 0.55 * feel.afraid + 0.35 * feel.angry - 0.12 * feel.surprised
    twitch = 0.22 * swing.twitch if side > 0 else 0.0
    return down + twitch - 1.3 * swing.ears


def _base(pen: Pen, side: float, turn: float, x: float, y: float) -> Point:
    """Where an ear stands: on a turned head both move back a little and the far one hides."""
    return (side * x * (1.0 - 0.20 * abs(turn)) - 0.16 * turn) * pen.body.head_x, y * pen.body.head_y


def behind(pen: Pen, turn: float, feel: Expression) -> None:
    """What the skull hides the root of."""
    kind = pen.puppet.who.kind
    if kind in ("fox", "cat", "rabbit", "dragon"):
        _standing(pen, kind, turn, feel)
    elif kind in ("bear", "mouse"):
        _round(pen, kind, turn, feel)
    elif kind == "dog":
        _floppy(pen, turn, feel, True)
    elif kind == "moth":
        _antennae(pen, turn)
    elif kind == "robot":
        _aerial(pen)
    elif kind == "bird":
        _crest(pen, turn, feel)
    elif kind in anatomy.PERSON:
        from storyforge.backends.toon.art import hair

        hair.back(pen, turn)


def _standing(pen: Pen, kind: str, turn: float, feel: Expression) -> None:
    x, y, long, wide, out = SETS[kind]
    size = _length(pen) * long
    for side in (-1.0, 1.0):
        near = 1.0 - 0.22 * max(0.0, side * turn)
        bx, by = _base(pen, side, turn, x, y)
        lean = -side * (out + _lean(pen, side, feel)) - pen.puppet.swing.sway
        matrix = place(bx, by, side * size * wide * 0.62 * near, size, lean)
        if kind == "dragon":
            pen.part(HORN, "claw", "coat|", matrix)
            continue
        pen.part(LONG if kind == "rabbit" else POINTED, "coat", "coat|", matrix)
        pen.fill(LONG_IN if kind == "rabbit" else POINTED_IN, "ear", matrix)
        if kind == "fox":
            pen.fill(POINTED_TIP, "tip", matrix)


def _round(pen: Pen, kind: str, turn: float, feel: Expression) -> None:
    x, y, long, _, _ = SETS[kind]
    size = _length(pen) * long
    for side in (-1.0, 1.0):
        near = 1.0 - 0.25 * max(0.0, side * turn)
        bx, by = _base(pen, side, turn, x, y)
        drop = 0.35 * _lean(pen, side, feel) * size
        aside = 0.3 * pen.puppet.swing.sway * size
        bx, by = bx + side * (0.35 * size + 0.3 * drop) + aside, by + 0.35 * size - drop
        pen.part(DISC, "coat", "coat|", place(bx, by, size * near, size))
        pen.fill(DISC, "ear", place(bx - 0.06 * size * turn, by - 0.04 * size, 0.64 * size * near, 0.64 * size))


def before(pen: Pen, turn: float, feel: Expression) -> None:
    """What hangs before the skull: a dog's ears."""
    if pen.puppet.who.kind == "dog":
        _floppy(pen, turn, feel, False)


def _floppy(pen: Pen, turn: float, feel: Expression, far: bool) -> None:
    """A dog's ears; the far one of a turned head hangs behind it."""
    kind = pen.puppet.who.kind
    x, y, long, wide, out = SETS[kind]
    size = _length(pen) * long
    perk = 0.35 * feel.surprised + 0.15 * feel.happy - 0.15 * feel.sad - 0.2 * feel.afraid
    for side in (-1.0, 1.0):
        if (side * turn > 0.2) != far:
            continue
        near = 1.0 - 0.30 * max(0.0, side * turn)
        bx, by = _base(pen, side, turn * (0.5 if far else 1.1), x, y)
        lean = side * (out + perk + 1.6 * pen.puppet.swing.ears + 0.2 * pen.puppet.swing.twitch * (side > 0))
        lean += pen.puppet.swing.sway
        pen.part(FLOPPY, "flap", "flap|", place(bx, by, side * size * wide * 0.66 * near, size, lean))


def _antennae(pen: Pen, turn: float) -> None:
    """A moth's feathered antennae."""
    stem, barbs = Path(), Path()
    high = pen.body.head_y
    spread, sway = 2.0 * pen.puppet.swing.ears, pen.puppet.swing.hair + 0.5 * pen.puppet.swing.sway
    for side in (-1.0, 1.0):
        x, y = (side * 0.30 - 0.10 * turn) * pen.body.head_x, 0.82 * high
        long = (0.8 + 0.5 * pen.puppet.who.ears) * high
        tx, ty = x + (side * (0.62 + 0.4 * spread) + sway) * long, y + 0.80 * long
        cx, cy = x + (side * 0.02 + 0.4 * sway) * long, y + 0.62 * long
        stem.move(x, y).curve(x, y + 0.3 * long, cx, cy, tx, ty)
        for k in range(2, 9):
            t = k / 8
            px = (1 - t) ** 3 * x + 3 * t * (1 - t) ** 2 * x + 3 * t * t * (1 - t) * cx + t**3 * tx
            py = (1 - t) ** 3 * y + 3 * t * (1 - t) ** 2 * (y + 0.3 * long) + 3 * t * t * (1 - t) * cy + t**3 * ty
            size = 0.17 * long * (1.15 - 0.75 * abs(t - 0.6))
            barbs.move(px, py).line(px + side * size * 0.9, py + size * 0.1).move(px, py).line(
                px - side * size * 0.35, py + size
            )
    pen.stroke(barbs, "tip", 0.008 + pen.line)
    pen.stroke(stem, "tip", 0.013 + pen.line)


def _aerial(pen: Pen) -> None:
    """A robot's aerial and the bolts at its temples."""
    high, wide = pen.body.head_y, pen.body.head_x
    tip = (0.12 * high + pen.puppet.swing.hair * high, 0.92 * high + 0.50 * _length(pen))
    stem = Path().move(0.0, 0.85 * high).curve(0.0, 1.1 * high, tip[0] * 0.6, tip[1] - 0.1 * high, *tip)
    pen.stroke(stem, "steel|", 0.016 + 2 * pen.line)
    pen.stroke(stem, "steel", 0.016)
    pen.part(DISC, "lamp", "coat|", place(*tip, 0.032))
    for side in (-1.0, 1.0):
        x = side * 1.02 * wide - 0.5 * 0.16
        pen.part(Path().rect(x + 0.04, -0.30 * high, 0.08, 0.50 * high, 0.03), "steel", "steel|")


def _crest(pen: Pen, turn: float, feel: Expression) -> None:
    """Three feathers on a bird's head: up when surprised, flat when sad."""
    high = pen.body.head_y
    up = 0.35 + 0.4 * feel.surprised + 0.2 * feel.angry - 0.45 * feel.sad - 0.3 * feel.afraid - pen.puppet.swing.ears
    d = -1.0 if turn >= 0 else 1.0
    for k, share in ((0, 0.8), (1, 1.0), (2, 0.75)):
        lean = d * (0.95 - 0.5 * k * 0.8 - 0.5 * up)
        size = _length(pen) * 0.62 * share
        pen.part(
            LONG,
            "tip" if k == 1 else "coat",
            "coat|",
            place(-0.12 * turn * pen.body.head_x, 0.80 * high, 0.30 * size, size, -lean * d * d),
        )


def bumps(pen: Pen, turn: float, feel: Expression) -> None:
    """The bumps a frog's eyes sit in."""
    for x, y, wide, high in spots(pen, turn):
        pen.part(DISC, "coat", "coat|", place(x, y - 0.06 * high, wide * 1.30, high * 1.26))
    cover = Path().ellipse(
        0.10 * turn * pen.body.head_x, 0.06 * pen.body.head_y, 0.78 * pen.body.head_x, 0.44 * pen.body.head_y
    )
    pen.fill(cover, "coat")
    nostrils = Path()
    for side in (-1.0, 1.0):
        x = (side * 0.10 * (1 - 0.3 * abs(turn)) + 0.42 * turn) * pen.body.head_x
        nostrils.ellipse(x, 0.02 * pen.body.head_y, 0.008, 0.010)
    pen.fill(nostrils, "coat|")


def collar(pen: Pen) -> None:
    """A moth's ruff is drawn with the body; on the head, a tuft between the antennae."""
    high, wide = pen.body.head_y, pen.body.head_x
    pen.fill(_tuft(), "second", place(0.0, 0.78 * high, 0.42 * wide, 0.34 * high))


@lru_cache(maxsize=1)
def _tuft() -> Path:
    points: Sequence[Point] = (
        (-1.0, -0.30), (-0.66, 0.40), (-0.46, 0.12), (-0.22, 0.86), (0.0, 0.36), (0.24, 0.88), (0.46, 0.12),
        (0.66, 0.40),
        (1.0, -0.30), (0.0, -0.70),
    )  # fmt: skip
    return closed(points, 0.8)


def ruff(pen: Pen, at: Point, matrix: Matrix | None = None) -> None:
    """A moth's fluffy collar below the head."""
    pen.part(COLLAR, "second", "second|", place(at[0], at[1], 0.150, 0.115) if matrix is None else matrix)


def strand(spine: Sequence[Point], wide: Sequence[float]) -> Path:
    """A lock or plume along a spine."""
    return ribbon(spine, wide)
