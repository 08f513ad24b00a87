"""What the tests of productions start from: a renderer of coloured cards, and a project that it has rendered."""

from pathlib import Path

import pytest
from paint import BOARD, Paint, studio

from storyforge.production import Order, Project


@pytest.fixture
def paint() -> Paint:
    return Paint()


@pytest.fixture
def project(tmp_path: Path, paint: Paint) -> Project:
    """A project that is rendered."""
    done = studio(tmp_path, BOARD, paint)
    done.produce(Order(workers=1, silent=True))
    return done
