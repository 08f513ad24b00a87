"""How long words take: narration and lines at a calm reading pace, one after another."""

from dataclasses import dataclass
from math import ceil

from storyforge.storyboard.model import Shot, Title

CHARACTERS_A_SECOND = 15.0
PAUSE = 0.8  # seconds of silence around the words, half before and half after
SHORTEST, LONGEST = 2.5, 12.0  # seconds of a shot that says `auto`
BREATH = 0.8  # seconds that the shortest line takes
ROLL_CROSSES, ROLL_FOLLOWS, ROLL_COLUMNS = 9.0, 0.85, 44  # seconds to cross the picture, and a line after another


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


def spoken(text: str) -> float:
    """Seconds that a text takes to say or read."""
    return max(BREATH, len(" ".join(text.split())) / CHARACTERS_A_SECOND)


def reading(title: Title) -> float:
    """Seconds of a title that does not say: of one that rolls, at a pace at which each line can be read."""
    if title.place != "roll":
        return SHORTEST
    lines = sum(max(1, ceil(len(line) / ROLL_COLUMNS)) for line in title.text.splitlines())
    return ROLL_CROSSES + ROLL_FOLLOWS * lines


def needed(shot: Shot) -> float:
    """Seconds of a shot that says `auto`: its words with a pause around them, its beats, titles and keyframes."""
    marks = [beat.at + 1.0 for beat in shot.beats]
    marks += [title.at + (title.seconds or reading(title)) for title in shot.titles]
    marks += [key.at for key in shot.keyframes if isinstance(key.at, float)]
    heard = schedule(shot, None)
    least = heard.stop + PAUSE / 2 if heard.stop > 0 else 0.0
    return round(max(SHORTEST, min(LONGEST, least), *marks, SHORTEST), 3)


def schedule(shot: Shot, seconds: float | None) -> Heard:
    """The narrator first, then one line after another; a line's `at` moves it and those after it.

    Words that do not fit into `seconds` are hurried, those with an `at` apart. None: as much time as they need.
    """
    free = [spoken(line.line) for line in shot.dialogue]
    told = spoken(shot.narration) if shot.narration else 0.0
    pace = 1.0
    if seconds is not None and not any(line.at is not None for line in shot.dialogue):
        pace = min(1.0, seconds / max(1e-9, told + sum(free) + PAUSE))
    clock = PAUSE / 2 * pace
    narration = When(clock, clock + told * pace) if told else None
    clock += told * pace
    lines = []
    for line, duration in zip(shot.dialogue, free, strict=True):
        start = clock if line.at is None else line.at
        lines.append(When(start, start + duration * pace))
        clock = start + duration * pace
    return Heard(narration, tuple(lines))
