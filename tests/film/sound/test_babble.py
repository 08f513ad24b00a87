"""Babble: exact in length, clean, as loud for everybody, a melody that asks and tells, and a voice of one's own."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from listening import above, heard, loudness, pitch

from storyforge.film.sound import RATE, Babble, Saying

WORDS = "It always does, you know: the storm comes back every night."  # fourteen syllables
CAST = ("ember", "moth", "bear", "owl", "hare", "mia", "old-tom", "wren")


def say(text: str = WORDS, seconds: float | Fraction = 4.5, who: str | None = "ember", **more: object) -> np.ndarray:
    return Babble().say(Saying(text, seconds, who, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("seconds", [0, 0.05, 0.3, 1.0, Fraction(7, 3), 4.5, 12])
def test_a_line_is_as_long_as_its_seconds_and_ends_silent(seconds: float | Fraction) -> None:
    line = say(seconds=seconds)
    assert line.dtype == np.float32
    assert line.shape == (round(seconds * RATE),)
    assert np.abs(line).max(initial=0) < 1
    assert not line[:100].any()
    assert not line[-100:].any()


def test_the_same_saying_gives_the_same_bits_and_another_differs() -> None:
    assert np.array_equal(say(), say())
    assert not np.array_equal(say(), say(seed=1))
    assert not np.array_equal(say(), say(who="moth"))


def test_narration_and_marks_alone_are_silent() -> None:
    assert not say(who=None).any()
    assert not say("?! …").any()


def test_syllables_come_at_a_natural_rate_and_the_rest_is_silent() -> None:
    begin, end = heard(say("The little lantern shines on the water.", 9))
    assert 4 <= 11 / (end - begin) <= 6.5


@pytest.mark.parametrize("seconds", [0.4, 0.8, 1.6, 2.4])
def test_many_words_fit_into_little_time(seconds: float) -> None:
    begin, end = heard(say(WORDS * 2, seconds))
    assert 0 < begin < 0.2
    assert 0.5 * seconds < end < seconds - 0.03


def test_a_comma_waits() -> None:
    line = say("Little lantern, little lantern.", 4)
    quiet = [bool((np.abs(part) < 0.01).all()) for part in np.split(line[: 2 * RATE], 40)]  # twentieths of a second
    spoken = [n for n, still in enumerate(quiet) if not still]
    assert any(quiet[spoken[0] : spoken[-1]])


def test_questions_rise_and_statements_fall() -> None:
    def last(text: str) -> float:
        line = say(text, 2, how=None)
        return pitch(line, heard(line)[1] - 0.06) / pitch(line, heard(line)[1] - 0.2)

    assert last("Are you home?") > 1.1
    assert last("You are home.") < 0.95


def test_characters_are_equally_loud() -> None:
    levels = [loudness(say(who=who)) for who in CAST]
    assert max(levels) - min(levels) < 1


def test_characters_have_pitches_of_their_own() -> None:
    pitches = sorted(pitch(say("Ah.", 1, who), 0.15) for who in CAST)
    assert pitches[-1] / pitches[0] > 1.3
    assert all(90 < hertz < 520 for hertz in pitches)


def test_a_voice_in_words_is_heard() -> None:
    usual, low, child = (pitch(say("Ah.", 1, voice=voice), 0.15) for voice in (None, "low", "child"))
    assert low < 0.75 * usual
    assert child > 1.2 * usual
    assert pitch(say("Ah.", 1, voice="en-gb"), 0.15) < 480  # a language colours nothing but chance


def test_manners_are_heard() -> None:
    plain = loudness(say())
    assert loudness(say(how="quietly")) < plain - 3
    assert loudness(say(how="she shouts")) > plain + 3
    whisper = say("Ah.", 1, how="whispers")
    tone = say("Ah.", 1)

    def comb(line: np.ndarray) -> float:
        """How much of the spectrum stands in lines: a tone's does."""
        part = np.abs(np.fft.rfft(line[4800:12000] * np.hanning(7200)))[20:400]
        return float(np.sort(part)[-20:].sum() / part.sum())

    assert comb(whisper) < 0.6 * comb(tone)


@pytest.mark.parametrize("how", [None, "whispers", "shouts"])
@pytest.mark.parametrize("who", CAST[:3])
def test_nothing_clicks(who: str, how: str | None) -> None:
    line = say("Sticks, pots and boats; catch that!", 3, who, how=how)
    assert above(line, 11_800) < -60
    clicked = line.copy()
    clicked[heard_middle(line)] += 0.02  # the measure does hear a small click
    assert above(clicked, 11_800) > -60


def heard_middle(line: np.ndarray) -> int:
    return round(sum(heard(line)) / 2 * RATE)


def test_a_saying_is_a_value() -> None:
    saying = Saying("Hello.", 1, "ember")
    assert replace(saying, seconds=2) != saying
    assert saying.samples == RATE
