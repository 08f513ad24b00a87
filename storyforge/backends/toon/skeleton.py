"""Geometry of the little skeleton: its own frame (forward, up, to its left) laid on the picture, and two-bone reach."""

import numpy as np

from storyforge.backends.toon.gait import TILT
from storyforge.backends.toon.motion import Doubles


def project(body: Doubles, turn: Doubles) -> Doubles:
    """Points [frames, 3] forward, up, left, turned and laid on the picture: x, y, near."""
    forward, up, left = body.T
    s, c = np.sin(turn), np.cos(turn)
    near = forward * c - left * s
    return np.stack([forward * s + left * c, up - TILT * near, near], axis=1)


def bend(
    root: Doubles, end: Doubles, upper: float, lower: float, hint: Doubles, stretch_to: float = 1.12
) -> tuple[Doubles, Doubles]:
    """Two-bone reach from root to end [frames, 3]: the joint between, bent towards `hint`, and where the end comes."""
    line = end - root
    far = np.maximum(np.linalg.norm(line, axis=1, keepdims=True), 1e-6)
    along = line / far
    span = upper + lower
    reach = np.minimum(far, stretch_to * span)  # limbs of drawn people stretch a little
    stretch = np.maximum(reach / (0.999 * span), 1.0)
    a, b = upper * stretch, lower * stretch
    cos = np.clip((a * a + reach * reach - b * b) / (2 * a * reach), -1.0, 1.0)
    out = hint - (hint * along).sum(1, keepdims=True) * along
    out = out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-6)
    joint = root + along * (a * cos) + out * (a * np.sqrt(1.0 - cos * cos))
    return joint, root + along * reach
