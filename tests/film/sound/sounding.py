"""Films for the ear: storyboards of some scenes, and the whole of a source."""

from itertools import pairwise
from pathlib import Path

import numpy as np

from storyforge.film.sound import RATE, Samples, Source
from storyforge.storyboard import Resolved, loads, resolve

Scene = tuple[str, str]  # lines of the scene, lines of each shot after its id, parted by " | "


def film(
    *scenes: Scene, seed: int = 5, end: str = "{kind: fade, seconds: 1}", more: str = "", folder: Path = Path()
) -> Resolved:
    """A film at 24 frames a second; its places are named by their words, files lie in `folder`."""
    text = ["storyforge: 1", f"seed: {seed}", more, 'cast: {ember: "a fox", moth: "a moth"}', "places:"]
    text += ['  sea: "the sea"', '  wood: "a pine forest"', '  home: "a small room"', "scenes:"]
    for number, (scene, shots) in enumerate(scenes):
        text += [f"  - id: s{number}", *(f"    {line}" for line in scene.split("; ") if line), "    shots:"]
        text += [f"      - {{id: s{number}-{count}, {shot}}}" for count, shot in enumerate(shots.split(" | "))]
    return resolve(loads("\n".join([*text, f"end: {end}", ""]), folder / "board.yaml").board)


def samples(resolved: Resolved) -> int:
    """How many samples a film has."""
    return round(resolved.frames * RATE / resolved.rate)


def whole(source: Source, resolved: Resolved) -> Samples:
    """All of a source."""
    return source.block(0, samples(resolved))


def level(heard: Samples) -> float:
    """RMS in dB of full scale."""
    return float(10 * np.log10(np.mean(heard.astype(np.float64) ** 2) + 1e-20))


def in_blocks(source: Source, edges: list[int]) -> Samples:
    """Samples from the first edge to the last, made block by block."""
    return np.concatenate([source.block(low, high) for low, high in pairwise(edges)])
