"""Mouths: they follow the voice, open once a syllable, and are shut in pauses."""

from fractions import Fraction

import numpy as np
import pytest
from listening import per_frame

from storyforge.film.sound import RATE, Babble, Saying, opening
from storyforge.film.sound.syllables import phrases

LINES = (
    ("ember", "It always does, you know: the storm comes back every night.", None),
    ("bear", "Please give the little lantern to the sleepy bear, Ember!", "shouts"),
    ("owl", "Where are you going? I am over here… waiting.", "whispers"),
    ("mia", "Der Fuchs läuft über die Brücke.", "sadly"),
)


@pytest.mark.parametrize(("who", "text", "how"), LINES)
@pytest.mark.parametrize("rate", [Fraction(24), Fraction(30_000, 1001), Fraction(12)])
def test_mouth_and_voice_agree(who: str, text: str, how: str | None, rate: Fraction) -> None:
    line = Babble().say(Saying(text, 4.5, who, how=how))
    frames = int(4.5 * rate)
    mouth = opening(line, rate, frames)
    assert mouth.dtype == np.float32
    assert mouth.shape == (frames,)
    assert mouth.min() == 0
    assert 0.9 < mouth.max() <= 1
    assert np.corrcoef(mouth, per_frame(line, float(rate), frames))[0, 1] >= 0.9


@pytest.mark.parametrize(("who", "text", "how"), LINES[:2])
def test_it_opens_once_a_syllable(who: str, text: str, how: str | None) -> None:
    mouth = opening(Babble().say(Saying(text, 4.5, who, how=how)), Fraction(24), 108)
    syllables = sum(len(phrase.syllables) for phrase in phrases(text))
    assert abs(openings(mouth) - syllables) <= 1


def openings(mouth: np.ndarray, least: float = 0.12) -> int:
    """How often a mouth opens and then shuts by at least so much."""
    count, opens, extreme = 0, True, 0.0
    for value in mouth:
        extreme = max(extreme, value) if opens else min(extreme, value)
        if opens and value < extreme - least:
            count, opens, extreme = count + 1, False, value
        elif not opens and value > extreme + least:
            opens, extreme = True, value
    return count


def test_pauses_and_silence_are_shut() -> None:
    assert not opening(np.zeros(RATE, np.float32), Fraction(24), 24).any()
    assert not opening(np.zeros(0, np.float32), Fraction(24), 24).any()
    line = Babble().say(Saying("Oh. No.", 4, "ember"))
    mouth = opening(line, Fraction(24), 200)
    assert not mouth[per_frame(line, 24, 200) == 0].any()
    assert not mouth[96:].any()


def test_hiss_opens_no_mouth() -> None:
    random = np.random.default_rng(1)
    spectrum = np.fft.rfft(random.standard_normal(RATE))
    spectrum[np.fft.rfftfreq(RATE, 1 / RATE) < 6000] = 0
    hiss = np.fft.irfft(spectrum)
    vowel = np.sin(2 * np.pi * 500 * np.arange(RATE) / RATE)
    mouth = opening(np.concatenate([0.3 * vowel, 0.3 * hiss / hiss.std()]).astype(np.float32), Fraction(24), 48)
    assert mouth[2:22].min() > 0.9
    assert mouth[26:].max() < 0.1
