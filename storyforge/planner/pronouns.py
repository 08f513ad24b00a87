"""Whom a pronoun means: the last fitting character, by gender, number and whether it lives."""

from collections.abc import Iterable

from storyforge.planner.bags import bag
from storyforge.planner.cast import Cast
from storyforge.planner.clauses import Clause
from storyforge.planner.phrases import Phrase

_GENDER = {
    "he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f",
    "it": "n", "its": "n", "itself": "n",
}  # fmt: skip
_PLURAL = bag("they them their theirs themselves both")
_FIRST = bag("i me my mine myself")
_WE = bag("we us our ours ourselves")
PAIRS = bag(
    """two pair friends couple companions both others travellers travelers animals creatures beasts fellows strangers
    runners racers rivals walkers wanderers riders swimmers climbers players"""
)
_COUNTED = {"two": 2, "both": 2, "three": 3}
_ABOUT = bag("around about round behind before")
FAR = 6  # sentences after which a pronoun no longer reaches back


class Pronouns:
    """What a reader remembers: who was mentioned when, and as what."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.seen: dict[str, tuple[int, float]] = {}  # being -> last sentence, weight of its role there
        self.subject: str = ""  # of the clause before
        self.topic: str = ""  # subject of the sentence's first clause
        self.last_topic: str = ""  # ... of the sentence before
        self.speaker: str = ""  # who spoke last
        self.it: tuple[str, int] = ("", -99)  # the last thing that "it" may mean, and where

    def note(self, keys: Iterable[str], sentence: int, weight: float) -> None:
        """Somebody is mentioned; a subject weighs 2, an object 1, others less."""
        for key in keys:
            old = self.seen.get(key)
            self.seen[key] = (sentence, max(weight, old[1] if old and old[0] == sentence else 0.0))

    def resolve(
        self, phrase: Phrase, clause: Clause | None, sentence: int, spoken: bool = False, part: bool = False
    ) -> tuple[str, ...]:
        """The beings a pronoun (or "the two friends") means, () when none fits.

        `spoken`: it says a line; `part`: it owns a part of a body.
        """
        low = phrase.low if phrase.is_pronoun or phrase.low in PAIRS else phrase.words[phrase.first].low
        if low in _FIRST:
            return (self.cast.narrator(sentence).id,)
        if low in _WE:
            mine = self.cast.narrator(sentence).id
            return tuple(dict.fromkeys((mine, *self._several(sentence)[:2])))
        many = next((_COUNTED[w.low] for w in phrase.words[phrase.first : phrase.stop] if w.low in _COUNTED), 0)
        if many:  # "the two animals", "all three"
            latest = sorted(
                (k for k, (last, _) in self.seen.items() if sentence - last <= 15 and not self.cast.get(k).plural),
                key=lambda k: -self.seen[k][0],
            )
            return tuple(latest[:many]) if len(latest) >= many else ()
        if low in _PLURAL or phrase.low in PAIRS:
            return self._they(sentence, clause)
        if low not in _GENDER or (low == "it" and clause is not None and _empty(phrase, clause)):
            return ()
        return self._single(phrase, low, clause, sentence, spoken, part)

    def _single(
        self, phrase: Phrase, low: str, clause: Clause | None, sentence: int, spoken: bool, part: bool
    ) -> tuple[str, ...]:
        gender = _GENDER[low]
        mine = (
            {key for p in clause.subject for key in p.who}
            if clause is not None and phrase not in clause.subject
            else set()
        )
        possessive = phrase.words[phrase.head].tag == "S"
        named = {key for p in clause.phrases if not p.is_pronoun for key in p.who} if clause is not None else set()
        best, best_score = "", -99.0
        for key, (last, weight) in self.seen.items():
            being = self.cast.get(key)
            if sentence - last > FAR or not being.fits(gender, "s") or being is self.cast.teller:
                continue
            about = phrase.prep in _ABOUT and key in mine  # "held his cloak around him"
            if key in mine and not possessive and not about and not low.endswith("self"):
                continue  # she gave her the lantern: two
            if key in named and clause is not None and phrase in clause.subject:
                continue  # she gave the moth a crumb: she is not the moth
            score = (
                weight
                - 1.2 * (sentence - last)
                + (0.8 if key == self.subject else 0.0)
                + (0.7 if being.gender == gender else 0.0)
            )
            again = 1.8 if clause is not None and clause.kind in ("main", "and") and phrase in clause.subject else 0.8
            score += again if key == self.topic else 0.9 if key == self.last_topic else 0.0
            score += (2.0 if part or being.gender == gender else 0.3) if possessive and key in mine else 0.0
            score += 1.5 if about else 0.0
            score -= 2.5 if spoken and key == self.speaker else 0.0
            if score > best_score:
                best, best_score = key, score
        if (
            gender == "n"
            and self.it[0]
            and sentence - self.it[1] <= 1
            and (not best or self.seen[best][0] < self.it[1])
        ):
            return ()
        if best and gender in "fm" and not self.cast.get(best).gender:
            self.cast.get(best).gender, self.cast.get(best).guessed = gender, True
        return (best,) if best else ()

    def _they(self, sentence: int, clause: Clause | None) -> tuple[str, ...]:
        groups = [
            (last, key) for key, (last, _) in self.seen.items() if self.cast.get(key).plural and sentence - last <= 3
        ]
        several = self._several(sentence)
        if groups and (len(several) < 2 or max(groups)[0] >= max(self.seen[k][0] for k in several)):
            return (max(groups)[1],)
        return several

    def _several(self, sentence: int) -> tuple[str, ...]:
        near = sorted(
            (
                (last, weight, key)
                for key, (last, weight) in self.seen.items()
                if sentence - last <= 4 and not self.cast.get(key).plural
            ),
            reverse=True,
        )
        return tuple(key for _, _, key in near[:3] if near[0][0] - self.seen[key][0] <= 2)[:3]


def _empty(phrase: Phrase, clause: Clause) -> bool:
    """ "it was hard for him to sleep", "it seems that ...": nobody."""
    if clause.lemma not in ("be", "seem") or phrase not in clause.subject:
        return False
    after = [word.low for word in clause.words[clause.verb + 1 : clause.verb + 6]]
    return bool({"to", "that", "for", "if", "when", "who"} & set(after))


def gender_by_pronouns(cast: Cast, votes: list[tuple[str, str]]) -> None:
    """Give a gender to whoever has none; `votes`: (being, a pronoun that very likely means it)."""
    table: dict[str, dict[str, int]] = {}
    for key, word in votes:
        gender = _GENDER.get(word)
        if gender is not None:
            counts = table.setdefault(cast.get(key).id, {"f": 0, "m": 0, "n": 0})
            counts[gender] += 1
    for being in cast.alive():
        counts = table.get(being.id, {})
        if being.gender or being.plural or not counts:
            continue
        best = max(counts, key=lambda g: counts[g])
        if counts[best] > sum(counts.values()) / 2:
            being.gender = best
