"""Video pipelines of diffusers as renderers: a profile names the pipeline, this makes panels, keyframes and frames."""

from storyforge.backends.diffusers.backend import Diffusers
from storyforge.backends.diffusers.codenoising import WindowPlan, codenoise

__all__ = ["Diffusers", "WindowPlan", "codenoise"]
