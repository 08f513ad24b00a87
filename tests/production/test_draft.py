"""A story is planned once; a storyboard that somebody edited is never written over."""

from pathlib import Path

import pytest

from storyforge.production import Draft, Project, draft

STORY = "Ember the fox walked through the snow. She found a lantern. Ember was happy."


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "ember")


def test_a_first_plan_is_written(project: Project) -> None:
    said: list[str] = []
    assert draft(project, STORY, tell=said.append) == Draft("written", project.path)
    assert said[0].startswith("The offline planner reads the story")
    assert project.document().board.scenes
    assert (project.folder / "storyboard.schema.json").exists(), "the file's first line points editors there"


def test_the_same_story_is_not_planned_again(project: Project) -> None:
    draft(project, STORY)
    said: list[str] = []
    assert draft(project, STORY, tell=said.append).state == "current"
    assert not said


def test_another_story_replaces_a_plan_nobody_touched(project: Project) -> None:
    draft(project, STORY)
    before = project.path.read_text()
    assert draft(project, STORY + " It snowed.").state == "written"
    assert project.path.read_text() != before


def test_other_wishes_plan_again(project: Project) -> None:
    draft(project, STORY)
    assert draft(project, STORY, wishes={"size": "9:16"}).state == "written"
    assert project.document().board.size == "9:16"


def test_an_edited_storyboard_is_kept(project: Project) -> None:
    draft(project, STORY)
    edited = project.path.read_text().replace("snow", "rain")
    project.path.write_text(edited)
    assert draft(project, STORY) == Draft("kept", project.path)
    later = draft(project, STORY + " Then it was night.")
    assert later.state == "kept"
    assert later.changes
    assert project.path.read_text() == edited


def test_a_storyboard_of_unknown_origin_is_kept(project: Project) -> None:
    project.folder.mkdir()
    project.path.write_text("storyforge: 1\nscenes: [{id: a, shots: [{id: b}]}]\n")
    before = project.path.read_text()
    assert draft(project, STORY).state == "kept"
    assert project.path.read_text() == before


def test_a_plan_that_costs_money_is_not_made_to_be_thrown_away(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft(project, STORY)
    project.path.write_text(project.path.read_text() + "# mine\n")
    monkeypatch.setenv("STORYFORGE_PLANNER", "openai:some-model")
    monkeypatch.setenv("OPENAI_API_KEY", "not a key")
    assert draft(project, STORY + " More.") == Draft("kept", project.path)


def test_a_damaged_record_counts_as_an_edit(project: Project) -> None:
    draft(project, STORY)
    (project.folder / ".storyforge" / "plan.json").write_text("[")
    assert draft(project, STORY).state == "kept"
