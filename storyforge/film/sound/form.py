"""The score's form: each cue as bars of the theme, whole phrases where they fit, with breaths; an end with the film.

A cue's tempo gives way a little so that a whole number of bars, and of phrases where that is near, fills it. The last
cue ends early enough for its last chord to ring out with the film.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import log

from storyforge.film.sound.cues import Cue
from storyforge.film.sound.harmony import Harmony, harmonise
from storyforge.film.sound.moods import Mood
from storyforge.film.sound.source import RATE
from storyforge.film.sound.theme import Bar, Theme, Tone
from storyforge.storyboard import Resolved

RING = 2.8  # seconds that the last chord has at least
STRETCH = 0.13  # how far, as a part of itself, a tempo gives way
PHRASE = 8  # bars of a statement of the theme
LATE = (1.05, 1.13)  # how much longer the last two bars before the film's last chord are
VAMP, REST, END = -1, -2, 7  # a bar's place where it has no melody, where nothing plays, and at the theme's end

SHORT = {
    1: (7,), 2: (0, 7), 3: (0, 6, 7), 4: (0, 1, 6, 7), 5: (0, 1, 5, 6, 7), 6: (0, 1, 2, 3, 6, 7),
    7: (0, 1, 2, 3, 5, 6, 7),
}  # fmt: skip  # the bars of the theme that make a statement of so many: the idea, and the close
LED = {"major": 3, "lydian": 1, "dorian": 3, "minor": 5}  # the root that a bar without melody goes to from the tonic


@dataclass(frozen=True)
class Slot:
    """What a bar plays: which bar of the theme (or VAMP, REST), its melody, the count of statements so far."""

    place: int
    melody: Bar
    statement: int


@dataclass(frozen=True)
class Measure:
    """A bar of the score: samples [start, stop), what it plays over which chord; last: the film's last chord."""

    start: int
    stop: int
    slot: Slot
    harmony: Harmony
    cue: Cue
    last: bool = False

    @property
    def mood(self) -> Mood:
        """The mood it is played in."""
        return self.cue.mood


def measures(film: Resolved, theme: Theme, cues: Sequence[Cue]) -> tuple[Measure, ...]:
    """All bars of the score, cue after cue."""
    out: list[Measure] = []
    statement = 0
    for cue in cues:
        edges = laid(film, theme, cue)
        groups = planned(theme, len(edges) - 1, statement, cue.last)
        slots = [slot for group in groups for slot in group]
        chords = [chord for group in groups for chord in under(group, cue.mood.mode, theme)]
        last = len(slots) - 1
        for index, (low, high) in enumerate(pairwise(edges)):
            out.append(Measure(low, high, slots[index], chords[index], cue, cue.last and index == last))
        statement = slots[-1].statement + 1
    return tuple(out)


def laid(film: Resolved, theme: Theme, cue: Cue) -> list[int]:
    """The samples where the bars of a cue begin, and where the last one ends."""
    long = (cue.stop - cue.start) / RATE
    usual = theme.meter.quarters * 60 / cue.mood.tempo
    ring = 0.0
    if cue.last:
        fade = film.end_frames / float(film.rate) if film.end_kind == "fade" else 0.0
        ring = max(RING, fade + 1.0, usual)
        if long - ring < 0.8 * usual:
            return [cue.start, cue.stop]  # there is room for the last chord alone
    filled = long - ring
    near = range(max(1, int(filled / usual * 0.8)), int(filled / usual * 1.25) + 2)
    count = min(near, key=lambda n: (strain(filled / (n * usual), n + cue.last), n))
    lengths = [1.0] * count
    if cue.last and count > 2:
        lengths[-2:] = LATE
    each = min(filled / sum(lengths), usual * (1 + STRETCH))
    start = cue.start
    if cue.last:  # time left over is silence before it, so that the last chord is in its place
        start += round((filled - each * sum(lengths)) * RATE)
    edges = [start + round(each * total * RATE) for total in accumulate(lengths, initial=0.0)]
    return [*edges, cue.stop] if cue.last else edges


def strain(stretch: float, bars: int) -> float:
    """How ill so many bars suit: haste most, then silence after them, and phrases that do not come to their end."""
    broken = 0.0 if bars % PHRASE == 0 else 0.03 if bars % 4 == 0 else 0.06 if bars % 2 == 0 else 0.1
    slow, fast = max(0.0, stretch - 1 - STRETCH), max(0.0, 1 - STRETCH - stretch)
    return abs(log(min(stretch, 1 + STRETCH))) + 1.2 * slow + 4 * fast + broken


def planned(theme: Theme, bars: int, statement: int, last: bool) -> list[list[Slot]]:
    """What each bar of a cue plays, in groups that are harmonised together."""
    wholes, over = divmod(bars, PHRASE)
    short = 4 if wholes and over >= 4 else 0 if wholes else over
    if short in (3, 5, 7) and not last:
        short -= 1
    spare = over - short  # one is a breath at the end, two or three begin with the accompaniment alone
    breath = spare % 2 if not last else 0
    out = [[Slot(VAMP, (), statement)] * (spare - breath)]
    for index in range(wholes):
        whole = wholes * PHRASE > 3 * PHRASE and index % 4 == 3
        end = last and not short and index == wholes - 1
        other = statement % 3 == 2 and not end
        out.append(pause(theme, statement) if whole and not end else phrase(theme, PHRASE, statement, other))
        statement += 1
    if short:
        out.append(phrase(theme, short, statement))
    out[-1] = out[-1] + [Slot(VAMP, (), statement)] * breath
    if last:
        out[-1] = ended(out[-1], theme)
    return [group for group in out if group]


def pause(theme: Theme, statement: int) -> list[Slot]:
    """Eight bars in which a long cue breathes: silence, the short form, and accompaniment that leads on."""
    silent, led = [Slot(REST, (), statement)] * 2, [Slot(VAMP, (), statement)] * 2
    return [*silent, *phrase(theme, 4, statement), *led]


def phrase(theme: Theme, size: int, statement: int, other: bool = False) -> list[Slot]:
    """A statement of so many bars, of the theme or of its other side."""
    source = theme.second if other else theme.first
    places = SHORT.get(size, tuple(range(PHRASE)))
    if size == 4 and statement % 2:
        places = (4, 5, 6, 7)
    return [Slot(place, source[place], statement) for place in places]


def ended(group: Sequence[Slot], theme: Theme) -> list[Slot]:
    """A last statement, whose last bar is the tonic over the film's last chord."""
    before = group[-2].melody if len(group) > 1 else ()
    tonic = 7 if before and before[-1].step > 3 else 0
    return [*group[:-1], Slot(END, (Tone(0, theme.meter.eighths, tonic),), group[-1].statement)]


def under(group: Sequence[Slot], mode: str, theme: Theme) -> list[Harmony]:
    """The chords of a group: the melody's, and around the tonic where there is none."""
    melody = [slot.melody for slot in group if slot.melody]
    chords = iter(harmonise(melody, mode, theme.meter) if melody else ())
    out: list[Harmony] = []
    for index, slot in enumerate(group):
        led = index > 0 and not group[index - 1].melody
        out.append(next(chords) if slot.melody else Harmony(mode, LED[mode] if led else 0))
    return out
