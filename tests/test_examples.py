"""The examples run, and do what they say."""

import gc
import importlib.util
import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),  # moviepy leaves its pipes open
]


@pytest.fixture
def thirty(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The example as a module; what moviepy left open is closed afterwards."""
    spec = importlib.util.spec_from_file_location("thirty_versions", EXAMPLES / "thirty_versions.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "thirty_versions", module)
    spec.loader.exec_module(module)
    yield module
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        gc.collect()


def test_thirty_versions(
    thirty: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One version, its coat changed, a logo on it: only what wears the coat is made again."""
    large = thirty.board  # a quarter of its pixels show the same
    monkeypatch.setattr(thirty, "board", lambda *way, **more: large(*way, **more).but(size="160x90"))
    monkeypatch.setattr(sys, "argv", ["thirty_versions.py", str(tmp_path), "--count", "1"])
    thirty.main()
    out = capsys.readouterr().out
    shown = [int(share) for share in re.findall(r"\r *(\d+)%", out)]
    assert max(shown) >= 95, "progress is shown to its end"
    assert len(set(shown)) > 3, "and on the way there"
    assert "cast sheets 1 made, 2 kept" in out
    assert "panels      1 made, 1 kept" in out
    assert "shots       1 made, 1 kept" in out
    assert "films       1 made, 0 kept" in out
    from storyforge.film import Reader

    plain = next(iter(Reader(tmp_path / "red-morning-clear" / "film.mp4").frames()))
    logo = next(iter(Reader(tmp_path / "with-logo.mp4").frames()))
    far = np.abs(plain.astype(int) - logo).mean(axis=2) > 40
    assert far[:20, -22:].mean() > 0.2, "the logo is in the upper right corner"
    assert far[30:].mean() < 0.01


@pytest.mark.parametrize("count", ["0", "-2", "many"])
def test_no_version_at_all_is_refused(
    thirty: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], count: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["thirty_versions.py", str(tmp_path), f"--count={count}"])
    with pytest.raises(SystemExit, match="2"):
        thirty.main()
    assert f"{count!r} is not a number of versions; give 1 or more" in capsys.readouterr().err


def test_there_are_thirty_boards_and_toon_can_draw_them(thirty: ModuleType) -> None:
    from itertools import product

    from storyforge.storyboard import check, dump, loads

    boards = [thirty.board(*way) for way in product(thirty.SCARVES, thirty.TIMES, thirty.WEATHERS)]
    assert len({dump(board) for board in boards}) == 30
    for board in (boards[0], boards[-1]):
        assert not check(loads(dump(board), Path("board.yaml")))
