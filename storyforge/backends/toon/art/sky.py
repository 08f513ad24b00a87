"""The sky: a gradient in rows, sun, moon, stars and drifting clouds."""

import math
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.toon.art.hues import MOON, MOON_GLOW, MOON_SHADE, SUN
from storyforge.backends.toon.art.layers import Dice, Frame
from storyforge.backends.toon.art.palette import Palette
from storyforge.backends.toon.art.view import View
from storyforge.backends.toon.raster import Colour, Path, Radial, scale, then, translate

Pixels = NDArray[np.uint8]

SKY_DEPTH = 0.04  # parallax of sun and stars
TILE = 64  # width of the dithered strip that the gradient repeats
HORIZON_Y, ZENITH_Y = -0.06, 0.34  # world y at which the gradient's end colours stand
FALL = (0.0, 0.15, 0.3, 0.45, 0.6, 0.8, 1.0)  # stops of a glow


@lru_cache(maxsize=4)
def _noise(height: int) -> NDArray[np.float32]:
    """Dither for a gradient strip, -0.5..0.5 [height, TILE, 1]."""
    rng = np.random.Generator(np.random.Philox(7))
    return np.asarray(rng.random((height, TILE, 1), np.float32) - 0.5)


def gradient(view: View, palette: Palette) -> Pixels:
    """The sky's colours as a strip of opaque RGBA pixels [H, TILE, 4] to repeat, dithered so that no bands show."""
    _, _, _, s, _, ty = view.matrix(SKY_DEPTH)
    y = (ty - np.arange(view.height) - 0.5) / -s
    u = np.clip((y - HORIZON_Y) / (ZENITH_Y - HORIZON_Y), 0.0, 1.0)
    u = u + 0.18 * np.clip((y - ZENITH_Y) / 1.0, 0.0, 1.0)
    rows = np.stack([np.interp(u, (0.0, 0.42, 1.0, 1.18), channel) for channel in _stops(palette)], axis=1)
    strip = np.clip(rows[:, None, :] * 255 + 0.5 + _noise(view.height), 0, 255).astype(np.uint8)
    return np.concatenate([strip, np.full((view.height, TILE, 1), 255, np.uint8)], axis=2)


def _stops(palette: Palette) -> NDArray[np.float64]:
    """Channels [3, 4] from the horizon to beyond the zenith, a little darker there."""
    zenith, middle, horizon = palette.sky
    return np.stack([horizon, middle, zenith, zenith * 0.86], axis=1)


def bodies(frame: Frame, layout: tuple[float, ...]) -> None:
    """Draws stars, moon and sun as the hour has them, veiled by the weather."""
    weathers, times = frame.palette.weathers, frame.palette.times
    clear = weathers["clear"] + 0.25 * weathers["snow"] + 0.1 * weathers["rain"]
    base = frame.view.matrix(SKY_DEPTH)
    side = 1.0 if layout[1] >= 0.5 else -1.0
    x = side * (0.12 + 0.5 * abs(layout[1] - 0.5))
    with frame.canvas.group(base):
        if times["night"] > 0.02 and clear > 0.05:
            _stars(frame, times["night"] * clear, layout)
            _moon(frame, x, 0.175 + 0.03 * layout[2], times["night"] * clear)
        for name, (y, radius, disc, glow) in SUN.items():
            if times[name] * clear > 0.02:
                _sun(frame, (x, y, radius), disc, glow, times[name] * clear)


def _sun(frame: Frame, at: tuple[float, float, float], disc: Colour, glow: Colour, share: float) -> None:
    x, y, radius = at
    breath = 1.0 + 0.02 * math.sin(0.8 * frame.t)
    reach = radius * 4.6 * breath
    stops = tuple((u, (*glow, 0.5 * share * (1 - u) ** 2.2)) for u in FALL)
    frame.canvas.ellipse(x, y, reach, None, Radial(x, y, reach, stops))
    frame.canvas.ellipse(x, y, radius * 1.22 * breath, None, (*glow, 0.35 * share))
    frame.canvas.ellipse(x, y, radius, None, (*disc, share))


def _moon(frame: Frame, x: float, y: float, share: float) -> None:
    radius = 0.036
    reach = radius * 4.2
    stops = tuple((u, (*MOON_GLOW, 0.4 * share * (1 - u) ** 2.2)) for u in FALL)
    frame.canvas.ellipse(x, y, reach, None, Radial(x, y, reach, stops))
    frame.canvas.ellipse(x, y, radius, None, (*MOON, share))
    marks = Path()
    for dx, dy, r in ((-0.3, 0.25, 0.22), (0.28, -0.1, 0.30), (-0.15, -0.4, 0.16), (0.42, 0.42, 0.12)):
        marks.dot(x + dx * radius, y + dy * radius, r * radius)
    frame.canvas.path(marks, (*MOON_SHADE, share))


@lru_cache(maxsize=8)
def _starfield(layout: tuple[float, ...]) -> tuple[Path, ...]:
    """Three groups of stars that twinkle in turn."""
    dice = Dice("stars", layout)
    groups = tuple(Path() for _ in range(3))
    for i in range(210):
        r = dice(0.0008, 0.0019) * (1.7 if dice.chance(0.08) else 1.0)
        groups[i % 3].dot(dice(-0.95, 0.95), -0.04 + 0.95 * dice() ** 1.15, r)
    return groups


def _stars(frame: Frame, share: float, layout: tuple[float, ...]) -> None:
    for i, group in enumerate(_starfield(layout)):
        frame.canvas.path(group, (1.0, 0.98, 0.92, share * (0.72 + 0.24 * math.sin(1.3 * frame.t + 2.1 * i))))


def _puffs(edges: list[float], tops: list[float], foot: float) -> Path:
    """A cloud's outline: puffs over the top, a flat foot with round ends."""
    path = Path().move(edges[0], tops[0] + foot)
    for (ax, ay), (bx, by) in pairwise(zip(edges, tops, strict=True)):
        dx, dy = bx - ax, by - ay
        nx, ny = -0.72 * dy, 0.72 * dx
        path.curve(ax + nx - 0.1 * dx, ay + foot + ny, bx + nx + 0.1 * dx, by + foot + ny, bx, by + foot)
    low, right, left = foot - 0.055, edges[-1], edges[0]
    path.curve(right + 0.10, tops[-1] + foot + 0.02, right + 0.10, low, right, low)
    path.curve(0.2, low - 0.014, -0.2, low + 0.012, left, low)
    return path.curve(left - 0.10, low, left - 0.10, tops[0] + foot + 0.02, left, tops[0] + foot).close()


@lru_cache(maxsize=1)
def _cloud_shapes() -> tuple[tuple[Path, Path], ...]:
    """Six clouds about (0, 0), half a unit wide to each side: the body and its lit crown."""
    shapes = []
    for i in range(6):
        dice = Dice("cloud", i)
        count = dice.whole(4, 6)
        edges = [-0.40 + 0.80 * (k + (dice(-0.25, 0.25) if 0 < k < count else 0.0)) / count for k in range(count + 1)]
        peak = dice(-0.14, 0.14)
        tops = [0.005 + 0.20 * max(0.0, 1 - ((x - peak) / 0.5) ** 2) for x in edges]
        shapes.append((_puffs(edges, tops, 0.0), _puffs([x * 0.93 - 0.008 for x in edges], tops, 0.04)))
    return tuple(shapes)


def clouds(frame: Frame, layout: tuple[float, ...], share: float = 1.0) -> None:
    """Clouds drifting with the wind, few in clear air, banks of them when the sky is covered."""
    weathers = frame.palette.weathers
    grey = weathers["rain"] + weathers["storm"] + 0.6 * weathers["snow"]
    air = share * (1.0 - 0.85 * weathers["fog"])
    dark = weathers["rain"] * 0.35 + weathers["storm"] * 0.75
    night = frame.palette.times["night"]
    for row, (depth, height, size, count, speed) in enumerate(CLOUD_ROWS):
        dice = Dice("clouds", layout, row)
        period = 2.6
        many = count + round(grey)
        base = frame.view.matrix(depth)
        left, bottom, right, top = frame.view.bounds(depth)
        if height - 0.1 > top or height + 0.7 * size < bottom:
            continue
        for i in range(many):
            w = size * dice(0.7, 1.35) * (1 + 0.75 * grey)
            y = height + dice(-0.035, 0.05) + 0.03 * grey
            x0 = period * (i + dice(0.1, 0.9)) / many + speed * (1 + 3 * frame.wind) * frame.t
            shape = _cloud_shapes()[dice.whole(0, 5)]
            faint = air * dice(0.72, 0.95) * (1 - 0.35 * night)
            k = math.floor((left - 0.6 * w - x0) / period) + 1
            while x0 + k * period < right + 0.6 * w:
                matrix = then(base, then(translate(x0 + k * period, y), scale(w, w * 0.82)))
                _cloud(frame, shape, matrix, faint, dark)
                k += 1


CLOUD_ROWS = ((0.05, 0.085, 0.20, 5, 0.0035), (0.10, 0.185, 0.34, 4, 0.006), (0.12, 0.42, 0.42, 4, 0.007))


def _cloud(frame: Frame, shape: tuple[Path, Path], matrix: tuple[float, ...], faint: float, dark: float) -> None:
    sky, body = frame.palette.sky, frame.palette["cloud-"]
    crown = frame.palette["cloud+"]
    low = [0.55 * b + 0.45 * float(s) for b, s in zip(body, sky[2], strict=True)]
    tint = [c * (1 - 0.25 * dark) for c in low]
    top = [c * (1 - 0.30 * dark) for c in crown]
    a, b, c, d, e, f = matrix
    frame.canvas.path(shape[0], (tint[0], tint[1], tint[2], faint), matrix=(a, b, c, d, e, f))
    frame.canvas.path(shape[1], (top[0], top[1], top[2], faint * 0.9), matrix=(a, b, c, d, e, f))
