"""A render that is killed at any instant goes on where it was: the same film, nothing finished twice."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

WORKERS = 2
TOGETHER = 4  # panels, which are kept at once or not at all
BOARD = """\
storyforge: 1
title: "Killed"
size: 160x90
seed: 5
cast:
  ember: {description: "a small orange fox"}
  moss: {description: "a green frog"}
places: {meadow: {description: "a green meadow"}}
scenes:
  - id: day
    place: meadow
    shots:
      - {id: one, seconds: 1, cast: [{who: ember, does: "walks"}], narration: "Ember walked."}
      - {id: two, seconds: 1, cast: [{who: ember, does: "runs"}], join: {kind: flow, seconds: 0.5}}
      - {id: three, seconds: 1, cast: [{who: moss, does: "jumps"}], join: {kind: dissolve, seconds: 0.25}}
      - {id: four, seconds: 1, cast: [{who: moss}], dialogue: [{who: moss, line: "Good morning!"}]}
"""


@dataclass
class Studio:
    """A project that is rendered by the real command in a process of its own, and what became of its results."""

    folder: Path
    kills: int = 0
    left: int = 0  # files half written, at most after one kill
    films: dict[Path, int] = field(default_factory=dict)  # records of shots and stretches, and when each was finished

    def start(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "storyforge", "render", str(self.folder), "--workers", str(WORKERS)]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)

    def kill(self, after: float) -> bool:
        """Starts a render and kills it and its workers so many seconds later; False when it was done before."""
        before = self.results()
        process = self.start()
        try:
            process.wait(timeout=after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            self.kills += 1
            self.left = max(self.left, len([*(self.folder / ".storyforge" / "store" / "temp").glob("*.*")]))
            assert before <= self.results(), "what was finished is still there"
            self.remade()
            return True
        assert process.returncode == 0, process.stderr.read() if process.stderr else ""
        process.communicate()
        return False

    def finish(self) -> float:
        """Renders to the end; seconds."""
        clock = time.perf_counter()
        process = self.start()
        _, said = process.communicate()
        assert process.returncode == 0, said.decode()
        return time.perf_counter() - clock

    def results(self) -> set[str]:
        """Records of what is in the store."""
        return {path.name for path in (self.folder / ".storyforge" / "store").glob("??/*.json")}

    def remade(self) -> None:
        """Sees that no film in the store was written a second time."""
        records = (self.folder / ".storyforge" / "store").glob("??/*.json")
        films = (path for path in records if any(path.parent.glob(f"{path.stem}-*.mp4")))
        now = {path: path.stat().st_mtime_ns for path in films}
        assert {path: now.get(path) for path in self.films} == self.films
        self.films = now

    def ran_twice(self) -> list[tuple[str, str, int]]:
        """Tasks that the journal knows as done more than once: kind, name, times."""
        database = sqlite3.connect(self.folder / ".storyforge" / "journal.sqlite")
        rows = database.execute(
            "select kind, name, count(*) as times from attempts where outcome = 'done'"
            " group by key, kind, name having times > 1"
        ).fetchall()
        database.close()
        return rows


def studio(folder: Path) -> Studio:
    folder.mkdir(parents=True)
    (folder / "storyboard.yaml").write_text(BOARD, encoding="utf-8")
    return Studio(folder)


def killed(folder: Path, kills: int, seed: int) -> Studio:
    """Renders with kills at random instants until the film is there and `kills` have hit, then compares."""
    undisturbed = studio(folder / "undisturbed")
    whole = undisturbed.finish()
    wanted = (undisturbed.folder / "film.mp4").read_bytes()
    fresh = (studio(folder / f"killed-{number}") for number in count())
    dice, total, project = random.Random(seed), 0, next(fresh)
    while total < kills:
        if project.kill(dice.uniform(0.1, 1.0) * whole):
            total += 1
            continue
        _compare(project, wanted)
        project = next(fresh)
    project.finish()
    _compare(project, wanted)
    return project


def _compare(project: Studio, wanted: bytes) -> None:
    assert (project.folder / "film.mp4").read_bytes() == wanted
    assert not project.ran_twice()
    project.remade()
    assert project.left <= WORKERS + TOGETHER, "a kill costs at most what each process was writing"


@pytest.mark.slow
def test_a_killed_render_goes_on(tmp_path: Path) -> None:
    killed(tmp_path, kills=2, seed=1)
