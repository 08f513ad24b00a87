"""Colours follow the hour, the weather and the tint, and hold still while these do."""

import numpy as np
import pytest

from storyforge.backends.toon.art.hues import ROLES
from storyforge.backends.toon.art.palette import palette, weights
from storyforge.backends.toon.colour import oklab
from storyforge.backends.toon.rig import PLACES, TIMES, WEATHERS


def hour(name: str) -> tuple[float, ...]:
    return tuple(float(name == other) for other in TIMES)


def air(name: str) -> tuple[float, ...]:
    return tuple(float(name == other) for other in WEATHERS)


def test_every_place_has_roles() -> None:
    assert set(ROLES) == {"common", *PLACES}


@pytest.mark.parametrize("place", PLACES)
def test_colours_are_colours_at_every_hour_and_weather(place: str) -> None:
    for time in TIMES:
        for weather in WEATHERS:
            shades = palette(place, hour(time), air(weather))
            values = np.array(list(shades.colours.values()))
            assert np.isfinite(values).all()
            assert values.min() >= 0
            assert values.max() <= 1
            assert shades.sky.shape == (3, 3)


@pytest.mark.parametrize("place", PLACES)
def test_night_is_darker_than_day_and_can_be_seen(place: str) -> None:
    day, night = (oklab(palette(place, hour(time), air("clear"))["ground"]) for time in ("day", "night"))
    assert 0.25 < night[0] < day[0]
    for weather in WEATHERS:
        assert oklab(palette(place, hour("night"), air(weather))["ground"])[0] > 0.25


def test_snow_lies_on_open_ground_only() -> None:
    bare, white = (palette("village", hour("day"), air(weather)) for weather in ("clear", "snow"))
    assert oklab(white["ground"])[0] > oklab(bare["ground"])[0]
    assert abs(oklab(white["ground"])[1]) < 0.02
    assert abs(oklab(white["wall2"])[2] - oklab(bare["wall2"])[2]) < 0.03


def test_fog_brings_far_and_near_together() -> None:
    def apart(weather: str) -> float:
        shades = palette("meadow", hour("day"), air(weather))
        return float(np.abs(np.array(oklab(shades["far"])) - oklab(shades.haze)).sum())

    assert apart("fog") < 0.5 * apart("clear")


def test_windows_are_lit_by_night() -> None:
    dark, lit = (palette("city", hour(time), air("clear"))["window"] for time in ("day", "night"))
    assert oklab(lit)[0] > oklab(dark)[0]
    assert lit[0] > lit[2]


def test_small_changes_keep_the_palette() -> None:
    assert palette("lake", hour("day"), air("clear")) is palette("lake", (0.01, 0.985, 0.002, 0.003), air("clear"))


def test_a_tint_shifts_every_colour() -> None:
    plain, tinted = (palette("desert", hour("day"), air("clear"), (0, 0, b))["ground"] for b in (0.0, -0.03))
    assert oklab(tinted)[2] < oklab(plain)[2]


def test_weights_sum_to_one_and_fall_back_to_the_first() -> None:
    assert sum(weights((0.3, 0.3, 0.4, 0.0))) == pytest.approx(1.0)
    assert weights((0.0, 0.0)) == (1.0, 0.0)


def test_between_two_hours_lies_a_colour_between() -> None:
    day, night = (oklab(palette("beach", hour(time), air("clear"))["ground"])[0] for time in ("day", "night"))
    dusk = oklab(palette("beach", (0.0, 0.5, 0.0, 0.5), air("clear"))["ground"])[0]
    assert night < dusk < day
