"""Every shipped profile with windows: the second shot of a flow is heard to avoid something of its own."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny

from storyforge import backends
from storyforge.backends import LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends.diffusers import Diffusers
from storyforge.backends.models import DiffusersProfile

NAMES = [p.name for p in backends.profiles() if isinstance(p, DiffusersProfile) and p.longer == "windows"]
RESTYLING = {"animatediff-video2video-sd15", "animatediff-controlnet-sd15", "cogvideox-5b-v2v"}  # a film must be given
OPTIONS = {"hunyuan-video": {"true_cfg_scale": 6.0}}  # without it, it hears nothing to avoid, as its profile says


@pytest.mark.parametrize("name", sorted(set(NAMES) - RESTYLING))
def test_the_second_shot_of_a_flow_avoids_its_own(name: str, tmp_path: Path) -> None:
    backend = Diffusers(backends.read(tiny.install(name, tmp_path)))  # type: ignore[arg-type]
    length = 2 * (backend.profile.clip.frames - 1) + 1
    parts = (Part("one", 0, length // 2, 7), Part("two", length // 2, length, 8))
    fox = Prompt("a small orange fox", "", avoid="storm")

    def film(avoid: str) -> np.ndarray:
        told = (
            TimedPrompt(0, length // 2, fox),
            TimedPrompt(length // 2, length, replace(fox, text="a grey moth", avoid=avoid)),
        )
        options = OPTIONS.get(name, {})
        (made,) = backend.render([LevelRequest("one..two/1", length, 1, parts, told, guidance=5.0, options=options)])
        return np.asarray(made.arrays["x"])

    same, other, nothing = film("storm"), film("night"), film("")
    assert np.array_equal(same, film("storm"))
    assert not np.array_equal(same, other)
    assert not np.array_equal(same, nothing)
