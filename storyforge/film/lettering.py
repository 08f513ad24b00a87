"""Type: the shipped faces, measuring, setting, and breaking text into lines of even length.

Vollkorn (SIL Open Font License, fonts/OFL.txt) ships with the package, because Pillow's own face has no accents and a
film must not depend on what is installed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Literal

from PIL import Image, ImageDraw, ImageFont, features

Weight = Literal["Medium", "SemiBold"]
Colour = tuple[int, int, int]

FINER = 4  # Pillow's letters stand on whole pixels and its shapes have hard edges, so both are drawn larger and shrunk
# Faces with other scripts, tried where ours lacks a letter: whatever of these the machine has.
ELSEWHERE = (
    "NotoSansCJK-Medium.ttc",
    "NotoSansCJK-Regular.ttc",
    "NotoSans-Medium.ttf",
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
    "msyh.ttc",
    "arialuni.ttf",
    "DejaVuSans.ttf",
)
# Where a line may break: at spaces; between any two letters of Chinese and Japanese, which write none.
EAST = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
PIECE = re.compile(rf"\s*(?:[{EAST}][、。！？」』）]*|[^\s{EAST}]+)")
CLUSTER = re.compile("[^\u0300-\u036f][\u0300-\u036f]*", re.DOTALL)  # a letter with its accents
LINING = ("lnum",)  # figures as tall as capitals: the face's own 1 is easily read as an I
# What it costs to break after a word, by what the word ends with; the end of a sentence is free.
BREATHS = (
    (re.compile(r"[.!?…。！？][\"'”’»)」』]*$"), 0.0),
    (re.compile(r"[;:—–；：][\"'”’»)]*$"), 3.0),
    (re.compile(r"[,，、][\"'”’»)]*$"), 4.0),
)
# Words before which a clause begins: those of the languages that stories come in most often.
CLAUSES = re.compile(
    "^(and|but|or|so|because|when|while|until|who|which|that|as|if|then|und|aber|et|mais|y|pero|e|ma)$"
)
CLAUSE, MIDST, UNEVEN = 6.0, 14.0, 40.0
MISSING = "\uffff"  # no face has it: what it looks like is what a missing letter looks like


@dataclass(frozen=True)
class Face:
    """Type of one size, with `tracking` ems of air between letters and OpenType features (where Pillow has Raqm)."""

    size: int
    font: ImageFont.FreeTypeFont  # FINER times as large
    tracking: float = 0.0
    features: tuple[str, ...] = LINING

    def length(self, text: str) -> float:
        """Pixels that a line takes."""
        air = self.tracking * self.size * max(0, len(CLUSTER.findall(text)) - 1) if self.tracking else 0.0
        return self._span(text) / FINER + air

    def write(self, drawing: Image.Image, x: float, base: float, text: str, colour: Colour) -> None:
        """Sets a line in an RGB or RGBA drawing, in place: its left end at x, its base line at `base`."""
        if not text:
            return
        left, top = int(x) - self.size, int(base) - 2 * self.size  # letters may reach beyond their own width
        wide, high = round(self.length(text)) + 3 * self.size, 3 * self.size
        fine = Image.new("L", (wide * FINER, high * FINER))
        draw, pen, line = ImageDraw.Draw(fine), (x - left) * FINER, (base - top) * FINER
        for offset, part in self._parts(text):
            draw.text((pen + offset, line), part, font=self.font, fill=255, anchor="ls", features=self._asked())
        cover = fine.resize((wide, high), Image.Resampling.BOX)
        ink = Image.new("RGBA", cover.size, (*colour, 0))
        ink.putalpha(cover)
        if drawing.mode == "RGBA":
            drawing.alpha_composite(*_inside(ink, left, top))
        else:
            drawing.paste(ink, (left, top), ink)

    def _asked(self) -> list[str] | None:
        return list(self.features) if self.features and _raqm() else None

    def _span(self, text: str) -> float:
        return float(self.font.getlength(text, features=self._asked()))

    def _parts(self, text: str) -> Iterator[tuple[float, str]]:
        """What is set at once and how far from the line's start: all, or letter by letter, still kerned."""
        if not self.tracking:
            yield 0.0, text
            return
        at = 0.0
        letters = CLUSTER.findall(text)
        for letter, after in zip(letters, [*letters[1:], ""], strict=True):
            yield at, letter
            at += self._span(letter + after) - (self._span(after) if after else 0) + self.tracking * self.size * FINER


def _inside(ink: Image.Image, left: int, top: int) -> tuple[Image.Image, tuple[int, int]]:
    """The part of a drawing that does not lie left of or above the picture, and where it goes."""
    return ink.crop((max(0, -left), max(0, -top), ink.width, ink.height)), (max(0, left), max(0, top))


@cache
def _raqm() -> bool:
    return bool(features.check_feature("raqm"))


@cache
def _house(size: int, weight: Weight) -> ImageFont.FreeTypeFont:
    with as_file(files("storyforge.film") / "fonts" / f"Vollkorn-{weight}.ttf") as path:
        return ImageFont.truetype(str(path), size * FINER)


@cache
def _elsewhere(name: str, size: int) -> ImageFont.FreeTypeFont | None:
    try:
        return ImageFont.truetype(name, size * FINER)
    except OSError:
        return None


@cache
def _has(font: ImageFont.FreeTypeFont, letter: str) -> bool:
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask(MISSING))


def covers(font: ImageFont.FreeTypeFont, text: str) -> bool:
    """Whether the font has every letter of the text."""
    return all(_has(font, letter) for letter in set(text))


def face(
    text: str, size: int, weight: Weight = "Medium", tracking: float = 0.0, features: tuple[str, ...] = LINING
) -> Face:
    """The house face at `size` pixels for a text, or the first face of the machine that has the letters it lacks."""
    house = _house(size, weight)
    if text.isascii() or covers(house, text):
        return Face(size, house, tracking, features)
    found = (other for name in ELSEWHERE if (other := _elsewhere(name, size)))
    font = next((other for other in found if covers(other, text)), house)
    return Face(size, font)  # without air: other scripts join their letters


def unprintable(text: str) -> str:
    """The letters of a text that no face here has, each once, in order."""
    font = face(text, 20).font
    return "".join(letter for letter in dict.fromkeys(text) if not _has(font, letter))


def breath(word: str, after: str) -> float:
    """What it costs to break a line or a caption between two words."""
    ends = (cost for pattern, cost in BREATHS if pattern.search(word))
    return next(ends, CLAUSE if CLAUSES.match(after.strip().lower()) else MIDST)


def fewest(text: str, measure: Callable[[str], float], room: float, indent: float = 0) -> int:
    """How many lines `lines` would make."""
    pieces = [part for piece in PIECE.findall(text) for part in _fitted(piece, measure, room - indent)]
    return len(_fill(pieces, measure, room, indent)) if pieces else 0


def lines(text: str, measure: Callable[[str], float], room: float, indent: float = 0) -> list[str]:
    """The text on as few lines as it takes, none longer than `room` by `measure`, broken to be of even length.

    indent is room already taken on the first line. A word longer than the room is broken inside. Two lines are broken
    where one would breathe, if that leaves them nearly even.
    """
    pieces = [part for piece in PIECE.findall(text) for part in _fitted(piece, measure, room - indent)]
    if not pieces:
        return []
    count = len(_fill(pieces, measure, room, indent))
    if count == 2:
        return _two(pieces, measure, room, indent)
    low, high = 0.0, float(room)
    while high - low > room / 200:  # the narrowest measure that needs no more lines gives the most even ones
        middle = (low + high) / 2
        low, high = (low, middle) if _holds(pieces, measure, middle, indent, count) else (middle, high)
    return _fill(pieces, measure, high, indent)


def _two(pieces: list[str], measure: Callable[[str], float], room: float, indent: float) -> list[str]:
    """The best of all ways to break pieces that take two lines."""
    found: list[tuple[float, list[str]]] = []
    for stop in range(1, len(pieces)):
        pair = ["".join(pieces[:stop]).lstrip(), "".join(pieces[stop:]).lstrip()]
        first, second = measure(pair[0]) + indent, measure(pair[1])
        if max(first, second) <= room:
            cost = breath(pieces[stop - 1], pieces[stop]) + UNEVEN * ((first - second) / room) ** 2
            found.append((cost, pair))
    return min(found)[1]


def _holds(pieces: list[str], measure: Callable[[str], float], room: float, indent: float, most: int) -> bool:
    widest = max(measure(piece.lstrip()) for piece in pieces)
    return widest <= room and len(_fill(pieces, measure, room, indent)) <= most


def _fill(pieces: list[str], measure: Callable[[str], float], room: float, indent: float) -> list[str]:
    """Lines filled one after another."""
    out = [pieces[0].lstrip()]
    for piece in pieces[1:]:
        longer = out[-1] + piece
        if measure(longer) <= room - (0 if out[1:] else indent):
            out[-1] = longer
        else:
            out.append(piece.lstrip())
    return out


def _fitted(piece: str, measure: Callable[[str], float], room: float) -> list[str]:
    """A word in parts that each fit into the room."""
    if measure(piece.lstrip()) <= room:
        return [piece]
    parts = [""]
    for letter in piece:
        if parts[-1] and measure((parts[-1] + letter).lstrip()) > room:
            parts.append("")
        parts[-1] += letter
    return parts
