"""Pictures as the codec holds them: the Y, U and V planes of one frame, 4:2:0, BT.709, video range.

A film is put together in this form, because decoder and encoder speak it: a frame that nothing is drawn on is never
converted, so it loses nothing and costs nothing. Frames, the renderers' form, are sRGB uint8 [height, width, 3].
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]  # [height, width, 3], sRGB
Picture = NDArray[np.uint8]  # [height * 3 / 2, width]: Y, then U and V at half size, one after another
Planes = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]

RED, GREEN, BLUE = 0.2126, 0.7152, 0.0722  # BT.709's share of each primary in luma
BLACK, WHITE, GREY = 16, 235, 128  # levels of video range


def size_of(picture: Picture) -> tuple[int, int]:
    """Width and height in pixels."""
    return picture.shape[1], picture.shape[0] * 2 // 3


def planes(picture: Picture) -> Planes:
    """Views of Y [height, width], U and V [height / 2, width / 2]; writing to them writes to the picture."""
    width, height = size_of(picture)
    flat, area = picture.reshape(-1), width * height
    half = (height // 2, width // 2)
    return (
        flat[:area].reshape(height, width),
        flat[area : area * 5 // 4].reshape(half),
        flat[area * 5 // 4 :].reshape(half),
    )


def from_frame(frame: Frame) -> Picture:
    """A frame's planes, by the BT.709 matrix; sides must be even."""
    import av

    video = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
    planar = video.reformat(
        format="yuv420p",
        src_colorspace="ITU709",
        dst_colorspace="ITU709",
        src_color_range="JPEG",
        dst_color_range="MPEG",
        interpolation="AREA",  # the mean of the four pixels that share a chroma sample; the others alias, by 17 levels
        threads=1,
    )
    return np.asarray(planar.to_ndarray(), np.uint8)


def to_frame(picture: Picture) -> Frame:
    """The frame that a player shows for a picture."""
    import av
    from av.video.reformatter import Interpolation as Flag

    video = av.VideoFrame.from_ndarray(picture, format="yuv420p")
    rgb = video.reformat(
        format="rgb24",
        src_colorspace="ITU709",
        dst_colorspace="ITU709",
        src_color_range="MPEG",
        dst_color_range="JPEG",
        # without these two flags swscale's tables are off by 1.3 levels on average, with them by 0.4
        interpolation=Flag.BILINEAR | Flag.ACCURATE_RND | Flag.FULL_CHR_H_INT,
        threads=1,
    )
    return np.asarray(rgb.to_ndarray(), np.uint8)


def black(size: tuple[int, int]) -> Picture:
    """A black picture of width x height."""
    width, height = size
    picture = np.full((height * 3 // 2, width), GREY, np.uint8)
    picture[:height] = BLACK
    return picture


def dimmed(picture: Picture, light: float) -> Picture:
    """The picture at `light` 0..1 of its display value: 0 is black.

    A fade is done on display values, as editing programs do: in linear light it stays bright for most of its length
    and then falls at once.
    """
    if light >= 1.0:
        return picture
    share = round(max(0.0, light) * 256)
    luma, chroma = _dimming(share)
    height = size_of(picture)[1]
    out = np.empty_like(picture)
    np.take(luma, picture[:height], out=out[:height])
    np.take(chroma, picture[height:], out=out[height:])
    return out


@lru_cache(maxsize=8)
def _dimming(share: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Tables of luma and chroma at share / 256 of their distance from black."""
    level = np.arange(256, dtype=np.float64)
    tables = (zero + (level - zero) * (share / 256) for zero in (BLACK, GREY))
    luma, chroma = (np.clip(np.rint(table), 0, 255).astype(np.uint8) for table in tables)
    return luma, chroma


def dissolved(old: Picture, new: Picture, share: float) -> Picture:
    """`share` 0..1 of the new picture's light and the rest of the old one's.

    Light adds up linearly, so this is done in linear light, as two projectors would: blending display values makes the
    middle of a dissolve between two colours dull and dark.
    """
    pair = to_frame(old).astype(np.uint16)
    pair <<= 8
    pair |= to_frame(new)
    mixed: Frame = np.take(_mixture(round(share * 4096)), pair)
    return from_frame(mixed)


@lru_cache(maxsize=4)
def _mixture(share: int) -> NDArray[np.uint8]:
    """Table [65536] of the display value of `old << 8 | new` mixed in linear light, share in 1/4096."""
    display = np.arange(256) / 255
    light = np.where(display <= 0.04045, display / 12.92, ((display + 0.055) / 1.055) ** 2.4)
    weight = share / 4096
    mixed = light[:, None] * (1 - weight) + light[None, :] * weight
    shown = np.where(mixed <= 0.0031308, mixed * 12.92, 1.055 * mixed ** (1 / 2.4) - 0.055)
    table: NDArray[np.uint8] = np.rint(shown * 255).astype(np.uint8)
    return table.reshape(-1)
