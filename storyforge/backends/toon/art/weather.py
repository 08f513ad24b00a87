"""Rain, snow, fog, storm and small living things in the air; all of it a function of time, so it is the same each time.

Drops and flakes are laid out over the frame and wrap around; they move with the camera a little, as near things do.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.toon.art.hues import WEATHERS
from storyforge.backends.toon.art.layers import Dice, Frame
from storyforge.backends.toon.art.palette import Palette
from storyforge.backends.toon.enlarge import bands
from storyforge.backends.toon.path import CLOSE, CURVE, LINE, MOVE
from storyforge.backends.toon.raster import Path, Radial

Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]

FLASHES = 7.0  # seconds between flashes of lightning, about
DROPS = ((70, 0.55, 0.9, 0.0010, 0.30), (60, 0.80, 1.25, 0.0014, 0.40), (36, 1.20, 1.7, 0.0020, 0.42))
FLAKES = ((90, 0.45, 0.055, 0.0016, 0.75), (60, 0.80, 0.080, 0.0027, 0.85), (22, 1.25, 0.115, 0.0046, 0.85))


def wind(palette: Palette) -> float:
    """How strong the wind is, 0..1."""
    return sum(WEATHERS[name].wind * share for name, share in palette.weathers.items())


@lru_cache(maxsize=16)
def _random(what: str, n: int) -> Floats:
    rng = np.random.Generator(np.random.Philox(key=[sum(map(ord, what)), n]))
    return rng.random((n, 6))


def _polygons(points: Floats) -> Path:
    """One path of n polygons [n, corners, 2]."""
    n, corners = points.shape[:2]
    path = Path()
    path.commands.frombytes(bytes((MOVE, *[LINE] * (corners - 1), CLOSE)) * n)
    path.points.frombytes(np.ascontiguousarray(points, np.float32).tobytes())
    return path


def _discs(x: Floats, y: Floats, r: Floats) -> Path:
    """One path of n small discs of two curves each."""
    path, n = Path(), len(x)
    ring = np.array(((1, 0), (1, 4 / 3), (-1, 4 / 3), (-1, 0), (-1, -4 / 3), (1, -4 / 3), (1, 0)))
    path.commands.frombytes(bytes((MOVE, CURVE, CURVE, CLOSE)) * n)
    points = np.stack([x, y], 1)[:, None] + r[:, None, None] * ring
    path.points.frombytes(np.ascontiguousarray(points, np.float32).tobytes())
    return path


def rain(frame: Frame, near: bool = True) -> None:
    """Streaks of rain; far ones go behind the characters, near ones before them."""
    weathers, view = frame.palette.weathers, frame.view
    share = weathers["rain"] + weathers["storm"]
    if share < 0.03:
        return
    slant = 0.10 + 0.45 * weathers["storm"] / max(share, 1e-6)
    light = frame.palette.sky[2] * 0.45 + 0.55
    grow = view.unit * 2.0 ** (0.35 * view.zoom)
    for row, (count, depth, speed, thick, alpha) in enumerate(DROPS):
        if (row > 0) != near:
            continue
        table = _random(f"rain{row}", round(count * (1 + 0.25 * weathers["storm"])))
        length = grow * (0.045 + 0.05 * row) * (0.6 + 0.7 * table[:, 2])
        fall = grow * speed * (0.85 + 0.3 * table[:, 3]) * frame.t
        tall, wide = view.height + 1.3 * length.max(), view.width * 1.1
        y = (table[:, 1] * tall + fall - view.unit * view.y * depth * -0.3) % tall - length
        x = (table[:, 0] * wide - slant * fall - view.unit * view.x * depth) % wide - 0.05 * view.width
        w = max(0.8, grow * thick)
        ends = np.stack([x + slant * length, x + slant * length + w, x + w, x], 1)
        rows = np.stack([y, y, y + length, y + length], 1)
        faint = alpha * min(1.0, share * 1.2) * (1.0 - 0.16 * min(max(view.zoom, 0.0), 3.0))
        colour = (float(light[0]), float(light[1]), float(light[2]), faint)
        frame.canvas.path(_polygons(np.stack([ends, rows], 2)), colour)


def splashes(frame: Frame) -> None:
    """Drops that burst on the ground."""
    share = frame.palette.weathers["rain"] + frame.palette.weathers["storm"]
    if share < 0.1:
        return
    left, _, right, _ = frame.view.bounds(1.0)
    table = _random("splash", 26)
    phase = frame.t * 2.2 + table[:, 0]
    u, turn = phase % 1.0, np.floor(phase)
    x = left + (right - left) * ((table[:, 1] + 0.618 * turn + 0.37 * table[:, 2] * turn) % 1.0)
    y = -0.09 - 0.19 * ((table[:, 3] + 0.733 * turn) % 1.0)
    w = (0.004 + 0.010 * u) * (1 - 2 * (y + 0.18))
    points = np.stack(
        [
            np.stack([x - w, y], 1),
            np.stack([x, y + 0.35 * w], 1),
            np.stack([x + w, y], 1),
            np.stack([x, y - 0.35 * w], 1),
        ],
        1,
    )
    tone = frame.palette.haze
    shown = points[u < 0.8]
    frame.canvas.path(_polygons(shown), (*tone, 0.5 * min(share, 1.0)), matrix=frame.view.matrix(1.0))


def snow(frame: Frame, near: bool = True) -> None:
    """Flakes that drift down; far ones go behind the characters, near ones before them."""
    share, view = frame.palette.weathers["snow"], frame.view
    if share < 0.03:
        return
    grow = view.unit * 2.0 ** (0.35 * view.zoom)
    night = frame.palette.times["night"]
    for row, (count, depth, speed, size, alpha) in enumerate(FLAKES):
        if (row > 0) != near:
            continue
        table = _random(f"snow{row}", count)
        r = grow * size * (0.6 + 0.8 * table[:, 2])
        tall, wide = view.height + 4 * r.max(), view.width * 1.1
        fall = grow * speed * (0.7 + 0.6 * table[:, 3]) * frame.t
        swing = grow * 0.014 * np.sin((0.7 + 0.9 * table[:, 4]) * frame.t + 6.3 * table[:, 5])
        y = (table[:, 1] * tall + fall + view.unit * view.y * depth * 0.5) % tall - 2 * r
        x = (table[:, 0] * wide + swing + grow * 0.03 * frame.t - view.unit * view.x * depth) % wide - 0.05 * view.width
        tone = 1.0 - 0.18 * night
        frame.canvas.path(_discs(x, y, r), (tone, tone, 1.0 - 0.06 * night, alpha * share))


@lru_cache(maxsize=1)
def _mist(width: int, height: int) -> NDArray[np.float32]:
    """A field of mist 0..1 [height, width], soft, without a seam from right to left."""
    u = (2 * np.pi * np.arange(width, dtype=np.float32) / width)[None]
    out = np.empty((height, width), np.float32)
    for rows in bands(height):
        v = (np.arange(rows.start, rows.stop, dtype=np.float32) / height)[:, None]
        field = np.zeros((len(v), width), np.float32)
        for row in _random("mist", 12):
            waves, tall = 1 + int(5 * row[0]), 2 + 9 * row[1]
            bent = np.sin(waves * u + 6.3 * row[3] + 1.5 * np.sin(tall * v + 6.3 * row[4]))
            field += (0.4 + row[2]) / waves**0.5 * bent
        field = 0.5 + 0.5 * np.tanh(0.55 * field)
        out[rows] = field * np.clip(1.15 - 0.75 * np.abs(v - 0.62) / 0.5, 0.0, 1.0)
    return out


@lru_cache(maxsize=2)
def _mist_pixels(width: int, height: int, colour: tuple[int, int, int]) -> Pixels:
    """The mist as premultiplied RGBA pixels."""
    out, field = np.empty((height, width, 4), np.uint8), _mist(width, height)
    tint = np.array(colour, np.float32) / 255
    for rows in bands(height):
        alpha = field[rows, :, None] * 235
        out[rows, :, :3], out[rows, :, 3:] = alpha * tint, alpha
    return out


def fog(frame: Frame, depth: float, strength: float) -> None:
    """Banks of mist that drift by; drawn several times between the layers."""
    share, view = frame.palette.weathers["fog"], frame.view
    if share < 0.03:
        return
    width = round(view.width * 1.5)
    r, g, b = (round(255 * v) for v in frame.palette.haze)
    pixels = _mist_pixels(width, view.height, (r, g, b))
    x = (0.012 * (0.5 + depth) * frame.t - view.x * depth) * view.unit + 900 * depth
    first = x % width - width
    for left in (first, first + width):
        if left < view.width and left + width > 0:
            frame.canvas.picture(pixels, left, 0, strength * share)


def _strike(cell: int, seed: int) -> float:
    """When the lightning of one stretch of FLASHES seconds comes."""
    return FLASHES * (cell + 0.15 + 0.6 * Dice("flash", seed, cell)())


def flashes(start: float, stop: float, seed: int = 0) -> list[tuple[float, float]]:
    """The times in [start, stop) at which lightning begins where there is a storm, and how far off it is, 0..1."""
    cells = range(math.floor(start / FLASHES), math.floor(stop / FLASHES) + 1)
    return [(at, Dice("far", seed, cell)()) for cell in cells if start <= (at := _strike(cell, seed)) < stop]


def flash(t: float, seed: int = 0) -> float:
    """How bright the lightning of one span is at a time, 0..1: two quick pulses once in FLASHES seconds or so."""
    best = 0.0
    for cell in (math.floor(t / FLASHES) - 1, math.floor(t / FLASHES)):
        start = _strike(cell, seed)
        for delay, height in ((0.0, 1.0), (0.22, 0.65)):
            age = t - start - delay
            if 0 <= age < 0.9:
                best = max(best, height * math.exp(-6.5 * age))
    return best


def _lit(frame: Frame) -> float:
    """How bright the lightning is, 0 without a storm."""
    storm = frame.palette.weathers["storm"]
    return flash(frame.t, frame.seed) * storm if storm > 0.02 else 0.0


def lightning(frame: Frame) -> None:
    """Lights up the sky and draws the bolt."""
    light = _lit(frame)
    if light < 0.02:
        return
    view = frame.view
    frame.canvas.rect(0, 0, view.width, view.height, (0.86, 0.90, 1.0, 0.55 * light))
    if light < 0.25:
        return
    cell = math.floor(frame.t / FLASHES)
    dice = Dice("bolt", frame.seed, cell)
    x, y, points = dice(-0.35, 0.35), 0.40, []
    while y > 0.01:
        points.append((x, y))
        x, y = x + dice(-0.045, 0.045), y - dice(0.03, 0.06)
    width = [0.006 * (1 - i / len(points)) + 0.0012 for i in range(len(points))]
    left = [(px - w, py) for (px, py), w in zip(points, width, strict=True)]
    right = [(px + w, py) for (px, py), w in zip(points, width, strict=True)]
    frame.canvas.path(
        Path().polygon(left + right[::-1]), (1.0, 1.0, 0.93, min(1.0, 1.3 * light)), matrix=view.matrix(0.08)
    )


def shine(frame: Frame) -> None:
    """The lightning's light on everything."""
    light = _lit(frame)
    if light >= 0.02:
        frame.canvas.rect(0, 0, frame.view.width, frame.view.height, (0.80, 0.86, 1.0, 0.22 * light))


def leaves(frame: Frame, role: str = "leaf") -> None:
    """Leaves that a storm carries past."""
    storm, view = frame.palette.weathers["storm"], frame.view
    if storm < 0.3:
        return
    table = _random("leaves", 9)
    for row in table:
        x = ((row[0] - (0.55 + 0.3 * row[1]) * frame.t - view.x) % 1.7) - 0.85
        y = -0.18 + 0.36 * row[2] + 0.04 * math.sin(3 * frame.t + 6 * row[3])
        turn, size = 5 * frame.t * (0.6 + row[4]) + 6 * row[5], 0.008 + 0.007 * row[3]
        c, s = math.cos(turn) * size, math.sin(turn) * size
        path = Path().move(-1, 0).curve(-0.3, 0.6, 0.4, 0.5, 1, 0).curve(0.4, -0.5, -0.3, -0.6, -1, 0).close()
        base = view.matrix(1.0)
        k, cx, cy = base[0], view.width / 2 + base[0] * x, view.height / 2 - 0.8 * base[0] * (y - 0.3 * view.y)
        colour = (*frame.palette[role + ("" if row[1] < 0.5 else "+")], min(1.0, storm))
        frame.canvas.path(path, colour, matrix=(c * k, s * k, -s * k * 0.6, c * k * 0.6, cx, cy))


def fireflies(frame: Frame) -> None:
    """Fireflies over the grass on clear nights."""
    share = frame.palette.times["night"] * frame.palette.weathers["clear"]
    if share < 0.1:
        return
    base = frame.view.matrix(0.9)
    left, _, right, _ = frame.view.bounds(0.9)
    for row in _random("fireflies", 9):
        t = 0.25 * frame.t
        x = (row[0] * 1.6 + 0.10 * math.sin(t * (1 + row[1]) + 6 * row[2])) % 1.6
        x += 1.6 * math.floor((left - x) / 1.6 + 1)
        y = -0.11 + 0.17 * row[3] + 0.02 * math.sin(2.2 * t * (1 + row[4]) + 6 * row[5])
        light = share * max(0.0, math.sin(0.9 * frame.t * (0.6 + 0.6 * row[1]) + 6.3 * row[4])) ** 1.5
        if light < 0.05 or x > right:
            continue
        glow = Radial(x, y, 0.014, ((0.0, (1.0, 0.95, 0.55, 0.6 * light)), (1.0, (1.0, 0.95, 0.55, 0.0))))
        frame.canvas.path(Path().dot(x, y, 0.014), glow, matrix=base)
        frame.canvas.path(Path().dot(x, y, 0.0022), (1.0, 0.98, 0.78, light), matrix=base)
