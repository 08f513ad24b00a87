"""changes: what differs between two boards, in film words, with old and new values."""

from storyforge.storyboard import Change, Document, changes, loads

TEXT = """\
style: flat
cast:
  ember: {description: "a fox", looks: {rain: "a coat"}}
  moth: {description: "a moth"}
props: {lamp: a lamp}
places: {cave: a cave, sea: the sea}
scenes:
  - id: s
    place: cave
    shots:
      - {id: s-1, seconds: 4, cast: [{who: ember, does: "walks home"}], camera: {shot: wide}, narration: "One came."}
      - {id: s-2, seconds: 3, cast: [ember@rain], narration: "Two went."}
      - {id: s-3, join: {kind: dissolve, seconds: 0.5}, dialogue: [{who: ember, line: "Three of us."}]}
  - id: t
    place: sea
    shots: [{id: t-1, action: "Waves break", beats: [{at: 1, action: x}], titles: ["The Sea"]}]
"""
BOARD = loads(TEXT).board


def told(old: str, new: str) -> list[tuple[str, str, str, str, str]]:
    assert old in TEXT
    return [fields(change) for change in changes(BOARD, loads(TEXT.replace(old, new)).board)]


def fields(change: Change) -> tuple[str, str, str, str, str]:
    return change.kind, change.what, change.field, change.old, change.new


def test_nothing() -> None:
    assert changes(BOARD, BOARD) == []


def test_the_film_its_cast_and_its_scenes() -> None:
    assert told("style: flat", "style: ink and wash") == [("changed", "film", "style", "flat", '"ink and wash"')]
    assert told('"a coat"', '"a hat"') == [("changed", "cast ember", "looks", 'rain: "a coat"', 'rain: "a hat"')]
    assert told("props: {lamp: a lamp}", "props: {}") == [("removed", "prop lamp", "", "a lamp", "")]
    assert told("{cave:", "{hill: a hill, cave:") == [("added", "place hill", "", "", "a hill")]
    assert told("    place: sea\n", "    place: sea\n    time: night\n") == [
        ("changed", "scene t", "time", "nothing", "night")
    ]


def test_a_shot_in_film_words() -> None:
    shot = "shot s-1"
    assert told("seconds: 4", "seconds: 5.5") == [("changed", shot, "seconds", "4 s", "5.5 s")]
    assert told("walks home", "sleeps") == [("changed", shot, "ember does", '"walks home"', "sleeps")]
    assert told("{shot: wide}", "{shot: close, on: ember, angle: low}") == [
        ("changed", shot, "camera", "wide", "close, low angle, on ember")
    ]
    assert told('does: "walks home"}]', 'does: "walks home"}, {who: moth, at: left}]') == [
        ("changed", shot, "cast", "nothing", "moth (left)")
    ]
    assert told("[ember@rain]", "[ember]") == [("changed", "shot s-2", "ember who", "ember@rain", "ember")]
    assert told("seconds: 0.5", "seconds: 1") == [("changed", "shot s-3", "join", "dissolve 0.5 s", "dissolve 1 s")]
    assert told("Three of us.", "Four.") == [
        ("changed", "shot s-3", "dialogue", 'ember: "Three of us."', 'ember: "Four."')
    ]
    assert told("action: x", "action: y") == [("changed", "shot t-1", "beats", "at 1 s x", "at 1 s y")]
    assert told("The Sea", "A Lake") == [("changed", "shot t-1", "titles", '"The Sea"', '"A Lake"')]


def test_a_sentence_put_in_adds_a_shot_and_renumbers_the_others() -> None:
    new = TEXT.replace("s-3,", "s-4,").replace("s-2,", "s-3,")
    second = '      - {id: s-2, seconds: 2, narration: "It rained."}\n'
    new = new.replace("      - {id: s-3", f"{second}      - {{id: s-3", 1)
    assert [fields(change) for change in changes(BOARD, loads(new).board)] == [
        ("added", "shot s-2", "", "", "2 s: It rained."),
        ("renamed", "2 shots", "id", "s-2, s-3", "s-3, s-4"),
    ]


def test_scenes_and_shots_come_go_and_move() -> None:
    without = TEXT[: TEXT.index("  - id: t")]
    (gone,) = changes(BOARD, loads(without).board)
    assert fields(gone) == ("removed", "scene t", "", "1 shot: Waves break", "")
    (came,) = changes(loads(without).board, BOARD)
    assert fields(came) == ("added", "scene t", "", "", "1 shot: Waves break")
    first, second, third = TEXT.splitlines()[10:13]
    turned = TEXT.replace("\n".join([first, second, third]), "\n".join([second, third, first]))
    assert [fields(change) for change in changes(BOARD, loads(turned).board)] == [("moved", "shot s-1", "", "", "")]


def test_shots_that_go_to_another_scene() -> None:
    first = TEXT.splitlines(keepends=True)[10]
    there = f"shots: [{first.strip().removeprefix('- ')}, {{id: t-1"
    (moved,) = changes(BOARD, loads(TEXT.replace(first, "").replace("shots: [{id: t-1", there)).board)
    assert fields(moved) == ("moved", "shot s-1", "", "", "to scene t")
    one = TEXT.replace("  - id: t\n    place: sea\n    shots: [{", "      - {").replace('"The Sea"]}]', '"The Sea"]}')
    (gone,) = [change for change in changes(BOARD, loads(one).board) if change.what == "scene t"]
    assert gone.old == "1 shot, now in s"
    (came,) = [change for change in changes(loads(one).board, BOARD) if change.what == "scene t"]
    assert came.new == "1 shot, from s"


def test_the_example(example: Document) -> None:
    after = loads(example.text.replace("fps: 24", "fps: 25").replace("seed: 7", "seed: 8"), example.path).board
    assert [change.field for change in changes(example.board, after)] == ["seed", "fps"]
