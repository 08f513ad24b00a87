"""Type: the shipped faces, measuring, and breaking text into lines of even length.

Vollkorn (SIL Open Font License, fonts/OFL.txt) ships with the package, because Pillow's own face has no accents and a
film must not depend on what is installed.
"""

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import as_file, files
from typing import Literal

from PIL import ImageFont, features

Weight = Literal["Medium", "SemiBold"]
Font = ImageFont.FreeTypeFont

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
MISSING = "\uffff"  # no face has it: what it looks like is what a missing letter looks like


@cache
def font(size: int, weight: Weight = "Medium") -> Font:
    """The house face at `size` pixels."""
    with as_file(files("storyforge.film") / "fonts" / f"Vollkorn-{weight}.ttf") as path:
        return ImageFont.truetype(str(path), size)


@cache
def _elsewhere(name: str, size: int) -> Font | None:
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return None


def covers(face: Font, text: str) -> bool:
    """Whether the face has every letter of the text."""
    blank = bytes(face.getmask(MISSING))
    return all(bytes(face.getmask(letter)) != blank for letter in set(text) if not letter.isspace())


def font_for(text: str, size: int, weight: Weight = "Medium") -> Font:
    """The house face, or the first face of the machine that has the letters it lacks."""
    house = font(size, weight)
    if text.isascii() or covers(house, text):
        return house
    found = (face for name in ELSEWHERE if (face := _elsewhere(name, size)))
    return next((face for face in found if covers(face, text)), house)


def settings(*wanted: str) -> list[str] | None:
    """OpenType features, where Pillow was built with Raqm."""
    return list(wanted) if features.check_feature("raqm") else None


def width(face: Font, text: str) -> float:
    """Pixels that a line takes."""
    return float(face.getlength(text))


def lines(text: str, measure: Callable[[str], float], room: float, indent: float = 0) -> list[str]:
    """The text on as few lines as it takes, none longer than `room` by `measure`, broken to be of even length.

    indent is room already taken on the first line. A word longer than the room is broken inside.
    """
    pieces = [part for piece in PIECE.findall(text) for part in _fitted(piece, measure, room - indent)]
    if not pieces:
        return []
    fewest = len(_fill(pieces, measure, room, indent))
    low, high = 0.0, float(room)
    while high - low > room / 200:  # the narrowest measure that needs no more lines gives the most even ones
        middle = (low + high) / 2
        low, high = (low, middle) if _holds(pieces, measure, middle, indent, fewest) else (middle, high)
    return _fill(pieces, measure, high, indent)


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
