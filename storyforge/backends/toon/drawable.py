"""What of a character's description a sheet is made from: a word that toon never learned may sound like one it did.

Words are read by their pieces (text.py), so that "with a beard" has made bears and "with muddy boots" rabbits. What a
description adds by "with" or "wearing" is kept as far as toon can draw it; `check` tells of the rest.
"""

import re
from functools import cache

from storyforge.backends.toon.vocabulary import vocabulary

ADDS = re.compile(r"(,?) (with|wearing|dressed in|carrying|holding) ([^,.;]*?)(?= (?:with|wearing|who|that)\b|[,.;]|$)")
SKIN = {"hair", "fur", "feathers", "stripes", "spots", "patches"}
BEARDS = {"beard", "whiskers", "moustache", "mustache"}  # of the colour of the hair, which is all that can be told
ARTICLES = {"a", "an", "the"}


@cache
def _drawn() -> tuple[frozenset[str], frozenset[str]]:
    """Nouns that can be added to a character, and words that may stand before them."""
    known = vocabulary()
    worn = {word for kind, words in known["wears"].items() if kind != "nothing" for word in words}
    return frozenset(SKIN | {word for words in worn for word in words.split()}), frozenset(known["colours"])


def drawable(text: str) -> str:
    """A description without what toon would misread: "an old man with a white beard." is one with white hair."""
    return ADDS.sub(_kept, text)


def _kept(match: re.Match[str]) -> str:
    comma, how, things = match.groups()
    kept = [thing for thing in map(_thing, re.split(r" and ", things)) if thing]
    return f"{comma} {how} {' and '.join(kept)}" if kept else ""


def _thing(thing: str) -> str:
    """One thing that is added, in words that toon knows; nothing where it cannot be drawn."""
    nouns, before = _drawn()
    words = thing.split()
    low = [word.lower() for word in words]
    if low and low[-1] in BEARDS:
        colours = [word for word, name in zip(words, low, strict=True) if name in before]
        return f"{colours[-1]} hair" if colours else ""
    if not nouns.intersection(low):
        return ""
    return " ".join(
        word for word, name in zip(words, low, strict=True) if name in nouns or name in before or name in ARTICLES
    )
