"""Sixteen sentences become an eleven-minute film, whole: `make release`, some minutes on two free cores."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from storyforge.bench import FilmBench, bench_film, film_board
from storyforge.film import Reader
from storyforge.planner import plan
from storyforge.storyboard import Storyboard, lengths, load, resolve

STORY = Path(__file__).parents[2] / "storyboards" / "sixteen-sentences.txt"


def quiet(sentence: str) -> None:
    """Nobody listens."""


def measured(board: Storyboard, folder: Path) -> FilmBench:
    """A film made in a process of its own, so that one film's memory is not counted for another."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        return alone.submit(bench_film, workers=2, folder=folder, board=board).result()


def test_sixteen_sentences_eleven_minutes(tmp_path: Path) -> None:
    board = plan(STORY.read_text("utf-8"), planner="offline", length=660, tell=quiet)
    short = measured(film_board(1), tmp_path / "short")
    long = measured(board, tmp_path / "long")
    frames = lengths(resolve(load(tmp_path / "long" / "storyboard.yaml").board)).frames
    assert Reader(tmp_path / "long" / "film.mp4").count == frames == long.frames
    assert frames == 660 * 24, "a length that is asked for is kept to the frame"
    assert long.render <= long.seconds, f"{long.render:.0f} s to render {long.seconds:.0f} s"
    assert long.memory <= 1.1 * short.memory, f"{long.memory:.0f} MB, and one minute takes {short.memory:.0f} MB"
