"""Puts a storyboard together from what was read."""

from dataclasses import dataclass, field

from storyforge.planner import cinema, coverage, drafts, scenes, staging
from storyforge.planner.drafts import ShotDraft
from storyforge.planner.looks import settle
from storyforge.planner.moments import Reading
from storyforge.planner.scenes import SceneDraft
from storyforge.planner.staging import Stage
from storyforge.storyboard import Beat, Camera, End, Entity, Join, Line, Look, Member, Scene, Shot, Storyboard, Title

SHORTEST, LONGEST = 2.5, 9.0
STYLE = "flat-colour storybook"
PER_SECOND, LEAD_IN = 15.0, 0.8  # characters read a second, and the moment before one starts


@dataclass
class Plan:
    """The shots of each scene, before they are numbered."""

    scenes: list[tuple[SceneDraft, list[ShotDraft]]] = field(default_factory=list)


def needed(characters: int) -> float:
    """Seconds that words take to read, in quarters."""
    return min(LONGEST, max(SHORTEST, round((characters / PER_SECOND + LEAD_IN) * 4 + 0.49) / 4))


def draft(reading: Reading) -> Plan:
    """Scenes and shots of a reading."""
    return Plan([(scene, drafts.shots(scene)) for scene in scenes.scenes(reading)])


def build(plan: Plan, reading: Reading, title: str, language: str, size: str | None, style: str | None) -> Storyboard:
    """The storyboard of a plan; entities that no shot shows are left out."""
    operator = cinema.Operator()
    out: list[Scene] = []
    ends = plan.scenes[-1][1][-1]
    for n, (scene, shots) in enumerate(plan.scenes):
        built = _shots(scene, shots, reading, operator, opening=n == 0, ends=ends, title=title)
        if n:
            built[0] = built[0].but(join=cinema.scene_join(plan.scenes[n - 1][0], scene))
        values = {
            "id": scene.id,
            "place": scene.place,
            "time": scene.time,
            "weather": scene.weather,
            "shots": tuple(built),
        }
        out.append(Scene.model_validate({k: v for k, v in values.items() if v}))
    used = {scene.place for scene in out}
    film: dict[str, object] = {
        "title": title,
        "language": language,
        "size": size,
        "style": style or STYLE,
        "cast": _cast(out, reading),
        "props": _props(out, reading),
        "places": {p.id: Entity(description=p.description) for p in reading.atlas.places if p.id in used},
        "scenes": tuple(out),
        "end": End(kind="fade", seconds=2.0),
    }
    return Storyboard.model_validate({k: v for k, v in film.items() if v})


def _shots(
    scene: SceneDraft,
    shots: list[ShotDraft],
    reading: Reading,
    operator: cinema.Operator,
    opening: bool,
    ends: ShotDraft,
    title: str,
) -> list[Shot]:
    stage = Stage()
    indoors = next((p.indoors for p in reading.atlas.places if p.id == scene.place), False)
    known = {t.id for t in reading.props.things}
    out: list[Shot] = []
    operator.lines = 0
    before: tuple[ShotDraft, tuple[Member, ...]] | None = None
    for n, shot in enumerate(shots):
        keys = staging.people(shot, stage, cinema.alone(shot, n == 0, operator, stage.company))
        cast = staging.members(shot, keys, stage, reading)
        seen = cast or coverage.witness(out, list(stage.company))
        for kind in coverage.kinds(shot, seen, n == 0, shot is ends):
            name, first = f"{scene.id}-{len(out) + 1}", not out
            if kind != coverage.WHOLE:
                view = coverage.view(kind, shot, seen, operator, name)
                out.append(view.but(**_going_on(kind, out, view)))
                continue
            last = shot is ends and shot.views == 1 and (n > 0 or not opening)
            camera = cinema.frame(shot, cast, first, last, operator, indoors, opening and first)
            if out and cast and not out[-1].cast:  # after a place without anyone, one first sees who it is
                camera = cinema.whole(camera, operator)
            join = None
            if before is not None and cinema.flows(before[0], shot, before[1], cast):
                camera = cinema.flowing(camera, out[-1].camera or Camera()) if shot is not ends else camera
                operator.size = camera.shot or operator.size
                join = Join(kind="flow", seconds=1.0)
            out.append(_shot(name, shot, cast, camera, join, scene, reading, known))
        before = (shot, cast) if shot.views == 1 else None
    titles = []
    if opening and title:
        titles.append(Title(text=title, seconds=3.0))
    elif scene.heading:
        titles.append(Title(text=scene.heading, seconds=2.5))
    if titles:
        out[0] = out[0].but(titles=tuple(titles), seconds=max(4.0, float(out[0].seconds or 0.0)))
    return out


def _going_on(kind: str, out: list[Shot], view: Shot) -> dict[str, object]:
    """What a view takes from the shot before it: its weather, and its motion where there is no cut."""
    values = {"join": coverage.flows(kind, out[-1], view), "weather": out[-1].weather} if out else {}
    return {key: value for key, value in values.items() if value}


def _shot(
    name: str,
    shot: ShotDraft,
    cast: tuple[Member, ...],
    camera: Camera,
    join: Join | None,
    scene: SceneDraft,
    reading: Reading,
    known: set[str],
) -> Shot:
    seconds = max(needed(shot.size), coverage.SECONDS[coverage.WHOLE] if shot.views > 1 else 0.0)
    weather = scenes.weather_at(scene, shot.moments[-1].index)
    values = {
        "seconds": seconds,
        "weather": weather if weather != scene.weather else None,
        "cast": cast,
        "props": staging.things(shot, cast, known),
        "action": shot.narration if shot.pieces[0].moment.sentence.fixed else staging.action(shot, reading),
        "camera": camera,
        "beats": _beats(shot, cast, seconds),
        "narration": "" if shot.pieces[0].moment.sentence.fixed else shot.narration,
        "dialogue": tuple(_line(s.who, s.text, s.how, s.off, reading) for s in shot.speeches),
        "join": join,
    }
    return Shot.model_validate({"id": name} | {k: v for k, v in values.items() if v})


def _line(who: str, text: str, how: str, off: bool, reading: Reading) -> Line:
    values = {"who": who, "line": text, "how": how, "on": False if off else None}
    return Line.model_validate({k: v for k, v in values.items() if v not in ("", None)})


def _beats(shot: ShotDraft, cast: tuple[Member, ...], seconds: float) -> tuple[Beat, ...]:
    """A second action of the lead, where the shot is long enough to see both."""
    if shot.speeches or seconds < 4.0 or not shot.lead:
        return ()
    acts = staging.doing(shot.lead, shot)
    second = next((a for a in acts[1:] if a.kind and a.kind != acts[0].kind), None) if acts else None
    member = next((m for m in cast if m.who.partition("@")[0] == shot.lead), None)
    if second is None or member is None:
        return ()
    return (Beat(at=round(seconds * 0.5 * 2) / 2, cast=(Member(who=member.who, does=second.does),)),)


def _cast(out: list[Scene], reading: Reading) -> dict[str, Entity]:
    used = {m.who.partition("@")[0] for scene in out for shot in scene.shots for m in shot.cast}
    used |= {line.who for scene in out for shot in scene.shots for line in shot.dialogue}
    worn = {m.who for scene in out for shot in scene.shots for m in shot.cast if "@" in m.who}
    cast: dict[str, Entity] = {}
    for being in reading.cast.alive():
        if being.id in used:
            looks = {k: Look(wears=v) for k, v in reading.wardrobe.looks(being).items() if f"{being.id}@{k}" in worn}
            values = {"description": settle(being), "wears": being.wears, "looks": looks}
            cast[being.id] = Entity.model_validate({k: v for k, v in values.items() if v})
    return cast


def _props(out: list[Scene], reading: Reading) -> dict[str, Entity]:
    used = {p for scene in out for shot in scene.shots for p in (*shot.props, *(m.holds or "" for m in shot.cast))}
    return {t.id: Entity(description=t.description) for t in reading.props.things if t.id in used}
