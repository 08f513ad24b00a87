"""Sound made by arithmetic: voices, effects, ambience and a music box, mixed to one loudness (no model, no samples)."""

from storyforge.film.sound.source import RATE, Effect, Samples, Source

__all__ = ["RATE", "Effect", "Samples", "Source"]
