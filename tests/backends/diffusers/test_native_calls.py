"""Every shipped Wan, CogVideoX, LTX and SkyReels profile: its checkpoint loads and its pipeline makes what it says."""

from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from tiny import install, wan

from storyforge.backends import profile as profiles
from storyforge.backends.diffusers import loading
from storyforge.backends.models import DiffusersProfile

NAMES = sorted(wan.TINY)


def picture(profile: DiffusersProfile, seed: int = 0) -> Image.Image:
    width, height = profile.clip.size
    return Image.fromarray(np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8))


def shown(profile: DiffusersProfile, pipe: Any) -> dict[str, Any]:
    """Every picture and video that the profile says the call takes."""
    takes, frames = signature(type(pipe).__call__).parameters, profile.clip.frames
    video = [picture(profile, seed) for seed in range(frames)]
    given: dict[str, Any] = {name: picture(profile) for name in ("image", "cond_image") if name in takes}
    if profile.infill == "first_last":
        given["last_image"] = picture(profile, 1)
    if profile.infill == "mask":
        given |= {"video": video, "mask": [Image.new("L", profile.clip.size, 255)] * frames}
    if profile.references:
        given[profile.references.argument] = [picture(profile, 2)] if profile.references.many else picture(profile, 2)
    if profile.source:
        given[profile.source.argument] = video
    if profile.control:
        given[profile.control.argument] = video
        given |= {name: [Image.new("RGB", profile.clip.size)] * frames for name in profile.control.black}
    return given


def called(profile: DiffusersProfile, pipe: Any, seed: int) -> NDArray[Any]:
    """One clip by the pipeline itself: frames [frames, height, width, 3]."""
    takes, (width, height) = signature(type(pipe).__call__).parameters, profile.clip.size
    told = {
        "prompt": "a small orange fox walks",
        "negative_prompt": "night",
        "height": height,
        "width": width,
        "num_frames": profile.clip.frames,
        "num_inference_steps": profile.defaults.steps,
        "guidance_scale": profile.defaults.guidance,
        "generator": torch.Generator().manual_seed(seed),
        "output_type": "np",
    }
    given = told | shown(profile, pipe) | dict(profile.call)
    return np.asarray(pipe(**{name: value for name, value in given.items() if name in takes}).frames[0])


@pytest.mark.parametrize("name", NAMES)
def test_a_checkpoint_of_its_classes_loads_and_makes_a_clip_of_its_length(name: str, tmp_path: Path) -> None:
    profile = profiles.read(install(name, tmp_path))
    assert isinstance(profile, DiffusersProfile)
    pipe = loading.load(profile)
    assert type(pipe).__name__ == profile.pipeline
    assert set(profile.call) <= set(signature(type(pipe).__call__).parameters)
    made = called(profile, pipe, 7)
    width, height = profile.clip.size
    assert made.shape == (profile.clip.frames, height, width, 3)
    assert np.isfinite(made).all()
    assert made.std() > 0.02
    assert np.array_equal(made, called(profile, pipe, 7))
    assert not np.array_equal(made, called(profile, pipe, 8))


@pytest.mark.parametrize("name", NAMES)
def test_the_rows_of_a_clip_are_those_its_ratio_says(name: str, tmp_path: Path) -> None:
    clip = profiles.read(install(name, tmp_path)).clip  # type: ignore[union-attr]
    shipped = profiles.find(name)
    assert isinstance(shipped, DiffusersProfile)
    for of in (clip, shipped.clip):
        assert of.snap(of.frames) == of.frames
        assert all(side % of.multiple == 0 for side in of.size)
    assert not shipped.windows or shipped.windows.overlap % shipped.clip.ratio == 0
