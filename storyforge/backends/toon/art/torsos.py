"""Bodies without limbs: a torso per kind with belly, markings and shade, laid along the spine."""

from functools import lru_cache

from storyforge.backends.toon import anatomy
from storyforge.backends.toon.art.outline import Point, along, crescent, mirrored
from storyforge.backends.toon.art.pen import Pen
from storyforge.backends.toon.raster import Matrix, Path, then

PEAR = ((0.0, 1.04), (0.40, 1.0), (0.60, 0.86), (0.78, 0.62), (0.98, 0.32), (0.92, 0.08), (0.55, -0.06), (0.0, -0.10))
HALVES: dict[str, tuple[Point, ...]] = {
    "bear": ((0.0, 1.04), (0.50, 1.0), (0.82, 0.80), (1.0, 0.45), (0.97, 0.16), (0.62, -0.05), (0.0, -0.10)),
    "owl": ((0.0, 1.10), (0.60, 1.04), (0.92, 0.76), (1.0, 0.42), (0.82, 0.10), (0.42, -0.05), (0.0, -0.08)),
    "bird": ((0.0, 1.10), (0.50, 1.04), (0.84, 0.76), (1.0, 0.42), (0.86, 0.12), (0.46, -0.05), (0.0, -0.08)),
    "frog": ((0.0, 1.02), (0.55, 0.98), (0.70, 0.80), (0.84, 0.52), (1.0, 0.25), (0.88, 0.0), (0.50, -0.10),
    (0.0, -0.13)),
    "moth": ((0.0, 1.02), (0.50, 0.98), (0.80, 0.82), (0.74, 0.60), (0.92, 0.34), (0.80, 0.08), (0.42, -0.08),
    (0.0, -0.14)),
    "person": ((0.0, 1.0), (0.42, 0.99), (0.86, 0.90), (0.90, 0.74), (0.84, 0.40), (0.92, 0.10), (0.80, -0.06),
    (0.0, -0.11)),
    "dragon": ((0.0, 1.06), (0.42, 1.02), (0.62, 0.84), (0.86, 0.58), (1.0, 0.30), (0.94, 0.06), (0.55, -0.07),
    (0.0, -0.10)),
}  # fmt: skip
BELLY: tuple[Point, ...] = (
    (0.0, 0.86),
    (0.34, 0.78),
    (0.54, 0.55),
    (0.62, 0.30),
    (0.50, 0.07),
    (0.25, -0.02),
    (0.0, -0.04),
)
BIB: tuple[Point, ...] = ((0.0, 0.98), (0.34, 0.95), (0.42, 0.78), (0.30, 0.62), (0.12, 0.52), (0.0, 0.46))
STRIPE = Path().smooth(((0.0, 0.1), (0.5, 0.16), (1.0, 0.02), (0.5, -0.08)))


@lru_cache(maxsize=64)
def outline(kind: str) -> Path:
    """The torso from the hips (y 0) to the neck (y 1), its widest half width 1."""
    if kind == "robot":
        return Path().rect(-1.0, -0.02, 2.0, 1.0, 0.26)
    half = HALVES["person"] if kind in anatomy.PERSON else HALVES.get(kind, PEAR)
    return mirrored(half, 0.95)


@lru_cache(maxsize=128)
def shaded(kind: str, side: int) -> Path:
    """The torso's shade: below, and on the side away from where it looks."""
    return crescent(outline(kind), (0.22 * side + 0.10, 0.07), (0.0, 0.45))


@lru_cache(maxsize=8)
def belly() -> Path:
    return mirrored(BELLY)


@lru_cache(maxsize=8)
def bib() -> Path:
    return mirrored(BIB, 0.8)


def frame(pen: Pen, wide: float = 1.0) -> Matrix:
    """The torso's matrix: from its own units to body heights."""
    joints = pen.puppet.joints
    hip, chest = joints[anatomy.HIP], joints[anatomy.CHEST]
    squash = pen.puppet.squash
    width = pen.body.belly * wide * (1.0 - 0.10 * pen.side * pen.side) / squash
    width *= 1.0 + 0.022 * pen.puppet.breath
    return along((float(hip[0]), float(hip[1])), (float(chest[0]), float(chest[1])), width)


def front(pen: Pen, matrix: Matrix, narrow: float = 1.0) -> Matrix:
    """The torso's front as it turns aside: shifted towards where the body looks, and narrower."""
    side = pen.side
    return then(matrix, ((1.0 - 0.34 * abs(side)) * narrow, 0.0, 0.0, 1.0, 0.36 * side, 0.0))


def draw(pen: Pen) -> None:
    """The bare torso."""
    who, matrix = pen.puppet.who, frame(pen)
    kind = who.kind
    if kind in anatomy.PERSON:
        pen.part(outline(kind), "shirt", "shirt|", matrix)
        pen.fill(shaded(kind, -1 if pen.side > 0 else 1), "shirt-", matrix)
        return
    pen.part(outline(kind), "coat", "coat|", matrix)
    pen.fill(shaded(kind, -1 if pen.side > 0 else 1), "coat-", matrix)
    if kind == "robot":
        _panel(pen, matrix)
        return
    centre = front(pen, matrix)
    if kind in ("fox", "cat", "dog"):
        pen.fill(bib(), "muzzle", front(pen, matrix, 1.15))
        pen.fill(belly(), "muzzle", then(centre, (0.8, 0.0, 0.0, 0.85, 0.0, 0.0)))
    else:
        pen.fill(belly(), "muzzle", centre)
    if kind == "dragon":
        plates(pen, centre)
    if kind in ("owl", "bird") and who.marking == "plain":
        feathers(pen, centre)
    markings(pen, matrix, who.marking)


def plates(pen: Pen, matrix: Matrix) -> None:
    """Lines across a dragon's belly."""
    path = Path()
    for y, wide in ((0.14, 0.42), (0.32, 0.50), (0.50, 0.46), (0.66, 0.34)):
        path.move(-wide, y).curve(-wide * 0.4, y - 0.05, wide * 0.4, y - 0.05, wide, y)
    pen.stroke(path, "second=", 1.3 * pen.line / pen.body.belly, matrix)


def feathers(pen: Pen, matrix: Matrix) -> None:
    """Rows of little arcs on a bird's breast."""
    path = Path()
    for y, places in ((0.58, (-0.22, 0.0, 0.22)), (0.40, (-0.34, -0.11, 0.11, 0.34)), (0.22, (-0.22, 0.0, 0.22))):
        for x in places:
            path.move(x - 0.08, y).curve(x - 0.05, y - 0.05, x + 0.05, y - 0.05, x + 0.08, y)
    pen.stroke(path, "second=", 1.4 * pen.line / pen.body.belly, matrix)


@lru_cache(maxsize=8)
def marks(marking: str) -> Path:
    """Markings on the torso's flanks, in its own units."""
    path = Path()
    if marking == "spots":
        for x, y, r in (
            (0.72, 0.50, 0.11),
            (0.84, 0.24, 0.09),
            (-0.76, 0.36, 0.12),
            (-0.62, 0.66, 0.08),
            (0.55, 0.74, 0.07),
        ):
            path.ellipse(x, y, r, r * 0.62)
    elif marking == "stripes":
        for y in (0.24, 0.44, 0.64):
            for side in (-1.0, 1.0):
                reach = 0.94 - 0.42 * y
                path.extend(STRIPE, (-0.46 * side, 0.0, 0.0, 0.42, side * reach, y))
    elif marking == "patch":
        path.smooth(((0.30, 0.80), (0.62, 0.84), (0.80, 0.58), (0.93, 0.34), (0.70, 0.22), (0.42, 0.40), (0.22, 0.60)))
    return path


def markings(pen: Pen, matrix: Matrix, marking: str) -> None:
    """Spots, stripes or a patch on the coat."""
    if marking != "plain":
        flip = 1.0 if pen.side <= 0 else -1.0
        pen.fill(marks(marking), "mark", then(matrix, (flip * 0.94, 0.0, 0.0, 1.0, 0.0, 0.0)))


def _panel(pen: Pen, matrix: Matrix) -> None:
    """A robot's chest: a plate, a dial and lights."""
    centre = front(pen, matrix)
    pen.part(Path().rect(-0.56, 0.26, 1.12, 0.52, 0.14), "second", "coat|", centre)
    pen.part(Path().ellipse(-0.24, 0.55, 0.17, 0.11), "white", "second|", centre)
    pen.stroke(Path().move(-0.24, 0.55).line(-0.14, 0.61), "lamp", 0.05, centre)
    for x, colour in ((0.14, "lamp"), (0.38, "iris")):
        pen.fill(Path().ellipse(x, 0.60, 0.08, 0.055), colour, centre)
    pen.stroke(Path().move(0.06, 0.42).line(0.46, 0.42), "second|", 0.04, centre)
    bolts = Path()
    for x, y in ((-0.8, 0.88), (0.8, 0.88), (-0.8, 0.10), (0.8, 0.10)):
        bolts.ellipse(x, y, 0.05, 0.035)
    pen.fill(bolts, "coat|", matrix)
