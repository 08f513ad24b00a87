"""Noun phrases: their words, heads, owners and the prepositions that govern them."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from storyforge.planner import lexicon
from storyforge.planner.bags import bag
from storyforge.planner.words import Word


@dataclass(slots=True)
class Phrase:
    """A noun phrase: words first..stop of its sentence, its head, and the preposition that governs it."""

    words: Sequence[Word]
    first: int
    stop: int
    head: int
    prep: str = ""
    role: str = ""
    owner: "Phrase | None" = None  # "the keeper" in "the keeper's lantern"
    who: tuple[str, ...] = ()  # entities it stands for, once resolved
    joined: bool = False  # "and NP", "or NP": shares the role of the one before

    @property
    def low(self) -> str:
        return self.words[self.head].low

    @property
    def noun(self) -> str:
        """Head noun, singular, lower case."""
        return lexicon.singular(self.low)

    @property
    def is_name(self) -> bool:
        return self.words[self.head].tag == "E"

    @property
    def is_pronoun(self) -> bool:
        return self.words[self.head].tag == "O"

    @property
    def determiner(self) -> str:
        word = self.words[self.first]
        return word.low if word.tag in ("D", "S", "M") else "'s" if self.owner else ""

    @property
    def modifiers(self) -> list[str]:
        return [
            w.low for w in self.words[self.first : self.head] if w.tag in ("A", "N", "E", "M") and w.text[0].isalnum()
        ]

    @property
    def plural(self) -> bool:
        if lexicon.is_plural(self.low):
            return True
        same = lexicon.PLURALS.get(self.low) == self.low  # "forty sheep"; a "ten year old boy" is one
        return same and any(word.low in lexicon.SEVERAL for word in self.words[self.first : self.head])


_DEGREES = bag("very quite almost just only too so rather even")
_IN_PHRASE = frozenset("DSAMNEZ")
_TIMES = bag("morning day afternoon evening night winter summer spring autumn year week month time moment")


def phrases(words: Sequence[Word]) -> list[Phrase]:
    """Every noun phrase and pronoun of a sentence, left to right, with its governing preposition."""
    out: list[Phrase] = []
    i, prep = 0, ""
    while i < len(words):
        tag = words[i].tag
        if tag == "O" and words[i].low not in ("that",):
            out.append(Phrase(words, i, i + 1, i, prep))
            i, prep = i + 1, ""
        elif tag in ("D", "S", "A", "M", "N", "E"):
            stop = _extent(words, i)
            found = _split_owner(words, i, stop, prep)
            out += found
            if found or tag != "M":
                prep = ""
            i = max(stop, i + 1)
        else:
            if tag == "P":
                prep = words[i].low
            elif tag not in ("P", "'") and not (tag == "J" and words[i].low in _DEGREES):
                prep = ""
            i += 1
    _join(out)
    return out


def _extent(words: Sequence[Word], i: int) -> int:
    stop = i
    named = False
    while stop < len(words) and words[stop].tag in _IN_PHRASE:
        tag = words[stop].tag
        if stop > i and tag in ("D", "S") and words[stop - 1].tag != "D":
            break  # a new phrase: "gave the moth a crumb"
        if (
            named
            and tag in ("N", "A", "M")
            and words[stop - 1].tag == "E"
            and not words[stop].text[0].isupper()
            and words[stop - 1].low not in lexicon.TITLES
        ):
            break
        if tag == "E" and stop > i and words[stop - 1].low in _TIMES:
            break  # "one snowy morning | Pip"
        named = named or tag == "E"
        if tag == "Z":
            named = False
        stop += 1
    if stop < len(words) and words[stop].tag == "," and words[stop].text == "," and stop + 1 < len(words):
        adjectives = all(w.tag in ("D", "S", "A", "M") for w in words[i:stop]) and stop > i
        if adjectives and words[stop + 1].tag in ("A", "N") and words[stop - 1].tag == "A":
            return _extent(words, stop + 1)  # "a small, quick fox"
    return stop


def _split_owner(words: Sequence[Word], first: int, stop: int, prep: str) -> list[Phrase]:
    """Phrases of first..stop, the owner before the owned: the keeper's | lantern."""
    out: list[Phrase] = []
    owner: Phrase | None = None
    start = first
    for i in range(first, stop + 1):
        if i == stop or words[i].tag == "Z":
            nouns = [k for k in range(start, i) if words[k].tag in ("N", "E")]
            if not nouns and start < i and words[start].tag == "D":  # "the old"
                nouns = [k for k in range(start, i) if words[k].tag == "A"]
            if nouns:
                phrase = Phrase(words, start, i, nouns[-1], prep, owner=owner)
                owner = phrase if i < stop else None
                if i < stop:
                    phrase.role = "owner"
                out.append(phrase)
            start = i + 1
    return out


def _join(found: list[Phrase]) -> None:
    for before, phrase in itertools.pairwise(found):
        between = phrase.words[before.stop : phrase.first]
        if (
            before.role != "owner"
            and between
            and all(w.low in ("and", "or", ",", "&") for w in between)
            and between[-1].tag == "C"
        ):
            verb_next = phrase.stop < len(phrase.words) and phrase.words[phrase.stop].tag in ("V", "X")
            if before.prep and verb_next:
                continue  # "by the fire and a boy ran": a new clause
            phrase.joined = True
            phrase.prep = phrase.prep or before.prep
    for n in range(1, len(found) - 1):  # the fox, the moth and the bear
        one, middle, last = found[n - 1 : n + 2]
        listed = (
            last.joined
            and not middle.joined
            and middle.words[middle.first - 1].text == ","
            and one.stop == middle.first - 1
        )
        if (
            listed
            and not middle.prep
            and one.role != "owner"
            and not (middle.determiner in ("a", "an") and one.is_name)
        ):
            middle.joined = True
            middle.prep = one.prep
