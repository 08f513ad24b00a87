"""The one module that touches ThorVG: immediate drawing of paths, gradients and groups into an RGB frame.

Lengths are pixels of the canvas, y down, unless a group's matrix says otherwise. Colours are sRGB tuples of three or
four floats in 0..1 (red, green, blue, alpha). ThorVG's C functions are called directly, since the binding's wrapper
sets `argtypes` anew and builds arrays element by element on each call.
"""

import ctypes
import math
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Colour = tuple[float, ...]
Matrix = tuple[float, float, float, float, float, float]  # a b c d e f: x' = a x + c y + e, y' = b x + d y + f
Stops = tuple[tuple[float, Colour], ...]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
CLOSE, MOVE, LINE, CURVE = 0, 1, 2, 3  # ThorVG's path commands
ROUND = 0.5522847498  # control length of a cubic that draws a quarter of a unit circle
CAPS = {"butt": 0, "round": 1, "square": 2}
JOINS = {"miter": 0, "round": 1, "bevel": 2}


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

    __slots__ = ("commands", "points")

    def __init__(self) -> None:
        self.commands = array("B")
        self.points = array("f")

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

    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the control points."""
        xy = np.frombuffer(self.points, np.float32).reshape(-1, 2)
        (left, top), (right, bottom) = xy.min(0), xy.max(0)
        return float(left), float(top), float(right), float(bottom)


@dataclass(frozen=True, slots=True)
class Linear:
    """A gradient along a line, in the coordinates of the shape it fills; stops are (offset 0..1, colour)."""

    x1: float
    y1: float
    x2: float
    y2: float
    stops: Stops
    _stops: list[Any] = field(default_factory=list, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Radial:
    """A gradient from a centre to a radius, in the coordinates of the shape it fills."""

    cx: float
    cy: float
    radius: float
    stops: Stops
    _stops: list[Any] = field(default_factory=list, repr=False, compare=False)


Fill = Colour | Linear | Radial


class _Stop(ctypes.Structure):
    _fields_ = (("offset", ctypes.c_float), *((name, ctypes.c_uint8) for name in "rgba"))


@cache
def _library() -> Any:
    """The C library with argument types set once, its engine started without worker threads."""
    from thorvg_python.engine import THORVG_LIB as LIB

    if LIB is None:
        raise OSError("thorvg-python has no library for this system; install it anew with `pip install thorvg-python`")
    p, u, f, i, byte = ctypes.c_void_p, ctypes.c_uint32, ctypes.c_float, ctypes.c_int, ctypes.c_uint8
    signatures: dict[str, tuple[Any, ...]] = {
        "engine_init": (u,), "swcanvas_create": (i,), "swcanvas_set_target": (p, p, u, u, u, i),
        "canvas_destroy": (p,), "canvas_add": (p, p), "canvas_remove": (p, p), "canvas_update": (p,),
        "canvas_draw": (p, ctypes.c_bool), "canvas_sync": (p,), "scene_new": (), "scene_add": (p, p),
        "scene_add_effect_gaussian_blur": (p, ctypes.c_double, i, i, i), "shape_new": (),
        "shape_append_path": (p, p, u, p, u), "shape_set_fill_color": (p, byte, byte, byte, byte),
        "shape_set_fill_rule": (p, i), "shape_set_gradient": (p, p), "shape_set_stroke_gradient": (p, p),
        "shape_set_stroke_color": (p, byte, byte, byte, byte), "shape_set_stroke_width": (p, f),
        "shape_set_stroke_cap": (p, i), "shape_set_stroke_join": (p, i), "paint_set_transform": (p, p),
        "paint_set_opacity": (p, byte), "paint_set_clip": (p, p), "paint_set_blend_method": (p, i),
        "picture_new": (), "picture_load_raw": (p, p, u, u, i, ctypes.c_bool),
        "linear_gradient_new": (), "linear_gradient_set": (p, f, f, f, f),
        "radial_gradient_new": (), "radial_gradient_set": (p, f, f, f, f, f, f), "gradient_set_color_stops": (p, p, u),
    }  # fmt: skip
    pointers = {"swcanvas_create", *(name for name in signatures if name.endswith("_new"))}
    for name, arguments in signatures.items():
        function = getattr(LIB, "tvg_" + name)
        function.argtypes, function.restype = arguments, p if name in pointers else i
    LIB.tvg_engine_init(0)
    return LIB


def _bytes(colour: Colour) -> tuple[int, int, int, int]:
    red, green, blue = colour[0], colour[1], colour[2]
    alpha = colour[3] if len(colour) > 3 else 1.0
    r, g, b, a = int(red * 255 + 0.5), int(green * 255 + 0.5), int(blue * 255 + 0.5), int(alpha * 255 + 0.5)
    if (r | g | b | a) & ~255:  # out of range, negative included: rare, so the cheap test comes first
        r, g, b, a = (min(max(v, 0), 255) for v in (r, g, b, a))
    return r, g, b, a


class _Group:
    """Holds the canvas's matrix and target scene while its `with` block runs."""

    __slots__ = ("canvas", "matrix", "outer", "scene", "target")

    def __init__(self, canvas: "Canvas", matrix: Matrix, scene: int | None):
        self.canvas, self.matrix, self.scene = canvas, matrix, scene
        self.outer, self.target = canvas.matrix, canvas._target

    def __enter__(self) -> "Canvas":
        self.canvas.matrix = self.matrix
        if self.scene is not None:
            self.canvas._target = (self.canvas._lib.tvg_scene_add, self.scene)
        return self.canvas

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.canvas.matrix, self.canvas._target = self.outer, self.target


class Canvas:
    """Draws one frame at a time: `begin`, shapes from back to front, `end`."""

    def __init__(self, width: int, height: int):
        self.width, self.height = width, height
        self.matrix: Matrix = IDENTITY
        self._lib = _library()
        self._canvas = self._lib.tvg_swcanvas_create(0)
        self._pixels = np.zeros((height, width, 4), np.uint8)
        self._lib.tvg_swcanvas_set_target(self._canvas, self._pixels.ctypes.data, width, width, height, 0)
        self._target: tuple[Callable[[int, int], int], int] = (self._lib.tvg_canvas_add, self._canvas)
        self._clear = True
        self._transform = (ctypes.c_float * 9)(1, 0, 0, 0, 1, 0, 0, 0, 1)
        self._kept: list[NDArray[np.uint8]] = []  # pictures that ThorVG reads until the frame is done

    def __del__(self) -> None:
        if hasattr(self, "_canvas"):
            self._lib.tvg_canvas_destroy(self._canvas)

    def begin(self, background: NDArray[np.uint8] | None = None) -> "Canvas":
        """Starts a frame, on transparent black or on opaque RGBA pixels [H, W, 4] (or rows [H, 1, 4])."""
        self._lib.tvg_canvas_remove(self._canvas, None)
        self._kept.clear()
        self.matrix, self._target = IDENTITY, (self._lib.tvg_canvas_add, self._canvas)
        self._clear = background is None
        if background is not None:
            self._pixels[:] = background
        return self

    def end(self) -> NDArray[np.uint8]:
        """Rasterises what was drawn since `begin` and returns a copy, uint8 [H, W, 3]."""
        self.pixels()
        out = np.empty((self.height, self.width, 3), np.uint8)
        for channel in range(3):  # three strided copies take a quarter of the time of one [..., :3] copy
            out[:, :, channel] = self._pixels[:, :, channel]
        return out

    def pixels(self) -> NDArray[np.uint8]:
        """Rasterises what was drawn since `begin`; a view of the RGBA (premultiplied) pixels [H, W, 4]."""
        self._lib.tvg_canvas_update(self._canvas)
        self._lib.tvg_canvas_draw(self._canvas, self._clear)
        self._lib.tvg_canvas_sync(self._canvas)
        return self._pixels

    def group(
        self, matrix: Matrix = IDENTITY, opacity: float = 1.0, blur: float = 0.0, clip: Path | None = None
    ) -> _Group:
        """A context in which shapes are moved by `matrix`; opacity, blur (sigma, pixels), clip act on the whole."""
        inner = self.matrix if matrix is IDENTITY else then(self.matrix, matrix)
        if opacity >= 1.0 and blur <= 0.0 and clip is None:
            return _Group(self, inner, None)
        lib, add = self._lib, self._target
        scene = lib.tvg_scene_new()
        if opacity < 1.0:
            lib.tvg_paint_set_opacity(scene, int(max(opacity, 0.0) * 255 + 0.5))
        if blur > 0.0:
            lib.tvg_scene_add_effect_gaussian_blur(scene, blur, 0, 0, 60)
        if clip is not None:
            lib.tvg_paint_set_clip(scene, self._shape(clip, inner))
        add[0](add[1], scene)
        return _Group(self, inner, scene)

    def path(
        self,
        path: Path,
        fill: Fill | None = None,
        stroke: Fill | None = None,
        width: float = 0.0,
        matrix: Matrix | None = None,
        cap: str = "round",
        join: str = "round",
        evenodd: bool = False,
        opacity: float = 1.0,
    ) -> None:
        """Draws an outline filled and stroked; `matrix` acts within the current group, widths scale with it."""
        lib = self._lib
        shape = self._shape(path, self.matrix if matrix is None else then(self.matrix, matrix))
        if isinstance(fill, tuple):
            lib.tvg_shape_set_fill_color(shape, *_bytes(fill))
        elif fill is not None:
            lib.tvg_shape_set_gradient(shape, self._gradient(fill))
        if evenodd:
            lib.tvg_shape_set_fill_rule(shape, 1)
        if stroke is not None and width > 0:
            lib.tvg_shape_set_stroke_width(shape, width)
            lib.tvg_shape_set_stroke_cap(shape, CAPS[cap])
            lib.tvg_shape_set_stroke_join(shape, JOINS[join])
            if isinstance(stroke, tuple):
                lib.tvg_shape_set_stroke_color(shape, *_bytes(stroke))
            else:
                lib.tvg_shape_set_stroke_gradient(shape, self._gradient(stroke))
        if opacity < 1.0:
            lib.tvg_paint_set_opacity(shape, int(max(opacity, 0.0) * 255 + 0.5))
        add, target = self._target
        add(target, shape)

    def ellipse(self, cx: float, cy: float, rx: float, ry: float | None, fill: Fill | None, **style: Any) -> None:
        """Draws an ellipse, a circle where `ry` is None; `style` as for `path`."""
        self.path(Path().ellipse(cx, cy, rx, ry), fill, **style)

    def rect(
        self, x: float, y: float, w: float, h: float, fill: Fill | None, radius: float = 0.0, **style: Any
    ) -> None:
        """Draws a rectangle, its corners rounded by `radius`; `style` as for `path`."""
        self.path(Path().rect(x, y, w, h, radius), fill, **style)

    def polygon(self, points: Iterable[Sequence[float]], fill: Fill | None, **style: Any) -> None:
        """Draws a closed polygon through points [n, 2]; `style` as for `path`."""
        self.path(Path().polygon(points), fill, **style)

    def line(self, points: Iterable[Sequence[float]], stroke: Fill, width: float, **style: Any) -> None:
        """Draws straight strokes through points [n, 2]; `style` as for `path`."""
        self.path(Path().polygon(points, closed=False), None, stroke, width, **style)

    def picture(self, pixels: NDArray[np.uint8], x: float = 0.0, y: float = 0.0, opacity: float = 1.0) -> None:
        """Draws premultiplied RGBA pixels [h, w, 4] at whole canvas pixels, whatever the group's matrix is."""
        lib = self._lib
        height, width = pixels.shape[:2]
        picture = lib.tvg_picture_new()
        self._kept.append(pixels)
        lib.tvg_picture_load_raw(picture, pixels.ctypes.data, width, height, 0, False)
        self._place(picture, (1.0, 0.0, 0.0, 1.0, round(x), round(y)))
        if opacity < 1.0:
            lib.tvg_paint_set_opacity(picture, int(max(opacity, 0.0) * 255 + 0.5))
        add, target = self._target
        add(target, picture)

    def _shape(self, path: Path, matrix: Matrix) -> int:
        lib = self._lib
        shape: int = lib.tvg_shape_new()
        commands, count = path.commands.buffer_info()
        points, floats = path.points.buffer_info()
        lib.tvg_shape_append_path(shape, commands, count, points, floats // 2)
        self._place(shape, matrix)
        return shape

    def _place(self, paint: int, matrix: Matrix) -> None:
        m = self._transform
        m[0], m[3], m[1], m[4], m[2], m[5] = matrix
        self._lib.tvg_paint_set_transform(paint, m)

    def _gradient(self, fill: Linear | Radial) -> int:
        lib = self._lib
        if not fill._stops:
            fill._stops.append((_Stop * len(fill.stops))(*(_Stop(at, *_bytes(colour)) for at, colour in fill.stops)))
        gradient: int
        if isinstance(fill, Linear):
            gradient = lib.tvg_linear_gradient_new()
            lib.tvg_linear_gradient_set(gradient, fill.x1, fill.y1, fill.x2, fill.y2)
        else:
            gradient = lib.tvg_radial_gradient_new()
            lib.tvg_radial_gradient_set(gradient, fill.cx, fill.cy, fill.radius, fill.cx, fill.cy, 0.0)
        lib.tvg_gradient_set_color_stops(gradient, fill._stops[0], len(fill.stops))
        return gradient
