"""Type: the shipped face has the letters of Europe, and lines are broken evenly and never too long."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from storyforge.film import lettering

EUROPE = "ÀÉÎÕÜàéîõüÇçÑñŁłŐőŞşȘșČčŘřĞğİıÆæŒœØøÅåßÐðÞþĄęŹżŪūĶķ“”‘’„«»–—…¿¡€£ ΑΩάώ ЖЯжяЇї Ấệ"


def test_the_house_face_has_the_letters_of_europe() -> None:
    for weight in ("Medium", "SemiBold"):
        assert lettering.face("a", 20, weight).font is lettering.face(EUROPE, 20, weight).font  # type: ignore[arg-type]
        assert lettering.covers(lettering.face("a", 20, weight).font, EUROPE)  # type: ignore[arg-type]
    assert not lettering.covers(lettering.face("a", 20).font, "猫")


def test_two_lines_are_broken_where_one_breathes() -> None:
    text = "One night a storm came in from the sea, and the wind blew the lantern out."
    assert lettering.lines(text, len, 42) == [
        "One night a storm came in from the sea,",
        "and the wind blew the lantern out.",
    ]


def test_letters_that_no_face_has_are_told() -> None:
    assert lettering.unprintable(EUROPE) == ""
    assert lettering.unprintable("fox \U00012000 \U00012001 \U00012000") == "\U00012000\U00012001"


def test_accents_stay_on_their_letters() -> None:
    composed, decomposed = (lettering.face(text, 40, tracking=0.1) for text in ("é", "e\u0301"))
    assert abs(composed.length("éa") - decomposed.length("e\u0301a")) < 1


def test_text_is_set_where_it_is_asked() -> None:
    face = lettering.face("Him", 40)
    sheet = Image.new("RGBA", (300, 100))
    face.write(sheet, 50, 70, "Him", (255, 0, 0))
    drawn = np.asarray(sheet)
    rows, columns = np.nonzero(drawn[..., 3] > 128)
    assert abs(columns.min() - 50) <= 4
    assert abs(columns.max() - 50 - face.length("Him")) <= 4
    assert rows.max() == 69  # it stands on its base line
    assert (drawn[rows, columns, :3] == (255, 0, 0)).all()


def test_tracking_adds_air_and_keeps_kerning() -> None:
    plain, airy = lettering.face("AVA", 40), lettering.face("AVA", 40, tracking=0.1)
    assert airy.length("AVA") == plain.length("AVA") + 2 * 4
    assert plain.length("AV") < plain.length("A") + plain.length("V")


def test_lines_are_even_and_as_few_as_possible() -> None:
    text = "The fox ran over the hill and down to the sea"
    assert lettering.lines(text, len, 30) == ["The fox ran over the hill", "and down to the sea"]
    assert lettering.lines("A small red fox of the sea", len, 20) == ["A small red", "fox of the sea"]
    assert lettering.lines(text, len, 18) == ["The fox ran over", "the hill and", "down to the sea"]
    assert lettering.lines(text, len, 30, indent=14) == ["The fox ran over", "the hill and down to the sea"]
    assert lettering.lines("", len, 30) == []


@given(st.text(st.characters(categories=["L", "Zs", "P"]), max_size=120), st.integers(8, 60), st.integers(0, 6))
def test_lines_keep_every_letter_and_the_room(text: str, room: int, indent: int) -> None:
    lines = lettering.lines(text, len, room, indent)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(len(line) <= room - (0 if index else indent) for index, line in enumerate(lines))
