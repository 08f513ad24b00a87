"""Effects: clean, of their own kind, the same whatever the blocks are."""

from itertools import pairwise

import numpy as np
import pytest
from listening import above

from storyforge.film.sound import KINDS, RATE, Effect, Effects, effect
from storyforge.film.sound.effects import variants
from storyforge.film.sound.foley import LONGEST


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_clean(kind: str) -> None:
    for seed in range(2 if kind == "thunder" else 12):
        made = effect(kind, seed)
        assert made.dtype == np.float32
        assert 0.05 * RATE < len(made) <= LONGEST
        assert 0.04 < np.abs(made).max() < 0.9
        assert np.abs(made[[0, -1]]).max() < 1e-6
        side = made if made.ndim == 1 else made[:, 0]
        assert above(side, 16_000) < -50
        assert abs(float(side.mean())) < 0.01


def test_seeds_vary_and_repeat() -> None:
    assert np.array_equal(effect("step", 3), effect("step", 3))
    assert not np.array_equal(effect("step", 3), effect("step", 4))


def test_surfaces_differ_and_an_unknown_one_is_the_ground() -> None:
    assert not np.array_equal(effect("step"), effect("step-snow"))
    assert np.array_equal(effect("step-mud"), effect("step"))
    assert len(effect("trombone")) == 0
    assert not Effects([Effect("trombone", 10)]).block(0, 100).any()


def test_thunder_rolls_for_seconds_and_is_wide() -> None:
    thunder = effect("thunder")
    assert thunder.shape[1] == 2
    assert len(thunder) > 5 * RATE
    power = np.square(thunder[: 5 * RATE]).reshape(5, -1).mean(1)
    assert (power > 1e-5).all()
    assert np.corrcoef(thunder.T)[0, 1] < 0.95


@pytest.mark.slow
def test_blocks_do_not_matter() -> None:
    random = np.random.default_rng(2)
    kinds = list(KINDS)
    effects = [
        Effect(kinds[random.integers(len(kinds))], int(at), float(random.random()), float(random.uniform(-1, 1)))
        for at in random.integers(0, 12 * RATE, 30)
    ]
    stop = 15 * RATE
    whole = Effects(effects, seed=5).block(0, stop)
    assert whole.dtype == np.float32
    cuts = [0, *sorted(random.integers(0, stop, 30).tolist()), stop]
    laid = Effects(effects[::-1], seed=5)
    pieces = [laid.block(a, b) for a, b in pairwise(cuts)]
    assert np.array_equal(np.concatenate(pieces), whole)
    assert not np.array_equal(Effects(effects, seed=6).block(0, stop), whole)


def test_steps_are_never_twice_the_same() -> None:
    walk = Effects([Effect("step", n * RATE) for n in range(6)]).block(0, 6 * RATE)
    steps = walk.reshape(6, RATE, 2)
    assert all(step.any() for step in steps)
    assert not any(np.array_equal(a, b) for a, b in pairwise(steps))


def test_walkers_do_not_repeat_their_steps_beside_others() -> None:
    walk = [Effect("step", n * 20_011, 1.0, (-0.6, 0.6)[n % 2]) for n in range(200)]
    found = variants(walk, 3)
    assert all(a != b for a, b in pairwise(found))
    assert all(a != b for side in (0, 1) for a, b in pairwise(found[side::2]))
    assert len(set(found)) == 12
    assert found != variants(walk, 4)


def test_a_noise_more_leaves_the_others_as_they_are() -> None:
    walk = [Effect("step", n * 20_011) for n in range(1, 40)]
    before = variants(walk, 3)
    assert variants([Effect("door", 0), *walk], 3)[1:] == before
    after = variants([Effect("step", 0), *walk], 3)[1:]
    assert after[5:] == before[5:], "of its own kind too, but for the next"


def test_loud_and_pan_are_kept() -> None:
    def power(loud: float, pan: float) -> np.ndarray:
        return np.square(Effects([Effect("door", 0, loud, pan)]).block(0, 2 * RATE).astype(np.float64)).sum(0)

    assert np.allclose(power(0.5, 0.0), power(1.0, 0.0) / 4)
    assert np.isclose(power(1.0, -0.6).sum(), power(1.0, 0.8).sum())
    assert power(1.0, 1.0)[0] < 1e-9
