"""diff: what differs between two boards, and which shots it reaches."""

from storyforge.storyboard import Document, Storyboard, diff, loads


def changed(board: Storyboard, old: str, new: str, text: str) -> list[str]:
    assert old in text
    return diff(board, loads(text.replace(old, new)).board).lines()


TEXT = """\
style: flat
cast:
  ember: {description: "a fox", looks: {rain: "a coat"}}
props: {lamp: a lamp}
places: {cave: a cave, sea: the sea}
scenes:
  - id: s
    place: cave
    setups: {stairs: {shot: wide}}
    shots:
      - {id: a, seconds: 4, cast: [{who: ember, holds: lamp}], camera: stairs, narration: "One."}
      - {id: b, seconds: 3, cast: [ember@rain]}
      - {id: c, place: sea, style: oil, join: {kind: dissolve, seconds: 0.5}}
  - id: t
    shots: [{id: d, beats: [{at: 1, action: x}], dialogue: [{who: ember, line: hm}]}]
"""
BOARD = loads(TEXT).board


def test_nothing() -> None:
    assert not diff(BOARD, BOARD)
    assert diff(BOARD, BOARD).lines() == []


def test_a_shot_s_own_fields() -> None:
    assert changed(BOARD, "seconds: 4", "seconds: 5", TEXT) == ["a: seconds"]
    assert changed(BOARD, '"One."', '"Two."', TEXT) == ["a: narration"]
    assert changed(BOARD, "seconds: 0.5", "seconds: 1", TEXT) == ["c: join"]
    assert changed(BOARD, "action: x", "action: y", TEXT) == ["d: beats"]
    assert changed(BOARD, "line: hm", "line: ah", TEXT) == ["d: dialogue"]
    assert changed(BOARD, "{id: b,", "{id: b, note: n, lock: true, pick: t1,", TEXT) == ["b: lock, pick, note"]


def test_what_is_inherited_reaches_the_shots_that_inherit_it() -> None:
    assert changed(BOARD, "style: flat", "style: round", TEXT) == ["film: style", "a: style", "b: style", "d: style"]
    assert changed(BOARD, "place: cave", "place: sea", TEXT) == ["a: place", "b: place"]
    assert changed(BOARD, "{shot: wide}", "{shot: close}", TEXT) == ["a: camera"]


def test_entities_reach_the_shots_they_are_in() -> None:
    assert changed(BOARD, "a coat", "a hat", TEXT) == ["cast.ember: looks", "b: cast"]
    assert changed(BOARD, "a fox", "a vixen", TEXT) == ["cast.ember: description", "a: cast", "b: cast"]
    assert changed(BOARD, "a lamp", "a torch", TEXT) == ["props.lamp: description", "a: props"]
    assert changed(BOARD, "the sea", "a lake", TEXT) == ["places.sea: description", "c: place"]
    assert changed(BOARD, "{cave:", "{hill: a hill, cave:", TEXT) == ["places.hill: added"]


def test_shots_come_go_and_move() -> None:
    without = TEXT.replace("      - {id: b, seconds: 3, cast: [ember@rain]}\n", "")
    assert diff(BOARD, loads(without).board).lines() == ["- b"]
    assert diff(loads(without).board, BOARD).lines() == ["+ b"]
    first, second, third = TEXT.splitlines()[10:13]
    turned = TEXT.replace("\n".join([first, second, third]), "\n".join([second, third, first]))
    assert diff(BOARD, loads(turned).board).lines() == ["a: moved"]


def test_two_files(example: Document) -> None:
    after = loads(example.text.replace("fps: 24", "fps: 25").replace("seed: 7", "seed: 8"), example.path).board
    found = diff(example.board, after)
    assert found.film == ("seed", "fps")
    assert set(found.shots) == {"storm-1", "storm-2"}
    assert "seed" in found.shots["storm-2"]
