"""Sound made by arithmetic: voices, effects, ambience and a music box, mixed to one loudness (no model, no samples)."""

from storyforge.film.sound.ambience import Ambience
from storyforge.film.sound.babble import Babble
from storyforge.film.sound.effects import Effects, effect
from storyforge.film.sound.foley import KINDS
from storyforge.film.sound.mouth import opening
from storyforge.film.sound.score import Score
from storyforge.film.sound.source import RATE, Effect, Samples, Source
from storyforge.film.sound.speech import Saying, Speech, Voice
from storyforge.film.sound.voices import voice_for

__all__ = [
    "KINDS",
    "RATE",
    "Ambience",
    "Babble",
    "Effect",
    "Effects",
    "Samples",
    "Saying",
    "Score",
    "Source",
    "Speech",
    "Voice",
    "effect",
    "opening",
    "voice_for",
]
