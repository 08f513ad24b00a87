"""Places as layers of chunks: endless to both sides, built when first seen, the same for the same layout.

A Layer is drawn at one depth. Its chunks are `width` world units wide and made by `build(sketch, dice, left)`, where
the dice fall the same way for the same place, layout, layer and chunk. What moves is a Live: a function of the frame.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

import numpy as np

from storyforge.backends.toon.art.palette import Palette
from storyforge.backends.toon.art.view import View
from storyforge.backends.toon.raster import CLOSE, CURVE, LINE, MOVE, Canvas, Colour, Linear, Matrix, Path, then

USUAL, STEEP = 0.42, 1.7  # how far up and down things are painted: as usual, and for tall frames and tilted cameras
COVERED = -0.17  # how far down land is painted that nearer ground hides, as usual
MARGIN = 0.3  # how far pieces may overhang their chunk
CHUNKS = 24  # kept per layer
SWAY = 0.16  # shear of a limp thing in a full wind


class Dice:
    """Random numbers addressed by what they are for."""

    def __init__(self, *address: object):
        self._random = Random(repr(address)).random

    def __call__(self, low: float = 0.0, high: float = 1.0) -> float:
        return low + (high - low) * self._random()

    def chance(self, share: float) -> bool:
        return self._random() < share

    def pick(self, items: Sequence[str]) -> str:
        return items[int(self._random() * len(items))]

    def whole(self, low: int, high: int) -> int:
        """An integer of low..high, both included."""
        return low + int(self._random() * (high - low + 1))


@dataclass(frozen=True)
class Frame:
    """What a frame is painted with: the canvas, its camera, colours, time in seconds and wind 0..1."""

    canvas: Canvas
    view: View
    palette: Palette
    t: float
    wind: float
    detail: float = 1.0  # below 1 where the backdrop is out of focus
    seed: int = 0  # of the span: lightning would strike at the same times in each otherwise

    def sway(self, x: float, phase: float = 0.0) -> float:
        """How far the wind bends a limp thing at x now, about -1..1."""
        gust = math.sin(0.9 * self.t + 1.7 * x) * math.sin(0.37 * self.t + 0.6 * x + 1.0)
        flutter = math.sin((1.6 + 2.2 * self.wind) * self.t + 5.0 * x + phase)
        return (0.25 + 0.75 * self.wind) * (0.6 * flutter + 0.4 * gust) + 0.5 * self.wind**2


@dataclass(frozen=True)
class Fade:
    """A vertical gradient between two roles, from y and opacity to y and opacity."""

    role: str
    y: float
    alpha: float
    role2: str
    y2: float
    alpha2: float

    def of(self, palette: Palette) -> Linear:
        kept = palette.kept.get(self)
        if isinstance(kept, Linear):
            return kept
        top: Colour = (*palette[self.role], self.alpha)
        low: Colour = (*palette[self.role2], self.alpha2)
        made = Linear(0.0, self.y, 0.0, self.y2, ((0.0, top), (1.0, low)))
        palette.kept[self] = made
        return made


@dataclass(frozen=True)
class Piece:
    """An outline in a role's colour; `sway` (x, y of the root, amount) lets the wind bend it."""

    path: Path
    role: str | Fade
    alpha: float = 1.0
    sway: tuple[float, float, float] | None = None

    def draw(self, frame: Frame, base: Matrix) -> None:
        colour: Colour | Linear
        colour = frame.palette[self.role] if isinstance(self.role, str) else self.role.of(frame.palette)
        if self.sway is not None:
            x, y, amount = self.sway
            lean = amount * SWAY * frame.sway(x)
            base = then(base, (1.0, 0.0, lean, 1.0, -lean * y, 0.0))
        if self.alpha < 1.0 and isinstance(colour, tuple):
            colour = (*colour, self.alpha)
        frame.canvas.path(self.path, colour, matrix=base)


@dataclass(frozen=True)
class Live:
    """Something that moves: called with the frame and the layer's matrix."""

    act: Callable[[Frame, Matrix], None]

    def draw(self, frame: Frame, base: Matrix) -> None:
        self.act(frame, base)


Ranked = list[tuple[int, Piece | Live]]


class Sketch:
    """Collects a chunk's pieces; outlines of one rank, role and opacity become one path.

    high, low: how far up and down the frame could show it. (A long edge outside the frame costs as much as one inside.)
    """

    def __init__(self, reach: float = STEEP) -> None:
        self.high, self.low = reach, -reach
        self._ranked: Ranked = []
        self._merged: dict[tuple[int, str | Fade, float, tuple[float, float, float] | None], Path] = {}

    def add(
        self,
        path: Path,
        role: str | Fade,
        rank: int = 0,
        alpha: float = 1.0,
        sway: tuple[float, float, float] | None = None,
    ) -> None:
        """Adds outlines; lower ranks lie behind, within a rank the order of first use counts."""
        key = (rank, role, alpha, sway)
        if key not in self._merged:
            self._merged[key] = Path()
            self._ranked.append((rank, Piece(self._merged[key], role, alpha, sway)))
        self._merged[key].extend(oriented(path))

    def land(self, line: "Ridge", left: float, right: float, role: str | Fade, covered: bool = True) -> None:
        """Adds the land under a contour; `covered` land is hidden further down by nearer ground."""
        low = min(COVERED, line.base - 0.1) if covered and self.high < STEEP else self.low
        self._ranked.append((0, Piece(line.path(left, right, below=low), role)))

    def live(self, act: Callable[[Frame, Matrix], None], rank: int = 0) -> None:
        """Adds something that moves."""
        self._ranked.append((rank, Live(act)))

    def ranked(self) -> Ranked:
        return self._ranked


Build = Callable[[Sketch, Dice, float], None]


@dataclass
class Layer:
    """One distance of a place; a `pinned` one keeps to the "floor" or "ceiling" of the frame, whatever its height."""

    depth: float
    width: float
    build: Build
    pinned: str = ""
    seed: tuple[object, ...] = ()
    shift: bool = False  # chunks lie half a width to the left
    top: float = math.inf  # world y above which it has nothing
    chunks: "OrderedDict[tuple[int, float], Ranked]" = field(default_factory=OrderedDict)
    shown: tuple[tuple[int, int, float], list[Piece | Live]] = ((0, -1, 0.0), [])

    def draw(self, frame: Frame) -> None:
        """Draws the chunks that the camera sees, by rank and then from left to right."""
        up = frame.view.overhang(self.pinned, self.depth)
        left, bottom, right, _ = frame.view.bounds(self.depth)
        if self.top + up < bottom:
            return
        shift = 0.5 if self.shift else 0.0
        first = math.floor((left - MARGIN) / self.width + shift)
        last = math.floor((right + MARGIN) / self.width + shift)
        reach = STEEP if frame.view.steep else USUAL
        if self.shown[0] != (first, last, reach):
            rows = [row for i in range(first, last + 1) for row in self._chunk(i, reach)]
            self.shown = ((first, last, reach), [item for _, item in sorted(rows, key=lambda row: row[0])])
        base = frame.view.matrix(self.depth, up)
        for item in self.shown[1]:
            item.draw(frame, base)

    def _chunk(self, index: int, reach: float) -> "Ranked":
        key = (index, reach)
        if key in self.chunks:
            self.chunks.move_to_end(key)
            return self.chunks[key]
        sketch = Sketch(reach)
        self.build(sketch, Dice(*self.seed, index), index * self.width)
        self.chunks[key] = sketch.ranked()
        if len(self.chunks) > CHUNKS:
            self.chunks.popitem(last=False)
        return self.chunks[key]


@dataclass(frozen=True)
class Ridge:
    """A smooth endless contour y(x): three waves about a base."""

    base: float
    height: float
    length: float
    phase: float
    rough: float = 0.45

    def __call__(self, x: float) -> float:
        u, p, r = 2 * math.pi * x / self.length, self.phase, self.rough
        wave = math.sin(u + p) + r * math.sin(2.17 * u + 2.3 * p) + r * r * math.sin(4.9 * u + 4.1 * p)
        return self.base + self.height * wave / (1 + r + r * r)

    def path(self, left: float, right: float, step: float = 0.06, below: float = -STEEP) -> Path:
        """The land under the contour from left to right, a little wider so that chunks overlap."""
        count = max(2, math.ceil((right - left) / step))
        xs = [left + (right - left) * i / count for i in range(count + 1)]
        k = (right - left) / count / 3
        slopes = [(self(x + 1e-3) - self(x - 1e-3)) / 2e-3 for x in xs]
        path = Path().move(xs[0] - 0.01, below).line(xs[0] - 0.01, self(xs[0]) - 0.01 * slopes[0])
        path.line(xs[0], self(xs[0]))
        for (a, sa), (b, sb) in zip(zip(xs, slopes, strict=True), zip(xs[1:], slopes[1:], strict=False), strict=False):
            path.curve(a + k, self(a) + k * sa, b - k, self(b) - k * sb, b, self(b))
        return path.line(right + 0.01, self(right) + 0.01 * slopes[-1]).line(right + 0.01, below).close()


def oriented(path: Path) -> Path:
    """The path with every outline turning the same way, so that outlines merged into one path never cut holes."""
    out, commands = Path(), list(path.commands)
    xy = np.frombuffer(path.points, np.float32).reshape(-1, 2) if len(path.points) else np.zeros((0, 2), np.float32)
    sizes = {MOVE: 1, LINE: 1, CURVE: 3, CLOSE: 0}
    at, point = 0, 0
    while at < len(commands):
        stop = at + 1
        while stop < len(commands) and commands[stop] != MOVE:
            stop += 1
        part = commands[at:stop]
        count = sum(sizes[c] for c in part)
        points = xy[point : point + count]
        following = np.roll(points, -1, axis=0)
        area = float((points[:, 0] * following[:, 1] - following[:, 0] * points[:, 1]).sum())
        if area < 0:
            points = points[::-1]
            part = [MOVE, *[c for c in part if c in (LINE, CURVE)][::-1], *[c for c in part if c == CLOSE]]
        out.commands.extend(part)
        out.points.frombytes(np.ascontiguousarray(points).tobytes())
        at, point = stop, point + count
    return out
