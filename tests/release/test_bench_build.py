"""`bench build` on a tiny board: what it counts, compares and asks is real, and its limits can be missed."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from storyforge.bench import BuildBench, bench_build, build_table
from storyforge.bench.build import PARTS, Answer, Drawers, Overhead, compared, edited
from storyforge.bench.edits import board_of
from storyforge.film import write_shot
from storyforge.storyboard import resolve

SHOTS, SECONDS = 6, 0.25
GOOD = BuildBench(
    Overhead({"keys": 1.0, "store": 1.5}, 100.0, 2.0), Answer(0.7, 204, 33), Drawers(100.0, 60.0, 1440, 0, ""),
    60, "1280x720", "a machine",
)  # fmt: skip


@pytest.fixture(scope="module")
def bench() -> BuildBench:
    return bench_build(shots=SHOTS, size="96x64", seconds=SECONDS, status_shots=SHOTS, status_runs=1)


@pytest.mark.slow
def test_overhead_is_a_part_of_the_render(bench: BuildBench) -> None:
    overhead = bench.overhead
    assert overhead.parts.keys() == PARTS.keys()
    assert min(overhead.parts.values()) > 0
    assert sum(overhead.parts.values()) < overhead.render
    assert overhead.again < overhead.render


@pytest.mark.slow
def test_two_workers_draw_the_same_frames(bench: BuildBench) -> None:
    assert bench.workers.frames == SHOTS * 24 * SECONDS
    assert (bench.workers.apart, bench.workers.where) == (0, "")


@pytest.mark.slow
def test_status_is_asked_of_a_film_with_edits(bench: BuildBench) -> None:
    assert (bench.status.shots, bench.status.stale) == (SHOTS, SHOTS - 1), "all but the one that shows a picture"


@pytest.mark.slow
def test_figures_become_json_and_lines(bench: BuildBench) -> None:
    values = json.loads(json.dumps(bench.values))
    overhead = values["overhead"]
    assert overhead["seconds"] == pytest.approx(sum(overhead["parts"].values()))
    assert overhead["share"] == pytest.approx(overhead["seconds"] / overhead["render"])
    assert values["workers"]["gain"] == pytest.approx(values["workers"]["one"] / values["workers"]["two"])
    assert values["size"] == "96x64"
    assert [line.split()[0] for line in build_table(bench)] == [
        "overhead", "again", "status", "workers", "film", "machine",
    ]  # fmt: skip


def test_each_limit_can_be_missed() -> None:
    assert GOOD.passed
    assert not any("FAILED" in line for line in build_table(GOOD))
    for name, missed in {
        "overhead": replace(GOOD, overhead=replace(GOOD.overhead, render=80.0)),
        "status": replace(GOOD, status=Answer(1.2, 204, 33)),
        "workers": replace(GOOD, workers=Drawers(100.0, 60.0, 1440, 3, "s0-1, frame 4")),
    }.items():
        assert not missed.passed
        assert [line.split()[0] for line in build_table(missed) if "FAILED" in line] == [name]
        assert missed.values[name]["passed"] is False  # type: ignore[index]  # JSON


def test_a_difference_is_found_where_it_is(tmp_path: Path) -> None:
    for name, colours in {"one": (10, 10, 10), "other": (10, 200, 10)}.items():
        (tmp_path / name / "shots").mkdir(parents=True)
        frames = (np.full((32, 32, 3), colour, np.uint8) for colour in colours)
        write_shot(tmp_path / name / "shots" / "a.mp4", frames, (32, 32), Fraction(24))
    frames, apart, where = compared(tmp_path / "one", tmp_path / "other", ["a"])
    assert (frames, where) == (3, "a, frame 1")
    assert apart > 100


def test_edits_are_as_many_as_asked_for() -> None:
    board = board_of(204)
    pairs = list(zip(resolve(board).shots, resolve(edited(board, 30)).shots, strict=True))
    assert len(pairs) == 204
    changed = [old for old, new in pairs if old.shot != new.shot]
    assert len(changed) == 30
    assert len({shot.scene.id for shot in changed}) == 6, "in every scene"
