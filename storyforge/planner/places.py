"""Where a story is: which phrases are places, and which verbs go there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from storyforge.planner import lexicon, scenery, verbs
from storyforge.planner.bags import bag
from storyforge.planner.cast import slug
from storyforge.planner.clauses import Clause
from storyforge.planner.looks import article
from storyforge.planner.phrases import Phrase
from storyforge.planner.words import Word

_STATIC = bag(
    """in at on inside by beside near under through across along among within around outside amid behind between past
    over"""
)
_GOAL = bag("to into onto up down toward towards upon")
_TAIL = bag("in on above by near of at with between behind beside over beneath under below among")
_AIMED = bag("enter reach climb visit explore cross approach descend")
_PERCEIVES = bag("see watch gaze stare peer glance look hear listen notice spot spy observe")
_MOVES = frozenset(("walk", "run", "jump", "fly"))
_ELSEWHERE = bag(
    """think dream remember forget know tell ask say hear wonder imagine talk speak belong promise miss read write
    want love like"""
)


@dataclass
class Place:
    """One place: its id, the words that mean it and its richest description."""

    id: str
    head: str
    modifiers: set[str]
    described: list[str] = field(default_factory=list)
    indoors: bool = False

    @property
    def description(self) -> str:
        return max(self.described, key=lambda text: (min(len(text), 70), -self.described.index(text)))


class Atlas:
    """The places of a story, and where it is now."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.here: Place | None = None
        self.home: Place | None = None
        self.trail: list[Place] = []

    def find(self, phrase: Phrase, words: Sequence[Word], phrases: Sequence[Phrase], source: str) -> Place:
        """The place a phrase means, with the tail that describes it ("on a cliff above the sea")."""
        modifiers = {w for w in phrase.modifiers if w not in ("own", "same", "whole", "very", "other")}
        nouns = {
            w for w in modifiers if lexicon.singular(w) in scenery.PLACES or w in lexicon.PROPS or w in scenery.PARTS
        }
        text = _describe(phrase, words, phrases, source)
        for place in self.places:
            if (
                phrase.determiner == "the"
                and not place.indoors
                and place.head != phrase.noun
                and phrase.noun in _nouns_after(place)
            ):
                return place  # "the cliff" of the lighthouse on a cliff
        for place in self.places:
            if place.head == phrase.noun and not _clash(place, modifiers, nouns):
                place.modifiers |= modifiers
                place.described.append(text)
                return place
        key = (
            phrase.noun
            if not any(p.id == slug(phrase.noun) for p in self.places)
            else f"{next(iter(sorted(nouns or modifiers)), 'other')} {phrase.noun}"
        )
        return self.add(key, phrase.noun, text, modifiers)

    def add(
        self, key: str, head: str, text: str, modifiers: set[str] | None = None, indoors: bool | None = None
    ) -> Place:
        """A new place."""
        base, n = slug(key), 2
        name = base
        while any(p.id == name for p in self.places):
            name, n = f"{base}-{n}", n + 1
        inside = head in scenery.INDOORS and head not in scenery.OUTDOORS if indoors is None else indoors
        place = Place(name, head, modifiers or set(), [text], inside)
        self.places.append(place)
        return place

    def heading(self, name: str, inside: bool | None) -> Place:
        """The place a screenplay's heading names."""
        low = name.lower().strip()
        for place in self.places:
            if slug(low) == place.id or low in (text.split(" ", 1)[-1] for text in place.described):
                return place
        words = low.replace("-", " ").split()
        head = next(
            (w for w in reversed(words) if lexicon.singular(w) in scenery.PLACES), words[-1] if words else "place"
        )
        text = low if low.split()[0] in ("a", "an", "the") or lexicon.is_plural(head) else article(low)
        return self.add(low, head, text, set(words) - {head}, inside)

    def go(self, place: Place) -> None:
        """Be there from now on."""
        self.here = place
        self.trail.append(place)

    def latest(self, indoors: bool) -> Place | None:
        """The last place in (or out of) doors."""
        return next((p for p in reversed(self.trail) if p.indoors == indoors), None)

    def move(self, clause: Clause, phrases: Sequence[Phrase], source: str, since: int = 0) -> Place | None:
        """Where a clause takes the story, or None when it stays."""
        words = clause.words
        if clause.negated or clause.kind == "inf" or clause.lemma in _ELSEWHERE:
            return None
        motion = verbs.action(clause.lemma) in _MOVES
        looking = clause.lemma in _PERCEIVES or clause.lemma in verbs.speech()
        fronted = [p for p in phrases if p.prep and since <= p.first < clause.verb and p not in clause.subject]
        found: Place | None = None
        taken = -1
        for phrase in [*fronted, *clause.phrases]:
            if phrase.first < taken or not _is_place(phrase) or phrase.role == "owner":
                continue
            taken = _tail_stop(phrase, words, phrases)
            if phrase.prep == "from" and clause.lemma in ("rescue", "save", "pull", "drag") and found is None:
                found = self.find(phrase, words, phrases, source)
            goal = phrase.prep in _GOAL and (motion or clause.lemma in ("bring", "carry", "take", "send", "lead"))
            aimed = not phrase.prep and clause.lemma in _AIMED and phrase.noun not in scenery.PARTS
            static = (
                phrase.prep in _STATIC
                and (not looking or phrase in fronted)
                and not (motion and phrase.prep in ("past", "by", "over", "near"))
            )
            leaving = phrase.prep in ("for",) and clause.lemma in ("leave",)
            if goal or aimed or leaving or (static and found is None):
                found = self.find(phrase, words, phrases, source)
        return found or self._subject(clause, phrases, source) or self._homeward(clause, motion)

    def _subject(self, clause: Clause, phrases: Sequence[Phrase], source: str) -> Place | None:
        """ "A white lighthouse stood on a cliff": the place is who the sentence is about."""
        lone = clause.subject[0] if len(clause.subject) == 1 else None
        if (
            lone is None
            or not _is_place(lone)
            or lone.noun in _VEHICLES
            or lone.determiner in ("every", "each", "no")
            or clause.lemma not in ("be", "stand", "lie", "stretch", "rise", "sleep", "wait", "wake", "seem", "look")
        ):
            return None
        if {"far", "away", "distant", "distance"} & {w.low for w in clause.words[clause.first : clause.stop]}:
            return None
        if self.here is not None and lone.determiner == "the" and lone.noun not in {p.head for p in self.places}:
            return None
        return self.find(lone, clause.words, phrases, source)

    def _homeward(self, clause: Clause, motion: bool) -> Place | None:
        after = {w.low for w in clause.words[clause.verb + 1 : clause.stop]}
        if motion and "home" in after and self.home is not None:
            return self.home
        if motion and self.here is not None and after & {"outside", "outdoors"} and self.here.indoors:
            return self.latest(indoors=False)
        if motion and self.here is not None and after & {"inside", "indoors"} and not self.here.indoors:
            return self.latest(indoors=True)
        return None


def _nouns_after(place: Place) -> set[str]:
    """Nouns in a place's tail: cliff and sea of "a white lighthouse on a cliff above the sea"."""
    words = re.findall(r"[a-z]+", place.described[0].lower())
    return {lexicon.singular(w) for w in words[words.index(place.head) + 1 :]} if place.head in words else set()


_VEHICLES = bag("boat ship train carriage bus spaceship submarine ferry")


def _is_place(phrase: Phrase) -> bool:
    if phrase.noun in _VEHICLES and (
        phrase.plural or phrase.prep not in ("in", "on", "into", "onto", "aboard", "inside")
    ):
        return False
    return (
        phrase.noun in scenery.PLACES and phrase.noun not in scenery.PARTS and phrase.low != "homes"
    ) or phrase.low in scenery.PLACES


def _clash(place: Place, modifiers: set[str], nouns: set[str]) -> bool:
    mine = {
        w for w in place.modifiers if lexicon.singular(w) in scenery.PLACES or w in lexicon.PROPS or w in scenery.PARTS
    }
    if mine and nouns and not mine & nouns:
        return True
    return "another" in modifiers or bool(nouns and not mine and place.head in ("room", "house", "hall"))


def _tail_stop(phrase: Phrase, words: Sequence[Word], phrases: Sequence[Phrase]) -> int:
    """Where the phrase's describing tail ends: a cliff | above the sea."""
    stop = phrase.stop
    while stop + 1 < len(words) and words[stop].low in _TAIL:
        tail = next((p for p in phrases if p.first == stop + 1 and p.role != "owner"), None)
        if (
            tail is None
            or tail.is_pronoun
            or tail.noun in lexicon.beings()
            or (tail.is_name and words[stop].low != "of")
        ):
            break
        if words[stop].low == "with" and tail.determiner not in ("a", "an", ""):
            break
        related = _is_place(tail) or tail.noun in scenery.PARTS or words[stop].low in ("with", "of")
        if not related:
            break
        stop = tail.stop
    return stop


def _describe(phrase: Phrase, words: Sequence[Word], phrases: Sequence[Phrase], source: str) -> str:
    stop = _tail_stop(phrase, words, phrases)
    first = phrase.first
    kept = [
        w
        for w in words[first : phrase.head + 1]
        if w.tag not in ("D", "S", "Z", "'", "M") and w.low not in ("own", "same", "very")
    ]
    if phrase.owner is not None:
        kept = [w for w in kept if w.start >= words[phrase.first].start]
    head = " ".join(w.text if w.tag == "E" else w.low for w in kept if w.text != ",")
    plural = lexicon.is_plural(phrase.low)
    tail = source[words[phrase.stop].start : words[stop - 1].stop] if stop > phrase.stop else ""
    return f"{head if plural else article(head)} {tail}".strip()
