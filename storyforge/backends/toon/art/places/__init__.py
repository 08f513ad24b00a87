"""The twelve places: what stands where, drawn from a place's layout."""

from storyforge.backends.toon.art.places.scenery import Scenery, scenery

__all__ = ["Scenery", "scenery"]
