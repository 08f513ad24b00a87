"""The boards that ship, rendered whole: every film is as long as `check` says, to the frame."""

from pathlib import Path

import pytest

from storyforge.cas import Journal
from storyforge.film import Reader
from storyforge.production import Project
from storyforge.storyboard import lengths, load, resolve

BOARDS = sorted((Path(__file__).parents[2] / "storyboards").glob("*.yaml"))


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_a_shipped_board_renders(path: Path, tmp_path: Path) -> None:
    resolved = resolve(load(path).board)
    made = Project.of(path, tmp_path).render()
    assert made.film is not None
    assert not made.failed
    assert Reader(made.film).count == lengths(resolved).frames
    journal = Journal(tmp_path / ".storyforge" / "journal.sqlite")
    diffused = {attempt.name.partition("/")[0] for attempt in journal.attempts("level")}
    journal.close()
    assert diffused.isdisjoint(shot.id for shot in resolved.shots if shot.shot.source)
    assert bool(diffused) == any(not shot.shot.source for shot in resolved.shots)
