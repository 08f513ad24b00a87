"""What a film drawn from StageStates does, in pixels: where characters and camera are, footfalls, shaking."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.toon import anatomy, rig
from storyforge.backends.toon.art.view import View
from storyforge.backends.toon.eyes import reaches
from storyforge.backends.toon.speech import Line
from storyforge.backends.toon.state import Puppet, StageState

Doubles = NDArray[np.float64]
SLEEP = rig.ACTIONS.index("sleep")
STEP = 0.03  # world units: a foot that goes farther from one frame to the next has been lifted, or is dragged


@dataclass(frozen=True)
class Reading:
    """Pixels by frame; NaN where a slot holds nobody. The camera is its centre, in pixels of the frame's own zoom."""

    ground: Doubles  # [frames, CHARACTERS, 2] the point each character is measured from
    head: Doubles  # [frames, CHARACTERS, 2]
    feet: Doubles  # [frames, CHARACTERS, 2 feet, 2]
    camera: Doubles  # [frames, 3]: x, y, and half the frame's width a change of zoom moves its edge by


@dataclass(frozen=True)
class Contact:
    """One foot on the ground over frames [start, stop) and how far it slid there, heights of that body."""

    slot: int
    foot: int
    start: int
    stop: int
    x: float
    y: float
    slide: float


def _world(puppet: Puppet, joint: int) -> tuple[float, float]:
    x, y, _ = puppet.joints[joint].tolist()
    return puppet.x + x * puppet.size, puppet.y + y * puppet.size


def read(states: Sequence[StageState], width: int, height: int) -> Reading:
    """Where everything is drawn, in pixels of a frame of width x height."""
    count = len(states)
    ground = np.full((count, rig.CHARACTERS, 2), np.nan)
    head, feet = ground.copy(), np.full((count, rig.CHARACTERS, 2, 2), np.nan)
    camera = np.zeros((count, 3))
    for i, state in enumerate(states):
        c = state.camera
        view = View(width, height, c.x, c.y, c.zoom, c.angle)
        a, _, _, d, e, f = view.matrix(1.0)
        camera[i] = (c.x * a, c.y * a, width / 2 * c.zoom * float(np.log(2.0)))
        for puppet in state.puppets:
            points = [(puppet.x, puppet.y), _world(puppet, anatomy.HEAD)]
            points += [_world(puppet, anatomy.ANKLE + foot) for foot in (0, 1)]
            pixels = np.array([(a * x + e, d * y + f) for x, y in points])
            ground[i, puppet.slot], head[i, puppet.slot], feet[i, puppet.slot] = pixels[0], pixels[1], pixels[2:]
    return Reading(ground, head, feet, camera)


def shaking(positions: Doubles) -> float:
    """Mean length of the second difference of positions [frames, ..., 2], pixels a frame a frame; 0 when too short."""
    if len(positions) < 3:
        return 0.0
    second = np.linalg.norm(np.diff(positions, n=2, axis=0), axis=-1)
    return float(np.nanmean(second)) if np.isfinite(second).any() else 0.0


def ball(puppet: Puppet, foot: int) -> tuple[float, float]:
    """World point of the ball of a foot: what stays where it is while the foot rolls."""
    x, y = _world(puppet, anatomy.ANKLE + foot)
    pitch = puppet.foot_pitch[foot]
    ahead = anatomy.BALL * np.cos(pitch) - anatomy.ANKLE_HEIGHT * np.sin(pitch)
    down = anatomy.BALL * np.sin(pitch) + anatomy.ANKLE_HEIGHT * np.cos(pitch)
    return x + puppet.size * ahead * float(np.sin(puppet.foot_turn[foot])), y - puppet.size * down


def contacts(states: Sequence[StageState]) -> list[Contact]:
    """Every stretch in which a foot stands, with the world point it stands on."""
    found: list[Contact] = []
    standing: dict[tuple[int, int], tuple[int, list[tuple[float, float]]]] = {}
    sizes: dict[int, float] = {}

    def close(key: tuple[int, int], stop: int) -> None:
        start, points = standing.pop(key)
        at = np.array(points)
        slide = float(np.linalg.norm(at - at[0], axis=1).max()) / sizes[key[0]]
        found.append(Contact(*key, start, stop, float(at[0, 0]), float(at[0, 1]), slide))

    for i, state in enumerate(states):
        sizes |= {p.slot: p.size for p in state.puppets}
        here = {(p.slot, foot): ball(p, foot) for p in state.puppets for foot in (0, 1) if p.planted[foot]}
        for key in [k for k in standing if k not in here]:
            close(key, i)
        for key, point in here.items():
            last = standing[key][1][-1] if key in standing else point
            if np.hypot(point[0] - last[0], point[1] - last[1]) > STEP:
                close(key, i)  # so fast a step that no frame shows the foot in the air
            standing.setdefault(key, (i, []))[1].append(point)
    for key in list(standing):
        close(key, len(states))
    return sorted(found, key=lambda c: (c.slot, c.foot, c.start))


def drags(states: Sequence[StageState]) -> list[float]:
    """How far each foot that is dragged goes in one stretch, heights of its body.

    A foot that stands in one frame and farther off in the next has made a step too quick for a frame to show it in
    the air; one that does so twice running is dragged. The path counts, so that the faster is the worse.
    """
    out = []
    for slot in range(rig.CHARACTERS):
        here = [next((p for p in state.puppets if p.slot == slot), None) for state in states]
        for foot in (0, 1):
            points = [ball(p, foot) if p is not None and p.planted[foot] else (np.nan, np.nan) for p in here]
            jumps = np.linalg.norm(np.diff(np.array(points), axis=0), axis=1)
            fast = [*(jumps > STEP).tolist(), False]  # no number is larger than none
            start = 0
            for i, jumping in enumerate(fast):
                if jumping:
                    continue
                who = here[i]
                if i - start > 1 and who is not None:
                    out.append(float(jumps[start:i].sum()) / who.size)
                start = i + 1
    return out


@dataclass(frozen=True)
class Heed:
    """One listener of one line: how many frames after its first word the eyes reach the speaker; None: not in time."""

    line: int
    slot: int
    frames: int | None


def heeds(states: Sequence[StageState], lines: Sequence[Line], within: int = 24) -> list[Heed]:
    """When the drawn eyes of everybody who is there and awake reach who begins to speak, by line.

    Lines that begin outside the frames, whose speaker is not there or not seen to speak, and people who speak
    themselves at that moment have no part in it.
    """
    out = []
    for number, line in enumerate(lines):
        if line.slot is None or not line.mouth or not 0 <= line.start < len(states) - within:
            continue
        talk = {one.slot for one in lines if one.start <= line.start < one.stop and one.mouth}
        for slot in range(rig.CHARACTERS):
            seen = [_heed(states[f], slot, line.slot) for f in range(line.start, line.start + within)]
            if slot not in talk and None not in seen:
                out.append(Heed(number, slot, next((f for f, reached in enumerate(seen) if reached), None)))
    return out


def _heed(state: StageState, slot: int, speaker: int) -> bool | None:
    """Whether one looks at another in a frame; None where one of them is not there, or asleep."""
    here = {puppet.slot: puppet for puppet in state.puppets}
    if slot not in here or speaker not in here or here[slot].actions[SLEEP] > 0.5:
        return None
    return reaches(here[slot], _world(here[speaker], anatomy.HEAD))


def cadence(states: Sequence[StageState], slot: int, rate: float) -> float:
    """Steps a second of a character over the frames: its footfalls over the time between the first and the last."""
    falls = sorted(c.start for c in contacts(states) if c.slot == slot and c.start > 0)
    if len(falls) < 3:
        return 0.0
    return (len(falls) - 1) * rate / (falls[-1] - falls[0])
