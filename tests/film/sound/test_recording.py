"""Recordings: read from anywhere, at any rate, again and again; what is none is said in a sentence."""

from pathlib import Path

import av
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


def encoded(path: Path, codec: str, samples: np.ndarray, rate: int, layout: str = "stereo") -> Path:
    """A file by one of the codecs, from samples [n, channels]."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.reshape(1, -1)), "flt", layout)
        frame.rate = rate
        for piece in av.AudioResampler(stream.format, layout, rate, stream.frame_size or 1024).resample(frame):
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    return path


def amplitude(samples: np.ndarray, hertz: float) -> float:
    turn = np.exp(-2j * np.pi * hertz * np.arange(len(samples)) / RATE)
    return float(2 * abs(np.mean(samples[:, 0] * turn)))


@pytest.mark.parametrize(
    ("name", "codec", "second"),
    [("two.mp3", "libmp3lame", (22_050, "stereo")), ("two.aac", "aac", (44_100, "mono"))],
)
def test_a_file_that_changes_midway_is_heard_to_its_end(
    tmp_path: Path, name: str, codec: str, second: tuple[int, str]
) -> None:
    rate, layout = second
    one = 0.25 * np.sin(2 * np.pi * 440 * np.arange(2 * 44_100) / 44_100)
    two = 0.25 * np.sin(2 * np.pi * 880 * np.arange(2 * rate) / rate)
    first = encoded(tmp_path / f"1{name}", codec, np.stack([one, one], 1).astype(np.float32), 44_100)
    wide = np.stack([two] * (1 if layout == "mono" else 2), 1).astype(np.float32)
    other = encoded(tmp_path / f"2{name}", codec, wide, rate, layout)
    (tmp_path / name).write_bytes(first.read_bytes() + other.read_bytes())
    recording = Recording(tmp_path / name)
    assert recording.length == pytest.approx(4 * RATE, abs=RATE // 4)
    sound = recording.block(0, 4 * RATE)
    assert amplitude(sound[RATE // 2 : RATE], 440) == pytest.approx(0.25, rel=0.1)
    assert amplitude(sound[3 * RATE : 3 * RATE + RATE // 2], 880) > 0.15


def test_damage_is_skipped_as_players_do(tmp_path: Path) -> None:
    data = bytearray(encoded(tmp_path / "a.aac", "aac", sine(440, 3, -12), RATE).read_bytes())
    middle = len(data) // 2
    frames = [at for at in range(middle, middle + 2000) if data[at] == 0xFF and data[at + 1] & 0xF6 == 0xF0]
    for at in range(frames[0] + 7, frames[0] + 60):  # what follows a frame's header
        data[at] = 0xF7
    (tmp_path / "a.aac").write_bytes(bytes(data))
    with av.open(str(tmp_path / "a.aac")) as file, pytest.raises(av.error.InvalidDataError):
        list(file.decode(audio=0))
    recording = Recording(tmp_path / "a.aac")
    assert recording.length == pytest.approx(3 * RATE, abs=RATE // 8)
    for at in (RATE, 5 * RATE // 2):
        assert amplitude(recording.block(at, at + RATE // 4), 440) == pytest.approx(0.25, rel=0.1)


def test_samples_that_are_no_numbers_are_silent(tmp_path: Path) -> None:
    wave = sine(440, 0.5, -12)
    wave[1000:1003] = ((np.inf, -np.inf), (np.nan, 1e38), (-np.inf, np.nan))
    encoded(tmp_path / "a.wav", "pcm_f32le", wave, RATE)
    sound = Recording(tmp_path / "a.wav").block(0, RATE // 2)
    assert not sound[[1000, 1002]].any()
    assert np.allclose(sound[:1000], wave[:1000])
