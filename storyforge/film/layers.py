"""What is drawn over a film and when: captions, titles and The End, on the film's frames."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from storyforge import clock
from storyforge.clock import Span
from storyforge.film import cards
from storyforge.film.captions import Caption
from storyforge.film.drawing import caption_overlay
from storyforge.film.joins import smooth
from storyforge.film.overlay import FULL, Overlay, lay
from storyforge.film.picture import Picture

if TYPE_CHECKING:
    from storyforge.storyboard import Resolved, ResolvedShot

TITLE_FADE, CAPTION_FADE = 0.5, 0.125  # seconds in which they come and go
END_WORDS = 1.5  # seconds of going to black from which there is time to read The End


@dataclass(frozen=True)
class Layer:
    """A drawing over the frames of `span`, eased in and out over some of them; prepared when first needed."""

    span: Span
    drawing: Callable[[], Overlay]
    fade_in: int = 0
    fade_out: int = 0
    climb: int = 0  # pixels it rises from its first to its last frame

    def opacity(self, frame: int) -> int:
        """0..256 at a film frame."""
        into = (frame - self.span.start + 1) / (self.fade_in + 1)
        out = (self.span.stop - frame) / (self.fade_out + 1)
        return round(FULL * smooth(min(into, out)))

    def rise(self, frame: int) -> int:
        """Pixels it has risen at a film frame."""
        return round(self.climb * (frame - self.span.start) / max(1, len(self.span) - 1))


def draw(layers: Sequence[Layer], picture: Picture, frame: int) -> Picture:
    """The picture with what is over it at a film frame; a copy if there is anything."""
    shown = [layer for layer in layers if frame in layer.span]
    if not shown:
        return picture
    drawn = picture.copy()
    for layer in shown:
        lay(drawn, layer.drawing(), layer.opacity(frame), layer.rise(frame))
    return drawn


def caption_layers(film: "Resolved", found: Sequence[Caption]) -> list[Layer]:
    """Captions; those that follow at once take over without a fade, so that the plate does not blink.

    The last ones leave with the picture where the film goes to black, so as not to stand beside The End.
    """
    ease, dark = clock.frames(CAPTION_FADE, film.rate), film.frames - film.end_frames // 2
    starts, stops = {caption.start for caption in found}, {caption.stop for caption in found}
    layers = []
    for caption in found:
        out, stop = 0 if caption.stop in starts else ease, caption.stop
        if film.end_frames and stop > dark:
            stop, out = max(caption.start + 1, dark), film.end_frames // 4
        drawing = partial(caption_overlay, film.size, caption)
        layers.append(Layer(Span(caption.start, stop), drawing, 0 if caption.start in stops else ease, out))
    return layers


def title_layers(film: "Resolved") -> list[Layer]:
    """Titles of the shots, and The End where the film goes to black slowly enough for words."""
    layers = [layer for shot in film.shots for layer in _shot_titles(film, shot)]
    if film.end_frames >= clock.frames(END_WORDS, film.rate):
        start, third = film.frames - film.end_frames, film.end_frames // 3
        words = partial(cards.the_end, film.size, film.board.language)
        layers.append(Layer(Span(start + third // 2, film.frames), words, third, third // 2))
    return layers


def _shot_titles(film: "Resolved", shot: "ResolvedShot") -> list[Layer]:
    """One shot's titles; the film's own has a design of its own."""
    layers = []
    for title in shot.titles:
        span = Span(shot.start + title.start, shot.start + max(title.start + 1, title.stop))
        ease = min(clock.frames(TITLE_FADE, film.rate), len(span) // 3)
        if title.place in ("centre", "roll"):
            layers.append(Layer(span, partial(cards.dusk, film.size), ease, ease))
        if title.place == "centre" and title.text == film.board.title:
            layers.append(Layer(span, partial(cards.opening, film.size, title.text), ease, ease))
        elif title.place == "roll":
            drawing = partial(cards.roll, film.size, title.text)
            layers.append(Layer(span, drawing, climb=drawing().box[3]))
        else:
            layers.append(Layer(span, partial(cards.title, film.size, title.text, title.place), ease, ease))
    return layers
