"""espeak-ng, where that program is installed: a subprocess that writes a line as WAV (it is never linked)."""

from collections.abc import Callable

from storyforge.film.sound.babble import Babble
from storyforge.film.sound.source import Samples
from storyforge.film.sound.speech import Saying


class Espeak:
    """A Voice that runs espeak-ng."""

    def __init__(self, program: str, warn: Callable[[str], None]) -> None:
        self._program, self._warn = program, warn
        self._babble = Babble()

    @property
    def name(self) -> str:
        return self._babble.name

    def say(self, saying: Saying) -> Samples:
        return self._babble.say(saying)
