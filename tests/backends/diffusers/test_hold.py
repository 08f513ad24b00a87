"""A held row lies on the path that the solver would take it if the model knew the truth."""

from typing import Any

import pytest
import torch
from diffusers import DDIMScheduler, FlowMatchEulerDiscreteScheduler

from storyforge.backends.diffusers.hold import noised


@pytest.mark.parametrize("told", [{"shift": 3.0}, {"invert_sigmas": True}])
def test_flow_matching_from_either_end(told: dict[str, Any]) -> None:
    scheduler = FlowMatchEulerDiscreteScheduler(**told)
    scheduler.set_timesteps(sigmas=[1.0, 0.7, 0.4, 0.1])
    clean, noise = torch.randn(2, 4, 3, 3, generator=torch.Generator().manual_seed(0))
    velocity = clean - noise if "invert_sigmas" in told else noise - clean
    x = noise
    for step, time in enumerate(scheduler.timesteps):
        x = scheduler.step(velocity, time, x, return_dict=False)[0]
        assert torch.allclose(x, noised(scheduler, clean, noise, step), atol=1e-6)


def test_diffusion() -> None:
    scheduler = DDIMScheduler(beta_schedule="linear", clip_sample=False, set_alpha_to_one=True)
    scheduler.set_timesteps(4)
    clean, noise = torch.randn(2, 4, 3, 3, generator=torch.Generator().manual_seed(0))
    x = scheduler.add_noise(clean[None], noise[None], scheduler.timesteps[:1])
    for step, time in enumerate(scheduler.timesteps):
        x = scheduler.step(noise[None], time, x).prev_sample
        assert torch.allclose(x[0], noised(scheduler, clean, noise, step), atol=1e-5)
