"""A new plan merged into a storyboard that people edited: what only the planner changed changes, the rest stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from storyforge.errors import InputError, StoryboardError
from storyforge.storyboard.arrange import Arrangement, arranged, order_of, put
from storyforge.storyboard.changes import Change, changes, in_words, said, shots_of
from storyforge.storyboard.diff import SECTIONS, unequal
from storyforge.storyboard.identity import adopted
from storyforge.storyboard.model import Entity, Model, Scene, Shot, Storyboard
from storyforge.storyboard.nodes import Path
from storyforge.storyboard.remarks import Remarks
from storyforge.storyboard.rewrite import rewritten
from storyforge.storyboard.rules import broken
from storyforge.storyboard.yaml import Document

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Kept:
    """One thing that stays although the plan says otherwise.

    what: as in Change, "shot storm-1". why: "you changed it", "it is locked" ... field: its key, empty where it is
    about the whole thing. yours, plan: its values in words, or what the plan does; empty where there is none.
    """

    what: str
    why: str
    field: str = ""
    yours: str = ""
    plan: str = ""

    def __str__(self) -> str:
        if self.field:
            return f"kept yours: {self.what} {self.field} {self.yours}; the plan now says {self.plan}"
        return f"kept yours: {self.what}, {self.plan}: {self.why}"


@dataclass(frozen=True)
class Merge:
    """document: the storyboard as it would be. changes: from what it is. kept: what the plan would have otherwise.

    plan: the new plan under the ids that the storyboard has for its shots: the base of the next merge.
    """

    document: Document
    changes: tuple[Change, ...]
    kept: tuple[Kept, ...]
    plan: Storyboard


def merge(document: Document, plan: Storyboard, base: Storyboard | None) -> Merge:
    """Merges a plan into a storyboard; base: the plan before, from which people edited; None when nobody knows it.

    Without a base all that differs counts as edited, and the plan only adds. A locked shot keeps everything. Raises
    InputError when the result would not be a valid storyboard, or cannot be written without touching anything else.
    """
    plan = adopted(plan, base or document.board, document.board)
    merger = _Merger(document, plan, base)
    wanted = merger.board()
    _check(document, wanted)
    try:
        after = rewritten(document, wanted)
    except StoryboardError as error:  # its lines are those of a text that nobody sees
        fault = error.mistakes[0].partition(": ")[2]
        raise InputError(f"{document.path}: nothing is changed, for with the plan's changes {fault}") from error
    old = {shot.id: shot for shot in shots_of(document.board)}
    pairs = [(old[shot.id], shot) for shot in shots_of(wanted) if shot.id in old]
    return Merge(after, tuple(changes(document.board, wanted, pairs)), tuple(merger.kept), plan)


def _check(document: Document, wanted: Storyboard) -> None:
    """Refuses a board whose parts do not fit together, by the place of the shot that does not."""
    for path, sentence in broken(wanted, document.path.absolute().parent):
        where = "the film"
        if path[:1] == ("scenes",) and len(path) > 1:
            scene = wanted.scenes[int(path[1])]
            where = f"shot {scene.shots[int(path[3])].id}" if path[2:3] == ("shots",) else f"scene {scene.id}"
        raise InputError(
            f"{document.path}: nothing is changed, for the plan's changes do not fit with yours: {where}: {sentence}"
        )


class _Merger:
    def __init__(self, document: Document, plan: Storyboard, base: Storyboard | None) -> None:
        self.mine, self.plan, self.base = document.board, plan, base
        self.kept: list[Kept] = []
        self._remarks = Remarks(document)
        self._old, self._new = _by_id(base), _by_id(plan)
        self._old_scenes = {scene.id: scene for scene in base.scenes} if base else {}
        self._new_scenes = {scene.id: scene for scene in plan.scenes}
        self._places = {scene.id: number for number, scene in enumerate(self.mine.scenes)}

    def board(self) -> Storyboard:
        """The board as it is to be."""
        film = self._fields("film", (), self.base, self.plan, self.mine, (*SECTIONS, "scenes"))
        shots = {shot.id: self._shot(shot, ("scenes", s, "shots", i)) for s, i, shot in _numbered(self.mine)}
        arrangement = self._arrangement()
        scenes = [self._scene(name, ids, shots) for name, ids in arrangement.order.items()]
        wanted = film.but(scenes=tuple(scenes))
        return wanted.but(**{section: self._entities(section, wanted) for section in SECTIONS})

    def _fields(self, what: str, path: Path, base: M | None, plan: M, mine: M, skip: tuple[str, ...] = ()) -> M:
        """One thing with the fields that only the planner changed."""
        changed: dict[str, Any] = {}
        for key in self._news(base, plan, mine, skip):
            now = getattr(plan, key)
            gone = now == type(plan).model_fields[key].get_default(call_default_factory=True)
            edited = base is None or getattr(mine, key) != getattr(base, key)
            if not edited and not self._remarks.on_key(path, key, gone=gone):
                changed[key] = now
                continue
            why = "you changed it" if edited else "you wrote a comment on it"
            self.kept.append(Kept(what, why, key, in_words(key, getattr(mine, key)), in_words(key, now)))
        return mine.but(**changed) if changed else mine

    def _news(self, base: M | None, plan: M, mine: M, skip: tuple[str, ...] = ()) -> list[str]:
        """Fields in which a plan differs from a board and from the plan before; without one, those that it gives."""
        keys = [key for key in unequal(mine, plan) if key not in skip]
        if base is not None:
            return [key for key in keys if getattr(plan, key) != getattr(base, key)]
        defaults = {key: type(plan).model_fields[key].get_default(call_default_factory=True) for key in keys}
        return [key for key in keys if getattr(plan, key) != defaults[key]]

    def _shot(self, mine: Shot, path: Path) -> Shot:
        plan, base = self._new.get(mine.id), self._old.get(mine.id)
        if plan is None:
            return mine
        what = f"shot {mine.id}"
        if not mine.lock:
            return self._fields(what, path, base, plan, mine, ("id",))
        news = self._news(base, plan, mine, ("id",))
        if news:
            self.kept.append(Kept(what, "it is locked", plan=f"of which the plan changes {' and '.join(news)}"))
        return mine

    def _scene(self, name: str, ids: list[str], shots: Mapping[str, Shot]) -> Scene:
        """A scene with the shots that it has in the end."""
        number, plan = self._places.get(name), self._new_scenes.get(name)
        scene = self._new_scenes[name] if number is None else self.mine.scenes[number]
        if number is not None and plan is not None:
            path = ("scenes", number)
            scene = self._fields(f"scene {name}", path, self._old_scenes.get(name), plan, scene, ("id", "shots"))
        return scene.but(shots=tuple(shots.get(one) or self._new[one] for one in ids))

    def _arrangement(self) -> Arrangement:
        """Where everything goes, and why what the plan no longer has stays."""
        removable, why = set[str](), dict[str, str]()
        for s, i, shot in _numbered(self.mine):
            if shot.id not in self._new and shot.id in self._old:
                why[shot.id] = self._held(shot, s, i)
                if not why[shot.id]:
                    removable.add(shot.id)
        made = arranged(
            order_of(self.mine),
            order_of(self.base) if self.base else None,
            order_of(self.plan),
            removable=removable,
            fixed={shot.id for shot in shots_of(self.mine) if shot.lock},
            written=self._written,
        )
        why |= dict.fromkeys(made.holds, "you changed its scene")
        for name, reason in why.items():
            if reason and name not in self._new:
                self.kept.append(Kept(f"shot {name}", reason, plan="which the plan no longer has"))
        stays = made.stays | {name: why[name] for name in made.holds if name in self._new}
        self.kept += [Kept(f"shot {name}", reason, plan="which the plan moves") for name, reason in stays.items()]
        here = {shot.id for shot in shots_of(self.mine)}
        for name, shot in self._new.items():
            if name in self._old and name not in here and self._old[name] != shot:
                self.kept.append(Kept(f"shot {name}", "you removed it", plan=f"which the plan changes ({said(shot)})"))
        return made

    def _held(self, shot: Shot, scene: int, number: int) -> str:
        """Why a shot that the plan no longer has stays all the same; empty when it does not."""
        if shot.lock:
            return "it is locked"
        if shot.pick is not None:
            return "you picked a take of it"
        if shot != self._old[shot.id]:
            return "you changed it"
        return "you wrote a comment on it" if self._remarks.on_shot(scene, number) else ""

    def _written(self, name: str) -> bool:
        """Whether a person wrote on a scene: its own, another value, or a comment."""
        number, base = self._places[name], self._old_scenes.get(name)
        if base is None or any(key != "shots" for key in unequal(self.mine.scenes[number], base)):
            return True
        return self._remarks.on_scene(number)

    def _entities(self, section: str, wanted: Storyboard) -> dict[str, Entity]:
        """Entities of a section: those of the plan come and go, but none that is in use goes."""
        mine, plan = getattr(self.mine, section), getattr(self.plan, section)
        base = getattr(self.base, section) if self.base else {}
        used, kind = _names(wanted), section.removesuffix("s")
        out: dict[str, Entity] = {}
        for name, entity in mine.items():
            if name in plan:
                out[name] = self._fields(f"{kind} {name}", (section, name), base.get(name), plan[name], entity)
                continue
            edited = name in base and entity != base[name]
            remarked = self._remarks.on_key((section,), name, gone=True)
            if name not in base or name in used or edited or remarked:
                out[name] = entity
            if name in base and name not in used and (edited or remarked):
                why = "you changed it" if edited else "you wrote a comment on it"
                self.kept.append(Kept(f"{kind} {name}", why, plan="which the plan no longer has"))
        order = [*out]
        for name in plan:
            if name not in mine and (name not in base or name in used):
                put(order, name, [*plan])
        return {name: out.get(name) or plan[name] for name in order}


def _by_id(board: Storyboard | None) -> dict[str, Shot]:
    return {shot.id: shot for shot in shots_of(board)} if board else {}


def _numbered(board: Storyboard) -> list[tuple[int, int, Shot]]:
    """Every shot with the number of its scene and its own in that."""
    return [(s, i, shot) for s, scene in enumerate(board.scenes) for i, shot in enumerate(scene.shots)]


def _names(board: Storyboard) -> set[str]:
    """Every word of the scenes that may be an entity's name, `ember` of `ember@rain`."""
    out: set[str] = set()
    left: list[Any] = [board.place, *(scene.model_dump(exclude_defaults=True) for scene in board.scenes)]
    while left:
        value = left.pop()
        if isinstance(value, str):
            out.add(value.partition("@")[0])
        elif isinstance(value, Mapping):
            left += [inner for key, inner in value.items() if key != "id"]
        elif isinstance(value, list | tuple):
            left += value
    return out
