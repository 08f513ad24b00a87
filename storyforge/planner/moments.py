"""One sentence understood, and a whole story understood."""

from dataclasses import dataclass, field

from storyforge.planner import lexicon
from storyforge.planner.actions import Act
from storyforge.planner.cast import NARRATOR, Being, Cast
from storyforge.planner.clauses import Clause
from storyforge.planner.phrases import Phrase
from storyforge.planner.places import Atlas
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
    things: dict[int, str] = field(default_factory=dict)  # id of a phrase -> prop
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


def short_name(being: Being) -> str:
    """What others call it: "Ember", "the moth"."""
    if not being.names and being.nouns and being.id == NARRATOR:
        return f"the {being.nouns[0]}"
    if being.names:
        name = being.names[0]
        common = name.lower().split()[-1] in being.nouns or being.definite * 2 > being.mentions
        return f"the {name}" if common else name
    return f"the {being.id.replace('-', ' ')}" if being.id != NARRATOR else "the narrator"
