"""Heavy imports stay at the edge: what answers at once imports no torch (DESIGN 3). Times: tests/bench_start.py."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("torch", "diffusers", "transformers", "langchain", "openai", "av", "faiss", "moviepy", "thorvg_python")
BOARD = Path(__file__).parents[1] / "storyboards" / "chase.yaml"
CLI = "from storyforge.cli import main\nsys.argv = ['storyforge', *{arguments!r}]\ntry: main()\nexcept SystemExit: pass"

LIGHT = {
    "import": "import storyforge",
    "import storyboard": "import storyforge.storyboard",
    "import planner": "import storyforge.planner",
    "import doctor": "import storyforge.doctor",
    "help": CLI.format(arguments=["--help"]),
    "film help": CLI.format(arguments=["film", "--help"]),
    "check": CLI.format(arguments=["check", str(BOARD)]),
}


@pytest.mark.parametrize("code", LIGHT.values(), ids=LIGHT.keys())
def test_nothing_heavy_is_imported(code: str) -> None:
    script = f"import sys\n{code}\nprint('heavy:', *{set(HEAVY)!r} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "heavy:"


@pytest.mark.parametrize("verb", ["status", "report"])
def test_what_is_known_is_told_without_torch(verb: str) -> None:
    script = f"import sys\n{CLI.format(arguments=[verb, str(BOARD)])}\nprint('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "False", done.stderr
    assert len(done.stdout.splitlines()) > 3


def test_drawing_processes_start_without_torch() -> None:
    script = "import sys, storyforge.production.worker\nprint('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.split() == ["False"], done.stderr
