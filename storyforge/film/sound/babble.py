"""Babble: a voice without words for every character, a syllable a vowel of the text, as toys and islanders speak."""

import numpy as np

from storyforge.film.sound.articulation import Movements, Speaker
from storyforge.film.sound.manner import chances, colour, manner
from storyforge.film.sound.melody import melody
from storyforge.film.sound.source import Samples
from storyforge.film.sound.speech import Saying
from storyforge.film.sound.syllables import phrases
from storyforge.film.sound.tract import HOP, Score, sing

LEVEL = 0.1  # root mean square of the voiced parts of a plain line: -20 dB
_LOUDEST = 0.95
_VOICED = 0.15  # of a score's strength: more is a vowel, or as loud as one


class Babble:
    """A Voice: one hears who speaks and how, but no words; the narrator stays silent, for captions tell it."""

    name = "babble 1"

    def say(self, saying: Saying) -> Samples:
        """The line as float32 [saying.samples]: silent where nobody says it or nothing in it can be said."""
        silence = np.zeros(saying.samples, np.float32)
        if saying.who is None:
            return silence
        speaker = speaker_of(saying)
        chance = chances("line", saying.text, saying.who, saying.seed, count=16)
        said = phrases(saying.text, saying.language)
        notes = melody(said, float(saying.seconds), pace=speaker.pace, chance=chance)
        if not notes:
            return silence
        score = Movements(notes).score(speaker, len(silence))
        sung = sing(score, seed=int(chance[0] * 65535))[: len(silence)]
        return _levelled(sung, score, manner(saying.how).level)


def speaker_of(saying: Saying) -> Speaker:
    """The voice of a line's speaker, its own in the whole film, in the manner of the line."""
    own = chances("speaker", saying.who, saying.voice, saying.seed)
    asked = colour(saying.voice)
    how = asked + manner(saying.how)
    pitch = min(480.0, max(100.0, 180 * 2 ** (own[0] + asked.pitch / 12)))
    tract = (pitch / 130) ** 0.3 * 2 ** (0.2 * (own[1] - 0.5) + asked.tract)
    return Speaker(
        pitch=pitch * 2 ** ((how.pitch - asked.pitch) / 12),
        tract=min(1.6, max(0.85, tract)),
        bright=-5.2 + 2.0 * own[2] + how.bright,
        breath=min(1.0, 0.03 + 0.1 * own[3] + how.breath),
        tremble=how.tremble,
        lively=(0.85 + 0.4 * own[4]) * 2**how.range,
        pace=(0.93 + 0.14 * own[5]) * 2**how.pace,
    )


def _levelled(sung: Samples, score: Score, decibels: float) -> Samples:
    """With its voiced parts at the level that every character's have, `decibels` more or less."""
    voiced = np.repeat(score.voice + score.breath > _VOICED, HOP)[: len(sung)]
    loud = float(np.sqrt(np.mean(np.square(sung[voiced], dtype=np.float64)))) if voiced.any() else 0.0
    if loud == 0:
        return np.zeros_like(sung)
    gain = LEVEL * 10 ** (decibels / 20) / loud
    return sung * np.float32(min(gain, _LOUDEST / float(np.abs(sung).max())))
