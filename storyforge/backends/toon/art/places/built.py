"""Village, city and castle."""

from collections.abc import Callable

from storyforge.backends.toon.art.layers import Dice, Fade, Ridge, Sketch
from storyforge.backends.toon.art.places import ground, houses, moving, plants
from storyforge.backends.toon.art.places.land import woods
from storyforge.backends.toon.art.places.scenery import Layout, Scenery, Stack
from storyforge.backends.toon.raster import Path

WALLS, ROOFS = ("wall", "wall2", "wall3"), ("roof", "roof2", "roof3")


def village(layout: Layout) -> Scenery:
    """Cottages along a lane, a far church, lanterns and hedges."""
    stack = Stack("village", layout)
    hero, _, many, wave, post, _ = layout
    ground.ridge(stack, 0.14, Ridge(0.020, 0.036, 0.9, 6 * wave), "far", "far+")
    back = Ridge(0.000, 0.026, 1.1, 4 * wave + 2)
    ground.ridge(stack, 0.28, back, "far2", "far2+")

    def parish(s: Sketch, dice: Dice, left: float) -> None:
        x = left + 1.0 + 0.5 * (hero - 0.5)
        houses.church(s, x, back(x) - 0.004, 0.115)
        for u in (-0.17, -0.12, 0.12, 0.2):
            plants.far_tree(s, x + u, back(x + u) - 0.005, dice(0.05, 0.07), dice)

    stack.layer(0.28, 2.0, parish, centred=True)
    stack.layer(0.28, 1.0, woods(back, 0.5 * many))
    ground.base(stack, Ridge(-0.050, 0.006, 1.3, 5 * wave))
    stack.layer(0.60, 1.5, _row(many))
    stack.layer(0.74, 1.0, _gardens)
    ground.lane(stack)

    def lantern(s: Sketch, dice: Dice, left: float) -> None:
        houses.lamp_post(s, left + 0.16 + 0.5 * post, -0.098, 0.165)

    stack.layer(0.93, 0.9, lantern)
    ground.scatter(stack, ((-0.100, 0.022), (-0.238, 0.034)), 2.4, ground.tufts())
    ground.scatter(stack, ((-0.100, 0.022),), 1.4, ground.flowers("red", "yellow", "violet", "white"))
    ground.scatter(stack, ((-0.256, 0.038),), 2.0, ground.flowers("red", "white", "violet", "pink"), front=True)
    ground.scatter(stack, ((-0.262, 0.04),), 2.2, ground.tufts(), front=True)
    ground.apron(stack, ground.flowers("red", "white", "violet", "pink"), 0.045, 1.4)
    ground.apron(stack, ground.tufts(), 0.055, 2.0)
    ground.fringe(stack)
    return stack.scenery()


def _row(many: float) -> Callable[[Sketch, Dice, float], None]:
    """Cottages with trees between them."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        x, y = left, -0.058
        for i in range(4):
            width = dice(0.20, 0.25)
            middle = left + 1.5 * (i + 0.5 + dice(-0.08, 0.08)) / 4
            gap = left + 1.5 * (i + 1) / 4 + dice(-0.02, 0.02)
            if dice.chance(0.55 + 0.4 * many):
                tree = plants.poplar if dice.chance(0.3) else plants.round_tree
                tree(s, gap, y + 0.005, dice(0.19, 0.26), dice, dice.pick(("leaf", "leaf2")), 0)
            if dice.chance(0.88) or i % 2:
                houses.cottage(s, middle, y, width, dice, WALLS[(i + dice.whole(0, 1)) % 3], dice.pick(ROOFS))
            else:
                plants.round_tree(s, middle, y, dice(0.24, 0.3), dice, "leaf", 1)
            x += width

    return build


def _gardens(s: Sketch, dice: Dice, left: float) -> None:
    """Low hedges and pickets before the houses."""
    y = -0.080
    for i in range(4):
        x = left + 0.25 * i
        if dice.chance(0.42):
            for k in range(6):
                u = x + 0.042 * k
                post = Path().polygon(
                    (
                        (u, y - 0.008),
                        (u, y + 0.034),
                        (u + 0.008, y + 0.044),
                        (u + 0.016, y + 0.034),
                        (u + 0.016, y - 0.008),
                    )
                )
                s.add(post, "white", 1)
            s.add(Path().rect(x, y + 0.012, 0.235, 0.006), "white-", 0)
        elif dice.chance(0.7):
            plants.bush(s, x + 0.1, y - 0.006, dice(0.06, 0.09), dice, dice.pick(("leaf", "leaf2")), 2)


def city(layout: Layout) -> Scenery:
    """A skyline, a row of town houses and shops, street lamps, trees in their grates."""
    stack = Stack("city", layout)
    _, _, many, _, post, _ = layout
    stack.layer(0.10, 1.2, _skyline("far", 0.06, 0.17, 11, False))
    stack.layer(0.24, 1.2, _skyline("far2", 0.03, 0.13, 8, True))
    y = -0.058

    def street(s: Sketch, dice: Dice, left: float) -> None:
        edges = [0.0, dice(0.21, 0.26), dice(0.46, 0.54), dice(0.74, 0.80), 1.0]
        shift = dice.whole(0, 3)
        for i in range(4):
            wall = ("wall", "wall2", "wall3", "wall4")[(i + shift) % 4]
            houses.town_house(
                s, left + 1.1 * edges[i], 1.1 * (edges[i + 1] - edges[i]), y, dice, wall, (i + shift) % 2 == 0
            )

    stack.layer(0.60, 1.1, street)
    ground.base(stack, Ridge(-0.082, 0.0, 1.0, 0.0), 0.0)
    stack.layer(1.0, 1.0, _pavement)

    def furniture(s: Sketch, dice: Dice, left: float) -> None:
        houses.lamp_post(s, left + 0.15 + 0.6 * post, -0.100, 0.20)
        x = left + (0.55 + 0.6 * post) % 1.1
        if dice.chance(0.5 + 0.4 * many):
            s.add(Path().dot(x, -0.101, 0.045, 0.006), "ground_low-", 0)
            plants.round_tree(s, x, -0.100, dice(0.22, 0.26), dice, "leaf", 2)
        else:
            _bench(s, x, -0.102)

    stack.layer(0.90, 1.1, furniture)

    def planters(s: Sketch, dice: Dice, left: float) -> None:
        for i in range(2):
            x = left + dice(0.05, 0.45) + 0.75 * i
            for k in range(4):
                s.add(
                    plants.clump(x + 0.06 * k, -0.272 + dice(-0.006, 0.006), 0.045, 0.035, dice, 8, 0.4),
                    "fore2" if k % 2 else "fore",
                    0,
                    sway=(x, -0.3, 0.1),
                )
            s.add(Path().rect(x - 0.05, -0.60, 0.28, 0.325, 0.006), "fore-", 1)
            s.add(Path().rect(x - 0.056, -0.285, 0.292, 0.014, 0.005), "fore", 2)

    stack.before(1.3, 1.7, planters)
    return stack.scenery()


def _skyline(role: str, low: float, high: float, count: int, windows: bool) -> Callable[[Sketch, Dice, float], None]:
    """Far buildings; by night some windows are lit."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        for i in range(count):
            x, w = left + 1.2 * (i + dice(-0.1, 0.1)) / count, 1.2 / count * dice(0.75, 1.15)
            h = dice(low, high)
            tone = role + ("", "-", "+")[i % 3]
            body = Path().rect(x, -0.4, w, 0.4 + h)
            kind = dice.whole(0, 4)
            if kind == 0:
                body.polygon(((x, h - 0.001), (x + w / 2, h + w * 0.5), (x + w, h - 0.001)))
            elif kind == 1:
                body.rect(x + w * 0.25, h - 0.01, w * 0.5, 0.035).rect(x + w * 0.47, h, w * 0.06, 0.07)
            elif kind == 2:
                body.dot(x + w / 2, h, w / 2, w * 0.34)
            s.add(body, tone, i)
            if windows:
                panes, columns = Path(), max(2, int(w / 0.022))
                for k in range(columns):
                    for r in range(int((h + 0.03) / 0.026)):
                        if dice.chance(0.42):
                            panes.rect(x + w * (k + 0.3) / columns, h - 0.022 - 0.026 * r, w * 0.4 / columns, 0.012)
                if len(panes.commands):
                    s.add(panes, "window", i, alpha=0.75)

    return build


def _pavement(s: Sketch, dice: Dice, left: float) -> None:
    """Paving, the kerb and the road."""
    s.add(Path().rect(left - 0.005, -0.108, 1.01, 0.004), "kerb-", 0)
    joints = Path()
    for i in range(5):
        x = left + 0.2 * i
        joints.polygon(((x, -0.104), (x + 0.003, -0.104), (x - 0.035, -0.226), (x - 0.040, -0.226)))
    joints.rect(left, -0.144, 1.0, 0.002).rect(left, -0.180, 1.0, 0.0025)
    s.add(joints, "ground_low", 0, alpha=0.55)
    s.add(Path().rect(left - 0.005, s.low, 1.01, -0.24 - s.low), Fade("iron+", -0.24, 1.0, "iron", -0.42, 1.0), 1)
    s.add(Path().rect(left - 0.005, -0.240, 1.01, 0.014), "kerb", 2)
    s.add(Path().rect(left - 0.005, -0.249, 1.01, 0.010), "kerb-", 2)
    s.add(Path().rect(left + 0.1, -0.345, 0.32, 0.014).rect(left + 0.6, -0.345, 0.32, 0.014), "kerb", 3, alpha=0.6)


def _bench(s: Sketch, x: float, y: float) -> None:
    """A park bench."""
    legs = Path()
    for u in (-0.055, 0.048):
        legs.rect(x + u, y, 0.007, 0.066)
    s.add(legs, "iron", 2)
    for h in (0.028, 0.046, 0.058):
        s.add(Path().rect(x - 0.068, y + h, 0.136, 0.008, 0.002), "wood" if h > 0.03 else "wood-", 3)


def castle(layout: Layout) -> Scenery:
    """A courtyard: curtain walls, towers with pennants, a gate with banners and torches."""
    stack = Stack("castle", layout)
    hero, _, many, wave, yard, _ = layout
    ground.ridge(stack, 0.12, Ridge(0.030, 0.040, 0.8, 6 * wave), "far", "far+")
    ground.ridge(stack, 0.22, Ridge(0.010, 0.026, 1.0, 3 * wave + 1), "far2", "far2+")
    stack.layer(0.40, 1.6, _keep(hero, many), centred=True)
    x = 0.36 * (hero - 0.5) * -1.0
    stack.layer(0.58, 1.3, _curtain, centred=True)
    stack.layer(0.60, 2.6, _gate(x), centred=True)
    ground.base(stack, Ridge(-0.066, 0.003, 1.7, 4 * wave), 0.5)
    stack.layer(1.0, 1.0, _cobbles)

    def goods(s: Sketch, dice: Dice, left: float) -> None:
        for u in (0.2, 0.95):
            x = left + u + dice(-0.1, 0.1)
            if dice.chance(0.35 + 0.5 * yard):
                _barrel(s, x, -0.094, 0.062)
                _barrel(s, x + 0.055, -0.097, 0.054)
            elif dice.chance(0.6):
                s.add(Path().rect(x, -0.096, 0.07, 0.055, 0.003), "wood", 1)
                s.add(
                    Path()
                    .rect(x, -0.096, 0.07, 0.009)
                    .rect(x, -0.052, 0.07, 0.009)
                    .rect(x + 0.031, -0.096, 0.008, 0.05),
                    "wood-",
                    2,
                )
            else:
                plants.bush(s, x, -0.095, 0.08, dice, "leaf", 2)

    stack.layer(0.84, 1.4, goods, centred=True)
    ground.scatter(stack, ((-0.099, 0.020), (-0.24, 0.030)), 2.0, ground.tufts())
    ground.scatter(stack, ((-0.258, 0.034),), 2.0, ground.tufts(), front=True)
    ground.apron(stack, _cobble, 0.06, 7.0)
    ground.apron(stack, ground.tufts(), 0.05, 0.9)

    def rubble(s: Sketch, dice: Dice, left: float) -> None:
        plants.stone(s, left + dice(0.0, 0.4), -0.325, dice(0.14, 0.2), dice, "fore")
        s.add(plants.blades(left + dice(0.5, 0.9), -0.30, 0.06, dice, 7, 0.55), "fore", 1, sway=(left + 0.7, -0.3, 0.9))

    stack.before(1.3, 1.0, rubble)
    return stack.scenery()


def _keep(hero: float, many: float) -> Callable[[Sketch, Dice, float], None]:
    """Towers that rise behind the wall, with pennants."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        x = left + 0.8 + 0.5 * (hero - 0.5)
        s.add(Path().rect(x - 0.10, -0.1, 0.20, 0.235), "wall", 1)
        s.add(Path().rect(x + 0.05, -0.1, 0.05, 0.235), "wall-", 1)
        s.add(crown := houses.crenels(x - 0.105, x + 0.105, 0.135, 0.014), "wall", 1)
        crown.rect(x - 0.105, 0.125, 0.21, 0.010)
        for u in (-0.055, 0.0, 0.055):
            s.add(Path().rect(x + u - 0.009, 0.065, 0.018, 0.034, 0.009), "window", 3)
        spots = (
            (-0.15, 0.060, 0.150, "roof"),
            (0.15, 0.054, 0.120, "roof2"),
            (0.02, 0.060, 0.195, "roof"),
            (-0.42, 0.066, 0.120, "roof2"),
            (0.46, 0.062, 0.150, "roof"),
        )
        for i, (u, w, h, roof) in enumerate(spots[: 4 + round(many)]):
            houses.tower(s, x + u, 0.0, w, h, "wall", roof, 4 + 5 * (i % 3))
            tip = h + w * 1.5
            s.add(Path().rect(x + u - 0.001, tip - 0.01, 0.002, 0.038), "iron", 20)
            s.live(moving.flag(x + u, tip + 0.027, 0.05, 0.018, "banner" if i % 2 else "banner2"), 21)

    return build


def _curtain(s: Sketch, dice: Dice, left: float) -> None:
    """The courtyard's wall, with stones here and there."""
    s.add(Path().rect(left - 0.01, -0.25, 1.32, 0.325), Fade("wall2", 0.075, 1.0, "wall3", -0.08, 1.0), 0)
    s.add(houses.crenels(left, left + 1.3, 0.075, 0.020), "wall2", 0)
    s.add(Path().rect(left - 0.01, 0.064, 1.32, 0.007), "wall3-", 1)
    blocks = Path()
    for _ in range(24):
        blocks.rect(left + 1.28 * dice(), dice(-0.05, 0.05), dice(0.022, 0.04), 0.011, 0.002)
    s.add(blocks, "wall3-", 1, alpha=0.5)
    for u in (0.30, 1.0):
        x = left + u
        s.add(Path().rect(x - 0.034, -0.25, 0.068, 0.345), "wall2", 2)
        s.add(Path().rect(x + 0.012, -0.25, 0.022, 0.345), "wall3", 2)
        s.add(houses.crenels(x - 0.040, x + 0.040, 0.095, 0.016).rect(x - 0.040, 0.086, 0.080, 0.010), "wall2", 2)
        s.live(moving.banner(x, 0.062, 0.044, 0.075, ("banner", "banner2") if u < 0.5 else ("roof", "banner2")), 3)


def _gate(x: float) -> Callable[[Sketch, Dice, float], None]:
    """The gatehouse: an arch with a portcullis between two torches."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        c = left + 1.3 + x
        s.add(Path().rect(c - 0.135, -0.25, 0.27, 0.385), "wall2+", 0)
        s.add(Path().rect(c + 0.085, -0.25, 0.05, 0.385), "wall2", 1)
        s.add(houses.crenels(c - 0.145, c + 0.145, 0.146, 0.020).rect(c - 0.145, 0.132, 0.29, 0.016), "wall2", 1)
        s.add(Path().rect(c - 0.145, 0.127, 0.29, 0.006), "wall3-", 1)
        for grow, role, rank in ((0.012, "wall3", 2), (0.0, "dark", 3)):
            w = 0.058 + grow
            arch = (
                Path()
                .move(c - w, -0.25)
                .line(c - w, 0.01)
                .curve(c - w, 0.05 + grow, c - w * 0.5, 0.075 + grow, c, 0.078 + grow)
            )
            s.add(
                arch.curve(c + w * 0.5, 0.075 + grow, c + w, 0.05 + grow, c + w, 0.01).line(c + w, -0.25).close(),
                role,
                rank,
            )
        bars = Path()
        for u in (-0.042, -0.021, 0.0, 0.021, 0.042):
            bars.rect(c + u - 0.002, 0.014 + 0.2 * abs(u), 0.004, 0.06 - 0.5 * abs(u))
            bars.polygon(
                (
                    (c + u - 0.004, 0.016 + 0.2 * abs(u)),
                    (c + u + 0.004, 0.016 + 0.2 * abs(u)),
                    (c + u, 0.006 + 0.2 * abs(u)),
                )
            )
        s.add(bars.rect(c - 0.055, 0.034, 0.11, 0.004), "gate", 4)
        for sign in (-1, 1):
            s.live(moving.banner(c + sign * 0.098, 0.112, 0.042, 0.085, ("banner", "banner2")), 5)
            s.add(Path().rect(c + sign * 0.098 - 0.003, -0.03, 0.006, 0.026), "iron", 5)
            s.live(moving.flame(c + sign * 0.098, -0.004, 0.022, reach=6.0), 6)

    return build


def _cobbles(s: Sketch, dice: Dice, left: float) -> None:
    """Cobblestones, larger when nearer."""
    dark, lit = Path(), Path()
    for y, w in ((-0.103, 0.020), (-0.124, 0.024), (-0.150, 0.028), (-0.180, 0.033), (-0.215, 0.039), (-0.255, 0.046)):
        count = int(0.34 / w)
        for i in range(count):
            x = left + (i + dice(0.1, 0.9)) / count
            (dark if dice.chance(0.6) else lit).dot(x, y + dice(-0.006, 0.006), w * dice(0.4, 0.6), w * 0.16)
    s.add(dark, "ground_low", 0, alpha=0.45)
    s.add(lit, "ground+", 0, alpha=0.8)


def _cobble(s: Sketch, x: float, y: float, size: float, dice: Dice) -> None:
    """One large cobblestone."""
    s.add(Path().dot(x, y, size * 0.5, size * 0.16), "ground+" if dice.chance(0.4) else "ground_low-", 0, alpha=0.5)


def _barrel(s: Sketch, x: float, y: float, size: float) -> None:
    """A barrel with two hoops."""
    w = size * 0.36
    body = Path().move(x - w, y).curve(x - w * 1.35, y + size * 0.35, x - w * 1.35, y + size * 0.65, x - w, y + size)
    s.add(
        body.line(x + w, y + size)
        .curve(x + w * 1.35, y + size * 0.65, x + w * 1.35, y + size * 0.35, x + w, y)
        .close(),
        "wood",
        1,
    )
    s.add(
        Path().rect(x - w * 0.2, y, w * 0.35, size).rect(x + w * 0.6, y + 0.003, w * 0.5, size - 0.006),
        "wood-",
        2,
        alpha=0.5,
    )
    s.add(
        Path()
        .rect(x - w * 1.26, y + size * 0.22, w * 2.52, size * 0.07)
        .rect(x - w * 1.26, y + size * 0.72, w * 2.52, size * 0.07),
        "iron",
        3,
    )
    s.add(Path().dot(x, y + size, w, size * 0.07), "wood-", 3)


PLACES: dict[str, Callable[[Layout], Scenery]] = {"village": village, "city": city, "castle": castle}
