"""Sizes: a storyboard as a film in frames and pixels, and as a draft of it."""

from dataclasses import replace

from storyforge.production.renderers import DEFAULT, Renderers
from storyforge.production.spans import renderers_of
from storyforge.storyboard import NATIVE, Resolved, Storyboard, resolve


def film_of(board: Storyboard, renderers: Renderers) -> Resolved:
    """The film in frames, at its renderer's native size."""
    if all(shot.source is not None and not shot.strength for scene in board.scenes for shot in scene.shots):
        return resolve(board)  # nothing is rendered, so no renderer is asked for its size
    native = renderers[board.renderer or DEFAULT].capabilities.size or NATIVE
    return resolve(board, native, lambda name: renderers[name].capabilities.restyles)


def sized(resolved: Resolved, renderers: Renderers, draft: bool) -> Resolved:
    """The film, or its draft: at half its size, unless a renderer's noise depends on the size and would be another's.

    From the same seeds, sheets and panels, so that the film is the draft's.
    """
    if not draft or any(renderers[name].capabilities.size for name in renderers_of(resolved)):
        return resolved
    width, height = (max(16, side // 4 * 2) for side in resolved.size)
    return replace(resolved, size=(width, height))
