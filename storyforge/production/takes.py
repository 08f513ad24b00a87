"""Takes: the finished versions of sheets, panels and shots, and which of them the film shows (DESIGN 2, 7)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from storyforge.cas import Journal, Key, Result, Store, digest
from storyforge.errors import InputError
from storyforge.production.keys import CAST, LEVEL, PANEL, SHOT
from storyforge.production.renderers import Renderer, Renderers
from storyforge.production.spans import Span
from storyforge.production.wishes import Wishes
from storyforge.storyboard import ResolvedShot

ALL = "*"  # among the ids to upgrade: everything, the cast sheets too


class Takes:
    """What a project's journal knows of finished versions that are still in its store.

    upgrade: ids of shots for which only the renderer of today will do; ALL for everything. verify: what is found is
    read and compared with its digest, so that what is damaged does not count as finished.
    """

    def __init__(
        self, store: Store, journal: Journal | None, upgrade: Collection[str] = (), verify: bool = False
    ) -> None:
        self._there = cache(lambda key: (store.get(key) if verify else store.look(key)) is not None)
        self._journal, self._upgrade = journal, upgrade
        self._made: dict[str, dict[str, list[Result]]] = {}

    def of(self, kind: str, name: str) -> Sequence[Result]:
        """Every finished version of one thing, oldest first; take 1 is the first of them."""
        if kind not in self._made:
            self._made[kind] = self._journal.results(kind) if self._journal else {}
        return self._made[kind].get(name, ())

    def upgrades(self, shot: str) -> bool:
        """Whether an upgrade of a shot is wanted."""
        return ALL in self._upgrade or shot in self._upgrade

    def find(self, kind: str, name: str, wish: Key, maker: Key, take: int | None = None) -> Result | None:
        """The newest version that shows what is wished; one by another maker will do unless an upgrade is wanted."""
        strict = self.upgrades(name) if kind != "cast" else ALL in self._upgrade
        for result in reversed(self.of(kind, name)):
            fits = result.wish == wish and (not strict or result.maker == maker) and take in (None, result.take)
            if fits and self._there(result.key):
                return result
        return None

    def pinned(self, shot: ResolvedShot) -> Result | None:
        """The take that a shot is held to: the one it picks, else, if locked, the newest. Raises InputError."""
        made = self.of("draw", shot.id)
        if shot.shot.pick is not None:
            return self._picked(shot.id, shot.shot.pick, made)
        if not shot.shot.lock:
            return None
        return next((result for result in reversed(made) if self._there(result.key)), None)

    def _picked(self, shot: str, pick: str, made: Sequence[Result]) -> Result:
        number = int(pick) if pick.isdecimal() else 0
        if not 1 <= number <= len(made):
            has = f"it has 1 to {len(made)}" if len(made) > 1 else "it has only take 1" if made else "it has none yet"
            raise InputError(f"{shot}: there is no take {pick!r} to pick; {has} (`storyforge takes` lists them)")
        if not self._there(made[number - 1].key):
            raise InputError(f"{shot}: take {number} is no longer in the store; pick another, or remove its `pick`")
        return made[number - 1]


@dataclass(frozen=True)
class Choice:
    """What a render shows and makes: spans with the tries that are wanted of their shots.

    kept: shots shown by a take that is there; held: those of them that stand whatever the storyboard says;
    anew: shots that are made although they are there (retakes, upgrades); wishes: of every shot, for what is made.
    """

    spans: tuple[Span, ...]
    kept: Mapping[str, Result] = field(default_factory=dict)
    held: Mapping[str, Result] = field(default_factory=dict)
    anew: Collection[str] = ()
    wishes: Mapping[str, Key] = field(default_factory=dict)

    def missing(self, span: Span) -> list[str]:
        """Ids of the shots of a span that have to be drawn."""
        return [shot.id for shot in span.shots if shot.id not in self.kept]

    def pins(self, span: Span) -> dict[int, Result]:
        """The takes that a span has to meet, by the number of the shot; none when nothing of it is made.

        A shot that is made anew meets its neighbours as they are, so that it can be picked without touching them.
        """
        missing = self.missing(span)
        stands = self.kept if any(name in self.anew for name in missing) else self.held
        return {number: stands[shot.id] for number, shot in enumerate(span.shots) if missing and shot.id in stands}


def choose(
    laid_out: Sequence[Span], wishes: Wishes, takes: Takes, renderers: Renderers, retakes: Mapping[str, int]
) -> Choice:
    """Finds what is finished; retakes: shots that are wanted anew, and which try that is."""
    chosen: list[Span] = []
    kept: dict[str, Result] = {}
    held: dict[str, Result] = {}
    wished: dict[str, Key] = {}
    anew = {*retakes}
    for span in laid_out:
        maker = maker_of(renderers[span.renderer])
        mine = {shot.id: result for shot in span.shots if (result := takes.pinned(shot)) and shot.id not in retakes}
        plain = wishes.shots(span)
        found = _found(takes, plain, mine, maker)
        if mine and (len(found) < len(span.shots) or any(mine[name].wish != plain[name] for name in mine)):
            plain |= wishes.shots(span, {name: result.key for name, result in mine.items()})
            found = _found(takes, plain, mine, maker)
        anew |= {name for name in plain if name not in found and takes.upgrades(name)}
        tries = {name: result.take for name, result in found.items()} | dict(retakes)
        panels = tuple(replace(panel, take=tries.get(panel.shot.id, 0)) for panel in span.panels)
        chosen.append(replace(span, panels=panels))
        kept |= {name: result for name, result in found.items() if name not in retakes}
        held |= mine
        wished |= plain
    return Choice(tuple(chosen), kept, held, anew, wished)


def _found(takes: Takes, wished: Mapping[str, Key], held: Mapping[str, Result], maker: Key) -> dict[str, Result]:
    found = {name: held.get(name) or takes.find("draw", name, wish, maker) for name, wish in wished.items()}
    return {name: result for name, result in found.items() if result}


def maker_of(renderer: Renderer) -> Key:
    """Digest of all that makes a renderer's results: its weights and settings, and the versions of our own tasks."""
    return digest(("maker", CAST, PANEL, LEVEL, SHOT, renderer.fingerprint))
