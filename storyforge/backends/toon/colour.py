"""Colours of the art: OKLab as the traits hold them, sRGB 0..1 as the canvas takes them (Ottosson 2020)."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Lab = tuple[float, float, float]
RGB = tuple[float, float, float]

TO_LMS = np.array([
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
])  # fmt: skip
TO_LAB = np.array([
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
])  # fmt: skip
FROM_LMS, FROM_LAB = np.linalg.inv(TO_LMS), np.linalg.inv(TO_LAB)


def srgb(lab: Sequence[float] | NDArray[np.floating]) -> RGB:
    """OKLab to the nearest sRGB colour, in steps of 1/255; what no screen shows is clipped."""
    linear = np.clip(FROM_LMS @ (FROM_LAB @ np.asarray(lab, np.float64)) ** 3, 0.0, 1.0)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    r, g, b = (round(255 * float(v)) / 255 for v in encoded)
    return r, g, b


@lru_cache(maxsize=4096)
def oklab(rgb: RGB) -> Lab:
    """sRGB 0..1 to OKLab."""
    encoded = np.asarray(rgb, np.float64)
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    lightness, a, b = TO_LAB @ np.cbrt(TO_LMS @ linear)
    return float(lightness), float(a), float(b)


@lru_cache(maxsize=4096)
def shade(rgb: RGB, lightness: float, chroma: float = 1.0) -> RGB:
    """The colour with `lightness` added to its OKLab lightness and its chroma multiplied."""
    light, a, b = oklab(rgb)
    return srgb((min(max(light + lightness, 0.0), 1.0), a * chroma, b * chroma))


@lru_cache(maxsize=4096)
def mix(one: RGB, other: RGB, share: float) -> RGB:
    """The colour `share` of the way from one to the other, blended in OKLab."""
    return srgb(np.asarray(oklab(one)) * (1 - share) + np.asarray(oklab(other)) * share)
