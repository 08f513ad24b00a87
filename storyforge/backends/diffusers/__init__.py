"""Video pipelines of diffusers as renderers: a profile names the pipeline, this makes panels, keyframes and frames."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storyforge.backends.diffusers.backend import Diffusers
    from storyforge.backends.diffusers.codenoising import WindowPlan, codenoise

__all__ = ["Diffusers", "WindowPlan", "codenoise"]


def __getattr__(name: str) -> Any:
    """What renders needs torch and diffusers; what tells beforehand what would be asked of them does not."""
    if name == "Diffusers":
        from storyforge.backends.diffusers.backend import Diffusers

        return Diffusers
    if name in ("WindowPlan", "codenoise"):
        from storyforge.backends.diffusers import codenoising

        return getattr(codenoising, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
