"""The wheel holds the code and everything beside it, and finds it there."""

import os
import subprocess
import sys
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]
KINDS = ("prompts", "renderers", "storyboards")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built as pip builds it."""
    folder = tmp_path_factory.mktemp("dist")
    return Path(next(WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])))


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the wheel's contents alone, as site-packages would."""
    folder = tmp_path_factory.mktemp("site")
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def beside(kind: str) -> set[str]:
    """Files of the checkout that belong in the wheel."""
    files = [path for path in (ROOT / kind).rglob("*") if path.is_file() and path.parent.name != "__pycache__"]
    return {str(path.relative_to(ROOT)) for path in files}


def run(site: Path, code: str) -> str:
    """Output of `code` in a Python that has the wheel before the checkout."""
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run([sys.executable, "-c", code], cwd=site, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_code_and_data(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for kind in KINDS:
        assert {f"storyforge/data/{name}" for name in beside(kind)} <= names
    code = {str(path.relative_to(ROOT)) for path in (ROOT / "storyforge").rglob("*.py")}
    assert code <= names
    assert "storyforge/data/storyboards/pictures/may.webp" in names
    assert not [name for name in names if "__pycache__" in name]
    strangers = {name for name in names if not name.startswith(("storyforge/", "storyforge_film-"))}
    assert not strangers


def test_the_wheel_says_what_it_is(site: Path) -> None:
    (info,) = site.glob("storyforge_film-*.dist-info")
    metadata = message_from_bytes((info / "METADATA").read_bytes())
    assert metadata["Name"] == "storyforge-film"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert "Apache License" in (info / "licenses" / "LICENSE").read_text()
    assert (info / "entry_points.txt").read_text().count("storyforge = storyforge.cli:main") == 1


def test_data_are_found_in_the_wheel(site: Path) -> None:
    said = run(
        site,
        "from storyforge.resources import root\nfor kind in ('prompts', 'renderers', 'storyboards'): print(root(kind))",
    )
    assert said.split() == [str(site / "storyforge" / "data" / kind) for kind in KINDS]


def test_data_are_found_in_the_checkout() -> None:
    from storyforge.resources import root

    for kind in KINDS:
        assert {Path(str(item)).name for item in root(kind).iterdir()} == {
            path.name for path in (ROOT / kind).iterdir()
        }


@pytest.mark.parametrize("name", ["chase.yaml", "documentary.yaml"])
def test_the_wheel_checks_its_own_storyboards(site: Path, name: str) -> None:
    board = site / "storyforge" / "data" / "storyboards" / name
    run(
        site, f"import sys\nfrom storyforge.cli import main\nsys.argv = ['storyforge', 'check', {str(board)!r}]\nmain()"
    )
