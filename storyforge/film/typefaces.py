"""Typefaces for letters that the house face lacks: found by name in the folders where systems keep their fonts.

Han characters are shared by languages that draw them differently, so the language decides which face is taken, and
which member of a collection. Nothing but file names is read until a face is needed.
"""

import os
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from PIL import ImageFont

Weight = Literal["Medium", "SemiBold"]
SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
OWN = "STORYFORGE_FONTS"  # a folder of the user's own, searched before the system's
WEIGHTS: Mapping[Weight, tuple[str, ...]] = {
    "Medium": ("-Medium", "-Regular", "", "-VF", "[wght]", "-VariableFont_wght"),
    "SemiBold": ("-SemiBold", "-Bold", "Bold", "-Medium", "-Regular", "", "-VF", "[wght]", "-VariableFont_wght"),
}
HEAVY: Mapping[Weight, int] = {"Medium": 500, "SemiBold": 700}  # of a variable face
MISSING = "\uffff"  # no face has it: what it looks like is what a missing letter looks like
COLLECTION = 12  # faces looked at in one file

EVERYWHERE = ("NotoSansCJK", "SourceHanSans", "SourceHanSansHW", "NotoSansCJK-VF.otf", "DroidSansFallbackFull")
# Families by language: Linux, then macOS, then Windows. Weights are told apart by WEIGHTS.
EAST: Mapping[str, tuple[str, ...]] = {
    "ja": (
        "NotoSansCJKjp", "NotoSansJP", "SourceHanSansJP", "SourceHanSansJ", *EVERYWHERE, "ipaexg", "ipag",
        "TakaoPGothic", "VL-PGothic-Regular", "ヒラギノ角ゴシック W4", "HiraginoSans-W4", "Hiragino Sans W4", "YuGothM",
        "YuGothR", "meiryo", "msgothic",
    ),
    "ko": (
        "NotoSansCJKkr", "NotoSansKR", "SourceHanSansKR", "SourceHanSansK", *EVERYWHERE, "NanumGothic", "UnDotum",
        "AppleSDGothicNeo", "AppleGothic", "malgun", "malgunbd", "gulim",
    ),
    "zh-hans": (
        "NotoSansCJKsc", "NotoSansSC", "SourceHanSansCN", "SourceHanSansSC", *EVERYWHERE, "wqy-microhei", "wqy-zenhei",
        "PingFang", "Hiragino Sans GB", "STHeiti Medium", "msyh", "simhei", "simsun", "Deng",
    ),
    "zh-hant": (
        "NotoSansCJKtc", "NotoSansTC", "SourceHanSansTW", "SourceHanSansTC", *EVERYWHERE, "wqy-microhei", "wqy-zenhei",
        "PingFang", "STHeiti Medium", "msjh", "mingliu",
    ),
}  # fmt: skip
MEMBERS = {"ja": r"\bJP?\b", "ko": r"\bKR?\b", "zh-hans": r"\b(SC|CN)\b", "zh-hant": r"\b(TC|TW)\b"}  # of collections
OTHERS: Mapping[str, tuple[str, ...]] = {
    "ARABIC": ("NotoNaskhArabic", "GeezaPro", "segoeui", "tahoma"),
    "HEBREW": ("ArialHB", "segoeui", "tahoma"),
    "DEVANAGARI": ("Lohit-Devanagari", "Kohinoor", "DevanagariMT", "Nirmala", "mangal"),
    "THAI": ("Thonburi", "leelawui", "tahoma", "Loma"),
}
ANY = (
    "NotoSans",
    "DejaVuSans",
    "Arial Unicode",
    "arialuni",
    "segoeui",
    "seguisym",
    "Apple Symbols",
    "NotoSansSymbols2",
)


@dataclass(frozen=True)
class Script:
    """A group of letters as people call it, one of its letters, its language, and the packages that bring a face."""

    name: str
    letter: str
    language: str
    packages: str


CJK = "fonts-noto-cjk (Debian, Ubuntu), google-noto-sans-cjk-fonts (Fedora) or noto-fonts-cjk (Arch)"
NOTO = "fonts-noto-core (Debian, Ubuntu), google-noto-fonts-all (Fedora) or noto-fonts (Arch)"
SCRIPTS = (
    Script("Chinese", "语", "zh", CJK),
    Script("Japanese", "か", "ja", CJK),
    Script("Korean", "한", "ko", CJK),
    Script("Arabic", "ع", "ar", NOTO),
    Script("Hebrew", "ש", "he", NOTO),
    Script("Devanagari", "क", "hi", NOTO),
    Script("Thai", "ก", "th", NOTO),
)


def find(letter: str, language: str, weight: Weight = "Medium") -> tuple[Path, int] | None:
    """The file, and the face in it, that draws a letter in a language (east() names it); None when there is none."""
    for path in _candidates(letter, language, weight):
        faces = _faces(path)
        mine = re.compile(MEMBERS.get(language, "$^"))
        for index in sorted(faces, key=lambda index: (not mine.search(faces[index]), index)):
            if has(opened(path, index, 32, weight), letter):
                return path, index
    return None


def east(language: str, text: str) -> str:
    """The language whose Han characters a text is set in: the film's if it has any, else as the text's letters tell."""
    tag = language.lower().replace("_", "-")
    if tag.startswith(("zh", "cmn", "yue")):
        return "zh-hant" if re.search(r"hant|-tw|-hk|-mo|yue", tag) else "zh-hans"
    if tag[:2] in ("ja", "ko"):
        return tag[:2]
    kinds = {script(letter) for letter in text if not letter.isascii()}
    return "ja" if "KANA" in kinds else "ko" if "HANGUL" in kinds else "zh-hans"


@cache
def script(letter: str) -> str:
    """HAN (with East Asian punctuation), KANA, HANGUL, else the first word of its Unicode name: ARABIC, THAI."""
    name = unicodedata.name(letter, "")
    first = name.partition(" ")[0].partition("-")[0]
    if first in ("HIRAGANA", "KATAKANA") or name.startswith(("HALFWIDTH KATAKANA", "KATAKANA-HIRAGANA")):
        return "KANA"
    if first == "HANGUL" or name.startswith("HALFWIDTH HANGUL"):
        return "HANGUL"
    code = ord(letter)
    if first in ("CJK", "BOPOMOFO", "FULLWIDTH") or 0x2E80 <= code < 0x3400 or 0xFE30 <= code < 0xFE50:
        return "HAN"
    return first


def is_east(letter: str) -> bool:
    """Whether a letter is Chinese, Japanese or Korean."""
    return not letter.isascii() and script(letter) in ("HAN", "KANA", "HANGUL")


@cache
def opened(path: Path, index: int, size: int, weight: Weight) -> ImageFont.FreeTypeFont:
    """A face at `size` pixels; a variable one in the weight wanted."""
    font = ImageFont.FreeTypeFont(str(path), size, index)  # truetype() would look for a file of that name elsewhere
    try:
        axes = font.get_variation_axes()
    except OSError:
        return font  # it is not variable
    font.set_variation_by_axes([_at(axis, weight) for axis in axes])
    return font


@cache
def has(font: ImageFont.FreeTypeFont, letter: str) -> bool:
    """Whether a face has a letter; what is not seen, such as a joiner, every face has."""
    if letter.isspace() or unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f":
        return True
    return bytes(font.getmask(letter)) != bytes(font.getmask(MISSING))


def wanting() -> tuple[Script, ...]:
    """The scripts that no face on this machine has."""
    return tuple(one for one in SCRIPTS if find(one.letter, east(one.language, one.letter)) is None)


def _at(axis: Mapping[str, object], weight: Weight) -> float:
    """Where a variable face is set on one of its axes: at the weight, else where its maker has it."""
    name = axis["name"]
    said = name.decode("latin-1") if isinstance(name, bytes) else str(name)
    low, high, usual = (float(str(axis[key])) for key in ("minimum", "maximum", "default"))
    return min(high, max(low, HEAVY[weight])) if said.lower() == "weight" else usual


def _candidates(letter: str, language: str, weight: Weight) -> Iterator[Path]:
    """Files that may have a letter, the likeliest first."""
    kind, files = script(letter), installed()
    if kind in ("HAN", "KANA", "HANGUL"):
        first = {"KANA": "ja", "HANGUL": "ko"}.get(kind, language)
        families = [*EAST.get(language, ()), *EAST[first if first in EAST else "zh-hans"], *EAST["zh-hans"]]
    else:
        families = [f"NotoSans{kind.title()}", *OTHERS.get(kind, ()), *ANY]
    for family in dict.fromkeys(families):
        for suffix in WEIGHTS[weight]:
            path = files.get(f"{family}{suffix}".casefold())
            if path is not None:
                yield path


@cache
def _faces(path: Path) -> dict[int, str]:
    """Family names of the faces in a file, by index; none when it cannot be read."""
    found: dict[int, str] = {}
    for index in range(COLLECTION if path.suffix.lower() in (".ttc", ".otc") else 1):
        try:
            found[index] = ImageFont.FreeTypeFont(str(path), 16, index).getname()[0] or ""
        except OSError:
            break
    return found


@cache
def installed() -> Mapping[str, Path]:
    """Font files by their name without suffix, in lower case; the first folder that has a name wins."""
    found: dict[str, Path] = {}
    for folder in _folders():
        for here, below, names in os.walk(folder):
            below.sort()
            for name in sorted(names):
                path = Path(here, name)
                if path.suffix.lower() in SUFFIXES:
                    found.setdefault(unicodedata.normalize("NFC", path.stem).casefold(), path)
    return found


def _folders() -> Iterator[Path]:
    """Where fonts lie here: the user's, then the system's."""
    home = Path.home()
    if os.environ.get(OWN):
        yield Path(os.environ[OWN])
    if sys.platform == "win32":
        yield Path(os.environ.get("LOCALAPPDATA") or home, "Microsoft", "Windows", "Fonts")
        yield Path(os.environ.get("WINDIR") or "C:/Windows", "Fonts")
    elif sys.platform == "darwin":
        yield from (home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts"))
        yield from sorted(Path("/System/Library/AssetsV2").glob("com_apple_MobileAsset_Font*"))
    else:
        yield from (Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share") / "fonts", home / ".fonts")
        shares = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
        yield from (Path(share) / "fonts" for share in shares.split(":") if share)
