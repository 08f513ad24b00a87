"""What is heard of drawn puppets: a step for every footfall, thunder as it flashes, nothing from beyond the frame."""

import numpy as np
import pytest
from actors import RATE, animate, becomes, character, enter, scene, traits

from storyforge.backends.base import Latents
from storyforge.backends.toon import readings, rig
from storyforge.backends.toon.art import weather
from storyforge.backends.toon.drawing import heard_of
from storyforge.backends.toon.noises import GROUNDS, noises


def set_weather(rows: np.ndarray, name: str) -> None:
    at = rig.field(rig.slot_slices()[0], rig.SCENE, "weather")
    rows[:, at] = 0.0
    rows[:, at.start + rig.WEATHERS.index(name)] = 1.0


def test_a_walk_is_heard_at_its_footfalls_and_from_where_it_is() -> None:
    rows = scene(96)
    enter(rows, 0, "walk", x=-0.4, speed=0.2, facing=1.0)
    shown = animate(rows, traits(character()))
    steps = noises(shown, RATE)
    falls = sorted(c.start for c in readings.contacts(shown) if c.start > 0)
    assert [step.frame for step in steps] == falls
    assert {step.kind for step in steps} == {"step"}
    assert np.all(np.diff([step.pan for step in steps]) > 0)
    assert steps[0].pan < -0.2 < 0.2 < steps[-1].pan
    set_weather(rows, "snow")
    assert {step.kind for step in noises(animate(rows, traits(character())), RATE)} == {"step-snow"}


def test_nobody_beyond_the_frame_is_heard_and_who_runs_is_louder() -> None:
    loud = []
    for action, speed, x in (("walk", 0.15, 0.0), ("run", 0.36, -0.3), ("run", 0.36, 1.2)):
        rows = scene(48)
        enter(rows, 0, action, x=x, speed=speed, facing=1.0)
        loud.append(max((n.loud for n in noises(animate(rows, traits(character())), RATE)), default=0.0))
    assert 0 < loud[0] < loud[1] <= 1.0
    assert loud[2] == 0.0


def test_jumps_wings_and_standing_still() -> None:
    rows = scene(144)
    enter(rows, 0, "idle")
    assert noises(animate(rows, traits(character())), RATE) == []
    becomes(rows, 0, "idle", "jump", 20)
    kinds = [noise.kind for noise in noises(animate(rows, traits(character("frog"))), RATE)]
    assert kinds.count("land") in range(kinds.count("jump"), kinds.count("jump") + 2)
    assert kinds.count("land") >= 3
    rows = scene(96)
    enter(rows, 0, "fly", lift=0.15)
    wings = noises(animate(rows, traits(character("owl"))), RATE)
    assert {noise.kind for noise in wings} == {"wings"}
    assert len(wings) in (8, 9)  # 2.2 a second


def test_thunder_follows_its_flash_the_later_the_softer() -> None:
    rows = scene(720)
    set_weather(rows, "storm")
    shown = animate(rows, traits())
    heard = noises(shown, RATE)
    assert len(heard) in (4, 5)  # once in seven seconds
    assert {noise.kind for noise in heard} == {"thunder"}
    lit = np.array([weather.flash(state.t, state.seed) for state in shown])
    starts = np.flatnonzero((lit[1:] > 0.3) & (lit[:-1] <= 0.3)) + 1
    starts = starts[np.diff(starts, prepend=-RATE) > RATE / 2]  # a flash is two pulses
    for noise in heard:
        late = noise.frame - max(starts[starts <= noise.frame + 1])
        assert -1 <= late <= 1.8 * RATE
        assert noise.loud == pytest.approx(1 - 0.7 * late / (1.8 * RATE), abs=0.05)


def test_every_shot_has_lightning_of_its_own() -> None:
    assert weather.flashes(0.0, 60.0, 1) != weather.flashes(0.0, 60.0, 2)


def test_every_place_has_a_ground() -> None:
    assert set(GROUNDS) == set(rig.PLACES)


def test_frames_are_counted_from_the_first_that_was_asked_for() -> None:
    rows = scene(96)
    enter(rows, 0, "walk", speed=0.1, facing=1.0)
    table = np.full((1, rig.SLOTS, max(t.width for t in rig.TRAITS.values())), np.nan, np.float32)
    table[0, 1, : rig.CHARACTER_TRAITS.width] = character()
    arrays = {"x": rows, "parts": np.array([[0, 96]]), "traits": table, "seeds": np.array([1])}
    whole, part = (heard_of(Latents("a", 1, arrays), start, 90) for start in (0, 30))
    assert [n.frame for n in part] == [n.frame - 30 for n in whole if n.frame >= 30]
    assert heard_of(Latents("a", 0, arrays | {"parts": np.array([[i, i + 1] for i in range(96)])})) == ()


@pytest.mark.parametrize("kind", ["fox", "owl"])
def test_noises_do_not_depend_on_who_asks(kind: str) -> None:
    rows = scene(60)
    enter(rows, 0, "run", speed=0.3, facing=1.0)
    one, other = (noises(animate(rows, traits(character(kind))), RATE) for _ in range(2))
    assert one == other
