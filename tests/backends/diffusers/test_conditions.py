"""Every window is shown what a clip of its own pictures would be shown."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from PIL import Image
from tiny.base import save_wan_image
from tiny.denoisers import DENOISERS
from tiny.nets import COG, made
from tiny.whole import cogvideox_pipe, quiet
from torch import Tensor

from storyforge.backends.diffusers import texts
from storyforge.backends.diffusers.codenoising import WindowPlan, codenoise, denoisers
from storyforge.backends.diffusers.conditions import conditioned, noise_channels, windows_of
from storyforge.errors import RenderError

torch.set_num_threads(1)
PLAN = WindowPlan(3, 1)  # of 7 rows, 25 frames: [0, 3), [2, 5), [4, 7)
GREEN, BLUE, RED = (Image.new("RGB", (16, 16), colour) for colour in ((0, 200, 0), (0, 0, 200), (200, 0, 0)))


def wan(folder: Path) -> Any:
    from diffusers import WanImageToVideoPipeline

    return quiet(WanImageToVideoPipeline.from_pretrained(save_wan_image(folder)))


def cogvideox(folder: Path) -> Any:
    from diffusers import CogVideoXDDIMScheduler, CogVideoXImageToVideoPipeline

    parts = cogvideox_pipe(CogVideoXDDIMScheduler(prediction_type="v_prediction")).components
    net = made("CogVideoXTransformer3DModel", **COG | {"max_text_seq_length": 16, "in_channels": 8})()
    return quiet(CogVideoXImageToVideoPipeline(**parts | {"transformer": net}))


def asked(frames: int, image: Image.Image, **more: Any) -> dict[str, Any]:
    return {
        "prompt": "a small orange fox",
        "negative_prompt": "storm",
        "image": image,
        "height": 16,
        "width": 16,
        "num_frames": frames,
        "num_inference_steps": 1,
        "guidance_scale": 3.0,
        "generator": torch.Generator().manual_seed(0),
        "output_type": "latent",
        "max_sequence_length": 16,
    } | more


@pytest.mark.parametrize(("make", "ends"), [(wan, {"last_image": RED}), (cogvideox, {})])
def test_a_window_sees_its_own_pictures(make: Callable[[Path], Any], ends: dict[str, Any], tmp_path: Path) -> None:
    pipe = make(tmp_path)
    windows = windows_of(pipe, PLAN, 7)
    assert [window.seen.start for window in windows] == [0, 2, 4]
    own = {1: {"image": BLUE, "num_frames": 9}, 2: {"image": RED, "num_frames": 9} | ends}
    film = asked(25, GREEN)
    edit = conditioned(pipe, film, own)
    noise, (axis,) = noise_channels(pipe), {family.channels for _, family in denoisers(pipe).values()}
    seen: dict[int, tuple[Tensor, Tensor]] = {}

    def watched(window: Any, part: dict[str, Any]) -> dict[str, Any]:
        changed = edit(window, part)
        seen.setdefault(window.index, (part["hidden_states"], changed["hidden_states"]))
        return changed

    with codenoise(pipe, WindowPlan(3, 1, edit=watched)):
        made = pipe(**film).frames
    assert torch.isfinite(made).all()
    for index, (before, after) in seen.items():
        assert torch.equal(after.narrow(axis, 0, noise), before.narrow(axis, 0, noise))
        if index not in own:
            assert torch.equal(after, before)
            continue
        _, native = texts.heard(pipe, asked(9, GREEN) | own[index], denoisers(pipe))
        rest = after.shape[axis] - noise
        told = native["hidden_states"].narrow(axis, noise, rest)
        assert torch.equal(after.narrow(axis, noise, rest), told)
        assert not torch.equal(before.narrow(axis, noise, rest), told)


def test_a_pipeline_that_takes_pictures_at_any_frame_needs_none_of_this() -> None:
    pipe = SimpleNamespace(transformer=DENOISERS["ltx-condition"].make())
    with pytest.raises(RenderError, match="at any frame by itself"):
        conditioned(pipe, {}, {})
