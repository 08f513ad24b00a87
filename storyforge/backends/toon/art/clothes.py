"""What characters wear: scarf, hat, coat, dress, cape, glasses; people's plain clothes."""

import math
from functools import lru_cache

from storyforge.backends.toon import anatomy
from storyforge.backends.toon.art import torsos
from storyforge.backends.toon.art.faces import DISC, spots
from storyforge.backends.toon.art.outline import Point, closed, crescent, mirrored, place
from storyforge.backends.toon.art.pen import Pen
from storyforge.backends.toon.raster import Path, then

COAT_HALF = (
    (0.0, 1.03),
    (0.42, 1.01),
    (0.78, 0.90),
    (0.90, 0.66),
    (0.98, 0.30),
    (1.10, -0.02),
    (1.16, -0.22),
    (0.6, -0.26),
    (0.0, -0.26),
)


@lru_cache(maxsize=32)
def _coat(kind: str) -> Path:
    half = COAT_HALF
    if kind in ("bear", "owl", "bird"):
        half = (
            (0.0, 1.04),
            (0.50, 1.03),
            (0.90, 0.84),
            (1.05, 0.48),
            (1.08, 0.15),
            (1.08, -0.10),
            (1.06, -0.20),
            (0.6, -0.24),
            (0.0, -0.24),
        )
    return mirrored(half, 0.9)


@lru_cache(maxsize=64)
def _coat_shade(kind: str, side: int) -> Path:
    return crescent(_coat(kind), (0.24 * side, 0.06), (0.0, 0.4))


def _hips(pen: Pen) -> Point:
    hip = pen.puppet.joints[anatomy.HIP]
    return float(hip[0]), float(hip[1])


def body(pen: Pen) -> None:
    """What covers the torso: coat, dress, or people's shirt and trousers' top."""
    who = pen.puppet.who
    matrix = torsos.frame(pen, 1.06)
    side = -1 if pen.side > 0 else 1
    if who.wears == "coat":
        pen.part(_coat(who.kind), "wear", "wear|", matrix)
        pen.fill(_coat_shade(who.kind, side), "wear-", matrix)
        _buttons(pen)
    elif who.wears == "dress":
        pen.part(torsos.outline(who.kind), "wear", "wear|", matrix)
        _skirt(pen, "wear")
    elif who.kind in anatomy.PERSON:
        _plain(pen)


def _plain(pen: Pen) -> None:
    """Girls' skirts, and the waistband and collar of the others."""
    who = pen.puppet.who
    if who.kind == "girl":
        _skirt(pen, "trousers", 0.72)
    else:
        matrix = torsos.frame(pen, 1.0)
        band = closed(
            (
                (-0.90, 0.12),
                (0.0, 0.06),
                (0.90, 0.12),
                (0.92, -0.02),
                (0.80, -0.10),
                (0.0, -0.13),
                (-0.80, -0.10),
                (-0.92, -0.02),
            ),
            0.6,
        )
        pen.part(band, "trousers", "trousers|", matrix)
    front = torsos.front(pen, torsos.frame(pen))
    collar = Path().move(-0.36, 0.98).line(0.0, 0.80).line(0.36, 0.98)
    pen.stroke(collar, "shirt+", 0.13, front)


def _skirt(pen: Pen, colour: str, long: float = 1.0) -> None:
    """A skirt from the waist: down and out, swinging with the body; along the thighs of one who sits or lies."""
    joints, shape = pen.puppet.joints, pen.body
    hx, hy = _hips(pen)
    chest = joints[anatomy.CHEST]
    top = (hx + 0.24 * (float(chest[0]) - hx), hy + 0.24 * (float(chest[1]) - hy))
    (ax, ay), (bx, by) = ((float(joints[anatomy.KNEE + i][0]), float(joints[anatomy.KNEE + i][1])) for i in (0, 1))
    act = pen.puppet.actions
    seat = min(1.0, act[4] + act[8] + act[11])
    drop = 0.72 * shape.leg * long
    kx, ky = (ax + bx) / 2 - hx, (ay + by) / 2 - hy
    far = math.hypot(kx, ky) or 1.0
    dx = seat * kx / far + (1.0 - seat) * 0.35 * pen.puppet.swing.cape[1]
    dy = seat * ky / far - (1.0 - seat)
    size = math.hypot(dx, dy) or 1.0
    dx, dy = dx / size, dy / size
    nx, ny = -dy, dx  # across the skirt
    wide = 0.80 * shape.belly
    flare = wide + 0.30 * shape.leg * long * (1.0 - 0.75 * seat)
    reach = [nx * (x - hx) + ny * (y - hy) for x, y in ((ax, ay), (bx, by))]
    left, right = max(flare, -min(reach) + 0.04), max(flare, max(reach) + 0.04)
    end = drop + seat * 0.02

    def at(across: float, down: float) -> Point:
        return hx + nx * across + dx * down, max(hy + ny * across + dy * down, 0.012)

    one, other = (top[0] - nx * wide, top[1] - ny * wide), (top[0] + nx * wide, top[1] + ny * wide)
    path = Path().move(*one).curve(*at(-wide * 1.05, 0.0), *at(-left + 0.02, end * 0.5), *at(-left, end))
    path.curve(*at(-left * 0.4, end + 0.022), *at(right * 0.4, end + 0.022), *at(right, end))
    path.curve(*at(right - 0.02, end * 0.5), *at(wide * 1.05, 0.0), *other)
    path.curve(*at(wide * 0.4, -0.05), *at(-wide * 0.4, -0.05), *one).close()
    pen.part(path, colour, colour + "|")
    folds, hem, belt = Path(), Path(), Path()
    for share in (-0.5, 0.05, 0.55):
        x = share * (right if share > 0 else left)
        folds.move(*at(x * 0.7, end * 0.35)).curve(*at(x * 0.85, end * 0.6), *at(x, end * 0.8), *at(x, end * 0.92))
    hem.move(*at(-left * 0.95, end - 0.016)).curve(
        *at(-left * 0.4, end + 0.006), *at(right * 0.4, end + 0.006), *at(right * 0.95, end - 0.016)
    )
    belt.move(*one).curve(*at(-wide * 0.4, -0.055), *at(wide * 0.4, -0.055), *other)
    pen.stroke(folds, colour + "-", 0.010 + pen.line)
    pen.stroke(hem, colour + "+", 0.010)
    pen.stroke(belt, colour + "|", 0.014)


def _buttons(pen: Pen) -> None:
    """A coat's front: its edge, collar and three buttons, turned with the body."""
    front = torsos.front(pen, torsos.frame(pen, 1.06))
    edge = Path().move(0.10, 0.92).curve(0.14, 0.5, 0.14, 0.1, 0.18, -0.24)
    pen.stroke(edge, "wear|", 2.2 * pen.line / pen.body.belly, front)
    buttons = Path()
    for y in (0.66, 0.40, 0.14):
        buttons.ellipse(-0.06, y, 0.075, 0.075 * pen.body.belly / pen.body.torso)
    pen.fill(buttons, "gold", front)
    lapel = (
        Path()
        .move(-0.40, 1.02)
        .line(-0.02, 0.78)
        .line(0.10, 0.92)
        .line(0.40, 1.02)
        .curve(0.2, 1.06, -0.2, 1.06, -0.40, 1.02)
        .close()
    )
    pen.part(lapel, "wear+", "wear|", front)
    pocket = Path().move(0.34, 0.20).line(0.74, 0.24).move(-0.42, 0.24).line(-0.80, 0.22)
    pen.stroke(pocket, "wear|", 2.6 * pen.line / pen.body.belly, front)


def behind(pen: Pen) -> None:
    """What hangs behind the body: a cape, the far end of a scarf."""
    if pen.puppet.who.wears == "cape":
        _cape(pen)


def _cape(pen: Pen) -> None:
    """A cape from the shoulders down, blown back by the way it moves."""
    joints, body_ = pen.puppet.joints, pen.body
    (lx, ly), (rx, ry) = sorted(
        (float(j[0]), float(j[1])) for j in (joints[anatomy.SHOULDER], joints[anatomy.SHOULDER + 1])
    )
    hx, hy = _hips(pen)
    swing, hem = pen.puppet.swing.cape
    back = -0.40 * pen.side * body_.belly
    wide = body_.belly * 1.45
    long = body_.torso * 0.35 + 0.72 * body_.leg
    low = max(hy - long * (1.0 - 0.18 * abs(hem)), 0.03)
    waist, drift = swing * 0.26 + back, hem * 0.42 + back
    chest = joints[anatomy.CHEST]
    cx, cy = float(chest[0]), float(chest[1])
    left, right = hx - wide + drift, hx + wide + drift
    path = (
        Path().move(cx + back * 0.3, cy + 0.02).curve(lx - 0.02, cy, lx - 0.04, ly, lx - 0.045 + back * 0.4, ly - 0.02)
    )
    path.curve(lx - 0.08 + back, hy + 0.05, hx - wide + waist, hy, left, low)
    third = (right - left) / 3
    for k in range(3):
        x = left + third * k
        path.curve(
            x + third * 0.3, low - 0.030, x + third * 0.7, low - 0.030, x + third, low + (0.0 if k == 2 else 0.008)
        )
    path.curve(hx + wide + waist, hy, rx + 0.08 + back, hy + 0.05, rx + 0.045 + back * 0.4, ry - 0.02)
    path.curve(rx + 0.04, ry, rx + 0.02, cy, cx + back * 0.3, cy + 0.02).close()
    pen.part(path, "wear", "wear|")
    folds = Path()
    for share in (0.22, 0.5, 0.78):
        x1 = left + (right - left) * share
        x2 = x1 + waist - drift
        folds.move(cx + (x2 - cx) * 0.55 + back * 0.2, hy + 0.02).curve(x2, hy - 0.06, x1, low + 0.06, x1, low + 0.012)
    pen.stroke(folds, "wear-", 0.014 + pen.line)


def neck(pen: Pen) -> None:
    """What goes around the neck: a scarf with a trailing end, a cape's collar and clasp."""
    who = pen.puppet.who
    if who.kind == "moth" and who.wears not in ("scarf", "cape"):
        from storyforge.backends.toon.art.ears import ruff

        x, y = _collar_at(pen)
        ruff(pen, (x, y))
    if who.wears == "scarf":
        _scarf(pen)
    elif who.wears == "cape":
        _clasp(pen)


def _collar_at(pen: Pen) -> Point:
    chest, head = pen.puppet.joints[anatomy.CHEST], pen.puppet.joints[anatomy.HEAD]
    dx, dy = float(head[0] - chest[0]), float(head[1] - chest[1])
    far = math.hypot(dx, dy) or 1.0
    share = min(0.04, 1.0 - 1.02 * pen.body.head_y / far)  # just below the chin, so that it shows
    return float(chest[0]) + share * dx, float(chest[1]) + share * dy


def _tilt(pen: Pen) -> float:
    """The lean of the neck, radians anticlockwise."""
    hip, chest = pen.puppet.joints[anatomy.HIP], pen.puppet.joints[anatomy.CHEST]
    return math.atan2(float(chest[1] - hip[1]), float(chest[0] - hip[0])) - math.pi / 2


RING = closed(
    (
        (-1.0, 0.12),
        (-0.62, 0.42),
        (0.0, 0.52),
        (0.62, 0.42),
        (1.0, 0.12),
        (0.92, -0.42),
        (0.5, -0.72),
        (0.0, -0.80),
        (-0.5, -0.72),
        (-0.92, -0.42),
    ),
    0.95,
)
WRAP = Path().move(-0.96, 0.0).curve(-0.5, -0.42, 0.5, -0.42, 0.96, 0.0)


def _scarf(pen: Pen) -> None:
    x, y = _collar_at(pen)
    width = max(pen.body.shoulder * 1.15, 0.54 * pen.body.head_x)
    high = 0.068
    knot_side = -math.tanh(3.0 * (pen.side + 0.25))  # it goes round with the body
    root = (x + knot_side * 0.55 * width, y - 0.35 * high)
    first, last = pen.puppet.swing.scarf
    lean = knot_side * 0.16
    step = 0.082
    ax = root[0] + step * math.sin(first + lean)
    ay = root[1] - step * math.cos(first + lean)
    bx, by = ax + step * math.sin((first + last) / 2 + lean), ay - step * math.cos((first + last) / 2 + lean)
    cx, cy = bx + step * 0.8 * math.sin(last + lean), by - step * 0.8 * math.cos(last + lean)
    spine = [root, *(_laid(at, root, knot_side) for at in ((ax, ay), (bx, by), (cx, cy)))]
    pen.part(_strip(spine, (0.024, 0.034, 0.040, 0.044)), "wear-", "wear|")
    _fringe(pen, spine)
    ring = place(x, y, width, high, _tilt(pen) * 0.7)
    pen.part(RING, "wear", "wear|", ring)
    pen.stroke(WRAP, "wear|", 1.8 * pen.line / width, ring)
    pen.part(
        closed(((-0.6, 0.5), (0.6, 0.55), (0.75, -0.5), (-0.7, -0.55)), 0.9),
        "wear",
        "wear|",
        place(root[0], root[1] + 0.008, 0.038, 0.042, _tilt(pen)),
    )


def _laid(at: Point, root: Point, side: float) -> Point:
    """A point of cloth that hangs: what would be under the ground lies on it."""
    under = max(0.03 - at[1], 0.0)
    return at[0] + 0.8 * side * under, max(at[1], min(0.03, root[1]))


def _strip(spine: list[Point], wide: tuple[float, ...]) -> Path:
    """A cloth strip with a square end."""
    left, right = [], []
    last = len(spine) - 1
    for i, (x, y) in enumerate(spine):
        ax, ay = spine[max(i - 1, 0)]
        bx, by = spine[min(i + 1, last)]
        far = math.hypot(bx - ax, by - ay) or 1.0
        nx, ny = -(by - ay) / far, (bx - ax) / far
        left.append((x + nx * wide[i], y + ny * wide[i]))
        right.append((x - nx * wide[i], y - ny * wide[i]))
    out = Path().smooth(left, closed=False)
    out.line(*right[-1])
    back = Path().smooth(right[::-1], closed=False)
    out.commands.extend(back.commands[1:])
    out.points.extend(back.points[2:])
    return out.close()


def _fringe(pen: Pen, spine: list[Point]) -> None:
    """Two stripes across the scarf's end, and its fringe."""
    (bx, by), (cx, cy) = spine[2], spine[3]
    dx, dy = cx - bx, cy - by
    far = math.hypot(dx, dy) or 1.0
    ux, uy = dx / far, dy / far
    stripes, threads = Path(), Path()
    for share in (0.45, 0.70):
        x, y = bx + dx * share, by + dy * share
        stripes.move(x - uy * 0.036, y + ux * 0.036).line(x + uy * 0.036, y - ux * 0.036)
    for k in (-0.8, -0.27, 0.27, 0.8):
        x, y = cx - uy * 0.044 * k, cy + ux * 0.044 * k
        threads.move(x, y).line(x + ux * 0.022, y + uy * 0.022)
    pen.stroke(stripes, "wear+", 0.014)
    pen.stroke(threads, "wear|", 0.010)


def _clasp(pen: Pen) -> None:
    x, y = _collar_at(pen)
    width = max(pen.body.shoulder * 1.15, 0.46 * pen.body.head_x)
    pen.part(RING, "wear", "wear|", place(x, y - 0.004, width, 0.040, _tilt(pen) * 0.7))
    pen.part(
        DISC, "gold", "gold|", place(x + 0.30 * pen.side * width, y - 0.026, 0.022 * (1 - 0.25 * abs(pen.side)), 0.022)
    )


DOME = Path().move(-0.66, 0.0).curve(-0.66, 0.50, -0.50, 0.92, -0.16, 0.98).curve(0.0, 0.90, 0.10, 0.90, 0.22, 0.98)
DOME.curve(0.50, 0.94, 0.66, 0.50, 0.66, 0.0).curve(0.3, -0.14, -0.3, -0.14, -0.66, 0.0).close()
BAND = (
    Path()
    .move(-0.675, 0.02)
    .curve(-0.3, -0.12, 0.3, -0.12, 0.675, 0.02)
    .line(0.66, 0.22)
    .curve(0.3, 0.08, -0.3, 0.08, -0.66, 0.22)
    .close()
)
BRIM = closed(
    ((-1.15, 0.02), (-0.6, -0.20), (0.0, -0.27), (0.6, -0.20), (1.15, 0.02), (0.8, 0.14), (0.0, 0.16), (-0.8, 0.14)),
    0.95,
)
DENT = Path().move(-0.14, 0.90).curve(-0.02, 0.70, 0.02, 0.60, 0.02, 0.45)


def hat(pen: Pen, turn: float) -> None:
    """A soft hat with a brim and a band, set on the crown between the ears; drawn in the head's frame."""
    body_, kind = pen.body, pen.puppet.who.kind
    w = body_.head_x * {"rabbit": 0.66, "frog": 0.62, "owl": 0.72, "dragon": 0.66}.get(kind, 0.86)
    y = body_.head_y * {"frog": 0.60, "owl": 0.80, "rabbit": 0.82, "robot": 0.78}.get(kind, 0.70)
    high = body_.head_y * 0.92
    matrix = place(
        0.06 * turn * body_.head_x, y, w, high, -0.07 * (1.0 if turn >= 0 else -1.0) * min(1.0, abs(turn) * 2)
    )
    pen.part(BRIM, "wear-", "wear|", matrix)
    pen.part(DOME, "wear", "wear|", matrix)
    pen.stroke(DENT, "wear-", 0.07, matrix)
    pen.fill(BAND, "wear|", matrix)
    front = then(matrix, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0))
    lip = Path().move(-1.13, 0.01).curve(-0.6, -0.24, 0.6, -0.24, 1.13, 0.01)
    pen.stroke(lip, "wear+", 0.05, front)


def glasses(pen: Pen, turn: float) -> None:
    """Round glasses before the eyes, drawn in the head's frame."""
    eyes = spots(pen, turn)
    width = 0.007 + 1.2 * pen.line
    rims, shine = Path(), Path()
    for x, y, wide, high in eyes:
        r = max(wide, high) * 1.20
        rw = r * (0.62 + 0.38 * wide / max(high, 1e-6))
        rims.ellipse(x, y, rw, r)
        shine.move(x - 0.5 * rw, y + 0.15 * r).line(x - 0.1 * rw, y + 0.62 * r)
        pen.fill(DISC, "lens", place(x, y, rw, r), 0.22)
    (lx, ly, lw, _), (rx, ry, rw_, _) = eyes
    bridge = (
        Path()
        .move(lx + lw * 1.1, ly + 0.008)
        .curve(lx + lw * 1.4, ly + 0.022, rx - rw_ * 1.4, ry + 0.022, rx - rw_ * 1.1, ry + 0.008)
    )
    for side, (x, y, wide, _) in zip((-1.0, 1.0), eyes, strict=True):
        if side * turn < 0.5:
            edge = (side * 0.94 - 0.1 * turn) * pen.body.head_x
            if side * (edge - x) > wide:
                bridge.move(x + side * wide * 1.2, y + 0.01).line(edge, y + 0.018)
    pen.stroke(bridge, "wear|", width)
    pen.stroke(rims, "wear|", width + 0.8 * pen.line)
    pen.stroke(rims, "wear", width * 0.72)
    pen.stroke(shine, "white", 0.012, None, 0.6)
