"""Every shipped Wan, CogVideoX, LTX and SkyReels profile: its checkpoint loads and its pipeline makes what it says."""

from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import LTX2ConditionPipeline
from diffusers.pipelines.ltx.pipeline_ltx_condition import LTXVideoCondition
from diffusers.pipelines.ltx2.pipeline_ltx2_condition import LTX2VideoCondition
from numpy.typing import NDArray
from PIL import Image
from tiny import install, ltx, wan

from storyforge.backends import profile as profiles
from storyforge.backends.diffusers import loading
from storyforge.backends.models import DiffusersProfile

NAMES = sorted(wan.TINY | ltx.TINY)
LONG = sorted(name for name in NAMES if profiles.find(name).longer == "extend" and name != "wan-2.2-animate-14b")  # type: ignore[union-attr]


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
    if profile.infill == "conditions":
        return {
            "conditions": [_condition(pipe, picture(profile), 0), _condition(pipe, picture(profile, 1), frames - 1)]
        }
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


def _condition(pipe: Any, known: Image.Image, frame: int) -> Any:
    """A picture at a frame of an LTX clip, or at its row of an LTX-2 clip."""
    if isinstance(pipe, LTX2ConditionPipeline):
        return LTX2VideoCondition(frames=known, index=-(-frame // 8))
    return LTXVideoCondition(image=known, frame_index=frame)


def called(profile: DiffusersProfile, pipe: Any, seed: int, frames: int | None = None) -> NDArray[Any]:
    """One clip by the pipeline itself: frames [frames, height, width, 3]."""
    takes, (width, height) = signature(type(pipe).__call__).parameters, profile.clip.size
    told = {
        "prompt": "a small orange fox walks",
        "negative_prompt": "night",
        "height": height,
        "width": width,
        "num_frames": frames or profile.clip.frames,
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


@pytest.mark.parametrize("name", LONG)
def test_a_pipeline_with_a_long_loop_makes_every_length_of_whole_rows(name: str, tmp_path: Path) -> None:
    profile = profiles.read(install(name, tmp_path))
    assert isinstance(profile, DiffusersProfile)
    pipe, ratio = loading.load(profile), profile.clip.ratio
    for rows in (2, 5, 6):
        assert len(called(profile, pipe, 7, rows * ratio + 1)) == rows * ratio + 1


@pytest.mark.parametrize("name", ["ltx-2", "ltx-2-condition"])
def test_ltx_2_is_heard(name: str, tmp_path: Path) -> None:
    profile = profiles.read(install(name, tmp_path))
    assert isinstance(profile, DiffusersProfile)
    pipe = loading.load(profile)
    told = {"prompt": "a fox runs", "height": 64, "width": 64, "num_frames": 17, "num_inference_steps": 2}
    sound = pipe(**told, **profile.call, generator=torch.Generator().manual_seed(7)).audio
    channels, samples = sound[0].shape
    assert channels == 2
    assert torch.isfinite(sound).all()
    assert samples / pipe.vocoder.config.output_sampling_rate == pytest.approx(17 / 24, abs=0.1)
