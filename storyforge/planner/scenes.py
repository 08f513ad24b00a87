"""A reading cut into scenes: one place, one time, until either changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from storyforge.planner import lexicon, scenery, times
from storyforge.planner.moments import Moment, Reading


@dataclass
class SceneDraft:
    """Moments in one place and time; `jump` says how far the story leapt to get here."""

    moments: list[Moment] = field(default_factory=list)
    place: str = ""
    time: str = ""
    weather: str = ""
    jump: str = ""
    heading: str = ""  # shown as a title
    id: str = ""


def scenes(reading: Reading) -> list[SceneDraft]:
    """Split where place or time changes, at headings and at breaks; then settle what nobody said."""
    out: list[SceneDraft] = []
    time = ""
    for moment in reading.moments:
        scene = out[-1] if out else None
        if scene is None or _starts(moment, scene, time):
            scene = SceneDraft(place=moment.place, jump=moment.jump)
            if moment.jump and not moment.time:
                time = (
                    "" if moment.jump == "big" else "morning" if "morning" in moment.sentence.text().lower() else time
                )
            if moment.sentence.heading is not None and moment.sentence.heading.shown:
                scene.heading = moment.sentence.heading.text
            out.append(scene)
        scene.moments.append(moment)
        scene.place = scene.place or moment.place
        time = moment.time or time
        scene.time = scene.time or time
        if not time:  # "every evening" will do while nothing better is said
            scene.time = time = times.time_of(moment.sentence.text(), soft=True)
    _settle(out, reading)
    return out


def _starts(moment: Moment, scene: SceneDraft, time: str) -> bool:
    if moment.sentence.heading is not None:
        return True
    if moment.place and scene.place and moment.place != scene.place:
        return True
    if moment.place and not scene.place and len(scene.moments) > 2:
        return True
    if moment.jump:
        return True
    return bool(moment.time and moment.time != time and (time or len(scene.moments) > 2))


def _settle(out: list[SceneDraft], reading: Reading) -> None:
    first = next((scene.place for scene in out if scene.place), "")
    place = time = weather = ""
    for n, scene in enumerate(out):
        if not scene.place:
            scene.place = (
                place or (first if n == 0 and len(out) > 1 and not _clue(scene) else "") or _guessed(scene, reading)
            )
        place = scene.place
        scene.time = scene.time or ("" if scene.jump == "big" else time) or "day"
        time = scene.time
        told = [m.weather for m in scene.moments if m.weather]
        still = all(c.lemma == "be" for m in scene.moments[1:2] for c in m.clauses)  # it says how things are
        early = [m.weather for m in scene.moments[: 2 if still else 1] if m.weather]
        inside = next((p.indoors for p in reading.atlas.places if p.id == scene.place), False)
        if scene.moments[0].sentence.fixed:
            weather = ""  # a screenplay says it anew in each scene
        carried = (
            weather
            if scene.jump != "big" and not (n and scene.time != out[n - 1].time and scene.time == "morning")
            else ""
        )
        scene.weather = early[0] if early else carried or "clear"
        weather = told[-1] if told else carried if inside else scene.weather
    _name(out, reading)


def _clue(scene: SceneDraft) -> str:
    return scenery.place_from_clues([w.low for m in scene.moments for w in m.sentence.words])


def _guessed(scene: SceneDraft, reading: Reading) -> str:
    """The place of a scene that names none: from the things in it, else where such characters are at home."""
    clue = _clue(scene)
    if not clue:
        animals = any(reading.cast.get(k).animal for m in scene.moments for k in m.present)
        people = any(m.present for m in scene.moments)
        clue = "meadow" if animals or not people else "room"
    known = next((p for p in reading.atlas.places if p.head == clue), None)
    if known is None:
        known = reading.atlas.add(clue, clue, f"a {clue}")
    return known.id


def _name(out: Sequence[SceneDraft], reading: Reading) -> None:
    used: set[str] = set()
    for scene in out:
        base = scene.place if scene.place not in used else f"{scene.place}-{scene.time.split()[-1]}"
        name, n = base, 2
        while name in used:
            name, n = f"{base}-{n}", n + 1
        used.add(name)
        scene.id = name


def weather_at(scene: SceneDraft, last: int) -> str:
    """The weather of a scene at the moment with index `last`."""
    now = scene.weather
    for moment in scene.moments:
        if moment.index <= last and moment.weather:
            now = moment.weather
    return now


def mentions(scene: SceneDraft) -> set[str]:
    """Everybody who is seen in a scene."""
    return {key for m in scene.moments for key in m.present}


def is_group(noun: str) -> bool:
    """Whether a noun means several who act as one."""
    return noun in lexicon.GROUPS
