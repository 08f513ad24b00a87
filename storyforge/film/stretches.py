"""Stretches: the film cut where shots begin; each is composed, drawn on and encoded on its own.

A stretch that shows a shot and nothing else is that shot's own file. Any other has a key of all that it shows, counted
from its own first frame, so that it need not be encoded again when something changes elsewhere in the film.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storyforge import cas
from storyforge.cas import Key
from storyforge.clock import Rate, Span
from storyforge.film.codec import Quality, Reader, Writer, header
from storyforge.film.joins import Layout, Placed, compose, mixes
from storyforge.film.layers import Layer, draw, shown
from storyforge.film.lettering import borrowed, shapes

VERSION = 5  # counted up when the same shots and storyboard would give other frames

Tick = Callable[[int], None]  # hears of so many more frames


@dataclass(frozen=True)
class Cut:
    """A film as it is to be encoded, in `laid.stretches`; language: whose letters its words are set in."""

    laid: Layout
    layers: Sequence[Layer]
    size: tuple[int, int]
    rate: Rate
    quality: Quality
    language: str

    def plain(self, span: Span) -> Path | None:
        """The shot's own file, when the stretch shows just that."""
        here = self._seen(span)
        if len(here) != 1 or here[0].span != span or here[0].fade_in or here[0].fade_out:
            return None
        return None if self._over(span) else here[0].clip.path

    def untouched(self, span: Span) -> Path | None:
        """The shot's own file, when its packets can stand for the stretch."""
        path = self.plain(span)
        return path if path and Reader(path).header == header(self.size, self.rate, self.quality) else None

    def key(self, span: Span) -> Key | None:
        """The key of a stretch: all that decides its file; None where it cannot be told what a clip shows."""
        over = self._over(span)
        clips = {placed: number for number, placed in enumerate(self._seen(span))}
        if any(placed.clip.digest is None for placed in clips):
            return None
        layers = {layer: number for number, layer in enumerate(over)}
        frames = [
            (
                [(clips[placed], picture, light) for placed, picture, light in mix.parts],
                mix.share,
                [(layers[layer], opacity, rise) for layer, opacity, rise in shown(over, frame)],
            )
            for frame, mix in enumerate(mixes(self.laid, span), span.start)
        ]
        return cas.key(
            "stretch", VERSION, size=self.size, rate=self.rate, quality=self.quality,
            header=header(self.size, self.rate, self.quality), frames=frames,
            clips=[placed.clip.digest for placed in clips], drawings=[self._drawing(layer) for layer in over],
        )  # fmt: skip

    def write(self, span: Span, tick: Tick, path: Path) -> None:
        """Encodes one stretch into a file."""
        over = self._over(span)
        with Writer(path, self.size, self.rate, self.quality) as writer:
            for frame, picture in enumerate(compose(self.laid, span), span.start):
                writer.picture(draw(over, picture, frame))
                tick(1)

    def _seen(self, span: Span) -> list[Placed]:
        """The clips that a stretch shows something of."""
        return [placed for placed in self.laid.clips if len(placed.span.meet(span))]

    def _over(self, span: Span) -> list[Layer]:
        """What is drawn over a stretch, the lowest first."""
        return [layer for layer in self.layers if len(layer.span.meet(span))]

    def _drawing(self, layer: Layer) -> list[Any]:
        """What decides how a layer looks: its drawing and, where it has words, what this machine sets them with."""
        type_ = [borrowed(layer.texts, self.language), shapes()] if layer.texts else []
        return [layer.drawing.func.__name__, layer.drawing.args, *type_]
