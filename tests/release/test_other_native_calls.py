"""Each shipped profile on its tiny checkpoint: installed, loaded by the real code, called once as its pipeline says."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import tiny
import torch
from numpy.typing import NDArray
from PIL import Image
from tiny import allegro, easyanimate, helios, hunyuan, kandinsky, latte, mochi, sana

from storyforge import backends
from storyforge.backends import LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends.diffusers import loading
from storyforge.backends.diffusers.calls import _row_shape, run
from storyforge.backends.diffusers.infill import Known
from storyforge.backends.diffusers.segments import Segment
from storyforge.backends.diffusers.words import takes
from storyforge.backends.models import DiffusersProfile

FAMILIES = (allegro, easyanimate, helios, hunyuan, kandinsky, latte, mochi, sana)
NAMES = [name for family in FAMILIES for name in family.TINY]
HELD = [
    "allegro",
    "easyanimate-5.1",
    "hunyuan-video",
    "hunyuan-video-1.5",
    "kandinsky-5-lite",
    "latte-1",
    "mochi-1",
    "sana-video",
]
Opened = Callable[[str], tuple[Any, DiffusersProfile]]


def picture(size: tuple[int, int], seed: int) -> Image.Image:
    width, height = size
    return Image.fromarray(np.random.default_rng(seed).integers(0, 255, (height, width, 3), np.uint8))


def shown(profile: DiffusersProfile, names: set[str]) -> dict[str, Any]:
    """Known first and last pictures in the profile's way."""
    first, last = (picture(profile.clip.size, seed) for seed in (1, 2))
    if profile.infill == "inpaint":
        frames = np.stack([np.asarray(first)] * profile.clip.frames).astype(np.float32)
        mask = np.full((profile.clip.frames, *frames.shape[1:3], 1), 255, np.float32)
        mask[[0, -1]] = 0
        videos = (torch.from_numpy(value).permute(3, 0, 1, 2)[None] for value in (frames / 255, mask))
        return dict(zip(("video", "mask_video"), videos, strict=True))
    wanted = {"first": ("image",), "extend": ("image",), "first_last": ("image", "last_image")}.get(profile.infill, ())
    return {name: value for name, value in (("image", first), ("last_image", last)) if name in wanted and name in names}


def called(pipe: Any, profile: DiffusersProfile) -> NDArray[Any]:
    """One clip: its pictures."""
    width, height = profile.clip.size
    told = {
        "prompt": "a small orange fox walks",
        "negative_prompt": "night",
        "height": height,
        "width": width,
        "num_frames": profile.clip.ask(profile.clip.frames),
        "num_inference_steps": 2,
        "guidance_scale": profile.defaults.guidance,
        "generator": torch.Generator("cpu").manual_seed(3),
        "output_type": "np",
    }
    if profile.avoid:
        told["negative_prompt"] = profile.avoid
    if profile.layout == "BCFHW":
        channels, *sides = _row_shape(pipe, profile.clip.size)
        rows = (profile.clip.frames - 1) // profile.clip.ratio + 1
        told["latents"] = torch.randn((1, channels, rows, *sides), generator=torch.Generator().manual_seed(4))
    told = {profile.names.get(name, name): value for name, value in told.items()}
    names = takes(type(pipe))
    told = {name: value for name, value in told.items() if name in names} | dict(profile.call) | shown(profile, names)
    return np.asarray(pipe(**told).frames[0])


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Any, DiffusersProfile]]:
    """A profile and its pipeline, made and loaded once for all tests."""

    @cache
    def open_(name: str) -> tuple[Any, DiffusersProfile]:
        project = tmp_path_factory.mktemp(name)
        tiny.install(name, project)
        profile = backends.find(name, project)
        assert isinstance(profile, DiffusersProfile)
        pipe = loading.load(profile)
        if profile.memory.tiling:
            pipe.vae.enable_tiling()
        return pipe, profile

    return open_


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_profile_runs_on_its_tiny_checkpoint(name: str, opened: Opened) -> None:
    pipe, profile = opened(name)
    made = called(pipe, profile)
    width, height = profile.clip.size
    assert made.shape[1:] == (height, width, 3)
    assert len(made) >= profile.clip.frames
    assert np.isfinite(made).all()
    assert np.array_equal(made, called(pipe, profile))
    assert made.std() > 0.01


@pytest.mark.parametrize("name", HELD)
def test_held_rows_come_out_exactly(name: str, opened: Opened) -> None:
    pipe, profile = opened(name)
    frames, shape = profile.clip.frames, _row_shape(pipe, profile.clip.size)
    told = (TimedPrompt(0, frames, Prompt("a small orange fox walks", "")),)
    part = Part("one", 0, frames, 7)
    rows = {row: torch.randn(shape, generator=torch.Generator().manual_seed(row)) for row in (0, 1)}
    made = run(
        pipe,
        profile.model_copy(update={"keeps": "latents"}),
        LevelRequest("s", frames, 1, (part,), told),
        Segment(0, frames, frames, part, told),
        Known(rows=rows),
        profile.clip.size,
        {},
    ).shown
    for row, clean in rows.items():
        assert torch.equal(made[0, row].permute(2, 0, 1) if profile.layout == "BFHWC" else made[0, :, row], clean)
