"""The choice: which takes a film shows, and what a render has to make and to meet (DESIGN 5, 7)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from storyforge.backends import PANELS
from storyforge.cas import Key, Result
from storyforge.production.panels import find_panel
from storyforge.production.renderers import Renderer, Renderers
from storyforge.production.spans import Panel, Span
from storyforge.production.takes import Takes, maker_of
from storyforge.production.wishes import Wishes


@dataclass(frozen=True)
class Needs:
    """What a renderer has to have made: panels, and keys of cast sheets.

    everyone: all panels of its spans, which others look at or stand beside. Both are in the film's order.
    """

    panels: Sequence[Panel] = ()
    sheets: Collection[str] = ()
    everyone: Sequence[Panel] = ()

    @property
    def shots(self) -> Collection[str]:
        """Ids of the shots whose panels they are."""
        return {panel.shot.id for panel in self.panels}


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

    def needs(self, renderer: Renderer, takes: Takes, wishes: Wishes, only: Collection[str] = ()) -> Needs:
        """What spans of a renderer are made from; only: ids of the shots that are wanted, all when empty.

        Panels that are made together are all needed for one of them; one that is made alone needs no other; one that
        looks at earlier ones needs the film's first until it is there.
        """
        mine, able = [span for span in self.spans if span.renderer == renderer.name], renderer.capabilities
        wanted = [span for span in mine if not only or any(shot.id in only for shot in span.shots)]
        if wanted and able.panels == "together":
            wanted = mine
        everyone = [panel for span in mine for panel in self.panels(span)] if PANELS in able.strides else []
        ids = {shot.id for span in wanted for shot in span.shots}
        if only and able.panels == "earlier":
            missing = [
                number
                for number, panel in enumerate(everyone)
                if panel.shot.id in ids and not find_panel(renderer, panel, takes, wishes)
            ]
            ids |= {panel.shot.id for panel in everyone[: min(able.references, max(missing, default=0))]}
        panels = [panel for panel in everyone if panel.shot.id in ids]
        sheets = {name for span in wanted for name in span.sheets} | {name for one in panels for name in one.sheets}
        return Needs(panels, sheets, everyone)

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
        older = {name: takes.find(takes.shots, name, wish, maker, strict=False) for name, wish in plain.items()}
        tries = {name: result.take for name, result in (older | found).items() if result} | dict(retakes)
        panels = tuple(replace(panel, take=tries.get(panel.shot.id, 0)) for panel in span.panels)
        chosen.append(replace(span, panels=panels))
        if len(found) < len(span.shots):
            again = any(take for name, take in tries.items() if name not in found)
            other = edited or again or (takes.draft and mine)  # a draft's rows are not those of a take
            met[span.name] = _met(span, found, mine, takes, None if other else maker)
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
    found = {name: held.get(name) or takes.find(takes.shots, name, wish, maker) for name, wish in wished.items()}
    return {name: result for name, result in found.items() if result}
