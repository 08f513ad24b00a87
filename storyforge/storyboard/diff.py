"""What differs between two storyboards, and which shots it reaches once inheritance is applied."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from storyforge.storyboard.model import Entity, Model, Storyboard
from storyforge.storyboard.resolve import ResolvedShot, resolve

SECTIONS = ("cast", "props", "places")
RESOLVED = (
    "frames", "renderer", "style", "avoid", "place", "time", "weather", "music", "seed", "options",
    "camera", "cast", "props", "action", "pieces", "narration", "lines", "titles", "keyframes",
)  # fmt: skip
OWN = ("sounds", "prompt", "lock", "pick", "source", "strength", "note", "beats", "dialogue")


@dataclass(frozen=True)
class Difference:
    """film: fields of the film itself; entities: "cast.ember" -> fields; shots: id -> fields as they are rendered.

    added, removed and moved are ids of shots; a shot has moved when another one comes before it.
    """

    film: tuple[str, ...] = ()
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    shots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.film or self.entities or self.added or self.removed or self.moved or self.shots)

    def lines(self) -> list[str]:
        """The difference as people read it, one line a thing."""
        out = [f"film: {', '.join(self.film)}"] if self.film else []
        out += [f"{name}: {', '.join(fields)}" for name, fields in self.entities.items()]
        out += [f"+ {name}" for name in self.added] + [f"- {name}" for name in self.removed]
        out += [f"{name}: moved" for name in self.moved]
        return out + [f"{name}: {', '.join(fields)}" for name, fields in self.shots.items()]


def diff(old: Storyboard, new: Storyboard) -> Difference:
    """What changed from one storyboard to another."""
    before = {shot.id: shot for shot in resolve(old).shots}
    after = {shot.id: shot for shot in resolve(new).shots}
    both = [name for name in after if name in before]
    reached = {name: changed(old, before[name], new, after[name]) for name in both}
    return Difference(
        film=tuple(key for key in unequal(old, new) if key not in (*SECTIONS, "scenes")),
        entities=entities(old, new),
        added=tuple(name for name in after if name not in before),
        removed=tuple(name for name in before if name not in after),
        moved=tuple(sorted(moved([name for name in before if name in after], both), key=both.index)),
        shots={name: keys for name, keys in reached.items() if keys},
    )


def unequal(old: Model, new: Model) -> list[str]:
    """Fields in which two models of a kind differ."""
    return [key for key in type(old).model_fields if getattr(old, key) != getattr(new, key)]


def entities(old: Storyboard, new: Storyboard) -> dict[str, tuple[str, ...]]:
    """Entities that differ, with the fields in which they do; one that came or went differs in `added` or `removed`."""
    out: dict[str, tuple[str, ...]] = {}
    for section in SECTIONS:
        was: Mapping[str, Entity] = getattr(old, section)
        now: Mapping[str, Entity] = getattr(new, section)
        for name in dict.fromkeys([*was, *now]):
            if name not in was or name not in now:
                out[f"{section}.{name}"] = ("added",) if name in now else ("removed",)
            elif keys := unequal(was[name], now[name]):
                out[f"{section}.{name}"] = tuple(keys)
    return out


def changed(old: Storyboard, was: ResolvedShot, new: Storyboard, now: ResolvedShot) -> tuple[str, ...]:
    """Fields in which a shot differs as it is rendered, under the names that the YAML has for them."""
    keys = [key for key in RESOLVED if getattr(was, key) != getattr(now, key)]
    keys += [key for key in OWN if getattr(was.shot, key) != getattr(now.shot, key)]
    if (was.join_kind, was.join_frames) != (now.join_kind, now.join_frames):
        keys.append("join")
    if described(old, was) != described(new, now):
        keys.append("props" if was.place == now.place and described(old, was)[0] == described(new, now)[0] else "place")
    told = {"frames": "seconds", "pieces": "beats", "lines": "dialogue"}
    return tuple(dict.fromkeys(told.get(key, key) for key in keys if not echoes(key, keys)))


def echoes(key: str, keys: list[str]) -> bool:
    """Whether a field only repeats another's change: pieces hold the camera, cast and action; lines the length."""
    causes = {"pieces": {"camera", "cast", "action", "frames"}, "lines": {"frames", "narration"}, "titles": {"frames"}}
    return key in causes and bool(causes[key] & set(keys))


def described(board: Storyboard, shot: ResolvedShot) -> tuple[Any, ...]:
    """What the shot's place and props are said to look like."""
    held = [member.holds for piece in shot.pieces for member in piece.cast if member.holds]
    props = [board.props.get(name) for name in dict.fromkeys([*held, *shot.props])]
    return board.places.get(shot.place or ""), props


def moved(old: list[str], new: list[str]) -> set[str]:
    """The fewest names that must move to turn one order into the other: all but a longest common subsequence."""
    rank = {name: index for index, name in enumerate(old)}
    best: list[list[str]] = []  # best[k]: a rising run of k + 1 names whose last rank is smallest
    for name in new:
        run = next((k for k, kept in enumerate(best) if rank[kept[-1]] > rank[name]), len(best))
        best[run : run + 1] = [[*(best[run - 1] if run else []), name]]
    return set(new) - set(best[-1] if best else [])
