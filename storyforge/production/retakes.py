"""Retakes: further tries of a shot or of a cast sheet, and finished versions as people see them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from storyforge import clock
from storyforge.cas import Journal, Result, Store
from storyforge.errors import InputError, RenderError
from storyforge.production.casting import portrait
from storyforge.production.events import Tell
from storyforge.production.order import Order, check_ids
from storyforge.production.outputs import publish, publish_picture
from storyforge.production.survey import Survey
from storyforge.storyboard import ResolvedShot

if TYPE_CHECKING:
    from storyforge.film import Panel
    from storyforge.production.project import Project

MOMENTS = (1 / 6, 1 / 2, 5 / 6)  # of a shot, in the picture of its takes


@dataclass(frozen=True)
class TakeInfo:
    """One finished version of a shot or sheet; fits: of the words that the storyboard has now; there: in the store."""

    number: int
    made: float
    made_by: str
    shown: bool
    fits: bool
    there: bool


@dataclass(frozen=True)
class Retakes:
    """Numbers of the new takes, their films (sheets: pictures), and a picture of all takes side by side."""

    numbers: tuple[int, ...]
    files: tuple[Path, ...]
    picture: Path


def takes_of(survey: Survey, shot: ResolvedShot) -> list[TakeInfo]:
    """The finished versions of a shot, oldest first."""
    made = survey.takes.of("draw", shot.id)
    shown = survey.shown(shot)
    return [
        TakeInfo(
            number, one.made, one.made_by, one == shown, one.wish == survey.wish(shot), survey.takes.there(one.key)
        )
        for number, one in enumerate(made, 1)
    ]


def sheet_takes(survey: Survey, entity: str) -> dict[str, list[TakeInfo]]:
    """The finished sheets of an entity ("cast.ember") in each of its looks, by try."""
    section, _, mine = entity.partition(".")
    cast, out = survey.cast, {}
    for name in [name for name, casting in cast.castings.items() if casting.entity == mine]:
        made = sorted(survey.takes.of("cast", name), key=lambda one: (one.take, one.made))
        now = {cast.wish(renderer, name) for renderer in survey.names}
        shown = {cast.shown(renderer, name) for renderer in survey.names}
        out[f"{section}.{name}"] = [
            TakeInfo(one.take + 1, one.made, one.made_by, (one.wish, one.take) in shown, one.wish in now,
                     survey.takes.there(one.key))
            for one in made
        ]  # fmt: skip
    return out


def recast(project: "Project", entity: str, number: int, tell: Tell) -> Retakes:
    """Makes `number` further takes of an entity's sheets, in every look that the film shows.

    Raises InputError for an entity that is locked, is not in the film, or whose sheets are the user's own pictures.
    """
    mine = entity.partition(".")[2]
    with project.surveyed() as survey:
        cast, known = survey.cast, survey.renderers
        names = [name for name, casting in cast.castings.items() if casting.entity == mine]
        if not names:
            raise InputError(f"{mine} is in no shot of the film, so it has no sheet to take again")
        if cast.entity(names[0]).lock:
            raise InputError(f"{mine} is locked; storyforge unlock {project.path} {mine} lets it be cast again")
        makers = [name for name in survey.names if known[name].capabilities.casts]
        if not makers:
            raise InputError(f"the sheets of {mine} are the pictures that the storyboard names; replace those instead")
        first = max([take for maker in makers for take in cast.tries(maker, *names)], default=-1) + 1
    for take in range(first, first + number):
        project.produce(Order(until="cast", recast={mine: take}), tell)
    with project.surveyed() as survey:
        found = {
            name: {one.take: one for one in survey.takes.of("cast", name)
                   if one.wish in {survey.cast.wish(maker, name) for maker in makers}}
            for name in names
        }  # fmt: skip
    return _portraits(project, mine, found, range(first, first + number))


def _portraits(project: "Project", entity: str, found: Mapping[str, Mapping[int, Result]], new: range) -> Retakes:
    """Pictures of the new sheets in takes/, and all takes side by side: a row for each look."""
    from storyforge.film import Panel, contact_sheet

    shown = {
        (name, take): picture
        for name, made in found.items()
        for take in sorted(made)
        if (picture := portrait(project.store, made[take].key)) is not None
    }
    if not shown:
        raise RenderError(f"{entity}: its sheets vanished from the store; run the same command again")
    files = {(name, take): project.folder / "takes" / f"{name}-{take + 1}.png" for name, take in shown if take in new}
    for one, path in files.items():
        publish_picture(shown[one], path)
    panels = [Panel(f"take {take + 1}", name, partial(shown.__getitem__, (name, take))) for name, take in shown]
    height, width = next(iter(shown.values())).shape[:2]
    sheet = project.folder / "takes" / f"{entity}.png"
    contact_sheet(panels, sheet, (width, height), f"Takes of {entity}", columns=min(4, max(map(len, found.values()))))
    return Retakes(tuple(take + 1 for take in new), tuple(files.values()), sheet)


def retake(project: "Project", shot: str, number: int, workers: int, tell: Tell) -> Retakes:
    """Makes `number` further takes. Raises InputError for a shot that shows a source or is locked."""
    resolved = project.resolved()
    check_ids(resolved, [shot])
    mine = next(one for one in resolved.shots if one.id == shot)
    if mine.shown is not None:
        raise InputError(f"{shot} shows {mine.shown} as it is, so there is nothing to take again")
    if mine.shot.lock:
        raise InputError(f"{shot} is locked; storyforge unlock {project.path} {shot} lets it be taken again")
    before = len(_made(project, shot))
    for _ in range(number):
        tries = [result.take for result in _made(project, shot)]
        wanted = {shot: max(tries) + 1} if tries else {}
        made = project.produce(Order(only=(shot,), workers=workers, retakes=wanted), tell)
        if made.failed:
            raise RenderError(f"{shot}: {made.failed[shot]}")
    found = _made(project, shot)
    files = [_publish(project, shot, index + 1, found[index]) for index in range(before, len(found))]
    picture = project.folder / "takes" / f"{shot}.png"
    _side_by_side(project.store, resolved.size, shot, found, picture)
    return Retakes(tuple(range(before + 1, len(found) + 1)), tuple(files), picture)


def _made(project: "Project", shot: str) -> list[Result]:
    journal = Journal(project.folder / ".storyforge" / "journal.sqlite")
    try:
        return journal.results("draw").get(shot, [])
    finally:
        journal.close()


def _publish(project: "Project", shot: str, number: int, result: Result) -> Path:
    path = project.folder / "takes" / f"{shot}-{number}.mp4"
    blob = project.store.look(result.key)
    if blob is None:
        raise RenderError(f"{shot}: take {number} vanished from the store; run the same command again")
    publish(blob, path)
    return path


def _side_by_side(store: Store, size: tuple[int, int], shot: str, made: list[Result], path: Path) -> None:
    """A row for each take that is there: what it shows at its beginning, in its middle and at its end."""
    from storyforge.film import contact_sheet

    panels = [panel for number, one in enumerate(made, 1) for panel in _row(store, size, number, one)]
    contact_sheet(panels, path, size, f"Takes of {shot}", columns=len(MOMENTS))


def _row(store: Store, size: tuple[int, int], number: int, result: Result) -> "Iterator[Panel]":
    from storyforge.film import Panel, Reader

    blob = store.look(result.key)
    if blob is None:
        return
    reader = Reader(blob.path)
    if reader.size != size:
        return  # of another size of film
    for share in MOMENTS:
        frame = min(reader.count - 1, round(share * reader.count))
        at = clock.seconds(frame, reader.rate)
        yield Panel(f"take {number}", f"at {at:.1f} s", partial(reader.frame, frame))
