"""Loudness agrees with what ITU-R BS.1770-4 and EBU Tech 3341 state of known signals."""

from math import inf, log10

import numpy as np
import pytest
from waves import pink, silence, sine

from storyforge.film.sound import Loudness, Samples, integrated, peaks
from storyforge.film.sound.loudness import HIGH_PASS, SHELF


def test_a_full_sine_of_997_hz_in_one_channel_is_3_lufs_below_zero() -> None:
    assert integrated([sine(997, 5, sides=(1, 0))]) == pytest.approx(-3.01, abs=0.005)


@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_ebu_3341_steady_sines(level: float) -> None:
    """Cases 1 and 2: 1 kHz on both sides."""
    assert integrated([sine(1000, 20, level)]) == pytest.approx(level, abs=0.1)


def test_ebu_3341_the_relative_gate() -> None:
    """Case 3: 10 s at -36, 60 s at -23, 10 s at -36 dBFS is -23 LUFS."""
    quiet = sine(1000, 10, -36)
    assert integrated([quiet, sine(1000, 60, -23), quiet]) == pytest.approx(-23, abs=0.1)


def test_ebu_3341_the_absolute_gate() -> None:
    """Case 4: what lies under -70 LUFS does not count either."""
    silent, quiet = sine(1000, 10, -72), sine(1000, 10, -36)
    parts = [silent, quiet, sine(1000, 60, -23), quiet, silent]
    assert integrated(parts) == pytest.approx(-23, abs=0.1)


def standard(sound: Samples) -> float:
    """The standard's own steps, sample by sample, for sounds without a pause."""
    power = 0.0
    for channel in sound.T.astype(float):
        for (b0, b1, b2), (_, a1, a2) in (SHELF, HIGH_PASS):
            out, x1, x2, y1, y2 = [], 0.0, 0.0, 0.0, 0.0
            for x in channel.tolist():
                y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
                x2, x1, y2, y1 = x1, x, y1, y
                out.append(y)
            channel = np.array(out)
        blocks = [np.square(channel[at : at + 19_200]).mean() for at in range(0, len(channel) - 19_199, 4800)]
        power += float(np.mean(blocks))
    return -0.691 + 10 * log10(power)


def test_pink_noise_of_minus_20_lufs() -> None:
    noise = pink(1.5, -20)
    noise *= np.float32(10 ** ((-20 - standard(noise)) / 20))
    assert integrated([noise]) == pytest.approx(-20, abs=0.001)
    assert integrated([noise * np.float32(10 ** (-7 / 20))]) == pytest.approx(-27, abs=0.001)


@pytest.mark.parametrize("size", [1, 7, 4800, 100_000])
def test_the_size_of_blocks_does_not_matter(size: int) -> None:
    sound = np.concatenate([pink(1.5, -20), silence(0.7), sine(300, 1.1, -9)])
    step = size if size > 1 else 1153
    assert integrated(sound[at : at + step] for at in range(0, len(sound), step)) == pytest.approx(
        integrated([sound]), abs=1e-6
    )


def test_a_meter_can_be_read_while_it_hears() -> None:
    meter = Loudness()
    meter.add(sine(1000, 2, -23))
    assert meter.integrated == pytest.approx(-23, abs=0.1)
    meter.add(sine(1000, 60, -10))
    assert meter.integrated == pytest.approx(-10.1, abs=0.1)


@pytest.mark.parametrize("sound", [silence(2), silence(0), sine(1000, 0.3), sine(1000, 3, -80)])
def test_silence_has_no_loudness(sound: Samples) -> None:
    assert integrated([sound]) == -inf


def test_peaks_between_samples() -> None:
    """A sine of a quarter of the rate whose samples all miss its tops by 3 dB."""
    at = np.arange(4800)
    wave = np.sin(np.pi / 2 * at + np.pi / 4).astype(np.float32)
    sound = np.stack([wave, 0.5 * wave], 1)
    assert np.abs(sound).max() == pytest.approx(0.7071, abs=1e-3)
    assert peaks(sound)[100:-100].max() == pytest.approx(1.0, abs=0.02)
    assert peaks(silence(0.01)).max() == 0
