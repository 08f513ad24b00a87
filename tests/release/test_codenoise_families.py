"""The table of denoisers against what pipelines really pass: the alarm for a diffusers that changed a signature.

One shipped profile a denoiser class and way of conditioning, its tiny checkpoint loaded by the real code.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import LTX2ConditionPipeline, LTXConditionPipeline
from diffusers.hooks import HookRegistry, ModelHook
from diffusers.pipelines.ltx.pipeline_ltx_condition import LTXVideoCondition
from diffusers.pipelines.ltx2.pipeline_ltx2_condition import LTX2VideoCondition
from PIL import Image
from tiny import install
from torch import Tensor

from storyforge.backends import profile as profiles
from storyforge.backends.diffusers import loading
from storyforge.backends.diffusers.codenoising import WindowPlan, codenoise, denoisers
from storyforge.backends.models import DiffusersProfile

torch.set_num_threads(1)
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:In CPU autocast")]
NAMES = [
    "allegro",
    "animatediff-controlnet-sd15",
    "animatediff-sdxl",
    "animatediff-sparsectrl-sd15",
    "cogvideox-1.5-5b",
    "cogvideox-5b-i2v",
    "easyanimate-5.1-inpaint",
    "hunyuan-video-i2v",
    "hunyuan-video-1.5",
    "i2vgen-xl",
    "kandinsky-5-lite",
    "latte-1",
    "ltx-condition",
    "ltx-2-condition",
    "ltx-video",
    "mochi-1",
    "modelscope-1.7b",
    "sana-video-i2v",
    "skyreels-v2-t2v-14b",
    "svd-xt",
    "wan-2.1-flf2v-14b",
    "wan-2.1-vace-1.3b",
    "wan-2.2-ti2v-5b",
]
CONDITIONED = {"ltx-condition", "ltx-2-condition"}  # how many conditions a window holds depends on where it lies


class Recorder(ModelHook):  # type: ignore[misc]  # diffusers is untyped
    """Writes down the shapes of every argument."""

    def __init__(self, calls: list[dict[str, Any]]) -> None:
        super().__init__()
        self.calls = calls

    def pre_forward(self, module: Any, *args: Any, **kwargs: Any) -> Any:
        bound = signature(type(module).forward).bind(module, *args, **kwargs).arguments
        self.calls.append({type(module).__name__: 0} | {k: shape(v) for k, v in bound.items() if k != "self"})
        return args, kwargs


def shape(value: Any) -> Any:
    if isinstance(value, Tensor):
        return tuple(value.shape)
    if isinstance(value, tuple | list):
        return [shape(item) for item in value]
    return {key: shape(item) for key, item in value.items()} if isinstance(value, dict) else type(value).__name__


@contextmanager
def recorded(pipe: Any) -> Iterator[list[dict[str, Any]]]:
    """The shapes of every call of the denoisers themselves, beneath other hooks."""
    calls: list[dict[str, Any]] = []
    registries = [HookRegistry.check_if_exists_or_initialize(net) for net, _ in denoisers(pipe).values()]
    for registry in registries:
        registry.register_hook(Recorder(calls), "recorder")
    yield calls
    for registry in registries:
        registry.remove_hook("recorder", recurse=False)


def asked(profile: DiffusersProfile, pipe: Any, rows: int) -> dict[str, Any]:
    """A call of so many rows, with every picture that the pipeline takes."""
    frames = (rows - 1) * profile.clip.ratio + 1
    picture = Image.new("RGB", profile.clip.size, (200, 80, 30))
    told = {
        "prompt": "a small orange fox",
        "negative_prompt": "storm",
        "width": profile.clip.size[0],
        "height": profile.clip.size[1],
        "num_inference_steps": 2,
        "guidance_scale": 3.0,
        "output_type": "latent",
        "generator": torch.Generator().manual_seed(0),
        "image": picture,
        "num_frames": frames,
        "video_length": frames,
        "frames": frames,
    }
    if profile.infill == "first_last":
        told["last_image"] = picture
    if profile.infill == "mask":
        told["reference_images"] = [picture, picture]
    if isinstance(pipe, LTXConditionPipeline):
        told["conditions"] = [LTXVideoCondition(image=picture, frame_index=at) for at in (0, frames // 2, frames - 1)]
        del told["image"]
    if isinstance(pipe, LTX2ConditionPipeline):
        told["conditions"] = [LTX2VideoCondition(frames=picture, index=at) for at in (0, rows // 2)]
    if profile.infill == "sparse":
        told |= {"conditioning_frames": [picture, picture], "controlnet_frame_indices": [0, frames - 1]}
    elif profile.control is not None:
        told[profile.control.argument] = [picture] * frames
    takes = signature(type(pipe).__call__).parameters
    return {name: value for name, value in (told | dict(profile.call)).items() if name in takes}


def film(profile: DiffusersProfile, pipe: Any, rows: int) -> list[Tensor]:
    torch.manual_seed(0)  # SparseCtrl draws without its generator
    return [part for part in pipe(**asked(profile, pipe, rows)).to_tuple() if isinstance(part, Tensor)]


@pytest.mark.parametrize("name", NAMES)
def test_windows_of_a_pipeline_are_clips_of_its_length(name: str, tmp_path: Path) -> None:
    profile = profiles.read(install(name, tmp_path))
    assert isinstance(profile, DiffusersProfile)
    pipe = loading.load(profile)
    pipe.set_progress_bar_config(disable=True)
    if hasattr(pipe.vae, "disable_tiling"):
        pipe.vae.disable_tiling()  # tiles of a tiny picture are smaller than a kernel
    patch = next(family.patch(net.config) for net, family in denoisers(pipe).values())
    rows = profile.clip.frames // profile.clip.ratio + (profile.clip.ratio > 1)
    rows += -rows % patch  # as the pipeline pads a clip
    plan = WindowPlan(rows, max(1, rows // 3))

    with recorded(pipe) as native:
        plain = film(profile, pipe, rows)
    with codenoise(pipe, plan):
        assert all(map(torch.equal, film(profile, pipe, rows), plain))

    with recorded(pipe) as cut, codenoise(pipe, plan) as report:
        made = film(profile, pipe, 2 * rows + patch)
    assert len(report.windows) > 2
    assert all(torch.isfinite(part).all() for part in made)
    assert all(call in native for call in cut) or name in CONDITIONED
