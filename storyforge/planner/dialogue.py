"""Sentences that hold speech: what is said, and what is told besides "said Ember"."""

import re
from dataclasses import replace

from storyforge.planner import verbs
from storyforge.planner.bags import bag
from storyforge.planner.clauses import Clause
from storyforge.planner.moments import Moment
from storyforge.planner.sentences import Speech

_CALLS = bag("well oh yes no ah please now come look listen why here there hush stop wait dear indeed")
_CONJUNCTIONS = (
    "and ",
    "but ",
    "or ",
    "so ",
    "for ",
    "if ",
    "when ",
    "because ",
    "then ",
    "though ",
    "as ",
    "or ",
    "until ",
    "nor ",
)


def line(text: str) -> str:
    """A line as it stands alone: "Come in," becomes "Come in."."""
    text = re.sub(r"[\s,;:]+$", "", text.strip())
    text = text[:1].upper() + text[1:]
    return text if text[-1:] in ".!?…—-" else text + "."


def joined(one: str, other: str) -> str:
    """Two parts of a speech that an attribution had cut: "The race," he said, "is not ..."."""
    one, other = one.strip(), other.strip()
    if not one.endswith(",") or not other:
        return f"{one} {other}".strip()
    if other[0].islower():
        kept = other.lower().startswith(_CONJUNCTIONS) or one.lower().rstrip(",") in _CALLS
        return f"{one if kept else one[:-1]} {other}"
    return f"{line(one)} {other}"


def parts(moment: Moment) -> list[tuple[str, Speech | None, tuple[int, int]]]:
    """Told text and speeches of a sentence in order, each with the words it covers."""
    words, speeches = moment.sentence.words, iter(moment.sentence.speeches)
    out: list[tuple[str, Speech | None, tuple[int, int]]] = []
    start = 0
    for at, word in enumerate(words):
        if word.tag != "Q":
            continue
        out += _told(moment, start, at)
        speech = next(speeches)
        last = out[-1][1] if out else None
        if last is not None and last.who == speech.who:
            out[-1] = ("", replace(last, text=joined(last.text, speech.text), how=last.how or speech.how), out[-1][2])
        else:
            out.append(("", replace(speech), (at, at + 1)))
        start = at + 1
    out += _told(moment, start, len(words))
    return [(text, replace(s, text=line(s.text)) if s is not None else None, span) for text, s, span in out]


def attributions(moment: Moment) -> list[Clause]:
    """The clauses that only say who speaks."""
    found = [c for c in moment.clauses if c.lemma in verbs.speech() and not c.negated and _beside(c, moment)]
    return [c for c in found if not any(p for p in c.objects if not p.who)] or found[:1]


def _beside(clause: Clause, moment: Moment) -> bool:
    """Whether a clause stands right beside a speech, nothing else happening in between."""
    for at, word in enumerate(moment.sentence.words):
        if word.tag != "Q":
            continue
        low, high = sorted((at, clause.verb))
        if any(low < c.verb < high for c in moment.clauses if c is not clause):
            continue
        if (at < clause.verb and clause.verb - at <= 8) or (at > clause.verb and at - clause.stop <= 2):
            return True
    return False


def _told(moment: Moment, start: int, stop: int) -> list[tuple[str, Speech | None, tuple[int, int]]]:
    """What the words start..stop tell once the attribution is taken out."""
    free: list[tuple[int, int]] = []
    at = start
    for clause in attributions(moment):
        if start <= clause.verb < stop:
            free.append((at, max(at, min(clause.first, clause.verb) if not clause.inverted else clause.verb)))
            at = max(at, min(clause.stop, stop))
    free.append((at, stop))
    out: list[tuple[str, Speech | None, tuple[int, int]]] = []
    for first, last in free:
        text = _sentence(moment, first, last)
        if text:
            out.append((text, None, (first, last)))
    return out


_DROPPED = bag("and but then so as while when or yet")


def _sentence(moment: Moment, first: int, last: int) -> str:
    """A stretch as a sentence of its own, "" when nothing in it stands alone."""
    words = moment.sentence.words
    while first < last and (words[first].tag in (",", ".") or words[first].low in _DROPPED):
        first += 1
    while last > first and (words[last - 1].tag in (",", "C", "B", "X") or words[last - 1].text in (".", ":")):
        last -= 1
    if last - first > 2 and words[last - 2].tag == "T" and words[last - 1].tag == "V":
        last -= 2  # "... out of the way to hear" (the Rabbit say)
    finite = [c for c in moment.clauses if first <= c.verb < last and c.kind in ("main", "and", "sub")]
    if not finite or (
        words[first].tag in ("B", "P")
        and words[first].low in ("before", "after", "until", "because", "if", "though", "although", "without")
    ):
        return ""
    text = moment.sentence.source[words[first].start : words[last - 1].stop].strip(" ,;:—–-")
    clause = finite[0]
    if clause.verb == first or (
        not any(first <= p.first < clause.verb for p in clause.subject) and not clause.inverted
    ):
        if any(w.tag != "J" for w in words[first : clause.verb]):
            return _stop(text)
        phrase = next(iter(clause.subject), None)
        if phrase is None or (clause.inverted and clause.verb != first):
            return ""
        text = f"{moment.sentence.source[words[phrase.first].start : words[phrase.stop - 1].stop]} {text}"
    return _stop(text)


def _stop(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text[-1:] in ".!?…" else ".")
