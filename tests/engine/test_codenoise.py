"""Co-denoising is exact where it must be: one window, pins, any order, any batch, and noise that keeps its strength."""

import math
import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from storyforge.clock import Span
from storyforge.engine import (
    SOLVERS,
    Address,
    Step,
    blend,
    codenoise,
    concatenate,
    cut,
    end_to_end,
    local,
    noise,
    plan,
    sample,
    sigmas,
)

pytestmark = pytest.mark.slow

WIDTH = 3


@dataclass(frozen=True)
class Cond:
    text: Tensor  # [batch, frames, WIDTH]
    scale: float = 0.5


def network(x: Tensor, sigma: Tensor, cond: Any) -> Tensor:
    """A denoiser that looks at its whole window, its sigmas and its conditions, as a real one does."""
    told = cond.text if isinstance(cond, Cond) else cond["text"] if cond else torch.zeros_like(x)
    torch.manual_seed(0)
    mix = torch.randn(WIDTH, WIDTH)
    near = torch.nn.functional.avg_pool1d(x.transpose(1, 2), 3, 1, 1, count_include_pad=False).transpose(1, 2)
    mean = x.mean(1, keepdim=True)
    return torch.tanh(x @ mix + near + 0.3 * mean + told) * (1 - 0.5 * sigma[..., None])


def local_mean(x: Tensor, sigma: Tensor, cond: Any) -> Tensor:
    """A denoiser of each frame by itself."""
    return torch.tanh(x) * (1 - sigma[..., None]) + (cond["text"] if cond else 0)


def start(n: int, batch: int = 1) -> Tensor:
    drawn = [noise([Address(7, f"s{row}")] * n, range(n), (WIDTH,)) for row in range(batch)]
    return torch.from_numpy(np.stack(drawn))


@given(n=st.integers(1, 120), size=st.integers(1, 33), batch=st.integers(1, 9), rows=st.integers(1, 3))
def test_a_denoiser_of_single_frames_is_the_same_in_any_windows(n: int, size: int, batch: int, rows: int) -> None:
    x, sigma = start(n, rows), torch.rand(rows, n, generator=torch.Generator().manual_seed(n))
    cond = {"text": start(n, rows) * 0.1}
    windowed = plan(n, size, max(1, size // 2))
    blended = codenoise(local_mean, windowed.spans, windowed.weights, batch)(x, sigma, cond)
    assert (blended - local_mean(x, sigma, cond)).abs().max() <= 2e-6


@given(n=st.integers(1, 40), solver=st.sampled_from(sorted(SOLVERS)), rows=st.integers(1, 2))
def test_one_window_over_all_frames_is_no_windowing(n: int, solver: str, rows: int) -> None:
    windowed = plan(n, 40, 20)
    cond = Cond(start(n, rows))
    plain = sample(network, start(n, rows), sigmas(4), cond, solver=solver)
    assert torch.equal(
        sample(
            codenoise(network, windowed.spans, windowed.weights, rows), start(n, rows), sigmas(4), cond, solver=solver
        ),
        plain,
    )


@given(
    n=st.integers(18, 90),
    order=st.randoms(use_true_random=False),
    batches=st.tuples(st.integers(1, 4), st.integers(5, 64)),
    solver=st.sampled_from(sorted(SOLVERS)),
)
def test_neither_the_order_nor_the_batching_of_windows_changes_the_film(
    n: int, order: random.Random, batches: tuple[int, int], solver: str
) -> None:
    windowed = plan(n, 17, 8)
    shuffled = list(zip(windowed.spans, windowed.weights, strict=True))
    order.shuffle(shuffled)
    cond = {"text": start(n) * 0.2}
    results = [
        sample(codenoise(network, *parts, batch), start(n), sigmas(6), cond, solver=solver)
        for parts in ((windowed.spans, windowed.weights), tuple(zip(*shuffled, strict=True)))
        for batch in batches
    ]
    assert max(float((result - results[0]).abs().max()) for result in results) <= 1e-4


@given(
    keys=st.integers(1, 6),
    pinned=st.sets(st.integers(0, 96), max_size=12),
    solver=st.sampled_from(sorted(SOLVERS)),
    dtype=st.sampled_from([torch.float32, torch.bfloat16]),
)
def test_pinned_frames_come_out_bit_for_bit(keys: int, pinned: set[int], solver: str, dtype: torch.dtype) -> None:
    n = 16 * keys + 1
    pins = torch.zeros(1, n)
    pins[0, ::16] = 1
    pins[0, [frame for frame in pinned if frame < n]] = 1
    known = torch.where(pins[..., None] > 0, start(n) * 3, torch.nan).to(dtype)
    windowed = blend(local(n), n, "hann")
    denoise = codenoise(lambda x, s, c: network(x.float(), s, c).to(dtype), windowed.spans, windowed.weights, 4)
    made = sample(denoise, start(n).to(dtype), sigmas(5), known=known, pins=pins, solver=solver)
    assert torch.equal(made[pins > 0], known[pins > 0])
    assert made.dtype == dtype
    assert made.isfinite().all()


def test_the_model_sees_pins_as_sigma_zero_and_its_own_frames_of_every_condition() -> None:
    n, seen = 33, []

    def spy(x: Tensor, sigma: Tensor, cond: Cond) -> Tensor:
        assert torch.equal(sigma == 0, cond.text[..., 0] % 16 == 0)
        assert cond.scale == 0.5
        seen.extend((int(row[0, 0]), len(row)) for row in cond.text)
        return x

    clock = torch.arange(n, dtype=torch.float32)[None, :, None].expand(1, n, WIDTH)
    windowed = blend(local(n), n)
    pins = (torch.arange(n) % 16 == 0)[None]
    denoise = codenoise(spy, windowed.spans, windowed.weights, 2)
    sample(denoise, start(n), sigmas(1), Cond(clock), known=start(n), pins=pins)
    assert seen == [(0, 17), (8, 17), (16, 17)]


@pytest.mark.parametrize("lengths", [(5, 40, 17), (33,), (3, 3, 3, 90)])
def test_levels_of_several_spans_sampled_together_are_those_sampled_alone(lengths: tuple[int, ...]) -> None:
    plans = [plan(n, 17, 8) for n in lengths]
    conds = [Cond(start(n) * 0.2) for n in lengths]
    together, places = end_to_end(plans)
    calls: list[int] = []

    def counted(x: Tensor, sigma: Tensor, cond: Cond) -> Tensor:
        calls.append(len(x))
        return network(x, sigma, cond)

    made = sample(
        codenoise(counted, together.spans, together.weights, 8),
        concatenate([start(n) for n in lengths]),
        sigmas(4),
        concatenate(conds),
    )
    assert max(calls) <= 8
    for one, cond, place, n in zip(plans, conds, places, lengths, strict=True):
        alone = sample(codenoise(network, one.spans, one.weights, 1), start(n), sigmas(4), cond)
        assert (made[:, place.start : place.stop] - alone).abs().max() <= 1e-4
        assert torch.equal(cut(concatenate(conds), place).text, cond.text)


def white(x: Tensor, sigma: Tensor, cond: Any) -> Tensor:
    """The exact denoiser of white noise of standard deviation 1."""
    s = sigma[..., None]
    return (1 - s) / ((1 - s) ** 2 + s**2) * x


def test_shared_noise_keeps_its_strength_where_independent_noise_shrinks() -> None:
    n, wide = 257, 400
    drawn = torch.from_numpy(noise([Address(1, "a")] * n, range(n), (wide,)))[None]
    windowed = plan(n, 16, 8)
    made = sample(codenoise(white, windowed.spans, windowed.weights, 8), drawn, sigmas(24))
    assert abs(float(made.std()) - 1) < 0.01
    assert abs(float(made[0, 8:-8].std(dim=1).min()) - 1) < 0.12  # no frame of an overlap is weaker
    apart = torch.zeros(n, wide)
    for index, (span, weight) in enumerate(zip(windowed.spans, plan(n, 16, 8, "flat").weights, strict=True)):
        own = torch.from_numpy(noise([Address(1, str(index))] * len(span), range(len(span)), (wide,)))
        apart[span.start : span.stop] += torch.from_numpy(weight)[:, None] * own
    assert abs(float(apart[8:-8].std()) - math.sqrt(0.5)) < 0.01


def test_events_tell_every_step() -> None:
    told: list[Step] = []
    sample(white, start(9), sigmas(3, shift=2.0), on_step=told.append)
    assert [(step.index, step.count) for step in told] == [(0, 3), (1, 3), (2, 3)]
    assert [round(step.sigma, 3) for step in told] == [0.8, 0.5, 0.0]
    assert told[-1].denoised.shape == (1, 9, WIDTH)


def test_conditions_of_any_shape_of_container() -> None:
    nested = {"a": Cond(torch.arange(6.0)[None]), "b": {"c": torch.arange(6)[None], "d": None}}
    part = cut(nested, Span(2, 4))
    assert part["a"].text.tolist() == [[2, 3]]
    assert part["b"] == {"c": part["b"]["c"], "d": None}
    assert part["b"]["c"].tolist() == [[2, 3]]
    assert concatenate([part, nested])["b"]["c"].shape == (1, 8)


def test_what_cannot_be_sampled_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one window"):
        codenoise(white, [Span(0, 1)], [np.ones(1, np.float32)], 0)
    with pytest.raises(ValueError, match="come together"):
        sample(white, start(3), sigmas(2), pins=torch.ones(1, 3))
    with pytest.raises(ValueError, match="2m"):
        sample(white, start(3), sigmas(2), solver="heun")
    with pytest.raises(ValueError, match="steps >= 1"):
        sigmas(0)
