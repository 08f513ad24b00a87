"""Outlines and affine matrices: what the raster draws, as flat arrays that ThorVG reads without a copy in Python."""

import math
from array import array
from collections.abc import Callable, Iterable, Sequence

import numpy as np

Matrix = tuple[float, float, float, float, float, float]  # a b c d e f: x' = a x + c y + e, y' = b x + d y + f

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
CLOSE, MOVE, LINE, CURVE = 0, 1, 2, 3  # ThorVG's path commands
LARGE = 1024.0  # ThorVG drops strokes thinner than some hundredths, so outlines are stroked this much larger
ROUND = 0.5522847498  # control length of a cubic that draws a quarter of a unit circle


def translate(x: float, y: float) -> Matrix:
    """The matrix that moves by (x, y)."""
    return (1.0, 0.0, 0.0, 1.0, x, y)


def scale(x: float, y: float | None = None) -> Matrix:
    """The matrix that scales by x, or by x and y."""
    return (x, 0.0, 0.0, x if y is None else y, 0.0, 0.0)


def rotate(radians: float, x: float = 0.0, y: float = 0.0) -> Matrix:
    """The matrix that turns by `radians` about (x, y), clockwise on the canvas where y points down."""
    c, s = math.cos(radians), math.sin(radians)
    return (c, s, -s, c, x - c * x + s * y, y - s * x - c * y)


def then(outer: Matrix, inner: Matrix) -> Matrix:
    """The matrix that applies `inner` first and `outer` after it."""
    a, b, c, d, e, f = outer
    p, q, r, s, t, u = inner
    return (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f)


class Path:
    """Commands and points of an outline; every method returns the path, so that calls chain."""

    __slots__ = ("_large", "commands", "points")

    def __init__(self) -> None:
        self.commands = array("B")
        self.points = array("f")
        self._large: Path | None = None

    def move(self, x: float, y: float) -> "Path":
        self.commands.append(MOVE)
        self.points.extend((x, y))
        return self

    def line(self, x: float, y: float) -> "Path":
        self.commands.append(LINE)
        self.points.extend((x, y))
        return self

    def curve(self, x1: float, y1: float, x2: float, y2: float, x: float, y: float) -> "Path":
        self.commands.append(CURVE)
        self.points.extend((x1, y1, x2, y2, x, y))
        return self

    def close(self) -> "Path":
        self.commands.append(CLOSE)
        return self

    def rect(self, x: float, y: float, width: float, height: float, radius: float = 0.0) -> "Path":
        """Adds a rectangle, its corners rounded by `radius`."""
        r = min(radius, abs(width) / 2, abs(height) / 2)
        right, bottom = x + width, y + height
        if r <= 0:
            return self.polygon(((x, y), (right, y), (right, bottom), (x, bottom)))
        k = r * (1 - ROUND)
        self.move(x + r, y).line(right - r, y).curve(right - k, y, right, y + k, right, y + r)
        self.line(right, bottom - r).curve(right, bottom - k, right - k, bottom, right - r, bottom)
        self.line(x + r, bottom).curve(x + k, bottom, x, bottom - k, x, bottom - r)
        return self.line(x, y + r).curve(x, y + k, x + k, y, x + r, y).close()

    def ellipse(self, cx: float, cy: float, rx: float, ry: float | None = None) -> "Path":
        """Adds an ellipse about (cx, cy), a circle where `ry` is left out."""
        ry = rx if ry is None else ry
        kx, ky = rx * ROUND, ry * ROUND
        self.commands.extend((MOVE, CURVE, CURVE, CURVE, CURVE, CLOSE))
        right, left, low, top = cx + rx, cx - rx, cy + ry, cy - ry
        self.points.extend((right, cy, right, cy + ky, cx + kx, low, cx, low, cx - kx, low, left, cy + ky, left, cy))
        self.points.extend((left, cy - ky, cx - kx, top, cx, top, cx + kx, top, right, cy - ky, right, cy))
        return self

    def dot(self, cx: float, cy: float, rx: float, ry: float | None = None) -> "Path":
        """Adds a small ellipse of two curves, within 2 % of a true one and drawn in half the time."""
        ry = 4 / 3 * (rx if ry is None else ry)
        self.commands.extend((MOVE, CURVE, CURVE, CLOSE))
        self.points.extend((cx + rx, cy, cx + rx, cy + ry, cx - rx, cy + ry, cx - rx, cy))
        self.points.extend((cx - rx, cy - ry, cx + rx, cy - ry, cx + rx, cy))
        return self

    def polygon(self, points: Iterable[Sequence[float]], closed: bool = True) -> "Path":
        """Adds straight lines through points [n, 2]."""
        flat = [value for point in points for value in point]
        self.commands.append(MOVE)
        self.commands.extend([LINE] * (len(flat) // 2 - 1))
        self.points.extend(flat)
        return self.close() if closed else self

    def smooth(self, points: Sequence[Sequence[float]], closed: bool = True, tension: float = 1.0) -> "Path":
        """Adds a Catmull-Rom curve through points [n, 2]; tension 0 makes it straight."""
        count, k = len(points), tension / 6.0
        at: Callable[[int], Sequence[float]] = (
            (lambda i: points[i % count]) if closed else (lambda i: points[min(max(i, 0), count - 1)])
        )
        self.move(points[0][0], points[0][1])
        for i in range(count if closed else count - 1):
            (ax, ay), (bx, by), (cx, cy), (dx, dy) = at(i - 1), at(i), at(i + 1), at(i + 2)
            self.curve(bx + k * (cx - ax), by + k * (cy - ay), cx - k * (dx - bx), cy - k * (dy - by), cx, cy)
        return self.close() if closed else self

    def extend(self, other: "Path", matrix: Matrix = IDENTITY) -> "Path":
        """Adds another path's outlines, moved by `matrix`."""
        self.commands.extend(other.commands)
        if matrix == IDENTITY:
            self.points.extend(other.points)
            return self
        a, b, c, d, e, f = matrix
        xy = np.frombuffer(other.points, np.float32).reshape(-1, 2)
        moved = xy @ np.array(((a, b), (c, d)), np.float32) + np.array((e, f), np.float32)
        self.points.frombytes(np.ascontiguousarray(moved, np.float32).tobytes())
        return self

    def large(self) -> "Path":
        """The path LARGE times as large, kept until the path grows."""
        if self._large is None or len(self._large.points) != len(self.points):
            self._large = Path().extend(self, (LARGE, 0.0, 0.0, LARGE, 0.0, 0.0))
        return self._large

    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the control points."""
        xy = np.frombuffer(self.points, np.float32).reshape(-1, 2)
        (left, top), (right, bottom) = xy.min(0), xy.max(0)
        return float(left), float(top), float(right), float(bottom)
