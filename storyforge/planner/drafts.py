"""Scenes cut into shots: each holds a few words of narration or a line or two of dialogue."""

import re
from dataclasses import dataclass, field, replace

from storyforge.planner import dialogue
from storyforge.planner.actions import Act
from storyforge.planner.moments import Moment
from storyforge.planner.scenes import SceneDraft, weather_at
from storyforge.planner.sentences import Speech

FULL = 95  # characters of words that make a whole shot: about seven seconds
LONG = 122  # more than nine seconds of reading: cut in two


@dataclass
class Piece:
    """The smallest thing told: a stretch of narration or one line."""

    moment: Moment
    text: str = ""
    speech: Speech | None = None
    acts: list[Act] = field(default_factory=list)
    continued: bool = False  # goes on with the sentence of the piece before
    part: tuple[int, int] | None = None  # words of the sentence it tells, when not all

    @property
    def present(self) -> list[str]:
        """Who is seen while it is told."""
        if self.part is None:
            return self.moment.present
        doing = [key for act in self.acts for key in act.who]
        return list(
            dict.fromkeys([*doing, *(key for word, key in self.moment.shown if self.part[0] <= word < self.part[1])])
        )

    @property
    def size(self) -> int:
        return len(self.speech.text) if self.speech is not None else len(self.text)

    @property
    def lead(self) -> str:
        """Who it is about: the speaker, or whoever acts first."""
        if self.speech is not None:
            return self.speech.who
        acting = next((a.who[0] for a in self.acts if a.who and a.clause in ("main", "and")), "")
        return acting or next((a.who[0] for a in self.acts if a.who), "") or next(iter(self.present), "")


@dataclass
class ShotDraft:
    """Pieces shown in one shot."""

    pieces: list[Piece] = field(default_factory=list)
    scene: SceneDraft | None = None
    views: int = 1  # shots that show it: this one, and silent ones around it

    @property
    def size(self) -> int:
        return sum(p.size for p in self.pieces)

    @property
    def narration(self) -> str:
        out = ""
        for text in (p.text for p in self.pieces if p.speech is None and p.text):
            out += (
                ""
                if not out
                else " "
                if out[-1] in ".!?…,;:—–”\"'’)"
                or (text[0].islower() and self.pieces[0].moment is self.pieces[-1].moment)
                else ". "
            ) + text
        return out

    @property
    def speeches(self) -> list[Speech]:
        return [p.speech for p in self.pieces if p.speech is not None]

    @property
    def acts(self) -> list[Act]:
        return [act for p in self.pieces for act in p.acts]

    @property
    def lead(self) -> str:
        return next((p.lead for p in self.pieces if p.lead), "")

    @property
    def moments(self) -> list[Moment]:
        return list({m.index: m for m in (p.moment for p in self.pieces)}.values())


def shots(scene: SceneDraft) -> list[ShotDraft]:
    """The shots of a scene, in order."""
    out: list[ShotDraft] = []
    for moment in scene.moments:
        for piece in pieces(moment):
            if out and _joins(out[-1], piece):
                out[-1].pieces.append(piece)
            else:
                out.append(ShotDraft([piece], scene))
    return out


def _joins(shot: ShotDraft, piece: Piece) -> bool:
    """Whether a piece belongs in the shot before it."""
    last = shot.pieces[-1]
    total = shot.size + piece.size
    if total > FULL or len(shot.pieces) >= 4:
        return False
    if shot.scene is not None and piece.moment is not last.moment:
        now = weather_at(shot.scene, last.moment.index)
        if piece.moment.weather not in ("", now):
            return False  # the weather turns: see it turn
    if piece.speech is not None and last.speech is not None:
        if piece.speech.who == last.speech.who:
            return True
        return total <= 44 and len(shot.pieces) == 1
    if piece.speech is not None:
        return last.lead in ("", piece.speech.who) and len(shot.narration) <= 48 and not _travels(last)
    if last.speech is not None:
        return False  # a shot's narration is heard before its lines
    if piece.continued and _travels(piece):
        return False
    same = piece.lead == last.lead or not piece.lead or not last.lead
    return same and total <= 80 and not (_travels(piece) and _travels(last)) and not (_strong(piece) and total > 60)


def _travels(piece: Piece) -> bool:
    return any(act.moving and act.does for act in piece.acts)


def _strong(piece: Piece) -> bool:
    return any(act.strong for act in piece.acts)


def pieces(moment: Moment) -> list[Piece]:
    """Narration and lines of one sentence, in order; "said Ember" is not narrated."""
    if not moment.sentence.speeches:
        return _narrated(moment)
    out: list[Piece] = []
    told = dialogue.parts(moment)
    beside = [span for text, speech, span in told if speech is None]
    for text, speech, span in told:
        if speech is None:
            acts = [a for a in moment.acts if span[0] <= a.verb < span[1]]
            out += [
                Piece(moment, part, acts=acts if n == 0 else acts[-1:], part=span)
                for n, part in enumerate(wrap(text, LONG))
            ]
        elif not speech.who:  # nobody to say it: it is told
            out += [Piece(moment, f"“{part}”") for part in wrap(speech.text, LONG)]
        else:
            free = [a for a in moment.acts if speech.who in a.who and not any(i <= a.verb < k for i, k in beside)]
            out += [Piece(moment, speech=replace(speech, text=part), acts=free) for part in wrap(speech.text, LONG)]
    return out


_BREATHS = (  # where one may breathe, best first
    r"[.!?…]+[\"'”’]?(?= )",
    r"[;:—–](?= )",
    r",(?= )",
    r" (?=(?:and|but|or|while|when|where|who|which|because|after|before|until|so)\b)",
    r" (?=(?:to|in|on|at|with|from|for|by|of|that|as|into|over|through)\b)",
    r" ",
)


def wrap(text: str, most: int) -> list[str]:
    """Text in stretches of at most `most` characters where it allows: cut after sentences, then pauses, then words."""
    if len(text) <= most:
        return [text]
    for n, breath in enumerate(_BREATHS):
        cuts = [m.end() for m in re.finditer(breath, text) if 20 <= m.end() <= len(text) - 24]
        if n > 2 and len(text) <= most * 1.15:
            return [text]
        if cuts:
            middle = min(cuts, key=lambda i: abs(i - min(len(text) / 2, most * 0.8)))
            return [*wrap(text[:middle].strip(), most), *wrap(text[middle:].strip(), most)]
    return [text]


def _narrated(moment: Moment) -> list[Piece]:
    sentence = moment.sentence
    text = sentence.text()
    if len(text) <= LONG and not _two_motions(moment, text):
        return [Piece(moment, text, acts=list(moment.acts))]
    cuts = _cuts(moment)
    out: list[Piece] = []
    for first, stop in zip([0, *cuts], [*cuts, len(sentence.words)], strict=True):
        acts = (
            [a for a in moment.acts if first <= a.stop - 1 < stop]
            if stop < len(sentence.words)
            else [a for a in moment.acts if a.stop - 1 >= first]
        )
        for n, part in enumerate(wrap(sentence.text(first, stop), LONG)):
            out.append(Piece(moment, part, acts=acts if n == 0 else acts[-1:], continued=bool(out), part=(first, stop)))
    return out


def _two_motions(moment: Moment, text: str) -> bool:
    """Whether a sentence shows two travels of one character worth a shot each: flow joins them."""
    moving = [a for a in moment.acts if a.moving and a.does and a.clause in ("main", "and")]
    return len(text) >= 70 and len(moving) >= 2 and moving[0].who == moving[1].who


def _cuts(moment: Moment) -> list[int]:
    """Places of a long sentence where a clause with an action of its own begins, stretches kept readable."""
    sentence = moment.sentence
    begins = []
    for clause in moment.clauses[1:]:
        first = clause.first
        if clause.kind in ("rel", "inf"):
            continue
        while first > 0 and sentence.words[first - 1].tag in ("C", "B"):
            first -= 1
        if sentence.words[first].tag in ("C", "B") or sentence.words[first - 1].tag == ",":
            begins.append(first)
    cuts: list[int] = []
    for first in sorted(set(begins)):
        before = len(sentence.text(cuts[-1] if cuts else 0, first))
        after = len(sentence.text(first))
        if before >= 32 and after >= 24:
            cuts.append(first)
    return cuts
