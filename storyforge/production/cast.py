"""The cast: which take of its sheet each entity x look of a film is shown by (DESIGN 8).

A take of an entity is a take of it in every look: what nobody described is the same in each of them. Takes are numbered
by their tries, so that a pick in the storyboard means the same sheet on every machine, whatever was tried on it.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from storyforge.cas import Key, Result, digest, file_digest
from storyforge.errors import InputError
from storyforge.memory import Casting, castings
from storyforge.production.renderers import made_with
from storyforge.production.takes import Takes
from storyforge.storyboard import Entity, Resolved

SECTIONS = {"character": "cast", "prop": "props", "place": "places"}


class Cast:
    """A film's sheets, and which take of each it shows; home: the storyboard's folder, where its pictures lie.

    retakes: entities that are wanted anew, and which try that is.
    """

    def __init__(self, resolved: Resolved, home: Path, takes: Takes, retakes: Mapping[str, int] | None = None) -> None:
        self.resolved, self._home, self._takes, self._retakes = resolved, home, takes, retakes or {}
        self._wishes: dict[tuple[str, str], Key] = {}
        self._read: dict[tuple[str, str], Key] = {}

    @cached_property
    def castings(self) -> Mapping[str, Casting]:
        """Every entity x look of the film by its key, as it is at its first try."""
        return {casting.key: casting for casting in castings(self.resolved, self._home)}

    def entity(self, name: str) -> Entity:
        """What the storyboard says of the entity of a sheet."""
        casting = self.castings[name]
        found: Entity = getattr(self.resolved.board, SECTIONS[casting.kind])[casting.entity]
        return found

    def wish(self, renderer: str, name: str) -> Key:
        """What a sheet is to show, at whichever try; pictures enter by their contents."""
        known = self._wishes.get((renderer, name))
        if known is None:
            known = self._wishes[renderer, name] = _wish(renderer, self.castings[name])
        return known

    def held(self, renderer: str, name: str) -> Result | None:
        """The sheet that a locked entity is held to: the one the film shows; None before there is one."""
        entity = self.entity(name)
        if not entity.lock or self.castings[name].entity in self._retakes:
            return None
        before = [
            one for one in self._takes.of("cast", name)
            if self._takes.there(one.key) and made_with(one.made_by, renderer)
        ]  # fmt: skip
        if entity.pick is not None:
            before = [one for one in before if one.take == _try(name, entity.pick)]
        now = [one for one in before if one.wish == self.wish(renderer, name)]
        return max(now or before, key=lambda one: one.shown, default=None)

    def take(self, renderer: str, name: str) -> int:
        """Which try of its entity is shown: the one that is picked, else the newest of these words."""
        entity, mine = self.entity(name), self.castings[name].entity
        if mine in self._retakes:
            return self._retakes[mine]
        if entity.pick is not None:
            return _try(name, entity.pick)
        looks = [other for other, casting in self.castings.items() if casting.entity == mine]
        return max(self.tries(renderer, *looks), default=0)

    def tries(self, renderer: str, *names: str) -> list[int]:
        """The tries that were made of sheets with the words they have now."""
        return [
            one.take for name in names for one in self._takes.of("cast", name) if one.wish == self.wish(renderer, name)
        ]

    def casting(self, renderer: str, name: str) -> Casting:
        """What is to be cast, with the seed of its try."""
        casting, take = self.castings[name], self.take(renderer, name)
        return replace(casting, seed=int(digest(("take", casting.seed, take))[:8], 16) >> 1) if take else casting

    def read(self, renderer: str, name: str) -> Key:
        """Which sheet it is that panels and shots read, whoever makes it."""
        known = self._read.get((renderer, name))
        if known is None:
            known = self._read[renderer, name] = self._identity(self.shown(renderer, name))
        return known

    def shown(self, renderer: str, name: str) -> tuple[Key, int]:
        """What the sheet that is shown was to show, and which try it is."""
        held = self.held(renderer, name)
        return (held.wish, held.take) if held else (self.wish(renderer, name), self.take(renderer, name))

    @staticmethod
    def _identity(sheet: tuple[Key, int]) -> Key:
        """Of a first try its wish alone."""
        return digest(sheet) if sheet[1] else sheet[0]

    def last(self, renderer: str, name: str) -> Result | None:
        """The sheet of a renderer that the film showed last; another renderer of the same film has its own."""
        shown = (one for one in self._takes.of("cast", name) if one.shown and made_with(one.made_by, renderer))
        return max(shown, key=lambda one: one.shown, default=None)

    def changed(self, renderer: str, name: str) -> bool:
        """Whether the film showed another sheet until now."""
        last = self.last(renderer, name)
        return last is not None and self._identity((last.wish, last.take)) != self.read(renderer, name)


def _wish(renderer: str, casting: Casting) -> Key:
    references = [file_digest(Path(path)) for path in casting.references]
    return digest(("cast", renderer, casting.key, casting.kind, casting.text, casting.body, casting.seed, references))


def _try(name: str, pick: str) -> int:
    """The try that a pick names. Raises InputError for one that is no number of a take."""
    if not pick.isdecimal() or int(pick) < 1:
        entity = name.partition("@")[0]
        raise InputError(f"{entity}: pick {pick!r} is no take of its sheet; write its number, such as 1")
    return int(pick) - 1


def entity_named(resolved: Resolved, name: str) -> str | None:
    """Where an entity stands in the storyboard ("cast.ember"), by that or its bare name; None for all other names."""
    board = resolved.board
    for section in SECTIONS.values():
        for known in getattr(board, section):
            if name == f"{section}.{known}" or (name == known and all(shot.id != name for shot in resolved.shots)):
                return f"{section}.{known}"
    return None
