"""Acting: what decoding a span is told of the lines that are heard meanwhile, so that mouths follow the very voices."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from storyforge.backends import Acting, Heard
from storyforge.production.spans import Span
from storyforge.storyboard import Resolved

if TYPE_CHECKING:
    from storyforge.film.sound import Spoken, Voice


class Actors:
    """Who is heard in a film, and how the mouths of those who are seen move.

    Narration is no part of it: nothing in the picture hears a narrator, and an edit of it draws nothing again.
    """

    def __init__(self, resolved: Resolved, voice: "Voice") -> None:
        self.resolved, self.voice = resolved, voice

    @cached_property
    def lines(self) -> "tuple[Spoken, ...]":
        """The lines of the film, narration apart."""
        from storyforge.film.sound import spoken

        return tuple(line for line in spoken(self.resolved) if line.saying.who is not None)

    def told(self, span: Span) -> Any:
        """All that `acting` depends on, for keys: cheaper than the mouths themselves."""
        return [
            (line.saying.who, *_frames(span, line), self._mouthed(span, line) if _seen(span, line) else None)
            for line in self._heard(span)
        ]

    def acting(self, span: Span) -> Acting | None:
        """What decoding the span is told; None when there is nothing to tell."""
        lines = tuple(self._line(span, line) for line in self._heard(span))
        return Acting(lines) if lines else None

    def _mouthed(self, span: Span, line: "Spoken") -> Any:
        """What a mouth is made from; a line's place in the film is none of it."""
        return line.saying, line.start - span.shots[0].start, line.stop - line.start, self.voice.name

    def _heard(self, span: Span) -> "list[Spoken]":
        first, last = span.shots[0].start, span.shots[-1].stop
        return [line for line in self.lines if line.start < last and line.stop > first]

    def _line(self, span: Span, line: "Spoken") -> Heard:
        from storyforge.film.sound import opening

        start, stop = _frames(span, line)
        mouth: tuple[float, ...] = ()
        if _seen(span, line):
            whole = opening(self.voice.say(line.saying), self.resolved.rate, line.stop - line.start)
            skipped = span.shots[0].start - line.start
            film = (max(0, skipped + span.back(frame)) for frame in range(start, stop))
            mouth = tuple(round(float(whole[min(at, len(whole) - 1)]), 4) for at in film)
        return Heard(line.saying.who, start, stop, mouth)


def _frames(span: Span, line: "Spoken") -> tuple[int, int]:
    """The span's frames over which a line is heard."""
    first = span.shots[0].start
    return span.at(line.start - first), span.at(line.stop - first)


def _seen(span: Span, line: "Spoken") -> bool:
    """Whether a line's speaker is seen to speak."""
    cast = {member.id for shot in span.shots for piece in shot.pieces for member in piece.cast}
    return line.on and line.saying.who in cast
