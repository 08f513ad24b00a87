"""Every entity x look that a film shows is cast once, and looks of one entity share what nobody described."""

from pathlib import Path

import pytest

from storyforge.errors import InputError
from storyforge.memory import castings, picture, pictures, reads, sheets_of
from storyforge.storyboard import Resolved, loads, resolve

BOARD = """\
storyforge: 1
seed: 7
cast:
  ember: {description: "a small orange fox", wears: "a blue scarf", looks: {rain: "a yellow raincoat"}}
  moth: {description: "a grey moth"}
  nobody: {description: "somebody who never appears"}
props: {lantern: "a brass lantern", key: "a golden key"}
places: {wood: "a dark wood", moon: "the moon"}
scenes:
  - id: s
    place: wood
    shots:
      - {id: a, cast: [{who: ember, holds: lantern}]}
      - {id: b, cast: [ember@rain], props: [key]}
      - {id: c, cast: [ember], beats: [{at: 1, cast: [moth]}]}
"""


@pytest.fixture
def film() -> Resolved:
    return resolve(loads(BOARD).board)


def test_who_is_cast(film: Resolved) -> None:
    found = castings(film, Path())
    assert [(casting.key, casting.kind) for casting in found] == [
        ("ember", "character"), ("lantern", "prop"), ("wood", "place"),
        ("ember@rain", "character"), ("key", "prop"), ("moth", "character"),
    ]  # fmt: skip


def test_looks_share_seed_and_body(film: Resolved) -> None:
    cast = {casting.key: casting for casting in castings(film, Path())}
    assert cast["ember"].text == "a small orange fox, wearing a blue scarf."
    assert cast["ember@rain"].text == "a small orange fox, wearing a yellow raincoat."
    assert cast["ember"].body == cast["ember@rain"].body == "a small orange fox."
    assert cast["ember"].seed == cast["ember@rain"].seed != cast["moth"].seed


def test_another_film_seed_is_another_cast(film: Resolved) -> None:
    other = resolve(loads(BOARD.replace("seed: 7", "seed: 8")).board)
    assert castings(film, Path())[0].seed != castings(other, Path())[0].seed


def test_what_a_shot_reads(film: Resolved) -> None:
    assert reads(film.shots[0], film) == ("ember", "lantern", "wood")
    assert reads(film.shots[2], film) == ("ember", "moth", "wood"), "a beat's newcomer, too"
    assert sheets_of(film.shots[:2], film) == ("ember", "lantern", "wood", "ember@rain", "key")


def test_pictures_are_read_upright_and_not_too_large(tmp_path: Path) -> None:
    from PIL import Image

    large = Image.new("RGB", (3000, 100), (255, 0, 0))
    exif = large.getexif()
    exif[0x0112] = 6  # turned a quarter
    large.save(tmp_path / "large.jpg", exif=exif)
    Image.new("RGBA", (8, 6)).save(tmp_path / "small.png")
    found = pictures([tmp_path / "small.png", tmp_path / "large.jpg", tmp_path / "never read"], 2)
    assert [one.shape for one in found] == [(6, 8, 3), (1024, 34, 3)]


def test_what_is_no_picture_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.png").write_text("not a picture")
    with pytest.raises(InputError, match=r"notes.png: not a picture that can be read .* replace it"):
        picture(tmp_path / "notes.png")
    with pytest.raises(InputError, match=r"none.png: no such picture"):
        picture(tmp_path / "none.png")
