"""What the tests of productions start from: a renderer of coloured cards, and a project that it has rendered."""

from pathlib import Path

import pytest
from paint import Paint, rendered

from storyforge.production import Project


@pytest.fixture
def paint() -> Paint:
    return Paint()


@pytest.fixture
def project(tmp_path: Path, paint: Paint) -> Project:
    """A project that is rendered."""
    return rendered(tmp_path, paint)
