"""Heads: skull, ears, muzzle or beak of every kind, turned about the vertical; the face goes on top."""

import math
from functools import lru_cache

from storyforge.backends.toon import anatomy
from storyforge.backends.toon.art import clothes, ears, faces, hair, mouths
from storyforge.backends.toon.art.features import FEATURES, HALVES, ROUND, Features
from storyforge.backends.toon.art.outline import Point, closed, crescent, place, points
from storyforge.backends.toon.art.pen import Pen
from storyforge.backends.toon.raster import Path

STEPS = 20  # turns of a head are drawn in steps of 1/STEPS: shapes are built once for each


@lru_cache(maxsize=1024)
def skull(kind: str, step: int) -> Path:
    """The head's outline in its own half widths and heights, the far cheek drawn in."""
    if kind == "robot":
        return Path().rect(-1.0, -0.92, 2.0, 1.84, 0.42)
    turn = step / STEPS
    half = HALVES.get(kind, ROUND)
    whole = [*half, *[(-x, y) for x, y in reversed(half) if abs(x) > 1e-9]]
    out: list[Point] = []
    for x, y in whole:
        far = x * turn > 0
        x = x * (1.0 - 0.09 * abs(turn)) if far else x * (1.0 + 0.03 * abs(turn))
        out.append((x, y))
    return closed(out, 0.95)


@lru_cache(maxsize=1024)
def skull_shade(kind: str, step: int) -> Path:
    """The shade under the head's light."""
    return crescent(skull(kind, step), (0.10 if step <= 0 else -0.10, 0.16), (0.0, -0.05))


@lru_cache(maxsize=1024)
def snout(kind: str, step: int) -> Path:
    """A muzzle seen from before (a soft round) to three quarters (drawn out to the side), half widths and heights."""
    f, turn = FEATURES[kind], step / STEPS
    d, a = (1.0 if turn >= 0 else -1.0), abs(turn)
    base, tip = 0.34 * turn, 0.34 * turn + f.reach * turn
    back = base - d * f.wide * (1.0 - 0.1 * a)
    front = tip + d * f.wide * (1.0 - 0.52 * a)
    top, low = f.muzzle_y + f.high, f.muzzle_y - f.high
    tall = f.high * (1.0 - 0.36 * a)
    edge = [
        (back, f.muzzle_y - 0.02), (base - d * f.wide * 0.62, top - 0.10 * f.high),
        (base + d * 0.06, top - 0.02 * f.high),
        (tip + d * f.wide * (0.55 - 0.25 * a), f.muzzle_y + tall * 0.78), (front, f.muzzle_y + 0.06 * f.high),
        (tip + d * f.wide * (0.62 - 0.3 * a), f.muzzle_y - tall * 0.80 - 0.1 * f.high * a), (base + d * 0.04, low),
        (base - d * f.wide * 0.66, low + 0.22 * f.high),
    ]  # fmt: skip
    return closed(edge, 0.95)


def step_of(turn: float) -> int:
    return round(max(-1.0, min(1.0, turn)) * STEPS)


def draw(pen: Pen) -> None:
    """The whole head, in a frame whose origin is its centre."""
    puppet = pen.puppet
    kind = puppet.who.kind
    x, y, _ = puppet.joints[anatomy.HEAD].tolist()
    turn = max(-1.0, min(1.0, puppet.head_turn / 0.85))
    step = step_of(turn)
    feel = faces.expression(pen)
    size = place(0.0, 0.0, pen.body.head_x, pen.body.head_y)
    with pen.canvas.group(place(x, y, 1.0, 1.0, puppet.head_roll)):
        ears.behind(pen, turn, feel)
        if kind in anatomy.PERSON:
            hair.ears(pen, turn)
        pen.part(skull(kind, step), "coat", "coat|", size)
        pen.fill(skull_shade(kind, step), "coat-", size)
        _mask(pen, kind, turn)
        ears.before(pen, turn, feel)
        _face(pen, kind, turn, step, feel)


def _face(pen: Pen, kind: str, turn: float, step: int, feel: faces.Expression) -> None:
    f, body = FEATURES[kind], pen.body
    nod = 0.12 * pen.puppet.head_nod * body.head_y
    if kind == "frog":
        ears.bumps(pen, turn, feel)
    faces.cheeks(pen, turn, feel)
    size = place(0.0, 0.6 * nod, body.head_x, body.head_y)
    mouth_x = _nose_at(pen, f, turn, nod)[0] * 0.70 if f.muzzle == "snout" else 0.46 * turn * body.head_x
    spot = (mouth_x, f.mouth_y * body.head_y + nod)
    wide = f.mouth_w * body.head_x * (1.0 - (0.42 if f.muzzle == "snout" else 0.22) * abs(turn))
    if f.muzzle == "snout":
        pen.part(snout(kind, step), "muzzle", "muzzle-", size)
    elif kind == "man" and hair.cut(pen) == "beard":
        hair.beard(pen, turn)
    faces.eyes(pen, turn, feel)
    faces.brows(pen, turn, feel)
    if f.muzzle == "round":  # over the lower lids, which have the coat's colour
        _puffs(pen, f, turn, nod)
    if f.muzzle == "beak":
        mouths.beak(pen, f, turn, nod, feel)
    elif kind == "robot":
        mouths.grille(pen, spot, wide, feel)
    else:
        nose = _nose_at(pen, f, turn, nod) if f.muzzle in ("snout", "round") and kind != "dragon" else None
        mouths.mouth(pen, spot, wide, feel, nose)
    _nose(pen, kind, f, turn, nod)
    if kind in anatomy.PERSON:
        hair.front(pen, turn, step)
    if pen.puppet.who.wears == "glasses":
        clothes.glasses(pen, turn)
    elif pen.puppet.who.wears == "hat":
        clothes.hat(pen, turn)


def _puffs(pen: Pen, f: Features, turn: float, nod: float) -> None:
    """The two soft halves of a short muzzle."""
    body = pen.body
    x = (0.36 + f.reach) * turn * body.head_x
    y = f.muzzle_y * body.head_y + nod
    wide, high = f.wide * body.head_x, f.high * body.head_y
    if pen.puppet.who.kind == "bear":
        pen.part(Path().ellipse(x, y, wide, high), "muzzle", "muzzle-")
        return
    path = Path()
    for side in (-1.0, 1.0):
        far = max(0.0, side * turn)
        path.ellipse(
            x + side * wide * 0.52 * (1.0 - 0.25 * abs(turn)), y - 0.1 * high, wide * 0.62 * (1.0 - 0.2 * far), high
        )
    pen.fill(path, "muzzle")


def _nose_at(pen: Pen, f: Features, turn: float, nod: float) -> Point:
    """Where a muzzle's nose is: at its tip, which comes out to the side as the head turns."""
    snout = f.muzzle == "snout"
    reach = (1.06 * f.reach + 0.40 + 0.30 * f.wide if snout else f.reach + 0.36) * turn
    high = f.high * (0.52 if f.high > 0.32 else 0.60) * (1 - 0.15 * abs(turn))
    return reach * pen.body.head_x, (f.muzzle_y + high) * pen.body.head_y + nod


def _nose(pen: Pen, kind: str, f: Features, turn: float, nod: float) -> None:
    body = pen.body
    if f.muzzle == "nose":
        _human_nose(pen, f, turn, nod)
        return
    if f.muzzle not in ("snout", "round"):
        return
    x, y = _nose_at(pen, f, turn, nod)
    if kind == "dragon":
        nostrils = Path()
        for side in (-1.0, 1.0):
            nostrils.ellipse(
                x + side * 0.13 * body.head_x * (1 - 0.3 * abs(turn)), y, 0.026 * body.head_x * 2, 0.03 * body.head_y
            )
        pen.fill(nostrils, "muzzle|")
        return
    size = {"bear": 0.17, "dog": 0.16, "fox": 0.13, "mouse": 0.10, "rabbit": 0.10, "cat": 0.10}[kind] * body.head_x
    pink = kind in ("mouse", "rabbit", "cat")
    pen.fill(_nose_path(), "pink" if pink else "dark", place(x, y, size * (1 - 0.15 * abs(turn)), size * 0.78))
    if not pink:
        pen.fill(faces.DISC, "white", place(x - 0.3 * size, y + 0.26 * size, 0.26 * size, 0.15 * size), 0.75)
    if kind in ("cat", "mouse", "rabbit"):
        _whiskers(pen, f, turn, nod)


@lru_cache(maxsize=1)
def _nose_path() -> Path:
    return closed(
        ((0.0, 0.62), (0.6, 0.55), (0.98, 0.2), (0.55, -0.5), (0.0, -0.85), (-0.55, -0.5), (-0.98, 0.2), (-0.6, 0.55))
    )


def _human_nose(pen: Pen, f: Features, turn: float, nod: float) -> None:
    """A small curve: round from before, a bridge and a tip from the side."""
    body = pen.body
    x, y = (0.36 + 0.16 * abs(turn)) * turn * body.head_x, f.muzzle_y * body.head_y + nod
    w = f.wide * body.head_x
    d = 1.0 if turn >= 0 else -1.0
    path = Path().move(x - d * w * 0.9, y + 0.1 * w)
    path.curve(
        x - d * w * 0.3, y - 0.7 * w, x + d * w * 0.9, y - 0.6 * w, x + d * w * (0.75 + 0.5 * abs(turn)), y + 0.35 * w
    )
    pen.stroke(path, "coat|", max(0.008 * body.head_y / 0.19, 1.8 * pen.line))


def _whiskers(pen: Pen, f: Features, turn: float, nod: float) -> None:
    body = pen.body
    path = Path()
    x0, y0 = (0.36 + 0.5 * f.reach) * turn * body.head_x, (f.muzzle_y - 0.02) * body.head_y + nod
    for side in (-1.0, 1.0):
        near = 1.0 - 0.45 * max(0.0, side * turn)
        for k in (-1.0, 0.0, 1.0):
            x, y = x0 + side * 0.36 * body.head_x * near, y0 - k * 0.05 * body.head_y
            tip = (x + side * 0.42 * body.head_x * near, y - k * 0.10 * body.head_y + 0.04 * body.head_y)
            path.move(x, y).curve(
                x + side * 0.15 * body.head_x, y + 0.02, tip[0] - side * 0.1 * body.head_x, tip[1], *tip
            )
    pen.stroke(path, "ink", 1.3 * pen.line, None, 0.6)


@lru_cache(maxsize=256)
def _mask_path(kind: str, step: int) -> Path:
    """The pale part of a face: a fox's cheeks, an owl's discs, a bird's cheeks."""
    turn = step / STEPS
    shift = 0.30 * turn
    path = Path()
    if kind == "fox":
        half = points("0 -.16  .36 -.14  .70 -.10  1.02 -.36  .84 -.58  .50 -.81  .2 -.95  0 -.97")
        both = [*half, *[(-x, y) for x, y in reversed(half) if x > 0]]
        path.smooth([
            (x * (1.0 - 0.13 * abs(turn) * (x * turn > 0)) + shift * (1.0 if y > -0.2 else 0.3 * (abs(x) < 0.6)), y)
            for x, y in both
        ], True, 0.9)  # fmt: skip
    elif kind == "owl":
        for side in (-1.0, 1.0):
            near = 1.0 - 0.28 * max(0.0, side * turn)
            path.ellipse(side * 0.44 * (1.0 - 0.22 * abs(turn)) + 0.20 * turn, 0.06, 0.47 * near, 0.58)
    return path


def _mask(pen: Pen, kind: str, turn: float) -> None:
    body, who = pen.body, pen.puppet.who
    size = place(0.0, 0.06 * pen.puppet.head_nod * body.head_y, body.head_x, body.head_y)
    if kind in ("fox", "owl"):
        pen.fill(_mask_path(kind, step_of(turn)), "muzzle", size)
    elif kind == "robot":
        plate = Path().rect(-0.80 + 0.14 * turn, -0.66, 1.60, 1.26, 0.34)
        pen.part(plate, "second", "coat|", size)
    elif kind == "moth":
        ears.collar(pen)
    if who.marking != "plain" and kind not in anatomy.PERSON and kind != "robot":
        _marks(pen, who.marking, turn, size)


def _marks(pen: Pen, marking: str, turn: float, size: tuple[float, float, float, float, float, float]) -> None:
    path = Path()
    shift = 0.3 * turn
    if marking == "stripes":
        for x, y, h in ((-0.22, 0.70, 0.16), (0.0, 0.68, 0.22), (0.22, 0.70, 0.16)):
            path.smooth(((x + shift, y + h), (x + 0.06 + shift, y), (x + shift, y - h), (x - 0.06 + shift, y)))
    elif marking == "spots":
        for x, y, r in (
            (-0.20, 0.66, 0.085),
            (0.10, 0.76, 0.075),
            (0.34, 0.60, 0.06),
            (-0.66, 0.28, 0.07),
            (0.72, 0.30, 0.07),
        ):
            path.ellipse(x * (1 - 0.15 * abs(turn)) + shift * (1 - abs(x)), y, r, r)
    else:
        x = 0.42 * (1.0 - 0.22 * abs(turn)) + 0.34 * turn
        corners = points("-.32 .16  -.12 .52  .22 .50  .36 .12  .16 -.26  -.2 -.22")
        path.smooth([(min(x + dx, 0.92 * math.sqrt(1.0 - y * y)), y) for dx, y in corners])  # not beyond the skull
    pen.fill(path, "mark", size)
