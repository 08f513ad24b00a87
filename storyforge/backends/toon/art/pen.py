"""What the parts of a character are drawn with: the canvas, the lit colours, and the width of a line at this size."""

import math
from dataclasses import dataclass

from storyforge.backends.toon.anatomy import Body
from storyforge.backends.toon.colour import RGB
from storyforge.backends.toon.raster import Canvas, Matrix, Path
from storyforge.backends.toon.state import Puppet

INK = 2.0  # pixels of a line around a body of USUAL pixels' height
USUAL = 230.0


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws one character; lengths are body heights, y up, (0, 0) the ground point under it."""

    canvas: Canvas
    colours: dict[str, RGB]
    puppet: Puppet
    body: Body
    line: float  # width of an outline
    side: float  # -1 turned left .. 1 turned right (sine of the body's turn)

    def __getitem__(self, name: str) -> RGB:
        return self.colours[name]

    def fill(self, path: Path, colour: str, matrix: Matrix | None = None, opacity: float = 1.0) -> None:
        """A shape without a line."""
        self.canvas.path(path, self.colours[colour], matrix=matrix, opacity=opacity)

    def part(self, path: Path, colour: str, line: str, matrix: Matrix | None = None) -> None:
        """A shape with its line, as wide as every other line whatever the matrix magnifies."""
        scale = 1.0 if matrix is None else math.hypot(matrix[0], matrix[1])
        self.canvas.path(path, self.colours[colour], self.colours[line], 2.0 * self.line / scale, matrix)

    def stroke(self, path: Path, colour: str, width: float, matrix: Matrix | None = None, opacity: float = 1.0) -> None:
        """A line alone, `width` in the path's own units."""
        self.canvas.path(path, None, self.colours[colour], width, matrix, opacity=opacity)


def line_width(pixels: float) -> float:
    """Half of it shows outside a part: about two pixels at the usual size, growing slower than the body does."""
    return float(max(1.0, INK * (pixels / USUAL) ** 0.55) / max(pixels, 1.0) / 2.0)
