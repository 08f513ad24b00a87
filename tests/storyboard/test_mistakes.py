"""Every mistake of a storyboard in one reading, each with its place, its value and the way out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyforge.errors import InputError, StoryboardError
from storyforge.storyboard import load, loads

Text = Callable[..., str]


def mistakes(text: str, path: Path | str = "b.yaml") -> list[str]:
    with pytest.raises(StoryboardError) as caught:
        loads(text, path)
    return list(caught.value.mistakes)


def cases(section: str) -> dict[str, tuple[str, str]]:
    """A section of mistakes.txt: name -> the line with the mistake, what is said of it."""
    text = (
        Path(__file__)
        .with_name("mistakes.txt")
        .read_text(encoding="utf-8")
        .split(f"## {section}\n")[1]
        .split("\n## ")[0]
    )
    records = [record.split("\n") for record in text.strip().split("\n\n")]
    return {
        name: (line[2:].replace("\\t", "\t").replace("\\x07", "\x07"), said.strip()) for name, line, said in records
    }


IN_A_SHOT = cases("in a shot")
BETWEEN_SHOTS = cases("between shots")


@pytest.mark.parametrize("name", IN_A_SHOT)
def test_one_mistake_in_a_shot(name: str, small: Text) -> None:
    line, said = IN_A_SHOT[name]
    assert said in [one.removeprefix("b.yaml:") for one in mistakes(small(line))]


ALONE = [name for name in IN_A_SHOT if name not in ("keyframe in words",)]  # which has a missing picture, too


@pytest.mark.parametrize("name", ALONE)
def test_one_mistake_is_one_sentence(name: str, small: Text) -> None:
    assert len(mistakes(small(IN_A_SHOT[name][0]))) == 1


WHOLE_FILES = {
    "empty": ("", ["1:1: this storyboard is empty; `storyforge plan` writes one from a story"]),
    "comments": ("# only\n", ["1:1: this storyboard is empty; `storyforge plan` writes one from a story"]),
    "a list": ("- a\n", ["1:1: a storyboard is keys and values; it starts with `storyforge: 1`"]),
    "prose": ("Once upon a time.\n", ["1:1: a storyboard is keys and values; it starts with `storyforge: 1`"]),
    "no scenes": ("storyforge: 1\n", ["1:1: a storyboard needs scenes"]),
    "two documents": (
        "storyforge: 1\n---\nstoryforge: 1\n",
        ["2:1: a second document starts here: one file holds one storyboard; remove the --- line"],
    ),
    "bad version": (
        "storyforge: 2\nscenes: [{id: a, shots: [{id: b}]}]\n",
        ["1:13: this file is of format 2, and this storyforge reads format 1: upgrade storyforge"],
    ),
    "a directive": (
        "%YAML 1.1\n---\nscenes: [{id: a, shots: [{id: b}]}]\n",
        ["1:1: %YAML 1.1 is not read here: storyboards are YAML 1.2; remove the line"],
    ),
    "bad size": (
        "size: 16:0\nscenes: [{id: a, shots: [{id: b}]}]\n",
        ["1:7: size: '16:0' is not a size: write a ratio such as 16:9, or pixels such as 1280x720"],
    ),
    "odd size": (
        "size: 1281x720\nscenes: [{id: a, shots: [{id: b}]}]\n",
        ["1:7: size: 1281x720 cannot be encoded: sides are even, 64 to 8192; nearest: 1280x720"],
    ),
    "bad fps": (
        "fps: fast\nscenes: [{id: a, shots: [{id: b}]}]\n",
        ["1:6: fps: 'fast' is not a frame rate: write 1 to 120, such as 24 or 30000/1001"],
    ),
    "duplicate ids": (
        "scenes:\n- {id: a, shots: [{id: b}, {id: B}]}\n- {id: a, shots: [{id: c}]}\n",
        [
            "2:33: the shot id 'B' is used twice (as b): ids are unique in a film",
            "3:8: the scene id 'a' is used twice: ids are unique in a film",
        ],
    ),
    "one name for two things": (
        "cast: {sea: a girl}\nplaces: {sea: a sea}\nscenes: [{id: a, shots: [{id: b}]}]\n",
        ["2:15: 'sea' is also in cast: names are unique in a film"],
    ),
    "no id": ("scenes:\n- shots:\n  - seconds: 1\n", ["2:3: a scene needs an id", "3:5: a shot needs an id"]),
    "bad id": (
        "scenes: [{id: a/b, shots: [{id: c d}]}]\n",
        [
            "1:15: id: 'a/b' cannot be a name: use letters, digits, - and _, such as a-b",
            "1:33: id: 'c d' cannot be a name: use letters, digits, - and _, such as c-d",
        ],
    ),
    "no description": (
        "cast: {ember: {wares: a hat}}\nscenes: [{id: a, shots: [{id: b, cast: [ember]}]}]\n",
        ["1:15: a cast member needs a description", "1:16: a cast member has no wares; did you mean wears?"],
    ),
    "a list as key": (
        "? [a]\n: b\nscenes: [{id: a, shots: [{id: b}]}]\n",
        ["1:3: a key is one word, not a list or a mapping"],
    ),
}


@pytest.mark.parametrize("name", WHOLE_FILES)
def test_whole_file(name: str) -> None:
    text, said = WHOLE_FILES[name]
    assert [one.removeprefix("b.yaml:") for one in mistakes(text)] == said


@pytest.mark.parametrize("name", BETWEEN_SHOTS)
def test_times_and_joins(name: str, small: Text, tmp_path: Path) -> None:
    (tmp_path / "ok.png").touch()
    (tmp_path / "ok.wav").touch()
    fields, said = BETWEEN_SHOTS[name]
    found = mistakes(small("seconds: 4") + f"      - {{id: b, {fields}}}\n", tmp_path / "b.yaml")
    assert [one.split(": ", 1)[1] for one in found] == [said]


def test_all_at_once_whatever_their_kind(small: Text, tmp_path: Path) -> None:
    lines = [line for name, (line, _) in IN_A_SHOT.items() if not name.startswith(("an open", "a tab", "duplicate"))]
    text = small() + "".join(f"      - id: x{i}\n        {line}\n" for i, line in enumerate(lines))
    found = mistakes(text, tmp_path / "b.yaml")
    fine_here = 1  # a flow is only wrong on the first shot
    assert len(found) >= len(lines) - fine_here
    assert all(one.startswith(f"{tmp_path}/b.yaml:") and "\n" not in one for one in found)
    numbers = [int(one.removeprefix(f"{tmp_path}/b.yaml:").split(":")[0]) for one in found]
    assert numbers == sorted(numbers)


def test_a_wrong_value_makes_no_other_look_wrong(small: Text) -> None:
    text = small("cast: [ember]").replace("  ember: {", "  ember: {wares: x, ", 1)
    assert mistakes(text) == ["b.yaml:3:11: a cast member has no wares; did you mean wears?"]
    text = small("seconds: none", "beats: [{at: 9, action: x}]")
    assert mistakes(text) == ["b.yaml:16:18: seconds cannot be none: write a number or auto"]
    assert mistakes(small("cast: [ember]").replace("cast:\n", "cast: 5\nold:\n", 1)) == [
        "b.yaml:2:7: cast: 5 is not a mapping: write {key: value} or indented key: value lines",
        "b.yaml:3:1: a storyboard has no old",
    ]


DAMAGED = """\
cast: {ember: {description: "a fox", looks: {rain: "a coat"}}}
scenes:
  - id: s
    time: night
    shots:
      - id: a
        cast: [ember@rain]
        narration: He left.
        seconds: 3
"""
SCRAPS = (
    ": ",
    "- ",
    " #",
    '"',
    "{",
    "}",
    "[",
    "]",
    ",",
    "&a ",
    "*a",
    "!x ",
    "|",
    "\n",
    "  ",
    "\t",
    "~",
    "---\n",
    "<<: ",
    "1",
)
DAMAGE = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 6), st.sampled_from(SCRAPS)), min_size=1, max_size=3)


@given(DAMAGE)
def test_damaged_text_gives_sentences_and_never_a_traceback(damage: list[tuple[int, int, str]]) -> None:
    text = DAMAGED
    for at, length, scrap in damage:
        text = text[:at] + scrap + text[at + length :]
    try:
        loads(text, "b.yaml")
        found = ()
    except StoryboardError as error:
        found = error.mistakes
    assert all(one.startswith("b.yaml:") and "\n" not in one and len(one) < 1000 for one in found)


def test_a_line_is_mended_once() -> None:
    text = DAMAGED.replace("        cast: [ember@rain]", "&a    cast: [ember@rain]")  # what follows belongs nowhere
    assert all(len(one) < 300 for one in mistakes(text))


def test_a_value_of_several_lines_is_shown_on_one(small: Text) -> None:
    assert mistakes(small("beats: |", "  - one", "  - two")) == [
        "b.yaml:16:16: beats: - one - two is not a list: write [ ... ] or lines that start with -"
    ]


@pytest.mark.slow
def test_anchors_that_unfold_themselves() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{now}: &{now} [{', '.join([f'*{was}'] * 9)}]" for was, now in zip("abcdefg", "bcdefgh", strict=True)]
    assert any("anchors unfold to more than 200,000 values" in one for one in mistakes("\n".join(lines)))


@pytest.mark.slow
@pytest.mark.parametrize("text", ["x: " + "[" * 1000, "x: " + "{a: " * 500])
def test_nested_too_deeply(text: str) -> None:
    assert mistakes(text) == ["b.yaml:1:1: values are nested too deeply to be a storyboard"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "1:1: this is a binary file; a storyboard is YAML saved as UTF-8"),
        (b"storyforge: 1\0\n", "1:1: this is a binary file; a storyboard is YAML saved as UTF-8"),
        ("title: é".encode("latin-1"), "1:8: this is not UTF-8 text; a storyboard is YAML saved as UTF-8"),
        (b"# " + b"x" * 5_000_000, "1:1: more than 4 MB is too much for a storyboard"),
    ],
)
def test_files_that_are_no_text(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    path.write_bytes(data)
    with pytest.raises(StoryboardError) as caught:
        load(path)
    assert caught.value.mistakes == (f"{path}:{said}",)


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"b\.yaml: the storyboard cannot be opened: no such file"):
        load(tmp_path / "b.yaml")
    with pytest.raises(InputError, match="is a directory"):
        load(tmp_path)


def test_a_link_out_of_the_folder_is_refused(small: Text, tmp_path: Path) -> None:
    (tmp_path / "secret.png").touch()
    (tmp_path / "film").mkdir()
    (tmp_path / "film" / "link.png").symlink_to(tmp_path / "secret.png")
    found = mistakes(small("source: link.png"), tmp_path / "film" / "b.yaml")
    assert found[0].endswith("link.png leads out of the storyboard's folder: copy the file into it")


def test_a_picture_with_nearly_that_name(small: Text, tmp_path: Path) -> None:
    (tmp_path / "refs").mkdir()
    (tmp_path / "refs" / "ember.png").touch()
    found = mistakes(small("source: refs/embr.png"), tmp_path / "b.yaml")
    assert found[0].endswith("there is no file refs/embr.png; did you mean refs/ember.png?")
