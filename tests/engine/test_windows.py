"""Windows cover every frame and their weights are a partition of unity, for every length, clip, step and kind."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyforge.clock import Span
from storyforge.engine import Plan, blend, crossfade, end_to_end, local, plan, weights, windows
from storyforge.engine.windows import Kind

KINDS = get_args(Kind)


def total(cut: Plan) -> np.ndarray:
    """The weights' sum at every frame, added up in float32 as co-denoising adds them."""
    heard = np.zeros(cut.frames, np.float32)
    for span, weight in zip(cut.spans, cut.weights, strict=True):
        assert weight.dtype == np.float32
        assert len(weight) == len(span)
        heard[span.start : span.stop] += weight
    return heard


@st.composite
def clips(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(st.integers(1, 129))
    return size, draw(st.integers(1, size))


@given(n=st.integers(1, 4096), clip=clips(), kind=st.sampled_from(KINDS))
def test_weights_sum_to_one_at_every_frame(n: int, clip: tuple[int, int], kind: Kind) -> None:
    cut = plan(n, *clip, kind)
    assert np.abs(total(cut) - 1).max() <= 1e-6
    assert {len(span) for span in cut.spans} == {min(n, clip[0])}
    assert (cut.spans[0].start, cut.spans[-1].stop) == (0, n)
    assert len(cut.spans) == (1 if n <= clip[0] else -(-(n - clip[0]) // clip[1]) + 1)


@pytest.mark.parametrize(("size", "step"), [(16, 16), (16, 8), (16, 4), (16, 1), (17, 16), (17, 8), (5, 3)])
def test_every_length_up_to_300_is_covered_where_the_reference_code_zeroes_or_scales_its_tail(
    size: int, step: int
) -> None:
    for n in range(1, 301):
        assert np.abs(total(plan(n, size, step)) - 1).max() <= 1e-6


def test_the_longest_span_is_covered_by_every_clip() -> None:
    for size in range(1, 130, 4):
        assert np.abs(total(plan(4096, size, max(1, size // 3))) - 1).max() <= 1e-6


@given(keys=st.integers(1, 256), kind=st.sampled_from(KINDS))
def test_local_windows_are_pinned_and_straddling_ones_and_a_partition_of_unity(keys: int, kind: Kind) -> None:
    n = 16 * keys + 1
    spans = local(n)
    assert spans == tuple(Span(start, start + 17) for start in range(0, n - 16, 8))
    assert len(spans) == 2 * keys - 1
    assert np.abs(total(blend(spans, n, kind)) - 1).max() <= 1e-6


@given(n=st.integers(1, 4096), size=st.integers(1, 65), keys=st.integers(1, 65))
def test_local_windows_cover_any_length(n: int, size: int, keys: int) -> None:
    cut = blend(local(n, size, keys), n, "hann")
    assert np.abs(total(cut) - 1).max() <= 1e-6


def test_near_a_keyframe_the_straddling_window_speaks_and_at_its_ends_the_pinned_ones() -> None:
    spans = local(33)
    cut = blend(spans, 33, "hann")
    straddling = cut.weights[spans.index(Span(8, 25))]
    assert straddling[7] > 0.9  # one frame before keyframe 16
    assert straddling[9] > 0.9
    assert straddling[0] < 0.02
    assert straddling[-1] < 0.02


@given(n=st.integers(1, 64), size=st.integers(1, 16), step=st.integers(1, 16), align=st.sampled_from([1, 2, 4]))
def test_starts_are_aligned_for_models_that_pack_frames(n: int, size: int, step: int, align: int) -> None:
    n, size = n * align, size * align
    step = min(step * align, size)
    assert all(span.start % align == 0 for span in windows(n, size, step, align))


@given(lengths=st.lists(st.integers(1, 200), min_size=1, max_size=6))
def test_sequences_laid_end_to_end_keep_their_own_windows(lengths: list[int]) -> None:
    alone = [plan(n, 17, 8) for n in lengths]
    together, places = end_to_end(alone)
    assert together.frames == sum(lengths)
    assert [len(place) for place in places] == lengths
    assert np.abs(total(together) - 1).max() <= 1e-6
    assert all(sum(len(span.meet(place)) == len(span) for place in places) == 1 for span in together.spans)


@given(
    lengths=st.lists(st.integers(1, 100), min_size=1, max_size=6),
    ramps=st.lists(st.integers(0, 48), min_size=6, max_size=6),
)
def test_prompts_over_time_are_heard_once_in_sum(lengths: list[int], ramps: list[int]) -> None:
    ends = np.cumsum(lengths)
    spans = [Span(int(stop) - length, int(stop)) for stop, length in zip(ends, lengths, strict=True)]
    heard = crossfade(spans, ramps[: len(spans)], int(ends[-1]))
    assert np.abs(heard.sum(0) - 1).max() <= 1e-6
    assert (heard >= 0).all()


def test_a_ramp_is_centred_on_the_boundary_and_no_ramp_is_a_cut() -> None:
    spans = [Span(0, 10), Span(10, 20)]
    assert crossfade(spans, [0, 0], 20)[1].tolist() == [0.0] * 10 + [1.0] * 10
    assert np.allclose(crossfade(spans, [0, 4], 20)[1][8:12], [0.125, 0.375, 0.625, 0.875])


def test_impossible_windows_are_refused() -> None:
    for arguments in ((0, 4, 2), (10, 4, 0), (10, 4, 5)):
        with pytest.raises(ValueError, match="1 <= step <= size"):
            windows(*arguments)
    with pytest.raises(ValueError, match="multiples of 2"):
        windows(11, 4, 2, align=2)
    with pytest.raises(ValueError, match="no window covers frame 3"):
        blend([Span(0, 3), Span(4, 8)], 8)
    with pytest.raises(ValueError, match="'round'"):
        blend([Span(0, 3)], 3, "round")  # type: ignore[arg-type]


def test_where_windows_say_most() -> None:
    spans = [Span(0, 4), Span(2, 6)]  # the frame before each is known
    assert [round(float(share), 3) for share in weights(spans, 6, "falling")[1]] == [0.7, 0.833, 1, 1]
    halves = [Span(0, 4), Span(0, 8), Span(4, 12), Span(8, 12)]  # so is the last frame of each
    shares = weights(halves, 12, "valley")
    known = [[float(one[frame - span.start]) for span, one in zip(halves, shares, strict=True) if frame in span]
             for frame in (3, 4, 7, 8)]  # fmt: skip
    assert known[0] == pytest.approx([1, 0], abs=1e-5)  # frame 3 is the first window's last
    assert known[1] == pytest.approx([1 / 4, 3 / 4], abs=1e-5)
    assert known[2] == pytest.approx([1, 0], abs=1e-5)
    assert known[3] == pytest.approx([1 / 3, 2 / 3], abs=1e-5)
