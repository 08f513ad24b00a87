"""Prose keeps its text; what YAML would cut from it is a mistake that shows the corrected line (DESIGN 4, Prose)."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyforge.errors import StoryboardError
from storyforge.storyboard import loads

Text = Callable[..., str]


@pytest.mark.parametrize("said", ["1984", "~", "2026-01-05", "yes", "3.0", "0x10", "12:30", "=", "true", "1_000", ".5"])
def test_prose_is_read_as_written(said: str, small: Text) -> None:
    shot = (
        loads(small(f"narration: {said}", f"dialogue: [{{who: ember, line: {said}}}]", f"time: {said}"))
        .board.scenes[0]
        .shots[0]
    )
    assert (shot.narration, shot.dialogue[0].line, shot.time) == (said, said, said)


@pytest.mark.parametrize("nothing", ["null", ""])
def test_null_leaves_prose_out(nothing: str, small: Text) -> None:
    assert loads(small(f"prompt: {nothing}")).board.scenes[0].shots[0].prompt is None


def test_short_forms_are_prose(small: Text) -> None:
    board = loads(small().replace('moth: "a moth"', "moth: 1984").replace('rain: "a coat"', "rain: ~")).board
    assert board.cast["moth"].description == "1984"
    assert board.cast["ember"].looks["rain"].wears == "~"


def test_blocks_are_prose(small: Text) -> None:
    shot = (
        loads(small("narration: |", "  One #1.", "  Two: 2.", "note: >-", "  three", "  four")).board.scenes[0].shots[0]
    )
    assert (shot.narration, shot.note) == ("One #1.\nTwo: 2.", "three four")


CORRECTED = {
    "narration: Flight #7 left": 'narration: "Flight #7 left"',
    "narration: He said: go": 'narration: "He said: go"',
    'narration: "He" said he': 'narration: "\\"He\\" said he"',
    "narration: *stars*": 'narration: "*stars*"',
    "narration: [door slams]": 'narration: "[door slams]"',
    "narration: {sigh}": 'narration: "{sigh}"',
    "narration: @home": 'narration: "@home"',
    "narration: - no": 'narration: "- no"',
    "narration: !Help": 'narration: "!Help"',
    "narration: `x`": 'narration: "`x`"',
    "narration: % of it": 'narration: "% of it"',
    "narration: & co": 'narration: "& co"',
    "dialogue: [{who: ember, line: Well, no}]": 'line: "Well, no"',
    "dialogue: [{who: ember, line: Well, no, on: false}]": 'line: "Well, no"',
    "dialogue: [{who: ember, line: One, two: three}]": 'line: "One, two: three"',
    "dialogue: [{who: ember, line: So: no}]": 'line: "So: no"',
    "dialogue: [{who: ember, line: hi #1}]": 'line: "hi #1"',
    "cast: [{who: ember, does: runs, hides}]": 'does: "runs, hides"',
    "time: night  # dark": 'time: "night  # dark"',
}


@pytest.mark.parametrize("line", CORRECTED)
def test_what_yaml_would_cut_shows_the_corrected_line(line: str, small: Text) -> None:
    with pytest.raises(StoryboardError) as caught:
        loads(small(line, "seconds: -1"))
    cut, other = caught.value.mistakes
    assert f"quote it: {CORRECTED[line]}" in cut
    assert cut.startswith("storyboard.yaml:16:")
    assert "seconds: -1 must be more than 0" in other  # the rest of the file is read all the same


def test_the_corrected_line_is_right(small: Text) -> None:
    for line, corrected in CORRECTED.items():
        key = corrected.split(": ")[0]
        whole = corrected if key == line.split(": ")[0] else None
        if whole:
            board = loads(small(whole)).board
            assert getattr(board.scenes[0].shots[0], key) == line.split(": ", 1)[1]


def test_looks_and_entities_cut_by_a_comma(small: Text) -> None:
    with pytest.raises(StoryboardError) as caught:
        loads(small().replace('rain: "a coat"', "rain: a coat, a hat"))
    assert caught.value.mistakes == (
        'storyboard.yaml:3:55: the comma cuts rain short; quote it: rain: "a coat, a hat"',
    )


def test_a_text_over_several_lines_that_is_cut(small: Text) -> None:
    with pytest.raises(StoryboardError) as caught:
        loads(small("action: one", "  two #7 x", "  three", "seconds: -1"))
    assert "17:15: YAML cuts this text at ' #' ('#7 x' is lost): quote the whole text, or write it after |" in str(
        caught.value
    )
    assert "seconds: -1" in str(caught.value)


@pytest.mark.parametrize("line", ["narration: #7 left", "source: #ff0000"])
def test_text_that_starts_like_a_comment(line: str, small: Text) -> None:
    with pytest.raises(StoryboardError) as caught:
        loads(small(line))
    key, text = line.split(": ")
    assert caught.value.mistakes == (
        f'storyboard.yaml:16:9: YAML reads {text!r} as a comment; quote it: {key}: "{text}"',
    )
    assert loads(small("narration:  # nothing yet", "prompt: ## none")).board.scenes[0].shots[0].narration is None


def test_comments_beside_anything_but_prose_are_fine(small: Text) -> None:
    shot = (
        loads(small("seconds: 3  # three", 'narration: "So."  # said', "prompt: null  # none")).board.scenes[0].shots[0]
    )
    assert (shot.seconds, shot.narration, shot.prompt) == (3, "So.", None)


HEAD = "scenes:\n  - id: s\n    shots:\n      - id: a\n        narration: "


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(lambda text: text.strip() == text))
def test_no_plain_prose_is_changed_without_a_word(text: str) -> None:
    try:
        said = loads(f"{HEAD}{text}\n").board.scenes[0].shots[0].narration
    except StoryboardError:
        return
    assert said == " ".join(text.split()) or text[0] in "'\"|>#" or text == "null"
