"""The verbs of the film as a build, as a user meets them: status, takes, retake, pick, lock, gc."""

import json
from pathlib import Path

import pytest

from storyforge.cli import main

BOARD = """\
# my film
storyforge: 1
size: 96x64
cast:
  ember: {description: "a small orange fox"}  # the fox
places: {meadow: "a green meadow"}
scenes:
  - id: day
    place: meadow
    shots:
      - {id: one, seconds: 0.5, cast: [{who: ember, does: "walks"}]}  # first
      - {id: two, seconds: 0.5, cast: [{who: ember, does: "sits"}]}
"""


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    return int(ended.value.code or 0)


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "storyboard.yaml"
    path.write_text(BOARD, encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_day_at_the_desk(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("status", "storyboard.yaml") == 0
    said = capsys.readouterr().out
    assert "2 shots: 2 missing" in said
    assert "by a common laptop's pace" in said
    assert run("render", "storyboard.yaml", "--silent", "--workers", "1") == 0
    capsys.readouterr()
    assert run("status", "storyboard.yaml") == 0
    assert capsys.readouterr().out.splitlines()[0] == "2 shots: 2 current"

    board.write_text(BOARD.replace('"sits"', '"waves"'), encoding="utf-8")
    assert run("status", "storyboard.yaml", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert [(shot["id"], shot["state"], shot["why"]) for shot in facts["shots"]] == [
        ("one", "current", []),
        ("two", "stale", ["ember does sits -> waves"]),
    ]
    assert facts["rows"] > 0

    assert run("retake", "storyboard.yaml", "one", "-n", "1", "--workers", "1") == 0
    assert (board.parent / "takes" / "one.png").exists()
    assert (board.parent / "takes" / "one-2.mp4").exists()
    assert run("pick", "storyboard.yaml", "one", "1") == 0
    assert run("lock", "storyboard.yaml", "two") == 0
    text = board.read_text(encoding="utf-8")
    assert 'pick: "1"' in text
    assert "lock: true" in text
    for comment in ("# my film", "# the fox", "# first"):
        assert comment in text
    capsys.readouterr()
    assert run("status", "storyboard.yaml") == 0
    said = capsys.readouterr().out
    assert "one  picked   take 1" in said
    assert "two  locked   take 1" in said
    assert "without effect: ember does sits -> waves" in said
    assert run("takes", "storyboard.yaml", "one") == 0
    assert "in the film" in capsys.readouterr().out
    assert run("pick", "storyboard.yaml", "one", "5") == 2
    assert "it has 1, 2" in capsys.readouterr().err
    assert run("report", "storyboard.yaml") == 0
    said = capsys.readouterr().out
    assert "one  picked  take 1 of 2, made 20" in said
    assert "one, two" in said.splitlines()[-1], "the shots that read the last sheet"
    assert run("gc", "storyboard.yaml", "--yes") == 0
    assert "that nothing reaches" in capsys.readouterr().out
    assert run("gc", "storyboard.yaml", "--dry-run") == 0
    assert "nothing to remove" in capsys.readouterr().out
    assert run("unlock", "storyboard.yaml", "two") == 0
    assert run("pick", "storyboard.yaml", "one", "newest") == 0
    assert board.read_text(encoding="utf-8") == BOARD.replace('"sits"', '"waves"')


def test_a_shot_that_fails_from_render_to_report(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cards = '      - {id: calm, source: "#203040", seconds: 0.5}\n'
    cards += '      - {id: sea, source: sea.png, seconds: 0.5, note: "scan it again"}\n'
    board.write_text(BOARD.partition("      - {id: one")[0] + cards, encoding="utf-8")
    (board.parent / "sea.png").write_text("no picture")
    assert run("report", "storyboard.yaml") == 0
    assert capsys.readouterr().out.splitlines()[0] == "2 shots, 1 s; nothing was made yet"
    for _ in range(2):
        assert run("render", "storyboard.yaml", "--silent", "--workers", "1") == 5
    capsys.readouterr()
    assert run("status", "storyboard.yaml") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("sea  placeholder  sea.png is neither a picture nor a film")
    assert said[1] == "2 shots: 1 current, 1 placeholder"
    assert run("report", "storyboard.yaml") == 0
    said = capsys.readouterr().out
    assert "calm  current      take 1, made 20" in said
    assert "sea   placeholder" in said
    assert "failed 2 times, last 20" in said
    assert said.count("sea.png is neither a picture nor a film") == 1
    assert "note: scan it again" in said
    assert "2 failed attempts" in said
    assert run("report", "storyboard.yaml", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert [(shot["id"], shot["state"], len(shot["failures"])) for shot in facts["shots"]] == [
        ("calm", "current", 0),
        ("sea", "placeholder", 2),
    ]
    assert facts["seconds"] > 0


def test_sizes_that_are_none(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("gc", "storyboard.yaml", "--keep", "lots") == 2
    assert "write 500MB or 2GB" in capsys.readouterr().err


def test_a_long_render_wants_a_yes(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    board.write_text(BOARD.replace("seconds: 0.5", "seconds: 600"), encoding="utf-8")
    assert run("render", "storyboard.yaml") == 2
    said = capsys.readouterr().err
    assert "add --yes" in said
    assert not (board.parent / "film.mp4").exists()


def test_time_that_is_over_has_its_own_exit_code(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("render", "storyboard.yaml", "--max-time", "0.001", "--workers", "1") == 6
    assert "goes on from here" in capsys.readouterr().err


def test_there_are_no_takes_yet(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("takes", "storyboard.yaml") == 0
    assert "one  has no take yet" in capsys.readouterr().out
    assert not (board.parent / ".storyforge").exists()
