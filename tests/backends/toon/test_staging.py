"""Staging: people on the way go together, stand where they are said to, face where they are said to, and are seen."""

import random
from itertools import pairwise

import numpy as np
import pytest

from storyforge.backends.toon import rig, scenes, world
from storyforge.backends.toon.world import PLACES_AT


@pytest.fixture(scope="module")
def scripts() -> list[world.Script]:
    rng = random.Random("staging")
    return [scenes.script(rng) for _ in range(600)]


def rows(script: world.Script) -> np.ndarray:
    return world.rows([script], np.arange(script.frames, dtype=np.float32)[None])[0]


def people(script: world.Script) -> list[int]:
    return [slot for slot in (1, 2, 3) if script.facts[slot]]


def test_people_who_walk_together_go_one_way_at_one_pace(scripts: list[world.Script]) -> None:
    groups = 0
    for script in scripts:
        walkers = [s for s in people(script) if len(script.facts[s]) == 1 and script.facts[s][0]["action"] == "walk"]
        told = {script.facts[s][0].get("faces") for s in walkers}
        if len(walkers) < 2 or len(told - {None}) > 1:
            continue
        groups += 1
        moved = [rows(script)[-1, world.channel(s, "x")] - rows(script)[0, world.channel(s, "x")] for s in walkers]
        assert np.ptp(moved) < 1e-4
    assert groups > 2


def test_a_walk_is_as_fast_in_a_long_shot_as_in_a_short_one(scripts: list[world.Script]) -> None:
    for script in scripts:
        for slot in people(script):
            if len(script.facts[slot]) == 1 and script.facts[slot][0]["action"] in ("walk", "run"):
                x = rows(script)[:, world.channel(slot, "x")]
                usual = world.SPEEDS[script.facts[slot][0]["action"]]
                assert 0.93 <= abs(x[-1] - x[0]) * world.FPS / script.frames / usual <= 1.07


def test_where_people_are_said_to_be_is_where_they_stand_whatever_their_slot(scripts: list[world.Script]) -> None:
    order = []
    for script in scripts:
        still = [s for s in people(script) if len(script.facts[s]) == 1 and "at" in script.facts[s][0]]
        still = [s for s in still if script.facts[s][0]["action"] not in world.SPEEDS]
        for one, other in pairwise(still):
            told = PLACES_AT[script.facts[other][0]["at"]] - PLACES_AT[script.facts[one][0]["at"]]
            first = script.first
            stood = first[world.channel(other, "x")] - first[world.channel(one, "x")]
            if abs(told) > 0.1:
                assert np.sign(told) == np.sign(stood)
                order.append(told > 0)
    assert 0.2 < np.mean(order) < 0.8  # not always the order of the slots
    assert len(order) > 40


def test_who_is_said_to_face_a_side_faces_it(scripts: list[world.Script]) -> None:
    for script in scripts:
        for slot in people(script):
            facing = rows(script)[:, world.channel(slot, "facing")]
            for facts, frame in zip(script.facts[slot], (0, -1), strict=False):
                if "faces" in facts:
                    assert facing[frame] * {"left": -1, "right": 1}[facts["faces"]] > 0.5


def test_whoever_is_in_focus_is_who_the_camera_is_on(scripts: list[world.Script]) -> None:
    moved = 0
    for script in scripts:
        scene = rig.slots(rows(script))[0][:, rig.SCENE.at["on"]]
        for frame, which in ((0, 0), (-1, -1)):
            named = [s for s in people(script) if script.facts[s][which].get("focus")]
            assert len(named) < 2
            if named:
                assert scene[frame, named[0] - 1] == pytest.approx(1, abs=0.02)
        moved += bool(np.ptp(scene, axis=0).max() > 0.5)
    assert moved > 5


def test_somebody_is_in_the_middle_of_nearly_every_shot(scripts: list[world.Script]) -> None:
    empty = 0
    for script in scripts:
        row = rows(script)[script.frames // 2]
        scene, characters, _ = rig.slots(row)
        at = rig.SCENE.at
        width = 0.5 / 2 ** scene[at["zoom"]][0]
        on = [characters[i][world.channel(1, "x") - rig.SCENE.width] for i in range(rig.CHARACTERS)]
        centre = float(np.dot(scene[at["on"]], on)) + scene[at["camera"]][0] * 2 * width
        empty += bool(people(script)) and not any(abs(on[s - 1] - centre) < width for s in people(script))
    assert empty < 12
