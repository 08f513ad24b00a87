"""Draws a whole frame: sky, the place's layers, puppets and prop, weather, foreground, vignette.

In close shots the backdrop is drawn small, blurred and enlarged, as a lens would have it: faces stand out, and it costs
no more than drawing it sharp.
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.toon.art import backs, characters, props, sky, weather
from storyforge.backends.toon.art.layers import Frame
from storyforge.backends.toon.art.light import Light, light
from storyforge.backends.toon.art.palette import palette
from storyforge.backends.toon.art.places import Scenery, scenery
from storyforge.backends.toon.art.view import View
from storyforge.backends.toon.enlarge import bands, enlarged
from storyforge.backends.toon.raster import Canvas
from storyforge.backends.toon.shoulder import framed
from storyforge.backends.toon.state import Shoulder, StageState

Pixels = NDArray[np.uint8]

SHARP, BLURRED = 0.80, 1.05  # zooms between which the backdrop goes out of focus
SOFT = 1.55  # zoom from which it is drawn at a quarter of the size rather than at a third
LEAFY = frozenset({"meadow", "forest", "village", "lake", "mountain"})
GLOWING = frozenset({"meadow", "forest", "lake"})
NEAR_SHARE, NEAR_SOFT = 0.5, 0.003  # who is seen from behind: drawn at half the size, blurred by a share of its width
SHADE = 0.62
EDGE = (12, 14, 38)  # the vignette's colour


def draw(canvas: Canvas, state: StageState) -> Pixels:
    """One frame of the film, uint8 [H, W, 3]."""
    camera, where = state.camera, state.place
    view = View(canvas.width, canvas.height, camera.x, camera.y, camera.zoom, camera.angle)
    colours = palette(where.name, state.time, state.weather, where.tint)
    place, lit = scenery(where.name, where.layout), light(state)
    frame = Frame(canvas, view, colours, state.t, weather.wind(colours), seed=state.seed)
    haze = (view.zoom - SHARP) / (BLURRED - SHARP)
    if haze >= 1.0:
        canvas.begin(_blurred(frame, place))
    else:
        canvas.begin(sky.gradient(view, colours))
        _backdrop(frame, place)
        if haze > 0.0:
            canvas.picture(_blurred(frame, place), opacity=haze * haze * (3 - 2 * haze))
    _cast(frame, state, lit)
    if state.shoulder is not None:
        canvas.picture(_behind(frame, state.shoulder, lit), opacity=state.shoulder.opacity)
    _before(frame, place)
    return canvas.end()


def _backdrop(frame: Frame, place: Scenery) -> None:
    """Everything behind the characters."""
    sky.bodies(frame, place.layout)
    sky.clouds(frame, place.layout)
    weather.lightning(frame)
    outside = len(place.back) if place.indoors is None else place.indoors
    for i, layer in enumerate(place.back):
        if i == outside:
            _outside(frame)
        layer.draw(frame)
        if i == outside // 2 and place.indoors is None:
            weather.fog(frame, 0.35, 0.55)
    if place.indoors is None:
        weather.rain(frame, near=False)
        weather.snow(frame, near=False)
        weather.splashes(frame)
        weather.fog(frame, 0.7, 0.5)
        if place.place in GLOWING:
            weather.fireflies(frame)


def _outside(frame: Frame) -> None:
    """The weather beyond a window."""
    weather.fog(frame, 0.3, 0.8)
    for near in (False, True):
        weather.rain(frame, near)
        weather.snow(frame, near)


def _cast(frame: Frame, state: StageState, lit: Light) -> None:
    """Shadows, puppets from back to front, the prop that nobody holds."""
    canvas = frame.canvas
    with canvas.group(frame.view.matrix(1.0)):
        for puppet in state.puppets:
            characters.shadow(canvas, puppet, lit)
        loose = state.prop if state.prop is not None and state.prop.holder is None else None
        if loose is not None:
            props.shadow(canvas, loose, lit)
        drawn = loose is None
        for puppet in state.puppets:
            if loose is not None and not drawn and puppet.depth < loose.depth:
                props.draw(canvas, loose, lit)
                drawn = True
            characters.draw(canvas, puppet, lit)
        if loose is not None and not drawn:
            props.draw(canvas, loose, lit)
        for prop in (loose, *(puppet.held for puppet in state.puppets)):
            if prop is not None:
                props.glow(canvas, prop, 0.35 + 0.65 * max(frame.palette.glow, lit.night))


def _behind(frame: Frame, shoulder: Shoulder, lit: Light) -> Pixels:
    """Who is seen from behind at the frame's edge: near, in shade, a little out of focus; RGBA pixels [H, W, 4]."""
    from PIL import Image, ImageFilter

    width, height = frame.view.width, frame.view.height
    small = _small(max(round(width * NEAR_SHARE), 1), max(round(height * NEAR_SHARE), 1))
    small.begin()
    scale, x, y = framed(shoulder, small.width, small.height)
    one = replace(shoulder.puppet, x=0.0, y=0.0, size=1.0)
    with small.group((scale, 0.0, 0.0, -scale, x, y)):
        backs.draw(small, one, shaded(lit))
    picture = Image.frombuffer("RGBA", (small.width, small.height), small.pixels().tobytes(), "raw", "RGBA", 0, 1)
    soft = picture.filter(ImageFilter.GaussianBlur(NEAR_SOFT * small.width))
    pixels = np.asarray(soft.resize((width, height), Image.Resampling.BILINEAR))
    return np.asarray(np.minimum(pixels, pixels[:, :, 3:]))  # premultiplied: else a bright edge wraps round to dark


def shaded(lit: Light) -> Light:
    """The light on who stands before the lens, with his back to it."""
    red, green, blue = lit.multiply
    return replace(lit, multiply=(SHADE * red, SHADE * green, (SHADE + 0.04) * blue))


def _before(frame: Frame, place: Scenery) -> None:
    """Weather and foreground before the characters, and the darker edges of the picture."""
    for layer in place.front:
        layer.draw(frame)
    if place.indoors is None:
        weather.fog(frame, 1.2, 0.28)
        weather.rain(frame)
        weather.snow(frame)
        if place.place in LEAFY:
            weather.leaves(frame)
        weather.shine(frame)
    frame.canvas.picture(_vignette(frame.view.width, frame.view.height))


@lru_cache(maxsize=2)
def _vignette(width: int, height: int) -> Pixels:
    """Premultiplied RGBA pixels, transparent in the middle, a little dark in the corners."""
    x = np.arange(width, dtype=np.float32)[None]
    noise = np.random.Generator(np.random.Philox(11)).random((height, width, 1), np.float32)
    out = np.empty((height, width, 4), np.uint8)
    for rows in bands(height):
        y = np.arange(rows.start, rows.stop, dtype=np.float32)[:, None]
        u, v = 2 * (x + 0.5) / width - 1, 2 * (y + 0.5) / height - 1
        alpha = 0.20 * np.clip((u**2 * 0.9 + v**2 * 0.75) - 0.55, 0.0, 1.0) ** 1.3
        rgba = np.stack([*(alpha * c for c in EDGE), alpha * 255], axis=2)
        out[rows] = np.floor(rgba + noise[rows] * (alpha > 0)[..., None])
    return out


@lru_cache(maxsize=3)
def _small(width: int, height: int) -> Canvas:
    return Canvas(width, height)


def _blurred(frame: Frame, place: Scenery) -> Pixels:
    """The backdrop out of focus: RGBA pixels [H, W, 4]."""
    from PIL import Image, ImageFilter

    zoom, full = frame.view.zoom, frame.view
    times = 3 if zoom < SOFT else 4
    view = full.shrunk(times)
    small = _small(view.width, view.height)
    small.begin(sky.gradient(view, frame.palette))
    soft = Frame(small, view, frame.palette, frame.t, frame.wind, seed=frame.seed)
    _backdrop(soft, place)
    amount = min((zoom - SHARP) / 1.4, 1.0)
    small.rect(0, 0, view.width, view.height, (*frame.palette.haze, 0.16 * amount))
    radius = full.unit / 1280 * (0.8 + 8.0 * amount) / times
    size = (view.width, view.height)
    picture = Image.frombuffer("RGBX", size, small.pixels().tobytes(), "raw", "RGBX", 0, 1)
    blur = ImageFilter.BoxBlur(radius) if zoom < SOFT else ImageFilter.GaussianBlur(radius)
    return enlarged(np.asarray(picture.filter(blur)), times)[: full.height, : full.width]
