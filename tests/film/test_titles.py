"""Titles over a film: several at once, one after another, rolling, on cards; and when The End is left out."""

import json
from collections.abc import Callable

import numpy as np
import pytest

from storyforge.film import cards, from_frame, to_frame
from storyforge.film.cards import letters_on
from storyforge.film.drawing import CREAM, INK
from storyforge.film.layers import Layer, draw, title_layers
from storyforge.film.overlay import lay
from storyforge.storyboard import Resolved

Board = Callable[..., Resolved]


def boxes(layers: list[Layer]) -> list[tuple[int, int, int, int]]:
    return [layer.drawing().box for layer in layers]


def over(film: Resolved, frame: int, ground: tuple[int, int, int] = (0, 0, 0)) -> np.ndarray:
    """A frame of the film's titles over one colour."""
    width, height = film.size
    picture = from_frame(np.full((height, width, 3), ground, np.uint8))
    return to_frame(draw(title_layers(film), picture, frame)).astype(int)


def test_dusk_lies_below_all_titles(board: Board) -> None:
    film = board('seconds: 3, titles: [{text: "1822", place: top}, {text: "Part One"}, {text: "Skagen", place: lower}]')
    dark, *words = title_layers(film)
    assert dark.drawing().box == (0, 0, 320, 180)
    assert all(layer.span == dark.span for layer in words)
    alone = board('seconds: 3, titles: [{text: "1822", place: top}]')
    top = (slice(0, 40), slice(120, 200))
    assert over(film, 36)[top].max() == over(alone, 36)[top].max() > 200, "what stands above is as light as ever"


def test_titles_at_one_place_and_time_stand_below_one_another(board: Board) -> None:
    for place in ("centre", "lower", "top"):
        one = board(f'seconds: 3, titles: [{{text: "Anna Berg", place: {place}}}]')
        two = board(
            f'seconds: 3, titles: [{{text: "Anna Berg", place: {place}}}, {{text: "a keeper", place: {place}}}]'
        )
        before, after = boxes(title_layers(one))[-1], boxes(title_layers(two))[-1]
        assert len(title_layers(one)) == len(title_layers(two))
        assert after[3] - after[1] > before[3] - before[1]


def test_a_later_title_takes_its_place_over(board: Board) -> None:
    film = board('seconds: 4, titles: [{text: "One", place: lower}, {text: "Two", place: lower, at: 2}]')
    assert [(layer.span.start, layer.span.stop) for layer in title_layers(film)] == [(0, 48), (48, 96)]


def test_lines_of_a_title_stay_lines(board: Board) -> None:
    one, two = (board(f'seconds: 3, titles: ["{text}"]') for text in ("One Two", r"One\nTwo"))
    (_, first), (_, second) = boxes(title_layers(one)), boxes(title_layers(two))
    assert second[3] - second[1] > first[3] - first[1]
    assert second[2] - second[0] < first[2] - first[0]


def test_lower_titles_stand_above_captions_where_there_are_any(board: Board) -> None:
    film = board('seconds: 3, titles: [{text: "Skagen", place: lower}]')
    (raised,), (low,) = boxes(title_layers(film)), boxes(title_layers(film, captioned=False))
    assert raised[3] < low[3] <= 180


@pytest.mark.parametrize(
    ("card", "letters"), [("white", INK), ("gold", INK), ("#102030", CREAM), ("black", CREAM), ("teal", CREAM)]
)
def test_a_card_keeps_its_colour_and_its_words_stand_out(board: Board, card: str, letters: tuple[int, ...]) -> None:
    from storyforge.storyboard import colour

    ground = colour(card)
    assert ground is not None
    assert letters_on(ground) == letters
    film = board(f'source: "{card}", seconds: 3, titles: ["Part One"]')
    shown = over(film, 36, ground)
    assert np.abs(shown[:30] - ground).max() < 8, "no dusk"
    assert np.abs(shown[60:110].mean(-1) - letters[0]).min() < 24


ROLL = r'titles: [{text: "Directed by\nAnna Berg\n\nWritten by\nJon Lund", place: roll}]'


@pytest.mark.parametrize("size", ["320x180", "1280x720", "608x1080"])
@pytest.mark.parametrize("seconds", [4, 10.5, 60])
def test_a_roll_moves_evenly_and_is_over_when_it_has_left(board: Board, seconds: float, size: str) -> None:
    film = board(f"seconds: {seconds}, {ROLL}", size=size)
    dark, roll = title_layers(film)
    steps = np.diff([roll.rise(frame) for frame in range(roll.span.start, roll.span.stop)])
    assert np.ptp(steps) == 0 if steps.mean() > 3 else np.ptp(steps) <= 1
    assert roll.drawing().box[3] - roll.rise(roll.span.stop - 1) <= steps.max() + 1, "it has left"
    assert dark.span == roll.span, "and the picture is light again"
    assert len(roll.span) <= 24 * 14 * 2, "it does not crawl"
    assert len(roll.span) >= min(seconds * 24, 300) * 0.7


def test_a_roll_that_says_no_seconds_can_be_read(board: Board) -> None:
    film = board(ROLL)
    assert 12 < film.frames / 24 < 16
    _, roll = title_layers(film)
    assert len(roll.span) > 0.8 * film.frames


def test_a_film_s_own_last_words_need_no_others(board: Board) -> None:
    plain = board("seconds: 4", end="fade")
    (end,) = title_layers(plain)
    clear = [frame for frame in range(end.span.start, end.span.stop) if end.opacity(frame) == 256]
    assert len(clear) >= 0.5 * plain.end_frames, "The End can be read"
    thanks = board('seconds: 4, titles: ["Thank you"]', end="fade")
    assert len(title_layers(thanks)) == 2, "dusk and thanks"
    early = board('seconds: 4, titles: [{text: "Thank you", seconds: 1}]', end="fade")
    assert len(title_layers(early)) == 3


def test_words_come_and_go_with_their_picture(board: Board) -> None:
    one, two = 'seconds: 3, titles: [{text: "One", place: top}]', 'seconds: 3, titles: [{text: "Two", place: top}]'
    first, second = title_layers(board(one, f"{two}, join: {{kind: dissolve, seconds: 1}}"))
    assert (first.span.stop, first.fade_out, second.span.start, second.fade_in) == (72, 24, 48, 24)
    early = one.replace("top}", "top, seconds: 1.5}")
    first, second = title_layers(board(early, f"{two}, join: {{kind: fade, seconds: 2}}"))
    assert (first.fade_out, second.fade_in, second.fade_out) == (12, 24, 12)


CREDITS = "\n".join(f"{'Quy Jäger, gaffer' if number % 3 else ''}" for number in range(64))


@pytest.mark.parametrize("over", [None, (250, 250, 250)])
def test_the_bands_of_a_roll_are_the_roll(over: tuple[int, int, int] | None) -> None:
    size = (320, 180)
    whole = cards.roll(size, CREDITS, over=over)
    bands = cards.roll_bands(size, len(cards.roll_rows(size, CREDITS)))
    assert len(bands) > 4
    parts = [cards.roll(size, CREDITS, "en", over, band) for band in bands]
    assert parts[-1].box[3] == whole.box[3]
    for rise in range(0, whole.box[3], 37):
        pictures = [from_frame(np.full((180, 320, 3), over or (20, 90, 40), np.uint8)) for _ in range(2)]
        lay(pictures[0], whole, rise=rise)
        for part in parts:
            lay(pictures[1], part, rise=rise)
        rows = slice(None) if rise % 2 == 0 else slice(0, 180)  # chroma is half a sample off at an odd rise
        assert np.array_equal(pictures[0][rows], pictures[1][rows]), rise


def test_a_long_roll_is_drawn_band_by_band(board: Board) -> None:
    film = board(f"seconds: 300, titles: [{{text: {json.dumps(CREDITS)}, place: roll}}]")
    dark, *bands = title_layers(film)
    assert (bands[0].span.start, bands[-1].span.stop) == (dark.span.start, dark.span.stop)
    for frame in range(dark.span.start, dark.span.stop, 5):
        shown = [band for band in bands if frame in band.span]
        assert 1 <= len(shown) <= 3
        hidden = [band.drawing().box for band in bands if band not in shown]
        rise = bands[0].rise(frame)
        assert all(bottom <= rise or top - rise >= 180 for _, top, _, bottom in hidden)


@pytest.mark.slow
def test_a_long_roll_takes_little_memory() -> None:
    size, text = (1920, 1080), "\n".join(["Somebody who did something, and was thanked"] * 300)
    bands = cards.roll_bands(size, len(cards.roll_rows(size, text)))
    assert len(bands) == 30
    drawn = cards.roll(size, text, band=bands[7])
    assert 500 < drawn.cover.shape[0] <= 1000
    assert max(bottom - top for top, bottom in bands) <= 1100
    assert cards.roll.cache_info().maxsize == 8
