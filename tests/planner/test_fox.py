"""The shipped story gives the film that the demo promises."""

from collections.abc import Callable
from itertools import pairwise

from storyforge.storyboard import Shot, Storyboard, dump, loads, resolve

Planned = Callable[[str], Storyboard]
ShotOf = Callable[[Storyboard, str], Shot]


def test_length_shots_scenes_and_joins(planned: Planned) -> None:
    board = planned("fox-and-lantern")
    resolved = resolve(board)
    joins = [shot.join_kind for shot in resolved.shots]
    assert 45 <= resolved.frames / resolved.rate <= 90
    assert len(resolved.shots) >= 10
    assert len(board.scenes) >= 3
    assert "flow" in joins
    assert "dissolve" in joins


def test_characters_come_back(planned: Planned) -> None:
    board = planned("fox-and-lantern")
    seen = [{m.who for shot in scene.shots for m in shot.cast} for scene in board.scenes]
    back = {who for who in board.cast if sum(who in scene for scene in seen) >= 2}
    assert {"ember", "moth"} <= back


def test_who_they_are_and_wear(planned: Planned) -> None:
    board = planned("fox-and-lantern")
    assert board.title == "The Fox and the Lantern"
    assert board.cast["ember"].description == "a small orange fox"
    assert board.cast["ember"].wears == "a blue scarf"
    assert board.cast["moth"].description == "a grey moth with a torn wing"
    assert board.cast["bear"].description == "an old brown bear"
    assert board.cast["bear"].wears == "a red coat"
    assert board.props["lantern"].description == "a brass lantern with green glass"
    assert board.places["lighthouse"].description == "a white lighthouse on a cliff above the sea"
    assert set(board.cast) == {"ember", "moth", "bear"}
    assert set(board.props) == {"lantern"}


def test_places_times_and_weather(planned: Planned) -> None:
    scenes = [(s.place, s.time, s.weather) for s in planned("fox-and-lantern").scenes]
    assert scenes[0] == ("lighthouse", "evening", "clear")
    assert ("lighthouse", "night", "storm") in scenes
    assert ("forest", "night", "storm") in scenes
    assert scenes[-1] == ("lighthouse", "morning", "clear")


def test_pronouns_find_their_characters(planned: Planned, shot_of: ShotOf) -> None:
    board = planned("fox-and-lantern")
    running = shot_of(board, "She ran along the cliff")
    assert [m.who for m in running.cast] == ["ember"]
    assert running.cast[0].holds == "lantern"
    together = shot_of(board, "All three hurried")
    assert {m.who for m in together.cast} == {"ember", "moth", "bear"}
    holding = shot_of(board, "the moth held tight")
    assert holding.cast[0].who == "moth"
    assert "Ember's scarf" in (holding.cast[0].does or "")


def test_dialogue_is_said_and_not_narrated(planned: Planned, shot_of: ShotOf) -> None:
    board = planned("fox-and-lantern")
    shot = shot_of(board, "There is a fire in the forest.")
    assert shot.narration is None
    assert {line.who for line in shot.dialogue} == {"moth"}
    assert shot.dialogue[0].how == "in a whisper"
    faces = {m.who: (m.at, m.faces) for m in shot.cast}
    assert faces["moth"][1] == "ember"
    assert faces["ember"][1] == "moth"
    assert faces["moth"][0] != faces["ember"][0]


def test_giving_hands_the_lantern_over(planned: Planned, shot_of: ShotOf) -> None:
    board = planned("fox-and-lantern")
    giving = {m.who: m for m in shot_of(board, "gave it to the fox").cast}
    assert "gives the lantern to the fox" in (giving["bear"].does or "") or "lights" in (giving["bear"].does or "")
    after = {m.who: m for m in shot_of(board, "All three hurried").cast}
    assert after["ember"].holds == "lantern"
    assert after["bear"].holds is None


def test_it_is_a_storyboard_that_loads(planned: Planned) -> None:
    board = planned("fox-and-lantern")
    assert loads(dump(board), "fox.yaml").board == board


def test_framings_do_not_repeat_across_cuts(planned: Planned) -> None:
    shots = [shot for scene in planned("fox-and-lantern").scenes for shot in scene.shots]
    pairs = [(a.camera, b.camera) for a, b in pairwise(shots) if b.join is None]
    same = [a for a, b in pairs if a and b and a.on and (a.shot, a.on) == (b.shot, b.on)]
    assert not same
    assert shots[0].camera is not None
    assert shots[0].camera.shot in ("wide", "extreme-wide")
    assert shots[-1].camera is not None
    assert shots[-1].camera.move == "pull-out"
