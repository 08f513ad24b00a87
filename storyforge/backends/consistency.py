"""What a diffusers profile says must fit together: each rule raises ValueError, whose words a user reads."""

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyforge.backends.models import DiffusersProfile, Windows


def check(profile: "DiffusersProfile") -> None:
    """Raises ValueError at the first thing that cannot be."""
    _levels(profile)
    _pictures(profile)
    _ends(profile)
    step = profile.clip.step or profile.clip.ratio
    if profile.clip.asked is None and not profile.clip.fixed and (profile.clip.frames - 1) % step:
        raise ValueError(f"a clip of {profile.clip.frames} frames is not one frame and whole steps of {step}")
    if profile.indices == "rows":
        _by_rows(profile)
    if profile.longer == "windows":
        _windows(profile)
    _loop(profile)
    if profile.sound:
        _sound(profile)


def _levels(profile: "DiffusersProfile") -> None:
    """Levels end in 1 and every step between them is a length that the model makes."""
    levels = profile.levels
    if levels[-1:] != (1,) or any(a <= b or a % b for a, b in pairwise(levels)):
        raise ValueError(f"levels go from coarse to fine, each a multiple of the next, and end with 1: {levels}")
    for coarse, fine in pairwise(levels):
        if not _stepped(profile, coarse // fine):
            wanted = " (indices: rows wants whole rows and one frame, within a clip)" * (profile.indices == "rows")
            raise ValueError(
                f"{coarse // fine + 1} frames from one keyframe to the next are no clip of this model{wanted}"
            )
    if len(levels) > 1 and profile.infill in ("none", "extend"):
        raise ValueError("more than one level needs an infill that begins at a known picture")


def _stepped(profile: "DiffusersProfile", step: int) -> bool:
    """Whether a call can begin at a keyframe and show the one so many frames later exactly there."""
    clip = profile.clip
    if profile.indices == "rows":
        return clip.begins_row(step) and clip.whole(step + 1) <= clip.frames
    return step % (clip.step or clip.ratio) == 0 and not (clip.fixed and step + 1 > clip.frames)


def _pictures(profile: "DiffusersProfile") -> None:
    """Pictures and noise enter calls as the pipeline can take them."""
    if profile.refine is not None and profile.keeps == "latents":
        raise ValueError("refine works on pictures: it needs keeps: pictures")
    if profile.infill == "held" and profile.layout is None:
        raise ValueError("infill: held needs the layout of the noise that the pipeline takes")
    for network in (profile, profile.painter):
        shown = network.references if network else None
        if network and shown and shown.by == "ip_adapter" and not network.ip_adapter:
            raise ValueError("references by: ip_adapter need the network's ip_adapter")


def _ends(profile: "DiffusersProfile") -> None:
    """Pictures at both ends of a call, or one beyond it, are keyframes that somebody makes."""
    step = (profile.clip.frames - 1) // (2 if profile.begun else 1)
    if profile.both and (profile.infill != "first_last" or profile.levels[-2:-1] != (step,)):
        raise ValueError("both: true needs infill: first_last and keyframes at each end of a clip in levels")
    if profile.both and profile.painter is None:
        raise ValueError("both: true needs an image pipeline as keyframes")
    if profile.beyond and (profile.infill != "first_last" or profile.keeps != "latents"):
        raise ValueError("beyond: true needs infill: first_last and keeps: latents")


def _by_rows(profile: "DiffusersProfile") -> None:
    """A picture at a row's begin is exact where every call counts its rows from a keyframe."""
    if profile.infill != "conditions":
        raise ValueError("indices: rows needs infill: conditions")
    if profile.longer != "chain":
        raise ValueError("indices: rows needs longer: chain, where each clip counts its rows from its own begin")


def _windows(profile: "DiffusersProfile") -> None:
    """Windows advance, and each can be told of what is known."""
    clip, windows = profile.clip, profile.windows
    if windows is None:
        raise ValueError("longer: windows needs windows: {overlap: ...}")
    if profile.begun:
        _begun(profile, windows)
    rows, overlap = (clip.frames - 1) // clip.ratio + 1, -(-windows.overlap // clip.ratio)
    if overlap + windows.lead >= rows:
        raise ValueError(f"windows of {rows} rows, overlap {overlap}, lead {windows.lead} do not advance")


def _begun(profile: "DiffusersProfile", windows: "Windows") -> None:
    """Windows begin at keyframes and reach over the next one by their overlap."""
    clip, levels = profile.clip, profile.levels
    if len(levels) == 1:
        raise ValueError(
            f"windows of infill: {profile.infill} would see no picture but the first: give it levels, whose keyframes "
            "the windows begin at, or longer: chain"
        )
    reach = (clip.frames - 1) // clip.ratio * clip.ratio
    overlap = -(-windows.overlap // clip.ratio) * clip.ratio
    steps = {coarse // fine for coarse, fine in pairwise(levels)}
    if profile.infill == "first_last" and (steps != {overlap} or 2 * overlap != reach or clip.fixed):
        raise ValueError(
            "windows of infill: first_last end at the keyframe after the next: a clip that is not fixed must be "
            f"two steps of levels and the overlap one, not {clip.frames}, {[*levels]}, {windows.overlap}"
        )
    if steps != {reach - overlap}:
        raise ValueError(
            f"windows of {clip.frames} frames that begin at keyframes and overlap by {windows.overlap} are "
            f"{reach - overlap} apart: levels must be so, too, not {[*levels]}"
        )
    if windows.lead:
        raise ValueError("windows that begin at pictures have no lead: their first row is the picture's")
    if profile.keeps != "latents" or profile.layout is None or clip.asked is not None or profile.beyond:
        raise ValueError("windows that begin at pictures need keeps: latents and the layout of the noise")
    if profile.source is not None or profile.control is not None:
        raise ValueError("windows that begin at pictures take no source or control: set longer: chain")
    if profile.references is not None and profile.references.by == "argument":
        argument = profile.references.argument
        raise ValueError(
            f"windows that begin at pictures take no references by argument ({argument}), which would stand before "
            "theirs: set longer: chain"
        )


def _loop(profile: "DiffusersProfile") -> None:
    """A pipeline's own loop says how long its windows are."""
    prompts = profile.prompts
    if prompts is None:
        return
    if profile.longer != "extend":
        raise ValueError("prompts are of a pipeline's own loop: they need longer: extend")
    for name in (prompts.window, prompts.overlap):
        if not isinstance(profile.call.get(name), int):
            raise ValueError(f"prompts: {name} is no whole number in call, which says how long the windows are")


def _sound(profile: "DiffusersProfile") -> None:
    """Its sound is made whole by the pipeline, and lasts as long as the pictures do."""
    if profile.keeps == "latents":
        raise ValueError("sound: true needs keeps: pictures, for a call that gives latents gives no sound")
    told, rate = profile.call.get("frame_rate"), profile.clip.fps
    if told != rate:
        said = "not told of a rate" if told is None else f"told {told} frames a second"
        raise ValueError(f"sound: true needs one rate: the call is {said}, and clip.fps is {rate:g}")
