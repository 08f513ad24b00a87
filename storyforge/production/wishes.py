"""Wishes: what a storyboard asks for, as digests, whoever makes it and at whichever try (DESIGN 7).

A key names one result down to the weights it was made with. A wish leaves out who makes it: where the wish is as it
was, nothing was edited, and a new storyforge or new weights are an upgrade, which is made only when it is asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from storyforge.cas import Key, digest
from storyforge.production.acting import Actors
from storyforge.production.cast import Cast
from storyforge.production.footage import Footage
from storyforge.production.keys import cut_of, reels_of
from storyforge.production.reels import parameters
from storyforge.production.renderers import Renderers
from storyforge.production.spans import Panel, Span
from storyforge.storyboard import Resolved


class Wishes:
    """The wishes of a film's panels and shots, with the sheets that its cast shows."""

    def __init__(self, resolved: Resolved, cast: Cast, renderers: Renderers, actors: Actors) -> None:
        self.resolved, self.cast, self.actors = resolved, cast, actors
        self._renderers = renderers
        self._panels: dict[str, Key] = {}

    def panel(self, panel: Panel) -> Key:
        """What one panel is to show, at whichever try."""
        known = self._panels.get(panel.shot.id)
        if known is None:
            known = self._panels[panel.shot.id] = self._panel(panel)
        return known

    def _panel(self, panel: Panel) -> Key:
        shot = panel.shot
        return digest(
            ("panel", shot.renderer, shot.id, shot.seed, *panel.when, panel.prompt.prompt,
             parameters(shot), self._size(shot.renderer), self._read(shot.renderer, panel.sheets),
             *([panel.reels.told] if panel.reels.told else []))
        )  # fmt: skip

    def shots(self, span: Span, pinned: Mapping[str, Key] | None = None) -> dict[str, Key]:
        """What each shot of a span is to show; pinned: keys of takes that its neighbours have to meet."""
        film = self.resolved
        whole = digest(
            ("span", span.renderer, span.covered, [replace(part, take=0) for part in span.parts], span.lengths,
             span.prompts, parameters(span.shots[0]), self._size(span.renderer), self._read(span.renderer, span.sheets),
             [self.panel(panel) for panel in span.panels], pinned or None,
             *([reels_of(span)] if reels_of(span) else []))
        )  # fmt: skip
        told = self.actors.told(span)
        return {
            shot.id: shot_wish(whole, cut_of(span, number), film.size, film.rate, told)
            for number, shot in enumerate(span.shots)
        }

    def _read(self, renderer: str, names: Sequence[str]) -> Mapping[str, Key]:
        return {name: self.cast.read(renderer, name) for name in names}

    def _size(self, renderer: str) -> tuple[int, int] | None:
        return self._renderers[renderer].key_size(self.resolved.size)


def shot_wish(span: Key, cut: tuple[int, int, Any], size: tuple[int, int], rate: Fraction, acting: Any) -> Key:
    """What one shot is to show, as a part of its span; cut: as `cut_of` has it."""
    start, stop, conform = cut
    return digest(("shot", span, start, stop, size, rate, acting, *([conform] if conform else [])))


def footage_wish(one: Footage) -> Key:
    """What a shot with a source is to show."""
    film = one.resolved
    return digest(("footage", one.source, one.shown.move, one.shot.frames, film.size, film.rate))


def footage_maker() -> Key:
    """Digest of what draws shots with a source."""
    from storyforge.film import FOOTAGE_VERSION

    return digest(("footage maker", FOOTAGE_VERSION))
