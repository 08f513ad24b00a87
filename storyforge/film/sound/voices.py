"""Which voice speaks on this machine."""

import shutil
from collections.abc import Callable

from storyforge.film.sound.babble import Babble
from storyforge.film.sound.espeak import Espeak
from storyforge.film.sound.speech import Voice

_PROGRAMS = ("espeak-ng", "espeak")


def speech_program() -> str | None:
    """The path of the program that says lines and narration here; None where characters babble instead."""
    return next((path for program in _PROGRAMS if (path := shutil.which(program))), None)


def voice_for(warn: Callable[[str], None] = lambda sentence: None) -> Voice:
    """The best voice here: espeak-ng (or espeak) where it is installed, else babble.

    Babble leaves the narrator silent: captions tell what is narrated. warn: told, a sentence each, of lines that the
    program could not say, or only too fast.
    """
    path = speech_program()
    return Babble() if path is None else Espeak(path, warn)
