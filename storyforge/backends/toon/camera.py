"""Where the camera looks: on characters by their weights, framed for the shot's size, plus the rig's own offset."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from storyforge.backends.toon import rig
from storyforge.backends.toon.motion import Doubles, ease, firm, wander

MARGIN = 0.1  # world units kept around the characters that a shot is on
FULL = 0.6  # zoom from which one body fills the frame


@dataclass(frozen=True)
class Focus:
    """What a camera on a character frames, [frames] each: world x, feet, head's centre, and the body's height."""

    x: Doubles
    feet: Doubles
    head: Doubles
    height: Doubles


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
    if present:
        share = total + 1e-3  # on nobody there is no spread
        middle = sum(w * f.x for w, f in present) / share
        spread = np.sqrt(sum(w * (f.x - middle) ** 2 for w, f in present) / share + 1e-8)
        room = -np.log2(2.0 * (spread + MARGIN))
        zoom -= total * ease(spread / 0.05) * np.logaddexp(0.0, 6.0 * (zoom - room)) / 6.0
    body, face = ease(zoom / FULL), ease((zoom - FULL) / 1.4)
    x = sum((w * f.x for w, f in present), np.zeros(len(zoom)))
    y = (1.0 - total) * -0.07 * body
    for weight, focus in present:
        whole = focus.feet + 0.5 * focus.height
        lifted = 0.5 * (focus.feet - rig.ground(0.5))  # a wide shot rises half as much as one who flies
        y = y + weight * ((1 - body) * np.maximum(lifted, 0.0) + body * (whole + face * (focus.head - whole)))
    own = scene[:, at["camera"]]
    drift = 0.002 * np.exp2(-zoom)  # a camera in the hand, so slow that only a frozen frame would be noticed
    own = own * np.exp2(-zoom)[:, None]
    x = x + own[:, 0] + drift * wander(seconds, seed + 41, 0.12)
    y = y + own[:, 1] + drift * wander(seconds, seed + 42, 0.12)
    return np.stack([x, y, zoom, np.clip(scene[:, at["angle"]][:, 0], -1.0, 1.0)], axis=1)
