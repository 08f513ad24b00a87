"""A language model's answers put together as a storyboard, and what is wrong with each answer in words."""

import re
from collections.abc import Sequence

from pydantic import ValidationError

from storyforge.planner.answers import (
    CastAndPlaces,
    MemberAnswer,
    Outline,
    OutlineScene,
    SceneSheet,
    ShotAnswer,
    ShotList,
)
from storyforge.planner.asking import mistakes_of
from storyforge.planner.board import STYLE, needed
from storyforge.storyboard import End, Entity, Look, Scene, Shot, Storyboard

ID = re.compile(r"[^\W_][\w-]{0,39}")
_JOIN_SECONDS = {"dissolve": 0.8, "fade": 1.0, "flow": 1.0}
MOST_CAST = 3


def outline_mistakes(outline: Outline, first: int, last: int, taken: set[str], most: int | None) -> list[str]:
    """Scenes that do not cover first..last once and in order, ids that are bad or double, too many scenes."""
    out = [] if outline.scenes else ["scenes: there is none"]
    expected, seen = first, set(taken)
    for scene in outline.scenes:
        out += _id_mistakes(scene.id, seen)
        if scene.first != expected or scene.last < scene.first:
            out.append(f"scene {scene.id}: it covers {scene.first} to {scene.last}; it must start at {expected}")
            break
        expected = scene.last + 1
    else:
        if outline.scenes and expected != last + 1:
            out.append(f"scenes: they end at sentence {expected - 1}; the last must end at {last}")
    if most is not None and len(outline.scenes) > most:
        out.append(f"scenes: there are {len(outline.scenes)} for a film of {most} shots; write at most {most}")
    return out


def cast_mistakes(cast: CastAndPlaces, need_place: bool) -> list[str]:
    """Ids that are bad or double, and entities without a description."""
    out: list[str] = []
    for group in (cast.characters, cast.props, cast.places):
        seen: set[str] = set()
        for entity in group:
            out += _id_mistakes(entity.id, seen)
            if not entity.description.strip():
                out.append(f"{entity.id}: its description is empty")
    for one in cast.characters:
        looks: set[str] = set()
        for look in one.looks:
            out += _id_mistakes(look.name, looks)
    if need_place and not cast.places:
        out.append("places: there is none; the story happens somewhere")
    return out


def _id_mistakes(name: str, seen: set[str]) -> list[str]:
    if not ID.fullmatch(name):
        return [f"id {name!r}: use letters, digits and hyphens only, at most 40"]
    if name in seen:
        return [f"id {name!r}: it is given twice"]
    seen.add(name)
    return []


def scene_mistakes(sheet: SceneSheet, cast: CastAndPlaces) -> list[str]:
    """A place or people that step 2 did not give."""
    places, people = [p.id for p in cast.places], [c.id for c in cast.characters]
    out = [] if sheet.place in places else [f"place: {sheet.place!r} is not one of {', '.join(places)}"]
    return out + [f"present: {who!r} is not one of {', '.join(people)}" for who in sheet.present if who not in people]


def shot_mistakes(shots: ShotList, cast: CastAndPlaces, wanted: int) -> list[str]:
    """Whatever keeps the shots from being a scene."""
    out = [] if shots.shots else ["shots: there is none"]
    if wanted and len(shots.shots) != wanted:
        out.append(f"shots: there are {len(shots.shots)}; write exactly {wanted}")
    looks = {one.id: [look.name for look in one.looks] for one in cast.characters}
    props = [p.id for p in cast.props]
    for n, shot in enumerate(shots.shots, start=1):
        seen = [m.who for m in shot.cast]
        out += [f"shot {n}, cast: {who!r} is not one of {', '.join(looks)}" for who in seen if who not in looks]
        out += [
            f"shot {n}, lines: {x.who!r} is not one of {', '.join(looks)}" for x in shot.lines if x.who not in looks
        ]
        out += [
            f"shot {n}, cast: {m.who} has no look {m.look!r}; known: {', '.join(looks[m.who]) or 'only the empty one'}"
            for m in shot.cast
            if m.look and m.who in looks and m.look not in looks[m.who]
        ]
        held = [p for p in (*shot.props, *(m.holds for m in shot.cast)) if p]
        out += [
            f"shot {n}: prop {p!r} is not one of {', '.join(props) or '(there are none)'}"
            for p in held
            if p not in props
        ]
        if shot.camera.on and shot.camera.on not in (*seen, *held):
            out.append(f"shot {n}, camera.on: {shot.camera.on!r} is not in the shot")
        if shot.camera.over and shot.camera.over not in seen:
            out.append(f"shot {n}, camera.over: {shot.camera.over!r} is not in the shot's cast")
        if len(seen) > MOST_CAST or len(set(seen)) < len(seen):
            out.append(f"shot {n}, cast: at most {MOST_CAST}, each once; it has {', '.join(seen)}")
        out += [] if out else _invalid(shot, n)
    return out


def _invalid(answer: ShotAnswer, n: int) -> list[str]:
    try:
        _shot(answer, f"shot-{n}", None)
    except ValidationError as error:
        return [f"shot {n}, {mistake}" for mistake in mistakes_of(error)]
    return []


def assemble(
    title: str,
    language: str,
    size: str | None,
    style: str | None,
    cast: CastAndPlaces,
    made: Sequence[tuple[OutlineScene, SceneSheet, ShotList]],
) -> Storyboard:
    """The storyboard of all answers; entities that nobody uses are left out."""
    scenes = tuple(_scene(scene, sheet, shots, first=n == 0) for n, (scene, sheet, shots) in enumerate(made))
    opening = scenes[0].shots[0]
    if title:
        opening = opening.but(
            titles=({"text": title, "seconds": 3.0},), seconds=max(4.0, float(opening.seconds or 4.0))
        )
        scenes = (scenes[0].but(shots=(opening, *scenes[0].shots[1:])), *scenes[1:])
    people = {m.who.partition("@")[0] for s in scenes for x in s.shots for m in x.cast}
    people |= {line.who for s in scenes for x in s.shots for line in x.dialogue}
    things = {p for s in scenes for x in s.shots for p in (*x.props, *(m.holds or "" for m in x.cast))}
    film = {
        "title": title,
        "language": language,
        "size": size,
        "style": style or STYLE,
        "cast": {one.id: _entity(one.description, one.wears, one.looks) for one in cast.characters if one.id in people},
        "props": {p.id: Entity(description=p.description) for p in cast.props if p.id in things},
        "places": {p.id: Entity(description=p.description) for p in cast.places if p.id in {s.place for s in scenes}},
        "scenes": scenes,
        "end": End(kind="fade", seconds=2.0),
    }
    return Storyboard.model_validate({k: v for k, v in film.items() if v})


def _entity(description: str, wears: str, looks: Sequence[object]) -> Entity:
    values = {
        "description": description,
        "wears": wears,
        "looks": {look.name: Look(wears=look.value) for look in looks},  # type: ignore[attr-defined]
    }
    return Entity.model_validate({k: v for k, v in values.items() if v})


def _scene(scene: OutlineScene, sheet: SceneSheet, shots: ShotList, first: bool) -> Scene:
    built = []
    for n, answer in enumerate(shots.shots):
        join = None if n else (None if first else sheet.join)
        built.append(_shot(answer, f"{scene.id}-{n + 1}", join if n == 0 else answer.join))
    values = {"id": scene.id, "place": sheet.place, "time": sheet.time, "weather": sheet.weather, "shots": tuple(built)}
    return Scene.model_validate({k: v for k, v in values.items() if v})


def _shot(answer: ShotAnswer, name: str, join: str | None) -> Shot:
    words = len(answer.narration) + sum(len(line.line) for line in answer.lines)
    camera = {
        "shot": answer.camera.size,
        "on": answer.camera.on,
        "over": answer.camera.over,
        "move": answer.camera.move,
    }
    camera["angle"] = answer.camera.angle if answer.camera.angle != "level" else ""
    values = {
        "id": name,
        "seconds": needed(words),
        "cast": tuple(_member(m) for m in answer.cast),
        "props": tuple(p for p in answer.props if p not in {m.holds for m in answer.cast}),
        "action": answer.action,
        "camera": {k: v for k, v in camera.items() if v},
        "narration": answer.narration,
        "dialogue": tuple(
            {"who": x.who, "line": x.line} | ({"how": x.how} if x.how else {}) | ({} if x.on else {"on": False})
            for x in answer.lines
        ),
        "join": {"kind": join, "seconds": _JOIN_SECONDS[join]} if join and join != "cut" else None,
    }
    return Shot.model_validate({k: v for k, v in values.items() if v})


def _member(answer: MemberAnswer) -> dict[str, str]:
    values = {
        "who": f"{answer.who}@{answer.look}" if answer.look else answer.who,
        "at": answer.at,
        "faces": answer.faces,
        "feels": answer.feels,
        "does": answer.does,
        "holds": answer.holds,
    }
    return {k: v for k, v in values.items() if v}
