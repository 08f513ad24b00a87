"""Letters that the house face lacks are set in a face of the machine, in the one of the film's language."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_fonts import collection

from storyforge.film import Clip, Picture, assembly, borrowed, lettering, typefaces, wanting
from storyforge.film.picture import black
from storyforge.storyboard import Resolved

EAST = {"直": 40, "語": 41, "か": 42, "한": 43, "。": 44, "“": 45, "”": 45, "…": 46}
MEMBERS = {"Noto Sans CJK JP": 0, "Noto Sans CJK KR": 4, "Noto Sans CJK SC": 8, "Noto Sans CJK TC": 12}


@pytest.fixture
def fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine whose only fonts are in this folder: a collection whose members draw each letter differently."""
    families = {name: {letter: glyph + by for letter, glyph in EAST.items()} for name, by in MEMBERS.items()}
    (tmp_path / "NotoSansCJK-Regular.ttc").write_bytes(collection(families))
    monkeypatch.setattr(typefaces, "_folders", lambda: iter((tmp_path,)))
    _forget()
    yield tmp_path
    _forget()


def _forget() -> None:
    for cached in (typefaces.installed, typefaces._faces, typefaces.opened, lettering._elsewhere):
        cached.cache_clear()


def ink(text: str, language: str = "en") -> np.ndarray:
    """What a text looks like."""
    sheet = Image.new("RGB", (400, 80))
    lettering.face(text, 30, language=language).write(sheet, 20, 50, text, (255, 255, 255))
    return np.asarray(sheet.convert("L"))


def test_han_letters_are_drawn_as_the_film_s_language_draws_them(fonts: Path) -> None:
    members = {tag: typefaces.find("直", typefaces.east(tag, "直")) for tag in ("ja", "ko-KR", "zh", "zh-TW", "zh_HK")}
    assert {tag: found and found[1] for tag, found in members.items()} == {
        "ja": 0, "ko-KR": 1, "zh": 2, "zh-TW": 3, "zh_HK": 3,
    }  # fmt: skip
    looks = [ink("直", tag).tobytes() for tag in ("ja", "ko", "zh", "zh-Hant")]
    assert len(set(looks)) == 4


def test_a_text_tells_its_language_where_the_film_does_not(fonts: Path) -> None:
    assert [typefaces.east("en", text) for text in ("直か", "직 한", "直")] == ["ja", "ko", "zh-hans"]
    assert typefaces.east("zh", "直か") == "zh-hans"


def test_only_the_letters_that_are_lacking_are_set_elsewhere(fonts: Path) -> None:
    face = lettering.face("Ember 直語, 2024 か。", 30)
    assert [(run.text, run.own) for run in face.runs("Ember 直語, 2024 か。")] == [
        ("Ember ", True), ("直語", False), (", 2024 ", True), ("か。", False),
    ]  # fmt: skip
    assert face.length("Ember 直") == pytest.approx(face.length("Ember ") + face.length("直"))
    alone, mixed = ink("Ember"), ink("Ember 直")
    width = round(20 + face.length("Ember"))
    assert (alone[:, :width] == mixed[:, :width]).all()
    assert mixed[:, width:].any()


def test_marks_that_both_have_go_with_the_letters_beside_them(fonts: Path) -> None:
    def runs(text: str) -> list[tuple[str, bool]]:
        return [(run.text, run.own) for run in lettering.face(text, 30).runs(text)]

    assert runs("“直語…”") == [("“直語…”", False)]
    assert runs("“Ember” 直") == [("“Ember” ", True), ("直", False)]


def test_what_no_face_has_is_told_and_what_is_borrowed_is_known(fonts: Path) -> None:
    assert lettering.unprintable("Ember 直猫か", "ja") == "猫"
    assert borrowed(["Ember", "直"], "ja") == ("NotoSansCJK-Regular.ttc 0",)
    assert borrowed(["Ember", "é"], "ja") == ()
    assert [script.name for script in wanting()] == ["Chinese", "Arabic", "Hebrew", "Devanagari", "Thai"]
    assert all(script.packages for script in wanting())


def test_without_fonts_every_such_letter_is_told(fonts: Path) -> None:
    (fonts / "NotoSansCJK-Regular.ttc").unlink()
    _forget()
    assert lettering.unprintable("Ember 直か") == "直か"
    assert {"Japanese", "Korean"} <= {script.name for script in wanting()}


def test_a_damaged_font_is_passed_over(fonts: Path) -> None:
    (fonts / "NotoSansJP-Regular.otf").write_bytes(b"no font")
    _forget()
    assert typefaces.find("直", "ja") == (fonts / "NotoSansCJK-Regular.ttc", 0)


def test_words_that_run_to_the_left_are_laid_out_from_the_right(fonts: Path) -> None:
    text = "שלום 直"
    found = lettering.face(text, 30).runs(text)
    assert [run.text.strip() for run in found] == ["直", "שלום"]


@pytest.mark.parametrize(
    "text",
    [
        "「ここは、とても静かな場所です」と言った。",
        "ちょっとキャットフードのストーブへ",
        "他说：“你好”，然后走了……因为（已经）晚了。",
        "（一）海（二）山（三）Ember の狐『灯台』",
    ],
)
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(text: str) -> None:
    for room in range(5, 14):
        broken = lettering.lines(text, len, room)
        assert "".join("".join(broken).split()) == "".join(text.split())
        assert all(len(line) <= room for line in broken)
        assert not any(line[0] in "、。，」』”）…ャュョッー" for line in broken), broken
        assert not any(line[-1] in "「『“（" for line in broken), broken


def test_japanese_breathes_before_a_word() -> None:
    assert lettering.breath("は", "静") < lettering.breath("静", "か")
    assert lettering.breath("フー", "ド") > lettering.breath("は", "静")
    assert lettering.lines("古い灯台で猫が静かに眠る", len, 8) == ["古い灯台で", "猫が静かに眠る"]


def test_a_stretch_of_the_film_is_told_by_the_faces_of_its_words(fonts: Path, board: Callable[..., Resolved]) -> None:
    resolved = board('seconds: 4, narration: "直"', 'seconds: 1, narration: "Ember"')

    def pictures(start: int, stop: int) -> Iterator[Picture]:
        return (black(resolved.size) for _ in range(start, stop))

    clips = {shot.id: Clip(shot.id, shot.frames, pictures, digest=shot.id) for shot in resolved.shots}

    def keys() -> list[str | None]:
        _forget()
        cut = assembly(resolved, clips).cut
        return [cut.key(span) for span in cut.laid.stretches]

    before = keys()
    assert keys() == before
    (fonts / "NotoSansCJK-Regular.ttc").rename(fonts / "NotoSansSC-Regular.ttc")
    after = keys()
    assert (after[0] != before[0], after[1]) == (True, before[1])
    # names are set in a heavier weight than words
    (fonts / "NotoSansSC-Bold.ttc").write_bytes((fonts / "NotoSansSC-Regular.ttc").read_bytes())
    assert keys()[0] not in (before[0], after[0])
