"""How long words take to say and read: letters at a calm pace, pauses where one breathes, one voice after another."""

import re
from dataclasses import dataclass
from math import ceil

from storyforge.storyboard.model import Shot, Title

LETTERS_A_SECOND = 15.0  # about 160 English words a minute
FASTEST = 20.0  # letters a second that captions may ask of a reader (subtitlers' limit for adults)
PAUSE = 0.8  # seconds of silence around the words, half before and half after
SHORTEST = 2.5  # seconds of a shot that says `auto`
BREATH = 0.8  # seconds that the shortest line takes
SENTENCE, CLAUSE = 5.0, 3.0  # letters' time of silence after a sentence, and after a colon, semicolon or dash
LOOK = 1.0  # seconds a title takes beside its reading: it is found, and it leaves
ROLL_CROSSES, ROLL_FOLLOWS, ROLL_COLUMNS = 9.0, 0.85, 44  # seconds to cross the picture, and a line after another

# Letters' time of one letter: a syllable or two of Chinese, Japanese and Korean, a figure as the word it is read as.
_HEAVY = (
    (re.compile(r"[\u3400-\u9fff\uf900-\ufaff]"), 3.3),
    (re.compile(r"[\u3040-\u30ff]"), 2.0),
    (re.compile(r"[\uac00-\ud7af]"), 2.7),
    (re.compile(r"[1-9]"), 5.0),
    (re.compile(r"0"), 2.0),
)
_SYMBOLS = {"%": 8.0, "&": 4.0, "$": 7.0, "€": 5.0, "£": 6.0, "°": 8.0, "+": 5.0, "=": 7.0, "@": 3.0}
_SPELLED = {  # abbreviations that end with a stop, and the letters of what is said
    "dr": 6, "mr": 6, "mrs": 6, "ms": 4, "st": 6, "prof": 9, "etc": 9, "vs": 6, "e.g": 10, "i.e": 6, "a.m": 5,
    "p.m": 5, "approx": 13, "dept": 10, "gen": 7, "capt": 7, "sgt": 8, "jr": 6, "sr": 6,
}  # fmt: skip
_UNITS = {"km": 10, "cm": 11, "mm": 11, "kg": 9, "m": 6, "ft": 4, "g": 5, "kmh": 19, "mph": 14, "h": 5, "min": 7}
_SHORT = re.compile(
    r"\b(" + "|".join(re.escape(name) for name in sorted(_SPELLED, key=len, reverse=True)) + r")\.", re.IGNORECASE
)
_UNIT = re.compile(r"(?<=\d)\s?(" + "|".join(sorted(_UNITS, key=len, reverse=True)) + r")\b(?!['’.]\w)")
_INITIALS = re.compile(r"\b(?:[A-Z]\.){2,}|\b(?:[B-DF-HJ-NP-TV-XZ]{2,5}|[A-Z]{2,3})\b")
_ENDS = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+(?=\S)|[。！？]+[」』）]*(?=[^\s」』）])")
_CLAUSES = re.compile(r"[;:]\s+(?=\S)|[—–]\s*(?=\S)|\s-\s|[、，；：](?=\S)")


@dataclass(frozen=True)
class When:
    """Seconds from the shot's start."""

    start: float
    stop: float


@dataclass(frozen=True)
class Heard:
    """When a shot's narration and each of its lines are heard."""

    narration: When | None
    lines: tuple[When, ...]

    @property
    def stop(self) -> float:
        """When the last word has been heard."""
        return max((when.stop for when in (self.narration, *self.lines) if when), default=0.0)


def spoken_letters(text: str) -> float:
    """A text in letters' time: as many Latin letters as take as long, pauses within it counted.

    Figures and signs count as the words they are read as ("1984" as twenty letters), initials are spelled out ("BBC"),
    abbreviations are said whole ("Dr. Who") and end no sentence; a Chinese letter takes as long as 3.3 Latin ones.
    """
    text = " ".join(text.split())
    plain = text if text != text.upper() else text.lower()  # a text all in capitals is shouted, not spelled
    extra = 0.0

    def said(match: re.Match[str], length: float) -> str:
        nonlocal extra
        extra += length - len(match[0])
        return "x" * len(match[0])

    plain = _SHORT.sub(lambda match: said(match, _SPELLED[match[1].lower()]), plain)
    plain = _UNIT.sub(lambda match: said(match, _UNITS[match[1]] + 1), plain)
    plain = _INITIALS.sub(lambda match: said(match, 3.0 * sum(map(str.isalpha, match[0]))), plain)
    extra += SENTENCE * len(_ENDS.findall(plain)) + CLAUSE * len(_CLAUSES.findall(plain))
    extra += sum((weight - 1) * len(kind.findall(plain)) for kind, weight in _HEAVY)
    extra += sum((weight - 1) * plain.count(sign) for sign, weight in _SYMBOLS.items())
    return len(plain) + extra


def spoken(text: str) -> float:
    """Seconds that a text takes to say or read calmly."""
    return max(BREATH, spoken_letters(text) / LETTERS_A_SECOND)


def reading(title: Title) -> float:
    """Seconds of a title that does not say: the time to read it; of one that rolls, at a pace to read each line."""
    if title.place != "roll":
        return max(SHORTEST, spoken(title.text) + LOOK)
    lines = sum(max(1, ceil(len(line) / ROLL_COLUMNS)) for line in title.text.splitlines())
    return ROLL_CROSSES + ROLL_FOLLOWS * lines


def needed(shot: Shot) -> float:
    """Seconds of a shot that says `auto`: its words with a pause around them, its beats, titles and keyframes."""
    marks = [beat.at + 1.0 for beat in shot.beats]
    marks += [title.at + (title.seconds or reading(title)) for title in shot.titles]
    marks += [key.at for key in shot.keyframes if isinstance(key.at, float)]
    heard = schedule(shot)
    least = heard.stop + PAUSE / 2 if heard.stop > 0 else 0.0
    return round(max(SHORTEST, least, *marks, SHORTEST), 3)


def schedule(
    shot: Shot, seconds: float | None = None, until: float | None = None, before: float | None = None
) -> Heard:
    """The narrator first, then one line after another; a line's `at` moves it and those after it.

    Lines that begin before the cut (a negative `at`) are heard out before the narrator begins. Words that do not fit
    into `seconds` are hurried, lines of a shot with an `at` apart; narration alone may run on `until` a later time, and
    all is said `before` the next words begin. None: as much time as they need.
    """
    free = [spoken(line.line) for line in shot.dialogue]
    told = spoken(shot.narration) if shot.narration else 0.0
    timed = [(line.at, time) for line, time in zip(shot.dialogue, free, strict=True) if line.at is not None]
    begin = max([PAUSE / 2, *(at + time for at, time in timed if at < 0)])
    room = until if until is not None and not free else seconds
    need = begin + told + (0.0 if timed else sum(free))
    pace = 1.0 if room is None else min(1.0, room / (need + PAUSE / 2), 1.0 if before is None else before / need)
    clock = begin * pace
    narration = When(clock, clock + told * pace) if told else None
    lines, clock = [], clock + told * pace
    after = clock if narration else 0.0
    for line, time in zip(shot.dialogue, free, strict=True):
        start = clock if line.at is None else line.at
        lines.append(When(start, start + time * (1.0 if timed else pace)))
        clock = lines[-1].stop if lines[-1].start >= 0 or not narration else max(after, lines[-1].stop)
    return Heard(narration, tuple(lines))
