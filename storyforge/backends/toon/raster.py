"""The one module that touches ThorVG: immediate drawing of paths, gradients and groups into an RGB frame.

Lengths are pixels of the canvas, y down, unless a group's matrix says otherwise. Colours are sRGB tuples of three or
four floats in 0..1 (red, green, blue, alpha). ThorVG's C functions are called directly, since the binding's wrapper
sets `argtypes` anew and builds arrays element by element on each call.
"""

import ctypes
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.toon.path import (
    CLOSE,
    CURVE,
    IDENTITY,
    LARGE,
    LINE,
    MOVE,
    Matrix,
    Path,
    rotate,
    scale,
    then,
    translate,
)

__all__ = [
    "CLOSE", "CURVE", "IDENTITY", "LINE", "MOVE", "Canvas", "Colour", "Fill", "Linear", "Matrix", "Path", "Radial",
    "rotate", "scale", "then", "translate",
]  # fmt: skip

Colour = tuple[float, ...]
Stops = tuple[tuple[float, Colour], ...]

CAPS = {"butt": 0, "round": 1, "square": 2}
JOINS = {"miter": 0, "round": 1, "bevel": 2}


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
        """Starts a frame, on transparent black or on opaque RGBA pixels [H, W, 4]; narrower ones are repeated."""
        self._lib.tvg_canvas_remove(self._canvas, None)
        self._kept.clear()
        self.matrix, self._target = IDENTITY, (self._lib.tvg_canvas_add, self._canvas)
        self._clear = background is None
        if background is not None:
            tile = background.shape[1]
            whole = self.width // tile
            self._pixels[:, : whole * tile].reshape(self.height, whole, tile, 4)[:] = background[:, None]
            self._pixels[:, whole * tile :] = background[:, : self.width - whole * tile]
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
        lib, (add, target) = self._lib, self._target
        moved = self.matrix if matrix is None else then(self.matrix, matrix)
        if fill is not None:
            shape = self._shape(path, moved)
            if isinstance(fill, tuple):
                lib.tvg_shape_set_fill_color(shape, *_bytes(fill))
            else:
                lib.tvg_shape_set_gradient(shape, self._gradient(fill, 1.0))
            if evenodd:
                lib.tvg_shape_set_fill_rule(shape, 1)
            if opacity < 1.0:
                lib.tvg_paint_set_opacity(shape, int(max(opacity, 0.0) * 255 + 0.5))
            add(target, shape)
        if stroke is not None and width > 0:
            a, b, c, d, e, f = moved
            shape = self._shape(path.large(), (a / LARGE, b / LARGE, c / LARGE, d / LARGE, e, f))
            lib.tvg_shape_set_stroke_width(shape, width * LARGE)
            lib.tvg_shape_set_stroke_cap(shape, CAPS[cap])
            lib.tvg_shape_set_stroke_join(shape, JOINS[join])
            if isinstance(stroke, tuple):
                lib.tvg_shape_set_stroke_color(shape, *_bytes(stroke))
            else:
                lib.tvg_shape_set_stroke_gradient(shape, self._gradient(stroke, LARGE))
            if opacity < 1.0:
                lib.tvg_paint_set_opacity(shape, int(max(opacity, 0.0) * 255 + 0.5))
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
        lib, pixels = self._lib, np.ascontiguousarray(pixels)
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

    def _gradient(self, fill: Linear | Radial, k: float) -> int:
        lib = self._lib
        if not fill._stops:
            fill._stops.append((_Stop * len(fill.stops))(*(_Stop(at, *_bytes(colour)) for at, colour in fill.stops)))
        gradient: int
        if isinstance(fill, Linear):
            gradient = lib.tvg_linear_gradient_new()
            lib.tvg_linear_gradient_set(gradient, k * fill.x1, k * fill.y1, k * fill.x2, k * fill.y2)
        else:
            gradient = lib.tvg_radial_gradient_new()
            cx, cy = k * fill.cx, k * fill.cy
            lib.tvg_radial_gradient_set(gradient, cx, cy, k * fill.radius, cx, cy, 0.0)
        lib.tvg_gradient_set_color_stops(gradient, fill._stops[0], len(fill.stops))
        return gradient
