"""Segments cover a level, end where pictures are known, and share a row where one goes on from another."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyforge.backends import LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends.diffusers import beginnings
from storyforge.backends.diffusers.segments import cut, heard, in_rows, needed
from storyforge.backends.models import DiffusersProfile, Infill
from storyforge.clock import Span


def request(lengths: list[int], stride: int = 1) -> LevelRequest:
    ends = [sum(lengths[: index + 1]) for index in range(len(lengths))]
    places = list(zip([0, *ends], ends, strict=False))
    parts = tuple(Part(f"s{index}", start, stop, 7) for index, (start, stop) in enumerate(places))
    prompts = tuple(TimedPrompt(a, b, Prompt(f"p{index}", "")) for index, (a, b) in enumerate(places))
    return LevelRequest("r", ends[-1], stride, parts, prompts, lengths=tuple(lengths))


def profile(
    frames: int, ratio: int = 1, infill: Infill = "none", longer: str = "chain", **more: Any
) -> DiffusersProfile:
    values = {"frames": (frames - 1) // ratio * ratio + 1, "fps": 16, "size": (64, 32), "ratio": ratio}
    said = {"name": "p", "licence": "none", "backend": "diffusers", "pipeline": "P", "checkpoint": "c", "clip": values}
    return DiffusersProfile.model_validate(
        said | {"infill": infill, "longer": longer, "windows": {"overlap": 1}} | more
    )


LENGTHS = st.lists(st.integers(1, 200), min_size=1, max_size=4)


@given(
    lengths=LENGTHS, frames=st.integers(2, 97), ratio=st.sampled_from([1, 4, 8]),
    infill=st.sampled_from(["none", "held", "first", "first_last", "mask"]),
    longer=st.sampled_from(["chain", "windows"]), known=st.sets(st.integers(0, 300), max_size=6),
)  # fmt: skip
def test_every_row_is_some_segments_own(
    lengths: list[int], frames: int, ratio: int, infill: Infill, longer: str, known: set[int]
) -> None:
    longer = "chain" if infill in ("first", "first_last") else longer
    shape = profile(max(frames, ratio + 1), ratio, infill, longer)
    found = cut(request(lengths), shape, known)
    own = [at for one in found for at in range(one.own.start, one.own.stop)]
    assert own == list(range(sum(lengths)))
    for before, one in zip((None, *found), found, strict=False):
        assert one.rows >= one.stop - one.start
        assert (one.rows - 1) % ratio == 0
        assert longer == "windows" or one.rows <= shape.clip.frames
        assert one.shared == (infill != "none" and before is not None)
        assert before is None or one.start == before.stop - one.shared
        assert all(one.start <= row < one.stop for row in one.known)
        if infill == "none":
            assert not one.known
        elif infill == "first":
            assert set(one.known) <= {0, one.start}
        elif infill == "first_last":
            assert set(one.known) <= {one.start, one.stop - 1}
        elif infill in ("held", "mask"):
            assert {row for row in known if one.start <= row < one.stop} <= set(one.known)


@given(lengths=LENGTHS, frames=st.integers(2, 97))
def test_without_known_rows_no_clip_crosses_a_shot(lengths: list[int], frames: int) -> None:
    for one in cut(request(lengths), profile(frames, infill="held"), ()):
        assert one.part.start <= one.own.start < one.own.stop <= one.part.stop
        assert one.prompt.text == one.part.shot.replace("s", "p")


def test_between_two_keyframes_lies_one_segment_that_knows_both() -> None:
    found = cut(request([161]), profile(81, 4, "first_last"), {0, 80, 160})
    assert [(one.start, one.stop, one.rows, one.known) for one in found] == [
        (0, 81, 81, (0, 80)),
        (80, 161, 81, (80, 160)),
    ]
    assert [one.own for one in found] == [Span(0, 81), Span(81, 161)]


def test_a_model_that_takes_pictures_anywhere_takes_as_many_as_a_clip_holds() -> None:
    found = cut(request([161]), profile(81, 4, "mask"), set(range(0, 161, 20)))
    assert [(one.start, one.stop, one.known) for one in found] == [
        (0, 81, (0, 20, 40, 60, 80)),
        (80, 161, (80, 100, 120, 140, 160)),
    ]


def test_a_picture_that_a_call_cannot_end_at_is_not_told_as_its_end() -> None:
    (first, *_) = cut(request([50, 50]), profile(81, 4, "first_last"), {0, 50})
    assert (first.start, first.stop, first.rows, first.known) == (0, 51, 53, (0,))


def test_a_model_that_knows_only_both_ends_is_given_the_keyframe_after_the_last_frame_that_is_seen() -> None:
    paint = {"pipeline": "Q", "checkpoint": "c"}
    both = profile(81, 4, "first_last", both=True, levels=[80, 1], keyframes=paint)
    lengthened = replace(request([161]), lengths=(100,))
    found = cut(lengthened, both, {0, 50, 80, 160})
    assert [(one.start, one.stop, one.known) for one in found] == [(0, 81, (0, 80)), (80, 161, (80, 160))]


def test_of_a_held_take_its_ends_are_told() -> None:
    known = {0, *range(40, 73)}
    found = cut(request([121]), profile(81, 4, "first_last"), known)
    assert [(one.start, one.stop, one.known) for one in found] == [
        (0, 41, (0, 40)), (40, 73, (40, 72)), (72, 121, (72,)),
    ]  # fmt: skip


def test_windows_go_on_to_the_end_and_hear_every_prompt() -> None:
    (one,) = cut(request([100, 120]), profile(81, 4, "held", "windows"), {0})
    assert (one.start, one.stop, one.rows, one.known) == (0, 220, 221, (0,))
    assert [timed.prompt.text for timed in one.prompts] == ["p0", "p1"]


@given(
    lengths=LENGTHS, infill=st.sampled_from(["first", "first_last"]), step=st.integers(2, 10), more=st.integers(1, 10),
    known=st.sets(st.integers(0, 300), max_size=6), ratio=st.sampled_from([1, 4]), fixed=st.booleans(),
)  # fmt: skip
def test_windows_begin_at_known_rows_and_each_reaches_the_next(
    lengths: list[int], infill: Infill, step: int, more: int, known: set[int], ratio: int, fixed: bool
) -> None:
    step, overlap = step * ratio, (step if infill == "first_last" else more) * ratio
    fixed = fixed and infill == "first"
    clip = {"frames": step + overlap + 1, "fps": 16, "size": (64, 32), "ratio": ratio, "fixed": fixed}
    shape = profile(
        9, ratio, infill, "windows", levels=[step, 1], windows={"overlap": overlap}, keeps="latents", clip=clip
    )
    rows = sum(lengths)
    keyframes = set(range(0, rows, step))
    found = cut(request(lengths), shape, keyframes | known)
    assert [at for one in found for at in range(one.own.start, one.own.stop)] == list(range(rows))
    begins = set()
    for one in found:
        assert not one.shared
        assert (one.rows - 1) % ratio == 0
        assert one.start in one.known
        begins |= {one.start, *(window.start for window in one.windows)}
        if infill == "first_last":  # the last window is told of it
            begins |= {one.stop - 1} & {*one.known}
        if not one.windows:
            assert one.rows <= clip["frames"]
            continue
        assert all((window.start - one.start) % ratio == 0 and window.start in one.known for window in one.windows)
        assert max(window.stop for window in one.windows) == one.start + one.rows
        latent = (one.rows - 1) // ratio + 1
        order = [*((window.start - one.start) // ratio for window in one.windows), *range(1, latent)]
        assert beginnings.order(one, ratio) == order
        assert [span.stop for span in beginnings.plan(shape, one).begun][-1] == latent
        for window, after in pairwise(one.windows):
            assert window.start <= after.start < window.stop <= after.stop or window.start == after.start == one.start
        for window in one.windows:
            assert (len(window) - 1) % ratio == 0
            assert len(window) == clip["frames"] if fixed else ratio < len(window) <= step + overlap + 1
    every = {row for row in keyframes | known if row < rows}
    inner = {row for row in every if {row - 1, row + 1} <= every}
    # Of a held take a later row than its first may be told, and none where it goes on to the end.
    takes = {row for row in every if {*range(row, row + ratio + 1)} <= every}
    takes |= {row for row in every if {*range(min(row, rows - ratio - 1), rows)} <= every}
    assert keyframes | (every - inner - takes) <= begins <= every


def test_a_picture_inside_a_latent_row_begins_a_call_of_its_own() -> None:
    shape = profile(13, 4, "first", "windows", levels=[8, 1], windows={"overlap": 4}, keeps="latents")
    found = cut(request([33]), shape, {0, 8, 9, 16, 24, 32})
    assert [(one.start, one.stop, one.rows, one.shared) for one in found] == [
        (0, 9, 13, False), (9, 16, 9, False), (16, 33, 21, False),
    ]  # fmt: skip
    assert [[window.start for window in one.windows] for one in found] == [[0, 8], [], [16, 24, 32]]


def test_a_last_frame_that_is_known_has_a_window_which_is_trimmed() -> None:
    shape = profile(13, 4, "first", "windows", levels=[8, 1], windows={"overlap": 4}, keeps="latents")
    (one,) = cut(request([25]), shape, {0, 8, 16, 24})
    assert [(window.start, window.stop) for window in one.windows] == [(0, 13), (8, 21), (16, 29), (24, 29)]
    clips = beginnings.clips(one, np.arange(11), shape.clip)
    assert [(span.start, span.stop, rows.tolist()) for span, rows in clips] == [
        (0, 8, [0, 4, 5]), (8, 16, [1, 6, 7]), (16, 24, [2, 8, 9]), (24, 25, [3]),
    ]  # fmt: skip


def test_windows_of_both_ends_end_at_the_keyframe_after_the_next() -> None:
    paint = {"pipeline": "Q", "checkpoint": "c"}
    shape = profile(
        81, 4, "first_last", "windows", both=True, levels=[40, 1], windows={"overlap": 40}, keeps="latents",
        keyframes=paint,
    )  # fmt: skip
    (one,) = cut(replace(request([161]), lengths=(110,)), shape, {0, 40, 80, 120, 160})
    assert (one.start, one.stop, one.rows, one.known) == (0, 121, 121, (0, 40, 80, 120))
    assert [(window.start, window.stop) for window in one.windows] == [(0, 41), (0, 81), (40, 121), (80, 121)]


def test_where_no_keyframe_is_in_reach_clips_go_on_from_the_last_window() -> None:
    shape = profile(81, 4, "first", "windows", levels=[64, 1], windows={"overlap": 16}, keeps="latents")
    found = cut(request([300]), shape, {0, 64, 256})
    assert [(one.start, one.stop, one.known, len(one.windows)) for one in found] == [
        (0, 145, (0, 64), 2), (144, 225, (144,), 0), (224, 300, (224, 256), 2),
    ]  # fmt: skip


def test_windows_begin_at_keyframes_of_a_held_take_too_since_each_must_reach_the_next() -> None:
    shape = profile(81, 4, "first", "windows", levels=[64, 1], windows={"overlap": 16}, keeps="latents")
    (one,) = cut(request([257]), shape, {0, *range(50, 201), 256})
    assert [window.start for window in one.windows] == [0, 52, 64, 128, 192, 200, 256]


def test_what_follows_a_held_take_goes_on_from_its_very_last_frame() -> None:
    shape = profile(81, 4, "first", "windows", levels=[64, 1], windows={"overlap": 16}, keeps="latents")
    found = cut(request([300]), shape, {0, *range(50, 203), 256})
    assert [(one.start, one.stop) for one in found] == [(0, 202), (202, 256), (256, 300)]
    assert [window.start for window in found[0].windows] == [0, 52, 64, 128, 192]
    (one,) = cut(request([203]), shape, {0, *range(50, 203)})
    assert [window.start for window in one.windows] == [0, 52, 64, 128, 192, 200]
    both = profile(
        81, 4, "first_last", "windows", both=True, levels=[40, 1], windows={"overlap": 40}, keeps="latents",
        keyframes={"pipeline": "Q", "checkpoint": "c"},
    )  # fmt: skip
    (one,) = cut(request([241]), both, {*range(0, 241, 40), *range(50, 203)})
    assert {50, 202} & {*one.known} == set()
    assert {52, 200} < {*one.known}


def test_frames_that_nobody_sees_are_not_made() -> None:
    lengthened = replace(request([165]), lengths=(162,))
    assert needed(lengthened) == 162
    assert [(one.start, one.stop) for one in cut(lengthened, profile(81), ())] == [(0, 81), (81, 162)]
    assert needed(request([100], stride=80)) == 2
    assert needed(request([80], stride=80)) == 1


def test_prompts_of_a_coarser_level_hold_over_its_rows() -> None:
    prompts = request([30, 100]).prompts
    rows = in_rows(prompts, 16, 9)
    assert [(one.start, one.stop, one.prompt.text) for one in rows] == [(0, 2, "p0"), (2, 9, "p1")]
    assert [heard(rows, Span(row, row + 1)).text for row in range(4)] == ["p0", "p0", "p1", "p1"]


@pytest.mark.parametrize(
    ("span", "said"), [((0, 20), "walks"), ((20, 35), "walks"), ((20, 60), "runs"), ((95, 100), "runs")]
)
def test_a_segment_hears_the_prompt_that_holds_longest(span: tuple[int, int], said: str) -> None:
    prompts = [TimedPrompt(0, 30, Prompt("walks", "")), TimedPrompt(30, 100, Prompt("runs", ""))]
    assert heard(prompts, Span(*span)).text == said


ROWS = {"indices": "rows", "infill": "conditions"}


@given(lengths=LENGTHS, step=st.integers(1, 6), more=st.integers(0, 3), known=st.sets(st.integers(0, 300), max_size=6))
def test_of_a_model_that_counts_rows_every_known_row_is_the_first_frame_of_one(
    lengths: list[int], step: int, more: int, known: set[int]
) -> None:
    shape = profile(8 * (step + more) + 1, 8, levels=[8 * (step - 1) + 1, 1] if step > 1 else [1], **ROWS)
    found = cut(request(lengths), shape, known)
    assert [at for one in found for at in range(one.own.start, one.own.stop)] == list(range(sum(lengths)))
    met = set()
    for one in found:
        assert one.rows <= shape.clip.frames
        for row in one.known:
            assert row == one.start or (row - one.start) % 8 == 1
            met.add(row)
    stretches = {row for row in known if {row - 1, row + 1} <= known}  # of a held take its ends do
    assert {row for row in known if row < sum(lengths)} - stretches <= met


def test_a_clip_that_ends_on_a_keyframe_is_trimmed_after_it() -> None:
    shape = profile(121, 8, levels=[113, 1], **ROWS)
    found = cut(request([300]), shape, {0, 113, 226})
    assert [(one.start, one.stop, one.rows, one.known) for one in found] == [
        (0, 114, 121, (0, 113)),
        (113, 227, 121, (113, 226)),
        (226, 300, 81, (226,)),
    ]
    assert shape.chain is not None
    assert shape.chain.length(300) == 226 + 81


@given(frames=st.integers(1, 400), step=st.integers(1, 4), more=st.integers(0, 2))
def test_what_is_told_of_the_length_is_what_the_clips_make(frames: int, step: int, more: int) -> None:
    shape = profile(8 * (step + more) + 1, 8, levels=[8 * (step - 1) + 1, 1] if step > 1 else [1], **ROWS)
    assert shape.chain is not None
    known = {0, *range(0, frames, shape.levels[0])} if step > 1 else {0}
    last = cut(request([frames]), shape, known)[-1]
    assert last.start + last.rows == shape.chain.length(frames)
