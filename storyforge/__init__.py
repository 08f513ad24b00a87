"""Write a story, get a film; edit a line of YAML, and only what changed is rendered again.

    board = storyforge.plan("Ember the fox walks through the snow.")
    film = storyforge.render(board, "ember")

Importing this loads nothing else: each name brings its own part of the program when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storyforge.errors import (
        Incomplete,
        InputError,
        PlannerError,
        RenderError,
        StoryboardError,
        StoryforgeError,
    )
    from storyforge.production import Film, Project, events, plan, render
    from storyforge.storyboard import Storyboard, load

__version__ = "0.1.0"

__all__ = [
    "Film",
    "Incomplete",
    "InputError",
    "PlannerError",
    "Project",
    "RenderError",
    "Storyboard",
    "StoryboardError",
    "StoryforgeError",
    "events",
    "load",
    "plan",
    "render",
]

_HOMES = {
    **dict.fromkeys(("Film", "Project", "events", "plan", "render"), "storyforge.production"),
    **dict.fromkeys(("Storyboard", "load"), "storyforge.storyboard"),
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "storyforge.errors")), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
