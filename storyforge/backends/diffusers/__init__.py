"""Text-to-video pipelines of diffusers as a renderer: a profile names the pipeline, this runs it clip by clip."""

from storyforge.backends.diffusers.backend import Diffusers

__all__ = ["Diffusers"]
