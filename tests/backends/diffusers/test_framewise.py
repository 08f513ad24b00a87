"""A ControlNet of pictures beside a denoiser in windows: it sees a window of frames at a time and says the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import tiny
import torch
from diffusers.hooks import HookRegistry, ModelHook
from diffusers.models import MultiControlNetModel
from PIL import Image
from tiny.denoisers import DENOISERS

from storyforge.backends import profile as profiles
from storyforge.backends.diffusers import codenoising, loading, mounting
from storyforge.backends.diffusers.codenoising import WindowPlan, codenoise, codenoised
from storyforge.backends.diffusers.framewise import Framewise, framewise
from storyforge.backends.diffusers.texts import Said, shortened
from storyforge.backends.models import DiffusersProfile
from storyforge.errors import RenderError

torch.set_num_threads(1)
FRAMES, SIZE = 11, 4
PLAN = WindowPlan(SIZE, 1)


@pytest.fixture(scope="module")
def pipe(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The shipped profile's pipeline, loaded from its tiny checkpoint."""
    profile = profiles.read(tiny.install("animatediff-controlnet-sd15", tmp_path_factory.mktemp("project")))
    assert isinstance(profile, DiffusersProfile)
    pipe = loading.load(profile).to(torch.float64)  # random weights make much of rounding
    pipe.set_progress_bar_config(disable=True)
    return pipe


def asked(prompt: str = "a small orange fox", avoid: str = "storm") -> dict[str, Any]:
    shades = [Image.new("RGB", (16, 16), (20 * at, 200 - 9 * at, 40)) for at in range(FRAMES)]
    return {
        "prompt": prompt, "negative_prompt": avoid, "num_frames": FRAMES, "width": 16, "height": 16,
        "conditioning_frames": shades, "num_inference_steps": 2, "guidance_scale": 3.0, "output_type": "latent",
        "generator": torch.Generator().manual_seed(0),
    }  # fmt: skip


def film(pipe: Any) -> torch.Tensor:
    latents: torch.Tensor = pipe(**asked()).frames
    return latents


class Counter(ModelHook):  # type: ignore[misc]  # diffusers is untyped
    """Writes down how many frames each call sees, and what it is told of them."""

    def __init__(self, seen: list[int], told: list[torch.Tensor]) -> None:
        super().__init__()
        self.seen, self.told = seen, told

    def pre_forward(self, module: Any, *args: Any, **kwargs: Any) -> Any:
        self.seen.append(len(args[0] if args else kwargs["sample"]))
        self.told.append(kwargs["encoder_hidden_states"])
        return args, kwargs


@contextmanager
def counted(net: Any, told: list[torch.Tensor] | None = None) -> Iterator[list[int]]:
    seen: list[int] = []
    registry = HookRegistry.check_if_exists_or_initialize(net)
    registry.register_hook(Counter(seen, [] if told is None else told), "counter")
    yield seen
    registry.remove_hook("counter", recurse=False)


def test_no_call_sees_more_than_a_window_and_the_film_is_the_same(pipe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = film(pipe)
    with counted(pipe.controlnet) as seen, codenoise(pipe, WindowPlan(SIZE, 1)):
        made = film(pipe)
    assert seen == [2 * SIZE, 2 * SIZE, 2 * (FRAMES - 2 * SIZE)] * 2  # two steps; guidance has two samples of a frame
    assert torch.equal(film(pipe), plain)
    with codenoise(pipe, WindowPlan(FRAMES, 1)):
        assert torch.equal(film(pipe), plain)
    monkeypatch.setattr(codenoising, "framewise", lambda pipe: [])
    with counted(pipe.controlnet) as seen, codenoise(pipe, WindowPlan(SIZE, 1)):
        whole = film(pipe)
    assert seen == [2 * FRAMES] * 2
    torch.testing.assert_close(made, whole, rtol=1e-9, atol=1e-9)


def test_each_frame_is_told_what_the_window_hears_that_says_most_there(pipe: Any) -> None:
    """Both networks hear each window's words; prompts are heard in calls of a clip."""

    def of(prompt: str, avoid: str, *prompts: Said, **more: Any) -> tuple[torch.Tensor, torch.Tensor]:
        """The latents, and what the ControlNet is told of each frame in the film's first step."""
        arguments, told = asked(prompt, avoid), list[torch.Tensor]()
        if more:
            more["shorter"] = shortened(arguments, SIZE, {"num_frames": SIZE})
        with counted(pipe.controlnet, told) as seen, counted(pipe.unet) as calls:
            made = codenoised(pipe, PLAN, arguments, prompts, **more).frames
        assert max(seen) == 2 * SIZE
        assert len(calls) == 2 * 4  # windows write frames 0 to 3, 3 to 6, 6 to 9 and 7 to 10
        parts = [one.unflatten(0, (2, -1)) for one in told]
        while sum(part.shape[1] for part in parts) > 2 * FRAMES:
            parts.pop(0)  # by which prompts were heard
        return made, torch.cat(parts, 1)[:, :FRAMES]

    (_, fox_told), (_, moth_told) = of("a small orange fox", "storm"), of("a grey moth", "text")
    prompts = Said(0, 6, "a small orange fox"), Said(6, 7, "a blue bat"), Said(7, FRAMES, "a grey moth", "text")
    both, both_told = of("a small orange fox", "storm", *prompts)
    again, again_told = of("a small orange fox", "storm", *prompts, rows=FRAMES)
    assert torch.equal(both, again)
    assert torch.equal(both_told, again_told)
    assert torch.equal(both_told[:, :6], fox_told[:, :6])
    assert torch.equal(both_told[:, 7:], moth_told[:, 7:])
    assert not torch.equal(fox_told, moth_told)
    assert torch.equal(
        codenoised(pipe, WindowPlan(FRAMES, 1), asked(), [Said(0, FRAMES, "a grey moth", "text")]).frames,
        pipe(**asked("a grey moth", "text")).frames,
    )


def test_several_control_networks_are_cut_and_those_that_see_frames_together_are_not(pipe: Any) -> None:
    several = SimpleNamespace(controlnet=MultiControlNetModel([pipe.controlnet, pipe.controlnet]))
    assert framewise(several) == [pipe.controlnet, pipe.controlnet]
    assert framewise(SimpleNamespace(controlnet=DENOISERS["sparsectrl"].make())) == []
    assert framewise(SimpleNamespace(controlnet=None)) == []


def test_an_argument_that_may_have_something_of_each_frame_is_refused(pipe: Any) -> None:
    net = pipe.controlnet
    call = {
        "sample": torch.zeros(12, 4, 16, 16),
        "timestep": 1,
        "encoder_hidden_states": torch.zeros(12, 3, 8),
        "controlnet_cond": torch.zeros(12, 3, 32, 32),
    }
    with (
        mounting.mounted(net, Framewise(net, pipe, SIZE)),
        pytest.raises(RenderError, match=r"ControlNetModel was given class_labels.*framewise\.py"),
    ):
        net(**call, class_labels=torch.zeros(12))
