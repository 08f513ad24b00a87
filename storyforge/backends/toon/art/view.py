"""Where things of a given distance appear in the frame: the camera's matrices, with parallax.

Depth 0 is infinitely far, 1 is where the characters stand, more is before them. World units, y up (see rig.py).
"""

from dataclasses import dataclass, replace

from storyforge.backends.toon.raster import Matrix

TALL = 0.5625  # height of a 16:9 frame at zoom 0, in world units
FAR_ZOOM, FAR_TILT = 0.45, 0.5  # how much of the camera's zoom and rise the sky follows
HORIZON = -0.055  # world y of the line where the ground meets what is behind it
LEAN = 0.05  # how far a high or low camera moves the horizon
RAISE = 0.15  # how much of the extra height of a tall frame goes above rather than evenly


@dataclass(frozen=True)
class View:
    """The camera of one frame of width x height pixels: centre (x, y), zoom (log2), angle -1 low .. 1 high."""

    width: int
    height: int
    x: float = 0.0
    y: float = 0.0
    zoom: float = 0.0
    angle: float = 0.0

    @property
    def unit(self) -> float:
        """Pixels of a world unit at zoom 0: frames of any aspect show the same area."""
        return float((self.width * self.height) ** 0.5 * 4 / 3)

    @property
    def rise(self) -> float:
        """Pixels by which the picture is lowered: a tall frame shows more sky; a close one stays centred."""
        share = min(max(1.0 - self.zoom / 1.3, 0.0), 1.0)
        return RAISE * (self.height - TALL * self.unit) * share

    @property
    def steep(self) -> bool:
        """Whether a tall frame, a tilt, or a camera far back or close could see beyond what is usually painted."""
        zoomed = self.zoom > 1.0 or self.zoom < -0.5
        return self.y > 0.04 or self.y < -0.25 or zoomed or self.height > 1.05 * TALL * self.unit

    def overhang(self, pinned: str, depth: float) -> float:
        """World units at a depth from a 16:9 frame's "floor" or "ceiling" to this frame's.

        0 for "", and where this frame shows less. Coming closer leaves both behind; drawing back and looking up do not.
        """
        scale = View(self.width, self.height, zoom=min(self.zoom, 0.0)).scale(depth)
        lowered = RAISE * (self.height - TALL * self.unit)
        if pinned == "floor":
            return min((lowered - self.height / 2) / scale + TALL / 2, 0.0)
        if pinned == "ceiling":
            raised = max(self.y, 0.0) * (FAR_TILT + (1 - FAR_TILT) * depth)
            return max((lowered + self.height / 2) / scale - TALL / 2, 0.0) + raised
        return 0.0

    def scale(self, depth: float) -> float:
        """Pixels of a world unit at a depth."""
        follow = FAR_ZOOM + (1 - FAR_ZOOM) * depth if depth <= 1 else 1.0 + 0.5 * (depth - 1)
        return float(self.unit * 2.0 ** (self.zoom * follow))

    def matrix(self, depth: float, up: float = 0.0) -> Matrix:
        """World units at a depth, raised by `up`, to canvas pixels."""
        s = self.scale(depth)
        y = self.y * (FAR_TILT + (1 - FAR_TILT) * depth) - self.angle * LEAN * (1 - depth) - up
        return (s, 0.0, 0.0, -s, self.width / 2 - s * self.x * depth, self.height / 2 + self.rise + s * y)

    def bounds(self, depth: float) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of the frame in world units at a depth."""
        s, _, _, _, x, y = self.matrix(depth)
        return -x / s, (y - self.height) / s, (self.width - x) / s, y / s

    def shrunk(self, times: int) -> "View":
        """The same camera on a canvas that is this many times smaller, rounded up to whole pixels."""
        return replace(self, width=-(-self.width // times), height=-(-self.height // times))
