"""What `storyforge prompts` prints of shipped profiles is what their pipelines are told while a film is rendered."""

from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from test_told import Said, compared, heard

__all__ = ["heard"]  # the fixture

BOARD = """\
storyforge: 1
title: "Told"
renderer: {name}
size: 96x64
fps: 8
cast:
  ember: {{description: "a small orange fox", wears: "a blue scarf"}}
  moth: {{description: "a grey moth"}}
scenes:
  - id: storm
    shots:
      - id: one
        seconds: {seconds}
        cast: [ember]
        action: "Ember walks"
        beats: [{{at: {half}, action: "Ember runs"}}]
        options: {{{name}: {{guidance: 2}}}}
      - {{id: two, seconds: 1, avoid: "text", cast: [moth], action: "the moth flies", join: flow}}
      - {{id: three, seconds: 0.5, cast: [moth], prompt: "a grey moth", options: {{{name}: {{{more}}}}}}}
"""
CASES = {
    "wan-2.1-t2v-1.3b": "",  # its own panels, windows
    "sana-video": "",  # what it avoids by default
    "animatediff-sdxl": 'prompt_2: "by night", negative_prompt: "blue"',  # a bank, two text encoders
    "wan-2.1-flf2v-14b": "",  # keyframes
    "svd-xt": "",  # told nothing in words
    "ltx-long": "",  # its own long loop
}


@pytest.mark.parametrize("name", CASES)
def test_shipped_profiles_are_told_what_is_printed(
    name: str, tmp_path: Path, heard: Callable[[str], Said], capsys: pytest.CaptureFixture[str]
) -> None:
    tiny.install(name, tmp_path)
    seconds = 3 if name in ("wan-2.1-t2v-1.3b", "sana-video") else 1.5
    (tmp_path / "storyboard.yaml").write_text(
        BOARD.format(name=name, more=CASES[name], seconds=seconds, half=seconds / 2)
    )
    told = compared(tmp_path / "storyboard.yaml", heard, capsys)
    clips = [call for call in told["one"] if call["makes"] in ("clip", "windows")]
    assert [bool(call["texts"]) for call in clips] == [name != "svd-xt"] * len(clips)
