"""What the engine and production ask of a renderer, and the renderers there are."""

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

__all__ = [
    "PANELS",
    "Array",
    "Arrays",
    "Audio",
    "Backend",
    "Capabilities",
    "CastRequest",
    "EntityPrompt",
    "Frame",
    "Latents",
    "LevelRequest",
    "Part",
    "Prompt",
    "Sheet",
    "TimedPrompt",
]
