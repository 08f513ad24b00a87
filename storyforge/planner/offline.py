"""The offline planner: a story into a storyboard by rules, with no key and no model, the same every time."""

import re
from collections.abc import Callable

from storyforge.planner import board, lengths, screenplay, words
from storyforge.planner.cast import Being
from storyforge.planner.moments import Moment, Reading, short_name
from storyforge.planner.reading import read
from storyforge.planner.sentences import Sentence, passages, sentences, single_quoted
from storyforge.storyboard import Storyboard

# "PORT ELLEN, Tuesday - A ferry ...": where a newspaper writes from, not who it writes about
_DATELINE = re.compile(
    r"^(?:[A-Z][A-Z .'-]{2,40})(?:,[ ]*\w+\.?(?:[ ]+\d+)?)?[ ]*(?:\([A-Za-z ]+\)[ ]*)?[–—-]+[ ]+(?=[A-Z])",
    re.MULTILINE,
)


def plan_offline(
    story: str,
    *,
    length: float | None = None,
    shots: int | None = None,
    size: str | None = None,
    style: str | None = None,
    title: str | None = None,
    language: str = "en",
    tell: Callable[[str], None] = lambda sentence: None,
) -> Storyboard:
    """The storyboard of a story; `length` in seconds, `shots` how many."""
    found, told = split(story)
    if language == "de":
        words.uncapitalise([w for s in told for w in s.words])
    reading = read(told)
    plan = board.draft(reading)
    if shots is not None or length is not None:
        lengths.reshape(plan, shots if shots is not None else lengths.shots_for(lengths.count(plan), length or 0.0))
    if length is not None:
        lengths.abridge(plan, length, tell)
    built = board.build(plan, reading, title or found or name_it(reading), language, size, style)
    return built if length is None else lengths.fit(built, length)


def split(story: str) -> tuple[str, list[Sentence]]:
    """Title and sentences of prose or of a screenplay."""
    text = story.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\ufeff", "")
    if screenplay.is_screenplay(text):
        return screenplay.parse(text)
    text = _DATELINE.sub("", text)
    title, paragraphs = passages(text)
    names, single, past = words.capitalised(text), single_quoted(text), words.told_in_past(text)
    out = [s for n, passage in enumerate(paragraphs) for s in sentences(passage, n, names, single, past)]
    if not out:  # nothing but marks: still one shot
        passage = text.strip() or "..."
        out = [Sentence(0, passage, words.tokens(passage) or [words.Word("...", 0, len(passage), ".")])]
    heading = out[0].heading
    if not title and heading is not None and heading.shown:  # the one chapter's name will do
        title, heading.shown = chapter(heading.text), False
    return title, out


def _subject(moment: Moment) -> str:
    """What the first sentence is about: its words before the verb."""
    main = next((c.verb for c in moment.clauses if c.kind in ("main", "and") and c.verb), 6)
    text = re.split(r"[,.;:!?]| (?:was|were|is|are|had|has|have)\b", moment.sentence.text(0, main))[0]
    text = " ".join(text.split()[:6]) or " ".join(moment.sentence.text().split()[:5]).strip(" ,.;:!?")
    return text[:1].upper() + text[1:] or "A Story"


def _called(being: Being) -> str:
    name = short_name(being)
    return "The " + name[4:].title() if name.startswith("the ") else name


def chapter(heading: str) -> str:
    """A chapter's name without its number: "CHAPTER I. The River Bank" -> "The River Bank"."""
    name = (
        re.sub(r"^(?:chapter|part|act|scene|book)\s+\w+\s*[.:–—-]*\s*", "", heading, flags=re.IGNORECASE).strip()
        or heading
    )
    return name.title() if name.isupper() else name


def name_it(reading: Reading) -> str:
    """A title for a story without one: its hero, and the thing or place that matters most."""
    counts: dict[str, int] = {}
    for moment in reading.moments:
        for key in moment.present:
            counts[key] = counts.get(key, 0) + 1
    if not counts or max(counts.values()) < 0.35 * len(reading.moments):
        first = re.split(r"[,.;:!?]| (?:was|were|is|are|had|has|said)\b", reading.moments[0].sentence.text())[0].split()
        text = " ".join(first[:6]).strip()
        return text[:1].upper() + text[1:] or "A Story"
    hero = reading.cast.get(max(counts, key=lambda k: counts[k]))
    name = _called(hero)
    second = sorted(counts, key=lambda k: -counts[k])[1:2]
    if second and counts[second[0]] >= 0.6 * counts[hero.id] and counts[second[0]] > 1:
        other = _called(reading.cast.get(second[0]))
        return f"{name} and {other[0].lower() + other[1:] if other.startswith('The ') else other}"
    things = {t.id: sum(t.id in m.props for m in reading.moments) for t in reading.props.things}
    thing = max(things, key=lambda k: things[k], default="")
    return f"{name} and the {thing.replace('-', ' ').title()}" if thing and things[thing] > 1 else name
