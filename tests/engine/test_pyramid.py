"""Lengths and levels: every span is covered, and depth m of clip L makes (L - 1)^m + 1 frames."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyforge.engine import covered, levels, reach


@pytest.mark.parametrize(("depth", "clip", "frames"), [(1, 16, 16), (2, 16, 226), (3, 16, 3376), (4, 16, 50626)])
def test_the_papers_3376_frames_are_three_levels_of_sixteen(depth: int, clip: int, frames: int) -> None:
    assert reach(depth, clip) == frames


@given(depth=st.integers(1, 4), clip=st.integers(2, 20))
def test_a_full_pyramid_needs_no_padding_and_keeps_the_ends_of_every_level(depth: int, clip: int) -> None:
    strides = [(clip - 1) ** level for level in reversed(range(depth))] if clip > 2 else [1]
    frames = reach(depth, clip) if clip > 2 else clip
    assert covered(frames, clip, strides) == frames
    found = levels(frames, strides)
    assert [level.stride for level in found] == strides
    assert found[-1].rows == frames
    assert all(level.positions[0] == 0 and level.positions[-1] == frames - 1 for level in found)


@given(frames=st.integers(1, 4096), keys=st.sampled_from([1, 2, 4, 8, 16]), clip=st.integers(2, 97))
def test_the_length_rendered_is_the_shortest_that_ends_on_a_keyframe(frames: int, keys: int, clip: int) -> None:
    strides = (keys, 1) if keys > 1 else (1,)
    length = covered(frames, clip, strides)
    least = max(frames, clip)
    assert least <= length < least + keys
    assert (length - 1) % keys == 0
    for coarse, fine in zip(levels(length, strides), levels(length, strides)[1:], strict=False):
        assert [fine.positions[row] for row in fine.pinned] == list(coarse.positions)


def test_toons_spans_and_wans_clips() -> None:
    assert [covered(n, 17, (0, 16, 1)) for n in (1, 17, 18, 96, 97)] == [17, 17, 33, 97, 97]
    assert [covered(n, 81, (1,), ratio=4) for n in (1, 81, 82, 85)] == [81, 81, 85, 85]
    keys, frames = levels(97, (0, 16, 1))
    assert (keys.rows, len(keys.pinned), frames.rows, list(frames.pinned)) == (7, 0, 97, [0, 16, 32, 48, 64, 80, 96])


def test_bad_lengths_and_strides_say_what_is_wanted() -> None:
    with pytest.raises(ValueError, match="end on a keyframe"):
        levels(96, (16, 1))
    with pytest.raises(ValueError, match="coarse to fine"):
        covered(10, 5, (1, 16))
    with pytest.raises(ValueError, match="at least one frame"):
        covered(0, 17)
