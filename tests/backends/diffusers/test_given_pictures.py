"""Pictures that a storyboard says a shot must show: they are its panel, and known at every level."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny
from PIL import Image

import storyforge
from storyforge.backends.diffusers import calls

BOARD = """\
storyforge: 1
title: "Given"
renderer: {name}
size: 96x64
fps: 16
cast: {{ember: {{description: "a small orange fox"}}}}
scenes:
  - id: storm
    shots:
      - id: one
        seconds: 1
        cast: [ember]
        action: "Ember walks"
        keyframes: [{{at: start, picture: red.png}}, {{at: end, picture: blue.png}}]
      - {{id: two, seconds: 0.5, cast: [ember], action: "Ember stops"}}
"""


def painted(path: Path, colour: tuple[int, int, int]) -> None:
    Image.new("RGB", (90, 60), colour).save(path)


@pytest.mark.parametrize("name", ["wan-2.1-vace-1.3b", "wan-2.1-i2v-14b", "animatediff-sd15"])
def test_given_pictures_are_panels_and_known_to_the_calls(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny.install(name, tmp_path)
    (tmp_path / "board.yaml").write_text(BOARD.format(name=name))
    painted(tmp_path / "red.png", (200, 20, 20))
    painted(tmp_path / "blue.png", (20, 20, 200))
    told: list[dict[int, Any]] = []
    plain = calls.run

    def run(pipe: Any, profile: Any, request: Any, segment: Any, known: Any, *more: Any) -> Any:
        if request.stride == 1 and segment.part.shot == "one":
            told.append({segment.start + at: frame[0, 0].tolist() for at, frame in known.frames.items()})
            told.append({segment.start + at: [] for at in known.rows})
        return plain(pipe, profile, request, segment, known, *more)

    monkeypatch.setattr(calls, "run", run)
    render = {"workers": 1, "captions": "off", "silent": True}
    first = storyforge.render(tmp_path / "board.yaml", tmp_path / "film", **render)  # type: ignore[arg-type]
    assert not first.failed
    shown = np.asarray(Image.open(tmp_path / "film" / "panels" / "one.png").convert("RGB"), np.int64)
    assert abs(shown - [200, 20, 20]).max() <= 2
    places = {place: colour for one in told for place, colour in one.items()}
    assert 0 in places
    if name == "wan-2.1-vace-1.3b":
        assert places[0] == [200, 20, 20]
        assert places[12] == [20, 20, 200]  # the nearest to frame 15 that a row of four frames ends at
    if name == "animatediff-sd15":
        assert 7 in places  # of 8 frames

    before = {path.name: path.read_bytes() for path in (first.folder / "shots").glob("*.mp4")}
    painted(tmp_path / "red.png", (20, 200, 20))  # another picture at the same path
    again = storyforge.render(tmp_path / "board.yaml", tmp_path / "film", **render)  # type: ignore[arg-type]
    after = {path.name: path.read_bytes() for path in (again.folder / "shots").glob("*.mp4")}
    assert after["one.mp4"] != before["one.mp4"]
    assert after["two.mp4"] == before["two.mp4"]
