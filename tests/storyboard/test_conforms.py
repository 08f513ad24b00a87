"""How a model's frames become the film's, told from its profile alone: nothing heavy is loaded for it."""

import subprocess
import sys
from pathlib import Path

import pytest

from storyforge.storyboard import conforms, filmed, loads
from storyforge.storyboard.renderers import native, renderer

BOARD = """\
storyforge: 1
renderer: wan-2.1-t2v-1.3b
size: 1280x720
scenes:
  - id: a
    shots:
      - {id: one, seconds: 3}
"""
MORE = """\
      - {id: two, seconds: 2, join: flow}
      - {id: three, seconds: 4}
      - {id: four, seconds: 1, renderer: toon}
      - {id: five, seconds: 1, renderer: animatediff-sd15}
"""


def told(text: str, folder: Path) -> list[str]:
    return conforms(filmed(loads(text, folder / "b.yaml").board, folder), folder)


def test_each_renderer_with_a_rate_is_told_once(tmp_path: Path) -> None:
    assert told(BOARD, tmp_path) == [
        "wan-2.1-t2v-1.3b: 72 frames at 24 are 48 at 16, rendered as 49; 848x480 -> 1280x720"
    ]
    wan, animatediff = told(BOARD + MORE, tmp_path)
    assert wan.startswith("wan-2.1-t2v-1.3b: 120 frames at 24 are 80 at 16, rendered as 81; 848x480 -> 1280x720")
    assert wan.endswith(" (one..two, its longest)")
    assert animatediff.startswith("animatediff-sd15: 24 frames at 24 are 8 at 8; ")
    (native_rate,) = told(BOARD.replace("scenes:", "rate: native\nscenes:"), tmp_path)
    assert native_rate.startswith("wan-2.1-t2v-1.3b: 72 frames at 24 are as many of its 16 a second, rendered as 73;")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(5, "120 frames at 24 are 120 at 24, rendered as 121;"), (10, "240 frames at 24 are 240 at 24, rendered as 243;")],
)
def test_clips_that_are_trimmed_after_their_keyframe_are_counted_so(seconds: int, said: str, tmp_path: Path) -> None:
    board = BOARD.replace("wan-2.1-t2v-1.3b", "ltx-2-condition").replace("seconds: 3", f"seconds: {seconds}")
    (line,) = told(board, tmp_path)
    assert line.startswith(f"ltx-2-condition: {said} 832x480 -> 1280x720")


def test_films_of_toon_say_nothing_of_it(tmp_path: Path) -> None:
    assert told(BOARD.replace("renderer: wan-2.1-t2v-1.3b\n", ""), tmp_path) == []
    assert told(BOARD.replace("{id: one,", "{id: one, source: teal,"), tmp_path) == []


def test_a_ratio_is_the_models_own_size(tmp_path: Path) -> None:
    board = loads(BOARD.replace("1280x720", "1:1"), tmp_path / "b.yaml").board
    assert filmed(board, tmp_path).size == (632, 632)


@pytest.mark.parametrize(
    "clip", [None, [], {}, {"frames": "x", "fps": 8, "size": [8, 8]}, {"frames": 8, "fps": 0, "size": [8, 8]},
             {"frames": 8, "fps": 8, "size": [8]}, {"frames": 8, "fps": "eight", "size": [8, 8]}]
)  # fmt: skip
def test_a_profile_that_is_wrong_is_left_to_its_backend(clip: object) -> None:
    assert native({"clip": clip}) is None


def test_what_a_profile_takes(tmp_path: Path) -> None:
    (tmp_path / "renderers").mkdir()
    (tmp_path / "renderers" / "mine.yaml").write_text("source: {argument: video}\ncontrol: {kinds: [pose]}\n")
    mine = renderer("mine", tmp_path)
    assert (mine.restyles, mine.controls, mine.native) == (True, ("pose",), None)
    (tmp_path / "renderers" / "mine.yaml").write_text("source: null\ncontrol: pose\n")
    mine = renderer("mine", tmp_path)
    assert (mine.restyles, mine.controls) == (False, ())


def test_check_prints_it_and_loads_no_model(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(BOARD)
    code = (
        "import sys; from storyforge.cli import main; sys.argv = ['storyforge', 'check', 'b.yaml']\n"
        "try: main()\nexcept SystemExit as end: assert not end.code\n"
        "print([name for name in ('torch', 'diffusers', 'transformers', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.splitlines()[-2:] == [
        "wan-2.1-t2v-1.3b: 72 frames at 24 are 48 at 16, rendered as 49; 848x480 -> 1280x720", "[]",
    ]  # fmt: skip


def test_a_renderer_whose_sound_is_heard_says_so_unless_it_is_refused(tmp_path: Path) -> None:
    ltx = BOARD.replace("wan-2.1-t2v-1.3b", "ltx-2")
    (said,) = told(ltx, tmp_path)
    assert said.endswith("; its own sound is heard, and no ambience and effects")
    (said,) = told(ltx.replace("scenes:", "rate: native\nfps: 30\nscenes:"), tmp_path)
    assert said.endswith("; its own sound is heard at that speed, so higher or lower, and no ambience and effects")
    refused = ltx.replace("seconds: 3", "seconds: 3, options: {ltx-2: {sound: false}}")
    assert "sound" not in told(refused, tmp_path)[0]
    assert "own sound is heard" in told(refused + "      - {id: two, seconds: 2}\n", tmp_path)[0], "in one of them"
