"""Whatever happens to a store or a journal: never a wrong frame, never a traceback, and what is gone is made again."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from paint import BOARD, Paint, studio

from storyforge.errors import StoryforgeError
from storyforge.production import Order

Damage = Callable[[random.Random, Path], None]


def blobs(work: Path) -> list[Path]:
    return sorted(path for path in (work / "store").rglob("*") if path.is_file() and path.name != "lock")


def flip(dice: random.Random, work: Path) -> None:
    """One bit of one file."""
    path = dice.choice([path for path in blobs(work) if path.stat().st_size])
    content = bytearray(path.read_bytes())
    content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    path.write_bytes(bytes(content))


def cut(dice: random.Random, work: Path) -> None:
    path = dice.choice(blobs(work))
    content = path.read_bytes()
    path.write_bytes(content[: dice.randrange(len(content) + 1)])


def delete(dice: random.Random, work: Path) -> None:
    for path in dice.sample(blobs(work), 3):
        path.unlink()


def leave(dice: random.Random, work: Path) -> None:
    """What a writer that died leaves."""
    temp = work / "store" / "temp"
    temp.mkdir(exist_ok=True)
    (temp / f"{dice.randrange(10**6, 10**7)}-{dice.randrange(10**9)}.mp4").write_bytes(dice.randbytes(100))


BEFORE = "drop table results; drop table documents; alter table attempts drop column encode; pragma user_version = 1"


def journal_before(dice: random.Random, work: Path) -> None:
    """A journal as the version before wrote it: no results, no documents."""
    with closing(sqlite3.connect(work / "journal.sqlite")) as database, suppress(sqlite3.DatabaseError, UnicodeError):
        database.executescript(BEFORE)  # unless garbled


def journal_garbled(dice: random.Random, work: Path) -> None:
    path = work / "journal.sqlite"
    content = bytearray(path.read_bytes())
    for _ in range(64):
        content[dice.randrange(len(content))] = dice.randrange(256)
    path.write_bytes(bytes(content))


def swap(dice: random.Random, work: Path) -> None:
    """One blob's bytes under another one's name."""
    some = [path for path in blobs(work) if path.suffix != ".json"]
    one, other = dice.sample(some, 2)
    one.write_bytes(other.read_bytes())


DAMAGES: tuple[Damage, ...] = (flip, cut, delete, leave, journal_before, journal_garbled, swap)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    studio(folder, BOARD, Paint()).produce(Order(workers=1))
    return folder


def spoilt(whole: Path, folder: Path, number: int) -> str:
    """Damages a copy of a project, renders it again, and compares; what was done to it."""
    dice = random.Random(number)
    shutil.copytree(whole, folder)
    some = dice.sample(DAMAGES, dice.randrange(1, 4))
    for damage in some:
        damage(dice, folder / ".storyforge")
    names = f"{number}: {', '.join(damage.__name__ for damage in some)}"
    if dice.random() < 0.5:  # else it is current, and what it was joined from is not asked for
        (folder / "film.mp4").unlink()
    again = studio(folder, BOARD, Paint())
    try:
        again.status()
        again.report()
        made = again.produce(Order(workers=1))
    except StoryforgeError as error:
        raise AssertionError(f"{names}: {error}") from error
    assert not made.failed, names
    for path in [*whole.glob("shots/*.mp4"), *whole.glob("panels/*.png"), whole / "film.mp4"]:
        assert (folder / path.relative_to(whole)).read_bytes() == path.read_bytes(), f"{names}: {path.name}"
    shutil.rmtree(folder)
    return names


@pytest.mark.parametrize("number", range(20))
def test_a_damaged_store_gives_the_same_film(whole: Path, tmp_path: Path, number: int) -> None:
    spoilt(whole, tmp_path / "copy", number)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_each_damage_alone(whole: Path, tmp_path: Path, damage: Damage) -> None:
    shutil.copytree(whole, tmp_path / "copy")
    damage(random.Random(1), tmp_path / "copy" / ".storyforge")
    (tmp_path / "copy" / "film.mp4").unlink()
    studio(tmp_path / "copy", BOARD, Paint()).produce(Order(workers=1))
    assert (tmp_path / "copy" / "film.mp4").read_bytes() == (whole / "film.mp4").read_bytes()
