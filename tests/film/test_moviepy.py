"""A film as a moviepy clip: the same pictures, the sound it has, and a sentence where there is no film."""

import gc
import warnings
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from storyforge import film
from storyforge.errors import InputError
from storyforge.production import Film, Seconds
from storyforge.storyboard import Resolved

RATE = 48_000
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # moviepy leaves its pipes open


@pytest.fixture(autouse=True)
def swept() -> Iterator[None]:
    """What moviepy left open is closed here, and not in somebody else's test."""
    yield
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        gc.collect()


def produced(path: Path | None) -> Film:
    return Film(Path("here"), path, None, 0, {}, Seconds())


def sounding(path: Path, seconds: float) -> Path:
    """A grey film with a tone of 440 Hz."""
    with av.open(str(path), "w") as file:
        video = file.add_stream("h264", rate=24)
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        audio = file.add_stream("aac", rate=RATE)
        audio.layout = "stereo"
        for number in range(round(seconds * 24)):
            picture = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 128, np.uint8), format="rgb24")
            picture.pts, picture.time_base = number, Fraction(1, 24)
            file.mux(video.encode(picture))
        wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * RATE)) / RATE).astype(np.float32)
        samples = av.AudioFrame.from_ndarray(np.stack([wave, wave]), format="fltp", layout="stereo")
        samples.sample_rate, samples.pts, samples.time_base = RATE, 0, Fraction(1, RATE)
        file.mux(audio.encode(samples))
        file.mux(video.encode(None))
        file.mux(audio.encode(None))
    return path


def test_a_clip_shows_the_film_s_pictures(
    board: Callable[..., Resolved], shots: Callable[[Resolved], dict[str, Path]], tmp_path: Path
) -> None:
    resolved = board("seconds: 1", "seconds: 0.5")
    written = film.write(tmp_path / "film.mp4", resolved, shots(resolved))
    with produced(written.path).to_moviepy() as clip:
        assert (tuple(clip.size), clip.fps, clip.duration) == (resolved.size, 24, 1.5)
        assert clip.audio is None
        ours = list(film.Reader(written.path).frames())
        for number in (0, 12, 35):
            theirs = clip.get_frame((number + 0.25) / 24)
            assert np.abs(theirs.astype(int) - ours[number]).mean() < 2


def test_a_clip_has_the_film_s_sound(tmp_path: Path) -> None:
    with produced(sounding(tmp_path / "film.mp4", 1.0)).to_moviepy() as clip:
        heard = np.concatenate([np.atleast_1d(clip.audio.get_frame(n / 2000)[0]) for n in range(400, 1400)])
    assert 0.3 < np.sqrt((heard**2).mean()) < 0.4, "the tone's level"


def test_no_film_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="here has no film yet"):
        produced(None).to_moviepy()
    (tmp_path / "film.mp4").write_text("no film")
    with pytest.raises(InputError, match=r"film\.mp4 cannot be read as a film; render it again"):
        produced(tmp_path / "film.mp4").to_moviepy()
