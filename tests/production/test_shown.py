"""Shots that show a source: nothing is cast, sampled or decoded for them, and all else is as with any shot."""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from paint import Paint, studio
from PIL import Image

from storyforge.errors import StoryboardError
from storyforge.film import Reader, write_shot
from storyforge.production import Order, Project, events

INLINE = Order(workers=1, silent=True)
BOARD = """\
storyforge: 1
title: "The Sea"
size: 96x64
fps: 12
cast: {ember: "a small orange fox"}
places: {meadow: "a green meadow"}
scenes:
  - id: one
    place: meadow
    shots:
      - {id: card, source: "#102030", seconds: 1, titles: ["The Sea"]}
      - {id: sea, source: sea.png, seconds: 2, camera: {move: push-in}, join: {kind: dissolve, seconds: 0.5}}
      - {id: walk, seconds: 1, cast: [ember]}
      - {id: waves, source: waves.mp4, seconds: 1.5, join: {kind: fade, seconds: 0.5}, narration: "It never sleeps."}
"""
SOURCES = BOARD.replace("      - {id: walk, seconds: 1, cast: [ember]}\n", "")


class Heard(list[events.Event]):
    """Events, as a `tell`."""

    def __call__(self, event: events.Event) -> None:
        self.append(event)

    def done(self, kind: str) -> list[str]:
        """Names of tasks of a kind that were run."""
        return [e.name for e in self if isinstance(e, events.TaskDone) and e.kind == kind and not e.reused]


def gather(folder: Path, board: str = BOARD, paint: Paint | None = None) -> Project:
    """A project with a picture and a film beside its storyboard."""
    project = studio(folder, board, paint or Paint())
    if not (folder / "sea.png").exists():
        picture = np.zeros((300, 400, 3), np.uint8)
        picture[:, 200:] = (200, 150, 40)
        Image.fromarray(picture).save(folder / "sea.png")
        waves = (np.full((48, 80, 3), 10 * number, np.uint8) for number in range(24))
        write_shot(folder / "waves.mp4", waves, (80, 48), Fraction(24))
    return project


def test_a_source_costs_no_diffusion(tmp_path: Path) -> None:
    paint, heard = Paint(), Heard()
    made = gather(tmp_path, paint=paint).produce(INLINE, heard)
    assert not made.failed
    assert made.frames == Reader(tmp_path / "film.mp4").count == 12 + 24 + 12 + 18 - 6
    assert [[part.shot for part in request.parts] for request in paint.requests(0)] == [["walk"]]
    assert [request.id for request in paint.requests(1)] == ["walk/1"]
    assert sorted(paint.casts) == ["ember", "meadow"], "the meadow is where walk is; the sources need no place"
    assert {name for name, _, _ in paint.decoded} == {"panels", "walk/1"}
    assert sorted(heard.done("draw")) == ["card", "sea", "walk", "waves"]
    assert sorted(path.stem for path in (tmp_path / "panels").glob("*.png")) == ["card", "sea", "walk", "waves"]
    assert (np.asarray(Image.open(tmp_path / "panels" / "card.png")) == (16, 32, 48)).all()
    steps = [event for event in heard if isinstance(event, events.Progress)]
    assert steps[-1].done > 0.95 * steps[-1].total


def test_what_it_shows_is_in_the_film(tmp_path: Path) -> None:
    gather(tmp_path).produce(INLINE)
    sea = Reader(tmp_path / "shots" / "sea.mp4").frame(0).astype(int)
    assert np.abs(sea[:, 10] - (0, 0, 0)).max() < 8
    assert np.abs(sea[:, -10] - (200, 150, 40)).max() < 8
    waves = [frame.mean() for frame in Reader(tmp_path / "shots" / "waves.mp4").frames()]
    assert np.allclose(waves[:12], [20 * number + 10 for number in range(12)], atol=3), "every second frame"
    assert np.allclose(waves[12:], 230, atol=3), "then its last one"
    assert np.abs(Reader(tmp_path / "film.mp4").frame(0).astype(int)[:8] - (16, 32, 48)).max() < 6, (
        "a card is not dimmed"
    )


def test_a_film_of_sources_alone_needs_no_renderer(tmp_path: Path) -> None:
    gather(tmp_path, SOURCES.replace("cast: {ember", "renderer: wan-2.1-t2v-1.3b\ncast: {ember"))
    program = (
        "import sys; from storyforge.production import Order, Project; "
        f"made = Project({str(tmp_path)!r}).produce(Order(workers=1)); "
        "print(made.frames, made.failed, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.split() == ["48", "{}", "False"], done.stderr
    assert not (tmp_path / "cast").exists()
    said = json.loads((tmp_path / "film.provenance.json").read_text())
    assert said["ai_generated"] is False
    assert said["renderers"] == {}
    assert [shot["source"] for shot in said["shots"]] == ["#102030", "sea.png", "waves.mp4"]


def test_workers_draw_the_same(tmp_path: Path) -> None:
    for workers in (1, 2):
        gather(tmp_path / str(workers), SOURCES).produce(Order(workers=workers, silent=True))
    one, two = (tmp_path / str(workers) / "film.mp4" for workers in (1, 2))
    assert one.read_bytes() == two.read_bytes()


def test_only_what_an_edit_reaches_is_drawn_again(tmp_path: Path) -> None:
    gather(tmp_path).produce(INLINE)
    heard = Heard()
    gather(tmp_path).produce(INLINE, heard)
    assert not [event for event in heard if isinstance(event, events.TaskDone) and not event.reused]
    for board, drawn in (
        (BOARD.replace("push-in", "pan-left"), ["sea"]),
        (BOARD.replace("#102030", "#102031"), ["card"]),
        (BOARD.replace("never sleeps", "sleeps"), []),
    ):
        heard = Heard()
        gather(tmp_path, board).produce(INLINE, heard)
        assert heard.done("draw") == drawn
    heard = Heard()
    (tmp_path / "lake.png").write_bytes((tmp_path / "sea.png").read_bytes())
    gather(tmp_path, BOARD.replace("sea.png", "lake.png")).produce(INLINE, heard)
    assert heard.done("draw") == [], "a file is what is in it, not its name"
    Image.new("RGB", (400, 300), "navy").save(tmp_path / "sea.png")
    heard = Heard()
    gather(tmp_path).produce(INLINE, heard)
    assert heard.done("draw") == ["sea"]


def test_the_survey_knows_sources(tmp_path: Path) -> None:
    project = gather(tmp_path)
    steps = {(step.kind, step.name): step for step in project.survey()}
    assert {name for kind, name in steps if kind == "draw"} == {"card", "sea", "walk", "waves"}
    assert {name for kind, name in steps if kind == "level"} == {"walk/16", "walk/1"}
    assert not any(step.done for step in steps.values())
    project.produce(INLINE)
    assert all(step.done for step in project.survey(INLINE))
    assert [step.name for step in project.survey(Order(only=("sea",))) if step.kind == "draw"] == ["sea"]


def test_panels_and_single_shots(tmp_path: Path) -> None:
    paint = Paint()
    panels = gather(tmp_path, paint=paint).produce(Order(until="panels"))
    assert panels.board == tmp_path / "film.board.png"
    assert len(list((tmp_path / "panels").glob("*.png"))) == 4
    assert not (tmp_path / "shots").exists()
    made = gather(tmp_path, paint=paint).produce(Order(only=("waves",), workers=1, silent=True))
    assert made.film is None
    assert [path.stem for path in (tmp_path / "shots").glob("*.mp4")] == ["waves"]
    assert not paint.requests(1)


def test_a_source_that_cannot_be_read_becomes_a_card(tmp_path: Path) -> None:
    gather(tmp_path)
    whole = (tmp_path / "sea.png").read_bytes()
    (tmp_path / "sea.png").write_text("no picture")
    made = gather(tmp_path).produce(INLINE)
    assert list(made.failed) == ["sea"]
    assert made.failed["sea"].startswith("sea.png is neither a picture nor a film that can be read")
    assert Reader(tmp_path / "film.mp4").count == made.frames
    (tmp_path / "sea.png").write_bytes(whole)
    assert not gather(tmp_path).produce(INLINE).failed


def test_a_source_that_is_missing_or_flows_is_refused(tmp_path: Path) -> None:
    project = gather(tmp_path, BOARD.replace("sea.png", "see.png"))
    with pytest.raises(StoryboardError, match=r"12:27: there is no file see\.png; did you mean sea\.png\?"):
        project.produce(INLINE)
    with pytest.raises(StoryboardError, match="a flow needs two rendered shots, and waves shows its source as it is"):
        gather(tmp_path, BOARD.replace("kind: fade", "kind: flow")).produce(INLINE)
