"""Captions: every word in order, in readable pieces, at the right time, never two at once."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyforge.clock import Span
from storyforge.film import Caption, captions, lettering, srt, vtt
from storyforge.film.captions import apart, chunks, columns, fits, letters, timed
from storyforge.storyboard import Resolved

RATE = Fraction(24)
STORY = (
    "That night the storm came back, and the sea climbed the rocks until the little lighthouse shook from its door to "
    "its lamp. Ember held the lantern tight."
)


def test_captions_end_where_one_breathes() -> None:
    assert chunks(STORY) == [
        "That night the storm came back, and the sea climbed the rocks",
        "until the little lighthouse shook from its door to its lamp.",
        "Ember held the lantern tight.",
    ]
    assert chunks("He ran. She ran.") == ["He ran. She ran."]
    assert chunks("") == []


def test_scripts_without_spaces_are_cut_at_their_full_stops() -> None:
    text = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所で泣いていた。"
    parts = chunks(text)
    assert "".join(parts) == text
    assert len(parts) > 1
    assert all(part.endswith("。") for part in parts)


words = st.lists(st.text(st.characters(categories=["L", "P"]), min_size=1, max_size=14), min_size=1, max_size=60)


@given(words, st.integers(16, 42), st.integers(0, 12))
def test_no_word_is_lost_and_none_is_too_long(said: list[str], most: int, indent: int) -> None:
    text = " ".join(said)
    parts = chunks(text, most, indent)
    assert "".join("".join(parts).split()) == "".join(text.split())
    for part in parts:
        assert fits(part, most) or len(lettering.PIECE.findall(part)) == 1


pieces = st.lists(st.text("abc", min_size=1, max_size=80), min_size=1, max_size=9)


@given(pieces, st.integers(-20, 50), st.integers(1, 400))
def test_pieces_fill_the_time_of_their_line(parts: list[str], start: int, length: int) -> None:
    spans = [span for span, _ in timed(parts, Span(start, start + length))]
    assert spans[0].start == start
    assert all(len(span) >= 1 for span in spans)
    assert all(before.stop == after.start for before, after in pairwise(spans))
    assert spans[-1].stop == max(start + length, spans[-1].start + 1)


moments = st.tuples(st.integers(0, 300), st.integers(1, 90)).map(lambda at: Caption(at[0], at[0] + at[1], "words"))


@given(st.lists(moments, max_size=12), st.integers(100, 400))
def test_captions_never_overlap(found: list[Caption], frames: int) -> None:
    out = apart(sorted(found, key=lambda caption: caption.start), RATE, frames)
    assert all(0 <= caption.start < caption.stop <= frames for caption in out)
    assert all(before.stop <= after.start for before, after in pairwise(out))


def test_words_of_a_film_are_timed(board: Callable[..., Resolved]) -> None:
    film = board(
        'seconds: 6, narration: "The storm came back."',
        'seconds: 5, dialogue: [{who: ember, line: "Not again."}, {who: old-moth, line: "It always does."}]',
        'seconds: 4, join: {kind: dissolve, seconds: 1}, dialogue: [{who: ember, line: "Listen!", at: -1}]',
        size="1280x720",
    )
    found = captions(film)
    assert [(caption.who, caption.text) for caption in found] == [
        (None, "The storm came back."),
        ("Ember", "Not again."),
        ("Old Moth", "It always does."),
        ("Ember", "Listen!"),
    ]
    first, second, _, last = found
    line = film.shots[0].narration
    assert line is not None
    assert first.start == line.start
    assert line.stop < first.stop <= line.stop + 15  # it lingers
    assert second.start == film.shots[1].start + film.shots[1].lines[0].start
    assert last.start == film.shots[2].start - 24  # heard before the cut


def test_upright_pictures_get_shorter_captions(board: Callable[..., Resolved]) -> None:
    assert (columns((1280, 720)), columns((720, 1280))) == (42, 34)
    shot = 'seconds: 9, narration: "The old house shook from its deep foundations up to its green glass lamp"'
    wide, tall = (captions(board(shot, size=size)) for size in ("1280x720", "720x1280"))
    assert (len(wide), len(tall)) == (1, 2)
    assert max(letters(caption.text) for caption in tall) <= 2 * 34


def test_subtitle_files_say_the_same(board: Callable[..., Resolved]) -> None:
    film = board(
        f'seconds: 9, narration: "{STORY}"',
        'seconds: 3, dialogue: [{who: ember, line: "Wait — «né»?"}]',
        fps="24000/1001",
        size="1280x720",
    )
    found = captions(film)
    parsed = pysubs2.SSAFile.from_string(srt(found, film.rate))
    assert [event.plaintext.replace("\n", " ") for event in parsed] == [*chunks(STORY), "Ember: Wait — «né»?"]
    for event, caption in zip(parsed, found, strict=True):
        assert event.start == pytest.approx(float(caption.start / film.rate) * 1000, abs=1)
        assert event.end == pytest.approx(float(caption.stop / film.rate) * 1000, abs=1)
        assert all(len(row) <= 42 for row in event.plaintext.split("\n"))
    assert vtt(found, film.rate).startswith("WEBVTT")


def test_signs_that_mean_something_in_subtitle_files_stay_words() -> None:
    found = [Caption(0, 24, "a {b} <c> & d")]
    assert "a {b} <c> & d" in srt(found, RATE)
    assert "a {b} &lt;c&gt; &amp; d" in vtt(found, RATE)
