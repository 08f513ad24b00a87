"""What is written reads back as it was; an edit changes its own bytes and no others."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyforge.errors import InputError, StoryboardError
from storyforge.storyboard import (
    Document,
    Scene,
    Shot,
    Storyboard,
    dump,
    insert_shot,
    load,
    loads,
    lock,
    pick,
    save,
    set_field,
)

pytestmark = pytest.mark.slow

prose = st.text(st.characters(exclude_categories=("Cs", "Co", "Cn")), min_size=1, max_size=30) | st.sampled_from(
    [
        "1984",
        "~",
        "null",
        "yes",
        "Flight #7",
        "a: b",
        "- x",
        "*x",
        "'q'",
        '"q"',
        "\\",
        "line\nline",
        "{x}",
        "on",
        "é😀",
        " x ",
    ]
)
maybe_prose = st.none() | prose
seconds = st.none() | st.just("auto") | st.floats(3, 60).map(lambda number: round(number, 2))
camera = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "shot": st.sampled_from(["wide", "extreme-close"]), "on": st.just("ember"),
        "move": st.just("push-in"), "setup": st.just("stairs"),
    },
)  # fmt: skip
member = st.fixed_dictionaries(
    {"who": st.sampled_from(["ember", "ember@rain"])},
    optional={
        "at": st.sampled_from(["left", "far-right"]) | st.floats(-1, 1), "faces": st.just("camera"), "feels": prose,
        "does": prose, "holds": st.just("lantern"),
    },
)  # fmt: skip
shot_fields = {
    "seconds": seconds,
    "cast": st.lists(member, max_size=1),
    "props": st.lists(st.just("lantern"), max_size=1),
    "action": maybe_prose,
    "camera": camera,
    "narration": maybe_prose,
    "dialogue": st.lists(
        st.fixed_dictionaries({"who": st.just("ember"), "line": prose}, optional={"how": prose, "on": st.booleans()}),
        max_size=2,
    ),
    "titles": st.lists(st.fixed_dictionaries({"text": prose}, optional={"place": st.just("lower")}), max_size=1),
    "join": st.none() | st.just("cut") | st.just({"kind": "fade", "seconds": 0.5}),
    "options": st.none() | st.just({"wan-1.3": {"guidance": 5, "on": None, "x y": [1, 2.5, "no"]}}),
    "lock": st.booleans(),
    "pick": st.none() | st.just("0012"),
    "note": maybe_prose,
    "time": maybe_prose,
    "style": maybe_prose,
    "seed": st.none() | st.integers(0, 99),
}
shots = st.fixed_dictionaries({}, optional=shot_fields)


@st.composite
def boards(draw: st.DrawFn) -> Storyboard:
    """Boards that load: one or two scenes of one to three shots."""
    scenes, number = [], 0
    for name in draw(st.sampled_from([["one"], ["one", "two"]])):
        written = []
        for _ in range(draw(st.integers(1, 3))):
            number += 1
            written.append({"id": f"shot-{number}"} | draw(shots))
        setups = {"stairs": {"shot": "wide", "angle": "low"}}
        scenes.append({"id": name, "weather": draw(maybe_prose), "setups": setups, "shots": written})
    ember = {"description": draw(prose), "wears": draw(maybe_prose), "looks": {"rain": draw(prose)}}
    fields = {"cast": {"ember": ember}, "props": {"lantern": draw(prose)}, "scenes": scenes, "title": draw(maybe_prose)}
    fps, end = draw(st.sampled_from([24, 29.97, "30000/1001"])), draw(st.none() | st.just("fade"))
    return Storyboard.model_validate(fields | {"fps": fps, "end": end})


def decorated(text: str, draw: Any) -> str:
    """The text with comments, blank lines and line ends as people and programs leave them."""
    lines = []
    for line in text.splitlines():
        lines.append(line + draw(st.sampled_from(["", "", "", "  # said", "   "])))
        lines += draw(st.sampled_from([[], [], [], [""], ["# left"], ["          # deep", ""]]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join(lines) + draw(st.sampled_from(["", end, end * 3]))


@given(boards())
def test_a_board_that_is_dumped_reads_back_as_itself(board: Storyboard) -> None:
    text = dump(board)
    assert text.startswith("# yaml-language-server: $schema=storyboard.schema.json\nstoryforge: 1\n")
    assert loads(text).board == board
    assert dump(loads(text).board) == text


def test_a_dump_is_as_people_write_it(example: Document) -> None:
    text = dump(example.board)
    assert load(example.path).board == loads(text, example.path).board
    for line in (
        "size: 16:9",
        "fps: 24",
        "        camera: stairs",
        "        join: cut",
        "      stairs: {shot: wide, angle: low}",
        '        narration: "That night the storm came back."',
        "end: {kind: fade, seconds: 2}",
    ):
        assert line in text.splitlines()


VALUES = {
    "seconds": [5, "auto", 3.25], "action": ["Ember runs: fast #1", "x"],
    "camera": ["stairs", {"shot": "close", "on": "ember"}],
    "cast": [["ember"], [{"who": "ember@rain", "does": "runs"}]], "lock": [True], "pick": ["t-2"], "join": ["cut"],
    "narration": ["One.\nTwo."], "titles": [[{"text": "x"}]], "seed": [5],
}  # fmt: skip


@given(st.data(), boards())
def test_an_edit_changes_its_own_bytes_and_no_others(data: st.DataObject, board: Storyboard) -> None:
    document = loads(decorated(dump(board), data.draw))
    scene = data.draw(st.sampled_from(board.scenes))
    shot = data.draw(st.sampled_from(scene.shots))
    field = data.draw(st.sampled_from(sorted(VALUES)))
    value = data.draw(st.sampled_from(VALUES[field]))
    after = set_field(document, shot.id, field, value)
    changed = Shot.model_validate({key: getattr(shot, key) for key in shot.model_fields_set} | {field: value})
    assert next(one for scene in after.board.scenes for one in scene.shots if one.id == shot.id) == changed
    assert_kept(document.text, after.text, field)
    gone = set_field(after, shot.id, field, None)
    if getattr(shot, field) in (None, (), False):
        assert gone.text == document.text  # what was added is gone without a trace


def assert_kept(before: str, after: str, field: str) -> None:
    """Between what both texts share at start and end, the old one has the field's own value and nothing else."""
    pairs = enumerate(zip(before, after, strict=False))
    start = next((i for i, (a, b) in pairs if a != b), min(len(before), len(after)))
    limit = min(len(before), len(after)) - start
    stop = next((i for i in range(limit) if before[-1 - i] != after[-1 - i]), limit)
    lost = before[start : len(before) - stop]
    whole = (before[before[:start].rfind("\n") + 1 : start] + lost).splitlines()
    lines = [line for line in whole if line.strip() and not line.lstrip().startswith("#")]
    if lost.strip():
        assert lines[0].lstrip(" -").split(":")[0] == field, (field, lost)
        indents = [len(line) - len(line.lstrip(" ")) for line in lines]
        assert all(indent > indents[0] for indent in indents[1:]), lost


@given(st.data(), boards())
def test_inserting_a_shot_only_adds_bytes(data: st.DataObject, board: Storyboard) -> None:
    document = loads(decorated(dump(board), data.draw))
    new = Shot.model_validate({"id": "new", "narration": "So: #1", "cast": ["ember"], "seconds": 4})
    scene = data.draw(st.sampled_from(board.scenes))
    after = data.draw(st.none() | st.sampled_from([shot.id for shot in scene.shots]))
    place = {"scene": scene.id} if after is None else {"after": after}
    edited = insert_shot(document, new, **place)
    ids = [shot.id for shot in next(one for one in edited.board.scenes if one.id == scene.id).shots]
    assert ids.index("new") == (0 if after is None else ids.index(after) + 1)
    added = len(edited.text) - len(document.text)
    cut = next(i for i in range(len(edited.text)) if i == len(document.text) or edited.text[i] != document.text[i])
    where = range(max(0, cut - added), cut + 1)
    assert any(edited.text[:i] + edited.text[i + added :] == document.text for i in where)


FLOW = "scenes: [{id: s, setups: {}, shots: [{id: a}, {id: b, seconds: 2 , note: 'x' }]}] # end\n"


def test_edits_inside_brackets() -> None:
    document = loads(FLOW)
    assert set_field(document, "b", "seconds", 3).text == FLOW.replace("seconds: 2 ", "seconds: 3 ")
    assert set_field(document, "b", "seconds", None).text == FLOW.replace("seconds: 2 , ", "")
    assert set_field(document, "b", "note", None).text == FLOW.replace(" , note: 'x'", "")
    assert pick(document, "a", "t1").text == FLOW.replace("{id: a}", "{id: a, pick: t1}")
    assert set_field(document, "s", "time", "1984").text == FLOW.replace("{id: s,", '{id: s, time: "1984",')
    new = Shot(id="c", seconds=1)
    assert insert_shot(document, new, after="a").text == FLOW.replace("{id: a}, ", "{id: a}, {id: c, seconds: 1}, ")
    assert insert_shot(document, new, scene="s").text == FLOW.replace("[{id: a}", "[{id: c, seconds: 1}, {id: a}")


BLOCK = """\
language: en # the first
cast:   # who
  ember: a fox
scenes:
- id: s   # scene
  shots:
  - seconds: 2
    id: a

    # about the words
    narration: |
      One.

      Two.

    cast:  # who is there
    - ember   # she

  # the next one

  - id: b
    camera:
end: cut"""


def test_edits_of_a_file_written_by_hand() -> None:
    document = loads(BLOCK)
    assert set_field(document, "", "language", "de").text == BLOCK.replace("language: en #", "language: de #")
    assert set_field(document, "", "seed", 3).text == BLOCK.replace("# the first\n", "# the first\nseed: 3\n")
    assert set_field(document, "a", "seconds", None).text == BLOCK.replace("seconds: 2\n    id", "id")
    assert set_field(document, "a", "narration", "x").text == BLOCK.replace("|\n      One.\n\n      Two.\n", '"x"\n')
    assert set_field(document, "a", "narration", None).text == BLOCK.replace(
        "    narration: |\n      One.\n\n      Two.\n", ""
    )
    old, new = "cast:  # who is there\n    - ember ", "cast: []  # who is there "
    assert set_field(document, "a", "cast", ()).text == BLOCK.replace(old, new)
    assert lock(document, "b").text == BLOCK.replace("    camera:\n", "    camera:\n    lock: true\n")
    assert set_field(document, "b", "camera", {"shot": "wide"}).text == BLOCK.replace(
        "camera:\n", "camera: {shot: wide}\n"
    )
    assert set_field(document, "cast.ember", "wears", "a hat").text == BLOCK.replace(
        "ember: a fox", 'ember: {description: "a fox", wears: "a hat"}'
    )
    assert set_field(document, "", "end", {"kind": "fade"}).text == BLOCK.replace("end: cut", "end: fade")
    assert insert_shot(document, Shot(id="c", note="n"), after="b").text == BLOCK.replace(
        "    camera:\n", '    camera:\n  - id: c\n    note: "n"\n'
    )


def test_lock_and_pick_come_and_go(example: Document) -> None:
    assert pick(example, "storm-1", "t-3").board.scenes[0].shots[0].pick == "t-3"
    assert pick(pick(example, "storm-2", "t-3"), "storm-2", None).text == example.text
    assert lock(lock(example, "storm-2"), "storm-2", False).text == example.text


def test_an_edit_that_does_not_fit_is_refused(example: Document) -> None:
    with pytest.raises(StoryboardError, match=r"there is no place 'lighthous'; did you mean lighthouse\?"):
        set_field(example, "storm-1", "place", "lighthous")
    with pytest.raises(InputError, match=r"there is nothing called 'storm-3'; did you mean storm-"):
        pick(example, "storm-3", "t")
    with pytest.raises(InputError, match=r"storm-1 has no secnds; did you mean seconds\?"):
        set_field(example, "storm-1", "secnds", 3)
    with pytest.raises(InputError, match="seconds: -3 must be more than 0"):
        set_field(example, "storm-1", "seconds", -3)
    with pytest.raises(StoryboardError, match="is used twice"):
        insert_shot(example, Shot(id="storm-2"), after="storm-1")
    with pytest.raises(InputError, match="nothing called 'strom'; did you mean storm"):
        insert_shot(example, Shot(id="x"), scene="strom")


ANCHORS = """\
scenes:
- id: s
  shots:
  - {id: a, seconds: &long 5}
  - {id: b, seconds: *long}
  - {<<: &x {time: day}, id: c}
  - {<<: *x, id: d}
"""


def test_edits_around_anchors() -> None:
    document = loads(ANCHORS)
    assert [shot.seconds for shot in document.board.scenes[0].shots[:2]] == [5, 5]
    assert set_field(document, "b", "seconds", 3).text == ANCHORS.replace("*long", "3")
    assert set_field(document, "d", "time", "night").text == ANCHORS.replace("*x, id: d", '*x, id: d, time: "night"')
    with pytest.raises((InputError, StoryboardError)):
        set_field(document, "a", "seconds", 3)  # b would lose what it repeats


def test_saving_keeps_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    path.write_bytes(b"scenes:\r\n- id: s\r\n  shots:\r\n  - id: a # x\r\n")
    save(set_field(load(path), "a", "seconds", 2))
    assert path.read_bytes() == b"scenes:\r\n- id: s\r\n  shots:\r\n  - id: a # x\r\n    seconds: 2\r\n"
    assert [file.name for file in tmp_path.iterdir()] == ["b.yaml"]


def test_a_byte_order_mark_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    path.write_bytes(b"\xef\xbb\xbftitle: x\nscenes: [{id: s, shots: [{id: a}]}]\n")
    save(set_field(load(path), "", "title", "y"))
    assert path.read_bytes() == b'\xef\xbb\xbftitle: "y"\nscenes: [{id: s, shots: [{id: a}]}]\n'


def test_a_board_from_python_is_written_whole() -> None:
    board = Storyboard(scenes=(Scene(id="s", shots=(Shot(id="a"),)),))
    assert dump(board).splitlines()[1:] == [
        "storyforge: 1", "language: en", "size: 16:9", "fps: 24", "scenes:", "  - id: s", "    shots:", "      - id: a",
    ]  # fmt: skip
