"""The raster draws what it is told, where it is told, at any unit."""

import numpy as np
import pytest

from storyforge.backends.toon.art.layers import oriented
from storyforge.backends.toon.raster import Canvas, Linear, Path, Radial, rotate, scale, then, translate

RED, GREEN = (1.0, 0.0, 0.0), (0.0, 0.5019608, 0.0)


@pytest.fixture
def canvas() -> Canvas:
    return Canvas(64, 48)


def test_a_rectangle_covers_its_pixels_in_red_green_blue_order(canvas: Canvas) -> None:
    canvas.begin()
    canvas.rect(8, 4, 16, 8, RED)
    frame = canvas.end()
    assert frame.shape == (48, 64, 3)
    assert frame.dtype == np.uint8
    assert (frame[4:12, 8:24] == (255, 0, 0)).all()
    assert frame.sum() == 255 * 16 * 8


def test_a_frame_is_a_copy(canvas: Canvas) -> None:
    canvas.begin()
    canvas.rect(0, 0, 64, 48, RED)
    first = canvas.end()
    canvas.begin()
    canvas.end()
    assert (first == (255, 0, 0)).all()


def test_a_background_narrower_than_the_canvas_is_repeated(canvas: Canvas) -> None:
    tile = np.full((48, 10, 4), 255, np.uint8)
    tile[:, 3, :3] = (0, 128, 0)
    frame = canvas.begin(tile).end()
    columns = np.flatnonzero(frame[0, :, 0] == 0)
    assert columns.tolist() == [3, 13, 23, 33, 43, 53, 63]


def test_groups_nest_and_end(canvas: Canvas) -> None:
    canvas.begin()
    with canvas.group(translate(10, 10)):
        with canvas.group(scale(2)):
            canvas.rect(0, 0, 4, 4, RED)
        canvas.rect(20, 0, 4, 4, GREEN)
    canvas.rect(0, 0, 2, 2, RED)
    frame = canvas.end()
    assert (frame[10:18, 10:18, 0] == 255).all()
    assert (frame[10:14, 30:34, 1] == 128).all()
    assert (frame[:2, :2, 0] == 255).all()


def test_opacity_of_a_group_is_of_the_whole(canvas: Canvas) -> None:
    canvas.begin()
    with canvas.group(opacity=0.5):
        canvas.rect(0, 0, 20, 20, RED)
        canvas.rect(5, 5, 20, 20, RED)
    frame = canvas.end()
    assert abs(int(frame[10, 10, 0]) - int(frame[2, 2, 0])) <= 1


def test_a_clip_cuts(canvas: Canvas) -> None:
    canvas.begin()
    with canvas.group(clip=Path().rect(10, 10, 10, 10)):
        canvas.rect(0, 0, 64, 48, RED)
    frame = canvas.end()
    assert frame[..., 0].sum() == 255 * 100


@pytest.mark.parametrize("unit", [1.0, 100.0, 1280.0])
def test_thin_strokes_are_drawn_in_every_unit(canvas: Canvas, unit: float) -> None:
    canvas.begin()
    canvas.line(((8 / unit, 24 / unit), (56 / unit, 24 / unit)), RED, 4 / unit, matrix=scale(unit), cap="butt")
    frame = canvas.end()
    assert frame[..., 0].sum() / 255 == pytest.approx(48 * 4, rel=0.05)


def test_gradients_run_from_their_first_stop_to_their_last(canvas: Canvas) -> None:
    stops = ((0.0, (0.0, 0.0, 0.0)), (1.0, (1.0, 1.0, 1.0)))
    canvas.begin()
    canvas.rect(0, 0, 64, 24, Linear(0, 0, 64, 0, stops))
    canvas.rect(0, 24, 64, 24, Radial(32, 36, 12, stops))
    frame = canvas.end()[..., 0].astype(int)
    assert (np.diff(frame[10]) >= 0).all()
    assert frame[10, 1] < 12
    assert frame[10, 62] > 243
    assert frame[36, 32] < frame[36, 40] < frame[36, 48]


def test_pictures_land_on_whole_pixels(canvas: Canvas) -> None:
    picture = np.full((5, 7, 4), 255, np.uint8)
    canvas.begin()
    canvas.picture(picture, 3.4, 2.4)
    frame = canvas.end()
    assert (frame[2:7, 3:10] == 255).all()
    assert frame.sum() == 5 * 7 * 3 * 255


def test_colours_out_of_range_are_clipped(canvas: Canvas) -> None:
    canvas.begin()
    canvas.rect(0, 0, 4, 4, (1.4, -0.2, 0.5))
    assert canvas.end()[0, 0].tolist() == [255, 0, 128]


def test_matrices_apply_the_inner_first() -> None:
    a, b, c, d, e, f = then(translate(5, 0), rotate(np.pi / 2))
    assert (a * 1 + c * 0 + e, b * 1 + d * 0 + f) == pytest.approx((5.0, 1.0))


def test_a_path_extended_by_a_matrix_moves_its_points() -> None:
    path = Path().extend(Path().polygon(((0, 0), (1, 0), (0, 1))), (2.0, 0.0, 0.0, 3.0, 10.0, 20.0))
    assert path.bounds() == (10.0, 20.0, 12.0, 23.0)


def test_merged_outlines_cut_no_holes(canvas: Canvas) -> None:
    clockwise = ((10, 10), (40, 10), (40, 40), (10, 40))
    both = Path().extend(oriented(Path().polygon(clockwise))).extend(oriented(Path().polygon(clockwise[::-1])))
    canvas.begin()
    canvas.path(both, RED)
    assert canvas.end()[25, 25, 0] == 255
