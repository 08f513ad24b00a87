"""What every test of diffusers renderers does without: large contact sheets."""

import pytest

from storyforge.film import board


@pytest.fixture(autouse=True)
def small_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Panels a quarter as wide, since nothing here looks at sheets: noise packs slowly, a tenth of a test's time."""
    monkeypatch.setattr(board, "PANEL", 100)
