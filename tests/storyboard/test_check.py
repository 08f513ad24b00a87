"""check: what will not be seen as written, at its place, each said once."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storyforge.cli import main
from storyforge.storyboard import Document, Notice, check, lengths, load, loads, resolve

Text = Callable[..., str]

VOCABULARY: dict[str, Any] = {
    "kinds": {
        "fox": ["fox", "vixen", "fox cub"],
        "bird": ["bird"],
        "man": ["man", "lighthouse keeper"],
        "moth": ["moth"],
    },
    "places": {"lighthouse": ["lighthouse", "cliff"], "cave": ["cave"], "beach": ["beach"]},
    "times": {"night": ["night", "late at night"], "day": ["day"]},
    "weathers": {"clear": ["clear"], "storm": ["storm", "stormy"]},
    "actions": {
        "idle": ["stands"],
        "walk": ["walks", "climbs"],
        "run": ["runs", "runs away"],
        "look": ["looks around"],
    },
    "feelings": {"happy": ["happy"], "afraid": ["afraid", "frightened"]},
    "props": {"lantern": ["lantern", "lamp"], "ball": ["ball"]},
    "wears": {"coat": ["coat", "raincoat"], "hat": ["hat"], "scarf": ["scarf"]},
    "nearest": {"helicopter": "bird", "sea": "beach", "swims": "walk", "crown": "hat"},
}


def notices(text: str, folder: Path | None = None) -> list[str]:
    path = (folder or Path()) / "b.yaml"
    return [
        f"{one.place.rpartition('b.yaml:')[2]} {one.level}: {one.sentence}"
        for one in check(loads(text, path), VOCABULARY)
    ]


def test_the_design_s_example(example: Document) -> None:
    found = check(example, VOCABULARY)
    assert all(isinstance(one, Notice) and one.place.startswith(f"{example.path}:") for one in found)
    ignored = [(one.place.removeprefix(f"{example.path}:"), one.sentence) for one in found if one.level == "ignored"]
    assert ("7:8", "toon takes no negative prompt: avoid (text, watermark) is ignored") in ignored
    assert ("15:17", "toon cannot use pictures: references (refs/ember.png) is ignored") in ignored
    assert not any("voice" in said or "sound" in said for _, said in ignored)
    assert any("keyframes (refs/stairs.png, refs/top.png) is ignored" in said for _, said in ignored)
    assert any(one.sentence.startswith("sea.jpg is neither a picture nor a film that can be read") for one in found)
    assert not any("style" in said for _, said in ignored)  # it is the one style that toon has
    lines = [int(one.place.split(":")[-2]) for one in found]
    assert lines == sorted(lines)


def test_a_style_that_toon_does_not_have(small: Text) -> None:
    assert notices(f'style: "oil"\n{small()}') == [
        "1:8 ignored: toon has one style, flat-colour storybook: style (oil) is ignored"
    ]


def test_a_lock_is_heeded(small: Text) -> None:
    assert not notices(small("lock: true"))


NEAREST = {
    "cast: [moth]": [],
    "action: Ember flies away": [],  # nobody is in the shot
    'cast: [{who: moth, does: "swims home"}]': ["toon has no way to show that somebody swims; nearest: walk"],
    'cast: [{who: moth, does: "running away"}]': [],
    'cast: [{who: moth, does: "slowly climbs the stairs"}]': [],
    'cast: [{who: moth, does: "juggles"}]': [
        "toon has no way to show that somebody juggles; and nothing near it among its actions"
    ],
    "cast: [{who: moth, feels: very frightened}]": [],
    "cast: [{who: moth, feels: smug}]": ["toon has no face for smug; and nothing near it among its feelings"],
    "time: late at night": [],
    "time: the blue hour": ["toon has no time hour; and nothing near it among its times"],
    "weather: hail": ["toon has no hail weather; and nothing near it among its weathers"],
}


@pytest.mark.parametrize("line", NEAREST)
def test_the_nearest_thing_that_toon_can_draw(line: str, small: Text) -> None:
    found = [one.split(": ", 1)[1] for one in notices(small(line)) if " nearest: " in one]
    assert found == NEAREST[line]


KINDS = {
    "a small orange fox": [],
    "an old lighthouse keeper with a helicopter": [],
    "two foxes": [],
    "a red helicopter": ["toon has no helicopter; nearest: bird"],
    "a submarine": ["toon has no submarine; and nothing near it among its kinds"],
    "a helicopter-bird": [],
    "someone like a fox": [],
}


@pytest.mark.parametrize("description", KINDS)
def test_who_can_be_drawn(description: str, small: Text) -> None:
    text = small("cast: [moth]").replace('moth: "a moth"', f'moth: "{description}"')
    assert [one.split(": ", 1)[1] for one in notices(text)] == KINDS[description]


def test_clothes_props_and_places_that_are_used(small: Text) -> None:
    text = small("cast: [ember@rain]", "place: sea").replace('rain: "a coat"', 'rain: "a golden crown"')
    assert [one.split(": ", 1)[1] for one in notices(text)] == [
        "toon has no crown; nearest: hat",
        "toon has no sea; nearest: beach",
    ]
    assert notices(small("cast: [moth]").replace('"the sea"', '"a submarine"')) == []  # nobody goes there


def test_more_than_toon_draws(small: Text) -> None:
    cast = "cast:\n" + "".join(f'  m{i}: "a moth"\n' for i in range(4))
    props = 'props:\n  ball: "a ball"\n'
    text = small("cast: [m0, m1]", "props: [lantern, ball]").replace("cast:\n", cast, 1).replace("props:\n", props, 1)
    text += "      - {id: b, cast: [m2, m3], join: flow}\n"
    assert [one.split(" ", 1)[1] for one in notices(text)] == [
        "warning: toon draws one prop in a shot, and a has 2 (lantern, ball): lantern is drawn",
        "warning: toon draws 3 characters at once; a to b has 4 (m0, m1, m2, m3): the 3 that matter most are drawn",
    ]


def test_a_flow_across_places_or_looks_is_a_morph(small: Text) -> None:
    text = small("cast: [ember]") + "      - {id: b, cast: [ember@rain], place: sea, join: flow}\n"
    assert [one.split(" ", 1)[1] for one in notices(text) if "warning" in one] == [
        "warning: the flow from a to b turns cave into sea: a morph; use cut or dissolve for two places",
        "warning: the flow from a to b turns ember into ember@rain: a morph",
    ]


def test_words_that_do_not_fit(small: Text) -> None:
    said = "letters a second are too many to read; give it more seconds or fewer words"
    assert notices(small("seconds: 2", f'narration: "{"x" * 60}"')) == [
        f"16:18 warning: the narration in a takes 4.0 s and has 1.7 s: 36 {said}"
    ]
    assert notices(small("seconds: 4", f'narration: "{"x" * 60}"')) == []  # 18 letters a second
    late = 'dialogue: [{who: ember, line: "At the last moment", at: 1.6}]'
    assert notices(small("seconds: 2", "cast: [ember]", late)) == [
        f"16:18 warning: ember's line in a takes 1.2 s and has 0.4 s: 43 {said}"
    ]


def test_narration_that_runs_on_is_not_hurried(small: Text) -> None:
    text = small("seconds: 2", f'narration: "{"x" * 60}"') + "      - {id: b, seconds: 4}\n"
    assert notices(text) == []
    assert len(notices(text.replace("id: b", f'id: b, narration: "{"x" * 60}"'))) == 1


def test_a_line_before_the_film(small: Text) -> None:
    assert notices(small("seconds: 4", "cast: [ember]", "dialogue: [{who: ember, line: Boo, at: -1}]")) == [
        "18:48 warning: a line of a starts at -1 s, and the film has nothing before it: it is heard from the start"
    ]


def test_who_is_looked_at_or_heard_and_is_not_there(small: Text) -> None:
    assert notices(small("cast: [ember]", "camera: {on: moth}", "dialogue: [{who: moth, line: hm}]")) == [
        "17:17 warning: the camera of a is on moth, and moth is not in the shot",
        "18:20 warning: moth speaks in a and is not in its cast: no mouth moves; cast moth or write on: false",
    ]
    assert (
        notices(small("dialogue: [{who: moth, line: hm, on: false}]", "camera: {on: lantern}", "props: [lantern]"))
        == []
    )


def test_a_renderer_of_the_storyboard_s_own(small: Text, tmp_path: Path) -> None:
    (tmp_path / "renderers").mkdir()
    (tmp_path / "renderers" / "mine.yaml").write_text(
        "backend: diffusers\nignores: {beats: it hears one prompt a clip}\n"
    )
    found = notices(small("renderer: mine", "beats: [{at: 1, action: x}]", "weather: hail"), tmp_path)
    assert "17:16 ignored: it hears one prompt a clip: beats is ignored" in found


def test_lengths(small: Text) -> None:
    document = loads(small("seconds: 4") + "      - {id: b, seconds: 3, join: {kind: dissolve, seconds: 0.5}}\n")
    assert lengths(resolve(document.board)) == (7.0, 0.5, 6.5, 156)
    assert str(lengths(resolve(document.board))) == "7 s of shots less 0.5 s of overlaps: a film of 6.5 s (156 frames)"
    assert str(lengths(resolve(loads(small("seconds: 4")).board))) == "4 s of shots: a film of 4 s (96 frames)"


def test_the_shipped_vocabulary_knows_the_shipped_boards() -> None:
    for path in sorted((Path(__file__).parents[2] / "storyboards").glob("*.yaml")):
        assert [one for one in check(load(path)) if one.level != "warning"] == []


def test_loading_and_checking_import_nothing_heavy(example: Document) -> None:
    program = (
        "import sys; from storyforge.storyboard import check, load; check(load(sys.argv[1]));"
        "heavy = {'torch', 'numpy', 'diffusers', 'transformers', 'langchain', 'openai', 'jinja2', 'PIL', 'av', 'rich'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    path = Path(example.path)  # a file that a shot shows is looked into, which takes a library; a colour takes none
    path.write_text(path.read_text(encoding="utf-8").replace("photos/sea.jpg", '"#204060"'), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == "[]\n"


def test_the_sound_of_a_renderer_that_makes_none(tmp_path: Path) -> None:
    board = """\
storyforge: 1
renderer: ltx-2
options: {toon: {sound: false}, ltx-2: {sound: false}}
scenes:
  - id: day
    shots:
      - {id: one, seconds: 2}
"""
    assert notices(board, tmp_path) == ["3:17 ignored: toon makes no sound of its own: its option sound is ignored"]


def test_what_is_no_answer_is_refused_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    board = """\
storyforge: 1
renderer: toon
options: {ltx-2: {sound: "no"}}
scenes: [{id: day, shots: [{id: one, seconds: 2, options: {toon: {sound: 1}}}]}]
"""
    path = tmp_path / "storyboard.yaml"
    path.write_text(board)
    for verb in ("check", "render"):
        with pytest.raises(SystemExit) as ended:
            main([verb, str(path)])
        assert ended.value.code == 2
        assert capsys.readouterr().err.splitlines() == [
            f"{path}:3:26: options of ltx-2: sound is 'no'; write true (what it makes is heard) or false",
            f"{path}:4:74: options of toon: sound is 1; write true (what it makes is heard) or false",
        ]
    assert [file.name for file in tmp_path.iterdir()] == ["storyboard.yaml"], "nothing was begun"
    with pytest.raises(SystemExit) as ended:
        main(["status", str(path)])
    assert not ended.value.code
