"""The board that `bench film --minutes` renders: the shipped story, again and again, cut to a length."""

import pytest

from storyforge.bench.film import film_board
from storyforge.clock import seconds
from storyforge.storyboard import dump, loads, resolve


@pytest.mark.parametrize("minutes", [0.5, 1.0, 5.0])
def test_the_board_lasts_as_long_as_asked_for(minutes: float) -> None:
    board = film_board(minutes)
    assert loads(dump(board), "long.yaml").board == board
    film = resolve(board)
    assert 60 * minutes <= seconds(film.frames, film.rate) < 60 * minutes + 10
