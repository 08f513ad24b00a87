"""Panning: where between left and right something is heard."""

from math import cos, pi, sin

import numpy as np

from storyforge.film.sound.source import Samples


def panned(samples: Samples, pan: float) -> Samples:
    """Samples [n] or [n, 2] at `pan` -1 left .. 1 right, as [n, 2] float32; the power of both sides is constant.

    In the middle each side has -3 dB. What is [n, 2] already keeps its width and is balanced: unchanged in the middle.
    """
    angle = (min(1.0, max(-1.0, pan)) + 1) * pi / 4
    gains = np.array([cos(angle), sin(angle)], np.float32)
    if samples.ndim == 1:
        return samples[:, None] * gains
    return samples * (gains * np.float32(2**0.5))
