"""What moves by itself: streaks on water, waves on sand, smoke, flags, flames, birds, sails."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.toon.art.layers import Dice, Frame
from storyforge.backends.toon.raster import CLOSE, CURVE, MOVE, Matrix, Path, Radial

Floats = NDArray[np.floating[Any]]
Act = Callable[[Frame, Matrix], None]


def lenses(x: Floats, y: Floats, width: Floats, height: Floats) -> Path:
    """One path of n pointed lenses about (x, y)."""
    n, path = len(x), Path()
    points = np.zeros((n, 7, 2), np.float32)
    points[:, :, 0] = x[:, None] + width[:, None] * np.array((-0.5, -0.2, 0.2, 0.5, 0.2, -0.2, -0.5))
    points[:, :, 1] = y[:, None] + height[:, None] * np.array((0, 0.5, 0.5, 0, -0.5, -0.5, 0))
    path.commands.frombytes(bytes((MOVE, CURVE, CURVE, CLOSE)) * n)
    path.points.frombytes(points.tobytes())
    return path


@lru_cache(maxsize=32)
def _random(seed: str, n: int) -> Floats:
    """n rows of five numbers 0..1."""
    dice = Dice("moving", seed)
    return np.array([[dice() for _ in range(5)] for _ in range(n)])


def streaks(
    seed: str, rows: tuple[float, float], role: str, count: int = 26, size: float = 0.05, depth: float = 0.3
) -> Act:
    """Glints that come and go between world heights rows = (low, high), smaller towards the horizon."""
    low, high = rows
    period = 1.6

    def act(frame: Frame, base: Matrix) -> None:
        left, _, right, _ = frame.view.bounds(depth)
        table = _random(seed, count)
        near = table[:, 1] ** 1.3
        y = high + (low - high) * near
        drift = (0.006 + 0.02 * frame.wind) * (0.4 + near)
        x = (table[:, 0] * period + drift * frame.t) % period
        beat = np.sin((0.5 + 0.7 * table[:, 2]) * frame.t + 6.3 * table[:, 3])
        width = size * (0.35 + 0.9 * near) * (0.65 + 0.35 * beat) * (0.7 + 0.6 * table[:, 4])
        height = 0.0022 + 0.0045 * near
        first = math.floor(left / period)
        copies = range(first, math.floor(right / period) + 1)
        xs = np.concatenate([x + period * k for k in copies])
        many = len(copies)
        path = lenses(xs, np.tile(y, many), np.tile(width, many), np.tile(height, many))
        frame.canvas.path(path, (*frame.palette[role], 0.55), matrix=base)

    return act


def swell(seed: str, rows: tuple[float, float], roles: tuple[str, str], depth: float = 0.12) -> Act:
    """Rollers on open water, low in a calm and high in a storm, between world heights rows = (low, high)."""
    low, high = rows

    def act(frame: Frame, base: Matrix) -> None:
        left, _, right, _ = frame.view.bounds(depth)
        xs = np.arange(math.floor(left / 0.03) - 1, math.ceil(right / 0.03) + 2) * 0.03
        for i in range(4):
            u = (i + 1) / 5
            y = high + (low - high) * u**1.5
            tall = (0.0015 + 0.011 * frame.wind) * (0.3 + u)
            run = (0.9 + 0.5 * frame.wind) * frame.t
            phase = xs * (16 - 7 * u) * 2 + run + 1.9 * i
            wave = tall * (np.abs(np.sin(0.5 * phase)) * -1.3 + 0.5 * np.sin(0.37 * phase + i))
            band = 0.012 + 0.03 * u
            _band(frame, base, xs, np.full_like(xs, y - band), y - wave, roles[i % 2], 0.22 + 0.2 * frame.wind)

    return act


def glitter(seed: str, rows: tuple[float, float], spread: float, x_of: Callable[[Frame], float]) -> Act:
    """The sun's or moon's path on the water."""
    low, high = rows

    def act(frame: Frame, base: Matrix) -> None:
        times, clear = frame.palette.times, frame.palette.weathers["clear"]
        share = clear * (0.75 * times["morning"] + 0.25 * times["day"] + 0.9 * times["evening"] + 0.7 * times["night"])
        if share < 0.03:
            return
        table = _random(seed, 34)
        near = table[:, 1] ** 1.2
        y = high + (low - high) * near
        beat = np.sin((1.2 + table[:, 2]) * frame.t + 6.3 * table[:, 3])
        x = x_of(frame) + (table[:, 0] - 0.5) * spread * (0.5 + near)
        width = (0.012 + 0.03 * near) * (0.6 + 0.4 * beat)
        path = lenses(x, y, width, 0.002 + 0.003 * near)
        light = frame.palette["white+"] if times["evening"] < 0.5 else frame.palette["yellow+"]
        frame.canvas.path(path, (*light, 0.75 * share), matrix=base)

    return act


def breakers(line: float, reach: float, seed: str) -> Act:
    """Waves that run up the sand: bands of shallow water with a rim of foam, about world height `line`."""

    def act(frame: Frame, base: Matrix) -> None:
        left, _, right, _ = frame.view.bounds(0.62)
        xs = np.arange(math.floor(left / 0.08) - 1, math.ceil(right / 0.08) + 2) * 0.08
        for i, phase in enumerate((0.0, 2.1, 4.2)):
            run = 0.5 + 0.5 * math.sin(0.8 * frame.t + phase)
            wave = 0.004 * np.sin(9 * xs + phase + 0.25 * frame.t) + 0.003 * np.sin(21 * xs + 2 * phase)
            y = line + reach * (0.9 - 0.75 * i - 0.55 * run) + wave
            fade = 0.35 + 0.5 * run
            thick = 0.006 + 0.003 * math.sin(0.8 * frame.t + phase + 1.2)
            _band(frame, base, xs, y, y + 0.016 + 0.008 * run, "shallow", 0.30)
            _band(frame, base, xs, y - thick, y, "foam", fade)

    return act


def _band(frame: Frame, base: Matrix, xs: Floats, low: Floats, high: Floats, role: str, alpha: float) -> None:
    points = np.concatenate([np.stack([xs, low], 1), np.stack([xs, high], 1)[::-1]]).tolist()
    frame.canvas.path(Path().polygon(points), (*frame.palette[role], alpha), matrix=base)


def smoke(x: float, y: float, size: float, seed: str) -> Act:
    """Puffs that rise from a chimney and thin out."""

    def act(frame: Frame, base: Matrix) -> None:
        colour = frame.palette["smoke"]
        for i in range(6):
            u = (frame.t * 0.13 + i / 6) % 1.0
            drift = size * (1.1 * u * (0.4 + 2.2 * frame.wind) + 0.18 * math.sin(2.2 * u + 0.7 * frame.t + i))
            r = size * (0.10 + 0.30 * u)
            a = 0.55 * (1 - u) * min(1.0, 6 * u)
            frame.canvas.path(Path().dot(x + drift, y + size * 1.7 * u, r, r * 0.85), (*colour, a), matrix=base)

    return act


def flag(x: float, y: float, width: float, height: float, role: str, tails: bool = True) -> Act:
    """A pennant that streams from the point (x, y) of its pole."""

    def act(frame: Frame, base: Matrix) -> None:
        top, low = [], []
        strength = 0.35 + 0.65 * frame.wind
        for i in range(7):
            u = i / 6
            wave = math.sin(4.5 * u - (3.0 + 4.0 * frame.wind) * frame.t + 7 * x) * 0.16 * u * height * (1 + strength)
            sag = (1 - strength) * 0.55 * u * u * width
            thin = height * (1 - 0.72 * u) if tails else height
            top.append((x + width * u * (0.8 + 0.2 * strength), y + wave - sag))
            low.append((x + width * u * (0.8 + 0.2 * strength), y - thin + wave - sag))
        frame.canvas.path(Path().polygon(top + low[::-1]), frame.palette[role], matrix=base)

    return act


def banner(x: float, y: float, width: float, height: float, roles: tuple[str, str]) -> Act:
    """A banner that hangs down a wall and stirs."""

    def act(frame: Frame, base: Matrix) -> None:
        def edge(u: float, v: float) -> tuple[float, float]:
            stir = math.sin(2.0 * v - 1.6 * frame.t + 9 * x) * 0.10 * v * width * (0.4 + 1.6 * frame.wind)
            return x + (u - 0.5) * width + stir, y - v * height

        body = [edge(0, v / 5) for v in range(6)] + [edge(0.5, 1.12), *(edge(1, v / 5) for v in range(5, -1, -1))]
        frame.canvas.path(Path().polygon(body), frame.palette[roles[0]], matrix=base)
        cx, cy = edge(0.5, 0.45)
        mark = Path().polygon(
            ((cx, cy + width * 0.34), (cx + width * 0.24, cy), (cx, cy - width * 0.34), (cx - width * 0.24, cy))
        )
        frame.canvas.path(mark, frame.palette[roles[1]], matrix=base)

    return act


def flame(x: float, y: float, size: float, always: bool = False, reach: float = 3.2) -> Act:
    """A fire or torch that flickers, with its glow; it burns when lamps are lit."""

    def act(frame: Frame, base: Matrix) -> None:
        lit = 1.0 if always else min(max((frame.palette.glow - 0.15) / 0.4, 0.0), 1.0)
        if lit < 0.05:
            return
        t = frame.t
        flicker = 1 + 0.10 * math.sin(11 * t + 5 * x) + 0.07 * math.sin(17.3 * t + 3 * x)
        glow, warm = size * reach * (0.96 + 0.04 * flicker), frame.palette["lamp"]
        fire = frame.palette["fire"]
        if frame.palette.glow > 0.05:
            a = 0.42 * frame.palette.glow
            stops = tuple((u, (*fire, a * (1 - u) ** 2)) for u in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0))
            frame.canvas.path(
                Path().ellipse(x, y + size * 0.4, glow), Radial(x, y + size * 0.4, glow, stops), matrix=base
            )
        for part, colour in ((1.0, fire), (0.58, warm)):
            h, w = size * part * flicker * 1.15, size * 0.42 * part
            tip = x + size * 0.16 * math.sin(7.1 * t + 4 * x) * part
            path = Path().move(x - w * 0.7, y).curve(x - w * 1.4, y + h * 0.4, tip - w * 0.3, y + h * 0.5, tip, y + h)
            path.curve(tip + w * 0.2, y + h * 0.55, x + w * 1.4, y + h * 0.4, x + w * 0.7, y)
            path.curve(x + w * 0.4, y - w * 0.5, x - w * 0.4, y - w * 0.5, x - w * 0.7, y).close()
            frame.canvas.path(path, (*colour, lit), matrix=base)

    return act


def halo(x: float, y: float, radius: float, role: str = "lamp", strength: float = 0.5, pulse: float = 0.0) -> Act:
    """The light around a lamp, window or crystal when it is lit."""

    def act(frame: Frame, base: Matrix) -> None:
        share = strength * frame.palette.glow * (1 + pulse * math.sin(0.9 * frame.t + 11 * x))
        if share < 0.03:
            return
        key = ("halo", x, y, radius, role, round(share, 2))
        fill = frame.palette.kept.get(key)
        if not isinstance(fill, Radial):
            colour = frame.palette[role]
            fill = Radial(
                x, y, radius, tuple((u, (*colour, share * (1 - u) ** 2)) for u in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0))
            )
            if len(frame.palette.kept) < 4000:
                frame.palette.kept[key] = fill
        frame.canvas.path(Path().dot(x, y, radius), fill, matrix=base)

    return act


def birds(seed: str, y: float, count: int = 4) -> Act:
    """Birds that cross the sky with slow beats of their wings, by day and in fair weather."""

    def act(frame: Frame, base: Matrix) -> None:
        weathers, times = frame.palette.weathers, frame.palette.times
        share = (weathers["clear"] + 0.3 * weathers["snow"]) * (1 - times["night"])
        if share < 0.1:
            return
        table, path = _random(seed, count), Path()
        for row in table:
            x = (row[0] * 2.4 + 0.035 * (0.7 + 0.5 * row[1]) * frame.t) % 2.4 - 1.2
            h = y + 0.07 * (row[2] - 0.5) + 0.006 * math.sin(0.7 * frame.t + 6 * row[3])
            beat = 0.5 + 0.5 * math.sin(6.0 * frame.t * (0.8 + 0.3 * row[4]) + 6 * row[3])
            w, lift = 0.016 * (0.7 + 0.6 * row[1]), 0.011 * (2 * beat - 0.7)
            path.move(x, h).curve(x + w * 0.3, h + lift * 0.9, x + w * 0.7, h + lift, x + w, h + lift * 0.6)
            path.curve(x + w * 0.7, h + lift * 0.7, x + w * 0.35, h + lift * 0.4, x, h - 0.003)
            path.curve(x - w * 0.35, h + lift * 0.4, x - w * 0.7, h + lift * 0.7, x - w, h + lift * 0.6)
            path.curve(x - w * 0.7, h + lift, x - w * 0.3, h + lift * 0.9, x, h).close()
        frame.canvas.path(path, (*frame.palette["bird"], 0.8 * share), matrix=base)

    return act
