"""Renderers: profiles name them, backends run them, all behind one protocol (DESIGN 6)."""

from storyforge.backends.base import (
    PANELS,
    Array,
    Arrays,
    Audio,
    Backend,
    Capabilities,
    CastRequest,
    EntityPrompt,
    Frame,
    Latents,
    LevelRequest,
    Part,
    Prompt,
    Sheet,
    TimedPrompt,
)
from storyforge.backends.profile import DiffusersProfile, Profile, ToonProfile, find, missing, profiles, read
from storyforge.backends.profile import open_profile as open  # noqa: A004  (backends.open reads as what it does)

__all__ = [
    "PANELS",
    "Array",
    "Arrays",
    "Audio",
    "Backend",
    "Capabilities",
    "CastRequest",
    "DiffusersProfile",
    "EntityPrompt",
    "Frame",
    "Latents",
    "LevelRequest",
    "Part",
    "Profile",
    "Prompt",
    "Sheet",
    "TimedPrompt",
    "ToonProfile",
    "find",
    "missing",
    "open",
    "profiles",
    "read",
]
