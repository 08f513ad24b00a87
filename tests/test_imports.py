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


PROFILE = """\
backend: diffusers
licence: none
pipeline: WanPipeline
checkpoint: CHECKPOINT
clip: {frames: 9, fps: 16, size: [48, 32], ratio: 4}
keyframes: {pipeline: StableDiffusionPipeline, checkpoint: CHECKPOINT}
"""
GPU = "storyforge: 1\nrenderer: RENDERER\nscenes: [{id: day, shots: [{id: a, seconds: 2, action: A fox runs}]}]\n"
TOLD = """\
status here.yaml
takes here.yaml
lock here.yaml a
pick here.yaml a newest
check here.yaml
render here.yaml --dry-run
"""
EACH = """\
import sys
from storyforge.cli import main
for line in {lines!r}:
    sys.argv = ["storyforge", *line.split()]
    try: main()
    except SystemExit as end: print(">", line, end.code, "torch" in sys.modules)
"""


@pytest.mark.slow
def test_what_a_gpu_renderer_would_do_is_told_without_torch(tmp_path: Path) -> None:
    (tmp_path / "renderers" / "here").mkdir(parents=True)
    (tmp_path / "renderers" / "here" / "model_index.json").write_text('{"_class_name": "WanPipeline"}')
    (tmp_path / "renderers" / "here.yaml").write_text(PROFILE.replace("CHECKPOINT", "here"))
    (tmp_path / "here.yaml").write_text(GPU.replace("RENDERER", "here"))
    script = EACH.format(lines=TOLD.splitlines())
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path)
    ends = [line for line in done.stdout.splitlines() if line.startswith("> ")]
    assert ends == [f"> {line} 0 False" for line in TOLD.splitlines()], done.stdout + done.stderr


def test_drawing_processes_start_without_torch() -> None:
    script = "import sys, storyforge.production.worker\nprint('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.split() == ["False"], done.stderr
