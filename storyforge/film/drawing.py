"""Captions as drawings: cream type on a soft dark plate, readable over anything and inside the safe margins."""

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

from storyforge.film import lettering
from storyforge.film.captions import type_size
from storyforge.film.lettering import FINER, Colour
from storyforge.film.overlay import Overlay, prepare

Size = tuple[int, int]
CREAM: Colour = (255, 250, 240)
AMBER: Colour = (255, 204, 128)
INK: Colour = (22, 18, 30)
PLATE = 0.66  # how much of the picture the plate hides; against white 0.5 would do, snow and skies ask for more
SAFE = 0.05  # the title-safe margin of a side
MEASURE = 22  # ems of the longest line: 42 letters or a few more


def side_margin(size: Size) -> int:
    """Pixels that words keep from the left and right edges."""
    return round(size[0] * SAFE)


def foot_margin(size: Size) -> int:
    """Pixels that words keep from the bottom: more in an upright picture, where players put their buttons."""
    width, height = size
    return round(height * (0.13 if height > width else 0.06))


def rounded(size: Size, radius: float, opacity: float) -> Image.Image:
    """A plate's coverage: a rectangle with round corners and smooth edges."""
    width, height = size
    large = Image.new("L", (width * FINER, height * FINER))
    box = (0, 0, width * FINER - 1, height * FINER - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, radius * FINER, fill=round(255 * opacity))
    return large.resize(size, Image.Resampling.BOX)


def tinted(cover: Image.Image, colour: Colour) -> Image.Image:
    """A coverage as a drawing of one colour."""
    drawing = Image.new("RGBA", cover.size, (*colour, 0))
    drawing.putalpha(cover)
    return drawing


def shadowed(drawing: Image.Image, blur: float, strength: float, colour: Colour = INK) -> Image.Image:
    """The drawing over its own soft shadow; strength above 1 makes the shadow's core solid."""
    soft = drawing.getchannel("A").filter(ImageFilter.GaussianBlur(blur))
    soft = soft.point([min(255, round(level * strength)) for level in range(256)])
    return Image.alpha_composite(tinted(soft, colour), drawing)


@lru_cache(maxsize=8)
def caption_overlay(size: Size, text: str, who: str | None = None, language: str = "en") -> Overlay:
    """One caption at the foot of a picture: the speaker's name in amber small capitals, then the words, centred."""
    type_px = type_size(size)
    face, name = lettering.face(text, type_px, language=language), who or ""
    name_face = lettering.face(name, type_px, "SemiBold", features=("smcp", "lnum"), language=language)
    taken = name_face.length(name) + 0.45 * type_px if name else 0.0
    pad_x, pad_y, leading = round(0.62 * type_px), round(0.34 * type_px), round(1.28 * type_px)
    room = min(size[0] - 2 * side_margin(size) - 2 * pad_x, MEASURE * type_px)
    rows = lettering.lines(text, face.length, room, taken)
    lengths = [face.length(row) + (0 if index else taken) for index, row in enumerate(rows)]
    plate = (round(max(lengths)) + 2 * pad_x, leading * len(rows) + 2 * pad_y)
    drawing = tinted(rounded(plate, 0.36 * type_px, PLATE), INK)
    for index, (row, length) in enumerate(zip(rows, lengths, strict=True)):
        x, base = (plate[0] - length) / 2, pad_y + leading * index + 0.93 * type_px
        if name and not index:
            name_face.write(drawing, x, base, name, AMBER)
            x += taken
        face.write(drawing, x, base, row, CREAM)
    return prepare(drawing, (size[0] - plate[0]) // 2, size[1] - foot_margin(size) - plate[1])
