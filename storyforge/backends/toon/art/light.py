"""The light that falls on characters and props: colours are multiplied by it and pulled towards the haze."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from storyforge.backends.toon.colour import RGB


@dataclass(frozen=True)
class Light:
    """A colour c under this light is c * multiply * (1 - share) + haze * share."""

    multiply: RGB = (1.0, 1.0, 1.0)
    haze: RGB = (1.0, 1.0, 1.0)
    share: float = 0.0

    def on(self, colours: Sequence[RGB]) -> list[RGB]:
        """Colours as they look under this light."""
        lit = np.asarray(colours) * (np.asarray(self.multiply) * (1.0 - self.share))
        lit += np.asarray(self.haze) * self.share
        return [(r, g, b) for r, g, b in np.clip(lit, 0.0, 1.0).tolist()]


PLAIN = Light()
