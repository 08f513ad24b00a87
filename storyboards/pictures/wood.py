"""What the documentary sees of the oak's wood, roots and water, and of the year."""

from math import cos, pi, sin

import numpy as np
from oak import Limb, Season, blade, draw_oak, limb_shape, oak, roots
from sheet import HEIGHT, WIDTH, Point, Sheet, curve, mixed

PAPER = ((250, 246, 236), (238, 230, 214))
INK, GREEN, FRESH = (62, 52, 48), (104, 154, 66), (166, 196, 84)
EARTH = ((104, 78, 60), (52, 40, 36))


def _rings(sheet: Sheet, at: Point, radius: float, count: int, seed: int) -> None:
    """Years around a centre: each a pale early part and a dark late line."""
    rng = np.random.default_rng(seed)
    turns = np.linspace(0, 2 * pi, 220)
    shape = 1 + sum(rng.normal(0, 0.008) * np.cos(n * turns + rng.uniform(0, 6)) for n in range(2, 7))
    widths = np.cumsum(rng.uniform(0.5, 1.5, count))
    for year in range(count, 0, -1):
        r = radius * widths[year - 1] / widths[-1]
        grain = shape ** (0.3 + 0.7 * year / count) + 0.0015 * rng.normal(0, 1, 220)
        edge = [(at[0] + r * g * cos(a), at[1] + r * g * sin(a)) for a, g in zip(turns, grain, strict=True)]
        heart = mixed((168, 116, 72), (222, 182, 130), (year / count) ** 2)
        sheet.poly(edge, mixed(heart, (110, 70, 42), 0.45))
        inner = [(at[0] + (x - at[0]) * (1 - 3.2 / r), at[1] + (y - at[1]) * (1 - 3.2 / r)) for x, y in edge]
        sheet.poly(inner, heart)


def rings() -> Sheet:
    """A slice through a trunk."""
    sheet = Sheet(*PAPER)
    rng = np.random.default_rng(3)
    bark = [
        (960 + (475 + rng.normal(0, 6)) * cos(a), 540 + (472 + rng.normal(0, 6)) * sin(a))
        for a in np.linspace(0, 2 * pi, 160)
    ]
    sheet.poly([(x + 14, y + 20) for x, y in bark], (60, 40, 20, 60))
    sheet.poly(bark, (84, 64, 52))
    _rings(sheet, (960, 540), 446, 62, 4)
    for n in range(26):  # rays, from the heart outward
        a = n * 2 * pi / 26 + rng.normal(0, 0.05)
        start = rng.uniform(60, 220)
        sheet.line(
            [(960 + start * cos(a), 540 + start * sin(a)), (960 + 425 * cos(a), 540 + 425 * sin(a))],
            1.4,
            (244, 214, 168, 120),
        )
    return sheet


def vessels() -> Sheet:
    """Three years of wood from near: wide pipes in spring, dense wood in summer."""
    sheet, rng = Sheet((224, 186, 134), (212, 170, 118)), np.random.default_rng(6)
    for year in range(3):
        foot = 1010 - year * 330
        for n in range(26):
            y = foot - 170 - n * 6
            sheet.line([(0, y), (WIDTH, y)], 6, (*(128, 84, 50), 26 + n * 4))
        for row in range(3):
            for n in range(22 - row * 2):
                radius = 37 - row * 9 + rng.normal(0, 3)
                x, y = n * 92 + row * 46 + rng.normal(0, 9), foot - 24 - row * 62 + rng.normal(0, 6)
                sheet.disc(x, y, radius + 5, (150, 104, 66), radius)
                sheet.disc(x, y, radius, (66, 44, 36), radius - 5)
                sheet.disc(x - radius * 0.2, y - radius * 0.25, radius * 0.62, (84, 58, 46), radius * 0.5)
        for _ in range(240):
            sheet.disc(rng.uniform(0, WIDTH), foot - rng.uniform(170, 320), rng.uniform(3, 7), (110, 72, 46))
    for n in range(17):
        x = n * 118 + 50
        sheet.line([(x, -10), (x + 8, HEIGHT + 10)], 5, (240, 208, 160, 170))
    for year, text in enumerate(("this year", "last year", "the year before")):
        foot = 1010 - (2 - year) * 330
        sheet.poly(
            [(1230, foot - 265), (1530, foot - 265), (1530, foot - 195), (1230, foot - 195)], (250, 244, 230, 225)
        )
        sheet.label(1380, foot - 231, text, INK, 38)
    return sheet


def soil(sheet: Sheet, top: float) -> None:
    """Earth below `top`: layers, stones and grains."""
    rng = np.random.default_rng(12)
    for n in range(24):
        y = top + (HEIGHT - top) * n / 24
        edge = [(float(x), y + 9 * sin(x / 130 + n) + 5 * sin(x / 41 + 2 * n)) for x in range(-20, WIDTH + 40, 24)]
        sheet.poly([*edge, (WIDTH + 20, HEIGHT), (-20, HEIGHT)], mixed(*EARTH, n / 24))
    for _ in range(900):
        x, y = rng.uniform(0, WIDTH), rng.uniform(top + 20, HEIGHT)
        sheet.disc(x, y, rng.uniform(1, 4), (*mixed((160, 130, 100), (50, 38, 32), rng.random()), 150))
    for _ in range(34):
        x, y, r = rng.uniform(0, WIDTH), rng.uniform(top + 120, HEIGHT), rng.uniform(10, 34)
        sheet.poly(blade((x, y), rng.uniform(0, pi), r, r * 0.7), mixed((132, 120, 110), (90, 80, 76), rng.random()))


def under() -> Sheet:
    """The roots, as wide as the crown and wider, with the threads of fungi among them."""
    sheet = Sheet((168, 190, 216), (226, 224, 222))
    sheet.poly([(-20, 330), (WIDTH + 20, 330), (WIDTH + 20, HEIGHT), (-20, HEIGHT)], EARTH[0])
    soil(sheet, 318)
    trunk = Limb(((0, 0), (-4, -80), (2, -160), (8, -240)), 84, 70, 0)
    sheet.poly(limb_shape(trunk, (960, 340), 1.9), (78, 62, 54))
    rng = np.random.default_rng(9)
    for limb in roots():
        shape = limb_shape(limb, (960, 322), 1.5, -1.0)
        sheet.poly(shape, mixed((150, 112, 80), (196, 164, 122), limb.depth / 6))
    for limb in [one for one in roots() if one.depth == 5][::2]:
        x, y = 960 + limb.points[-1][0] * 1.5, 322 - limb.points[-1][1] * 1.5
        for _ in range(3):
            a = rng.uniform(0, 2 * pi)
            path = curve([(x, y), (x + 40 * cos(a), y + 30 * sin(a)), (x + 84 * cos(a + 0.6), y + 60 * sin(a + 0.6))])
            sheet.line(path, 1.5, (236, 224, 196, 150))
    return sheet


def sap() -> Sheet:
    """The tree as a drawing of its water: from the roots to every twig."""
    sheet = Sheet((14, 30, 52), (10, 18, 34))
    sheet.glow(960, 480, 900, (32, 82, 120), 0.8)
    for limb in roots():
        sheet.poly(limb_shape(limb, (960, 790), 0.95, -0.6), mixed((70, 132, 176), (30, 74, 116), limb.depth / 6))
    for limb in oak():
        sheet.poly(limb_shape(limb, (960, 790), 1.08), mixed((120, 196, 224), (40, 104, 152), limb.depth / 8))
    rng = np.random.default_rng(2)
    for limb in oak():
        for x, y in limb.points[1::2]:
            if rng.random() < 0.7:
                sheet.disc(960 + x * 1.08, 790 + y * 1.08, 4.2 - 0.4 * limb.depth, (226, 250, 255))
    return sheet


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STATES = ((222, 230, 240), (206, 216, 226), (190, 176, 130), (190, 204, 104), (150, 196, 84), (116, 170, 72),
          (100, 152, 64), (104, 146, 62), (150, 160, 66), (216, 154, 58), (160, 110, 66), (196, 206, 220))  # fmt: skip


def wheel() -> Sheet:
    """The year as a wheel: the tree's colours around, and the length of the days at 52 degrees north within."""
    sheet = Sheet(*PAPER)
    centre = (960.0, 412.0)

    def spot(radius: float, turn: float) -> Point:
        return centre[0] + radius * sin(turn), centre[1] - radius * cos(turn)

    for n, tone in enumerate(STATES):
        arc = np.linspace(n, n + 1, 24) * 2 * pi / 12
        sheet.poly([*(spot(296, float(a)) for a in arc), *(spot(218, float(a)) for a in arc[::-1])], tone)
        sheet.label(*spot(342, (n + 0.5) * pi / 6), MONTHS[n], INK, 40)
        sheet.line([spot(218, n * pi / 6), spot(296, n * pi / 6)], 4, PAPER[0])
    turns = np.linspace(0, 2 * pi, 240)
    tilt = -np.radians(23.44) * np.cos(turns + 2 * pi * 10 / 365)  # the sun's height over the equator
    hours = 24 / pi * np.arccos(np.clip(-np.tan(np.radians(52)) * np.tan(tilt), -1, 1))
    sheet.poly([spot(12.2 * float(h), float(a)) for a, h in zip(turns, hours, strict=True)], (250, 214, 110))
    sheet.poly([spot(80, float(a)) for a in turns], PAPER[0])
    draw_oak(
        sheet,
        (960, 456),
        0.155,
        Season(sky=((0, 0, 0), PAPER[0], PAPER[0]), far=INK, near=INK, leaves=(GREEN, FRESH), size=2.2),
    )
    return sheet
