"""Syllables: as many as people say, vowels as written, phrases with their marks."""

import pytest

from storyforge.film.sound.syllables import phrases


def count(text: str, language: str = "en") -> int:
    return sum(len(phrase.syllables) for phrase in phrases(text, language))


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("Not again.", 3),
        ("It always does, you know: the storm comes back every night.", 14),
        ("The little candle climbed the caves and tables.", 11),
        ("She walked, she waited, she loved her lion.", 10),
        ("You're late", 2),
        ("hmm", 1),
        ("In 1984", 5),
    ],
)
def test_english_words_have_their_syllables(text: str, syllables: int) -> None:
    assert count(text) == syllables


@pytest.mark.parametrize(
    ("text", "language", "syllables"),
    [
        ("Der Fuchs läuft über die Brücke.", "de", 8),
        ("Лиса нашла фонарь в снегу.", "ru", 8),
        ("Η αλεπού βρήκε ένα φανάρι.", "el", 11),
        ("狐狸找到了一盏灯笼。", "zh", 9),
        ("きつねはランタンをみつけた。", "ja", 11),
        ("여우가 등불을 찾았다.", "ko", 9),
        ("الثعلب وجد", "ar", 5),
    ],
)
def test_every_script_babbles(text: str, language: str, syllables: int) -> None:
    assert count(text, language) == syllables


def test_written_vowels_are_the_ones_that_are_said() -> None:
    def vowels(text: str, language: str) -> list[str]:
        return [syllable.vowel for phrase in phrases(text, language) for syllable in phrase.syllables]

    assert vowels("see the moon", "en") == ["i", "V", "u"]
    assert vowels("late home", "en") == ["ei", "ou"]
    assert vowels("ночи", "ru") == ["o", "i"]
    assert vowels("たぬき", "ja") == ["a", "u", "i"]
    assert vowels("나무", "ko") == ["a", "u"]


def test_phrases_end_with_their_marks() -> None:
    marks = [phrase.mark for phrase in phrases("Oh, no… Who is there?! Wait - stop! 走吧。 Good")]
    assert marks == [",", "…", "!", "—", "!", ".", "."]


def test_what_cannot_be_said_has_no_phrase() -> None:
    assert phrases("?! … —") == ()
    assert phrases("") == ()
