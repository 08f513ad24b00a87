"""What the words of a story say somebody looks like: descriptions, clothes and what is in a hand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from storyforge.planner import lexicon, scenery
from storyforge.planner.bags import bag
from storyforge.planner.cast import NARRATOR, Being
from storyforge.planner.phrases import Phrase
from storyforge.planner.words import Word


@dataclass
class Look:
    """What a noun phrase and what follows it say of somebody."""

    text: str
    wears: str = ""
    holds: list[Phrase] = field(default_factory=list)


def describe(words: Sequence[Word], phrase: Phrase, phrases: Sequence[Phrase], source: str) -> Look:
    """A phrase with its tail: "an old woman | with silver hair | and a red coat" (worn) "| and a lantern" (held)."""
    by_first = {p.first: p for p in phrases if p.role != "owner"}
    by_first |= {p.owner.first: p for p in phrases if p.owner is not None}
    parts, wears = [_core(phrase, source)], []
    look = Look("")
    at, kind = phrase.stop, ""
    while at < len(words):
        word = words[at]
        if (
            word.low in ("with", "in", "of")
            or word.low == "wearing"
            or (word.low in ("dressed", "clad", "wrapped") and at + 1 < len(words))
        ):
            kind = "wearing" if word.low in ("wearing", "dressed", "clad", "wrapped") else word.low
        elif not (word.low in ("and", ",") and kind) and not (
            word.low == "," and at + 1 < len(words) and words[at + 1].low in ("with", "wearing", "dressed")
        ):
            break
        at += 2 if word.low in ("dressed", "clad", "wrapped") else 1
        tail = by_first.get(at)
        if tail is None and kind == "of" and at < len(words) and words[at].tag == "M":
            parts.append(f"of {words[at].text}")  # a boy of ten
            at += 1
            continue
        if tail is None:
            if at < len(words) and words[at].low in ("with", "wearing", "dressed", "and"):
                continue
            break
        verb_next = (
            tail.stop < len(words) and words[tail.stop].tag in ("V", "X") and words[tail.stop].form in ("past", "s", "")
        )
        if (at > phrase.stop + 1 and words[at - 1].low == ",") or (words[at - 1].low == "and" and verb_next):
            break
        if tail.noun in lexicon.WEARS or tail.low in lexicon.WEARS:
            wears.append(_core(tail, source))
        elif tail.noun in lexicon.PROPS and tail.noun not in lexicon.BODY:
            look.holds.append(tail)
        elif kind in ("with", "of") and tail.noun not in scenery.PLACES:
            parts.append(
                ("and " if words[at - 1].low == "and" and len(parts) > 1 else f"{kind} ")
                + source[words[tail.first].start : words[tail.stop - 1].stop]
            )
        elif kind == "in":
            break
        at = tail.stop
    look.text, look.wears = " ".join(parts), " and ".join(wears)
    return look


_DROP = bag(
    """his her its their my our your the this that another other one some any no each every same poor dear second own
    very"""
)


def _core(phrase: Phrase, source: str) -> str:
    """A phrase with the article a description has: "the old man" -> "an old man"."""
    words = [
        w
        for w in phrase.words[phrase.first : phrase.head + 1]
        if w.low not in _DROP and w.low not in ("a", "an") and w.tag not in ("Z", "'")
    ]
    text = " ".join(w.text if w.tag == "E" and not _plain(w.low) else w.low for w in words if w.text != ",")
    if phrase.plural or phrase.low in ("glasses", "spectacles", "boots") or re.match(r"(?:several|many|\d+)\b", text):
        return text
    return article(text)


def _plain(low: str) -> bool:
    """A word that only a heading or a fable writes with a capital: "a Fox", "an Old Man"."""
    return low in lexicon.beings() or low in lexicon.ADJECTIVES


_MASS = bag("bread paper cheese honey marmalade string milk water soup rope armour armor")


def article(text: str) -> str:
    """ "old man" -> "an old man"."""
    if not text or text.rpartition(" ")[2] in _MASS:
        return text
    return ("an " if text[0].lower() in "aeiou" and not re.match(r"(?:uni|one|use|eu)", text.lower()) else "a ") + text


_CHILDREN = bag("child kid baby infant toddler orphan")
_CALLINGS = bag("farmer sailor knight miller blacksmith wizard hero sexton swineherd woodcutter sorcerer")  # no man's
_ORDER = bag("first last next youngest oldest eldest second third only main single")  # of callings, not of looks
_TAIL = re.compile(r",? (?:with|of|in|who|that)\b.*|,.*")


def _gendered(text: str, being: Being) -> str:
    """What the story's "she" and "Tom" say of somebody whose calling says it not: "an old woman, a lighthouse keeper".

    Whoever draws a keeper draws a man, else, and a nurse a woman.
    """
    tail = _TAIL.search(text)
    head, rest = (text[: tail.start()], tail[0]) if tail else (text, "")
    article_, *before, noun = head.split() if len(head.split()) > 1 else ("", head)
    if being.plural or being.guessed or being.gender not in ("f", "m") or article_ not in ("a", "an"):
        return text
    anybody = lexicon.being_gender(noun) == "x" or (noun in _CALLINGS and being.gender == "f")
    if not anybody or noun in lexicon.ANIMALS or noun.endswith("man"):
        return text
    grown, young = ("woman", "girl") if being.gender == "f" else ("man", "boy")
    of, beside = (rest, "") if rest.startswith(" of ") else ("", rest)  # a friend is the king's, and has red hair
    if noun in _CHILDREN and not of:
        words = before if noun in ("child", "kid") else [*before, noun]
        return article(" ".join([*words, young])) + beside
    if noun == "person":
        return article(" ".join([*before, grown])) + rest
    before = [word for word in before if word not in _ORDER]
    told = [word for word in before if word in lexicon.ADJECTIVES or word.endswith(("-haired", "-eyed"))]
    calling = article(" ".join([*(word for word in before if word not in told), noun]))
    return f"{article(' '.join([*told, young if noun in _CHILDREN else grown]))}{beside}, {calling}{of}"


def settle(being: Being) -> str:
    """The being's description: the richest phrase that says its kind, else the plainest guess its name allows."""
    told = [
        (rank + 2 * any(n in lexicon.ANIMALS for n in text.lower().replace(",", "").split()), -k, text)
        for k, (rank, text) in enumerate(being.described)
    ]
    if told:
        return _gendered(max(told)[2], being)
    if being.names and being.definite * 2 > being.mentions and not being.nouns:
        return f"the {being.names[0].lower()}"  # "the North Wind": a force, not a man
    if being.nouns:
        return _gendered(article(being.nouns[0]), being) if not being.plural else being.nouns[0] + "s"
    if being.id == NARRATOR:
        return {"f": "a young woman", "m": "a young man"}.get(being.gender, "a young person")
    grown = {"f": "a woman", "m": "a man"}.get(being.gender, "a person")
    return {"f": "a girl", "m": "a boy"}.get(being.gender, "a child") if being.child else grown
