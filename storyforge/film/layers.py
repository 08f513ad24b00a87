"""What is drawn over a film and when: captions, titles and The End, on the film's frames."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import TYPE_CHECKING

from storyforge import clock
from storyforge.clock import Span
from storyforge.film import cards
from storyforge.film.captions import Caption
from storyforge.film.drawing import caption_overlay
from storyforge.film.joins import smooth
from storyforge.film.lettering import Colour
from storyforge.film.overlay import FULL, Overlay, lay
from storyforge.film.picture import Picture
from storyforge.storyboard import colour

if TYPE_CHECKING:
    from storyforge.storyboard import Resolved, ResolvedShot, TimedTitle

TITLE_FADE, CAPTION_FADE = 0.5, 0.125  # seconds in which they come and go
SLOWEST_ROLL = 14  # seconds in which a line that rolls crosses the picture at most
COARSE = 3  # pixels a frame
END_WORDS = 1.5  # seconds of going to black from which there is time to read The End


@dataclass(frozen=True)
class Layer:
    """A drawing over the frames of `span`, eased in and out over some of them; prepared when first needed.

    texts: the words in it, where there are any.
    """

    span: Span
    drawing: partial[Overlay]
    texts: tuple[str, ...] = ()
    fade_in: int = 0
    fade_out: int = 0
    climb: int = 0  # pixels it rises from its first to its last frame
    climbs: Span | None = None  # the frames over which it does, where it is only seen in some of them

    def opacity(self, frame: int) -> int:
        """0..256 at a film frame."""
        into = (frame - self.span.start + 1) / (self.fade_in + 1)
        out = (self.span.stop - frame) / (self.fade_out + 1)
        return round(FULL * smooth(min(into, out)))

    def rise(self, frame: int) -> int:
        """Pixels it has risen at a film frame."""
        over = self.climbs or self.span
        return round(self.climb * (frame - over.start) / max(1, len(over) - 1))


def shown(layers: Sequence[Layer], frame: int) -> list[tuple[Layer, int, int]]:
    """What is over the picture at a film frame, lowest first, with opacity and rise: all that `draw` goes by."""
    return [(layer, layer.opacity(frame), layer.rise(frame)) for layer in layers if frame in layer.span]


def draw(layers: Sequence[Layer], picture: Picture, frame: int) -> Picture:
    """The picture with what is over it at a film frame; a copy if there is anything."""
    over = shown(layers, frame)
    if not over:
        return picture
    drawn = picture.copy()
    for layer, opacity, rise in over:
        lay(drawn, layer.drawing(), opacity, rise)
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
        drawing = partial(caption_overlay, film.size, caption.text, caption.who, film.board.language)
        texts = tuple(filter(None, (caption.who, caption.text)))
        layers.append(Layer(Span(caption.start, stop), drawing, texts, 0 if caption.start in stops else ease, out))
    return layers


def title_layers(film: "Resolved", captioned: bool = True) -> list[Layer]:
    """Titles of the shots, and The End where the film goes to black slowly enough for words.

    captioned: captions are drawn, so that what stands low has to stand above them.
    """
    layers = [layer for shot in film.shots for layer in _shot_titles(film, shot, captioned)]
    if film.end_frames >= clock.frames(END_WORDS, film.rate):
        dark = film.end_frames // 6  # it has begun to be dark when they come, and they are read before they go
        said = cards.end_words(film.board.language)
        words = Layer(
            Span(film.frames - film.end_frames + dark, film.frames),
            partial(cards.the_end, film.size, said, film.board.language),
            (said,),
            dark,
            film.end_frames // 8,
        )
        middle = [_span(film.shots[-1], one) for one in film.shots[-1].titles if one.place in ("centre", "roll")]
        if not any(len(span.meet(words.span)) for span in middle):  # a film's own last words need no others
            layers.append(words)
    return layers


def _span(shot: "ResolvedShot", title: "TimedTitle") -> Span:
    """A title's time on the film's frames."""
    return Span(shot.start + title.start, shot.start + max(title.start + 1, title.stop))


def _shot_titles(film: "Resolved", shot: "ResolvedShot", captioned: bool) -> list[Layer]:
    """One shot's titles, dusk below them; the film's own has a design of its own, and a plain card is not dimmed."""
    size, language, card = film.size, film.board.language, colour(shot.shown or "")
    dark: list[Layer] = []
    layers: list[Layer] = []
    into, out = (_mixed(film.shots[index : index + 1]) for index in (shot.index, shot.index + 1))
    for place, span, texts in _together(shot):
        usual = min(clock.frames(TITLE_FADE, film.rate), len(span) // 3)
        most = len(span) // 2
        ease = min(most, max(usual, into)) if span.start == shot.start else usual
        leave = min(most, max(usual, out)) if span.stop == shot.stop else usual
        if place == "roll":
            rolled = _roll(film, span, "\n\n".join(texts), card)
            layers += rolled
            span = rolled[0].climbs or span
        elif place == "centre" and texts[0] == film.board.title:
            layers.append(Layer(span, partial(cards.opening, size, texts, language, card), texts, ease, leave))
        else:
            drawing = partial(cards.title, size, texts, place, language, card, captioned and place == "lower")
            layers.append(Layer(span, drawing, texts, ease, leave))
        if place in ("centre", "roll") and card is None and not any(len(one.span.meet(span)) for one in dark):
            dark.append(Layer(span, partial(cards.dusk, size), (), ease, leave))
    return dark + layers


def _mixed(shots: "Sequence[ResolvedShot]") -> int:
    """Frames in which the first of these shots comes by its join: words that are there meanwhile come with it."""
    parts = {"dissolve": 1, "fade": 2}
    return shots[0].join_frames // parts[shots[0].join_kind] if shots and shots[0].join_kind in parts else 0


def _together(shot: "ResolvedShot") -> Iterator[tuple[str, Span, tuple[str, ...]]]:
    """Titles by place and time on the film's frames: those at one place and time stand below one another.

    One that comes later at a place takes it over.
    """
    found: dict[tuple[str, int], list[TimedTitle]] = {}
    for title in shot.titles:
        found.setdefault((title.place, title.start), []).append(title)
    for (place, start), titles in found.items():
        later = [other for at, other in found if at == place and other > start]
        stop = min([max(title.stop for title in titles), *later])
        span = Span(shot.start + start, shot.start + max(start + 1, stop))
        yield place, span, tuple(title.text for title in titles)


def _roll(film: "Resolved", span: Span, text: str, card: Colour | None) -> list[Layer]:
    """Lines that rise, and are over when they have left; not so slowly that they crawl, however long they may take.

    They rise a whole number of pixels each frame, since others judder, but in a picture so small that this is coarse.
    Those that follow one another through the picture are drawn one band after another.
    """
    size, language = film.size, film.board.language
    bands = cards.roll_bands(size, len(cards.roll_rows(size, text, language)))
    drawings = [partial(cards.roll, size, text, language, card, band) for band in bands]
    way = drawings[-1]().box[3]
    pace = max(float(size[1] / (SLOWEST_ROLL * film.rate)), way / max(1, len(span)))
    pace = ceil(pace) if pace > COARSE else pace
    frames = min(len(span), ceil(way / pace))
    climbs, climb = Span(span.start, span.start + frames), ceil(pace * max(1, frames - 1))
    rise = Layer(climbs, drawings[0], climb=climb).rise
    every, layers = range(climbs.start, climbs.stop), []
    for (top, bottom), drawing in zip(bands, drawings, strict=True):
        first = bisect_left(every, top, key=rise)  # from where it enters, to where it has left
        last = bisect_right(every, size[1] + bottom, key=rise)
        if first < last:
            layers.append(Layer(Span(every[first], every[last - 1] + 1), drawing, (text,), climb=climb, climbs=climbs))
    return layers
