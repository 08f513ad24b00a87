"""Films small enough to be made in a test: storyboards of a few lines, and mp4s for their shots."""

from collections.abc import Callable
from pathlib import Path

import pytest
from moving_pictures import moving

from storyforge import film
from storyforge.storyboard import Resolved, loads, resolve

BOARD = """\
storyforge: 1
title: "{title}"
size: {size}
fps: {fps}
cast: {{ember: {{description: "a fox"}}, old-moth: {{description: "a moth"}}}}
places: {{sea: {{description: "the sea"}}}}
scenes:
  - id: one
    place: sea
    shots:
{shots}
end: {{kind: {end}, seconds: 1.5}}
"""


@pytest.fixture
def board(tmp_path: Path) -> Callable[..., Resolved]:
    """Resolves a storyboard from its shots' lines: `board("seconds: 1, join: cut", ...)`."""

    def make(*shots: str, title: str = "A Film", size: str = "320x180", fps: str = "24", end: str = "cut") -> Resolved:
        lines = "\n".join(f"      - {{id: s{number}, {shot}}}" for number, shot in enumerate(shots, 1))
        text = BOARD.format(title=title, shots=lines, size=size, fps=fps, end=end)
        return resolve(loads(text, tmp_path / "board.yaml").board)

    return make


@pytest.fixture
def shots(tmp_path: Path) -> Callable[[Resolved], dict[str, Path]]:
    """Writes the mp4 of every shot of a film, each in its own colour."""

    def make(resolved: Resolved) -> dict[str, Path]:
        paths = {}
        for shot in resolved.shots:
            paths[shot.id] = tmp_path / "shots" / f"{shot.id}.mp4"
            pictures = moving(shot.frames, resolved.size, shot.index)
            film.write_shot(paths[shot.id], pictures, resolved.size, resolved.rate)
        return paths

    return make
