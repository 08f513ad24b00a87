"""What a renderer makes of sound is heard in the film: in step, in place of ambience, and only where it is wanted."""

import json
import shutil
from pathlib import Path

import av
import numpy as np
import pytest
from paint import Paint, studio
from singing import SUNG, Singing, found, heard, near, sung
from test_run import Heard

from storyforge.backends import Acting, Latents, Noise
from storyforge.errors import StoryboardError
from storyforge.film.sound import RATE
from storyforge.production import Order, Project, Renderer, Renderers

INLINE = Order(workers=1, captions="off")
BOARD = """\
storyforge: 1
size: 64x64
fps: 12
music: none
weather: storm
cast: {ember: {description: "a small orange fox"}}
places: {beach: {description: "a beach by the sea"}}
scenes:
  - id: day
    place: beach
    shots:
      - {id: a, seconds: 1, cast: [ember]}
      - {id: b, seconds: 0.75, cast: [ember], action: "Ember runs"}
      - {id: c, seconds: 1, cast: [ember], action: "Ember swims", join: {kind: dissolve, seconds: 0.25}}
      - {id: d, seconds: 0.5, cast: [ember], action: "Ember rests", join: flow}
end: cut
"""
STARTS = {"a": 0.0, "b": 1.0, "c": 1.5, "d": 2.5}  # of BOARD, in seconds


def rendered(folder: Path, paint: Paint, board: str = BOARD, order: Order = INLINE) -> Heard:
    told = Heard()
    made = studio(folder, board, paint).produce(order, told)
    assert not made.failed
    return told


def silenced(*shots: str) -> str:
    """BOARD without the own sound of some shots."""
    text = BOARD
    for shot in shots:
        text = text.replace(f"{{id: {shot},", f"{{id: {shot}, options: {{toon: {{sound: false}}}},")
    return text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """BOARD, rendered."""
    folder = tmp_path_factory.mktemp("own")
    rendered(folder, Singing())
    return folder


def test_every_shot_is_heard_where_it_is_seen(folder: Path) -> None:
    film = heard(folder / "film.mp4")
    for shot, seconds in (("a", 1.0), ("b", 0.5), ("d", 0.5)):
        at, alike = found(film, sung(folder, Singing(), shot, seconds))
        assert near(at, STARTS[shot])
        assert alike > 0.9


def test_a_dissolve_of_pictures_is_one_of_sounds(folder: Path) -> None:
    film = heard(folder / "film.mp4")[round(1.5 * RATE) : round(1.75 * RATE)]
    before, after = sung(folder, Singing(), "b", 0.75)[RATE // 2 :], sung(folder, Singing(), "c", 0.25)
    early, late = slice(0, RATE // 16), slice(RATE * 3 // 16, RATE // 4)

    def alike(one: np.ndarray, other: np.ndarray) -> float:
        return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))

    assert alike(film[early], before[early]) > 0.85 > 0.5 > alike(film[early], after[early])
    assert alike(film[late], after[late]) > 0.85 > 0.5 > alike(film[late], before[late])
    power = [float(np.square(film[at : at + RATE // 20]).mean()) for at in range(0, RATE // 5, RATE // 20)]
    assert max(power) < 1.5 * min(power), "no dip and no swell where they cross"


def test_a_flow_is_one_sound(folder: Path) -> None:
    first, second = (heard(folder / "shots" / f"{shot}.mp4") for shot in "cd")
    whole = sung(folder, Singing(), "c", 1.5)
    apart = np.concatenate([first[:RATE], second])[RATE // 2 : RATE * 5 // 4] - whole[RATE // 2 : RATE * 5 // 4]
    assert np.abs(apart).max() < 1e-3 < np.abs(whole).std()
    at = round(2.5 * RATE)
    film = heard(folder / "film.mp4")[at - RATE // 400 : at + RATE // 400]
    wanted = whole[RATE - RATE // 400 : RATE + RATE // 400]
    assert float(film @ wanted / np.linalg.norm(film) / np.linalg.norm(wanted)) > 0.9, "no fade where it goes on"


def test_a_shot_s_own_file_has_its_sound(folder: Path) -> None:
    for shot, seconds in (("a", 1.0), ("d", 0.5)):
        with av.open(str(folder / "shots" / f"{shot}.mp4")) as file:
            assert file.streams.audio[0].codec_context.name == "flac"
        mine = heard(folder / "shots" / f"{shot}.mp4")
        wanted = sung(folder, Singing(), shot, seconds)
        assert len(mine) == len(wanted) + 1
        at, alike = found(mine, wanted)
        assert at <= RATE // SUNG, "to a sample of the model's"
        assert alike > 0.99
    record = json.loads((folder / "film.provenance.json").read_text())
    assert record["sound"]["own"] == ["a", "b", "c", "d"]


def level(path: Path, start: float, stop: float) -> float:
    return float(np.sqrt(np.square(heard(path)[round(start * RATE) : round(stop * RATE)]).mean()))


def test_own_sound_is_heard_in_place_of_ambience_and_effects(tmp_path: Path) -> None:
    class Stepping(Singing):
        def noises(
            self, latents: Latents, start: int = 0, stop: int | None = None, acting: Acting | None = None
        ) -> tuple[Noise, ...]:
            return (Noise("door", 2),)

    rendered(tmp_path, Stepping(mute=True))
    film = tmp_path / "film.mp4"
    assert level(film, 0, 3) < 1e-4, "it made silence, and silence is heard: no sea, no storm, no door"
    rendered(tmp_path, Stepping(mute=True), silenced("a"))
    assert level(film, 0.2, 0.8) > 0.02, "but where it is not wanted"
    assert level(film, 1.6, 3) < 1e-3


def test_to_refuse_it_mixes_anew_and_does_nothing_else(folder: Path, tmp_path: Path) -> None:
    paint = Singing()
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    told = rendered(tmp_path, paint, silenced("b"))
    made = {kind: told.done(kind) for kind in ("cast", "panels", "level", "draw", "sound", "film")}
    assert made == {"cast": [], "panels": [], "level": [], "draw": [], "sound": ["soundtrack"], "film": ["film.mp4"]}
    film = heard(tmp_path / "film.mp4")
    assert found(film, sung(tmp_path, paint, "b", 0.5))[1] < 0.3
    assert near(found(film, sung(tmp_path, paint, "a", 1.0))[0], 0)
    assert not rendered(tmp_path, paint, silenced("b")).done("sound")
    assert all(step.done for step in studio(tmp_path, silenced("b"), paint).survey(INLINE))
    project = studio(tmp_path, silenced("b").replace("sound: false", 'sound: "no"'), paint)
    with pytest.raises(StoryboardError, match=r"storyboard.yaml:13:41: options of toon: sound is 'no'; write true"):
        project.produce(INLINE)
    assert {shot.state for shot in project.status(INLINE).shots} == {"current"}, "who only looks is told"
    project.report()


def test_where_none_is_heard_the_film_is_mixed_as_it_was(tmp_path: Path) -> None:
    rendered(tmp_path / "before", Paint())
    plain = heard(tmp_path / "before" / "film.mp4")
    rendered(tmp_path / "refused", Singing(), silenced("a", "b", "c", "d"))
    assert np.array_equal(heard(tmp_path / "refused" / "film.mp4"), plain)
    assert not rendered(tmp_path / "before", Singing()).done("draw"), "takes from before there was sound are kept"
    assert np.array_equal(heard(tmp_path / "before" / "film.mp4"), plain)


@pytest.mark.parametrize(("rule", "rate", "seconds"), [("hold", 8.0, 1.0), ("native", 8.0, 1.5)])
def test_it_stays_in_step_at_other_rates(tmp_path: Path, rule: str, rate: float, seconds: float) -> None:
    """seconds: of the model's sound that shot a, of 1 s, plays: native shows its frames 1.5 times as fast."""
    paint = Singing(fps=rate, rate=rate)
    board = BOARD.replace("fps: 12", f"fps: 12\nrate: {rule}").replace("join: flow", "join: cut")
    rendered(tmp_path, paint, board)
    wanted = sung(tmp_path, paint, "a", seconds, rate=rate)
    if rule == "native":
        wanted = np.interp(np.arange(RATE) * 1.5, np.arange(len(wanted)), wanted)
    at, alike = found(heard(tmp_path / "film.mp4"), wanted)
    assert near(at, 0)
    assert alike > 0.85
    whole = heard(tmp_path / "shots" / "d.mp4")
    assert len(whole) == RATE // 2 + 1


def test_a_take_brings_its_own_sound(folder: Path, tmp_path: Path) -> None:
    paint = Singing()
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    project = studio(tmp_path, BOARD, paint)
    project.retake("b", workers=1)
    rendered(tmp_path, paint)
    film = heard(tmp_path / "film.mp4")
    assert found(film, sung(tmp_path, paint, "b", 0.5, take=1))[1] > 0.9
    rendered(tmp_path, paint, BOARD.replace("{id: b,", '{id: b, pick: "1",'))
    film = heard(tmp_path / "film.mp4")
    assert near(found(film, sung(tmp_path, paint, "b", 0.5, take=0))[0], STARTS["b"])
    assert found(film, sung(tmp_path, paint, "b", 0.5, take=1))[1] < 0.3


def test_the_sound_of_a_picked_take_is_judged_by_what_made_it(folder: Path, tmp_path: Path) -> None:
    paint = Singing()
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    both = {"toon": paint, "wan-2.1-t2v-1.3b": Paint(fingerprint="wan")}

    def own(options: str) -> list[str]:
        held = f'{{id: b, pick: "1", renderer: wan-2.1-t2v-1.3b, options: {{{options}: {{sound: false}}}},'
        (tmp_path / "storyboard.yaml").write_text(BOARD.replace("{id: b,", held), encoding="utf-8")
        project = Project(tmp_path, renderers=Renderers(open=lambda name, _: Renderer(name, both[name])))
        project.produce(INLINE)
        assert all(step.done for step in project.survey(INLINE))
        heard: list[str] = json.loads((tmp_path / "film.provenance.json").read_text())["sound"]["own"]
        return heard

    assert own("wan-2.1-t2v-1.3b") == ["a", "b", "c", "d"]
    assert own("toon") == ["a", "c", "d"]
