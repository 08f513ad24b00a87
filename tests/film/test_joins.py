"""Where shots lie in the film, against Resolved to the frame, and what joins do to the pictures."""

from collections.abc import Iterator, Sequence

from hypothesis import given
from hypothesis import strategies as st

from storyforge.clock import Span
from storyforge.film import Clip, Picture, compose, layout
from storyforge.film.picture import black, planes
from storyforge.storyboard import Storyboard, resolve

SIZE = (16, 16)


def level(picture: Picture) -> int:
    """The one luma level of a flat picture."""
    y = planes(picture)[0]
    assert (y == y[0, 0]).all()
    return int(y[0, 0])


def clip(id: str, levels: Sequence[int], kind: str = "cut", frames: int = 0) -> Clip:  # noqa: A002
    """A clip of flat grey pictures, one level a frame."""

    def pictures(start: int, stop: int) -> Iterator[Picture]:
        for number in levels[start:stop]:
            picture = black(SIZE)
            planes(picture)[0][:] = number
            yield picture

    return Clip(id, len(levels), pictures, kind, frames)  # type: ignore[arg-type]


def shown(clips: list[Clip], end: int = 0) -> list[int]:
    film = layout(clips, end)
    return [level(picture) for picture in compose(film, Span(0, film.frames))]


seconds = st.sampled_from([0.04, 0.1, 0.5, 1.0, 2.5])
shot = st.tuples(seconds, st.sampled_from(["cut", "dissolve", "fade", "flow"]), seconds)


@given(st.lists(shot, min_size=1, max_size=8), st.sampled_from([12, 24, 29.97]), st.none() | seconds)
def test_clips_lie_where_the_storyboard_says(made: list[tuple], fps: float, end: float | None) -> None:
    shots = [
        {"id": f"s{index}", "seconds": length, "join": {"kind": kind, "seconds": join}}
        for index, (length, kind, join) in enumerate(made)
    ]
    ending = {"kind": "fade", "seconds": end} if end else None
    board = Storyboard(fps=fps, scenes=[{"id": "one", "shots": shots}], end=ending)  # type: ignore[list-item,arg-type]
    film = resolve(board)
    clips = [clip(one.id, range(20, 20 + one.frames), one.join_kind, one.join_frames) for one in film.shots]
    laid = layout(clips, film.end_frames)
    assert [placed.span for placed in laid.clips] == [Span(one.start, one.stop) for one in film.shots]
    assert laid.frames == film.frames
    assert sum(map(len, laid.stretches)) == film.frames
    assert sum(1 for _ in compose(laid, Span(0, laid.frames))) == film.frames


def test_a_cut_and_a_flow_only_put_shots_one_after_another() -> None:
    assert shown([clip("a", range(50, 53)), clip("b", range(90, 92)), clip("c", range(130, 132), "flow", 9)]) == [
        50, 51, 52, 90, 91, 130, 131,
    ]  # fmt: skip


def test_a_dissolve_shares_its_frames() -> None:
    levels = shown([clip("a", range(60, 64)), clip("b", range(200, 205), "dissolve", 3)])
    assert len(levels) == 4 + 5 - 3
    assert levels[0] == 60
    assert levels[4:] == [203, 204]
    assert 60 < levels[1] < levels[2] < levels[3] < 202


def test_a_fade_goes_to_black_and_comes_from_it() -> None:
    flat = [clip("a", [200] * 6), clip("b", [100] * 6, "fade", 5)]
    levels = shown(flat)
    assert len(levels) == 12
    assert levels[:4] == [200] * 4  # two of five frames go dark, three come up
    assert 16 < levels[4] < 200
    assert levels[5] == levels[6] == 16
    assert 16 < levels[7] < levels[8] < 100
    assert levels[9:] == [100] * 3


def test_the_first_fade_and_the_end_are_whole() -> None:
    levels = shown([clip("a", [100] * 12, "fade", 4)], end=5)
    assert levels[0] == levels[-1] == 16
    assert levels[:5] == sorted(levels[:5])
    assert levels[4:7] == [100] * 3
    assert levels[7:] == sorted(levels[7:], reverse=True)


@given(st.integers(0, 11), st.integers(1, 12))
def test_a_stretch_is_the_film_there(start: int, length: int) -> None:
    clips = [clip("a", range(40, 45)), clip("b", range(100, 106), "dissolve", 3), clip("c", range(180, 184), "fade", 4)]
    film = layout(clips)
    every = [level(picture) for picture in compose(film, Span(0, film.frames))]
    span = Span(start, min(film.frames, start + length))
    assert [level(picture) for picture in compose(film, span)] == every[span.start : span.stop]


def test_it_holds_no_more_than_the_shots_on_screen() -> None:
    """Each clip is opened when its first frame is due, and closed after its last."""
    open_now, most = set(), []

    def watched(id: str, kind: str, frames: int) -> Clip:  # noqa: A002
        plain = clip(id, range(30, 40), kind, frames)

        def pictures(start: int, stop: int) -> Iterator[Picture]:
            open_now.add(id)
            most.append(len(open_now))
            try:
                yield from plain.pictures(start, stop)
            finally:
                open_now.discard(id)

        return Clip(id, 10, pictures, plain.join_kind, frames)

    film = layout([watched(str(index), "dissolve", 4) for index in range(6)])
    assert sum(1 for _ in compose(film, Span(0, film.frames))) == 60 - 5 * 4
    assert max(most) == 2
