"""Films that enter a call: what a shot starts from and is made anew, and what drives its motion unseen."""

from collections.abc import Mapping, Sequence
from typing import Any

from storyforge.backends.base import Control, Frame, LevelRequest, Source
from storyforge.backends.diffusers.infill import image
from storyforge.backends.diffusers.segments import Segment
from storyforge.backends.models import DiffusersProfile
from storyforge.errors import RenderError

MASKED = ("mask", "inpaint")  # where known frames and control share one video


def arguments(
    profile: DiffusersProfile, request: LevelRequest, segment: Segment, size: tuple[int, int]
) -> dict[str, Any]:
    """What a segment's call is told of films; a RenderError where the pipeline cannot do without one."""
    out: dict[str, Any] = {}
    part = request.parts.index(segment.part)
    if profile.source:
        source = request.sources.get(part)
        if source is None and profile.source.needed:
            raise RenderError(
                f"renderer {profile.name} starts from a film, and {segment.part.shot} has none: "
                "give the shot `source:` and `strength:`"
            )
        if source is not None:
            out[profile.source.argument] = [image(frame) for frame in _frames(request, segment, request.sources, size)]
            out |= {profile.source.strength: source.strength} if profile.source.strength else {}
    if profile.control and profile.infill not in MASKED:
        out |= _driven(profile, request, segment, size, part)
    elif profile.control and profile.control.strength and part in request.controls:
        out[profile.control.strength] = request.controls[part].strength
    return out


def driving(
    profile: DiffusersProfile, request: LevelRequest, segment: Segment, size: tuple[int, int]
) -> list[Frame] | None:
    """The control film of a segment, for pipelines whose one video holds known frames and control alike."""
    part = request.parts.index(segment.part)
    if not profile.control or profile.infill not in MASKED or part not in request.controls:
        return None
    return _frames(request, segment, request.controls, size)


def _driven(
    profile: DiffusersProfile, request: LevelRequest, segment: Segment, size: tuple[int, int], part: int
) -> dict[str, Any]:
    how, control = profile.control, request.controls.get(part)
    assert how is not None
    if control is None:
        if how.needed:
            raise RenderError(
                f"renderer {profile.name} is driven by a film of {' or '.join(how.kinds)}, and {segment.part.shot} has "
                f"none: give the shot control: {{kind: {how.kinds[0]}, video: FILE}}"
            )
        return {}
    if control.kind not in how.kinds:
        raise RenderError(
            f"renderer {profile.name} is driven by {' or '.join(how.kinds)}, not by {control.kind}, which "
            f"{segment.part.shot} gives it"
        )
    frames = [image(frame) for frame in _frames(request, segment, request.controls, size)]
    black = image(frames_black(size))
    out: dict[str, Any] = {how.argument: frames} | {name: [black] * len(frames) for name in how.black}
    return out | ({how.strength: control.strength} if how.strength else {})


def frames_black(size: tuple[int, int]) -> Frame:
    """A black picture [height, width, 3]."""
    import numpy as np

    return np.zeros((size[1], size[0], 3), np.uint8)


def _frames(
    request: LevelRequest, segment: Segment, reels: Mapping[int, Source] | Mapping[int, Control], size: tuple[int, int]
) -> list[Frame]:
    """One frame of a film for every row of the segment, each of the shot that the row lies in; the last one is held."""
    stride = max(request.stride, 1)
    out: list[Frame] = []
    for number, wanted in _by_part(request, segment, stride):
        reel = reels[number].reel if number in reels else None
        if reel is None:
            shot = request.parts[number].shot
            raise RenderError(f"{shot} is one motion with a shot that has a film: give it one too, or cut between them")
        first, last = wanted[0], wanted[-1]
        read = dict(enumerate(reel.read(size, min(first, reel.frames - 1), min(last, reel.frames - 1) + 1), first))
        end = max(read)
        out += [read[min(frame, end)] for frame in wanted]
    return out


def _by_part(request: LevelRequest, segment: Segment, stride: int) -> list[tuple[int, Sequence[int]]]:
    """The parts that a segment lies in, each with the frames of the part that its rows show."""
    found: dict[int, list[int]] = {}
    for row in range(segment.start, segment.start + segment.rows):
        frame = row * stride if request.stride else segment.part.start
        number = request.parts.index(request.part_at(frame))
        within = frame - request.parts[number].start
        found.setdefault(number, []).append(within if request.stride else request.moments[number])
    return list(found.items())
