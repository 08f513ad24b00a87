"""Eyes, brows, cheeks and mouths: what a character feels, says and looks at."""

import math
from dataclasses import dataclass

from storyforge.backends.toon import anatomy
from storyforge.backends.toon.art.features import FEATURES, Features
from storyforge.backends.toon.art.outline import Point, arc, place
from storyforge.backends.toon.art.pen import Pen
from storyforge.backends.toon.eyes import iris as iris_at
from storyforge.backends.toon.raster import Path

DISC = Path().ellipse(0.0, 0.0, 1.0)
BALD = frozenset({"frog", "moth", "robot", "owl"})  # no brows at rest
RIM = 1.08  # lids reach this far over the eye's edge, so that none of it shows when they shut


@dataclass(frozen=True)
class Expression:
    """Feelings as what the parts of a face do; 0 is calm."""

    happy: float
    sad: float
    angry: float
    afraid: float
    surprised: float
    lids: float
    smile: float  # corners of the mouth, -1..1
    open: float  # 0..1
    purse: float
    wide: float  # of the eyes, 1 is usual


def expression(pen: Pen) -> Expression:
    """How the face looks in this frame."""
    face = pen.puppet.face
    happy, sad, angry, afraid, surprised = face.feelings
    calm = max(0.0, 1.0 - sum(face.feelings))
    smile = 0.3 * calm + 0.95 * happy - 0.75 * sad - 0.65 * angry - 0.45 * afraid - 0.05 * surprised
    rest = 0.42 * happy + 0.30 * afraid + 0.55 * surprised
    talking = face.talking
    together = max(talking, face.shut)  # lips meet between syllables, and while others are heard
    mouth = rest * (1.0 - 0.8 * together) + face.mouth * (0.8 + 0.2 * angry)
    purse = talking * face.purse * 0.8 + (1.0 - together) * surprised * 0.95
    wide = 1.0 + 0.10 * afraid + 0.18 * surprised - 0.04 * angry
    return Expression(happy, sad, angry, afraid, surprised, face.lids, smile, min(mouth, 1.0), purse, wide)


def spots(pen: Pen, turn: float) -> list[tuple[float, float, float, float]]:
    """Eyes in the head's frame, left of the picture first: x, y, half width, half height."""
    who, body = pen.puppet.who, pen.body
    f = FEATURES[who.kind]
    size = f.eye_r * body.head_y * (0.84 + 0.32 * who.eyes) * (1.04 - 0.12 * max(who.age - 0.5, 0.0))
    aside = 0.34 if who.kind != "frog" else 0.2
    out = []
    for side in (-1.0, 1.0):
        far = max(0.0, side * turn)
        x = side * f.eye_x * (1.0 - 0.22 * abs(turn)) + aside * turn - 0.10 * far * turn
        out.append((
            x * body.head_x, (f.eye_y + 0.12 * pen.puppet.head_nod) * body.head_y,
            size * f.eye_w * (1.0 - 0.30 * far - 0.04 * abs(turn)), size,
        ))  # fmt: skip
    return out


def eyes(pen: Pen, turn: float, feel: Expression) -> None:
    """Both eyes."""
    for side, (x, y, wide, high) in zip((-1.0, 1.0), spots(pen, turn), strict=True):
        eye(pen, side, turn, (x, y), wide * (0.5 + 0.5 * feel.wide), high * feel.wide, feel)


def eye(pen: Pen, side: float, turn: float, at: Point, wide: float, high: float, feel: Expression) -> None:
    """One eye: white, iris, pupil, light, lids; the lids cover the white, since they have the coat's colour."""
    f, kind = FEATURES[pen.puppet.who.kind], pen.puppet.who.kind
    matrix = place(at[0], at[1], wide, high)
    if feel.lids < 0.1:
        _shut(pen, at, wide, high, feel)
        return
    line = 2.0 * pen.line / wide
    pen.canvas.path(DISC, pen["white"], pen["rim"], 0.8 * line, matrix)
    room = 0.98 - f.iris * (1.0 - 0.1 * feel.surprised)
    ix, iy = (room * aside for aside in iris_at(pen.puppet))
    iris = f.iris * (1.0 - 0.12 * feel.surprised - 0.10 * feel.afraid)
    pen.fill(DISC, "iris", place(at[0] + ix * wide, at[1] + iy * high, iris * wide, iris * high))
    slit = 0.62 if kind in ("cat", "dragon") else 1.0
    pupil = iris * (0.66 - 0.20 * feel.afraid - 0.14 * feel.surprised)
    pen.fill(DISC, "dark", place(at[0] + ix * wide, at[1] + iy * high, pupil * wide * slit, pupil * high))
    for dx, dy, r in ((-0.30, 0.36, 0.26), (0.30, -0.36, 0.12)):
        x, y = at[0] + (ix + dx * iris) * wide, at[1] + (iy + dy * iris) * high
        pen.fill(DISC, "white", place(x, y, r * iris * wide * 1.25, r * iris * high * 1.25))
    _lids(pen, side, matrix, line, feel)


def _lids(pen: Pen, side: float, matrix: tuple[float, ...], line: float, feel: Expression) -> None:
    m = (matrix[0], matrix[1], matrix[2], matrix[3], matrix[4], matrix[5])
    shut = 1.0 - feel.lids
    kind = pen.puppet.who.kind
    strong = feel.angry + feel.sad + feel.afraid
    top = 0.88 - 0.16 * feel.happy - 0.16 * feel.sad - 0.36 * feel.angry + 0.2 * feel.afraid + 0.3 * feel.surprised
    top = min(top + (0.26 if kind in BALD else 0.0), 1.02)
    inner = -0.42 * feel.angry + 0.26 * feel.sad + 0.12 * feel.afraid
    outer = 0.28 * feel.angry - 0.40 * feel.sad - 0.20 * feel.afraid
    ends = []
    for corner in (-1.0, 1.0):
        tilt = inner if corner * side < 0 else outer
        open_at = max(-0.95, min(1.04, top - 0.34 + tilt))
        ends.append(open_at + shut * (-0.30 - open_at))
    bulge = (0.50 - 0.14 * strong) * (1.0 - shut) - 0.40 * shut
    lash = _lid(ends[0], ends[1], bulge)
    left, right = (math.asin(max(-1.0, min(1.0, v / RIM))) for v in ends)
    lid = Path().move(RIM * math.cos(right), RIM * math.sin(right))
    arc(lid, right, math.pi - left, RIM)
    lid.curve(*_curve(ends[0], ends[1], bulge)).close()
    pen.canvas.path(lid, pen["muzzle-" if kind == "owl" else "lid"], matrix=m)
    low = -1.04 + 0.30 * feel.happy + 0.14 * feel.angry + 0.50 * shut
    if low > -1.02:
        a = math.asin(low / RIM)
        cover = Path().move(-RIM * math.cos(a), low)
        arc(cover, math.pi - a, 2 * math.pi + a, RIM)
        cover.curve(RIM * 0.4, low + 0.22, -RIM * 0.4, low + 0.22, -RIM * math.cos(a), low).close()
        pen.canvas.path(cover, pen["muzzle" if kind in ("owl", "fox") else "lid"], matrix=m)
    heavy = 0.19 if kind in ("girl", "woman") else 0.15
    pen.canvas.path(lash, None, pen["ink"], max(heavy, line), m)
    if kind in ("girl", "woman"):
        x = side * RIM * math.cos(right if side > 0 else left)
        y = ends[1] if side > 0 else ends[0]
        flick = Path().move(x, y).curve(x + side * 0.1, y + 0.02, x + side * 0.2, y + 0.1, x + side * 0.26, y + 0.24)
        pen.canvas.path(flick, None, pen["ink"], 0.11, m)


def _curve(left: float, right: float, bulge: float) -> tuple[float, ...]:
    x1, x2 = -math.sqrt(max(RIM * RIM - left * left, 0.0)), math.sqrt(max(RIM * RIM - right * right, 0.0))
    third = (x2 - x1) / 3
    return x1 + third, left + bulge, x2 - third, right + bulge, x2, right


def _lid(left: float, right: float, bulge: float) -> Path:
    x1 = -math.sqrt(max(RIM * RIM - left * left, 0.0))
    return Path().move(x1, left).curve(*_curve(left, right, bulge))


def _shut(pen: Pen, at: Point, wide: float, high: float, feel: Expression) -> None:
    """A shut eye: one curve, up when happy, else down."""
    up = 0.42 if feel.happy > 0.5 else -0.42
    y = -0.15 if up < 0 else -0.2
    path = Path().move(-0.95, y).curve(-0.5, y + up, 0.5, y + up, 0.95, y)
    pen.canvas.path(path, None, pen["ink"], max(0.17, 2.4 * pen.line / wide), place(at[0], at[1], wide, high))


def brows(pen: Pen, turn: float, feel: Expression) -> None:
    """Both brows: what makes a feeling readable from afar."""
    who = pen.puppet.who
    person = who.kind in anatomy.PERSON
    said = pen.puppet.face.brow
    if who.kind in BALD and max(feel.angry, feel.sad, feel.afraid, feel.surprised) < 0.2:
        return
    heavy = 1.3 if who.kind == "man" else 1.0
    for side, (x, y, wide, high) in zip((-1.0, 1.0), spots(pen, turn), strict=True):
        lift = (
            1.34 + 0.16 * feel.happy + 0.10 * feel.sad - 0.34 * feel.angry + 0.26 * feel.afraid + 0.55 * feel.surprised
        ) + 0.22 * said
        inner = 0.10 * (1 if person else 0) - 0.50 * feel.angry + 0.42 * feel.sad + 0.45 * feel.afraid
        outer = -0.10 + 0.22 * feel.angry - 0.42 * feel.sad - 0.40 * feel.afraid
        arch = 0.20 + 0.14 * feel.happy + 0.22 * feel.surprised - 0.30 * feel.angry
        left, right = (outer, inner) if side < 0 else (inner, outer)
        path = (
            Path()
            .move(-0.72, lift + left)
            .curve(-0.25, lift + left * 0.6 + arch, 0.25, lift + right * 0.6 + arch, 0.72, lift + right)
        )
        width = (0.19 if person else 0.15) * heavy
        pen.canvas.path(path, None, pen["brow"], max(width, 2.0 * pen.line / wide), place(x, y, wide, high))


def cheeks(pen: Pen, turn: float, feel: Expression) -> None:
    """A little red on the cheeks, more when happy."""
    kind = pen.puppet.who.kind
    strength = (0.42 if kind in anatomy.PERSON else 0.16) + 0.3 * feel.happy
    if kind == "robot" or strength < 0.1:
        return
    f: Features = FEATURES[kind]
    y = (min(f.eye_y, 0.2) - 0.40 + 0.12 * pen.puppet.head_nod) * pen.body.head_y
    for side in (-1.0, 1.0):
        far = max(0.0, side * turn)
        x = (side * (f.eye_x + 0.20) * (1.0 - 0.16 * abs(turn)) + 0.26 * turn) * pen.body.head_x
        size = 0.155 * pen.body.head_x
        pen.fill(DISC, "blush", place(x, y, size * (1.0 - 0.45 * far), size * 0.68), min(strength, 0.8))
