"""Puppets: smooth, alive, feet planted, the same for everybody who computes them."""

import random
from dataclasses import replace

import numpy as np
import pytest
from actors import RATE, animate, becomes, character, enter, hold, prop, scene, traits

from storyforge.backends.toon import anatomy, gait, motion, puppet, readings, rig, scenes, state, world

WALKERS = [("walk", 0.15), ("walk", -0.22), ("run", 0.36), ("run", -0.3), ("run", 0.6), ("idle", 0.1)]


def _joints(states: list[state.StageState], slot: int = 0) -> np.ndarray:
    return np.stack([next(p for p in s.puppets if p.slot == slot).joints for s in states])


def _shot(seed: int) -> tuple[np.ndarray, state.Traits]:
    script = scenes.script(random.Random(seed))
    rows = world.rows([script], np.arange(script.frames, dtype=np.float32)[None])[0]
    return rows, state.Traits(script.traits[0], tuple(script.traits[1:4]), script.traits[4])


def test_the_same_rows_give_the_same_puppets() -> None:
    rows, shot = _shot(4)
    one, other = (puppet.animate(rows, [(0, len(rows), shot)], RATE, 7) for _ in range(2))
    for a, b in zip(one, other, strict=True):
        assert a.camera == b.camera
        for p, q in zip(a.puppets, b.puppets, strict=True):
            assert np.array_equal(p.joints, q.joints)
            assert (p.face, p.swing, p.x, p.y) == (q.face, q.swing, q.x, q.y)


@pytest.mark.parametrize(("action", "speed"), WALKERS)
@pytest.mark.parametrize("kind", ["fox", "owl", "man"])
def test_a_planted_foot_keeps_its_place(kind: str, action: str, speed: float) -> None:
    rows = scene(96)
    enter(rows, 0, action, x=-0.5 * speed, speed=speed, facing=float(np.sign(speed)))
    states = animate(rows, traits(character(kind)))
    contacts = readings.contacts(states)
    assert len(contacts) >= 6
    assert max(c.slide for c in contacts) < 1e-9
    down = np.array([list(s.puppets[0].planted) for s in states])
    if action == "walk":
        assert down.any(axis=1).mean() > 0.95  # a walk has no flight


def sole(puppet: state.Puppet, foot: int) -> float:
    """Height of a foot's lowest point over the ground under it, body heights."""
    _, y, near = puppet.joints[anatomy.ANKLE + foot]
    pitch = puppet.foot_pitch[foot]
    low = min(-ahead * np.sin(pitch) - anatomy.ANKLE_HEIGHT * np.cos(pitch) for ahead in (0.08, -0.048))
    return float(y + low + gait.TILT * near - (puppet.ground - puppet.y) / puppet.size)


@pytest.mark.parametrize("then", ["sit", "sleep", "jump", "dance", "fly"])
@pytest.mark.parametrize("first", ["idle", "walk"])
@pytest.mark.parametrize("kind", ["fox", "man", "owl"])
def test_feet_step_and_stay_on_the_ground_from_one_action_to_another(kind: str, first: str, then: str) -> None:
    rows = scene(110)
    enter(rows, 0, first, facing=0.8)
    u = becomes(rows, 0, first, then, 46)
    where = rig.slot_slices()[1].start
    if first == "walk":
        rows[:, where + rig.CHARACTER.at["x"].start] = np.cumsum(1.0 - u) * 0.15 / RATE
    if then == "fly":
        rows[:, where + rig.CHARACTER.at["lift"].start] = 0.15 * u
    states = animate(rows, traits(character(kind)))
    bodies = [s.puppets[0] for s in states]
    assert max(c.slide for c in readings.contacts(states)) < 0.005
    assert min(sole(body, foot) for body in bodies for foot in (0, 1)) > -0.01
    for foot in (0, 1):
        low = np.array([sole(body, foot) < 0.006 for body in bodies])
        balls = np.array([readings.ball(body, foot) for body in bodies]) / bodies[0].size
        drawn = np.linalg.norm(np.diff(balls, axis=0), axis=1)[low[1:] & low[:-1]]
        assert drawn.max(initial=0.0) < 0.08  # nearly all of a step is in the air
        hips, ankles = (np.stack([b.joints[j + foot] for b in bodies]) for j in (anatomy.HIP, anatomy.ANKLE))
        if then != "sleep":
            assert (ankles[:, 1] < hips[:, 1] + 0.05).all()
        knees = np.stack([b.joints[anatomy.KNEE + foot] for b in bodies])
        assert np.abs(np.diff(knees, n=2, axis=0)).max() < 0.15


@pytest.mark.parametrize("kind", ["fox", "owl"])
def test_whoever_jumps_at_a_run_drags_no_foot(kind: str) -> None:
    rows = scene(110)
    enter(rows, 0, "run", x=-0.7, speed=0.36, facing=1.0)
    becomes(rows, 0, "run", "jump", 46)
    contacts = [c for c in readings.contacts(animate(rows, traits(character(kind)))) if c.stop - c.start > 1]
    assert len(contacts) >= 6
    assert max(c.slide for c in contacts) < 0.005


def test_cadence_follows_speed_and_not_noise() -> None:
    paces = []
    for speed in (0.12, 0.2):
        rows = scene(120)
        enter(rows, 0, "walk", speed=speed, facing=1.0)
        noisy = rows + np.random.default_rng(3).normal(0, 0.01, rows.shape).astype(np.float32)
        clean, shaken = (readings.cadence(animate(r, traits(character())), 0, RATE) for r in (rows, noisy))
        assert 1.0 < clean < 4.0
        assert shaken == pytest.approx(clean, rel=0.1)
        paces.append(clean)
    assert paces[0] < paces[1]


def test_walking_on_the_spot_steps_in_place() -> None:
    rows = scene(96)
    enter(rows, 0, "walk", facing=0.8)
    states = animate(rows, traits(character()))
    contacts = readings.contacts(states)
    assert len(contacts) >= 6
    for foot in (0, 1):
        places = [c.x for c in contacts if c.foot == foot]
        assert max(places) - min(places) < 1e-6


@pytest.mark.parametrize("seed", range(8))
def test_noise_in_the_rows_hardly_shakes_the_picture(seed: int) -> None:
    rows, shot = _shot(seed)
    noisy = rows + np.random.default_rng(seed).normal(0, 0.01, rows.shape).astype(np.float32)
    clean, shaken = (readings.read(puppet.animate(r, [(0, len(r), shot)], RATE, 1), 1280, 720) for r in (rows, noisy))
    for name in ("ground", "camera"):
        more = readings.shaking(getattr(shaken, name)) - readings.shaking(getattr(clean, name))
        assert more <= 0.5, name


def test_smoothing_bends_no_line_and_crosses_no_cut() -> None:
    line = np.linspace(-1.0, 2.0, 50)[:, None]
    assert np.allclose(motion.smooth(line, 5.0), line, atol=1e-9)
    rows = scene(60)
    enter(rows, 0)
    where = rig.slot_slices()[1].start + rig.CHARACTER.at["x"].start
    rows[30:, where] = 0.4
    calm = puppet.steady(rows, RATE, [30])
    assert np.allclose(calm[:30, where], 0.0, atol=1e-7)
    assert np.allclose(calm[30:, where], 0.4, atol=1e-6)


@pytest.mark.parametrize("action", rig.ACTIONS)
def test_nobody_is_ever_frozen(action: str) -> None:
    rows = scene(72, zoom=1.3, on=(1.0, 0.0, 0.0))
    enter(rows, 0, action, lift=0.15 if action == "fly" else 0.0)
    joints = _joints(animate(rows, traits(character())))
    assert np.isfinite(joints).all()
    moved = np.abs(np.diff(joints, axis=0)).max(axis=(1, 2))
    assert (moved > 1e-6).all()
    spread = joints.max(0) - joints.min(0)
    assert spread.max() > 0.003


def test_eyes_blink_mouths_talk_and_sleepers_keep_theirs_shut() -> None:
    rows = scene(240)
    enter(rows, 0, "talk")
    enter(rows, 1, "sleep", x=0.2)
    states = animate(rows, traits(character(), character("bear")))
    faces = [{p.slot: p.face for p in s.puppets} for s in states]
    lids = np.array([f[0].lids for f in faces])
    assert lids.max() > 0.95
    assert 2 <= (np.diff((lids < 0.5).astype(int)) > 0).sum() <= 8
    mouth = np.array([f[0].mouth for f in faces])
    assert mouth.max() > 0.6
    assert 20 <= (np.diff((mouth > 0.3).astype(int)) > 0).sum() <= 80
    assert max(f[1].lids for f in faces) < 0.05


def test_eyes_and_head_go_before_a_body_that_turns() -> None:
    rows = scene(72)
    enter(rows, 0, facing=-1.0)
    part, at = rows[:, rig.slot_slices()[1]], rig.CHARACTER.at
    u = np.clip((np.arange(72) - 30) / 12, 0, 1)[:, None]
    part[:, at["facing"]], part[:, at["gaze"]] = 2 * u - 1, [[-0.6, 0.0]] + u * [[1.2, 0.0]]
    turned = animate(rows, traits(character()))
    ways = [[p.face.gaze[0], p.head_turn, p.turn] for s in turned for p in s.puppets]
    crossed = np.argmax(np.array(ways) > 0.0, axis=0)
    assert 2 <= crossed[1] - crossed[0] <= 4
    assert 1 <= crossed[2] - crossed[1] <= 3


def test_a_jump_leaves_the_ground_and_lands() -> None:
    rows = scene(96)
    enter(rows, 0, "jump")
    joints = _joints(animate(rows, traits(character())))
    feet = joints[:, [anatomy.ANKLE, anatomy.ANKLE + 1], 1].min(1)
    assert feet.max() > 0.25
    assert feet.min() < 0.08


def test_a_turn_goes_through_the_front() -> None:
    rows = scene(72)
    enter(rows, 0, facing=-1.0)
    facing = rig.slot_slices()[1].start + rig.CHARACTER.at["facing"].start
    rows[30:42, facing] = np.linspace(-1, 1, 12)
    rows[42:, facing] = 1.0
    turns = [s.puppets[0].turn for s in animate(rows, traits(character()))]
    assert turns[0] < -1.0
    assert turns[-1] > 1.0
    assert (np.diff(turns) > -1e-9).all()
    assert np.abs(np.diff(turns)).max() < 0.3


def test_a_prop_goes_from_hand_to_hand_without_a_jump() -> None:
    rows = scene(96)
    enter(rows, 0, "give", x=-0.12, facing=0.9)
    enter(rows, 1, "idle", x=0.12, facing=-0.9)
    share = np.clip((np.arange(96) - 40) / 16, 0, 1).astype(np.float32)
    hold(rows, 1 - share, share)
    states = animate(rows, traits(character(), character("rabbit"), thing=prop()))
    at = np.array([(s.prop.x, s.prop.y) for s in states if s.prop])
    assert len(at) == 96
    assert np.linalg.norm(np.diff(at, axis=0), axis=1).max() < 0.03
    assert states[5].prop is not None
    assert states[5].puppets[states[5].prop.holder or 0].slot == 0
    last = states[-5].prop
    assert last is not None
    assert last.holder is not None
    assert states[-5].puppets[last.holder].slot == 1


def test_the_camera_frames_whom_it_is_on() -> None:
    for zoom, joint in ((0.6, anatomy.HIP), (2.1, anatomy.HEAD)):
        rows = scene(48, zoom=zoom, on=(1.0, 0.0, 0.0))
        enter(rows, 0, "idle", x=0.3)
        last = animate(rows, traits(character()))[-1]
        who, camera = last.puppets[0], last.camera
        x, y, _ = who.joints[joint]
        high = 0.5625 * 2.0**-camera.zoom
        assert abs(who.x + x * who.size - camera.x) < 0.25 * high
        assert abs(who.y + y * who.size - camera.y) < 0.3 * high


def test_a_span_of_two_shots_keeps_its_stride() -> None:
    rows = scene(120)
    enter(rows, 0, "walk", speed=0.15, facing=1.0)
    shot = traits(character())
    whole = animate(rows, shot)
    parts = puppet.animate(rows, [(0, 50, shot), (50, 120, shot)], RATE, 1)
    for a, b in zip(whole, parts, strict=True):
        assert np.array_equal(a.puppets[0].joints, b.puppets[0].joints)


def test_a_dragged_foot_scores_worse_the_faster_it_is_dragged() -> None:
    rows = scene(40)
    enter(rows, 0)
    still = animate(rows, traits(character()))

    def dragged(speed: float) -> float:
        """The worst slide of one who stands and is pulled along, world units a frame."""
        moved = [
            replace(state, puppets=tuple(replace(p, x=p.x + speed * i, planted=(True, True)) for p in state.puppets))
            for i, state in enumerate(still)
        ]
        return max([c.slide for c in readings.contacts(moved)] + readings.drags(moved))

    scores = [dragged(speed) for speed in (0.0, 0.01, 0.025, 0.04, 0.08, 0.2)]
    assert scores[0] < 0.005
    assert (np.diff(scores) > 0.1).all()


def test_nobody_is_dragged_who_walks_or_runs() -> None:
    for action, speed in (("walk", 0.15), ("run", 0.5)):
        rows = scene(72)
        enter(rows, 0, action, x=-0.6, speed=speed, facing=1.0)
        assert readings.drags(animate(rows, traits(character()))) == []
