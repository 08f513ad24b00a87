"""A film with more time than words shows each sentence in several views, as a film-maker would."""

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from storyforge.planner import plan
from storyforge.storyboard import Document, Resolved, Storyboard, check, dump, loads, resolve

STORY = (Path(__file__).parents[2] / "storyboards" / "sixteen-sentences.txt").read_text("utf-8")
TITLE, *SENTENCES = [line for line in STORY.splitlines() if line]


@cache
def eleven_minutes() -> Storyboard:
    """The plan of sixteen sentences for eleven minutes."""
    return plan(STORY, planner="offline", length=660, tell=lambda sentence: None)


@cache
def film() -> Resolved:
    """The same in frames."""
    return resolve(eleven_minutes())


@pytest.mark.parametrize("length", [120, 400, 660, 900])
def test_the_length_is_met(length: float) -> None:
    board = plan(STORY, planner="offline", length=length, tell=lambda sentence: None)
    assert resolve(board).frames == pytest.approx(length * 24, rel=0.02)


def test_sixteen_sentences_are_each_heard_once() -> None:
    assert len(SENTENCES) == 16
    words = [
        text
        for shot in film().shots
        for text in (shot.shot.narration, *(line.line for line in shot.shot.dialogue))
        if text
    ]
    assert len(words) == 16
    for sentence, heard in zip(SENTENCES, words, strict=True):
        assert heard.strip(".,") in sentence


def test_every_shot_can_be_watched() -> None:
    seconds = [shot.frames / 24 for shot in film().shots]
    assert 70 <= len(seconds) <= 100
    assert min(seconds) >= 4
    assert max(seconds) <= 15
    assert max(seconds) > 1.8 * min(seconds)  # it has a rhythm


def test_no_two_neighbours_are_alike() -> None:
    for one, other in pairwise(film().shots):
        alike = (one.camera.shot, one.camera.on, one.place, one.cast and one.cast[0].id)
        assert alike != (other.camera.shot, other.camera.on, other.place, other.cast and other.cast[0].id), other.id
    sizes = [shot.camera.shot for shot in film().shots]
    assert set(sizes) == {"extreme-wide", "wide", "full", "medium", "close", "extreme-close"}
    assert max(map(sizes.count, set(sizes))) < 0.35 * len(sizes)
    assert {shot.camera.move for shot in film().shots} >= {"static", "push-in", "pull-out", "tracking", "pan-right"}


def test_the_story_goes_on_from_view_to_view() -> None:
    shots = film().shots
    assert not [n for n in range(len(shots) - 2) if not any(one.cast for one in shots[n : n + 3])]  # never long alone
    assert shots[0].titles
    assert not shots[0].cast  # first one sees where
    assert shots[-1].camera.move == "pull-out"
    assert len(shots[-1].cast) > 1
    assert any(shot.join_kind == "flow" for shot in shots)
    assert any(shot.shot.beats for shot in shots)
    sides: dict[tuple[str, str], object] = {}
    for shot in shots:
        for member in shot.cast:
            if member.at is not None:  # whoever has a side keeps it while the scene lasts
                assert sides.setdefault((shot.scene.id, member.id), member.at) == member.at


def test_toon_can_draw_all_of_it() -> None:
    document: Document = loads(dump(eleven_minutes()))
    assert [notice.sentence for notice in check(document)] == []
