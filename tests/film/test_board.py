"""The contact sheet: every panel in its place, words below it, small enough to send."""

from functools import partial
from pathlib import Path
from weakref import ref

import numpy as np
import pytest
from moving_pictures import COLOURS, moving
from PIL import Image

from storyforge.film import Frame, Panel, contact_sheet
from storyforge.film.board import PAPER

SIZE = (640, 360)
TEXT = "The sea climbed the rocks until the little lighthouse shook from its door to its lamp."


def opened(path: Path) -> Image.Image:
    with Image.open(path) as sheet:
        sheet.load()
        return sheet


def panels(count: int, size: tuple[int, int] = SIZE) -> list[Panel]:
    return [Panel(f"storm-{n + 1}", TEXT, partial(first, size, n), 4.5) for n in range(count)]


def first(size: tuple[int, int] = SIZE, seed: int = 0) -> Frame:
    return next(moving(1, size, seed))


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (748, 312)])
def test_every_shot_has_its_panel(tmp_path: Path, size: tuple[int, int]) -> None:
    path = contact_sheet(panels(6, size), tmp_path / "board.png", size, "The Fox", "6 shots")
    sheet = np.asarray(opened(path).convert("RGB")).astype(int)
    for colour in COLOURS:
        share = (np.abs(sheet - colour).max(axis=2) <= 6).mean()
        assert share > 0.03, colour
    assert (np.abs(sheet - PAPER).max(axis=2) <= 6).mean() > 0.2
    assert path.stat().st_size < 300_000
    assert [item.name for item in tmp_path.iterdir()] == ["board.png"]


def test_notes_are_red_and_long_words_cut(tmp_path: Path) -> None:
    plain = contact_sheet([Panel("a", TEXT * 20, first, 1.0)], tmp_path / "plain.png", SIZE)
    noted = contact_sheet([Panel("a", TEXT * 20, first, 1.0, "missing")], tmp_path / "noted.png", SIZE)

    def red(path: Path) -> int:
        sheet = np.asarray(opened(path).convert("RGB")).astype(int)
        return int((np.abs(sheet - (176, 66, 48)).max(axis=2) < 12).sum())

    assert red(noted) > red(plain)
    assert opened(plain).size == opened(noted).size
    assert opened(plain).height < 600


def test_large_sheets_get_a_palette(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storyforge.film.board.LARGE", 1000)
    path = contact_sheet(panels(30), tmp_path / "board.png", SIZE)
    assert opened(path).mode == "P"


def test_a_film_without_shots_has_an_empty_sheet(tmp_path: Path) -> None:
    assert contact_sheet([], tmp_path / "board.png", SIZE, "Nothing").exists()


def test_one_frame_is_held_at_a_time(tmp_path: Path) -> None:
    held: list[ref[Frame]] = []
    most = 0

    def frame() -> Frame:
        nonlocal most
        made = first()
        held.append(ref(made))
        most = max(most, sum(one() is not None for one in held))
        return made

    contact_sheet([Panel(f"{n}", TEXT, frame, 1.0) for n in range(12)], tmp_path / "board.png", SIZE)
    assert len(held) == 12
    assert most <= 2


def test_the_sheet_of_a_long_film_is_the_same_in_a_palette(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = panels(12)
    whole = np.asarray(opened(contact_sheet(some, tmp_path / "true.png", SIZE, "Title")).convert("RGB")).astype(int)
    monkeypatch.setattr("storyforge.film.board.MOST_TRUE", 1)
    path = contact_sheet(some, tmp_path / "few.png", SIZE, "Title")
    assert opened(path).mode == "P"
    few = np.asarray(opened(path).convert("RGB")).astype(int)
    assert few.shape == whole.shape
    assert np.abs(few - whole).mean() < 3
