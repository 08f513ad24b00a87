"""Planes and colours: what the conversion is worth, and how fades and dissolves treat light."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from storyforge.film.picture import black, dimmed, dissolved, from_frame, planes, size_of, to_frame


def flat(red: int, green: int, blue: int) -> np.ndarray:
    return np.full((16, 32, 3), (red, green, blue), np.uint8)


level = st.integers(0, 255)


@given(level, level, level)
def test_planes_follow_bt709(red: int, green: int, blue: int) -> None:
    share = np.array([red, green, blue]) / 255
    luma = share @ (0.2126, 0.7152, 0.0722)
    expected = 16 + 219 * luma, 128 + 224 * (share[2] - luma) / 1.8556, 128 + 224 * (share[0] - luma) / 1.5748
    for plane, value in zip(planes(from_frame(flat(red, green, blue))), expected, strict=True):
        assert np.abs(plane - value).max() <= 1.0


@given(level, level, level)
def test_a_colour_comes_back(red: int, green: int, blue: int) -> None:
    back = to_frame(from_frame(flat(red, green, blue))).astype(int)
    assert np.abs(back - (red, green, blue)).max() <= 3  # 8 bits of video range hold 219 levels


def test_planes_are_views_of_the_picture() -> None:
    picture = black((32, 16))
    assert size_of(picture) == (32, 16)
    y, u, v = planes(picture)
    assert (y.shape, u.shape, v.shape) == ((16, 32), (8, 16), (8, 16))
    v[:] = 200
    assert (picture[16:20] == 128).all()
    assert (picture[20:] == 200).all()


def test_fading_scales_display_values_down_to_black() -> None:
    picture = from_frame(flat(200, 100, 50))
    half = to_frame(dimmed(picture, 0.5))[0, 0].astype(int)
    assert np.abs(half - (100, 50, 25)).max() <= 2
    assert (dimmed(picture, 0.0) == black((32, 16))).all()
    assert dimmed(picture, 1.0) is picture


def test_a_dissolve_adds_light_and_not_display_values() -> None:
    white, dark = from_frame(flat(255, 255, 255)), from_frame(flat(0, 0, 0))
    middle = to_frame(dissolved(dark, white, 0.5))[0, 0].astype(int)
    assert np.abs(middle - 188).max() <= 2  # half the light of white is 188 of 255 in sRGB
    red, green = from_frame(flat(255, 0, 0)), from_frame(flat(0, 255, 0))
    assert to_frame(dissolved(red, green, 0.5))[0, 0].astype(int).sum() > 255 + 80  # not the 127 + 127 of a dull middle


def test_a_dissolve_of_a_picture_with_itself_is_the_picture() -> None:
    picture = from_frame(flat(180, 90, 30))
    assert np.abs(dissolved(picture, picture, 0.3).astype(int) - picture).max() <= 1
