"""Beach and lighthouse: places by the sea."""

import math
from collections.abc import Callable

from storyforge.backends.toon.art.layers import Dice, Fade, Frame, Ridge, Sketch
from storyforge.backends.toon.art.places import ground, moving, plants
from storyforge.backends.toon.art.places.scenery import Layout, Scenery, Stack
from storyforge.backends.toon.raster import Linear, Matrix, Path, Radial


def _sea(stack: Stack, horizon: float, low: float, deep: str = "water") -> None:
    """Open water from the horizon down, with glints and the light's path on it."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        s.add(
            Path().rect(left - 0.01, s.low, 2.02, horizon - s.low), Fade("water_far", horizon, 1.0, deep, low, 1.0), 0
        )

    stack.layer(0.12, 2.0, build)
    side = 1.0 if stack.layout[1] >= 0.5 else -1.0
    x = side * (0.12 + 0.5 * abs(stack.layout[1] - 0.5))

    def shine(s: Sketch, dice: Dice, left: float) -> None:
        s.live(moving.swell("sea", (low, horizon), ("water+", "water-")), 0)
        s.live(moving.glitter(f"{stack.place}", (low, horizon - 0.003), 0.10, lambda frame: x), 2)
        s.live(moving.streaks(f"{stack.place} sea", (low, horizon - 0.004), "foam", 26, 0.06, 0.12), 1)

    stack.layer(0.12, 100.0, shine, centred=True)


def _sails(stack: Stack, y: float, count: int) -> None:
    """Sailing boats that cross the sea, slowly."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        def act(frame: Frame, base: Matrix) -> None:
            for i in range(count):
                x = (0.55 * i + 0.23 + 0.006 * (1 + frame.wind) * frame.t) % 1.7 - 0.85
                rock = 0.03 * (1 + 3 * frame.wind) * math.sin(1.1 * frame.t + 2 * i)
                size = 0.042 - 0.012 * i
                c, n = math.cos(rock) * size, math.sin(rock) * size
                matrix = (c, n, -n, c, x, y - 0.004 * i)
                _boat(frame, base, matrix)

        s.live(act)

    stack.layer(0.16, 100.0, build, centred=True)


def _boat(frame: Frame, base: Matrix, matrix: Matrix) -> None:
    palette = frame.palette
    with frame.canvas.group(base), frame.canvas.group(matrix):
        hull = (
            Path()
            .move(-0.5, 0.12)
            .curve(-0.4, -0.08, -0.3, -0.1, 0.0, -0.1)
            .curve(0.3, -0.1, 0.45, -0.04, 0.55, 0.14)
            .close()
        )
        frame.canvas.path(hull, palette["red"])
        frame.canvas.path(Path().rect(-0.03, 0.1, 0.06, 1.0), palette["wood-"])
        main = Path().move(0.06, 0.2).line(0.06, 1.08).curve(0.3, 0.85, 0.45, 0.5, 0.5, 0.2).close()
        frame.canvas.path(main, palette["sail"])
        jib = Path().move(-0.06, 0.2).line(-0.06, 0.95).curve(-0.2, 0.7, -0.36, 0.4, -0.42, 0.2).close()
        frame.canvas.path(jib, palette["sail-"])


def beach(layout: Layout) -> Scenery:
    """Sand, waves that run up it, palms and an island."""
    stack = Stack("beach", layout)
    hero, _, many, wave, shells, _ = layout
    _sea(stack, 0.030, -0.07)

    def island(s: Sketch, dice: Dice, left: float) -> None:
        x = left + 1.2 + 0.5 * (0.5 - hero) + (0.15 if hero < 0.5 else -0.15)
        hill = [(x - 0.2, 0.026), (x - 0.12, 0.055), (x - 0.02, 0.085), (x + 0.06, 0.06), (x + 0.17, 0.026)]
        s.add(Path().smooth([*hill, (x, 0.022)], tension=0.8), "far", 0)
        lit = [(x - 0.14, 0.03), (x - 0.10, 0.054), (x - 0.02, 0.082), (x - 0.01, 0.05), (x - 0.05, 0.028)]
        s.add(Path().smooth(lit, tension=0.8), "far2", 1)
        for i in range(3):
            plants.far_tree(s, x + 0.04 + 0.035 * i, 0.05 - 0.01 * i, 0.04, dice, "far2-", 1)

    stack.layer(0.14, 2.4, island, centred=True)
    _sails(stack, 0.016, 2)

    def gulls(s: Sketch, dice: Dice, left: float) -> None:
        s.live(moving.birds("gulls", 0.15, 4))

    stack.layer(0.2, 100.0, gulls, centred=True)
    line = Ridge(-0.066, 0.010, 1.4, 5 * wave, 0.3)
    stack.layer(0.62, 100.0, _shore(line), centred=True)
    ground.base(stack, Ridge(line.base - 0.022, 0.010, 1.4, line.phase, 0.3), 0.6)

    def palms(s: Sketch, dice: Dice, left: float) -> None:
        for i in range(1 + round(many)):
            x = left + 0.75 + (hero - 0.5) * 0.4 + (-1) ** i * dice(0.34, 0.5)
            s.add(Path().dot(x + 0.02, -0.100, 0.09, 0.006), "ground_low-", 0, alpha=0.6)
            plants.palm(s, x, -0.098, dice(0.30, 0.38), dice)
            plants.tuft(s, x - 0.02, -0.100, 0.035, dice)
            plants.tuft(s, x + 0.03, -0.101, 0.028, dice)

    stack.layer(0.85, 1.5, palms, centred=True)
    ground.scatter(stack, ((-0.112, 0.020), (-0.17, 0.022)), 1.5 + 2 * shells, _shells)
    ground.scatter(stack, ((-0.250, 0.030),), 2.0, _shells, front=True)
    ground.scatter(stack, ((-0.245, 0.05),), 0.7, ground.stones())
    ground.apron(stack, _shells, 0.04, 1.6)
    ground.apron(stack, ground.stones(), 0.06, 0.6)
    ground.fringe(stack, thick=0.6)
    return stack.scenery()


def _shore(line: Ridge) -> Callable[[Sketch, Dice, float], None]:
    """Waves on wet sand."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        s.live(moving.breakers(line.base, 0.022, "beach"))

    return build


def _shells(s: Sketch, x: float, y: float, size: float, dice: Dice) -> None:
    """A shell, a starfish or a pebble."""
    kind = dice.whole(0, 3)
    if kind == 0:
        star, turn = [], dice(0, 1)
        for i in range(10):
            a, r = turn + math.pi * i / 5, size * (0.5 if i % 2 == 0 else 0.2)
            star.append((x + math.cos(a) * r, y + math.sin(a) * r * 0.6))
        s.add(Path().smooth(star, tension=0.5), "red+", 1)
    elif kind == 1:
        fan = (
            Path().move(x, y - size * 0.2).curve(x - size * 0.6, y, x - size * 0.45, y + size * 0.4, x, y + size * 0.4)
        )
        s.add(fan.curve(x + size * 0.45, y + size * 0.4, x + size * 0.6, y, x, y - size * 0.2).close(), "pink", 1)
        ribs = Path()
        for u in (-0.22, 0.0, 0.22):
            ribs.polygon(
                (
                    (x, y - size * 0.18),
                    (x + u * size - size * 0.02, y + size * 0.36),
                    (x + u * size + size * 0.02, y + size * 0.36),
                )
            )
        s.add(ribs, "white", 2)
    else:
        s.add(Path().dot(x, y, size * 0.35, size * 0.18), "stone" if kind == 2 else "white-", 1)


def lighthouse(layout: Layout) -> Scenery:
    """A banded tower on a cliff above the sea, its beam by night."""
    stack = Stack("lighthouse", layout)
    hero, _, many, wave, cottage, _ = layout
    _sea(stack, 0.012, -0.10)

    def head(s: Sketch, dice: Dice, left: float) -> None:
        x = left + 0.9 + (0.42 if hero < 0.5 else -0.42) + dice(-0.1, 0.1)
        coast = [(x - 0.28, 0.008), (x - 0.16, 0.022), (x - 0.02, 0.046), (x + 0.10, 0.04), (x + 0.24, 0.012)]
        s.add(Path().smooth([*coast, (x, 0.003)], tension=0.7), "far", 0)

    stack.layer(0.14, 1.8, head, centred=True)
    _sails(stack, 0.002, 1)

    def gulls(s: Sketch, dice: Dice, left: float) -> None:
        s.live(moving.birds("gulls", 0.14, 4))

    stack.layer(0.2, 100.0, gulls, centred=True)
    stack.layer(0.4, 1.0, _skerries)
    x = 0.34 * (hero - 0.5) + (0.12 if hero >= 0.5 else -0.12)
    stack.layer(0.55, 3.4, _cliff(x), centred=True)
    stack.layer(0.62, 3.4, _tower(x, cottage), centred=True)
    ground.base(stack, Ridge(-0.068, 0.010, 1.5, 5 * wave))
    ground.lane(stack)
    ground.scatter(stack, ((-0.094, 0.035),), 1.0 + many, ground.stones())
    ground.scatter(stack, ((-0.098, 0.024), (-0.24, 0.036)), 3.0, ground.tufts())
    ground.scatter(stack, ((-0.098, 0.020),), 2.0, ground.dots("white", "pink", "yellow"))
    ground.scatter(stack, ((-0.258, 0.036),), 1.8, ground.flowers("pink", "white", "yellow"), front=True)
    ground.scatter(stack, ((-0.262, 0.04),), 2.4, ground.tufts(), front=True)
    ground.apron(stack, ground.tufts(), 0.055, 2.0)
    ground.apron(stack, ground.flowers("pink", "white", "yellow"), 0.045, 1.3)
    ground.fringe(stack)
    return stack.scenery()


def _skerries(s: Sketch, dice: Dice, left: float) -> None:
    """Rocks in the water."""
    for _ in range(2):
        plants.stone(s, left + dice(), -0.035, dice(0.04, 0.09), dice, "cliff2", 0)


def _cliff(x: float) -> Callable[[Sketch, Dice, float], None]:
    """The headland that the tower stands on."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        c = left + 1.7 + x
        face = [(c - 0.30, -0.09), (c - 0.26, -0.045), (c - 0.20, -0.025), (c - 0.12, -0.018), (c + 0.14, -0.014)]
        face += [(c + 0.22, -0.030), (c + 0.27, -0.055), (c + 0.34, -0.09)]
        s.add(Path().polygon([*face, (c + 0.34, -0.6), (c - 0.30, -0.6)]), "cliff", 0)
        top = [
            (c - 0.27, -0.045),
            (c - 0.19, -0.020),
            (c - 0.05, -0.010),
            (c + 0.13, -0.008),
            (c + 0.24, -0.03),
            (c + 0.2, -0.04),
        ]
        s.add(Path().smooth([*top, (c, -0.03)], tension=0.7), "ground-", 1)
        for u in (-0.2, -0.1, 0.03, 0.16):
            crack = [
                (c + u, -0.03),
                (c + u + 0.02, -0.05),
                (c + u + 0.01, -0.09),
                (c + u - 0.01, -0.09),
                (c + u + 0.005, -0.05),
            ]
            s.add(Path().polygon(crack), "cliff2", 1)

    return build


def _tower(x: float, cottage: float) -> Callable[[Sketch, Dice, float], None]:
    """The lighthouse, its keeper's cottage and its beam."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        c, foot, top = left + 1.7 + x, -0.03, 0.185
        wide, slim = 0.050, 0.032

        def half(y: float) -> float:
            return wide + (slim - wide) * (y - foot) / (top - foot)

        body = Path().polygon(((c - wide, foot), (c - slim, top), (c + slim, top), (c + wide, foot)))
        s.add(body, "tower", 1)
        for i in range(3):
            low, high = foot + (top - foot) * (0.12 + 0.3 * i), foot + (top - foot) * (0.27 + 0.3 * i)
            a, b = half(low), half(high)
            s.add(Path().polygon(((c - a, low), (c - b, high), (c + b, high), (c + a, low))), "band", 2)
        shade = Path().polygon(((c + wide * 0.35, foot), (c + slim * 0.35, top), (c + slim, top), (c + wide, foot)))
        s.add(shade, "far-", 3, alpha=0.28)
        for y in (0.022, 0.085, 0.148):
            s.add(Path().rect(c - 0.007, y, 0.014, 0.022, 0.006), "window", 4)
        s.add(Path().rect(c - 0.013, foot, 0.026, 0.04, 0.012), "wood-", 4)
        _lantern(s, c, top, slim)
        _cottage(s, c + (0.115 if cottage < 0.5 else -0.115), foot - 0.006)
        s.live(_beam(c, top + 0.021), 9)

    return build


def _lantern(s: Sketch, c: float, top: float, slim: float) -> None:
    """Gallery, lamp room and dome."""
    s.add(Path().rect(c - slim * 1.45, top - 0.006, slim * 2.9, 0.009, 0.003), "iron", 4)
    s.add(Path().rect(c - 0.024, top + 0.003, 0.048, 0.036), "lamp", 5)
    bars = Path()
    for u in (-0.024, -0.009, 0.006, 0.021):
        bars.rect(c + u, top + 0.003, 0.003, 0.036)
    rail = Path().rect(c - slim * 1.4, top + 0.014, slim * 2.8, 0.002)
    for i in range(7):
        rail.rect(c - slim * 1.4 + i * slim * 2.8 / 6 - 0.001, top, 0.002, 0.015)
    s.add(bars, "iron", 6)
    s.add(rail, "iron", 7)
    dome = Path().move(c - 0.030, top + 0.038).curve(c - 0.026, top + 0.066, c - 0.008, top + 0.072, c, top + 0.074)
    s.add(dome.curve(c + 0.008, top + 0.072, c + 0.026, top + 0.066, c + 0.030, top + 0.038).close(), "roof", 6)
    s.add(Path().rect(c - 0.0015, top + 0.072, 0.003, 0.02).dot(c, top + 0.094, 0.004), "iron", 6)


def _cottage(s: Sketch, x: float, y: float) -> None:
    """The keeper's house."""
    s.add(Path().rect(x - 0.062, y, 0.124, 0.056), "wall", 1)
    s.add(Path().rect(x + 0.030, y + 0.08, 0.015, 0.034), "wall-", 1)
    s.add(
        Path().polygon(
            ((x - 0.074, y + 0.053), (x - 0.048, y + 0.100), (x + 0.048, y + 0.100), (x + 0.074, y + 0.053))
        ),
        "roof",
        2,
    )
    s.add(
        Path().polygon(
            ((x - 0.074, y + 0.053), (x - 0.070, y + 0.060), (x + 0.070, y + 0.060), (x + 0.074, y + 0.053))
        ),
        "roof-",
        3,
    )
    for u in (-0.034, 0.034):
        s.add(Path().rect(x + u - 0.011, y + 0.019, 0.022, 0.023, 0.002), "tower", 3)
        s.add(Path().rect(x + u - 0.008, y + 0.022, 0.016, 0.017), "window", 4)
    s.add(Path().rect(x - 0.009, y, 0.018, 0.036, 0.002), "band", 3)


def _beam(x: float, y: float) -> Callable[[Frame, Matrix], None]:
    """The lamp's glow and two turning beams, bright when one points at us."""

    def act(frame: Frame, base: Matrix) -> None:
        lit = frame.palette.glow
        if lit < 0.3:
            return
        lamp, turn = frame.palette["lamp"], 0.75 * frame.t
        haze = 0.16 + 0.10 * (
            frame.palette.weathers["fog"] + frame.palette.weathers["rain"] + frame.palette.weathers["storm"]
        )
        for sign in (1.0, -1.0):
            along, ahead = sign * math.cos(turn), sign * math.sin(turn)
            reach, spread = 1.25 * along, 0.045 + 0.055 * (1 - abs(along))
            a = lit * haze * (1.15 if ahead > 0 else 0.75)
            fill = Linear(x, y, x + reach, y, ((0.0, (*lamp, 2.2 * a)), (0.35, (*lamp, a)), (1.0, (*lamp, 0.0))))
            droop = 0.02 * (1 - abs(along))
            quad = Path().polygon(
                ((x, y + 0.008), (x + reach, y + spread - droop), (x + reach, y - spread - droop), (x, y - 0.008))
            )
            if abs(along) > 0.02:
                frame.canvas.path(quad, fill, matrix=base)
        flash = max(0.0, abs(math.sin(turn))) ** 6
        r = 0.06 + 0.10 * flash
        stops = tuple((u, (*lamp, lit * (0.45 + 0.4 * flash) * (1 - u) ** 2)) for u in (0.0, 0.2, 0.4, 0.7, 1.0))
        frame.canvas.path(Path().ellipse(x, y, r), Radial(x, y, r, stops), matrix=base)

    return act


PLACES: dict[str, Callable[[Layout], Scenery]] = {"beach": beach, "lighthouse": lighthouse}
