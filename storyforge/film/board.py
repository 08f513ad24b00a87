"""The contact sheet: one PNG that shows the film at a glance, a panel for each shot with its id, seconds and words."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from storyforge.film import lettering
from storyforge.film.codec import part_of
from storyforge.film.drawing import rounded
from storyforge.film.picture import Frame

PAPER, INK, SOFT, RULE, RED = (250, 246, 238), (44, 38, 48), (128, 118, 122), (222, 213, 200), (176, 66, 48)
PANEL, GAP, MARGIN = 400, 28, 48  # pixels: a panel's width at 16:9, between panels, around the sheet
HEAD, NAME, WORDS = 44, 19, 17  # sizes of type
LEADING, LINES = 24, 4
COLOURS = 192  # of the PNG's palette: a sheet of 20 panels stays near 300 kB, and flat colours stay flat


@dataclass(frozen=True)
class Panel:
    """One shot: its id, a frame of it, its length, the words below, and whatever the reader has to know of it."""

    id: str
    text: str
    frame: Frame
    seconds: float | None = None
    scene: str | None = None
    note: str = ""  # "missing", "locked": printed in red


def contact_sheet(panels: Sequence[Panel], path: Path | str, title: str = "", subtitle: str = "") -> Path:
    """Writes the sheet as a PNG; panels of one scene share a line above them."""
    target = Path(path)
    height, width = panels[0].frame.shape[:2] if panels else (9, 16)
    cell = _cell(width, height)
    columns = _columns(len(panels), cell)
    texts = [_rows(panel.text, cell[0]) for panel in panels]
    rows = [range(start, min(start + columns, len(panels))) for start in range(0, len(panels), columns)]
    heights = [cell[1] + 58 + LEADING * max(len(texts[index]) for index in row) for row in rows]
    head = _head(title, subtitle)
    sheet = Image.new(
        "RGB",
        (
            2 * MARGIN + columns * cell[0] + (columns - 1) * GAP,
            2 * MARGIN + head + sum(heights) + GAP * (len(rows) - 1),
        ),
        PAPER,
    )
    _write_head(sheet, title, subtitle)
    top = MARGIN + head
    for row, tall in zip(rows, heights, strict=True):
        for column, index in enumerate(row):
            at = (MARGIN + column * (cell[0] + GAP), top)
            _draw_panel(sheet, panels[index], texts[index], at, cell)
        top += tall + GAP
    _save(sheet, target)
    return target


def _cell(width: int, height: int) -> tuple[int, int]:
    """A panel's picture: as large in any shape as one of 400 x 225."""
    wide = round(PANEL * min(1.15, (width / height / (16 / 9)) ** 0.5))
    return wide, round(wide * height / width)


def _columns(count: int, cell: tuple[int, int]) -> int:
    """As many as make the sheet about as wide as a page is high, two at least."""
    best: float = (count * (cell[1] + 130) * 1.2 / (cell[0] + GAP)) ** 0.5
    return max(1, min(count, max(2, min(8, round(best)))))


def _rows(text: str, width: int) -> list[str]:
    """The words below a panel, at most four lines."""
    face = lettering.font_for(text, WORDS)
    found = lettering.lines(text, lambda row: lettering.width(face, row), width)
    if len(found) <= LINES:
        return found
    rows = _filled(text, face, width)[:LINES]
    while rows[-1] and lettering.width(face, f"{rows[-1]} …") > width:
        rows[-1] = rows[-1].rpartition(" ")[0]
    return [*rows[:-1], f"{rows[-1].rstrip(' ,;:')} …"]


def _filled(text: str, face: lettering.Font, width: int) -> list[str]:
    """Lines as full as they go: text that is cut short need not be even."""
    rows = [""]
    for word in text.split():
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and lettering.width(face, longer) > width:
            rows.append(word)
        else:
            rows[-1] = longer
    return rows


def _draw_panel(
    sheet: Image.Image, panel: Panel, rows: Sequence[str], at: tuple[int, int], cell: tuple[int, int]
) -> None:
    """Picture with round corners, then id and seconds on one line, then the words."""
    draw = ImageDraw.Draw(sheet)
    picture = Image.fromarray(panel.frame).resize(cell, Image.Resampling.LANCZOS)
    sheet.paste(picture, at, rounded(cell, 8, 1.0))
    left, base = at[0], at[1] + cell[1] + 28
    name = lettering.font_for(panel.id, NAME, "SemiBold")
    draw.text((left, base), panel.id, font=name, fill=INK, anchor="ls")
    if panel.note:
        after = left + lettering.width(name, panel.id) + 12
        draw.text((after, base), panel.note, font=lettering.font(WORDS), fill=RED, anchor="ls")
    if panel.seconds is not None:
        said = f"{panel.seconds:.1f} s"
        draw.text((left + cell[0], base), said, font=lettering.font(WORDS), fill=SOFT, anchor="rs")
    face = lettering.font_for(panel.text, WORDS)
    for index, row in enumerate(rows):
        draw.text((left, base + LEADING * (index + 1) + 2), row, font=face, fill=INK, anchor="ls")


def _head(title: str, subtitle: str) -> int:
    """Pixels of the sheet's heading."""
    return (HEAD + 16 if title else 0) + (30 if subtitle else 0) + (24 if title or subtitle else 0)


def _write_head(sheet: Image.Image, title: str, subtitle: str) -> None:
    draw, base = ImageDraw.Draw(sheet), MARGIN
    if title:
        base += round(HEAD * 0.8)
        face = lettering.font_for(title, HEAD, "SemiBold")
        draw.text((MARGIN, base), title, font=face, fill=INK, anchor="ls")
        base += 14
    if subtitle:
        base += 22
        draw.text((MARGIN, base), subtitle, font=lettering.font_for(subtitle, WORDS), fill=SOFT, anchor="ls")


def _save(sheet: Image.Image, target: Path) -> None:
    """A PNG with a palette, written whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = part_of(target)
    try:
        sheet.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(part, "PNG", optimize=True)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
