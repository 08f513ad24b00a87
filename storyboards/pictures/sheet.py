"""A sheet to draw on: shapes, strokes, gradients and labels at twice the size, then reduced, so that edges are fine."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT, FINER = 1920, 1080, 2
FONT = Path(__file__).parents[2] / "storyforge" / "film" / "fonts" / "Vollkorn-Medium.ttf"

Colour = tuple[int, ...]
Point = tuple[float, float]


def mixed(one: Sequence[float], other: Sequence[float], share: float) -> Colour:
    """A colour between two."""
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))


def curve(points: Sequence[Point], steps: int = 12) -> list[Point]:
    """A smooth line through points (Catmull-Rom)."""
    spots = np.array([points[0], *points, points[-1]], float)
    out: list[Point] = []
    for a, b, c, d in zip(spots, spots[1:], spots[2:], spots[3:], strict=False):
        for t in np.arange(steps) / steps:
            x = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - 3 * c + d - a) * t**3)
            out.append((float(x[0]), float(x[1])))
    return [*out, tuple(points[-1])]


class Sheet:
    """One picture, drawn in units of 1920 x 1080."""

    def __init__(self, top: Colour, bottom: Colour, middle: Colour | None = None) -> None:
        rows = np.linspace(0, 1, HEIGHT * FINER)[:, None]
        stops = np.array([top, middle or mixed(top, bottom, 0.5), bottom], float)
        shades = np.stack([np.interp(rows[:, 0], [0, 0.5, 1], stops[:, n]) for n in range(3)], 1)
        noise = np.random.default_rng(1).random((HEIGHT * FINER, 64, 3))  # no bands in a slow gradient
        tile = np.floor(shades[:, None] + np.tile(noise, (1, WIDTH * FINER // 64, 1))).clip(0, 255)
        self.image = Image.fromarray(tile.astype(np.uint8))
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def poly(self, points: Iterable[Point], fill: Colour) -> None:
        """A filled shape."""
        self.pen.polygon([(x * FINER, y * FINER) for x, y in points], fill=fill)

    def line(self, points: Sequence[Point], width: float, fill: Colour) -> None:
        """A stroke with round joints and ends."""
        spots = [(x * FINER, y * FINER) for x, y in points]
        self.pen.line(spots, fill=fill, width=max(1, round(width * FINER)), joint="curve")
        if width > 2 and len(fill) == 3:
            for x, y in (spots[0], spots[-1]):
                self.pen.ellipse([x - width, y - width, x + width, y + width], fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: Colour, high: float | None = None) -> None:
        """A disc, or an upright ellipse `high` pixels in radius."""
        up = radius if high is None else high
        box = [(x - radius) * FINER, (y - up) * FINER, (x + radius) * FINER, (y + up) * FINER]
        self.pen.ellipse(box, fill=fill)

    def glow(self, x: float, y: float, radius: float, fill: Colour, strength: float = 1.0) -> None:
        """Light around a point, which falls off like a bell."""
        wide, high = WIDTH // 4, HEIGHT // 4
        ys, xs = np.mgrid[0:high, 0:wide] * 4.0
        light = np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / (radius * 0.6) ** 2) * 255 * strength
        mask = Image.fromarray(light.clip(0, 255).astype(np.uint8)).resize(self.image.size, Image.Resampling.BICUBIC)
        self.image.paste(Image.new("RGB", self.image.size, fill[:3]), mask=mask)
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def arrow(self, points: Sequence[Point], width: float, fill: Colour) -> None:
        """A curved stroke with a head at its end."""
        path = curve(points)
        (x0, y0), (x1, y1) = path[-5], path[-1]
        way = np.array([x1 - x0, y1 - y0]) / max(1e-6, np.hypot(x1 - x0, y1 - y0))
        side, tip = np.array([-way[1], way[0]]), np.array([x1, y1])
        self.line(path[:-2], width, fill)
        head = [tip + way * width * 2.2, tip + side * width * 1.9 - way * width, tip - side * width * 1.9 - way * width]
        self.poly([(float(x), float(y)) for x, y in head], fill)

    def label(self, x: float, y: float, text: str, fill: Colour, size: float = 40, anchor: str = "mm") -> None:
        """Words at a point."""
        face = ImageFont.truetype(str(FONT), round(size * FINER))
        self.pen.text((x * FINER, y * FINER), text, font=face, fill=fill, anchor=anchor)

    def soften(self, radius: float) -> None:
        """What is drawn so far goes out of focus."""
        self.image = self.image.filter(ImageFilter.GaussianBlur(radius * FINER))
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def save(self, path: Path) -> None:
        """The picture at its size, as WebP."""
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        small.save(path, "WEBP", quality=68, method=6)
