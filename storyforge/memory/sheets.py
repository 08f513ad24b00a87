"""Cast sheets: who has to be cast before a film's panels are made, and which sheets a shot reads (DESIGN 8)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from storyforge.cas import digest
from storyforge.storyboard import Resolved, ResolvedShot

EntityKind = Literal["character", "prop", "place"]


@dataclass(frozen=True)
class Casting:
    """One entity in one look: its key ("ember@rain"), what is said of it, its seed and the user's pictures of it.

    The seed belongs to the entity, not to the look, so that what nobody described (build, exact hue) is the same
    in each of its looks.
    """

    key: str
    kind: EntityKind
    text: str
    seed: int
    references: tuple[Path, ...] = ()
    body: str = ""  # of a character: its description without what it wears, the same in each of its looks

    @property
    def entity(self) -> str:
        """Whose sheet it is, in whichever look."""
        return self.key.partition("@")[0]


def castings(resolved: Resolved, folder: Path) -> tuple[Casting, ...]:
    """Every entity x look that the film shows, in order of first appearance; `folder` is the storyboard's."""
    found: dict[str, Casting] = {}
    for shot in resolved.shots:
        for casting in _of_shot(resolved, shot, folder):
            found.setdefault(casting.key, casting)
    return tuple(found.values())


def reads(shot: ResolvedShot, resolved: Resolved) -> tuple[str, ...]:
    """Keys of the sheets that one shot reads."""
    return tuple(dict.fromkeys(casting.key for casting in _of_shot(resolved, shot, Path())))


def sheets_of(shots: Sequence[ResolvedShot], resolved: Resolved) -> tuple[str, ...]:
    """Keys of the sheets that several shots read, each once, in order."""
    return tuple(dict.fromkeys(key for shot in shots for key in reads(shot, resolved)))


def props_seen(shot: ResolvedShot, resolved: Resolved) -> tuple[str, ...]:
    """Ids of the props in a shot: those that somebody holds first, then those that lie there."""
    known = resolved.board.props
    held = [member.holds for piece in shot.pieces for member in piece.cast if member.holds]
    return tuple(name for name in dict.fromkeys([*held, *shot.props]) if name in known)


def character_text(description: str, wears: str | None) -> str:
    """What is said of a character's looks: "a small orange fox, wearing a blue scarf"."""
    return f"{description}, wearing {wears}" if wears else description


def _of_shot(resolved: Resolved, shot: ResolvedShot, folder: Path) -> Iterable[Casting]:
    board = resolved.board
    backs = [piece.over for piece in shot.pieces if piece.over]
    for member in [*(member for piece in shot.pieces for member in piece.cast), *backs]:
        text, body = f"{character_text(member.description, member.wears)}.", f"{member.description}."
        references = _paths(member.references, folder)
        yield Casting(member.key, "character", text, _seed(board.seed, member.id), references, body)
    for name in props_seen(shot, resolved):
        entity = board.props[name]
        yield Casting(name, "prop", entity.description, _seed(board.seed, name), _paths(entity.references, folder))
    place = board.places.get(shot.place or "")
    if shot.place and place is not None:
        references = _paths(place.references, folder)
        yield Casting(shot.place, "place", place.description, _seed(board.seed, shot.place), references)


@cache
def _seed(film: int | None, entity: str) -> int:
    """A seed for an entity of a film: 31 bits, the same whatever else is in the film."""
    return int(digest(("cast", film or 0, entity))[:8], 16) >> 1


def _paths(references: Iterable[str], folder: Path) -> tuple[Path, ...]:
    return tuple(folder / reference for reference in references)
