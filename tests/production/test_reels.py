"""Films that go into a shot: read at the renderer's own rate when asked for, known by their bytes, ignored aloud."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from paint import Paint
from PIL import Image
from test_rates import studio

from storyforge.errors import StoryboardError
from storyforge.film import Reader, write_shot
from storyforge.production import Order, Project
from storyforge.storyboard import check, load

INLINE = Order(workers=1, silent=True)
BOARD = """\
storyforge: 1
size: 64x64
fps: 12
renderer: slow
scenes:
  - id: one
    shots:
      - {id: a, source: waves.mp4, strength: 0.6, seconds: 2}
      - {id: b, control: {kind: depth, video: waves.mp4, strength: 0.5}, seconds: 1, join: flow}
      - {id: c, source: waves.mp4, strength: 0.6, seconds: 1, renderer: plain}
"""
PROFILE = """\
backend: diffusers
licence: none
pipeline: NoPipeline
checkpoint: nowhere
clip: {frames: 17, fps: 8, size: [64, 64]}
source: {needed: false}
control: {argument: video, kinds: [depth, pose]}
"""


def waves(folder: Path, first: int = 0) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    greys = (np.full((64, 64, 3), first + 4 * number, np.uint8) for number in range(48))
    write_shot(folder / "waves.mp4", greys, (64, 64), Fraction(24))


def gather(folder: Path, board: str = BOARD) -> tuple[Project, Paint]:
    slow = Paint(fps=8, restyles=True, controls=("depth", "pose"))
    if not (folder / "waves.mp4").exists():
        waves(folder)
    project = studio(folder, board, {"slow": slow, "plain": Paint()})
    (folder / "renderers" / "slow.yaml").write_text(PROFILE)
    return project, slow


def test_a_request_carries_the_frames_at_its_own_rate(tmp_path: Path) -> None:
    project, slow = gather(tmp_path)
    made = project.produce(INLINE)
    assert not made.failed
    assert slow.requests(0), "panels"
    for request in (*slow.requests(1), *slow.requests(16), *slow.requests(0)):
        assert list(request.sources) == [0]
        assert list(request.controls) == [1]
        source, control = request.sources[0], request.controls[1]
        assert (source.strength, control.kind, control.strength) == (0.6, "depth", 0.5)
        assert (source.reel.frames, control.reel.frames) == (16, 8)
    frames = list(source.reel.read((32, 16), 4, 16))
    assert [frame.shape for frame in frames] == [(16, 32, 3)] * 12
    shown = [round(float(frame.mean())) for frame in frames]
    wanted = [4 * int((number + Fraction(1, 2)) / 8 * 24) for number in range(4, 16)]
    assert np.allclose(shown, wanted, atol=4)


def test_the_note_beside_the_film_names_its_films(tmp_path: Path) -> None:
    gather(tmp_path)[0].produce(INLINE)
    shots = json.loads((tmp_path / "film.provenance.json").read_text())["shots"]
    named = [{key: shot[key] for key in ("renderer", "source", "control") if key in shot} for shot in shots]
    assert named == [
        {"renderer": "slow", "source": "waves.mp4"}, {"renderer": "slow", "control": "waves.mp4"},
        {"source": "waves.mp4"},
    ]  # fmt: skip


def test_what_its_renderer_cannot_take_is_shown_as_it_is(tmp_path: Path) -> None:
    project, _ = gather(tmp_path)
    project.produce(INLINE)
    shown = Reader(tmp_path / "shots" / "c.mp4")
    assert shown.count == 12
    assert np.allclose([float(shown.frame(number).mean()) for number in range(12)], range(4, 100, 8), atol=4)
    said = [notice.sentence for notice in check(load(tmp_path / "storyboard.yaml"))]
    assert said == ["plain restyles no source, so none is restyled: strength (0.6) is ignored"]


def test_another_film_is_another_shot_and_the_same_bytes_are_the_same(tmp_path: Path) -> None:
    project, slow = gather(tmp_path)
    project.produce(INLINE)
    calls = len(slow.calls)
    same = (tmp_path / "waves.mp4").read_bytes()
    (tmp_path / "waves.mp4").unlink()
    (tmp_path / "waves.mp4").write_bytes(same)
    project.produce(INLINE)
    assert len(slow.calls) == calls
    waves(tmp_path, 40)
    found = {shot.id: shot for shot in project.status().shots}
    assert {name: shot.state for name, shot in found.items()} == {"a": "stale", "b": "stale", "c": "stale"}
    assert "waves.mp4 was replaced" in found["b"].why[0]
    project.produce(INLINE)
    assert len(slow.calls) > calls


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: depth", "kind: edges", "slow takes depth and pose: control (edges) is ignored"),
        ("join: flow", "renderer: plain", "plain cannot be driven by a film: control (depth) is ignored"),
        ("strength: 0.6, seconds: 2", "strength: 1, seconds: 2",
         "strength 1 makes all of waves.mp4 anew, so that nothing of it is seen in a"),
        ("strength: 0.6, seconds: 2", "strength: 0.6, seconds: 4",
         "waves.mp4 lasts 2.0 s and a 4.0 s: its last picture is held"),
        ("{id: c,", "{id: c, control: {kind: pose, video: waves.mp4},",
         "c shows its source as it is: control is ignored"),
        ("{kind: depth, video: waves.mp4, ", "{kind: depth, video: text.mp4, ",
         "text.mp4 is neither a picture nor a film that can be read; save it as PNG, JPEG or MP4: it cannot drive b"),
        ("waves.mp4, strength: 0.6, seconds: 1", "'#102030', strength: 0.6, seconds: 1",
         "#102030 is a colour, of which nothing is restyled: strength (0.6) is ignored"),
    ],
)  # fmt: skip
def test_check_says_what_comes_to_nothing(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in BOARD
    waves(tmp_path)
    (tmp_path / "text.mp4").write_text("no film")
    gather(tmp_path, BOARD.replace(old, new, 1))
    assert said in [notice.sentence for notice in check(load(tmp_path / "storyboard.yaml"))]


def test_files_are_found_and_flows_need_what_is_drawn(tmp_path: Path) -> None:
    gather(tmp_path, BOARD.replace("depth, video: waves.mp4", "depth, video: wave.mp4"))
    with pytest.raises(StoryboardError, match=r"there is no file wave\.mp4; did you mean waves\.mp4\?"):
        load(tmp_path / "storyboard.yaml")
    gather(tmp_path, BOARD.replace("strength: 0.6", "strength: 0"))
    with pytest.raises(StoryboardError, match="a flow needs two rendered shots, and a shows its source as it is"):
        load(tmp_path / "storyboard.yaml")
    gather(tmp_path, BOARD.replace("kind: depth", "kind: deep"))
    with pytest.raises(StoryboardError, match="depth"):
        load(tmp_path / "storyboard.yaml")


def test_a_picture_is_a_film_that_stands(tmp_path: Path) -> None:
    project, slow = gather(tmp_path, BOARD)
    Image.new("RGB", (80, 80), (200, 0, 0)).save(tmp_path / "red.png")
    (tmp_path / "storyboard.yaml").write_text(BOARD.replace("source: waves.mp4", "source: red.png", 1))
    project.produce(INLINE)
    reel = slow.requests(1)[0].sources[0].reel
    first, last = (next(reel.read((64, 64), at, at + 1)) for at in (0, 15))
    assert np.array_equal(first, last)
    assert tuple(first[0, 0]) == (200, 0, 0)


def test_a_panel_is_of_its_shots_length_where_films_go_in_and_where_it_is_no_start(tmp_path: Path) -> None:
    project, slow = gather(
        tmp_path, BOARD + "      - {id: d, seconds: 1}\n      - {id: e, seconds: 1, renderer: plain}\n"
    )
    slow.panel_at = "start"
    with project.surveyed() as survey:
        panels = {panel.shot.id: panel for span in survey.chosen.spans for panel in span.panels}
    assert {name: panel.when for name, panel in panels.items()} == {
        "a": (0, 16), "b": (0, 8), "d": (None, None), "e": (0, 12),
    }  # fmt: skip
