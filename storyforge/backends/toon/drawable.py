"""What of a character's description a sheet is made from: a word that toon never learned may sound like one it did.

Words are read by their pieces (text.py), so that "with a beard" has made bears and "with muddy boots" rabbits. Words
that were found to mislead, and that toon cannot draw, are left out where a description adds them.
"""

import re

from storyforge.backends.toon.vocabulary import vocabulary

ADDS = re.compile(r"(,?) (with|wearing|dressed in|carrying|holding) ([^,.;]*?)(?= (?:with|wearing|who|that)\b|[,.;]|$)")
BEARDS = {"beard", "whiskers", "moustache", "mustache"}  # of the colour of the hair, which is all that can be told
MISREAD = {"wrinkles", "stick", "boots", "nose", "cheeks", "smile", "rod", "scales"}  # with them a man was an animal
LOOSE = {"curly", "moth-eaten"}  # before what can be drawn


def drawable(text: str) -> str:
    """A description without what toon would misread: "an old man with a white beard." is one with white hair."""
    return ADDS.sub(_kept, text)


def _kept(match: re.Match[str]) -> str:
    comma, how, things = match.groups()
    kept = [thing for thing in map(_thing, re.split(r" and ", things)) if thing]
    return f"{comma} {how} {' and '.join(kept)}" if kept else ""


def _thing(thing: str) -> str:
    """One thing that is added; nothing where it would mislead."""
    words = [word for word in thing.split() if word.lower() not in LOOSE]
    last = words[-1].lower() if words else ""
    if last in BEARDS:
        colours = [word for word in words if word.lower() in vocabulary()["colours"]]
        return f"{colours[-1]} hair" if colours else ""
    return "" if last in MISREAD else " ".join(words)
