"""The procedural world: scripts are smooth at every stride, and their captions say their facts."""

import random

import numpy as np
import pytest

from storyforge.backends.toon import captions, casting, readback, rig, scenes, world
from storyforge.backends.toon.vocabulary import COLOUR_NAMES, vocabulary


def some(count: int, seed: int = 0) -> list[world.Script]:
    rng = random.Random(seed)
    return [scenes.script(rng) for _ in range(count)]


@pytest.mark.parametrize("ramp", [0.05, 0.2, 0.5])
def test_a_move_starts_at_nothing_ends_at_all_and_never_turns_back(ramp: float) -> None:
    progress = world.ease(np.linspace(-0.5, 1.5, 401, dtype=np.float32), np.float32(ramp))
    assert progress[0] == 0
    assert progress[-1] == pytest.approx(1, abs=1e-6)
    assert (np.diff(progress) >= -1e-6).all()


def test_rows_at_a_stride_are_the_rows_of_those_frames() -> None:
    scripts = some(20)
    every = np.repeat(np.arange(97, dtype=np.float32)[None], 20, 0)
    assert np.array_equal(world.rows(scripts, every)[:, ::16], world.rows(scripts, every[:, ::16]))


def test_scenes_do_not_shake() -> None:
    frames = np.repeat(np.arange(60, dtype=np.float32)[None], 200, 0)
    rows = world.rows(some(200), frames)
    x = rows[..., world.channel(1, "x")]
    assert np.abs(np.diff(x, n=2)).mean() * 1280 < 0.1


def test_weights_stay_weights() -> None:
    rows = world.rows(some(300), np.repeat(np.arange(0, 200, 8, dtype=np.float32)[None], 300, 0))
    scene, characters, _ = rig.slots(rows)
    assert scene[..., rig.SCENE.at["time"]].sum(-1) == pytest.approx(1, abs=1e-4)
    action = characters[0][..., rig.CHARACTER.at["action"]]
    assert action.min() > -0.05
    assert action.max() < 1.05  # one fades out while another fades in, not in step


def test_every_word_of_the_vocabulary_is_of_one_drawable_thing() -> None:
    words = vocabulary()
    for group, names in (("kinds", rig.KINDS), ("places", rig.PLACES), ("actions", rig.ACTIONS), ("props", rig.PROPS)):
        assert set(words[group]) == set(names)
    assert set(words["colours"]) == set(COLOUR_NAMES)
    known = {name for group in words if group != "nearest" for name in words[group]}
    assert set(words["nearest"].values()) <= known


def test_a_paint_is_named_as_its_colour() -> None:
    rng = random.Random(5)
    for name in COLOUR_NAMES:
        assert {readback.colour_name(casting.paint(rng, name)) for _ in range(200)} == {name}


def test_captions_say_kind_colour_clothes_and_action() -> None:
    rng, words = random.Random(2), vocabulary()
    for _ in range(300):
        _, facts = casting.character(rng)
        facts["action"] = rng.choice(rig.ACTIONS)
        told = captions.character(rng, facts, captions.who(rng, facts).rstrip("."))
        near = {word for word, name in words["nearest"].items() if name in (facts["kind"], facts.get("action"))}
        assert any(word in told for word in {*words["kinds"][facts["kind"]], *near})
        if "wear_colour" in facts:
            assert any(word in told for word in words["colours"][facts["wear_colour"]])
        if facts["action"] == "give" and " is " not in told:
            assert any(verb in told for verb in {*words["actions"]["give"], *near})


def test_facts_read_back_from_scenes_are_the_facts() -> None:
    wrong = 0
    for script in some(300, 7):
        if script.beat is not None:
            continue
        rows = world.rows([script], np.arange(script.frames, dtype=np.float32)[None])[0]
        read, facts = readback.scene_facts(rows), script.facts[0][0]
        wrong += any(readback.agree(facts, read, name) is False for name in ("time", "weather", "shot", "move"))
        for slot in (1, 2, 3):
            if script.facts[slot]:
                acted = readback.character_facts(rows[len(rows) // 2], slot)
                wrong += readback.agree(script.facts[slot][0], acted, "action") is False
    assert wrong <= 3
