"""What is drawn over pictures: exact blending, in place, within the picture, fast; captions inside the margins."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from storyforge.film import cards, from_frame, to_frame
from storyforge.film.drawing import SAFE, caption_overlay, foot_margin
from storyforge.film.overlay import FULL, Overlay, lay, prepare
from storyforge.film.picture import black, planes

SIZES = [(1280, 720), (720, 1280), (1498, 626), (720, 720), (320, 180)]
CAPTION = ("That night the storm came back, and the sea climbed the rocks and the tower", "Ember")


@given(st.tuples(*[st.integers(0, 255)] * 4), st.tuples(*[st.integers(0, 255)] * 3), st.integers(0, FULL))
def test_blending_is_that_of_display_values(
    ink: tuple[int, int, int, int], ground: tuple[int, int, int], opacity: int
) -> None:
    picture = from_frame(np.full((16, 32, 3), ground, np.uint8))
    lay(picture, prepare(Image.new("RGBA", (32, 16), ink), 0, 0), opacity)
    share = ink[3] / 255 * opacity / FULL
    expected = np.array(ink[:3]) * share + np.array(ground) * (1 - share)
    assert np.abs(to_frame(picture)[8, 8] - expected).max() <= 5


@given(st.integers(-40, 40), st.integers(-40, 40), st.integers(-30, 30), st.integers(1, 19), st.integers(1, 19))
def test_it_changes_its_own_pixels_only(x: int, y: int, rise: int, width: int, height: int) -> None:
    picture = black((32, 16))
    lay(picture, prepare(Image.new("RGBA", (width, height), (255, 255, 255, 255)), x, y), rise=rise)
    luma = planes(picture)[0]
    expected = np.full((16, 32), 16, np.uint8)
    expected[max(0, y - rise) : max(0, y - rise + height), max(0, x) : max(0, x + width)] = 235
    assert (luma == expected).all()


def test_nothing_to_draw_is_nothing() -> None:
    picture = black((32, 16))
    lay(picture, prepare(Image.new("RGBA", (20, 10)), 3, 3))
    assert (picture == black((32, 16))).all()


@pytest.mark.parametrize("size", SIZES)
def test_captions_keep_the_safe_margins(size: tuple[int, int]) -> None:
    width, height = size
    left, top, right, bottom = caption_overlay(size, *CAPTION).box
    assert left >= width * SAFE - 2
    assert right <= width * (1 - SAFE) + 2
    assert abs(left + right - width) <= 4  # centred
    assert bottom <= height - foot_margin(size) + 2
    assert top > height * 0.6


@pytest.mark.parametrize("ground", [0, 40, 128, 200, 255])
def test_captions_can_be_read_over_anything(ground: int) -> None:
    """The brightest tenth of the caption (its letters) against the median (its plate), as WCAG counts contrast."""
    picture = from_frame(np.full((720, 1280, 3), ground, np.uint8))
    overlay = caption_overlay((1280, 720), *CAPTION)
    lay(picture, overlay)
    left, top, right, bottom = overlay.box
    grey = to_frame(picture)[top:bottom, left:right].mean(axis=2) / 255
    light = np.where(grey <= 0.04045, grey / 12.92, ((grey + 0.055) / 1.055) ** 2.4)
    letters, plate = np.quantile(light, 0.97), np.median(light)
    assert (letters + 0.05) / (plate + 0.05) >= 4.5


def test_long_words_and_long_captions_stay_inside() -> None:
    for text in ("W" * 90, "word " * 60):
        left, top, right, bottom = caption_overlay((720, 1280), text).box
        assert 0 <= left < right <= 720
        assert 0 <= top < bottom <= 1280


def test_a_caption_costs_less_than_a_millisecond() -> None:
    picture, overlay = black((1280, 720)), caption_overlay((1280, 720), *CAPTION)
    best = min(timed(picture, overlay) for _ in range(20))
    assert best < 0.001


def timed(picture: np.ndarray, overlay: Overlay) -> float:
    start = time.thread_time()
    lay(picture, overlay)
    return time.thread_time() - start


@pytest.mark.parametrize("size", SIZES)
def test_titles_stay_in_the_picture(size: tuple[int, int]) -> None:
    width, height = size
    long = "The very long and winding Tale of the Fox, the Moth and the Lantern of Green Glass by the Sea"
    drawn = [
        cards.opening(size, (long, "and more")),
        cards.the_end(size, "Ende", "de"),
        cards.title(size, (long,), "top"),
    ]
    drawn += [cards.title(size, (long, long), "lower"), cards.title(size, (long,), "centre")]
    for overlay in drawn:
        left, top, right, bottom = overlay.box
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
    caption = caption_overlay(size, "Two lines of words that are said here now, and more")
    assert cards.title(size, ("The lighthouse",), "lower").box[3] <= caption.box[1]


def test_a_roll_starts_below_the_picture_and_ends_above_it() -> None:
    overlay = cards.roll((320, 180), "Ember\n\nthe fox\nMoth")
    assert overlay.box[1] >= 180
    picture = black((320, 180))
    lay(picture, overlay)
    lay(picture, overlay, rise=overlay.box[3])
    assert (picture == black((320, 180))).all()
    lay(picture, overlay, rise=101)
    assert planes(picture)[0].max() > 200


def test_a_failed_shot_says_so() -> None:
    card = cards.failed((320, 180), "storm-3", "the renderer ran out of memory")
    assert card.shape == (180, 320, 3)
    assert card.max() > 200
