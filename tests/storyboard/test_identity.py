"""A new plan's shots are known again: by their words and their order, whatever their numbers are now."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from storyforge.storyboard import Camera, Scene, Shot, Storyboard
from storyforge.storyboard.identity import adopted, paired

LINES = (
    "Ember the fox lived in a lighthouse.",
    "Every evening she lit a brass lantern.",
    "One night a storm came in from the sea.",
    "The wind blew the lantern out.",
    "Then a grey moth fluttered in.",
    "It knew the way to a fire in the forest.",
)


def board(*scenes: Sequence[str], names: Sequence[str] = "abcdef") -> Storyboard:
    """Scenes of narrated shots, numbered as planners do."""
    return Storyboard(
        scenes=tuple(
            Scene(id=name, shots=tuple(Shot(id=f"{name}-{n}", narration=line) for n, line in enumerate(lines, start=1)))
            for name, lines in zip(names, scenes, strict=False)
        )
    )


def ids(board: Storyboard) -> list[list[str]]:
    return [[scene.id, *(shot.id for shot in scene.shots)] for scene in board.scenes]


KNOWN = board(LINES[:3], LINES[3:])


def test_a_plan_that_is_the_same_keeps_everything() -> None:
    assert adopted(KNOWN, KNOWN) == KNOWN


def test_a_sentence_put_in_gets_an_id_of_its_own_and_moves_nobody() -> None:
    plan = board([*LINES[:2], "It had been her mother's.", LINES[2]], LINES[3:])
    assert ids(adopted(plan, KNOWN)) == [["a", "a-1", "a-2", "a-2b", "a-3"], ["b", "b-1", "b-2", "b-3"]]
    twice = board([*LINES[:2], "It had been her mother's.", "Nobody else could.", LINES[2]], LINES[3:])
    assert ids(adopted(twice, adopted(plan, KNOWN)))[0] == ["a", "a-1", "a-2", "a-2b", "a-4", "a-3"]
    assert ids(adopted(board(["First of all.", *LINES[:3]], LINES[3:]), KNOWN))[0][:3] == ["a", "a-1b", "a-1"]


def test_a_sentence_at_the_end_keeps_the_planner_s_own_number() -> None:
    assert ids(adopted(board(LINES[:3], [*LINES[3:], "Snow fell."]), KNOWN))[1] == ["b", "b-1", "b-2", "b-3", "b-4"]


def test_ids_of_shots_that_people_wrote_are_not_given_again() -> None:
    plan = board(LINES[:3], [*LINES[3:], "Snow fell."])
    own = Storyboard(scenes=(Scene(id="mine", shots=(Shot(id="B-4"),)),))
    assert ids(adopted(plan, KNOWN, own))[1][-1] == "b-3b", "ids name files: their case does not count"


def test_a_shot_that_people_kept_is_known_when_its_sentence_comes_back() -> None:
    own = Storyboard(scenes=(Scene(id="a", shots=(Shot(id="kept", narration="Snow fell."),)),))
    assert ids(adopted(board(LINES[:3], [*LINES[3:], "Snow fell."]), KNOWN, own))[1][-1] == "kept"


def test_a_sentence_taken_out_moves_nobody() -> None:
    assert ids(adopted(board([LINES[0], LINES[2]], LINES[3:]), KNOWN))[0] == ["a", "a-1", "a-3"]


def test_a_sentence_written_anew_is_the_same_shot() -> None:
    reworded = board([LINES[0], "Each night she lit her old brass lantern.", LINES[2]], LINES[3:])
    assert ids(adopted(reworded, KNOWN)) == ids(KNOWN)
    another = board([LINES[0], "Nobody knew why!", LINES[2]], LINES[3:])
    assert ids(adopted(another, KNOWN)) == ids(KNOWN), "the one shot between two that stayed"


def test_other_sentences_at_the_seam_of_two_scenes_are_other_shots() -> None:
    plan = board(LINES[:2], ["Nobody knew why!", *LINES[3:]])
    assert ids(adopted(plan, KNOWN)) == [["a", "a-1", "a-2"], ["b", "b-1b", "b-1", "b-2", "b-3"]]


def test_a_sentence_put_elsewhere_is_the_same_shot() -> None:
    plan = board([LINES[0], LINES[2]], [*LINES[3:], LINES[1]])
    assert ids(adopted(plan, KNOWN)) == [["a", "a-1", "a-3"], ["b", "b-1", "b-2", "b-3", "a-2"]]


def test_scenes_are_known_by_their_shots() -> None:
    first = board(["A new day."], LINES[:3], LINES[3:])
    assert ids(adopted(first, KNOWN)) == [["a-2", "a-1b"], ["a", "a-1", "a-2", "a-3"], ["b", "b-1", "b-2", "b-3"]]
    renamed = board(LINES[:3], LINES[3:], names=("b", "z"))
    assert ids(adopted(renamed, KNOWN)) == ids(KNOWN)
    one = board(LINES)
    assert ids(adopted(one, KNOWN)) == [["a", "a-1", "a-2", "a-3", "b-1", "b-2", "b-3"]]


def test_silent_shots_are_known_by_what_they_show() -> None:
    wide, close = Camera(shot="wide"), Camera(shot="close", on="ember")
    old = [Shot(id="s-1", narration=LINES[0]), Shot(id="s-2", camera=wide), Shot(id="s-3", camera=close)]
    new = [Shot(id="s-1", narration=LINES[0]), Shot(id="s-2", camera=close), Shot(id="s-3", narration=LINES[1])]
    assert paired(old, new) == {0: 0, 1: 2}


@given(st.data())
def test_what_is_left_keeps_its_id_and_ids_are_unique(data: st.DataObject) -> None:
    words = st.lists(st.sampled_from((*LINES, "It snowed.")), min_size=1, max_size=8)
    known, plan = (board(*data.draw(st.lists(words, min_size=1, max_size=3))) for _ in range(2))
    new = adopted(plan, known)
    names = [shot.id for scene in new.scenes for shot in scene.shots]
    assert len(set(names)) == len(names)
    assert len({scene.id for scene in new.scenes}) == len(new.scenes)
    bare = [scene.model_dump(exclude={"id": True, "shots": {"__all__": {"id"}}}) for scene in plan.scenes]
    assert [scene.model_dump(exclude={"id": True, "shots": {"__all__": {"id"}}}) for scene in new.scenes] == bare
    assert adopted(new, new) == new
    assert adopted(plan, new) == new, "the same plan finds the same ids again"
