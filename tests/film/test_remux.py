"""Joining by packets: the same pictures, one after another, and captions that players can switch on."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from moving_pictures import RATE, moving

from storyforge import film
from storyforge.errors import RenderError
from storyforge.film import Reader, concat
from storyforge.film.cards import THE_END
from storyforge.film.remux import LANGUAGES
from storyforge.film.sound import master, sample

SMALL = (64, 48)


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    """Films of 1, 30, 110 and 2 frames: some without B-frames, one with two key frames."""
    paths = []
    for index, count in enumerate((1, 30, 110, 2)):
        paths.append(tmp_path / f"{index}.mp4")
        film.write_shot(paths[-1], moving(count, SMALL, index), SMALL, RATE)
    return paths


def test_pictures_are_untouched(parts: list[Path], tmp_path: Path) -> None:
    assert concat(parts, tmp_path / "film.mp4") == 143
    joined = Reader(tmp_path / "film.mp4")
    assert (joined.count, joined.rate) == (143, RATE)
    every = [picture for path in parts for picture in Reader(path).pictures()]
    assert all((one == other).all() for one, other in zip(joined.pictures(), every, strict=True))
    for number in (0, 1, 31, 100, 141, 142):
        assert (next(joined.pictures(number, number + 1)) == every[number]).all()
    data = (tmp_path / "film.mp4").read_bytes()
    assert data.find(b"moov") < data.find(b"mdat")


def test_time_runs_on_evenly(parts: list[Path], tmp_path: Path) -> None:
    concat(parts, tmp_path / "film.mp4")
    with av.open(str(tmp_path / "film.mp4")) as file:
        stream = file.streams.video[0]
        packets = [packet for packet in file.demux(stream) if packet.pts is not None]
        step = 1 / RATE / stream.time_base
        assert sorted(packet.pts for packet in packets) == [number * step for number in range(143)]
        decoding = [packet.dts for packet in packets]
        assert all(after - before == step for before, after in pairwise(decoding))


def test_captions_become_a_track(parts: list[Path], tmp_path: Path) -> None:
    cues = [(Fraction(1, 2), Fraction(3, 2), "Not again.\nNever."), (Fraction(3), Fraction(4), "Ölüm — «né»")]
    concat(parts, tmp_path / "film.mp4", cues, "de", {"title": "Né"})
    with av.open(str(tmp_path / "film.mp4")) as file:
        assert file.metadata["title"] == "Né"
        track = file.streams.subtitles[0]
        assert (track.codec_context.name, track.language) == ("mov_text", "deu")
        samples = [
            (packet.pts * track.time_base, bytes(packet)[2:].decode()) for packet in file.demux(track) if packet.size
        ]
    assert [(at, text) for at, text in samples if text] == [(start, text) for start, _, text in cues]
    assert Fraction(3, 2) in {at for at, text in samples if not text}  # the first goes when it should


class Clicks:
    """A Source that is heard at four frames."""

    def block(self, start: int, stop: int) -> np.ndarray:
        out = np.zeros((stop - start, 2), np.float32)
        for frame in CLICKS:
            at = sample(frame, RATE)
            out[max(0, at - start) : max(0, at + 400 - start)] = 0.5
        return out


CLICKS = (0, 31, 100, 142)


def test_sound_starts_and_ends_with_the_picture(parts: list[Path], tmp_path: Path) -> None:
    """A click at frame n is heard at n / 24 s, however many films were joined and whatever lies beside it."""
    length = sample(143, RATE)
    master(tmp_path / "sound.m4a", Clicks(), length)
    cues = [(Fraction(1, 2), Fraction(3, 2), "Not again.")]
    concat(parts, tmp_path / "film.mp4", cues, sound=tmp_path / "sound.m4a")
    with av.open(str(tmp_path / "film.mp4")) as file:
        stream = file.streams.audio[0]
        assert (stream.start_time, file.streams.video[0].start_time) == (0, 0)
        assert abs(stream.duration * stream.time_base - Fraction(143) / RATE) < Fraction(1024, 48_000)
        heard = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(stream)])
    for frame in CLICKS:
        at = sample(frame, RATE)
        first = max(0, at - 2400) + np.flatnonzero(np.abs(heard[max(0, at - 2400) : at + 2400]) > 0.1)[0]
        assert abs(first - at) < 480, "10 ms"
    assert Reader(tmp_path / "film.mp4").count == 143
    data = (tmp_path / "film.mp4").read_bytes()
    assert data.find(b"moov") < data.find(b"mdat")
    with av.open(str(tmp_path / "film.mp4")) as file:
        places: dict[str, list[int]] = {"video": [], "audio": []}
        for packet in file.demux(file.streams.video[0], file.streams.audio[0]):
            places[packet.stream.type] += [packet.pos] if packet.size else []
    assert places["audio"][len(places["audio"]) // 2] < places["video"][-1], "sound lies beside its pictures"


def test_other_formats_are_refused(parts: list[Path], tmp_path: Path) -> None:
    film.write_shot(tmp_path / "wide.mp4", moving(3, (128, 48)), (128, 48), RATE)
    with pytest.raises(RenderError, match=r"wide\.mp4: has another format"):
        concat([parts[1], tmp_path / "wide.mp4"], tmp_path / "film.mp4")
    assert not (tmp_path / "film.mp4").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_every_language_that_ends_a_film_has_a_caption_track() -> None:
    assert THE_END.keys() <= LANGUAGES.keys()
    assert THE_END["nb"] == THE_END["nn"] == THE_END["no"]
    assert all(len(code) == 3 for code in LANGUAGES.values())
