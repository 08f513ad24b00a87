"""Words that are part of the picture: the opening title, titles in shots, The End, and the card of a failed shot."""

from functools import lru_cache
from math import sqrt

import numpy as np
from PIL import Image, ImageDraw

from storyforge.film import lettering
from storyforge.film.drawing import AMBER, CREAM, INK, PLATE, Size, foot_margin, rounded, shadowed, side_margin, tinted
from storyforge.film.lettering import FINER
from storyforge.film.overlay import Overlay, prepare
from storyforge.film.picture import Frame

THE_END = {
    "cs": "Konec", "da": "Slut", "de": "Ende", "en": "The End", "es": "Fin", "fi": "Loppu", "fr": "Fin", "hu": "Vége",
    "it": "Fine", "nl": "Einde", "no": "Slutt", "pl": "Koniec", "pt": "Fim", "ru": "Конец", "sv": "Slut", "tr": "Son",
    "uk": "Кінець", "el": "Τέλος", "ja": "おわり", "zh": "完",
}  # fmt: skip
DUSK = 0.5  # how dark a picture is behind a title in its midst
TRACKING = 0.012  # ems of air between the letters of display type
BASE = 0.76  # of the type size: from the top of a line to its base line


def unit(size: Size) -> float:
    """The measure that display type is set in: the picture's side, were it square, or its narrow width."""
    width, height = size
    return min(sqrt(width * height), width * 1.35)


@lru_cache(maxsize=4)
def opening(size: Size, title: str) -> Overlay:
    """The film's title and a rule below it, in the upper part of the picture: its people stand in the lower."""
    drawing, ornament = Image.new("RGBA", size), round(unit(size) * 0.016)
    bottom = _block(drawing, title, round(unit(size) * 0.092), centre=round(size[1] * 0.36))
    _rule(drawing, bottom + 3 * ornament, ornament)
    return prepare(shadowed(drawing, unit(size) * 0.01, 1.0), 0, 0)


@lru_cache(maxsize=4)
def the_end(size: Size, language: str) -> Overlay:
    """The words that end a film, over a picture that goes to black."""
    drawing, ornament = Image.new("RGBA", size), round(unit(size) * 0.014)
    words = THE_END.get(language.lower().split("-")[0], THE_END["en"])
    bottom = _block(drawing, words, round(unit(size) * 0.08), centre=round(size[1] * 0.47))
    _rule(drawing, bottom + 3 * ornament, ornament)
    return prepare(drawing, 0, 0)


@lru_cache(maxsize=4)
def title(size: Size, text: str, place: str) -> Overlay:
    """A title in a shot: centre (over dusk), top (on a plate) or lower (a plate with an amber edge, at the left)."""
    if place == "centre":
        drawing = Image.new("RGBA", size)
        _block(drawing, text, round(unit(size) * 0.078), centre=round(size[1] * 0.46))
        return prepare(shadowed(drawing, unit(size) * 0.01, 1.0), 0, 0)
    drawing = _plated(size, text, round(unit(size) * 0.042), edge=place == "lower")
    if place == "top":
        return prepare(drawing, (size[0] - drawing.width) // 2, round(size[1] * 0.06))
    # above where captions stand
    foot = round(size[1] * 0.96) - foot_margin(size) - round(unit(size) * 0.14)
    return prepare(drawing, side_margin(size), foot - drawing.height)


@lru_cache(maxsize=4)
def roll(size: Size, text: str) -> Overlay:
    """Lines that rise through the picture, over dusk, prepared to stand just below it; line breaks are kept."""
    type_px = round(unit(size) * 0.046)
    leading = round(type_px * 1.5)
    rows = [row for line in text.splitlines() for row in _broken(line, type_px, size) or [""]]
    drawing = Image.new("RGBA", (size[0], leading * len(rows) + type_px))
    for index, row in enumerate(rows):
        _spaced(drawing, row, type_px, leading * index + type_px, "Medium")
    return prepare(shadowed(drawing, type_px * 0.2, 1.0), 0, size[1])


@lru_cache(maxsize=4)
def dusk(size: Size) -> Overlay:
    """Ink over the whole picture, even as its flat colours are, so that any picture carries cream type."""
    return prepare(Image.new("RGBA", size, (*INK, round(255 * DUSK))), 0, 0)


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
        _spaced(card, row, round(unit(size) * 0.032), bottom + round(unit(size) * (0.066 + 0.046 * index)), "Medium")
    return np.array(card.convert("RGB"))


def _broken(text: str, type_px: int, size: Size, share: float = 0.8) -> list[str]:
    face = lettering.face(text, type_px, "SemiBold", TRACKING)
    return lettering.lines(text, face.length, size[0] * share)


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
    """One centred line of tracked type."""
    face = lettering.face(row, type_px, weight, TRACKING)
    face.write(drawing, (drawing.width - face.length(row)) / 2, base, row, CREAM)


def _rule(drawing: Image.Image, y: int, radius: int) -> None:
    """An amber diamond between two hairlines that taper outward."""
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
    drawing.alpha_composite(tinted(cover, AMBER), at)


def _plated(size: Size, text: str, type_px: int, edge: bool) -> Image.Image:
    """Lines on a plate like a caption's; with an amber edge at the left if wanted."""
    face = lettering.face(text, type_px, "SemiBold")
    rows = lettering.lines(text, face.length, size[0] * 0.6)
    leading, pad = round(type_px * 1.25), round(type_px * 0.5)
    plate = (round(max(map(face.length, rows), default=0)) + 3 * pad, leading * len(rows) + pad)
    drawing = tinted(rounded(plate, type_px * 0.3, PLATE), INK)
    if edge:
        bar = max(3, pad // 4)
        drawing.paste((0, 0, 0, 0), (0, 0, 2 * bar, plate[1]))
        drawing.paste((*INK, round(255 * PLATE)), (bar, 0, 2 * bar, plate[1]))
        drawing.paste((*AMBER, 255), (0, 0, bar, plate[1]))
    for index, row in enumerate(rows):
        x = pad * 1.5 if edge else (plate[0] - face.length(row)) / 2
        face.write(drawing, x, pad // 2 + leading * index + type_px * 0.92, row, CREAM)
    return drawing
