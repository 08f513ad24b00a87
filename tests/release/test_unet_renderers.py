"""Renderers whose denoiser is a UNet: each shipped profile on its tiny checkpoint, called as its pipeline is alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from tiny import animatediff, install, unets

from storyforge import backends
from storyforge.backends.diffusers import loading, shims
from storyforge.backends.diffusers.words import takes
from storyforge.backends.models import DiffusersProfile, Refine

NAMES = (*animatediff.TINY, *unets.TINY)
Opened = Callable[[str], tuple[DiffusersProfile, Any]]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    torch.set_num_threads(1)
    project = tmp_path_factory.mktemp("unets")
    known: dict[str, tuple[DiffusersProfile, Any]] = {}

    def profile(name: str) -> tuple[DiffusersProfile, Any]:
        if name not in known:
            install(name, project)
            found = backends.find(name, project)
            assert isinstance(found, DiffusersProfile)
            known[name] = found, loading.load(found)
        return known[name]

    return profile


def picture(level: int, size: tuple[int, int] = (32, 32)) -> Image.Image:
    return Image.fromarray(np.random.default_rng(level).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8))


def clip(profile: DiffusersProfile, pipe: Any, **more: Any) -> NDArray[np.float32]:
    """One clip [frames, height, width, 3] by the pipeline's own call, with every picture and film that it takes."""
    frames, (width, height) = profile.clip.frames, profile.clip.size
    told: dict[str, Any] = {
        "prompt": "a small orange fox walks",
        "negative_prompt": "night",
        profile.names.get("num_frames", "num_frames"): frames,
        "height": height,
        "width": width,
        "num_inference_steps": profile.defaults.steps,
        "guidance_scale": profile.defaults.guidance,
        "image": picture(0),
        "output_type": "np",
        "generator": torch.Generator().manual_seed(3),
    }
    if profile.source:
        told |= {profile.source.argument: [picture(frame) for frame in range(frames)], "strength": 0.8}
    if profile.control:
        told[profile.control.argument] = [picture(frame) for frame in range(frames)]
    if profile.infill == "sparse":
        told |= {"conditioning_frames": [picture(0), picture(1)], "controlnet_frame_indices": [0, frames - 1]}
    names = takes(type(pipe))
    told = {name: value for name, value in told.items() if name in names} | dict(profile.call) | more
    with shims.settled(11):
        result = pipe(**told)
    made = np.asarray(result.frames[0] if hasattr(result, "frames") else result.images)
    assert made.shape == (frames, height, width, 3)
    assert np.isfinite(made).all()
    return made


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_profile_loads_and_makes_the_same_clip_twice(opened: Opened, name: str) -> None:
    profile, pipe = opened(name)
    assert type(pipe).__name__ == profile.pipeline
    first = clip(profile, pipe)
    assert first.std() > 0.05
    assert np.array_equal(clip(profile, pipe), first)
    assert not np.array_equal(clip(profile, pipe, generator=torch.Generator().manual_seed(4)), first)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("svd-xt", {"image": picture(9)}),
        ("i2vgen-xl", {"image": picture(9)}),
        ("pia-sd15", {"image": picture(9)}),
        ("animatediff-sparsectrl-sd15", {"conditioning_frames": [picture(0), picture(9)]}),
        ("animatediff-sparsectrl-sd15", {"controlnet_frame_indices": [0, 5]}),
        ("animatediff-controlnet-sd15", {"conditioning_frames": [picture(frame + 9) for frame in range(8)]}),
        ("animatediff-video2video-sd15", {"video": [picture(frame + 9) for frame in range(8)]}),
        ("animatediff-video2video-sd15", {"strength": 1.0}),
        ("svd-xt", {"fps": 24}),
        ("i2vgen-xl", {"target_fps": 4}),
        ("modelscope-1.7b", {"prompt": "a grey moth flies"}),
        ("text2video-zero-sd15", {"motion_field_strength_x": 0}),
        ("animatediff-sd15", {"clip_skip": 1}),  # by CLIP's text_model
    ],
)
def test_what_a_call_is_shown_and_told_has_a_say(opened: Opened, name: str, other: dict[str, Any]) -> None:
    profile, pipe = opened(name)
    assert not np.array_equal(clip(profile, pipe), clip(profile, pipe, **other))


def test_frames_of_a_clip_move_together(opened: Opened) -> None:
    """Tiny motion modules have weights: changed noise in one frame reaches the others."""
    profile, pipe = opened("animatediff-sd15")
    noise = torch.randn(1, 4, 8, 16, 16, generator=torch.Generator().manual_seed(0))
    other = noise.clone()
    other[:, :, 7] = 0
    one, two = (clip(profile, pipe, latents=latents) for latents in (noise, other))
    assert np.abs(one[0] - two[0]).max() > 1e-4


def test_a_second_stage_refines_a_film(opened: Opened, tmp_path: Path) -> None:
    profile, _ = opened("modelscope-1.7b")
    unets.save_second_stage(tmp_path / "second")
    refine = Refine(pipeline="VideoToVideoSDPipeline", checkpoint=str(tmp_path / "second"), strength=0.6)
    pipe = loading.load(refine, profile)
    film = [picture(frame) for frame in range(8)]
    told = {"video": film, "strength": refine.strength, "num_inference_steps": 4, "output_type": "np"}
    made = pipe(prompt="a small orange fox walks", generator=torch.Generator().manual_seed(0), **told).frames
    assert made.shape == (1, 8, 32, 32, 3)
    assert np.isfinite(made).all()


def test_free_noise_makes_long_clips_for_comparison(opened: Opened, tmp_path: Path) -> None:
    """It is diffusers' own way to clips beyond the motion table, inside AnimateDiff's motion modules."""
    profile, _ = opened("animatediff-sd15")
    pipe = loading.load(profile)
    pipe.enable_free_noise(context_length=8, context_stride=4)
    long = profile.model_copy(update={"clip": profile.clip.model_copy(update={"frames": 20})})
    made = clip(long, pipe)
    assert np.array_equal(made, clip(long, pipe))
