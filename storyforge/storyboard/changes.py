"""What changes from one storyboard to another in film words: each thing that came, went or differs, old and new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from storyforge.storyboard.diff import SECTIONS, moved, unequal
from storyforge.storyboard.model import (
    Beat,
    Camera,
    End,
    Entity,
    Join,
    Keyframe,
    Line,
    Look,
    Member,
    Model,
    Scene,
    Shot,
    Storyboard,
    Title,
)

NOTHING = "nothing"


@dataclass(frozen=True)
class Change:
    """One thing that differs.

    what: "film", "cast ember", "scene storm", "shot storm-1". field: its key in the YAML, empty where the whole thing
    came or went. old, new: its value in words; empty where there is none.
    """

    kind: Literal["added", "removed", "moved", "changed", "renamed"]
    what: str
    field: str = ""
    old: str = ""
    new: str = ""


def changes(old: Storyboard, new: Storyboard, pairs: Sequence[tuple[Shot, Shot]] | None = None) -> list[Change]:
    """Every change, the film's own first, then entities, scenes and shots in the new film's order.

    pairs: the shots that are the same one, in the new film's order; found by their words where they are not given.
    """
    if pairs is None:
        pairs = matched(shots_of(old), shots_of(new))
    film = [key for key in unequal(old, new) if key not in (*SECTIONS, "scenes")]
    out = [_changed("film", key, getattr(old, key), getattr(new, key)) for key in film]
    for section in SECTIONS:
        out += _entities(section, getattr(old, section), getattr(new, section))
    return out + _scenes(old, new, pairs) + _shots(old, new, pairs) + _renamed(pairs)


def shots_of(board: Storyboard) -> list[Shot]:
    """All shots in order."""
    return [shot for scene in board.scenes for shot in scene.shots]


def said(shot: Shot) -> str:
    """The words by which people know a shot: narration, else its lines, else its action."""
    lines = " ".join(line.line for line in shot.dialogue)
    return shot.narration or lines or shot.action or shot.source or ""


def matched(old: Sequence[Shot], new: Sequence[Shot]) -> list[tuple[Shot, Shot]]:
    """Shots that are the same one: those that say the same in the same order, then those of the same id.

    A sentence put into a story moves the numbers of all shots after it; by their words they are found again.
    """
    before, after = ([said(shot) or shot.id for shot in shots] for shots in (old, new))
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    pairs = {block.b + i: block.a + i for block in blocks for i in range(block.size)}
    left = {shot.id: index for index, shot in enumerate(old) if index not in set(pairs.values())}
    for index, shot in enumerate(new):
        if index not in pairs and shot.id in left:
            pairs[index] = left.pop(shot.id)
    return [(old[pairs[index]], new[index]) for index in sorted(pairs)]


def _changed(what: str, field: str, old: Any, new: Any) -> Change:
    return Change("changed", what, field, in_words(field, old), in_words(field, new))


def _entities(section: str, old: Mapping[str, Entity], new: Mapping[str, Entity]) -> list[Change]:
    out: list[Change] = []
    for name in dict.fromkeys([*old, *new]):
        what = f"{section.removesuffix('s')} {name}"
        if name not in old:
            out.append(Change("added", what, new=new[name].description))
        elif name not in new:
            out.append(Change("removed", what, old=old[name].description))
        else:
            out += [_changed(what, key, *_both(old[name], new[name], key)) for key in unequal(old[name], new[name])]
    return out


def _both(old: Model, new: Model, key: str) -> tuple[Any, Any]:
    return getattr(old, key), getattr(new, key)


def _scenes(old: Storyboard, new: Storyboard, pairs: Sequence[tuple[Shot, Shot]]) -> list[Change]:
    olds, news = _homes(old), _homes(new)
    went = {id(was): news[id(now)] for was, now in pairs}
    came = {id(now): olds[id(was)] for was, now in pairs}
    before, after = ({scene.id: scene for scene in board.scenes} for board in (old, new))
    out: list[Change] = []
    for name in dict.fromkeys([*before, *after]):
        if name not in before:
            out.append(Change("added", f"scene {name}", new=_summary(after[name], came, "from")))
        elif name not in after:
            out.append(Change("removed", f"scene {name}", old=_summary(before[name], went, "now in")))
        else:
            keys = [key for key in unequal(before[name], after[name]) if key != "shots"]
            out += [_changed(f"scene {name}", key, *_both(before[name], after[name], key)) for key in keys]
    kept = [name for name in after if name in before]
    gone = moved([name for name in before if name in after], kept)
    return out + [Change("moved", f"scene {name}") for name in kept if name in gone]


def _homes(board: Storyboard) -> dict[int, str]:
    """For each shot the scene that it is in."""
    return {id(shot): scene.id for scene in board.scenes for shot in scene.shots}


def _summary(scene: Scene, elsewhere: Mapping[int, str], where: str) -> str:
    """How many shots a scene has, and its first words; of those that another scene has or had, only which one."""
    own = [shot for shot in scene.shots if id(shot) not in elsewhere]
    others = ", ".join(dict.fromkeys(elsewhere[id(shot)] for shot in scene.shots if id(shot) in elsewhere))
    many = f"{len(scene.shots)} shot{'' if len(scene.shots) == 1 else 's'}"
    if not own:
        return f"{many}, {where} {others}"
    return f"{many}: {said(own[0])}" + (f" ({len(scene.shots) - len(own)} of them {where} {others})" if others else "")


def _shots(old: Storyboard, new: Storyboard, pairs: Sequence[tuple[Shot, Shot]]) -> list[Change]:
    """Shots that came, went, moved or differ; those of a scene that came or went as a whole are not told again."""
    scenes = [{scene.id for scene in board.scenes} for board in (old, new)]
    olds, news = _homes(old), _homes(new)
    known = {id(shot) for pair in pairs for shot in pair}
    went = [shot for scene in old.scenes if scene.id in scenes[1] for shot in scene.shots if id(shot) not in known]
    came = {id(shot) for scene in new.scenes if scene.id in scenes[0] for shot in scene.shots if id(shot) not in known}
    before = {id(after): was for was, after in pairs}
    both = scenes[0] & scenes[1]
    elsewhere = {id(now) for was, now in pairs if len({olds[id(was)], news[id(now)]} & both) == 2}
    kept = [was.id for was, now in pairs if id(now) not in elsewhere]
    gone = moved([shot.id for shot in shots_of(old) if shot.id in set(kept)], kept)
    out = [Change("removed", f"shot {shot.id}", old=_told(shot)) for shot in went]
    for shot in shots_of(new):
        was = before.get(id(shot))
        if id(shot) in came:
            out.append(Change("added", f"shot {shot.id}", new=_told(shot)))
        elif was is not None:
            if id(shot) in elsewhere or was.id in gone:
                where = f"to scene {news[id(shot)]}" if id(shot) in elsewhere else ""
                out.append(Change("moved", f"shot {shot.id}", new=where))
            out += _shot(was, shot)
    return out


def _told(shot: Shot) -> str:
    length = f"{in_words('seconds', shot.seconds)}: " if isinstance(shot.seconds, float) else ""
    return f"{length}{said(shot)}"


def _shot(old: Shot, new: Shot) -> list[Change]:
    what, out = f"shot {new.id}", list[Change]()
    for key in unequal(old, new):
        if key == "cast":
            out += _members(what, old.cast, new.cast)
        elif key != "id":
            out.append(_changed(what, key, *_both(old, new, key)))
    return out


def _members(what: str, old: Sequence[Member], new: Sequence[Member]) -> list[Change]:
    """Who came into a shot and who left it, and what each does differently."""
    before, after = ({member.who.partition("@")[0]: member for member in cast} for cast in (old, new))
    out: list[Change] = []
    for name in dict.fromkeys([*before, *after]):
        if name not in before or name not in after:
            was, now = (in_words("cast", (cast[name],)) if name in cast else NOTHING for cast in (before, after))
            out.append(Change("changed", what, "cast", was, now))
        else:
            differ = unequal(before[name], after[name])
            out += [_changed(what, f"{name} {key}", *_both(before[name], after[name], key)) for key in differ]
    if not out:  # the same people in another order
        out.append(_changed(what, "cast", tuple(m.who for m in old), tuple(m.who for m in new)))
    return out


def _renamed(pairs: Sequence[tuple[Shot, Shot]]) -> list[Change]:
    """Shots that only have another id, told together."""
    other = [(old.id, new.id) for old, new in pairs if old.id != new.id]
    if not other:
        return []
    many = f"{len(other)} shot{'' if len(other) == 1 else 's'}"
    return [Change("renamed", many, "id", *(", ".join(ids) for ids in zip(*other, strict=True)))]


def in_words(field: str, value: Any) -> str:
    """A field's value as a film-maker says it."""
    if field == "join" and value is None:
        return "as its scene says"
    if value is None or value in ("", (), {}):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:g}{' s' if field == 'seconds' else ''}"
    if isinstance(value, str):
        return f'"{value}"' if " " in value else value
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {in_words('', inner)}" for name, inner in value.items())
    if isinstance(value, tuple | list):
        return "; ".join(in_words("", inner) for inner in value)
    return _of_model(value)


def _of_model(value: Model) -> str:
    """A camera, a join, a member, a line and the like on one line."""
    match value:
        case Camera():
            words = [value.setup, value.shot, value.angle and f"{value.angle} angle", value.on and f"on {value.on}"]
            return ", ".join(filter(None, [*words, value.over and f"over {value.over}", value.move])) or NOTHING
        case Join() | End():
            return value.kind + (f" {value.seconds:g} s" if value.seconds else "")
        case Member():
            told = [in_words("", getattr(value, key)) for key in ("at", "feels", "does", "holds")]
            more = ", ".join(word for word in told if word != NOTHING)
            return f"{value.who} ({more})" if more else value.who
        case Line():
            return f'{value.who}: "{value.line}"'
        case Title():
            return f'"{value.text}"'
        case Look():
            return in_words("", value.wears or value.description)
        case Beat():
            told = [in_words("", part) for part in (value.action, value.camera, value.cast)]
            return f"at {value.at:g} s " + ", ".join(word for word in told if word != NOTHING)
        case Keyframe():
            return f"{value.picture} at {value.at}"
        case _:
            told = [f"{key} {in_words(key, getattr(value, key))}" for key in sorted(value.model_fields_set)]
            return ", ".join(told) or NOTHING
