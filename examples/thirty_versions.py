"""Thirty versions of one film: five scarves, three times of day, two weathers; then a new coat, and a logo.

python examples/thirty_versions.py versions --count 6
"""

import argparse
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice, product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

import storyforge
from storyforge import events
from storyforge.storyboard import Camera, Entity, Join, Look, Member, Scene, Shot, Storyboard

SCARVES = ("a red scarf", "a blue scarf", "a green scarf", "a yellow scarf", "a purple scarf")
TIMES = ("morning", "evening", "night")
WEATHERS = ("clear", "snow")


def board(scarf: str, time: str, weather: str, coat: str = "a yellow raincoat") -> Storyboard:
    """Two shots: the fox comes in a scarf, and stays in a coat."""
    fox = Entity(description="a small orange fox", wears=scarf, looks={"coat": Look(wears=coat)})
    comes = Shot(
        id="comes",
        seconds=2,
        cast=(Member(who="ember", at="left", faces="right", does="walks", feels="happy"),),
        camera=Camera(shot="full", move="tracking"),
    )
    stays = Shot(
        id="stays",
        seconds=1.5,
        cast=(Member(who="ember@coat", faces="camera", feels="happy"),),
        camera=Camera(shot="medium", on="ember"),
        join=Join(kind="dissolve", seconds=0.5),
    )
    return Storyboard(
        title="Ember",
        size="320x180",
        cast={"ember": fox},
        places={"meadow": Entity(description="a meadow with flowers")},
        scenes=(Scene(id="meadow", place="meadow", time=time, weather=weather, shots=(comes, stays)),),
    )


@dataclass
class Counts:
    """Hears a render's events: counts what was made and what was kept, and shows how far it is."""

    made: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)

    def __call__(self, event: events.Event) -> None:
        if isinstance(event, events.TaskDone):
            (self.kept if event.reused else self.made)[event.kind] += 1
        elif isinstance(event, events.Progress) and event.total:
            print(f"\r{event.done / event.total:4.0%}", end="", flush=True)
        elif isinstance(event, events.TaskFailed):
            print(f"\r{event.name}: {event.error}")

    def __str__(self) -> str:
        kinds = {"cast": "cast sheets", "panels": "panels", "level": "levels", "draw": "shots", "film": "films"}
        return "\n".join(f"{name:<12}{self.made[kind]} made, {self.kept[kind]} kept" for kind, name in kinds.items())


def versions(folder: Path, count: int) -> list[storyforge.Film]:
    """Renders as many versions, each into a folder of its own; a second run makes nothing twice."""
    films = []
    for scarf, time, weather in islice(product(SCARVES, TIMES, WEATHERS), count):
        name = f"{scarf.split()[1]}-{time}-{weather}"
        films.append(storyforge.render(board(scarf, time, weather), folder / name, workers=1, tell=Counts()))
        print(f"\r{name:<24} {films[-1].frames} frames in {films[-1].seconds.total:.1f} s")
    return films


def another_coat(folder: Path) -> Counts:
    """Changes one look of the first version: its sheet, panel and shot are made again, all others are kept."""
    counts = Counts()
    first = board(SCARVES[0], TIMES[0], WEATHERS[0], coat="a green coat")
    storyforge.render(first, folder / f"{SCARVES[0].split()[1]}-{TIMES[0]}-{WEATHERS[0]}", workers=1, tell=counts)
    return counts


def with_logo(film: storyforge.Film, target: Path) -> Path:
    """Hands the film to moviepy, which puts a logo into its upper right corner."""
    from moviepy import CompositeVideoClip, ImageClip

    with film.to_moviepy() as clip:
        logo = ImageClip(badge(clip.h // 6)).with_duration(clip.duration).with_position((clip.w * 7 // 8, clip.h // 24))
        CompositeVideoClip([clip, logo]).write_videofile(str(target), logger=None)
    return target


def badge(side: int) -> NDArray[np.uint8]:
    """A round badge [side, side, 4]; `ImageClip("logo.png")` takes a picture of your own."""
    picture = Image.new("RGBA", (4 * side, 4 * side))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((0, 0, 4 * side - 1, 4 * side - 1), fill=(240, 236, 224, 255))
    pen.polygon([(1.3 * side, side), (1.3 * side, 3 * side), (3.1 * side, 2 * side)], fill=(200, 80, 40, 255))
    return np.asarray(picture.resize((side, side), Image.Resampling.LANCZOS))


def at_least_one(text: str) -> int:
    """A number of versions, from the command line."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of versions; give 1 or more")
    return int(text)


def main() -> None:
    """Makes the versions, changes a coat, adds a logo."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the versions go, a folder for each")
    parser.add_argument("--count", type=at_least_one, default=30, help="how many versions (30)")
    chosen = parser.parse_args()
    films = versions(chosen.folder, chosen.count)
    print(f"\r{another_coat(chosen.folder)}")
    print(with_logo(films[-1], chosen.folder / "with-logo.mp4"))


if __name__ == "__main__":
    main()
