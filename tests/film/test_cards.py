"""What stands for a shot that failed: a card, or its picture held, dimmed and labelled, legible in every shape."""

import numpy as np
import pytest

from storyforge.film import failed

SIZES = [(1280, 720), (640, 360), (720, 1280), (1280, 536)]
WHY = "renderer toon failed at lighthouse-night-3: it ran out of memory; close other programs"


@pytest.mark.parametrize("size", SIZES)
def test_a_held_picture_is_dimmed_below_its_label(size: tuple[int, int]) -> None:
    picture = np.zeros((size[1], size[0], 3), np.uint8)
    picture[:] = (240, 120, 60)
    shown = failed(size, "lighthouse-night-3", WHY, picture)
    assert shown.shape == picture.shape
    below = shown[size[1] * 2 // 5 :].reshape(-1, 3)
    assert below.max() < 0.5 * 240, "it is dark"
    assert np.ptp(below, axis=0).max() == 0, "nothing else is drawn there"
    assert below.mean(0).max() - below.mean(0).min() < 30, "and nearly grey"
    letters = (shown.min(-1) > 200).any(0)
    assert letters.sum() > 0.1 * size[0], "there are words"
    assert not letters[: size[0] // 20].any(), "words keep away from the edges"
    assert not letters[-size[0] // 20 :].any()


def test_a_long_reason_is_cut() -> None:
    picture = np.full((360, 640, 3), 200, np.uint8)
    shown = failed((640, 360), "one", f"{WHY}; " * 12, picture)
    assert np.ptp(shown[180:]) == 0, "half of the picture stays free"


def test_without_a_picture_there_is_a_card() -> None:
    card = failed((640, 360), "one", WHY)
    assert len(np.unique(card[:40].reshape(-1, 3), axis=0)) <= 4, "stripes alone"
    assert card.max() > 200
