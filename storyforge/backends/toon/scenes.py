"""Scripts of shots: places, casts, actions, feelings and props of the procedural world, with their facts."""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from storyforge.backends.toon import casting, rig, staging
from storyforge.backends.toon.staging import SIDES, Facts, Leg, second
from storyforge.backends.toon.vocabulary import vocabulary
from storyforge.backends.toon.world import Script, channel

PROP_SLOT = rig.SLOTS - 1


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
            second(script, 0)[name] = words[other]
            frames = rng.uniform(30, 60)
            for i, change in ((index, -1.0), (other, 1.0)):
                script.move(channel(0, name, i), script.beat - frames / 2, frames, change)


def _perform(rng: random.Random, script: Script, slot: int, facts: Facts, start: float) -> None:
    """Sets (or, from a beat, changes to) what a character does; talking may go with another action."""
    frames = rng.uniform(10, 16)
    for i, name in enumerate(rig.ACTIONS):
        wanted = float(name == facts["action"] or (name == "talk" and bool(facts.get("talking"))))
        control = channel(slot, "action", i)
        if start == 0:
            script.first[control] = wanted
        else:
            script.move(control, start - frames / 2, frames, wanted - float(script.first[control]))


def _feeling(rng: random.Random, script: Script, slot: int) -> None:
    facts = script.facts[slot][0]
    if rng.random() < 0.5:
        name = rng.choice(rig.FEELINGS)
        facts["feels"] = name
        script.first[channel(slot, "feeling", rig.FEELINGS.index(name))] = 1.0
    if len(script.facts[slot]) == 1 or script.beat is None:
        return
    later, before = script.facts[slot][1], facts.get("feels")
    after = rng.choice(rig.FEELINGS) if rng.random() < 0.4 else before
    if after:
        later["feels"] = after
    for felt, change in ((before, -1.0), (after, 1.0)):
        if felt and before != after:
            _fade(script, slot, "feeling", rig.FEELINGS.index(felt), script.beat, change, rng)


def _act(rng: random.Random, script: Script, slot: int, journeys: Sequence[Leg]) -> None:
    """What a character does before and after the beat."""
    ways = {leg.part: leg for leg in journeys if leg.slot == slot}
    for i, (start, _) in enumerate(staging.parts(script, slot)):
        facts = script.facts[slot][i]
        _perform(rng, script, slot, facts, start)
        _turn(script, slot, facts, ways.get(i), start)
        if way := ways.get(i):
            length = way.stop - way.start
            script.move(channel(slot, "x"), way.start, length, way.distance, ramp=min(0.3, 8.0 / max(length, 1)))
        flies, control = facts["action"] == "fly", channel(slot, "lift")
        if i == 0:
            script.first[control] = rng.uniform(0.12, 0.2) if flies else 0.0
        elif flies != bool(script.first[control]):
            script.move(control, start - 5, 30, rng.uniform(0.12, 0.2) if flies else -float(script.first[control]))


def _turn(script: Script, slot: int, facts: Facts, way: Leg | None, start: float) -> None:
    """Turns a character the way it goes or is said to face: from the first frame, or about the beat."""
    side = float(np.sign(way.distance)) if way else SIDES.get(facts.get("faces", ""))
    if side is None:
        return
    facing, gaze = channel(slot, "facing"), channel(slot, "gaze")
    if start == 0:
        script.first[facing], script.first[gaze] = side, 0.55 * side
        return
    for control, goal in ((facing, side), (gaze, 0.55 * side)):
        now = float(script.first[control]) + sum(m[3] for m in script.moves if m[0] == control)
        script.move(control, start - 5, 12, goal - now)


def _choose_actions(rng: random.Random, script: Script, count: int) -> None:
    for slot in range(1, count + 1):
        facts = script.facts[slot][0]
        facts["action"] = _choice_of_action(rng)
        if facts["action"] == "give" and rng.random() < 0.3:
            facts["action"] = "talk"
        if script.beat is not None and rng.random() < 0.6:
            second(script, slot)["action"] = _choice_of_action(rng, "give")
        for told in script.facts[slot]:
            if told["action"] not in ("talk", "sleep") and rng.random() < 0.15:
                told["talking"] = True
        staging.face(rng, script, slot)


def _choice_of_action(rng: random.Random, other_than: str = "") -> str:
    """An action, more often one of many words: stories stand, talk and look more than they dance."""
    words = vocabulary()["actions"]
    names = [name for name in rig.ACTIONS if name != other_than]
    return rng.choices(names, [len(words[name]) ** 0.5 for name in names])[0]


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
        if "faces" not in script.facts[holder][0]:
            towards = float(np.sign(script.first[channel(taker, "x")] - script.first[x]))
            script.first[channel(holder, "facing")], script.first[channel(holder, "gaze")] = towards, 0.6 * towards
        end = script.beat if len(script.facts[holder]) == 2 and script.beat else script.frames
        at, frames = end * rng.uniform(0.4, 0.55), rng.uniform(14, 22)
        script.move(channel(slot, "held", holder - 1), at, frames, -1.0)
        script.move(channel(slot, "held", taker - 1), at, frames, 1.0)


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
    focus = staging.camera(rng, out, count)
    journeys = staging.legs(rng, out, count)
    places = staging.spots(rng, out, count)
    focus = staging.frame(rng, out, focus, journeys, places)
    staging.moves(rng, out, bool(focus))
    _atmosphere(rng, out)
    for slot in range(1, count + 1):
        staging.stand(rng, out, slot, places[slot - 1], staging.squeeze(out, focus), journeys, not focus)
        _feeling(rng, out, slot)
        _act(rng, out, slot, journeys)
    _prop(rng, out, count)
    return out
