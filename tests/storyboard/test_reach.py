"""Which edits of a storyboard reach the picture of a shot."""

import pytest

from storyforge.storyboard import Storyboard, loads, reaching

TEXT = """\
storyforge: 1
title: "Reach"
style: "flat-colour storybook"
cast:
  ember: {description: "a small orange fox", wears: "a blue scarf"}
  moth: {description: "a grey moth"}
props: {lantern: {description: "a brass lantern"}}
places: {meadow: "a green meadow", wood: "a dark wood"}
scenes:
  - id: day
    place: meadow
    time: morning
    setups: {near: {shot: close, over: moth}}
    shots:
      - {id: one, cast: [{who: ember, does: "walks", holds: lantern}], narration: "Ember walked."}
      - {id: two, cast: [{who: moth}], place: wood, camera: near}
      - {id: three, time: night, camera: near, join: dissolve}
"""

EDITS = {
    ('does: "walks"', 'does: "runs"'): {"one"},
    ("Ember walked.", "Ember went."): set(),
    ('title: "Reach"', 'title: "Reached"'): set(),
    ("a blue scarf", "a red scarf"): {"one"},
    ("a brass lantern", "a tin lantern"): {"one"},
    ("a grey moth", "a white moth"): {"two", "three"},  # who is looked past is seen from behind
    ("a green meadow", "a yellow meadow"): {"one", "three"},
    ("a dark wood", "a light wood"): {"two"},
    ("time: morning", "time: evening"): {"one", "two"},
    ("flat-colour storybook", "ink"): {"one", "two", "three"},
    ("join: dissolve", "join: fade"): set(),
    ("join: dissolve", "join: flow"): {"three"},
    ('title: "Reach"', 'title: "Reach"\nfps: 12'): {"one", "two", "three"},
    ('title: "Reach"', 'title: "Reach"\nseed: 4'): {"one", "two", "three"},
}


def board(text: str) -> Storyboard:
    return loads(text, "reach.yaml").board


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit[1])
def test_what_an_edit_reaches(edit: tuple[str, str]) -> None:
    assert edit[0] in TEXT
    old, new = board(TEXT), board(TEXT.replace(*edit))
    assert {name for name in ("one", "two", "three") if reaching(old, new, name)} == EDITS[edit]


def test_lines_follow_the_narration_and_mouths_the_lines() -> None:
    said = TEXT.replace("narration:", "dialogue: [{who: ember, line: Hello}], narration:")
    (change,) = reaching(board(said), board(said.replace("Ember walked.", "Ember walked on and on.")), "one")
    assert change.field == "narration"


def test_old_and_new_are_told() -> None:
    (change,) = reaching(board(TEXT), board(TEXT.replace('"walks"', '"runs"')), "one")
    assert (change.field, change.old, change.new) == ("ember does", "walks", "runs")


def test_a_shot_that_is_not_there() -> None:
    assert reaching(board(TEXT), board(TEXT), "four") == []
