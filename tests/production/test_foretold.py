"""What is said of time and cost before a render: by what each renderer took here, and nothing where nobody knows."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from paint import BOARD, Paint, rendered, studio

from storyforge.backends import Capabilities
from storyforge.cli import main
from storyforge.cli.build import UNTOLD, summary
from storyforge.production import Order, Project, Renderer, Renderers, total_seconds

SILENT = Order(workers=1, silent=True)
GPU = "wan-2.1-t2v-1.3b"
Ask = Callable[..., tuple[int, str, str]]


class Heavy(Paint):
    """A renderer that needs a GPU."""

    @property
    def capabilities(self) -> Capabilities:
        return replace(super().capabilities, light=False)


def owned(folder: Path, board: str) -> Project:
    """A project of two renderers: toon, and one that needs a GPU, for money."""
    (folder / "storyboard.yaml").write_text(board, encoding="utf-8")
    gpu = Heavy(fingerprint="gpu")

    def opened(name: str, _: Path | None) -> Renderer:
        return Renderer(name, gpu, cost_per_hour=3.0) if name == GPU else Renderer(name, Paint())

    return Project(folder, renderers=Renderers(open=opened))


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Runs a verb on a project: its exit code, and what it said."""

    def asked(project: Project, verb: str, *options: str) -> tuple[int, str, str]:
        monkeypatch.setattr(Project, "of", lambda board, folder=None: project)
        with pytest.raises(SystemExit) as ended:
            main([verb, "storyboard.yaml", *options])
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return asked


def on_gpu(board: str, *shots: str) -> str:
    for name in shots:
        board = board.replace(f"- id: {name}\n", f"- id: {name}\n        renderer: {GPU}\n")
    return board


def test_a_gpu_is_not_told_by_the_pace_of_toon(tmp_path: Path, ask: Ask) -> None:
    rendered(tmp_path, Paint())
    project = owned(tmp_path, BOARD.replace("fps: 12", f"fps: 12\nrenderer: {GPU}"))
    found = project.status(SILENT)
    assert (found.seconds, found.cost, found.foretold, found.measured) == (None, None, False, False)
    said = summary(found)[1]
    assert UNTOLD in said
    assert "pace" not in said
    assert "price" not in said
    facts: dict[str, Any] = json.loads(ask(project, "status", "--json")[1])
    assert (facts["seconds"], facts["cost"], facts["foretold"]) == (None, None, False)
    steps = json.loads(ask(project, "render", "--dry-run", "--json")[1])
    assert {step["kind"] for step in steps if step["seconds"] is None} == {"cast", "panels", "level", "draw"}
    assert all(step["seconds"] > 0 for step in steps if step["kind"] in ("sound", "film"))
    assert ask(project, "render", "--dry-run")[1].splitlines()[-1] == UNTOLD


def test_it_is_told_by_its_own_once_it_did_such_work(tmp_path: Path) -> None:
    board = BOARD.replace("fps: 12", f"fps: 12\nrenderer: {GPU}")
    project = owned(tmp_path, board)
    project.produce(replace(SILENT, until="panels"))
    steps = project.survey(SILENT)
    assert {step.kind for step in steps if step.seconds is None} == {"level", "draw"}
    project.produce(SILENT)
    project.path.write_text(board.replace("sleeps", "dreams"), encoding="utf-8")
    found = project.status(SILENT)
    assert found.measured
    assert found.seconds
    assert found.cost == found.seconds * 3 / 3600
    assert "by this project's own pace" in summary(found)[1]


def test_each_renderer_for_itself(tmp_path: Path) -> None:
    rendered(tmp_path, Paint())
    project = owned(tmp_path, on_gpu(BOARD.replace("walks", "hops"), "talk"))
    found = project.status(SILENT)
    assert not found.foretold
    known = {step.renderer for step in found.steps if not step.done and step.seconds is not None}
    assert known == {"toon", ""}
    assert project.status(replace(SILENT, only=("walk",))).foretold, "nothing of the other's is wanted"
    project.produce(replace(SILENT, only=("talk",)))
    project.path.write_text(on_gpu(BOARD.replace("walks", "limps"), "talk"), encoding="utf-8")
    assert project.status(SILENT).foretold


def test_a_laptop_is_not_told_by_the_pace_of_a_gpu(tmp_path: Path) -> None:
    board = BOARD.replace("fps: 12", f"fps: 12\nrenderer: {GPU}")
    owned(tmp_path, board).produce(SILENT)
    found = owned(tmp_path, BOARD).status(SILENT)
    common = studio(tmp_path / "fresh", BOARD, Paint()).status(SILENT)
    assert (found.foretold, found.measured) == (True, False)
    drawn = [[step for step in one.steps if step.kind == "draw"] for one in (found, common)]
    assert drawn[0] == drawn[1]
    assert "by a common laptop's pace" in summary(found)[1]


def test_no_duration_is_asked_about_that_nobody_knows(tmp_path: Path, ask: Ask) -> None:
    board = BOARD.replace("seconds: 3\n", "seconds: 6000\n")
    code, _, said = ask(owned(tmp_path, on_gpu(board, "talk")), "render", "--silent")
    assert code == 2
    assert said == (
        "storyforge: this render costs what nobody knows before some of it is made, by the price in its renderer's "
        "profile: add --yes to start (or --max-time, --max-cost)\n"
    )
    code, _, said = ask(owned(tmp_path, board), "render", "--silent")
    assert code == 2
    assert "this render takes about " in said


def test_what_takes_next_to_nothing_is_still_to_make(tmp_path: Path, ask: Ask) -> None:
    project = rendered(tmp_path, Paint())
    project.produce(Order(workers=1))
    told = ask(project, "render", "--dry-run", "--silent")[1].splitlines()
    assert told[-2:] == ["film       1 of 1   to make, about 1 s: film.mp4", "about 1 s of work"]
    assert total_seconds(project.survey(SILENT)) == 0
    assert ask(project, "render", "--dry-run")[1].splitlines()[-1] == "nothing to make"
