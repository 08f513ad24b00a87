"""Makes the pictures of README: `make pictures` (some minutes on two cores; nothing is asked).

fox.jpg     the contact sheet of the film that `storyforge demo` makes
joins.webp  a cut, a dissolve and a flow of that film, moving side by side
edit.jpg    one shot before and after a line of the storyboard was edited
"""

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from storyforge import Project
from storyforge.film import Reader
from storyforge.production import draft
from storyforge.resources import root
from storyforge.storyboard import Resolved, ResolvedShot

HERE = Path(__file__).parent
STORY = "fox-and-lantern.txt"
SIZE = "640x360"  # the pictures are smaller still
SHEET_BYTES, STRIP_BYTES = 300_000, 1_500_000
SHEET_WIDTH = 1400  # pixels: twice what a page shows
BEFORE, AFTER = 'wears: "a blue scarf"', 'wears: "a yellow raincoat"'
PAPER, INK, SOFT, RED, GREEN = "#faf6ee", "#2c2630", "#a09698", "#b04230", "#3c7a46"
PANEL, GAP = (320, 180), 12  # pixels
SIDE, RATE = 1.5, 12  # seconds shown on each side of a join; frames a second of the strip

Frames = NDArray[np.uint8]


@dataclass(frozen=True)
class Moment:
    """Where a join is: its first frame and how many it takes; `at` is the frame in the middle of what is shown."""

    kind: str
    start: int
    frames: int

    @property
    def at(self) -> int:
        return self.start + self.frames // 2


def main() -> None:
    """Renders the film in a folder (a temporary one), and makes the three pictures of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "folder", type=Path, nargs="?", help="work here, and keep what is finished (a temporary folder)"
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="storyforge-pictures-") as temporary:
        project = Project(chosen.folder or Path(temporary) / "fox")
        text = (root("storyboards") / STORY).read_text(encoding="utf-8")
        draft(project, text, planner="offline", wishes={"size": SIZE})
        film = project.render(captions="off")
        if film.film is None or film.board is None or film.failed:
            raise SystemExit(f"the film is not whole: {dict(film.failed)}")
        print(sheet(film.board, HERE / "fox.jpg"))
        print(strip(project.resolved(), Reader(film.film), HERE / "joins.webp"))
        print(edit(project, HERE / "edit.jpg"))


def sheet(board: Path, target: Path) -> str:
    """The contact sheet as a JPEG of the best quality that is small enough."""
    with Image.open(board) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((SHEET_WIDTH, 10 * SHEET_WIDTH), Image.Resampling.LANCZOS)
    return small(picture, target, SHEET_BYTES)


def small(picture: Image.Image, target: Path, most: int) -> str:
    """Writes a JPEG of at most so many bytes."""
    for quality in range(90, 40, -4):
        picture.save(target, quality=quality, optimize=True, progressive=True)
        if target.stat().st_size <= most:
            return f"{target}: {target.stat().st_size} bytes, quality {quality}"
    raise SystemExit(f"{target} is larger than {most} bytes at any quality that can be looked at")


def moments(film: Resolved) -> Iterator[Moment]:
    """Every join, with its frames in the film: a dissolve's overlap, the frames over which a flow blends."""
    for shot in film.shots[1:]:
        yield Moment(shot.join_kind, shot.start, max(1, shot.join_frames))


def chosen_moments(film: Resolved) -> list[Moment]:
    """The first cut, dissolve and flow that have time enough around them and no other join near."""
    every, near = list(moments(film)), round(SIDE * float(film.rate))
    free = [
        one
        for one in every
        if near <= one.at < film.frames - near and not any(0 < abs(one.at - other.at) < near for other in every)
    ]
    found = [next((one for one in free if one.kind == kind), None) for kind in ("cut", "dissolve", "flow")]
    if None in found:
        raise SystemExit("the film lacks a cut, a dissolve or a flow with time around it")
    return [one for one in found if one is not None]


def strip(film: Resolved, reader: Reader, target: Path) -> str:
    """Three joins side by side, each in the middle of its three seconds; its name lights up while it lasts."""
    step, side = float(film.rate) / RATE, round(SIDE * RATE)
    joins = chosen_moments(film)
    numbers = [[one.at + round(offset * step) for offset in range(-side, side)] for one in joins]
    wanted = {number for row in numbers for number in row}
    pictures = {n: small_picture(frame) for n, frame in enumerate(reader.frames()) if n in wanted}
    moving = [
        laid_out([(one, n, pictures[n]) for one, n in zip(joins, column, strict=True)])
        for column in zip(*numbers, strict=True)
    ]
    for quality in range(72, 30, -6):
        save = partial(moving[0].save, target, save_all=True, append_images=moving[1:], duration=1000 // RATE, loop=0)
        save(quality=quality, method=4)
        if target.stat().st_size <= STRIP_BYTES:
            return f"{target}: {target.stat().st_size} bytes, {len(moving)} frames, quality {quality}"
    raise SystemExit(f"{target} is larger than {STRIP_BYTES} bytes at any quality that can be looked at")


def small_picture(frame: Frames) -> Image.Image:
    return Image.fromarray(frame).resize(PANEL, Image.Resampling.LANCZOS)


def laid_out(row: list[tuple[Moment, int, Image.Image]]) -> Image.Image:
    """One picture of the strip."""
    width, height = PANEL
    out = Image.new("RGB", (len(row) * width + (len(row) - 1) * GAP, height + 30), PAPER)
    pen, face = ImageDraw.Draw(out), ImageFont.load_default(17)
    for index, (one, number, picture) in enumerate(row):
        left = index * (width + GAP)
        out.paste(picture, (left, 0))
        lit = one.start <= number < one.start + max(one.frames, 12)  # half a second at least
        pen.text((left + width // 2, height + 16), one.kind, RED if lit else SOFT, face, anchor="mm")
    return out


def edit(project: Project, target: Path) -> str:
    """The middle of the first shot that the edit reaches, before and after, with the line and what was made again."""
    before = project.path.read_text(encoding="utf-8")
    if before.count(BEFORE) != 1:
        raise SystemExit(f"{project.path} has {before.count(BEFORE)} lines with {BEFORE}")
    project.path.write_text(before.replace(BEFORE, AFTER), encoding="utf-8")
    try:
        drawn = [step for step in project.survey() if step.kind == "draw"]
        reached = [step.name for step in drawn if not step.done]
        shot = shown(project.resolved(), reached)
        old = middle(project, shot)
        project.render(only=[shot.id], captions="off")
        new = middle(project, shot)
    finally:
        project.path.write_text(before, encoding="utf-8")
    said = f"{len(reached)} of {len(drawn)} shots are rendered again; the others are kept"
    return small(before_and_after(old, new, said), target, SHEET_BYTES)


def shown(film: Resolved, reached: list[str]) -> ResolvedShot:
    """The reached shot in which the clothes are seen best: full or medium, with as few others as can be."""
    shots = [shot for shot in film.shots if shot.id in reached]
    return min(shots, key=lambda shot: (shot.camera.shot not in ("full", "medium"), len(shot.cast), shot.index))


def middle(project: Project, shot: ResolvedShot) -> Image.Image:
    frames = Reader(project.folder / "shots" / f"{shot.id}.mp4").frames()
    return Image.fromarray(next(frame for number, frame in enumerate(frames) if number == shot.frames // 2))


def before_and_after(old: Image.Image, new: Image.Image, said: str) -> Image.Image:
    width, height = old.size
    out = Image.new("RGB", (2 * width + GAP, height + 76), PAPER)
    pen, face = ImageDraw.Draw(out), ImageFont.load_default(20)
    for left, picture, line, colour in ((0, old, f"- {BEFORE}", RED), (width + GAP, new, f"+ {AFTER}", GREEN)):
        out.paste(picture, (left, 0))
        pen.text((left + width // 2, height + 22), line, colour, face, anchor="mm")
    pen.text((out.width // 2, height + 54), said, INK, face, anchor="mm")
    return out


if __name__ == "__main__":
    main()
