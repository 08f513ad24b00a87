"""A pipeline that makes long films by a loop of its own hears each beat in the windows that it falls into."""

from pathlib import Path
from typing import Any

import pytest
import tiny
import torch

from storyforge import backends
from storyforge.backends import LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends.diffusers import Diffusers
from storyforge.errors import InputError

FRAMES = 41  # 6 latent rows: windows of 2 rows that share one with the window before
FOX, MOTH = "a small orange fox | with blue scarf", "a grey moth"


@pytest.fixture
def backend(tmp_path: Path) -> Diffusers:
    return Diffusers(backends.read(tiny.install("ltx-long", tmp_path)))  # type: ignore[arg-type]


def heard(backend: Diffusers, frames: int, *prompts: tuple[int, str]) -> list[torch.Tensor]:
    """What the denoiser is told in each window of one shot; prompts: from a frame on, the words."""
    told: list[torch.Tensor] = []

    def listen(module: Any, args: Any, kwargs: dict[str, Any]) -> None:
        told.append(kwargs["encoder_hidden_states"].clone())

    stops = [*(start for start, _ in prompts[1:]), frames]
    timed = tuple(TimedPrompt(a, b, Prompt(text, "")) for (a, text), b in zip(prompts, stops, strict=True))
    request = LevelRequest("one/1", frames, 1, (Part("one", 0, frames, 7),), timed)
    handle = backend.pipe.transformer.register_forward_pre_hook(listen, with_kwargs=True)
    backend.render([request])
    handle.remove()
    return told  # of its two noise levels the scheduler ends at the second: one call a window


def test_each_window_of_the_loop_hears_its_own_prompt(backend: Diffusers) -> None:
    fox, moth = (heard(backend, 9, (0, text))[0] for text in (FOX, MOTH))
    assert not torch.equal(fox, moth)
    told = heard(backend, FRAMES, (0, FOX), (20, MOTH))
    # The rows new in each window are 0-1, 2, 3, 4 and 5; from row 3 on the moth is told of.
    assert [torch.equal(one, moth) for one in told] == [False, False, True, True, True]
    assert all(torch.equal(one, fox) for one in told[:2])
    assert all(torch.equal(one, fox) for one in heard(backend, FRAMES, (0, FOX)))  # its bar parts nothing


def test_prompts_of_a_loop_are_told_by_windows_that_the_call_names(tmp_path: Path) -> None:
    path = tiny.install("ltx-long", tmp_path)
    text = path.read_text()
    assert "temporal_overlap: 8" in text
    path.write_text(text.replace("temporal_overlap: 8", "temporal_overlaps: 8"))
    with pytest.raises(InputError, match="prompts: temporal_overlap is no whole number in call"):
        backends.read(path)
    path.write_text(text.replace("longer: extend", "longer: chain"))
    with pytest.raises(InputError, match="prompts are of a pipeline's own loop: they need longer: extend"):
        backends.read(path)
