"""The command line as a user meets it: help, errors, exit codes, quick verbs without torch."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from storyforge.cli import main

BOARD = """\
storyforge: 1
title: "Two"
size: 128x72
fps: 12
cast: {ember: {description: "a small orange fox"}, owl: {description: "a grey owl"}}
places: {meadow: {description: "a green meadow"}}
scenes:
  - id: day
    place: meadow
    shots:
      - {id: walk, seconds: 1, cast: [{who: ember, does: "walks"}], narration: "Ember walked."}
      - {id: look, seconds: 1, cast: [{who: owl, does: "looks around"}], camera: {shot: close}}
"""
VERBS = (
    "film", "plan", "render", "demo", "check", "prompts", "renderers", "doctor", "bench film", "bench toon",
    "bench edits", "bench build", "status", "takes", "retake", "pick", "lock", "unlock", "gc", "report",
)  # fmt: skip
HEAVY = ("torch", "diffusers", "transformers", "langchain", "openai", "av", "faiss", "moviepy", "thorvg_python")


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A board in an empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "two.yaml"
    path.write_text(BOARD)
    return path


def run(*arguments: str) -> int:
    """Runs a command in this process; its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*verb.split(), "--help") == 0
    assert f"Example: storyforge {verb}" in " ".join(capsys.readouterr().out.split())


def test_help_lists_every_verb_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    out = capsys.readouterr().out
    assert all(f" {verb.split()[0]} " in out for verb in VERBS)
    assert "130 stopped by Ctrl-C" in " ".join(out.replace("│", " ").split())


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    from storyforge import __version__

    assert run("--version") == 0
    assert capsys.readouterr().out.strip() == f"storyforge {__version__}"


def test_an_option_with_a_slip_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("film", "A fox runs home.", "--lenght", "30") == 2
    assert "--length" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["check", "two.yaml"], ["prompts", "two.yaml"], ["renderers"]])
def test_quick_verbs_load_nothing_heavy(board: Path, arguments: Sequence[str]) -> None:
    code = (
        "import sys, storyforge.cli\n"
        f"try: storyforge.cli.main({list(arguments)!r})\n"
        "except SystemExit as ended: assert not ended.code, ended.code\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=board.parent, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip().endswith("[]"), done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["check", "two.yaml"]])
def test_quick_verbs_cost_little_beyond_the_libraries_they_need(board: Path, arguments: Sequence[str]) -> None:
    """Processor time side by side, least of three each: machines that run tests are busy (seconds: bench_start.py).

    On the machine this was written on three times the libraries' imports are 0.4 s; half a second is promised.
    """
    import resource

    def spent(*command: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *command], cwd=board.parent, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    libraries = ("-c", "import pydantic, ruamel.yaml, typer.main; pydantic.BaseModel")
    turns = [(spent(*libraries), spent("-m", "storyforge", *arguments)) for _ in range(3)]
    assert min(ours for _, ours in turns) <= 3 * min(theirs for theirs, _ in turns)


def test_importing_storyforge_is_light() -> None:
    code = "import sys, storyforge; print({'pydantic', 'numpy', 'torch', 'rich', 'typer'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_public_names_exist() -> None:
    import storyforge

    assert list(storyforge.__all__) == sorted(storyforge.__all__)
    assert all(getattr(storyforge, name) is not None for name in storyforge.__all__)
    assert not hasattr(storyforge, "nothing_of_this_name")


def test_check_prints_notices_and_length(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "two.yaml") == 0
    assert "2 shots in 1 scene:" in capsys.readouterr().out
    assert run("check", "two.yaml", "--json") == 0
    assert json.loads(capsys.readouterr().out)["shots"] == 2


def test_check_strict_turns_notices_into_an_error(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    board.write_text(BOARD.replace('"a grey owl"', '"a grey helicopter"'))
    assert run("check", "two.yaml") == 0
    assert "two.yaml:5" in capsys.readouterr().out
    assert run("check", "two.yaml", "--strict") == 2


def test_check_opens_the_recordings(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = BOARD.replace("title:", "music: broken.mp3\ntitle:").replace("id: walk,", "id: walk, sounds: [bad.wav],")
    board.write_text(text)
    (board.parent / "broken.mp3").write_bytes(b"no music")
    Image.new("RGB", (8, 8)).save(board.parent / "bad.wav", "GIF")
    assert run("check", "two.yaml") == 0
    out = capsys.readouterr().out
    assert "two.yaml:2:8: broken.mp3 cannot be read as sound (" in out
    assert "two.yaml:12:" in out
    assert "bad.wav cannot be read as sound (it has no sound): give a wav" in out
    assert run("check", "two.yaml", "--strict") == 2


def test_prompts_of_one_shot(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("prompts", "two.yaml", "look") == 0
    out = capsys.readouterr().out
    assert "owl: a grey owl. looks around. in focus." in out
    assert "ember" not in out
    assert run("prompts", "two.yaml", "lok") == 2
    assert "has no shot 'lok'; did you mean look?" in capsys.readouterr().err


def test_no_model_is_told_of_a_source(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    board.write_text(BOARD + '      - {id: night, source: "#000000", seconds: 1}\n')
    assert run("prompts", "two.yaml", "night") == 0
    assert capsys.readouterr().out.splitlines() == [
        "night", "  shows its source as it is; no model is told anything",
    ]  # fmt: skip
    assert run("prompts", "two.yaml", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (list(told), told["night"]) == (["walk", "look", "night"], [])


def test_a_dry_run_makes_nothing(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("render", "two.yaml", "--dry-run") == 0
    assert "2 of 2   to make" in capsys.readouterr().out
    assert files(board.parent) == ["two.yaml"]


def test_plan_prints_or_writes(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan", "Ember the fox walked home.") == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("# yaml-language-server:")
    assert "offline planner" in captured.err
    assert run("plan", "Ember the fox walked home.", "-o", "ember.yaml") == 0
    assert (board.parent / "ember.yaml").exists()
    assert run("plan", "Ember the fox walked home.", "-o", "ember.yaml") == 2
    assert "--force" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("story", "said"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("missing.txt", "no file missing.txt"),
        ("blank.txt", "empty"),
        ("binary.txt", "binary.txt"),
        ("huge.txt", "MB"),
        (".", "folder"),
    ],
)
def test_stories_that_cannot_be_read(board: Path, story: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = board.parent
    (folder / "blank.txt").write_text(" \n\n")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 64)
    (folder / "huge.txt").write_text("The fox ran home. " * 600_000)
    before = files(folder)
    assert run("film", story) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.err.count("\n") == 1, "one sentence"
    assert "Traceback" not in captured.err
    assert files(folder) == before


@pytest.mark.parametrize("length", ["soon", "0", "-3", "1h", "1:75", "m", "1:30:00"])
def test_lengths_that_are_none(board: Path, length: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("film", "The fox ran home.", f"--length={length}") == 2
    assert "is not a length; write 90, 90s, 2m, 1m30s or 1:30" in capsys.readouterr().err


def test_sizes_that_are_none(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("film", "The fox ran home.", "--size", "99:1") == 2
    assert "'99:1' is not a size" in capsys.readouterr().err
    assert files(board.parent) == ["two.yaml"]


def test_lengths() -> None:
    from storyforge.cli.options import seconds

    ninety = ("90", "90s", "90 seconds", "90sec", "1m30s", "1m30", "1.5 min", "1 minute 30 seconds", "1:30", "01:30")
    assert [seconds(text) for text in ninety] == [90.0] * len(ninety)
    assert [seconds(text) for text in ("30s", "2m", "2 minutes", "0:07.5", None)] == [30, 120, 120, 7.5, None]


@pytest.mark.parametrize(
    "story",
    ["missing.txt", "my story.txt", "stories/fox", "./a tale", "~/tale", r"C:\tales\fox", "fox", "tale.docx", "a.MD"],
)
def test_what_looks_like_a_file_is_no_story(board: Path, story: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(board.parent)
    assert run("film", story) == 2
    err = capsys.readouterr().err
    assert f"There is no file {Path(story)}: " in err
    assert "a sentence in quotation marks" in err
    assert files(board.parent) == before


@pytest.mark.parametrize(
    "story",
    [
        "The cat and/or the dog walked home.",
        "He/she ran.",
        "She left at 5.30 pm",
        "Ember runs home",
        "Run!",
        "狐は森へ行った。",
        '"No."',
        "It cost 3.50 at fox.example.com, said the owl.",
    ],
)
def test_what_reads_like_a_sentence_is_one(story: str) -> None:
    from storyforge.cli.options import story_text

    assert story_text(story)[0] == story


def test_a_storyboard_is_no_story(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("film", "two.yaml") == 2
    assert "storyforge render two.yaml makes its film" in capsys.readouterr().err


def test_a_bad_storyboard_names_every_mistake(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    board.write_text(
        BOARD.replace("who: owl", "who: bear")
        .replace("seconds: 1,", "seconds: -1,")
        .replace("shot: close", "sht: close")
    )
    before = files(board.parent)
    for verb in ("check", "render", "prompts"):
        assert run(verb, "two.yaml") == 2
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) >= 3
        assert all(line.startswith("two.yaml:") for line in lines)
    assert files(board.parent) == before


def test_an_unknown_renderer(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    board.write_text(BOARD.replace("size:", "renderer: tuun\nsize:"))
    assert run("render", "two.yaml") == 2
    assert "toon" in capsys.readouterr().err
    assert files(board.parent) == ["two.yaml"]


def test_a_storyboard_that_is_not_there(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("render", "three.yaml") == 2
    assert "three.yaml" in capsys.readouterr().err


def test_a_file_where_the_folder_should_be(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (board.parent / "two").write_text("in the way")
    assert run("render", "two.yaml") == 2
    assert "two is a file" in capsys.readouterr().err


def test_the_demo_does_not_write_over_a_file(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (board.parent / "fox-and-lantern").write_text("in the way")
    assert run("demo") == 2
    assert "fox-and-lantern is a file; name another folder with --out" in capsys.readouterr().err
    assert (board.parent / "fox-and-lantern").read_text() == "in the way"


def test_a_bug_is_a_sentence_too(
    board: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import storyforge.storyboard

    def broken(path: Path) -> None:
        raise ZeroDivisionError("one of ours")

    monkeypatch.setattr(storyforge.storyboard, "load", broken)
    assert run("check", "two.yaml") == 1
    err = capsys.readouterr().err
    assert "this should not happen: ZeroDivisionError one of ours" in err
    assert "Traceback" not in err


def test_ctrl_c_is_a_sentence(board: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import storyforge.storyboard

    def interrupted(path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(storyforge.storyboard, "load", interrupted)
    assert run("check", "two.yaml") == 130
    assert "stopped; what is finished is kept" in capsys.readouterr().err


def test_single_shots_are_named_and_no_film_is_spoken_of(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from PIL import Image

    cards = """\
      - {id: blue, source: "#203040", seconds: 0.5}
      - {id: sea, source: sea.png, seconds: 0.5}
"""
    board.write_text(BOARD.partition("      - {id: walk")[0] + cards)
    Image.new("RGB", (64, 36), "navy").save(board.parent / "sea.png")
    only = ("render", "two.yaml", "--only", "blue", "--only", "sea", "--workers", "1")
    assert run(*only) == 0
    said = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert said[-2:] == [["shot", "two/shots/blue.mp4"], ["shot", "two/shots/sea.mp4"]]
    (board.parent / "sea.png").write_text("no picture")
    assert run(*only) == 5
    captured = capsys.readouterr()
    assert captured.err.splitlines()[-1] == "storyforge: sea: could not be made; render again to try just these"
    assert "sea.mp4" not in captured.out
    assert "film.mp4" not in captured.out


def tracks(film: Path) -> list[str]:
    """The kinds of a film's tracks."""
    import av

    with av.open(str(film)) as file:
        return sorted(stream.type for stream in file.streams)


@pytest.mark.slow
def test_a_film_from_a_sentence(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    started = time.monotonic()
    folder = board.parent / "film"
    story = "Ember the fox ran through the snow."
    arguments = ("film", story, "-o", str(folder), "--size", "128x72", "--length", "3", "--workers", "1")
    assert run(*arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "offline planner" in lines[0]
    assert lines[-2].split()[:2] == ["film", str(folder / "film.mp4")]
    assert lines[-1].split() == ["contact", "sheet", str(folder / "film.board.png")]
    assert {"storyboard.yaml", "film.mp4", "film.srt", "film.board.png", "shots", ".storyforge", ".gitignore"} <= set(
        files(folder)
    )
    (folder / "storyboard.yaml").write_text((folder / "storyboard.yaml").read_text() + "# mine\n")
    assert run(*arguments, "--json") == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["film"] == str(folder / "film.mp4")
    assert "was edited, so it is kept as it is" in captured.err
    assert tracks(folder / "film.mp4") == ["audio", "video"]
    assert run("render", str(folder), "--silent", "--workers", "1") == 0
    assert tracks(folder / "film.mp4") == ["video"]
    assert time.monotonic() - started < 600
