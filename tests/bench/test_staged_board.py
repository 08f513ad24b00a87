"""Staging of shipped boards, read back from rows that the shipped weights made."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from storyforge.backends.toon import Toon, measure_staging
from storyforge.backends.toon.measure_staging import Picture, Seen
from storyforge.bench import staging
from storyforge.storyboard import Storyboard, load, loads, resolve

pytestmark = pytest.mark.slow

BOARDS = Path(__file__).parents[2] / "storyboards"


def some(name: str, *shots: str) -> Storyboard:
    """A shipped board with some of its shots."""
    board = load(BOARDS / f"{name}.yaml").board
    kept = [(scene, tuple(shot for shot in scene.shots if shot.id in shots)) for scene in board.scenes]
    return board.but(scenes=tuple(scene.but(shots=some) for scene, some in kept if some))


def test_both_who_run_are_seen_and_stand_where_they_are_told() -> None:
    kept = staging.staged(Toon(), some("chase", "last-run", "surrender"))
    assert set(kept.shares.values()) == {1.0}, kept.wrong
    assert kept.asked["seen"] == 4


def test_set_ups_come_back_as_they_were() -> None:
    kept = staging.staged(Toon(), some("dialogue-two-setups", "closing", "late", "question", "fine", "price"))
    assert set(kept.shares.values()) == {1.0}, kept.wrong
    assert kept.setups.keys() == {"desk/hers", "desk/his"}
    assert max(kept.setups.values()) < 0.02


def test_nothing_of_the_board_goes_with_something_else() -> None:
    shots = staging.board().scenes[0].shots[:28]
    pairs = {(shot.cast[0].does, shot.camera.shot) for shot in shots if shot.camera}
    assert len(pairs) == 16, "every action in every size"
    assert {shot.cast[0].who for shot in shots} == set(staging.KINDS)


def test_who_is_told_to_be_at_a_side_is_on_it() -> None:
    for x, right in ((-0.01, False), (-0.2, True), (0.05, False), (-0.4, True)):
        kept, seen = staging.Kept(), Seen((x, 0.0, 0.1, 0.1), 0.0, 0.0, False, "", {})
        picture = Picture({0: seen}, None, np.zeros(3))
        shot = resolve(staging.board()).shots[0]
        shown = staging.Shown(shot, [shot.cast[0].key], [picture] * shot.frames, 0)
        shown._placed(kept, replace(shot.cast[0], at=-0.25), seen, "", True)
        assert kept.shares["at"] == right, x


def test_a_hand_that_should_be_empty_is_asked_for() -> None:
    shot = next(shot for shot in resolve(staging.board()).shots if shot.cast[0].holds)
    everybody = {
        i: Seen((0.0, 0.0, 0.1, 0.1), 0.0, 0.0, True, "", dict.fromkeys(staging.ACTIONS.values(), 1.0)) for i in (0, 1)
    }
    kept = staging.Kept()
    staging.Shown(shot, [m.key for m in shot.cast], [Picture(everybody, None, np.zeros(3))] * shot.frames, 0).read(kept)
    assert (kept.right["holds"], kept.asked["holds"]) == (1, 2)


def test_a_tall_one_beside_a_small_one_keeps_his_head() -> None:
    two = "cast: [{who: pip, at: right, faces: bram}, {who: bram, at: left, faces: pip}]"
    cameras = ("{shot: full, on: pip}", "{shot: medium, on: pip}", "{shot: medium, on: bram}", "{shot: full}")
    shots = "".join(f"      - {{id: s{n}, seconds: 1, {two}, camera: {one}}}\n" for n, one in enumerate(cameras))
    cast = 'cast: {pip: "a small grey mouse", bram: "a huge brown bear in a green coat"}\n'
    film = resolve(loads(f"storyforge: 1\n{cast}scenes:\n  - id: wood\n    shots:\n{shots}").board)
    for span, latents in staging.rendered(Toon(), film):
        frames = measure_staging.pictures(latents, film.size)
        for shot, start in zip(span.shots, span.starts, strict=True):
            heads = [one.head for one in frames[start + shot.frames // 2].cast.values()]
            assert len(heads) == 2
            assert all(y + high < 1 and abs(x) + wide < 1 for x, y, wide, high in heads), (shot.id, heads)


def test_who_sits_beside_who_stands_keeps_the_face() -> None:
    two = 'cast: [{who: pip, at: left, does: "sits", faces: marta}, {who: marta, at: right, does: "waits", faces: pip}]'
    shot = f"{{id: s, seconds: 1, {two}, camera: {{shot: medium, on: pip}}}}"
    film = resolve(
        loads(
            'storyforge: 1\ncast: {pip: "a boy", marta: "an old woman in a grey coat"}\n'
            f"scenes: [{{id: street, shots: [{shot}]}}]\n"
        ).board
    )
    ((_, latents),) = staging.rendered(Toon(), film)
    for picture in measure_staging.pictures(latents, film.size):
        heads = [one.head for one in picture.cast.values()]
        assert len(heads) == 2
        assert all(abs(y) + 0.9 * high < 1 and abs(x) + wide < 1 for x, y, wide, high in heads), heads
