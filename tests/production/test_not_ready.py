"""A renderer that is not ready here: what it made is known and shown, and what it should make is told with why not."""

import json
from pathlib import Path
from typing import NoReturn

import pytest
from paint import BOARD, Paint

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


def test_nothing_is_thrown_away_where_it_is_not_known_what_is_needed(elsewhere: Project) -> None:
    with pytest.raises(RenderError, match="a/fox"):
        elsewhere.litter()


@pytest.mark.parametrize("asked", ["status", "status --json", "render --dry-run", "render --dry-run --json"])
def test_a_film_says_what_it_would_need(
    asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "renderers").mkdir()
    (tmp_path / "renderers" / "slow.yaml").write_text(PROFILE)
    (tmp_path / "storyboard.yaml").write_text(GPU)
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
