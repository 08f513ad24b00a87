"""A plan by a language model, in four steps: outline; cast and places; each scene; each scene's shots."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from storyforge.planner import assembly, lengths
from storyforge.planner.answers import CastAndPlaces, Character, Described, Outline, OutlineScene, SceneSheet, ShotList
from storyforge.planner.asking import Desk, render
from storyforge.planner.choice import Complete, Message
from storyforge.planner.sentences import passages
from storyforge.planner.story import NAMES
from storyforge.storyboard import Storyboard

E = TypeVar("E", Character, Described)

PART = 120  # sentences of a story that one question holds


@dataclass(frozen=True)
class Wishes:
    """What the user asks of the film."""

    length: float | None = None
    shots: int | None = None
    size: str | None = None
    style: str | None = None
    title: str | None = None
    language: str = "en"


@dataclass(frozen=True)
class Told:
    """The story in numbered sentences."""

    title: str
    sentences: tuple[str, ...]

    def of(self, first: int, last: int) -> tuple[str, ...]:
        """Sentences first..last, counted from 1, both included."""
        return self.sentences[first - 1 : last]


def number(story: str) -> Told:
    """Sentences of a story in any language."""
    title, paragraphs = passages(story.replace("\r\n", "\n"))
    out: list[str] = []
    for passage in paragraphs:
        parts = re.split(r"(?<=[.!?…])[\"”’»']?\s+(?=[^a-z\s])|(?<=[。！？])(?=[^」』”])", passage.text)
        out += [" ".join(part.split()) for part in parts if part.strip()]
    return Told(title, tuple(out) or (" ".join(story.split()),))


def plan_with(
    complete: Complete, story: str, wishes: Wishes, name: str, folder: Path | None, tell: Callable[[str], None]
) -> Storyboard:
    """The storyboard that a language model makes of a story; finished steps are kept in `folder`."""
    desk = Desk(complete, name, folder, tell)
    told = number(story)
    wishes = suited(wishes, len(told.sentences))
    system = Message("system", render("system.md.j2", language=NAMES.get(wishes.language, wishes.language)))
    outline = _outline(desk, system, told, wishes)
    tell(f"1 of 4, outline: {len(outline.scenes)} scenes.")
    cast = _cast(desk, system, told, outline)
    tell(f"2 of 4, cast and places: {len(cast.characters)} characters, {len(cast.places)} places.")
    shares, seconds = _shares(outline, told, wishes), _seconds(outline, told, wishes)
    made: list[tuple[OutlineScene, SceneSheet, ShotList]] = []
    for n, scene in enumerate(outline.scenes):
        before = made[-1][1] if made else None
        sheet = _scene(desk, system, told, outline, cast, n, before)
        shots = _shots(desk, system, told, outline, cast, n, sheet, shares[n], seconds[n])
        tell(f"3 and 4 of 4, scene {n + 1} of {len(outline.scenes)}: {len(shots.shots)} shots.")
        made.append((scene, sheet, shots))
    board = assembly.assemble(wishes.title or outline.title, wishes.language, wishes.size, wishes.style, cast, made)
    return board if wishes.length is None else lengths.fit(board, wishes.length)


def suited(wishes: Wishes, sentences: int) -> Wishes:
    """The wishes with a number of shots, where the film's length would not suit one shot for a sentence or two."""
    if wishes.shots is not None or wishes.length is None:
        return wishes
    usual = -(-2 * sentences // 3)
    shots = lengths.shots_for(usual, wishes.length)
    return wishes if shots == usual else replace(wishes, shots=shots)


def _outline(desk: Desk, system: Message, told: Told, wishes: Wishes) -> Outline:
    """Step 1, in parts when the story is long."""
    total = len(told.sentences)
    starts = list(range(1, total + 1, PART))
    title, scenes = wishes.title or told.title, list[OutlineScene]()
    for part, first in enumerate(starts, start=1):
        last = min(first + PART - 1, total)
        wanted = max(1, round(wishes.shots * (last - first + 1) / total / 4)) if wishes.shots else 0
        text = render(
            "outline.md.j2", part=part, parts=len(starts), title=title, first=first, last=last,
            scenes_wanted=wanted, sentences=told.of(first, last),
        )  # fmt: skip
        taken = {scene.id for scene in scenes}
        most = wishes.shots if len(starts) == 1 and wishes.shots else None
        answer = desk.ask(
            "outline" if len(starts) == 1 else f"outline {part}",
            [system, Message("user", text)],
            Outline,
            lambda o, f=first, k=last, t=taken, m=most: assembly.outline_mistakes(o, f, k, t, m),  # type: ignore[misc]
        )
        title = title or answer.title
        scenes += answer.scenes
    return Outline(title=title, scenes=_at_most(scenes, wishes.shots))


def _at_most(scenes: list[OutlineScene], shots: int | None) -> list[OutlineScene]:
    """No more scenes than shots: the shortest neighbours become one."""
    out = list(scenes)
    while shots is not None and len(out) > shots:
        n = min(range(len(out) - 1), key=lambda i: out[i + 1].last - out[i].first)
        one, two = out[n : n + 2]
        out[n : n + 2] = [
            OutlineScene(id=one.id, summary=f"{one.summary} {two.summary}", first=one.first, last=two.last)
        ]
    return out


def _cast(desk: Desk, system: Message, told: Told, outline: Outline) -> CastAndPlaces:
    """Step 2, in parts when the story is long; later parts add who is new."""
    total = len(told.sentences)
    starts = list(range(1, total + 1, PART))
    all_of = CastAndPlaces(characters=[], props=[], places=[])
    for part, first in enumerate(starts, start=1):
        last = min(first + PART - 1, total)
        scenes = [s for s in outline.scenes if s.last >= first and s.first <= last]
        entities: list[Character | Described] = [*all_of.characters, *all_of.props, *all_of.places]
        known = [f"{one.id}: {one.description}" for one in entities]
        text = render(
            "cast.md.j2", title=outline.title, scenes=scenes, known=known, kinds=KINDS, first=first,
            sentences=told.of(first, last),
        )  # fmt: skip
        step = "cast and places" if len(starts) == 1 else f"cast and places {part}"
        need_place = not all_of.places
        answer = desk.ask(
            step,
            [system, Message("user", text)],
            CastAndPlaces,
            lambda c, need=need_place: assembly.cast_mistakes(c, need),  # type: ignore[misc]
        )
        all_of = CastAndPlaces(
            characters=_new(all_of.characters, answer.characters),
            props=_new(all_of.props, answer.props),
            places=_new(all_of.places, answer.places),
        )
    return all_of


KINDS = (
    "foxes, rabbits, bears, cats, dogs, mice, owls, birds, moths, frogs, girls, boys, women, men, robots and dragons"
)


def _new(known: list[E], found: list[E]) -> list[E]:
    ids = {entity.id for entity in known}
    return known + [entity for entity in found if entity.id not in ids]


def _scene(
    desk: Desk, system: Message, told: Told, outline: Outline, cast: CastAndPlaces, n: int, before: SceneSheet | None
) -> SceneSheet:
    """Step 3."""
    scene = outline.scenes[n]
    text = render(
        "scene.md.j2", scene=scene, number=n + 1, of=len(outline.scenes), places=cast.places, cast=cast.characters,
        before=before, first=scene.first, sentences=told.of(scene.first, scene.last),
    )  # fmt: skip
    return desk.ask(
        f"scene {scene.id}",
        [system, Message("user", text)],
        SceneSheet,
        lambda sheet: assembly.scene_mistakes(sheet, cast),
    )


def _shots(
    desk: Desk,
    system: Message,
    told: Told,
    outline: Outline,
    cast: CastAndPlaces,
    n: int,
    sheet: SceneSheet,
    wanted: int,
    seconds: float,
) -> ShotList:
    """Step 4."""
    scene = outline.scenes[n]
    present = [one for one in cast.characters if one.id in sheet.present] or cast.characters
    text = render(
        "shots.md.j2", scene=scene, number=n + 1, of=len(outline.scenes), sheet=sheet, cast=present, props=cast.props,
        shots_wanted=wanted, seconds=round(seconds, 1), characters=int(seconds * lengths.FASTEST),
        first=scene.first, sentences=told.of(scene.first, scene.last),
    )  # fmt: skip
    return desk.ask(
        f"shots of {scene.id}",
        [system, Message("user", text)],
        ShotList,
        lambda shots: assembly.shot_mistakes(shots, cast, wanted),
    )


def _seconds(outline: Outline, told: Told, wishes: Wishes) -> list[float]:
    """How long each scene lasts, by its share of the words, when the user wants a length; 0: as it needs."""
    sizes = [sum(len(s) for s in told.of(scene.first, scene.last)) or 1 for scene in outline.scenes]
    return [(wishes.length or 0.0) * size / sum(sizes) for size in sizes]


def _shares(outline: Outline, told: Told, wishes: Wishes) -> list[int]:
    """How many shots each scene gets, by its share of the words, when the user wants a number; 0: as it needs."""
    if wishes.shots is None:
        return [0] * len(outline.scenes)
    sizes = [sum(len(s) for s in told.of(scene.first, scene.last)) or 1 for scene in outline.scenes]
    shares = [max(1, round(wishes.shots * size / sum(sizes))) for size in sizes]
    while sum(shares) != wishes.shots and (sum(shares) < wishes.shots or max(shares) > 1):
        step = 1 if sum(shares) < wishes.shots else -1
        at = max(
            range(len(shares)),
            key=lambda i: sizes[i] / shares[i] if step > 0 else shares[i] / sizes[i] * (shares[i] > 1),
        )
        shares[at] += step
    return shares
