"""What the documentary sees of the oak's leaves, buds, flowers and acorns, from near."""

from collections.abc import Sequence
from math import cos, pi, sin

import numpy as np
from oak import Limb, blade, limb_shape
from sheet import HEIGHT, WIDTH, Colour, Point, Sheet, curve, mixed
from wood import FRESH, GREEN, INK, PAPER, soil

WOOD, BUD, GOLD = (122, 96, 74), (150, 88, 58), (216, 166, 58)


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
        leaf(
            sheet,
            (rng.uniform(0, WIDTH), rng.uniform(-80, 420)),
            rng.uniform(0, 6),
            rng.uniform(150, 260),
            (140, 188, 96),
        )
    sheet.soften(9)
    twig(sheet, [(-40, 250), (480, 300), (980, 260), (1500, 330), (1980, 280)], 44)
    for n in range(9):
        x, length, sway = 240 + n * 190 + rng.normal(0, 20), rng.uniform(300, 470), rng.normal(0, 26)
        line = curve([(x, 290), (x + sway, 290 + length / 2), (x + sway * 2, 290 + length)])
        sheet.line(line, 5, (150, 160, 70))
        for px, py in line[2::2]:
            for side in (-1, 1):
                sheet.disc(
                    px + side * 11 + rng.normal(0, 3),
                    py + rng.normal(0, 4),
                    11,
                    mixed((206, 200, 84), (236, 224, 130), rng.random()),
                )
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
        sheet.poly([(x, -20), (x + 60, -20), (x - 90, 202), (x - 150, 202)], (255, 226, 120, 70))
    for row, (top, high, tone) in enumerate(((170, 62, (206, 222, 150)), (592, 56, (206, 222, 150)))):
        for n in range(14):
            x = 60 + n * 140
            if row and n in (4, 9):  # a pore between two guard cells
                for side in (-1, 1):
                    sheet.poly(blade((x + 52 + side * 40, top + 30), pi / 2 + side * 0.25, 48, 24), (112, 160, 84))
                continue
            _cell(sheet, x, top, 130, high, tone)
    for n in range(23):
        _cell(sheet, 60 + n * 80, 244, 70, 180, (164, 204, 112))
        for _ in range(13):
            _grain(sheet, 60 + n * 80 + rng.uniform(14, 56), 244 + rng.uniform(18, 162), rng)
    for _ in range(44):
        x, y = rng.uniform(80, 1860), rng.uniform(476, 552)
        if min(abs(x - 672), abs(x - 1372)) > 90:
            sheet.disc(x, y, 44, (130, 176, 96), 36)
            sheet.disc(x, y, 39, (176, 212, 128), 31)
            for _ in range(5):
                _grain(sheet, x + rng.normal(0, 16), y + rng.normal(0, 12), rng)
    for x in (672, 1372):
        sheet.arrow([(x - 84, 746), (x - 60, 700), (x - 14, 624), (x - 12, 524)], 9, (96, 104, 112))
        sheet.arrow([(x + 12, 534), (x + 16, 634), (x + 62, 700), (x + 96, 738)], 9, (64, 132, 190))
    sheet.label(1010, 100, "light", (176, 130, 30), 46)
    sheet.label(568, 754, "carbon dioxide in", INK, 38, "rm")
    sheet.label(806, 754, "oxygen and water out", (44, 104, 160), 38, "lm")
    return sheet


def _cell(sheet: Sheet, x: float, y: float, wide: float, high: float, tone: Colour) -> None:
    box = [x * 2, y * 2, (x + wide) * 2, (y + high) * 2]
    sheet.pen.rounded_rectangle(box, 44, fill=tone, outline=mixed(tone, INK, 0.45), width=5)


def _grain(sheet: Sheet, x: float, y: float, rng: np.random.Generator) -> None:
    sheet.disc(x, y, 9, mixed((74, 136, 52), (110, 164, 62), rng.random()), 7)


def colours() -> Sheet:
    """One leaf in October, five times: the green goes, and the yellow that was there is seen."""
    sheet = Sheet(*PAPER)
    tones = (GREEN, (150, 164, 62), GOLD, (204, 128, 50), (138, 92, 60))
    for n, tone in enumerate(tones):
        x = 330 + n * 315
        sheet.line(curve([(x - 6, 850), (x + 4, 770), (x, 710)]), 9, mixed(tone, INK, 0.3))
        leaf(sheet, (x, 720), -pi / 2 + 0.05 * (n - 2), 560, tone)
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
    sheet.arrow([(980, 200), (880, 240), (826, 330)], 8, INK)
    sheet.label(1000, 194, "it parts here", INK, 46, "lm")
    sheet.arrow([(430, 250), (560, 270), (722, 356)], 8, PAPER[0])
    sheet.label(410, 246, "cork", PAPER[0], 46, "rm")
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
    sheet.poly(
        [*lit, *[place(float(t), -0.2) for t in shares[6:34]][::-1]], (*mixed(colour, (255, 250, 220), 0.5), 130)
    )
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
    stages = ((390, 105, (150, 178, 84), GREEN), (960, 175, (168, 184, 80), GREEN), (1530, 235, (176, 124, 66), GOLD))
    for n, (x, long, colour, tone) in enumerate(stages):
        for turn in (0.35, 2.75, 2.2):
            leaf(sheet, (x, 200), turn, 270, mixed(tone, FRESH, 0.2 * (turn > 2.5)))
        sheet.line(curve([(x, 190), (x + 14, 290), (x, 390)]), 10, (140, 128, 76))
        acorn(sheet, (x, 420), pi / 2, long, colour)
        sheet.label(x, 738, ("July", "August", "October")[n], INK, 52)
    return sheet


def seedling() -> Sheet:
    """The acorn that was forgotten: a root down, a stem up, two leaves."""
    sheet = Sheet((178, 216, 234), (236, 242, 216))
    sheet.glow(1300, 200, 700, (255, 248, 214), 0.7)
    soil(sheet, 610)
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
        sheet.line(
            curve([(x, 618), (x + rng.normal(0, 8), 618 - tall / 2), (x + rng.normal(0, 26), 618 - tall)], 5),
            4,
            mixed((112, 158, 70), (160, 190, 92), rng.random()),
        )
    return sheet
