"""Sound made by arithmetic: voices, effects, ambience and a music box, mixed to one loudness (no model, no samples)."""

from storyforge.film.sound.ambience import Ambience
from storyforge.film.sound.score import Score
from storyforge.film.sound.source import RATE, Effect, Samples, Source

__all__ = ["RATE", "Ambience", "Effect", "Samples", "Score", "Source"]
