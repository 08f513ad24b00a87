"""Tiny Wan and AnimateDiff checkpoints through the real path: profile, loading, clips, chains, streams and refusals."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from storyforge import backends
from storyforge.backends import LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends.diffusers import decoding, pictures
from storyforge.backends.diffusers.hold import noised
from storyforge.backends.fingerprints import fingerprint
from storyforge.backends.models import DiffusersProfile, Memory
from storyforge.errors import InputError, RenderError

if TYPE_CHECKING:
    from conftest import Case

Opened = Callable[[str], "Case"]


def shot(frames: int, *, seed: int = 7, text: str = "a small orange fox walks", **more: Any) -> LevelRequest:
    prompts = (TimedPrompt(0, frames, Prompt(text, "", avoid="text")),)
    return LevelRequest("s", frames, 1, (Part("storm-1", 0, frames, seed),), prompts, size=(48, 32), **more)


def narrowed(case: "Case", project: Path, **changes: Any) -> backends.Backend:
    """The same checkpoint under a changed profile."""
    profile = backends.find(case.name, project)
    assert isinstance(profile, DiffusersProfile)
    from storyforge.backends.diffusers import Diffusers

    return Diffusers(profile.model_copy(update=changes))


def test_wans_frames_come_row_by_row_and_are_those_of_the_whole_decode(opened: Opened) -> None:
    case = opened("tiny-wan")
    (made,) = case.backend.render([shot(9)])
    rows, pipe = torch.from_numpy(made.arrays["x"]), case.backend.loaded.pipe  # type: ignore[attr-defined]
    streamed = np.stack(list(decoding.wan_frames(pipe, rows)))
    config = pipe.vae.config
    mean, std = (torch.tensor(config[name]).view(1, -1, 1, 1, 1) for name in ("latents_mean", "latents_std"))
    with torch.no_grad():
        whole = pipe.vae.decode(rows.transpose(0, 1)[None] / (1.0 / std) + mean).sample
    expected = pipe.video_processor.postprocess_video(whole, output_type="np")[0]
    assert np.array_equal(streamed, pictures.uint8(expected))
    assert len(streamed) == 9


def test_latents_and_pictures_are_the_same_film(opened: Opened, project: Path) -> None:
    case = opened("tiny-wan")
    (made,) = case.backend.render([shot(9)])
    kept = narrowed(case, project, keeps="pictures")
    (shown,) = kept.render([shot(9)])
    assert shown.arrays["x"].shape == (9, 32, 48, 3)
    assert shown.arrays["x"].dtype == np.uint8
    assert np.array_equal(np.stack(list(case.backend.decode(made, (48, 32)))), shown.arrays["x"])


def test_wan_goes_on_from_its_last_picture_and_animatediff_from_its_last_row(opened: Opened) -> None:
    wan = opened("tiny-wan").backend
    (made,) = wan.render([shot(14)])
    assert made.arrays["clips"].tolist() == [[0, 0, 9, 3], [8, 9, 14, 3]]
    before = list(wan.decode(made, (48, 32), 0, 9))[-1]
    again = pictures.row_of(wan.loaded.pipe, before)  # type: ignore[attr-defined]
    assert np.array_equal(made.arrays["x"][3], again.numpy())
    drawn = opened("tiny-animatediff").backend
    (made,) = drawn.render([shot(14)])
    assert made.arrays["clips"].tolist() == [[0, 0, 8, 8], [8, 8, 14, 6]]
    (first,) = drawn.render([shot(8)])
    assert np.array_equal(made.arrays["x"][:8], first.arrays["x"])


def test_without_a_chain_clips_are_their_own(opened: Opened, project: Path) -> None:
    apart = narrowed(opened("tiny-animatediff"), project, infill="none")
    (made,) = apart.render([shot(14)])
    assert made.arrays["clips"].tolist() == [[0, 0, 8, 8], [8, 8, 14, 6]]
    assert apart.capabilities.pins == "none"


@pytest.mark.parametrize("scheduler", ["FlowMatchEulerDiscreteScheduler", "DDIMScheduler", "UniPCMultistepScheduler"])
def test_held_rows_follow_the_noise_of_every_kind_of_scheduler(scheduler: str) -> None:
    import diffusers

    made = getattr(diffusers, scheduler)()
    made.set_timesteps(8)
    clean, noise = torch.full((4, 2, 2), 3.0), torch.full((4, 2, 2), -1.0)
    path = [noised(made, clean, noise, step) for step in range(8)]
    assert torch.equal(path[-1], clean)
    distances = [float((row - clean).abs().mean()) for row in path]
    assert distances == sorted(distances, reverse=True)
    assert distances[0] > 1.0


def test_the_prompt_what_to_avoid_steps_and_guidance_reach_the_model(opened: Opened) -> None:
    wan = opened("tiny-wan").backend
    base = wan.render([shot(9)])[0].arrays["x"]
    for other in (
        shot(9, text="a grey moth flies"),
        replace(shot(9), prompts=(TimedPrompt(0, 9, Prompt("a small orange fox walks", "", avoid="blue stairs")),)),
        shot(9, steps=3),
        shot(9, guidance=6.0),
        shot(9, options={"max_sequence_length": 2}),
    ):
        assert not np.array_equal(wan.render([other])[0].arrays["x"], base)


def test_a_pipeline_that_starts_from_a_picture_takes_first_and_last(
    opened: Opened, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diffusers.pipelines.wan import pipeline_wan_i2v

    changes = {"pipeline": "WanImageToVideoPipeline", "checkpoint": "../checkpoints/wan-image", "infill": "first_last"}
    shown = narrowed(opened("tiny-wan"), project, **changes)
    assert shown.capabilities.pins == "any"
    # It cleans prompts by a package that is not ours and takes it for granted.
    monkeypatch.delattr(pipeline_wan_i2v, "ftfy", raising=False)
    with pytest.raises(RenderError, match="needs the Python package ftfy: pip install ftfy"):
        shown.render([shot(9, pins={0: np.zeros((32, 48, 3), np.float32)})])
    monkeypatch.setattr(pipeline_wan_i2v, "ftfy", SimpleNamespace(fix_text=str), raising=False)
    with pytest.raises(RenderError, match="starts from a picture, and this shot has none"):
        shown.render([shot(9)])
    black, white = np.zeros((32, 48, 3), np.float32), np.ones((32, 48, 3), np.float32)
    x = [shown.render([shot(12, pins=pins)])[0].arrays["x"] for pins in ({0: black}, {0: white}, {0: black, 8: white})]
    assert np.isfinite(np.stack(x)).all()
    assert not np.array_equal(x[0], x[1])
    assert not np.array_equal(x[0], x[2])


def test_new_weights_or_settings_are_a_new_fingerprint_and_words_are_not(opened: Opened, project: Path) -> None:
    case = opened("tiny-wan")
    profile = backends.find(case.name, project)
    assert isinstance(profile, DiffusersProfile)
    told = fingerprint(profile)
    assert told == case.backend.fingerprint
    for same in ({"about": "another sentence"}, {"memory": Memory(offload="leaf")}, {"needs": "less"}):
        assert fingerprint(profile.model_copy(update=same)) == told
    for other in ({"keeps": "pictures"}, {"dtype": "float16"}, {"checkpoint": "../checkpoints/wan-image"}):
        assert fingerprint(profile.model_copy(update=other)) != told


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pipeline": "WanPipelin"}, r"has no WanPipelin; did you mean WanPipeline\?"),
        ({"pipeline": "AnimateDiffPipeline", "call": {}}, "checkpoints/wan does not load: "),
    ],
)
def test_what_cannot_be_loaded_is_said_in_a_sentence(
    opened: Opened, project: Path, changes: dict[str, Any], said: str
) -> None:
    broken = narrowed(opened("tiny-wan"), project, **changes)
    with pytest.raises((RenderError, InputError), match=said):
        broken.render([shot(9)])


def test_an_option_the_pipeline_lacks_is_refused_with_the_nearest(opened: Opened) -> None:
    with pytest.raises(InputError, match=r"has no option 'guidance_scales'; did you mean 'guidance_scale'\?"):
        opened("tiny-wan").backend.render([shot(9, options={"guidance_scales": 3})])


def test_what_the_pipeline_refuses_is_said_with_the_renderers_name(opened: Opened) -> None:
    with pytest.raises(RenderError, match="renderer tiny-wan: WanPipeline refuses this clip: "):
        opened("tiny-wan").backend.render([shot(9, options={"prompt_embeds": torch.zeros(1, 2, 32)})])
