"""Every shipped renderer on its tiny checkpoint: a clip kept as latents and streamed is the clip of its pictures."""

from pathlib import Path

import numpy as np
import pytest
import torch
from tiny import families, install

from storyforge import backends
from storyforge.backends import LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends.diffusers import Diffusers, decoding
from storyforge.backends.models import DiffusersProfile

EXTENDS = {
    "HeliosPipeline",
    "HunyuanVideoFramepackPipeline",
    "LTXI2VLongMultiPromptPipeline",
}
"""Pipelines that join pictures of sections: they have no latents of a whole clip."""


DRIVEN = {"animatediff-controlnet-sd15", "animatediff-video2video-sd15", "cogvideox-5b-v2v", "wan-2.2-animate-14b"}
"""Renderers that need a film to start from or to be driven by; others have their VAEs."""


def timed(profile: DiffusersProfile) -> bool:
    """Whether the decoder takes the last step of denoising."""
    return "decode_noise_scale" in profile.call


@pytest.mark.parametrize("name", sorted(families().keys() - DRIVEN))
def test_a_clip_kept_as_latents_is_the_clip_of_its_pictures(name: str, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    install(name, tmp_path)
    profile = backends.find(name, tmp_path)
    assert isinstance(profile, DiffusersProfile)
    plain = profile.model_copy(update={"keeps": "pictures", "refine": None})
    # LTX's decoder is given noise that the pipeline draws after the film's.
    plain = plain.model_copy(update={"call": {**plain.call, **({"decode_noise_scale": 0.0} if timed(plain) else {})}})
    shown = Diffusers(plain)
    if profile.pipeline in EXTENDS:
        assert decoding.decoder(shown.pipes["video"]) is None
        return
    width, height = profile.clip.size
    frames = profile.clip.frames
    first = np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)
    pins = {} if profile.infill == "none" else {0: first}
    pins |= {frames - 1: first} if profile.both else {}
    prompts = (TimedPrompt(0, frames, Prompt("a small orange fox walks", "", avoid="text")),)
    request = LevelRequest("s", frames, 1, (Part("one", 0, frames, 7),), prompts, pins=pins, size=(width, height))
    (pictured,) = shown.render([request])
    kept = Diffusers(plain.model_copy(update={"keeps": "latents"}))
    kept.pipes = shown.pipes
    (latents,) = kept.render([request])
    streamed = np.stack(list(kept.decode(latents, (width, height))))
    expected = pictured.arrays["x"]
    assert latents.arrays["x"].dtype == np.float32
    assert streamed.shape == expected.shape
    assert np.abs(streamed.astype(np.int64) - expected).max() <= 1
