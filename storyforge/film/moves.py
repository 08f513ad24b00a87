"""Moves of a camera over a flat picture: which part of it each frame shows, eased, and never beyond its edge.

A part ("window") has the film's shape. Pushing in and pulling out go between the whole picture, as far as the film's
shape shows it, and a part of it; panning and tilting cross it, and a picture with no room to cross is shown nearer.
"""

from dataclasses import dataclass
from typing import Literal

Move = Literal["static", "push-in", "pull-out", "pan-left", "pan-right", "tracking", "tilt-up"]
Size = tuple[float, float]
STILL: tuple[Move, ...] = ("static", "tracking")  # tracking follows somebody, and there is nobody in a flat picture

ZOOM, LEAST_ZOOM, MOST_ZOOM = 0.024, 1.06, 1.3  # how much nearer a second brings, and at least and at most
PAN, LEAST_PAN, MOST_PAN = 0.024, 0.06, 0.22  # the same for crossing where there is no room: shares of the window
FASTEST = 1 / 7  # of the window a second: what crosses the screen in less than seven seconds judders
EASE, EASED = 1.2, 0.3  # seconds, and share of the shot at most, in which a move begins and ends


@dataclass(frozen=True)
class Window:
    """A part of a picture, in its pixels: left, top, width and height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        return self.x, self.y, self.x + self.width, self.y + self.height

    def within(self, outer: "Window", scale: Size) -> "Window":
        """This window counted from another's corner, in pixels that are `scale` times finer."""
        return Window(
            (self.x - outer.x) * scale[0], (self.y - outer.y) * scale[1], self.width * scale[0], self.height * scale[1]
        )


def cover(picture: Size, size: Size) -> Window:
    """The largest part of a picture that has the shape of `size`, from its middle."""
    width = min(picture[0], picture[1] * size[0] / size[1])
    return centred(picture, width, width * size[1] / size[0])


def centred(picture: Size, width: float, height: float) -> Window:
    """A window in the middle of a picture."""
    return Window((picture[0] - width) / 2, (picture[1] - height) / 2, width, height)


def ends(move: Move, picture: Size, size: Size, seconds: float) -> tuple[Window, Window]:
    """The first and the last window of a move that takes so long; the same two when nothing moves."""
    whole = cover(picture, size)
    if move in ("push-in", "pull-out"):
        zoom = min(MOST_ZOOM, max(LEAST_ZOOM, 1 + ZOOM * seconds))
        near = centred(picture, whole.width / zoom, whole.height / zoom)
        return (whole, near) if move == "push-in" else (near, whole)
    if move in ("pan-left", "pan-right"):
        window = nearer(whole, picture, 0, seconds)
        way = min(picture[0] - window.width, window.width * max(LEAST_PAN, FASTEST * seconds)) / 2
        left, right = (Window(window.x + by, window.y, window.width, window.height) for by in (-way, way))
        return (right, left) if move == "pan-left" else (left, right)
    if move == "tilt-up":
        window = nearer(whole, picture, 1, seconds)
        way = min(picture[1] - window.height, window.height * max(LEAST_PAN, FASTEST * seconds)) / 2
        up, down = (Window(window.x, window.y + by, window.width, window.height) for by in (-way, way))
        return down, up
    return whole, whole


def nearer(whole: Window, picture: Size, axis: int, seconds: float) -> Window:
    """The whole window, or as much smaller a one as a move along an axis needs to have room in the picture."""
    wanted = min(MOST_PAN, max(LEAST_PAN, PAN * seconds))
    side = (whole.width, whole.height)[axis]
    share = min(1.0, picture[axis] / (side * (1 + wanted)))
    return centred(picture, whole.width * share, whole.height * share)


def between(start: Window, stop: Window, share: float) -> Window:
    """The window at `share` 0..1 of the way: as many times nearer in each second, so that a zoom looks even."""
    size = (stop.width / start.width) ** share
    width, height = start.width * size, start.height * size
    middle = [
        (a + (b - a) * _along(start, stop, size, share))
        for a, b in (
            (start.x + start.width / 2, stop.x + stop.width / 2),
            (start.y + start.height / 2, stop.y + stop.height / 2),
        )
    ]
    return Window(middle[0] - width / 2, middle[1] - height / 2, width, height)


def _along(start: Window, stop: Window, size: float, share: float) -> float:
    """How far the middle has come: with the size where that changes, so that edges go in straight lines."""
    change = stop.width / start.width - 1
    return (size - 1) / change if abs(change) > 1e-9 else share


def eased(share: float, seconds: float) -> float:
    """0..1 of the time as 0..1 of the way: even speed, gathered at the start and lost at the end."""
    ramp = min(EASED, EASE / seconds) if seconds else EASED
    if share > 0.5:
        return 1 - eased(1 - share, seconds)
    slow = share * share / (2 * ramp) if share < ramp else share - ramp / 2
    return slow / (1 - ramp)
