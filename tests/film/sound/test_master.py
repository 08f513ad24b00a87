"""A mastered film is as loud as it should be, clips nowhere, starts with the picture and is the same every time."""

from math import inf
from pathlib import Path

import numpy as np
import pytest
from waves import Given, heard, pink, silence, sine

from storyforge.film.sound import RATE, TARGET, Samples, integrated, master, peaks
from storyforge.film.sound.limiter import CEILING, limited


def words(seconds: float) -> Samples:
    """Something with the peaks and pauses of speech."""
    at = np.arange(round(seconds * RATE)) / RATE
    beat = np.clip(np.sin(2 * np.pi * 3.1 * at), 0, 1) ** 2 * (np.sin(2 * np.pi * 0.37 * at) > -0.4)
    tone = sum(np.sin(2 * np.pi * 130 * n * at) / n for n in range(1, 20))
    return np.repeat((0.2 * beat * tone)[:, None], 2, 1).astype(np.float32) + pink(seconds, -55)


@pytest.mark.parametrize("level", [-12.0, 0.0, 18.0])
def test_it_is_brought_to_the_target(tmp_path: Path, level: float) -> None:
    sound = words(12) * np.float32(10 ** (level / 20))
    made = master(tmp_path / "a.m4a", Given(sound), len(sound))
    assert made.loudness == pytest.approx(TARGET, abs=0.2)
    out = heard(tmp_path / "a.m4a")
    assert integrated([out]) == pytest.approx(TARGET, abs=0.5)
    assert 20 * np.log10(peaks(out).max()) < -1.0


def test_the_limiter_holds_every_peak_and_leaves_quiet_alone() -> None:
    sound = pink(3, -30)
    sound[RATE] = 0.9
    sound[2 * RATE : 2 * RATE + 500] = sine(12_000, 500 / RATE, -1)
    out = np.concatenate(list(limited(lambda a, b: sound[a:b], len(sound), 6.0)))
    assert 20 * np.log10(peaks(out).max()) < CEILING + 0.05
    assert np.allclose(out[: RATE // 2], sound[: RATE // 2] * 10 ** (6 / 20), rtol=1e-6)
    other = np.concatenate(list(limited(lambda a, b: sound[a:b], len(sound), 6.0, block=31_011)))
    assert np.allclose(out, other, atol=1e-6)


def test_silence_stays_silent(tmp_path: Path) -> None:
    made = master(tmp_path / "a.m4a", Given(silence(2)), 2 * RATE)
    assert (made.loudness, made.gain) == (-inf, 0.0)
    assert not heard(tmp_path / "a.m4a").any()


def test_a_whisper_is_not_made_a_storm(tmp_path: Path) -> None:
    sound = pink(3, -65)
    made = master(tmp_path / "a.m4a", Given(sound), len(sound))
    assert made.gain == 24
    assert made.loudness < -35


def test_the_same_samples_give_the_same_bytes(tmp_path: Path) -> None:
    sound = words(3)
    for name in ("a.m4a", "b.m4a"):
        master(tmp_path / name, Given(sound), len(sound))
    assert (tmp_path / "a.m4a").read_bytes() == (tmp_path / "b.m4a").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.m4a", "b.m4a"]


def test_it_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    master(tmp_path / "a.m4a", Given(words(2.5)), 120_000, lambda done, total: told.append((done, total)))
    assert told == [(48_000, 120_000), (96_000, 120_000), (120_000, 120_000)]
