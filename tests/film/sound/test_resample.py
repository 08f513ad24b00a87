"""Resampling keeps what it can keep; hurrying keeps the pitch."""

import numpy as np
import pytest
from listening import pitch

from storyforge.film.sound import RATE
from storyforge.film.sound.resample import hurried, resampled


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 48_000])
def test_a_tone_is_the_same_tone_at_another_rate(rate: int) -> None:
    def tone(at: int) -> np.ndarray:
        time = np.arange(at) / at
        return (np.sin(np.pi * time) ** 2 * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)

    made = resampled(tone(rate), rate)
    assert made.dtype == np.float32
    assert made.shape == (RATE,)
    assert np.abs(made - tone(RATE)).max() < 1e-4


def test_hurried_speech_keeps_its_pitch() -> None:
    time = np.arange(2 * RATE) / RATE
    voice = sum(np.sin(2 * np.pi * 160 * k * time) / k for k in range(1, 8)).astype(np.float32) * np.float32(0.1)
    made = hurried(voice, 3 * RATE // 2)
    assert len(made) == 3 * RATE // 2
    assert abs(pitch(made, 0.7) - 160) < 3
    middle = np.abs(made[RATE // 2 : RATE])
    assert 0.8 < middle.max() / np.abs(voice).max() < 1.2
    assert len(hurried(voice[:1000], 1500)) == 1500
