"""What a renderer with a small world makes of free text: the thing it draws, the nearest one, or nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

Section = Literal["kinds", "places", "times", "weathers", "actions", "feelings", "props", "wears"]
AFTER_HEAD = re.compile(
    r"[,;:.(]|(?<!-)\b(?:with|without|who|whose|that|which|in|on|of|from|at|above|by|near|under|over|beside|behind|for|to|"
    r"about|after|before|against|between|among|through|across|along|around|inside|outside|into|below|beneath|beyond|"
    r"towards?|than|like|as|full|made|called|named|dressed|wearing|holding|carrying|riding|chasing|guarding|containing|"
    r"facing|hugging|and(?= (?:an?|the|his|her|its|their)\b))\b"
)
SKIP = {
    "a",
    "an",
    "the",
    "his",
    "her",
    "its",
    "their",
    "some",
    "very",
    "and",
    "or",
    "to",
    "is",
    "are",
    "slowly",
    "quickly",
}


class Meaning(NamedTuple):
    """What a text is drawn as; `word` is the text's own, `exact` false when it is only the nearest thing."""

    drawn: str | None
    word: str
    exact: bool


@dataclass(frozen=True)
class Vocabulary:
    """The lists of a vocabulary.yaml: for each section what is drawn, with the words that mean it, and `nearest`."""

    data: Mapping[str, Any]

    @cached_property
    def phrases(self) -> dict[Section, dict[str, str]]:
        """For each section: a phrase -> what it is drawn as."""
        out: dict[Section, dict[str, str]] = {}
        sections: tuple[Section, ...] = (
            "kinds", "places", "times", "weathers", "actions", "feelings", "props", "wears",
        )  # fmt: skip
        for section in sections:
            listed = self.data.get(section) or {}
            out[section] = {str(word).casefold(): key for key, said in listed.items() for word in [key, *said]}
        return out

    @cached_property
    def nearest(self) -> dict[str, str]:
        """Words for what cannot be drawn, and the nearest thing that can."""
        return {str(word).casefold(): str(drawn) for word, drawn in (self.data.get("nearest") or {}).items()}

    @cached_property
    def near(self) -> dict[Section, dict[str, str]]:
        """`nearest` by the section of the thing that is drawn."""
        return {
            section: {word: drawn for word, drawn in self.nearest.items() if drawn in known.values()}
            for section, known in self.phrases.items()
        }

    @staticmethod
    def head(text: str) -> list[str]:
        """The words of a noun phrase before its first `with`, `of`, comma ...; all of them where there are none."""
        first, *_ = AFTER_HEAD.split(text.casefold(), maxsplit=1)
        return tokens(first) or tokens(text.casefold())

    def noun(self, text: str, section: Section) -> Meaning:
        """A noun phrase: the last known words of its head, else of what comes after."""
        known = self.phrases[section]
        first = self.head(text)
        for words in (first, tokens(text.casefold())):
            if found := last(words, known):
                return Meaning(known[found], found, True)
            near = self.near[section]
            if found := last(words, near):
                return Meaning(near[found], found, False)
        return Meaning(None, first[-1] if first else text.strip(), False)

    def verb(self, text: str) -> Meaning:
        """What somebody does: the first known verb, in whatever form it is written."""
        known = self.phrases["actions"]
        words = tokens(text.casefold())
        near = self.near["actions"]
        for start in range(len(words)):
            for stop in range(min(len(words), start + 4), start, -1):
                for form in forms(words[start]):
                    phrase = " ".join([form, *words[start + 1 : stop]])
                    if phrase in known:
                        return Meaning(known[phrase], phrase, True)
            if found := next((form for form in forms(words[start]) if form in near), None):
                return Meaning(near[found], found, False)
        plain = [word for word in words if word not in SKIP and not word.endswith("ly")]
        return Meaning(None, plain[0] if plain else text.strip(), False)


def tokens(text: str) -> list[str]:
    """The words of a text."""
    return re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text)


def last(words: Sequence[str], known: Mapping[str, str]) -> str | None:
    """The known phrase that ends last in `words`; of two that end together, the longer. Plurals are known, too."""
    for stop in range(len(words), 0, -1):
        for start in range(max(0, stop - 4), stop):
            phrase = " ".join(words[start:stop])
            for form in (phrase, phrase.removesuffix("s"), phrase.removesuffix("es")):
                if form in known:
                    return form
            tail = words[stop - 1].rpartition("-")[2]
            if start == stop - 1 and tail in known:
                return tail
    return None


def forms(word: str) -> tuple[str, ...]:
    """A verb in the third person, from whatever form it has: run, running -> runs."""
    if word.endswith("ing") and len(word) > 5:
        stem = word[:-3]
        single = stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] else stem
        return (word, f"{stem}s", f"{stem}es", f"{single}s", f"{stem}e" + "s")
    return (word, f"{word}s", f"{word}es")
