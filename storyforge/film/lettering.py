"""Type: the shipped face and the machine's own for other scripts, measuring, setting, and breaking text into lines.

Vollkorn (SIL Open Font License, fonts/OFL.txt) ships with the package, because Pillow's own face has no accents and a
film must not depend on what is installed. Letters that it lacks are set in a face of this machine, letter by letter.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

from PIL import Image, ImageDraw, ImageFont, features

from storyforge.film import typefaces
from storyforge.film.typefaces import Weight

Colour = tuple[int, int, int]

FINER = 4  # Pillow's letters stand on whole pixels and its shapes have hard edges, so both are drawn larger and shrunk
SQUARE = 0.92  # of the type size: how large East Asian letters are, which fill their square, beside Latin ones
# Marks that Latin and East Asian faces both have, and draw differently: they are set like the letters beside them.
SHARED = "“”‘’…—·‥"
# Where a line may break: at spaces; between letters of Chinese and Japanese, which write none, except that closing
# marks, small kana and long vowels stay with what is before them and opening marks with what follows (kinsoku).
EAST = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
OPEN = "（［｛「『【〈《〔〖〘〚｢"
SMALL = "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰ-ㇿ"
CLOSE = f"、。，．・：；？！゛゜ヽヾゝゞ々ー〜～）］｝」』】〉》〕〗〙〛｣､｡％…‥{SMALL}"
LATIN = rf"[^\s{EAST}{OPEN}{CLOSE}]"
PIECE = re.compile(
    rf"\s*(?:[{OPEN}“‘(\[]*[{EAST}][{CLOSE}”’)\],.!?:;%—]*|[{OPEN}]*{LATIN}+[{CLOSE}]*|[{OPEN}{CLOSE}]+)"
)
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
# Japanese breathes where a word begins, after its particle: before what is not hiragana; never within a katakana word.
PHRASE, WITHIN = 8.0, 24.0
HIRAGANA, KATAKANA, KANJI = (re.compile(f"[{letters}]") for letters in ("ぁ-ゖ", "ァ-ヺー", "\u3400-\u9fff々"))
SHAPED = {  # scripts whose letters change beside one another: a layout engine has to set them
    "ARABIC", "SYRIAC", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA",
    "MALAYALAM", "SINHALA", "KHMER", "MYANMAR", "TIBETAN", "HEBREW", "THAANA", "NKO", "MONGOLIAN",
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """Letters of one face, side by side; `own`: the house face, which takes air and OpenType features."""

    text: str
    font: ImageFont.FreeTypeFont
    own: bool


@dataclass(frozen=True)
class Face:
    """Type of one size, with `tracking` ems of air between letters and OpenType features (where Pillow has Raqm).

    language: whose forms Han characters have, as typefaces.east names it.
    """

    size: int
    font: ImageFont.FreeTypeFont  # the house face, FINER times as large
    tracking: float = 0.0
    features: tuple[str, ...] = LINING
    weight: Weight = "Medium"
    language: str = "zh-hans"

    def length(self, text: str) -> float:
        """Pixels that a line takes."""
        return sum(map(self._length, self.runs(text)))

    def write(self, drawing: Image.Image, x: float, base: float, text: str, colour: Colour) -> None:
        """Sets a line in an RGB or RGBA drawing, in place: its left end at x, its base line at `base`."""
        if not text:
            return
        left, top = int(x) - self.size, int(base) - 2 * self.size  # letters may reach beyond their own width
        wide, high = round(self.length(text)) + 3 * self.size, 3 * self.size
        fine = Image.new("L", (wide * FINER, high * FINER))
        draw, pen, line = ImageDraw.Draw(fine), (x - left) * FINER, (base - top) * FINER
        for run in self.runs(text):
            for offset, part in self._parts(run):
                draw.text((pen + offset, line), part, font=run.font, fill=255, anchor="ls", features=self._asked(run))
            pen += self._length(run) * FINER
        cover = fine.resize((wide, high), Image.Resampling.BOX)
        ink = Image.new("RGBA", cover.size, (*colour, 0))
        ink.putalpha(cover)
        if drawing.mode == "RGBA":
            drawing.alpha_composite(*_inside(ink, left, top))
        else:
            drawing.paste(ink, (left, top), ink)

    def runs(self, text: str) -> list[Run]:
        """The line in runs of one face each, from left to right."""
        if text.isascii() or covers(self.font, text):
            return [Run(text, self.font, True)]
        found: list[Run] = []
        clusters = CLUSTER.findall(text)
        for cluster, after in zip(clusters, [*clusters[1:], ""], strict=True):
            font = self._font(cluster, found[-1] if found else None, after)
            if found and found[-1].font is font:
                found[-1] = Run(found[-1].text + cluster, font, found[-1].own)
            else:
                found.append(Run(cluster, font, font is self.font))
        return found[::-1] if _leftward(text) else found

    def _font(self, cluster: str, before: Run | None, after: str) -> ImageFont.FreeTypeFont:
        """The face of one letter; what has no script of its own goes with the letters beside it."""
        last = before.text.rstrip()[-1:] if before else ""
        if cluster in SHARED:
            beside = next((mark for mark in (after[:1], last) if _eastern(mark)), "")
            if beside:
                return _elsewhere(beside, self.size, self.weight, self.language) or self.font
        stays = cluster.isspace() or not (cluster[0].isalpha() or _eastern(last))
        if before and not before.own and stays and covers(before.font, cluster):
            return before.font
        if covers(self.font, cluster):
            return self.font
        return _elsewhere(cluster[0], self.size, self.weight, self.language) or self.font

    def _length(self, run: Run) -> float:
        air = self.tracking * self.size * max(0, len(CLUSTER.findall(run.text)) - 1) if run.own else 0.0
        return self._span(run, run.text) / FINER + air

    def _asked(self, run: Run) -> list[str] | None:
        return list(self.features) if self.features and run.own and shapes() else None

    def _span(self, run: Run, text: str) -> float:
        return float(run.font.getlength(text, features=self._asked(run)))

    def _parts(self, run: Run) -> Iterator[tuple[float, str]]:
        """What is set at once and how far from the run's start: all, or letter by letter, still kerned."""
        if not self.tracking or not run.own:
            yield 0.0, run.text
            return
        at = 0.0
        letters = CLUSTER.findall(run.text)
        for letter, after in zip(letters, [*letters[1:], ""], strict=True):
            yield at, letter
            spaced = self._span(run, letter + after) - (self._span(run, after) if after else 0)
            at += spaced + self.tracking * self.size * FINER


def _inside(ink: Image.Image, left: int, top: int) -> tuple[Image.Image, tuple[int, int]]:
    """The part of a drawing that does not lie left of or above the picture, and where it goes."""
    return ink.crop((max(0, -left), max(0, -top), ink.width, ink.height)), (max(0, left), max(0, top))


@cache
def shapes() -> bool:
    """Whether this Pillow has the layout engine (Raqm) that joins letters and sets text from right to left."""
    return bool(features.check_feature("raqm"))


@cache
def _house(size: int, weight: Weight) -> ImageFont.FreeTypeFont:
    with as_file(files("storyforge.film") / "fonts" / f"Vollkorn-{weight}.ttf") as path:
        return ImageFont.truetype(str(path), size * FINER)


@cache
def _elsewhere(letter: str, size: int, weight: Weight, language: str) -> ImageFont.FreeTypeFont | None:
    """A face of this machine that has a letter which the house face lacks."""
    found = typefaces.find(letter, language, weight)
    if found is None:
        return None
    pixels = size * FINER * (SQUARE if typefaces.is_east(letter) else 1.0)
    return typefaces.opened(*found, round(pixels), weight)


def _eastern(letter: str) -> bool:
    return bool(letter) and typefaces.is_east(letter)


def _leftward(text: str) -> bool:
    """Whether a text runs from right to left: its first letter does."""
    ways = (unicodedata.bidirectional(letter) for letter in text)
    return next((way for way in ways if way in ("L", "R", "AL")), "L") != "L"


def covers(font: ImageFont.FreeTypeFont, text: str) -> bool:
    """Whether the font has every letter of the text."""
    return all(typefaces.has(font, letter) for letter in set(text))


def face(
    text: str,
    size: int,
    weight: Weight = "Medium",
    tracking: float = 0.0,
    features: tuple[str, ...] = LINING,
    language: str = "en",
) -> Face:
    """Type at `size` pixels for a text of a film in this language."""
    return Face(size, _house(size, weight), tracking, features, weight, typefaces.east(language, text))


def unprintable(text: str, language: str = "en") -> str:
    """The letters of a text that no face here has, each once, in order."""
    wanted = face(text, 20, language=language)
    return "".join(letter for letter in _foreign(text) if _elsewhere(letter, 20, "Medium", wanted.language) is None)


def unshaped(text: str) -> str:
    """The letters of a text that would have to be joined or turned, where this Pillow cannot do that."""
    return "" if shapes() else "".join(letter for letter in _foreign(text) if typefaces.script(letter) in SHAPED)


def borrowed(texts: Iterable[str], language: str = "en") -> tuple[str, ...]:
    """Files of the machine's faces that these texts are set in: with another, the same words look otherwise."""
    wanted = {(letter, typefaces.east(language, text)) for text in texts for letter in _foreign(text)}
    found = {typefaces.find(letter, east, weight) for letter, east in wanted for weight in typefaces.WEIGHTS}
    return tuple(sorted(f"{path.name} {index}" for path, index in filter(None, found)))


def _foreign(text: str) -> Iterator[str]:
    """The letters that the house face lacks, each once, in order."""
    if not text.isascii():
        house = _house(20, "Medium")
        yield from (letter for letter in dict.fromkeys(text) if not typefaces.has(house, letter))


def breath(word: str, after: str) -> float:
    """What it costs to break a line or a caption between two words."""
    ends = (cost for pattern, cost in BREATHS if pattern.search(word))
    return next(ends, CLAUSE if CLAUSES.match(after.strip().lower()) else _east_breath(word[-1:], after.strip()[:1]))


def _east_breath(last: str, first: str) -> float:
    """What it costs to break between two letters of Japanese or Chinese; any other language's word has ended."""
    if KATAKANA.match(last) and KATAKANA.match(first):
        return WITHIN
    if KANJI.match(last) and (HIRAGANA.match(first) or KANJI.match(first)):
        return WITHIN if HIRAGANA.match(first) else MIDST
    return PHRASE if HIRAGANA.match(last) and not HIRAGANA.match(first) else MIDST


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
