"""What every backend keeps to: a two-shot board through the protocol, whatever draws it (DESIGN 6)."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from storyforge.backends import (
    Backend,
    CastRequest,
    EntityPrompt,
    Latents,
    LevelRequest,
    Part,
    Prompt,
    TimedPrompt,
)
from storyforge.engine import covered

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from conftest import Case

FOX = EntityPrompt("ember", "character", "a small orange fox, wearing a blue scarf. climbs the stairs.")
PLACE = EntityPrompt("lighthouse", "place", "a white lighthouse on a cliff above the sea")
MOTH = EntityPrompt("moth", "character", "a grey moth. flies.")


def prompt(*entities: EntityPrompt) -> Prompt:
    scene = "a white lighthouse on a cliff above the sea. night, storm. wide shot."
    return Prompt(" ".join([scene, *(one.text for one in entities)]), scene, (*entities, PLACE), avoid="text")


def span(case: "Case", name: str, *shots: tuple[str, EntityPrompt], seed: int = 7, take: int = 0) -> LevelRequest:
    """Shots of the case's length joined by flow (one shot: a span by itself)."""
    can = case.backend.capabilities
    frames = covered(case.frames * len(shots), can.clip_frames, can.strides, can.frame_ratio)
    starts = [case.frames * index for index in range(len(shots))]
    ends = [*starts[1:], frames]
    return LevelRequest(
        name,
        frames,
        1,
        tuple(Part(shot, a, b, seed, take) for (shot, _), a, b in zip(shots, starts, ends, strict=True)),
        tuple(TimedPrompt(a, b, prompt(who), 4) for (_, who), a, b in zip(shots, starts, ends, strict=True)),
        lengths=(case.frames,) * len(shots),
        size=case.size,
    )


@pytest.fixture
def board(case: "Case") -> list[LevelRequest]:
    """Two shots with a cut between them: two spans."""
    return [span(case, "a", ("storm-1", FOX)), span(case, "b", ("storm-2", MOTH))]


def same(one: Latents, other: Latents) -> bool:
    return one.arrays.keys() == other.arrays.keys() and all(
        np.array_equal(one.arrays[key], other.arrays[key], equal_nan=array.dtype.kind == "f")
        for key, array in one.arrays.items()
    )


def test_it_is_a_backend_that_says_what_it_can(case: "Case") -> None:
    assert isinstance(case.backend, Backend)
    can = case.backend.capabilities
    assert can.clip_frames >= 1
    assert can.strides[-1] == 1
    assert case.backend.fingerprint == case.backend.fingerprint != ""


def test_two_shots_become_frames_of_the_film(case: "Case", board: list[LevelRequest]) -> None:
    made = case.backend.render(board)
    assert [(latents.id, latents.stride) for latents in made] == [("a", 1), ("b", 1)]
    for request, latents in zip(board, made, strict=True):
        assert all(np.isfinite(array).all() for key, array in latents.arrays.items() if key == "x")
        frames = list(case.backend.decode(latents, (64, 36)))
        assert len(frames) >= sum(request.lengths)
        assert {(frame.shape, frame.dtype) for frame in frames} == {((36, 64, 3), np.dtype(np.uint8))}
        assert float(np.std(frames[0])) > 0


def test_the_same_request_gives_the_same_film_in_any_company(case: "Case", board: list[LevelRequest]) -> None:
    first, second = case.backend.render(board)
    again_second, again_first = case.backend.render(board[::-1])
    (alone,) = case.backend.render(board[:1])
    assert same(first, again_first)
    assert same(second, again_second)
    assert np.allclose(alone.arrays["x"], first.arrays["x"], atol=1e-4)
    assert not same(first, second)


def test_seed_and_take_make_another_film(case: "Case") -> None:
    requests = [span(case, "a", ("storm-1", FOX), seed=seed, take=take) for seed, take in ((7, 0), (8, 0), (7, 1))]
    made = case.backend.render(requests)
    assert not same(made[0], made[1])
    assert not same(made[0], made[2])


def test_a_flow_is_one_span_of_all_its_frames(case: "Case") -> None:
    request = span(case, "flow", ("storm-1", FOX), ("storm-2", MOTH))
    (made,) = case.backend.render([request])
    assert len(list(case.backend.decode(made, (32, 18)))) >= 2 * case.frames


def test_any_frames_can_be_decoded_alone_and_at_any_size(case: "Case", board: list[LevelRequest]) -> None:
    (made,) = case.backend.render(board[:1])
    whole = list(case.backend.decode(made, (64, 36)))
    start, stop = case.frames // 2 - 1, case.frames - 1
    part = list(case.backend.decode(made, (64, 36), start, stop))
    assert len(part) == stop - start
    assert all(np.array_equal(a, b) for a, b in zip(part, whole[start:stop], strict=True))
    for size in ((36, 64), (128, 54)):
        assert next(iter(case.backend.decode(made, size))).shape == (size[1], size[0], 3)


def test_pins_come_out_as_they_are_where_it_can_hold_them(case: "Case") -> None:
    can = case.backend.capabilities
    places = {"none": [], "first": [0], "first_last": [0, -1], "any": [0, 3, case.frames - 1]}[can.pins]
    if not places:
        pytest.skip("it cannot hold frames")
    request = span(case, "a", ("storm-1", FOX))
    (known,) = case.backend.render([span(case, "a", ("storm-1", FOX), seed=99)])
    if can.frame_ratio > 1:  # rows hold several frames: it is told of pictures, and its own tests see what it holds
        at = [place // can.frame_ratio * can.frame_ratio for place in places]
        pins = dict(zip(at, case.backend.rows(known, at), strict=True))
        (free,) = case.backend.render([request])
        (made,) = case.backend.render([LevelRequest(**{**vars(request), "pins": pins})])
        assert not same(made, free)
        return
    pins = {at % request.frames: known.arrays["x"][at % request.frames] for at in places}
    (made,) = case.backend.render([LevelRequest(**{**vars(request), "pins": pins})])
    for at, row in pins.items():
        assert np.array_equal(made.arrays["x"][at], row)
    assert not same(made, known)


def test_what_a_level_may_be_pinned_to_is_its_rows_or_what_is_seen_there(
    case: "Case", board: list[LevelRequest]
) -> None:
    (made,) = case.backend.render(board[:1])
    frames = [case.frames - 1, 0, 5]
    rows = case.backend.rows(made, frames)
    assert case.backend.rows(made, []) == []
    for frame, row in zip(frames, rows, strict=True):
        if row.dtype != np.uint8:
            assert np.array_equal(row, made.arrays["x"][frame])
            continue
        size = (row.shape[1], row.shape[0])
        assert np.array_equal(row, next(iter(case.backend.decode(made, size, frame, frame + 1))))


def test_latents_are_arrays_and_words_that_a_file_can_hold(
    case: "Case", board: list[LevelRequest], tmp_path: Path
) -> None:
    from safetensors.numpy import load_file, save_file

    (made,) = case.backend.render(board[:1])
    save_file(dict(made.arrays), tmp_path / "x.safetensors")
    meta = json.loads(json.dumps(dict(made.meta)))
    back = Latents(made.id, made.stride, load_file(tmp_path / "x.safetensors"), meta)
    one, other = (next(iter(case.backend.decode(latents, (64, 36)))) for latents in (made, back))
    assert np.array_equal(one, other)


def test_a_cast_has_one_sheet_for_each_in_order(case: "Case") -> None:
    picture = np.zeros((8, 8, 3), np.uint8)
    requests = [
        CastRequest("ember", "character", "a small orange fox", 7, references=(picture,)),
        CastRequest("lighthouse", "place", "a white lighthouse", 7),
    ]
    sheets = case.backend.cast(requests)
    assert [(sheet.key, sheet.kind) for sheet in sheets] == [("ember", "character"), ("lighthouse", "place")]


def test_sound_is_none_or_samples_at_a_rate(case: "Case", board: list[LevelRequest]) -> None:
    (made,) = case.backend.render(board[:1])
    sound = case.backend.sound(made)
    assert sound is None or (sound.samples.ndim == 2 and sound.rate > 0)
