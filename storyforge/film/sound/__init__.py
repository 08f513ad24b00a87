"""Sound made by arithmetic: voices, effects, ambience and a music box, mixed to one loudness (no model, no samples)."""

from storyforge.film.sound.ambience import Ambience
from storyforge.film.sound.babble import Babble
from storyforge.film.sound.effects import Effects, effect
from storyforge.film.sound.foley import KINDS
from storyforge.film.sound.lines import Spoken, spoken
from storyforge.film.sound.loudness import Loudness, integrated, peaks
from storyforge.film.sound.master import TARGET, Mastered, master
from storyforge.film.sound.mix import Soundtrack, sounds, stretches
from storyforge.film.sound.mouth import opening
from storyforge.film.sound.own import OwnSound, conformed
from storyforge.film.sound.recording import Recording
from storyforge.film.sound.score import Score
from storyforge.film.sound.source import RATE, Effect, Samples, Source, sample
from storyforge.film.sound.speech import Saying, Speech, Voice
from storyforge.film.sound.voices import speech_program, voice_for

VERSION = 4  # counted up when the same film would sound otherwise

__all__ = [
    "KINDS",
    "RATE",
    "TARGET",
    "VERSION",
    "Ambience",
    "Babble",
    "Effect",
    "Effects",
    "Loudness",
    "Mastered",
    "OwnSound",
    "Recording",
    "Samples",
    "Saying",
    "Score",
    "Soundtrack",
    "Source",
    "Speech",
    "Spoken",
    "Voice",
    "conformed",
    "effect",
    "integrated",
    "master",
    "opening",
    "peaks",
    "sample",
    "sounds",
    "speech_program",
    "spoken",
    "stretches",
    "voice_for",
]
