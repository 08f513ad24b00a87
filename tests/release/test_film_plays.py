"""The fox film, from one command, in a stock browser: there are pictures, and it speaks."""

from pathlib import Path

import numpy as np
import pytest
from browser import play, program

from storyforge.cli import main
from storyforge.film.sound import Recording, integrated, sample

pytestmark = pytest.mark.skipif(program() is None, reason="there is no Chromium on this machine")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films") / "fox"
    with pytest.raises(SystemExit) as ended:
        main(["demo", "-o", str(folder)])
    assert not ended.value.code
    return folder / "film.mp4"


def test_it_is_seen_and_heard(film: Path, tmp_path: Path) -> None:
    seen = play(film, tmp_path, 12)
    assert (seen.channels, seen.rate) == (2, 48_000)
    assert (seen.width, seen.height) == (1280, 720)
    assert seen.light > 100
    assert seen.samples / seen.rate == pytest.approx(seen.duration, abs=0.03)
    heard = np.array(seen.tenths)
    assert np.mean(heard > 0.001) > 0.95, "never silent for long"
    assert heard.max() > 0.1
    assert max(seen.heard) > 0.05
    assert np.mean(np.array(seen.heard) > 0.001) > 0.8
    assert seen.at >= 12


def test_its_loudness_and_spectrum(film: Path) -> None:
    recording = Recording(film)
    sound = recording.block(0, recording.length)
    assert integrated([sound]) == pytest.approx(-16, abs=0.5)
    assert np.abs(sound).max() < 1
    spectrum = np.square(np.abs(np.fft.rfft(sound[: sample(1440, 24)].mean(axis=1))))
    hertz = np.fft.rfftfreq(sample(1440, 24), 1 / 48_000)
    bands = [spectrum[(hertz >= low) & (hertz < 2 * low)].sum() for low in (62, 125, 250, 500, 1000, 2000, 4000)]
    shares = 10 * np.log10(np.array(bands) / spectrum.sum())
    assert shares.min() > -45, "no band is missing"
    assert shares.max() < -1, "and none is all there is"
