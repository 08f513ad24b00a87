"""Who says each line."""

from storyforge.planner import verbs
from storyforge.planner.clauses import Clause
from storyforge.planner.dialogue import attributions
from storyforge.planner.moments import Moment, Reading, actors
from storyforge.planner.sentences import Speech


def attribute(reading: Reading) -> None:
    last: list[str] = []  # who spoke, latest last
    previous: Moment | None = None
    for n, moment in enumerate(reading.moments):
        following = reading.moments[n + 1] if n + 1 < len(reading.moments) else None
        for speech in moment.sentence.speeches:
            if not speech.who:
                speech.who = _attributed(moment, speech, previous) or _by_context(
                    moment, previous, following, last, reading
                )
            if speech.who:
                speech.who = reading.cast.get(speech.who).id
                if not last or last[-1] != speech.who:
                    last.append(speech.who)
                if speech.who not in moment.present:
                    moment.shown.insert(0, (0, speech.who))
        if moment.sentence.heading is not None:
            last = last if moment.sentence.speeches else []
        previous = moment


def _attributed(moment: Moment, speech: Speech, previous: Moment | None) -> str:
    for clause in (*attributions(moment), *moment.clauses):
        if clause.lemma in verbs.speech() and not clause.negated:
            who = actors(clause)
            if who:
                speech.how = speech.how or manner(clause)
                return who[0]
    if previous is not None and previous.sentence.paragraph == moment.sentence.paragraph and previous.sentence.speeches:
        return previous.sentence.speeches[-1].who
    return next((act.who[0] for act in moment.acts if act.clause in ("main", "and")), "")


def manner(clause: Clause) -> str:
    """How a line is said: "softly", "in a whisper"."""
    near = clause.words[max(clause.first, clause.verb - 1) : clause.stop]
    adverb = next(
        (
            w.low
            for w in near
            if w.tag == "J"
            and w.low.endswith("ly")
            and w.low
            not in (
                "suddenly",
                "finally",
                "only",
                "presently",
                "shortly",
                "immediately",
                "eventually",
                "early",
                "really",
            )
        ),
        "",
    )
    return adverb or {
        "whisper": "in a whisper",
        "shout": "shouting",
        "cry": "crying out",
        "murmur": "murmuring",
        "sob": "sobbing",
        "laugh": "laughing",
    }.get(clause.lemma, "")


def _by_context(
    moment: Moment, previous: Moment | None, following: Moment | None, last: list[str], reading: Reading
) -> str:
    same = previous is not None and previous.sentence.paragraph == moment.sentence.paragraph
    if same and previous is not None:
        if previous.sentence.speeches:
            return previous.sentence.speeches[-1].who
        acting = [act.who[0] for act in previous.acts if act.clause in ("main", "and")]
        if acting:
            return acting[-1]
    if (
        following is not None
        and following.sentence.paragraph == moment.sentence.paragraph
        and not following.sentence.speeches
    ):
        acting = [act.who[0] for act in following.acts if act.clause in ("main", "and")]
        if acting:
            return acting[0]
    if len(last) > 1:
        return last[-2]
    near = [
        key
        for m in reading.moments[max(0, moment.index - 6) : moment.index + 1]
        for key in m.present
        if not last or key != last[-1]
    ]
    return near[-1] if near else last[-1] if last else ""
