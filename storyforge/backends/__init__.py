"""Renderers: profiles name them, backends run them, all behind one protocol (DESIGN 6)."""

from typing import TYPE_CHECKING, Any

from storyforge.backends.base import (
    PANELS,
    Acting,
    Array,
    Arrays,
    Audio,
    Backend,
    Capabilities,
    CastRequest,
    Control,
    EntityPrompt,
    Frame,
    Framing,
    Heard,
    Latents,
    LevelRequest,
    Noise,
    Part,
    Prompt,
    Reel,
    Sheet,
    Source,
    TimedPrompt,
)
from storyforge.backends.models import DiffusersProfile
from storyforge.backends.profile import Profile, ToonProfile, find, missing, profiles, read
from storyforge.backends.profile import open_profile as open  # noqa: A004  (backends.open reads as what it does)
from storyforge.backends.readers import Count, Reader, Telling, sheet_tellings, tellings

if TYPE_CHECKING:
    from storyforge.backends.diffusers import WindowPlan, codenoise

__all__ = [
    "PANELS",
    "Acting",
    "Array",
    "Arrays",
    "Audio",
    "Backend",
    "Capabilities",
    "CastRequest",
    "Control",
    "Count",
    "DiffusersProfile",
    "EntityPrompt",
    "Frame",
    "Framing",
    "Heard",
    "Latents",
    "LevelRequest",
    "Noise",
    "Part",
    "Profile",
    "Prompt",
    "Reader",
    "Reel",
    "Sheet",
    "Source",
    "Telling",
    "TimedPrompt",
    "ToonProfile",
    "WindowPlan",
    "codenoise",
    "find",
    "missing",
    "open",
    "profiles",
    "read",
    "sheet_tellings",
    "tellings",
]


def __getattr__(name: str) -> Any:
    """The co-denoising hook, for pipelines of one's own; it needs torch and diffusers, so it waits to be asked for."""
    if name not in ("WindowPlan", "codenoise"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from storyforge.backends import diffusers

    return getattr(diffusers, name)
