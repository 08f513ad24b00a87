"""The contact sheet: one PNG that shows the film at a glance, a panel for each shot with its id, seconds and words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from storyforge.film import lettering
from storyforge.film.codec import part_of
from storyforge.film.drawing import rounded
from storyforge.film.picture import Frame

PAPER, INK, SOFT, RED = (250, 246, 238), (44, 38, 48), (128, 118, 122), (176, 66, 48)
PANEL, GAP, MARGIN = 400, 28, 48  # pixels: a panel's width at 16:9, between panels, around the sheet
HEAD, NAME, WORDS = 44, 19, 17  # sizes of type
LEADING, LINES = 24, 4
LARGE = 900_000  # bytes beyond which a sheet gets a palette; 14 panels of flat colour take 550,000
MOST_TRUE = 8_000_000  # pixels of a sheet that is drawn in true colour: about forty panels
DITHER = Image.Dither.FLOYDSTEINBERG


@dataclass(frozen=True)
class Panel:
    """One shot: its id, a frame of it, its length, the words below, and whatever the reader has to know of it.

    frame is called when the panel is drawn: the frames of a long film would not fit into memory together.
    """

    id: str
    text: str
    frame: Callable[[], Frame]
    seconds: float | None = None
    note: str = ""  # "missing", "locked": printed in red


def contact_sheet(
    panels: Sequence[Panel],
    path: Path | str,
    size: tuple[int, int],
    title: str = "",
    subtitle: str = "",
    language: str = "en",
    columns: int | None = None,
) -> Path:
    """Writes the sheet as a PNG; size is the film's, width and height; columns: as many as suit without it."""
    target = Path(path)
    cell = _cell(*size)
    columns = columns or _columns(len(panels), cell)
    texts = [_rows(panel.text, cell[0], language) for panel in panels]
    rows = [range(start, min(start + columns, len(panels))) for start in range(0, len(panels), columns)]
    heights = [cell[1] + 58 + LEADING * max(len(texts[index]) for index in row) + GAP for row in rows]
    width = 2 * MARGIN + columns * cell[0] + (columns - 1) * GAP
    head = MARGIN + _head(title, subtitle)

    def strips() -> Iterator[Image.Image]:
        top = Image.new("RGB", (width, head), PAPER)
        _write_head(top, title, subtitle, language)
        yield top
        for row, tall in zip(rows, heights, strict=True):
            strip = Image.new("RGB", (width, tall), PAPER)
            for column, index in enumerate(row):
                at = (MARGIN + column * (cell[0] + GAP), 0)
                _draw_panel(strip, panels[index], texts[index], at, cell, language)
            yield strip
        yield Image.new("RGB", (width, MARGIN - GAP), PAPER)

    size_of = (width, head + sum(heights) + MARGIN - GAP)
    _save(_sheet(strips, size_of), target)
    return target


def _sheet(strips: Callable[[], Iterator[Image.Image]], size: tuple[int, int]) -> Image.Image:
    """The strips below one another; of a long film with a palette from the start, as true colour takes 100 MB."""
    large = size[0] * size[1] > MOST_TRUE
    few = _palette(strips(), size) if large else None
    sheet = Image.new("P" if few else "RGB", size, None if few else PAPER)
    if few:
        sheet.putpalette(few.getpalette() or [])
    top = 0
    for strip in strips():
        sheet.paste(strip.quantize(palette=few, dither=DITHER) if few else strip, (0, top))
        top += strip.height
    return sheet


def _palette(strips: Iterator[Image.Image], size: tuple[int, int]) -> Image.Image:
    """The 256 colours that are nearest to all of a sheet's."""
    small = Image.new("RGB", (size[0] // 4, size[1] // 4 + 1), PAPER)
    top = 0
    for strip in strips:
        small.paste(strip.reduce(4), (0, top // 4))
        top += strip.height
    return small.quantize(256, Image.Quantize.FASTOCTREE)


def _cell(width: int, height: int) -> tuple[int, int]:
    """A panel's picture: as large in any shape as one of 400 x 225."""
    wide = round(PANEL * min(1.15, (width / height / (16 / 9)) ** 0.5))
    return wide, round(wide * height / width)


def _columns(count: int, cell: tuple[int, int]) -> int:
    """As many as make the sheet about as wide as a page is high, two at least."""
    best: float = (count * (cell[1] + 130) * 1.2 / (cell[0] + GAP)) ** 0.5
    return max(1, min(count, max(2, min(8, round(best)))))


def _rows(text: str, width: int, language: str) -> list[str]:
    """The words below a panel, at most four lines."""
    face = lettering.face(text, WORDS, language=language)
    found = lettering.lines(text, face.length, width)
    if len(found) <= LINES:
        return found
    rows = _filled(text, face, width)[:LINES]
    while " " in rows[-1] and face.length(f"{rows[-1]} …") > width:
        rows[-1] = rows[-1].rpartition(" ")[0]
    return [*rows[:-1], f"{rows[-1].rstrip(' ,;:')} …"]


def _filled(text: str, face: lettering.Face, width: int) -> list[str]:
    """Lines as full as they go: text that is cut short need not be even."""
    rows = [""]
    for word in text.split():
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and face.length(longer) > width:
            rows.append(word)
        else:
            rows[-1] = longer
    return rows


def _draw_panel(
    sheet: Image.Image, panel: Panel, rows: Sequence[str], at: tuple[int, int], cell: tuple[int, int], language: str
) -> None:
    """Picture with round corners, then id and seconds on one line, then the words."""
    picture = Image.fromarray(panel.frame()).resize(cell, Image.Resampling.LANCZOS)
    sheet.paste(picture, at, rounded(cell, 8, 1.0))
    left, base = at[0], at[1] + cell[1] + 28
    name, face = lettering.face(panel.id, NAME, "SemiBold"), lettering.face(panel.text, WORDS, language=language)
    name.write(sheet, left, base, panel.id, INK)
    if panel.note:
        lettering.face(panel.note, WORDS).write(sheet, left + name.length(panel.id) + 12, base, panel.note, RED)
    if panel.seconds is not None:
        said, small = f"{panel.seconds:.1f} s", lettering.face("", WORDS)
        small.write(sheet, left + cell[0] - small.length(said), base, said, SOFT)
    for index, row in enumerate(rows):
        face.write(sheet, left, base + LEADING * (index + 1) + 2, row, INK)


def _head(title: str, subtitle: str) -> int:
    """Pixels of the sheet's heading."""
    return (HEAD + 16 if title else 0) + (30 if subtitle else 0) + (24 if title or subtitle else 0)


def _write_head(sheet: Image.Image, title: str, subtitle: str, language: str) -> None:
    base = MARGIN
    if title:
        base += round(HEAD * 0.8)
        lettering.face(title, HEAD, "SemiBold", language=language).write(sheet, MARGIN, base, title, INK)
        base += 14
    if subtitle:
        base += 22
        lettering.face(subtitle, WORDS, language=language).write(sheet, MARGIN, base, subtitle, SOFT)


def _save(sheet: Image.Image, target: Path) -> None:
    """A PNG written whole or not at all; in true colour unless that is large, since a palette puts bands in skies."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = part_of(target)
    try:
        sheet.save(part, "PNG")
        if part.stat().st_size > LARGE and sheet.mode == "RGB":
            few = sheet.quantize(256, Image.Quantize.FASTOCTREE)
            sheet.quantize(palette=few, dither=DITHER).save(part, "PNG")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
