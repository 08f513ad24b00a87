"""The first reading: who is in the story, under which names, and what they look like."""

from collections.abc import Sequence

from storyforge.planner import lexicon, verbs
from storyforge.planner.cast import Being, Cast
from storyforge.planner.clauses import Clause
from storyforge.planner.looks import article, describe
from storyforge.planner.moments import Moment
from storyforge.planner.phrases import Phrase
from storyforge.planner.pronouns import PAIRS, gender_by_pronouns
from storyforge.planner.wardrobe import Wardrobe
from storyforge.planner.words import Word


def introduce(moments: list[Moment], cast: Cast, wardrobe: Wardrobe) -> None:
    votes: list[tuple[str, str]] = []
    before: Being | None = None
    for moment in moments:
        sayers = (
            {id(p) for c in moment.clauses if c.lemma in verbs.speech() for p in c.subject}
            if moment.sentence.speeches
            else set()
        )
        met: dict[int, Being] = {}
        for phrase in moment.phrases:
            if phrase.prep == "like" or _compared(phrase) or (_both(phrase) and len(cast.alive()) > 1):
                continue
            being = cast.speaker(phrase, moment.index) if id(phrase) in sayers else cast.find(phrase, moment.index)
            if being is not None:
                met[id(phrase)] = being
                phrase.who = (being.id,)
        for speech in moment.sentence.speeches:
            if speech.name:
                speech.who = _screen_name(speech.name, cast, moment.index).id
        _tell_apart(moment, met, cast, wardrobe)
        before = _vote(moment, met, before, votes)
    gender_by_pronouns(cast, votes)


def _vote(moment: Moment, met: dict[int, Being], before: Being | None, votes: list[tuple[str, str]]) -> Being | None:
    """Pronouns that tell a gender ("the Rabbit looked at its watch", "Mara sat. She ..."); returns the lone subject."""
    first = next((c for c in moment.clauses if c.subject), None)
    if first is not None and before is not None and first.subject[0].is_pronoun and not met:
        votes.append((before.id, first.subject[0].low))
    lone: Being | None = None
    for clause in moment.clauses:
        beings = [_final(met[id(p)]) for p in clause.subject if id(p) in met]
        if len(beings) != 1 or len(clause.subject) != 1 or clause.kind == "rel":
            continue
        lone = lone or beings[0]
        others = [p for p in clause.phrases if id(p) in met]
        others += [p for c in moment.clauses for p in c.subject if p.is_pronoun and p.first < clause.verb]
        if not others:
            owned = clause.words[clause.verb + 1 : clause.stop]
            votes += [(beings[0].id, w.low) for w in owned if w.tag == "S" or w.low.endswith("self")]
    return lone if lone is not None and len({_final(b).id for b in met.values()}) == 1 else None if met else before


def _final(being: Being) -> Being:
    while being.into is not None:
        being = being.into
    return being


def _both(phrase: Phrase) -> bool:
    """ "the two animals", "both friends": those just met, and nobody new."""
    definite = {w.low for w in phrase.words[phrase.first : phrase.head]} & {"the", "both", "these", "two", "three"}
    return phrase.low in PAIRS and bool(definite) and phrase.plural


def _compared(phrase: Phrase) -> bool:
    before = phrase.words[phrase.first - 1].low if phrase.first else ""
    return before in ("as", "than", "like") and phrase.determiner in ("a", "an", "")


def _screen_name(name: str, cast: Cast, index: int) -> Being:
    """The being a screenplay names before a line: "OLD MAN (V.O.)"."""
    low = name.lower()
    for being in cast.alive():
        if (
            low in (n.lower() for n in being.names)
            or low in being.nouns
            or low.split()[-1] in [*being.nouns, *(n.lower() for n in being.names)]
        ):
            return being
    being = cast._new(low, index)
    noun = low.split()[-1]
    (being.nouns if noun in lexicon.beings() else being.names).append(
        noun if noun in lexicon.beings() else name.title()
    )
    being.gender = lexicon.gender_of_name(name) or {"f": "f", "m": "m"}.get(lexicon.beings().get(noun, ""), "")
    return being


def _tell_apart(moment: Moment, met: dict[int, Being], cast: Cast, wardrobe: Wardrobe) -> None:
    """Appositions, "called", "was a", and what each phrase says of looks and clothes."""
    words, source = moment.sentence.words, moment.sentence.source
    for one, other in zip(moment.phrases, moment.phrases[1:], strict=False):
        if id(one) in met and id(other) in met and _same(one, other, words):
            kept = cast.link(_final(met[id(one)]), _final(met[id(other)]))
            one.who = other.who = (kept.id,)
    for clause in moment.clauses:
        _predicate(clause, met, cast)
    for phrase in moment.phrases:
        being = met.get(id(phrase))
        if being is None or phrase.role == "owner":
            continue
        being = _final(being)
        look = describe(words, phrase, moment.phrases, source)
        kin = [
            w
            for w in phrase.modifiers
            if (w in lexicon.beings() and w not in lexicon.TITLES) or w in ("brother", "sister")
        ]
        if phrase.is_name and kin and phrase.noun not in lexicon.beings():
            being.described.append((0.2, article(kin[-1])))
        if not phrase.is_name or phrase.noun in lexicon.beings():
            indefinite = phrase.determiner in ("a", "an", "one", "two", "three", "")
            late = 0.0 if indefinite or being.mentions <= 2 else -3.0
            being.described.append(
                (
                    late + (1.0 if indefinite else 0.0) + 0.5 * len(phrase.modifiers) + 0.6 * (" with " in look.text),
                    look.text,
                )
            )
        if look.wears:
            wardrobe.wear(being, look.wears, moment.index)


def _same(one: Phrase, other: Phrase, words: Sequence[Word]) -> bool:
    """Whether two neighbouring phrases name one being: "Ember, a small fox", "a fox called Ember", "Ember the fox"."""
    between = [w.low for w in words[one.stop : other.first]]
    if len(between) == 3 and between[0] == between[2] == "," and between[1].isdigit():
        between = [","]  # "Mara, 70, an old woman"
    named = one.is_name != other.is_name
    if not named and not (between == [","] and other.determiner in ("a", "an") and one.determiner == "the"):
        return False
    if between == [] and one.is_name and other.determiner == "the":
        return True
    if between and between[-1] in ("called", "named", "was", "is") and (len(between) < 5 and other.is_name):
        return between[-1] in ("called", "named") or "name" in between
    if between == [","] and other.first < other.head and words[other.first].tag == "S":
        return one.is_name and not other.plural  # "Tomas, her grandson"
    if between == [","]:
        after = words[other.stop].low if other.stop < len(words) else "."
        listed = other.determiner == "the" and (
            after in ("and", "or")
            or (after == "," and other.stop + 1 < len(words) and words[other.stop + 1].low == "and")
        )
        return (other.determiner in ("a", "an") or other.is_name or other.determiner == "the") and not listed
    return False


def _predicate(clause: Clause, met: dict[int, Being], cast: Cast) -> None:
    """ "Ember was a small fox", "His name was Ember"."""
    if clause.lemma != "be" or clause.negated or len(clause.subject) != 1 or not clause.objects:
        return
    subject, told = clause.subject[0], clause.objects[0]
    if subject.low == "i" and id(told) in met and told.determiner in ("a", "an") and cast.teller is None:
        cast.teller = _final(met[id(told)])  # "I was a boy of ten"
    if subject.noun == "name" and id(told) in met:
        owner = (
            met.get(id(subject.owner))
            if subject.owner is not None
            else max((b for b in cast.alive() if b is not met[id(told)]), key=lambda b: b.last, default=None)
        )
        if owner is not None:
            cast.link(_final(owner), _final(met[id(told)]))
    elif id(subject) in met and id(told) in met and told.determiner in ("a", "an") and not clause.inverted:
        cast.link(_final(met[id(subject)]), _final(met[id(told)]))
