"""A place as it stands: its layers back to front, for one layout."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from storyforge.backends.toon.art.layers import Build, Dice, Layer, Sketch

Layout = tuple[float, ...]


@dataclass(frozen=True)
class Scenery:
    """Layers behind the characters and before them."""

    place: str
    layout: Layout
    back: tuple[Layer, ...]
    front: tuple[Layer, ...]
    indoors: int | None = None  # how many of the layers lie outside, where weather falls; None: all of them


class Stack:
    """Collects the layers of a place while it is described."""

    def __init__(self, place: str, layout: Layout):
        self.place, self.layout = place, layout
        self.back: list[Layer] = []
        self.front: list[Layer] = []

    def layer(self, depth: float, width: float, build: Build, centred: bool = False, top: float = math.inf) -> None:
        """Adds a layer before those added so far; `centred` puts the middle of chunk 0 at x = 0.

        Nothing of it lies above `top`.
        """

        def moved(s: Sketch, dice: Dice, left: float) -> None:
            build(s, dice, left - width / 2)

        made = moved if centred else build
        self.back.append(
            Layer(depth, width, made, seed=(self.place, self.layout, len(self.back)), shift=centred, top=top)
        )

    def before(self, depth: float, width: float, build: Build, pinned: str = "floor", top: float = math.inf) -> None:
        """Adds a layer before the characters."""
        seed = (self.place, self.layout, "front", len(self.front))
        self.front.append(Layer(depth, width, build, pinned, seed=seed, top=top))

    def scenery(self, indoors: int | None = None) -> Scenery:
        return Scenery(self.place, self.layout, tuple(self.back), tuple(self.front), indoors)


@lru_cache(maxsize=6)
def _scenery(place: str, layout: Layout) -> Scenery:
    from storyforge.backends.toon.art.places import built, cave, coast, lake, land, room

    makers: dict[str, Callable[[Layout], Scenery]] = {}
    for module in (land, lake, coast, built, room, cave):
        makers |= module.PLACES
    return makers[place](layout)


def scenery(place: str, layout: Layout) -> Scenery:
    """The scenery of a place; the same object for (nearly) the same layout of six numbers 0..1."""
    return _scenery(place, tuple(round(float(v), 3) for v in layout))
