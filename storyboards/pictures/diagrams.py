"""The documentary's drawings from near: twigs, leaves, wood, roots, acorns, and the year as a wheel."""

from collections.abc import Callable, Sequence
from math import cos, pi, sin

import numpy as np
from oak import Limb, blade, draw_oak, limb_shape, oak, roots
from oak import Season as Dress
from sheet import HEIGHT, WIDTH, Colour, Point, Sheet, curve, mixed

PAPER = ((250, 246, 236), (238, 230, 214))
INK, WOOD, BUD = (62, 52, 48), (122, 96, 74), (150, 88, 58)
GREEN, FRESH, GOLD, RUST = (104, 154, 66), (166, 196, 84), (216, 166, 58), (172, 96, 46)
EARTH = ((104, 78, 60), (52, 40, 36))


def lobed(at: Point, turn: float, long: float, opened: float = 1.0) -> tuple[list[Point], list[list[Point]]]:
    """An oak leaf: its outline with four lobes a side, and its veins; `opened` 0..1 as it unfolds in spring."""
    def place(along: float, across: float) -> Point:
        u, v = along * long, across * long * opened
        return at[0] + u * cos(turn) - v * sin(turn), at[1] + u * sin(turn) + v * cos(turn)

    shares = np.linspace(0, 1, 140)
    wide = 0.235 * np.sin(pi * shares**1.5) ** 0.62 + 0.022 * (1 - shares)
    edge = wide * (1 + 0.27 * np.cos(2 * pi * 4.6 * (shares - 0.13)) * (0.4 + 0.6 * np.sin(pi * shares)))
    one = [place(float(t), float(w)) for t, w in zip(shares, edge, strict=True)]
    other = [place(float(t), -float(w)) for t, w in zip(shares, edge, strict=True)][::-1]
    veins = [[place(-0.12, 0), place(0.4, 0.008), place(0.95, 0)]]
    for lobe in range(4):
        t = 0.13 + lobe / 4.6
        reach = float(np.interp(min(0.97, t + 0.1), shares, edge)) * 0.86
        veins += [[place(t - 0.07, 0), place(t + 0.05, side * reach * 0.6), place(t + 0.1, side * reach)]
                  for side in (-1, 1)]  # fmt: skip
    return [*one, *other], veins


def leaf(sheet: Sheet, at: Point, turn: float, long: float, colour: Colour, opened: float = 1.0) -> None:
    """An oak leaf with a lit half and its veins."""
    outline, veins = lobed(at, turn, long, opened)
    sheet.poly([(x + long * 0.012, y + long * 0.02) for x, y in outline], (40, 40, 30, 40))
    sheet.poly(outline, colour)
    half = outline[: len(outline) // 2]
    sheet.poly([*half, veins[0][-1], at], (*mixed(colour, (255, 250, 190), 0.35), 110))
    for n, vein in enumerate(veins):
        sheet.line(curve(vein), long * (0.012 if n else 0.019), mixed(colour, (255, 246, 200), 0.42))


def twig(sheet: Sheet, points: Sequence[Point], wide: float, colour: Colour = WOOD) -> None:
    """A twig, its light on one side."""
    limb = Limb(tuple(points), wide, wide * 0.55, 1)
    sheet.poly(limb_shape(limb, (0, 0), 1.0), colour)
    lit = Limb(tuple((x - wide * 0.12, y - wide * 0.16) for x, y in points), wide * 0.3, wide * 0.16, 1)
    sheet.poly(limb_shape(lit, (0, 0), 1.0), (*mixed(colour, (255, 240, 210), 0.4), 150))


def bud(sheet: Sheet, at: Point, turn: float, long: float, colour: Colour = BUD) -> None:
    """A winter bud in overlapping scales."""
    for n in range(6):
        share = 1 - n * 0.13
        middle = (at[0] + cos(turn) * long * (0.42 + 0.075 * n), at[1] + sin(turn) * long * (0.42 + 0.075 * n))
        tone = mixed(colour, (236, 190, 140), 0.1 * n)
        sheet.poly(blade(middle, turn, long * 0.52 * share, long * 0.3 * share), mixed(tone, INK, 0.35))
        sheet.poly(blade(middle, turn, long * 0.49 * share, long * 0.27 * share), tone)


def _stem() -> list[Point]:
    return [(120, 930), (480, 800), (860, 690), (1180, 560), (1400, 420)]


def buds() -> Sheet:
    """A twig in winter: the crowd of buds at its end is how one knows an oak."""
    sheet = Sheet((206, 218, 232), (238, 234, 230))
    sheet.glow(1500, 240, 700, (255, 244, 222), 0.7)
    twig(sheet, [(900, 720), (1020, 520), (1060, 340)], 30)
    for x, y, turn in ((560, 772, -1.9), (690, 742, 0.6), (1010, 560, -2.6), (1030, 470, -0.3)):
        bud(sheet, (x, y), turn, 76)
    for turn in (-2.2, -0.9, -1.55):
        bud(sheet, (1060, 345), turn, 92)
    twig(sheet, _stem(), 52)
    for turn in (-2.3, -1.65, 0.25, -0.2, -0.95):
        bud(sheet, (1400, 424), turn, 150 if turn == -0.95 else 118)
    return sheet


def opening() -> Sheet:
    """The same twig in April: small leaves, still folded, copper at first."""
    sheet = Sheet((178, 214, 232), (236, 242, 218))
    sheet.glow(1450, 260, 700, (255, 250, 214), 0.7)
    twig(sheet, _stem(), 52)
    fans = (((1400, 424), (-2.5, -1.9, -1.35, -0.8, -0.3, 0.25), 250), ((860, 690), (-2.3, -1.5, -0.8), 190),
            ((480, 800), (-2.2, -1.5), 150))  # fmt: skip
    for at, turns, long in fans:
        for n, turn in enumerate(turns):
            colour = (FRESH, (190, 170, 84), (204, 150, 84))[n % 3]
            leaf(sheet, (at[0] + cos(turn) * 26, at[1] + sin(turn) * 26), turn, long * (0.82 + 0.18 * (n % 2)), colour,
                 0.55 + 0.2 * (n % 2))  # fmt: skip
    return sheet


def catkins() -> Sheet:
    """May: catkins hang among young leaves, and let their pollen go."""
    sheet = Sheet((120, 186, 226), (216, 238, 226))
    rng = np.random.default_rng(5)
    for _ in range(60):
        leaf(sheet, (rng.uniform(0, WIDTH), rng.uniform(-80, 420)), rng.uniform(0, 6), rng.uniform(150, 260), (140, 188, 96))
    sheet.soften(9)
    twig(sheet, [(-40, 250), (480, 300), (980, 260), (1500, 330), (1980, 280)], 44)
    for n in range(9):
        x, length, sway = 240 + n * 190 + rng.normal(0, 20), rng.uniform(300, 470), rng.normal(0, 26)
        line = curve([(x, 290), (x + sway, 290 + length / 2), (x + sway * 2, 290 + length)])
        sheet.line(line, 5, (150, 160, 70))
        for px, py in line[2::2]:
            for side in (-1, 1):
                sheet.disc(px + side * 11 + rng.normal(0, 3), py + rng.normal(0, 4), 11, mixed((206, 200, 84), (236, 224, 130), rng.random()))
    for n, turn in enumerate((0.5, 2.3, 1.2, 2.6, 0.7, 1.9)):
        leaf(sheet, (300 + n * 280, 290), turn, 250, mixed(FRESH, GREEN, n % 2 * 0.5), 0.9)
    for _ in range(170):
        sheet.disc(rng.uniform(0, WIDTH), rng.uniform(400, HEIGHT), rng.uniform(1.5, 4), (250, 240, 150, 190))
    return sheet


def inside() -> Sheet:
    """A leaf cut across: light enters above, air and water pass through pores below."""
    sheet, rng = Sheet((250, 246, 224), (226, 238, 226)), np.random.default_rng(8)
    for n in range(7):
        x = 250 + n * 230
        sheet.poly([(x, -20), (x + 60, -20), (x - 150, 330), (x - 210, 330)], (255, 226, 120, 70))
    for row, (top, high, tone) in enumerate(((300, 62, (206, 222, 150)), (760, 56, (206, 222, 150)))):
        for n in range(14):
            x = 60 + n * 140
            if row and n in (4, 9):  # a pore between two guard cells
                for side in (-1, 1):
                    sheet.poly(blade((x + 52 + side * 40, top + 30), pi / 2 + side * 0.25, 48, 24), (112, 160, 84))
                continue
            _cell(sheet, x, top, 130, high, tone)
    for n in range(23):
        _cell(sheet, 60 + n * 80, 374, 70, 190, (164, 204, 112))
        for _ in range(13):
            _grain(sheet, 60 + n * 80 + rng.uniform(14, 56), 374 + rng.uniform(18, 172), rng)
    for _ in range(44):
        x, y = rng.uniform(80, 1860), rng.uniform(620, 720)
        if min(abs(x - 672), abs(x - 1372)) > 90:
            sheet.disc(x, y, 44, (130, 176, 96), 36)
            sheet.disc(x, y, 39, (176, 212, 128), 31)
            for _ in range(5):
                _grain(sheet, x + rng.normal(0, 16), y + rng.normal(0, 12), rng)
    for x in (672, 1372):
        sheet.arrow([(x - 90, 1000), (x - 60, 900), (x - 6, 800), (x - 4, 690)], 9, (96, 104, 112))
        sheet.arrow([(x + 6, 700), (x + 16, 810), (x + 70, 900), (x + 120, 990)], 9, (64, 132, 190))
    sheet.label(1010, 160, "light", (176, 130, 30), 46)
    sheet.label(540, 1000, "carbon dioxide in", INK, 38, "rm")
    sheet.label(840, 1000, "oxygen and water out", (44, 104, 160), 38, "lm")
    return sheet


def _cell(sheet: Sheet, x: float, y: float, wide: float, high: float, tone: Colour) -> None:
    box = [x * 2, y * 2, (x + wide) * 2, (y + high) * 2]
    sheet.pen.rounded_rectangle(box, 44, fill=tone, outline=mixed(tone, INK, 0.45), width=5)


def _grain(sheet: Sheet, x: float, y: float, rng: np.random.Generator) -> None:
    sheet.disc(x, y, 9, mixed((74, 136, 52), (110, 164, 62), rng.random()), 7)


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
    bark = [(960 + (475 + rng.normal(0, 6)) * cos(a), 540 + (472 + rng.normal(0, 6)) * sin(a)) for a in np.linspace(0, 2 * pi, 160)]
    sheet.poly([(x + 14, y + 20) for x, y in bark], (60, 40, 20, 60))
    sheet.poly(bark, (84, 64, 52))
    _rings(sheet, (960, 540), 446, 62, 4)
    for n in range(26):  # rays, from the heart outward
        a = n * 2 * pi / 26 + rng.normal(0, 0.05)
        start = rng.uniform(60, 220)
        sheet.line([(960 + start * cos(a), 540 + start * sin(a)), (960 + 425 * cos(a), 540 + 425 * sin(a))], 1.4, (244, 214, 168, 120))
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
        sheet.poly([(1560, foot - 265), (1860, foot - 265), (1860, foot - 195), (1560, foot - 195)], (250, 244, 230, 225))
        sheet.label(1710, foot - 231, text, INK, 38)
    return sheet


def _soil(sheet: Sheet, top: float) -> None:
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
    _soil(sheet, 318)
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


def colours() -> Sheet:
    """One leaf in October, five times: the green goes, and the yellow that was there is seen."""
    sheet = Sheet(*PAPER)
    tones = (GREEN, (150, 164, 62), GOLD, (204, 128, 50), (138, 92, 60))
    for n, tone in enumerate(tones):
        x = 240 + n * 360
        sheet.line(curve([(x - 6, 990), (x + 4, 880), (x, 800)]), 9, mixed(tone, INK, 0.3))
        leaf(sheet, (x, 810), -pi / 2 + 0.05 * (n - 2), 660, tone)
    return sheet


def parting() -> Sheet:
    """Where a leaf leaves: a layer of weak cells across the foot of its stalk, and cork that heals the place."""
    sheet, rng = Sheet((244, 226, 196), (232, 206, 172)), np.random.default_rng(4)
    sheet.poly([(-20, -20), (760, -20), (700, 540), (760, HEIGHT + 20), (-20, HEIGHT + 20)], (134, 104, 80))
    sheet.poly([(-20, -20), (560, -20), (520, 540), (560, HEIGHT + 20), (-20, HEIGHT + 20)], (176, 142, 104))
    stalk = [(690, 330), (980, 390), (1400, 440), (1960, 400), (1960, 590), (1400, 640), (980, 670), (690, 760)]
    sheet.poly(curve(stalk), (216, 178, 78))
    for n in range(6):
        y = 440 + n * 40
        sheet.line(curve([(300, y + 60), (700, y + 20), (1100, y), (1960, y - 40)]), 7, (150, 160, 84))
    for n in range(3):
        for k in range(16 - n):
            y = 352 + k * 26 + n * 9
            tone = ((250, 236, 196), (240, 214, 150), (150, 100, 66))[n]
            x = 806 - n * 34 + 10 * sin(k * 0.4)
            sheet.disc(x, y, 18, mixed(tone, INK, 0.3), 14)
            sheet.disc(x, y, 15.5, mixed(tone, (255, 255, 255), rng.random() * 0.2), 11.5)
    sheet.arrow([(980, 150), (880, 210), (826, 320)], 8, INK)
    sheet.label(1000, 140, "it parts here", INK, 46, "lm")
    sheet.arrow([(560, 930), (650, 880), (734, 770)], 8, INK)
    sheet.label(540, 940, "cork", INK, 46, "rm")
    return sheet


def acorn(sheet: Sheet, at: Point, turn: float, long: float, colour: Colour) -> None:
    """A nut in its cup; `turn` is where its tip points."""
    def place(along: float, across: float) -> Point:
        u, v = along * long, across * long
        return at[0] + u * cos(turn) - v * sin(turn), at[1] + u * sin(turn) + v * cos(turn)

    shares = np.linspace(0, 1, 40)
    half = 0.3 * np.sqrt(np.clip(1 - (2 * shares - 0.75) ** 4 / 2.6, 0, 1)) * (1 - shares**7)
    nut = [place(float(t), float(w)) for t, w in zip(shares, half, strict=True)]
    other = [place(float(t), -float(w)) for t, w in zip(shares, half, strict=True)]
    sheet.poly([*nut, place(1.06, 0), *other[::-1]], colour)
    lit = [place(float(t), float(w) * 0.5 - 0.13) for t, w in zip(shares[6:34], half[6:34] * 0.5, strict=True)]
    sheet.poly([*lit, *[place(float(t), -0.2) for t in shares[6:34]][::-1]], (*mixed(colour, (255, 250, 220), 0.5), 130))
    cup = [place(0.34 - 0.5 * cos(a) * 0.9 - 0.08, 0.36 * sin(a)) for a in np.linspace(-pi / 2, pi / 2, 30)]
    sheet.poly(cup, (142, 120, 84))
    for row in range(5):
        for k in range(9):
            a = -1.25 + k * 2.5 / 8 + (row % 2) * 0.15
            spot = place(0.2 - 0.085 * row, 0.33 * sin(a) * (1 - 0.15 * row))
            sheet.disc(*spot, long * 0.03, mixed((168, 146, 104), (120, 98, 66), abs(a) / 1.4))


def acorns() -> Sheet:
    """From July to October an acorn grows, and ripens."""
    sheet = Sheet((232, 236, 206), (246, 232, 200))
    twig(sheet, [(-40, 150), (500, 200), (1000, 160), (1500, 220), (1980, 170)], 46)
    stages = ((330, 150, (150, 178, 84), GREEN), (960, 250, (168, 184, 80), GREEN), (1570, 350, (176, 124, 66), GOLD))
    for n, (x, long, colour, tone) in enumerate(stages):
        for turn in (0.35, 2.75, 2.2):
            leaf(sheet, (x, 200), turn, 270, mixed(tone, FRESH, 0.2 * (turn > 2.5)))
        sheet.line(curve([(x, 190), (x + 16, 330), (x, 470)]), 10, (140, 128, 76))
        acorn(sheet, (x, 500), pi / 2, long, colour)
        sheet.label(x, 1000, ("July", "August", "October")[n], INK, 52)
    return sheet


def seedling() -> Sheet:
    """The acorn that was forgotten: a root down, a stem up, two leaves."""
    sheet = Sheet((178, 216, 234), (236, 242, 216))
    sheet.glow(1300, 200, 700, (255, 248, 214), 0.7)
    _soil(sheet, 610)
    main = curve([(960, 760), (946, 860), (966, 960), (950, 1090)])
    sheet.line(main, 15, (226, 206, 168))
    for n, (x, y) in enumerate(main[6::5]):
        side = -1 if n % 2 else 1
        sheet.line(curve([(x, y), (x + side * 60, y + 26), (x + side * 120, y + 20)]), 4, (214, 192, 152))
    sheet.line(curve([(960, 740), (976, 600), (958, 430), (966, 330)]), 13, (150, 116, 84))
    acorn(sheet, (1060, 750), pi + 0.12, 190, (150, 100, 62))
    for turn, long, tone in ((-2.6, 300, FRESH), (-0.5, 310, GREEN), (-2.0, 260, GREEN), (-1.15, 270, FRESH)):
        leaf(sheet, (966, 336), turn, long, tone)
    rng = np.random.default_rng(21)
    for _ in range(420):
        x = rng.uniform(0, WIDTH)
        tall = rng.uniform(20, 90) * (0.3 if abs(x - 960) < 160 else 1)
        sheet.line(curve([(x, 618), (x + rng.normal(0, 8), 618 - tall / 2), (x + rng.normal(0, 26), 618 - tall)], 5), 4, mixed((112, 158, 70), (160, 190, 92), rng.random()))
    return sheet


MONTHS = "January February March April May June July August September October November December".split()
STATES = ((222, 230, 240), (206, 216, 226), (190, 176, 130), (190, 204, 104), (150, 196, 84), (116, 170, 72),
          (100, 152, 64), (104, 146, 62), (150, 160, 66), (216, 154, 58), (160, 110, 66), (196, 206, 220))  # fmt: skip


def wheel() -> Sheet:
    """The year as a wheel: the tree's colours around, and the length of the days at 52 degrees north within."""
    sheet = Sheet(*PAPER)
    centre = (960.0, 540.0)

    def spot(radius: float, turn: float) -> Point:
        return centre[0] + radius * sin(turn), centre[1] - radius * cos(turn)

    for n, tone in enumerate(STATES):
        arc = np.linspace(n, n + 1, 24) * 2 * pi / 12
        sheet.poly([*(spot(440, float(a)) for a in arc), *(spot(330, float(a)) for a in arc[::-1])], tone)
        sheet.label(*spot(480, (n + 0.5) * pi / 6), MONTHS[n][:3], INK, 40)
        sheet.line([spot(330, n * pi / 6), spot(440, n * pi / 6)], 4, PAPER[0])
    turns = np.linspace(0, 2 * pi, 240)
    tilt = -np.radians(23.44) * np.cos(turns + 2 * pi * 10 / 365)  # the sun's height over the equator
    hours = 24 / pi * np.arccos(np.clip(-np.tan(np.radians(52)) * np.tan(tilt), -1, 1))
    sheet.poly([spot(18.5 * float(h), float(a)) for a, h in zip(turns, hours, strict=True)], (250, 214, 110))
    sheet.poly([spot(118, float(a)) for a in turns], PAPER[0])
    draw_oak(sheet, (960, 606), 0.24, Dress(sky=((0, 0, 0), PAPER[0], PAPER[0]), far=INK, near=INK, leaves=(GREEN, FRESH), size=2.2))
    return sheet


DIAGRAMS: dict[str, Callable[[], Sheet]] = {
    one.__name__: one
    for one in (buds, opening, catkins, inside, rings, vessels, under, sap, colours, parting, acorns, seedling, wheel)
}
