"""Worker processes draw the same film as this process, and one that dies costs one more try."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storyforge.backends import Latents
from storyforge.cas import Key, Store, key
from storyforge.production import Order, Project, Renderers, events
from storyforge.production.draw import DrawJob
from storyforge.production.executors import Executor, Failed, Finished, Inline, Workers

BOARD = """\
storyforge: 1
title: "Two"
size: 128x72
fps: 12
rate: native
seed: 3
cast: {ember: {description: "a small orange fox"}, owl: {description: "a grey owl"}}
places: {meadow: {description: "a green meadow"}}
scenes:
  - id: day
    place: meadow
    shots:
      - {id: walk, seconds: 1.5, cast: [{who: ember, does: "walks"}], narration: "Ember walked."}
      - {id: look, seconds: 1, cast: [{who: owl, does: "looks around"}], camera: {shot: close}}
"""


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The board's project, rendered in this process."""
    return render(tmp_path_factory.mktemp("inline"), 1)


def render(folder: Path, workers: int) -> Path:
    (folder / "storyboard.yaml").write_text(BOARD)
    made = Project(folder).produce(Order(workers=workers, silent=True))
    assert not made.failed
    return folder


def jobs(folder: Path, out: Path) -> Iterator[DrawJob]:
    """One job for each finest level in a project's store, to be drawn into another store."""
    source, target = Store(folder / ".storyforge" / "store"), Store(out)
    for record in sorted(source.folder.glob("??/*.json")):
        kept = source.arrays(Key(record.stem)) if list(record.parent.glob(f"{record.stem}-*.safetensors")) else None
        if kept and kept[1].get("stride") == 1:
            latents = Latents(kept[1]["id"], 1, *kept)
            target.put_arrays(Key(record.stem), latents.arrays, kept[1])
            yield DrawJob(
                "toon",
                str(out),
                Key(record.stem),
                key("test", 1, of=record.stem),
                0,
                10,
                (128, 72),
                "12",
                kept[1]["id"],
            )


def drawn(executor: Executor, work: list[DrawJob], first: Callable[[], None] | None = None) -> dict[str, str]:
    """What became of each job: the digest of its film, or the error. first: called in the middle of the first job."""
    for job in work:
        executor.submit(job, Renderers()["toon"])
    out = {}
    for report in executor.reports(wait=True):
        if first:
            first()
            first = None
        if isinstance(report, Finished):
            blob = Store(Path(report.job.store)).get(report.job.key)
            out[report.job.name] = blob.digest if blob else "missing"
        elif isinstance(report, Failed):
            out[report.job.name] = report.error
    return out


def test_workers_draw_the_same_film(rendered: Path, tmp_path: Path) -> None:
    workers = render(tmp_path, 2)
    for name in ("shots/walk.mp4", "shots/look.mp4", "panels/walk.png", "film.mp4"):
        assert (workers / name).read_bytes() == (rendered / name).read_bytes()


def test_a_worker_that_dies_costs_one_more_try(rendered: Path, tmp_path: Path) -> None:
    expected = drawn(Inline(), list(jobs(rendered, tmp_path / "inline")))
    pool = Workers(1, tmp_path / "log")

    def kill() -> None:
        os.kill(pool._workers[0].process.pid, signal.SIGKILL)

    try:
        assert drawn(pool, list(jobs(rendered, tmp_path / "workers")), kill) == expected
    finally:
        pool.close()
    assert len(expected) == 2


def test_a_job_that_cannot_be_drawn_is_a_sentence(rendered: Path, tmp_path: Path) -> None:
    (job, other) = jobs(rendered, tmp_path / "store")
    broken = DrawJob.read({**job.write(), "latents": key("nowhere", 1)})
    pool = Workers(1, tmp_path / "log")
    try:
        found = drawn(pool, [broken, other])
    finally:
        pool.close()
    assert found[job.name] == f"{job.name}: the span it is drawn from is damaged; run the same command again"
    assert len(found[other.name]) == 64, "the next job is drawn all the same"


def test_processes_that_never_start_are_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from storyforge.errors import RenderError

    monkeypatch.setattr(sys, "executable", "/bin/false")
    pool = Workers(2, tmp_path / "log")
    try:
        job = DrawJob("toon", str(tmp_path), Key("a"), Key("b"), 0, 1, (64, 64), "12", "walk")
        pool.submit(job, Renderers()["toon"])
        with pytest.raises(RenderError, match="the drawing processes do not start"):
            list(pool.reports(wait=True))
    finally:
        pool.close()


def test_events_of_a_real_render(rendered: Path) -> None:
    heard: list[events.Event] = []
    Project(rendered).produce(Order(workers=1, silent=True), heard.append)
    assert all(event.reused for event in heard if isinstance(event, events.TaskDone))
