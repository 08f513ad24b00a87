"""Recordings: read from anywhere, at any rate, again and again; what is none is said in a sentence."""

from pathlib import Path

import numpy as np
import pytest
from waves import sine, write_wav

from storyforge.errors import InputError
from storyforge.film.sound import RATE, Recording, integrated


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    return write_wav(tmp_path / "tone.wav", sine(440, 1.5, -12))


def test_blocks_are_the_file_in_any_order(tone: Path) -> None:
    recording, whole = Recording(tone), sine(440, 1.5, -12)
    assert recording.length == len(whole)
    for start, stop in ((0, 1000), (1000, 50_000), (70_000, 73_000), (10, 20), (71_000, 72_000)):
        found = recording.block(start, stop)
        expected = np.pad(whole[start:stop], ((0, max(0, stop - max(start, len(whole)))), (0, 0)))[: stop - start]
        assert np.allclose(found, expected, atol=1e-4), (start, stop)
    assert not recording.block(100_000, 100_010).any()
    assert recording.ended(100_000)


def test_other_rates_and_one_channel_are_converted(tmp_path: Path) -> None:
    at = np.arange(22_050) / 22_050
    mono = (0.25 * np.sin(2 * np.pi * 440 * at))[:, None].astype(np.float32)
    recording = Recording(write_wav(tmp_path / "mono.wav", mono, 22_050))
    assert recording.length == pytest.approx(RATE, abs=100)
    found = recording.block(0, RATE)
    assert np.array_equal(found[:, 0], found[:, 1])
    spectrum = np.abs(np.fft.rfft(found[:, 0]))
    assert spectrum.argmax() == 440


def test_a_file_is_repeated_without_a_gap_or_a_click(tone: Path) -> None:
    recording = Recording(tone)
    found = recording.repeated(0, 4 * RATE)
    assert np.abs(np.diff(found[:, 0])).max() < 0.03, "a sine of this level moves by 0.015 a sample"
    tenths = np.sqrt(np.square(found[:, 0]).reshape(-1, 4800).mean(1))
    assert tenths.min() > 0.8 * tenths.max()
    assert np.allclose(recording.repeated(100_000, 130_000), found[100_000:130_000], atol=1e-6)


def test_a_file_has_a_level(tone: Path) -> None:
    recording = Recording(tone)
    lifted = recording.block(0, recording.length) * np.float32(recording.level(-26, 12))
    assert integrated([lifted]) == pytest.approx(-26, abs=0.1)
    assert recording.level(40, 12) == pytest.approx(10 ** (12 / 20))


@pytest.mark.parametrize("name", ["text.mp3", "empty.wav", "picture.png", "gone.ogg"])
def test_what_is_no_sound_is_said(tmp_path: Path, name: str) -> None:
    from PIL import Image

    (tmp_path / "text.mp3").write_text("these are words, not music")
    write_wav(tmp_path / "empty.wav", sine(440, 0))
    Image.new("RGB", (8, 8)).save(tmp_path / "picture.png")
    with pytest.raises(InputError, match=rf"^music/{name} cannot be read as sound \(.+\): give a wav, mp3"):
        Recording(tmp_path / name, f"music/{name}").check()
