"""Cues: what each character of a shot does, taken from the words of its action."""

import re
from collections.abc import Mapping, Sequence

STANDS = "stands"

_CLAUSES = re.compile(r"\s*(?:[.;!?]+|,?\s+\b(?:while|as|when|and then|then|but)\b)\s+|\s*[.;!?]+\s*$", re.IGNORECASE)
_TRAILING = re.compile(r"(?:,|\s|\band\b)+$", re.IGNORECASE)
_PRONOUN = re.compile(r"^(?:she|he|it|they|we|both)\s+(?=\w)", re.IGNORECASE)
_JOINED = re.compile(r",?\s+and\s+|,\s+", re.IGNORECASE)


def cues(action: str | None, names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What each of `names` does in `action`: the clause whose subject it is, without the subject.

    names: entity id -> what it may be called ("ember", "the fox"). "Ember climbs the stairs and Moth waits" gives
    {"ember": "climbs the stairs", "moth": "waits"}. An action that names nobody is everybody's.
    """
    found: dict[str, str] = {}
    clauses = _split(action or "", names)
    for clause in clauses:
        subjects, rest = _subjects(clause, names)
        for subject in subjects:
            if rest:
                found.setdefault(subject, rest)
    if not found and clauses and not any(_mentions(clauses[0], called) for called in names.values()):
        found = dict.fromkeys(names, _lower(_PRONOUN.sub("", clauses[0], count=1)))
    return found


def calls(entity: str, description: str) -> tuple[str, ...]:
    """What an entity may be called in an action: its id in words, and "the" with the noun of its description."""
    noun = re.split(r"\s+(?:with|who|that|which|in|of|from|on|at)\b|,", description.strip())[0].split()
    names = [re.sub(r"[-_]", " ", entity)]
    if noun:
        names += [f"the {noun[-1]}", f"a {noun[-1]}", f"an {noun[-1]}"]
    return tuple(dict.fromkeys(name.lower() for name in names))


def _split(action: str, names: Mapping[str, Sequence[str]]) -> list[str]:
    """Clauses of an action; "and" and commas part two clauses only where a new subject follows."""
    out: list[str] = []
    for sentence in _CLAUSES.split(action):
        clause = ""
        pieces = _JOINED.split(sentence)
        joints = [*_JOINED.findall(sentence), ""]
        for piece, joint in zip(pieces, joints, strict=True):
            fresh = clause and _starts(piece, names) and _has_verb(clause, names)
            if fresh:
                out.append(_TRAILING.sub("", clause))
                clause = piece + joint
            else:
                clause += piece + joint
        out.append(clause)
    return [clause.strip(" ,") for clause in out if clause.strip(" ,")]


def _subjects(clause: str, names: Mapping[str, Sequence[str]]) -> tuple[list[str], str]:
    """The characters a clause begins with ("Ember and Moth run": both) and what they do."""
    subjects: list[str] = []
    rest = clause
    while True:
        hit = _start(rest, names)
        if hit is None:
            return subjects, _lower(rest)
        subjects.append(hit[0])
        rest = rest[hit[1] :].lstrip()
        joint = re.match(r"(?:and|,)\s+", rest, re.IGNORECASE)
        if joint is None or _start(rest[joint.end() :], names) is None:
            return subjects, _lower(rest)
        rest = rest[joint.end() :]


def _start(text: str, names: Mapping[str, Sequence[str]]) -> tuple[str, int] | None:
    """The character whose name `text` begins with, and the name's length; the longest name wins."""
    hits = [
        (len(name), entity)
        for entity, called in names.items()
        for name in called
        if re.match(rf"{re.escape(name)}\b(?!['’]s)", text, re.IGNORECASE)
    ]
    return (max(hits)[1], max(hits)[0]) if hits else None


def _starts(text: str, names: Mapping[str, Sequence[str]]) -> bool:
    return _start(text, names) is not None


def _has_verb(clause: str, names: Mapping[str, Sequence[str]]) -> bool:
    """Whether a clause says anything after its subjects, so that "Ember" in "Ember and Moth run" is not a clause."""
    return bool(_subjects(_JOINED.sub(" ", clause + " ").strip(), names)[1])


def _mentions(text: str, called: Sequence[str]) -> bool:
    return any(re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in called)


def _lower(text: str) -> str:
    """Without the capital that began a sentence, and without its stop."""
    text = text.strip(" .,;!?")
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
