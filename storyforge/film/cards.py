"""Words that are part of the picture: the opening title, titles in shots, The End, and the card of a failed shot."""

from functools import lru_cache
from math import sqrt

import numpy as np
from PIL import Image, ImageDraw

from storyforge.film import lettering
from storyforge.film.drawing import AMBER, CREAM, INK, PLATE, Size, foot_margin, rounded, shadowed, side_margin, tinted
from storyforge.film.lettering import FINER, Colour
from storyforge.film.overlay import Overlay, prepare
from storyforge.film.picture import Frame
from storyforge.film.typefaces import Weight

THE_END = {
    "cs": "Konec", "da": "Slut", "de": "Ende", "en": "The End", "es": "Fin", "fi": "Loppu", "fr": "Fin", "hu": "Vége",
    "it": "Fine", "nb": "Slutt", "nl": "Einde", "nn": "Slutt", "no": "Slutt",
    "pl": "Koniec", "pt": "Fim", "ru": "Конец", "sv": "Slut", "tr": "Son",
    "uk": "Кінець", "el": "Τέλος", "ja": "おわり", "zh": "完", "ko": "끝",
    "ar": "النهاية", "he": "סוף", "hi": "समाप्त", "th": "จบ", "vi": "Hết", "ro": "Sfârșit", "bg": "Край", "sr": "Крај",
}  # fmt: skip
DUSK = 0.56  # how dark a picture is behind a title in its midst
DIM = 0.5  # of its light that a picture keeps below the words that say it could not be made
LIGHT = 0.3  # of white's light: from where a card carries dark words better than cream ones
OCHRE: Colour = (158, 98, 34)  # what amber is on a light card
SEMIBOLD: Weight = "SemiBold"
MEDIUM: Weight = "Medium"
TRACKING = 0.012  # ems of air between the letters of display type
BAND = 10  # lines of a roll that are drawn at once: all of a long one would take gigabytes
BASE = 0.76  # of the type size: from the top of a line to its base line


def unit(size: Size) -> float:
    """The measure that display type is set in: the picture's side, were it square, or its narrow width."""
    width, height = size
    return min(sqrt(width * height), width * 1.35)


@lru_cache(maxsize=4)
def opening(size: Size, texts: tuple[str, ...], language: str = "en", over: Colour | None = None) -> Overlay:
    """The film's title and a rule below it: over a card in its middle, over a picture above, since people stand below.

    texts: the title, then what stands below it, smaller. over: the colour of a plain card; None: a picture.
    """
    drawing, ornament = Image.new("RGBA", size), round(unit(size) * 0.016)
    centre = round(size[1] * (0.36 if over is None else 0.44))
    bottom = _block(drawing, texts, round(unit(size) * 0.092), language, centre, letters_on(over))
    _rule(drawing, bottom + 3 * ornament, ornament, AMBER if letters_on(over) == CREAM else OCHRE)
    return prepare(drawing if over else shadowed(drawing, unit(size) * 0.01, 1.0), 0, 0)


def end_words(language: str) -> str:
    """The words that end a film in a language; in English where no face here has their letters."""
    words = THE_END.get(language.lower().replace("_", "-").split("-")[0], THE_END["en"])
    return THE_END["en"] if lettering.unprintable(words, language) else words


@lru_cache(maxsize=4)
def the_end(size: Size, words: str, language: str) -> Overlay:
    """The words that end a film, over a picture that goes to black."""
    drawing, ornament = Image.new("RGBA", size), round(unit(size) * 0.014)
    bottom = _block(drawing, (words,), round(unit(size) * 0.08), language, round(size[1] * 0.47))
    _rule(drawing, bottom + 3 * ornament, ornament, AMBER)
    return prepare(shadowed(drawing, unit(size) * 0.01, 1.0), 0, 0)


@lru_cache(maxsize=8)
def title(
    size: Size,
    texts: tuple[str, ...],
    place: str,
    language: str = "en",
    over: Colour | None = None,
    raised: bool = True,
) -> Overlay:
    """A title in a shot: centre (over dusk), top (on a plate) or lower (a plate with an amber edge, at the left).

    texts: the first one large, the others below it. raised: lower stands above where captions do.
    """
    if place == "centre":
        drawing = Image.new("RGBA", size)
        _block(drawing, texts, round(unit(size) * 0.078), language, round(size[1] * 0.46), letters_on(over))
        return prepare(drawing if over else shadowed(drawing, unit(size) * 0.01, 1.0), 0, 0)
    drawing = _plated(size, texts, round(unit(size) * 0.042), language, edge=place == "lower")
    if place == "top":
        return prepare(drawing, (size[0] - drawing.width) // 2, round(size[1] * 0.06))
    foot = size[1] - foot_margin(size)
    if raised:
        foot -= round(size[1] * 0.04) + round(unit(size) * 0.14)
    return prepare(drawing, side_margin(size), foot - drawing.height)


@lru_cache(maxsize=4)
def roll_rows(size: Size, text: str, language: str = "en") -> tuple[str, ...]:
    """The lines of a roll, to its last word; line breaks are kept."""
    type_px = _roll_type(size)[0]
    return tuple(row for line in text.rstrip().splitlines() for row in _broken(line, type_px, size, language) or [""])


def roll_bands(size: Size, rows: int) -> list[tuple[int, int]]:
    """Pixels [top, bottom) of the bands that a roll of so many rows is drawn in; even, for the sake of chroma."""
    type_px, leading = _roll_type(size)
    step, height = BAND * leading + BAND * leading % 2, leading * rows + type_px
    return [(top, min(top + step, height)) for top in range(0, max(1, leading * rows), step)]


@lru_cache(maxsize=8)
def roll(
    size: Size, text: str, language: str = "en", over: Colour | None = None, band: tuple[int, int] | None = None
) -> Overlay:
    """Lines that rise through the picture, over dusk, prepared to stand just below it; or only one band of them."""
    type_px, leading = _roll_type(size)
    rows = roll_rows(size, text, language)
    top, bottom = band or (0, leading * len(rows) + type_px)
    above = min(top, 2 * leading)  # rows beside a band reach into it, and so do their shadows
    drawing = Image.new("RGBA", (size[0], bottom - top + above + (2 * leading if band else 0)))
    for index, row in enumerate(rows):
        base = leading * index + type_px - top + above
        if -type_px < base < drawing.height + 2 * type_px:
            _spaced(drawing, row, type_px, base, "Medium", language, letters_on(over))
    drawing = drawing if over else shadowed(drawing, type_px * 0.2, 1.0)
    return prepare(drawing.crop((0, above, size[0], above + bottom - top)), 0, size[1] + top)


def _roll_type(size: Size) -> tuple[int, int]:
    """A roll's type size, and from one line to the next."""
    type_px = round(unit(size) * 0.046)
    return type_px, round(type_px * 1.5)


def letters_on(card: Colour | None) -> Colour:
    """The colour of words: dark on a card too light for cream."""
    if card is None:
        return CREAM
    red, green, blue = ((level / 255) ** 2.2 for level in card)
    return INK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > LIGHT else CREAM


@lru_cache(maxsize=4)
def dusk(size: Size) -> Overlay:
    """Ink over the whole picture, even as its flat colours are, so that any picture carries cream type."""
    return prepare(Image.new("RGBA", size, (*INK, round(255 * DUSK))), 0, 0)


def failed(size: Size, id: str, why: str, held: Frame | None = None) -> Frame:  # noqa: A002
    """The picture that stands for a shot that could not be rendered: it says so, which one, and why.

    held: a picture of that shot, which is shown dimmed below the words; a card without it.
    """
    if held is not None:
        return _labelled(Image.fromarray(held), id, why)
    card = Image.new("RGBA", size, (58, 54, 66, 255))
    draw = ImageDraw.Draw(card)
    step = max(16, size[1] // 12)
    for x in range(-size[1], size[0], 2 * step):
        stripe = [(x, size[1]), (x + step, size[1]), (x + step + size[1], 0), (x + size[1], 0)]
        draw.polygon(stripe, fill=(64, 60, 72, 255))
    bottom = _block(card, (f"{id} is missing",), round(unit(size) * 0.06), "en", round(size[1] * 0.42))
    type_px = round(unit(size) * 0.032)
    for index, row in enumerate(_few(why, type_px, size, 4)):
        _spaced(card, row, type_px, bottom + round(unit(size) * (0.066 + 0.046 * index)), "Medium", "en")
    return np.array(card.convert("RGB"))


def _labelled(held: Image.Image, id: str, why: str) -> Frame:  # noqa: A002
    """A picture that is plainly none of the film's: grey and dark, below a band of words where few titles stand."""
    size, step = held.size, unit(held.size)
    words, large, small = Image.new("RGBA", size), round(step * 0.046), round(step * 0.03)
    rows = _few(why, small, size, 4)
    middle = round(size[1] * 0.06 + large * 0.57)
    bottom = _block(words, (f"{id} could not be made",), large, "en", middle)
    for index, row in enumerate(rows):
        _spaced(words, row, small, bottom + round(step * (0.05 + 0.04 * index)), "Medium", "en")
    box, pad, edge = words.getbbox() or (0, 0, *size), round(step * 0.022), max(2, round(step * 0.008))
    grey = Image.blend(held.convert("L").convert("RGB"), held, 0.2)
    card = grey.point([round(level * DIM) for level in range(256)] * 3).convert("RGBA")
    band = Image.new("RGBA", (size[0], box[3] - box[1] + 2 * (pad + edge)), (*INK, round(255 * PLATE)))
    _hatch(band, edge)
    card.alpha_composite(band, (0, max(0, box[1] - pad - edge)))
    return np.array(Image.alpha_composite(card, words).convert("RGB"))


def _hatch(band: Image.Image, edge: int) -> None:
    """Slanted amber dashes along both edges, as on tape that shuts something off."""
    draw, step = ImageDraw.Draw(band), 4 * edge
    for top in (0, band.height - edge):
        draw.rectangle((0, top, band.width, top + edge - 1), fill=(*INK, 255))
        for x in range(-step, band.width, step):
            dash = [(x, top + edge - 1), (x + edge, top), (x + 3 * edge, top), (x + 2 * edge, top + edge - 1)]
            draw.polygon(dash, fill=(*AMBER, 255))


def _few(text: str, type_px: int, size: Size, most: int) -> list[str]:
    """The text in at most so many lines; what is left out is marked."""
    rows = _broken(text, type_px, size, "en")
    return rows if len(rows) <= most else [*rows[: most - 1], f"{rows[most - 1].rstrip(' ,;:.')} …"]


def _broken(text: str, type_px: int, size: Size, language: str, share: float = 0.8) -> list[str]:
    """The text in lines, its own line breaks kept."""
    face = lettering.face(text, type_px, "SemiBold", TRACKING, language=language)
    return [row for line in text.splitlines() for row in lettering.lines(line, face.length, size[0] * share)]


def _block(
    drawing: Image.Image, texts: tuple[str, ...], type_px: int, language: str, centre: int, colour: Colour = CREAM
) -> int:
    """Sets display lines, centred across; smaller when they would be more than three. The last base line.

    What comes after the first text stands below it, half as large.
    """
    size, breaks = drawing.size, texts[0].count("\n")
    while len(_broken(texts[0], type_px, size, language)) > 3 + breaks and type_px > min(size) // 24:
        type_px = round(type_px * 0.9)
    small = round(type_px * 0.5)
    rows = [(row, type_px) for row in _broken(texts[0], type_px, size, language)]
    rows += [(row, small) for text in texts[1:] for row in _broken(text, small, size, language)]
    leadings = [round(px * (1.14 if px == type_px else 1.5)) for _, px in rows]
    base = top = centre - sum(leadings) // 2
    for (row, px), leading in zip(rows, leadings, strict=True):
        base = top + leading - round(px * (1.14 - BASE))
        _spaced(drawing, row, px, base, "SemiBold" if px == type_px else "Medium", language, colour)
        top += leading
    return base


def _spaced(
    drawing: Image.Image, row: str, type_px: int, base: int, weight: Weight, language: str, colour: Colour = CREAM
) -> None:
    """One centred line of tracked type."""
    face = lettering.face(row, type_px, weight, TRACKING, language=language)
    face.write(drawing, (drawing.width - face.length(row)) / 2, base, row, colour)


def _rule(drawing: Image.Image, y: int, radius: int, colour: Colour) -> None:
    """A diamond between two hairlines that taper outward."""
    reach, fine = 10 * radius, radius * FINER
    large = Image.new("L", (2 * reach * FINER, 2 * radius * FINER))
    draw, across = ImageDraw.Draw(large), reach * FINER
    for side in (-1, 1):
        near, far = across + side * 2 * fine, across + side * 9 * fine
        draw.polygon([(near, fine * 0.9), (near, fine * 1.1), (far, fine)], fill=255)
    half = fine * 0.66
    draw.polygon([(across, fine - half), (across + half, fine), (across, fine + half), (across - half, fine)], fill=255)
    cover = large.resize((2 * reach, 2 * radius), Image.Resampling.BOX)
    at = (max(0, drawing.width // 2 - reach), min(max(0, y - radius), drawing.height - cover.height))
    drawing.alpha_composite(tinted(cover, colour), at)


def _plated(size: Size, texts: tuple[str, ...], type_px: int, language: str, edge: bool) -> Image.Image:
    """Lines on a plate like a caption's, those after the first text smaller; `edge`: amber, at the left."""
    rows: list[tuple[str, lettering.Face]] = []
    for index, text in enumerate(texts):
        px, weight = (type_px, SEMIBOLD) if not index else (round(type_px * 0.78), MEDIUM)
        face = lettering.face(text, px, weight, language=language)
        found = (row for line in text.splitlines() for row in lettering.lines(line, face.length, size[0] * 0.6))
        rows += [(row, face) for row in found]
    pad, leadings = round(type_px * 0.5), [round(face.size * 1.25) for _, face in rows]
    widest = max((face.length(row) for row, face in rows), default=0.0)
    plate = (round(widest) + 3 * pad, sum(leadings) + pad)
    drawing = tinted(rounded(plate, type_px * 0.3, PLATE), INK)
    if edge:
        bar = max(3, pad // 4)
        drawing.paste((0, 0, 0, 0), (0, 0, 2 * bar, plate[1]))
        drawing.paste((*INK, round(255 * PLATE)), (bar, 0, 2 * bar, plate[1]))
        drawing.paste((*AMBER, 255), (0, 0, bar, plate[1]))
    top = pad // 2
    for (row, face), leading in zip(rows, leadings, strict=True):
        x = pad * 1.5 if edge else (plate[0] - face.length(row)) / 2
        face.write(drawing, x, top + face.size * 0.92, row, CREAM)
        top += leading
    return drawing
