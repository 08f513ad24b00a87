"""What is drawn over a picture: prepared once as planes, then laid on the few rows it covers in well under 1 ms."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from storyforge.film.picture import BLUE, GREEN, GREY, RED, Picture, planes

Coverage = NDArray[np.uint16]  # 0 (nothing) .. 256 (opaque)
FULL = 256


@dataclass(frozen=True)
class Overlay:
    """A drawing in the form of a picture's planes: levels already multiplied by their coverage.

    x, y is the place of its upper left corner, even, so that its chroma samples meet the picture's.
    """

    x: int
    y: int
    luma: NDArray[np.uint16]  # [height, width]: level x coverage
    u: NDArray[np.uint16]  # [height / 2, width / 2]
    v: NDArray[np.uint16]
    cover: Coverage  # [height, width]
    half: Coverage  # [height / 2, width / 2]

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom pixels, right and bottom outside."""
        height, width = self.cover.shape
        return self.x, self.y, self.x + width, self.y + height


def prepare(drawing: Image.Image, x: int, y: int) -> Overlay:
    """An RGBA drawing to be laid with its upper left corner at x, y; empty margins are cut off."""
    left, top, right, bottom = drawing.getbbox(alpha_only=True) or (0, 0, 2, 2)
    left, top = left - (x + left) % 2, top - (y + top) % 2  # outward, to an even place
    right, bottom = right + (right - left) % 2, bottom + (bottom - top) % 2
    rgba = np.asarray(drawing.crop((left, top, right, bottom)), np.float32)
    cover = rgba[..., 3] * (FULL / 255)
    red, green, blue = (rgba[..., channel] / 255 for channel in range(3))
    grey = RED * red + GREEN * green + BLUE * blue
    u, v = (blue - grey) / (2 - 2 * BLUE), (red - grey) / (2 - 2 * RED)
    whole, half = _rounded(cover), _rounded(_halved(cover))
    return Overlay(
        x=x + left,
        y=y + top,
        luma=_rounded((16 + 219 * grey) * cover),
        # each of the four pixels counts by its coverage; the rest of the sample is the picture's
        u=_rounded(_halved(224 * u * cover) + GREY * half),
        v=_rounded(_halved(224 * v * cover) + GREY * half),
        cover=whole,
        half=half,
    )


def _halved(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means of 2 x 2 pixels."""
    height, width = plane.shape
    halves: NDArray[np.float32] = plane.reshape(height // 2, 2, width // 2, 2).mean((1, 3))
    return halves


def _rounded(plane: NDArray[np.float32]) -> NDArray[np.uint16]:
    return np.asarray(np.rint(plane), np.uint16)


def lay(picture: Picture, overlay: Overlay, opacity: int = FULL, rise: int = 0) -> None:
    """Draws the overlay into the picture, in place; opacity 0..256, and `rise` pixels higher than it was prepared for.

    What falls outside the picture is left out. Coverage is blended on display values, as every drawing program does.
    """
    height, width = picture.shape[0] * 2 // 3, picture.shape[1]
    left, top, right, bottom = overlay.box
    top, bottom = top - rise, bottom - rise
    rows, columns = slice(max(0, top), min(height, bottom)), slice(max(0, left), min(width, right))
    if opacity <= 0 or rows.start >= rows.stop or columns.start >= columns.stop:
        return
    whole = (slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left))
    y, u, v = planes(picture)
    _blend(y[rows, columns], overlay.luma[whole], overlay.cover[whole], opacity)
    # an odd rise puts chroma half a sample off, which nobody sees in something that moves
    upper = top // 2
    small_rows = slice(max(0, upper), min(height // 2, upper + overlay.half.shape[0]))
    small_columns = slice(columns.start // 2, columns.stop // 2)
    part = (slice(small_rows.start - upper, small_rows.stop - upper), slice(whole[1].start // 2, whole[1].stop // 2))
    for plane, level in ((u, overlay.u), (v, overlay.v)):
        _blend(plane[small_rows, small_columns], level[part], overlay.half[part], opacity)


def _blend(plane: NDArray[np.uint8], level: NDArray[np.uint16], cover: Coverage, opacity: int) -> None:
    """plane = plane * (1 - cover) + level, in 1/256; the sum stays below 2^16 because level <= 255 * cover."""
    if opacity < FULL:
        # rounded down, so that the sum stays below 2^16 here too
        level, cover = ((part.astype(np.uint32) * opacity >> 8).astype(np.uint16) for part in (level, cover))
    mixed: NDArray[np.uint16] = plane * (np.uint16(FULL) - cover)
    mixed += level
    mixed += 128
    np.right_shift(mixed, 8, out=mixed)
    plane[...] = mixed
