"""A renderer that is not ready here: what it made is known and shown, and what it should make is told with why not."""

import json
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from paint import BOARD, Paint
from test_run import Heard

from storyforge.backends import Capabilities
from storyforge.cli import main
from storyforge.errors import RenderError
from storyforge.production import ALL, Order, Project, Renderer, Renderers

SAID = "renderer toon is not ready: it needs the checkpoint a/fox: `hf download a/fox` fetches it"
PROFILE = """\
backend: diffusers
licence: none
pipeline: WanPipeline
checkpoint: a/fox
clip: {frames: 9, fps: 16, size: [48, 32], ratio: 4}
keyframes: {pipeline: StableDiffusionPipeline, checkpoint: a/moth}
"""
GPU = "storyforge: 1\nrenderer: slow\nscenes: [{id: day, shots: [{id: a, seconds: 3, action: A fox runs}]}]\n"


class Gone:
    """A renderer whose checkpoint is on another machine: all that is known of it is its profile."""

    capabilities = Paint().capabilities

    @property
    def fingerprint(self) -> NoReturn:
        raise RenderError(SAID)


@pytest.fixture
def elsewhere(tmp_path: Path, project: Project) -> Project:
    """The rendered project, where its renderer is not."""
    return Project(tmp_path, renderers=Renderers(open=lambda name, project: Renderer(name, Gone())))  # type: ignore[arg-type]


def test_what_was_made_elsewhere_is_current(elsewhere: Project) -> None:
    found = elsewhere.status(Order(silent=True))
    assert {(shot.state, shot.made_by) for shot in found.shots} == {("current", "")}
    assert (found.lacks, found.upgradable) == ((), ())
    assert all(step.done for step in found.steps)
    assert [take.shown for take in elsewhere.takes("walk")["walk"]] == [True]


def test_what_is_to_be_made_is_told_with_why_it_cannot(elsewhere: Project) -> None:
    assert elsewhere.status(Order(upgrade=(ALL,))).lacks == (SAID,)
    elsewhere.path.write_text(BOARD.replace("runs", "hides"), encoding="utf-8")
    found = elsewhere.status()
    assert found.lacks == (SAID,)
    assert [shot.id for shot in found.shots if shot.state == "stale"] == ["walk", "run"]
    with pytest.raises(RenderError, match="a/fox"):
        elsewhere.produce(Order(workers=1))


def test_a_render_that_needs_no_renderer_is_made(elsewhere: Project) -> None:
    elsewhere.path.write_text(BOARD.replace("Ember walked.", "Ember strode."), encoding="utf-8")
    found = elsewhere.status(Order(silent=True))
    assert (found.lacks, [step.kind for step in found.steps if not step.done]) == ((), ["film"])
    told = Heard()
    made = elsewhere.produce(Order(workers=1, silent=True), told)
    assert (made.failed, told.done("film"), told.done("draw")) == ({}, ["film.mp4"], [])
    assert elsewhere.status(Order(silent=True)).lacks == ()
    assert all(step.done for step in elsewhere.survey(Order(silent=True)))


def test_a_shot_of_another_renderer_is_made(tmp_path: Path) -> None:
    class Alone(Paint):
        @property
        def capabilities(self) -> Capabilities:
            return replace(super().capabilities, panels="alone")

    away = "- id: talk\n        renderer: wan-2.1-t2v-1.3b\n"
    (tmp_path / "storyboard.yaml").write_text(BOARD.replace("- id: talk\n", away), encoding="utf-8")

    class Away(Gone):
        capabilities = Alone().capabilities

    both = {"toon": Alone(), "wan-2.1-t2v-1.3b": Away()}
    project = Project(tmp_path, renderers=Renderers(open=lambda name, _: Renderer(name, both[name])))  # type: ignore[arg-type]
    told = Heard()
    with pytest.raises(RenderError, match="a/fox"):
        project.produce(Order(workers=1, silent=True), told)
    assert not told, "before anything was made"
    assert project.status(Order(only=("sleep",))).lacks == ()
    project.produce(Order(workers=1, only=("sleep",)), told)
    assert told.done("draw") == ["sleep"]


def test_a_damaged_shot_is_no_placeholder_where_it_cannot_be_made(elsewhere: Project, tmp_path: Path) -> None:
    film = (tmp_path / "film.mp4").read_bytes()
    with elsewhere.surveyed() as survey:
        take = survey.store.look(survey.chosen.kept["talk"].key)
    assert take is not None
    content = take.path.read_bytes()
    take.path.unlink()  # what was published is the same file
    take.path.write_bytes(content[:-1] + b"?")
    with pytest.raises(RenderError, match="a/fox"):
        elsewhere.produce(Order(workers=1, silent=True))
    assert (tmp_path / "film.mp4").read_bytes() == film


def test_a_draft_of_takes_needs_no_renderer(elsewhere: Project) -> None:
    ids = ("walk", "run", "talk", "sleep")
    locked = BOARD
    for name in ids:
        locked = locked.replace(f"- id: {name}\n", f"- id: {name}\n        lock: true\n")
    elsewhere.path.write_text(locked, encoding="utf-8")
    order = Order(workers=1, silent=True, draft=True)
    assert elsewhere.status(order).lacks == ()
    assert not elsewhere.produce(order).failed


def test_nothing_is_thrown_away_where_it_is_not_known_what_is_needed(elsewhere: Project) -> None:
    with pytest.raises(RenderError, match="a/fox"):
        elsewhere.litter()


def of_a_gpu(folder: Path) -> None:
    """A project whose renderer's checkpoints are not here."""
    (folder / "renderers").mkdir()
    (folder / "renderers" / "slow.yaml").write_text(PROFILE)
    (folder / "storyboard.yaml").write_text(GPU)


@pytest.mark.parametrize("asked", ["status", "render --dry-run", "render --yes", "renderers slow"])
def test_a_checkpoint_that_was_fetched_in_part_is_lacked_by_all(
    asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    of_a_gpu(tmp_path)
    for name in ("fox", "moth"):  # as `hf download a/fox --include 'tokenizer*/*'` leaves it
        kept = tmp_path / "hub" / f"models--a--{name}"
        (kept / "snapshots" / "abc" / "tokenizer").mkdir(parents=True)
        (kept / "snapshots" / "abc" / "tokenizer" / "vocab.json").write_text("{}")
        (kept / "refs").mkdir()
        (kept / "refs" / "main").write_text("abc")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.chdir(tmp_path)
    verb, *options = asked.split()
    with pytest.raises(SystemExit) as ended:
        main([verb, *(["storyboard.yaml"] if verb != "renderers" else []), *options])
    told = capsys.readouterr()
    snapshot = tmp_path / "hub" / "models--a--fox" / "snapshots" / "abc"
    said = (
        f"{snapshot} has no model_index.json, so it is no checkpoint in diffusers' form or was not fetched whole: "
        "`hf download a/fox` again fetches the rest"
    )
    if verb == "renderers":
        assert not ended.value.code
        assert " ".join(said.split()[1:]) in " ".join(told.out.split())
    else:
        assert ended.value.code == 4
        assert told.err == f"storyforge: renderer slow is not ready: {said}\n"
        assert not (tmp_path / "cast").exists()
        assert not (tmp_path / "panels").exists()


@pytest.mark.parametrize("asked", ["status", "status --json", "render --dry-run", "render --dry-run --json"])
def test_a_film_says_what_it_would_need(
    asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    of_a_gpu(tmp_path)
    monkeypatch.chdir(tmp_path)
    verb, *options = asked.split()
    with pytest.raises(SystemExit) as ended:
        main([verb, "storyboard.yaml", *options])
    assert ended.value.code == 4
    told = capsys.readouterr()
    assert told.err == (
        "storyforge: renderer slow is not ready: it needs the checkpoints a/fox, a/moth: `hf download a/fox`, "
        "`hf download a/moth` fetch them\n"
    )
    if "--json" in options:
        facts = json.loads(told.out)
        steps = facts["steps"] if verb == "status" else facts
        assert [step["name"] for step in steps if step["kind"] == "draw"] == ["a"]
    else:
        assert "slow: 72 frames at 24 are 48 at 16, rendered as 49; 48x32 -> 52x30" in told.out
        assert ("a  missing" if verb == "status" else "1 of 1   to make: a") in told.out
        assert "how long that takes is known once some of it is rendered" in told.out
    assert not (tmp_path / ".storyforge").exists()
