"""What toon's characters do with the lines that are heard: mouths, eyes, heads, and who keeps still."""

import numpy as np
import pytest
from actors import animate, character, enter, hold, prop, scene, syllables, traits

from storyforge.backends.base import Acting, Heard, Latents
from storyforge.backends.toon import drawing, eyes, readings, rig
from storyforge.backends.toon.attention import LEAD
from storyforge.backends.toon.speech import Line, speech
from storyforge.backends.toon.state import Face, StageState


def two(frames: int = 120, **of: str) -> np.ndarray:
    """Two who stand side by side and look ahead."""
    rows = scene(frames)
    enter(rows, 0, of.get("first", "idle"), x=-0.12, facing=0.1)
    enter(rows, 1, of.get("second", "idle"), x=0.12, facing=0.1)
    return rows


def faces(states: list[StageState], slot: int) -> list[Face]:
    return [next(p for p in s.puppets if p.slot == slot).face for s in states]


def test_a_mouth_says_its_line_frame_by_frame_and_nothing_else() -> None:
    said = syllables(40)
    shown = animate(two(first="talk"), traits(character(), character("bear")), lines=[Line(0, 30, 70, said)])
    mouth = [face.mouth for face in faces(shown, 0)]
    assert mouth[30:70] == pytest.approx(said)
    assert not any(mouth[:30])
    assert not any(mouth[70:])
    assert not any(face.mouth for face in faces(shown, 1))


def test_whoever_has_no_line_may_mime_but_not_over_anothers_words() -> None:
    rows, who = two(first="talk"), traits(character(), character("bear"))
    assert max(face.mouth for face in faces(animate(rows, who), 0)) > 0.5
    told = animate(rows, who, lines=[Line(None, 0, 120, told=True)])
    assert max(face.mouth for face in faces(told, 0)) > 0.5
    for other in (Line(1, 30, 80, syllables(50)), Line(None, 30, 80)):
        mouth = [face.mouth for face in faces(animate(rows, who, lines=[other]), 0)]
        assert max(mouth[36:74]) < 0.05
        assert max(mouth[:24]) > 0.3


def test_a_mouth_is_hushed_by_a_line_that_a_narrator_speaks_over() -> None:
    hush = speech([Line(1, 10, 60, syllables(50)), Line(None, 30, 90, told=True)], 0, 0, 100).hush
    assert hush.tolist() == [0.0] * 10 + [1.0] * 50 + [0.0] * 40


def test_a_line_from_off_screen_moves_no_mouth() -> None:
    shown = animate(two(first="talk"), traits(character(), character("bear")), lines=[Line(0, 20, 90)])
    assert not any(face.mouth or face.talking for slot in (0, 1) for face in faces(shown, slot))


@pytest.mark.parametrize("facing", [-1.0, 0.0, 1.0])
def test_eyes_go_to_the_speaker_at_once_and_the_head_follows(facing: float) -> None:
    rows = two()
    rows[:, rig.slot_slices()[2].start + rig.CHARACTER.at["facing"].start] = facing
    lines = [Line(0, 40, 80, syllables(40))]
    shown = animate(rows, traits(character(), character("girl")), lines=lines)
    alone = animate(rows, traits(character(), character("girl")))
    told = readings.heeds(shown, lines)
    assert [(heed.slot, heed.frames is not None and heed.frames <= 6) for heed in told] == [(1, True)]

    def moved(read: object) -> int:
        """The first frame in which the listener is not as it would be without the line."""
        away = [np.abs(np.subtract(read(a.puppets[1]), read(b.puppets[1]))).max() for a, b in zip(shown, alone)]  # type: ignore[operator]  # noqa: B905
        return int(np.argmax(np.array(away) > 0.02))

    eye, head = moved(eyes.iris), moved(lambda puppet: puppet.head_turn)
    assert 40 <= eye <= 42
    if facing >= 0:  # else its head is there already
        assert LEAD - 1 <= head - eye <= LEAD + 2
        turn = np.array([s.puppets[1].head_turn for s in shown])
        assert turn[70] < alone[70].puppets[1].head_turn - 0.3
        assert np.abs(np.diff(turn)).max() < 0.2


def test_nobody_stares_and_the_speaker_looks_at_somebody() -> None:
    lines = [Line(0, 10, 230, syllables(220))]
    shown = animate(two(240), traits(character(), character("bear"), character("girl")), lines=lines)
    for slot, other in ((0, 1), (1, 0)):
        on = []
        for state in shown[20:220]:
            here = {p.slot: p for p in state.puppets}
            x, y, _ = here[other].joints[2]
            on.append(eyes.reaches(here[slot], (here[other].x + x * here[slot].size, here[other].y + y * 0.22)))
        assert 0.5 < np.mean(on) < 0.99


def test_an_answer_is_for_who_spoke_and_else_words_are_for_the_nearest() -> None:
    rows = scene(140)
    for slot, x in enumerate((-0.25, 0.05, 0.2)):
        enter(rows, slot, x=x, facing=0.0)
    lines = [Line(0, 10, 40, syllables(30)), Line(1, 50, 80, syllables(30))]
    who = traits(character(), character("bear"), character("girl"))
    answers, speaks = animate(rows, who, lines=lines), animate(rows, who, lines=lines[1:])
    for states, side in ((answers, -1.0), (speaks, 1.0)):
        bears = [next(p for p in state.puppets if p.slot == 1) for state in states[56:80]]
        assert np.quantile([eyes.looking(bear)[0] * side for bear in bears], 0.7) > 0.4  # but for a glance away
        assert np.median([bear.head_turn * side for bear in bears]) > 0.2


def test_a_giver_looks_at_the_thing() -> None:
    rows = two(72, first="give")
    hold(rows, 1.0)
    shown = animate(rows, traits(character(), character("bear"), thing=prop()))
    seen = [eyes.reaches(next(p for p in s.puppets if p.slot == 0), (s.prop.x, s.prop.y)) for s in shown[8:] if s.prop]
    assert np.mean(seen) > 0.7


def test_lines_reach_the_slots_that_the_latents_name() -> None:
    acting = Acting((Heard("moth", 0, 2, (0.1, 0.2)), Heard(None, 3, 9), Heard("nobody here", 4, 6, (1.0, 1.0))))
    latents = Latents("a", 1, {"notes": np.frombuffer(b'{"slots": ["ember", "moth"]}', np.uint8)})
    assert drawing.heard(latents, acting) == (
        Line(1, 0, 2, (0.1, 0.2)),
        Line(None, 3, 9, told=True),
        Line(None, 4, 6, (1.0, 1.0)),
    )
    assert drawing.heard(Latents("old", 1, {}), acting) == ()


def test_on_twos_people_hold_and_the_camera_does_not() -> None:
    rows = scene(49, zoom=0.6, on=(1.0, 0.0, 0.0))
    enter(rows, 0, "walk", x=-0.2, speed=0.15, facing=1.0)
    who = traits(character())
    ones, shown = animate(rows, who), animate(rows, who, twos=True)
    for i in range(0, 48, 2):
        assert shown[i].puppets[0] is shown[i + 1].puppets[0]
        assert np.array_equal(shown[i].puppets[0].joints, ones[i].puppets[0].joints)
        assert shown[i].camera != shown[i + 1].camera
    assert [s.camera for s in shown] == [s.camera for s in ones]
    assert max(c.slide for c in readings.contacts(shown)) < 0.005
