"""Geometry of the characters' shapes: crescents of shade, limbs along bones, arcs. Static ones are built once."""

import math
from collections.abc import Sequence

import numpy as np

from storyforge.backends.toon.raster import Matrix, Path

Point = tuple[float, float]


def points(text: str) -> tuple[Point, ...]:
    """Points written as "x y  x y ..."."""
    values = [float(word) for word in text.split()]
    return tuple(zip(values[::2], values[1::2], strict=True))


def place(x: float, y: float, width: float = 1.0, height: float | None = None, turn: float = 0.0) -> Matrix:
    """The matrix that scales by width and height, turns anticlockwise (y up) by radians and moves to (x, y)."""
    high = width if height is None else height
    if not turn:
        return (width, 0.0, 0.0, high, x, y)
    c, s = math.cos(turn), math.sin(turn)
    return (c * width, s * width, -s * high, c * high, x, y)


def along(root: Point, tip: Point, width: float, length: float = 1.0) -> Matrix:
    """The matrix that lays a shape drawn upwards from (0, 0) to (0, 1) from root to tip, `width` wide."""
    dx, dy = (tip[0] - root[0]) * length, (tip[1] - root[1]) * length
    far = math.hypot(dx, dy) or 1e-6
    return (dy / far * width, -dx / far * width, dx, dy, root[0], root[1])


def between(one: Point, other: Point, share: float) -> Point:
    """The point `share` of the way."""
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def closed(points: Sequence[Point], tension: float = 1.0) -> Path:
    """A smooth closed outline through points."""
    return Path().smooth(points, True, tension)


def mirrored(half: Sequence[Point], tension: float = 1.0) -> Path:
    """A smooth closed outline from its right half, listed from the top's middle to the bottom's (x = 0 at both)."""
    other = [(-x, y) for x, y in reversed(half) if abs(x) > 1e-9]
    return closed([*half, *other], tension)


def sampled(path: Path, steps: int = 10) -> list[Point]:
    """Points along the first closed outline of a path."""
    out: list[Point] = []
    at, n = 0, path.points
    x = y = 0.0
    for command in path.commands:
        if command == 3:
            x1, y1, x2, y2, x3, y3 = n[at : at + 6]
            for k in range(1, steps + 1):
                t = k / steps
                a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
                out.append((a * x + b * x1 + c * x2 + d * x3, a * y + b * y1 + c * y2 + d * y3))
            x, y, at = x3, y3, at + 6
        elif command in (1, 2):
            x, y, at = n[at], n[at + 1], at + 2
            out.append((x, y))
        else:
            break
    return out


def _radii(outline: Sequence[Point], centre: Point, angles: Sequence[float]) -> list[float]:
    """How far rays from the centre go to the outline, one for each angle; 0 where it is never met."""
    a = np.array(outline)
    edge, to = np.roll(a, -1, axis=0) - a, a - centre
    ray = np.array([(math.cos(angle), math.sin(angle)) for angle in angles])[:, None]
    cross = ray[..., 0] * edge[:, 1] - ray[..., 1] * edge[:, 0]
    met = np.abs(cross) >= 1e-12
    cross = np.where(met, cross, 1.0)
    far = (to[:, 0] * edge[:, 1] - to[:, 1] * edge[:, 0]) / cross
    part = (to[:, 0] * ray[..., 1] - to[:, 1] * ray[..., 0]) / cross
    met &= (far > 0) & (part >= -1e-9) & (part <= 1 + 1e-9)
    return [float(value) for value in np.where(met, far, 0.0).max(axis=1)]


def crescent(path: Path, shift: Point, centre: Point = (0.0, 0.0), steps: int = 96) -> Path:
    """What of an outline is left in shade when light fills the same outline moved by `shift` (star-shaped outlines)."""
    outline = sampled(path)
    lit = [(x + shift[0], y + shift[1]) for x, y in outline]
    angles = [2 * math.pi * k / steps for k in range(steps)]
    rims = list(zip(angles, _radii(outline, centre, angles), _radii(lit, centre, angles), strict=True))
    dark = [k for k, (_, rim, light) in enumerate(rims) if light < rim - 1e-4]
    if not dark:
        return Path()
    first = next((k for k in dark if (k - 1) % steps not in dark), dark[0])
    run = []
    for k in range(steps):
        if (first + k) % steps not in dark:
            break
        run.append(rims[(first + k) % steps])
    spot = [(centre[0] + r * math.cos(a), centre[1] + r * math.sin(a)) for a, r, _ in run]
    inner = [(centre[0] + max(r, 0) * math.cos(a), centre[1] + max(r, 0) * math.sin(a)) for a, _, r in reversed(run)]
    return Path().polygon([*spot, *inner])


def limb(a: Point, b: Point, c: Point, wide: tuple[float, float, float], path: Path | None = None) -> Path:
    """A tapered limb along two bones a-b-c with half widths at each, rounded at both ends."""
    ux, uy, upper = _unit(a, b)
    vx, vy, lower = _unit(b, c)
    tx, ty, _ = _unit((0.0, 0.0), (ux + vx + 1e-9, uy + vy))
    wa, wb, wc = wide
    k, m = 0.38 * upper, 0.38 * lower
    out = path if path is not None else Path()
    al, bl, cl = (a[0] - uy * wa, a[1] + ux * wa), (b[0] - ty * wb, b[1] + tx * wb), (c[0] - vy * wc, c[1] + vx * wc)
    ar, br, cr = (a[0] + uy * wa, a[1] - ux * wa), (b[0] + ty * wb, b[1] - tx * wb), (c[0] + vy * wc, c[1] - vx * wc)
    out.move(*al)
    out.curve(al[0] + ux * k, al[1] + uy * k, bl[0] - tx * k, bl[1] - ty * k, *bl)
    out.curve(bl[0] + tx * m, bl[1] + ty * m, cl[0] - vx * m, cl[1] - vy * m, *cl)
    e = 1.33 * wc
    out.curve(cl[0] + vx * e, cl[1] + vy * e, cr[0] + vx * e, cr[1] + vy * e, *cr)
    out.curve(cr[0] - vx * m, cr[1] - vy * m, br[0] + tx * m, br[1] + ty * m, *br)
    out.curve(br[0] - tx * k, br[1] - ty * k, ar[0] + ux * k, ar[1] + uy * k, *ar)
    e = 1.33 * wa
    out.curve(ar[0] - ux * e, ar[1] - uy * e, al[0] - ux * e, al[1] - uy * e, *al)
    return out.close()


def _unit(one: Point, other: Point) -> tuple[float, float, float]:
    dx, dy = other[0] - one[0], other[1] - one[1]
    far = math.hypot(dx, dy) or 1e-9
    return dx / far, dy / far, far


def ribbon(spine: Sequence[Point], wide: Sequence[float]) -> Path:
    """A smooth tapered strip along a spine with half widths, its end rounded by the curve: tails, scarves, tufts."""
    left: list[Point] = []
    right: list[Point] = []
    last = len(spine) - 1
    for i, (x, y) in enumerate(spine):
        dx, dy, _ = _unit(spine[max(i - 1, 0)], spine[min(i + 1, last)])
        left.append((x - dy * wide[i], y + dx * wide[i]))
        right.append((x + dy * wide[i], y - dx * wide[i]))
    dx, dy, _ = _unit(spine[-2], spine[-1])
    end = (spine[-1][0] + dx * wide[-1] * 0.9, spine[-1][1] + dy * wide[-1] * 0.9)
    return closed([*left, end, *reversed(right)])


def arc(path: Path, start: float, stop: float, radius: float = 1.0) -> Path:
    """Adds an arc of a circle about (0, 0) from the current point at `start` to `stop` radians, in exact cubics."""
    pieces = max(1, math.ceil(abs(stop - start) / 1.6))
    step = (stop - start) / pieces
    k = 4 / 3 * math.tan(step / 4) * radius
    for i in range(pieces):
        a, b = start + i * step, start + (i + 1) * step
        ca, sa, cb, sb = math.cos(a), math.sin(a), math.cos(b), math.sin(b)
        path.curve(
            radius * ca - k * sa, radius * sa + k * ca, radius * cb + k * sb, radius * sb - k * cb,
            radius * cb, radius * sb,
        )  # fmt: skip
    return path
