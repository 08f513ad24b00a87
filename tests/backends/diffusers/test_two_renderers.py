"""A storyboard of two shots becomes a film through tiny checkpoints: YAML in, mp4 out, nothing of toon in between."""

import shutil
from pathlib import Path

import storyforge
from storyforge.film import Reader
from storyforge.production import Order, Project, events

BOARD = """\
storyforge: 1
title: "Two shots"
renderer: tiny-wan
size: 96x64
fps: 16
cast:
  ember: {description: "a small orange fox", wears: "a blue scarf"}
places:
  lighthouse: {description: "a white lighthouse"}
scenes:
  - id: storm
    place: lighthouse
    shots:
      - {id: one, seconds: 0.75, cast: [ember], action: "Ember walks"}
      - {id: two, renderer: tiny-animatediff, seconds: 0.5, cast: [ember], action: "Ember climbs"}
"""
PAINTED = """\
backend: diffusers
licence: none
pipeline: AnimateDiffPipeline
checkpoint: ../checkpoints/animatediff/image
device: cpu
clip: {frames: 8, fps: 8, size: [24, 16], ratio: 1, multiple: 8}
keeps: latents
levels: [4, 1]
infill: held
components: {motion_adapter: {class: MotionAdapter, checkpoint: ../checkpoints/animatediff/motion}}
keyframes:
  pipeline: StableDiffusionPipeline
  checkpoint: ../checkpoints/animatediff/image
  multiple: 8
  defaults: {steps: 2}
defaults: {steps: 2, guidance: 2.0}
"""
BRIEF = """\
storyforge: 1
renderer: painted
size: 96x64
fps: 8
cast: {ember: {description: "a small orange fox"}}
scenes:
  - id: storm
    shots:
      - {id: one, seconds: 0.5, cast: [ember], action: "Ember walks"}
      - {id: two, seconds: 0.75, cast: [ember], action: "Ember climbs"}
"""


def test_two_shots_on_two_renderers_are_a_film_and_are_kept(project: Path, tmp_path: Path) -> None:
    for name in ("renderers", "checkpoints"):
        shutil.copytree(project / name, tmp_path / name)
    (tmp_path / "board.yaml").write_text(BOARD)
    made = storyforge.render(tmp_path / "board.yaml", tmp_path / "board", workers=1, captions="off")
    assert not made.failed
    assert made.frames == 20
    assert made.film is not None
    before = made.film.read_bytes()
    assert before[4:8] == b"ftyp"
    shots = sorted(path.stem for path in (made.folder / "shots").glob("*.mp4"))
    assert shots == ["one", "two"]
    again = storyforge.render(tmp_path / "board.yaml", tmp_path / "board", workers=1, captions="off")
    assert again.film is not None
    assert again.film.read_bytes() == before


def made(project: Project) -> list[str]:
    """Renders; what was made."""
    found: list[str] = []

    def hear(event: events.Event) -> None:
        if isinstance(event, events.TaskDone) and not event.reused:
            found.append(f"{event.kind} {event.name}")

    project.produce(Order(workers=1, silent=True, captions="off"), hear)
    return found


def test_a_shot_that_gets_longer_keeps_the_picture_that_it_starts_with(project: Path, tmp_path: Path) -> None:
    for name in ("renderers", "checkpoints"):
        shutil.copytree(project / name, tmp_path / name)
    (tmp_path / "renderers" / "painted.yaml").write_text(PAINTED)
    board, film = tmp_path / "storyboard.yaml", Project(tmp_path)
    board.write_text(BRIEF)
    assert {"panels one", "panels two", "level one/4", "level two/1"} < set(made(film))
    panels = {path.name: path.read_bytes() for path in (tmp_path / "panels").iterdir()}
    board.write_text(BRIEF.replace("seconds: 0.5", "seconds: 1"))
    assert made(film) == ["level one/4", "level one/1", "draw one", "film film.mp4"]
    board.write_text(BRIEF.replace("fps: 8", "fps: 16"))
    assert not [name for name in made(film) if name.startswith(("cast", "panels", "level"))]
    board.write_text(BRIEF.replace("climbs", "runs"))
    assert "panels two" in made(film)
    now = {path.name: path.read_bytes() for path in (tmp_path / "panels").iterdir()}
    assert {name for name in now if now[name] != panels[name]} == {"two.png"}


def test_other_rates_join_to_a_frame(project: Path, tmp_path: Path) -> None:
    for name in ("renderers", "checkpoints"):
        shutil.copytree(project / name, tmp_path / name)
    board = BOARD.replace("fps: 16", "fps: 24\nrate: blend") + (
        '      - {id: three, renderer: toon, seconds: 0.5, cast: [ember], action: "Ember walks"}\n'
        "      - {id: four, seconds: 0.25, cast: [ember], join: {kind: dissolve, seconds: 0.125}}\n"
    )
    (tmp_path / "storyboard.yaml").write_text(board)
    made = storyforge.render(tmp_path / "storyboard.yaml", workers=1, captions="off", silent=True)
    assert not made.failed
    lengths = {"one": 18, "two": 12, "three": 12, "four": 6}
    assert made.frames == sum(lengths.values()) - 3
    assert made.film is not None
    assert Reader(made.film).count == made.frames
    assert {name: Reader(made.folder / "shots" / f"{name}.mp4").count for name in lengths} == lengths
    assert Project.of(tmp_path / "storyboard.yaml").conforms() == [
        "tiny-wan: 18 frames at 24 are 12 at 16, rendered as 13; 48x32 -> 96x64 (one, its longest)",
        "tiny-animatediff: 12 frames at 24 are 4 at 8; 24x16 -> 96x64",
    ]
