"""Every shipped Wan, CogVideoX, LTX and SkyReels profile: its checkpoint loads and its pipeline makes what it says."""

from collections.abc import Callable
from functools import cache
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
from tiny import cogvideox, install, ltx, skyreels, wan

from storyforge import backends
from storyforge.backends import LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends import profile as profiles
from storyforge.backends.diffusers import loading, pictures
from storyforge.backends.models import DiffusersProfile

Loaded = Callable[[str], tuple[DiffusersProfile, Any]]

NAMES = sorted(cogvideox.TINY | ltx.TINY | skyreels.TINY | wan.TINY)
STRETCHED = ("windows", "extend")  # without windows of ours, a stretch is one long call


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """A shipped profile on its tiny checkpoint, with the pipeline that the real code loads from it, once."""
    project = tmp_path_factory.mktemp("native")

    @cache
    def load(name: str) -> tuple[DiffusersProfile, Any]:
        profile = profiles.read(install(name, project))
        assert isinstance(profile, DiffusersProfile)
        return profile, loading.load(profile)

    return load


def by_film(profile: DiffusersProfile) -> bool:
    """Whether the call is as long as the film it is given."""
    return bool(profile.source or (profile.control and profile.control.needed))


def picture(profile: DiffusersProfile, seed: int = 0) -> Image.Image:
    width, height = profile.clip.size
    return Image.fromarray(np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8))


def shown(profile: DiffusersProfile, pipe: Any, frames: int) -> dict[str, Any]:
    """Every picture and video that the profile says the call takes."""
    takes = signature(type(pipe).__call__).parameters
    video = [picture(profile, seed) for seed in range(frames)]
    given: dict[str, Any] = {name: picture(profile) for name in ("image", "cond_image") if name in takes}
    if profile.infill == "first_last" and not profile.beyond:
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
    frames = frames or profile.clip.frames
    takes, (width, height) = signature(type(pipe).__call__).parameters, profile.clip.size
    told = {
        "prompt": "a small orange fox walks",
        "negative_prompt": "night",
        "height": height,
        "width": width,
        "num_frames": frames,
        "num_inference_steps": profile.defaults.steps,
        "guidance_scale": profile.defaults.guidance,
        "generator": torch.Generator().manual_seed(seed),
        "output_type": "np",
    }
    given = told | shown(profile, pipe, frames) | dict(profile.call)
    torch.manual_seed(seed)  # SkyReels draws the noise on its history from the process's own generator
    return np.asarray(pipe(**{name: value for name, value in given.items() if name in takes}).frames[0])


@pytest.mark.parametrize("name", NAMES)
def test_a_checkpoint_of_its_classes_loads_and_makes_a_clip_of_its_length(name: str, loaded: Loaded) -> None:
    profile, pipe = loaded(name)
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
def test_the_rows_of_a_clip_are_those_its_ratio_says(name: str, loaded: Loaded) -> None:
    clip = loaded(name)[0].clip
    shipped = profiles.find(name)
    assert isinstance(shipped, DiffusersProfile)
    for of in (clip, shipped.clip):
        assert of.snap(of.frames) == of.frames
        assert all(side % of.multiple == 0 for side in of.size)
    assert not shipped.windows or shipped.windows.overlap % shipped.clip.ratio == 0


@pytest.mark.parametrize("name", NAMES)
def test_every_length_that_the_profile_counts_is_made(name: str, loaded: Loaded) -> None:
    profile, pipe = loaded(name)
    if by_film(profile) or profile.clip.fixed:
        pytest.skip("its length is the film's, or always the same")
    lengths = {profile.clip.snap(frames) for frames in (2, 7, 12)}
    if profile.longer in STRETCHED:
        lengths |= {profile.clip.whole(profile.clip.frames + more) for more in (1, 9)}
    assert {length: len(called(profile, pipe, 7, length)) for length in lengths} == {
        length: length for length in lengths
    }


@pytest.mark.parametrize("name", ["ltx-2", "ltx-2-condition"])
def test_ltx_2_is_heard(name: str, loaded: Loaded) -> None:
    profile, pipe = loaded(name)
    told = {"prompt": "a fox runs", "height": 64, "width": 64, "num_frames": 17, "num_inference_steps": 2}
    sound = pipe(**told, **profile.call, generator=torch.Generator().manual_seed(7)).audio
    channels, samples = sound[0].shape
    assert channels == 2
    assert torch.isfinite(sound).all()
    assert samples / pipe.vocoder.config.output_sampling_rate == pytest.approx(17 / 24, abs=0.1)


def test_the_last_picture_beyond_a_clip_is_its_last_row(loaded: Loaded) -> None:
    profile, pipe = loaded("skyreels-v2-df-1.3b-i2v")
    told = {"prompt": "a fox runs", "height": 32, "width": 48, "num_inference_steps": 2, "output_type": "latent"}
    last = picture(profile, 1)
    rows = pipe(
        **told,
        **profile.call,
        num_frames=profile.clip.frames - profile.clip.ratio,
        image=picture(profile),
        last_image=last,
        generator=torch.Generator().manual_seed(7),
    ).frames
    assert rows.shape[2] == (profile.clip.frames - 1) // profile.clip.ratio + 1
    assert torch.allclose(rows[0, :, -1], pictures.row_of(pipe, np.asarray(last)), atol=1e-5)


def test_what_a_pipeline_draws_for_itself_is_of_the_shot_and_not_of_the_process(tmp_path: Path) -> None:
    """SkyReels-V2's long loop noises its history from the process's own generator."""
    install("skyreels-v2-df-1.3b", tmp_path)
    _, backend = backends.open("skyreels-v2-df-1.3b", tmp_path)
    prompts = (TimedPrompt(0, 17, Prompt("a small fox runs", "")),)
    films = []
    for state in (1, 2):
        torch.manual_seed(state)
        request = LevelRequest("s", 17, 1, (Part("storm-1", 0, 17, 7),), prompts, size=(48, 32))
        films.append(backend.render([request])[0].arrays["x"])
        assert torch.initial_seed() == state
    assert np.array_equal(*films)


@pytest.mark.parametrize("name", ["cogvideox-2b", "cogvideox-1.5-5b"])
def test_cogvideox_shows_even_numbers_of_rows_three_frames_longer(name: str, loaded: Loaded) -> None:
    """Why its lengths grow by 8: should upstream count otherwise, `step` can go."""
    profile, pipe = loaded(name)
    assert len(called(profile, pipe, 7, 13)) == 16
