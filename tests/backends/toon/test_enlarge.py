"""Enlarging: what Pillow's bilinear resize gives, within rounding."""

import numpy as np
import pytest
from PIL import Image

from storyforge.backends.toon.enlarge import enlarged


@pytest.mark.parametrize("times", [1, 2, 3, 4])
def test_it_is_bilinear(times: int) -> None:
    small = np.random.default_rng(times).integers(0, 256, (37, 53, 4), np.uint8)
    size = (53 * times, 37 * times)
    planes = [Image.fromarray(small[..., i]).resize(size, Image.Resampling.BILINEAR) for i in range(4)]
    assert np.abs(enlarged(small, times).astype(int) - np.dstack(planes)).max() <= 1


def test_white_stays_white() -> None:
    assert (enlarged(np.full((5, 7, 4), 255, np.uint8), 3) == 255).all()
