"""Staging of shipped boards, read back from rows that the shipped weights made."""

from pathlib import Path

from storyforge.backends.toon import Toon
from storyforge.bench import staging
from storyforge.storyboard import Storyboard, load

BOARDS = Path(__file__).parents[2] / "storyboards"


def some(name: str, *shots: str) -> Storyboard:
    """A shipped board with some of its shots."""
    board = load(BOARDS / f"{name}.yaml").board
    kept = [(scene, tuple(shot for shot in scene.shots if shot.id in shots)) for scene in board.scenes]
    return board.but(scenes=tuple(scene.but(shots=some) for scene, some in kept if some))


def test_both_who_run_are_seen_and_stand_where_they_are_told() -> None:
    kept = staging.staged(Toon(), some("chase", "last-run", "surrender"))
    assert set(kept.shares.values()) == {1.0}, kept.wrong
    assert kept.asked["seen"] == 4


def test_set_ups_come_back_as_they_were() -> None:
    kept = staging.staged(Toon(), some("dialogue-two-setups", "closing", "late", "question", "fine", "price"))
    assert set(kept.shares.values()) == {1.0}, kept.wrong
    assert kept.setups.keys() == {"desk/hers", "desk/his"}
    assert max(kept.setups.values()) < 0.02
