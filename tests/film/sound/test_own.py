"""Own sound: a model's samples as the film's, over cuts, dissolves, fades and flows, at one gain, beside words."""

import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from test_mix import amplitude, level
from waves import sine

from storyforge.film.sound import RATE, Babble, OwnSound, Samples, Soundtrack, conformed, integrated, sample, spoken
from storyforge.film.sound.own import LOUDNESS, Own
from storyforge.storyboard import Resolved

Board = Callable[..., Resolved]
TONES = (440.0, 1009.0, 3001.0)  # of the shots, in order


def made(film: Resolved, folder: Path, dB: float = -12, flowing: bool = True) -> dict[str, OwnSound]:  # noqa: N803
    """A tone for each shot, as long as it; those that flow go on in one another."""
    folder.mkdir(exist_ok=True)
    out, at = {}, Fraction(0)
    for shot, hertz in zip(film.shots, TONES, strict=False):
        path, seconds = folder / f"{shot.id}.wav", Fraction(shot.frames) / film.rate
        whole = sine(hertz if shot.join_kind != "flow" else TONES[0], float(at + seconds), dB)[round(at * RATE) :]
        with wave.open(str(path), "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes((whole * 32767).astype("<i2").tobytes())
        out[shot.id] = OwnSound(path, shot.id, "level" if flowing else shot.id, at, at + seconds)
        at += seconds
    return out


def whole(own: Own, film: Resolved, step: int = RATE) -> Samples:
    count = sample(film.frames, film.rate)
    return np.concatenate([own.block(at, min(at + step, count)) for at in range(0, count, step)])


def test_a_model_s_samples_become_the_film_s() -> None:
    tone = np.sin(2 * np.pi * 100 * np.arange(2400) / 2400)[:, None].astype(np.float32) / 2
    heard = conformed(tone, 2400, Fraction(1, 4), RATE // 2)
    assert (heard.shape, heard.dtype) == ((RATE // 2, 2), np.int16)
    assert np.array_equal(heard[:, 0], heard[:, 1]), "one channel is heard on both sides"
    expected = np.sin(2 * np.pi * 100 * (0.25 + np.arange(RATE // 2) / RATE)) / 2
    assert np.abs(heard[:, 0] / 32767 - expected).max() < 1e-3
    ended = conformed(np.repeat(tone, 2, 1), 2400, Fraction(3, 4), RATE // 2)
    assert ended[: RATE // 5].any()
    assert not ended[RATE // 4 :].any(), "it is not stretched"


def test_it_is_as_long_as_its_shot_and_cuts_do_not_click(board: Board, tmp_path: Path) -> None:
    film = board("seconds: 2", "seconds: 1")
    heard = whole(Own(film, made(film, tmp_path)), film)
    for second, hertz in ((0.5, 440), (1.9, 440), (2.0, 1009), (2.8, 1009)):
        part = heard[round(second * RATE) : round((second + 0.1) * RATE)]
        assert amplitude(part, hertz) > 100 * amplitude(part, 1449 - hertz)
    cut = heard[2 * RATE - 3 : 2 * RATE + 3]
    assert np.abs(cut).max() < 0.1 * np.abs(heard).max()


def test_a_dissolve_keeps_the_power(board: Board, tmp_path: Path) -> None:
    film = board("seconds: 2", "seconds: 2, join: {kind: dissolve, seconds: 1}")
    heard = whole(Own(film, made(film, tmp_path)), film)
    levels = [level(heard[at : at + RATE // 10]) for at in range(RATE // 2, RATE * 5 // 2, RATE // 10)]
    assert max(levels) - min(levels) < 0.5
    first, last = heard[RATE : RATE * 11 // 10], heard[RATE * 19 // 10 : 2 * RATE]
    assert amplitude(first, 440) > 2 * amplitude(first, 1009)
    assert amplitude(last, 1009) > 2 * amplitude(last, 440)


def test_a_fade_goes_to_silence_and_comes_back(board: Board, tmp_path: Path) -> None:
    film = board("seconds: 2", "seconds: 2, join: {kind: fade, seconds: 1}")
    heard = whole(Own(film, made(film, tmp_path)), film)
    at = [level(heard[round(s * RATE) : round((s + 0.02) * RATE)]) for s in (1.4, 1.75, 1.98, 2.0, 2.25, 2.55)]
    assert at[0] > at[1] > at[2]
    assert at[3] < at[4] < at[5]
    assert at[0] - at[2] > 10


@pytest.mark.parametrize("flowing", [True, False])
def test_in_a_flow_it_goes_on(board: Board, tmp_path: Path, flowing: bool) -> None:
    film = board("seconds: 1", "seconds: 1, join: flow")
    heard = whole(Own(film, made(film, tmp_path, flowing=flowing)), film)
    near = np.abs(heard[RATE - 60 : RATE + 60]).max() / np.abs(heard[RATE // 2 : RATE // 2 + 240]).max()
    assert near > 0.95 if flowing else near < 0.6, "of two levels each fades, as at a cut"


def test_the_size_of_blocks_does_not_matter(board: Board, tmp_path: Path) -> None:
    film = board("seconds: 1", "seconds: 1, join: {kind: dissolve, seconds: 0.5}", "seconds: 1, join: flow")
    own = Own(film, made(film, tmp_path))
    assert np.allclose(whole(own, film), whole(own, film, 7919), atol=1e-6)


def test_all_of_it_has_one_loudness_and_shots_keep_their_balance(board: Board, tmp_path: Path) -> None:
    film = board("seconds: 2", "seconds: 2")
    loud, soft = made(film, tmp_path / "a", -1), made(film, tmp_path / "b", -30)
    assert integrated([whole(Own(film, loud), film)]) == pytest.approx(LOUDNESS, abs=0.1)
    heard = whole(Own(film, {"s1": loud["s1"], "s2": soft["s2"]}), film)
    assert level(heard[: 2 * RATE]) - level(heard[2 * RATE :]) == pytest.approx(29, abs=0.5)


def test_it_makes_way_for_words_and_takes_the_place_of_ambience(board: Board, tmp_path: Path) -> None:
    talk = 'cast: [{who: ember}], dialogue: [{who: ember, line: "Who is there, so late at night?", at: 3}]'
    film = board(f"seconds: 8, music: none, {talk}")
    track = Soundtrack(film, tmp_path, Babble(), (), made(film, tmp_path))
    (line,) = spoken(film)
    start = sample(line.start, film.rate)
    before, beside = track.block(RATE, 2 * RATE), track.block(start + RATE // 4, start + RATE // 2)
    assert amplitude(before, 440) / amplitude(beside, 440) == pytest.approx(2, rel=0.1), "6 dB"
    assert not track.ambience.block(0, RATE).any()
    assert np.allclose(before, track.own.block(RATE, 2 * RATE), atol=1e-6), "and nothing beside it"
