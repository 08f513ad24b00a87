"""Every shipped diffusers profile, on a tiny checkpoint of its real classes: three shots become a film.

Through the whole path: profile, loading, cast sheets, panels, keyframes, segments or windows, decoding, conform, mp4.
"""

import shutil
from pathlib import Path

import numpy as np
import pytest
import tiny

import storyforge
from storyforge import backends
from storyforge.backends.models import DiffusersProfile
from storyforge.resources import root

SHIPPED = sorted(path.stem for path in Path(str(root("renderers"))).glob("*.yaml"))
BOARD = """\
storyforge: 1
title: "Three shots"
renderer: {name}
size: 96x64
fps: 12
cast:
  ember: {{description: "a small orange fox", wears: "a blue scarf"}}
places:
  lighthouse: {{description: "a white lighthouse"}}
scenes:
  - id: storm
    place: lighthouse
    shots:
      - {{id: one, seconds: 0.5, cast: [ember], action: "Ember walks"{more}}}
      - {{id: two, seconds: 0.75, cast: [ember], action: "Ember climbs", join: {{kind: dissolve, seconds: 0.25}}{more}}}
      - {{id: three, seconds: 0.5, cast: [ember], action: "Ember runs", join: {{kind: flow, seconds: 0.25}}{more}}}
"""


def test_every_profile_has_a_tiny_checkpoint() -> None:
    assert sorted(tiny.families()) == SHIPPED


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Threads wait longer for each other than networks so small compute."""
    import torch

    torch.set_num_threads(1)


def board_of(name: str, project: Path) -> Path:
    """The storyboard in a project that has the profile on its tiny checkpoint, and a picture to start from."""
    from PIL import Image

    tiny.install(name, project)
    profile = backends.find(name, project)
    assert isinstance(profile, DiffusersProfile)
    shade = np.linspace(0, 255, 96 * 64 * 3).reshape(64, 96, 3).astype(np.uint8)
    Image.fromarray(shade).save(project / "sea.png")
    more = ", source: sea.png, strength: 0.6" if profile.source else ""
    if profile.control:
        more += f", control: {{kind: {profile.control.kinds[0]}, video: sea.png}}"
    (project / "board.yaml").write_text(BOARD.format(name=name, more=more))
    return project / "board.yaml"


@pytest.mark.parametrize("name", SHIPPED)
def test_three_shots_become_the_same_film_twice(name: str, tmp_path: Path) -> None:
    board = board_of(name, tmp_path)
    films = []
    for folder in ("first", "second"):
        made = storyforge.render(board, tmp_path / folder, workers=1, captions="off", silent=True)
        assert not made.failed
        assert made.frames == 18  # 6 and 9 and 6 frames, less the dissolve's 3
        assert made.film is not None
        films.append(made.film.read_bytes())
        assert sorted(path.stem for path in (made.folder / "panels").glob("*.png")) == ["one", "three", "two"]
        assert sorted(path.stem for path in (made.folder / "shots").glob("*.mp4")) == ["one", "three", "two"]
    assert films[0] == films[1]
    shutil.rmtree(tmp_path)  # checkpoints add up
