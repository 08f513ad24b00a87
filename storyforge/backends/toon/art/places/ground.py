"""The ground that characters stand on, and what grows and lies on it."""

from collections.abc import Callable, Sequence

from storyforge.backends.toon.art.layers import Dice, Fade, Ridge, Sketch
from storyforge.backends.toon.art.places import plants
from storyforge.backends.toon.art.places.scenery import Stack
from storyforge.backends.toon.art.view import HORIZON
from storyforge.backends.toon.raster import Path

GROUND_DEPTH = 0.62  # of the horizon's line; what lies nearer is nearer
NEAR, FAR = -0.225, -0.105  # the band characters walk in, with a margin
LOW = -0.42  # where the ground's colour has become its darkest

Scatter = Callable[[Sketch, float, float, float, Dice], None]  # sketch, x, y, size, dice


def depth_at(y: float) -> float:
    """The depth of ground seen at world height y."""
    return min(1.0, GROUND_DEPTH + (1 - GROUND_DEPTH) * (HORIZON - y) / (HORIZON - FAR))


def ridge(
    stack: Stack, depth: float, line: Ridge, role: str, low: str | None = None, drop: float = 0.16, covered: bool = True
) -> None:
    """A layer of hills under `line` that fades downwards into `low`."""
    shade: str | Fade = role if low is None else Fade(role, line.base + line.height, 1.0, low, line.base - drop, 1.0)

    def build(s: Sketch, dice: Dice, left: float) -> None:
        s.land(line, left, left + 2.0, shade, covered)

    stack.layer(depth, 2.0, build)


def base(
    stack: Stack, line: Ridge | None = None, patches: float = 1.0, top: str = "ground", lit: str = "ground+"
) -> None:
    """The ground itself, and flat patches of light and shade on it."""
    contour = line or Ridge(HORIZON, 0.006, 1.3, 6 * stack.layout[3])
    ridge(stack, GROUND_DEPTH, contour, top, "ground_low", HORIZON - LOW, covered=False)
    if patches <= 0:
        return

    def build(s: Sketch, dice: Dice, left: float) -> None:
        for i in range(round(6 * patches)):
            y = dice(-0.30, -0.085) if i < 4 else dice(-0.55, -0.31)
            w = dice(0.12, 0.30) * (0.6 - 2 * y)
            x, h = left + dice(0, 1), w * dice(0.035, 0.06)
            lens = Path().move(x - w, y).curve(x - w * 0.5, y + h, x + w * 0.3, y + h * 1.3, x + w, y + h * 0.2)
            lens.curve(x + w * 0.4, y - h, x - w * 0.4, y - h * 0.8, x - w, y).close()
            s.add(lens, lit if i % 2 else "ground_low", alpha=0.28)

    stack.layer(1.0, 1.0, build, top=-0.06)


def lane(stack: Stack, role: str = "path", low: float = -0.226, high: float = -0.104) -> None:
    """A trodden path along which characters walk."""
    top = Ridge(high, 0.006, 0.9, 5 * stack.layout[4])
    bottom = Ridge(low, 0.008, 1.1, 3 * stack.layout[4])

    def build(s: Sketch, dice: Dice, left: float) -> None:
        rim = Ridge(low - 0.006, bottom.height, bottom.length, bottom.phase)
        s.add(_strip(top, rim, left, left + 2.0), "ground_low-")
        tread = _strip(Ridge(high - 0.003, top.height, top.length, top.phase), bottom, left, left + 2.0)
        s.add(tread, Fade(role + "+", high, 1.0, role, low, 1.0), 1)
        for _ in range(14):
            x, y = left + 2 * dice(), dice(low + 0.02, high - 0.02)
            s.add(Path().dot(x, y, dice(0.006, 0.02), dice(0.0015, 0.003)), role + "-", 2)

    stack.layer(1.0, 2.0, build, top=high + 0.01)


def _strip(top: Ridge, bottom: Ridge, left: float, right: float) -> Path:
    count = 24
    xs = [left - 0.005 + (right - left + 0.01) * i / count for i in range(count + 1)]
    points = [(x, top(x)) for x in xs] + [(x, bottom(x)) for x in reversed(xs)]
    return Path().polygon(points)


def scatter(
    stack: Stack, rows: Sequence[tuple[float, float]], count: float, what: Scatter, front: bool = False
) -> None:
    """Things strewn over the ground: rows of (world y, size), about `count` in each unit of width."""
    for y, size in rows:

        def build(s: Sketch, dice: Dice, left: float, y: float = y, size: float = size) -> None:
            for _ in range(int(count) + (1 if dice.chance(count % 1) else 0)):
                what(s, left + dice(), y + dice(-0.012, 0.012), size * dice(0.75, 1.2), dice)

        if front:
            stack.before(1.0, 1.0, build, pinned="", top=y + 3 * size)
        else:
            stack.layer(depth_at(y), 1.0, build, top=y + 3 * size)


def tufts(role: str = "grass") -> Scatter:
    """Grass for `scatter`."""

    def what(s: Sketch, x: float, y: float, size: float, dice: Dice) -> None:
        plants.tuft(s, x, y, size, dice, role)

    return what


def flowers(*roles: str) -> Scatter:
    """Flowers of several colours, in twos and threes, for `scatter`."""

    def what(s: Sketch, x: float, y: float, size: float, dice: Dice) -> None:
        role = dice.pick(roles)
        for i in range(dice.whole(1, 3)):
            plants.flower(s, x + (i - 1) * size * 0.55, y + dice(-0.2, 0.2) * size, size * dice(0.8, 1.1), dice, role)

    return what


def dots(*roles: str) -> Scatter:
    """Drifts of tiny flowers for `scatter`."""

    def what(s: Sketch, x: float, y: float, size: float, dice: Dice) -> None:
        plants.daisies(s, x, y, size, dice, dice.pick(roles))

    return what


def stones(role: str = "stone") -> Scatter:
    """Stones for `scatter`."""

    def what(s: Sketch, x: float, y: float, size: float, dice: Dice) -> None:
        plants.stone(s, x, y, size, dice, role)

    return what


def fringe(stack: Stack, role: str = "fore", role2: str = "fore2", height: float = 0.075, thick: float = 1.0) -> None:
    """Grass before the camera, along the bottom of the frame."""

    def build(s: Sketch, dice: Dice, left: float) -> None:
        for rank, (tone, size) in enumerate(((role2, 1.0), (role, 0.72))):
            for i in range(round(5 * thick)):
                x = left + 0.8 * (i + dice(0, 0.9)) / (5 * thick)
                blades = plants.blades(x, -0.30, height * size * dice(0.6, 1.25), dice, dice.whole(5, 8), 0.55)
                s.add(blades, tone, rank, sway=(x, -0.30, 1.0))

    stack.before(1.3, 0.8, build, top=-0.18)


def apron(stack: Stack, what: Scatter, size: float = 0.05, count: float = 2.0) -> None:
    """Things strewn over the ground below a 16:9 frame, which taller frames show."""
    for i, y in enumerate((-0.33, -0.39, -0.46, -0.54)):

        def build(s: Sketch, dice: Dice, left: float, y: float = y, size: float = size * (1 + 0.2 * i)) -> None:
            for _ in range(int(count) + (1 if dice.chance(count % 1) else 0)):
                what(s, left + dice(), y + dice(-0.025, 0.025), size * dice(0.7, 1.2), dice)

        stack.layer(1.0 + 0.04 * i, 1.0, build, top=y + 3 * size)
