"""The shapes of DESIGN 4: every field, the short forms, names, frozen."""

import ast
import inspect

import pytest
from pydantic import ValidationError

from storyforge.storyboard import (
    Beat,
    Camera,
    Document,
    End,
    Entity,
    Join,
    Keyframe,
    Line,
    Look,
    Member,
    Scene,
    Shot,
    Storyboard,
    Title,
)

MODELS = (Storyboard, Scene, Shot, Entity, Look, Member, Camera, Beat, Line, Title, Join, Keyframe, End)


def test_the_design_s_example_has_every_shape(example: Document) -> None:
    board = example.board
    assert (board.storyforge, board.title, board.language, board.renderer) == (
        1,
        "The Fox and the Lantern",
        "en",
        "toon",
    )
    assert (board.size, board.fps, board.seed, board.end) == ("16:9", 24, 7, End(kind="fade", seconds=2))
    ember = board.cast["ember"]
    assert ember.looks["rain"] == Look(wears="a yellow raincoat", references=("refs/ember-rain.png",))
    assert ember.looks["snow"] == Look(wears="a white coat")
    assert (ember.voice, ember.references) == ("en-gb", ("refs/ember.png",))
    scene = board.scenes[0]
    assert scene.setups == {"stairs": Camera(shot="wide", angle="low")}
    first, second = scene.shots
    assert first.cast == (
        Member(who="ember@rain", at="left", faces="lantern", feels="afraid", does="climbs", holds="lantern"),
    )
    assert first.camera == Camera(setup="stairs")
    assert first.beats == (Beat(at=2.5, action="Ember runs", camera=Camera(move="tracking")),)
    assert first.dialogue[1] == Line(who="moth", line="It always does.", on=False)
    assert first.titles == (Title(text="The Storm", seconds=2),)
    assert first.keyframes[1] == Keyframe(at="end", picture="refs/top.png")
    assert first.options == {"wan-vace-1.3b": {"guidance": 5}}
    assert (first.prompt, first.lock, first.pick) == (None, False, None)
    assert (second.source, second.join, second.note) == (
        "photos/sea.jpg",
        Join(kind="cut"),
        "ask Ana for a wider scan",
    )


def test_short_forms_in_python() -> None:
    shot = Shot.model_validate(
        {"id": "a", "cast": ["ember@rain"], "camera": "stairs", "join": "cut", "seconds": "auto"}
    )
    assert shot == Shot(
        id="a", cast=(Member(who="ember@rain"),), camera=Camera(setup="stairs"), join=Join(kind="cut"), seconds="auto"
    )
    assert Entity.model_validate("a fox") == Entity(description="a fox")
    assert Look.model_validate("a coat") == Look(wears="a coat")
    assert End.model_validate("fade") == End(kind="fade")


@pytest.mark.parametrize("model", MODELS)
def test_models_are_frozen_and_closed(model: type[Storyboard]) -> None:
    assert model.model_config.get("frozen")
    assert model.model_config.get("extra") == "forbid"
    assert model.__doc__


def test_but_is_a_copy_that_is_checked() -> None:
    shot = Shot(id="a", action="Ember runs")
    assert shot.but(seconds=2) == Shot(id="a", action="Ember runs", seconds=2)
    assert shot.but(seconds=2).model_fields_set == {"id", "action", "seconds"}
    with pytest.raises(ValidationError):
        shot.but(seconds=-2)


@pytest.mark.parametrize("name", ["a", "storm-1", "storm_1", "1", "élan", "雨"])
def test_names(name: str) -> None:
    assert Shot(id=name).id == name


@pytest.mark.parametrize("name", ["", " ", "a b", "a/b", "../a", "a.b", "a@b", "-a", "_", "a" * 65, "a:b", "con\n"])
def test_what_cannot_be_a_name(name: str) -> None:
    with pytest.raises(ValidationError):
        Shot(id=name)


@pytest.mark.parametrize("size", ["16:9", "9:16", "2.39:1", "1280x720", "64x64", "8192x4320"])
def test_sizes(size: str) -> None:
    scene = Scene(id="s", shots=(Shot(id="a"),))
    assert Storyboard(scenes=(scene,), size=size).size == size


@pytest.mark.parametrize(
    "size", ["", "16", "16:0", "0x0", "1281x720", "32x32", "9000x720", "100:1", "a:b", "16/9", "-16:9"]
)
def test_what_is_no_size(size: str) -> None:
    with pytest.raises(ValidationError):
        Storyboard(scenes=(Scene(id="s", shots=(Shot(id="a"),)),), size=size)


def test_every_field_is_where_design_s_inheritance_says() -> None:
    shared = {
        "renderer", "style", "avoid", "seconds", "join", "place", "time", "weather", "music", "options", "seed",
    }  # fmt: skip
    for model in (Storyboard, Scene, Shot):
        assert shared <= set(model.model_fields)


def test_no_model_imports_yaml() -> None:
    from storyforge.storyboard import model

    imports = [
        node for node in ast.walk(ast.parse(inspect.getsource(model))) if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not any("ruamel" in ast.unparse(node) for node in imports)
