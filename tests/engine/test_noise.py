"""Noise is a pure function of its address: not of batch, order or where a call starts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from storyforge.engine import Address, noise

addresses = st.builds(Address, st.integers(-(2**70), 2**70), st.text(max_size=8), st.integers(0, 9), st.integers(0, 16))


@given(
    address=addresses,
    frames=st.lists(st.integers(0, 10**6), min_size=1, max_size=8, unique=True),
    shape=st.sampled_from([(), (1,), (7,), (3, 2, 4)]),
)
def test_a_frame_gets_the_same_noise_in_any_batch_and_order(
    address: Address, frames: list[int], shape: tuple[int, ...]
) -> None:
    together = noise([address] * len(frames), frames, shape)
    assert together.dtype == np.float32
    assert together.shape == (len(frames), *shape)
    shuffled = sorted(range(len(frames)), key=lambda i: (frames[i] * 2654435761) % 2**32)
    again = noise([address] * len(frames), [frames[i] for i in shuffled], shape)
    assert np.array_equal(again, together[shuffled])
    for row, frame in enumerate(frames):
        assert np.array_equal(noise([address], [frame], shape)[0], together[row])


def test_every_part_of_the_address_matters() -> None:
    base = Address(7, "storm-1", 0, 16)
    others = [
        (Address(8, "storm-1", 0, 16), 3),
        (Address(7, "storm-2", 0, 16), 3),
        (Address(7, "storm-1", 1, 16), 3),
        (Address(7, "storm-1", 0, 1), 3),
        (base, 4),
    ]
    here = noise([base], [3], (1000,))[0]
    for address, frame in others:
        there = noise([address], [frame], (1000,))[0]
        assert abs(np.corrcoef(here, there)[0, 1]) < 0.12


def test_it_is_standard_normal_and_independent_from_frame_to_frame() -> None:
    drawn = noise([Address(1, "a")] * 400, range(400), (250,)).astype(np.float64)
    assert abs(drawn.mean()) < 0.01
    assert abs(drawn.std() - 1) < 0.01
    assert abs((drawn**4).mean() - 3) < 0.1
    assert abs((drawn[1:] * drawn[:-1]).mean()) < 0.01
    assert np.isfinite(drawn).all()


def test_the_stream_is_the_one_films_were_made_with() -> None:
    drawn = noise([Address(7, "storm-1", 0, 16)], [5], (3,))[0]
    assert np.allclose(drawn, (0.2346330136, 1.4250574112, -0.4182010889), atol=1e-6)
