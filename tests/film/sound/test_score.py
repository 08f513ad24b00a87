"""The score's musical facts: notes of the scale, chords under them, cues on scenes, an end on the tonic; its bits."""

from bisect import bisect_right
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from sounding import film, in_blocks, level, samples, whole

from storyforge.film.sound import RATE, Score
from storyforge.film.sound.form import RING, Measure
from storyforge.film.sound.instruments import KEPT, Note
from storyforge.film.sound.moods import MOODS
from storyforge.film.sound.score import LEVEL
from storyforge.storyboard import Resolved

pytestmark = pytest.mark.slow

HAPPY = "cast: [{who: ember, feels: happy, does: dances}]"
AFRAID = "cast: [{who: ember, feels: terrified, does: hides}]"
SEA, WOOD, HOME = "place: sea; time: day", "place: wood; time: day", "place: home; time: day"


def story(seed: int = 5) -> Resolved:
    """Four scenes: cheerful, tense, sad, calm."""
    return film(
        (SEA, f"seconds: 14, {HAPPY}"),
        (WOOD, f"seconds: 8, {AFRAID} | seconds: 9.5, {AFRAID}"),
        (HOME, "seconds: 17, cast: [{who: moth, feels: lonely, does: weeps}]"),
        (SEA, "seconds: 19"),
        seed=seed,
    )


def bar_of(score: Score, note: Note) -> Measure:
    """The bar in which a note begins."""
    return score.measures[bisect_right([bar.start for bar in score.measures], note.at) - 1]


def pitches(bar: Measure, tones: tuple[int, ...]) -> set[int]:
    return {(bar.cue.tonic + tone) % 12 for tone in tones}


@pytest.mark.parametrize("seed", range(12))
def test_every_note_is_of_its_bars_scale_and_accompaniment_of_its_chord(seed: int) -> None:
    resolved = story(seed)
    score = Score(resolved)
    assert len(score.notes) > 100
    for note in score.notes:
        bar = bar_of(score, note)
        assert note.pitch % 12 in pitches(bar, bar.harmony.scale), (note, bar)
        if note.instrument in ("pad", "bass", "pluck"):
            assert note.pitch % 12 in pitches(bar, bar.harmony.tones)
        assert 35 <= note.pitch <= 98
        assert note.until <= samples(resolved)


@pytest.mark.parametrize("seed", range(12))
def test_it_ends_with_the_film_on_the_tonic(seed: int) -> None:
    resolved = story(seed)
    score = Score(resolved)
    last = score.measures[-1]
    assert last.last
    assert last.stop == samples(resolved)
    assert RING - 0.01 <= (last.stop - last.start) / RATE < RING + 3
    sounding = [note for note in score.notes if note.at >= last.start]
    assert {note.pitch % 12 for note in sounding} == pitches(last, last.harmony.tones)
    assert min(note.pitch for note in sounding) % 12 == last.cue.tonic % 12
    assert max(note.pitch for note in sounding) % 12 == last.cue.tonic % 12
    home = score.cues[0]
    if home.mood.mode == last.cue.mood.mode:
        assert last.cue.tonic == home.tonic


def test_few_voices_begin_at_once_and_the_melody_is_alone() -> None:
    score = Score(story())
    together = Counter(note.at for note in score.notes)
    assert max(together.values()) <= 9
    for bar in score.measures:
        tones = [(tone.at, tone.length) for tone in bar.slot.melody]
        assert all(one + length <= two for (one, length), (two, _) in pairwise(tones))


def test_one_theme_goes_through_related_keys() -> None:
    score = Score(story())
    begins = [bar for bar in score.measures if bar.slot.place == 0 and bar.slot.melody == score.theme.first[0]]
    assert len({bar.cue.tonic for bar in begins}) > 1
    assert len({bar.mood.mode for bar in begins}) > 1
    first = score.measures[0]
    keys = [pitches(cue_bar, cue_bar.harmony.scale) for cue_bar in begins if not cue_bar.harmony.raised]
    assert all(len(pitches(first, first.harmony.scale) & key) >= 6 for key in keys)


def test_seeds_have_themes_of_their_own_and_keep_them() -> None:
    tunes = {tuple(note.pitch for note in Score(story(seed)).notes if note.instrument == "box") for seed in range(6)}
    assert len(tunes) == 6
    assert Score(story(3)).notes == Score(story(3)).notes


def test_cues_are_scenes_with_moods_of_what_is_felt_and_done() -> None:
    resolved = story()
    score = Score(resolved)
    assert [cue.mood.name for cue in score.cues] == ["cheerful", "tense", "sad", "calm"]
    assert [cue.start // 2000 for cue in score.cues] == [resolved.shots[at].start for at in (0, 1, 3, 4)]
    assert [cue.mood.mode for cue in score.cues] == ["major", "minor", "minor", "major"]
    for cue in score.cues:
        bars = [bar for bar in score.measures if bar.cue is cue]
        assert cue.start <= bars[0].start
        assert bars[-1].stop <= cue.stop
        lengths = [bar.stop - bar.start for bar in bars[:-3]]
        assert max(lengths) - min(lengths) <= 2  # the beat is steady
        usual = score.theme.meter.quarters * 60 / cue.mood.tempo * RATE
        assert 0.8 < lengths[0] / usual < 1.25


def test_short_moods_do_not_tear_a_scene_apart() -> None:
    score = Score(film((SEA, f"seconds: 3, {HAPPY} | seconds: 2, {AFRAID} | seconds: 12, {HAPPY}")))
    assert [cue.mood.name for cue in score.cues] == ["cheerful"]


@pytest.mark.parametrize(
    ("music", "mood"),
    [("tense", "tense"), ("a sad, slow waltz", "sad"), ("Cheerful!", "cheerful"), ("a quiet lullaby", "tender"),
     ("peaceful", "calm"), ("magical", "wonder"), ("exciting chase", "urgent"), ("menacing", "dark")],
)  # fmt: skip
def test_plain_words_choose_the_mood(music: str, mood: str) -> None:
    score = Score(film((f"{SEA}; music: '{music}'", f"seconds: 12, {HAPPY}")))
    assert {cue.mood.name for cue in score.cues} == {mood}


def test_music_of_the_whole_film_gives_way_to_what_is_felt() -> None:
    score = Score(film((SEA, "seconds: 12"), (WOOD, f"seconds: 12, {AFRAID}"), more="music: gentle and slow"))
    assert [cue.mood.name for cue in score.cues] == ["tender", "tense"]
    assert all(cue.mood.tempo <= 0.8 * MOODS[cue.mood.name].tempo for cue in score.cues)


def test_words_make_it_slow_quiet_and_minor() -> None:
    def first(music: str) -> Score:
        return Score(film((f"{SEA}; music: '{music}'", "seconds: 20")))

    slow, fast = first("calm, slow"), first("calm, fast")
    assert slow.cues[0].mood.tempo < 0.75 * fast.cues[0].mood.tempo
    assert len(slow.measures) < len(fast.measures)
    assert first("minor").cues[0].mood.mode == "minor"
    quiet = film((f"{SEA}; music: calm and quiet", "seconds: 12"))
    usual = film((f"{SEA}; music: calm", "seconds: 12"))
    assert level(whole(Score(quiet), quiet)) < level(whole(Score(usual), usual)) - 3


@pytest.mark.parametrize("music", ["none", "silence", "'no music'", "song.mp3", "music/theme.FLAC"])
def test_silence_and_files_are_left_alone(music: str, tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    for name in ("song.mp3", "music/theme.FLAC"):
        (tmp_path / name).touch()
    resolved = film((SEA, f"seconds: 8 | seconds: 8, music: {music} | seconds: 9"), folder=tmp_path)
    score = Score(resolved)
    assert [(cue.start, cue.stop) for cue in score.cues] == [(0, 8 * RATE), (16 * RATE, 25 * RATE)]
    assert not [note for note in score.notes if 8 * RATE <= note.at < 16 * RATE]
    heard = whole(score, resolved)
    assert level(heard[11 * RATE : 16 * RATE]) < -90
    assert level(heard[: 8 * RATE]) > LEVEL - 5
    without = film((f"{SEA}; music: {music}", "seconds: 2"), folder=tmp_path)
    assert not whole(Score(without), without).any()


def test_the_film_has_music_throughout_and_breathes() -> None:
    resolved = film((SEA, "seconds: 150"))
    score = Score(resolved)
    assert (score.cues[0].start, score.cues[-1].stop) == (0, samples(resolved))
    assert all(a.stop == b.start for a, b in pairwise(score.cues))
    starts = np.array([note.at for note in score.notes if note.instrument == "box"]) / RATE
    gaps = np.diff(starts)
    assert starts[0] < 0.5
    assert (gaps > 3).any()  # a long scene has a silence
    assert gaps.max() < 12
    assert {bar.slot.melody for bar in score.measures} >= {*score.theme.first, *score.theme.second}


@pytest.mark.parametrize("seconds", [0.1, 0.5, 1, 2.5, 4, 6])
def test_a_short_film_still_has_an_end(seconds: float) -> None:
    resolved = film((SEA, f"seconds: {seconds}"))
    score = Score(resolved)
    heard = whole(score, resolved)
    assert score.measures[-1].last
    assert score.measures[-1].harmony.root == 0
    assert np.isfinite(heard).all()
    assert heard.any()


def test_blocks_do_not_change_a_bit() -> None:
    resolved = film((SEA, f"seconds: 4, {HAPPY}"), (WOOD, "seconds: 5, join: {kind: dissolve, seconds: 1}"))
    once, count = whole(Score(resolved), resolved), samples(resolved)
    assert np.array_equal(in_blocks(Score(resolved), [0, 1, 1601, 16384, 40000, 40007, 200_001, count]), once)
    late = Score(resolved)
    assert np.array_equal(late.block(300_000, count), once[300_000:])
    assert np.array_equal(late.block(7, 9000), once[7:9000])


@pytest.mark.parametrize("mood", MOODS)
def test_levels_are_steady(mood: str) -> None:
    resolved = film((f"{SEA}; music: {mood}", "seconds: 20"), end="cut")
    score = Score(resolved)
    heard = whole(score, resolved)
    assert [cue.mood.name for cue in score.cues] == [mood]
    assert LEVEL - 4 < level(heard) < LEVEL + 4
    assert np.abs(heard).max() < 0.9
    count = samples(resolved)
    assert not score.block(count, count + 4000).any()
    assert level(heard[-200:]) < LEVEL - 25


def test_a_long_film_keeps_few_notes_in_memory() -> None:
    resolved = film(*((f"{SEA}; music: {mood}", "seconds: 20") for mood in MOODS))
    score = Score(resolved)
    for start in range(0, samples(resolved), 4 * RATE):
        score.block(start, start + RATE)
        assert sum(len(made) for made in score._instruments._made.values()) <= KEPT
    assert len(score._dry) < 12
