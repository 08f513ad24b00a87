"""Which voice speaks on this machine."""

import shutil
from collections.abc import Callable

from storyforge.film.sound.babble import Babble
from storyforge.film.sound.espeak import Espeak
from storyforge.film.sound.speech import Voice

_PROGRAMS = ("espeak-ng", "espeak")


def voice_for(warn: Callable[[str], None] = lambda sentence: None) -> Voice:
    """The best voice here: espeak-ng (or espeak) where it is installed, else babble.

    Babble leaves the narrator silent: captions tell what is narrated. warn: told, a sentence each, of lines that the
    program could not say, or only too fast.
    """
    for program in _PROGRAMS:
        path = shutil.which(program)
        if path is not None:
            return Espeak(path, warn)
    return Babble()
