"""What the engine may ask of a diffusers profile: told by the profile alone, without loading any of it."""

from storyforge.backends.base import PANELS, Capabilities
from storyforge.backends.models import DiffusersProfile


def capabilities(profile: DiffusersProfile) -> Capabilities:
    """What the engine may ask of a profile's models."""
    clip = profile.clip
    first = profile.infill in ("first", "extend") and not profile.begun
    refer = (profile.painter or profile).references
    return Capabilities(
        clip.frames,
        strides=((PANELS,) if profile.keyframes else ()) + profile.levels,
        frame_ratio=clip.ratio,
        chain=profile.chain,
        whole=profile.begun,
        pins="none" if profile.infill == "none" else "first" if first else "any",
        references=refer.most if refer else 0,
        windows=profile.longer == "windows",
        casts=profile.painter is not None,
        panel_at="start",
        panels="earlier" if profile.painter and refer and refer.by == "bank" else "alone",
        fps=clip.fps,
        size=clip.size,
        pictures=profile.infill != "none",
        restyles=profile.source is not None,
        controls=profile.control.kinds if profile.control else (),
    )
