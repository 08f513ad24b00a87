"""The second reading: what happens, to whom, where and when, with what in hand."""

from storyforge.planner import lexicon, times, verbs, weather
from storyforge.planner.actions import Act, seen, verb_phrase
from storyforge.planner.bags import bag
from storyforge.planner.clauses import Clause
from storyforge.planner.feelings import feeling
from storyforge.planner.moments import Moment, Reading, actors, short_name
from storyforge.planner.phrases import Phrase
from storyforge.planner.pronouns import PAIRS, Pronouns


def follow(moment: Moment, reading: Reading, memory: Pronouns) -> None:
    """Understand one sentence in the light of all before it."""
    by_phrase = {id(p): c for c in reversed(moment.clauses) for p in [*c.subject, *c.phrases]}  # its first clause
    memory.last_topic, memory.topic = memory.topic or memory.last_topic, ""
    for phrase in moment.phrases:
        phrase.who = tuple(reading.cast.get(key).id for key in phrase.who)
        clause = by_phrase.get(id(phrase))
        _resolve(phrase, clause, moment, reading, memory)
        _remember(phrase, clause, moment.index, memory)
    _happen(moment, reading)


def _resolve(phrase: Phrase, clause: Clause | None, moment: Moment, reading: Reading, memory: Pronouns) -> None:
    """Who or what a phrase means: pronouns, the owner of "her paw", things."""
    index = moment.index
    if not phrase.who and (phrase.is_pronoun or phrase.low in PAIRS):
        says = clause is not None and clause.lemma in verbs.speech() and phrase in clause.subject
        phrase.who = memory.resolve(phrase, clause, index, spoken=says and bool(moment.sentence.speeches))
    if phrase.owner is None and phrase.words[phrase.first].tag == "S":
        owner = Phrase(phrase.words, phrase.first, phrase.first + 1, phrase.first)
        owner.who = memory.resolve(owner, clause, index, part=phrase.noun in lexicon.BODY)
        phrase.owner = owner
        if phrase.noun in lexicon.KIN and len(owner.who) == 1:
            reading.cast.get(owner.who[0]).child = True  # who has a mother or a sister in a story is mostly young
    if (
        phrase.low == "it"
        and not phrase.who
        and memory.it[0]
        and index - memory.it[1] <= 2
        and not _sky(phrase, clause)
    ):
        moment.things[id(phrase)] = memory.it[0]
    before = [w.low for w in phrase.words[max(0, phrase.first - 6) : phrase.first]]
    if not phrase.who and phrase.role != "owner" and "like" not in before:  # "like a frame round a picture"
        thing = reading.props.find(phrase, phrase.words, moment.sentence.source)
        if thing is not None:
            moment.things[id(phrase)] = thing.id
            memory.it = (thing.id, index)


_SKY = bag("""rain rained rains raining snow snowed snows snowing pour poured pouring drizzle drizzled hail hailed
    thunder thundered storm stormed freeze froze dark darker late night morning evening noon dawn midnight day time
    summer winter spring autumn""")


def _sky(it: Phrase, clause: Clause | None) -> bool:
    """ "It was raining", "it grew dark", "it was a cold night": nothing in particular."""
    if clause is None or it not in clause.subject:
        return False
    told = clause.words[it.stop : min(clause.stop, clause.verb + (4 if clause.lemma == "be" else 2))]
    return bool(_SKY & {word.low for word in told})


def _remember(phrase: Phrase, clause: Clause | None, index: int, memory: Pronouns) -> None:
    """Whoever was just mentioned is who a pronoun means next; subjects of main clauses most of all."""
    subject = clause is not None and phrase in clause.subject and not clause.passive
    subject = subject or (clause is not None and clause.passive and phrase.prep == "by")
    main = clause is not None and clause.kind in ("main", "and")
    weight = (2.0 if main else 1.6) if subject else 0.5 if phrase.role == "owner" else 1.0
    memory.note(phrase.who, index, weight)
    if phrase.owner is not None and phrase.noun in lexicon.BODY:
        memory.note(phrase.owner.who, index, 1.5 if subject else 0.5)
    if subject and phrase.who:
        memory.topic = memory.topic or phrase.who[0]
        memory.subject = phrase.who[0] if main else memory.subject


def _happen(moment: Moment, reading: Reading) -> None:
    source = moment.sentence.source
    moment.props = list(dict.fromkeys(moment.things.values()))
    _where_and_when(moment, reading)
    named = _pronoun_names(moment, reading, moment.things)
    moment.held_before = dict(reading.props.held)
    for n, clause in enumerate(moment.clauses):
        who = actors(clause)
        if seen(clause, moment.clauses[:n]):
            reading.wardrobe.change(clause, [reading.cast.get(k) for k in who], moment.index, source)
            reading.props.follow(clause, who, moment.things)
        if who:
            _act(moment, clause, n, who, moment.things, named)
    _presence(moment)
    moment.held = dict(reading.props.held)
    moment.looks = {b.id: reading.wardrobe.look(b, moment.index) for b in reading.cast.alive()}


_TOWARDS = ("", "at", "to", "with", "after", "towards", "toward", "beside", "for")


def _act(
    moment: Moment, clause: Clause, n: int, who: tuple[str, ...], things: dict[int, str], named: dict[int, str]
) -> None:
    attributing = clause.lemma in verbs.speech() and bool(moment.sentence.speeches)
    span = [
        w.low
        for w in clause.words[clause.first : clause.stop]
        if w.tag != "Q" and not (attributing and w.low in ("cried", "cries", "shouted", "shouts"))
    ]
    feels, strong = feeling(span)
    real = seen(clause, moment.clauses[:n]) and not _reported(clause, moment.clauses[:n])
    own = any(p.who for p in clause.subject)
    does = verb_phrase(clause, named) if real and own and not clause.passive else ""
    near = [p for p in clause.phrases if p.prep in _TOWARDS]
    target = next((key for p in near for key in (*p.who, things.get(id(p), "")) if key), "")
    if attributing:
        does = ""
    kind = verbs.action(clause.lemma) if real and "aground" not in span else ""
    if feels and not clause.negated:
        for key in who:
            moment.feels[key] = (feels, strong or moment.feels.get(key, ("", False))[1])
    if real:
        thing = next((things[id(p)] for p in clause.objects if id(p) in things), "")
        covered = (clause.verb, clause.first, clause.stop)
        moment.acts.append(Act(who, clause.lemma, kind, does, feels, strong, target, thing, *covered, clause.kind))


def _reported(clause: Clause, before: list[Clause]) -> bool:
    """Whether a clause is only told of: "said that the bridge was closed", "until engineers had checked it"."""
    opener = clause.words[clause.first - 1].low if clause.first else ""
    opener = clause.words[clause.first].low if clause.words[clause.first].tag in ("B", "R") else opener
    if opener == "until":
        return True
    if (
        clause.lemma in ("say", "report", "announce")
        and clause.kind == "and"
        and not clause.phrases
        and clause.stop >= len(clause.words) - 1
    ):
        return True  # "..., officials said."
    told = [
        c for c in before if c.lemma in verbs.speech() and any(w.low == "that" for w in c.words[c.verb : c.verb + 3])
    ]
    return bool(told) and clause.kind != "main" and clause.words[clause.verb - 1].text not in (";",)


_ABSENT = bag(
    """think dream remember forget miss imagine wonder hope wish mean name call know love hate want need hear tell
    believe fear write"""
)


def _presence(moment: Moment) -> None:
    """Who is before the camera: those who act, and those it is done to, with or beside."""
    by_phrase = {id(p): c for c in moment.clauses for p in [*c.subject, *c.phrases]}
    for phrase in moment.phrases:
        clause = by_phrase.get(id(phrase))
        keys = phrase.who or (phrase.owner.who if phrase.owner is not None and phrase.noun in lexicon.BODY else ())
        if not keys and phrase.owner is not None and phrase.noun in lexicon.WEARS:
            keys = phrase.owner.who  # "held tight to her scarf"
        if not keys or phrase.role == "owner" or _away(phrase):
            continue
        subject = clause is not None and phrase in clause.subject
        if (
            not subject
            and clause is not None
            and (
                clause.lemma in _ABSENT
                or (clause.kind == "inf" and clause.lemma in ("find", "see", "look", "meet", "visit"))
            )
        ):
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
    """Pronouns to the words that one line needs: her -> the moth, it -> the lantern, her scarf -> Ember's scarf."""
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
        elif (
            owner is not None
            and owner.words[owner.head].tag == "S"
            and len(owner.who) == 1
            and doers
            and owner.who[0] not in doers
        ):
            out[id(owner.words[owner.head])] = short_name(cast.get(owner.who[0])) + "'s"
        if phrase.is_pronoun and len(phrase.who) == 1 and phrase.low in ("him", "her", "it", "me"):
            if phrase.who[0] in doers:
                continue  # "around him"
            out[id(phrase.words[phrase.head])] = short_name(cast.get(phrase.who[0]))
    return out


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
    moment.time = (sentence.heading.time if sentence.heading else "") or times.time_of(told)
    moment.weather = weather.weather_of(told)
    moment.jump = "big" if times.JUMP_BIG.search(told) else "small" if times.JUMP.search(told) else ""
