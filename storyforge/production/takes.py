"""Takes: the finished versions of sheets, panels and shots (DESIGN 2, 7)."""

from collections.abc import Callable, Collection, Sequence
from functools import cache

from storyforge.cas import Journal, Key, Result, Store, digest
from storyforge.production.keys import CAST, LEVEL, PANEL, SHOT
from storyforge.production.record import named
from storyforge.production.renderers import Renderer
from storyforge.storyboard import ResolvedShot

ALL = "*"  # among the ids to upgrade: everything, the cast sheets too


class Takes:
    """What a project's journal knows of finished versions that are still in its store.

    upgrade: ids of shots for which only the renderer of today will do; ALL for everything. verify: what is found is
    read and compared with its digest, so that what is damaged does not count as finished. draft: shots are drafts.
    today: gives the wish of what another release made in today's words.
    """

    def __init__(
        self, store: Store, journal: Journal | None, upgrade: Collection[str] = (), verify: bool = False,
        draft: bool = False, today: Callable[[Result], Result] | None = None,
    ) -> None:  # fmt: skip
        self.shots = named("draw", draft)  # the kind under which shots are journalled
        self._store, self.draft, self._today = store, draft, today or (lambda result: result)
        self._there = cache(lambda key: (store.get(key) if verify else store.look(key)) is not None)
        self._journal, self._upgrade = journal, upgrade
        self._made: dict[str, dict[str, list[Result]]] = {}

    def of(self, kind: str, name: str) -> Sequence[Result]:
        """Every finished version of one thing, oldest first; take 1 is the first of them."""
        if kind not in self._made:
            made = self._journal.results(kind) if self._journal else {}
            self._made[kind] = {name: list(map(self._today, results)) for name, results in made.items()}
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

    def shown(self, shot: ResolvedShot, wish: Key, maker: Key) -> Result | None:
        """The take that a shot by itself is shown by: the one it is held to, else the newest of what is wished."""
        return self.pinned(shot, wish) or self.find(self.shots, shot.id, wish, maker)

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
        elif "size" in known and tuple(known["size"]) != size and not self.draft:
            what = "is {}x{}, and the film now {}x{}".format(*known["size"], *size)
        else:
            return ""
        return f"{shot.id}: take {number}, which it is held to, {what}; undo that, or remove its `lock` or `pick`"


def still_of(store: Store, shot: Key) -> Key | None:
    """The picture that stands for a drawn shot, noted when it was drawn; None for one that shows a source."""
    blob = store.look(shot)
    return Key(blob.meta["still"]) if blob and blob.meta.get("still") else None


def maker_of(renderer: Renderer) -> Key:
    """Digest of all that makes a renderer's results: its weights and settings, and the versions of our own tasks."""
    return _maker(renderer.fingerprint)


@cache
def _maker(fingerprint: str) -> Key:
    return digest(("maker", CAST, PANEL, LEVEL, SHOT, fingerprint))
