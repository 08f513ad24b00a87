"""Samplers reach the exact solution of a Gaussian problem, at the order they claim, and leave pins alone."""

import math
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from storyforge.engine import SOLVERS, sample, sigmas

MEAN, SPREAD = 1.5, 0.4


def gaussian(x: Tensor, sigma: Tensor, cond: Any) -> Tensor:
    """E[x0 | x] when data are N(MEAN, SPREAD^2): the denoiser a perfect network would be."""
    s = sigma[..., None].to(x.dtype)
    alpha = 1 - s
    return MEAN + alpha * SPREAD**2 / (alpha**2 * SPREAD**2 + s**2) * (x - alpha * MEAN)


def exact(noise: Tensor) -> Tensor:
    """Where the probability-flow path from `noise` at sigma 1 ends: the quantile of the data."""
    return MEAN + SPREAD * noise


def drawn(frames: int = 64) -> Tensor:
    return torch.randn(1, frames, 8, generator=torch.Generator().manual_seed(3), dtype=torch.float64)


def error(solver: str, steps: int, shift: float = 1.0) -> float:
    return float((sample(gaussian, drawn(), sigmas(steps, shift), solver=solver) - exact(drawn())).abs().mean())


def part_way(solver: str, steps: int) -> float:
    """The error at sigma 0.2, where nothing is singular yet."""
    stop = 0.2
    made = SOLVERS[solver](gaussian, drawn(), torch.linspace(1, stop, steps + 1, dtype=torch.float64))
    there = (1 - stop) * MEAN + ((1 - stop) ** 2 * SPREAD**2 + stop**2) ** 0.5 * drawn()
    return float((made - there).abs().mean())


@pytest.mark.parametrize(("solver", "order"), [("euler", 1.0), ("2m", 2.0)])
def test_the_error_falls_at_the_order_of_the_solver(solver: str, order: float) -> None:
    measured = math.log2(part_way(solver, 256) / part_way(solver, 1024)) / 2
    assert abs(measured - order) < 0.1
    # Down to sigma 0 the last steps cost a factor log(n): 1.7 where part of the way it is 2.0.
    assert math.log2(error(solver, 256) / error(solver, 1024)) / 2 > 0.8 * order


@pytest.mark.parametrize(("steps", "shift"), [(8, 1.0), (16, 1.0), (32, 1.0), (16, 3.0), (32, 3.0)])
def test_second_order_is_worth_having_at_the_steps_people_use(steps: int, shift: float) -> None:
    assert error("2m", steps, shift) < 0.6 * error("euler", steps, shift)


@given(
    pins=st.lists(st.booleans(), min_size=64, max_size=64),
    solver=st.sampled_from(sorted(SOLVERS)),
    steps=st.integers(1, 6),
)
def test_pins_are_kept_and_their_neighbours_are_solved_as_without(pins: list[bool], solver: str, steps: int) -> None:
    held = torch.tensor([pins])
    known = torch.full((1, 64, 8), 9.0, dtype=torch.float64)
    made = sample(gaussian, drawn(), sigmas(steps), known=known, pins=held, solver=solver)
    free = sample(gaussian, drawn(), sigmas(steps), solver=solver)
    assert torch.equal(made[held], known[held])
    assert torch.equal(made[~held], free[~held])


def test_a_half_pin_stays_nearer_to_what_is_known() -> None:
    known = exact(drawn()) + 1.0
    distances = []
    for hold in (0.0, 0.5, 0.9, 1.0):
        made = sample(gaussian, drawn(), sigmas(32), known=known, pins=torch.full((1, 64), hold))
        distances.append(float((made - known).abs().mean()))
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] == 0.0


@pytest.mark.parametrize("solver", sorted(SOLVERS))
def test_one_step_is_the_denoisers_own_guess(solver: str) -> None:
    guess = gaussian(drawn(), torch.ones(1, 64), None)
    assert torch.equal(sample(gaussian, drawn(), sigmas(1), solver=solver), guess)


def test_schedules_fall_from_one_to_zero_and_shift_keeps_the_noise_longer() -> None:
    for steps, shift in ((1, 1.0), (8, 1.0), (8, 3.0), (40, 12.0)):
        levels = sigmas(steps, shift)
        assert len(levels) == steps + 1
        assert (float(levels[0]), float(levels[-1])) == (1.0, 0.0)
        assert (levels.diff() < 0).all()
    assert (sigmas(8, 3.0)[1:-1] > sigmas(8)[1:-1]).all()
