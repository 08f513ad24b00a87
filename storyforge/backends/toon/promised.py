"""What words of a cast promise: the kinds, colours and clothes that toon has for them, and plain words for those."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple

from storyforge.backends.toon.captions import article
from storyforge.backends.toon.casting import PEOPLE  # of whom no colour is told but that of their hair and clothes
from storyforge.backends.toon.vocabulary import vocabulary
from storyforge.storyboard import Meaning, Section, Vocabulary

CLOTHES = ("wears", "wear_colour")
SECTIONS: dict[str, tuple[Section, str]] = {
    "character": ("kinds", "kind"), "prop": ("props", "prop"), "place": ("places", "place"),
}  # fmt: skip
NAMED = re.compile(r"^[A-Z][\w'-]*,? (?=(?:the|an?) )")  # "Moth, the little cat": no moth
DEALERS = {
    "hunter", "farmer", "keeper", "tamer", "walker", "rider", "doctor", "catcher", "trainer", "shepherd", "burglar",
    "herder", "breeder", "charmer", "watcher", "lover", "seller", "dealer",
}  # fmt: skip
SHADES = {"dark", "pale", "dusty", "silver", "golden"}  # of the colour beside them
HAIR = re.compile(r"([\w-]+) hair\b")
WORN = re.compile(r"\bwearing ([^,.;]*)")


class Promise(NamedTuple):
    """What should be read back from a sheet, named as readback.py does, and a text of words that toon learned."""

    facts: Mapping[str, str]
    text: str


def promised(text: str, kind: Literal["character", "prop", "place"]) -> Promise:
    """What `storyforge check` takes a description for; no facts where it has no word for it, or more than one meaning.

    "two old police officers, wearing a red hat." is "an old woman, wearing a red hat.", a kind, clothes and a colour.
    """
    section, name = SECTIONS[kind]
    text, given = NAMED.sub("", text), NAMED.match(text)
    said = Vocabulary.head(text)
    calling = said[-1] if said else ""
    meaning = _words().noun(calling if calling in DEALERS else " ".join(said), section)
    if meaning.drawn is None or not _ends(calling, meaning.word) or _several(meaning, section):
        return Promise({}, text)
    if meaning.drawn in PEOPLE and _animal(said, given[0] if given else ""):
        return Promise({}, text)
    facts = {name: meaning.drawn}
    colour = _colour(said)
    if colour is not None and kind != "place" and meaning.drawn not in PEOPLE:
        facts["coat" if kind == "character" else "colour"] = colour
    if kind == "character":
        facts |= _looks(text, said, meaning.drawn)
    told = [word for word in said if word in _adjectives()]
    hair = f" with {facts['hair']} hair" if "hair" in facts else ""
    worn = [facts[one] for one in reversed(CLOTHES) if one in facts and facts[one] != "nothing"]
    clothes = (
        f", wearing {' '.join(worn) if worn[-1] == 'glasses' else article(' '.join(worn), definite=False)}"
        if worn
        else ""
    )
    plain = article(" ".join(dict.fromkeys([*told, meaning.drawn])), definite=False)
    return Promise(facts, f"{plain}{hair}{clothes}.")


def _animal(said: list[str], name: str) -> bool:
    """Whether a calling may be an animal's: "a bear baker", "Wolf, the king", but no bear hunter."""
    words = Vocabulary.head(name) + (said if said[-1] not in DEALERS else [])
    kinds = (_words().noun(word, "kinds").drawn for word in words)
    return any(kind is not None and kind not in PEOPLE for kind in kinds)


def _colour(words: list[str]) -> str | None:
    """The one colour that is told: "dark blue" is blue; None for "black and white"."""
    told = [word for word in words if word in _colours()]
    plain = [word for word in told if word not in SHADES] or told
    return _colours()[plain[0]] if len(plain) == 1 else None


def _ends(noun: str, word: str) -> bool:
    """Whether what was known is the noun itself: "an orange potion" is no orange."""
    known = word.split()[-1]
    return noun in (known, f"{known}s", f"{known}es") or noun.rpartition("-")[2] == known


def _several(meaning: Meaning, section: Section) -> bool:
    """Whether a word means this and, in other company, that: a cub is a fox's, and a bear cub is none."""
    phrases = _words().phrases[section].items()
    return any(drawn != meaning.drawn and phrase.endswith(f" {meaning.word}") for phrase, drawn in phrases)


def _looks(text: str, said: list[str], kind: str) -> dict[str, str]:
    """Markings, hair and clothes that words tell of a character."""
    facts: dict[str, str] = {}
    for mark, words in vocabulary()["markings"].items():
        if {*words} & {*said}:
            facts["marking"] = mark
    hair = HAIR.search(text.casefold())
    if hair and hair[1] in _colours() and kind in PEOPLE:
        facts["hair"] = _colours()[hair[1]]
    worn = WORN.search(text.casefold())
    meaning = _words().noun(worn[1], "wears") if worn and " and " not in worn[1] else None
    if worn and meaning and meaning.drawn is not None:
        facts["wears"] = meaning.drawn
        colour = _colour(Vocabulary.head(worn[1]))
        if colour is not None and meaning.drawn != "nothing":
            facts["wear_colour"] = colour
    return facts


@cache
def _words() -> Vocabulary:
    return Vocabulary(vocabulary())


@cache
def _colours() -> dict[str, str]:
    return {str(word): colour for colour, words in vocabulary()["colours"].items() for word in words}


@cache
def _adjectives() -> frozenset[str]:
    known = vocabulary()
    build = [words for ends in known["build"].values() for words in ends]
    return frozenset(str(word) for words in [*build, *known["markings"].values(), _colours()] for word in words)
