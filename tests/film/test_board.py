"""The contact sheet: every panel in its place, words below it, small enough to send."""

from pathlib import Path

import numpy as np
import pytest
from moving_pictures import COLOURS, moving
from PIL import Image

from storyforge.film import Panel, contact_sheet
from storyforge.film.board import PAPER

TEXT = "The sea climbed the rocks until the little lighthouse shook from its door to its lamp."


def opened(path: Path) -> Image.Image:
    with Image.open(path) as sheet:
        sheet.load()
        return sheet


def panels(count: int, size: tuple[int, int] = (640, 360)) -> list[Panel]:
    return [Panel(f"storm-{n + 1}", TEXT, next(moving(1, size, n)), 4.5) for n in range(count)]


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (748, 312)])
def test_every_shot_has_its_panel(tmp_path: Path, size: tuple[int, int]) -> None:
    path = contact_sheet(panels(6, size), tmp_path / "board.png", "The Fox", "6 shots")
    sheet = np.asarray(opened(path).convert("RGB")).astype(int)
    for colour in COLOURS:
        share = (np.abs(sheet - colour).max(axis=2) <= 6).mean()
        assert share > 0.03, colour
    assert (np.abs(sheet - PAPER).max(axis=2) <= 6).mean() > 0.2
    assert path.stat().st_size < 300_000
    assert [item.name for item in tmp_path.iterdir()] == ["board.png"]


def test_notes_are_red_and_long_words_cut(tmp_path: Path) -> None:
    plain = contact_sheet([Panel("a", TEXT * 20, next(moving(1)), 1.0)], tmp_path / "plain.png")
    noted = contact_sheet([Panel("a", TEXT * 20, next(moving(1)), 1.0, "missing")], tmp_path / "noted.png")

    def red(path: Path) -> int:
        sheet = np.asarray(opened(path).convert("RGB")).astype(int)
        return int((np.abs(sheet - (176, 66, 48)).max(axis=2) < 12).sum())

    assert red(noted) > red(plain)
    assert opened(plain).size == opened(noted).size
    assert opened(plain).height < 600


def test_large_sheets_get_a_palette(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storyforge.film.board.LARGE", 1000)
    path = contact_sheet(panels(30), tmp_path / "board.png")
    assert opened(path).mode == "P"


def test_a_film_without_shots_has_an_empty_sheet(tmp_path: Path) -> None:
    assert contact_sheet([], tmp_path / "board.png", "Nothing").exists()
