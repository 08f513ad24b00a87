"""Staging of shipped boards, read back from rows that the shipped weights made."""

from pathlib import Path

from storyforge.backends.toon import Toon, measure_staging
from storyforge.bench import staging
from storyforge.storyboard import Storyboard, load, loads, resolve

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
