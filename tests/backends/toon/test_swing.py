"""What hangs and swings: left behind at a start, thrown ahead at a stop, at rest after, and no echo of the steps."""

import numpy as np
import pytest
from actors import RATE, animate, becomes, character, enter, scene, traits

from storyforge.backends.toon import motion, rig
from storyforge.backends.toon.state import Swing
from storyforge.backends.toon.swing import SPRINGS


def runner(kind: str = "fox", wears: str = "scarf") -> list[Swing]:
    """Runs to the right from frame 24 and stops at frame 96."""
    rows = scene(192)
    enter(rows, 0, "idle", facing=1.0)
    goes = becomes(rows, 0, "idle", "run", 24, 10) - becomes(rows.copy(), 0, "run", "idle", 86, 10)
    x, actions = rig.slot_slices()[1].start + rig.CHARACTER.at["x"].start, rig.CHARACTER.at["action"].start
    rows[:, x] = np.cumsum(goes) * 0.36 / RATE
    rows[:, rig.slot_slices()[1].start + actions + rig.ACTIONS.index("run")] = goes
    rows[:, rig.slot_slices()[1].start + actions + rig.ACTIONS.index("idle")] = 1.0 - goes
    return [s.puppets[0].swing for s in animate(rows, traits(character(kind, wears)))]


@pytest.mark.parametrize("name", SPRINGS)
def test_no_rhythm_of_steps_makes_anything_swing_more_and_more(name: str) -> None:
    hertz, damping = SPRINGS[name]
    assert 0.4 <= damping <= 1.0
    t = np.arange(480) / RATE
    for steps in np.arange(0.8, 4.6, 0.2):
        out = motion.spring(np.sin(2 * np.pi * steps * t)[:, None], RATE, hertz, damping)[:, 0]
        assert np.abs(out[240:]).max() < 1.4


def test_a_scarf_trails_behind_and_its_end_comes_after_it() -> None:
    swings = runner()
    root, tip = (np.array([s.scarf[i] for s in swings]) for i in (0, 1))
    assert root[60:86].mean() < -0.4
    assert tip[60:86].mean() < root[60:86].mean()
    half = [int(np.argmax(v[24:] < 0.5 * v[60:86].mean())) for v in (root, tip)]
    assert half[0] < half[1]  # the end lags
    assert tip[96:140].max() > tip[170:].mean() + 0.08  # thrown ahead when the body stops
    assert np.abs(tip[160:] - tip[160:].mean()).max() < 0.25


def test_capes_tails_and_ears_follow_too() -> None:
    cape = np.array([s.cape for s in runner("girl", "cape")])
    assert cape[60:86].mean(0)[1] < cape[60:86].mean(0)[0] < -0.2
    tail = np.array([s.tail for s in runner("cat", "nothing")])
    assert tail[60:86].mean() < tail[150:].mean() - 0.2
    ears = np.array([s.sway for s in runner("rabbit", "nothing")])
    assert ears[60:86].mean() < -0.05
    assert ears[88:110].max() > 0.05


def test_ears_and_hair_lag_behind_a_head_that_turns() -> None:
    rows = scene(96)
    enter(rows, 0)
    rows[:, rig.slot_slices()[1].start + rig.CHARACTER.at["facing"].start] = np.clip((np.arange(96) - 40) / 8, -1, 1)
    swings = [s.puppets[0].swing for s in animate(rows, traits(character("girl")))]
    still, turning = swings[20], max(swings[36:60], key=lambda s: s.sway)
    assert turning.sway > abs(still.sway) + 0.08
    assert max(s.hair for s in swings[36:60]) > still.hair + 0.04


def test_a_storm_blows_scarves_aside() -> None:
    calm, storm = scene(72), scene(72)
    weather = rig.field(rig.slot_slices()[0], rig.SCENE, "weather")
    storm[:, weather] = 0.0
    storm[:, weather.start + rig.WEATHERS.index("storm")] = 1.0
    means = []
    for rows in (calm, storm):
        enter(rows, 0, facing=0.5)
        means.append(np.mean([s.puppets[0].swing.scarf[1] for s in animate(rows, traits(character(wears="scarf")))]))
    assert means[1] < means[0] - 0.2
