"""A music box."""

import numpy as np

from storyforge.film.sound.source import Samples
from storyforge.storyboard import Resolved


class Score:
    """The music of a film."""

    def __init__(self, film: Resolved) -> None:
        self.film = film

    def block(self, start: int, stop: int) -> Samples:
        """Samples [start, stop) of the film, [stop - start, 2]."""
        return np.zeros((stop - start, 2), np.float32)
