"""A level cut into segments: one call of the pipeline each, between pictures that are known or clip after clip."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from storyforge.backends.base import LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends.models import Clip, DiffusersProfile, Infill
from storyforge.clock import Span

ENDS: tuple[Infill, ...] = ("first_last",)  # pictures stand at a call's ends alone


@dataclass(frozen=True)
class Segment:
    """Rows [start, stop) of a level in one call, which makes `rows` of them; the surplus is trimmed.

    known: rows that are given beforehand. shared: the first row is the last of the segment before, which keeps it.
    windows: the rows that each window sees, where windows begin at pictures that are known and there are several.
    """

    start: int
    stop: int
    rows: int
    part: Part
    prompts: tuple[TimedPrompt, ...]
    known: tuple[int, ...] = ()
    shared: bool = False
    windows: tuple[Span, ...] = ()

    @property
    def own(self) -> Span:
        """The rows of the level that come from this segment."""
        return Span(self.start + self.shared, self.stop)

    @property
    def prompt(self) -> Prompt:
        """The prompt that holds over most of it; models of one prompt a clip hear no other."""
        return heard(self.prompts, self.own)


def needed(request: LevelRequest) -> int:
    """Rows of a level that its shots show; what a span was lengthened by is left out, since nobody sees it."""
    last = request.parts[-1]
    length = request.lengths[-1] if request.lengths else last.stop - last.start
    return (min(last.stop, last.start + length) - 1) // max(request.stride, 1) + 1


def cut(request: LevelRequest, profile: DiffusersProfile, known: Collection[int]) -> tuple[Segment, ...]:
    """The segments of a level, in order; each later one begins at the last row of the one before, where it can.

    known: rows that are given. Between two of them lies one segment where pictures stand at a call's ends, and as many
    as a clip holds where they may stand anywhere. Neighbours share a row, and the later one drops it: on a seam that
    both know nothing is averaged. A model that knows only calls with both ends is given the keyframe after the last row
    that is seen. One that counts rows is told of what stands at a row's begin; where something known does not, a
    segment ends before it, so that it does in the next. Where windows begin at pictures a segment goes on for as long
    as each window reaches the next one, and ends before a picture inside a latent row, which the next begins with.
    """
    clip, stride = profile.clip, max(request.stride, 1)
    rows = needed(request)
    usable = _usable(known, profile, len(request.positions) if profile.both else rows)
    if profile.both:
        rows = next((row + 1 for row in usable if row + 1 >= rows), rows)
    prompts = in_rows(request.prompts, stride, rows)
    chained = profile.infill != "none"
    out: list[Segment] = []
    at = 0
    while at < rows:
        alone = profile.begun and at in usable  # a segment that begins with a picture shows it, and shares no row
        first = at - 1 if chained and out and not alone else at
        part = request.part_at(at * stride)
        stop = _stop(first, rows, profile, usable, -(-part.stop // stride))
        inside = tuple(row for row in usable if first <= row < stop and _shown(row - first, profile))
        inside = tuple(dict.fromkeys((first, *inside))) if first < at else inside
        made = stop - first
        least = clip.ratio + 1 if profile.begun else 1  # a row after the picture's
        whole = clip.snap(max(made, least)) if made <= clip.frames else clip.whole(made)
        windows = _windows(first, stop, inside, profile) if profile.begun else ()
        whole = max(window.stop for window in windows) - first if windows else whole
        if profile.infill in ENDS and whole != made and inside[-1:] == (stop - 1,) and stop - 1 > first:
            inside = inside[:-1]  # the call ends elsewhere: a picture told of its end would come too late
        told = tuple(one for one in prompts if Span(one.start, one.stop).meet(Span(first, stop)))
        out.append(Segment(first, stop, whole, part, told or prompts[-1:], inside, first < at, windows))
        at = stop
    return tuple(out)


def _usable(known: Collection[int], profile: DiffusersProfile, rows: int) -> tuple[int, ...]:
    """Known rows that a call of this profile can be told of."""
    told = sorted(row for row in known if row < rows)
    if profile.infill == "none":
        return ()
    clip, every = profile.clip, set(told)
    if profile.infill in ("first", "extend") and not profile.begun:
        return tuple(row for row in told if row == 0)
    if profile.infill not in ENDS and not profile.begun and profile.indices == "frames":
        return tuple(told)
    if profile.begun:
        return _begins(told, profile, rows)
    grid = (clip.step or clip.ratio) if profile.both else 1
    # Of a stretch that is known row by row (a held take) its ends do: what is made between them nobody sees.
    inner = {row for row in told if every.issuperset(range(row - grid, row + grid + 1))}
    return tuple(row for row in told if row % grid == 0 and row not in inner)


def _begins(told: Sequence[int], profile: DiffusersProfile, stop: int) -> tuple[int, ...]:
    """Known rows that windows begin at, of those before `stop`.

    Of a stretch that is known row by row (a held take) those are the first that a latent row begins at, for what is
    before it is the take's, too; keyframes, since each window must reach the next; and the last, which what follows
    goes on from. A model that knows only calls with both ends is told of what latent rows begin at alone.
    """
    grid, step = profile.clip.ratio, profile.levels[-2]
    found: set[int] = set()
    for _, stretch in groupby(enumerate(told), lambda pair: pair[1] - pair[0]):
        rows = [row for _, row in stretch]
        whole = [row for row in rows if row % grid == 0]
        short = len(rows) <= grid  # it may be panels of short shots
        first = rows if short and not profile.both else whole
        last = whole if profile.both or (not short and rows[-1] == stop - 1) else rows
        found |= {*first[:1], *(row for row in whole if row % step == 0), *last[-1:]}
    return tuple(sorted(found))


def _shown(frame: int, profile: DiffusersProfile) -> bool:
    """Whether a picture can stand at exactly that frame of a call."""
    return profile.indices == "frames" or profile.clip.begins_row(frame)


def _stop(first: int, rows: int, profile: DiffusersProfile, usable: Sequence[int], part_stop: int) -> int:
    """Where the segment that begins at `first` ends."""
    clip, infill, longer = profile.clip, profile.infill, profile.longer
    ahead = [row for row in usable if row > first]
    if profile.begun:
        return _reach(first, rows, usable, clip)
    if infill in ENDS and ahead and (longer != "chain" or ahead[0] < first + clip.frames):
        return ahead[0] + 1
    if longer == "windows":
        return rows
    if longer == "extend":
        return min(rows, part_stop)
    last = first + clip.frames
    reach = [row for row in ahead if row < last]
    missed = next((row for row in reach if not _shown(row - first, profile)), None)
    if missed is not None:
        before = [row for row in reach if row < missed]
        # A call that begins whole rows and one frame before it shows it: at a picture, else as soon as can be.
        return (before[-1] if before else first + (missed - 1 - first) % clip.ratio) + 1
    if last >= rows and (reach or part_stop >= rows):
        return rows
    if reach and infill not in ENDS:
        return reach[-1] + 1
    return min(last, rows, part_stop)


def _reach(first: int, rows: int, usable: Sequence[int], clip: Clip) -> int:
    """Where windows end that each begin within a clip of the one before; before a picture inside a latent row."""
    at = first
    for row in usable:
        if at < row < min(at + clip.frames, rows):
            if (row - first) % clip.ratio:
                return row
            at = row
    return min(rows, at + clip.frames)


def _windows(first: int, stop: int, known: Sequence[int], profile: DiffusersProfile) -> tuple[Span, ...]:
    """Windows from each known row on: a clip of them, or up to the known row after the next one.

    Models that are told of both ends have a window of one step at either end of the segment, too, so that all rows
    but those at its ends are two windows'. Others are told of a last row by a window that begins there.
    """
    clip, ends_known = profile.clip, profile.infill in ENDS
    begins = [first, *(row for row in known if first < row < stop - ends_known)]
    if len(begins) == 1:
        return ()
    end = begins[-1] + clip.snap(max(stop - begins[-1], clip.ratio + 1))
    if not ends_known:
        return tuple(Span(row, min(row + clip.frames, end)) for row in begins)
    ends = [*begins[1:], end - 1]
    afters = [*ends[1:], end - 1]
    whole = [Span(row, min(after + 1, row + clip.frames)) for row, after in zip(begins, afters, strict=True)]
    return (Span(first, ends[0] + 1), *whole)


def in_rows(prompts: Sequence[TimedPrompt], stride: int, rows: int) -> tuple[TimedPrompt, ...]:
    """Prompts over the rows of a level instead of its frames; one that holds over no row is left out."""
    if stride == 1:
        return tuple(prompts)
    out = [replace(one, start=-(-one.start // stride), stop=-(-one.stop // stride), ramp=0) for one in prompts]
    kept = [one for one in out if one.start < min(one.stop, rows)]
    return tuple(kept or out[-1:])


def heard(prompts: Sequence[TimedPrompt], span: Span) -> Prompt:
    """The prompt that holds over most of a stretch."""
    return max(prompts, key=lambda timed: len(Span(timed.start, timed.stop).meet(span))).prompt
