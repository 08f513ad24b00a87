"""A new plan meets a storyboard that people edited: what only the planner changed changes, all else stays."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_writing import boards, decorated

from storyforge.errors import InputError
from storyforge.storyboard import Change, Kept, Merge, Shot, Storyboard, dump, loads, merge

pytestmark = pytest.mark.slow

PLAN = """\
# yaml-language-server: $schema=storyboard.schema.json
storyforge: 1
title: "The Fox"
language: en
size: 16:9
fps: 24
cast:
  ember: {description: "a fox", wears: "a blue scarf"}
  moth: {description: "a moth"}
places:
  sea: {description: "the sea"}
  forest: {description: "a forest"}
scenes:
  - id: sea
    place: sea
    time: "evening"
    shots:
      - id: sea-1
        seconds: 4
        cast: [ember]
        camera: {shot: wide}
        narration: "Ember the fox lived by the sea."
      - id: sea-2
        seconds: 3
        cast: [ember]
        action: "Ember lights a lantern"
        narration: "Every evening she lit a lantern."
      - id: sea-3
        cast: [moth]
        narration: "Then a moth came in from the rain."
  - id: forest
    place: forest
    shots:
      - id: forest-1
        cast: [ember, moth]
        narration: "They ran to the forest."
"""
BASE = loads(PLAN).board
SEA_2 = PLAN[PLAN.index("      - id: sea-2") : PLAN.index("      - id: sea-3")]
SEA_3 = PLAN[PLAN.index("      - id: sea-3") : PLAN.index("  - id: forest")]
FOREST = PLAN[PLAN.index("  - id: forest\n") :]
OWN = '      - id: own   # mine\n        narration: "Nobody planned this."\n'


def replaced(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def merged(mine: Sequence[tuple[str, str]], plan: Sequence[tuple[str, str]], based: bool = True) -> tuple[str, Merge]:
    """The storyboard's text that people edited, and what a changed plan makes of it."""
    text = replaced(PLAN, *mine)
    return text, merge(loads(text), loads(replaced(PLAN, *plan)).board, BASE if based else None)


def told(made: Merge) -> list[str]:
    return [str(kept) for kept in made.kept]


LIT = ("lit a lantern", "lit a brass lantern")


def test_what_only_the_planner_changed_is_changed() -> None:
    text, made = merged([("seconds: 4", "seconds: 4.5  # a breath more")], [LIT, ("a blue scarf", "a red scarf")])
    assert made.document.text == replaced(text, LIT, ("a blue scarf", "a red scarf"))
    assert made.changes == (
        Change("changed", "cast ember", "wears", '"a blue scarf"', '"a red scarf"'),
        Change("changed", "shot sea-2", "narration", '"Every evening she lit a lantern."',
               '"Every evening she lit a brass lantern."'),
    )  # fmt: skip
    assert not made.kept


def test_a_field_that_both_changed_is_kept_and_told() -> None:
    mine = [("Ember lights a lantern", "Ember sings")]
    text, made = merged(mine, [LIT, ("Ember lights a lantern", "Ember lights a brass lantern")])
    assert made.document.text == replaced(text, LIT)
    assert made.kept == (
        Kept("shot sea-2", "you changed it", "action", '"Ember sings"', '"Ember lights a brass lantern"'),
    )
    assert told(made) == [
        'kept yours: shot sea-2 action "Ember sings"; the plan now says "Ember lights a brass lantern"'
    ]


def test_a_change_that_both_made_is_nobody_s_conflict() -> None:
    text, made = merged([LIT], [LIT])
    assert (made.document.text, made.changes, made.kept) == (text, (), ())


def test_fields_that_the_plan_gives_up_or_adds() -> None:
    _, made = merged([], [('    time: "evening"\n', ""), ("cast: [moth]", "seconds: 2\n        cast: [moth]")])
    assert made.document.board == made.plan
    noted = '"evening"  # the light is low'
    text, made = merged([('"evening"', noted)], [('    time: "evening"\n', "")])
    assert made.document.text == text, "the comment would go with it"
    assert told(made) == ["kept yours: scene sea time evening; the plan now says nothing"]
    text, made = merged([('"evening"', noted)], [('"evening"', '"night"')])
    assert made.document.text == text.replace('"evening"', '"night"'), "the comment stays beside it"


def test_a_locked_shot_keeps_everything() -> None:
    lock = ("seconds: 3", "seconds: 3\n        lock: true")
    text, made = merged([lock], [LIT, ("Ember lights", "Ember finds")])
    assert made.document.text == text
    assert told(made) == ["kept yours: shot sea-2, of which the plan changes action and narration: it is locked"]
    text, made = merged([lock], [(SEA_2, "")])
    assert made.document.text == text
    assert told(made) == ["kept yours: shot sea-2, which the plan no longer has: it is locked"]
    text, made = merged([lock], [(SEA_2 + SEA_3, SEA_3), (FOREST, FOREST + SEA_2)])
    assert made.document.text == text
    assert told(made) == ["kept yours: shot sea-2, which the plan moves: it is locked"]


def test_shots_that_the_plan_adds_come_to_their_place() -> None:
    new = '      - id: sea-3\n        narration: "It was brass."\n'
    text, made = merged([(SEA_2, SEA_2 + OWN)], [(SEA_2 + SEA_3, SEA_2 + new + SEA_3.replace("sea-3", "sea-4"))])
    fresh = new.replace("sea-3", "sea-2b")
    assert made.document.text == replaced(text, (OWN, OWN + fresh)), "after what people put there"
    assert made.changes == (Change("added", "shot sea-2b", new="It was brass."),)


def test_shots_that_the_plan_no_longer_has_go_unless_somebody_wrote_on_them() -> None:
    text, made = merged([], [(SEA_2, "")])
    assert made.document.text == replaced(text, (SEA_2, ""))
    assert [change.what for change in made.changes] == ["shot sea-2"]
    for edit, why in (
        (("seconds: 3", "seconds: 3.5"), "you changed it"),
        (("seconds: 3", 'seconds: 3\n        pick: "2"'), "you picked a take of it"),
        (("seconds: 3", "seconds: 3   # as it is"), "you wrote a comment on it"),
        (("      - id: sea-2", "      # look at this again\n      - id: sea-2"), "you wrote a comment on it"),
    ):
        text, made = merged([edit], [(SEA_2, "")])
        assert made.document.text == text
        assert told(made) == [f"kept yours: shot sea-2, which the plan no longer has: {why}"]


def test_shots_that_people_removed_stay_away() -> None:
    text, made = merged([(SEA_2, "")], [])
    assert (made.document.text, made.kept) == (text, ())
    text, made = merged([(SEA_2, "")], [LIT])
    assert made.document.text == text
    assert told(made) == [
        "kept yours: shot sea-2, which the plan changes (Every evening she lit a brass lantern.): you removed it"
    ]


def test_shots_of_people_s_own_stay_after_the_one_they_followed() -> None:
    text, made = merged([(SEA_2, SEA_2 + OWN)], [(SEA_2, "")])
    assert made.document.text == replaced(text, (SEA_2, ""))
    text, made = merged([(FOREST, "  - id: mine\n    shots:\n" + OWN + FOREST)], [LIT])
    assert made.document.text == replaced(text, LIT)
    text, made = merged([("      - id: forest-1", OWN + "      - id: forest-1")], [(FOREST, "")])
    assert [scene.id for scene in made.document.board.scenes] == ["sea", "forest"]
    assert [shot.id for shot in made.document.board.scenes[1].shots] == ["own"]


def test_shots_move_with_the_plan_unless_people_moved_them() -> None:
    turned = (SEA_2 + SEA_3, SEA_3 + SEA_2)
    text, made = merged([("seconds: 3", "seconds: 3   # as it is")], [turned])
    assert made.document.board == made.plan
    assert made.document.text.count("# as it is") == 1
    mine = [(SEA_2, ""), (FOREST, f"  - id: mine\n    shots:\n{SEA_2}{FOREST}")]
    text, made = merged(mine, [(SEA_2, ""), (FOREST, FOREST + SEA_2)])
    assert made.document.text == text
    assert told(made) == ["kept yours: shot sea-2, which the plan moves: you moved it"]
    text, made = merged([], [(SEA_3, ""), (FOREST, FOREST + SEA_3)])
    assert made.document.text == replaced(PLAN, (SEA_3, ""), (FOREST, FOREST + SEA_3))
    assert made.changes == (Change("moved", "shot sea-3", new="to scene forest"),)


def test_scenes_come_go_and_keep_what_people_wrote_on_them() -> None:
    cave = '  - id: cave\n    place: sea\n    shots:\n      - id: cave-1\n        narration: "It was dark."\n'
    text, made = merged([], [(FOREST, cave + FOREST)])
    assert made.document.text == replaced(text, (FOREST, cave + FOREST))
    assert made.changes == (Change("added", "scene cave", new="1 shot: It was dark."),)
    forest = ('  forest: {description: "a forest"}\n', "")
    text, made = merged([], [(FOREST, ""), forest])
    assert made.document.text == replaced(text, (FOREST, ""), forest)
    text, made = merged([("    place: forest", '    place: forest\n    weather: "snow"')], [(FOREST, ""), forest])
    assert made.document.text == text
    assert told(made) == ["kept yours: shot forest-1, which the plan no longer has: you changed its scene"]
    text, made = merged([("    place: forest", "    place: forest  # Ana's")], [(FOREST, ""), forest])
    assert made.document.text == text


def test_the_cast_follows_unless_somebody_changed_or_needs_it() -> None:
    moth = ('  moth: {description: "a moth"}\n', "")
    away = [moth, (SEA_3, ""), ("[ember, moth]", "[ember]")]
    text, made = merged([], away)
    assert made.document.text == replaced(text, *away)
    text, made = merged([("a moth", "a grey moth")], away)
    assert 'moth: {description: "a grey moth"}' in made.document.text
    assert told(made) == ["kept yours: cast moth, which the plan no longer has: you changed it"]
    text, made = merged([(SEA_2, SEA_2 + OWN), ("# mine", "\n        cast: [moth]")], away)
    assert 'moth: {description: "a moth"}' in made.document.text, "a shot of yours shows it"
    mine = [moth, (SEA_3, ""), ("[ember, moth]", "[ember]")]
    new = '      - id: forest-2\n        cast: [moth]\n        narration: "The moth fell asleep."\n'
    text, made = merged(mine, [(FOREST, FOREST + new)])
    assert made.document.text.endswith(new)
    assert 'moth: {description: "a moth"}' in made.document.text, "what the plan adds shows it"


def test_the_film_s_own_fields() -> None:
    text, made = merged([("fps: 24", "fps: 12")], [("fps: 24", "fps: 30"), ("The Fox", "The Fox by the Sea")])
    assert made.document.text == replaced(text, ("The Fox", "The Fox by the Sea"))
    assert told(made) == ["kept yours: film fps 12; the plan now says 30"]


def test_without_a_base_the_plan_only_adds() -> None:
    new = '      - id: forest-2\n        narration: "It snowed."\n'
    text, made = merged([(SEA_2, ""), ("seconds: 4", "seconds: 5")], [LIT, (FOREST, FOREST + new)], based=False)
    assert made.document.text == replaced(text, (FOREST, FOREST + new)).replace(SEA_3, SEA_2.replace(*LIT) + SEA_3)
    assert told(made) == ["kept yours: shot sea-1 seconds 5 s; the plan now says 4 s"]
    text, made = merged([(FOREST, FOREST + OWN), ("seconds: 3", 'seconds: 3\n        pick: "1"')], [], based=False)
    assert (made.document.text, made.changes, made.kept) == (text, (), ())


def test_what_would_not_be_valid_is_told_and_nothing_is_changed() -> None:
    mine = [('moth: {description: "a moth"}', 'moth: {description: "a moth", looks: {wet: "a coat"}}')]
    looks = ('moth: {description: "a moth"}', 'moth: {description: "a moth", looks: {dry: "a hat"}}')
    with pytest.raises(InputError) as caught:
        merged(mine, [looks, ("cast: [moth]", "cast: [moth@dry]")])
    assert str(caught.value) == (
        "storyboard.yaml: nothing is changed, for the plan's changes do not fit with yours: "
        "shot sea-3: moth has no look 'dry': describe it under cast: moth: looks"
    )


def bare(board: Storyboard) -> Storyboard:
    """A board as planners write it: no locks, no picks."""
    scenes = [scene.but(shots=tuple(shot.but(lock=False, pick=None) for shot in scene.shots)) for scene in board.scenes]
    return board.but(scenes=tuple(scenes))


@given(st.data(), boards().map(bare))
def test_a_plan_merged_with_itself_changes_nothing(data: st.DataObject, plan: Storyboard) -> None:
    document = loads(decorated(dump(plan), data.draw))
    for base in (plan, None):
        made = merge(document, plan, base)
        assert (made.document, made.changes, made.kept, made.plan) == (document, (), (), plan)


@given(boards().map(bare), boards().map(bare))
def test_a_storyboard_that_nobody_edited_becomes_the_new_plan(base: Storyboard, plan: Storyboard) -> None:
    made = merge(loads(dump(base)), plan, base)
    assert made.document.board == made.plan
    assert not made.kept
    again = merge(made.document, plan, made.plan)
    assert (again.document, again.changes, again.kept) == (made.document, (), ())


@given(st.data(), boards(), boards().map(bare), boards().map(bare))
def test_locked_shots_and_comments_never_change(
    data: st.DataObject, mine: Storyboard, base: Storyboard, plan: Storyboard
) -> None:
    document = loads(decorated(dump(mine), data.draw))
    made = merge(document, plan, data.draw(st.sampled_from([base, None])))
    shots = {shot.id: shot for scene in made.document.board.scenes for shot in scene.shots}
    for scene in mine.scenes:
        for shot in scene.shots:
            if shot.lock:
                assert shots[shot.id] == shot
                assert lines(made.document.text, shot) == lines(document.text, shot)
    comments = [
        sum(one.text.count(mark) for mark in ("# said", "# left", "# deep")) for one in (document, made.document)
    ]
    assert comments[0] == comments[1]


def lines(text: str, shot: Shot) -> list[str]:
    """The lines of a shot in a board that was dumped, without those that only have a comment or nothing."""
    rows = [row.rstrip("\r") for row in text.split("\n")]
    start = next(n for n, row in enumerate(rows) if row.split("  #")[0].rstrip() == f"      - id: {shot.id}")
    stop = next((n for n, row in enumerate(rows[start + 1 :], start + 1) if row.strip() and indent(row) < 8), len(rows))
    return [row for row in rows[start:stop] if row.strip() and not row.lstrip().startswith("#")]


def indent(row: str) -> int:
    return 99 if row.lstrip().startswith("#") else len(row) - len(row.lstrip())
