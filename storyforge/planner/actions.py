"""What a clause lets one see: the verb phrase in the present, and the things it needs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storyforge.planner import lexicon, verbs
from storyforge.planner.bags import bag
from storyforge.planner.clauses import Clause
from storyforge.planner.words import Word


@dataclass(slots=True)
class Act:
    """Something somebody is seen to do."""

    who: tuple[str, ...]
    lemma: str
    kind: str  # plain action: walk run jump sit sleep wave dance talk look give fly hold idle, or ""
    does: str  # "walks up the stairs"; "" when nothing can be drawn of it
    feels: str = ""
    strong: bool = False
    target: str = ""  # id of the being or prop it is done to
    thing: str = ""  # the prop among its objects
    verb: int = 0  # its word in the sentence
    first: int = 0  # words of the sentence it covers
    stop: int = 0
    clause: str = "main"

    @property
    def moving(self) -> bool:
        return self.kind in ("walk", "run", "fly", "jump")


_UNREAL = bag("would could might should must may will shall can can't couldn't wouldn't cannot")
_ONGOING = bag("begin start continue try proceed manage set")
_GOES_ON = bag("begin start continue proceed")


def seen(clause: Clause, before: Sequence[Clause]) -> bool:
    """Whether a clause happens before our eyes: not denied, wished, supposed or habitual."""
    words = clause.words
    ahead = [w.low for w in words[max(0, clause.verb - 3) : clause.verb] if w.tag in ("X", "J")]
    if clause.negated or (set(ahead) & _UNREAL and not ("could" in ahead and verbs.action(clause.lemma) == "look")):
        return False
    if "if" in [w.low for w in words[clause.first : clause.verb]] or "used" in ahead:
        return False
    if clause.kind == "inf":
        governing = before[-1] if before else None
        return governing is not None and governing.lemma in _ONGOING and not governing.negated
    return True


def verb_phrase(clause: Clause, pronouns: dict[int, str]) -> str:
    """The clause's verb phrase in the third person present, subject removed; `pronouns` maps words to who they mean."""
    if clause.lemma in verbs.STATES or clause.lemma in _ONGOING - {"set"}:
        return _state(clause)
    rest = [w for w in clause.words[clause.verb + 1 : clause.stop] if w.tag != "Q"]
    if clause.inverted:  # "down the road came a dragon" comes down the road
        behind = {id(w) for p in clause.subject for w in p.words[p.first : p.stop]}
        ahead = [w for w in clause.words[clause.first : clause.verb] if w.tag not in ("Q", ",", "X")]
        rest = ahead + [
            w
            for w in rest
            if id(w) not in behind and w.start > clause.subject[-1].words[clause.subject[-1].stop - 1].start
        ]
    while rest and (rest[-1].tag in (",", "C", "B", "P", "T", "R", ".") and rest[-1].low not in _PARTICLES):
        rest.pop()
    text = _spell([verbs.third(clause.lemma), *(pronouns.get(id(w), w.text) for w in rest)], rest)
    text = _DANGLING.sub("", _NEXT_CLAUSE.split(text)[0].strip(" ,"))
    if (
        text.split()[1:] in ([], ["nothing"], ["herself"], ["himself"], ["itself"], ["themselves"])
        and clause.lemma in _NEEDS_OBJECT
    ):
        return ""
    return text if len(text) <= 90 else _shorten(text)


_NEXT_CLAUSE = re.compile(
    r""",?\ but\ | ,\ and\ | [;:] | \ (?:so\ )? (?:\w+\ )? that\ | \ who\ | \ which\ | \ what$
    | ,?\ (?:as|when|while|until|till|because) \ (?:one|he|she|it|they|if|the|a) \b""",
    re.VERBOSE,
)
_DANGLING = re.compile(r",? (?:without|instead of|by|before|after|while)(?: even)?$")  # "... without even | waiting"
_NEEDS_OBJECT = bag(
    """find see hold take lift raise carry give hear bring say tell put set entrance fascinate seat have call ask
    meet name"""
)
_PARTICLES = bag("up down in out off on past along around round through away across inside outside")


def _state(clause: Clause) -> str:
    """Verbs of being show only where they name a posture: "was asleep", "were awake"."""
    after = {w.low for w in clause.words[clause.verb + 1 : clause.stop]}
    return "sleeps" if clause.lemma == "be" and "asleep" in after else ""


def _spell(parts: list[str], rest: Sequence[Word]) -> str:
    text = parts[0]
    for n, (part, word) in enumerate(zip(parts[1:], rest, strict=True)):
        if n == 0 or word.tag == "P":
            part = part if word.tag == "E" or part != word.text else part[0].lower() + part[1:]
        text += part if word.tag in (",", "Z", ".") and word.text not in ("—", "–") else " " + part
    return text.strip(" ,;:")


def _shorten(text: str) -> str:
    cut = text[:90]
    for mark in (",", " and ", " as ", " while ", " with "):
        if mark in cut[20:]:
            return cut[: 20 + cut[20:].index(mark)].strip(" ,")
    return cut[: cut.rindex(" ")]


def phrase_for(kind: str, target: str) -> str:
    """What somebody does who only listens or watches."""
    return {"listen": f"listens to {target}", "look": f"looks at {target}"}.get(kind, "stands")


def owned_part(head: str) -> bool:
    """Whether a noun is part of a body, so that its owner is who one sees."""
    return head in lexicon.BODY
