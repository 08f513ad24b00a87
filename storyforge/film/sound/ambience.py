"""Ambience: what the place of each shot sounds like, over the whole film.

One layer (waves, rain, birds ...) goes on through the film by the time of the film alone; only its loudness changes
from shot to shot. So the same place over several shots has no seam, and a change of scene is a crossfade.
"""

from collections.abc import Collection

import numpy as np

from storyforge.film.sound.calls import called
from storyforge.film.sound.chunks import CHUNK, Chunks, controls, smooth
from storyforge.film.sound.source import RATE, Samples, decibels, sample
from storyforge.film.sound.surroundings import Layers, layers
from storyforge.film.sound.textures import TEXTURES, texture
from storyforge.storyboard import Resolved, ResolvedShot

LEVEL = (-46.0, -30.0)  # dB RMS of full scale: quiet rooms .. storms
CROSSFADE = 0.5  # seconds from the sound of one scene to that of the next, where no dissolve says
EDGE = 0.15  # seconds in which it comes and goes at the film's ends


class Ambience:
    """The sounds of the places of a film, as words of its places, times and weathers mean them."""

    def __init__(self, film: Resolved, without: Collection[str] = ()) -> None:
        """without: ids of shots that are heard by themselves."""
        self.heard = [{} if shot.id in without else surroundings(film, shot) for shot in film.shots]
        self._powers = powers(film, self.heard)
        self._edges = edges(film)
        self._chunks = Chunks(self._render)

    def block(self, start: int, stop: int) -> Samples:
        """Samples [start, stop) of the film, [stop - start, 2]; the same whatever the blocks are."""
        return self._chunks.block(start, stop)

    def _render(self, number: int) -> Samples:
        out, times = np.zeros((2, CHUNK), np.float32), controls(number)
        whole = np.interp(times, *self._edges)
        for layer, points in self._powers.items():
            gain = np.sqrt(np.interp(times, *points)) * whole
            if gain.any():
                out += (texture if layer in TEXTURES else called)(layer, number) * smooth(gain)
        return out


def surroundings(film: Resolved, shot: ResolvedShot) -> Layers:
    """The layers of a shot: its place by description and name, its time of day and its weather."""
    place = film.board.places.get(shot.place or "")
    said = f"{place.description} ; {shot.place}" if place else shot.place
    return layers((said or "").replace("-", " "), shot.time, shot.weather)


def powers(film: Resolved, heard: list[Layers]) -> dict[str, tuple[list[float], list[float]]]:
    """For each layer the samples at which its power bends, and the power there: two sounds cross without a dip."""
    out: dict[str, tuple[list[float], list[float]]] = {layer: ([], []) for one in heard for layer in sorted(one)}
    for layer, (at, power) in out.items():
        levels = [decibels(one[layer]) ** 2 if layer in one else 0.0 for one in heard]
        at.append(0.0)
        power.append(levels[0])
        for shot, before, now in zip(film.shots[1:], levels, levels[1:], strict=False):
            if before != now:
                begins, ends = crossing(film, shot)
                at += [max(begins, at[-1]), max(ends, at[-1] + 1)]
                power += [before, now]
    return out


def crossing(film: Resolved, shot: ResolvedShot) -> tuple[float, float]:
    """Samples over which the sound of the shot before goes and this one's comes."""
    begins = sample(shot.start, film.rate)
    if shot.join_kind == "dissolve" and shot.join_frames:
        return begins, sample(shot.start + shot.join_frames, film.rate)
    shortest = min(shot.frames, film.shots[shot.index - 1].frames)
    longest = sample(shot.join_frames, film.rate) if shot.join_kind == "fade" else CROSSFADE * RATE
    half = min(longest, sample(shortest, film.rate)) / 2
    return begins - half, begins + half


def edges(film: Resolved) -> tuple[list[float], list[float]]:
    """The film's beginning and end: from and to silence, over the frames of its last fade where there is one."""
    whole = sample(film.frames, film.rate)
    edge = min(EDGE * RATE, whole / 4)
    fade = max(edge, sample(film.end_frames, film.rate)) if film.end_kind == "fade" else edge
    return [0.0, edge, max(edge, whole - fade), float(whole)], [0.0, 1.0, 1.0, 0.0]
