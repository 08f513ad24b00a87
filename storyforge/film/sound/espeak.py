"""espeak-ng, where that program is installed: a subprocess that says a line as a WAV file (it is never linked)."""

import re
import subprocess
import wave
from collections.abc import Callable
from functools import cached_property
from io import BytesIO
from pathlib import Path

import numpy as np

from storyforge.film.sound.babble import LEVEL, Babble
from storyforge.film.sound.manner import Manner, chances, colour, manner
from storyforge.film.sound.melody import LEAD, TAIL
from storyforge.film.sound.resample import hurried, resampled
from storyforge.film.sound.source import RATE, Samples
from storyforge.film.sound.speech import Saying

_USUAL, _FASTEST = 165, 450  # words a minute: beyond the second the program cannot go
_HURRIED = 300  # words a minute that are hard to follow
_SECONDS = 60  # the program has failed when a line takes it longer
_SPARE = 1.02  # a speed is aimed so much higher than needed: pauses do not shrink with it
_ROW = re.compile(r"\s*\d+\s+(\S+)\s+\S+\s+(\S+)\s+(\S+)(.*)")
_TIMBRES = {"f": ("f1", "f2", "f3", "f4", "f5"), "m": ("m1", "m2", "m3", "m4", "m5", "m6", "m7")}


class _Failed(Exception):  # noqa: N818  (caught here: the line is said in another way)
    """Why the program did not say a line, in a few words."""


class Espeak:
    """A Voice: espeak-ng says lines and narration; what it cannot say is said by babble, and `warn` is told."""

    def __init__(self, program: str, warn: Callable[[str], None] = lambda sentence: None) -> None:
        self._program, self._warn = program, warn
        self._instead = Babble()
        self._told: set[str] = set()

    @cached_property
    def name(self) -> str:
        try:
            version = re.search(r"\d+(\.\d+)+", self._run(["--version"]).decode(errors="replace"))
        except _Failed:
            version = None
        return f"{self._called} {version[0] if version else '?'}, fitted 2, {self._instead.name}"

    def say(self, saying: Saying) -> Samples:
        """The line as float32 [saying.samples], as fast as its seconds ask for."""
        if not re.search(r"\w", saying.text):
            return np.zeros(saying.samples, np.float32)
        try:
            return self._fitted(saying)
        except _Failed as failed:
            instead = "captions alone tell it" if saying.who is None else "babble says it instead"
            self._tell(str(failed), f'{self._called} could not say "{saying.text}" ({failed}); {instead}.')
            return self._instead.say(saying)

    def _tell(self, about: str, sentence: str) -> None:
        """Warn once of a thing: a line is said for its mouth and for the soundtrack."""
        if about not in self._told:
            self._told.add(about)
            self._warn(sentence)

    @property
    def _called(self) -> str:
        return Path(self._program).stem

    def _fitted(self, saying: Saying) -> Samples:
        """The line said so fast that it fits: the program's own speed first, hurried where that is not enough."""
        how = manner(saying.how) + (colour(saying.voice) if saying.who is not None else Manner())
        room = max(0, saying.samples - round((LEAD + TAIL) * RATE))
        speed = round(_USUAL * 2**how.pace)
        said = self._said(saying, how, speed)
        for _ in range(2):
            if len(said) <= room or speed >= _FASTEST:
                break
            speed = min(_FASTEST, int(speed * _SPARE * len(said) / max(1, room)) + 1)
            said = self._said(saying, how, speed)
        words = speed * max(1.0, len(said) / max(1, room))
        if words > _HURRIED:
            needs = len(said) * speed / _HURRIED / RATE + LEAD + TAIL
            self._tell(
                saying.text,
                f'"{saying.text}" is said too fast to follow, in {float(saying.seconds):.1f} s: '
                f"give its shot {needs:.1f} s, or fewer words.",
            )
        if len(said) > room:
            said = hurried(said, room)
        line = np.zeros(saying.samples, np.float32)
        begin = min(round(LEAD * RATE), max(0, len(line) - len(said)))
        line[begin : begin + len(said)] = _levelled(said, manner(saying.how).level)
        return line

    def _said(self, saying: Saying, how: Manner, speed: int) -> Samples:
        """What the program says at a speed in words a minute, at RATE, without the silence around it."""
        voice, pitch = self._voice(saying, how)
        text = re.sub(r"\s+|\[\[|\]\]", " ", saying.text)  # brackets would be read as names of sounds
        told = ["-v", voice, "-s", str(speed), "-p", str(pitch), "-b", "1", "--stdin", "--stdout"]
        samples = _trimmed(_read(self._run(told, text.encode())))
        if not len(samples):
            raise _Failed("it was silent")
        return samples

    def _run(self, told: list[str], text: bytes = b"") -> bytes:
        try:
            done = subprocess.run(
                [self._program, *told], input=text, capture_output=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise _Failed(f"it took longer than {_SECONDS} s") from None
        except OSError as error:
            raise _Failed(f"it does not start: {error.strerror}") from None
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip().splitlines()
            raise _Failed(f"it ended with {done.returncode}" + (f": {words[-1]}" if words else ""))
        return done.stdout

    def _voice(self, saying: Saying, how: Manner) -> tuple[str, int]:
        """The program's name for the voice, and its pitch 0..99.

        `voice:` where the program knows it; else the language's own voice, coloured by what `voice:` asks for. A
        character has a pitch of its own, and a timbre where no voice is asked for.
        """
        asked = self._known(saying.voice or "")
        base = asked or self._spoken(saying.language)
        own = chances("espeak", saying.who, saying.voice, saying.seed)
        pitch = 50 if saying.who is None else round(min(95, max(5, 50 + 44 * (own[0] - 0.5) + 3 * how.pitch)))
        if how.breath >= 1 and "whisper" in self._timbres:
            return f"{base.partition('+')[0]}+whisper", pitch
        kind = "m" if how.pitch <= -3 else "f" if how.pitch >= 3 else "fm"[own[1] > 0.5]
        timbres = [timbre for timbre in _TIMBRES[kind] if timbre in self._timbres]
        if asked or saying.who is None or not timbres:
            return base, pitch
        return f"{base}+{timbres[int(own[2] * 0.999 * len(timbres))]}", pitch

    def _known(self, voice: str) -> str | None:
        """The program's name for a voice that somebody asked for by name, language or file; None if it has none."""
        name, plus, timbre = voice.strip().casefold().partition("+")
        found = next((n for n in (name, name.replace("_", " "), name.replace("_", "-")) if n in self._voices), None)
        return found and self._voices[found] + (plus + timbre if timbre in self._timbres else "")

    def _spoken(self, language: str) -> str:
        """The program's voice for a language: pt-BR, else pt, else any Portuguese."""
        whole = language.casefold().replace("_", "-")
        first = whole.split("-")[0]
        for name in (whole, first, *sorted(v for v in self._voices if v.startswith(f"{first}-"))):
            if name in self._voices:
                return self._voices[name]
        raise _Failed(f"it does not speak {language}")

    @cached_property
    def _voices(self) -> dict[str, str]:
        """Languages, voices and files that the program has, in small letters, and the name that takes a timbre too."""
        names: dict[str, str] = {}
        others: list[tuple[int, str, str]] = []
        for language, name, file, also in self._rows("--voices"):
            for key, told in ((language, language), (name.replace("_", " "), file), (file, file)):
                names.setdefault(key.casefold(), told)
            others += [(int(rank), key.casefold(), language) for key, rank in re.findall(r"\(([^ )]+) (\d+)\)", also)]
        for _, key, language in sorted(others):  # zh is first of all cmn
            names.setdefault(key, language)
        return names

    @cached_property
    def _timbres(self) -> frozenset[str]:
        """Variants that any voice can take on: f1, m3, whisper."""
        try:
            return frozenset(file.removeprefix("!v/").casefold() for _, _, file, _ in self._rows("--voices=variant"))
        except _Failed:  # an old program has none
            return frozenset()

    def _rows(self, told: str) -> list[tuple[str, str, str, str]]:
        """A table of voices: language, name, file, other languages. Before them stands a priority, and age and sex."""
        rows = map(_ROW.match, self._run([told]).decode(errors="replace").splitlines())
        return [(row[1], row[2], row[3], row[4]) for row in rows if row]


def _read(data: bytes) -> Samples:
    """A WAV file as mono samples at RATE. Its header says nothing of its length: it was written to a pipe."""
    try:
        with wave.open(BytesIO(data)) as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            found = file.readframes(file.getnframes())
    except (wave.Error, EOFError):
        raise _Failed("what it wrote is no WAV file") from None
    if width != 2:
        raise _Failed(f"it wrote samples of {8 * width} bits")
    whole = np.frombuffer(found[: len(found) // (2 * channels) * 2 * channels], "<i2").reshape(-1, channels)
    return resampled((whole.mean(1) / 32768).astype(np.float32), rate)


def _trimmed(samples: Samples) -> Samples:
    """Without the silence around, and with soft edges of 5 ms."""
    heard = np.flatnonzero(np.abs(samples) > 0.003)
    if not len(heard):
        return samples[:0]
    edge = RATE // 200
    cut = samples[max(0, heard[0] - edge) : heard[-1] + 1 + edge].copy()
    ramp = np.linspace(0, 1, min(edge, len(cut)), dtype=np.float32)
    cut[: len(ramp)] *= ramp
    cut[-len(ramp) :] *= ramp[::-1]
    return cut


def _levelled(said: Samples, decibels: float) -> Samples:
    """With its voiced parts as loud as those of babble, `decibels` more or less."""
    steps = len(said) // (RATE // 50)
    power = (
        np.square(said[: steps * (RATE // 50)], dtype=np.float64).reshape(steps, -1).mean(1) if steps else np.zeros(1)
    )
    loud = float(np.sqrt(power[power >= 0.02 * power.max()].mean()))
    if loud == 0:
        return said
    return said * np.float32(min(LEVEL * 10 ** (decibels / 20) / loud, 0.95 / float(np.abs(said).max())))
