"""Reads a story from its first sentence to its last: who is there, where, when, what is done, held, worn, felt and said."""

from dataclasses import dataclass, field

from storyforge.planner import cast as casting
from storyforge.planner import lexicon, scenery, verbs
from storyforge.planner.actions import Act, seen, verb_phrase
from storyforge.planner.cast import Being, Cast, describe
from storyforge.planner.clauses import Clause, Phrase, clauses, phrases
from storyforge.planner.places import Atlas
from storyforge.planner.pronouns import Pronouns, gender_by_pronouns
from storyforge.planner.props import Props
from storyforge.planner.sentences import Sentence
from storyforge.planner.wardrobe import Wardrobe


@dataclass
class Moment:
    """One sentence, understood."""

    index: int
    sentence: Sentence
    phrases: list[Phrase]
    clauses: list[Clause]
    acts: list[Act] = field(default_factory=list)
    shown: list[tuple[int, str]] = field(default_factory=list)  # (word, being) before the camera
    held_before: dict[str, str] = field(default_factory=dict)
    props: list[str] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)
    looks: dict[str, str] = field(default_factory=dict)
    feels: dict[str, tuple[str, bool]] = field(default_factory=dict)
    place: str = ""
    time: str = ""
    weather: str = ""
    jump: str = ""  # "", "small" (the next morning) or "big" (years later)

    @property
    def present(self) -> list[str]:
        """Who is seen in it."""
        return list(dict.fromkeys(key for _, key in self.shown))


@dataclass
class Reading:
    """A whole story, understood."""

    moments: list[Moment]
    cast: Cast
    atlas: Atlas
    props: Props
    wardrobe: Wardrobe


def read(sentences: list[Sentence]) -> Reading:
    """Two passes: find who is in the story, then follow them sentence by sentence."""
    cast = Cast()
    moments = []
    for index, sentence in enumerate(sentences):
        found = phrases(sentence.words)
        moments.append(Moment(index, sentence, found, clauses(sentence.words, found)))
    for moment in moments:
        cast.survey(moment.phrases, moment.clauses)
    wardrobe = Wardrobe()
    _meet(moments, cast, wardrobe)
    reading = Reading(moments, cast, Atlas(), Props(), wardrobe)
    memory = Pronouns(cast)
    for moment in moments:
        _follow(moment, reading, memory)
    _speakers(reading, memory)
    return reading


# --- first pass: who is there -----------------------------------------------------------------------------------------


def _meet(moments: list[Moment], cast: Cast, wardrobe: Wardrobe) -> None:
    lines: list[tuple[list[Being], list[str]]] = []
    for moment in moments:
        sayers = {id(p) for c in moment.clauses if c.lemma in verbs.speech() for p in c.subject} if moment.sentence.speeches else set()
        met: dict[int, Being] = {}
        for phrase in moment.phrases:
            if phrase.prep == "like" or _compared(phrase):
                continue
            being = cast.speaker(phrase, moment.index) if id(phrase) in sayers else cast.find(phrase, moment.index)
            if being is not None:
                met[id(phrase)] = being
                phrase.who = (being.id,)
        for speech in moment.sentence.speeches:
            if speech.name:
                speech.who = _screen_name(speech.name, cast, moment.index).id
        _introduce(moment, met, cast, wardrobe)
        beings = list({b.id: b for b in map(_final, met.values())}.values())
        lines.append((beings, [w.low for w in moment.sentence.words if w.tag in ("O", "S")]))
    gender_by_pronouns(cast, lines)


def _final(being: Being) -> Being:
    while being.into is not None:
        being = being.into
    return being


def _compared(phrase: Phrase) -> bool:
    before = phrase.words[phrase.first - 1].low if phrase.first else ""
    return before in ("as", "than", "like") and phrase.determiner in ("a", "an", "")


def _screen_name(name: str, cast: Cast, index: int) -> Being:
    """The being a screenplay names before a line: "OLD MAN (V.O.)"."""
    low = name.lower()
    for being in cast.alive():
        if low in (n.lower() for n in being.names) or low in being.nouns or low.split()[-1] in [*being.nouns, *(n.lower() for n in being.names)]:
            return being
    being = cast._new(low, index)
    noun = low.split()[-1]
    (being.nouns if noun in lexicon.beings() else being.names).append(noun if noun in lexicon.beings() else name.title())
    being.gender = lexicon.gender_of_name(name) or {"f": "f", "m": "m"}.get(lexicon.beings().get(noun, ""), "")
    return being


def _introduce(moment: Moment, met: dict[int, Being], cast: Cast, wardrobe: Wardrobe) -> None:
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
        kin = [w for w in phrase.modifiers if w in lexicon.beings() and w not in lexicon.TITLES or w in ("brother", "sister")]
        if phrase.is_name and kin and phrase.noun not in lexicon.beings():
            being.described.append((0.2, casting.article(kin[-1])))
        if not phrase.is_name or phrase.noun in lexicon.beings():
            indefinite = phrase.determiner in ("a", "an", "one", "two", "three", "")
            being.described.append(((1.0 if indefinite else 0.0) + 0.5 * len(phrase.modifiers) + 0.6 * (" with " in look.text), look.text))
        if look.wears:
            wardrobe.wear(being, look.wears, moment.index)


def _same(one: Phrase, other: Phrase, words: list) -> bool:  # type: ignore[type-arg]
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
    if between == [","]:
        after = words[other.stop].low if other.stop < len(words) else "."
        listed = other.determiner == "the" and (after in ("and", "or") or (after == "," and other.stop + 1 < len(words) and words[other.stop + 1].low == "and"))
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
        owner = met.get(id(subject.owner)) if subject.owner is not None else max((b for b in cast.alive() if b is not met[id(told)]), key=lambda b: b.last, default=None)
        if owner is not None:
            cast.link(_final(owner), _final(met[id(told)]))
    elif id(subject) in met and id(told) in met and told.determiner in ("a", "an") and not clause.inverted:
        cast.link(_final(met[id(subject)]), _final(met[id(told)]))


# --- second pass: what happens ----------------------------------------------------------------------------------------


def _follow(moment: Moment, reading: Reading, memory: Pronouns) -> None:
    cast, index = reading.cast, moment.index
    by_phrase = {id(p): c for c in moment.clauses for p in [*c.subject, *c.phrases]}
    memory.topic = ""
    for phrase in moment.phrases:
        phrase.who = tuple(cast.get(key).id for key in phrase.who)
        clause = by_phrase.get(id(phrase))
        if not phrase.who and (phrase.is_pronoun or phrase.noun in ("two", "friends", "pair", "companions")):
            spoken = bool(moment.sentence.speeches) and clause is not None and clause.lemma in verbs.speech() and phrase in clause.subject
            phrase.who = memory.resolve(phrase, clause, index, spoken)
        first = phrase.words[phrase.first]
        if not phrase.who and phrase.owner is None and first.tag == "S":  # "her paw"
            owner = Phrase(phrase.words, phrase.first, phrase.first + 1, phrase.first)
            owner.who = memory.resolve(owner, clause, index, part=phrase.noun in lexicon.BODY)
            phrase.owner = owner
        subject = clause is not None and phrase in clause.subject
        memory.note(phrase.who, index, 2.0 if subject else 0.5 if phrase.role == "owner" else 1.0)
        if phrase.owner is not None and phrase.noun in lexicon.BODY:
            memory.note(phrase.owner.who, index, 1.5 if subject else 0.5)
        if subject and phrase.who:
            memory.subject = phrase.who[0]
            memory.topic = memory.topic or phrase.who[0]
    _happen(moment, reading, memory)


def _happen(moment: Moment, reading: Reading, memory: Pronouns) -> None:
    source, words = moment.sentence.source, moment.sentence.words
    things: dict[int, str] = {}
    for phrase in moment.phrases:
        thing = reading.props.find(phrase, words, source) if not phrase.who and phrase.role != "owner" else None
        if phrase.low == "it" and not phrase.who and memory.it[0] and moment.index - memory.it[1] <= 2:
            things[id(phrase)] = memory.it[0]
        if thing is not None:
            things[id(phrase)] = thing.id
            memory.it = (thing.id, moment.index)
    moment.props = list(dict.fromkeys(things.values()))
    _where_and_when(moment, reading)
    named = _pronoun_names(moment, reading, things)
    moment.held_before = dict(reading.props.held)
    for n, clause in enumerate(moment.clauses):
        who = actors(clause)
        reading.wardrobe.change(clause, [reading.cast.get(k) for k in who], moment.index, source)
        reading.props.follow(clause, who, things)
        if who:
            _act(moment, clause, n, who, things, named)
    _presence(moment)
    moment.held = dict(reading.props.held)
    moment.looks = {b.id: reading.wardrobe.look(b, moment.index) for b in reading.cast.alive()}


def actors(clause: Clause) -> tuple[str, ...]:
    """Who does what a clause says: its subject, the owner of a body's part, or the "by" of a passive."""
    if clause.passive:
        agents = tuple(k for p in clause.phrases if p.prep == "by" for k in p.who)
        if agents:
            return agents
    out: list[str] = []
    for phrase in clause.subject:
        out += phrase.who
        if not phrase.who and phrase.owner is not None and phrase.noun in lexicon.BODY:
            out += phrase.owner.who
    return tuple(dict.fromkeys(out))


def _act(moment: Moment, clause: Clause, n: int, who: tuple[str, ...], things: dict[int, str], named: dict[int, str]) -> None:
    span = [w.low for w in clause.words[clause.first : clause.stop] if w.tag != "Q"]
    feels, strong = scenery.feeling(span)
    real = seen(clause, moment.clauses[:n]) and not _reported(clause, moment.clauses[:n])
    own = any(p.who for p in clause.subject)
    does = verb_phrase(clause, named) if real and own and not clause.passive else ""
    target = next((k for p in clause.phrases if p.prep in ("", "at", "to", "with", "after", "towards", "toward", "beside", "for") for k in (*p.who, *([things[id(p)]] if id(p) in things else []))), "")
    if clause.lemma in verbs.speech() and moment.sentence.speeches:
        does = ""
    kind = verbs.action(clause.lemma) if real else ""
    if feels and not clause.negated:
        for key in who:
            moment.feels[key] = (feels, strong or moment.feels.get(key, ("", False))[1])
    if real:
        moment.acts.append(Act(who, clause.lemma, kind, does, feels, strong, target, clause.first, clause.stop, clause.kind))


def _reported(clause: Clause, before: list[Clause]) -> bool:
    """Whether a clause is only told of: "said that the bridge was closed", "until engineers had checked it"."""
    opener = clause.words[clause.first - 1].low if clause.first else ""
    opener = clause.words[clause.first].low if clause.words[clause.first].tag in ("B", "R") else opener
    if opener == "until":
        return True
    told = [c for c in before if c.lemma in verbs.speech() and any(w.low == "that" for w in c.words[c.verb : c.verb + 3])]
    return bool(told) and not clause.kind == "main" and clause.words[clause.verb - 1].text not in (";",)


_ABSENT = frozenset("think dream remember forget miss imagine wonder hope wish mean name call know love hate want need hear tell believe fear write".split())


def _presence(moment: Moment) -> None:
    """Who is before the camera: those who act, and those it is done to, with or beside."""
    by_phrase = {id(p): c for c in moment.clauses for p in [*c.subject, *c.phrases]}
    for phrase in moment.phrases:
        clause = by_phrase.get(id(phrase))
        keys = phrase.who or (phrase.owner.who if phrase.owner is not None and phrase.noun in lexicon.BODY else ())
        if not keys or phrase.role == "owner" or _away(phrase):
            continue
        subject = clause is not None and phrase in clause.subject
        if not subject and clause is not None and (clause.lemma in _ABSENT or clause.kind == "inf" and clause.lemma in ("find", "see", "look", "meet", "visit")):
            continue
        if clause is not None and _reported(clause, moment.clauses[: moment.clauses.index(clause)]):
            continue
        if subject and clause is not None and clause.negated and clause.lemma in ("be", "come", "return"):
            continue
        moment.shown += [(phrase.first, key) for key in keys]


def _away(phrase: Phrase) -> bool:
    """Whether a preposition keeps somebody out of the picture: "afraid of the bear", but "making fun of the bear"."""
    if phrase.noun in lexicon.BODY or phrase.prep not in ("of", "about", "without", "like", "than", "from"):
        return False
    governed = phrase.words[phrase.first - 2].low if phrase.first > 1 else ""
    return not (phrase.prep == "of" and governed in ("fun", "sight", "hold", "care", "front", "top", "ahead"))


def _pronoun_names(moment: Moment, reading: Reading, things: dict[int, str]) -> dict[int, str]:
    """Pronouns to the words that one line alone needs: her -> the moth, it -> the lantern, her scarf -> Ember's scarf."""
    out: dict[int, str] = {}
    cast = reading.cast
    by_phrase = {id(p): c for c in moment.clauses for p in c.phrases}
    for phrase in moment.phrases:
        clause = by_phrase.get(id(phrase))
        doers = actors(clause) if clause is not None else ()
        if phrase.low == "it" and id(phrase) in things:
            out[id(phrase.words[phrase.head])] = f"the {things[id(phrase)].replace('-', ' ')}"
        owner = phrase.owner
        if owner is not None and owner.low in ("my", "our"):
            out[id(owner.words[owner.head])] = "the"
        elif owner is not None and owner.words[owner.head].tag == "S" and len(owner.who) == 1 and doers and owner.who[0] not in doers:
            out[id(owner.words[owner.head])] = short_name(cast.get(owner.who[0])) + "'s"
        if phrase.is_pronoun and len(phrase.who) == 1 and phrase.low in ("him", "her", "it", "me"):
            out[id(phrase.words[phrase.head])] = short_name(cast.get(phrase.who[0]))
    return out


def short_name(being: Being) -> str:
    """What others call it: "Ember", "the moth"."""
    if not being.names and being.nouns and being.id == casting.NARRATOR:
        return f"the {being.nouns[0]}"
    if being.names:
        name = being.names[0]
        return f"the {name}" if being.nouns and name.lower() in being.nouns else name
    return f"the {being.id.replace('-', ' ')}" if being.id != casting.NARRATOR else "the narrator"


def _where_and_when(moment: Moment, reading: Reading) -> None:
    atlas, sentence = reading.atlas, moment.sentence
    told = " ".join(w.text for w in sentence.words if w.tag != "Q")
    since = 0
    for clause in moment.clauses if not sentence.fixed else ():
        place = atlas.move(clause, moment.phrases, sentence.source, since)
        since = max([clause.verb + 1, *(p.stop for p in clause.phrases)])
        if place is not None and since and clause.lemma in ("be", "seem", "look"):
            place = None  # "... went back to the beach, and the cave was empty"
        if place is not None and (atlas.here is not place):
            atlas.go(place)
        if place is not None and clause.lemma in ("live", "dwell") and atlas.home is None:
            atlas.home = place
    if sentence.heading is not None and sentence.heading.place:
        atlas.go(atlas.heading(sentence.heading.place, sentence.heading.inside))
    moment.place = atlas.here.id if atlas.here is not None else ""
    moment.time = (sentence.heading.time if sentence.heading else "") or scenery.time_of(told)
    moment.weather = scenery.weather_of(told)
    moment.jump = "big" if scenery.JUMP_BIG.search(told) else "small" if scenery.JUMP.search(told) else ""


# --- who says what ----------------------------------------------------------------------------------------------------


def _speakers(reading: Reading, memory: Pronouns) -> None:
    last: list[str] = []  # who spoke, latest last
    previous: Moment | None = None
    for n, moment in enumerate(reading.moments):
        following = reading.moments[n + 1] if n + 1 < len(reading.moments) else None
        for speech in moment.sentence.speeches:
            if not speech.who:
                speech.who = _attributed(moment, speech) or _by_context(moment, previous, following, last, reading)
            if speech.who:
                speech.who = reading.cast.get(speech.who).id
                if not last or last[-1] != speech.who:
                    last.append(speech.who)
                if speech.who not in moment.present:
                    moment.shown.insert(0, (0, speech.who))
        if moment.sentence.heading is not None:
            last = last if moment.sentence.speeches else []
        previous = moment


def _attributed(moment: Moment, speech: object) -> str:
    for clause in moment.clauses:
        if clause.lemma in verbs.speech() and not clause.negated:
            who = actors(clause)
            if who:
                speech.how = speech.how or manner(clause)  # type: ignore[attr-defined]
                return who[0]
    return next((act.who[0] for act in moment.acts if act.clause in ("main", "and")), "")


def manner(clause: Clause) -> str:
    """How a line is said: "softly", "in a whisper"."""
    near = clause.words[max(clause.first, clause.verb - 1) : clause.stop]
    adverb = next((w.low for w in near if w.tag == "J" and w.low.endswith("ly") and w.low not in ("suddenly", "finally", "only")), "")
    return adverb or {"whisper": "in a whisper", "shout": "shouting", "cry": "crying out", "murmur": "murmuring", "sob": "sobbing", "laugh": "laughing"}.get(clause.lemma, "")


def _by_context(moment: Moment, previous: Moment | None, following: Moment | None, last: list[str], reading: Reading) -> str:
    same = previous is not None and previous.sentence.paragraph == moment.sentence.paragraph
    if same and previous is not None:
        if previous.sentence.speeches:
            return previous.sentence.speeches[-1].who
        acting = [act.who[0] for act in previous.acts if act.clause in ("main", "and")]
        if acting:
            return acting[-1]
    if following is not None and following.sentence.paragraph == moment.sentence.paragraph and not following.sentence.speeches:
        acting = [act.who[0] for act in following.acts if act.clause in ("main", "and")]
        if acting:
            return acting[0]
    if len(last) > 1:
        return last[-2]
    near = [key for m in reading.moments[max(0, moment.index - 6) : moment.index + 1] for key in m.present if not last or key != last[-1]]
    return near[-1] if near else last[-1] if last else ""
