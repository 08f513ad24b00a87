"""A second pass over finished pictures by a video-to-video pipeline, which starts part of the way to noise (SDEdit)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.base import LevelRequest
from storyforge.backends.diffusers import calls, pictures
from storyforge.backends.diffusers.infill import image
from storyforge.backends.diffusers.pipes import Pipes
from storyforge.backends.diffusers.segments import Segment
from storyforge.backends.models import DiffusersProfile


def refined(
    pipes: Pipes, profile: DiffusersProfile, request: LevelRequest, segment: Segment, shown: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """The frames of a segment [frames, height, width, 3], made anew by the profile's `refine`; as many as before."""
    network = profile.refine
    assert network is not None
    size = (shown.shape[2], shown.shape[1])
    asked: dict[str, Any] = {"video": [image(frame) for frame in shown], "strength": network.strength}
    frame = segment.start * max(request.stride, 1) - segment.part.start
    generator = calls.seeded(segment.part, f"refine/{request.stride}/{frame}")
    told = {"generator": generator, "output_type": "np"}

    def call(pipe: Any) -> Any:
        arguments = calls.named(pipe, profile, network, request, segment.prompt, size, told, asked, {})
        return calls.made(profile.name, network, generator, lambda: pipe(**arguments))

    made = pipes.run("refine", call)
    again = pictures.uint8(np.asarray(made.shown[0]))
    return again[: len(shown)] if len(again) >= len(shown) else np.concatenate([again, shown[len(again) :]])
