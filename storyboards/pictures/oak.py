"""The oak of the documentary: one skeleton, grown once from its seed, in every month's leaves and light."""

from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import cos, pi, sin

import numpy as np
from sheet import HEIGHT, WIDTH, Colour, Point, Sheet, curve, mixed

SEED = 107
BARK, SNOW = (78, 62, 54), (240, 244, 250)


@dataclass(frozen=True)
class Limb:
    """A branch: points from its foot to its tip, its width at both, and how many forks it is from the trunk."""

    points: tuple[Point, ...]
    wide: float
    narrow: float
    depth: int


@dataclass(frozen=True)
class Season:
    """What one month makes of the view."""

    sky: tuple[Colour, Colour, Colour]
    far: Colour
    near: Colour
    leaves: tuple[Colour, ...] = ()
    amount: float = 1.0  # of the leaves
    size: float = 1.0
    fallen: tuple[Colour, ...] = ()
    bark: Colour = BARK
    snow: bool = False
    sun: tuple[float, float, float, Colour] | None = None  # x, y, radius, colour
    stars: int = 0
    flowers: tuple[Colour, ...] = ()
    mist: Colour | None = None
    grass: Colour = field(default=(0, 0, 0))


def grow(x: float, y: float, angle: float, length: float, wide: float, depth: int, rng: np.random.Generator,
         limbs: list[Limb], deepest: int = 7, pull: float = 0.12) -> None:  # fmt: skip
    """Adds a limb and all it bears; an oak's limbs wander, and spread wider than they rise."""
    points, narrow = [(x, y)], wide * 0.66
    for _ in range(5):
        angle = (angle + rng.normal(0, 0.13)) * (1 + pull * 0.1 if abs(angle) < 1.2 else 0.97)
        x, y = x + sin(angle) * length / 5, y - cos(angle) * length / 5
        points.append((x, y))
    limbs.append(Limb(tuple(points), wide, narrow, depth))
    if depth == deepest:
        return
    forks = 3 if depth in (0, 1, 3) or rng.random() < 0.3 else 2
    spread = rng.uniform(0.42, 0.6) * (1.25 if depth == 0 else 1.0)
    for n in range(forks):
        turn = (n - (forks - 1) / 2) * 2 * spread / max(1, forks - 1) + rng.normal(0, 0.13)
        share = rng.uniform(0.68, 0.86) * (0.96 if depth else 1.28)
        grow(x, y, angle * 0.92 + turn, length * share, narrow * (0.8 if forks == 2 else 0.72), depth + 1, rng, limbs,
             deepest, pull)  # fmt: skip


@cache
def oak() -> tuple[Limb, ...]:
    """The tree, its foot at (0, 0), 1 unit a pixel of a tree some 700 high."""
    limbs: list[Limb] = []
    grow(0.0, 0.0, 0.02, 128.0, 74.0, 0, np.random.default_rng(SEED), limbs)
    return tuple(limbs)


@cache
def roots() -> tuple[Limb, ...]:
    """What lies under it: wide and shallow."""
    limbs: list[Limb] = []
    rng = np.random.default_rng(SEED + 1)
    for angle in (-1.42, -1.15, -0.6, 0.05, 0.65, 1.18, 1.45):
        grow(angle * 14, 0.0, angle, 235.0 * (0.65 + 0.35 * abs(angle)), 24.0, 1, rng, limbs, 5, 1.6)
    sunk = [tuple((x, min(y, -6 - 0.05 * abs(x))) for x, y in limb.points) for limb in limbs]
    return tuple(Limb(points, limb.wide, limb.narrow, limb.depth) for points, limb in zip(sunk, limbs, strict=True))


def limb_shape(limb: Limb, at: Point, scale: float, flip: float = 1.0) -> list[Point]:
    """The outline of a limb on the sheet; flip -1 grows downwards."""
    spots = np.array(curve(limb.points, 4)) * (scale, scale * flip) + at
    along = np.gradient(spots, axis=0)
    side = np.stack([-along[:, 1], along[:, 0]], 1) / np.maximum(np.hypot(*along.T), 1e-6)[:, None]
    half = np.linspace(limb.wide, limb.narrow, len(spots))[:, None] * scale / 2
    if limb.depth == 0:  # the foot widens into the ground
        half[:6] *= 1 + 0.9 * np.linspace(1, 0, 6)[:, None] ** 2
    outline = np.concatenate([spots + side * half, (spots - side * half)[::-1]])
    return [(float(x), float(y)) for x, y in outline]


def draw_oak(sheet: Sheet, at: Point, scale: float, season: Season) -> None:
    """The tree in a month: limbs, snow on them, leaves from the crown's shade to its light."""
    rng = np.random.default_rng(SEED + 2)
    tips = [limb for limb in oak() if limb.depth >= 5]
    _leaves(sheet, at, scale, season, tips[::2], rng, shade=0.42)
    for limb in oak():
        bark = mixed(season.bark, season.sky[1], 0.05 * limb.depth)
        sheet.poly(limb_shape(limb, at, scale), bark)
        if limb.depth < 3:
            lit = limb_shape(Limb(limb.points, limb.wide * 0.34, limb.narrow * 0.3, 1), at, scale)
            sheet.poly([(x - limb.wide * 0.2 * scale, y) for x, y in lit], (*mixed(bark, (255, 236, 200), 0.3), 90))
        if season.snow and limb.depth < 7:
            spots = [(x * scale + at[0], y * scale + at[1] - limb.narrow * scale * 0.5) for x, y in limb.points]
            flat = [a for a, b in pairwise(spots) if abs(a[0] - b[0]) > 0.45 * abs(a[1] - b[1])]
            if len(flat) > 2:
                sheet.line(flat, max(1.2, limb.narrow * scale * 0.32), SNOW)
    _leaves(sheet, at, scale, season, tips, rng, shade=0.0)


def _leaves(sheet: Sheet, at: Point, scale: float, season: Season, limbs: list[Limb], rng: np.random.Generator,
            shade: float) -> None:  # fmt: skip
    """Tufts of leaves at the ends of the twigs, lighter towards the upper left of the crown."""
    if not season.leaves:
        return
    tips = [limb.points[-1] for limb in limbs if rng.random() < season.amount]
    tips.sort(key=lambda tip: tip[1] * -0.4 + tip[0] * -0.2 + rng.normal(0, 60))
    for x, y in tips:
        light = np.clip(0.5 + (-x * 0.0011) + (-y - 420) * 0.0012, 0, 1)
        for _ in range(8):
            dx, dy = rng.normal(0, 19, 2)
            colour = season.leaves[rng.integers(len(season.leaves))]
            tone = mixed(mixed(colour, (24, 40, 46), 0.32), mixed(colour, (255, 248, 190), 0.2), light - dy * 0.012)
            tone = mixed(tone, (26, 44, 44), shade)
            turn, long = rng.uniform(0, pi), rng.uniform(5, 9) * season.size * scale
            centre = (at[0] + (x + dx) * scale, at[1] + (y + dy) * scale)
            sheet.poly(blade(centre, turn, long, long * 0.55), tone)


def blade(centre: Point, turn: float, long: float, wide: float) -> list[Point]:
    """A leaf from afar: a pointed oval."""
    out = []
    for k in range(10):
        a = 2 * pi * k / 10
        u, v = long * cos(a), wide * sin(a)
        out.append((centre[0] + u * cos(turn) - v * sin(turn), centre[1] + u * sin(turn) + v * cos(turn)))
    return out


def ridge(base: float, height: float, seed: int, waves: int = 5) -> list[Point]:
    """The outline of hills, closed at the sheet's foot."""
    rng = np.random.default_rng(seed)
    xs = np.linspace(-20, WIDTH + 20, 120)
    parts = [rng.uniform(0.3, 1) / n * np.sin(xs / WIDTH * n * pi * 1.3 + rng.uniform(0, 6)) for n in range(1, waves)]
    ys = base - height * sum(parts)
    return [*((float(x), float(y)) for x, y in zip(xs, ys, strict=True)), (WIDTH + 20, HEIGHT), (-20, HEIGHT)]


def mound(x: float) -> float:
    """The height of the ground at x: the hill that the tree stands on."""
    return 905 - 75 * float(np.exp(-(((x - 960) / 620) ** 2))) + 10 * sin(x / 170)


def view(season: Season) -> Sheet:
    """The hill with the tree, from where it is seen all year."""
    sheet, rng = Sheet(*[season.sky[n] for n in (0, 2, 1)]), np.random.default_rng(SEED + 3)
    for _ in range(season.stars):
        x, y = rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT * 0.75)
        sheet.disc(x, y, rng.uniform(0.8, 2.4), mixed(season.sky[0], (255, 255, 240), rng.uniform(0.5, 1)))
    if season.sun:
        x, y, radius, colour = season.sun
        sheet.glow(x, y, radius * 7, colour, 0.55)
        sheet.disc(x, y, radius, mixed(colour, (255, 255, 255), 0.45))
    for n, (base, height, share) in enumerate(((760, 60, 0.66), (815, 46, 0.4), (860, 30, 0.18))):
        sheet.poly(ridge(base, height, SEED + n), mixed(season.far, season.sky[2], share))
        if season.mist:
            sheet.glow(960, base + 30, 900, season.mist, 0.3)
    ground = [(float(x), mound(x)) for x in range(-20, WIDTH + 40, 20)]
    sheet.poly([*ground, (WIDTH + 20, HEIGHT), (-20, HEIGHT)], season.near)
    for depth in range(5):  # the foreground grows darker
        low = [(x, y + 40 + 34 * depth + 8 * sin(x / 90 + depth)) for x, y in ground]
        sheet.poly([*low, (WIDTH + 20, HEIGHT), (-20, HEIGHT)], (*mixed(season.near, (20, 30, 50), 0.5), 26))
    for n in range(14):  # the tree's shade, soft at its edge
        sheet.disc(
            985,
            mound(985) + 34,
            500 - 20 * n,
            (*mixed(season.near, (16, 26, 46), 0.7), 6 if season.snow else 13),
            58 - 3.2 * n,
        )
    draw_oak(sheet, (960, 852), 1.08, season)
    _meadow(sheet, season, rng)
    return sheet


def _meadow(sheet: Sheet, season: Season, rng: np.random.Generator) -> None:
    """Grass, flowers and fallen leaves on the hill."""
    for _ in range(0 if season.snow else 2600):
        x = rng.uniform(0, WIDTH)
        y = mound(x) + abs(rng.normal(0, 75))
        tall, lean = rng.uniform(5, 10) + (y - 850) * 0.07, rng.normal(0, 4)
        tone = mixed(season.near, season.grass if any(season.grass) else (250, 250, 180), rng.uniform(0, 0.34))
        sheet.line([(x, y), (x + lean, y - tall)], 1.6, tone)
    for colours, count, spread in ((season.flowers, 220, 100), (season.fallen, 900, 46)):
        for _ in range(count if colours else 0):
            x = rng.normal(960, 480 if colours is season.fallen else 800)
            y = mound(x) + 4 + abs(rng.normal(0, spread))
            big = 3 + (y - 850) * 0.02
            colour = colours[rng.integers(len(colours))]
            sheet.poly(blade((x, y), rng.uniform(0, pi), big * 1.3, big * 0.7), colour)
    if season.snow:
        for _ in range(380):
            x, y = rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT)
            sheet.disc(x, y, rng.uniform(1.2, 3.8), (255, 255, 255, 210))
