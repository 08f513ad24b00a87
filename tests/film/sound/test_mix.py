"""The mix: what is heard when, what makes way for words, and recordings where the storyboard puts them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from waves import sine, write_wav

from storyforge.film.sound import RATE, Babble, Effect, Samples, Soundtrack, sample, sounds, spoken, stretches
from storyforge.film.sound.curves import ATTACK, HOLD, RELEASE, ducked, within
from storyforge.film.sound.mix import apart
from storyforge.storyboard import Resolved

Board = Callable[..., Resolved]

TALK = 'seconds: 6, cast: [{who: ember, at: left}], dialogue: [{who: ember, line: "Who is there, so late at night?"}]'


def whole(film: Resolved, home: Path, effects: tuple[Effect, ...] = (), step: int = RATE) -> Samples:
    track = Soundtrack(film, home, Babble(), effects)
    return np.concatenate([track.block(at, min(at + step, track.samples)) for at in range(0, track.samples, step)])


def level(part: Samples) -> float:
    """dB, root mean square."""
    return float(10 * np.log10(np.square(part).mean() + 1e-12))


def amplitude(part: Samples, hertz: float) -> float:
    mono = part.mean(axis=1) * np.hanning(len(part)) * 2
    return float(2 * np.abs(np.mean(mono * np.exp(-2j * np.pi * hertz * np.arange(len(part)) / RATE))))


def test_the_size_of_blocks_does_not_matter(board: Board, tmp_path: Path) -> None:
    write_wav(tmp_path / "hum.wav", sine(440, 0.9, -20))
    film = board(f"music: hum.wav, {TALK}", "seconds: 2, sounds: [{file: hum.wav, at: 1, seconds: 0.5}]")
    door = (Effect("door", 70_000),)
    assert np.allclose(whole(film, tmp_path, door), whole(film, tmp_path, door, 31_007), atol=1e-6)


def test_lines_are_on_the_film_s_frames(board: Board) -> None:
    film = board(TALK, 'seconds: 5, join: {kind: dissolve, seconds: 1}, narration: "And then."', TALK)
    first, told, last = spoken(film)
    assert [one.saying.who for one in (first, told, last)] == ["ember", None, "ember"]
    for shot, one in zip(film.shots, (first, told, last), strict=True):
        line = shot.narration or shot.lines[0]
        assert (one.start, one.stop) == (shot.start + line.start, shot.start + line.stop)
        assert one.saying.seconds == Fraction(one.stop - one.start) / film.rate
    assert (first.pan, told.pan) == (-0.2, 0.0), "the narrator is in the middle"
    assert first.saying.seed == last.saying.seed, "one voice over the film"


def test_a_close_up_is_heard_from_the_middle(board: Board) -> None:
    (line,) = spoken(board(f"{TALK}, camera: {{shot: close, on: ember}}"))
    assert line.pan == 0


def test_words_are_in_front(board: Board, tmp_path: Path) -> None:
    film = board(TALK)
    (line,) = spoken(film)
    start, stop = sample(line.start, film.rate), sample(line.stop, film.rate)
    track = Soundtrack(film, tmp_path, Babble(), ())
    words = track.speech.block(start, stop)
    rest = track.block(start, stop) - words
    assert level(words) > level(rest) + 10


def test_music_makes_way_and_comes_back_slowly() -> None:
    second = RATE
    gain = 20 * np.log10(ducked([(4 * second, 6 * second)], 0, 10 * second, 9.0))
    assert gain[0] == 0
    assert gain[4 * second] == pytest.approx(-9, abs=0.01)
    assert gain[4 * second - ATTACK // 2] == pytest.approx(-4.5, abs=0.01)
    assert gain[6 * second + HOLD] == pytest.approx(-9, abs=0.01)
    assert gain[6 * second + HOLD + RELEASE // 2] == pytest.approx(-4.5, abs=0.01)
    assert gain[6 * second + HOLD + RELEASE] == pytest.approx(0, abs=0.01)
    part = 20 * np.log10(ducked([(4 * second, 6 * second)], 180_000, 200_000, 9.0))
    assert np.allclose(part, gain[180_000:200_000], atol=1e-4)
    both = 20 * np.log10(ducked([(0, second), (second + second // 2, 3 * second)], 0, 3 * second, 9.0))
    assert both[second : 2 * second].max() < -8, "it does not come up for a breath between two phrases"


def test_fades_are_inside() -> None:
    gain = within(1000, 5000, (1000, 2000), 0, 6000)
    assert not gain[:1001].any()
    assert not gain[5000:].any()
    assert gain[2000] == gain[3000] == 1
    assert 0 < gain[1500] < 1
    assert 0 < gain[4000] < 1


def test_a_music_file_replaces_the_score_over_its_shots(board: Board, tmp_path: Path) -> None:
    write_wav(tmp_path / "hum.wav", sine(3017, 1.0, -20))
    film = board("seconds: 3", "seconds: 3, music: hum.wav", "seconds: 3, music: hum.wav", "seconds: 3")
    (stretch,) = stretches(film, tmp_path)
    assert (stretch.start, stretch.stop) == (3 * RATE, 9 * RATE)
    sound = whole(film, tmp_path)
    heard = [amplitude(sound[at : at + RATE // 2], 3017) for at in range(0, len(sound), RATE // 2)]
    assert min(heard[6:14]) > 0.03, "again and again"
    assert max(heard[:6] + heard[18:]) < 0.003
    assert heard[17] < 0.5 * heard[13], "it fades at its end"
    score = Soundtrack(film, tmp_path, Babble(), ()).score
    assert level(score.block(6 * RATE, 8 * RATE)) < -70


def test_a_sound_is_heard_at_its_volume_over_the_cut(board: Board, tmp_path: Path) -> None:
    write_wav(tmp_path / "bell.wav", sine(5003, 1.5, -20))
    film = board("seconds: 2, sounds: [{file: bell.wav, at: 1.25, volume: -6}]", "seconds: 2")
    (bell,) = sounds(film, tmp_path)
    assert (bell.start, bell.stop) == (round(1.25 * RATE), None)
    sound = whole(film, tmp_path)
    heard = [amplitude(sound[at : at + RATE // 4], 5003) for at in range(0, len(sound), RATE // 4)]
    assert heard[5:11] == pytest.approx([10 ** (-26 / 20)] * 6, rel=0.05)
    assert max(heard[:5] + heard[11:]) < 0.002


def test_a_sound_ends_when_it_is_told(board: Board, tmp_path: Path) -> None:
    write_wav(tmp_path / "bell.wav", sine(5003, 1.5, -20))
    film = board("seconds: 3, sounds: [{file: bell.wav, seconds: 0.5}, bell.wav]", "seconds: 1")
    short, long = sounds(film, tmp_path)
    assert (short.stop, long.stop) == (RATE // 2, None)
    sound = whole(film, tmp_path)
    both, one = amplitude(sound[: RATE // 4], 5003), amplitude(sound[RATE : RATE * 5 // 4], 5003)
    assert both == pytest.approx(2 * one, rel=0.05)


def test_the_film_s_seed_chooses_among_noises(board: Board, tmp_path: Path) -> None:
    film, steps = board("seconds: 3"), [Effect("step", n * RATE // 2) for n in range(6)]
    heard = [
        Soundtrack(
            replace(film, board=film.board.model_copy(update={"seed": seed})), tmp_path, Babble(), steps
        ).effects.block(0, 3 * RATE)
        for seed in (1, 2)
    ]
    assert heard[0].any()
    assert not np.array_equal(*heard)


def test_recordings_that_are_over_are_closed(board: Board, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    now: list[str] = []
    real = av.open

    @contextmanager
    def counted(path: str) -> Iterator[object]:
        opened.append(Path(path).name)
        now.append(path)
        try:
            with real(path) as file:
                yield file
        finally:
            now.remove(path)

    monkeypatch.setattr(av, "open", counted)
    for name in ("a.wav", "b.wav", "c.wav"):
        write_wav(tmp_path / name, sine(440, 30, -20))
    lines = [f"seconds: 1, music: {name}, sounds: [{{file: c.wav, seconds: 0.5}}]" for name in ("a.wav", "b.wav") * 2]
    track, most = Soundtrack(board(*lines), tmp_path, Babble(), ()), []
    for at in range(0, track.samples, RATE // 2):
        track.block(at, min(at + RATE // 2, track.samples))
        most.append(len(now))
    assert max(most) <= 2, "what is heard now, and no more"
    assert opened.count("a.wav") == 3, "measured once, and played twice"


@pytest.mark.parametrize("end", ["fade", "cut"])
def test_everything_ends_with_the_film(board: Board, tmp_path: Path, end: str) -> None:
    write_wav(tmp_path / "hum.wav", sine(440, 9, -20))
    film = board("seconds: 4, sounds: [hum.wav]", end=end)
    sound = whole(film, tmp_path)
    assert len(sound) == sample(film.frames, film.rate)
    assert np.abs(sound[-20:]).max() < 0.002
    before = level(sound[-RATE // 2 : -RATE // 4])
    assert (before > -26) == (end == "cut"), "a fade of 1.5 s has begun before"


def test_a_storm_with_thunder_lies_below_words(board: Board, tmp_path: Path) -> None:
    film = board(f"weather: storm, {TALK}", f"weather: storm, {TALK}")
    claps = tuple(Effect("thunder", at * RATE) for at in (0, 1, 3, 6, 7))
    storm = whole(film, tmp_path, claps) - whole(film, tmp_path)
    assert 0.02 < np.abs(storm).max() < 0.5
    assert level(storm) < level(whole(film, tmp_path)) - 3


def test_thunder_does_not_begin_while_another_rolls() -> None:
    steps = [Effect("step", at * RATE) for at in range(20)]
    kept = apart([*steps, *(Effect("thunder", at * RATE) for at in (2, 5, 10, 12, 30))])
    assert [one.at // RATE for one in kept if one.kind == "thunder"] == [2, 12, 30]
    assert [one for one in kept if one.kind == "step"] == steps
