"""People's hair: three cuts each for girls, boys, women and men, behind the head and before it."""

from functools import lru_cache

from storyforge.backends.toon.anatomy import HEAD
from storyforge.backends.toon.art.faces import DISC
from storyforge.backends.toon.art.look import number
from storyforge.backends.toon.art.outline import Point, closed, place, points, ribbon
from storyforge.backends.toon.art.pen import Pen
from storyforge.backends.toon.raster import Path

STEPS = 20
FRINGES = {  # from the right temple to the left, in half widths and heights
    "bob": points("0.86 0.1  0.74 0.4  0.3 0.42  -0.1 0.4  -0.5 0.44  -0.8 0.36  -0.9 0.05"),
    "pigtails": points("0.84 0.2  0.66 0.52  0.3 0.66  0 0.8  -0.34 0.64  -0.7 0.5  -0.86 0.18"),
    "bun": points("0.82 0.24  0.62 0.58  0.28 0.72  -0.1 0.7  -0.4 0.62  -0.7 0.46  -0.86 0.12"),
    "long": points("0.86 -0.02  0.72 0.42  0.4 0.66  0.1 0.74  -0.3 0.5  -0.66 0.28  -0.88 -0.06"),
    "tousled": points("0.86 0.22  0.72 0.5  0.5 0.38  0.3 0.6  0.04 0.4  -0.2 0.6  -0.46 0.38  -0.7 0.5  -0.88 0.14"),
    "bowl": points("0.9 0.06  0.76 0.34  0.34 0.36  -0.04 0.35  -0.44 0.36  -0.78 0.32  -0.92 0.04"),
    "side": points("0.86 0.22  0.66 0.56  0.4 0.7  0.02 0.6  -0.36 0.44  -0.7 0.42  -0.88 0.12"),
    "short": points("0.86 0.26  0.7 0.58  0.34 0.72  -0.02 0.7  -0.38 0.68  -0.72 0.54  -0.88 0.22"),
}  # fmt: skip
SAME = {"ponytail": "bun", "beard": "short"}
CUTS = {
    "girl": ("pigtails", "bob", "ponytail"), "boy": ("tousled", "bowl", "side"),
    "woman": ("bun", "long", "bob"), "man": ("short", "side", "beard"),
}  # fmt: skip


def cut(pen: Pen) -> str:
    """This person's hair; an old man has a beard."""
    who = pen.puppet.who
    if who.kind == "man" and who.age > 0.72:
        return "beard"
    if who.kind == "woman" and who.age > 0.72:
        return "bun"
    return CUTS[who.kind][number(who) // 512 % 3]


def ears(pen: Pen, turn: float) -> None:
    """Small ears at the sides of the head."""
    body = pen.body
    for side in (-1.0, 1.0):
        if side * turn > 0.45:
            continue
        x = (side * 0.97 * (1.0 - 0.28 * abs(turn)) - 0.22 * turn) * body.head_x
        size = (0.16 + 0.12 * pen.puppet.who.ears) * body.head_y
        pen.part(DISC, "coat", "coat|", place(x, -0.10 * body.head_y, size * 0.72, size))
        pen.fill(DISC, "coat-", place(x, -0.12 * body.head_y, size * 0.36, size * 0.58))


def back(pen: Pen, turn: float) -> None:
    """Hair behind the head."""
    body, style = pen.body, cut(pen)
    w, h = body.head_x, body.head_y
    lag = pen.puppet.swing.hair
    x = -0.10 * turn * w
    if style == "bob":
        _curtain(pen, turn, -1.0)
    elif style == "bun":
        pen.part(DISC, "second", "second|", place(x - 0.28 * turn * w, 1.10 * h, 0.42 * w, 0.38 * h))
        pen.fill(DISC, "second-", place(x - 0.28 * turn * w, 1.0 * h, 0.34 * w, 0.22 * h))
    elif style == "ponytail":
        d = -1.0 if turn >= -0.05 else 1.0
        _tail(pen, (x + d * 0.70 * w, 0.55 * h), d, 1.5, lag)
    elif style == "pigtails":
        for side in (-1.0, 1.0):
            if side * turn < 0.6:
                _tail(pen, ((side * 0.92 * (1 - 0.2 * abs(turn)) - 0.16 * turn) * w, 0.30 * h), side, 1.1, lag)


def _curtain(pen: Pen, turn: float, low: float) -> None:
    """Hair that hangs loose to `low` half heights, swinging more the longer it is."""
    w, h = pen.body.head_x, pen.body.head_y
    x = -0.10 * turn * w
    drift = (0.5 * pen.puppet.swing.hair - 0.04 * turn) * h * -low
    outline: list[Point] = [
        (x, 1.02 * h), (x + 0.60 * w, 0.86 * h), (x + 1.02 * w, 0.36 * h), (x + 1.12 * w, -0.3 * h),
        (x + 1.02 * w + drift, low * h + 0.12 * h), (x + 0.5 * w + drift, low * h), (x - 0.5 * w + drift, low * h),
        (x - 1.02 * w + drift, low * h + 0.12 * h), (x - 1.12 * w, -0.3 * h), (x - 1.02 * w, 0.36 * h),
        (x - 0.60 * w, 0.86 * h),
    ]  # fmt: skip
    pen.part(closed(outline, 0.9), "second-", "second|")


def nape(pen: Pen, turn: float) -> None:
    """Hair over the back of the head, and what of the cut hangs there."""
    body, style = pen.body, cut(pen)
    w, h = body.head_x, body.head_y
    low = {"bob": -1.0, "long": -1.95}.get(style, -0.62)
    drift = 0.5 * pen.puppet.swing.hair * h * -low
    outline: list[Point] = [
        (0.0, 1.10 * h), (0.62 * w, 0.94 * h), (1.03 * w, 0.42 * h), (1.04 * w, -0.1 * h),
        (0.86 * w + drift, low * h + 0.16 * h), (0.4 * w + drift, low * h), (-0.4 * w + drift, low * h),
        (-0.86 * w + drift, low * h + 0.16 * h), (-1.04 * w, -0.1 * h), (-1.03 * w, 0.42 * h), (-0.62 * w, 0.94 * h),
    ]  # fmt: skip
    pen.part(closed(outline, 0.9), "second", "second|")
    part = Path().move(0.0, 0.95 * h).curve(0.10 * w, 0.5 * h, 0.06 * w, 0.0, drift, low * h + 0.2 * h)
    pen.stroke(part, "second-", 0.012 + pen.line)
    if style == "bun":
        pen.part(DISC, "second", "second|", place(-0.1 * turn * w, 0.62 * h, 0.44 * w, 0.40 * h))
    elif style == "ponytail":
        _tail(pen, (0.0, 0.45 * h), -1.0 if turn > 0 else 1.0, 1.5, pen.puppet.swing.hair)
    elif style == "pigtails":
        for side in (-1.0, 1.0):
            _tail(pen, (side * 0.92 * w, 0.30 * h), side, 1.1, pen.puppet.swing.hair)


def behind(pen: Pen) -> None:
    """Long hair, which hangs behind the shoulders."""
    if pen.puppet.who.kind in CUTS and cut(pen) == "long":
        x, y, _ = pen.puppet.joints[HEAD].tolist()
        turn = max(-1.0, min(1.0, pen.puppet.head_turn / 0.85))
        with pen.canvas.group(place(x, y, 1.0, 1.0, pen.puppet.head_roll)):
            _curtain(pen, turn, -1.95)


def _tail(pen: Pen, root: Point, side: float, long: float, lag: float) -> None:
    """A tied lock that swings."""
    w, h = pen.body.head_x, pen.body.head_y
    x, y = root
    swing = lag * long * h
    spine = [
        (x - side * 0.05 * w, y), (x + side * 0.26 * w + 0.3 * swing, y - 0.05 * h),
        (x + side * 0.38 * w + 1.0 * swing, y - 0.5 * long * h),
        (x + side * 0.26 * w + 1.8 * swing, y - 0.92 * long * h),
    ]  # fmt: skip
    pen.part(ribbon(spine, (0.05 * w, 0.20 * w, 0.22 * w, 0.05 * w)), "second", "second|")
    pen.part(
        DISC,
        "wear" if pen.puppet.who.wears != "nothing" else "shirt",
        "second|",
        place(x + side * 0.04 * w, y, 0.10 * w),
    )


@lru_cache(maxsize=512)
def _fringe(style: str, step: int) -> Path:
    """The hair on top of the head and over the brow, in half widths and heights."""
    t = step / STEPS
    left, right = -1.01 + 0.09 * max(-t, 0.0) - 0.05 * max(t, 0.0), 1.01 - 0.09 * max(t, 0.0) + 0.05 * max(-t, 0.0)
    rise = 0.0 if style in ("bob", "long") else 0.26 * abs(t)
    crown: list[Point] = [
        (left, -0.05 + rise * (t < 0)), (left, 0.45), (-0.64, 0.95), (0.0, 1.12), (0.64, 0.95), (right, 0.45),
        (right, -0.05 + rise * (t > 0)),
    ]  # fmt: skip
    line = [(x + 0.34 * t * max(0.1, 1.0 - abs(x) ** 3), y) for x, y in FRINGES[SAME.get(style, style)]]
    return closed([*crown, *line], 0.85)


def front(pen: Pen, turn: float, step: int) -> None:
    """Hair before the face, and a man's beard or moustache."""
    style = cut(pen)
    size = place(0.0, 0.02 * pen.puppet.head_nod * pen.body.head_y, pen.body.head_x, pen.body.head_y)
    path = _fringe(style, step)
    pen.part(path, "second", "second|", size)
    shine = Path().move(-0.50 - 0.1 * turn, 0.80).curve(-0.2, 0.98, 0.15, 1.0, 0.42 - 0.1 * turn, 0.88)
    pen.stroke(shine, "second+", 0.075, size)
    if style == "tousled":
        _tufts(pen, turn)


def _tufts(pen: Pen, turn: float) -> None:
    """Locks that will not lie down."""
    w, h = pen.body.head_x, pen.body.head_y
    lag = pen.puppet.swing.hair
    for x, lean, long in ((-0.12, 0.45, 0.34), (0.14, -0.25, 0.40), (0.34, -0.7, 0.30)):
        root = (x * w, 1.0 * h)
        tip = (root[0] - (lean - lag * 2) * long * h, root[1] + long * h * 0.8)
        mid = ((root[0] + tip[0]) / 2 + 0.03 * h, (root[1] + tip[1]) / 2)
        pen.fill(ribbon([root, mid, tip], (0.13 * w, 0.09 * w, 0.015 * w)), "second")


def beard(pen: Pen, turn: float) -> None:
    """A beard around the mouth, drawn before the mouth is."""
    w, h = pen.body.head_x, pen.body.head_y
    s = 0.34 * turn
    nod = 0.12 * pen.puppet.head_nod
    outline: list[Point] = [
        (-0.90 + 0.3 * s, -0.10), (-0.66 + s * 0.7, -0.36), (-0.30 + s, -0.40 + nod), (s * 1.1, -0.34 + nod),
        (0.30 + s, -0.40 + nod),
        (0.66 + s * 0.7, -0.36), (0.90 + 0.2 * s, -0.10), (0.92, -0.55), (0.62, -1.02), (0.1 + s * 0.5, -1.26),
        (-0.62, -1.02),
        (-0.92, -0.55),
    ]  # fmt: skip
    pen.part(closed(outline, 0.9), "second", "second|", place(0.0, 0.0, w, h))
