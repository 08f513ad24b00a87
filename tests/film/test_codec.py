"""What is written is what is read: frames, counts, colours, tags, and nothing when something fails."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from moving_pictures import COLOURS, RATE, SIZE, moving

from storyforge import film
from storyforge.errors import RenderError
from storyforge.film import CLEAN, FILM, SHOT, Quality, Reader, Writer, remux
from storyforge.film.codec import header


def test_frames_come_back_in_order_and_nearly_as_they_were(tmp_path: Path) -> None:
    frames = list(moving(50))
    assert film.write_shot(tmp_path / "a.mp4", iter(frames), SIZE, RATE) == 50
    reader = Reader(tmp_path / "a.mp4")
    assert (reader.count, reader.size, reader.rate) == (50, SIZE, RATE)
    back = list(reader.frames())
    assert len(back) == 50
    for frame, original in zip(back, frames, strict=True):
        assert np.abs(frame.astype(int) - original).mean() < 2
    assert np.abs(back[20][5, 5].astype(int) - COLOURS[0]).max() <= 4


@pytest.mark.parametrize(("start", "stop"), [(0, 1), (7, 12), (95, 99), (96, 97), (97, 150), (149, 150)])
def test_any_stretch_is_exact(tmp_path: Path, start: int, stop: int) -> None:
    """150 frames are more than one run of 96 between key frames, with B-frames between."""
    film.write_shot(tmp_path / "a.mp4", moving(150, (64, 48)), (64, 48), RATE)
    reader = Reader(tmp_path / "a.mp4")
    every = list(reader.pictures())
    some = list(reader.pictures(start, stop))
    assert len(some) == stop - start
    assert all((one == other).all() for one, other in zip(some, every[start:stop], strict=True))


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(24000, 1001), Fraction(30), Fraction(25, 2)])
def test_the_rate_is_exact(tmp_path: Path, rate: Fraction) -> None:
    film.write_shot(tmp_path / "a.mp4", moving(30, (64, 48)), (64, 48), rate)
    reader = Reader(tmp_path / "a.mp4")
    assert (reader.rate, reader.count) == (rate, 30)
    assert len(list(reader.pictures(11, 25))) == 14


def test_the_file_is_tagged_and_starts_with_its_index(tmp_path: Path) -> None:
    with Writer(tmp_path / "a.mp4", SIZE, RATE) as writer:
        for frame in moving(10):
            writer.frame(frame)
    with av.open(str(tmp_path / "a.mp4")) as file:
        codec = file.streams.video[0].codec_context
        assert (codec.color_primaries, codec.color_trc, codec.colorspace, codec.color_range) == (1, 1, 1, 1)
        assert (codec.pix_fmt, codec.profile, codec.name) == ("yuv420p", "High", "h264")
    data = (tmp_path / "a.mp4").read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")


def test_one_frame_is_a_film(tmp_path: Path) -> None:
    film.write_shot(tmp_path / "a.mp4", moving(1), SIZE, RATE)
    assert len(list(Reader(tmp_path / "a.mp4").frames())) == 1


def test_the_same_frames_make_the_same_file(tmp_path: Path) -> None:
    for name in "ab":
        film.write_shot(tmp_path / f"{name}.mp4", moving(30), SIZE, RATE)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


@pytest.mark.parametrize("alike", [(SHOT, CLEAN), (FILM, Quality(30))])
def test_files_of_one_preset_have_the_same_header(tmp_path: Path, alike: tuple[Quality, ...]) -> None:
    for quality in alike:
        with Writer(tmp_path / "a.mp4", SIZE, RATE, quality) as writer:
            for frame in moving(5):
                writer.frame(frame)
        assert Reader(tmp_path / "a.mp4").header == header(SIZE, RATE, alike[0])


def test_an_error_leaves_nothing_and_keeps_what_was_there(tmp_path: Path) -> None:
    film.write_shot(tmp_path / "a.mp4", moving(5), SIZE, RATE)
    before = (tmp_path / "a.mp4").read_bytes()

    def failing():  # type: ignore[no-untyped-def]
        yield from moving(3)
        raise RuntimeError("the renderer stopped")

    with pytest.raises(RuntimeError, match="the renderer stopped"):
        film.write_shot(tmp_path / "a.mp4", failing(), SIZE, RATE)
    assert (tmp_path / "a.mp4").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_frames_of_another_size_and_films_without_frames_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a frame of 64x48 in a film of 320x180"):
        film.write_shot(tmp_path / "a.mp4", moving(1, (64, 48)), SIZE, RATE)
    with pytest.raises(ValueError, match="at least one frame"):
        film.write_shot(tmp_path / "a.mp4", [], SIZE, RATE)
    with pytest.raises(ValueError, match="even"):
        Writer(tmp_path / "a.mp4", (63, 48), RATE)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_film_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"not a film at all")
    with pytest.raises(RenderError, match=r"a\.mp4: cannot be read as a film"):
        Reader(tmp_path / "a.mp4")
    with pytest.raises(RenderError, match=r"b\.mp4: cannot be read as a film"):
        Reader(tmp_path / "b.mp4")


def test_a_file_cut_short_is_named(tmp_path: Path) -> None:
    film.write_shot(tmp_path / "a.mp4", moving(60), SIZE, RATE)
    data = (tmp_path / "a.mp4").read_bytes()
    (tmp_path / "a.mp4").write_bytes(data[: len(data) * 2 // 3])
    with pytest.raises(RenderError, match="cannot be read as a film"):
        list(Reader(tmp_path / "a.mp4").pictures())


def test_a_shot_s_sound_is_kept_to_the_bit_and_changes_no_picture(tmp_path: Path) -> None:
    sound = np.random.default_rng(1).integers(-9000, 9000, (2 * 48_000 + 7, 2)).astype(np.int16)
    film.write_shot(tmp_path / "a.mp4", moving(48), SIZE, Fraction(24), sound)
    film.write_shot(tmp_path / "b.mp4", moving(48), SIZE, Fraction(24))
    with av.open(str(tmp_path / "a.mp4")) as file:
        track = file.streams.audio[0]
        assert (track.start_time, track.rate) == (0, 48_000)
        back = np.concatenate([frame.to_ndarray().reshape(-1, 2) for frame in file.decode(track)])
    assert np.array_equal(back, sound)
    heard, mute = Reader(tmp_path / "a.mp4"), Reader(tmp_path / "b.mp4")
    assert (heard.count, heard.rate, heard.header) == (mute.count, mute.rate, mute.header)
    assert all(np.array_equal(*pair) for pair in zip(heard.pictures(), mute.pictures(), strict=True))
    joined = [tmp_path / f"{name}.mp4" for name in "aba"]
    assert remux.concat(joined, tmp_path / "film.mp4") == 144, "films are joined from either"
    assert len(list(Reader(tmp_path / "film.mp4").pictures())) == 144
    with av.open(str(tmp_path / "film.mp4")) as file:
        assert not file.streams.audio
