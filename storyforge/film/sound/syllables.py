"""Syllables: written words of any script as what a babbling mouth needs, a vowel each and the consonants before it.

English rules, good enough: no dictionary. Other Latin spellings, Cyrillic, Greek, kana and Hangul keep the vowels they
write; a Chinese character, and two letters of a script that writes no vowels, are a syllable whose vowel is made up.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*|\.{2,}|…|--+|[.!?,;:—–。！？、，；：．]|\s[-~]\s")
_MARKS = str.maketrans("。．！？、，；：:–", "..!?,,;;;—")

# Vowels: i see, I sit, e bed, A cat, a father, o law, u blue, V cut, U German u-umlaut, R bird; two are a glide.
_UNIT = re.compile(r"eigh|igh|eau|ee|ea|ei|ey|eu|ew|ie|oo|ou|ow|oa|oe|oi|oy|ai|ay|au|aw|ue|ui|uy|[aeiouy]")
_ENGLISH = {
    "eigh": "ei", "igh": "ai", "eau": "ou", "ee": "i", "ea": "i", "ei": "ei", "ey": "i", "eu": "u", "ew": "u",
    "ie": "i", "oo": "u", "ou": "au", "ow": "ou", "oa": "ou", "oe": "ou", "oi": "oi", "oy": "oi", "ai": "ei",
    "ay": "ei", "au": "o", "aw": "o", "ue": "u", "ui": "u", "uy": "ai",
    "a": "A", "e": "e", "i": "I", "o": "o", "u": "V", "y": "I",
}  # fmt: skip
_LONG = {"a": "ei", "i": "ai", "y": "ai", "o": "ou", "u": "u", "e": "i"}  # before a silent e, or last
_BEFORE_R = {"a": "a", "e": "R", "i": "R", "u": "R", "y": "R"}
_WRITTEN = {"ou": "u", "oo": "u", "ee": "i", "ie": "i", "eu": "oi", "ei": "ai", "y": "U"}  # where it is not English

# Consonants: as written, and C church, S she, T thin, Y yes.
_CONSONANT = re.compile(r"tch|sh|ch|th|ph|ck|ng|qu|wh|gh|kn|wr|[bcdfghjklmnpqrstvwxYz]")
_SOUNDS = {
    "tch": "C", "sh": "S", "ch": "C", "th": "T", "ph": "f", "ck": "k", "ng": "n", "qu": "kw", "wh": "w", "gh": "",
    "kn": "n", "wr": "r", "c": "k", "j": "C", "q": "k", "x": "ks",
}  # fmt: skip

_CYRILLIC = str.maketrans(
    "абвгдеёжзийклмнопрстуфхцчшщыэюяіїєґ", "abvgdeojziyklmnoprstufhscssieuaiieg", "ъь"
)  # letters as Latin ones of much the same sound
_GREEK = str.maketrans("αβγδεζηθικλμνξοπρσςτυφχψω", "avgdezitiklmnxoprsstifhso")
_SPECIAL = str.maketrans({"ø": "o", "æ": "e", "œ": "e", "ł": "l", "đ": "d", "ð": "d", "þ": "t", "ı": "i", "’": "'"})
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_JAMO = ("a", "e", "a", "e", "V", "e", "V", "e", "o", "a", "e", "e", "o", "u", "V", "e", "i", "u", "u", "ui", "i")
_COMMON = {  # the commonest words that no rule reads right, spelled so that it does
    "you": "yoo", "your": "yor", "youre": "yor", "to": "too", "do": "doo", "who": "hoo", "are": "ar", "have": "hav",
    "one": "wun", "come": "cum", "some": "sum", "said": "sed", "of": "uv", "the": "thuh", "was": "wuz", "what": "wut",
    "there": "ther", "where": "wher", "were": "wer", "been": "bin", "eyes": "ise",
}  # fmt: skip
_LIGHT = re.compile(
    r"(?:a|an|the|and|or|but|of|to|in|on|at|by|for|from|with|as|is|was|be|been|am|are|were|its?|he|she|they|them|his|"
    r"her|him|my|your|our|their|that|this|than|so|if|not|no|us|we|you|i|me|do|does|did|has|had|have|will|would|can|could)"
)  # words without weight of their own


@dataclass(frozen=True)
class Syllable:
    """A vowel (two letters: a glide from one to the other), up to two consonants before it, and whether it is heavy."""

    onset: str
    vowel: str
    heavy: bool = False


@dataclass(frozen=True)
class Phrase:
    """Syllables said in one go, and the mark they end with: one of . ! ? , ; — …"""

    syllables: tuple[Syllable, ...]
    mark: str


@lru_cache(maxsize=64)
def phrases(text: str, language: str = "en") -> tuple[Phrase, ...]:
    """The phrases of a line; none where nothing in it can be said."""
    found: list[Phrase] = []
    running: list[Syllable] = []
    for token in _TOKEN.findall(unicodedata.normalize("NFKC", text).replace("’", "'")):
        if token[0].isalnum():
            running += _word(token.casefold(), language.casefold()[:2])
        elif running:
            found.append(Phrase(tuple(running), _mark(token)))
            running = []
        elif found and token.strip() in "!?":  # "What?!" asks, and louder
            found[-1] = Phrase(found[-1].syllables, "!" if "!" in (token, found[-1].mark) else "?")
    if running:
        found.append(Phrase(tuple(running), "."))
    return tuple(found)


def _mark(token: str) -> str:
    if token.startswith("..") or token == "…":
        return "…"
    return "—" if token.strip()[0] in "-~—–" else token.translate(_MARKS)


def _word(word: str, language: str) -> Iterator[Syllable]:
    """The syllables of one word, in lower case; pieces of different scripts one after another."""
    for piece in re.findall(r"\d|[^\W\d]+", word.replace("'", "")):
        if piece.isdigit():
            yield from _latin(_DIGITS[int(piece)], "en")
            continue
        for script, letters in _scripts(piece):
            if script == "latin":
                yield from _latin(letters, language)
            else:
                yield from _spelled(script, letters)


def _scripts(word: str) -> Iterator[tuple[str, str]]:
    """Runs of letters of one kind: latin (so told, Cyrillic and Greek too), a script of syllables, or other."""
    told = unicodedata.normalize("NFD", word.translate(_CYRILLIC).translate(_SPECIAL))
    told = re.sub("ου", "u", "".join(c for c in told if unicodedata.category(c) != "Mn" or c in "\u3099\u309a"))
    told = re.sub("[εο]ι", "i", told).replace("αι", "e").translate(_GREEK)
    kind, run = "", ""
    for letter in unicodedata.normalize("NFC", told):
        now = _script(letter)
        if now != kind and run:
            yield kind, run
            run = ""
        kind, run = now, run + letter
    if run:
        yield kind, run


def _script(letter: str) -> str:
    if letter.isascii():
        return "latin"
    name = unicodedata.name(letter, "")
    return next((s for s in ("HANGUL", "HIRAGANA", "KATAKANA", "CJK") if name.startswith(s)), "other")


def _spelled(script: str, letters: str) -> Iterator[Syllable]:
    """A syllable a sign; where vowels are not written, a syllable two letters, its vowel made up from the letters."""
    length = 2 if script == "other" else 1
    for number, mark in enumerate(letters[n : n + length] for n in range(0, len(letters), length)):
        made_up = crc32(mark.encode())
        vowel, onset = "aieou"[made_up % 5], "mntklsbdpg"[made_up // 5 % 10]
        if script == "HANGUL" and "가" <= mark <= "힣":
            index = ord(mark) - ord("가")
            vowel, onset = _JAMO[index // 28 % 21], "kknttlmbpss.CCCktph"[min(index // 588, 18)].replace(".", "")
        elif script in ("HIRAGANA", "KATAKANA"):
            sound = unicodedata.name(mark, "").split()[-1].lower()
            if mark in "ーゝヽっッんン" or sound[-1:] not in "aieou" or "SMALL" in unicodedata.name(mark, ""):
                continue
            vowel, onset = sound[-1], _onset(sound[:-1].replace("y", "Y"), "")
        yield Syllable(onset, vowel, heavy=number % 2 == 0)


def _latin(word: str, language: str) -> Iterator[Syllable]:
    """English spelling read by rules; for other languages each vowel as it is written."""
    english = language == "en"
    plain = re.sub(r"[^a-z]", "", word)
    plain = _COMMON.get(plain, plain) if english else plain
    silent = _silent_end(plain) if english else ""
    body = plain[: len(plain) - len(silent)]
    body = re.sub(r"([tscg])io", r"\1o", body) if english else body
    body = re.sub(r"(^|[aeiou])y(?=[aeiou])", r"\1Y", body)  # a y before a vowel is a consonant
    body = re.sub(r"(?<=q)u", "", body)
    light = english and _LIGHT.fullmatch(word) is not None
    units = list(_UNIT.finditer(body))
    if not units and (len(body) > 1 or (body and english)):  # "hmm", "TV", "pst": said as one
        yield Syllable(_onset(body[:1], ""), "V", heavy=True)
    before = 0
    for number, unit in enumerate(units):
        after = body[unit.end() :]
        last = number == len(units) - 1
        vowel = _english(unit[0], after, last, len(units), bool(silent)) if english else _plain(unit[0])
        yield Syllable(_onset(body[before : unit.start()], unit[0]), vowel, heavy=number == 0 and not light)
        before = unit.end()


def _silent_end(word: str) -> str:
    """The letters at the end of an English word that are no syllable: cave, caves, climbed."""
    if len(_UNIT.findall(word)) < 2:
        return ""
    found = re.search(r"(?<=[^aeiouy])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyscxzhg])es$", word)
    if found is None or re.search(r"[^aeiouylr]l(e|es)$", word):  # a-ble, can-dles
        return ""
    return found[0]


def _english(unit: str, after: str, last: bool, units: int, silent_e: bool) -> str:
    if unit in _BEFORE_R and re.match(r"r([^aeiouyr]|$)", after):
        return _BEFORE_R[unit]
    if unit in _LONG and last:
        if silent_e and len(after) == 1:
            return _LONG[unit]
        if not after and unit == "e" and units > 1:
            return "V"  # ta-ble
        if not after and not (unit == "a" and units > 1):
            return "i" if unit == "y" and units > 1 else _LONG[unit]
    return _ENGLISH[unit]


def _plain(unit: str) -> str:
    return _WRITTEN.get(unit, unit[0] if len(unit) == 1 else unit[0] + unit[-1].replace("w", "u").replace("y", "i"))


def _onset(cluster: str, vowel: str) -> str:
    """The last two sounds of the consonants before a vowel."""
    cluster = re.sub("c$", "s", cluster) if vowel[:1] in ("e", "i", "y") else cluster
    sounds = "".join(_SOUNDS.get(c, c) for c in _CONSONANT.findall(re.sub(r"(.)\1", r"\1", cluster)))
    return sounds[-2:]
