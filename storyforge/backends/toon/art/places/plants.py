"""Trees, bushes, grass, flowers and stones, in world units, y up, rooted at (x, y)."""

import math

from storyforge.backends.toon.art.layers import STEEP, Dice, Sketch
from storyforge.backends.toon.raster import Path


def clump(x: float, y: float, rx: float, ry: float, dice: Dice, bumps: int = 9, flat: float = 1.0) -> Path:
    """A scalloped mass of leaves or cloud about (x, y); flat below 1 raises its lower edge."""
    turn, path = dice(0, 2 * math.pi), Path()
    angles = [turn + 2 * math.pi * (i + dice(-0.22, 0.22)) / bumps for i in range(bumps)]
    rim = []
    for a in angles:
        r, dy = dice(0.84, 0.96), math.sin(a)
        rim.append((x + math.cos(a) * rx * r, y + (dy if dy > 0 else dy * flat) * ry * r))
    path.move(*rim[0])
    for i in range(bumps):
        (ax, ay), (bx, by) = rim[i], rim[(i + 1) % bumps]
        dx, dy = bx - ax, by - ay
        out = dice(0.42, 0.62)  # anticlockwise, so outwards is to the right of the way from a to b
        nx, ny = dy * out, -dx * out
        path.curve(ax + nx - 0.06 * dx, ay + ny - 0.06 * dy, bx + nx + 0.06 * dx, by + ny + 0.06 * dy, bx, by)
    return path.close()


def canopy(s: Sketch, left: float, right: float, y: float, dice: Dice, bump: float, thick: float) -> Path:
    """A roof of leaves from left to right whose lower edge hangs in boughs about y.

    Cameras that could look over it see that it is about `thick` and ends in scallops, too.
    """
    path = Path().move(left - 0.005, y)
    _boughs(path, (left - 0.005, right + 0.005), y, dice, bump, -1.0)
    over = y + thick if s.high >= STEEP else s.high
    path.line(right + 0.005, over)
    if s.high >= STEEP:
        _boughs(path, (right + 0.005, left - 0.005), over, Dice("top", left, y), bump, 1.0)
    return path.line(left - 0.005, over).close()


def _boughs(path: Path, ends: tuple[float, float], y: float, dice: Dice, bump: float, side: float) -> None:
    """Scallops in groups of four from one end to the other, bulging to `side`: -1 down, 1 up."""
    start, stop = ends
    count = 4 * max(1, round(abs(stop - start) / bump))
    x, level, step = start, y, 0.03 * bump * (1 if stop > start else -1)
    for i in range(1, count + 1):
        bough = abs(math.sin(math.pi * i / 4)) ** 0.7 * dice(0.25, 0.42) * bump
        end = stop if i == count else start + (stop - start) * (i + dice(-0.22, 0.22)) / count
        to = y if i == count else y + side * bough + dice(-0.05, 0.05) * bump
        nx, ny = -side * (to - level) * 0.5, side * dice(0.10, 0.17) * bump
        path.curve(x + nx - step, level + ny, end + nx + step, to + ny, end, to)
        x, level = end, to


def stem(x: float, y: float, height: float, width: float, lean: float = 0.0, flare: float = 1.7) -> Path:
    """A trunk that widens towards its root."""
    top, w = width * 0.5, width * 0.5
    f = width * 0.5 * flare
    path = (
        Path().move(x - f, y).curve(x - w, y + height * 0.12, x - w, y + height * 0.4, x + lean - top * 0.6, y + height)
    )
    path.line(x + lean + top * 0.6, y + height)
    return path.curve(x + w, y + height * 0.4, x + w, y + height * 0.12, x + f, y).close()


def round_tree(s: Sketch, x: float, y: float, size: float, dice: Dice, leaf: str = "leaf", rank: int = 2) -> None:
    """A broad tree: trunk, a crown in shade, its body and the side towards the light."""
    sway = (x, y, 0.45)
    height = size * dice(0.42, 0.5)
    s.add(stem(x, y - 0.01 * size, height * 1.25, size * 0.11, dice(-0.03, 0.03) * size), "trunk", rank)
    limb = (
        Path()
        .move(x, y + height * 0.7)
        .line(x + size * 0.16, y + height * 1.15)
        .line(x + size * 0.2, y + height * 1.13)
    )
    s.add(limb.line(x + size * 0.03, y + height * 0.55).close(), "trunk", rank)
    cy, rx, ry = y + height + size * 0.24, size * dice(0.33, 0.40), size * dice(0.29, 0.34)
    s.add(clump(x, cy - ry * 0.12, rx, ry, dice, 10, 0.7), leaf + "-", rank, sway=sway)
    s.add(clump(x - rx * 0.08, cy + ry * 0.10, rx * 0.86, ry * 0.80, dice, 9, 0.6), leaf, rank, sway=sway)
    s.add(clump(x - rx * 0.30, cy + ry * 0.38, rx * 0.46, ry * 0.38, dice, 7, 0.5), leaf + "+", rank, sway=sway)
    s.add(clump(x + rx * 0.32, cy + ry * 0.10, rx * 0.26, ry * 0.18, dice, 6, 0.4), leaf + "+", rank, sway=sway)


def far_tree(s: Sketch, x: float, y: float, size: float, dice: Dice, role: str = "far2-", rank: int = 1) -> None:
    """A tree that is only a silhouette."""
    path = Path().rect(x - size * 0.035, y - size * 0.1, size * 0.07, size * 0.5)
    s.add(path, role, rank)
    s.add(clump(x, y + size * 0.62, size * dice(0.26, 0.36), size * 0.36, dice, 7, 0.7), role, rank)


def poplar(s: Sketch, x: float, y: float, size: float, dice: Dice, leaf: str = "leaf", rank: int = 2) -> None:
    """A slender tree."""
    sway, w = (x, y, 0.6), size * dice(0.11, 0.14)
    s.add(Path().rect(x - size * 0.02, y - size * 0.05, size * 0.04, size * 0.3), "trunk", rank)
    body = [(x, y + size * 1.05), (x + w, y + size * 0.55), (x + w * 0.8, y + size * 0.2), (x, y + size * 0.1)]
    body += [(x - w * 0.8, y + size * 0.2), (x - w, y + size * 0.55)]
    s.add(Path().smooth(body), leaf + "-", rank, sway=sway)
    lit = [(x - w * 0.15, y + size), (x + w * 0.45, y + size * 0.6), (x + w * 0.2, y + size * 0.25)]
    lit += [(x - w * 0.6, y + size * 0.25), (x - w * 0.8, y + size * 0.55)]
    s.add(Path().smooth(lit), leaf, rank, sway=sway)


def pine(
    s: Sketch, x: float, y: float, size: float, dice: Dice, role: str = "pine", rank: int = 2, tiers: int = 4
) -> None:
    """A conifer of overlapping skirts, lit on one side."""
    sway = (x, y, 0.3)
    s.add(Path().rect(x - size * 0.03, y - size * 0.05, size * 0.06, size * 0.25), "trunk", rank)
    width = size * dice(0.24, 0.3)
    for part, tone in ((1.0, "-"), (0.62, "")):
        for i in range(tiers):
            low, high = y + size * (0.12 + 0.205 * i), y + size * (0.12 + 0.205 * i + 0.40 - 0.03 * i)
            w = width * (1 - i / (tiers + 0.6))
            right = x + w * (1.0 if part == 1.0 else 0.12)
            path = (
                Path()
                .move(x, high)
                .curve(x + (right - x) * 0.3, high - size * 0.1, right * 0.9 + x * 0.1, low + size * 0.05, right, low)
            )
            path.curve(x + w * 0.3 * part, low - size * 0.035, x - w * 0.3, low - size * 0.035, x - w, low)
            s.add(path.curve(x - w * 0.9, low + size * 0.05, x - w * 0.3, high - size * 0.1, x, high).close(),
                  role + tone, rank, sway=sway)  # fmt: skip


def bush(s: Sketch, x: float, y: float, size: float, dice: Dice, leaf: str = "leaf", rank: int = 3) -> None:
    """A low bush in three tones."""
    sway = (x, y, 0.25)
    s.add(clump(x, y + size * 0.18, size * 0.52, size * 0.36, dice, 9, 0.3), leaf + "-", rank, sway=sway)
    s.add(clump(x - size * 0.05, y + size * 0.25, size * 0.42, size * 0.27, dice, 8, 0.3), leaf, rank, sway=sway)
    s.add(clump(x - size * 0.16, y + size * 0.36, size * 0.2, size * 0.12, dice, 6, 0.3), leaf + "+", rank, sway=sway)


def blades(x: float, y: float, size: float, dice: Dice, count: int = 5, spread: float = 0.5) -> Path:
    """A tuft of grass as curved blades."""
    path = Path()
    for i in range(count):
        u = (i - (count - 1) / 2) / max(count - 1, 1) * 2
        h, root = size * dice(0.6, 1.0) * (1 - 0.3 * abs(u)), x + u * size * 0.22
        tip, w = root + u * size * spread + dice(-0.06, 0.06) * size, size * 0.055
        path.move(root - w, y - size * 0.02).curve(
            root - w * 0.6, y + h * 0.5, (root + tip) / 2 - w, y + h * 0.8, tip, y + h
        )
        path.curve((root + tip) / 2 + w, y + h * 0.75, root + w * 1.4, y + h * 0.4, root + w, y - size * 0.02).close()
    return path


def tuft(s: Sketch, x: float, y: float, size: float, dice: Dice, role: str = "grass", rank: int = 4) -> None:
    """Grass that the wind bends."""
    s.add(blades(x, y, size, dice, dice.whole(4, 6)), role, rank, sway=(x, y, 0.9))


def flower(s: Sketch, x: float, y: float, size: float, dice: Dice, role: str, rank: int = 4) -> None:
    """A small flower: stem, leaves, petals and heart."""
    sway, top = (x, y, 0.8), y + size
    s.add(Path().rect(x - size * 0.03, y, size * 0.06, size), "grass", rank, sway=sway)
    leaf = (
        Path()
        .move(x, y + size * 0.15)
        .curve(x + size * 0.1, y + size * 0.2, x + size * 0.26, y + size * 0.4, x + size * 0.3, y + size * 0.5)
    )
    s.add(
        leaf.curve(x + size * 0.12, y + size * 0.5, x + size * 0.04, y + size * 0.4, x, y + size * 0.15).close(),
        "grass",
        rank,
        sway=sway,
    )
    petals, turn = Path(), dice(0, 1.2)
    for i in range(5):
        a = turn + 2 * math.pi * i / 5
        petals.dot(x + math.cos(a) * size * 0.16, top + math.sin(a) * size * 0.15, size * 0.13, size * 0.12)
    s.add(petals, role, rank, sway=sway)
    s.add(Path().dot(x, top, size * 0.09), "yellow" if role != "yellow" else "wood-", rank, sway=sway)


def daisies(s: Sketch, x: float, y: float, size: float, dice: Dice, role: str, rank: int = 1, count: int = 7) -> None:
    """A drift of flowers so far away that they are dots on the ground."""
    path = Path()
    for _ in range(count):
        r = size * dice(0.05, 0.09)
        path.dot(x + dice(-1, 1) * size, y + dice(-0.28, 0.28) * size, r, r * 0.8)
    s.add(path, role, rank)


def stone(s: Sketch, x: float, y: float, size: float, dice: Dice, role: str = "stone", rank: int = 3) -> None:
    """A rounded stone with a lit face and a shaded foot."""
    h, w = size * dice(0.45, 0.7), size * 0.5
    body = [
        (x - w, y),
        (x - w * 0.86, y + h * 0.6),
        (x - w * 0.2, y + h),
        (x + w * 0.55, y + h * 0.85),
        (x + w, y + h * 0.3),
    ]
    body += [(x + w * 1.02, y - h * 0.06), (x, y - h * 0.12)]
    s.add(Path().smooth(body, tension=0.8), role + "-", rank)
    lit = [
        (x - w * 0.92, y + h * 0.1),
        (x - w * 0.82, y + h * 0.58),
        (x - w * 0.2, y + h * 0.97),
        (x + w * 0.5, y + h * 0.82),
    ]
    lit += [(x + w * 0.25, y + h * 0.45), (x - w * 0.35, y + h * 0.28)]
    s.add(Path().smooth(lit, tension=0.8), role, rank)
    top = [
        (x - w * 0.62, y + h * 0.68),
        (x - w * 0.15, y + h * 0.93),
        (x + w * 0.3, y + h * 0.84),
        (x - w * 0.2, y + h * 0.7),
    ]
    s.add(Path().smooth(top, tension=0.8), role + "+", rank)


def mushroom(s: Sketch, x: float, y: float, size: float, rank: int = 4, cap: str = "red") -> None:
    """A toadstool."""
    w = size * 0.5
    s.add(Path().rect(x - size * 0.12, y, size * 0.24, size * 0.6, size * 0.1), "white", rank)
    cap_path = (
        Path()
        .move(x - w, y + size * 0.5)
        .curve(x - w * 0.9, y + size * 1.15, x + w * 0.9, y + size * 1.15, x + w, y + size * 0.5)
    )
    s.add(
        cap_path.curve(x + w * 0.5, y + size * 0.4, x - w * 0.5, y + size * 0.4, x - w, y + size * 0.5).close(),
        cap,
        rank,
    )
    dots = (
        Path()
        .dot(x - w * 0.4, y + size * 0.68, size * 0.08, size * 0.06)
        .dot(x + w * 0.1, y + size * 0.82, size * 0.09, size * 0.07)
    )
    s.add(dots.dot(x + w * 0.52, y + size * 0.62, size * 0.06, size * 0.05), "white", rank)


def fern(s: Sketch, x: float, y: float, size: float, dice: Dice, role: str = "leaf", rank: int = 4) -> None:
    """Arching fronds."""
    path = Path()
    for i in range(5):
        u = (i - 2) / 2 + dice(-0.1, 0.1)
        tx, ty = x + u * size * 0.62, y + size * (0.78 - 0.34 * u * u)
        mx, my, w = x + u * size * 0.22, y + size * 0.66, size * 0.085
        path.move(x, y).curve(mx - w, my * 0.7 + y * 0.3, mx, my, tx, ty).curve(
            mx + w * 1.5, my - w * 1.6, mx + w * 1.2, y + size * 0.2, x + 0.02 * size, y
        ).close()
    s.add(path, role, rank, sway=(x, y, 0.6))


def palm(s: Sketch, x: float, y: float, size: float, dice: Dice, rank: int = 2) -> None:
    """A palm: a leaning ringed trunk and drooping fronds."""
    lean = size * dice(0.1, 0.22) * (1 if dice.chance(0.5) else -1)
    w, top_x, top_y = size * 0.035, x + lean, y + size * 0.82
    trunk = (
        Path()
        .move(x - w * 1.6, y - size * 0.02)
        .curve(x - w + lean * 0.05, y + size * 0.3, x - w + lean * 0.4, y + size * 0.6, top_x - w * 0.7, top_y)
    )
    trunk.line(top_x + w * 0.7, top_y)
    s.add(
        trunk.curve(
            x + w + lean * 0.45, y + size * 0.6, x + w + lean * 0.1, y + size * 0.3, x + w * 1.6, y - size * 0.02
        ).close(),
        "trunk",
        rank,
    )
    sway = (x, y, 0.5)
    for tone, shift in (("-", -0.25), ("", 0.0), ("+", 0.22)):
        leaves = Path()
        for i in range(4 if tone else 5):
            a = math.radians(-28 + 236 * i / (3 if tone else 4)) + shift
            length = size * dice(0.30, 0.38)
            ex, ey = top_x + math.cos(a) * length, top_y + math.sin(a) * length * 0.62 - size * 0.09
            mx, my = top_x + math.cos(a) * length * 0.55, top_y + math.sin(a) * length * 0.6 + size * 0.12
            leaves.move(top_x, top_y).curve(mx - size * 0.02, my + size * 0.02, mx, my, ex, ey)
            leaves.curve(
                mx + size * 0.0, my - size * 0.09, mx - (mx - top_x) * 0.3, my - size * 0.07, top_x, top_y - size * 0.02
            ).close()
        s.add(leaves, "palm" + tone, rank, sway=sway)
    s.add(Path().dot(top_x - w, top_y - w, w * 0.9).dot(top_x + w, top_y - w * 1.3, w * 0.9), "trunk-", rank, sway=sway)


def cactus(s: Sketch, x: float, y: float, size: float, dice: Dice, rank: int = 3, role: str = "cactus") -> None:
    """A branching cactus with lit ribs and perhaps a flower."""
    w = size * 0.13
    body = Path().rect(x - w, y - size * 0.04, 2 * w, size, w)
    side = 1 if dice.chance(0.5) else -1
    for sign, height, reach in ((side, dice(0.42, 0.55), 0.30), (-side, dice(0.28, 0.4), 0.26)):
        arm, r = x + sign * size * reach, w * 0.68
        body.rect(min(x, arm), y + size * height - r, abs(arm - x), 2 * r, r)
        body.rect(arm - r, y + size * height - r, 2 * r, size * dice(0.26, 0.36), r)
    s.add(body, role + "-", rank)
    s.add(Path().rect(x - w * 0.75, y, w * 0.9, size * 0.93, w * 0.45), role, rank)
    s.add(Path().rect(x - w * 0.55, y + size * 0.1, w * 0.28, size * 0.78, w * 0.14), role + "+", rank)
    if dice.chance(0.6):
        s.add(Path().dot(x, y + size * 0.98, w * 0.55, w * 0.4).dot(x - w * 0.4, y + size, w * 0.3), "pink", rank)
