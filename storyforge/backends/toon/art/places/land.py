"""Meadow, forest, mountain and desert."""

import math
from collections.abc import Callable

from storyforge.backends.toon.art.layers import STEEP, Dice, Frame, Ridge, Sketch
from storyforge.backends.toon.art.places import ground, plants
from storyforge.backends.toon.art.places.scenery import Layout, Scenery, Stack
from storyforge.backends.toon.raster import Linear, Matrix, Path


def meadow(layout: Layout) -> Scenery:
    """Rolling hills, a broad tree, perhaps a fence or a path, and flowers."""
    stack = Stack("meadow", layout)
    hero, _, many, wave, lane, _ = layout
    ground.ridge(stack, 0.16, Ridge(0.015, 0.035, 0.95, 7 * wave), "far", "far+")
    near = Ridge(-0.005, 0.030, 1.2, 5 * lane)
    ground.ridge(stack, 0.30, near, "far2", "far2+")
    stack.layer(0.30, 1.0, woods(near, many))
    hill = Ridge(-0.028, 0.022, 1.6, 4 * wave + 1)
    ground.ridge(stack, 0.48, hill, "hill", "hill-")

    def hedges(s: Sketch, dice: Dice, left: float) -> None:
        for _ in range(2 + round(2 * many)):
            x = left + 1.2 * dice()
            (plants.poplar if dice.chance(0.35) else plants.round_tree)(s, x, hill(x) - 0.01, dice(0.10, 0.17), dice)
        for _ in range(2):
            x = left + 1.2 * dice()
            plants.bush(s, x, hill(x) - 0.01, dice(0.05, 0.09), dice, "leaf2")

    stack.layer(0.48, 1.2, hedges)
    ground.base(stack)

    def tree(s: Sketch, dice: Dice, left: float) -> None:
        x = left + 1.15 + 0.3 * (hero - 0.5) + (0.24 if hero > 0.5 else -0.24)
        plants.bush(s, x + dice(0.10, 0.16), -0.078, 0.11, dice, "leaf2", 1)
        plants.round_tree(s, x, -0.085, dice(0.36, 0.42), dice)
        for u in (-0.04, 0.0, 0.035):
            plants.tuft(s, x + u, -0.092, 0.026, dice)

    stack.layer(0.80, 2.3, tree, centred=True)
    ground.scatter(stack, ((-0.074, 0.018), (-0.10, 0.022)), 3 + 3 * many, ground.dots("white", "yellow", "violet"))
    if lane > 0.6:
        stack.layer(0.84, 0.5, fence)
    elif lane < 0.3:
        ground.lane(stack)
    ground.scatter(stack, ((-0.098, 0.020), (-0.14, 0.020), (-0.19, 0.026)), 3.0, ground.tufts())
    ground.scatter(stack, ((-0.108, 0.022),), 2.2, ground.flowers("red", "yellow", "white", "violet"))
    ground.scatter(stack, ((-0.245, 0.036), (-0.27, 0.045)), 3.0, ground.tufts(), front=True)
    ground.scatter(stack, ((-0.255, 0.036),), 1.8, ground.flowers("red", "white", "violet", "yellow"), front=True)
    ground.apron(stack, ground.flowers("red", "white", "violet", "yellow"), 0.045, 1.2)
    ground.apron(stack, ground.tufts(), 0.055, 2.2)
    ground.fringe(stack)
    return stack.scenery()


def woods(line: Ridge, many: float) -> Callable[[Sketch, Dice, float], None]:
    """Clumps of far trees along a contour."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        for _ in range(2 + round(3 * many)):
            x = left + dice()
            for i in range(dice.whole(1, 4)):
                u = x + 0.032 * i
                plants.far_tree(s, u, line(u) - 0.006, dice(0.042, 0.07), dice, "far2-")

    return build


def fence(s: Sketch, dice: Dice, left: float) -> None:
    """A wooden fence, one bay of half a unit."""
    y = -0.098
    for h in (0.020, 0.043):
        rail = [(left, y + h), (left + 0.5, y + h + dice(-0.002, 0.002)), (left + 0.5, y + h + 0.009)]
        s.add(Path().polygon([*rail, (left, y + h + 0.009)]), "wood-", 0)
    for i in range(4):
        x = left + 0.125 * i + dice(-0.004, 0.004)
        h = 0.062 + dice(-0.004, 0.004)
        s.add(Path().rect(x, y - 0.006, 0.013, h + 0.006, 0.003), "wood", 1)
        s.add(Path().rect(x + 0.009, y - 0.006, 0.004, h + 0.003), "wood-", 1)
        plants.tuft(s, x + 0.006, y - 0.008, 0.02, dice)


def forest(layout: Layout) -> Scenery:
    """Trunks behind trunks, ferns, toadstools and rays of light."""
    stack = Stack("forest", layout)
    _, side, many, wave, _, _ = layout
    ground.ridge(stack, 0.12, Ridge(0.045, 0.03, 0.5, 5 * wave, 0.9), "far", "far+")
    stack.layer(0.22, 0.8, _trunks("far", 4, (0.014, 0.024), 0.165, -0.02))
    stack.layer(0.36, 0.8, _trunks("far2", 3 + round(many), (0.022, 0.036), 0.20, -0.03))
    stack.layer(0.50, 0.8, _trunks("mid", 2, (0.034, 0.050), 0.235, -0.045))
    ground.base(stack, Ridge(-0.055, 0.010, 0.9, 6 * wave))
    ground.lane(stack)

    def near(s: Sketch, dice: Dice, left: float) -> None:
        count = 2
        for i in range(count):
            x = left + 1.2 * (i + 0.15 + 0.7 * dice()) / count
            _great_trunk(s, x, dice(0.062, 0.088), dice)
        s.add(plants.canopy(s, left, left + 1.2, 0.252, dice, 0.19, 0.34), "leaf-", 3)
        s.add(plants.canopy(s, left, left + 1.2, 0.285, dice, 0.14, 0.25), "leaf", 3)
        if s.high >= STEEP:
            _foliage(s, left, 1.2, Dice("foliage", left))

    stack.layer(0.80, 1.2, near)

    def under(s: Sketch, dice: Dice, left: float) -> None:
        for _ in range(3):
            plants.bush(s, left + dice(), -0.088, dice(0.06, 0.11), dice, dice.pick(("leaf", "leaf2")), 1)
        for _ in range(2):
            plants.fern(s, left + dice(), -0.100, dice(0.06, 0.085), dice, "leaf+")

    stack.layer(0.88, 1.0, under)
    ground.scatter(stack, ((-0.112, 0.030),), 1.2, lambda s, x, y, size, dice: plants.mushroom(s, x, y, size))
    ground.scatter(stack, ((-0.104, 0.028), (-0.235, 0.036)), 2.5, ground.tufts())
    ground.apron(stack, lambda s, x, y, size, dice: plants.fern(s, x, y, size * 1.6, dice, "leaf-"), 0.05, 1.2)
    ground.apron(stack, lambda s, x, y, size, dice: plants.mushroom(s, x, y, size), 0.045, 0.7)
    ground.apron(stack, ground.tufts(), 0.055, 1.5)
    stack.layer(0.7, 6.0, _rays(-1.0 if side >= 0.5 else 1.0), centred=True)

    def close(s: Sketch, dice: Dice, left: float) -> None:
        plants.fern(s, left + dice(0, 0.4), -0.262, dice(0.07, 0.1), dice, "leaf-")
        if dice.chance(0.6):
            plants.mushroom(s, left + dice(0.5, 1), -0.262, dice(0.03, 0.04))
        plants.stone(s, left + dice(0.4, 0.9), -0.275, dice(0.06, 0.1), dice)

    stack.before(1.0, 1.0, close, pinned="")
    stack.before(1.3, 0.8, hanging, pinned="ceiling")
    ground.fringe(stack, thick=0.8)
    return stack.scenery()


def _trunks(role: str, count: int, size: tuple[float, float], roof: float, root: float) -> Callable[..., None]:
    """A row of trunks under a roof of leaves whose lower edge hangs about `roof`."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        for i in range(count):
            x = left + 0.8 * (i + dice(0.1, 0.9)) / count
            w = dice(*size)
            lean = dice(-0.03, 0.03)
            s.add(plants.stem(x, root - 0.08, roof + 0.16 - root, w, lean * 0.4, 1.5), role + "-", 0)
            up, sign = dice(0.06, 0.14), 1 if dice.chance(0.5) else -1
            limb = (
                Path()
                .move(x, up)
                .curve(x + sign * 0.03, up + 0.03, x + sign * 0.06, up + 0.06, x + sign * 0.09, up + 0.12)
            )
            limb.line(x + sign * 0.10, up + 0.12)
            limb.curve(x + sign * 0.06, up + 0.04, x + sign * 0.02, up, x, up - 0.03)
            s.add(limb.close(), role + "-", 0)
        s.add(plants.canopy(s, left, left + 0.8, roof, dice, 0.17, 0.42), role, 1)
        if role == "mid":
            s.add(plants.canopy(s, left, left + 0.8, roof + 0.05, dice, 0.13, 0.30), role + "+", 1)
        for i in range(3):
            x = left + 0.8 * (i + dice()) / 3
            s.add(plants.clump(x, root - 0.02, dice(0.08, 0.14), dice(0.03, 0.05), dice, 9, 0.4), role, 2)

    return build


def _great_trunk(s: Sketch, x: float, width: float, dice: Dice) -> None:
    """A near tree: bark with a lit side and a hollow, leaves out of the frame above."""
    lean = dice(-0.03, 0.03)
    s.add(plants.stem(x, -0.10, 0.42, width, lean * 0.3, 2.1), "trunk-", 1)
    s.add(plants.stem(x - width * 0.16, -0.098, 0.42, width * 0.55, lean * 0.28, 2.1), "trunk", 1)
    for _ in range(4):
        y, u = dice(-0.03, 0.26), dice(-0.3, 0.25)
        s.add(Path().dot(x + u * width, y, width * 0.03, dice(0.012, 0.03)), "trunk-", 2)
    s.add(Path().dot(x, -0.100, width * 1.5, 0.007), "ground_low-", 0)
    for sign, tone in ((1, "trunk-"), (-1, "trunk")):
        root = (
            Path()
            .move(x + sign * width * 0.2, -0.06)
            .curve(x + sign * width, -0.082, x + sign * width * 1.1, -0.098, x + sign * width * 1.6, -0.103)
        )
        s.add(root.curve(x + sign * width, -0.110, x + sign * width * 0.5, -0.104, x, -0.107).close(), tone, 1)


def _foliage(s: Sketch, left: float, width: float, dice: Dice) -> None:
    """Clusters of leaves in a canopy that is seen from below."""
    for i in range(16):
        x, y = left + width * (i + dice(0.1, 0.9)) / 16, dice(0.33, 0.53)
        leaves = plants.clump(x, y, dice(0.03, 0.055), dice(0.014, 0.022), dice, 7, 0.4)
        s.add(leaves, "leaf+" if i % 2 else "leaf-", 4, alpha=0.45)


def hanging(s: Sketch, dice: Dice, left: float) -> None:
    """Dark leaves that hang into the top of the frame."""
    s.add(plants.canopy(s, left, left + 0.8, 0.262, dice, 0.13, 0.10), "fore2", 0)
    s.add(plants.canopy(s, left, left + 0.8, 0.282, dice, 0.16, 0.05), "fore", 1)


def _rays(side: float) -> Callable[[Sketch, Dice, float], None]:
    """Shafts of sunlight that breathe."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        shafts = [(left + 6.0 * (i + dice(0.1, 0.9)) / 13, dice(0.05, 0.13), dice(0, 6)) for i in range(13)]

        def act(frame: Frame, base: Matrix) -> None:
            times, clear = frame.palette.times, frame.palette.weathers["clear"]
            share = clear * (
                0.8 * times["morning"] + 0.6 * times["day"] + 0.7 * times["evening"] + 0.3 * times["night"]
            )
            if share < 0.03:
                return
            ray = frame.palette["ray"]
            for x, w, phase in shafts:
                a = share * (0.13 + 0.07 * math.sin(0.5 * frame.t + phase))
                top, low = x + side * 0.22, x - side * 0.10
                fill = Linear(top, 0.5, low, -0.14, ((0.0, (*ray, 0.0)), (0.3, (*ray, a)), (1.0, (*ray, 0.0))))
                quad = Path().polygon(
                    ((top - w * 0.3, 0.5), (top + w * 0.3, 0.5), (low + w, -0.14), (low - w * 0.5, -0.14))
                )
                frame.canvas.path(quad, fill, matrix=base)

        s.live(act, 1)

    return build


def mountain(layout: Layout) -> Scenery:
    """Snowy peaks, ridges of pines and an alpine meadow."""
    stack = Stack("mountain", layout)
    hero, side, many, wave, lane, _ = layout
    light = 1.0 if side >= 0.5 else -1.0

    def peaks(s: Sketch, dice: Dice, left: float) -> None:
        for u, h in ((-0.62, 0.16), (0.58, 0.18), (-0.28, 0.19), (0.30, 0.15), (0.5 * (hero - 0.5), 0.245)):
            peak(s, left + 0.9 + u + dice(-0.05, 0.05), h * dice(0.92, 1.04), dice, light)
        s.add(Path().rect(left - 0.02, -0.6, 1.84, 0.62), "far", 0)

    stack.layer(0.08, 1.8, peaks, centred=True)
    back = Ridge(0.018, 0.032, 0.7, 5 * wave, 0.8)
    ground.ridge(stack, 0.22, back, "far2", "far2+")
    mid = Ridge(-0.012, 0.030, 0.9, 6 * lane, 0.6)
    ground.ridge(stack, 0.38, mid, "mid", "mid+")

    def wood(s: Sketch, dice: Dice, left: float) -> None:
        for _ in range(9 + round(8 * many)):
            x = left + dice()
            plants.pine(s, x, mid(x) - 0.015, dice(0.05, 0.085), dice, "mid", 1, 3)

    stack.layer(0.38, 1.0, wood)
    hill = Ridge(-0.035, 0.016, 1.3, 3 * wave)
    ground.ridge(stack, 0.52, hill, "hill", "hill-")
    ground.base(stack)

    def pines(s: Sketch, dice: Dice, left: float) -> None:
        for i in range(2 + round(2 * many)):
            x = left + 1.3 * dice()
            if abs(x) > 0.08:
                plants.pine(s, x, -0.078 - 0.01 * (i % 2), dice(0.15, 0.27), dice)
        plants.stone(s, left + 1.3 * dice(), -0.088, dice(0.07, 0.14), dice)

    stack.layer(0.80, 1.3, pines)
    if lane > 0.4:
        ground.lane(stack)
    ground.scatter(stack, ((-0.100, 0.045), (-0.24, 0.05)), 1.2, ground.stones())
    ground.scatter(stack, ((-0.105, 0.018), (-0.15, 0.018)), 2.0, ground.dots("white", "violet", "pink"))
    ground.scatter(stack, ((-0.108, 0.022), (-0.19, 0.024)), 2.5, ground.tufts())
    ground.scatter(stack, ((-0.255, 0.034),), 2.0, ground.flowers("violet", "white", "pink"), front=True)
    ground.scatter(stack, ((-0.262, 0.04),), 2.0, ground.tufts(), front=True)

    ground.apron(stack, ground.stones(), 0.07, 0.9)
    ground.apron(stack, ground.tufts(), 0.055, 2.0)
    ground.apron(stack, ground.flowers("violet", "white", "pink"), 0.045, 1.0)

    def rocks(s: Sketch, dice: Dice, left: float) -> None:
        plants.stone(s, left + dice(0.1, 0.9), -0.325, dice(0.14, 0.24), dice, "fore2")
        plants.stone(s, left + dice(0.1, 0.9), -0.325, dice(0.10, 0.16), dice, "fore")

    stack.before(1.3, 1.0, rocks)
    return stack.scenery()


def peak(s: Sketch, x: float, height: float, dice: Dice, light: float) -> None:
    """A peak with a lit and a shaded side and a zigzag of snow."""
    w = height * dice(1.05, 1.3)
    top, foot = (x, height), -0.02
    left = [(x - w, foot), (x - w * 0.55, height * 0.36), (x - w * 0.4, height * 0.5), (x - w * 0.18, height * 0.82)]
    right = [(x + w * 0.16, height * 0.8), (x + w * 0.36, height * 0.56), (x + w * 0.6, height * 0.3), (x + w, foot)]
    s.add(Path().polygon([*left, top, *right]), "far", 1)
    spine = [(x + w * 0.03, height * 0.75), (x - w * 0.05, height * 0.5), (x + w * 0.06, height * 0.25), (x, foot)]
    shaded = [top, *right, *spine[::-1]] if light < 0 else [top, *left[::-1], *spine[::-1]]
    s.add(Path().polygon(shaded), "far-", 2)
    y = height * dice(0.55, 0.64)
    zig = [
        (x - w * 0.33, y),
        (x - w * 0.22, y + height * 0.07),
        (x - w * 0.13, y - height * 0.08),
        (x, y + height * 0.05),
    ]
    zig += [(x + w * 0.10, y - height * 0.10), (x + w * 0.2, y + height * 0.05), (x + w * 0.31, y)]
    cap = [left[3], top, right[0]]
    s.add(Path().polygon([*zig[::-1], *cap]), "snow", 3)
    dark = [top, right[0], *zig[::-1][:4]] if light < 0 else [top, left[3], *zig[:4]]
    s.add(Path().polygon(dark), "snow-", 4)


def desert(layout: Layout) -> Scenery:
    """Table mountains, dunes with a lit and a shaded face, cacti."""
    stack = Stack("desert", layout)
    hero, _, many, wave, _, _ = layout

    def tables(s: Sketch, dice: Dice, left: float) -> None:
        for u in (-0.5, 0.55 * (hero - 0.5), 0.55):
            _mesa(s, left + 0.8 + u + dice(-0.08, 0.08), dice(0.10, 0.19), dice(0.07, 0.135), dice)

    stack.layer(0.10, 1.6, tables, centred=True)
    for i, (depth, y, role) in enumerate(((0.22, 0.012, "far2"), (0.36, -0.012, "dune"), (0.5, -0.030, "dune2"))):
        line = Ridge(y, 0.026 - 0.004 * i, 0.8 + 0.35 * i, 7 * wave + 2 * i, 0.25)
        ground.ridge(stack, depth, line, role + "+")
        lee = Ridge(y - 0.014, line.height * 1.25, line.length, line.phase - 0.55, 0.25)
        ground.ridge(stack, depth, lee, role + "-", role, 0.07)
    ground.base(stack, Ridge(-0.058, 0.010, 1.7, 5 * wave, 0.3), 0.6)

    def plantation(s: Sketch, dice: Dice, left: float) -> None:
        for _ in range(1 + round(1.4 * many + 0.3)):
            x = left + 1.2 * dice()
            plants.cactus(s, x, -0.085, dice(0.12, 0.24), dice)
            s.add(Path().dot(x + 0.03, -0.089, 0.07, 0.005), "ground_low-", 0, alpha=0.4)
        plants.stone(s, left + 1.2 * dice(), -0.088, dice(0.06, 0.12), dice)

    stack.layer(0.80, 1.2, plantation)
    stack.layer(1.0, 1.0, _ripples)
    ground.scatter(stack, ((-0.105, 0.024), (-0.245, 0.034)), 1.6, ground.tufts())
    ground.scatter(stack, ((-0.108, 0.035), (-0.25, 0.045)), 1.0, ground.stones())
    ground.apron(stack, ground.stones(), 0.07, 0.9)
    ground.apron(stack, ground.tufts(), 0.05, 1.0)

    def close(s: Sketch, dice: Dice, left: float) -> None:
        x = left + dice(0.1, 0.9)
        plants.cactus(s, x, -0.345, dice(0.10, 0.15), dice, 3, "fore2")
        plants.stone(s, x + dice(0.2, 0.5), -0.325, dice(0.12, 0.2), dice, "fore")
        s.add(plants.blades(x - 0.25, -0.30, 0.06, dice, 7, 0.6), "fore", 1, sway=(x - 0.25, -0.3, 0.8))

    stack.before(1.3, 1.1, close)
    return stack.scenery()


def _mesa(s: Sketch, x: float, width: float, height: float, dice: Dice) -> None:
    """A table mountain with strata."""
    foot, w = -0.03, width
    body = [(x - w, foot), (x - w * 0.74, height * 0.42), (x - w * 0.66, height * 0.93), (x - w * 0.58, height)]
    body += [(x + w * 0.52, height * 1.02), (x + w * 0.6, height * 0.95), (x + w * 0.7, height * 0.4), (x + w, foot)]
    s.add(Path().polygon(body), "far", 0)
    shade = [(x + w * 0.25, foot), (x + w * 0.18, height * 0.5), (x + w * 0.28, height * 1.01), *body[4:]]
    s.add(Path().polygon(shade), "far-", 1)
    for u in (0.45, 0.7):
        y = height * u
        s.add(Path().rect(x - w * 0.64, y, w * 1.2, height * 0.05, 0.002), "far+" if u > 0.5 else "far-", 2, alpha=0.6)


def _ripples(s: Sketch, dice: Dice, left: float) -> None:
    """Wind marks in the sand."""
    for _ in range(9):
        x, y, w = left + dice(), dice(-0.27, -0.10), dice(0.05, 0.12)
        lens = Path().move(x, y).curve(x + w * 0.3, y + 0.007, x + w * 0.6, y + 0.002, x + w, y + 0.002)
        s.add(lens.curve(x + w * 0.6, y - 0.002, x + w * 0.3, y + 0.003, x, y).close(), "ground_low", 0, alpha=0.55)


PLACES: dict[str, Callable[[Layout], Scenery]] = {
    "meadow": meadow, "forest": forest, "mountain": mountain, "desert": desert,
}  # fmt: skip
