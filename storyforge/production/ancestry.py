"""Ancestry: what today's storyforge would have asked for, had it rendered the storyboards that older ones did.

A wish is told in the words of the release that made it. Where a later release words the same storyboard otherwise,
nobody edited anything, and what is finished stays; so wishes of older releases are made again from the storyboard that
they were made from, in today's words (DESIGN 7: upgrades are not edits).
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from storyforge.cas import Journal, Key, Result, Store
from storyforge.errors import StoryforgeError
from storyforge.production.acting import Actors
from storyforge.production.cast import Cast
from storyforge.production.record import named
from storyforge.production.renderers import Renderers, made_with, release
from storyforge.production.sizes import film_of, sized
from storyforge.production.spans import renderers_of, spans
from storyforge.production.takes import Takes
from storyforge.production.wishes import Wishes
from storyforge.resources import version
from storyforge.storyboard import Resolved, Storyboard

if TYPE_CHECKING:
    from storyforge.film.sound import Voice

Asked = Mapping[tuple[str, str], Mapping[str, Key]]  # kind and name of a thing -> its wish, by renderer
Tries = tuple[tuple[str, int], ...]  # of entities that were cast again: which try was the newest


class Ancestry:
    """The wishes of what older releases made; home: the storyboard's folder. draft: shots are drafts."""

    def __init__(
        self, store: Store, journal: Journal, home: Path, renderers: Renderers, voice: "Voice", draft: bool = False
    ) -> None:
        self._store, self._journal, self._home, self._draft = store, journal, home, draft
        self._renderers, self._voice = renderers, voice
        self._films: dict[str, Resolved | None] = {}
        self._asked: dict[tuple[str, Tries], Asked] = {}

    def today(self, result: Result) -> Result:
        """A finished version with its wish in today's words; as it is where this release made it, or nobody can say."""
        if not result.document or release(result.made_by) == version():
            return result
        of = result.document, self._tries(result.made)
        if of not in self._asked:
            self._asked[of] = self._wishes(*of)
        wishes = self._asked[of].get((result.kind, result.name), {})
        mine = (wish for renderer, wish in wishes.items() if made_with(result.made_by, renderer))
        return replace(result, wish=next(mine, result.wish))

    @cached_property
    def _sheets(self) -> list[Result]:
        return [one for made in self._journal.results("cast").values() for one in made]

    def _tries(self, when: float) -> Tries:
        """Which try of each entity was its newest at that time."""
        newest: dict[str, Result] = {}
        for one in self._sheets:
            name = one.name.partition("@")[0]
            if one.made <= when and (name not in newest or newest[name].made <= one.made):
                newest[name] = one
        return tuple(sorted((name, one.take) for name, one in newest.items() if one.take))

    def _film(self, document: str) -> Resolved | None:
        """The film of a storyboard that was kept; None for one that cannot be read any more."""
        if document not in self._films:
            kept = self._journal.document(document)
            try:
                film = film_of(Storyboard.model_validate_json(kept), self._renderers) if kept else None
                self._films[document] = sized(film, self._renderers, self._draft) if film else None
            except (ValidationError, StoryforgeError):
                self._films[document] = None
        return self._films[document]

    def _wishes(self, document: str, tries: Tries) -> Asked:
        """Of all that a storyboard showed, but for what showed pictures: whether they were replaced is not known."""
        film = self._film(document)
        if film is None:
            return {}
        try:
            return self._ask(film, dict(tries))
        except (StoryforgeError, OSError):  # a renderer or a picture of it is gone
            return {}

    def _ask(self, film: Resolved, tries: Mapping[str, int]) -> Asked:
        names = renderers_of(film)
        board = film.board
        picked = {name for section in (board.cast, board.props, board.places) for name in section if section[name].pick}
        anew = {name: take for name, take in tries.items() if name not in picked}
        cast = Cast(film, self._home, Takes(self._store, None), anew)
        wishes = Wishes(film, cast, self._renderers, Actors(film, self._voice))
        pictured = {name for name, casting in cast.castings.items() if casting.references}
        asked: dict[tuple[str, str], dict[str, Key]] = {}
        for span in spans(film, {name: self._renderers[name].capabilities for name in names}, self._home):
            found = {("cast", name): cast.wish(span.renderer, name) for name in span.sheets if name not in pictured}
            if not any(panel.reels.files for panel in span.panels) and pictured.isdisjoint(span.sheets):
                found |= {("panel", panel.shot.id): wishes.panel(panel) for panel in span.panels}
                found |= {(named("draw", self._draft), name): wish for name, wish in wishes.shots(span).items()}
            for thing, wish in found.items():
                asked.setdefault(thing, {})[span.renderer] = wish
        return asked
