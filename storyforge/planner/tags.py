"""What each token is: determiner, noun, name, verb, preposition ... left to right, looking one word ahead."""

import re
from collections.abc import Sequence

from storyforge.planner import lexicon, scenery, verbs
from storyforge.planner.bags import bag
from storyforge.planner.words import CLOSED, ENDS, PAUSES, Word

_CONTRACTED = {
    "it's": "is",
    "that's": "is",
    "he's": "is",
    "she's": "is",
    "there's": "is",
    "here's": "is",
    "i'm": "am",
    "let's": "",
}


def tag(words: Sequence[Word], names: frozenset[str] = frozenset(), past: bool = False) -> None:
    """Give every word its tag, in place, left to right, looking one word ahead.

    `names` are known from elsewhere; in a story told in the past, "glints" and "waves" are no verbs.
    """
    before = ""
    several = verb = False  # "Mara and the old man stand": two, and no verb yet
    for i, word in enumerate(words):
        ahead = words[i + 1] if i + 1 < len(words) else None
        if (
            several
            and not verb
            and not word.tag
            and before in ("N", "E")
            and any(f == "base" for _, f in verbs.forms().get(word.low, ()))
        ):
            word.tag = "N" if _nounish(word.low) else "V"
        several = several or (word.low == "and" and before in ("N", "E"))
        verb = verb or word.tag in ("V", "X") or before in ("V", "X")
        if not word.tag:
            word.tag = _tag(word, before, words[i - 1] if i else None, ahead, i == 0)
            if (
                word.tag == "V"
                and past
                and before not in ("O", "E", "R", "Q")
                and all(f == "s" for _, f in verbs.readings(word.low))
            ):
                word.tag = "N"
            if (
                word.tag != "E"
                and word.text[0].isupper()
                and (word.text in names or (before in ("", "Q") and _looks_a_name(word, ahead)))
            ):
                word.tag = "E"
        if word.tag == "V" and not word.lemma:
            word.lemma, word.form = _reading(word.low, before)
        before = word.tag
    _repair(words)


def _tag(word: Word, before: str, last: Word | None, ahead: Word | None, first: bool) -> str:
    low = word.low
    if not low[0].isalnum():
        return "." if word.text in ENDS else "," if word.text in PAUSES else "'"
    if low[0].isdigit():
        return "M"
    if low == "to":
        verb = ahead is not None and any(form == "base" for _, form in verbs.forms().get(ahead.low, ()))
        return "T" if verb and ahead is not None and ahead.low not in lexicon.beings() else "P"
    closed = CLOSED.get(low)
    if low in _CONTRACTED or re.fullmatch(r"(?:i|he|she|it|we|they|you|there)['](?:d|ll|ve|re|s|m)", low):
        return "O"
    if closed:
        return _closed_tag(low, closed, before, last, ahead)
    capital = word.text[0].isupper()
    if capital and not first and before != "." and not (word.text.isupper() and len(low) > 3):
        return "E"
    if (
        capital
        and (low in lexicon.FEMALE or low in lexicon.MALE)
        and not (ahead and ahead.tag == "" and ahead.low in lexicon.beings())
    ):
        return "E"
    if (low in lexicon.TITLES and low.endswith(".")) or low.rstrip(".") in ("mr", "mrs", "ms", "dr", "miss"):
        return "E"
    return _open_tag(low, before, last, ahead)


def _looks_a_name(word: Word, ahead: Word | None) -> bool:
    """A capital at the start of a sentence, on a word of no other use, before a verb or a comma."""
    low = word.low
    if (
        low in CLOSED
        or verbs.readings(low)
        or _nounish(low)
        or low in lexicon.ADJECTIVES
        or low.endswith("ly")
        or lexicon.is_plural(low)
    ):
        return False
    following = ahead.low if ahead else ""
    if low.endswith(_ADJ_ENDS):
        return False
    past = any(form in ("past", "s") for _, form in verbs.readings(following))
    return past or following in (",", "'s", "’s", "is", "was", "had", "has", "would", "could")


def _closed_tag(low: str, closed: str, before: str, last: Word | None, ahead: Word | None) -> str:
    """Words of several uses: her, that, his, as, before, after, one, home, so."""
    nxt = ahead.low if ahead else ""
    content = bool(nxt) and nxt[0].isalpha() and nxt not in CLOSED
    if low == "her" and (not content or (nxt.endswith("ly") and nxt not in lexicon.ADJECTIVES)):
        return "O"
    if (
        low == "her"
        and ahead
        and verbs.readings(nxt)
        and not _nounish(nxt)
        and nxt not in lexicon.ADJECTIVES
        and not nxt.endswith("ing")
    ):
        return "O"
    if low == "that" and (
        before in ("N", "E") or nxt in ("the", "he", "she", "it", "they", "a", "had", "was", "were", "is")
    ):
        return "R"
    if (
        closed == "M"
        and before == "D"
        and (not content or (not _nounish(nxt) and any(form == "past" for _, form in verbs.readings(nxt))))
    ):
        return "O"  # "all three ran"
    if (
        low in ("these", "those", "this", "that", "all", "both", "some", "any", "each", "another")
        and not content
        and nxt not in ("two", "three", "of", "the")
    ):
        return "O"
    if low == "one" and not content:
        return "O"
    if low in ("before", "after", "since", "until", "till") and (
        nxt in ("he", "she", "it", "they", "i", "we") or nxt[:1].isupper()
    ):
        return "B"
    if low in ("before", "after") and content and ahead and ahead.text[0].isupper():
        return "B"
    if (
        closed == "X"
        and low in ("have", "has", "had", "do", "does", "did")
        and nxt in ("a", "an", "the", "no", "his", "her", "its", "their")
    ):
        return "V"
    if low == "like" and before in ("O", "T"):
        return "V"
    return closed


def _nounish(low: str) -> bool:
    one = lexicon.singular(low)
    return any(
        w in pool
        for w in (low, one)
        for pool in (lexicon.beings(), lexicon.PROPS, lexicon.WEARS, lexicon.BODY, scenery.PLACES)
    )


_ADJ_ENDS = (
    "ful",
    "less",
    "ous",
    "ish",
    "able",
    "ible",
    "ical",
    "most",
    "like",
    "en-coloured",
    "coloured",
    "-haired",
    "-eyed",
    "-eared",
    "-green",
    "-blue",
    "-red",
)


def _open_tag(low: str, before: str, last: Word | None, ahead: Word | None) -> str:
    in_phrase = before in ("D", "S", "A", "M", "Z")
    if (
        low.endswith("ly")
        and low not in lexicon.ADJECTIVES
        and len(low) > 4
        and not _nounish(low)
        and low not in ("family", "belly", "reply", "fly")
    ):
        return "J"
    known = verbs.readings(low)
    explicit = low in verbs.forms()
    if before == "T" and explicit and any(form == "base" for _, form in known):
        return "V"
    if "-" in low and low.endswith("ed"):
        return "A"  # open-mouthed
    if low in lexicon.ADJECTIVES and not (explicit and before in ("O", "E")):
        return "A"
    if in_phrase:
        if _nounish(low) and not (ahead and _nounish(ahead.low) and low not in lexicon.beings()):
            return "N"
        if known and any(form in ("part", "ing") for _, form in known) and ahead and _continues(ahead):
            return "A"
        return "A" if low.endswith(_ADJ_ENDS) and ahead and _continues(ahead) else "N"
    if before == "X" and known and last is not None and not _follows(last.low, known):
        return "N"  # "had dust in his eyes"
    if before == "T" or before == "X":
        return "V" if known else "A" if low.endswith(_ADJ_ENDS) else "N"
    if before == "P":
        past = explicit and not _nounish(low) and all(form in ("past", "part") for _, form in known)
        return (
            "V"
            if (known and known[0][1] == "ing") or (past and last is not None and last.low == "opposite")
            else "A"
            if low.endswith(_ADJ_ENDS)
            else "N"
        )
    if known and _can_be_verb(low, known, before, last, explicit, ahead):
        return "V"
    return "A" if low.endswith(_ADJ_ENDS) else "N"


def _continues(ahead: Word) -> bool:
    """Whether a noun phrase may go on with this word."""
    return ahead.low[0].isalpha() and (ahead.low not in CLOSED) and ahead.tag != "Q"


def _can_be_verb(
    low: str, known: tuple[tuple[str, str], ...], before: str, last: Word | None, explicit: bool, ahead: Word | None
) -> bool:
    finite = any(form in ("s", "past", "part", "ing") for _, form in known)
    if before in ("O", "E", "R", "Q"):
        return True
    if before == "N":
        plural = last is not None and lexicon.is_plural(last.low)
        return (
            finite and not (low.endswith("s") and ahead is not None and ahead.tag == "" and ahead.low in verbs.forms())
        ) or (plural and explicit)
    if _nounish(low) and not finite:  # "and watch the sun rise"
        return explicit and before == "C" and ahead is not None and CLOSED.get(ahead.low) in ("D", "S", "O")
    return finite or (explicit and before in ("", "C", ",", "J", "P", "B"))


def _reading(low: str, before: str) -> tuple[str, str]:
    known = verbs.readings(low)
    if not known:
        return low, "base"
    if before == "X":
        return next(((lemma, form) for lemma, form in known if form in ("part", "ing", "base")), known[0])
    if before == "T":
        return next(((lemma, form) for lemma, form in known if form == "base"), known[0])
    for lemma, form in known:  # "saw" is see, "felt" is feel, "lay" is lie, "found" is find
        if form == "past" and lemma != low:
            return lemma, form
    return known[0]


_AT_LAST = bag("once last first least most")
_PERCEIVED = bag("hear see watch feel notice make let help")
_STUFF = bag(
    """glass stone brass bronze copper iron steel velvet leather cotton straw silver gold cold dark light deep"""
)
_MODALS = bag("""will would shall should can could may might must did do does don't doesn't didn't won't wouldn't
    can't couldn't shouldn't cannot
    mustn't""")


def _predicated(words: Sequence[Word], i: int) -> bool:
    """Whether the adjectives before a past form stand alone: "something bright and small seemed"."""
    known = verbs.forms().get(words[i].low, ())
    if not known or _nounish(words[i].low) or any(form not in ("past", "part") for _, form in known):
        return False
    k = i - 1
    while k >= 0 and words[k].tag in ("A", "C", ",", "J"):
        k -= 1
    return k >= 0 and words[k].tag not in ("D", "S", "M", "Z")


def _perceived(words: Sequence[Word], i: int) -> bool:
    """ "heard the Rabbit say", "watched the boat leave": a base form after what is seen or heard."""
    low = words[i].low
    if _nounish(low) or not any(form == "base" for _, form in verbs.forms().get(low, ())):
        return False
    return any(w.tag == "V" and w.lemma in _PERCEIVED for w in words[max(0, i - 5) : i])


def _after_modal(words: Sequence[Word], i: int) -> bool:
    """Whether a word must be a verb, for it follows could, did, would ..."""
    k = i - 1
    while k >= 0 and words[k].tag == "J":
        k -= 1
    if k < 0 or words[k].low not in _MODALS or words[i].low in lexicon.ADJECTIVES:
        return False
    return words[i].low not in ("anything", "nothing")


def _follows(auxiliary: str, known: tuple[tuple[str, str], ...]) -> bool:
    """Whether a verb form can follow this auxiliary: had run, was running, did run."""
    forms = {form for _, form in known}
    if auxiliary in ("have", "has", "had", "having"):
        return bool(forms & {"part"})
    if auxiliary in _MODALS:
        return "base" in forms
    return bool(forms & {"part", "ing"})


_HAVE_DO = {"have": "have", "has": "have", "had": "have", "do": "do", "does": "do", "did": "do"}


def _owns(words: Sequence[Word], i: int) -> bool:
    """Whether have or do is the verb itself: "had three daughters", "did nothing"."""
    nxt = next((w for w in words[i + 1 :] if w.tag != "J"), None)
    return nxt is not None and (
        nxt.tag in ("D", "S", "M", "A", "N", "E") or nxt.low in ("nothing", "something", "everything")
    )


def _repair(words: Sequence[Word]) -> None:
    """Second thoughts, once both neighbours are known."""
    for i, word in enumerate(words):
        before = words[i - 1].tag if i else ""
        after = words[i + 1].tag if i + 1 < len(words) else "."
        if word.tag == "X" and word.low in _HAVE_DO and _owns(words, i):
            word.tag, word.lemma, word.form = "V", _HAVE_DO[word.low], "past"
        elif word.tag == "V" and word.low == "named" and before in ("N", "E", "A") and after == "E":
            word.tag, word.lemma, word.form = "'", "", ""  # "a dragon named Pip"
        elif word.tag == "A" and word.low in _STUFF and after not in ("A", "N", "E"):
            word.tag = "N"
        elif (
            word.tag == "A"
            and before in ("D", "S", "A")
            and after in ("V", "P", ".", ",", "C", "Z")
            and not (after == "V" and words[i + 1].form in ("part",))
        ):
            word.tag = "N" if after == "V" or before != "A" else "A"
        elif word.tag == "N" and before == "A" and _predicated(words, i):
            word.tag = "V"
            word.lemma, word.form = _reading(word.low, "")
        elif word.tag in ("N", "A") and (
            _after_modal(words, i) or (before in ("N", "E", "O") and _perceived(words, i))
        ):
            word.tag, word.lemma, word.form = "V", word.low, "base"
        elif word.low == "then" and word.tag == "C" and before == "C":
            word.tag = "J"
