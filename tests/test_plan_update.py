"""`plan --update`: a story is edited, and its storyboard follows after a yes."""

import json
from pathlib import Path

import pytest
import typer

from storyforge.cli import main

pytestmark = pytest.mark.slow

STORY = "Ember the fox walked through the snow. She found a brass lantern. Then she slept in a cave."
LATER = STORY.replace("a brass lantern", "a green lantern")
FILM = """\
Ember the fox walked along the cliff by the sea.

At the end of it she found a brass lantern in the wet grass and took it up.

Then she ran home.
"""
PLAN = ("plan", "story.txt", "-o", "storyboard.yaml")


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A storyboard whose story has been edited since."""
    monkeypatch.chdir(tmp_path)
    story, path = tmp_path / "story.txt", tmp_path / "storyboard.yaml"
    story.write_text(STORY)
    assert run(*PLAN) == 0
    story.write_text(LATER)
    capsys.readouterr()
    return path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def answering(monkeypatch: pytest.MonkeyPatch, yes: bool) -> list[str]:
    """Somebody sits at the terminal; what they are asked."""
    asked: list[str] = []

    def confirm(text: str, **options: bool) -> bool:
        asked.append(text)
        if not yes:
            raise typer.Abort
        return True

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", confirm)
    return asked


def test_after_a_yes_the_storyboard_follows_its_story(
    board: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = board.read_text()
    asked = answering(monkeypatch, yes=True)
    assert run(*PLAN, "--update") == 0
    shown = capsys.readouterr().out
    assert asked == ["Change the storyboard so?"]
    assert "The new plan changes storyboard.yaml:" in shown
    assert '~ prop lantern description "a brass lantern" -> "a green lantern"' in shown
    assert 'She found a green lantern."' in shown
    assert "follows the story; the one before is kept as storyboard.old.yaml" in shown
    assert board.read_text() == before.replace("a brass lantern", "a green lantern")
    assert (board.parent / "storyboard.old.yaml").read_text() == before
    assert run(*PLAN, "--update") == 0
    assert capsys.readouterr().out == "storyboard.yaml: there is nothing to change\n"
    assert len(asked) == 1, "nothing to change, nothing to ask"


def test_after_a_no_nothing_is_changed(board: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {path: path.read_bytes() for path in board.parent.rglob("*") if path.is_file()}
    answering(monkeypatch, yes=False)
    assert run(*PLAN, "--update") == 1
    assert {path: path.read_bytes() for path in board.parent.rglob("*") if path.is_file()} == files


def test_where_nobody_can_answer_yes_has_to_be_given(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = board.read_text()
    assert run(*PLAN, "--update") == 2
    said = capsys.readouterr()
    assert "The new plan changes" in said.out
    assert "storyforge: nobody is here to say yes; add --yes to change storyboard.yaml so" in said.err
    assert run(*PLAN, "--update", "--dry-run") == 0
    assert board.read_text() == before
    assert run(*PLAN, "--update", "--yes") == 0
    assert board.read_text() != before


def test_what_stays_is_told(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    board.write_text(board.read_text().replace('She found a brass lantern."', 'She found [a lamp]."'))
    assert run(*PLAN, "--update", "--dry-run") == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("kept yours")]
    assert "narration" in line
    assert line.endswith('She found [a lamp]."; the plan now says … She found a green lantern."')


def test_a_board_of_unknown_origin_is_said_to_be_one(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (board.parent / ".storyforge").iterdir():
        path.unlink()
    assert run(*PLAN, "--update", "--yes") == 0
    shown = capsys.readouterr().out
    assert (
        "storyboard.yaml: It is not known how it was planned, so all that differs from the new plan counts as" in shown
    )
    assert "there is nothing to change" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plan", "story.txt", "--update"], "--update needs the storyboard; write: storyforge plan STORY -o"),
        ([*PLAN, "--update", "--force"], "--update does not go with --force"),
        ([*PLAN, "--yes"], "--yes goes with --update"),
        ([*PLAN, "--dry-run"], "--dry-run goes with --update"),
        (["plan", "story.txt", "-o", "none.yaml", "--update"], "none.yaml is not there; without --update"),
        ([*PLAN], "storyboard.yaml is there already; --update lets it follow the story, --force writes over it"),
    ],
)
def test_options_that_do_not_fit_are_one_sentence(
    board: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = board.read_text()
    assert run(*arguments) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.splitlines()) == 1
    assert board.read_text() == before


@pytest.mark.slow
def test_a_film_follows_its_story_and_only_what_that_reached_is_rendered_again(
    board: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = board.parent / "story.txt"
    story.write_text(FILM)
    assert run("film", "story.txt", "--size", "96x64", "--silent", "--workers", "1") == 0
    path = board.parent / "story" / "storyboard.yaml"
    story.write_text(
        FILM.replace(
            "Then she", "It was heavy and dark with old smoke, and nobody had lit it for a very long time.\n\nThen she"
        )
    )
    assert run("plan", "story.txt", "-o", "story", "--update", "--yes") == 0
    capsys.readouterr()
    assert run("status", "story", "--json") == 0
    states = {shot["id"]: shot["state"] for shot in json.loads(capsys.readouterr().out)["shots"]}
    assert sorted(states.values()) == ["current", "current", "current", "missing"]
    assert "end: {kind: fade, seconds: 2}" in path.read_text()
    path.write_text(path.read_text().replace("kind: fade, seconds: 2", "kind: fade, seconds: 1"))  # no shot is of it
    story.write_text(FILM.replace("a brass lantern", "a green lantern"))
    capsys.readouterr()
    assert run("film", "story.txt", "--size", "96x64", "--silent", "--workers", "1") == 0
    assert (
        "To merge a new plan into yours: storyforge plan story.txt -o story/storyboard.yaml --update\n"
        in capsys.readouterr().out
    )
    assert run("plan", "story.txt", "-o", "story", "--update", "--yes") == 0
    assert "end: {kind: fade, seconds: 1}" in path.read_text()
    assert "a green lantern" in path.read_text()
    assert "size: 96x64" in path.read_text(), "as it was asked for when it was planned"
