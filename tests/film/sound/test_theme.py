"""A theme is a melody and not notes: phrases that come again, steps, leaps that stay small, an end on the tonic."""

from functools import cache
from itertools import pairwise

import pytest

from storyforge.film.sound.harmony import CHORDS, DOMINANTS, MODES, Harmony, harmonise, voiced
from storyforge.film.sound.theme import HIGHEST, LOWEST, Bar, chord, compose

SEEDS = range(24)
composed = cache(compose)


def steps(bars: tuple[Bar, ...]) -> list[int]:
    return [tone.step for bar in bars for tone in bar]


def same_but_moved(one: Bar, two: Bar) -> bool:
    return len({after.step - before.step for before, after in zip(one, two, strict=True)}) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_melody_has_phrases(seed: int) -> None:
    for bars in (composed(seed).first, composed(seed).second):
        assert len(bars) == 8
        period = bars[4:6] == bars[0:2]
        sentence = all(len(a) == len(b) and same_but_moved(a, b) for a, b in zip(bars[0:2], bars[2:4], strict=True))
        assert period or sentence
        for bar in bars[:-1]:
            assert bar[0].at == 0
            assert all(after.at == before.at + before.length for before, after in pairwise(bar))
            assert bar[-1].at + bar[-1].length == composed(seed).meter.eighths


@pytest.mark.parametrize("seed", SEEDS)
def test_a_melody_goes_mostly_by_step_and_ends_on_the_tonic(seed: int) -> None:
    for bars in (composed(seed).first, composed(seed).second):
        line = steps(bars)
        moves = [abs(after - before) for before, after in pairwise(line)]
        assert sum(move <= 2 for move in moves) >= 0.7 * len(moves)
        assert sum(move == 1 for move in moves) >= 0.4 * len(moves)
        assert max(moves) <= 7
        assert min(line) >= LOWEST
        assert max(line) <= HIGHEST
        assert 4 <= max(line) - min(line) <= 11
        assert line[-1] % 7 == 0
        assert moves[-1] == 1
        assert bars[-1][0].length >= 5  # it comes to rest


def test_each_seed_has_its_own_theme() -> None:
    assert compose(3) == composed(3)
    assert len({theme.first for theme in map(composed, SEEDS)}) == len(SEEDS)
    assert len({theme.meter.name for theme in map(composed, SEEDS)}) == 3


@pytest.mark.parametrize("mode", MODES)
def test_chords_fit_the_melody_and_close(mode: str) -> None:
    held, heard, kinds = 0, 0, list[int]()
    for theme in map(composed, SEEDS):
        for bars in (theme.first, theme.second):
            chords = harmonise(bars, mode, theme.meter)
            assert [chords[0].root, chords[-1].root] == [0, 0]
            assert chords[-2].root in DOMINANTS[mode]
            assert {one.root for one in chords} <= set(CHORDS[mode])
            kinds.append(len({one.root for one in chords}))
            for bar, one in zip(bars, chords, strict=True):
                strong = [tone for tone in bar if tone.at in theme.meter.strong]
                heard += len(strong)
                held += sum(tone.step % 7 in chord(one.root) for tone in strong)
    assert held / heard > 0.85
    assert sum(kinds) / len(kinds) > 3.3


def test_minor_leads_to_its_tonic_and_never_by_an_augmented_second() -> None:
    raised = 0
    for theme in map(composed, SEEDS):
        for bar, one in zip(theme.first, harmonise(theme.first, "minor", theme.meter), strict=True):
            raised += one.raised
            tones = [one.semitones(tone.step) for tone in bar]
            assert 3 not in [abs(b - a) for a, b in pairwise(tones) if one.raised and {a % 12, b % 12} == {8, 11}]
    assert raised > len(SEEDS) / 2
    assert Harmony("minor", 4, raised=True).tones == (7, 11, 2)


@pytest.mark.parametrize("mode", MODES)
def test_chords_are_triads_without_a_tritone(mode: str) -> None:
    for root in CHORDS[mode]:
        one, third, fifth = Harmony(mode, root).tones
        assert (third - one) % 12 in (3, 4)
        assert (fifth - one) % 12 == 7


def test_voices_move_little() -> None:
    before = voiced((0, 4, 7), (), 55, 69)
    for tones in ((5, 9, 0), (7, 11, 2), (9, 0, 4), (2, 5, 9), (0, 4, 7)):
        now = voiced(tones, before, 55, 69)
        assert {pitch % 12 for pitch in now} == set(tones)
        assert sum(abs(a - b) for a, b in zip(before, now, strict=True)) <= 7
        before = now
