"""Chords under a melody, in a mode: the cheapest way through the bars (Viterbi over one chord a bar), and its voicing.

What a chord costs under a bar: melody notes it does not hold, by their weight. What a step from chord to chord costs:
how little the root's motion is worth in tonal music (down a fifth most). A phrase that closes ends dominant - tonic.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from storyforge.film.sound.theme import Bar, Meter, chord

MODES: Mapping[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "minor": (0, 2, 3, 5, 7, 8, 10),
}
RELATED: Mapping[str, int] = {"major": 0, "lydian": 5, "dorian": 2, "minor": -3}  # tonics whose scales are one scale

CHORDS: Mapping[str, Mapping[int, float]] = {  # what each triad costs; a mode's diminished one is never used
    "major": {0: 0.0, 3: 0.3, 4: 0.5, 5: 0.4, 1: 0.5, 2: 0.8},
    "lydian": {0: 0.0, 1: 0.2, 4: 0.6, 5: 0.6, 2: 0.8},
    "dorian": {0: 0.0, 3: 0.2, 6: 0.4, 2: 0.7, 4: 0.9, 1: 1.2},
    "minor": {0: 0.0, 5: 0.3, 3: 0.4, 2: 0.6, 6: 0.5, 4: 1.1},
}
MOTION: Mapping[int, float] = {3: 0.0, 5: 0.25, 1: 0.35, 4: 0.35, 6: 0.6, 2: 0.7, 0: 0.9}  # steps from root to root
DOMINANTS: Mapping[str, tuple[int, ...]] = {"major": (4,), "lydian": (4, 1), "dorian": (6, 4, 3), "minor": (4,)}
OUTSIDE = 1.0  # an eighth of a strong note that the chord does not hold
PASSING = 0.15  # ... of a weak one
STAYING = 0.4  # what the tonic costs within a phrase, so that chords go somewhere


@dataclass(frozen=True)
class Harmony:
    """A bar's chord: its root as a step of the mode; raised: the seventh step leads, as minor's dominant has it."""

    mode: str
    root: int
    raised: bool = False

    @property
    def scale(self) -> tuple[int, ...]:
        """Semitones of the seven steps over the tonic."""
        steps = MODES[self.mode]
        return (*steps[:6], 11) if self.raised else steps

    def semitones(self, step: int) -> int:
        """Semitones of any step over the tonic."""
        return 12 * (step // 7) + self.scale[step % 7]

    @property
    def tones(self) -> tuple[int, int, int]:
        """Semitones over the tonic, 0..11, of root, third and fifth."""
        root, third, fifth = (self.semitones(self.root + part) % 12 for part in (0, 2, 4))
        return root, third, fifth


def fit(bar: Bar, root: int, meter: Meter) -> float:
    """What a chord costs under a bar of melody."""
    held, out = chord(root), 0.0
    for tone in bar:
        if tone.step % 7 not in held:
            out += tone.length * (OUTSIDE if tone.at in meter.strong or tone.length > 2 else PASSING)
    return out


def harmonise(bars: Sequence[Bar], mode: str, meter: Meter) -> tuple[Harmony, ...]:
    """One chord a bar: tonic first, at the end a dominant and the tonic."""
    last = len(bars) - 1
    paths: dict[int, tuple[float, tuple[int, ...]]] = {}
    for index, bar in enumerate(bars):
        now: dict[int, tuple[float, tuple[int, ...]]] = {}
        for root, price in CHORDS[mode].items():
            cost = fit(bar, root, meter) + frame(mode, root, index, last, price)
            ways = [(total + MOTION[(root - path[-1]) % 7], path) for total, path in paths.values()] or [(0.0, ())]
            total, path = min(ways)
            now[root] = (total + cost, (*path, root))
        paths = now
    roots = min(paths.values())[1]
    leading = {last - 1, *range(3, last, 4)}
    return tuple(
        Harmony(mode, root, mode == "minor" and root == 4 and index in leading and singable(bars[index]))
        for index, root in enumerate(roots)
    )


def frame(mode: str, root: int, index: int, last: int, price: float) -> float:
    """What a chord costs by its place, whatever the melody: both ends are the tonic's, the second after a dominant."""
    if index == last:
        return 50.0 * (root != 0)
    if index == 0:
        return price + 4.0 * (root != 0)
    if index == last - 1:
        return 0.0 if root in DOMINANTS[mode] else 20.0 + price
    return price + STAYING * (root == 0)


def singable(bar: Bar) -> bool:
    """Whether a raised seventh step would stand beside the sixth nowhere in a bar."""
    steps = [tone.step % 7 for tone in bar]
    return not any({one, two} == {5, 6} for one, two in pairwise(steps))


def voiced(pitches: Sequence[int], before: Sequence[int], low: int, high: int) -> tuple[int, ...]:
    """Chord notes (pitch classes) placed between low and high, each near a note of the chord before, lowest first."""
    places = [[pitch for pitch in range(low, high + 1) if pitch % 12 == one % 12] for one in pitches]
    middle = (low + high) / 2
    choices = [tuple(sorted(choice)) for choice in product(*places) if max(choice) - min(choice) <= 14]
    if not before:
        return min(choices, key=lambda choice: (abs(sum(choice) / len(choice) - middle), choice))

    def cost(choice: tuple[int, ...]) -> tuple[float, tuple[int, ...]]:
        moves = sum(abs(now - then) for now, then in zip(choice, sorted(before), strict=True))
        return moves + 0.25 * abs(sum(choice) / len(choice) - middle), choice

    return min(choices, key=cost)
