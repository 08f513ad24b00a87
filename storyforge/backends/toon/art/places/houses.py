"""Cottages, town houses, towers, street lamps and other things people build; rooted at (x, y)."""

from storyforge.backends.toon.art.layers import Dice, Sketch
from storyforge.backends.toon.art.places import moving, plants
from storyforge.backends.toon.raster import Path


def window(
    s: Sketch, x: float, y: float, w: float, h: float, trim: str = "white", rank: int = 4, arch: bool = False
) -> None:
    """A window with a frame and a cross, lit when lamps are; (x, y) is the middle of its sill."""
    edge = 0.16 * w
    s.add(
        Path().rect(x - w / 2 - edge, y - edge * 0.6, w + 2 * edge, h + 1.6 * edge, w * 0.5 if arch else edge * 0.6),
        trim,
        rank,
    )
    s.add(Path().rect(x - w / 2, y, w, h, w * 0.45 if arch else 0.0), "window", rank + 1)
    bars = Path().rect(x - w * 0.05, y, w * 0.1, h).rect(x - w / 2, y + h * 0.5, w, w * 0.09)
    s.add(bars, trim, rank + 2)
    s.add(
        Path().rect(x - w / 2 - edge * 1.4, y - edge * 1.2, w + 2.8 * edge, edge * 0.9, edge * 0.3),
        trim + "-",
        rank + 2,
    )


def cottage(s: Sketch, x: float, y: float, width: float, dice: Dice, wall: str, roof: str) -> None:
    """A gabled or hipped cottage with a door, windows, a chimney and its smoke."""
    h, eave = width * dice(0.40, 0.48), width * 0.09
    left, right, top = x - width / 2, x + width / 2, y + h
    s.add(Path().rect(left, y - 0.02, width, h + 0.02), wall, 1)
    s.add(Path().rect(left, y - 0.02, width * 0.10, h + 0.02), wall + "+", 1)
    s.add(Path().rect(left, y - 0.02, width, 0.034, 0.0), "stone", 2)
    ridge, inset = top + width * dice(0.36, 0.44), width * dice(0.04, 0.2)
    cx = x + width * (0.26 if dice.chance(0.5) else -0.30)
    s.add(Path().rect(cx, top, width * 0.10, ridge - top + width * 0.07), "stone-", 1)
    s.add(Path().rect(cx - width * 0.015, ridge + width * 0.05, width * 0.13, width * 0.04), "stone", 1)
    s.live(moving.smoke(cx + width * 0.05, ridge + width * 0.12, width * 0.36, f"{x:.2f}"), 1)
    slope = [
        (left - eave, top - eave * 0.3),
        (left + inset, ridge),
        (right - inset, ridge),
        (right + eave, top - eave * 0.3),
    ]
    s.add(Path().polygon(slope), roof, 3)
    lit = [
        (left - eave, top - eave * 0.3),
        (left + inset, ridge),
        (left + inset + width * 0.14, ridge),
        (left + width * 0.10, top - eave * 0.3),
    ]
    s.add(Path().polygon(lit), roof + "+", 3)
    for i in range(3):
        u = (i + 0.7) / 3.4
        a, b = left - eave + (inset + eave) * u, right + eave - (inset + eave) * u
        yy = top - eave * 0.3 + (ridge - top) * u
        s.add(Path().rect(a + 0.004, yy, b - a - 0.008, width * 0.011), roof + "-", 4, alpha=0.7)
    s.add(Path().rect(left - eave, top - eave * 0.55, width + 2 * eave, eave * 0.35), roof + "-", 4)
    _front(s, x, y, width, h, dice)


def _front(s: Sketch, x: float, y: float, width: float, h: float, dice: Dice) -> None:
    """Door, windows with shutters and flower boxes."""
    side = -1 if dice.chance(0.5) else 1
    door, dw = x + side * width * 0.22, width * 0.15
    s.add(Path().rect(door - dw * 0.62, y - 0.012, dw * 1.24, h * 0.70, dw * 0.5), "white", 4)
    s.add(Path().rect(door - dw * 0.5, y - 0.012, dw, h * 0.65, dw * 0.42), "door", 5)
    s.add(Path().rect(door - dw * 0.5, y - 0.012, dw * 0.5, h * 0.62, dw * 0.3), "door+", 5, alpha=0.6)
    s.add(Path().dot(door + dw * 0.3, y + h * 0.28, dw * 0.08), "yellow", 6)
    ww = width * 0.14
    for u in (-side * 0.24, -side * 0.005):
        wx, wy = x + u * width, y + h * 0.36
        s.live(moving.halo(wx, wy + ww * 0.6, ww * 2.0, "window", 0.34), 3)
        window(s, wx, wy, ww, h * 0.34)
        box = Path().rect(wx - ww * 0.72, wy - ww * 0.34, ww * 1.44, ww * 0.26, ww * 0.06)
        s.add(box, "wood-", 7)
        bloom = Path()
        for i in range(5):
            bloom.dot(wx + (i - 2) * ww * 0.28, wy - ww * 0.02 + dice(-0.03, 0.05) * ww, ww * 0.15)
        s.add(bloom, dice.pick(("red", "pink", "yellow", "violet")), 8)


def church(s: Sketch, x: float, y: float, size: float) -> None:
    """A far church with a spire."""
    s.add(Path().rect(x - size * 0.34, y - 0.05, size * 0.5, size * 0.30 + 0.05), "far2+", 2)
    s.add(
        Path().polygon(
            ((x - size * 0.38, y + size * 0.28), (x - size * 0.09, y + size * 0.48), (x + size * 0.2, y + size * 0.28))
        ),
        "far2-",
        3,
    )
    s.add(Path().rect(x + size * 0.10, y - 0.05, size * 0.16, size * 0.62 + 0.05), "far2+", 3)
    s.add(
        Path().polygon(
            ((x + size * 0.08, y + size * 0.60), (x + size * 0.18, y + size * 1.1), (x + size * 0.28, y + size * 0.60))
        ),
        "far2-",
        4,
    )
    s.add(Path().rect(x + size * 0.155, y + size * 0.44, size * 0.05, size * 0.10, size * 0.02), "window", 5)


def lamp_post(s: Sketch, x: float, y: float, height: float, rank: int = 5) -> None:
    """A street lantern that lights up in the evening."""
    w = height * 0.03
    s.live(moving.halo(x, y + height * 0.90, height * 0.85, "lamp", 0.55), rank - 1)
    post = Path().rect(x - w / 2, y, w, height * 0.82).rect(x - w * 1.6, y - w * 0.5, w * 3.2, height * 0.05, w * 0.5)
    post.rect(x - w, y + height * 0.05, w * 2, height * 0.06).rect(
        x - w * 2.2, y + height * 0.80, w * 4.4, w * 0.9, w * 0.4
    )
    s.add(post, "iron", rank)
    s.add(
        Path().polygon(
            (
                (x - w * 1.5, y + height * 0.83),
                (x - w * 2.2, y + height * 0.95),
                (x + w * 2.2, y + height * 0.95),
                (x + w * 1.5, y + height * 0.83),
            )
        ),
        "lamp",
        rank,
    )
    cap = Path().polygon(((x - w * 2.8, y + height * 0.95), (x, y + height * 1.04), (x + w * 2.8, y + height * 0.95)))
    s.add(cap.rect(x - w * 0.3, y + height * 0.83, w * 0.6, height * 0.12), "iron", rank + 1)


def town_house(s: Sketch, x: float, width: float, y: float, dice: Dice, wall: str, shop: bool) -> float:
    """A house of a street's row from x on; returns its height."""
    floors = dice.whole(2, 3)
    ground_floor, storey = 0.105, 0.078
    height = ground_floor + storey * floors
    s.add(Path().rect(x, y - 0.03, width, height + 0.03), wall, 0)
    s.add(Path().rect(x, y - 0.03, width * 0.05, height + 0.03), wall + "+", 1)
    s.add(Path().rect(x + width * 0.93, y - 0.03, width * 0.07, height + 0.03), wall + "-", 1)
    s.add(Path().rect(x - 0.004, y + height - 0.004, width + 0.008, 0.014, 0.002), "trim", 2)
    s.add(Path().rect(x, y + height - 0.012, width, 0.008), wall + "-", 2)
    s.add(Path().rect(x, y + ground_floor - 0.006, width, 0.007), "trim", 2)
    columns = max(2, round(width / 0.085))
    for f in range(floors):
        for k in range(columns):
            wx = x + width * (k + 0.5) / columns
            lit = "window" if dice.chance(0.62) else "door"
            _pane(s, wx, y + ground_floor + storey * f + 0.018, 0.030, 0.044, lit)
    roof = dice.whole(0, 2)
    if roof == 0:
        top = y + height + 0.01
        mansard = ((x, top), (x + width * 0.08, top + 0.05), (x + width * 0.92, top + 0.05), (x + width, top))
        s.add(Path().polygon(mansard), "roof", 1)
        for k in range(columns):
            _pane(s, x + width * (k + 0.5) / columns, top + 0.012, 0.022, 0.024, "window")
    elif roof == 1:
        s.add(Path().rect(x + width * 0.62, y + height, width * 0.1, 0.05), wall + "-", 0)
        s.add(Path().rect(x + width * 0.60, y + height + 0.045, width * 0.14, 0.01), "trim", 1)
    (_shop if shop else _stoop)(s, x, width, y, dice)
    return height


def _pane(s: Sketch, x: float, y: float, w: float, h: float, role: str) -> None:
    s.add(Path().rect(x - w * 0.62, y - h * 0.08, w * 1.24, h * 1.16, 0.002), "trim", 3)
    s.add(Path().rect(x - w / 2, y, w, h), role, 4)
    s.add(Path().rect(x - w * 0.04, y, w * 0.08, h).rect(x - w / 2, y + h * 0.52, w, h * 0.05), "trim", 5)


def _shop(s: Sketch, x: float, width: float, y: float, dice: Dice) -> None:
    """A shop front under a striped awning."""
    role = dice.pick(("awning", "awning2"))
    s.add(Path().rect(x + width * 0.06, y - 0.03, width * 0.88, 0.105, 0.003), role + "-", 3)
    s.live(moving.halo(x + width * 0.4, y + 0.03, 0.10, "window", 0.4), 3)
    s.add(Path().rect(x + width * 0.10, y - 0.004, width * 0.50, 0.058, 0.003), "window", 4)
    s.add(Path().rect(x + width * 0.68, y - 0.03, width * 0.20, 0.088, 0.003), "door", 4)
    s.add(Path().rect(x + width * 0.71, y + 0.008, width * 0.14, 0.044, 0.003), "window", 5)
    wares = Path()
    for i in range(4):
        wares.dot(x + width * (0.17 + 0.115 * i), y + 0.004, width * 0.035, dice(0.006, 0.013))
    s.add(wares, dice.pick(("red", "yellow", "violet", "pink")), 5)
    stripes, base = 7, Path()
    for i in range(stripes):
        a, b = x + width * (0.03 + 0.94 * i / stripes), x + width * (0.03 + 0.94 * (i + 1) / stripes)
        shape = Path().move(a + 0.004, y + 0.094).line(b - 0.0, y + 0.094).line(b, y + 0.064)
        shape.curve(b, y + 0.054, a, y + 0.054, a, y + 0.064).close()
        s.add(shape, role if i % 2 == 0 else "trim", 6)
    s.add(base.rect(x + width * 0.03, y + 0.092, width * 0.94, 0.006, 0.002), role + "-", 7)


def _stoop(s: Sketch, x: float, width: float, y: float, dice: Dice) -> None:
    """A house door with steps, a fanlight and a window beside it."""
    door = x + width * (0.28 if dice.chance(0.5) else 0.72)
    s.add(Path().rect(door - 0.026, y - 0.03, 0.052, 0.108, 0.02), "trim", 3)
    s.add(Path().rect(door - 0.019, y - 0.03, 0.038, 0.082), dice.pick(("door", "awning", "awning2")), 4)
    s.add(Path().rect(door - 0.019, y + 0.054, 0.038, 0.017, 0.008), "window", 4)
    s.add(Path().dot(door + 0.012, y + 0.012, 0.003), "yellow", 5)
    s.add(Path().rect(door - 0.034, y - 0.032, 0.068, 0.010), "kerb-", 5)
    other = x + width - (door - x)
    _pane(s, other, y + 0.012, 0.040, 0.05, "window")
    plants.bush(s, other, y - 0.03, 0.05, dice, "leaf", 6)


def tower(s: Sketch, x: float, y: float, width: float, height: float, wall: str, roof: str, rank: int = 1) -> None:
    """A round tower with a cone and a window slit or two."""
    w = width / 2
    s.add(Path().rect(x - w, y - 0.1, width, height + 0.1), wall, rank)
    s.add(Path().rect(x - w, y - 0.1, width * 0.2, height + 0.1), wall + "+", rank)
    s.add(Path().rect(x + w * 0.45, y - 0.1, w * 0.55, height + 0.1), wall + "-", rank)
    top = y + height
    s.add(Path().rect(x - w * 1.22, top - width * 0.10, width * 1.22, width * 0.22, 0.003), wall, rank + 1)
    s.add(Path().rect(x - w * 1.22, top - width * 0.14, width * 1.22, width * 0.05), wall + "-", rank + 1)
    cone = (
        Path()
        .move(x - w * 1.4, top + width * 0.10)
        .curve(x - w * 0.8, top + width * 0.45, x - w * 0.3, top + width * 0.9, x, top + width * 1.55)
    )
    cone.curve(x + w * 0.3, top + width * 0.9, x + w * 0.8, top + width * 0.45, x + w * 1.4, top + width * 0.10)
    s.add(
        cone.curve(
            x + w * 0.6, top + width * 0.03, x - w * 0.6, top + width * 0.03, x - w * 1.4, top + width * 0.10
        ).close(),
        roof,
        rank + 2,
    )
    side = (
        Path()
        .move(x, top + width * 1.55)
        .curve(x + w * 0.3, top + width * 0.9, x + w * 0.8, top + width * 0.45, x + w * 1.4, top + width * 0.10)
    )
    s.add(
        side.curve(
            x + w * 1.0, top + width * 0.05, x + w * 0.5, top + width * 0.04, x + w * 0.3, top + width * 0.05
        ).close(),
        roof + "-",
        rank + 3,
    )
    for u in (0.42, 0.74):
        s.add(
            Path().rect(x - width * 0.08, y + height * u, width * 0.16, width * 0.34, width * 0.08), "window", rank + 2
        )


def crenels(x: float, right: float, y: float, size: float) -> Path:
    """Battlements along a wall's top."""
    path, count = Path(), max(1, round((right - x) / (2 * size)))
    step = (right - x) / count
    for i in range(count):
        path.rect(x + step * i + step * 0.25, y - 0.004, step * 0.5, size + 0.004)
    return path
