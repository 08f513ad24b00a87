"""Words that are part of the picture: the opening title, titles in shots, The End, and the card of a failed shot."""

from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from storyforge.film import lettering
from storyforge.film.drawing import AMBER, CREAM, INK, Size, foot_margin, rounded, shadowed, side_margin, tinted
from storyforge.film.overlay import Overlay, prepare
from storyforge.film.picture import Frame

THE_END = {
    "cs": "Konec", "da": "Slut", "de": "Ende", "en": "The End", "es": "Fin", "fi": "Loppu", "fr": "Fin", "hu": "Vége",
    "it": "Fine", "nl": "Einde", "no": "Slutt", "pl": "Koniec", "pt": "Fim", "ru": "Конец", "sv": "Slut", "tr": "Son",
    "uk": "Кінець", "el": "Τέλος", "ja": "おわり", "zh": "完",
}  # fmt: skip
TRACKING = 0.012  # ems of air between the letters of display type
BASE = 0.76  # of the type size: from the top of a line to its base line


def unit(size: Size) -> float:
    """The measure that display type is set in: the picture's side, were it square, or its narrow width."""
    width, height = size
    return min(sqrt(width * height), width * 1.35)


@lru_cache(maxsize=4)
def opening(size: Size, title: str) -> tuple[Overlay, Overlay]:
    """The film's title over its first shot: a dusk that dims the picture, and the words with a rule below them."""
    drawing, ornament = Image.new("RGBA", size), round(unit(size) * 0.016)
    bottom = _block(drawing, title, round(unit(size) * 0.092), centre=round(size[1] * 0.46))
    _rule(drawing, bottom + 3 * ornament, ornament)
    return dusk(size), prepare(shadowed(drawing, unit(size) * 0.012, 1.3), 0, 0)


@lru_cache(maxsize=4)
def the_end(size: Size, language: str) -> Overlay:
    """The words that end a film, over a picture that goes to black."""
    drawing, ornament = Image.new("RGBA", size), round(unit(size) * 0.014)
    words = THE_END.get(language.lower().split("-")[0], THE_END["en"])
    bottom = _block(drawing, words, round(unit(size) * 0.08), centre=round(size[1] * 0.48))
    _rule(drawing, bottom + 3 * ornament, ornament)
    return prepare(drawing, 0, 0)


@lru_cache(maxsize=4)
def title(size: Size, text: str, place: str) -> Overlay:
    """A title in a shot: centre, lower (a third, on a plate with an amber edge) or top."""
    if place == "lower":
        return _lower_third(size, text)
    drawing = Image.new("RGBA", size)
    if place == "top":
        _block(drawing, text, round(unit(size) * 0.05), top=round(size[1] * 0.07))
    else:
        _block(drawing, text, round(unit(size) * 0.072), centre=round(size[1] * 0.46))
    return prepare(shadowed(shadowed(drawing, unit(size) * 0.016, 1.6), unit(size) * 0.003, 1.2), 0, 0)


@lru_cache(maxsize=4)
def roll(size: Size, text: str) -> Overlay:
    """Lines that rise through the picture, prepared to stand just below it; line breaks are kept."""
    type_px = round(unit(size) * 0.046)
    width, leading = size[0], round(type_px * 1.5)
    rows = [row for line in text.splitlines() for row in _broken(line, type_px, size) or [""]]
    drawing = Image.new("RGBA", (width, leading * len(rows) + type_px))
    for index, row in enumerate(rows):
        _spaced(drawing, row, type_px, leading * index + type_px, "Medium")
    return prepare(shadowed(shadowed(drawing, type_px * 0.3, 1.6), type_px * 0.06, 1.2), 0, size[1] + size[1] % 2)


@lru_cache(maxsize=4)
def dusk(size: Size) -> Overlay:
    """Ink over the whole picture, deepest where the title stands, so that any picture carries cream type."""
    width, height = size
    down, across = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)[None, :]
    far = np.sqrt(((down + 0.06) / 1.0) ** 2 + (across / 1.25) ** 2)
    cover: NDArray[np.float64] = 0.30 + 0.34 * np.exp(-((far / 0.72) ** 2))
    return prepare(tinted(Image.fromarray(np.rint(cover * 255).astype(np.uint8)), INK), 0, 0)


def failed(size: Size, id: str, why: str) -> Frame:  # noqa: A002
    """The picture that stands for a shot that could not be rendered: it says so, and which one."""
    card = Image.new("RGBA", size, (58, 54, 66, 255))
    draw = ImageDraw.Draw(card)
    step = max(16, size[1] // 12)
    for x in range(-size[1], size[0], 2 * step):
        stripe = [(x, size[1]), (x + step, size[1]), (x + step + size[1], 0), (x + size[1], 0)]
        draw.polygon(stripe, fill=(64, 60, 72, 255))
    bottom = _block(card, f"{id} is missing", round(unit(size) * 0.06), centre=round(size[1] * 0.42))
    rows = _broken(why, round(unit(size) * 0.032), size)[:4]
    for index, row in enumerate(rows):
        _spaced(card, row, round(unit(size) * 0.032), bottom + round(unit(size) * 0.05 * (index + 1)), "Medium")
    return np.array(card.convert("RGB"))


def _broken(text: str, type_px: int, size: Size, share: float = 0.8) -> list[str]:
    face = lettering.font_for(text, type_px)
    return lettering.lines(text, lambda row: lettering.width(face, row) * (1 + TRACKING), size[0] * share)


def _block(drawing: Image.Image, text: str, type_px: int, centre: int | None = None, top: int = 0) -> int:
    """Sets display lines, centred across; smaller when they would be more than three. The last base line."""
    size = drawing.size
    while len(rows := _broken(text, type_px, size)) > 3 and type_px > size[1] // 24:
        type_px = round(type_px * 0.9)
    leading = round(type_px * 1.14)
    if centre is not None:
        top = centre - leading * len(rows) // 2
    for index, row in enumerate(rows):
        _spaced(drawing, row, type_px, top + leading * index + round(type_px * BASE), "SemiBold")
    return top + leading * (len(rows) - 1) + round(type_px * BASE)


def _spaced(drawing: Image.Image, row: str, type_px: int, base: int, weight: lettering.Weight) -> None:
    """One centred line of tracked type: letters keep the face's kerning and get a little air."""
    face = lettering.font_for(row, type_px, weight)
    draw, air = ImageDraw.Draw(drawing), type_px * TRACKING
    x = (drawing.width - face.getlength(row) - air * (len(row) - 1)) / 2
    for index, letter in enumerate(row):
        pair = row[index : index + 2]
        draw.text((x, base), letter, font=face, fill=(*CREAM, 255), anchor="ls")
        x += face.getlength(pair) - (face.getlength(pair[1]) if pair[1:] else 0) + air


def _rule(drawing: Image.Image, y: int, radius: int) -> None:
    """An amber diamond between two hairlines that taper outward."""
    large = Image.new("L", (drawing.width, 4 * radius))
    middle, centre = 2 * radius, drawing.width // 2
    draw = ImageDraw.Draw(large)
    for side in (-1, 1):
        near, far = centre + side * 2 * radius, centre + side * 9 * radius
        draw.polygon([(near, middle - radius / 9), (near, middle + radius / 9), (far, middle)], fill=255)
    half = radius * 0.72
    tips = [(centre, middle - half), (centre + half, middle), (centre, middle + half), (centre - half, middle)]
    draw.polygon(tips, fill=255)
    drawing.alpha_composite(tinted(large, AMBER), (0, min(max(0, y - middle), drawing.height - large.height)))


def _lower_third(size: Size, text: str) -> Overlay:
    """A name or place at the lower left, above where captions stand."""
    type_px = round(unit(size) * 0.04)
    face = lettering.font_for(text, type_px, "SemiBold")
    rows = lettering.lines(text, lambda row: lettering.width(face, row), size[0] * 0.55)
    leading, pad = round(type_px * 1.25), round(type_px * 0.5)
    plate = (round(max(map(face.getlength, rows), default=0)) + 3 * pad, leading * len(rows) + pad)
    drawing = tinted(rounded(plate, pad * 0.4, 0.66), INK)
    drawing.paste((*AMBER, 255), (0, 0, max(3, pad // 4), plate[1]))
    draw = ImageDraw.Draw(drawing)
    for index, row in enumerate(rows):
        base = pad // 2 + leading * index + type_px * 0.92
        draw.text((pad * 1.5, base), row, font=face, fill=(*CREAM, 255), anchor="ls")
    foot = round(size[1] * 0.96) - foot_margin(size) - round(unit(size) * 0.14)
    return prepare(drawing, side_margin(size), foot - plate[1])
