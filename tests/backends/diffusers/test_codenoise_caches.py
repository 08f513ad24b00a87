"""Caches of denoisers under the co-denoising hook: each window has its own, or the cache is refused."""

from typing import Any

import pytest
import torch
from tiny.whole import film, wan_pipe

from storyforge.backends.diffusers.codenoising import WindowPlan, codenoise
from storyforge.errors import RenderError

torch.set_num_threads(1)
PLAN = WindowPlan(4, 1, 1)  # of 9 rows: four windows


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("FirstBlockCacheConfig", {"threshold": 10.0}),  # every step after the first is skipped
        ("MagCacheConfig", {"threshold": 10.0, "num_inference_steps": 4, "mag_ratios": torch.ones(4)}),
        (
            "TaylorSeerCacheConfig",
            {"cache_interval": 2, "disable_cache_before_step": 1, "cache_identifiers": [r"blocks\.\d+\.ffn"]},
        ),
    ],
)
def test_a_cache_keeps_to_its_window(kind: str, settings: dict[str, Any]) -> None:
    import diffusers

    pipe = wan_pipe()
    steps = {"num_inference_steps": 4}
    with codenoise(pipe, PLAN):
        exact = film(pipe, **steps)
    made = []
    for batch in (1, 4):
        pipe.transformer.enable_cache(getattr(diffusers, kind)(**settings))
        with codenoise(pipe, WindowPlan(4, 1, 1, batch=batch)):
            made.append(film(pipe, **steps))
        pipe.transformer.disable_cache()
    torch.testing.assert_close(*made, rtol=1e-5, atol=1e-5)
    assert not torch.equal(made[0], exact)  # so the cache was at work


def test_caches_of_one_state_for_all_windows_are_refused() -> None:
    from diffusers import FasterCacheConfig, PyramidAttentionBroadcastConfig

    pipe = wan_pipe()
    config = PyramidAttentionBroadcastConfig(
        spatial_attention_block_skip_range=2,
        spatial_attention_block_identifiers=["blocks"],
        current_timestep_callback=lambda: pipe.current_timestep,
    )
    pipe.transformer.enable_cache(config)
    with codenoise(pipe, PLAN), pytest.raises(RenderError, match=r"set windows\.batch to 4 or more"):
        film(pipe)
    with codenoise(pipe, WindowPlan(4, 1, 1, batch=4)):
        assert torch.isfinite(film(pipe)).all()
    pipe.transformer.disable_cache()
    faster = FasterCacheConfig(
        spatial_attention_block_identifiers=["blocks"], current_timestep_callback=lambda: pipe.current_timestep
    )
    pipe.transformer.enable_cache(faster)
    with codenoise(pipe, PLAN), pytest.raises(RenderError, match="FasterCache"):
        film(pipe)
