"""What is heard of the picture: footsteps as feet come down, jumps, wing beats, thunder; read from drawn puppets."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from storyforge.backends.base import Noise
from storyforge.backends.toon import anatomy, readings, rig
from storyforge.backends.toon.art.hues import INDOORS
from storyforge.backends.toon.art.view import TALL
from storyforge.backends.toon.art.weather import flashes
from storyforge.backends.toon.state import Puppet, StageState

GROUNDS = {
    "meadow": "step", "forest": "step-leaves", "village": "step", "city": "step-stone", "room": "step-wood",
    "castle": "step-stone", "beach": "step-sand", "lighthouse": "step", "mountain": "step", "lake": "step",
    "desert": "step-sand", "cave": "step-stone",
}  # fmt: skip
SHORES = frozenset({"beach", "lake"})  # water lies behind the ground there
SHORE = 0.75  # depth from which one stands at it
PAVED = frozenset({"city", "castle", "village"})  # where rain stands in puddles
FARTHEST = 1.8  # seconds from lightning to its thunder
NEAR = 1.35  # half widths of the frame from its middle within which things are heard
SHIFT = 0.3  # body heights: a step of one who stands that is not so long is not heard
WALK, RUN, JUMP, DANCE, FLY = (rig.ACTIONS.index(name) for name in ("walk", "run", "jump", "dance", "fly"))


def noises(states: Sequence[StageState], rate: float) -> list[Noise]:
    """What is heard of these frames, in order; frame 0 is the first of them."""
    out = [*_feet(states), *_wings(states, rate), *_thunder(states, rate)]
    return sorted(out, key=lambda noise: (noise.frame, noise.kind, noise.pan))


def ground(state: StageState) -> str:
    """What a step sounds like there."""
    place, snow = state.place.name, state.weather[rig.WEATHERS.index("snow")]
    return "step-snow" if snow > 0.5 and place not in INDOORS else GROUNDS[place]


def _seen(state: StageState, puppet: Puppet) -> tuple[float, float] | None:
    """How loud and from where something of this character is heard, by its size and place in a 16:9 frame."""
    wide = 2.0**-state.camera.zoom
    aside = 2.0 * (puppet.x - state.camera.x) / wide
    if abs(aside) > NEAR:
        return None
    tall = puppet.size / wide / rig.BODY
    near = min(1.0, 2.0 * (NEAR - abs(aside)) / (NEAR - 1.0)) if abs(aside) > 1.0 else 1.0
    return near * float(np.clip(0.55 * math.sqrt(tall), 0.2, 1.0)), float(np.clip(0.8 * aside, -1.0, 1.0))


def _feet(states: Sequence[StageState]) -> Iterator[Noise]:
    """Steps, and take-off and landing of jumps: two feet that come down at once are one noise."""
    heard: set[tuple[int, int, str]] = set()
    stood: dict[tuple[int, int], readings.Contact] = {}
    for contact in readings.contacts(states):
        last = stood.get((contact.slot, contact.foot))
        stood[contact.slot, contact.foot] = contact
        if contact.start == 0:
            continue
        state, frame, slot = states[contact.start], contact.start, contact.slot
        now = next(p for p in state.puppets if p.slot == slot)
        where = _seen(state, now)
        far = 0.0 if last is None else math.hypot(contact.x - last.x, contact.y - last.y) / now.size
        weight = _weight(now, far)
        if where is None or not weight or not _lifted(states, contact):
            continue
        for noise in _footfall(state, now, frame, weight * where[0], where[1]):
            if (frame, slot, noise.kind) not in heard:
                heard.add((frame, slot, noise.kind))
                yield noise
    yield from _leaps(states)


def _weight(who: Puppet, far: float) -> float:
    """How hard a foot comes down that has gone `far`, body heights; 0 where one who stands only shifts his feet."""
    act = who.actions
    if act[JUMP] > 0.5:
        return 1.0
    goes = max(act[WALK], act[RUN], act[DANCE]) > 0.5
    hard = float(np.clip(far / 0.35, 0.5 if goes else 0.0, 1.0)) * (1.0 if act[RUN] > 0.5 else 0.6)
    return hard if goes or far > SHIFT else 0.0


def _lifted(states: Sequence[StageState], contact: readings.Contact) -> bool:
    """Whether that foot was in the air within the third of a second before."""
    for state in states[max(contact.start - 8, 0) : contact.start]:
        puppet = next((p for p in state.puppets if p.slot == contact.slot), None)
        if puppet is not None and not puppet.planted[contact.foot]:
            return True
    return False


def _footfall(state: StageState, who: Puppet, frame: int, loud: float, pan: float) -> Iterator[Noise]:
    """A step or landing, and the water it falls into; softer where the feet are below the frame."""
    jumps = who.actions[JUMP] > 0.5
    bottom = state.camera.y - 0.5 * TALL * 2.0**-state.camera.zoom
    force = min(1.0, loud * (0.75 + 0.5 * who.who.height) * (0.6 if who.y < bottom else 1.0))
    yield Noise("land" if jumps else ground(state), frame, force, pan)
    rain = state.weather[rig.WEATHERS.index("rain")] + state.weather[rig.WEATHERS.index("storm")]
    puddle = rain > 0.5 and state.place.name in PAVED and (jumps or who.actions[RUN] > 0.5)
    if puddle or (jumps and state.place.name in SHORES and who.depth > SHORE):
        yield Noise("splash", frame, 0.6 * force, pan)


def _leaps(states: Sequence[StageState]) -> Iterator[Noise]:
    """A jump begins when both feet leave the ground together."""
    was: dict[int, bool] = {}
    for frame, state in enumerate(states):
        for puppet in state.puppets:
            down = any(puppet.planted)
            where = _seen(state, puppet)
            if was.get(puppet.slot, False) and not down and puppet.actions[JUMP] > 0.5 and where:
                yield Noise("jump", frame, where[0], where[1])
            was[puppet.slot] = down


def _wings(states: Sequence[StageState], rate: float) -> Iterator[Noise]:
    """A beat for every stroke down, soft, and softer the faster the wings are."""
    last: dict[int, float] = {}
    for frame, state in enumerate(states):
        for puppet in state.puppets:
            kind = puppet.who.kind
            flies = kind in anatomy.WINGED and puppet.actions[FLY] > 0.5
            turn = math.floor(state.t * anatomy.FLAPS[kind] + 0.5) if flies else math.nan
            begins = puppet.slot in last and turn > last[puppet.slot]
            where = _seen(state, puppet)
            if begins and where:
                yield Noise("wings", frame, 0.6 * where[0] / math.sqrt(anatomy.FLAPS[kind]), where[1])
            last[puppet.slot] = turn


def _thunder(states: Sequence[StageState], rate: float) -> Iterator[Noise]:
    """Thunder after its lightning: the farther off, the later and the softer."""
    if not states:
        return
    for at, far in flashes(states[0].t, states[-1].t + 1.0 / rate, states[0].seed):
        frame = min(max(round((at - states[0].t) * rate), 0), len(states) - 1)
        storm = states[frame].weather[rig.WEATHERS.index("storm")]
        if storm > 0.3:
            muffled = 0.6 if states[frame].place.name in INDOORS else 1.0
            late = round(FARTHEST * far * rate)
            yield Noise("thunder", frame + late, min(1.0, storm) * muffled * (1.0 - 0.7 * far))
