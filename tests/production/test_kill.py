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
from test_full_disk import finish

WORKERS = 2
TOGETHER = 4  # panels, which are kept at once or not at all
BOARD = """\
storyforge: 1
title: "Killed"
size: 160x90
fps: 12
rate: native
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

    def kill(self, results: int, after: float) -> bool:
        """Starts a render and kills it and its workers so long after it has so many results; False when it was done.

        Instants are not counted from its start, which takes most of its time, and another one on every busy machine.
        """
        before = self.results()
        process = self.start()
        while process.poll() is None and len(self.results()) < results:
            time.sleep(0.01)
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
    finish(undisturbed.folder)
    whole = len(undisturbed.results())
    wanted = (undisturbed.folder / "film.mp4").read_bytes()
    dice, total, number = random.Random(seed), 0, count()
    while True:
        project = studio(folder / f"killed-{next(number)}")
        while total < kills and (there := len(project.results())) < whole:
            if not project.kill(dice.randint(there + 1, whole), dice.uniform(0, 0.3)):
                break
            total += 1
        finish(project.folder)
        _compare(project, wanted)
        if total == kills:
            return project


def _compare(project: Studio, wanted: bytes) -> None:
    assert (project.folder / "film.mp4").read_bytes() == wanted
    assert not project.ran_twice()
    project.remade()
    assert project.left <= WORKERS + TOGETHER, "a kill costs at most what each process was writing"


@pytest.mark.slow
def test_a_killed_render_goes_on(tmp_path: Path) -> None:
    killed(tmp_path, kills=2, seed=17)
