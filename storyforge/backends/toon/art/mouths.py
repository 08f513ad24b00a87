"""Mouths of lips and muzzles, beaks, and a robot's lit slot."""

from storyforge.backends.toon.art.faces import Expression
from storyforge.backends.toon.art.features import Features
from storyforge.backends.toon.art.outline import Point
from storyforge.backends.toon.art.pen import Pen
from storyforge.backends.toon.raster import Path


def mouth(pen: Pen, at: Point, wide: float, feel: Expression, nose: Point | None = None) -> None:
    """A mouth about a point, `wide` half its width; from `nose` a line comes down to it, as on a muzzle."""
    gap = feel.open * wide * (0.95 + 0.55 * feel.purse)
    width = max(0.0085 * (pen.body.head_y / 0.19), 2.2 * pen.line)
    if gap < 0.12 * wide:
        _shut(pen, at, wide, feel, nose, width)
    else:
        _open(pen, at, wide, feel, nose, width, gap)


def _shut(pen: Pen, at: Point, wide: float, feel: Expression, nose: Point | None, width: float) -> None:
    """A line; on a muzzle that smiles, the two bows of a cat's mouth."""
    x, y = at
    w, s = wide * (0.84 + 0.24 * abs(feel.smile)), feel.smile * wide * 0.42
    shaky = 0.16 * wide * feel.afraid
    path = Path()
    if nose is not None:
        path.move(*nose).curve(nose[0], (nose[1] + y) / 2, x, (nose[1] + y) / 2, x, y)
    if nose is not None and feel.smile > 0.0:
        path.move(x - w, y + s * 0.75)
        path.curve(x - w * 0.8, y - 0.42 * w, x - w * 0.15, y - 0.42 * w, x, y)
        path.curve(x + w * 0.15, y - 0.42 * w, x + w * 0.8, y - 0.42 * w, x + w, y + s * 0.75)
    else:
        path.move(x - w, y + s * 0.8 - shaky)
        path.curve(x - w * 0.45, y - s * 0.75 + shaky * 2, x + w * 0.45, y - s * 0.75 - shaky, x + w, y + s * 0.8)
    pen.stroke(path, "lips", width)


def _open(pen: Pen, at: Point, wide: float, feel: Expression, nose: Point | None, width: float, gap: float) -> None:
    """An open mouth with its tongue, and teeth where it is wide."""
    x, y = at
    w = wide * (1.0 - 0.45 * feel.purse) * (0.86 + 0.22 * abs(feel.smile))
    s = feel.smile * wide * 0.42
    up, low, corner = y + 0.12 * gap - s * 0.35, y - gap - s * 0.5, y + s * 0.72
    if nose is not None:
        pen.stroke(Path().move(*nose).line(x, up + 0.04 * gap), "lips", width)
    path = Path().move(x - w, corner)
    path.curve(x - w * 0.55, up + 0.10 * gap, x + w * 0.55, up + 0.10 * gap, x + w, corner)
    path.curve(x + w * 0.95, low + (corner - low) * 0.25, x + w * 0.5, low, x, low)
    path.curve(x - w * 0.5, low, x - w * 0.95, low + (corner - low) * 0.25, x - w, corner).close()
    pen.canvas.path(path, pen["maw"], pen["lips"], width)
    deep = corner - low
    pen.fill(Path().ellipse(x, low + 0.24 * deep, w * 0.46, 0.20 * deep), "tongue")
    if feel.purse < 0.45 and feel.open > 0.2 and feel.smile > -0.2:
        edge, top = corner - 0.02 * deep, up + 0.06 * gap
        teeth = (
            Path()
            .move(x - w * 0.66, edge - s * 0.05)
            .curve(x - w * 0.4, top, x + w * 0.4, top, x + w * 0.66, edge - s * 0.05)
        )
        mid = (up + corner) / 2 - 0.22 * deep
        teeth.curve(x + w * 0.5, mid, x - w * 0.5, mid, x - w * 0.66, edge).close()
        pen.fill(teeth, "white")


def beak(pen: Pen, f: Features, turn: float, nod: float, feel: Expression) -> None:
    """A beak that opens; drawn out to the side as the head turns."""
    body = pen.body
    x, y = 0.36 * turn * body.head_x, (f.muzzle_y + 0.02) * body.head_y + nod
    w, h = f.wide * body.head_x * (1.0 - 0.25 * abs(turn)), f.high * body.head_y
    tip_x, drop = x + f.reach * turn * body.head_x, h * (0.75 if pen.puppet.who.kind == "bird" else 1.0)
    gap = feel.open * h * 1.45
    mood = 0.22 * h * (feel.smile - 0.3)
    if gap > 0.06 * h:
        low = Path().move(x - w * 0.78, y - 0.1 * h)
        low.curve(x - w * 0.6, y - 0.5 * h - gap, tip_x - w * 0.3, y - drop * 0.6 - gap, tip_x, y - drop * 0.62 - gap)
        low.curve(
            tip_x + w * 0.3, y - drop * 0.6 - gap, x + w * 0.6, y - 0.5 * h - gap, x + w * 0.78, y - 0.1 * h
        ).close()
        pen.part(low, "beak-", "beak|")
        inside = Path().ellipse((x + tip_x) / 2, y - 0.35 * h - gap * 0.35, w * 0.5, gap * 0.45)
        pen.fill(inside, "maw")
    d, a = (1.0 if turn >= 0 else -1.0), abs(turn)
    far_x, far_y = x + d * w * (1.0 - a) + (tip_x - x) * a, y + (mood - 0.1 * h) * (1.0 - a) - 0.2 * h * a
    low_y = y - drop * (1.0 - 0.5 * a)
    top = Path().move(x - d * w, y + mood)
    top.curve(x - d * w * 0.9, y + 0.55 * h, x + d * w * 0.3, y + 0.75 * h, far_x, far_y)
    top.curve(far_x + d * w * 0.1, far_y - 0.2 * h, tip_x + d * w * 0.3, low_y + 0.15 * h, tip_x, low_y)
    top.curve(tip_x - d * w * 0.35, low_y + 0.12 * h, x - d * w * 0.7, y - 0.38 * h, x - d * w, y + mood).close()
    pen.part(top, "beak", "beak|")
    shine = (
        Path()
        .move(x - w * 0.35, y + 0.25 * h)
        .curve(x - w * 0.1, y + 0.4 * h, x + w * 0.2, y + 0.4 * h, x + w * 0.4, y + 0.2 * h)
    )
    pen.stroke(shine, "beak+", 0.12 * h)


def grille(pen: Pen, at: Point, wide: float, feel: Expression) -> None:
    """A robot's mouth: a lit slot that widens with its voice and bends with its mood."""
    s, gap = feel.smile * wide * 0.4, (0.22 + 0.78 * feel.open) * wide * 0.58
    x, y = at
    path = Path().move(x - wide, y + s)
    path.curve(x - wide * 0.4, y - s * 0.6, x + wide * 0.4, y - s * 0.6, x + wide, y + s)
    pen.stroke(path, "dark", gap + 3 * pen.line)
    pen.stroke(path, "lamp", gap * 0.62)
    bars = Path()
    for k in (-0.5, 0.0, 0.5):
        bars.move(x + k * wide, y - gap * 0.4 + s * (abs(k) - 0.35)).line(
            x + k * wide, y + gap * 0.4 + s * (abs(k) - 0.35)
        )
    pen.stroke(bars, "dark", 0.10 * wide)
