"""A film's theme: two melodies of eight bars in steps of a scale, written from its seed.

A melody is a period (idea, answer that stays open; idea again, answer that closes) or a sentence (idea, the idea moved,
its first bar twice more, close): W. Caplin, Classical Form (1998). Strong notes belong to the bar's chord, weak ones
pass between them; of many drafts the one is kept that best does what melodies do (steps, leaps that turn back, one
summit).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from random import Random

from storyforge.film.sound.chunks import seed as address

DRAFTS = 200  # melodies written, of which one is kept
LOWEST, HIGHEST = -2, 9  # steps from the tonic that a melody keeps within


@dataclass(frozen=True)
class Tone:
    """A note of a melody: from eighth `at` of its bar, `length` eighths long, on a `step` of the scale (7: octave)."""

    at: int
    length: int
    step: int


Bar = tuple[Tone, ...]


@dataclass(frozen=True)
class Meter:
    """A bar of so many eighths; strong and weak beats; rhythms of lengths in eighths."""

    name: str
    eighths: int
    strong: tuple[int, ...]
    cells: tuple[tuple[int, ...], ...]
    halts: tuple[tuple[int, ...], ...]  # of a bar that stays open
    closes: tuple[tuple[int, ...], ...]  # of the bar before the last

    @property
    def quarters(self) -> float:
        """A bar's length in quarter notes."""
        return self.eighths / 2


METERS = (
    Meter("3/4", 6, (0, 4), ((4, 2), (2, 2, 2), (2, 1, 1, 2), (3, 1, 2), (2, 2, 1, 1), (1, 1, 2, 2), (4, 1, 1)),
          ((4, 2), (6,), (2, 4)), ((2, 2, 2), (4, 2), (3, 1, 2), (2, 1, 1, 2))),
    Meter("4/4", 8, (0, 4), ((2, 2, 4), (3, 1, 4), (2, 2, 2, 2), (4, 2, 2), (3, 1, 2, 2), (2, 1, 1, 4), (4, 3, 1)),
          ((6, 2), (8,), (4, 4), (2, 6)), ((2, 2, 2, 2), (3, 1, 4), (4, 2, 2), (2, 2, 4))),
    Meter("6/8", 6, (0, 3), ((3, 3), (2, 1, 3), (2, 1, 2, 1), (3, 2, 1), (3, 1, 1, 1), (1, 1, 1, 3)),
          ((6,), (3, 3)), ((3, 2, 1), (2, 1, 2, 1), (3, 3))),
)  # fmt: skip

PERIODS = ((0, 5, 3, 4), (0, 3, 0, 4), (0, 2, 3, 4), (0, 5, 1, 4), (0, 4, 5, 4))  # roots of bars 1 to 4: open
CLOSES = (4, 4, 3, 1)  # of the bar before the last; the last is 0
SENTENCES = ((0, 4), (0, 3), (0, 0), (0, 5))  # of the idea's two bars
LEADS = (-1, 1, 6, 8)  # steps from which the tonic is one step away
MOVES = (1, -1, 2, 3, -2)  # steps by which a sentence moves its idea


@dataclass(frozen=True)
class Theme:
    """What is a film's own: a meter, a tonic (0..11, C is 0), the theme and its other side, eight bars each."""

    meter: Meter
    tonic: int
    first: tuple[Bar, ...]
    second: tuple[Bar, ...]


def chord(root: int) -> frozenset[int]:
    """The steps, within one octave, of the triad on a step."""
    return frozenset((root + third) % 7 for third in (0, 2, 4))


@lru_cache(maxsize=8)  # a tenth of a second, for every cut of a film that a program makes
def compose(seed: int) -> Theme:
    """The theme of a seed."""
    random = Random(address("theme", seed))
    meter = random.choices(METERS, (5, 3, 4))[0]
    period = random.random() < 0.5
    first = best([melody(random, meter, period, 0) for _ in range(DRAFTS)], meter)
    second = best([melody(random, meter, not period, 4) for _ in range(DRAFTS)], meter)
    return Theme(meter, random.choice((0, 2, 3, 5, 7, 8, 10)), first, second)


def melody(random: Random, meter: Meter, period: bool, start: int) -> tuple[Bar, ...]:
    """One draft of eight bars; it begins near a step."""
    a, b = random.sample(meter.cells, 2)
    if sum(b[:-1]) > b[-1] * 2:  # the idea comes to rest at its end
        a, b = (b, a) if a[-1] > b[-1] else (a, b)
    halt, close = random.choice(meter.halts), random.choice(meter.closes)
    last = random.choice(CLOSES)
    line = Line(random, meter, start)
    if period:
        roots = random.choice(PERIODS)
        idea = [line.bar(a, roots[0]), line.bar(b, roots[1])]
        opened = [*idea, line.bar(a, roots[2]), line.bar(halt, roots[3], (1, 4, 6, 8, -1))]
        line.step = idea[-1][-1].step
        return (*opened, *idea, line.bar(close, last, LEADS), line.end())
    pair, move = random.choice(SENTENCES), random.choice(MOVES)
    idea = [line.bar(a, pair[0]), line.bar(b, pair[1])]
    up = random.choice((2, 3, 4, 5))
    pieces = [moved(idea[0], up), moved(idea[0], up - 1)]
    line.step = pieces[-1][-1].step
    return (*idea, *(moved(bar, move) for bar in idea), *pieces, line.bar(close, last, LEADS), line.end())


def moved(bar: Bar, by: int) -> Bar:
    """A bar some steps higher."""
    return tuple(Tone(tone.at, tone.length, tone.step + by) for tone in bar)


class Line:
    """A melody being written: where it is, and the next bar from there."""

    def __init__(self, random: Random, meter: Meter, start: int) -> None:
        self.random, self.meter, self.step = random, meter, start

    def bar(self, cell: Sequence[int], root: int, goals: Sequence[int] = ()) -> Bar:
        """A bar of a rhythm over a chord; its last note is one of the goals where there are some."""
        out, at = [], 0
        for index, length in enumerate(cell):
            firm = at in self.meter.strong or length >= 3
            self.step = self.next(chord(root) if firm else None, goals if goals and index == len(cell) - 1 else ())
            out.append(Tone(at, length, self.step))
            at += length
        return tuple(out)

    def next(self, allowed: frozenset[int] | None, goals: Sequence[int]) -> int:
        """The next step: near the last one, within the chord on strong beats."""
        reach = [step for step in range(self.step - 5, self.step + 6) if LOWEST <= step <= HIGHEST]
        choice = [step for step in reach if (allowed is None or step % 7 in allowed) and (not goals or step in goals)]
        choice = choice or sorted(reach, key=lambda step: min(abs(step - goal) for goal in goals or (0,)))[:1]
        weights = [(0.5, 3.0, 1.2, 0.5, 0.35, 0.1)[abs(step - self.step)] for step in choice]
        return self.random.choices(choice, weights)[0]

    def end(self) -> Bar:
        """The last bar: the tonic, held, a breath before its end."""
        self.step = 0 if self.step <= 3 else 7
        return (Tone(0, self.meter.eighths - (1 if self.meter.eighths == 6 else 2), self.step),)


def best(drafts: Sequence[tuple[Bar, ...]], meter: Meter) -> tuple[Bar, ...]:
    """The draft with the fewest faults; the earlier of two that are as good."""
    return min(drafts, key=lambda draft: faults(draft, meter))


def faults(bars: Sequence[Bar], meter: Meter) -> float:
    """How far a melody is from what melodies do; 0 is none."""
    steps = [tone.step for bar in bars for tone in bar]
    moves = [after - before for before, after in pairwise(steps)]
    out = 12 * abs(sum(abs(move) == 1 for move in moves) / len(moves) - 0.66)
    out += 2.5 * sum(abs(move) > 4 for move in moves) + 0.7 * max(0, sum(move == 0 for move in moves) - 3)
    out += 3 * sum(one == two == 0 for one, two in pairwise(moves))
    for one, two in pairwise(moves):  # a leap turns back, and leaps do not follow one another in one direction
        if abs(one) >= 3:
            out += 0.0 if -2 <= two * (1 if one > 0 else -1) <= -1 else 0.8
        out += 1.2 * (one * two > 0 and abs(one) > 1 and abs(two) > 1 and abs(one + two) > 4)
    out += 1.5 * sum(one == -two == three != 0 for one, two, three in zip(moves, moves[1:], moves[2:], strict=False))
    reach = max(steps) - min(steps)
    out += 1.0 * max(0, 6 - reach) + 1.0 * max(0, reach - 9)
    summit = [index for index, step in enumerate(steps) if step == max(steps)]
    out += 0.5 * (len(summit) - 1) + 2.0 * (not 0.35 <= summit[-1] / len(steps) <= 0.92)
    out += 8 * (abs(moves[-1]) != 1) + 3 * max(0, max(steps) - HIGHEST) + 3 * max(0, LOWEST - min(steps))
    out += 1.5 * sum({one % 7, two % 7} == {3, 6} and abs(one - two) > 1 for one, two in pairwise(steps))
    out += 6 * sum(crossing(bars[index]) for index in (3, 6)) + 6 * crossing((*bars[6], *bars[7]))
    out += 1.5 * max(0, abs(bars[6][0].step - bars[1][-1].step) - 3)  # bars 1, 2, 7, 8 make the short form
    spread = len({tone.length for bar in bars for tone in bar})
    return out + 1.0 * (spread < 3) + 0.5 * (sum(len(bar) for bar in bars) > 3.4 * len(bars))


def crossing(bar: Sequence[Tone]) -> bool:
    """Whether a bar goes between sixth and seventh step: under minor's dominant that is no step that one sings."""
    return any({one.step % 7, two.step % 7} == {5, 6} for one, two in pairwise(bar))
