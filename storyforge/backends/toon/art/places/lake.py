"""Lake: still water among wooded hills, reeds, lilies and a jetty."""

import math
from collections.abc import Callable

from storyforge.backends.toon.art.layers import Dice, Fade, Ridge, Sketch
from storyforge.backends.toon.art.places import ground, moving, plants
from storyforge.backends.toon.art.places.scenery import Layout, Scenery, Stack
from storyforge.backends.toon.raster import Path


def lake(layout: Layout) -> Scenery:
    """Still water among wooded hills, reeds, lilies and a jetty."""
    stack = Stack("lake", layout)
    hero, _, many, wave, jetty, _ = layout
    ground.ridge(stack, 0.12, Ridge(0.055, 0.040, 0.8, 6 * wave, 0.7), "far", "far+")
    shore, level = Ridge(0.030, 0.016, 0.9, 4 * wave + 1), 0.008
    ground.ridge(stack, 0.22, shore, "far2", "far2-")

    def wood(s: Sketch, dice: Dice, left: float) -> None:
        for _ in range(9 + round(7 * many)):
            x = left + dice()
            plants.pine(s, x, shore(x) - 0.02, dice(0.045, 0.085), dice, "hill", 1, 3)

    stack.layer(0.22, 1.0, wood)

    def water(s: Sketch, dice: Dice, left: float) -> None:
        s.add(
            Path().rect(left - 0.01, s.low, 2.02, level - s.low), Fade("water_far", level, 1.0, "water-", -0.11, 1.0), 0
        )

    def reflection(s: Sketch, dice: Dice, left: float) -> None:
        mirror = Ridge(level - 0.020, 0.012, shore.length, shore.phase + math.pi)
        low = [(2.2 - 0.05 * i, mirror(2.2 - 0.05 * i)) for i in range(89)]
        s.add(Path().polygon([(-2.2, level), (2.2, level), *low]), "far2-", 1, alpha=0.45)

    stack.layer(0.24, 2.0, water)
    stack.layer(0.24, 100.0, reflection, centred=True)
    side = 1.0 if layout[1] >= 0.5 else -1.0
    sun = side * (0.12 + 0.5 * abs(layout[1] - 0.5))

    def shine(s: Sketch, dice: Dice, left: float) -> None:
        s.live(moving.glitter("lake", (-0.09, level - 0.003), 0.08, lambda frame: sun), 2)
        s.live(moving.streaks("lake", (-0.10, level - 0.004), "foam", 22, 0.07, 0.24), 1)
        s.live(moving.birds("lake", 0.16, 3), 3)

    stack.layer(0.24, 100.0, shine, centred=True)
    stack.layer(0.56, 1.0, _lilies)
    ground.base(stack, Ridge(-0.082, 0.008, 1.2, 5 * wave))
    if jetty > 0.35:
        stack.layer(0.72, 2.6, _jetty(0.5 * (hero - 0.5) + (0.14 if hero >= 0.5 else -0.14)), centred=True)
    stack.layer(0.78, 0.9, _reeds(2 + round(2 * many)))
    ground.scatter(stack, ((-0.100, 0.040),), 0.9, ground.stones())
    ground.scatter(stack, ((-0.104, 0.022), (-0.15, 0.022), (-0.235, 0.034)), 2.6, ground.tufts())
    ground.scatter(stack, ((-0.106, 0.018), (-0.18, 0.020)), 2.0, ground.dots("white", "yellow", "violet"))
    ground.scatter(stack, ((-0.258, 0.036),), 1.8, ground.flowers("violet", "white", "yellow"), front=True)
    stack.before(1.3, 1.1, _front_reeds)
    ground.apron(stack, ground.tufts(), 0.055, 2.0)
    ground.apron(stack, ground.flowers("violet", "white", "yellow"), 0.045, 1.3)
    ground.fringe(stack, thick=0.7)
    return stack.scenery()


def _lilies(s: Sketch, dice: Dice, left: float) -> None:
    """Lily pads near the shore, some in flower."""
    for _ in range(3):
        x, y, w = left + dice(), dice(-0.072, -0.050), dice(0.016, 0.026)
        pad = (
            Path()
            .move(x, y)
            .line(x + w, y + w * 0.06)
            .curve(x + w * 0.9, y + w * 0.4, x - w * 0.9, y + w * 0.4, x - w, y)
        )
        s.add(
            pad.curve(x - w * 0.9, y - w * 0.4, x + w * 0.9, y - w * 0.4, x + w, y - w * 0.08).close(),
            dice.pick(("lily", "lily+")),
            0,
        )
        if dice.chance(0.45):
            bloom = Path()
            for u in (-0.5, 0.0, 0.5):
                bloom.dot(x - w * 0.2 + u * w * 0.35, y + w * 0.26 - abs(u) * w * 0.1, w * 0.16, w * 0.3)
            s.add(bloom, "pink", 1)
            s.add(Path().dot(x - w * 0.2, y + w * 0.18, w * 0.12, w * 0.1), "yellow", 2)


def _reeds(count: int) -> Callable[[Sketch, Dice, float], None]:
    """Bulrushes at the water's edge."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        for _ in range(count):
            x, size = left + 0.9 * dice(), dice(0.07, 0.11)
            rushes(s, x, -0.092, size, dice, "reed")

    return build


def rushes(s: Sketch, x: float, y: float, size: float, dice: Dice, role: str, head: str = "reedhead") -> None:
    """A clump of bulrushes."""
    sway = (x, y, 0.7)
    s.add(plants.blades(x, y, size, dice, 6, 0.3), role, 1, sway=sway)
    stems, heads = Path(), Path()
    for _ in range(dice.whole(2, 3)):
        u, h = dice(-0.22, 0.22) * size, size * dice(0.95, 1.25)
        stems.rect(x + u - size * 0.012, y, size * 0.024, h)
        heads.rect(x + u - size * 0.04, y + h * 0.78, size * 0.08, h * 0.26, size * 0.04)
    s.add(stems, role + "-", 1, sway=sway)
    s.add(heads, head, 1, sway=sway)


def _front_reeds(s: Sketch, dice: Dice, left: float) -> None:
    rushes(s, left + dice(0.1, 0.9), -0.31, dice(0.10, 0.14), dice, "fore2", "fore")


def _jetty(x: float) -> Callable[[Sketch, Dice, float], None]:
    """Planks on posts that lead out over the water."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        c = left + 1.3 + x
        far, near = (-0.040, 0.030), (-0.102, 0.066)
        for y, w in (far, (-0.060, 0.041), near):
            for sign in (-1, 1):
                s.add(Path().rect(c + sign * w - 0.005, y - 0.028, 0.010, 0.046, 0.002), "wood-", 0)
        for i in range(9):
            u, v = i / 9, (i + 0.86) / 9
            (ya, wa), (yb, wb) = _between(far, near, u), _between(far, near, v)
            s.add(
                Path().polygon(((c - wa, ya), (c + wa, ya), (c + wb, yb), (c - wb, yb))),
                "wood" if i % 2 else "wood+",
                1,
            )
        s.add(Path().rect(c - near[1], near[0] - 0.007, 2 * near[1], 0.007), "wood-", 1)

    return build


def _between(a: tuple[float, float], b: tuple[float, float], u: float) -> tuple[float, float]:
    w = u * u * 0.5 + u * 0.5  # planks look longer when nearer
    return a[0] + (b[0] - a[0]) * w, a[1] + (b[1] - a[1]) * w


PLACES: dict[str, Callable[[Layout], Scenery]] = {"lake": lake}
