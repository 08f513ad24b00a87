"""The bank of self-attention: off it changes nothing, on it does, and panels in turn are panels in one batch."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from storyforge.backends.diffusers.bank import Bank, remember, sharing
from storyforge.errors import RenderError

FOX, MOTH = "a small orange fox walks", "a grey moth flies"


@pytest.fixture(scope="module")
def pipe(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from diffusers import StableDiffusionXLPipeline
    from tiny.images import save_sdxl

    torch.set_num_threads(1)
    at = save_sdxl(tmp_path_factory.mktemp("sdxl"))
    made = StableDiffusionXLPipeline.from_pretrained(at, local_files_only=True)
    made.set_progress_bar_config(disable=True)
    return made


def drawn(pipe: Any, *prompts: str, seeds: tuple[int, ...] = (1,), **more: Any) -> NDArray[np.float32]:
    """Pictures [prompts, 32, 32, 3]."""
    generators = [torch.Generator().manual_seed(seed) for seed in seeds]
    told = {"height": 32, "width": 32, "num_inference_steps": 2, "guidance_scale": 4.0, "output_type": "np"} | more
    made: NDArray[np.float32] = pipe(prompt=list(prompts), generator=generators, **told).images
    assert np.isfinite(made).all()
    return made


def told_of_the_fox(pipe: Any, **settings: Any) -> Bank:
    bank = Bank(seed=5, **settings)
    with sharing(pipe, bank, ["fox"]):
        drawn(pipe, FOX)
    return bank


def test_off_it_is_the_plain_picture_to_the_bit_and_on_another_one_twice_the_same(pipe: Any) -> None:
    plain = drawn(pipe, MOTH, seeds=(2,))
    for off in (None, Bank(), Bank(rate=0.0)):  # none, one that is empty, one that shares nothing
        with sharing(pipe, off):
            assert np.array_equal(drawn(pipe, MOTH, seeds=(2,)), plain)
    seen = []
    for _ in range(2):
        with sharing(pipe, told_of_the_fox(pipe), ["moth"]):
            seen.append(drawn(pipe, MOTH, seeds=(2,)))
    assert np.array_equal(*seen)
    assert np.abs(seen[0] - plain).max() > 1e-3
    assert np.array_equal(drawn(pipe, MOTH, seeds=(2,)), plain)


def test_panels_in_one_batch_are_panels_in_turn(pipe: Any) -> None:
    prompts, seeds = (FOX, MOTH, FOX), (1, 2, 3)
    with sharing(pipe, Bank(seed=5), ["0", "1", "2"]):
        together = drawn(pipe, *prompts, seeds=seeds)
    bank, apart = Bank(seed=5), []
    for prompt, seed in zip(prompts, seeds, strict=True):
        with sharing(pipe, bank):
            apart.append(drawn(pipe, prompt, seeds=(seed,))[0])
    assert list(bank.panels) == ["0", "1", "2"]
    np.testing.assert_allclose(together, np.stack(apart), atol=2e-5)
    one = Bank(seed=5)
    with sharing(pipe, one):  # calls in turn inside one context
        inside = [drawn(pipe, prompt, seeds=(seed,))[0] for prompt, seed in zip(prompts, seeds, strict=True)]
    assert list(one.panels) == ["0", "1", "2"]
    assert np.array_equal(inside, apart)
    assert not np.allclose(apart[2], drawn(pipe, FOX, seeds=(3,))[0], atol=1e-3)


def test_a_panel_reads_the_ones_it_is_told_to_and_no_more_than_most(pipe: Any) -> None:
    bank = told_of_the_fox(pipe, most=1)
    with sharing(pipe, bank, ["moth"]):
        first = drawn(pipe, MOTH, seeds=(2,))
    seen = {}
    for reads in (None, ("fox",), ("moth",), ()):
        with sharing(pipe, bank, ["again"], reads):
            seen[reads] = drawn(pipe, MOTH, seeds=(2,))
    assert np.array_equal(seen[None], first)
    assert np.array_equal(seen[("fox",)], first)  # the third, too: at most one, the earliest
    assert not np.array_equal(seen[("moth",)], first)
    assert np.array_equal(seen[()], drawn(pipe, MOTH, seeds=(2,)))


def test_the_panel_looked_at_longest_ago_makes_way(pipe: Any) -> None:
    bank = Bank(most=1, room=2)
    for name, reads in (("a", ()), ("b", ()), ("c", ("a",)), ("d", ("a",))):
        with sharing(pipe, bank, [name], reads):
            drawn(pipe, MOTH)
    assert set(bank.panels) == {"a", "d"}


def test_half_of_the_tokens_are_kept_by_address(pipe: Any) -> None:
    bank = told_of_the_fox(pipe)
    layers = bank.panels["fox"]
    assert layers
    assert all(name.startswith("up_blocks") for name in layers)
    for steps in layers.values():
        assert len(steps) == 2
        assert {tokens.shape for tokens in steps.values()} == {(2, 32, 8)}  # with guidance; half of 8 x 8
    other, same = Bank(seed=6), told_of_the_fox(pipe)
    with sharing(pipe, other, ["fox"]):
        drawn(pipe, FOX)
    layer = next(iter(layers))
    assert all(torch.equal(layers[layer][time], same.panels["fox"][layer][time]) for time in layers[layer])
    assert not any(torch.equal(layers[layer][time], other.panels["fox"][layer][time]) for time in layers[layer])


def test_other_steps_size_and_guidance_still_find_their_tokens(pipe: Any) -> None:
    bank = told_of_the_fox(pipe)
    for more in ({"num_inference_steps": 3}, {"height": 24, "width": 40}, {"guidance_scale": 1.0}):
        plain = drawn(pipe, MOTH, **more)
        with sharing(pipe, bank, ["moth"], ["fox"]):
            assert not np.array_equal(drawn(pipe, MOTH, **more), plain)
    unguided = Bank(seed=5)
    with sharing(pipe, unguided, ["fox"]):
        drawn(pipe, FOX, guidance_scale=1.0)
    with sharing(pipe, unguided, ["moth"]):
        drawn(pipe, MOTH)


def test_a_picture_made_elsewhere_is_remembered(pipe: Any) -> None:
    def picture(level: int) -> NDArray[np.uint8]:
        return np.full((32, 32, 3), level, np.uint8)

    seen = []
    for level in (20, 20, 230):
        bank = Bank(seed=5)
        remember(pipe, bank, "sheet", picture(level), 7, prompt=FOX, num_inference_steps=2, guidance_scale=4.0)
        assert list(bank.panels) == ["sheet"]
        with sharing(pipe, bank, ["moth"]):
            seen.append(drawn(pipe, MOTH, seeds=(2,)))
    assert np.array_equal(seen[0], seen[1])
    assert not np.array_equal(seen[0], seen[2])
    assert not np.array_equal(seen[0], drawn(pipe, MOTH, seeds=(2,)))


def test_a_call_that_fails_leaves_nothing_in_the_bank_and_the_pipeline_plain(pipe: Any) -> None:
    bank = told_of_the_fox(pipe)
    before = pipe.unet.attn_processors

    def stop(*_: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), sharing(pipe, bank, ["moth"]):
        drawn(pipe, MOTH, callback_on_step_end=stop)
    assert list(bank.panels) == ["fox"]
    after = pipe.unet.attn_processors
    assert all(after[name] is before[name] for name in before)
    assert not pipe.unet._forward_pre_hooks


def test_a_pipeline_without_such_attention_is_refused_in_a_sentence(tmp_path: Path) -> None:
    from diffusers import Flux2KleinPipeline
    from tiny.images import save_flux2_klein

    klein = Flux2KleinPipeline.from_pretrained(save_flux2_klein(tmp_path), local_files_only=True)
    with pytest.raises(RenderError, match="Flux2KleinPipeline has no self-attention that panels can share"):
        sharing(klein, Bank()).__enter__()
