"""`render --only`: of panels that are made one by one, those that the wanted shots need, as in a whole render."""

from pathlib import Path

import pytest

from storyforge.backends.diffusers.keyframes import Painter
from storyforge.production import Order, Project
from storyforge.production.events import TaskDone

PROFILE = """
backend: diffusers
licence: CreativeML-OpenRAIL-M
pipeline: AnimateDiffPipeline
checkpoint: ../checkpoints/animatediff/image
device: cpu
clip: {{frames: 4, fps: 8, size: [24, 16], ratio: 1, multiple: 8}}
infill: held
components:
  motion_adapter: {{class: MotionAdapter, checkpoint: ../checkpoints/animatediff/motion}}
  scheduler: {{class: DDIMScheduler, settings: {{timestep_spacing: linspace}}}}
defaults: {{steps: 1, guidance: 2.0}}
keyframes:
  pipeline: StableDiffusionPipeline
  checkpoint: ../checkpoints/animatediff/image
  multiple: 8
  defaults: {{steps: 2, guidance: 2.0}}
  references: {references}
"""
BOARD = """\
storyforge: 1
title: "Only"
renderer: drawn
size: 96x64
fps: 8
cast:
  ember: {description: "a small orange fox"}
  moth: {description: "a grey moth"}
places: {stairs: {description: "blue stairs"}}
scenes:
  - id: storm
    shots:
      - {id: a, seconds: 0.5, cast: [ember], action: "Ember walks"}
      - {id: b, seconds: 0.5, place: stairs, action: "a storm"}
      - {id: c, seconds: 0.5, cast: [ember], action: "Ember runs"}
      - {id: d, seconds: 0.5, cast: [moth], action: "the moth flies"}
      - {id: e, seconds: 0.5, cast: [moth], action: "the moth climbs", join: flow}
"""


def studio(project: Path, folder: Path, references: str) -> Project:
    (folder / "renderers").mkdir(parents=True)
    (folder / "checkpoints").symlink_to(project / "checkpoints")
    (folder / "renderers" / "drawn.yaml").write_text(PROFILE.format(references=references))
    (folder / "storyboard.yaml").write_text(BOARD)
    return Project(folder)


def made(studio: Project, order: Order) -> set[str]:
    """What a render makes, as a survey says beforehand: sheets and panels."""
    expected = {step.name for step in studio.survey(order) if step.kind in ("cast", "panels") and not step.done}
    events: list[TaskDone] = []
    studio.produce(order, lambda event: events.append(event) if isinstance(event, TaskDone) else None)
    assert {event.name for event in events if event.kind == "panels" and not event.reused} == {
        name for name in expected if name in "abcde"
    }
    assert sum(event.units for event in events if event.kind == "cast" and not event.reused) == len(
        [name for name in expected if name not in "abcde"]
    )
    return expected


def panels(studio: Project) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in (studio.folder / "panels").glob("*.png")}


@pytest.mark.parametrize(
    ("references", "needed"),
    [
        ("null", {"d", "e", "moth"}),
        ("{by: bank, most: 2}", {"a", "b", "d", "e", "ember", "moth", "stairs"}),
    ],
)
def test_only_what_a_shot_needs_is_made_and_is_what_a_whole_render_makes(
    references: str, needed: set[str], project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[str] = []
    plain = Painter.picture
    monkeypatch.setattr(Painter, "picture", lambda *asked: painted.append(asked[3].shot) or plain(*asked))
    whole, part = (studio(project, tmp_path / name, references) for name in ("whole", "part"))
    assert len(made(whole, Order(until="panels"))) == 5 + 3
    assert sorted(painted) == [*"abcde", "ember", "moth", "stairs"], "each once"
    assert made(part, Order(until="panels", only=["e"])) == needed
    first, every = panels(part), panels(whole)
    assert first == {name: every[name] for name in needed if name in every}
    assert made(part, Order(until="panels", only=["e"])) == set()
    rest = made(part, Order(until="panels"))
    assert rest | needed == {*"abcde", "ember", "moth", "stairs"}
    assert not rest & needed
    assert panels(part) == every


def test_a_shot_is_the_same_without_the_others_panels(project: Path, tmp_path: Path) -> None:
    whole, part = (studio(project, tmp_path / name, "null") for name in ("whole", "part"))
    whole.produce(Order(workers=1, silent=True, captions="off"))
    film = part.produce(Order(workers=1, only=["c"]))
    assert not film.failed
    assert [path.name for path in (part.folder / "shots").glob("*.mp4")] == ["c.mp4"]
    assert (part.folder / "shots" / "c.mp4").read_bytes() == (whole.folder / "shots" / "c.mp4").read_bytes()
    assert {step.name for step in part.survey(Order(only=["c"])) if not step.done} == set()
