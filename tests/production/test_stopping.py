"""Ctrl-C ends a render within two seconds and in one sentence; what is finished is kept."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from test_full_disk import draws, finish, gather
from test_kill import BOARD

PROMISED = 2.0  # seconds

Instant = Callable[[Path], bool]


def stored(count: int) -> Instant:
    """When so many results are in the store."""
    return lambda folder: len(list((folder / ".storyforge" / "store").glob("??/*.json"))) >= count


def assembling(folder: Path) -> bool:
    """When the film is being put together."""
    return bool(list(folder.glob(".film.mp4.*")))


# Tests that a shell runs in the background inherit that Ctrl-C is ignored, and so would the render.
HEED = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"


def stopped(folder: Path, instant: Instant, *options: str) -> float:
    """Starts a render with workers and presses Ctrl-C at an instant, as a terminal does; seconds until all ended."""
    command = [sys.executable, "-m", "storyforge", "render", str(folder), "--workers", "2", *options]
    heed = [sys.executable, "-c", HEED, *command]
    process = subprocess.Popen(heed, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not instant(folder):
        assert process.poll() is None, "it was done before"
        time.sleep(0.005)
    clock = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    out, said = process.communicate()
    seconds = time.monotonic() - clock
    assert process.returncode in (130, -signal.SIGINT), said  # a shell tells both as 130
    assert said.splitlines()[-1] == "stopped; what is finished is kept, and the same command goes on from here"
    assert "Traceback" not in out + said
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)  # nobody of them is left
    assert not list((folder / ".storyforge" / "store" / "temp").glob("*"))
    return seconds


def goes_on(folder: Path, *options: str) -> None:
    """Renders to the end; nothing that was finished is made again."""
    before = {path: path.stat().st_mtime_ns for path in (folder / ".storyforge" / "store").glob("??/*.json")}
    finish(folder, *options)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert (folder / "film.mp4").exists()


def test_ctrl_c_stops_the_drawing_processes(tmp_path: Path) -> None:
    """One of three times at least, since machines that run tests are busy."""
    for number in range(3):
        folder = gather(tmp_path / str(number))
        seconds = stopped(folder, stored(3 + number), "--silent")
        if seconds < PROMISED:
            break
    assert seconds < PROMISED
    goes_on(folder, "--silent")
    assert len(set(draws(folder))) == len(draws(folder)), "nothing is drawn twice"


@pytest.mark.slow
def test_ctrl_c_stops_a_rendering_model(tmp_path: Path) -> None:
    """While it samples, and once more where it went on, while the film is put together."""
    longer = BOARD.replace("fps: 12\nrate: native\n", "").replace("seconds: 1,", "seconds: 2,")
    (tmp_path / "storyboard.yaml").write_text(longer, encoding="utf-8")
    assert stopped(tmp_path, stored(12)) < 2 * PROMISED
    assert stopped(tmp_path, assembling) < 2 * PROMISED
    goes_on(tmp_path)


def test_ctrl_c_while_the_program_starts_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from storyforge.cli import app, main

    def interrupted(arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "run", interrupted)
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 130
    assert capsys.readouterr().err.startswith("stopped; what is finished is kept")
