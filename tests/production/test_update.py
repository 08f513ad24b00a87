"""A story that was edited is planned again, and its storyboard follows; what people did to it stays."""

import shutil
from pathlib import Path

import pytest

from storyforge.errors import InputError, StoryboardError
from storyforge.production import Project, draft, planned, update
from storyforge.production.origin import Origin
from storyforge.storyboard import lock, pick, save

FOX = (Path(__file__).parents[2] / "storyboards" / "fox-and-lantern.txt").read_text(encoding="utf-8")
SENTENCES = (
    ("She leapt over the wet stones", "She jumped over the black rocks"),
    ("a fire in the forest", "a light in the forest"),
    ("Nobody comes here in a storm", "Who comes here at night"),
    ("and none of them was lonely any more", "and all of them were glad"),
    ("the sea was calm, and every boat was home.", "nothing moved under a pale sky as far as one could look."),
)
HARE = 'A hare sat by the path and waved at them. "Be quick!" cried the hare.\n\n'


@pytest.fixture(scope="module")
def fox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fox")
    planned(folder / "storyboard.yaml", FOX)
    return folder


@pytest.fixture
def project(fox: Path, tmp_path: Path) -> Project:
    """The shipped story's project, planned and not yet edited."""
    shutil.copytree(fox, tmp_path, dirs_exist_ok=True)
    return Project(tmp_path)


def shots(project: Project) -> dict[str, str]:
    """The YAML text of every shot."""
    out: dict[str, str] = {}
    name = ""
    for line in project.path.read_text().splitlines():
        if line.startswith("      - id: "):
            name = line
        elif not line.startswith("       "):
            name = ""
        if name:
            out[name.split()[-1]] = out.get(name.split()[-1], "") + line + "\n"
    return out


def written(project: Project, *changes: tuple[str, str]) -> str:
    """Edits the storyboard by hand; the text that it has then."""
    text = project.path.read_text()
    for old, new in changes:
        assert text.count(old) >= 1
        text = text.replace(old, new, 1)
    project.path.write_text(text)
    return text


def edited(*changes: tuple[str, str]) -> str:
    """The story with an edit."""
    text = FOX
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(("old", "new"), SENTENCES)
def test_an_edited_sentence_changes_its_own_shot(project: Project, old: str, new: str) -> None:
    before = shots(project)
    assert len(before) == 18
    made = update(project, edited((old, new)))
    assert made.based
    made.apply()
    after = shots(project)
    assert list(after) == list(before)
    assert len([name for name in before if before[name] != after[name]]) == 1
    again = update(project, edited((old, new)))
    assert not again.changes
    assert not again.kept


def test_an_inserted_paragraph_inserts_its_shots(project: Project) -> None:
    before = shots(project)
    made = update(project, edited(("Deep in the dark", HARE + "Deep in the dark")))
    made.apply()
    after = shots(project)
    (new,) = set(after) - set(before)
    assert "A hare sat by the path" in after[new]
    assert [name for name in after if name != new] == list(before)
    assert "hare" in project.document().board.cast
    differ = {name for name in before if before[name] != after[name]}
    assert differ == {"lighthouse-night-2-1"}, "all three hurry back, and the hare is one of them"


def test_a_deleted_paragraph_removes_its_shots(project: Project) -> None:
    before = shots(project)
    line = "Then a grey moth with a torn wing fluttered in out of the rain.\n\n"
    update(project, edited((line, ""))).apply()
    assert set(before) - set(shots(project)) == {"lighthouse-night-3"}
    update(project, FOX).apply()
    assert len(shots(project)) == 18
    assert "Then a grey moth" in project.path.read_text()


def test_the_storyboard_before_is_kept_beside(project: Project) -> None:
    before = project.path.read_text()
    assert update(project, edited(SENTENCES[0])).apply() == project.folder / "storyboard.old.yaml"
    assert (project.folder / "storyboard.old.yaml").read_text() == before
    assert update(project, edited(SENTENCES[0])).apply() is None


def test_edits_and_comments_stay_byte_for_byte(project: Project) -> None:
    own = '      # mine\n      - id: own   # nobody planned this\n        narration: "And then?"\n'
    text = written(
        project,
        ("size: 16:9", "size: 9:16   # for telephones"),
        ("      - id: forest-2\n", own + "      - id: forest-2\n"),
        ("camera: {shot: full, on: moth, move: tracking}", "camera: {shot: close,   on: moth}  # closer"),
    )
    made = update(project, edited(SENTENCES[0]))
    made.apply()
    old, new = SENTENCES[0]
    action = "leaps over the wet stones", "jumps over the black rocks"
    assert project.path.read_text() == text.replace(old, new).replace(*action)
    assert {(change.what, change.field) for change in made.changes} == {
        ("shot lighthouse-night-7", field) for field in ("ember does", "action", "narration")
    }
    assert not made.kept


def test_line_ends_are_no_edit(project: Project) -> None:
    project.path.write_bytes(project.path.read_bytes().replace(b"\n", b"\r\n"))
    update(project, edited(SENTENCES[0])).apply()
    assert b"\n" not in project.path.read_bytes().replace(b"\r\n", b"")
    assert draft(project, edited(SENTENCES[0])).state == "current"
    assert update(project, FOX).based


def test_a_field_that_both_changed_is_kept_and_told_once(project: Project) -> None:
    written(project, ('narration: "She leapt over the wet stones and ran on,"', 'narration: "She flew,"'))
    made = update(project, edited(SENTENCES[0]))
    assert [(kept.what, kept.field, kept.yours) for kept in made.kept] == [
        ("shot lighthouse-night-7", "narration", '"She flew,"')
    ]
    made.apply()
    text = shots(project)["lighthouse-night-7"]
    assert 'narration: "She flew,"' in text
    assert 'action: "Ember jumps over the black rocks and runs on"' in text
    again = update(project, edited(SENTENCES[0]))
    assert not again.changes
    assert not again.kept


def test_locked_and_picked_shots(project: Project) -> None:
    save(lock(project.document(), "lighthouse-night-7"))
    save(pick(project.document(), "lighthouse-night-8", "2"))
    text = project.path.read_text()
    gone = "She leapt over the wet stones and ran on, and the moth held tight to her scarf."
    made = update(project, edited((gone, "")))
    assert {str(kept).partition(", ")[2] for kept in made.kept} == {
        "which the plan no longer has: it is locked",
        "which the plan no longer has: you picked a take of it",
    }
    made.apply()
    assert shots(project)["lighthouse-night-7"] in text
    assert shots(project)["lighthouse-night-8"] in text


def test_a_board_written_by_hand_only_gets_what_is_new(tmp_path: Path) -> None:
    project = Project(tmp_path)
    board = 'cast: {ember: "a fox"}\nscenes:\n- id: walk\n  shots:\n  - id: home\n    narration: "Ember walked home."\n'
    project.path.write_text(board)
    story = "Ember the fox walked home. She found a lantern in the snow."
    made = update(project, story)
    assert not made.based
    assert any(kept.what == "shot home" for kept in made.kept)
    made.apply()
    assert project.path.read_text().startswith("cast:")
    assert '  - id: home\n    narration: "Ember walked home."\n' in project.path.read_text()
    assert "She found a lantern in the snow." in project.path.read_text()
    later = update(project, story.replace("a lantern", "a brass lantern"))
    assert later.based, "the plan is known from now on"
    found = [change for change in later.changes if change.field == "narration"]
    assert [change.new for change in found] == ['"She found a brass lantern in the snow."']


def test_a_board_of_a_program_was_not_planned(tmp_path: Path, project: Project) -> None:
    board = project.document().board
    other = Project(tmp_path / "other")
    other.keep(board)
    assert not update(other, FOX).based


def test_a_folder_may_hold_several_storyboards(project: Project) -> None:
    other = project.folder / "other.yaml"
    planned(other, "A bear sleeps in a cave. It snows.")
    assert not update(project, FOX).changes
    made = update(Project.of(other), "A bear sleeps in a cave. It rains.")
    assert made.based
    assert made.changes


def test_a_project_that_film_drafted_is_updated_and_drafted_no_more(tmp_path: Path) -> None:
    project = Project(tmp_path)
    draft(project, FOX)
    made = update(project, edited(SENTENCES[0]))
    made.apply()
    assert draft(project, edited(SENTENCES[0])).state == "current"
    assert draft(project, FOX).state == "written", "nobody edited it by hand"


def test_what_was_asked_of_the_plan_before_is_asked_again(tmp_path: Path) -> None:
    story = "Ember the fox walked home. She found a lantern in the snow. She was glad."
    planned(tmp_path / "storyboard.yaml", story, wishes={"length": 20.0, "size": "9:16"})
    project, said = Project(tmp_path), list[str]()
    made = update(project, story.replace("glad", "sad"), tell=said.append)
    assert said[0] == "It is planned as before with --length 20 --size 9:16."
    assert made.after.board.size == "9:16"
    made.apply()
    wide = update(project, story.replace("glad", "sad"), wishes={"size": "16:9"})
    assert [(change.field, change.new) for change in wide.changes] == [("size", "16:9")]


def test_another_planner_than_before_is_told(project: Project) -> None:
    record = project.folder / ".storyforge" / "plan.json"
    record.write_text(record.read_text().replace('"offline"', '"openai:some-model"'))
    said: list[str] = []
    update(project, edited(SENTENCES[0]), tell=said.append)
    assert said[0].startswith("The plan before was made by openai:some-model: with --planner openai:some-model less")


def test_a_plan_that_costs_money_is_not_made_twice(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    record = project.folder / ".storyforge" / "plan.json"
    monkeypatch.setenv("OPENAI_API_KEY", "not a key")
    asked = Origin.of(FOX, "offline", {}, "").asked, Origin.of(FOX, "openai:some-model", {}, "").asked
    record.write_text(record.read_text().replace(*asked))
    assert not update(project, FOX, planner="openai:some-model").changes


def test_nothing_is_written_before_apply_nor_over_what_somebody_saved_meanwhile(project: Project) -> None:
    files = {path: path.read_bytes() for path in project.folder.rglob("*") if path.is_file()}
    made = update(project, edited(SENTENCES[0]))
    assert {path: path.read_bytes() for path in project.folder.rglob("*") if path.is_file()} == files
    text = written(project, ("fps: 24", "fps: 25"))
    with pytest.raises(InputError, match="was changed while you looked at the update, so it stays"):
        made.apply()
    assert project.path.read_text() == text


def test_a_storyboard_that_is_missing_or_wrong_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"storyboard\.yaml is not there; without --update"):
        update(Project(tmp_path), FOX)
    (tmp_path / "storyboard.yaml").write_text("scenes: [")
    with pytest.raises(StoryboardError):
        update(Project(tmp_path), FOX)


def test_a_plan_that_does_not_fit_changes_nothing(project: Project) -> None:
    written(project, ('wears: "a blue scarf"}', 'wears: "a blue scarf", looks: {asleep: "a nightcap"}}'))
    files = {path: path.read_bytes() for path in project.folder.rglob("*") if path.is_file()}
    with pytest.raises(InputError) as caught:
        update(project, edited(("She ran along", "Ember put on a yellow raincoat and ran along")))
    assert str(caught.value) == (
        f"{project.path}: nothing is changed, for the plan's changes do not fit with yours: "
        "shot lighthouse-night-6: ember has no look 'raincoat': describe it under cast: ember: looks"
    )
    assert {path: path.read_bytes() for path in project.folder.rglob("*") if path.is_file()} == files
