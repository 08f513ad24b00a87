"""The mix: voices in front, effects and ambience around them, music that makes way; one Source for the whole film."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from storyforge.film.sound.ambience import Ambience
from storyforge.film.sound.curves import ATTACK, HOLD, RELEASE, Gain, ducked, within
from storyforge.film.sound.effects import Effects
from storyforge.film.sound.lines import spoken
from storyforge.film.sound.own import Own, OwnSound
from storyforge.film.sound.recording import Recording
from storyforge.film.sound.score import Score
from storyforge.film.sound.source import RATE, Effect, Samples, decibels, sample
from storyforge.film.sound.speech import Speech, Voice
from storyforge.storyboard import Resolved, recording

# dB of parts beside words, which lie at about -22 LUFS before mastering: the score 4 below them, a storm and steps 12
SCORE, AMBIENCE, EFFECTS = -3.0, -5.0, 5.0
MUSIC, AROUND = 9.0, 6.0  # dB by which music and ambience make way for words
LOUDNESS = -26.0  # LUFS of a music file before it makes way: as loud as the score
MOST = 12.0  # dB that a quiet music file is lifted
ROLLS = 9 * RATE  # samples between one thunder and the next
CLICK, SHORT, LONG = RATE // 200, RATE // 20, RATE * 3 // 2  # samples of fades: inaudible, a cut-off cue, music


@dataclass(frozen=True)
class Stretch:
    """Samples [start, stop) of the film over which one music file is played, again and again."""

    start: int
    stop: int
    recording: Recording

    def block(self, start: int, stop: int) -> Samples:
        """Samples [start, stop) of the film, within the stretch."""
        played = self.recording.repeated(start - self.start, stop - self.start)
        gain = within(self.start, self.stop, (CLICK, LONG), start, stop)
        return played * (gain * np.float32(self.recording.level(LOUDNESS, MOST)))[:, None]


@dataclass(frozen=True)
class Recorded:
    """A recording heard from sample `start` of the film, to `stop` or to its own end; gain is linear."""

    start: int
    stop: int | None
    gain: float
    recording: Recording

    def block(self, start: int, stop: int) -> Samples:
        """Samples [start, stop) of the film, within these."""
        if self.recording.ended(start - self.start):
            return np.zeros((stop - start, 2), np.float32)
        played = self.recording.block(start - self.start, stop - self.start) * np.float32(self.gain)
        if self.stop is None:
            return played
        return played * within(self.start, self.stop, (1, SHORT), start, stop)[:, None]


class Soundtrack:
    """A Source: everything that is heard in a film.

    home: the storyboard's folder, where its recordings lie. effects: what is heard of the picture. own: by the ids of
    shots, the sound that their renderers made, which is heard instead of ambience.
    """

    def __init__(
        self, film: Resolved, home: Path, voice: Voice, effects: Sequence[Effect],
        own: Mapping[str, OwnSound] | None = None,
    ) -> None:  # fmt: skip
        self.film = film
        self.samples = sample(film.frames, film.rate)
        self.speech = Speech([(sample(line.start, film.rate), line.saying, line.pan) for line in spoken(film)], voice)
        self.effects, self.ambience, self.score = (
            Effects(apart(effects), film.board.seed or 0),
            Ambience(film, own or ()),
            Score(film),
        )
        self.own = Own(film, own or {})
        self.stretches, self.sounds = stretches(film, home), sounds(film, home)

    def block(self, start: int, stop: int) -> Samples:
        """Samples [start, stop) of the film, [stop - start, 2]."""
        phrases = self.speech.spoken(start - HOLD - RELEASE, stop + ATTACK)
        out = self.speech.block(start, stop) + self.effects.block(start, stop) * decibels(EFFECTS)
        music = np.zeros_like(out)
        self._close(start, stop)
        for stretch in self.stretches:
            _lay(music, start, stretch.start, stretch.stop, stretch.block)
        for sound in self.sounds:
            _lay(out, start, sound.start, sound.stop, sound.block)
        end = self._end(start, stop)
        around = ducked(phrases, start, stop, AROUND)
        if self.own.placed:
            out += self.own.block(start, stop) * around[:, None]
        out, music = out * end, music * end
        # score and ambience fade with the film by themselves
        music += self.score.block(start, stop) * decibels(SCORE)
        out += self.ambience.block(start, stop) * (around * decibels(AMBIENCE))[:, None]
        out += music * ducked(phrases, start, stop, MUSIC)[:, None]
        return np.asarray(out, np.float32)

    def _close(self, start: int, stop: int) -> None:
        """Lets go of the recordings that are not heard over these samples: a long film may name thousands."""
        placed: list[Stretch | Recorded] = [*self.stretches, *self.sounds]
        heard = {id(o.recording) for o in placed if o.start < stop and (o.stop is None or o.stop > start)}
        for one in placed:
            if id(one.recording) not in heard:
                one.recording.close()

    def _end(self, start: int, stop: int) -> Gain:
        """The film's own fade at its end; where it ends with a cut, just enough not to click."""
        fade = sample(self.film.end_frames, self.film.rate) if self.film.end_kind == "fade" else SHORT
        return within(-fade, self.samples, (1, max(SHORT, fade)), start, stop)[:, None]


def apart(effects: Sequence[Effect]) -> list[Effect]:
    """Effects without the thunder that would begin while another still rolls: every cut into a storm may bring one."""
    kept, last = [], -ROLLS
    for one in sorted(effects, key=lambda effect: effect.at):
        if one.kind == "thunder":
            if one.at < last + ROLLS:
                continue
            last = one.at
        kept.append(one)
    return kept


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
    files = {name: Recording(home / name, name) for _, _, name in found}  # each is measured once
    return tuple(Stretch(sample(start, film.rate), sample(stop, film.rate), files[name]) for start, stop, name in found)


def sounds(film: Resolved, home: Path) -> tuple[Recorded, ...]:
    """The recordings of every shot's `sounds`, in order."""
    found = []
    for shot in film.shots:
        for sound in shot.shot.sounds:
            start = sample(shot.start, film.rate) + round(sound.at * RATE)
            stop = None if sound.seconds is None else start + round(sound.seconds * RATE)
            found.append(Recorded(start, stop, decibels(sound.volume), Recording(home / sound.file, sound.file)))
    return tuple(sorted(found, key=lambda one: one.start))


def _lay(out: Samples, start: int, begin: int, end: int | None, block: Callable[[int, int], Samples]) -> None:
    """Adds what is heard from sample `begin` of the film to `end` to a block that starts at `start`."""
    first, last = max(start, begin), min(start + len(out), start + len(out) if end is None else end)
    if first < last:
        out[first - start : last - start] += block(first, last)
