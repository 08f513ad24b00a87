"""How shots follow one another: clips laid out on the film's frames, and the pictures of any stretch of it, streamed.

cut       the new shot starts after the last frame of the old one
dissolve  its first frames and the old one's last are one and the same film frames, blended in linear light
fade      the old shot goes to black and the new one comes from it; nothing overlaps
flow      one motion that two shots share: they meet like a cut, since the renderer made them as one
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from storyforge.clock import Span
from storyforge.film.codec import Reader
from storyforge.film.picture import Picture, dimmed, dissolved

JoinKind = Literal["cut", "dissolve", "fade", "flow"]


@dataclass(frozen=True)
class Clip:
    """One shot's clean pictures: `pictures(start, stop)` streams [start, stop), any number of times."""

    id: str
    count: int
    pictures: Callable[[int, int], Iterator[Picture]]
    join_kind: JoinKind = "cut"
    join_frames: int = 0
    path: Path | None = None  # of the mp4 that holds just these pictures
    size: tuple[int, int] | None = None  # of its pictures, where that is known before the first one
    digest: str | None = None  # that clips of the same pictures share, and no others


@dataclass(frozen=True)
class Placed:
    """A clip on the film's frames, with the frames at its ends that go from and to black."""

    clip: Clip
    span: Span
    fade_in: int = 0
    fade_out: int = 0

    def light(self, frame: int) -> float:
        """How much of the picture's light a film frame of this clip has, 0..1."""
        light = 1.0
        if frame < self.span.start + self.fade_in:
            light *= smooth((frame - self.span.start) / self.fade_in)
        if frame >= self.span.stop - self.fade_out:
            light *= smooth((self.span.stop - 1 - frame) / self.fade_out)
        return light


@dataclass(frozen=True)
class Layout:
    """All clips of a film in order; at most two share a frame."""

    clips: tuple[Placed, ...]
    stretches: tuple[Span, ...] = field(init=False)

    def __post_init__(self) -> None:
        starts = [placed.span.start for placed in self.clips]
        spans = map(Span, starts, [*starts[1:], self.frames])
        object.__setattr__(self, "stretches", tuple(span for span in spans if len(span)))

    @property
    def frames(self) -> int:
        """Frames of the film."""
        return max((placed.span.stop for placed in self.clips), default=0)


@dataclass(frozen=True)
class Mix:
    """What one frame of the film is made of.

    parts: each clip on screen, the number of its picture and that one's light; share: how far two have dissolved.
    """

    parts: tuple[tuple[Placed, int, float], ...]
    share: float = 0.0


def smooth(share: float) -> float:
    """0..1 eased at both ends (smoothstep)."""
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def reader_clip(path: Path, id: str, join_kind: JoinKind = "cut", join_frames: int = 0) -> Clip:  # noqa: A002
    """A clip that is an mp4 on disk."""
    reader = Reader(path)
    return Clip(id, reader.count, reader.pictures, join_kind, join_frames, path, reader.size)


def layout(clips: Sequence[Clip], end_fade: int = 0) -> Layout:
    """Where each clip lies in the film: a dissolve starts before the clip before it ends, nothing else overlaps.

    A fade's first half darkens the clip before, its second half (longer by one when odd) opens its own; the first
    clip's fade is all its own. end_fade frames at the very end go to black.
    """
    outs = [_fade_out(after) for after in clips[1:]] + [end_fade]
    placed: list[Placed] = []
    at = 0
    for index, (clip, out) in enumerate(zip(clips, outs, strict=True)):
        overlap = 0
        if index and clip.join_kind == "dissolve":
            before = placed[-1]
            own = before.clip.join_frames if index > 1 and before.clip.join_kind == "dissolve" else 0
            overlap = min(clip.join_frames, clip.count, before.clip.count - own)
        into = clip.join_frames - (_fade_out(clip) if index else 0) if clip.join_kind == "fade" else 0
        start = at - overlap
        at = start + clip.count
        placed.append(Placed(clip, Span(start, at), min(into, clip.count), min(out, clip.count)))
    return Layout(tuple(placed))


def _fade_out(clip: Clip) -> int:
    """Frames of the clip before that this clip's fade darkens."""
    return clip.join_frames // 2 if clip.join_kind == "fade" else 0


def mixes(film: Layout, span: Span) -> Iterator[Mix]:
    """What each frame in `span` is made of: all that `compose` goes by."""
    near = [placed for placed in film.clips if len(placed.span.meet(span))]
    for frame in range(span.start, span.stop):
        seen = [placed for placed in near if frame in placed.span]
        parts = tuple((placed, frame - placed.span.start, placed.light(frame)) for placed in seen)
        yield Mix(parts, _share(seen[0], seen[1], frame) if len(seen) > 1 else 0.0)


def compose(film: Layout, span: Span) -> Iterator[Picture]:
    """The film's pictures in `span`, streamed; it holds one picture of each clip that is on screen."""
    running: dict[Placed, Iterator[Picture]] = {}
    for mix in mixes(film, span):
        running = {placed: running.get(placed) or _pictures(placed, span) for placed, _, _ in mix.parts}
        lit = [dimmed(next(running[placed]), light) for placed, _, light in mix.parts]
        yield lit[0] if len(lit) == 1 else dissolved(lit[0], lit[1], mix.share)


def _pictures(placed: Placed, span: Span) -> Iterator[Picture]:
    """A clip's pictures within the film's frames `span`."""
    own, start = placed.span.meet(span), placed.span.start
    return placed.clip.pictures(own.start - start, own.stop - start)


def _share(old: Placed, new: Placed, frame: int) -> float:
    """How far a dissolve is: never 0 and never 1, so that each of its frames shows both shots."""
    return (frame - new.span.start + 1) / (old.span.stop - new.span.start + 1)
