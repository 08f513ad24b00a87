"""The hook is Gen-L-Video: a loop of its own, written here, that blends every window's x_{t-1} gives the same film."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
import torch
from tiny.base import wan_parts
from tiny.whole import animatediff_pipe, cogvideox_pipe, quiet
from torch import Tensor

from storyforge import engine
from storyforge.backends.diffusers.codenoising import WindowPlan, codenoise

torch.set_num_threads(1)
Predict = Callable[[Tensor, Tensor, Any], Tensor]  # of a window at a time, by its scheduler: the guided prediction
STEPS, GUIDANCE = 4, 3.0
PROMPT = {"prompt": "a small orange fox", "negative_prompt": "storm"}


def gen_l_video(x: Tensor, axis: int, plan: engine.Plan, scheduler: Any, predict: Predict) -> Tensor:
    """One solver a window, with its own history; every x_{t-1} is the blend of the windows'."""
    solvers = [deepcopy(scheduler) for _ in plan.spans]
    for t in scheduler.timesteps:
        following = torch.zeros_like(x)
        for span, weights, solver in zip(plan.spans, plan.weights, solvers, strict=True):
            seen = x.narrow(axis, span.start, len(span)).contiguous()
            taken = solver.step(predict(seen, t, solver), t, seen, return_dict=False)[0]
            shares = torch.from_numpy(weights).view(-1, *[1] * (x.ndim - axis - 1))
            following.narrow(axis, span.start, len(span)).add_(taken * shares)
        x = following
    return x


def guided(away: Tensor, to: Tensor) -> Tensor:
    return away + GUIDANCE * (to - away)


def schedulers(kind: str) -> Any:
    import diffusers

    flow = {"prediction_type": "flow_prediction", "use_flow_sigmas": True}
    beta = {"beta_schedule": "scaled_linear"}
    v = {"prediction_type": "v_prediction"}  # of random weights, noise as prediction ends at values of 80
    known: dict[str, tuple[str, dict[str, Any]]] = {
        "flow-euler": ("FlowMatchEulerDiscreteScheduler", {"shift": 3.0}),
        "flow-unipc": ("UniPCMultistepScheduler", flow),
        "ddim": ("DDIMScheduler", beta | {"clip_sample": False}),
        "unipc": ("UniPCMultistepScheduler", beta | v),
        "euler": ("EulerDiscreteScheduler", beta | v),
        "cogvideox-ddim": ("CogVideoXDDIMScheduler", v),
    }
    name, settings = known[kind]
    return getattr(diffusers, name)(**settings)


def drawn(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(5))


@torch.no_grad()
def wan(solver: str) -> tuple[Any, dict[str, Any], Tensor, int, Predict]:
    from diffusers import WanPipeline

    pipe = quiet(WanPipeline(**wan_parts() | {"scheduler": schedulers(solver)}))
    text, away = pipe.encode_prompt(**PROMPT, max_sequence_length=16)

    def predict(x: Tensor, t: Tensor, _: Any) -> Tensor:
        to, back = (pipe.transformer(x, t.expand(1), words, return_dict=False)[0] for words in (text, away))
        return guided(back, to)

    return (
        pipe,
        {"num_frames": 33, "height": 16, "width": 16, "max_sequence_length": 16},
        drawn(1, 16, 9, 2, 2),
        2,
        predict,
    )


@torch.no_grad()
def cogvideox(solver: str) -> tuple[Any, dict[str, Any], Tensor, int, Predict]:
    pipe = cogvideox_pipe(schedulers(solver))
    text, away = pipe.encode_prompt(**PROMPT, do_classifier_free_guidance=True, max_sequence_length=16)

    def predict(x: Tensor, t: Tensor, _: Any) -> Tensor:
        rope = pipe._prepare_rotary_positional_embeddings(16, 16, x.shape[1], torch.device("cpu"))
        answer = pipe.transformer(
            torch.cat([x, x]), torch.cat([away, text]), t.expand(2), image_rotary_emb=rope, return_dict=False
        )[0]
        return guided(*answer.chunk(2))

    return (
        pipe,
        {"num_frames": 33, "height": 16, "width": 16, "max_sequence_length": 16},
        drawn(1, 9, 4, 8, 8),
        1,
        predict,
    )


@torch.no_grad()
def animatediff(solver: str) -> tuple[Any, dict[str, Any], Tensor, int, Predict]:
    pipe = animatediff_pipe(schedulers(solver))
    text, away = pipe.encode_prompt(PROMPT["prompt"], "cpu", 1, True, PROMPT["negative_prompt"])

    def predict(x: Tensor, t: Tensor, solver: Any) -> Tensor:
        words = torch.cat([away, text]).repeat_interleave(x.shape[2], 0)
        return guided(*pipe.unet(solver.scale_model_input(torch.cat([x, x]), t), t, words).sample.chunk(2))

    return pipe, {"num_frames": 9, "height": 16, "width": 16}, drawn(1, 4, 9, 8, 8), 2, predict


@pytest.mark.parametrize(
    ("family", "solver"),
    [
        (wan, "flow-euler"),
        (wan, "flow-unipc"),
        (cogvideox, "cogvideox-ddim"),
        (cogvideox, "unipc"),
        (animatediff, "ddim"),
        (animatediff, "euler"),
        (animatediff, "unipc"),
    ],
)
@torch.no_grad()
def test_the_hook_makes_the_film_of_the_explicit_loop(family: Any, solver: str) -> None:
    pipe, arguments, noise, axis, predict = family(solver)
    plan = WindowPlan(4, 2)
    arguments = PROMPT | arguments | {"num_inference_steps": STEPS, "guidance_scale": GUIDANCE, "output_type": "latent"}
    with codenoise(pipe, plan) as report:
        made = pipe(**arguments, latents=noise.clone()).frames
    assert len(report.windows) == 4

    cut = engine.plan(9, plan.size, plan.size - plan.overlap, plan.kind)
    scheduler = pipe.scheduler
    scheduler.set_timesteps(STEPS)
    start = noise * getattr(scheduler, "init_noise_sigma", 1.0)
    expected = gen_l_video(start, axis, cut, scheduler, predict)
    assert made.shape == expected.shape
    assert (made - expected).abs().max() <= 1e-5
