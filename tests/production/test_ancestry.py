"""A release that words storyboards otherwise makes nothing stale; what was edited since is stale all the same."""

from pathlib import Path
from typing import Any

import pytest
from paint import BOARD, Paint, rendered, studio
from PIL import Image
from test_takes import INLINE, edit, made, shots, states

from storyforge.memory import sheets
from storyforge.production import Project, ancestry, prompts, renderers
from storyforge.production.renderers import Renderer, Renderers


def release(monkeypatch: pytest.MonkeyPatch, reword: bool = True) -> None:
    """From now on it is another release, which words what it asks of a renderer otherwise."""
    for module in (ancestry, renderers):
        monkeypatch.setattr(module, "version", lambda: "99")
    if reword:
        plain, dressed = prompts.scene_text, sheets.character_text

        def scene_text(*asked: Any) -> str:
            return f"Seen here: {plain(*asked)}"

        def character_text(description: str, wears: str | None) -> str:
            return f"{dressed(description, wears)}, drawn well"

        monkeypatch.setattr(prompts, "scene_text", scene_text)
        monkeypatch.setattr(sheets, "character_text", character_text)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project that was rendered by the release before."""
    rendered(tmp_path, Paint())
    release(monkeypatch)
    return studio(tmp_path, BOARD, Paint(fingerprint="paint-2"))


def test_other_words_for_the_same_storyboard_are_no_edit(tmp_path: Path, project: Project) -> None:
    before = shots(tmp_path)
    assert {shot.state for shot in states(project).values()} == {"current"}
    assert not project.status().sheets
    assert made(project) == {}
    assert shots(tmp_path) == before
    assert project.status().upgradable == ("walk", "run", "talk", "sleep")


def test_an_edit_since_is_seen_and_named(tmp_path: Path, project: Project) -> None:
    edit(tmp_path, 'does: "sleeps"', 'does: "snores"')
    found = states(project)
    assert {name for name, shot in found.items() if shot.state == "stale"} == {"sleep"}
    assert found["sleep"].why == ("ember does sleeps -> snores",)
    assert made(project)["draw"] == ["sleep"]


def test_a_sheet_that_was_cast_again_is_seen(tmp_path: Path, project: Project) -> None:
    project.retake("moth", 1)
    assert {name for name, shot in states(project).items() if shot.state == "stale"} == {"talk", "sleep"}
    made(project)
    assert {shot.state for shot in states(project).values()} == {"current"}


def test_shots_of_a_second_take_stay_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = rendered(tmp_path, Paint())
    project.retake("moth", 1)
    project.produce(INLINE)
    release(monkeypatch)
    assert made(studio(tmp_path, BOARD, Paint())) == {}


def test_a_picture_that_may_have_been_replaced_is_not_taken_on_trust(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = BOARD.replace('"a grey moth"', '"a grey moth", references: [moth.png]')
    Image.new("RGB", (8, 8), "grey").save(tmp_path / "moth.png")
    studio(tmp_path, board, Paint()).produce(INLINE)
    release(monkeypatch)
    found = states(studio(tmp_path, board, Paint()))
    assert {name for name, shot in found.items() if shot.state == "stale"} == {"talk", "sleep"}


def test_a_storyboard_that_cannot_be_read_any_more_counts_as_edited(tmp_path: Path, project: Project) -> None:
    import sqlite3

    journal = sqlite3.connect(tmp_path / ".storyforge" / "journal.sqlite")
    with journal:
        journal.execute("delete from documents")
    journal.close()
    assert {shot.state for shot in states(project).values()} == {"stale"}


def test_the_same_words_need_no_storyboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered(tmp_path, Paint())
    release(monkeypatch, reword=False)
    assert made(studio(tmp_path, BOARD, Paint())) == {}


def test_two_renderers_have_sheets_of_their_own_of_one_entity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = "wan-2.1-t2v-1.3b"
    board = BOARD.replace("- id: talk\n", f"- id: talk\n        renderer: {other}\n")

    def both() -> Project:
        studio(tmp_path, board, Paint())
        paints = {"toon": Paint(), other: Paint(fingerprint="other-1")}
        return Project(tmp_path, renderers=Renderers(open=lambda name, project: Renderer(name, paints[name])))

    both().produce(INLINE)
    release(monkeypatch)
    again = both()
    assert {shot.state for shot in states(again).values()} == {"current"}
    assert not again.status().sheets
    assert made(again) == {}
