"""Takes: the finished versions of sheets, panels and shots, and which of them the film shows (DESIGN 2, 7)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from storyforge.cas import Journal, Key, Result, Store, digest
from storyforge.production.keys import CAST, LEVEL, PANEL, SHOT
from storyforge.production.renderers import Renderer, Renderers
from storyforge.production.spans import Panel, Span
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
        self._store = store
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

    def find(
        self, kind: str, name: str, wish: Key, maker: Key, take: int | None = None, strict: bool | None = None
    ) -> Result | None:
        """The newest version that shows what is wished; one by another maker will do unless an upgrade is wanted."""
        if strict is None:
            strict = self.upgrades(name) if kind != "cast" else ALL in self._upgrade
        for result in reversed(self.of(kind, name)):
            fits = result.wish == wish and (not strict or result.maker == maker) and take in (None, result.take)
            if fits and self.there(result.key):
                return result
        return None

    def there(self, key: str) -> bool:
        """Whether a result is in the store."""
        return bool(key) and self._there(key)

    def pinned(self, shot: ResolvedShot, wish: Key) -> Result | None:
        """The take that a shot is held to: the one it picks, else, if locked, the one that the film shows.

        None for a pick that cannot be shown: `trouble` says why.
        """
        made = self.of("draw", shot.id)
        if shot.shot.pick is not None:
            return None if self.trouble(shot) else made[int(shot.shot.pick) - 1]
        if not shot.shot.lock:
            return None
        now = self.find("draw", shot.id, wish, Key(""), strict=False)
        before = sorted((result for result in made if self.there(result.key)), key=lambda result: result.shown)
        return now or (before[-1] if before else None)

    def trouble(self, shot: ResolvedShot) -> str:
        """Why a shot's pick cannot be shown, with the next step; empty when it can or there is none."""
        pick, made = shot.shot.pick, self.of("draw", shot.id)
        if pick is None:
            return ""
        number = int(pick) if pick.isdecimal() else 0
        if not 1 <= number <= len(made):
            has = f"it has 1 to {len(made)}" if len(made) > 1 else "it has only take 1" if made else "it has none yet"
            return f"{shot.id}: there is no take {pick!r} to pick; {has} (`storyforge takes` lists them)"
        if not self.there(made[number - 1].key):
            return f"{shot.id}: take {number} is no longer in the store; pick another, or remove its `pick`"
        return ""

    def misfit(self, shot: ResolvedShot, held: Result, size: tuple[int, int]) -> str:
        """Why a take that a shot is held to does not fit into the film, with the next step; empty when it does."""
        blob = self._store.look(held.key)
        known = blob.meta if blob else {}
        number = list(self.of("draw", shot.id)).index(held) + 1
        if "frames" in known and known["frames"] != shot.frames:
            what = f"has {known['frames']} frames, and the shot now {shot.frames}"
        elif "size" in known and tuple(known["size"]) != size:
            what = "is {}x{}, and the film now {}x{}".format(*known["size"], *size)
        else:
            return ""
        return f"{shot.id}: take {number}, which it is held to, {what}; undo that, or remove its `lock` or `pick`"


@dataclass(frozen=True)
class Choice:
    """What a render shows and makes: spans with the tries that are wanted of their shots.

    kept: shots shown by a take that is there; held: those of them that stand whatever the storyboard says; met: by
    span, the takes that it has to meet; wishes: of every shot, for what is made.
    """

    spans: tuple[Span, ...]
    kept: Mapping[str, Result] = field(default_factory=dict)
    held: Mapping[str, Result] = field(default_factory=dict)
    met: Mapping[str, Mapping[int, Result]] = field(default_factory=dict)
    wishes: Mapping[str, Key] = field(default_factory=dict)

    def missing(self, span: Span) -> list[str]:
        """Ids of the shots of a span that have to be drawn."""
        return [shot.id for shot in span.shots if shot.id not in self.kept]

    def panels(self, span: Span) -> list[Panel]:
        """The panels that a span needs: one that is held to its take needs none, unless others are made beside it."""
        missing = self.missing(span)
        return [panel for panel in span.panels if missing or panel.shot.id not in self.held]

    def pins(self, span: Span) -> Mapping[int, Result]:
        """The takes that a span has to meet, by the number of the shot; none when nothing of it is made."""
        return self.met.get(span.name, {})


def choose(
    laid_out: Sequence[Span], wishes: Wishes, takes: Takes, renderers: Renderers, retakes: Mapping[str, int]
) -> Choice:
    """Finds what is finished; retakes: shots that are wanted anew, and which try that is."""
    chosen: list[Span] = []
    kept: dict[str, Result] = {}
    held: dict[str, Result] = {}
    met: dict[str, Mapping[int, Result]] = {}
    wished: dict[str, Key] = {}
    for span in laid_out:
        maker, plain = maker_of(renderers[span.renderer]), wishes.shots(span)
        pinned = {shot.id: takes.pinned(shot, plain[shot.id]) for shot in span.shots if shot.id not in retakes}
        mine = {name: result for name, result in pinned.items() if result}
        edited = any(result.wish != plain[name] for name, result in mine.items())
        if edited:  # its neighbours have to meet what the storyboard no longer says
            plain |= wishes.shots(span, {name: result.key for name, result in mine.items()})
        found = {name: result for name, result in _found(takes, plain, mine, maker).items() if name not in retakes}
        older = {name: takes.find("draw", name, wish, maker, strict=False) for name, wish in plain.items()}
        tries = {name: result.take for name, result in (older | found).items() if result} | dict(retakes)
        panels = tuple(replace(panel, take=tries.get(panel.shot.id, 0)) for panel in span.panels)
        chosen.append(replace(span, panels=panels))
        if len(found) < len(span.shots):
            again = any(take for name, take in tries.items() if name not in found)
            met[span.name] = _met(span, found, mine, takes, None if edited or again else maker)
        kept, held, wished = kept | found, held | mine, wished | plain
    return Choice(tuple(chosen), kept, held, met, wished)


def _met(
    span: Span, found: Mapping[str, Result], held: Mapping[str, Result], takes: Takes, maker: Key | None
) -> dict[int, Result]:
    """The finished shots of a span that those which are made have to meet, by number.

    maker: of the sampling that the missing ones come from; where the finished ones come from that very sampling (its
    first try, nothing pinned) they need not be met. None: from another one in any case.
    """
    stands = {
        number: found[shot.id]
        for number, shot in enumerate(span.shots)
        if shot.id in found and (shot.id in held or takes.there(found[shot.id].source))
    }
    alike = all(one.maker == maker and not one.take and not one.met for one in stands.values())
    return {} if alike else stands


def _found(takes: Takes, wished: Mapping[str, Key], held: Mapping[str, Result], maker: Key) -> dict[str, Result]:
    found = {name: held.get(name) or takes.find("draw", name, wish, maker) for name, wish in wished.items()}
    return {name: result for name, result in found.items() if result}


def maker_of(renderer: Renderer) -> Key:
    """Digest of all that makes a renderer's results: its weights and settings, and the versions of our own tasks."""
    return _maker(renderer.fingerprint)


@cache
def _maker(fingerprint: str) -> Key:
    return digest(("maker", CAST, PANEL, LEVEL, SHOT, fingerprint))
