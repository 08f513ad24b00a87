"""The eight props, in a hand or on the ground; drawn about the grip, one prop unit tall or long."""

import math

from storyforge.backends.toon.art.light import Light
from storyforge.backends.toon.art.look import PLAIN, rgb
from storyforge.backends.toon.art.outline import closed, place
from storyforge.backends.toon.colour import RGB, mix, shade
from storyforge.backends.toon.raster import Canvas, Path, Radial
from storyforge.backends.toon.state import PropState

DISC = Path().ellipse(0.0, 0.0, 1.0)
BRASS: RGB = (0.80, 0.62, 0.28)
LINE = 0.035  # half of it shows outside, prop units


class Brush:
    """Draws a prop's shapes with their lines, under a light."""

    def __init__(self, canvas: Canvas, light: Light, line: float):
        self.canvas, self.light, self.line = canvas, light, line

    def lit(self, colour: RGB) -> RGB:
        return rgb(self.light, colour)

    def part(self, path: Path, colour: RGB, line: RGB | None = None) -> None:
        edge = shade(colour, -0.2) if line is None else line
        self.canvas.path(path, self.lit(colour), self.lit(edge), self.line)

    def fill(self, path: Path, colour: RGB, opacity: float = 1.0) -> None:
        self.canvas.path(path, self.lit(colour), opacity=opacity)

    def stroke(self, path: Path, colour: RGB, width: float) -> None:
        self.canvas.path(path, None, self.lit(colour), width)


def shadow(canvas: Canvas, prop: PropState, light: Light = PLAIN) -> None:
    """The shadow of a prop that nobody holds."""
    if prop.holder is not None:
        return
    over = max(0.0, prop.y - prop.ground) / prop.scale
    fade = 1.0 / (1.0 + 0.8 * max(over - 1.0, 0.0))
    r, g, b, a = light.shadow
    size = 0.36 * prop.scale
    canvas.path(DISC, (r, g, b, 0.85 * a * fade), matrix=place(prop.x, prop.ground, size, 0.2 * size))


def draw(canvas: Canvas, prop: PropState, light: Light = PLAIN) -> None:
    """Draws a prop in world units, y up."""
    pixels = math.hypot(canvas.matrix[0], canvas.matrix[1]) * prop.scale
    line = max(0.8, 1.6 * (pixels / 75.0) ** 0.5) / max(pixels, 1.0)
    side = prop.facing if abs(prop.facing) > 0.2 else (0.2 if prop.facing >= 0 else -0.2)
    flip = 1.0 if side >= 0 else -1.0
    with canvas.group(place(prop.x, prop.y, flip * prop.scale, prop.scale, prop.tilt)):
        DRAWN[prop.who.kind](Brush(canvas, light, line), prop)


def glow(canvas: Canvas, prop: PropState, strength: float = 1.0) -> None:
    """The light of a lit lantern on what is around it: soft, additive in look; `strength` grows in the dark."""
    if prop.who.kind != "lantern" or prop.glow < 0.02:
        return
    warm = mix((1.0, 0.84, 0.50), prop.who.colour, 0.25)
    a = 0.55 * prop.glow * strength
    fill = Radial(
        0.0, 0.0, 1.0, ((0.0, (*warm, a)), (0.35, (*warm, 0.42 * a)), (0.7, (*warm, 0.12 * a)), (1.0, (*warm, 0.0)))
    )
    size = 2.3 * prop.scale
    canvas.path(DISC, fill, matrix=place(prop.x, prop.y - 0.55 * prop.scale, size))


def _lantern(brush: Brush, prop: PropState) -> None:
    """Brass with coloured glass, hanging from its ring."""
    colour, metal = prop.who.colour, BRASS
    handle = (
        Path().move(-0.20, -0.30).curve(-0.24, 0.02, -0.08, 0.02, 0.0, 0.02).curve(0.08, 0.02, 0.24, 0.02, 0.20, -0.30)
    )
    brush.stroke(handle, shade(metal, -0.2), 0.05 + brush.line)
    brush.stroke(handle, metal, 0.05)
    glass = closed(((-0.20, -0.40), (0.20, -0.40), (0.28, -0.62), (0.22, -0.86), (-0.22, -0.86), (-0.28, -0.62)), 0.6)
    lit = mix(colour, (1.0, 0.93, 0.66), 0.55 * prop.glow)
    bright = Brush(brush.canvas, PLAIN if prop.glow > 0.5 else brush.light, brush.line)
    bright.part(glass, lit, shade(colour, -0.2))
    if prop.glow > 0.05:
        flame = (
            Path()
            .move(0.0, -0.80)
            .curve(-0.12, -0.76, -0.10, -0.62, 0.0, -0.48)
            .curve(0.10, -0.62, 0.12, -0.76, 0.0, -0.80)
            .close()
        )
        bright.fill(
            closed(((-0.12, -0.46), (0.12, -0.46), (0.17, -0.66), (0.12, -0.84), (-0.12, -0.84), (-0.17, -0.66))),
            mix(lit, (1, 1, 0.9), 0.4),
            prop.glow,
        )
        bright.fill(flame, (1.0, 0.97, 0.80), prop.glow)
    else:
        brush.fill(Path().rect(-0.13, -0.72, 0.06, 0.24, 0.03), (1, 1, 1), 0.4)
    bars = Path().move(0.0, -0.40).line(0.0, -0.86)
    if prop.glow <= 0.5:
        brush.stroke(bars, shade(metal, -0.1), 0.03)
    roof = (
        Path()
        .move(-0.27, -0.42)
        .curve(-0.18, -0.34, -0.12, -0.28, -0.07, -0.20)
        .line(0.07, -0.20)
        .curve(0.12, -0.28, 0.18, -0.34, 0.27, -0.42)
        .close()
    )
    brush.part(roof, metal)
    brush.part(Path().rect(-0.27, -0.98, 0.54, 0.13, 0.04), metal)


def _book(brush: Brush, prop: PropState) -> None:
    """A closed book, its cover towards us."""
    colour = prop.who.colour
    brush.part(Path().rect(-0.30, -0.36, 0.66, 0.80, 0.04), (0.97, 0.94, 0.86), shade(colour, -0.2))
    brush.part(Path().rect(-0.36, -0.34, 0.66, 0.80, 0.05), colour)
    brush.fill(Path().rect(-0.36, -0.34, 0.12, 0.80, 0.05), shade(colour, -0.08))
    brush.stroke(Path().rect(-0.16, -0.24, 0.38, 0.60, 0.03), BRASS, 0.028)
    brush.fill(closed(((0.03, 0.20), (0.11, 0.06), (0.03, -0.08), (-0.05, 0.06)), 0.5), BRASS)


def _ball(brush: Brush, prop: PropState) -> None:
    """A ball with a band and a shine."""
    colour = prop.who.colour
    brush.part(Path().ellipse(0.0, 0.0, 0.32), colour)
    band = (
        Path()
        .move(-0.31, 0.06)
        .curve(-0.15, -0.10, 0.15, -0.10, 0.31, 0.06)
        .line(0.32, -0.06)
        .curve(0.15, -0.24, -0.15, -0.24, -0.32, -0.06)
        .close()
    )
    brush.fill(band, shade(colour, 0.16, 0.7))
    shade_ = (
        Path()
        .move(-0.26, -0.18)
        .curve(-0.14, -0.38, 0.14, -0.38, 0.26, -0.18)
        .curve(0.12, -0.30, -0.12, -0.30, -0.26, -0.18)
        .close()
    )
    brush.fill(shade_, shade(colour, -0.1))
    brush.fill(Path().ellipse(-0.11, 0.14, 0.075, 0.055), (1, 1, 1), 0.75)


def _flower(brush: Brush, prop: PropState) -> None:
    """A long-stemmed flower."""
    colour = prop.who.colour
    stem = Path().move(0.02, -0.30).curve(0.04, 0.0, 0.0, 0.30, 0.06, 0.52)
    brush.stroke(stem, (0.30, 0.50, 0.27), 0.06)
    leaf = (
        Path()
        .move(0.02, 0.02)
        .curve(0.12, 0.20, 0.28, 0.22, 0.34, 0.20)
        .curve(0.28, 0.08, 0.16, 0.0, 0.02, 0.02)
        .close()
    )
    brush.part(leaf, (0.40, 0.62, 0.33))
    for k in range(6):
        a = 2 * math.pi * k / 6 + 0.3
        petal = Path().ellipse(0.0, 0.0, 1.0)
        lit, dark = brush.lit(colour), brush.lit(shade(colour, -0.18))
        at = place(0.06 + 0.15 * math.cos(a), 0.66 + 0.15 * math.sin(a), 0.145, 0.10, a)
        brush.canvas.path(petal, lit, dark, brush.line / 0.145, at)
    brush.part(Path().ellipse(0.06, 0.66, 0.10), (0.96, 0.80, 0.32))


def _key(brush: Brush, prop: PropState) -> None:
    """An old key, held by its bow."""
    colour = prop.who.colour
    path = Path().ellipse(0.0, 0.0, 0.13)
    shaft = Path().move(0.13, 0.0).line(0.72, 0.0).move(0.56, 0.0).line(0.56, -0.15).move(0.68, 0.0).line(0.68, -0.19)
    edge = shade(colour, -0.25)
    for p, w in ((shaft, 0.085), (path, 0.085)):
        brush.stroke(p, edge, w + 2 * brush.line)
    for p, w in ((shaft, 0.085), (path, 0.085)):
        brush.stroke(p, colour, w)
    brush.stroke(Path().move(0.16, 0.016).line(0.68, 0.016), shade(colour, 0.12), 0.025)


def _letter(brush: Brush, prop: PropState) -> None:
    """An envelope with a seal."""
    paper = mix((0.97, 0.95, 0.90), prop.who.colour, 0.35)
    brush.part(Path().rect(-0.42, -0.28, 0.84, 0.56, 0.03), paper, shade(paper, -0.3))
    flap = Path().move(-0.41, 0.26).line(0.0, -0.04).line(0.41, 0.26)
    brush.stroke(flap, shade(paper, -0.26), 0.03)
    brush.part(Path().ellipse(0.0, -0.03, 0.085), (0.78, 0.22, 0.22))


def _basket(brush: Brush, prop: PropState) -> None:
    """A woven basket under its handle."""
    colour = prop.who.colour
    handle = (
        Path().move(-0.34, -0.42).curve(-0.36, 0.04, -0.16, 0.03, 0.0, 0.03).curve(0.16, 0.03, 0.36, 0.04, 0.34, -0.42)
    )
    brush.stroke(handle, shade(colour, -0.22), 0.075 + 2 * brush.line)
    brush.stroke(handle, shade(colour, 0.04), 0.075)
    brush.part(closed(((-0.30, -0.44), (-0.1, -0.28), (0.12, -0.30), (0.30, -0.44)), 0.8), (0.95, 0.90, 0.80))
    bowl = Path().move(-0.42, -0.42).line(0.42, -0.42).curve(0.40, -0.70, 0.34, -0.86, 0.28, -0.88).line(-0.28, -0.88)
    brush.part(bowl.curve(-0.34, -0.86, -0.40, -0.70, -0.42, -0.42).close(), colour)
    weave = Path()
    for row, y in enumerate((-0.54, -0.66, -0.78)):
        for k in range(5 + row % 2):
            x = -0.34 + 0.15 * k - 0.07 * (row % 2) + 0.02
            weave.move(x, y).curve(x + 0.03, y + 0.04, x + 0.07, y + 0.04, x + 0.10, y)
    brush.stroke(weave, shade(colour, -0.13), 0.03)
    brush.part(Path().rect(-0.45, -0.49, 0.90, 0.10, 0.05), shade(colour, 0.05))


def _umbrella(brush: Brush, prop: PropState) -> None:
    """An open umbrella over whoever holds it; closed where it lies."""
    colour = prop.who.colour
    wood = (0.45, 0.30, 0.20)
    if prop.holder is None:
        roll = closed(((-0.75, -0.02), (-0.55, 0.09), (0.35, 0.06), (0.62, 0.0), (0.35, -0.08), (-0.55, -0.11)), 0.8)
        brush.stroke(
            Path().move(-0.75, -0.01).line(-1.0, -0.01).curve(-1.12, -0.01, -1.12, 0.12, -1.02, 0.12), wood, 0.055
        )
        brush.part(roll, colour)
        brush.stroke(Path().move(-0.5, 0.02).line(0.4, 0.0), shade(colour, -0.12), 0.03)
        return
    brush.stroke(Path().move(0.0, 1.52).line(0.0, -0.26).curve(0.0, -0.40, 0.16, -0.40, 0.16, -0.28), wood, 0.055)
    canopy = Path().move(-1.0, 0.92).curve(-0.92, 1.50, -0.40, 1.72, 0.0, 1.74).curve(0.40, 1.72, 0.92, 1.50, 1.0, 0.92)
    for x in (0.5, 0.0, -0.5):
        canopy.curve(x + 0.42, 1.04, x + 0.10, 1.04, x, 0.92)
    canopy.curve(-0.58, 1.04, -0.90, 1.04, -1.0, 0.92).close()
    brush.part(canopy, colour)
    ribs = Path()
    for x in (-0.5, 0.0, 0.5):
        ribs.move(0.0, 1.74).curve(x * 0.7, 1.66, x * 1.0, 1.30, x, 0.93)
    brush.stroke(ribs, shade(colour, -0.1), 0.03)
    brush.stroke(Path().move(0.0, 1.74).line(0.0, 1.84), wood, 0.05)


DRAWN = {
    "lantern": _lantern, "book": _book, "ball": _ball, "flower": _flower, "key": _key, "letter": _letter,
    "basket": _basket, "umbrella": _umbrella,
}  # fmt: skip
