"""Inheritance, beats and time in whole frames (DESIGN 4, Time)."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyforge.storyboard import Camera, Document, Resolved, Scene, Shot, Storyboard, lengths, loads, resolve


def film(*shots: Shot, **fields: object) -> Resolved:
    return resolve(Storyboard(scenes=(Scene(id="s", shots=shots),), **fields))


def timed(**fields: object) -> Shot:
    return Shot.model_validate({"id": "a", "seconds": 4} | fields)


def test_the_design_s_example(example: Document) -> None:
    resolved = resolve(example.board)
    first, second = resolved.shots
    assert (resolved.rate, resolved.size, resolved.end_kind, resolved.end_frames) == (24, (1280, 720), "fade", 48)
    assert (first.frames, first.start, first.join_kind, first.join_frames) == (108, 0, "fade", 12)
    assert (second.frames, second.start, second.join_kind, second.join_frames) == (60, 108, "cut", 0)
    assert resolved.frames == second.stop == 168
    assert resolved.spans == ((0,), (1,))
    assert (second.place, second.time, second.weather, second.style) == (
        "lighthouse",
        "night",
        "storm",
        "flat-colour storybook",
    )
    (ember,) = first.cast
    assert (ember.key, ember.id, ember.look, ember.description, ember.wears, ember.references) == (
        "ember@rain", "ember", "rain", "a small orange fox", "a yellow raincoat", ("refs/ember-rain.png",),
    )  # fmt: skip
    assert first.camera == Camera(shot="wide", angle="low", setup="stairs")
    assert first.keyframes == ((0, "refs/stairs.png"), (107, "refs/top.png"))
    assert [(title.text, title.start, title.stop) for title in first.titles] == [("The Storm", 0, 48)]


def test_the_nearest_layer_wins() -> None:
    board = Storyboard(
        style="film", weather="film", seed=1, options={"wan": {"steps": 10, "guidance": 5}},
        scenes=(
            Scene(id="s", weather="scene", shots=(
                Shot(id="a", time="shot", seed=2, options={"wan": {"guidance": 7}}), Shot(id="b"),
            )),
        ),
    )  # fmt: skip
    a, b = resolve(board).shots
    assert (a.style, a.weather, a.time, a.seed, a.renderer) == ("film", "scene", "shot", 2, "toon")
    assert (b.style, b.weather, b.time, b.seed) == ("film", "scene", None, 1)
    assert (a.options, b.options) == ({"wan": {"steps": 10, "guidance": 7}}, {"wan": {"steps": 10, "guidance": 5}})


def test_a_dissolve_overlaps_and_fade_and_flow_do_not() -> None:
    kinds = ("fade", "dissolve", "flow", "cut")
    shots = [timed(id=kind, join={"kind": kind, "seconds": 1}) for kind in kinds]
    resolved = film(*shots)
    assert [(shot.start, shot.join_frames) for shot in resolved.shots] == [(0, 24), (72, 24), (168, 24), (264, 0)]
    assert resolved.frames == 360
    assert resolved.spans == ((0,), (1, 2), (3,))
    assert str(lengths(resolved)) == "16 s of shots less 1 s of overlaps: a film of 15 s (360 frames)"


def test_two_dissolves_never_share_a_frame() -> None:
    dissolve = {"kind": "dissolve", "seconds": 1}
    resolved = film(timed(id="a"), timed(id="b", seconds=1.5, join=dissolve), timed(id="c", join=dissolve))
    assert [(shot.start, shot.join_frames) for shot in resolved.shots] == [(0, 0), (72, 24), (96, 12)]


def test_the_first_shot_has_nothing_to_join() -> None:
    resolved = film(timed(id="a"), timed(id="b"), join={"kind": "dissolve"})
    assert [(shot.join_kind, shot.join_frames) for shot in resolved.shots] == [("cut", 0), ("dissolve", 12)]


@pytest.mark.parametrize(
    ("fps", "rate"),
    [
        (24, Fraction(24)), (23.976, Fraction(24000, 1001)), (29.97, Fraction(30000, 1001)), (12.5, Fraction(25, 2)),
        ("30000/1001", Fraction(30000, 1001)), (59.94, Fraction(60000, 1001)),
    ],
)  # fmt: skip
def test_rates_are_exact(fps: float | str, rate: Fraction) -> None:
    assert film(timed(), fps=fps).rate == rate


def test_frames_are_rounded_once_ties_up() -> None:
    assert film(timed(seconds=0.0625), fps=24).shots[0].frames == 2  # 1.5 frames
    assert film(timed(seconds=0.1), fps=25).shots[0].frames == 3  # 2.5 frames
    assert film(timed(seconds=0.001)).shots[0].frames == 1  # a shot is never empty


@pytest.mark.parametrize(
    ("size", "pixels"),
    [
        ("16:9", (1280, 720)),
        ("9:16", (720, 1280)),
        ("1:1", (960, 960)),
        ("2.39:1", (1484, 620)),
        ("640x360", (640, 360)),
    ],
)
def test_sizes(size: str, pixels: tuple[int, int]) -> None:
    assert film(timed(), size=size).size == pixels


@given(st.floats(0.126, 7.9), st.floats(0.126, 7.9))
def test_a_size_is_even_and_has_the_native_area(wide: float, high: float) -> None:
    ratio = f"{wide:.3f}:{high:.3f}"
    if not 1 / 8 <= float(ratio.split(":")[0]) / float(ratio.split(":")[1]) <= 8:
        return
    width, height = film(timed(), size=ratio).size
    assert width % 2 == height % 2 == 0
    assert abs(width * height / (1280 * 720) - 1) < 0.02


def test_a_name_is_enough_for_somebody_who_is_not_in_the_cast() -> None:
    (somebody,) = film(timed(cast=["stranger"])).shots[0].cast
    assert (somebody.key, somebody.description, somebody.wears) == ("stranger", "stranger", None)


def test_beats_take_over_what_they_name() -> None:
    shot = timed(
        action="Ember waits", camera={"shot": "wide", "on": "ember"},
        cast=[{"who": "ember", "at": "left", "does": "waits", "feels": "sad"}, {"who": "moth", "does": "flies"}],
        beats=[
            {"at": 1, "action": "Ember runs", "camera": {"move": "tracking"}},
            {"at": 2, "cast": [{"who": "moth", "does": "sleeps"}, {"who": "crow", "does": "sings"}]},
            {"at": 3, "cast": [{"who": "ember@rain", "at": "right"}], "camera": {"shot": "close"}},
        ],
    )  # fmt: skip
    pieces = film(shot).shots[0].pieces
    assert [(piece.start, piece.stop) for piece in pieces] == [(0, 24), (24, 48), (48, 72), (72, 96)]
    assert [piece.action for piece in pieces] == ["Ember waits", "Ember runs", "Ember runs", "Ember runs"]
    assert [(piece.camera.shot, piece.camera.on, piece.camera.move) for piece in pieces] == [
        ("wide", "ember", None), ("wide", "ember", "tracking"),
        ("wide", "ember", "tracking"), ("close", "ember", "tracking"),
    ]  # fmt: skip
    doing = [{one.key: one.does for one in piece.cast} for piece in pieces]
    assert doing == [
        {"ember": "waits", "moth": "flies"},
        {"ember": None, "moth": "flies"},  # what the beat's action says of Ember takes over
        {"ember": None, "moth": "sleeps", "crow": "sings"},
        {"ember@rain": None, "moth": "sleeps", "crow": "sings"},
    ]
    assert [(one.at, one.feels) for one in pieces[3].cast[:1]] == [("right", "sad")]


@given(st.lists(st.floats(0, 6), max_size=5), st.floats(0.1, 5))
def test_pieces_cover_the_shot_once(ats: list[float], seconds: float) -> None:
    shot = Shot.model_validate({"id": "a", "seconds": seconds, "beats": [{"at": at, "action": "x"} for at in ats]})
    resolved = film(shot).shots[0]
    edges = [(piece.start, piece.stop) for piece in resolved.pieces]
    assert edges[0][0] == 0
    assert edges[-1][1] == resolved.frames
    assert all(stop > start for start, stop in edges)
    assert all(left[1] == right[0] for left, right in pairwise(edges))


def test_auto_is_as_long_as_the_words_need() -> None:
    line = {"who": "ember", "line": "x" * 30}
    assert film(Shot(id="a")).shots[0].frames == 60  # 2.5 s
    assert film(Shot(id="a", narration="x" * 75)).shots[0].frames == round(5.8 * 24)
    assert film(Shot.model_validate({"id": "a", "narration": "x" * 45, "dialogue": [line]})).shots[0].frames == round(
        5.8 * 24
    )
    assert film(Shot(id="a", narration="x" * 900)).shots[0].frames == round(60.8 * 24)
    assert film(Shot.model_validate({"id": "a", "beats": [{"at": 6, "action": "x"}]})).shots[0].frames == 7 * 24
    assert film(Shot(id="a", seconds="auto"), seconds=9).shots[0].frames == 60
    assert film(Shot(id="a"), seconds=9).shots[0].frames == 9 * 24


def test_words_come_one_after_another() -> None:
    lines = [{"who": "ember", "line": "x" * 15}, {"who": "moth", "line": "x" * 30, "on": False, "how": "softly"}]
    shot = film(timed(seconds=6, narration="x" * 15, dialogue=lines)).shots[0]
    assert shot.narration is not None
    heard = [shot.narration, *shot.lines]
    assert [(one.who, one.start, one.stop) for one in heard] == [(None, 10, 34), ("ember", 34, 58), ("moth", 58, 106)]
    assert (shot.lines[1].on, shot.lines[1].how, shot.narration.on) == (False, "softly", False)


def test_a_line_s_at_moves_it_and_those_after_it() -> None:
    lines = [
        {"who": "ember", "line": "x" * 15, "at": -0.5},
        {"who": "moth", "line": "x" * 15},
        {"who": "moth", "line": "y", "at": 3.5},
    ]
    shot = film(timed(id="z"), timed(dialogue=lines)).shots[1]
    assert [(one.start, one.stop) for one in shot.lines] == [(-12, 12), (12, 36), (84, 96)]


def test_words_that_do_not_fit_are_hurried() -> None:
    shot = film(timed(seconds=2, narration="x" * 60, dialogue=[{"who": "ember", "line": "x" * 30}])).shots[0]
    assert shot.narration is not None
    assert shot.narration.start < shot.narration.stop <= shot.lines[0].start + 1
    assert shot.lines[0].stop <= shot.frames


def test_narration_runs_on_over_the_silent_shots_of_its_scene() -> None:
    shots = [timed(seconds=2, narration="x" * 90), *(timed(id=f"b{n}", seconds=2) for n in range(3))]
    first = film(*shots).shots[0]
    assert first.narration is not None
    assert (first.narration.start, first.narration.stop) == (10, 10 + 6 * 24)  # as calm as in a shot of its own
    scenes = [Scene(id=f"s{n}", shots=(shot,)) for n, shot in enumerate(shots)]
    alone = resolve(Storyboard(scenes=tuple(scenes))).shots[0]
    assert alone.narration is not None
    assert alone.narration.stop <= alone.frames  # hurried: the next shot is of another scene


@pytest.mark.parametrize("later", [{"narration": "x" * 15}, {"dialogue": [{"who": "ember", "line": "x" * 15}]}])
def test_narration_is_over_when_the_next_words_begin(later: dict[str, object]) -> None:
    shots = film(timed(seconds=2, narration="x" * 90), timed(id="b", seconds=2), timed(id="c", **later)).shots
    assert shots[0].narration is not None
    assert shots[1].stop <= shots[0].narration.stop <= shots[2].start + shots[2].words[0].start


words_of = st.fixed_dictionaries(
    {"seconds": st.one_of(st.floats(0.2, 9), st.just("auto"))},
    optional={
        "narration": st.text("xy .", min_size=1, max_size=160).filter(str.strip),
        "dialogue": st.lists(
            st.fixed_dictionaries({"who": st.just("ember"), "line": st.text("xy", min_size=1, max_size=60)}), max_size=2
        ),
        "join": st.sampled_from(["cut", "fade", {"kind": "dissolve", "seconds": 1.5}]),
    },
)


@given(st.lists(st.lists(words_of, min_size=1, max_size=4), min_size=1, max_size=3))
def test_narrations_are_heard_within_their_scene_and_before_the_next_words(told: list[list[dict[str, object]]]) -> None:
    scenes = [
        Scene(id=f"s{n}", shots=tuple(timed(**{**shot, "id": f"s{n}-{i}"}) for i, shot in enumerate(shots)))
        for n, shots in enumerate(told)
    ]
    resolved = resolve(Storyboard(scenes=tuple(scenes)))
    for shot in resolved.shots:
        assert all(line.start < line.stop for line in shot.words)
        assert all(line.stop <= shot.frames for line in shot.lines)
        if shot.narration is None:
            continue
        last = [other for other in resolved.shots if other.scene is shot.scene][-1]
        assert shot.start + shot.narration.stop <= last.stop
        after = [other.start + other.words[0].start for other in resolved.shots[shot.index + 1 :] if other.words]
        if after and after[0] > shot.start + shot.frames // 2 + 10:
            assert shot.start + shot.narration.stop <= after[0] + 1


def test_the_narrator_waits_for_a_line_from_before_the_cut() -> None:
    lines = [{"who": "ember", "line": "x" * 30, "at": -1}, {"who": "moth", "line": "x" * 15}]
    shot = film(timed(id="z"), timed(narration="x" * 15, dialogue=lines)).shots[1]
    assert [(line.start, line.stop) for line in shot.words] == [(24, 48), (-24, 24), (48, 72)]


def test_nothing_is_heard_before_the_film() -> None:
    shot = film(timed(dialogue=[{"who": "ember", "line": "x" * 30, "at": -1}])).shots[0]
    assert [(line.start, line.stop) for line in shot.lines] == [(0, 48)]


def test_options_of_whom_and_what_a_shot_shows_are_added_up() -> None:
    board = loads(
        """\
storyforge: 1
options: {wan: {steps: 30, loras: [style]}}
cast:
  ember: {description: "a fox", options: {wan: {loras: [ember], steps: 20}}}
  moth: {description: "a moth", options: {wan: {loras: [moth]}}}
props: {lamp: {description: "a lamp", options: {other: {steps: 4}}}}
places: {hill: {description: "a hill", options: {wan: {loras: [hill]}}}}
scenes:
  - id: one
    place: hill
    shots:
      - {id: both, cast: [moth, {who: ember, holds: lamp}], options: {wan: {steps: 9}}}
      - {id: own, cast: [ember], options: {wan: {loras: [mine]}}}
      - {id: none, place: null}
"""
    ).board
    both, own, none = (shot.options for shot in resolve(board).shots)
    assert both == {"wan": {"steps": 9, "loras": ["style", "moth", "ember", "hill"]}, "other": {"steps": 4}}
    assert own["wan"] == {"steps": 20, "loras": ["mine"]}
    assert none["wan"] == {"steps": 30, "loras": ["style", "hill"]}
    assert board.options == {"wan": {"steps": 30, "loras": ["style"]}}, "nothing of the storyboard is changed"
