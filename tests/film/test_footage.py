"""Footage: pictures with moves over them, clips in the film's rate and size, colours; all shown as they are."""

import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageCms

from storyforge.errors import RenderError, StoryforgeError
from storyforge.film import Frame, footage
from storyforge.film.moves import Move, between, cover, eased, ends

SIZE, RATE = (160, 90), Fraction(24)
MOVES: tuple[Move, ...] = ("static", "push-in", "pull-out", "pan-left", "pan-right", "tilt-up")


def ramp(width: int, height: int) -> Image.Image:
    """A picture whose red tells how far right, and whose green how far down a pixel is: 0..255."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[..., 0] = np.linspace(0, 255, width)[None]
    picture[..., 1] = np.linspace(0, 255, height)[:, None]
    return Image.fromarray(picture)


def film(
    path: Path,
    count: int,
    rate: int = 24,
    size: tuple[int, int] = (160, 90),
    codec: str = "libx264",
    options: dict[str, str] | None = None,
) -> Path:
    """A film in which every frame tells its number by its grey: 20 + 4 n."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=rate, options=options or {"crf": "4", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number in range(count):
            grey = np.full((size[1], size[0], 3), 20 + 4 * number, np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        file.mux(stream.encode(None))
    return path


def numbers(path: Path, count: int, start: int = 0, rate: Fraction = RATE) -> list[int]:
    """Which of the film's frames are shown."""
    return [round((float(frame.mean()) - 20) / 4) for frame in footage(path, SIZE, rate, count, "static", start)]


def one(path: Path, size: tuple[int, int] = SIZE) -> Frame:
    return next(footage(path, size, RATE, 1))


def middle(frame: Frame) -> tuple[int, ...]:
    return tuple(int(level) for level in frame[frame.shape[0] // 2, frame.shape[1] // 2])


def test_a_colour_is_that_colour() -> None:
    frames = list(footage((16, 32, 48), SIZE, RATE, 5))
    assert len(frames) == 5
    assert all(frame.shape == (90, 160, 3) and (frame == (16, 32, 48)).all() for frame in frames)


def test_a_still_picture_is_cropped_from_its_middle_and_stands(tmp_path: Path) -> None:
    ramp(400, 400).save(tmp_path / "a.png")
    first, *others = footage(tmp_path / "a.png", SIZE, RATE, 3)
    assert all((other == first).all() for other in others)
    assert first[:, 0, 0].mean() < 3
    assert first[:, -1, 0].mean() > 252, "its whole width is seen"
    assert abs(first[0, :, 1].mean() - 255 * 87.5 / 400) < 2, "and as much of its height as the film's shape shows"
    assert abs(first[-1, :, 1].mean() - 255 * 312.5 / 400) < 2


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("picture", [(400, 225), (225, 400), (4000, 225), (161, 90), (90, 90)])
def test_moves_stay_within_the_picture(move: Move, picture: tuple[int, int]) -> None:
    for seconds in (0.04, 1.0, 5.0, 90.0):
        first, last = ends(move, picture, SIZE, seconds)
        for share in np.linspace(0, 1, 40):
            left, top, right, bottom = between(first, last, float(share)).box
            assert left >= -1e-6
            assert top >= -1e-6
            assert right <= picture[0] + 1e-6
            assert bottom <= picture[1] + 1e-6
            assert abs((right - left) / (bottom - top) - 16 / 9) < 1e-9


def test_moves_go_where_they_say() -> None:
    wide = (800, 225)
    for move, axis, sign in (("pan-left", 0, -1), ("pan-right", 0, 1), ("tilt-up", 1, -1)):
        first, last = ends(move, wide if axis == 0 else (225, 800), SIZE, 4)  # type: ignore[arg-type]
        way = (last.x - first.x, last.y - first.y)
        assert way[axis] * sign > 20
        assert way[1 - axis] == 0
        assert abs(way[axis]) <= 4 / 7 * (first.width, first.height)[axis] + 1e-6, "no faster than can be looked at"
    whole, near = ends("push-in", wide, SIZE, 4)
    assert whole == cover(wide, SIZE)
    assert 1.06 <= whole.width / near.width <= 1.3
    assert ends("pull-out", wide, SIZE, 4) == (near, whole)


def test_moves_begin_and_end_gently() -> None:
    way = np.array([eased(number / 119, 5) for number in range(120)])
    speed = np.diff(way)
    assert (way[0], way[-1]) == (0, 1)
    assert (speed > 0).all()
    assert speed[0] < speed[60] / 10
    assert speed[-1] < speed[60] / 10
    assert np.abs(np.diff(speed)).max() < speed.max() / 15, "no jerk"


def test_a_move_is_smooth_between_pixels(tmp_path: Path) -> None:
    slope = np.add.outer(20 * np.linspace(0, 1, 900), 220 * np.linspace(0, 1, 1600))  # each row is rounded elsewhere
    Image.fromarray(np.rint(slope).astype(np.uint8)).save(tmp_path / "a.png")
    frames = np.stack(list(footage(tmp_path / "a.png", SIZE, RATE, 96, "pan-right"))).astype(float)
    way = frames.mean((1, 2, 3)) / 220 * 160  # how far right the frame looks, in its pixels
    steps = np.diff(way)
    assert way[-1] - way[0] > 8
    assert steps[8:-8].min() > 0, "it moves in every frame"
    assert steps.max() < 0.3, "by far less than a pixel"
    assert np.abs(np.diff(steps)).max() < 0.1, "and evenly, but for the rounding of levels"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_turned_as_they_were_taken(tmp_path: Path, orientation: int) -> None:
    turns = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    turn, exif = turns[orientation], Image.Exif()
    exif[0x0112] = orientation
    stored = ramp(320, 180) if turn is None else ramp(320, 180).transpose(turn)
    stored.save(tmp_path / "a.jpg", exif=exif, quality=95)
    stored.save(tmp_path / "a.png", exif=exif)
    for name in ("a.jpg", "a.png"):
        frame = one(tmp_path / name).astype(int)
        assert frame[45, 2, 0] < 12
        assert frame[45, -3, 0] > 243, "right is right"
        assert frame[2, 80, 1] < 14
        assert frame[-3, 80, 1] > 241, "and below is below"


GREY16 = np.tile(np.linspace(0, 65535, 320).astype(np.uint16), (180, 1))


@pytest.mark.parametrize(
    ("name", "picture", "expected"),
    [
        ("grey.png", Image.new("L", (320, 180), 100), (100, 100, 100)),
        ("bits.png", Image.new("1", (320, 180), 1), (255, 255, 255)),
        ("deep.png", Image.fromarray(GREY16), (128, 128, 128)),
        ("deep.tif", Image.fromarray(GREY16), (128, 128, 128)),
        ("float.tif", Image.new("F", (320, 180), 0.5), (128, 128, 128)),
        ("ink.jpg", Image.new("CMYK", (320, 180), (0, 255, 255, 0)), (254, 0, 0)),
        ("glass.png", Image.new("RGBA", (320, 180), (255, 0, 0, 128)), (128, 0, 0)),
        ("hole.png", Image.new("RGBA", (320, 180), (255, 255, 255, 0)), (0, 0, 0)),
        ("veil.png", Image.new("LA", (320, 180), (200, 128)), (100, 100, 100)),
        ("palette.gif", Image.new("RGB", (320, 180), (10, 200, 30)).quantize(4), (10, 200, 30)),
        ("web.webp", Image.new("RGB", (320, 180), (10, 200, 30)), (10, 200, 30)),
    ],
)
def test_every_kind_of_picture(tmp_path: Path, name: str, picture: Image.Image, expected: tuple[int, ...]) -> None:
    picture.save(tmp_path / name)
    assert np.allclose(middle(one(tmp_path / name)), expected, atol=3)


def test_a_wide_gamut_becomes_srgb(tmp_path: Path) -> None:
    profile = wide_gamut()
    plain, wide = Image.new("RGB", (320, 180), (100, 200, 100)), Image.new("RGB", (320, 180), (100, 200, 100))
    plain.save(tmp_path / "plain.png")
    wide.save(tmp_path / "wide.png", icc_profile=profile)
    wide.save(tmp_path / "broken.png", icc_profile=b"no profile at all")
    wide.convert("L").save(tmp_path / "other.png", icc_profile=profile)  # a profile for other pictures
    assert middle(one(tmp_path / "plain.png")) == middle(one(tmp_path / "broken.png")) == (100, 200, 100)
    red, green, _ = middle(one(tmp_path / "wide.png"))
    assert red < 90, "the same numbers mean a stronger green there"
    assert green >= 200
    assert len(set(middle(one(tmp_path / "other.png")))) == 1


def wide_gamut() -> bytes:
    """The profile of sRGB with its primaries exchanged for those of Display P3."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    primaries = {b"rXYZ": (0.51512, 0.24120, -0.00105), b"gXYZ": (0.29198, 0.69225, 0.04189),
                 b"bXYZ": (0.15710, 0.06657, 0.78407)}  # fmt: skip
    for number in range(struct.unpack_from(">I", data, 128)[0]):
        tag, offset, _ = struct.unpack_from(">4sII", data, 132 + 12 * number)
        if tag in primaries:
            struct.pack_into(">3i", data, offset + 8, *(round(value * 65536) for value in primaries[tag]))
    return bytes(data)


def test_a_huge_picture_is_reduced_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ramp(4000, 2250).save(tmp_path / "a.jpg", quality=95)
    sizes: list[tuple[int, int]] = []
    load = Image.Image.load
    monkeypatch.setattr(Image.Image, "load", lambda self: (sizes.append(self.size), load(self))[1])
    frame = one(tmp_path / "a.jpg")
    assert max(width for width, _ in sizes) <= 500, "an eighth of it is decoded"
    assert frame[45, 2, 0] < 6
    assert frame[45, -3, 0] > 249


def test_what_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("no picture")
    with pytest.raises(StoryforgeError, match=r"^a\.png is neither a picture nor a film that can be read; save it as"):
        one(tmp_path / "a.png")
    with pytest.raises(StoryforgeError, match=r"^b\.png is not there any more"):
        one(tmp_path / "b.png")
    Image.effect_noise((320, 180), 90).save(tmp_path / "c.png")
    whole = (tmp_path / "c.png").read_bytes()
    (tmp_path / "c.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RenderError, match=r"^c\.png is damaged \(.+\); save it anew"):
        one(tmp_path / "c.png")
    whole = film(tmp_path / "d.mp4", 40).read_bytes()
    (tmp_path / "d.mp4").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoryforgeError, match=r"^d\.mp4 (is neither|cannot be read)"):
        list(footage(tmp_path / "d.mp4", SIZE, RATE, 40))


def test_a_clip_of_the_film_s_rate_comes_frame_for_frame(tmp_path: Path) -> None:
    assert numbers(film(tmp_path / "a.mp4", 48), 48) == list(range(48))
    assert numbers(tmp_path / "a.mp4", 48, start=30) == list(range(30, 48)), "from anywhere in it"
    assert numbers(film(tmp_path / "a.mkv", 48), 48) == list(range(48)), "whose times are whole milliseconds"


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.mkv", "libx264", {"crf": "4", "preset": "ultrafast"}),
        ("a.ts", "libx264", {"crf": "4", "preset": "ultrafast"}),
        ("a.m2ts", "libx264", {"crf": "4", "g": "250"}),
        ("a.mpg", "mpeg2video", {"qmin": "1", "qmax": "2", "b": "8000000"}),
    ],
)
def test_a_clip_of_any_format_is_read_from_anywhere_in_it(
    tmp_path: Path, name: str, codec: str, options: dict[str, str]
) -> None:
    film(tmp_path / name, 48, codec=codec, options=options)
    for start in (0, 1, 20, 30, 46):
        assert numbers(tmp_path / name, 48, start=start) == list(range(start, 48)), start


def test_other_rates_are_conformed(tmp_path: Path) -> None:
    assert numbers(film(tmp_path / "thirty.mp4", 50, rate=30), 16) == [int((n + 0.5) * 30 / 24) for n in range(16)]
    assert numbers(film(tmp_path / "twelve.mp4", 24, rate=12), 16) == [n // 2 for n in range(16)]
    ntsc = Fraction(24000, 1001)
    assert numbers(film(tmp_path / "same.mp4", 48), 48, rate=ntsc) == list(range(48))


def test_a_short_clip_holds_its_last_picture_and_a_long_one_is_trimmed(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", 10)
    assert numbers(path, 14) == [*range(10), 9, 9, 9, 9]
    assert numbers(path, 14, start=12) == [9, 9]
    assert numbers(path, 4) == [0, 1, 2, 3]


def test_clips_are_cropped_to_cover(tmp_path: Path) -> None:
    for size in ((90, 160), (320, 100), (64, 64)):
        path = tmp_path / f"{size[0]}.mp4"
        with av.open(str(path), "w") as file:
            stream = file.add_stream("libx264", rate=24, options={"crf": "4", "preset": "ultrafast"})
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            file.mux(stream.encode(av.VideoFrame.from_image(ramp(*size))))
            file.mux(stream.encode(None))
        frame = one(path).astype(int)
        seen = cover(size, SIZE)
        assert frame.shape == (90, 160, 3)
        edges = [seen.x / size[0], (seen.x + seen.width) / size[0], seen.y / size[1], (seen.y + seen.height) / size[1]]
        found = [frame[:, 1, 0].mean(), frame[:, -2, 0].mean(), frame[1, :, 1].mean(), frame[-2, :, 1].mean()]
        assert np.allclose(np.array(found) / 255, edges, atol=0.04), size


def ramped(path: Path, size: tuple[int, int], pixel: Fraction | None = None) -> Path:
    """A film of one ramp; pixel: the shape of its pixels, told by the codec."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=24, options={"crf": "4", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        if pixel:
            stream.codec_context.sample_aspect_ratio = pixel
        file.mux(stream.encode(av.VideoFrame.from_image(ramp(*size))))
        file.mux(stream.encode(None))
    return path


def conformed_edges(path: Path, least: tuple[int, int]) -> tuple[tuple[int, ...], list[float]]:
    """The shape of a clip's first frame; of its left, right, upper and lower edges red, then green."""
    from storyforge.film.clips import conformed

    frame = next(conformed(path, least, RATE, 0, 1)).astype(float)
    edges = [frame[:, 1], frame[:, -2], frame[1], frame[-2]]
    return frame.shape, [round(float(edge[:, channel].mean()) / 127.5) for channel in (0, 1) for edge in edges]


@pytest.mark.parametrize(
    ("matrix", "rotation", "expected"),
    [
        ((0, 1, -1, 0), 270, [1, 1, 0, 2, 2, 0, 1, 1]),  # clockwise: what was left is above, what was above at right
        ((0, -1, 1, 0), 90, [1, 1, 2, 0, 0, 2, 1, 1]),
    ],
)
def test_a_clip_is_turned_as_it_was_taken(
    tmp_path: Path, matrix: tuple[int, ...], rotation: int, expected: list[float]
) -> None:
    path = ramped(tmp_path / "a.mp4", (160, 96))
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    a, b, c, d = (number << 16 for number in matrix)
    struct.pack_into(">9i", data, at, a, b, 0, c, d, 0, 96 << 16, 0, 1 << 30)
    path.write_bytes(bytes(data))
    with av.open(str(path)) as file:
        assert next(file.decode(video=0)).rotation % 360 == rotation
    assert conformed_edges(path, (96, 160)) == ((160, 96, 3), expected)


def test_the_pixels_of_a_clip_are_squared(tmp_path: Path) -> None:
    upright = [0, 2, 1, 1, 1, 1, 0, 2]
    codec = ramped(tmp_path / "codec.mp4", (120, 96), Fraction(4, 3))
    assert conformed_edges(codec, (160, 96)) == ((96, 160, 3), upright)
    data = bytearray(codec.read_bytes())
    struct.pack_into(">2I", data, data.index(b"pasp") + 4, 2, 1)
    (tmp_path / "a.mp4").write_bytes(bytes(data))
    assert conformed_edges(tmp_path / "a.mp4", (240, 96)) == ((96, 240, 3), upright), "the file's word counts first"


def test_a_move_over_a_clip(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", 24)
    frames = list(footage(path, SIZE, RATE, 24, "push-in"))
    assert [round((float(frame.mean()) - 20) / 4) for frame in frames] == list(range(24))
    assert all(frame.shape == (90, 160, 3) for frame in frames)


def test_a_picture_of_several_pages_shows_its_first(tmp_path: Path) -> None:
    first, second = (Image.new("RGB", (320, 180), colour) for colour in ("navy", "red"))
    first.save(tmp_path / "a.tif", save_all=True, append_images=[second])
    assert middle(one(tmp_path / "a.tif")) == (0, 0, 128)
