"""The mix: voices in front, effects and ambience around them, music that makes way; one Source for the whole film."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from storyforge.film.sound.ambience import Ambience
from storyforge.film.sound.curves import ATTACK, HOLD, RELEASE, Gain, ducked, within
from storyforge.film.sound.effects import Effects
from storyforge.film.sound.lines import sample, spoken
from storyforge.film.sound.recording import Recording
from storyforge.film.sound.score import Score
from storyforge.film.sound.source import RATE, Effect, Samples
from storyforge.film.sound.speech import Speech, Voice
from storyforge.storyboard import Resolved, recording

MUSIC, AROUND = 9.0, 3.0  # dB by which music and ambience make way for words
LOUDNESS = -26.0  # LUFS of a music file before it makes way: as loud as the score
MOST = 12.0  # dB that a quiet music file is lifted
CLICK, SHORT, LONG = RATE // 200, RATE // 20, RATE * 3 // 2  # samples of fades: inaudible, a cut-off cue, music


@dataclass(frozen=True)
class Stretch:
    """Samples [start, stop) of the film over which one music file is played."""

    start: int
    stop: int
    recording: Recording


@dataclass(frozen=True)
class Cue:
    """A recording heard from sample `start` of the film, to `stop` or its own end; gain is linear."""

    start: int
    stop: int | None
    gain: float
    recording: Recording


class Soundtrack:
    """A Source: everything that is heard in a film.

    home: the storyboard's folder, where its recordings lie. effects: what is heard of the picture.
    """

    def __init__(self, film: Resolved, home: Path, voice: Voice, effects: Sequence[Effect]) -> None:
        self.film = film
        self.samples = sample(film.frames, film.rate)
        self.speech = Speech(
            [(sample(line.start, film.rate), line.saying, line.pan) for line in spoken(film)], voice
        )
        self.effects, self.ambience, self.score = Effects(effects), Ambience(film), Score(film)
        self.stretches, self.cues = stretches(film, home), cues(film, home)

    def block(self, start: int, stop: int) -> Samples:
        """Samples [start, stop) of the film, [stop - start, 2]."""
        phrases = self.speech.spoken(start - HOLD - RELEASE, stop + ATTACK)
        out = self.speech.block(start, stop) + self.effects.block(start, stop)
        out += self.ambience.block(start, stop) * ducked(phrases, start, stop, AROUND)[:, None]
        out += self._music(start, stop) * ducked(phrases, start, stop, MUSIC)[:, None]
        for cue in self.cues:
            out += _cued(cue, start, stop)
        return np.asarray(out * self._end(start, stop)[:, None], np.float32)

    def _music(self, start: int, stop: int) -> Samples:
        """The score, and in its place the files that the storyboard names."""
        rest = np.ones(stop - start, np.float32)
        out = np.zeros((stop - start, 2), np.float32)
        for one in self.stretches:
            if one.start < stop + LONG and one.stop > start - LONG:
                rest *= 1 - within(one.start - LONG, one.stop + LONG, (LONG, LONG), start, stop)
            if one.start < stop and one.stop > start:
                first, last = max(one.start, start), min(one.stop, stop)
                played = one.recording.repeated(first - one.start, last - one.start) * one.recording.level(LOUDNESS, MOST)
                played *= within(one.start, one.stop, (CLICK, LONG), first, last)[:, None]
                out[first - start : last - start] += played
        return out + self.score.block(start, stop) * rest[:, None] if rest.any() else out

    def _end(self, start: int, stop: int) -> Gain:
        """The film's own fade at its end; where it ends with a cut, just enough not to click."""
        fade = sample(self.film.end_frames, self.film.rate) if self.film.end_kind == "fade" else SHORT
        return within(-fade, self.samples, (1, max(SHORT, fade)), start, stop)


def stretches(film: Resolved, home: Path) -> tuple[Stretch, ...]:
    """Where each music file is played: over shots that follow one another and name the same one."""
    found: list[tuple[int, int, str]] = []
    ends = [shot.start for shot in film.shots[1:]] + [film.frames]
    for shot, end in zip(film.shots, ends, strict=True):
        if not recording(shot.music):
            continue
        name = (shot.music or "").strip()
        if found and found[-1][1:] == (shot.start, name):
            found[-1] = (found[-1][0], end, name)
        else:
            found.append((shot.start, end, name))
    return tuple(
        Stretch(sample(start, film.rate), sample(stop, film.rate), Recording(home / name, name))
        for start, stop, name in found
    )


def cues(film: Resolved, home: Path) -> tuple[Cue, ...]:
    """The recordings of every shot's `sounds`, in order."""
    found = []
    for shot in film.shots:
        for sound in shot.shot.sounds:
            start = sample(shot.start, film.rate) + round(sound.at * RATE)
            stop = None if sound.seconds is None else start + round(sound.seconds * RATE)
            found.append(Cue(start, stop, 10 ** (sound.volume / 20), Recording(home / sound.file, sound.file)))
    return tuple(sorted(found, key=lambda cue: cue.start))


def _cued(cue: Cue, start: int, stop: int) -> Samples | float:
    """What a block hears of a cue."""
    last = stop if cue.stop is None else min(stop, cue.stop)
    first = max(start, cue.start)
    if first >= last or cue.recording.ended(first - cue.start):
        return 0.0
    out = np.zeros((stop - start, 2), np.float32)
    heard = cue.recording.block(first - cue.start, last - cue.start) * np.float32(cue.gain)
    if cue.stop is not None:
        heard = heard * within(cue.start, cue.stop, (1, SHORT), first, last)[:, None]
    out[first - start : last - start] = heard
    return out
