"""Sentences into clauses: who does what to whom, and where."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from storyforge.planner import verbs
from storyforge.planner.bags import bag
from storyforge.planner.phrases import Phrase
from storyforge.planner.words import Word

SUBJECT, OBJECT = "subject", "object"


@dataclass(slots=True)
class Clause:
    """One verb with its subject, objects and adverbials; `first` and `stop` bound its words, subject included."""

    words: Sequence[Word]
    verb: int
    first: int
    stop: int
    subject: list[Phrase] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)  # what follows the verb, in order
    negated: bool = False
    passive: bool = False
    inverted: bool = False
    kind: str = "main"  # main, and, sub, rel, part (participle), inf (infinitive)

    @property
    def lemma(self) -> str:
        return self.words[self.verb].lemma

    @property
    def objects(self) -> list[Phrase]:
        return [p for p in self.phrases if not p.prep]


_BE = bag("is are was were be been being am isn't aren't wasn't weren't")
_NOT = bag(
    """not never isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't couldn't
    shouldn't cannot"""
)
_DONE_TO = bag("wrap dress cover surround fill lose call name hide soak tire make paint write break follow light build")


def clauses(words: Sequence[Word], found: Sequence[Phrase]) -> list[Clause]:
    """The clauses of a sentence, in order; `found` are its phrases."""
    out: list[Clause] = []
    at_word = {p.first: p for p in found if p.role != "owner"}
    at_word |= {p.owner.first: p for p in found if p.owner is not None}
    state = _State(words)
    i = 0
    while i < len(words):
        phrase = at_word.get(i)
        if phrase is not None:
            state.meet(phrase)
            i = max(phrase.stop, i + 1)
            continue
        word = words[i]
        following = at_word.get(i + 1)
        if word.tag == "C" and following is not None and following.joined and state.opener != "" and state.waiting:
            pass  # Ember and the moth: one subject
        elif word.tag == "C" and 0 < i < len(words) - 1 and words[i - 1].tag == "A" and words[i + 1].tag == "A":
            pass  # bright and small
        elif word.tag == "V" or (word.low in _BE and _stative(words, i)):
            out.append(state.verb(i, out))
        else:
            state.mark(i)
        i += 1
    _bound(words, out)
    return out


def _stative(words: Sequence[Word], i: int) -> bool:
    """Whether a form of be is the clause's own verb and not an auxiliary."""
    for word in words[i + 1 : i + 4]:
        if word.tag == "V" and word.form in ("ing", "part"):
            return False
        if word.tag not in ("J", "X"):
            return True
    return True


class _State:
    """What the scan of a sentence remembers: phrases before the verb, and what opened the clause."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.waiting: list[Phrase] = []  # phrases since the last verb that nothing governs
        self.clause: Clause | None = None
        self.opener = "main"
        self.start = 0

    def meet(self, phrase: Phrase) -> None:
        joined = phrase.joined and self.waiting and not phrase.prep
        fresh = self.clause is None or self.opener != ""
        if not phrase.prep and (fresh or joined):
            if self.waiting and not phrase.joined and self._appositive(phrase):
                return
            self.waiting.append(phrase)
            if self.clause is not None and self.opener in ("and", ","):
                self.clause.phrases.append(phrase)  # perhaps an object still; a verb that follows takes it back
        elif self.clause is not None:
            phrase.role = phrase.role or OBJECT
            self.clause.phrases.append(phrase)
            if not phrase.prep:
                self.waiting = [phrase]
                self.opener = ""
        elif self.waiting or phrase.prep:
            pass

    def _appositive(self, phrase: Phrase) -> bool:
        before = self.words[phrase.first - 1] if phrase.first else None
        return before is not None and before.text == "," and self.waiting[-1].stop == phrase.first - 1

    def mark(self, i: int) -> None:
        word = self.words[i]
        if word.tag == "B":
            self.opener, self.start, self.waiting = "sub", i, []
        elif word.tag == "R":
            self.opener, self.start = "rel", i
        elif word.tag == "C" and self.clause is not None:
            self.opener, self.start, self.waiting = "and", i, []
        elif word.text in (";", ":", "–", "—", "--"):
            self.opener, self.start, self.waiting = "main", i + 1, []
        elif word.text == "," and self.clause is not None:
            self.opener, self.start, self.waiting = ",", i + 1, []
        elif word.tag == "T":
            self.opener, self.start = "inf", i

    def verb(self, i: int, done: list[Clause]) -> Clause:
        words, word = self.words, self.words[i]
        before = words[max(0, i - 4) : i]
        auxiliaries = [w.low for w in _trailing(before)]
        if not word.lemma:
            word.lemma, word.form = "be", "past" if word.low in ("was", "were") else "s"
        kind = self._kind(word, auxiliaries)
        content = (
            kind == "rel"
            and words[self.start].low in ("that", "what")
            and bool(self.waiting)
            and self.waiting[-1].first > self.start
        )
        kind = "sub" if content else kind  # "saw that he was crying"
        clause = Clause(words, i, self.start, len(words), kind=kind)
        clause.negated = bool(_NOT & set(auxiliaries))
        clause.passive = word.form in ("part", "past") and bool(_BE & set(auxiliaries))
        clause.subject = self._subject(kind, done)
        again = (
            kind == "and"
            and self.clause is not None
            and self.clause.passive
            and not self.waiting
            and self.opener in ("and", ",")
        )
        if again and word.form in ("part", "past") and not auxiliaries and _bare(words, i):
            clause.passive = True  # "was bewitched, entranced, fascinated"
        if self.opener == "," and not self.waiting and word.lemma in _DONE_TO and word.form in ("part", "past"):
            clause.passive = True  # ", wrapped in a cloak"
        if clause.subject:
            for phrase in clause.subject:
                phrase.role = phrase.role or SUBJECT
            own = [p.first for p in clause.subject if p.first >= self.start]
            clause.first = min([self.start, *own]) if kind in ("sub",) else min(own, default=self.start)
        if self.clause is not None:
            taken = {id(p) for p in clause.subject}
            self.clause.phrases = [
                p for p in self.clause.phrases if id(p) not in taken or kind in ("rel", "part", "inf")
            ]
        self.clause, self.waiting, self.opener, self.start = clause, [], "", i
        return clause

    def _kind(self, word: Word, auxiliaries: list[str]) -> str:
        if word.low == "being" or (word.form == "ing" and not (_BE & set(auxiliaries))):
            return "part"
        if self.opener == "inf":
            return "inf"
        if self.opener in ("sub", "rel"):
            return self.opener
        objects = self.clause.phrases if self.clause is not None else []
        if self.opener == "" and self.waiting and len(objects) > 1 and self.waiting[-1].first == objects[-2].stop:
            return "rel"  # "the book her sister was reading"
        if self.opener in ("and", ",", "") and self.clause is not None:
            return "and" if self.opener != "," or self.waiting else "part" if word.form == "part" else "and"
        return "main"

    def _subject(self, kind: str, done: list[Clause]) -> list[Phrase]:
        if kind in ("part", "inf"):
            inner = [p for p in self.waiting if kind == "part" and self.opener == ""]
            return inner[-1:] or (done[-1].subject if done else [])
        if kind == "rel":
            return self.waiting[-1:] or (self.clause.phrases[-1:] if self.clause else [])
        after = self.clause
        if self.opener == "" and after is not None and after.kind == "part" and all(c.kind == "part" for c in done):
            return after.subject  # "a ferry carrying passengers ran aground"
        if self.waiting:
            return list(self.waiting)
        if kind == "and" and done:
            main = next((c.subject for c in reversed(done) if c.kind in ("main", "and")), done[-1].subject)
            return main if done[-1].kind in ("inf", "rel", "part") else done[-1].subject
        return []


def _bare(words: Sequence[Word], i: int) -> bool:
    return i + 1 >= len(words) or words[i + 1].tag in (",", ".", "C", "P")


def _trailing(before: Sequence[Word]) -> list[Word]:
    """The auxiliaries and adverbs right before a verb."""
    out: list[Word] = []
    for word in reversed(before):
        if word.tag not in ("X", "J", "T"):
            break
        out.append(word)
    return out


_INVERTING = bag(
    """live stand be sit lie come go rise hang say ask answer reply cry whisper shout begin appear grow walk run fly
    sleep rest wait"""
)


def _bound(words: Sequence[Word], out: list[Clause]) -> None:
    """Set where each clause stops, and find subjects that follow their verb."""
    for clause, following in zip(out, [*out[1:], None], strict=False):
        stop = following.first if following is not None else len(words)
        if following is not None and following.first <= clause.verb:
            stop = following.verb
        while stop - 1 > clause.verb and words[stop - 1].tag in (",", "C", ".", "B", "R", "T", "X"):
            stop -= 1
        clause.stop = stop
        clause.phrases = [p for p in clause.phrases if p.first < max(stop, clause.verb + 1)]
        late = next((p for p in clause.phrases if not p.prep), None)
        if not clause.subject and late is not None and (clause.lemma in _INVERTING or clause.lemma in verbs.speech()):
            clause.inverted = True
            clause.subject = [late, *_joined_after(late, clause.phrases)]
            clause.phrases = [p for p in clause.phrases if p not in clause.subject]
            for phrase in clause.subject:
                phrase.role = SUBJECT
    for before, clause in itertools.pairwise(out):
        if not clause.subject and clause.kind in ("and", "part", "inf"):
            clause.subject = before.subject


def _joined_after(phrase: Phrase, rest: list[Phrase]) -> list[Phrase]:
    out: list[Phrase] = []
    for other in rest[rest.index(phrase) + 1 :]:
        if not other.joined or other.prep:
            break
        out.append(other)
    return out
