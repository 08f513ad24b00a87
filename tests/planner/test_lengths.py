"""--length, --shots, --size and --style are kept."""

from pathlib import Path

import pytest

from storyforge.errors import InputError
from storyforge.planner import plan
from storyforge.storyboard import Storyboard, resolve

STORIES = Path(__file__).parent / "stories"
FABLE = (STORIES / "fable.txt").read_text("utf-8")
TWO = (STORIES / "two-sentences.txt").read_text("utf-8")


def quiet(sentence: str) -> None:
    """Nobody listens."""


def count(board: Storyboard) -> int:
    return sum(len(scene.shots) for scene in board.scenes)


@pytest.mark.parametrize("length", [5, 17.5, 30, 60, 61.3, 120, 600])
@pytest.mark.parametrize("story", [FABLE, TWO])
def test_length_is_kept_to_the_frame(story: str, length: float) -> None:
    resolved = resolve(plan(story, planner="offline", length=length, tell=quiet))
    assert abs(resolved.frames - round(length * 24)) <= 1


@pytest.mark.parametrize("shots", [1, 2, 3, 7, 14, 40])
@pytest.mark.parametrize("story", [FABLE, TWO])
def test_shots_are_kept(story: str, shots: int) -> None:
    assert count(plan(story, planner="offline", shots=shots, tell=quiet)) == shots


def test_both_are_kept() -> None:
    board = plan(FABLE, planner="offline", shots=9, length=45, tell=quiet)
    assert (count(board), resolve(board).frames) == (9, 45 * 24)


def test_too_short_for_the_words_says_so() -> None:
    said: list[str] = []
    board = plan(FABLE, planner="offline", length=12, tell=said.append)
    assert resolve(board).frames == 12 * 24
    assert any("too short" in sentence for sentence in said)


def test_size_style_and_title() -> None:
    board = plan(TWO, planner="offline", size="9:16", style="ink and wash", title="Snow", tell=quiet)
    assert (board.size, board.style, board.title) == ("9:16", "ink and wash", "Snow")
    assert board.scenes[0].shots[0].titles[0].text == "Snow"


@pytest.mark.parametrize("wrong", [{"length": 0.2}, {"length": -3}, {"shots": 0}, {"length": 1e9}, {"shots": 10**6}])
def test_what_cannot_be_kept_is_one_sentence(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match=r"--(length|shots)"):
        plan(TWO, planner="offline", tell=quiet, **wrong)  # type: ignore[arg-type]
