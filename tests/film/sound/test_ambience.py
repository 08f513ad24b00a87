"""Ambience: the sounds of a place by its words, steady levels, no seam within a scene, a crossfade between two."""

import numpy as np
import pytest
from sounding import film, in_blocks, level, samples, whole

from storyforge.film.sound import RATE, Ambience
from storyforge.film.sound.ambience import CROSSFADE, LEVEL
from storyforge.film.sound.calls import CALLERS
from storyforge.film.sound.surroundings import INSIDE, LOUDEST, OUTSIDE, PLACE_WORDS, PLACES, layers, total
from storyforge.film.sound.textures import TEXTURES

SEA, WOOD = "place: sea; time: day; weather: clear", "place: wood; time: night; weather: clear"


@pytest.mark.parametrize(
    ("place", "time", "weather", "heard", "unheard"),
    [
        ("a white lighthouse on a cliff above the sea", "day", "clear", {"waves", "gulls"}, {"crickets", "rain"}),
        ("a lighthouse", "night", "storm", {"waves", "downpour", "gale"}, {"gulls", "roof", "crickets"}),
        ("a pine forest", "early morning", "sunny", {"leaves", "birds"}, {"owl", "crickets"}),
        ("the dark woods", "midnight", None, {"leaves", "crickets", "owl"}, {"birds"}),
        ("a village market square", None, None, {"hens", "bell"}, {"crickets"}),
        ("a city street", "night", "rainy", {"city", "rain"}, {"birds"}),
        ("a quiet library", "evening", "rain", {"room", "clock", "roof"}, {"rain", "crickets", "birds"}),
        ("a castle", "day", "storm", {"fire", "hall", "roof", "draught"}, {"downpour"}),
        ("a cave", None, "rain", {"cave", "drips"}, {"rain"}),
        ("sand dunes", "day", "clear", {"desert"}, {"birds"}),
        ("a river bank", "day", "fog", {"stream"}, {"waves"}),
        ("somewhere", "day", None, {"hush"}, {"birds", "waves"}),
        (None, None, None, {"hush"}, set()),
    ],
)
def test_words_are_heard(
    place: str | None, time: str | None, weather: str | None, heard: set[str], unheard: set[str]
) -> None:
    found = set(layers(place, time, weather))
    assert heard <= found
    assert not unheard & found


def test_what_a_place_is_by_is_heard_softer() -> None:
    at, by = layers("the sea", "day", "clear"), layers("a cottage by the sea", "day", "clear")
    assert "hens" in by
    assert "gulls" not in by
    assert by["waves"] < at["waves"] - 5
    assert "waves" not in layers("a room with a painting of the sea", "day", "clear")
    assert "fire" in layers("a room with a fireplace", "day", "clear")


def test_snow_is_quieter_than_clear_weather_and_no_surroundings_too_loud() -> None:
    def loud(place: str, weather: str) -> float:
        return total([level for layer, level in layers(place, "night", weather).items() if layer in TEXTURES])

    assert loud("a forest", "snow") < loud("a forest", "rain") - 3
    for place in PLACE_WORDS:
        for weather in ("clear", "storm", "rain", "snow", "fog", "wind"):
            assert total(list(layers(place, "day", weather).values())) <= LOUDEST + 1e-6


def test_every_layer_named_is_one_that_can_be_made() -> None:
    tables = [table for place in PLACES.values() for table in (place.always, place.light, place.dark)]
    tables += [*INSIDE.values(), *(more for more, _, _ in OUTSIDE.values())]
    assert {layer for table in tables for layer in table} <= {*TEXTURES, *CALLERS}


@pytest.mark.parametrize("place", ["sea", "wood", "home"])
@pytest.mark.parametrize("weather", ["clear", "storm"])
def test_levels_are_steady(place: str, weather: str) -> None:
    resolved = film((f"place: {place}; time: night; weather: {weather}", "seconds: 8"), end="cut")
    heard = whole(Ambience(resolved), resolved)
    assert LEVEL[0] - 2 < level(heard) < LEVEL[1] + 2.5
    assert np.abs(heard).max() < 0.5
    assert np.corrcoef(heard.T)[0, 1] < 0.9  # it is wide
    assert abs(heard.mean()) < 1e-3


def test_blocks_do_not_change_a_bit() -> None:
    resolved = film((SEA, "seconds: 2"), (WOOD, "seconds: 3, join: {kind: dissolve, seconds: 1}"))
    once = whole(Ambience(resolved), resolved)
    count = samples(resolved)
    assert np.array_equal(in_blocks(Ambience(resolved), [0, 1, 1601, 16384, 40000, 40007, 99999, count]), once)
    late = Ambience(resolved)
    assert np.array_equal(late.block(150_000, count), once[150_000:])
    assert np.array_equal(late.block(10, 5_000), once[10:5_000])


def test_one_scene_in_several_shots_has_no_seam() -> None:
    one = film((SEA, "seconds: 4"))
    more = film((SEA, "seconds: 1 | seconds: 2 | seconds: 1"))
    assert np.array_equal(whole(Ambience(one), one), whole(Ambience(more), more))


def test_a_cut_crossfades_and_a_dissolve_takes_its_frames() -> None:
    before, after = film((SEA, "seconds: 6"), end="cut"), film((WOOD, "seconds: 6"), end="cut")
    first, second = whole(Ambience(before), before), whole(Ambience(after), after)
    cut = film((SEA, "seconds: 3"), (WOOD, "seconds: 3"), end="cut")
    dissolve = film((SEA, "seconds: 3.5"), (WOOD, "seconds: 3.5, join: {kind: dissolve, seconds: 1}"), end="cut")
    for resolved, begins, ends in ((cut, 3 - CROSSFADE / 2, 3 + CROSSFADE / 2), (dissolve, 2.5, 3.5)):
        heard = whole(Ambience(resolved), resolved)
        low, high = int(begins * RATE) - 256, int(ends * RATE) + 256
        assert np.allclose(heard[:low], first[:low], atol=1e-7)
        assert np.allclose(heard[high:], second[high:], atol=1e-7)
        middle = slice((low + high) // 2 - 4000, (low + high) // 2 + 4000)
        assert not np.allclose(heard[middle], first[middle], atol=1e-4)
        assert not np.allclose(heard[middle], second[middle], atol=1e-4)


def test_it_goes_with_the_films_last_fade() -> None:
    resolved = film((SEA, "seconds: 4"), end="{kind: fade, seconds: 2}")
    heard, count = whole(Ambience(resolved), resolved), samples(resolved)
    assert level(heard[-2400:]) < level(heard[RATE : 2 * RATE]) - 20
    assert not Ambience(resolved).block(count, count + 1000).any()
