"""Clips cover a span, stay within their shots, and share a frame where one goes on from another."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyforge.backends import LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends.diffusers.clips import clips, fitted, heard
from storyforge.clock import Span


def request(lengths: list[int]) -> LevelRequest:
    ends = [sum(lengths[: index + 1]) for index in range(len(lengths))]
    places = list(zip([0, *ends], ends, strict=False))
    parts = tuple(Part(f"s{index}", start, stop, 7) for index, (start, stop) in enumerate(places))
    prompts = tuple(TimedPrompt(a, b, Prompt(f"p{index}", "")) for index, (a, b) in enumerate(places))
    return LevelRequest("r", ends[-1], 1, parts, prompts)


@given(lengths=st.lists(st.integers(1, 300), min_size=1, max_size=4), frames=st.integers(2, 97), chained=st.booleans())
def test_every_frame_is_some_clips_own_and_no_clip_crosses_a_shot(
    lengths: list[int], frames: int, chained: bool
) -> None:
    found = clips(request(lengths), frames, chained)
    own = [at for clip in found for at in range(clip.own.start, clip.own.stop)]
    assert own == list(range(sum(lengths)))
    for before, clip in zip((None, *found), found, strict=False):
        assert clip.stop - clip.start <= frames
        assert clip.part.start <= clip.own.start < clip.own.stop <= clip.part.stop
        assert clip.prompt.text == clip.part.shot.replace("s", "p")
        assert clip.shared == (chained and before is not None)
        assert before is None or clip.start == before.stop - clip.shared


def test_frames_that_nobody_sees_are_no_clip() -> None:
    lengthened = replace(request([165]), lengths=(162,))
    assert [(clip.start, clip.stop) for clip in clips(lengthened, 81, False)] == [(0, 81), (81, 162)]


@given(length=st.integers(1, 200), ratio=st.sampled_from([1, 4, 8]))
def test_rows_hold_the_frames_of_a_trimmed_clip(length: int, ratio: int) -> None:
    (clip,) = clips(request([length]), 200, False)
    rows = clip.rows(ratio)
    assert (rows - 1) * ratio + 1 >= length > (rows - 2) * ratio + 1


def test_a_clip_hears_the_prompt_that_holds_longest() -> None:
    prompts = [TimedPrompt(0, 30, Prompt("walks", "")), TimedPrompt(30, 100, Prompt("runs", ""))]
    assert [heard(prompts, Span(*span)).text for span in ((0, 20), (20, 35), (20, 60), (95, 100))] == [
        "walks", "walks", "runs", "runs",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("film", "rendered"),
    [(None, (832, 480)), ((1280, 720), (848, 480)), ((720, 1280), (480, 848)), ((1000, 1000), (624, 624))],
)
def test_other_shapes_get_the_area_the_model_was_trained_for(
    film: tuple[int, int] | None, rendered: tuple[int, int]
) -> None:
    assert fitted(film, (832, 480), 16) == rendered
