"""How long words take: what is read is not what is written."""

import pytest

from storyforge.storyboard import Shot, spoken_letters
from storyforge.storyboard.words import LETTERS_A_SECOND, needed, spoken

PLAIN = "the old tree stood by the lake all winter long"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("In 1984 it sank", "In nineteen eighty-four it sank"),
        ("It has 1000 lamps", "It has one thousand lamps"),
        ("It is 27 km away", "It is twenty-seven kilometres away"),
        ("Dr. Moth and Mrs. Fox", "Doctor Moth and Missis Fox"),
        ("about 80% of it", "about eighty percent of it"),
        ("said the BBC", "said the bee bee cee"),
    ],
)
def test_figures_and_abbreviations_take_as_long_as_what_is_read(written: str, read: str) -> None:
    assert spoken_letters(written) == pytest.approx(spoken_letters(read), rel=0.25)
    assert spoken_letters(written) > len(written) * 1.15


def test_plain_words_take_their_letters() -> None:
    assert spoken_letters(PLAIN) == len(PLAIN)
    assert spoken_letters(f"  {PLAIN}\n") == len(PLAIN)
    assert spoken_letters(PLAIN.upper()) == len(PLAIN)  # shouted, not spelled
    assert spoken("Oh") == 0.8


def test_one_breathes_after_a_sentence() -> None:
    one, two = spoken_letters("It rained; it snowed."), spoken_letters("It rained. It snowed.")
    assert spoken_letters("It rained, it snowed.") < one < two
    assert spoken_letters(f"{PLAIN}.") == len(PLAIN) + 1  # the shot's own pause follows
    assert spoken_letters("Dr. Moth is here") < spoken_letters("Go. Moth is here") + 5
    assert spoken_letters("version 3.5 it is") == len("version 3.5 it is") + 8  # a point within a figure is no end


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("狐狸提着一盏灯笼跑过了黑暗的森林", 3.5), ("きつねはもりをはしった", 1.5), ("여우는 어두운 숲을 달렸다", 2.2)],
)
def test_a_chinese_letter_takes_longer_than_a_latin_one(text: str, seconds: float) -> None:
    assert spoken(text) == pytest.approx(seconds, rel=0.15)
    assert spoken(text) > 1.8 * len(text) / LETTERS_A_SECOND


def test_a_title_stays_until_it_is_read() -> None:
    def lasts(**title: object) -> float:
        return needed(Shot.model_validate({"id": "a", "titles": [title]}))

    assert lasts(text="The End") == 2.5
    assert lasts(text="x" * 60) == 5.0
    assert lasts(text="x" * 60, at=2) == 7.0
    assert lasts(text="x" * 60, seconds=3) == 3.0
    assert lasts(text="\n".join(["a name"] * 10), place="roll") == 17.5


def test_a_line_heard_before_the_cut_leaves_less_to_wait_for() -> None:
    def lasts(at: float | None) -> float:
        line = {"who": "ember", "line": "x" * 60} | ({} if at is None else {"at": at})
        return needed(Shot.model_validate({"id": "a", "dialogue": [line]}))

    assert (lasts(None), lasts(-1)) == (4.8, 3.4)
