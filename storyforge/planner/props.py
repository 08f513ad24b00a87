"""The things of a story: which are named, what they look like, and in whose hand they are."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from storyforge.planner import lexicon
from storyforge.planner.bags import bag
from storyforge.planner.cast import slug
from storyforge.planner.clauses import Clause
from storyforge.planner.looks import article
from storyforge.planner.phrases import Phrase
from storyforge.planner.words import Word

_TAKES = bag("""take hold carry lift raise grab clutch grasp fetch seize pick gather collect cradle snatch bring
    have find wave swing light
    wear open read hug catch steal drag pull wield brandish tuck hand clean polish rub keep receive get buy borrow
    pluck wind choose use""")
_LEAVES = bag(
    """drop put set lose throw leave hang place lay bury fling release return let lend hide forget burn break eat
    sell toss"""
)
_GIVES = bag("give hand offer pass bring lend deliver present return show")


@dataclass
class Thing:
    """One prop: its id, noun, and richest description."""

    id: str
    noun: str
    modifiers: set[str]
    described: list[str] = field(default_factory=list)

    @property
    def description(self) -> str:
        return max(self.described, key=lambda text: (min(len(text), 60), -self.described.index(text)))


class Props:
    """The props of a story, and who holds which."""

    def __init__(self) -> None:
        self.things: list[Thing] = []
        self.held: dict[str, str] = {}  # being -> prop

    def find(self, phrase: Phrase, words: Sequence[Word], source: str) -> Thing | None:
        """The prop a noun phrase means, or None when it is not one."""
        noun = phrase.noun if phrase.noun in lexicon.PROPS else phrase.low
        if (
            noun not in lexicon.PROPS
            or phrase.is_name
            or (noun in lexicon.BODY and phrase.words[phrase.first].tag == "S")
            or phrase.prep in ("like", "than")
            or phrase.low in ("light",)
            or _filling(phrase)
        ):
            return None
        if phrase.plural and (
            phrase.prep or phrase.determiner in ("", "no")
        ):  # "over the wet stones": ground, not things
            return None
        modifiers = {w for w in phrase.modifiers if w not in ("own", "same", "other", "last", "old")}
        same = [t for t in self.things if t.noun == noun]
        fitting = [t for t in same if not modifiers or not t.modifiers or t.modifiers & modifiers]
        text = _described(phrase, words, source)
        if fitting or (same and phrase.determiner in ("the", "his", "her", "its", "their", "'s")):
            thing = (fitting or same)[-1]
            thing.modifiers |= modifiers
            thing.described.append(text)
            return thing
        key = noun if not same else f"{next(iter(sorted(modifiers)), 'other')} {noun}"
        base, n, name = slug(key), 2, slug(key)
        while any(t.id == name for t in self.things):
            name, n = f"{base}-{n}", n + 1
        thing = Thing(name, noun, modifiers, [text])
        self.things.append(thing)
        return thing

    def follow(self, clause: Clause, who: Sequence[str], things: dict[int, str]) -> None:
        """Take, keep, pass on or let go: what a clause does to who holds what; `things`: phrase (id) -> prop."""
        if not who or clause.negated:
            return
        objects = [things[id(p)] for p in clause.objects if id(p) in things]
        receiver = next(
            (p.who[0] for p in clause.phrases if p.who and p.prep in ("", "to") and p.who[0] not in who), ""
        )
        after = {w.low for w in clause.words[clause.verb + 1 : clause.stop]}
        if objects and clause.lemma in _GIVES and receiver:
            self._give(receiver, objects[0], who)
        elif (
            objects
            and (clause.lemma in _LEAVES or (clause.lemma == "take" and "off" in after))
            and "on" not in after - {"on"}
            and "up" not in after
        ):
            self._drop(objects[0])
        elif objects and (clause.lemma in _TAKES or "up" in after):
            self._give(who[0], objects[0], who)
        for phrase in clause.phrases:
            if id(phrase) in things and phrase.prep == "with" and clause.lemma != "be":
                self._give(who[0], things[id(phrase)], who)

    def _give(self, who: str, prop: str, givers: Sequence[str]) -> None:
        self._drop(prop)
        self.held[who] = prop

    def _drop(self, prop: str) -> None:
        self.held = {who: thing for who, thing in self.held.items() if thing != prop}


def _filling(phrase: Phrase) -> bool:
    """ "a loaf of bread": one thing, not two."""
    before = [word.low for word in phrase.words[max(0, phrase.first - 2) : phrase.first]]
    held = len(before) == 2 and before[1] == "of" and lexicon.singular(before[0]) in lexicon.PROPS
    return held and not phrase.determiner  # "the string of the kite" is of a kite


def _described(phrase: Phrase, words: Sequence[Word], source: str) -> str:
    kept = [
        w
        for w in words[phrase.first : phrase.head + 1]
        if w.tag in ("A", "N", "E") and w.low not in ("own", "same", "other", "last", "next", "first")
    ]
    if phrase.owner is not None:
        kept = [w for w in kept if w.start >= words[phrase.first].start]
    text = " ".join(w.low if w.tag != "E" else w.text for w in kept)
    if not lexicon.is_plural(phrase.low):
        text = article(text)
    at = phrase.stop
    if (
        at + 1 < len(words)
        and words[at].low in ("with", "of")
        and words[at + 1].tag in ("D", "A", "N", "M")
        and words[at + 1].low not in ("the", "this", "that")
    ):
        stop = at + 1
        while stop < len(words) and words[stop].tag in ("D", "A", "N", "M"):
            stop += 1
        if words[stop - 1].tag == "N" and words[stop - 1].low not in lexicon.BODY:
            text += " " + source[words[at].start : words[stop - 1].stop]
    return text
