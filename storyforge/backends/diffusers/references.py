"""Pictures of who is to be seen, the most relevant first, and how they enter a call."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any

import numpy as np

from storyforge.backends.base import Frame, Prompt, Sheet
from storyforge.backends.diffusers.infill import GREY, image
from storyforge.backends.diffusers.pictures import resized
from storyforge.backends.models import Network, References

KINDS = ("character", "prop", "place")  # of two entities as often named, the one that a film lives by comes first


def relevant(prompt: Prompt, sheets: Mapping[str, Sheet], most: int) -> list[Frame]:
    """Pictures for a prompt, at most `most`: one of each entity in order, then each one's second, and so on.

    Characters come before props, props before the place; among them the order is the prompt's own.
    """
    named = sorted((one for one in prompt.entities if one.text), key=lambda one: KINDS.index(one.kind))
    shown = [sheets[one.key].pictures for one in named if one.key in sheets]
    rounds = zip_longest(*shown)
    return [picture for each in rounds for picture in each if picture is not None][:most]


def arguments(how: References, pictures: list[Frame], size: tuple[int, int]) -> dict[str, Any]:
    """The arguments that show pictures to a pipeline; a bank needs none."""
    if how.by == "bank":
        return {}
    shown = [image(_enlarged(picture, size)) for picture in pictures]
    if how.by == "ip_adapter":
        # One list for each adapter; one that is loaded must be told a picture, see `weighed`.
        return {"ip_adapter_image": [shown or [_grey(size)]]}
    if not shown and not how.needed:
        return {}
    shown = shown or [_grey(size)]
    return {how.argument: shown if how.many else shown[0]}


@contextmanager
def weighed(pipe: Any, network: Network, shown: bool) -> Iterator[None]:
    """Around a call: an IP-Adapter that is shown nobody has no say, so that the picture is the plain pipeline's."""
    adapter = network.ip_adapter
    if shown or adapter is None:
        yield
        return
    pipe.set_ip_adapter_scale(0.0)
    try:
        yield
    finally:
        pipe.set_ip_adapter_scale(adapter.scale)


def _enlarged(picture: Frame, size: tuple[int, int]) -> Frame:
    """A picture that covers `size`: models see little in a stamp, and some refuse it."""
    height, width = picture.shape[:2]
    scale = max(size[0] / width, size[1] / height)
    return picture if scale <= 1 else resized(picture, (round(width * scale), round(height * scale)))


def _grey(size: tuple[int, int]) -> Any:
    return image(np.full((size[1], size[0], 3), GREY, np.uint8))
