"""Who is in a story: names, kinds, which words stand for whom, what they look like and what they wear."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from storyforge.planner import lexicon, scenery, verbs
from storyforge.planner.bags import bag
from storyforge.planner.clauses import Clause
from storyforge.planner.phrases import Phrase

NARRATOR = "narrator"

_NOT_NAMES = bag("""monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october
    november december english french german spanish christmas easter god lord heaven earth internet europe america
    asia africa london
    paris england france germany spain italy china japan india russia""")
_OPPOSED = (
    frozenset(("old", "elderly", "aged", "ancient")), frozenset(("young", "baby")), frozenset(("small", "little",
    "tiny")),
    frozenset(("big", "large", "huge", "giant", "great")),
)  # fmt: skip
_COLOURS = bag("red orange yellow green blue purple pink brown white grey gray black golden silver")
LONGEST_ID = 32
_OTHER = bag("another other second third next different")
_ROLES = bag("friend host guest companion partner rival comrade master neighbour neighbor")
_DUTIES = bag("stand stands stood standing mount mounts mounted keep keeps kept keeping play plays played playing")
_VAGUE = {
    "creature": "n",
    "animal": "n",
    "beast": "n",
    "child": "child",
    "girl": "f",
    "boy": "m",
    "woman": "f",
    "man": "m",
    "lady": "f",
    "person": "x",
}


@dataclass
class Being:
    """One character (or group) while the story is being read."""

    id: str
    names: list[str] = field(default_factory=list)
    nouns: list[str] = field(default_factory=list)
    modifiers: set[str] = field(default_factory=set)
    gender: str = ""  # f, m, n, or "" while nobody has said
    guessed: bool = False  # whether it is only what a pronoun, that may mean somebody else, was taken for
    plural: bool = False
    described: list[tuple[float, str]] = field(default_factory=list)
    wears: str = ""
    worn: list[tuple[int, str]] = field(default_factory=list)  # (sentence, clothes) as they change; "" is taken off
    child: bool = False
    mentions: int = 0
    last: int = -99
    definite: int = 0  # times that its name came with "the"
    into: Being | None = None

    @property
    def animal(self) -> bool:
        return any(noun in lexicon.ANIMALS for noun in self.nouns)

    def fits(self, gender: str, number: str) -> bool:
        """Whether a pronoun of this gender and number can mean it."""
        if (number == "p") != self.plural:
            return False
        if gender in ("", self.gender):
            return True
        return self.gender == "" and (gender != "n" or self.animal or not (self.names or self.nouns))


class Cast:
    """The beings of a story, found phrase by phrase in reading order."""

    def __init__(self) -> None:
        self.beings: list[Being] = []
        self.people: Counter[str] = Counter()  # how much a capitalised word behaves as a person
        self.places: Counter[str] = Counter()  # ... as a place
        self.teller: Being | None = None  # the "I" of the story

    def get(self, key: str) -> Being:
        being = next(b for b in self.beings if b.id == key)
        while being.into is not None:
            being = being.into
        return being

    def alive(self) -> list[Being]:
        return [b for b in self.beings if b.into is None]

    # --- names -----------------------------------------------------------------------------------------------------

    def survey(self, phrases: Sequence[Phrase], clauses: Sequence[Clause]) -> None:
        """Count how names behave, before anybody is cast."""
        subjects = {id(p): c for c in clauses for p in c.subject}
        for phrase in phrases:
            if not phrase.is_name:
                continue
            for word in name_of(phrase).split():
                low = word.lower().rstrip(".")
                if id(phrase) in subjects:
                    self.people[word] += 3 if subjects[id(phrase)].lemma in verbs.speech() else 2
                elif phrase.role == "owner":
                    self.people[word] += 1
                elif phrase.prep in (
                    "in",
                    "at",
                    "from",
                    "to",
                    "near",
                    "through",
                    "across",
                    "into",
                    "around",
                    "outside",
                ):
                    self.places[word] += 2
                else:
                    self.people[word] += 1
                if low in lexicon.FEMALE or low in lexicon.MALE:
                    self.people[word] += 3

    def is_person(self, phrase: Phrase) -> bool:
        """Whether a capitalised phrase names somebody."""
        words = name_of(phrase).split()
        low = words[-1].lower().rstrip(".")
        if (
            low in _NOT_NAMES
            or lexicon.singular(low) in lexicon.BODIES
            or lexicon.singular(low) in scenery.PLACES
            or len(low) < 2
        ):
            return False
        if words[0].lower().rstrip(".") in lexicon.TITLES and len(words) > 1:
            return True
        if low in lexicon.beings():
            return True
        return self.people[words[-1]] > self.places[words[-1]] and (
            phrase.determiner not in ("the", "a", "an", "this") or self.people[words[-1]] > 3
        )

    # --- finding ---------------------------------------------------------------------------------------------------

    def find(self, phrase: Phrase, sentence: int, create: bool = True) -> Being | None:
        """The being a noun phrase means; a new one when it is the first to mean it."""
        if phrase.is_pronoun or phrase.determiner in ("no", "neither") or _duty(phrase):
            return None
        if phrase.is_name and not lexicon.being_gender(phrase.noun):
            return self._by_name(phrase, sentence) if self.is_person(phrase) else None
        if not lexicon.being_gender(phrase.noun):
            return self._lone_adjective(phrase, sentence)
        return self._by_noun(phrase, sentence, create)

    def _lone_adjective(self, phrase: Phrase, sentence: int) -> Being | None:
        """Things that turned out to speak or act under their own noun: "the teapot"."""
        return next((b for b in self.alive() if phrase.noun in b.nouns), None)

    def _by_name(self, phrase: Phrase, sentence: int) -> Being | None:
        name = name_of(phrase)
        low = name.lower()
        for being in self.alive():
            for known in being.names:
                words, mine = known.lower().split(), low.split()
                if (
                    known.lower() == low
                    or (mine[-1] == words[-1] and (len(words) == 1 or len(mine) == 1))
                    or (len(mine) == 1 and mine[0] == words[0])
                ):
                    if len(name) > len(known) and len(words) < len(mine):
                        being.names.insert(0, name)
                    return self._seen(being, phrase, sentence)
        being = self._new(name, sentence)
        being.names.append(name)
        being.gender = lexicon.gender_of_name(name)
        title = low.split()[0].rstrip(".")
        if title in lexicon.beings() and len(low.split()) > 1:
            being.nouns.append(title)
        return self._seen(being, phrase, sentence)

    def _by_noun(self, phrase: Phrase, sentence: int, create: bool) -> Being | None:
        noun, modifiers = phrase.noun, set(phrase.modifiers)
        same = [
            b
            for b in self.alive()
            if noun in b.nouns
            and (b.plural == phrase.plural or _same_herd(phrase))
            and not _opposed(b.modifiers, modifiers)
        ]
        if same and not (_OTHER & (modifiers | {phrase.words[phrase.first].low})):
            best = max(same, key=lambda b: (len(b.modifiers & modifiers), b.last))
            return self._seen(best, phrase, sentence)
        vague = self._vague(phrase, sentence) or self._role(phrase, sentence)
        if vague is not None:
            return self._seen(vague, phrase, sentence)
        if not create:
            return None
        capital = phrase.words[phrase.head].text[0].isupper() and phrase.head > 0
        key = noun if not phrase.plural else phrase.low
        if any(b.id == key for b in self.beings) and phrase.modifiers:
            key = f"{phrase.modifiers[-1]} {key}"
        being = self._new(key, sentence)
        being.nouns.append(noun)
        being.plural = phrase.plural or noun in lexicon.GROUPS
        gender = lexicon.being_gender(noun)
        being.gender = gender if gender in "fm" else ""
        if capital:
            being.names.append(name_of(phrase))
        return self._seen(being, phrase, sentence)

    def _vague(self, phrase: Phrase, sentence: int) -> Being | None:
        """ "the girl", "the creature": somebody named lately of whom nothing contradicts it."""
        want = _VAGUE.get(phrase.noun)
        if want is None or phrase.determiner not in ("the", "this", "that") or phrase.plural:
            return None
        near = [b for b in self.alive() if sentence - b.last <= 4 and not b.plural]
        if want == "n":
            near = [b for b in near if b.animal]
        else:
            near = [
                b
                for b in near
                if not b.animal
                and (want in ("x", "child") or b.gender in ("", want))
                and not (b.nouns and want != "x" and not b.names and not _grown_into(phrase, b))
            ]
        if not near:
            return None
        found = max(near, key=lambda b: b.last)
        if want not in ("n", "x"):
            found.nouns.append(phrase.noun)
            found.gender = found.gender or (want if want in "fm" else "")
            found.child = found.child or phrase.noun in ("girl", "boy", "child")
        return found

    def _role(self, phrase: Phrase, sentence: int) -> Being | None:
        """ "his friend", "her host": somebody else who was just there."""
        if phrase.noun not in _ROLES or phrase.plural or phrase.words[phrase.first].tag != "S" or phrase.is_name:
            return None
        near = [b for b in self.alive() if 0 < sentence - b.last <= 3 and not b.plural]
        return max(near, key=lambda b: b.last, default=None)

    def _new(self, key: str, sentence: int) -> Being:
        base = slug(key)
        name, n = base, 2
        while any(b.id == name for b in self.beings):
            name, n = f"{base}-{n}", n + 1
        being = Being(name, last=sentence)
        self.beings.append(being)
        return being

    def speaker(self, phrase: Phrase, sentence: int) -> Being | None:
        """Whoever says something is somebody, even a teapot; councils and newspapers are not."""
        found = self.find(phrase, sentence)
        if found is not None or phrase.is_pronoun or phrase.noun in lexicon.BODIES or phrase.noun in lexicon.BODY:
            return found
        if (phrase.is_name and phrase.noun in _NOT_NAMES) or phrase.noun in scenery.PLACES:
            return None
        being = self._new(phrase.noun, sentence)
        (being.names if phrase.is_name else being.nouns).append(name_of(phrase) if phrase.is_name else phrase.noun)
        return self._seen(being, phrase, sentence)

    def narrator(self, sentence: int) -> Being:
        """The "I" of a story told in the first person."""
        if self.teller is None:
            self.teller = self._new(NARRATOR, sentence)
        self.teller = self.get(self.teller.id)
        self.teller.last = sentence
        return self.teller

    def link(self, one: Being, other: Being) -> Being:
        """Two mentions turn out to be one being; the named one stays."""
        if one is other:
            return one
        keep, gone = (one, other) if one.names or not other.names else (other, one)
        keep.names += [n for n in gone.names if n not in keep.names]
        keep.nouns += [n for n in gone.nouns if n not in keep.nouns]
        keep.modifiers |= gone.modifiers
        if not keep.gender:
            keep.gender, keep.guessed = gone.gender, gone.guessed
        keep.described += gone.described
        keep.wears = keep.wears or gone.wears
        keep.worn += gone.worn
        keep.mentions += gone.mentions
        keep.last = max(keep.last, gone.last)
        gone.into = keep
        return keep

    def _seen(self, being: Being, phrase: Phrase, sentence: int) -> Being:
        being.mentions += 1
        being.last = sentence
        being.modifiers |= set(phrase.modifiers)
        being.definite += phrase.is_name and phrase.determiner == "the"
        for word in phrase.modifiers:  # "the fox Ember"
            if word in lexicon.beings() and word not in being.nouns and phrase.is_name and word not in lexicon.TITLES:
                being.nouns.append(word)
        return being


def _grown_into(phrase: Phrase, being: Being) -> bool:
    """ "A child stood there ... The boy pointed": the second word tells more of the first."""
    after = phrase.words[phrase.stop].low if phrase.stop < len(phrase.words) else ""
    listed = phrase.joined or after in ("and", ",")
    return phrase.noun in ("boy", "girl") and "child" in being.nouns and not listed


def _same_herd(phrase: Phrase) -> bool:
    """ "Forty sheep ... the sheep": a noun that does not tell whether it is several."""
    return lexicon.PLURALS.get(phrase.noun) == phrase.noun and phrase.determiner == "the" and not phrase.plural


def _duty(phrase: Phrase) -> bool:
    """ "stood guard", "played host": what somebody does, not somebody."""
    before = phrase.words[phrase.first - 1].low if phrase.first else ""
    bare = phrase.first == phrase.head and not phrase.plural and not phrase.is_name
    return bare and before in _DUTIES and phrase.noun not in lexicon.ANIMALS | lexicon.KIN


def _opposed(one: set[str], other: set[str]) -> bool:
    for n, group in enumerate(_OPPOSED):
        rival = _OPPOSED[n ^ 1]
        if one & group and other & rival and not one & rival:
            return True
    mine, theirs = one & _COLOURS, other & _COLOURS
    return bool(mine and theirs and not mine & theirs)


def slug(text: str) -> str:
    """A stable id of a name: "Mr. Toad" -> "mr-toad"."""
    name = re.sub(r"[\W_]+", "-", text.lower()).strip("-")
    return (name[:LONGEST_ID].rpartition("-")[0] or name[:LONGEST_ID] if len(name) > LONGEST_ID else name) or "someone"


def name_of(phrase: Phrase) -> str:
    """The name in a phrase, without article and plain words: "the White Rabbit" -> "White Rabbit"."""
    words = [
        w.text
        for w in phrase.words[phrase.first : phrase.head + 1]
        if (w.text[0].isupper() and w.tag not in ("D", "S")) or w.low == "of"
    ]
    return " ".join(words) or phrase.words[phrase.head].text.capitalize()
