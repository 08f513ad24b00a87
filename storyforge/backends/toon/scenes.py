"""Scripts of shots: places, casts, actions, feelings and camera moves of the procedural world, with their facts."""

import random
from itertools import pairwise
from typing import Any

import numpy as np

from storyforge.backends.toon import casting, rig
from storyforge.backends.toon.world import FPS, PLACES_AT, SPEEDS, Script, channel

Facts = dict[str, Any]
PROP_SLOT = rig.SLOTS - 1
CLOSE_SHOTS = ("medium", "close", "extreme-close")
POSITIONS = {1: ("centre",), 2: ("left", "right"), 3: ("left", "centre", "right")}


def _blank(rng: random.Random, frames: int) -> Script:
    place, facts = casting.place(rng)
    traits: list[Any] = [None] * rig.SLOTS
    traits[0] = place
    return Script(
        frames, np.zeros(rig.CHANNELS, np.float32), [], traits, [[facts]] + [[] for _ in range(rig.SLOTS - 1)], None
    )


def _fade(script: Script, slot: int, name: str, index: int, at: float, change: float, rng: random.Random) -> None:
    """A weight that changes over about half a second, centred on frame `at`."""
    frames = rng.uniform(10, 16)
    script.move(channel(slot, name, index), at - frames / 2, frames, change)


def _atmosphere(rng: random.Random, script: Script) -> None:
    for name, words in (("time", rig.TIMES), ("weather", rig.WEATHERS)):
        usual = name == "weather" and rng.random() < 0.4
        index = 0 if usual else rng.randrange(len(words))
        for told in script.facts[0]:
            told[name] = words[index]
        script.first[channel(0, name, index)] = 1.0
        if script.beat is not None and rng.random() < 0.08:
            other = rng.choice([i for i in range(len(words)) if i != index])
            _second(script, 0)[name] = words[other]
            frames = rng.uniform(30, 60)
            for i, change in ((index, -1.0), (other, 1.0)):
                script.move(channel(0, name, i), script.beat - frames / 2, frames, change)


def _second(script: Script, slot: int) -> Facts:
    """The facts of a slot after the beat, made from those before it when they are first asked for."""
    if len(script.facts[slot]) == 1:
        script.facts[slot].append(dict(script.facts[slot][0]))
    return script.facts[slot][1]


def _action(rng: random.Random, script: Script, slot: int, action: str, start: float | None) -> None:
    """Sets (or, from a beat, changes to) an action; talking, waving and looking may go with walking or sitting."""
    index = rig.ACTIONS.index(action)
    if start is None:
        script.first[channel(slot, "action", index)] = 1.0
        return
    for i, name in enumerate(rig.ACTIONS):
        now = float(script.first[channel(slot, "action", i)])
        if name == action:
            _fade(script, slot, "action", i, start, 1.0 - now, rng)
        elif now:
            _fade(script, slot, "action", i, start, -now, rng)


def _travel(
    rng: random.Random, script: Script, slot: int, action: str, start: float, stop: float, followed: bool
) -> int:
    """Moves a character over [start, stop) in the direction its action goes; returns the direction, -1 or 1."""
    x = channel(slot, "x")
    position = float(script.first[x]) + sum(m[3] for m in script.moves if m[0] == x)
    said = script.facts[slot][-1].get("faces")
    direction = -1 if said == "left" else 1 if said == "right" else rng.choice((-1, 1))
    distance = SPEEDS[action] * rng.uniform(0.92, 1.08) * (stop - start) / FPS
    if not followed:  # keep it in a frame that stands still
        room = 1.0 if start == 0 else 0.5 - direction * position
        distance = min(distance, max(0.15, room))
        if start == 0:
            script.first[x] = -direction * distance / 2 + rng.gauss(0, 0.02)
    script.move(x, start, stop - start, direction * distance, ramp=min(0.3, 8.0 / max(stop - start, 1)))
    return direction


def _feeling(rng: random.Random, script: Script, slot: int) -> None:
    facts = script.facts[slot][0]
    if rng.random() < 0.5:
        name = rng.choice(rig.FEELINGS)
        facts["feels"] = name
        script.first[channel(slot, "feeling", rig.FEELINGS.index(name))] = 1.0
    if len(script.facts[slot]) == 2 and rng.random() < 0.4 and script.beat is not None:
        other = rng.choice(rig.FEELINGS)
        if other != facts.get("feels"):
            script.facts[slot][1]["feels"] = other
            _fade(script, slot, "feeling", rig.FEELINGS.index(other), script.beat, 1.0, rng)
            if "feels" in facts:
                _fade(script, slot, "feeling", rig.FEELINGS.index(facts["feels"]), script.beat, -1.0, rng)


def _stand(rng: random.Random, script: Script, slot: int, index: int, count: int) -> None:
    """Where a character is and whom it looks at, before it moves."""
    facts = script.facts[slot][0]
    if rng.random() < 0.35:
        facts["at"] = rng.choice(tuple(PLACES_AT)) if count == 1 else POSITIONS[count][index]
    where = facts.get("at") or POSITIONS[count][index]
    script.first[channel(slot, "present")] = 1.0
    script.first[channel(slot, "x")] = PLACES_AT[where] + rng.gauss(0, 0.015)
    script.first[channel(slot, "depth")] = min(0.9, max(0.05, rng.gauss(0.35 + 0.1 * index, 0.1)))
    if rng.random() < 0.2:
        facts["faces"] = rng.choice(("left", "right"))
    side = {"left": -1.0, "right": 1.0}.get(facts.get("faces", ""))
    if side is None:
        side = rng.choice((-0.4, 0.0, 0.4)) if count == 1 else -np.sign(PLACES_AT[POSITIONS[count][index]]) or 0.3
        side *= 0.8
    script.first[channel(slot, "facing")] = side
    script.first[channel(slot, "gaze")] = 0.6 * np.sign(side) if abs(side) > 0.5 else 0.0


def _act(rng: random.Random, script: Script, slot: int, followed: bool) -> None:
    """What a character does before and after the beat."""
    edges = [0.0, float(script.frames)]
    if len(script.facts[slot]) == 2 and script.beat is not None:
        edges.insert(1, float(script.beat))
    facing = channel(slot, "facing")
    for i, facts in enumerate(script.facts[slot]):
        start, stop = edges[i], edges[i + 1]
        action = facts["action"]
        _action(rng, script, slot, action, None if i == 0 else start)
        if facts.get("talking"):
            if i == 0:
                script.first[channel(slot, "action", rig.ACTIONS.index("talk"))] = 1.0
            elif not script.facts[slot][0].get("talking") and action != "talk":
                _fade(script, slot, "action", rig.ACTIONS.index("talk"), start, 1.0, rng)
        now = float(script.first[facing]) + sum(m[3] for m in script.moves if m[0] == facing)
        if action in ("walk", "run") or (action == "fly" and rng.random() < 0.6):
            side = _travel(rng, script, slot, action, start, stop, followed)
            if i == 0:
                script.first[facing] = side
                script.first[channel(slot, "gaze")] = 0.5 * side
            else:
                script.move(facing, start - 5, 12, side - now)
        if action == "fly":
            lift = rng.uniform(0.12, 0.2)
            if i == 0:
                script.first[channel(slot, "lift")] = lift
            else:
                script.move(channel(slot, "lift"), start, 30, lift)
        elif i == 1 and script.facts[slot][0]["action"] == "fly":
            script.move(channel(slot, "lift"), start - 10, 28, -float(script.first[channel(slot, "lift")]))


def _choose_actions(rng: random.Random, script: Script, count: int) -> None:
    for slot in range(1, count + 1):
        facts = script.facts[slot][0]
        facts["action"] = rng.choice(rig.ACTIONS)
        if facts["action"] == "give" and rng.random() < 0.3:
            facts["action"] = "talk"
        if script.beat is not None and rng.random() < 0.6:
            _second(script, slot)["action"] = rng.choice([a for a in rig.ACTIONS if a != "give"])
        for told in script.facts[slot]:
            if told["action"] not in ("talk", "sleep") and rng.random() < 0.15:
                told["talking"] = True
            if rng.random() < 0.15 and told["action"] in ("walk", "run", "fly"):
                told["faces"] = rng.choice(("left", "right"))


def _prop(rng: random.Random, script: Script, count: int) -> None:
    """One prop, held by someone, given to another, or on the ground."""
    givers = [s for s in range(1, count + 1) if script.facts[s][0]["action"] == "give"]
    if not givers and rng.random() > 0.45:
        return
    traits, facts = casting.prop(rng)
    slot = PROP_SLOT
    script.traits[slot], script.facts[slot] = traits, [facts]
    script.first[channel(slot, "present")] = 1.0
    script.first[channel(slot, "glow")] = 1.0 if facts["prop"] == "lantern" else 0.0
    holder = givers[0] if givers else rng.randint(1, count) if count and rng.random() < 0.75 else None
    if holder is None:
        script.first[channel(slot, "x")] = rng.uniform(-0.2, 0.2)
        script.first[channel(slot, "depth")] = rng.uniform(0.1, 0.5)
        return
    facts["held"] = holder
    for told in script.facts[holder]:
        told["holds"] = facts["prop"]
    script.first[channel(slot, "held", holder - 1)] = 1.0
    x, depth = channel(holder, "x"), channel(holder, "depth")
    script.first[channel(slot, "x")], script.first[channel(slot, "depth")] = script.first[x], script.first[depth]
    if givers and count > 1:
        taker = rng.choice([s for s in range(1, count + 1) if s != holder])
        script.facts[holder][0]["to"] = script.facts[taker][0]["kind"]
        end = script.beat if len(script.facts[holder]) == 2 and script.beat else script.frames
        at, frames = end * rng.uniform(0.4, 0.55), rng.uniform(14, 22)
        script.move(channel(slot, "held", holder - 1), at, frames, -1.0)
        script.move(channel(slot, "held", taker - 1), at, frames, 1.0)


def _camera(rng: random.Random, script: Script, count: int) -> bool:
    """Shot size, whom the camera is on and how it moves; True when it follows whoever moves."""
    facts = script.facts[0][0]
    facts["shot"] = rng.choice(rig.SHOTS)
    facts["move"] = rng.choice([m for m in rig.MOVES if count or m != "tracking"])
    facts["angle"] = rng.choices(("low", "level", "high"), (1, 5, 1))[0]
    zoom = rig.ZOOMS[facts["shot"]] + rng.gauss(0, 0.04)
    script.first[channel(0, "angle")] = {"low": -1.0, "level": 0.0, "high": 1.0}[facts["angle"]]
    close, move = facts["shot"] in CLOSE_SHOTS, facts["move"]
    focus: list[int] = []
    if count and (close or move == "tracking" or (facts["shot"] == "full" and rng.random() < 0.6)):
        single = count == 1 or rng.random() < 0.6
        focus = [rng.randint(1, count)] if single else list(range(1, count + 1))
    for slot in focus:
        script.first[channel(0, "on", slot - 1)] = 1.0 / len(focus)
        if len(focus) == 1:
            for told in script.facts[slot]:
                told["focus"] = True
    script.first[channel(0, "zoom")] = zoom
    script.first[channel(0, "camera")] = rng.gauss(0, 0.01)
    edges = [0.0, float(script.frames)]
    if script.flow and script.beat is not None:
        edges.insert(1, float(script.beat))
        _second(script, 0)["move"] = rng.choice([m for m in rig.MOVES if m != "tracking" or focus])
    for i, (start, stop) in enumerate(pairwise(edges)):
        _camera_move(script, script.facts[0][i]["move"], start, stop - start, bool(focus))
    if script.beat is not None and rng.random() < (0.5 if script.flow else 0.15):
        other = rng.choice([s for s in rig.SHOTS if s != facts["shot"]])
        _second(script, 0)["shot"] = other
        script.move(
            channel(0, "zoom"), script.beat - 8, rng.uniform(24, 40), rig.ZOOMS[other] - rig.ZOOMS[facts["shot"]]
        )
    return bool(focus)


def _camera_move(script: Script, move: str, start: float, length: float, focused: bool) -> None:
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


def script(
    rng: random.Random, cast: list[tuple[Any, Facts]] | None = None, place: tuple[Any, Facts] | None = None
) -> Script:
    """One shot of 2 to 11 seconds with up to three characters; a film's shots share `cast` and `place`."""
    out = _blank(rng, int(rng.triangular(48, 265, 110)) if rng.random() < 0.85 else rng.randint(200, 420))
    if place:
        out.traits[0], out.facts[0] = place[0], [dict(place[1])]
    if rng.random() < 0.35:
        out.beat = int(out.frames * rng.uniform(0.3, 0.7))
        out.flow = rng.random() < 0.35
    count = rng.choices((0, 1, 2, 3), (0.06, 0.42, 0.38, 0.14))[0]
    people = rng.sample(cast, min(count, len(cast))) if cast else [casting.character(rng) for _ in range(count)]
    count = len(people)
    for slot, (traits, facts) in enumerate(people, 1):
        out.traits[slot], out.facts[slot] = traits, [dict(facts)]
    _choose_actions(rng, out, count)
    followed = _camera(rng, out, count)
    _atmosphere(rng, out)
    for slot in range(1, count + 1):
        _stand(rng, out, slot, slot - 1, count)
        _feeling(rng, out, slot)
    for slot in range(1, count + 1):
        _act(rng, out, slot, followed)
    _prop(rng, out, count)
    return out
