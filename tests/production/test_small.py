"""Drafts: the same film, small and in few steps; nothing of it is a take, and its panels are the film's own."""

from pathlib import Path

import pytest
from paint import BOARD, Paint, rendered, studio
from singing import Singing
from test_takes import INLINE, edit, made, shots, states

from storyforge.film import Reader
from storyforge.production import Order, Project

DRAFT = Order(workers=1, silent=True, draft=True)
HEARD = Order(workers=1, draft=True)


@pytest.fixture
def project(tmp_path: Path, paint: Paint) -> Project:
    """A project of which nothing is made."""
    return studio(tmp_path, BOARD, paint)


def test_a_draft_is_small_and_lies_apart(tmp_path: Path, project: Project, paint: Paint) -> None:
    film = project.produce(DRAFT)
    assert film.film == tmp_path / "draft" / "film.mp4"
    reader = Reader(film.film)
    assert (reader.size, reader.count) == ((48, 32), film.frames)
    assert film.board == tmp_path / "draft" / "film.board.png"
    assert not (tmp_path / "film.mp4").exists()
    assert not (tmp_path / "shots").exists()
    assert sorted(path.stem for path in (tmp_path / "draft" / "shots").iterdir()) == ["run", "sleep", "talk", "walk"]
    assert all(request.draft for stride in (16, 1) for request in paint.requests(stride))
    assert not any(request.draft for request in paint.requests(0)), "panels are the film's own"
    assert (tmp_path / "panels" / "talk.png").exists()


def test_the_film_reuses_a_drafts_sheets_and_panels(tmp_path: Path, project: Project, paint: Paint) -> None:
    project.produce(HEARD)
    done = made(project)
    assert set(done) == {"level", "draw", "film"}, "the sound is the same, too"
    rendered(tmp_path / "straight", Paint())
    assert shots(tmp_path) == shots(tmp_path / "straight"), "a draft leaves no trace in the film"
    assert (tmp_path / "film.mp4").read_bytes() == (tmp_path / "straight" / "film.mp4").read_bytes()


def test_a_draft_is_no_take(project: Project) -> None:
    project.produce(DRAFT)
    assert {shot.state for shot in states(project).values()} == {"missing"}
    assert project.takes()["talk"] == []
    assert not project.status().measured, "how long a draft takes says nothing of the film"
    assert project.status(DRAFT).measured


def test_a_draft_is_a_build(tmp_path: Path, project: Project) -> None:
    project.produce(DRAFT)
    assert made(project, DRAFT) == {}
    edit(tmp_path, 'does: "sleeps"', 'does: "snores"')
    assert [shot.id for shot in project.status(DRAFT).shots if shot.state != "current"] == ["sleep"]
    assert made(project, DRAFT)["draw"] == ["sleep"]


def test_a_draft_shows_the_take_that_is_locked(tmp_path: Path, project: Project, paint: Paint) -> None:
    rendered(tmp_path, paint)
    taken = Reader(tmp_path / "shots" / "walk.mp4").frame(10)
    edit(tmp_path, "      - id: walk\n", "      - id: walk\n        lock: true\n")
    edit(tmp_path, 'does: "runs"', 'does: "hides"')
    paint.calls.clear()
    project.produce(DRAFT)
    fine = next(request for request in paint.requests(1) if request.id == "walk..run/1")
    assert set(range(24)) <= set(fine.pins), "its neighbour meets it"
    small = Reader(tmp_path / "draft" / "shots" / "walk.mp4").frame(10)
    assert small.shape == (32, 48, 3)
    assert abs(small.astype(int).mean((0, 1)) - taken.astype(int).mean((0, 1))).max() <= 3
    assert made(project, DRAFT) == {}


def test_a_draft_that_shows_a_take_is_told_as_it_is_made(tmp_path: Path) -> None:
    project = studio(tmp_path, BOARD, Singing())
    project.produce(INLINE)
    edit(tmp_path, "      - id: sleep\n", "      - id: sleep\n        lock: true\n")
    left = {(step.kind, step.name) for step in project.survey(HEARD) if not step.done}
    assert {("panels", "sleep"), ("draw", "sleep"), ("sound", "soundtrack"), ("film", "film.mp4")} <= left
    project.produce(HEARD)
    assert [step for step in project.survey(HEARD) if not step.done] == []


def test_panels_of_a_draft_are_the_films(tmp_path: Path, project: Project) -> None:
    film = project.produce(Order(until="panels", draft=True))
    assert film.folder == tmp_path
    assert film.board == tmp_path / "film.board.png"
