"""espeak-ng, by a small double of it: lines fitted to their seconds, voices found, babble instead where it fails."""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from listening import heard, loudness

from storyforge.film.sound import RATE, Babble, Saying, Voice, voice_for

# Like the program it writes to a pipe, so that the WAV header's lengths say nothing; a word a beep, as long as -s asks.
PROGRAM = '''#!{python} -S
import array, math, os, struct, sys
told = sys.argv[1:]
VOICES = """Pty Language       Age/Gender VoiceName          File                 Other Languages
 5  cmn             --/M      Chinese_(Mandarin,_latin_as_English) sit/cmn              (zh-cmn 5)(zh 5)
 2  en-gb           --/M      English_(Great_Britain) gmw/en               (en 2)
 3  en-us           --/M      English_(America)  gmw/en-US            (en 3)
 5  pt-br           --/M      Portuguese_(Brazil) roa/pt-BR            (pt 6)
"""
VARIANTS = """Pty Language       Age/Gender VoiceName          File                 Other Languages
 5  variant         --/F      female2            !v/f2
 5  variant         --/M      male3              !v/m3
 5  variant         --/M      whisper            !v/whisper
"""
if told == ["--version"]:
    print("eSpeak NG text-to-speech: 1.52-dev  Data at: /usr/share/espeak-ng-data")
elif told == ["--voices"]:
    print(VOICES, end="")
elif told == ["--voices=variant"]:
    print(VARIANTS, end="")
else:
    text = sys.stdin.buffer.read().decode()
    with open({log!r}, "a") as log:
        print(*(told[told.index(key) + 1] for key in ("-v", "-s", "-p")), text, file=log, sep="|")
    if "FAIL" in text:
        sys.exit("no such luck")
    rate, speed = 22050, int(told[told.index("-s") + 1])
    samples = array.array("h", bytes(2 * rate // 10))
    for word in text.split() if "HUSH" not in text else ():
        count = rate * 60 // speed
        rise = lambda n: math.sin(math.pi * n / count)
        samples.extend(int(9000 * rise(n) * math.sin(2 * math.pi * 200 * n / rate)) for n in range(count))
    head = b"RIFF" + struct.pack("<I", 0x7FFFF024) + b"WAVEfmt "
    head += struct.pack("<IHHIIHH", 16, 1, 1, rate, 2 * rate, 2, 16) + b"data" + struct.pack("<I", 0x7FFFF000)
    out = head + samples.tobytes()
    sys.stdout.buffer.write(out if "GARBAGE" not in text else b"not a wave")
'''


@pytest.fixture
def warnings() -> list[str]:
    return []


@pytest.fixture
def voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warnings: list[str]) -> Voice:
    """The double, found on PATH."""
    program = tmp_path / "espeak-ng"
    program.write_text(PROGRAM.format(python=sys.executable, log=str(tmp_path / "log")))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return voice_for(warnings.append)


@pytest.fixture
def told(tmp_path: Path) -> Callable[[], list[list[str]]]:
    """What the program was told since: voice, speed, pitch, text."""

    def read() -> list[list[str]]:
        log = tmp_path / "log"
        lines = [line.split("|") for line in log.read_text().splitlines()]
        log.unlink()
        return lines

    return read


def test_babble_where_no_program_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert isinstance(voice_for(), Babble)


def test_its_name_has_its_version(voice: Voice) -> None:
    assert voice.name.startswith("espeak-ng 1.52")


@pytest.mark.parametrize("who", [None, "ember"])
def test_a_line_is_as_long_as_its_seconds(voice: Voice, warnings: list[str], who: str | None) -> None:
    line = voice.say(Saying("That night the storm came back", 4.25, who))
    assert line.shape == (round(4.25 * RATE),)
    assert line.dtype == np.float32
    begin, end = heard(line)
    assert 0 < begin < 0.1
    assert 2.0 < end < 2.4  # six words at the usual speed
    assert not line[-1000:].any()
    assert not warnings
    assert np.array_equal(line, voice.say(Saying("That night the storm came back", 4.25, who)))


def test_its_loudness_is_that_of_babble(voice: Voice) -> None:
    saying = Saying("That night the storm came back", 4, "ember")
    assert abs(loudness(voice.say(saying)) - loudness(Babble().say(saying))) < 1.5


def test_words_are_said_as_fast_as_they_must(
    voice: Voice, warnings: list[str], told: Callable[[], list[list[str]]]
) -> None:
    begin, end = heard(voice.say(Saying("one two three four five six", 1.6, "ember")))
    speeds = [int(line[1]) for line in told()]
    assert speeds[0] == 165
    assert 250 <= speeds[-1] <= 300
    assert len(speeds) <= 3
    assert begin < 0.1
    assert 1.3 < end < 1.6
    assert not warnings


def test_too_many_words_are_hurried_and_said_so(voice: Voice, warnings: list[str]) -> None:
    line = voice.say(Saying("one two three four five six", 0.7, "ember"))
    voice.say(Saying("one two three four five six", 0.7, "ember"))
    assert len(line) == round(0.7 * RATE)
    assert 0.4 < heard(line)[1] < 0.68
    assert np.abs(line).max() < 1
    assert not line[-100:].any()
    assert len(warnings) == 1
    assert "give its shot 1.4 s" in warnings[0]


@pytest.mark.parametrize(
    ("asked", "language", "found"),
    [
        ("en-US", "en", "en-us"),
        ("English (America)", "en", "gmw/en-US"),
        ("en-gb+f2", "en", "en-gb+f2"),
        ("zh", "en", "cmn"),
        (None, "en", "en-gb"),
        (None, "pt-PT", "pt-br"),
        ("klingon", "zh", "cmn"),
    ],
)
def test_voices_are_found(
    voice: Voice, told: Callable[[], list[list[str]]], asked: str | None, language: str, found: str
) -> None:
    voice.say(Saying("Hello.", 2, None, asked, language=language))
    assert told()[0][0] == found


def test_characters_have_voices_of_their_own(voice: Voice, told: Callable[[], list[list[str]]]) -> None:
    for who in ("ember", "moth", "bear", "owl"):
        voice.say(Saying("Hello.", 2, who))
    lines = told()
    assert len({(line[0], line[2]) for line in lines}) == 4
    assert {line[0] for line in lines} <= {"en-gb+f2", "en-gb+m3"}
    voice.say(Saying("Hello.", 2, "ember", "low"))
    voice.say(Saying("Hello.", 2, "ember", how="whispers"))
    low, whisper = told()
    assert low[0] == "en-gb+m3"
    assert int(low[2]) < 50
    assert whisper[0] == "en-gb+whisper"


def test_a_voice_with_a_timbre_whispers_shouts_and_has_a_pitch(
    voice: Voice, told: Callable[[], list[list[str]]]
) -> None:
    for who, how in (("ember", ""), ("ember", "whispers"), ("ember", "shouts"), ("owl", "")):
        voice.say(Saying("Hello.", 2, who, "en-gb+f2", how=how))
    plain, whisper, shout, other = told()
    assert {plain[0], shout[0], other[0]} == {"en-gb+f2"}
    assert whisper[0] == "en-gb+whisper"
    assert int(shout[2]) > int(plain[2])
    assert plain[2] != other[2]


def test_brackets_are_no_names_of_sounds(voice: Voice, told: Callable[[], list[list[str]]]) -> None:
    voice.say(Saying("-v [[x]] \n hello", 2, "ember"))
    assert "[[" not in told()[0][3]


@pytest.mark.parametrize("wrong", ["FAIL", "GARBAGE", "HUSH"])
def test_what_fails_is_babbled_and_told_once(voice: Voice, warnings: list[str], wrong: str) -> None:
    saying = Saying(f"Oh {wrong}", 2, "ember")
    assert np.array_equal(voice.say(saying), Babble().say(saying))
    assert not voice.say(Saying(f"It was {wrong}", 2)).any()
    assert len(warnings) == 1
    assert f'could not say "Oh {wrong}"' in warnings[0]


def test_a_language_it_lacks_is_babbled(voice: Voice, warnings: list[str]) -> None:
    saying = Saying("Saluton", 2, "ember", language="eo")
    assert np.array_equal(voice.say(saying), Babble().say(saying))
    assert "does not speak eo" in warnings[0]


def test_a_program_that_does_not_start_is_told(voice: Voice, warnings: list[str], tmp_path: Path) -> None:
    (tmp_path / "espeak-ng").write_text("#!/no/such/interpreter\n")
    assert voice.say(Saying("Hello.", 2, "ember")).any()
    assert "does not start" in warnings[0]
