"""Where the camera looks: on characters by their weights, framed for the shot's size, plus the rig's own offset."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from storyforge.backends.toon import anatomy, rig
from storyforge.backends.toon.bed import bed
from storyforge.backends.toon.motion import Doubles, ease, firm, wander

MARGIN = 0.1  # world units kept around the characters that a shot is on
FULL = 0.6  # zoom from which one body fills the frame


@dataclass(frozen=True)
class Focus:
    """What a camera on a character frames, [frames] each: world x of body and face, feet, head's centre, height."""

    x: Doubles
    face: Doubles
    feet: Doubles
    head: Doubles
    height: Doubles

    def between(self, start: int, stop: int) -> "Focus":
        """The same over frames [start, stop)."""
        return Focus(*(line[start:stop] for line in (self.x, self.face, self.feet, self.head, self.height)))


def follow(
    kind: str, shape: anatomy.Body, x: Doubles, feet: Doubles, size: Doubles, facing: Doubles, sit: Doubles,
    sleep: Doubles,
) -> Focus:  # fmt: skip
    """What the camera follows of a body: without its bob, lower when it sits or lies (weights `sit`, `sleep`)."""
    lies = bed(kind)
    hip, _, head = anatomy.stand(shape)
    sit, sleep = ease(sit), ease(sleep)
    up = head - sit * (hip - 0.105) + sleep * (lies.high - head)
    side = sleep * size * np.sign(np.mean(facing) + 1e-9)
    tall = (1.0 - 0.22 * sit) * (1.0 - 0.45 * sleep)
    return Focus(x + side * lies.middle, x + side * lies.ahead * shape.torso, feet, feet + up * size, size * tall)


def look(scene: Doubles, focuses: Sequence[Focus | None], seconds: Doubles, seed: int) -> Doubles:
    """Camera [frames, 4] x, y, zoom, angle from smoothed scene rows.

    centre = sum of on_i * focus_i + (1 - sum) * the place's middle + camera; the focus rises from the whole scene
    (wide) over the body (full) to the face (close). Zoom allows for how large each character is, and gives way where
    a shot on several would lose one of them.
    """
    at = rig.SCENE.at
    zoom = scene[:, at["zoom"]][:, 0].copy()
    on = firm(scene[:, at["on"]])
    on = on * np.array([focus is not None for focus in focuses], np.float64)
    whole = on.sum(1)
    total = ease((whole - 0.2) / 0.25)  # a camera is on somebody or not: half of far away is beside everybody
    on = on / np.maximum(whole, 1e-6)[:, None] * total[:, None]
    present = [(weight, focus) for weight, focus in zip(on.T, focuses, strict=True) if focus is not None]
    near = ease((zoom - 0.3) / 0.8)
    zoom += 0.85 * near * sum((w * np.log2(rig.BODY / f.height) for w, f in present), np.zeros(len(zoom)))
    body, face = ease(zoom / FULL), ease((zoom - FULL) / 1.4)
    rises = [_rise(focus, body, face) for _, focus in present]
    if present:
        share = total + 1e-3  # on nobody there is no spread
        middle = sum(w * f.x for w, f in present) / share
        height = sum(w * r for (w, _), r in zip(present, rises, strict=True)) / share
        wide = np.sqrt(sum(w * (f.x - middle) ** 2 for w, f in present) / share + 1e-8)
        tall = np.sqrt(sum(w * (r - height) ** 2 for (w, _), r in zip(present, rises, strict=True)) / share + 1e-8)
        room = np.minimum(-np.log2(2.0 * (wide + MARGIN)), np.log2(0.28 / (tall + MARGIN)))
        zoom -= total * ease((wide + tall) / 0.05) * np.logaddexp(0.0, 6.0 * (zoom - room)) / 6.0
    x = sum((w * (f.x + face * (f.face - f.x)) for w, f in present), np.zeros(len(zoom)))
    nobody = np.mean(rises, axis=0) if rises else -0.07 * body  # beside everybody: still at their height
    y = (1.0 - total) * nobody + sum((w * r for (w, _), r in zip(present, rises, strict=True)), np.zeros(len(zoom)))
    own = scene[:, at["camera"]]
    drift = 0.002 * np.exp2(-zoom)  # a camera in the hand, so slow that only a frozen frame would be noticed
    own = own * np.exp2(-zoom)[:, None]
    x = x + own[:, 0] + drift * wander(seconds, seed + 41, 0.12)
    y = y + own[:, 1] + drift * wander(seconds, seed + 42, 0.12)
    return np.stack([x, y, zoom, np.clip(scene[:, at["angle"]][:, 0], -1.0, 1.0)], axis=1)


def _rise(focus: Focus, body: Doubles, face: Doubles) -> Doubles:
    """World y to look at: half way up with who flies in a wide shot, the body's middle in a full one, then the face."""
    middle = focus.feet + 0.5 * focus.height
    lifted = np.maximum(0.5 * (focus.feet - rig.ground(0.5)), 0.0)
    return np.asarray((1.0 - body) * lifted + body * (middle + face * (focus.head - middle)))
