"""A story is planned once; a storyboard that somebody edited is never written over."""

from pathlib import Path

import pytest

from storyforge.errors import InputError
from storyforge.production import Draft, Project, draft, plan
from storyforge.storyboard import Change

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


def test_another_story_replaces_a_plan_nobody_touched_and_keeps_it_beside(project: Project) -> None:
    draft(project, STORY)
    first = project.path.read_text()
    made = draft(project, STORY + " It snowed.")
    assert (made.state, made.old) == ("written", project.folder / "storyboard.old.yaml")
    assert made.changes
    assert project.path.read_text() != first
    assert made.old is not None
    assert made.old.read_text() == first
    second = project.path.read_text()
    again = draft(project, STORY + " Then the fox slept in a cave.")
    assert again.old == project.folder / "storyboard.old-2.yaml", "nothing is lost"
    assert again.old.read_text() == second


def test_a_story_that_gives_the_same_plan_leaves_nothing_beside(project: Project) -> None:
    draft(project, STORY)
    assert draft(project, STORY + "\n") == Draft("written", project.path, ())
    assert [path.name for path in project.folder.glob("*.yaml")] == ["storyboard.yaml"]


def test_other_wishes_plan_again(project: Project) -> None:
    draft(project, STORY)
    assert draft(project, STORY, wishes={"size": "9:16"}).state == "written"
    assert project.document().board.size == "9:16"


def test_an_edited_storyboard_is_kept_and_the_difference_told(project: Project) -> None:
    draft(project, STORY)
    edited = project.path.read_text().replace('weather: "snow"', 'weather: "rain"')
    project.path.write_text(edited)
    said: list[str] = []
    same = draft(project, STORY, tell=said.append)
    assert not said, "the story was planned before: nobody reads it again"
    assert same.changes == (Change("changed", f"scene {scene(project)}", "weather", "rain", "snow"),)
    later = draft(project, STORY + " Then it was night.")
    assert later.state == "kept"
    assert set(later.changes or ()) > set(same.changes)
    assert project.path.read_text() == edited


def test_a_new_plan_can_be_taken_and_the_edited_one_is_kept_beside(project: Project) -> None:
    draft(project, STORY)
    planned = project.path.read_text()
    project.path.write_text(planned + "# mine\n")
    made = draft(project, STORY, replan=True)
    assert made.state == "written"
    assert project.path.read_text() == planned
    assert made.old is not None
    assert made.old.read_text() == planned + "# mine\n"


def test_a_board_that_cannot_be_read_is_kept_too(project: Project) -> None:
    draft(project, STORY)
    project.path.write_text("scenes: [")
    assert draft(project, STORY) == Draft("kept", project.path)


def test_a_board_that_is_no_utf_8_is_named_and_can_be_set_aside(project: Project) -> None:
    latin = "storyforge: 1\ntitle: Füchse\n".encode("latin-1")
    project.folder.mkdir()
    project.path.write_bytes(latin)
    with pytest.raises(InputError, match=r"storyboard.yaml is not UTF-8 text; save it as UTF-8, move it away"):
        draft(project, STORY)
    with pytest.raises(InputError, match="is not UTF-8 text"):
        project.keep(plan(STORY, planner="offline"))
    made = draft(project, STORY, replan=True)
    assert (made.state, made.changes) == ("written", None)
    assert made.old is not None
    assert made.old.read_bytes() == latin


def scene(project: Project) -> str:
    return project.document().board.scenes[0].id


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
