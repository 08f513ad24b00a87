"""The pictures of the pages: they are there, small, moving where they should, and described in words."""

import re
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MOST = {"fox.jpg": 300_000, "joins.webp": 1_500_000, "edit.jpg": 300_000}


def shown() -> list[tuple[str, str, Path]]:
    """Page, alt text and file of every picture that a page shows."""
    found = [(page, *match) for page in PAGES for match in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page.read_text())]
    return [(page.name, alt, (page.parent / target).resolve()) for page, alt, target in found]


@pytest.mark.parametrize("name", MOST)
def test_a_picture_is_there_and_small(name: str) -> None:
    path = PICTURES / name
    assert 10_000 < path.stat().st_size <= MOST[name]
    with Image.open(path) as picture:
        picture.load()
        assert picture.width >= 900


def test_the_strip_moves() -> None:
    with Image.open(PICTURES / "joins.webp") as picture:
        frames = getattr(picture, "n_frames", 1)
        assert frames >= 24
        picture.seek(0)
        first = picture.convert("RGB").resize((96, 20))
        picture.seek(frames // 2)
        assert first.tobytes() != picture.convert("RGB").resize((96, 20)).tobytes()


def test_every_picture_is_shown_with_words_for_those_who_cannot_see_it() -> None:
    pictures = shown()
    assert {path for _, _, path in pictures} == {PICTURES / name for name in MOST}
    for page, alt, path in pictures:
        assert len(alt.split()) >= 8, f"{page}: {path.name} is described by {alt!r}"


def test_readme_opens_with_a_picture() -> None:
    head = (ROOT / "README.md").read_text().split("\n## ")[0]
    assert head.index("![") < 600
