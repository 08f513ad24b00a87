"""The film as a build, the long form: a hundred kills, five hundred damaged stores."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "production"))

import test_damage
import test_kill
from paint import BOARD, Paint, studio

from storyforge.production import Order


def test_a_hundred_kills(tmp_path: Path) -> None:
    test_kill.killed(tmp_path, kills=100, seed=100)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    studio(folder, BOARD, Paint()).produce(Order(workers=1))
    return folder


def test_five_hundred_damaged_stores(whole: Path, tmp_path: Path) -> None:
    for number in range(1000, 1500):
        test_damage.spoilt(whole, tmp_path / str(number), number)
