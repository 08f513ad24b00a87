"""Every place, light and weather draws; nothing is left unpainted; motion is smooth and the same each time."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from storyforge.backends.toon import stage
from storyforge.backends.toon.art import layers, sky, weather
from storyforge.backends.toon.art.layers import STEEP, USUAL, Sketch
from storyforge.backends.toon.art.light import light
from storyforge.backends.toon.art.places import scenery
from storyforge.backends.toon.art.places.ground import GROUND_DEPTH
from storyforge.backends.toon.art.view import HORIZON, TALL, View
from storyforge.backends.toon.raster import Canvas
from storyforge.backends.toon.rig import PLACES, TIMES, WEATHERS, ZOOMS
from storyforge.backends.toon.state import Camera, Place, StageState

pytestmark = pytest.mark.slow

Pixels = NDArray[np.uint8]
LAYOUT = (0.3, 0.7, 0.5, 0.4, 0.6, 0.5)
MAGENTA = (255, 0, 255)
CAMERAS = [
    (0.0, 0.0, 0.0, 0.0), (0.0, 0.0, -0.4, 0.0), (0.2, 0.4, 0.0, 0.0), (-4.0, 0.0, -0.4, 1.0), (4.0, -0.1, 0.6, -1.0),
    (0.1, -0.12, 1.3, 0.0), (0.0, 0.05, 2.7, 0.0), (0.0, 0.4, -0.4, -1.0),
]  # fmt: skip


def state(
    place: str,
    time: str = "day",
    air: str = "clear",
    camera: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0),
    t: float = 2.0,
    layout: tuple[float, ...] = LAYOUT,
) -> StageState:
    times = tuple(float(name == time) for name in TIMES)
    airs = tuple(float(name == air) for name in WEATHERS)
    where = Place(place, layout, (0.0, 0.0, 0.0))
    return StageState(t, where, times, airs, Camera(*camera), (), None)


def draw(size: tuple[int, int], shown: StageState) -> Pixels:
    return stage.draw(Canvas(*size), shown)


@pytest.mark.parametrize("place", PLACES)
def test_every_hour_draws_and_looks_different(place: str) -> None:
    frames = [draw((192, 108), state(place, time)).astype(int) for time in TIMES]
    for i, one in enumerate(frames):
        assert one.shape == (108, 192, 3)
        assert one.std() > 10
        for other in frames[i + 1 :]:
            assert np.abs(one - other).mean() > 4


@pytest.mark.parametrize("air", WEATHERS)
def test_every_weather_draws_in_every_place(air: str) -> None:
    clear = {place: draw((160, 90), state(place)).astype(int) for place in PLACES}
    for place in PLACES:
        frame = draw((160, 90), state(place, air=air)).astype(int)
        assert air == "clear" or np.abs(frame - clear[place]).mean() > 1


@pytest.fixture
def no_sky(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sky in magenta, so that what is not painted shows."""

    def magenta(view: View, palette: object) -> Pixels:
        return np.full((view.height, 1, 4), (*MAGENTA, 255), np.uint8)

    monkeypatch.setattr(sky, "gradient", magenta)
    monkeypatch.setattr(sky, "bodies", lambda *_: None)
    monkeypatch.setattr(sky, "clouds", lambda *_: None)


@pytest.mark.usefixtures("no_sky")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("size", [(160, 90), (72, 128), (192, 80), (100, 100)])
def test_the_ground_has_no_holes(place: str, size: tuple[int, int]) -> None:
    for camera in CAMERAS:
        frame = draw(size, state(place, camera=camera)).astype(int)
        matrix = View(*size, *camera).matrix(GROUND_DEPTH)
        top = max(0, int(matrix[5] + matrix[3] * (HORIZON - 0.045)) + 2)
        bare = (frame[top:, :, 0] > 200) & (frame[top:, :, 1] < 60) & (frame[top:, :, 2] > 200)
        assert not bare.any(), (place, size, camera)


@pytest.mark.usefixtures("no_sky")
@pytest.mark.parametrize(("place", "seen"), [("room", 0.16), ("cave", 0.30)])
def test_walls_leave_only_their_opening(place: str, seen: float) -> None:
    for camera in CAMERAS[:4]:
        frame = draw((160, 90), state(place, camera=camera)).astype(int)
        bare = (frame[..., 0] > 200) & (frame[..., 1] < 60) & (frame[..., 2] > 200)
        assert bare.mean() < seen


@pytest.mark.parametrize("place", PLACES)
def test_the_same_state_gives_the_same_frame_whatever_was_drawn_before(place: str) -> None:
    canvas, wanted = Canvas(160, 90), state(place, "evening", "storm", (0.1, 0.0, 0.3, 0.0), 5.3)
    first = stage.draw(canvas, wanted)
    stage.draw(canvas, state("meadow", "night", camera=(2.0, 0.3, 1.5, 0.0)))
    stage.draw(canvas, state(place, "day", camera=(-3.0, 0.0, -0.4, 0.0), t=90.0))
    assert (stage.draw(canvas, wanted) == first).all()
    assert (draw((160, 90), wanted) == first).all()


@pytest.mark.parametrize("place", PLACES)
def test_a_layout_is_one_arrangement(place: str) -> None:
    one, other = (scenery(place, tuple(v + d for v in LAYOUT)) for d in (0.0, 1e-5))
    assert one is other
    different = draw((160, 90), state(place, layout=(0.8, 0.2, 0.9, 0.9, 0.1, 0.5))).astype(int)
    assert np.abs(different - draw((160, 90), state(place))).mean() > 1


@pytest.mark.parametrize("place", PLACES)
def test_looking_up_rearranges_nothing(place: str) -> None:
    """A chunk drawn taller for steep cameras falls on the same dice."""
    made = scenery(place, LAYOUT)
    for layer in (*made.back, *made.front):
        rests = []
        for reach in (USUAL, STEEP):
            dice = layers.Dice(*layer.seed, 0)
            layer.build(Sketch(reach), dice, 0.0)
            rests.append(dice())
        assert rests[0] == rests[1]


@pytest.mark.parametrize("zoom", [0.0, 1.3, 2.1])
def test_panning_by_parts_of_a_pixel_moves_every_time(zoom: float) -> None:
    step = 0.25 / View(320, 180).unit
    frames = [draw((320, 180), state("city", camera=(i * step, 0.0, zoom, 0.0))).astype(int) for i in range(9)]
    moved = [np.abs(b - a).mean() for a, b in pairwise(frames)]
    assert min(moved) > 0
    assert max(moved) < 3.0 * min(moved)


def test_far_things_move_less_than_near_ones() -> None:
    still, moved = View(1280, 720), View(1280, 720, x=0.1)
    shifts = [still.matrix(depth)[4] - moved.matrix(depth)[4] for depth in (0.05, 0.3, 0.62, 1.0, 1.3)]
    assert shifts == sorted(shifts)
    assert shifts[3] == pytest.approx(128.0)


@pytest.mark.parametrize("size", [(1280, 720), (405, 720), (1280, 536), (720, 720)])
def test_every_aspect_shows_the_same_area(size: tuple[int, int]) -> None:
    unit = View(*size).unit
    assert size[0] * size[1] / unit**2 == pytest.approx(TALL, rel=0.01)


def test_close_shots_have_a_soft_backdrop_and_go_soft_gradually() -> None:
    def sharpness(zoom: float) -> float:
        frame = draw((640, 360), state("village", camera=(0.0, 0.02, zoom, 0.0))).astype(float)[:180]
        return float(np.abs(np.diff(frame, axis=1)).max())

    assert sharpness(ZOOMS["full"]) > 100 > 2 * sharpness(ZOOMS["close"])
    frames = [
        draw((320, 180), state("village", camera=(0.0, 0.0, zoom, 0.0))).astype(int)
        for zoom in np.arange(0.76, 1.10, 0.01)
    ]
    moved = [np.abs(b - a).mean() for a, b in pairwise(frames)]
    assert max(moved) < 2.0 * float(np.median(moved))


def test_weather_moves_and_is_a_function_of_time() -> None:
    for air in ("rain", "snow", "fog"):
        a, b = (draw((320, 180), state("meadow", air=air, t=t)) for t in (3.0, 3.1))
        assert (a != b).any()


def test_lightning_is_rare_enough_for_tired_eyes() -> None:
    bright = np.array([weather.flash(t) for t in np.arange(0, 120, 1 / 24)])
    starts = np.flatnonzero((bright[1:] > 0.3) & (bright[:-1] <= 0.3))
    assert 15 < len(starts) < 80
    for start in starts:
        assert ((starts >= start) & (starts < start + 24)).sum() <= 2
    assert bright.max() <= 1.0


def test_a_long_walk_keeps_few_chunks() -> None:
    canvas = Canvas(96, 54)
    for i in range(60):
        stage.draw(canvas, state("forest", camera=(0.8 * i, 0.0, 0.0, 0.0)))
    assert max(len(layer.chunks) for layer in scenery("forest", LAYOUT).back) <= layers.CHUNKS


def test_characters_are_lit_by_the_hour() -> None:
    day, night = (light(state("meadow", time)) for time in ("day", "night"))
    white = (1.0, 1.0, 1.0)
    assert day(white) == pytest.approx(white, abs=0.02)
    assert 0.5 < night(white)[0] < night(white)[2] < 1.0
    assert night.night == 1.0
    assert len(day((0.5, 0.5, 0.5, 0.3))) == 4
