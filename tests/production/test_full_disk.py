"""A full disk stops a render in one sentence: nothing is damaged, and the same command goes on when there is room."""

import os
import resource
import shlex
import shutil
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from storyforge.cli import main
from storyforge.film import Reader

BOARD = """\
storyforge: 1
title: "Noise"
size: 320x180
fps: 12
cast: {ember: "a small orange fox"}
places: {meadow: "a green meadow"}
scenes:
  - id: one
    place: meadow
    shots:
      - {id: calm, source: "#102030", seconds: 1}
      - {id: noise, source: noise.png, seconds: 2, camera: {move: push-in}}
      - {id: after, source: "#302010", seconds: 1, join: {kind: dissolve, seconds: 0.5}}
"""
NAMESPACE = ("unshare", "--map-root-user", "--mount")
SHARES = (0.02, 0.6)  # of what the whole project takes


def gather(folder: Path) -> Path:
    """A project whose second shot takes a megabyte, since every frame of it is other noise."""
    folder.mkdir()
    (folder / "storyboard.yaml").write_text(BOARD)
    noise = np.random.default_rng(1).integers(0, 256, (180, 320, 3), np.uint8)
    Image.fromarray(noise).save(folder / "noise.png")
    return folder


def command(folder: Path, workers: int) -> list[str]:
    return [sys.executable, "-m", "storyforge", "render", str(folder), "--workers", str(workers), "--silent"]


def draws(folder: Path) -> list[str]:
    """Names of shots that were drawn, as often as they were."""
    database = sqlite3.connect(folder / ".storyforge" / "journal.sqlite")
    rows = database.execute("select name from attempts where kind = 'draw' and outcome = 'done' order by id").fetchall()
    failed = database.execute("select count(*) from attempts where outcome = 'failed'").fetchone()
    database.close()
    assert failed == (0,), "a full disk is nobody's failure"
    return [name for (name,) in rows]


def one_sentence(said: str) -> str:
    (line,) = said.splitlines()
    assert line.startswith("storyforge: ")
    return line


def finish(folder: Path, *options: str) -> None:
    """Renders to the end, in this process: another one would be starting for longer than it renders."""
    with pytest.raises(SystemExit) as ended:
        main(["render", str(folder), "--workers", "1", *options])
    assert not ended.value.code


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = gather(tmp_path_factory.mktemp("whole") / "film")
    finish(folder, "--silent")
    return folder


@pytest.mark.parametrize("workers", [1, 2])
def test_a_file_that_may_not_grow_stops_the_render(whole: Path, tmp_path: Path, workers: int) -> None:
    folder, most = gather(tmp_path / "film"), 600_000
    done = subprocess.run(
        command(folder, workers), capture_output=True, text=True, check=False,
        preexec_fn=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (most, most)),
    )  # fmt: skip
    assert done.returncode == 1
    assert "a file grew larger than this disk or `ulimit -f` allows" in one_sentence(done.stderr)
    assert not (folder / "film.mp4").exists()
    assert not list((folder / ".storyforge" / "store" / "temp").iterdir())
    before = draws(folder)
    assert "noise" not in before
    finish(folder, "--silent")
    assert sorted(draws(folder)) == ["after", "calm", "noise"], "each of them once"
    assert draws(folder)[: len(before)] == before
    assert (folder / "film.mp4").read_bytes() == (whole / "film.mp4").read_bytes()


def can_mount() -> bool:
    """Whether this user may have a small file system of their own."""
    if shutil.which("unshare") is None:
        return False
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", "/mnt"]
    return subprocess.run([*NAMESPACE, *mount], capture_output=True, check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not can_mount(), reason="needs a file system that may be filled: root, or user namespaces")
@pytest.mark.parametrize("share", SHARES)
def test_a_full_disk_stops_the_render(whole: Path, tmp_path: Path, share: float) -> None:
    disk, kept = tmp_path / "disk", gather(tmp_path / "kept")
    disk.mkdir()
    taken = sum(path.stat().st_size for path in whole.rglob("*") if path.is_file()) // 1024
    given = sum(path.stat().st_size for path in kept.iterdir()) // 1024 + 16
    render = shlex.join(command(disk, 2))
    script = f"""
        mount -t tmpfs -o size={given + round(share * (taken - given))}k none {disk} && cp {kept}/* {disk} || exit 9
        {render} 2> {kept}/said
        echo $? > {kept}/code
        mount -o remount,size={4 * taken + 4096}k {disk} && {render} || exit 8
        cp -r {disk}/. {kept}
    """
    environment = {**os.environ, "TMPDIR": str(disk)}
    subprocess.run([*NAMESPACE, "sh", "-c", script], check=True, capture_output=True, env=environment)
    assert (kept / "code").read_text().strip() == "1"
    assert "the disk is full; free some space and run the same command again" in one_sentence(
        (kept / "said").read_text()
    )
    assert len(set(draws(kept))) == len(draws(kept)), "nothing is drawn twice, even what the journal had no room for"
    assert (kept / "film.mp4").read_bytes() == (whole / "film.mp4").read_bytes()
    assert Reader(kept / "film.mp4").count == Reader(whole / "film.mp4").count
