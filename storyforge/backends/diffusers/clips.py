"""A span cut into clips: one call of the pipeline each, none across two shots; and the size they are rendered at."""

from collections.abc import Sequence
from dataclasses import dataclass

from storyforge.backends.base import LevelRequest, Part, Prompt, TimedPrompt
from storyforge.clock import Span
from storyforge.conform import fitted

__all__ = ["Clip", "clips", "fitted", "heard"]


@dataclass(frozen=True)
class Clip:
    """Frames [start, stop) of a span in one call; the call makes a whole clip and the rest is trimmed.

    `shared`: the first frame is the last of the clip before, which this one goes on from.
    """

    start: int
    stop: int
    part: Part
    prompt: Prompt
    shared: bool = False

    @property
    def own(self) -> Span:
        """The frames of the film that come from this clip."""
        return Span(self.start + self.shared, self.stop)

    def rows(self, ratio: int) -> int:
        """Latent rows that hold frames [start, stop)."""
        return -(-(self.stop - self.start - 1) // ratio) + 1


def clips(request: LevelRequest, frames: int, chained: bool) -> tuple[Clip, ...]:
    """Clips of at most `frames` frames; chained ones share one frame with the clip before, in the same span.

    The frames a span was lengthened by are left out: three that nobody sees would cost a clip of their own.
    """
    found: list[Clip] = []
    for index, part in enumerate(request.parts):
        length = request.lengths[index] if index < len(request.lengths) else part.stop - part.start
        start, stop = part.start, min(part.stop, part.start + length)
        while start < stop:
            shared = chained and bool(found)
            first = start - shared
            last = min(first + frames, stop)
            found.append(Clip(first, last, part, heard(request.prompts, Span(start, last)), shared))
            start = last
    return tuple(found)


def heard(prompts: Sequence[TimedPrompt], span: Span) -> Prompt:
    """The prompt that holds over most of the frames; models of one prompt a clip hear no other."""
    return max(prompts, key=lambda timed: len(Span(timed.start, timed.stop).meet(span))).prompt
