"""The order of scenes and shots where a planner and a person both changed it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from storyforge.storyboard.diff import moved
from storyforge.storyboard.model import Storyboard

Order = dict[str, list[str]]
"""Ids of the scenes in order, each with those of its shots."""


def order_of(board: Storyboard) -> Order:
    """The ids of a board in order."""
    return {scene.id: [shot.id for shot in scene.shots] for scene in board.scenes}


def homes(order: Order) -> dict[str, str]:
    """Each shot's scene."""
    return {shot: scene for scene, shots in order.items() for shot in shots}


def shifted(before: Order, after: Order) -> set[str]:
    """Shots that went to another scene, or to another place in theirs."""
    old, new = homes(before), homes(after)
    out = {name for name, scene in new.items() if name in old and old[name] != scene}
    for scene, shots in after.items():
        kept = [name for name in shots if old.get(name) == scene]
        out |= moved([name for name in before.get(scene, ()) if new.get(name) == scene], kept)
    return out


@dataclass
class Arrangement:
    """Scenes and shots in the order of the storyboard, with what the plan adds and moves.

    stays: shots that are not moved, by why; removed: shots that go; holds: shots that would have gone but for their
    scene, which somebody wrote.
    """

    order: Order
    stays: dict[str, str] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    holds: list[str] = field(default_factory=list)


def arranged(
    mine: Order,
    base: Order | None,
    plan: Order,
    *,
    removable: Collection[str],
    fixed: Collection[str],
    written: Callable[[str], bool],
) -> Arrangement:
    """Takes over what the plan changed of the order since `base`; where both changed it, it stays as it is.

    removable: shots that may go; fixed: shots that nothing moves; written: whether a person wrote on a scene.
    """
    known = base or {}
    wanted, old, here = homes(plan), homes(known), homes(mine)
    ours, theirs = shifted(known, mine), shifted(known, plan)
    moving = [name for name in wanted if name in here and name in theirs]
    made = Arrangement({}, {name: "you moved it" for name in moving if name in ours})
    made.stays |= {name: "it is locked" for name in moving if name in fixed}
    moving = [name for name in moving if name not in made.stays]
    new = [name for name in wanted if name not in here and name not in old]
    leaving = {*removable, *moving}
    filled = {wanted[name] for name in (*new, *moving)}
    for scene, shots in mine.items():
        if leaving.issuperset(shots) and scene not in filled and written(scene):
            leaving -= set(shots)
            made.holds += shots
            moving = [name for name in moving if name not in shots]
    made.removed = leaving - set(moving)
    order = _scenes([*mine], [*known], [*plan], {wanted[name] for name in (*new, *moving)})
    made.order = {scene: [name for name in mine.get(scene, ()) if name not in leaving] for scene in order}
    for scene, shots in plan.items():
        for name in shots:
            if name in moving or name in new:
                put(made.order[scene], name, shots)
    made.order = {scene: shots for scene, shots in made.order.items() if shots}
    return made


def _scenes(mine: list[str], base: list[str], plan: list[str], needed: Collection[str]) -> list[str]:
    """The scenes in order: those that the plan moved, and those that it needs and that are not there, at its places."""
    both = [name for name in mine if name in base and name in plan]
    ours = moved([name for name in base if name in mine], [name for name in mine if name in base])
    theirs = moved([name for name in base if name in plan], [name for name in plan if name in base])
    moving = [name for name in both if name in theirs and name not in ours]
    order = [name for name in mine if name not in moving]
    for name in plan:
        if name in moving or (name in needed and name not in mine):
            put(order, name, plan)
    return order


def put(order: list[str], name: str, sequence: Sequence[str]) -> None:
    """Puts a name after the nearest one before it in a sequence, and after what follows that one from elsewhere.

    Where none is there it goes before the nearest one after it, or to the end.
    """
    number = sequence.index(name)
    before = next((one for one in reversed(sequence[:number]) if one in order), None)
    if before is None:
        after = next((one for one in sequence[number + 1 :] if one in order), None)
        order.insert(order.index(after) if after is not None else len(order), name)
        return
    at, known = order.index(before) + 1, set(sequence)
    while at < len(order) and order[at] not in known:
        at += 1
    order.insert(at, name)
