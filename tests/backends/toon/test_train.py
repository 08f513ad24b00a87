"""Training: batches are functions of (seed, step), and a run that stops goes on as if it had not."""

import random
from argparse import Namespace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from storyforge.backends.toon import data, train
from storyforge.backends.toon.net import WINDOW
from storyforge.backends.toon.world import channel

pytestmark = pytest.mark.slow


def given(folder: Path, steps: int, **more: object) -> Namespace:
    told = {"out": folder, "checkpoint": folder / "run.ckpt", "steps": steps, "batch": 6, "seed": 3, "rate": 1e-3}
    return Namespace(**told | {"device": "cpu", "workers": 0} | more)


def test_a_batch_is_a_function_of_its_seed() -> None:
    first, again = (data.windows(random.Random(4), 6, 16, data.Texts()) for _ in range(2))
    assert torch.equal(first.rows, again.rows)
    assert torch.equal(first.text, again.text)


def test_worker_processes_make_the_same_steps() -> None:
    whole, parts = (list(train.steps(3, 6, range(5, 8), workers)) for workers in (0, 2))
    for one, other in zip(whole, parts, strict=True):
        assert torch.equal(one.coarse.rows, other.coarse.rows)
        assert all(torch.equal(a, b) for a, b in zip(one.reading, other.reading, strict=True))
        assert one.noise == other.noise


def test_keyframes_of_the_guide_are_the_rows_themselves() -> None:
    windows = data.windows(random.Random(1), 40, 1, data.Texts())
    held = windows.pins & windows.guided[:, None]
    assert held.any()
    assert torch.allclose(windows.guide[held], windows.rows[held], atol=1e-4)


def test_the_guide_follows_what_moves() -> None:
    windows = data.windows(random.Random(2), 60, 1, data.Texts())
    moving = [channel(1, "x"), channel(0, "camera"), channel(0, "zoom")]
    rows, guide = windows.rows[windows.guided][..., moving], windows.guide[windows.guided][..., moving]
    assert (guide - rows).abs().mean() < 0.2 * (rows[:, :1] - rows).abs().mean()


def test_panels_share_a_cast() -> None:
    windows = data.panels(random.Random(3), 1, data.Texts())
    assert 2 <= windows.rows.shape[1] <= WINDOW
    sheets = windows.sheets[windows.used][..., :].unique(dim=0)
    assert len(sheets) < windows.used.sum()


@pytest.mark.slow
def test_a_stopped_run_goes_on_as_if_it_had_not(tmp_path: Path) -> None:
    train.train(given(tmp_path / "whole", 4), every=2)
    half = given(tmp_path / "parts", 4)
    run = train.Run(half.seed, "cpu")
    for batch in train.steps(half.seed, half.batch, range(2), workers=1):
        run.advance(batch, train.learning_rate(run.step, 4, half.rate))
    run.keep(half.checkpoint)
    train.train(half, every=2)
    whole, parts = (load_file(tmp_path / name / "weights.safetensors") for name in ("whole", "parts"))
    assert all(torch.equal(whole[name], parts[name]) for name in whole)


@pytest.mark.slow
def test_training_learns() -> None:
    """The same step again and again."""
    run = train.Run(5, "cpu")
    batch = data.Steps(5, 6, range(1))[0]
    losses = []
    for _ in range(14):
        run.step = 0
        losses.append(sum(run.advance(batch, 1e-3).values()))
    assert losses[-1] < 0.8 * losses[0]
