"""A storyboard's text is made to say another board; what both say keeps its bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_writing import boards, decorated

from storyforge.errors import InputError
from storyforge.storyboard import Entity, Shot, Storyboard, dump, loads
from storyforge.storyboard.rewrite import rewritten

pytestmark = pytest.mark.slow

BLOCK = """\
# A film.
title: "Two"   # working title
cast:   # who
  ember: "a fox"   # she
  moth: {description: "a moth"}
scenes:
# the first scene
- id: s   # where it begins
  shots:
  # the first shot
  - id: a
    seconds: 2   # a breath
    cast:  # who is there
    - ember   # she is
    - moth

  - id: b
    narration: |   # as Ana wrote it
      One.

      Two.
    # b ends here

# the second scene
- id: t
  shots:
  - {id: c, note: "x"}
end: cut"""


def board(text: str) -> Storyboard:
    return loads(text).board


def edited(old: str, new: str, text: str = BLOCK) -> str:
    """What the text becomes when it is to say what another text says."""
    assert old in text
    after = rewritten(loads(text), board(text.replace(old, new)))
    assert after.board == board(text.replace(old, new))
    return after.text


@given(st.data(), boards(), boards())
def test_any_board_becomes_any_other(data: st.DataObject, old: Storyboard, new: Storyboard) -> None:
    document = loads(decorated(dump(old), data.draw))
    after = rewritten(document, new)
    assert after.board == new
    assert rewritten(after, new) is after
    assert rewritten(document, old) is document


@given(boards(), boards())
def test_a_planner_s_text_becomes_the_text_that_the_planner_would_write(old: Storyboard, new: Storyboard) -> None:
    new = new.but(cast=old.cast, props=old.props)  # an entity stays on the one line that it has
    assert rewritten(loads(dump(old)), new).text == dump(new)


def test_fields_come_go_and_change_beside_their_comments() -> None:
    assert edited("seconds: 2 ", "seconds: 3 ") == BLOCK.replace("seconds: 2 ", "seconds: 3 ")
    assert edited('title: "Two" ', 'title: "Three" ') == BLOCK.replace('"Two"', '"Three"')
    assert edited('ember: "a fox"', "ember: {description: a fox, wears: a hat}") == BLOCK.replace(
        'ember: "a fox"', 'ember: {description: "a fox", wears: "a hat"}'
    )
    assert edited('note: "x"', 'note: "x", lock: true') == BLOCK.replace(
        '{id: c, note: "x"}', '{id: c, lock: true, note: "x"}'
    )


def test_a_long_value_goes_below_its_key_and_the_comment_stays_beside_it() -> None:
    does = "runs along the cliff with the lantern in her paw and her scarf in the wind"
    member = f'{{who: ember, does: "{does}", feels: "very glad"}}'
    assert edited("- ember   # she is\n    - moth", f"- {member}") == BLOCK.replace(
        "# who is there\n    - ember   # she is\n    - moth",
        f'# who is there\n      - who: ember\n        feels: "very glad"\n        does: "{does}"',
    )
    after = edited("seconds: 2   # a breath", f"seconds: 2\n    beats: [{{at: 1, cast: [{member}]}}]")
    assert "    - moth\n    beats:\n      - at: 1\n        cast:\n" in after, "where people look for it"


def test_shots_come_go_and_move_with_their_comments() -> None:
    first = BLOCK[BLOCK.index("  # the first shot") : BLOCK.index("  - id: b")]
    second = BLOCK[BLOCK.index("  - id: b") : BLOCK.index("\n# the second")]
    assert edited(first, "") == BLOCK.replace(first, "")
    assert edited(second, "") == BLOCK.replace(second, "")
    assert edited(first + second, second + first) == BLOCK.replace(first + second, second + first)
    new = '  - id: d\n    note: "new"\n'
    assert edited(first, first + new) == BLOCK.replace(first, first + new)
    assert edited("- {id: c,", '- {id: d, note: "new"}\n  - {id: c,') == BLOCK.replace(
        "  - {id: c,", new + "  - {id: c,"
    )
    assert edited('note: "x"}', 'note: "x"}\n' + new) == BLOCK.replace('note: "x"}\n', 'note: "x"}\n' + new)


def test_scenes_come_go_and_move_with_their_comments() -> None:
    head, rest = BLOCK.split("scenes:\n")
    first, second = rest[: rest.index("# the second")], rest[rest.index("# the second") : rest.index("end:")]
    assert edited(first, "") == f"{head}scenes:\n{second}end: cut"
    assert edited(first + second, second + first) == f"{head}scenes:\n{second}{first}end: cut"
    new = "- id: u\n  time: night\n  shots:\n    - {id: d}\n"
    assert edited(second, new + second) == BLOCK.replace(
        second, '- id: u\n  time: "night"\n  shots:\n    - id: d\n' + second
    )


def test_shots_go_to_other_scenes_as_they_stand() -> None:
    second = BLOCK[BLOCK.index("  - id: b") : BLOCK.index("\n# the second")]
    moved = BLOCK.replace(second, "").replace("  - {id: c", second + "  - {id: c")
    assert edited(BLOCK, moved) == moved
    deeper = BLOCK.replace("  - {id: c", "    - {id: c")
    with pytest.raises(InputError, match="b goes to another scene, which is indented in another way: move it by hand"):
        rewritten(loads(deeper), board(moved))
    bare = deeper.replace("   # as Ana wrote it", "").replace("    # b ends here\n", "")
    assert '    - id: b\n      narration: "One.\\n\\nTwo."\n' in rewritten(loads(bare), board(moved)).text


def test_entities_come_and_go_each_after_the_one_before_it() -> None:
    assert edited('  ember: "a fox"   # she\n', '  ember: "a fox"\n  owl: an owl\n') == BLOCK.replace(
        "# she\n", '# she\n  owl: {description: "an owl"}\n'
    )
    without = BLOCK.replace("    - moth\n", "")
    assert edited('  moth: {description: "a moth"}\n', "", without) == without.replace(
        '  moth: {description: "a moth"}\n', ""
    )
    assert edited('  moth: {description: "a moth"}\n', "  owl: an owl\n", without) == without.replace(
        'moth: {description: "a moth"}', 'owl: {description: "an owl"}'
    )
    assert edited("{ember: a fox}", "{owl: an owl}", FLOW) == FLOW.replace(
        "ember: a fox", 'owl: {description: "an owl"}'
    )
    assert edited("scenes:", "props: {lamp: a lamp}\nscenes:") == BLOCK.replace(
        "scenes:", 'props:\n  lamp: {description: "a lamp"}\nscenes:'
    )


FLOW = "cast: {ember: a fox}\nscenes: [{id: s, shots: [{id: a},  {id: b}]},\n  {id: t, shots: [{id: c}]}] # end\n"


def test_lists_in_brackets() -> None:
    assert edited("{id: a},  ", "{id: a}, {id: d}, ", FLOW) == FLOW.replace("{id: a},  ", "{id: a}, {id: d}, ")
    assert edited("{id: a},  ", "", FLOW) == FLOW.replace("{id: a},  ", "")
    assert edited("{id: c}", "{id: c}, {id: d}", FLOW) == FLOW.replace("{id: c}", "{id: c}, {id: d}")
    assert edited("[{id: s", "[{id: u, shots: [{id: d}]}, {id: s", FLOW) == FLOW.replace(
        "[{id: s", "[{id: u, shots: [{id: d}]}, {id: s"
    )
    assert edited("{ember: a fox}", "{ember: a fox, owl: an owl}", FLOW) == FLOW.replace(
        "a fox}", 'a fox, owl: {description: "an owl"}}'
    )


def test_line_ends_are_kept() -> None:
    text = BLOCK.replace("\n", "\r\n")
    after = rewritten(loads(text), board(BLOCK.replace("seconds: 2 ", "seconds: 3\n    seed: 4\n  - id: d  ")))
    assert "\n" not in after.text.replace("\r\n", "")


def test_what_an_anchor_repeats_is_not_changed() -> None:
    text = "scenes:\n- id: s\n  shots:\n  - {id: a, seconds: &long 5}\n  - {id: b, seconds: *long}\n"
    with pytest.raises(InputError, match="long"):
        rewritten(loads(text), board(text.replace("&long 5", "4").replace("*long", "5")))
    repeated = "scenes:\n- id: s\n  shots: [&one {id: a, time: day}, {<<: *one, id: b}]\n"
    with pytest.raises(InputError, match="it cannot be changed safely"):
        rewritten(loads(repeated), board("scenes: [{id: s, shots: [{id: a, time: night}, {id: b, time: day}]}]"))


def test_what_is_new_is_written_by_kind() -> None:
    document = loads(BLOCK)
    new = document.board.but(cast=document.board.cast | {"1984": Entity(description="a year: a man")})
    assert '  "1984": {description: "a year: a man"}\n' in rewritten(document, new).text
    scene = new.scenes[0].but(shots=(Shot(id="a", narration="#1"),))
    assert rewritten(document, new.but(scenes=(scene, new.scenes[1]))).board.scenes[0] == scene
