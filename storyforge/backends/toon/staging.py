"""Staging of the procedural world's shots: who travels where, who stands where, what the camera is on and does."""

import random
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from storyforge.backends.toon import rig
from storyforge.backends.toon.world import FPS, PLACES_AT, SPEEDS, Script, channel

Facts = dict[str, Any]
POSITIONS = {1: ("centre",), 2: ("left", "right"), 3: ("left", "centre", "right")}
SIDES = {"left": -1.0, "right": 1.0}
MARGIN = 0.06  # of the frame's width at zoom 0, kept free at its edges


@dataclass(frozen=True)
class Leg:
    """A journey of one character in one part of a shot (before or after the beat); distance to the right."""

    slot: int
    part: int
    start: float
    stop: float
    distance: float


def second(script: Script, slot: int) -> Facts:
    """The facts of a slot after the beat, made from those before it when they are first asked for."""
    if len(script.facts[slot]) == 1:
        script.facts[slot].append(dict(script.facts[slot][0]))
    return script.facts[slot][1]


def parts(script: Script, slot: int) -> list[tuple[float, float]]:
    """Frames [start, stop) of each of a slot's facts."""
    edges = [0.0, float(script.frames)]
    if len(script.facts[slot]) == 2 and script.beat is not None:
        edges.insert(1, float(script.beat))
    return list(pairwise(edges))


def face(rng: random.Random, script: Script, slot: int) -> None:
    """Says which way a character faces, in about a third of the shots, and sometimes that it turns at the beat."""
    facts = script.facts[slot]
    if rng.random() < 0.3:
        facts[0]["faces"] = rng.choice(("left", "right"))
        if len(facts) == 2 and rng.random() < 0.75:
            turns = rng.random() < 0.25
            facts[1]["faces"] = rng.choice(("left", "right")) if turns else facts[0]["faces"]


def legs(rng: random.Random, script: Script, count: int) -> list[Leg]:
    """Where everybody goes: people on the way share direction and pace, but for those told to face the other way."""
    told = [f["faces"] for slot in range(1, count + 1) for f in script.facts[slot] if "faces" in f and _goes(f)]
    heading = SIDES[told[0]] if told else rng.choice((-1.0, 1.0))
    pace, out = rng.uniform(0.94, 1.06), []
    for slot in range(1, count + 1):
        for i, (start, stop) in enumerate(parts(script, slot)):
            facts = script.facts[slot][i]
            if _goes(facts) and (facts["action"] != "fly" or rng.random() < 0.6):
                side = SIDES.get(facts.get("faces", ""), heading)
                length = SPEEDS[facts["action"]] * pace * (stop - start) / FPS
                out.append(Leg(slot, i, start, stop, side * length))
    return out


def _goes(facts: Facts) -> bool:
    return facts["action"] in SPEEDS


def spots(rng: random.Random, script: Script, count: int) -> list[float]:
    """Says where some stand, and gives the place of each: side by side in the order of slots where nothing is said."""
    usual = POSITIONS.get(count, ())
    chance = 0.35
    if count > 1 and rng.random() < 0.55:
        usual, chance = tuple(rng.sample(list(PLACES_AT), count)), 0.85
        if rng.random() < 0.5:
            usual = tuple(sorted(usual, key=lambda name: PLACES_AT[name]))
    elif count == 1 and rng.random() < 0.4:
        usual, chance = (rng.choice(list(PLACES_AT)),), 1.0
    for slot, where in enumerate(usual, 1):
        if rng.random() < chance:
            for told in script.facts[slot]:
                told["at"] = where
    return [PLACES_AT[where] for where in usual]


def camera(rng: random.Random, script: Script, count: int) -> list[int]:
    """Says shot size, angle and move; returns the slots that the camera is on, where the shot's size decides it."""
    facts = script.facts[0][0]
    travellers = [s for s in range(1, count + 1) if any(_goes(f) for f in script.facts[s])]
    facts["shot"] = rng.choice(rig.SHOTS)
    facts["move"] = rng.choice([m for m in rig.MOVES if count or m != "tracking"])
    facts["angle"] = rng.choices(("low", "level", "high"), (1, 5, 1))[0]
    script.first[channel(0, "angle")] = {"low": -1.0, "level": 0.0, "high": 1.0}[facts["angle"]]
    size, everybody = facts["shot"], list(range(1, count + 1))
    if not count:
        return []
    if size in ("close", "extreme-close"):
        return [rng.choice(everybody)]
    tracks = facts["move"] == "tracking"
    group = travellers or everybody  # the camera leaves behind those who stay where others go
    if size == "medium" or tracks or (size == "full" and rng.random() < 0.5):
        return group if rng.random() < 0.5 else [rng.choice(group if tracks else everybody)]
    return []


def frame(rng: random.Random, script: Script, focus: list[int], journeys: list[Leg], places: list[float]) -> list[int]:
    """Puts the camera on `focus`, or on most of the people where they would leave a frame that stands still.

    One alone whom the camera is on is said to be "in focus", but for some close shots of one character.
    """
    later = 0
    if not focus and journeys:
        going = sorted({leg.slot for leg in journeys})
        far = [abs(places[s - 1]) + abs(sum(leg.distance for leg in journeys if leg.slot == s)) / 2 for s in going]
        focus = going if max(far) > room(script) and 2 * len(going) >= len(places) else []
    elif len(focus) == 1 and (len(places) > 1 or rng.random() < 0.7):
        later = _tell_focus(rng, script, focus[0], len(places))
    for slot in focus:
        script.first[channel(0, "on", slot - 1)] = 1.0 / len(focus)
    if later and script.beat is not None:
        frames = rng.uniform(20, 36)
        for slot, change in ((focus[0], -1.0), (later, 1.0)):
            script.move(channel(0, "on", slot - 1), script.beat - frames / 2, frames, change)
    script.first[channel(0, "zoom")] += rig.ZOOMS[script.facts[0][0]["shot"]] + rng.gauss(0, 0.04)
    script.first[channel(0, "camera")] += rng.gauss(0, 0.01)
    return focus


def room(script: Script) -> float:
    """How far from its centre a frame that stands still holds people."""
    return float(0.5 / 2 ** rig.ZOOMS[script.facts[0][0]["shot"]]) - MARGIN


def _tell_focus(rng: random.Random, script: Script, slot: int, count: int) -> int:
    """Says who is in focus; returns who comes into it instead at the beat, or 0."""
    script.facts[slot][0]["focus"] = True
    if script.beat is not None and count > 1 and rng.random() < 0.35:
        later = rng.choice([s for s in range(1, count + 1) if s != slot])
        second(script, slot).pop("focus", None)
        second(script, later)["focus"] = True
        return later
    if len(script.facts[slot]) == 2:
        script.facts[slot][1]["focus"] = True
    return 0


def stand(
    rng: random.Random, script: Script, slot: int, at: float, squeeze: float, journeys: list[Leg], fixed: bool
) -> None:
    """Where a character is at first, and where it looks: inwards, or as said.

    The middle of its way is where it is said to be; in a frame that stands still a longer way begins at its edge.
    """
    facts = script.facts[slot][0]
    way = sum(leg.distance for leg in journeys if leg.slot == slot)
    first = at * squeeze - way / 2
    if fixed:
        first = float(np.clip(first, -room(script), room(script)))
    script.first[channel(slot, "present")] = 1.0
    script.first[channel(slot, "x")] = first + rng.gauss(0, 0.015)
    script.first[channel(slot, "depth")] = min(0.9, max(0.05, rng.gauss(0.25 + 0.1 * slot, 0.1)))
    side = SIDES.get(facts.get("faces", ""))
    if side is None:
        side = 0.8 * -np.sign(at) if at else rng.choice((-0.4, 0.0, 0.4))
    script.first[channel(slot, "facing")] = side
    script.first[channel(slot, "gaze")] = 0.6 * np.sign(side) if abs(side) > 0.5 else 0.0


def squeeze(script: Script, focus: list[int]) -> float:
    """How much closer together people stand than in a wide shot, so that a closer frame still holds them."""
    zoom = rig.ZOOMS[script.facts[0][0]["shot"]]
    return 1.0 if len(focus) == 1 else float(2 ** (-0.53 * max(0.0, zoom)))


def moves(rng: random.Random, script: Script, focused: bool) -> None:
    """The camera's moves over the shot; where one shot flows into the next, each has its own, and perhaps its size."""
    facts = script.facts[0][0]
    edges = [0.0, float(script.frames)]
    if script.flow and script.beat is not None:
        edges.insert(1, float(script.beat))
        second(script, 0)["move"] = rng.choice([m for m in rig.MOVES if m != "tracking" or focused])
    for i, (start, stop) in enumerate(pairwise(edges)):
        _move(script, script.facts[0][i]["move"], start, stop - start, focused)
    if script.beat is not None and rng.random() < (0.5 if script.flow else 0.15):
        other = rng.choice([s for s in rig.SHOTS if s != facts["shot"]])
        second(script, 0)["shot"] = other
        script.move(
            channel(0, "zoom"), script.beat - 8, rng.uniform(24, 40), rig.ZOOMS[other] - rig.ZOOMS[facts["shot"]]
        )


def _move(script: Script, move: str, start: float, length: float, focused: bool) -> None:
    """One camera move over [start, start + length); a move from the first frame starts before its middle."""
    seconds, first = length / FPS, start == 0
    name, index, change, before = "camera", 0, 0.0, 0.5
    if move in ("push-in", "pull-out"):
        name, change = "zoom", min(0.65, 0.09 * seconds + 0.15) * (1 if move == "push-in" else -1)
    elif move in ("pan-left", "pan-right"):
        change = min(0.6, 0.07 * seconds + 0.1) * (0.7 if focused else 1.0) * (1 if move == "pan-right" else -1)
    elif move == "tilt-up":
        index, change, before = 1, min(0.22, 0.03 * seconds + 0.08), 0.7 if focused else 0.1
    if first:
        script.first[channel(0, name, index)] -= change * before
    script.move(channel(0, name, index), start, length, change)
