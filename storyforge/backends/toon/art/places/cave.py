"""Cave: rock halls with an opening to the sky, dripstones, glowing crystals and a pool."""

import math
from collections.abc import Callable

from storyforge.backends.toon.art.layers import STEEP, Dice, Fade, Frame, Ridge, Sketch
from storyforge.backends.toon.art.places import ground, moving, plants
from storyforge.backends.toon.art.places.scenery import Layout, Scenery, Stack
from storyforge.backends.toon.raster import Matrix, Path


def cave(layout: Layout) -> Scenery:
    """Rock halls, an opening to the sky, dripstones, glowing crystals and a pool."""
    stack = Stack("cave", layout)
    hero, _, many, wave, pool, _ = layout
    ground.ridge(stack, 0.12, Ridge(0.01, 0.03, 0.7, 5 * wave), "hill", "hill-")
    outside = len(stack.back)
    x = 0.4 * (hero - 0.5)
    stack.layer(0.34, 2.6, _hall("far", "far-", 0.21, 0.155, x * 0.4, True), centred=True)
    stack.layer(0.34, 1.3, _dripstones("far", 0.18, -0.035, 3, 0.8), centred=True)
    stack.layer(0.50, 2.6, _hall("far2", "far2-", 0.33, 0.185, x * 0.5, False), centred=True)
    stack.layer(0.50, 1.3, _dripstones("far2", 0.20, -0.045, 3, 1.0), centred=True)
    stack.layer(0.62, 2.6, _hall("wall", "wall-", 0.62, 0.23, x * 0.2, False), centred=True)
    ground.base(stack, Ridge(-0.062, 0.010, 0.8, 6 * wave, 0.7), 0.8)
    if pool > 0.35:
        stack.layer(0.80, 2.2, _pool(0.3 * (0.5 - hero)), centred=True)
    stack.layer(0.80, 1.1, _crystals(1 + round(2 * many)), centred=True)
    stack.layer(0.90, 1.2, _dripstones("wall", 0.262, -0.100, 2, 1.3), centred=True)
    ground.scatter(stack, ((-0.105, 0.035), (-0.24, 0.04)), 1.5, ground.stones("ground_low"))
    ground.scatter(stack, ((-0.112, 0.020),), 2.0, lambda s, x, y, size, dice: _glowcaps(s, x, y, size, dice))
    ground.apron(stack, ground.stones("ground_low"), 0.08, 1.3)
    ground.apron(stack, _glowcaps, 0.03, 0.5)

    def jaws(s: Sketch, dice: Dice, left: float) -> None:
        for _ in range(2):
            x, w, h = left + dice(0.05, 0.95), dice(0.08, 0.14), dice(0.05, 0.10)
            s.add(_spike(x, -0.33, w, h + 0.03, dice), dice.pick(("fore", "fore2")), 0)

    def fangs(s: Sketch, dice: Dice, left: float) -> None:
        s.add(plants.canopy(s, left, left + 1.0, 0.290, dice, 0.2, STEEP), "fore", 0)
        for _ in range(3):
            x, w, h = left + dice(0.05, 0.95), dice(0.05, 0.10), dice(0.05, 0.10)
            s.add(_spike(x, 0.30, w, -h - 0.03, dice), dice.pick(("fore", "fore2")), 1)

    stack.before(1.3, 1.0, jaws)
    stack.before(1.2, 1.0, fangs, pinned="ceiling")
    return stack.scenery(outside)


def _hall(
    role: str, edge: str, half: float, height: float, shift: float, to_sky: bool
) -> Callable[[Sketch, Dice, float], None]:
    """A wall of rock with a vaulted opening; only the middle one opens to the sky."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        c = left + 1.3 + shift
        if abs(left + 1.3) > 0.1 and to_sky:
            s.add(Path().rect(left - 0.02, s.low, 2.64, 2 * s.high), role, 0)
            return
        jag = [dice(-0.07, 0.07) for _ in range(9)]
        s.add(_vault(s, left, c, half, height, jag), edge, 0)
        s.add(_vault(s, left, c, half + 0.022, height + 0.022, jag), role, 1)
        for _ in range(7):
            x, y = left + 2.6 * dice(), dice(0.02, 0.30)
            if abs(x - c) > half + 0.06 or y > height + 0.08:
                lens = Path().move(x, y).curve(x + 0.03, y + 0.03, x + 0.07, y + 0.03, x + 0.11, y + 0.005)
                s.add(lens.curve(x + 0.07, y + 0.012, x + 0.03, y + 0.008, x, y).close(), role + "+", 2, alpha=0.5)

    return build


def _vault(s: Sketch, left: float, c: float, half: float, height: float, jag: list[float]) -> Path:
    """A wall of rock 2.6 wide with a vault about c cut out of its foot."""
    vault = []
    for i, off in enumerate(jag):
        a = math.pi * (1 - i / (len(jag) - 1))
        r = 1 + off
        vault.append((c + math.cos(a) * half * r, -0.07 + math.sin(a) ** 0.8 * (height + 0.07) * r))
    path = Path().move(left - 0.02, s.low).line(left - 0.02, s.high).line(left + 2.62, s.high).line(left + 2.62, s.low)
    path.line(vault[-1][0], s.low).line(*vault[-1])
    for i in range(len(vault) - 1, 0, -1):
        (ax, ay), (bx, by) = vault[i], vault[i - 1]
        bulge = 0.18 if i % 2 else -0.12
        mx, my = (ax + bx) / 2 + (by - ay) * bulge, (ay + by) / 2 - (bx - ax) * bulge
        path.curve((ax + mx) / 2, (ay + my) / 2, mx, my, bx, by)
    return path.line(vault[0][0], s.low).close()


def _spike(x: float, y: float, w: float, h: float, dice: Dice) -> Path:
    """A dripstone of height h, growing down where h is negative."""
    tip = x + dice(-0.15, 0.15) * w
    path = Path().move(x - w / 2, y).curve(x - w * 0.22, y + h * 0.18, tip - w * 0.14, y + h * 0.55, tip, y + h)
    return path.curve(tip + w * 0.14, y + h * 0.55, x + w * 0.22, y + h * 0.18, x + w / 2, y).close()


def _dripstones(role: str, roof: float, root: float, count: int, size: float) -> Callable[[Sketch, Dice, float], None]:
    """Stalactites and stalagmites."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        for i in range(count):
            x = left + 1.2 * (i + dice(0.1, 0.9)) / count
            w, h = size * dice(0.05, 0.09), size * dice(0.07, 0.14)
            s.add(_spike(x, roof + 0.12, w * 1.2, -h - 0.12, dice), role, 1)
            s.add(_spike(x - w * 0.12, roof + 0.12, w * 0.5, -h * 0.8 - 0.12, dice), role + "+", 2)
            u = x + dice(0.08, 0.25)
            s.add(_spike(u, root - 0.02, w * 1.3, h * 0.62, dice), role, 1)
            s.add(_spike(u - w * 0.14, root - 0.02, w * 0.55, h * 0.5, dice), role + "+", 2)

    return build


def _crystals(count: int) -> Callable[[Sketch, Dice, float], None]:
    """Clusters of glowing crystals."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        for i in range(count):
            x, size = left + 1.1 * (i + dice(0.1, 0.9)) / count, dice(0.07, 0.11)
            role = "crystal" if dice.chance(0.55) else "crystal2"
            s.live(moving.halo(x, -0.06, size * 2.1, role, 0.42, 0.25), 0)
            for u, h, lean in ((-0.34, 0.55, -0.30), (0.36, 0.62, 0.28), (-0.10, 0.8, -0.08), (0.12, 1.0, 0.10)):
                _shard(s, x + u * size * 0.8, -0.092, size * h, size * 0.26, lean, role)

    return build


def _shard(s: Sketch, x: float, y: float, h: float, w: float, lean: float, role: str) -> None:
    dx = lean * h
    tip, left, right = (x + dx, y + h), (x - w / 2 + dx * 0.7, y + h * 0.74), (x + w / 2 + dx * 0.7, y + h * 0.70)
    middle = (x + w * 0.08 + dx * 0.68, y + h * 0.66)
    s.add(Path().polygon(((x - w * 0.4, y), left, tip, middle, (x + w * 0.1, y))), role + "+", 1)
    s.add(Path().polygon(((x + w * 0.1, y), middle, tip, right, (x + w * 0.4, y))), role + "-", 2)


def _pool(x: float) -> Callable[[Sketch, Dice, float], None]:
    """A clear pool whose surface stirs."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        c = left + 1.1 + x
        rim = [
            (c - 0.24, -0.086),
            (c - 0.1, -0.077),
            (c + 0.1, -0.079),
            (c + 0.23, -0.087),
            (c + 0.14, -0.098),
            (c - 0.12, -0.099),
        ]
        s.add(Path().smooth(rim), "ground_low-", 0)
        inner = [(c + (u - c) * 0.93, -0.088 + (v + 0.088) * 0.85) for u, v in rim]
        s.add(Path().smooth(inner), Fade("pool", -0.078, 1.0, "pool-", -0.098, 1.0), 1)

        def act(frame: Frame, base: Matrix) -> None:
            for i in range(3):
                u = (0.22 * frame.t + i / 3) % 1.0
                ring = Path().dot(c + 0.06 * (i - 1), -0.088, 0.02 + 0.06 * u, 0.002 + 0.005 * u)
                frame.canvas.path(ring, None, (*frame.palette["pool+"], 0.7 * (1 - u)), 0.0018, matrix=base)

        s.live(act, 2)

    return build


def _glowcaps(s: Sketch, x: float, y: float, size: float, dice: Dice) -> None:
    """Pale mushrooms that glow in the dark."""
    s.live(moving.halo(x, y + size, size * 2.4, "crystal", 0.35, 0.3), 0)
    for u, h in ((-0.5, 0.7), (0.1, 1.0), (0.6, 0.6)):
        plants.mushroom(s, x + u * size, y, size * h, 1, "crystal")


PLACES: dict[str, Callable[[Layout], Scenery]] = {"cave": cave}
