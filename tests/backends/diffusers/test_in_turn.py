"""A pipeline that makes long films by a loop of its own hears each beat in the windows that it falls into."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny
import torch

from storyforge import backends
from storyforge.backends import LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends.diffusers import Diffusers, words
from storyforge.errors import InputError

FRAMES = 41  # 6 latent rows: windows of 2 rows that share one with the window before
FOX, MOTH = "a small orange fox | with blue scarf", "a grey moth"


@pytest.fixture
def backend(tmp_path: Path) -> Diffusers:
    return Diffusers(backends.read(tiny.install("ltx-long", tmp_path)))  # type: ignore[arg-type]


def level(frames: int, *prompts: tuple[int, str], **more: Any) -> LevelRequest:
    """One shot; prompts: from a frame on, the words."""
    stops = [*(start for start, _ in prompts[1:]), frames]
    timed = tuple(TimedPrompt(a, b, Prompt(text, "")) for (a, text), b in zip(prompts, stops, strict=True))
    return LevelRequest("one", frames, 1, (Part("one", 0, frames, 7),), timed, **more)


def heard(backend: Diffusers, frames: int, *prompts: tuple[int, str], **options: Any) -> list[torch.Tensor]:
    """What the denoiser is told in each window of one shot; prompts: from a frame on, the words."""
    told: list[torch.Tensor] = []

    def listen(module: Any, args: Any, kwargs: dict[str, Any]) -> None:
        told.append(kwargs["encoder_hidden_states"].clone())

    handle = backend.pipe.transformer.register_forward_pre_hook(listen, with_kwargs=True)
    backend.render([level(frames, *prompts, options=options)])
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


def test_words_that_the_storyboard_adds_to_the_call_are_heard_in_every_window(backend: Diffusers) -> None:
    moth = heard(backend, FRAMES, (0, MOTH))
    assert all(map(torch.equal, heard(backend, FRAMES, (0, FOX), (20, "by night"), prompt=MOTH), moth))
    request = level(FRAMES, (0, FOX), (20, "by night"), options={"prompt": MOTH})
    assert {one.texts["prompt"] for one in words.tellings(backend.profile, request, ())} == {MOTH}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temporal_tile_size", "wide"),
        ("temporal_tile_size", None),
        ("temporal_tile_size", 0),
        ("temporal_overlap", 2.5),
    ],
)
def test_a_window_that_is_no_number_of_frames_is_refused_before_anything_is_painted(
    backend: Diffusers, name: str, value: Any
) -> None:
    said = f"renderer ltx-long: option {name} is {value!r}, .* write a whole number from [01] on, or leave it out"
    request = level(FRAMES, (0, FOX), options={name: value})
    with pytest.raises(InputError, match=said):
        list(words.tellings(backend.profile, request, ()))
    with pytest.raises(InputError, match=said):
        backend.render([request])
    panels = replace(request, stride=0, frames=1, options={}, each={0: {name: value}})
    with pytest.raises(InputError, match=said):
        backend.render([panels])


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
