"""The pages are true: every command they show is one the command line takes, every example is read or compiled."""

import ast
import gc
import importlib
import re
import shlex
import warnings
from functools import cache
from io import StringIO
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[tuple[str, str]]:
    """Page and text of every fenced block in a language."""
    return [(page.name, text) for page in PAGES for kind, text in FENCE.findall(page.read_text()) if kind == language]


def lines(program: str) -> list[tuple[str, list[str]]]:
    """Page and words of every shell line that runs `program`, comments left out."""
    shown = [(page, shlex.split(line, comments=True)) for page, text in blocks("sh") for line in text.splitlines()]
    return [(page, words) for page, words in shown if words[:1] == [program]]


@cache
def help_of(*verbs: str) -> str:
    """What the command line itself says of a verb."""
    from storyforge.cli import main

    out = StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["storyforge", *verbs, "--help"])
        patch.setattr("sys.stdout", out)
        with pytest.raises(SystemExit) as ended:
            main()
    assert not ended.value.code, f"storyforge {' '.join(verbs)} --help ends with {ended.value.code}"
    return out.getvalue()


def verbs_of(words: list[str]) -> tuple[str, ...]:
    """`bench film` of `storyforge bench film --json`, `film` of `storyforge film x.txt`."""
    known = words[1:2]
    if known == ["bench"]:
        known = words[1:3]
    return tuple(known)


@pytest.mark.parametrize(("page", "words"), lines("storyforge"), ids=lambda value: str(value))
def test_every_command_shown_exists(page: str, words: list[str]) -> None:
    said = help_of(*verbs_of(words))
    for word in words:
        if word.startswith("--"):
            assert re.search(rf"{re.escape(word.split('=')[0])}\b", said), f"{page}: {' '.join(words)}: no {word}"


def test_every_command_named_in_the_text_exists() -> None:
    every = help_of()
    for page in PAGES:
        for name in re.findall(r"`storyforge ([a-z]+)[^`]*`", page.read_text()):
            assert re.search(rf"^\W*{name}\b", every, re.MULTILINE), f"{page.name} names `storyforge {name}`"


def test_make_targets_shown_exist() -> None:
    targets = re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for page, words in lines("make"):
        assert words[1] in targets, f"{page} shows make {words[1]}"


def test_modules_shown_exist() -> None:
    for page, words in lines("python"):
        if words[1] == "-m" and words[2].startswith("storyforge."):
            assert (ROOT / Path(*words[2].split("."))).with_suffix(".py").exists(), f"{page}: {' '.join(words)}"
        elif words[1].endswith(".py"):
            assert (ROOT / words[1]).exists(), f"{page}: {' '.join(words)}"


@pytest.mark.parametrize(("page", "text"), [b for b in blocks("yaml") if "scenes:" in b[1]], ids=lambda v: str(v)[:20])
def test_storyboards_shown_load(page: str, text: str) -> None:
    from storyforge import storyboard

    assert storyboard.loads(text, ROOT / "storyboards" / page).board.scenes


@pytest.mark.parametrize(("page", "text"), blocks("python"), ids=lambda value: str(value)[:20])
def test_python_shown_names_what_exists(page: str, text: str) -> None:
    """Compiles the example and looks up every name it takes from storyforge."""
    tree = ast.parse(text, page)
    storyforge = importlib.import_module("storyforge")
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("storyforge"):
            module = importlib.import_module(node.module or "")
            assert not [alias.name for alias in node.names if not hasattr(module, alias.name)]
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "storyforge":
            assert hasattr(storyforge, node.attr), f"{page}: storyforge.{node.attr}"


def test_torch_is_the_one_that_was_tested() -> None:
    """The build for the processor is installed first, so its version has to be what the second line asks for."""
    (shown,) = {word for page, words in lines("python") for word in words if word.startswith("torch==")}
    assert shown in (ROOT / "constraints.txt").read_text().splitlines()


@pytest.mark.slow
def test_readme_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Word for word and in order, but for size, rate and length; the demo's film is too long for a test."""
    from storyforge.cli import main
    from storyforge.production.executors import Inline

    monkeypatch.chdir(tmp_path)
    (tmp_path / "story.txt").write_text("Ember the fox walked home. It snowed.")
    board = next(text for page, text in blocks("yaml") if page == "README.md")
    (tmp_path / "storm.yaml").write_text(f"size: 96x64\nfps: 8\nrate: native\n{board}")
    ran = 0
    for page, words in lines("storyforge"):
        if page != "README.md" or words[1] == "demo":
            continue
        instead = {"30s": "3s"} if words[1] == "plan" else {"30s": "3s", "storyboard.yaml": "storm.yaml"}
        words = [instead.get(word, word) for word in words]
        small = ["--size", "96x64"] if words[1] == "film" else []
        with pytest.raises(SystemExit) as ended:
            main([*words[1:], *small])
        assert not ended.value.code, " ".join(words)
        ran += 1
        # One film is drawn by processes; to start them for every command takes longer than what they draw.
        monkeypatch.setattr("storyforge.production.run.Workers", lambda count, log: Inline())
    assert ran >= 16
    assert (tmp_path / "story" / "film.mp4").exists()
    assert (tmp_path / "storyboard.yaml").exists()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # moviepy leaves its pipes open
def test_readme_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Word for word, but for size and length."""
    from storyforge.production.executors import Inline

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("storyforge.production.run.Workers", lambda count, log: Inline())  # they drew a film above
    for page, text in blocks("python"):
        if page == "README.md":
            for shown, instead in (("320x180", "96x64"), ("length=4", "length=2"), ("seconds=2", "seconds=1")):
                text = text.replace(shown, instead)
            exec(compile(text, page, "exec"), {"__name__": "example"})
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        gc.collect()
    assert (tmp_path / "ember" / "film.mp4").exists()
    assert len(list((tmp_path / "versions").glob("*/film.mp4"))) == 4
    assert (tmp_path / "small.mp4").stat().st_size > 1000


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_nobody_is_told_to_install_the_other_storyforge() -> None:
    wrong = re.compile(r"pip install (?:-\S+ )*[\"']?storyforge(?!-film)")
    texts = [*PAGES, ROOT / "CHANGELOG.md", *(ROOT / "storyforge").rglob("*.py")]
    assert not [path.name for path in texts if wrong.search(path.read_text())]
