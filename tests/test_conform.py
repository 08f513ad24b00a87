"""A model's frames become exactly the film's: counted, shown and mixed in whole frames, for any two rates."""

from fractions import Fraction
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyforge.conform import Conform, Native, Rule, fitted, lengthened

RATES = st.builds(Fraction, st.integers(8, 60)) | st.sampled_from([Fraction(24000, 1001), Fraction(30000, 1001)])
RULES = st.sampled_from(["hold", "blend", "native"])


@given(film=RATES, model=RATES, rule=RULES, count=st.integers(1, 400))
def test_a_shot_shows_its_own_frames_in_order_and_misses_none_of_them(
    film: Fraction, model: Fraction, rule: Rule, count: int
) -> None:
    conform = Conform(film, model, rule)
    own = conform.frames(count)
    shown = [mix.frame for mix in conform.shown(count, own)]
    assert len(shown) == count
    assert shown[0] == 0
    assert shown[-1] < own
    steps = [b - a for a, b in pairwise(shown)]
    assert all(int(conform.step) <= step <= -(-conform.step.numerator // conform.step.denominator) for step in steps)
    if conform.step <= 1:
        assert sorted(set(shown)) == list(range(own)), "each frame that is made is seen"
    assert conform.needed(count, own) <= own
    assert abs(own - count * conform.step) < max(1, conform.step) + (conform.step < 1)


@given(film=RATES, model=RATES, rule=st.sampled_from(["hold", "blend"]), count=st.integers(1, 400))
def test_nothing_is_stretched(film: Fraction, model: Fraction, rule: Rule, count: int) -> None:
    conform = Conform(film, model, rule)
    for number, mix in enumerate(conform.shown(count, conform.frames(count) + 1)):
        moment = mix.frame + mix.following
        assert moment == number * model / film if rule == "blend" else mix.frame == int(number * model / film)
        assert 0 <= mix.following < 1


@given(film=RATES, model=RATES, rule=RULES, lengths=st.lists(st.integers(1, 90), min_size=1, max_size=6))
def test_shots_that_follow_one_another_join_without_a_gap(
    film: Fraction, model: Fraction, rule: Rule, lengths: list[int]
) -> None:
    conform = Conform(film, model, rule)
    own = [conform.frames(count) for count in lengths]
    starts = [0, *accumulate(own)]
    most = -(-conform.step.numerator // conform.step.denominator)
    last = None
    for count, start in zip(lengths, starts, strict=False):
        shown = [start + mix.frame for mix in conform.shown(count, starts[-1] - start)]
        assert last is None or 1 <= shown[0] - last <= most, "motion goes on over the join"
        last = shown[-1]


@given(film=RATES, model=RATES, rule=RULES, frame=st.integers(0, 400))
def test_back_is_the_first_frame_that_shows_it(film: Fraction, model: Fraction, rule: Rule, frame: int) -> None:
    conform = Conform(film, model, rule)
    back = conform.back(frame)
    assert conform.at(back) >= frame
    assert back == 0 or conform.at(back - 1) < frame


@given(rate=RATES, count=st.integers(0, 300))
def test_one_rate_is_frame_for_frame(rate: Fraction, count: int) -> None:
    for conform in (Conform(rate, rate), Conform(rate, rate, "blend"), Conform(rate, Fraction(16), "native")):
        assert conform.plain
        assert conform.frames(count) == count
        assert list(conform.shown(count, count)) == [(number, 0) for number in range(count)]


def test_the_last_frame_of_all_has_none_to_be_mixed_with() -> None:
    blend = Conform(Fraction(24), Fraction(16), "blend")
    assert [tuple(mix) for mix in blend.shown(3, 2)] == [(0, 0), (0, Fraction(2, 3)), (1, 0)]
    assert [tuple(mix) for mix in blend.shown(3, 3)] == [(0, 0), (0, Fraction(2, 3)), (1, Fraction(1, 3))]
    assert (blend.needed(3, 2), blend.needed(3, 9)) == (2, 3)


@pytest.mark.parametrize(
    ("film", "rule", "said"),
    [
        (24, "hold", "72 frames at 24 are 48 at 16, rendered as 81; 832x480"),
        (16, "hold", "72 frames at 16 are 72 at 16, rendered as 81; 832x480"),
        (24, "native", "72 frames at 24 are as many of its 16 a second, rendered as 81; 832x480"),
        (Fraction(24000, 1001), "blend", "72 frames at 23.976 are 48 at 16, rendered as 81; 832x480"),
    ],
)
def test_it_is_told_in_words(film: int | Fraction, rule: Rule, said: str) -> None:
    wan = Native(81, Fraction(16), (832, 480), 4)
    assert wan.told(72, [72], Fraction(film), (832, 480), rule) == said
    assert wan.told(72, [72], Fraction(film), (1280, 720), rule) == said.replace("832x480", "848x480 -> 1280x720")


@given(frames=st.integers(1, 500), least=st.integers(1, 160), step=st.sampled_from([1, 4, 6, 8, 16]))
def test_lengths_are_whole_steps_and_one(frames: int, least: int, step: int) -> None:
    made = lengthened(frames, least, step)
    assert made >= max(frames, least)
    assert made - step < max(frames, least)
    assert (made - 1) % step == 0


@given(st.integers(64, 4096), st.integers(64, 4096))
def test_other_shapes_keep_the_area(width: int, height: int) -> None:
    across, down = fitted((width, height), (832, 480), 16)
    assert across % 16 == down % 16 == 0
    if 0.25 < width / height < 4:
        assert abs(across * down / (832 * 480) - 1) < 0.1
