"""Room: furniture along a wall, and a window through which the garden and its weather are seen."""

import math
from collections.abc import Callable

from storyforge.backends.toon.art.layers import Dice, Frame, Ridge, Sketch
from storyforge.backends.toon.art.places import ground, moving, plants
from storyforge.backends.toon.art.places.scenery import Layout, Scenery, Stack
from storyforge.backends.toon.raster import Linear, Matrix, Path

WALL_DEPTH, FLOOR = 0.80, -0.078
ROOM = 1.9  # width after which a room's furniture repeats


def room(layout: Layout) -> Scenery:
    """A living room: window with curtains, shelves, a hearth, pictures, a rug on boards."""
    stack = Stack("room", layout)
    hero, _, many, wave, hearth, _ = layout
    hill = Ridge(-0.010, 0.030, 0.9, 5 * wave)
    ground.ridge(stack, 0.25, hill, "hill", "hill-")

    def garden(s: Sketch, dice: Dice, left: float) -> None:
        for _ in range(3):
            x = left + dice()
            plants.round_tree(s, x, hill(x) - 0.02, dice(0.10, 0.16), dice)

    stack.layer(0.30, 1.0, garden)
    outside = len(stack.back)
    x = 0.24 * (hero - 0.5)
    stack.layer(WALL_DEPTH, ROOM, _wall(x), centred=True)
    stack.layer(WALL_DEPTH, ROOM, _furniture(x, hearth, many), centred=True)
    ground.base(stack, Ridge(FLOOR, 0.0, 1.0, 0.0), 0.0)
    stack.layer(1.0, 1.0, _boards)
    stack.layer(1.0, ROOM, _rug, centred=True)
    stack.layer(0.93, ROOM, _near(hero, hearth), centred=True)

    def chair(s: Sketch, dice: Dice, left: float) -> None:
        c = left + dice(0.25, 0.6) * (1.0 if dice.chance(0.5) else 1.6)
        s.add(Path().rect(c - 0.17, -0.65, 0.34, 0.365, 0.05), "fore", 0)
        s.add(Path().rect(c - 0.17, -0.298, 0.34, 0.03, 0.015), "fore+", 1)

    stack.before(1.3, 2.2, chair)
    return stack.scenery(outside)


def _opening(x: float) -> tuple[float, float, float, float]:
    """Left, sill, width and height of the window."""
    return x - 0.125, 0.0, 0.25, 0.205


def _wall(x: float) -> Callable[[Sketch, Dice, float], None]:
    """The wall with a hole where the window is, wainscot, skirting."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        wx, sill, w, h = _opening(left + ROOM / 2 + x)
        right, top = left + ROOM + 0.01, sill + h
        beside = ((left - 0.01, wx, FLOOR - 0.2, s.high), (wx + w, right, FLOOR - 0.2, s.high))
        for a, b, low, high in (
            *beside,
            (wx - 0.002, wx + w + 0.002, FLOOR - 0.2, sill),
            (wx - 0.002, wx + w + 0.002, top, s.high),
        ):
            s.add(Path().rect(a, low, b - a, high - low), "wall", 0)
        stripes = Path()
        for i in range(24):
            u = left + ROOM * (i + 0.25) / 24
            if not wx - 0.03 < u < wx + w + 0.01:
                stripes.rect(u, -0.01, ROOM / 48, s.high)
        s.add(stripes, "wall2", 1)
        s.add(Path().rect(left - 0.01, FLOOR - 0.2, ROOM + 0.02, 0.18 - FLOOR), "panel", 2)
        panels, shadow = Path(), Path()
        for i in range(12):
            u = left + ROOM * (i + 0.12) / 12
            panels.rect(u, FLOOR + 0.018, ROOM * 0.76 / 12, 0.026, 0.003)
            shadow.rect(u, FLOOR + 0.041, ROOM * 0.76 / 12, 0.003)
        s.add(panels, "panel+", 3)
        s.add(shadow, "panel-", 3)
        s.add(Path().rect(left - 0.01, -0.026, ROOM + 0.02, 0.009), "trim", 4)
        s.add(Path().rect(left - 0.01, -0.029, ROOM + 0.02, 0.003), "panel-", 4)
        s.add(Path().rect(left - 0.01, FLOOR - 0.002, ROOM + 0.02, 0.011), "panel-", 4)
        s.add(Path().rect(left - 0.01, 0.335, ROOM + 0.02, 0.018), "trim", 4)
        s.add(Path().rect(left - 0.01, 0.332, ROOM + 0.02, 0.004), "trim-", 4)
        _ceiling(s, left)
        _window(s, wx, sill, w, h)

    return build


def _ceiling(s: Sketch, left: float) -> None:
    """The ceiling and its beams, for the widest shots, tall frames and cameras that look up."""
    s.add(Path().rect(left - 0.01, 0.353, ROOM + 0.02, s.high), "trim-", 4)
    beams, shade = Path(), Path()
    for i in range(8):
        x = left + ROOM * (i + 0.5) / 8
        w, far = 0.020, 0.9 * (x - left - ROOM / 2)
        beams.polygon(((x - w, 0.353), (x + w, 0.353), (x + far + 2.4 * w, 1.3), (x + far - 2.4 * w, 1.3)))
        shade.polygon(((x + w * 0.5, 0.353), (x + w, 0.353), (x + far + 2.4 * w, 1.3), (x + far + 1.2 * w, 1.3)))
    s.add(beams, "shelf", 5)
    s.add(shade, "shelf-", 6)


def _window(s: Sketch, x: float, sill: float, w: float, h: float) -> None:
    """Frame, cross, curtains, and a plant on the sill."""
    frame = Path().rect(x - 0.014, sill - 0.004, 0.016, h + 0.018).rect(x + w - 0.002, sill - 0.004, 0.016, h + 0.018)
    frame.rect(x - 0.014, sill + h - 0.002, w + 0.028, 0.016)
    frame.rect(x + w / 2 - 0.004, sill, 0.008, h).rect(x, sill + h * 0.58, w, 0.007)
    s.add(frame, "trim", 5)
    s.add(Path().rect(x - 0.026, sill - 0.014, w + 0.052, 0.016, 0.003), "trim", 6)
    s.add(Path().rect(x - 0.026, sill - 0.018, w + 0.052, 0.005), "trim-", 6)
    s.live(_daylight(x, sill, w, h), 7)
    for edge, reach in ((x - 0.045, 0.085), (x + w + 0.045, -0.085)):
        _curtain(s, edge, reach, sill, h)
    rod = Path().rect(x - 0.07, sill + h + 0.026, w + 0.14, 0.008, 0.004)
    s.add(rod.dot(x - 0.07, sill + h + 0.03, 0.008).dot(x + w + 0.07, sill + h + 0.03, 0.008), "wood-", 11)
    px, low, top = x + w * 0.80, sill + 0.001, sill + 0.026
    s.add(Path().polygon(((px - 0.014, top), (px + 0.014, top), (px + 0.010, low), (px - 0.010, low))), "red-", 12)
    leaves = Path()
    for u in (-0.016, -0.008, 0.0, 0.009, 0.016):
        leaves.dot(px + u, sill + 0.040 + 0.010 * math.cos(90 * u), 0.007, 0.014)
    s.add(leaves, "leaf-", 12)


def _curtain(s: Sketch, edge: float, reach: float, sill: float, h: float) -> None:
    """A curtain drawn to one side and tied, `reach` wide from its outer edge."""

    def at(u: float) -> float:
        return edge + reach * u

    top, waist, hem = sill + h + 0.03, sill + h * 0.30, sill - 0.045
    cloth = Path().move(edge, top).line(at(1), top)
    cloth.curve(at(1), sill + h * 0.6, at(0.9), sill + h * 0.42, at(0.30), waist)
    cloth.curve(at(0.55), sill + h * 0.1, at(0.6), sill - 0.02, at(0.55), hem)
    s.add(cloth.line(edge, hem).close(), "curtain", 8)
    folds = Path()
    for u in (0.18, 0.42):
        folds.move(at(u), top).curve(at(u), sill + h * 0.6, at(0.8 * u), sill + h * 0.45, at(0.16), waist)
        folds.curve(at(0.8 * u + 0.1), sill + h * 0.45, at(u + 0.1), sill + h * 0.6, at(u + 0.1), top).close()
    folds.polygon(((at(0.2), sill + h * 0.27), (at(0.32), hem), (at(0.2), hem)))
    s.add(folds, "curtain-", 9)
    s.add(Path().rect(min(edge, at(0.34)), sill + h * 0.275, abs(reach) * 0.34, 0.012, 0.004), "yellow", 10)


def _daylight(x: float, sill: float, w: float, h: float) -> Callable[[Frame, Matrix], None]:
    """Light that falls from the window through the room."""

    def act(frame: Frame, base: Matrix) -> None:
        times, clear = frame.palette.times, 0.25 + 0.75 * frame.palette.weathers["clear"]
        share = clear * (
            0.20 * times["morning"] + 0.16 * times["day"] + 0.16 * times["evening"] + 0.10 * times["night"]
        )
        if share < 0.01:
            return
        lit = frame.palette.sky[2]
        colour = (0.5 + 0.5 * float(lit[0]), 0.5 + 0.5 * float(lit[1]), 0.5 + 0.5 * float(lit[2]))
        fill = Linear(0, sill + h, 0, -0.21, ((0.0, (*colour, share)), (1.0, (*colour, 0.0))))
        slant = 0.13
        quad = ((x, sill + h), (x + w, sill + h), (x + w + slant, -0.21), (x + slant, -0.21))
        frame.canvas.path(Path().polygon(quad), fill, matrix=base)

    return act


def _furniture(x: float, hearth: float, many: float) -> Callable[[Sketch, Dice, float], None]:
    """Shelves, hearth and pictures along the wall."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        c = left + ROOM / 2 + x
        side = 1 if hearth >= 0.5 else -1
        _shelf(s, c + side * 0.34, FLOOR, dice)
        _hearth(s, c - side * 0.36, FLOOR)
        for u in (0.56, 0.74):
            _picture(s, c + side * (u + 0.02), 0.09 + dice(-0.01, 0.02), dice(0.07, 0.09), dice)
        if many > 0.3:
            _picture(s, c - side * 0.60, 0.10, 0.10, dice)
        _clock(s, c + side * 0.205, 0.135)

    return build


def _shelf(s: Sketch, x: float, y: float, dice: Dice) -> None:
    """A bookcase."""
    w, h = 0.185, 0.285
    s.add(Path().rect(x - w / 2, y, w, h, 0.004), "shelf-", 5)
    s.add(Path().rect(x - w / 2 - 0.006, y + h - 0.006, w + 0.012, 0.014, 0.003), "shelf", 8)
    for i in range(4):
        low = y + 0.012 + 0.067 * i
        s.add(Path().rect(x - w / 2 + 0.009, low, w - 0.018, 0.059), "dark", 6)
        u = x - w / 2 + 0.013
        while u < x + w / 2 - 0.030:
            bw, bh = dice(0.008, 0.014), dice(0.036, 0.054)
            if dice.chance(0.86):
                role = dice.pick(("book1", "book2", "book3", "red", "yellow", "white-"))
                s.add(Path().rect(u, low, bw, bh, 0.001), role, 7)
            u += bw + 0.0012
    edges = Path()
    for i in range(5):
        edges.rect(x - w / 2, y + 0.067 * i, w, 0.012)
    s.add(edges.rect(x - w / 2, y, 0.010, h).rect(x + w / 2 - 0.010, y, 0.010, h), "shelf", 8)


def _hearth(s: Sketch, x: float, y: float) -> None:
    """A fireplace that burns when lamps are lit."""
    s.add(Path().rect(x - 0.062, y + 0.14, 0.124, s.high), "hearth+", 5)
    s.add(Path().rect(x - 0.105, y, 0.21, 0.145, 0.003), "hearth", 5)
    bricks = Path()
    for r in range(6):
        for k in range(6):
            u = x - 0.100 + 0.035 * k + (0.017 if r % 2 else 0.0)
            if u + 0.03 < x + 0.104:
                bricks.rect(u, y + 0.004 + 0.023 * r, 0.030, 0.018, 0.003)
    s.add(bricks, "hearth+", 6)
    arch = (
        Path()
        .move(x - 0.062, y)
        .line(x - 0.062, y + 0.055)
        .curve(x - 0.062, y + 0.115, x + 0.062, y + 0.115, x + 0.062, y + 0.055)
    )
    s.add(arch.line(x + 0.062, y).close(), "dark", 7)
    logs = Path().rect(x - 0.040, y + 0.004, 0.080, 0.014, 0.007).rect(x - 0.026, y + 0.014, 0.058, 0.013, 0.006)
    s.add(logs, "wood-", 8)
    s.live(moving.flame(x, y + 0.018, 0.050, reach=4.0), 9)
    s.add(Path().rect(x - 0.125, y + 0.142, 0.25, 0.016, 0.003), "trim", 10)
    s.add(Path().rect(x - 0.120, y + 0.136, 0.24, 0.007), "trim-", 10)
    s.add(Path().rect(x - 0.120, y - 0.010, 0.24, 0.012, 0.002), "hearth-", 10)
    for u, role, h in ((-0.09, "book1", 0.030), (0.085, "violet", 0.036)):
        vase = (
            Path()
            .move(x + u - 0.006, y + 0.158)
            .curve(x + u - 0.016, y + 0.158 + h * 0.4, x + u - 0.012, y + 0.158 + h * 0.7, x + u - 0.005, y + 0.158 + h)
        )
        s.add(
            vase.line(x + u + 0.005, y + 0.158 + h)
            .curve(x + u + 0.012, y + 0.158 + h * 0.7, x + u + 0.016, y + 0.158 + h * 0.4, x + u + 0.006, y + 0.158)
            .close(),
            role,
            11,
        )


def _picture(s: Sketch, x: float, y: float, w: float, dice: Dice) -> None:
    """A little landscape in a frame."""
    h = w * dice(0.75, 1.15)
    s.add(Path().rect(x - w / 2, y, w, h, 0.003), "shelf", 5)
    a, b, u, v = x - w * 0.41, y + w * 0.09, w * 0.82, h - w * 0.18
    s.add(Path().rect(a, b, u, v), "book1+", 6)
    s.add(Path().dot(a + u * dice(0.25, 0.75), b + v * 0.70, u * 0.10), "yellow", 7)
    hill = (
        Path()
        .move(a, b)
        .line(a, b + v * 0.35)
        .curve(a + u * 0.3, b + v * 0.62, a + u * 0.6, b + v * 0.15, a + u, b + v * 0.45)
    )
    s.add(hill.line(a + u, b).close(), "leaf", 8)
    s.add(
        Path()
        .move(a, b)
        .line(a, b + v * 0.2)
        .curve(a + u * 0.4, b, a + u * 0.7, b + v * 0.4, a + u, b + v * 0.2)
        .line(a + u, b)
        .close(),
        "leaf-",
        9,
    )


def _clock(s: Sketch, x: float, y: float) -> None:
    """A round clock whose hands move."""
    s.add(Path().dot(x, y, 0.030), "shelf", 5)
    s.add(Path().dot(x, y, 0.024), "trim", 6)

    def act(frame: Frame, base: Matrix) -> None:
        for angle, length in ((0.10 * frame.t + 1.0, 0.018), (0.9, 0.012)):
            tip = (x + length * math.sin(angle), y + length * math.cos(angle))
            frame.canvas.line(((x, y), tip), frame.palette["dark"], 0.0028, matrix=base)

    s.live(act, 7)


def _boards(s: Sketch, dice: Dice, left: float) -> None:
    """Floor boards that run towards us."""
    seams, ends = Path(), Path()
    for i in range(10):
        x = left + 0.1 * i
        top, low = x - 0.0, x + (x - left - 0.5) * 0.0
        seams.polygon(((top, FLOOR), (top + 0.0015, FLOOR), (low + 0.003, s.low), (low, s.low)))
        y = dice(-0.26, -0.10)
        ends.rect(x, y, 0.1, 0.002)
    s.add(seams, "ground_low-", 0, alpha=0.45)
    s.add(ends, "ground_low-", 0, alpha=0.35)
    for i in range(0, 10, 3):
        s.add(Path().rect(left + 0.1 * i + 0.0015, s.low, 0.098, FLOOR - s.low), "ground+", 0, alpha=0.25)
    s.add(Path().rect(left, FLOOR - 0.012, 1.0, 0.013), "ground_low-", 1, alpha=0.5)


def _rug(s: Sketch, dice: Dice, left: float) -> None:
    """A woven rug in the middle of the floor."""
    c = left + ROOM / 2
    for grow, role, rank in ((1.0, "rug", 2), (0.90, "rug2", 3), (0.84, "rug", 4), (0.55, "rug+", 5)):
        s.add(Path().ellipse(c, -0.168, 0.40 * grow, 0.066 * grow), role, rank)
    dots = Path()
    for i in range(26):
        a = 2 * math.pi * i / 26
        dots.dot(c + math.cos(a) * 0.28, -0.168 + math.sin(a) * 0.046, 0.008, 0.003)
    s.add(dots, "rug2", 6)


def _near(hero: float, hearth: float) -> Callable[[Sketch, Dice, float], None]:
    """An armchair and a standard lamp beside the characters."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        side = 1 if hearth >= 0.5 else -1
        x, y = left + ROOM / 2 - side * 0.56, -0.112
        s.add(Path().rect(x - 0.075, y + 0.02, 0.15, 0.15, 0.035), "sofa", 1)
        s.add(Path().rect(x - 0.06, y + 0.035, 0.12, 0.12, 0.028), "sofa-", 2)
        s.add(Path().rect(x - 0.062, y + 0.02, 0.124, 0.045, 0.014), "sofa+", 3)
        for sign in (-1, 1):
            s.add(Path().rect(x + sign * 0.078 - 0.022, y + 0.008, 0.044, 0.088, 0.020), "sofa", 4)
            s.add(Path().rect(x + sign * 0.07 - 0.005, y - 0.006, 0.010, 0.02), "wood-", 0)
        lx = left + ROOM / 2 + side * 0.56
        s.live(moving.halo(lx, y + 0.225, 0.24, "lamp", 0.5), 0)
        s.add(Path().rect(lx - 0.003, y, 0.006, 0.22).rect(lx - 0.024, y - 0.002, 0.048, 0.007, 0.003), "iron", 1)
        shade = ((lx - 0.046, y + 0.19), (lx - 0.026, y + 0.258), (lx + 0.026, y + 0.258), (lx + 0.046, y + 0.19))
        s.add(Path().polygon(shade), "lamp", 2)
        s.add(Path().rect(lx - 0.046, y + 0.188, 0.092, 0.006), "yellow-", 3)

    return build


PLACES: dict[str, Callable[[Layout], Scenery]] = {"room": room}
