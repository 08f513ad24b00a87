"""Own sound: what a renderer made of a shot beside its pictures, in step with them, as a part of the film's mix."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storyforge.film.sound.loudness import Loudness
from storyforge.film.sound.recording import Recording
from storyforge.film.sound.resample import resampled
from storyforge.film.sound.source import RATE, Samples, decibels, sample
from storyforge.storyboard import Resolved, ResolvedShot

LOUDNESS = -24.0  # LUFS of all that renderers made of a film's shots, together: words lie at about -22
MOST = 12.0  # dB that it is lifted
CLICK = RATE // 200  # samples of the fades at a cut: inaudible


def conformed(samples: Samples, rate: int, skipped: Fraction, length: int) -> NDArray[np.int16]:
    """A model's sound [n, channels] at `rate` as `length` samples of a shot at RATE, int16 [length, 2].

    skipped: seconds before the shot's start. What is missing at the end is silent; one channel is heard on both sides,
    of more than two the first two.
    """
    sides = samples.T if samples.shape[1] > 1 else np.repeat(samples.T, 2, 0)
    heard = np.stack([resampled(side, rate) for side in sides[:2]], 1)
    first = round(skipped * RATE)
    whole = np.zeros((length, 2), np.float32)
    part = heard[first : first + length]
    whole[: len(part)] = part
    return np.asarray(np.round(whole.clip(-1, 1) * 32767), np.int16)


@dataclass(frozen=True)
class OwnSound:
    """What was made with one shot: a file with its sound, whose samples have that digest.

    level: key of what it was cut from, there from moment `start` to `stop` in seconds of the film's pace.
    """

    path: Path
    digest: str
    level: str = ""
    start: Fraction = Fraction(0)
    stop: Fraction = Fraction(0)

    def goes_on(self, after: "OwnSound | None") -> bool:
        """Whether the sound that is heard after it is its own continuation."""
        return after is not None and (self.level, self.stop) == (after.level, after.start)


@dataclass(frozen=True)
class Placed:
    """A shot's sound over samples [start, stop) of the film; it comes and goes in so many samples, at equal power."""

    start: int
    stop: int
    rise: int
    fall: int
    recording: Recording

    def block(self, start: int, stop: int) -> Samples:
        """Samples [start, stop) of the film, within these."""
        at = np.arange(start, stop) + 0.5
        power = np.ones(stop - start)
        if self.rise:
            power = np.minimum(power, (at - self.start) / self.rise)
        if self.fall:
            power = np.minimum(power, (self.stop - at) / self.fall)
        played = self.recording.block(start - self.start, stop - self.start)
        return np.asarray(played * np.sqrt(power.clip(0, 1))[:, None], np.float32)


class Own:
    """A Source: the sound that renderers made with the shots of a film, all of it at one gain."""

    def __init__(self, film: Resolved, sounds: Mapping[str, OwnSound]) -> None:
        self.placed = tuple(_placed(film, shot, sounds) for shot in film.shots if shot.id in sounds)

    def block(self, start: int, stop: int) -> Samples:
        """Samples [start, stop) of the film, [stop - start, 2]; the same whatever the blocks are."""
        out = self._block(start, stop)
        return out * np.float32(self._gain) if out.any() else out

    @cached_property
    def _gain(self) -> float:
        """What brings the whole of it to LOUDNESS: shots keep their balance, and words are heard beside them."""
        meter = Loudness()
        for one in self.placed:
            for at in range(one.start, one.stop, RATE):
                meter.add(one.block(at, min(at + RATE, one.stop)))
            one.recording.close()
        return decibels(min(MOST, LOUDNESS - meter.integrated)) if isfinite(meter.integrated) else 1.0

    def _block(self, start: int, stop: int) -> Samples:
        out = np.zeros((stop - start, 2), np.float32)
        for one in self.placed:
            first, last = max(start, one.start), min(stop, one.stop)
            if first < last:
                out[first - start : last - start] += one.block(first, last)
            else:
                one.recording.close()
        return out


def _placed(film: Resolved, shot: ResolvedShot, sounds: Mapping[str, OwnSound]) -> Placed:
    """Where a shot's sound is heard: as long as its picture is, and over its joins."""
    before = film.shots[shot.index - 1] if shot.index else None
    after = film.shots[shot.index + 1] if shot.index + 1 < len(film.shots) else None
    mine = sounds[shot.id]
    rise = _fade(film, before, shot, opening=True)
    fall = _fade(film, shot, after, opening=False)
    if before and shot.join_kind == "flow" and before.id in sounds and sounds[before.id].goes_on(mine):
        rise = 0
    if after and after.join_kind == "flow" and mine.goes_on(sounds.get(after.id)):
        fall = 0
    stop = sample(shot.start + shot.frames, film.rate)
    return Placed(sample(shot.start, film.rate), stop, rise, fall, Recording(mine.path, shot.id))


def _fade(film: Resolved, before: ResolvedShot | None, after: ResolvedShot | None, opening: bool) -> int:
    """Samples in which the shot after a join comes (opening) or the one before it goes."""
    if after is None:  # the film's own end fades the whole mix
        return CLICK
    frames = 0
    if before and after.join_kind == "dissolve":
        frames = before.start + before.frames - after.start
    elif after.join_kind == "fade":
        out = after.join_frames // 2 if before else 0
        frames = after.join_frames - out if opening else out
    return max(CLICK, sample(frames, film.rate))
