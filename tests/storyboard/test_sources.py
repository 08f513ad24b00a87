"""Sources: colours by every name that CSS knows, files by what is in them, and what is not seen beside them."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from storyforge.errors import InputError
from storyforge.storyboard import check, colour, loads, media

Text = Callable[..., str]


def film(path: Path, frames: int, size: tuple[int, int] = (64, 48), rate: int = 24) -> Path:
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number in range(frames):
            grey = np.full((size[1], size[0], 3), 40 + number, np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        file.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("#102030", (16, 32, 48)), ("#ABC", (170, 187, 204)), ("black", (0, 0, 0)), ("Teal", (0, 128, 128)),
        ("rebeccapurple", (102, 51, 153)), ("#12345", None), ("photos/sea.jpg", None), ("bleu", None),
    ],
)  # fmt: skip
def test_colours(source: str, found: tuple[int, int, int] | None) -> None:
    assert colour(source) == found


def test_files_are_told_apart_by_what_is_in_them(tmp_path: Path) -> None:
    Image.new("RGB", (30, 20)).save(tmp_path / "a.png")
    first, second = (Image.new("RGB", (30, 20), c) for c in ("red", "blue"))
    first.save(tmp_path / "b.gif", save_all=True, append_images=[second], duration=500)
    (tmp_path / "film.png").write_bytes(film(tmp_path / "c.mp4", 36).read_bytes())  # a wrong name
    assert (media(tmp_path / "a.png").kind, media(tmp_path / "a.png").size) == ("picture", (30, 20))
    assert media(tmp_path / "b.gif").kind == "film"
    assert media(tmp_path / "film.png").seconds == Fraction(3, 2)
    (tmp_path / "d.jpg").write_text("no picture")
    with pytest.raises(InputError, match=r"^d\.jpg is neither a picture nor a film that can be read; save it as"):
        media(tmp_path / "d.jpg")
    with pytest.raises(InputError, match=r"^e\.HEIC is a HEIC picture, which cannot be read; save it as JPEG$"):
        media(tmp_path / "e.HEIC")


def notices(text: str, folder: Path) -> list[str]:
    return [f"{one.level}: {one.sentence}" for one in check(loads(text, folder / "b.yaml"))]


def test_what_is_not_seen_beside_a_source(small: Text, tmp_path: Path) -> None:
    assert notices(small('source: "#102030"', "seconds: 3"), tmp_path) == []
    shot = (
        "source: teal",
        "cast: [moth]",
        "action: Moth flies",
        "camera: {shot: close, move: push-in}",
        "strength: 0.6",
    )
    assert sorted(notices(small(*shot), tmp_path)) == [
        "ignored: a shows its source as it is: action is ignored",
        "ignored: a shows its source as it is: cast is ignored",
        "ignored: a shows its source as it is: of its camera only the move is read, and shot is ignored",
        "ignored: a shows one colour, in which nothing moves: push-in is ignored",
        "ignored: teal is a colour, of which nothing is restyled: strength (0.6) is ignored",
    ]


def test_a_clip_that_ends_before_its_shot(small: Text, tmp_path: Path) -> None:
    film(tmp_path / "sea.mp4", 36)
    assert notices(small("source: sea.mp4", "seconds: 1.5"), tmp_path) == []
    assert notices(small("source: sea.mp4", "seconds: 4"), tmp_path) == [
        "warning: sea.mp4 lasts 1.5 s and a 4.0 s: its last picture is held"
    ]


def test_a_file_that_cannot_be_read_is_told(small: Text, tmp_path: Path) -> None:
    (tmp_path / "sea.jpg").write_text("no picture")
    (said,) = notices(small("source: sea.jpg"), tmp_path)
    assert said.startswith("warning: sea.jpg is neither a picture nor a film")
    assert said.endswith("a card will stand for a")


def test_rolls_need_time(small: Text, tmp_path: Path) -> None:
    roll = r'titles: [{text: "One\nTwo\nThree\nFour", place: roll}]'
    assert notices(small("source: black", roll), tmp_path) == [], "a shot that says no seconds is long enough"
    (said,) = notices(small("source: black", "seconds: 5", roll), tmp_path)
    assert (
        said
        == "warning: this roll has 5.0 s and needs about 12 s to be read: give a more seconds or the roll fewer lines"
    )
    (said,) = notices(small("source: black", "seconds: 2", 'titles: [{text: "Sea", seconds: 4}]'), tmp_path)
    assert said == "warning: this title asks for 4 s, and a ends after 2.0 s of it: it goes with the shot (2.0 s)"
