"""A plan by a language model, with the shipped test double: steps, keeping, corrections, wishes."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from service import ALL, CAST, FIRST, OUTLINE, SECOND, STORY, sheet, shots

from storyforge.errors import InputError, PlannerError
from storyforge.planner import Scripted, answers, plan
from storyforge.planner.asking import Unavailable, render
from storyforge.planner.steps import number
from storyforge.resources import root
from storyforge.storyboard import Storyboard, dump, loads, resolve


def made(replies: list[Any], folder: Path | None = None, **wishes: Any) -> tuple[Storyboard, Scripted]:
    scripted = Scripted(deepcopy(replies))
    return plan(STORY, planner=scripted, folder=folder, tell=lambda s: None, **wishes), scripted


def steps(scripted: Scripted) -> list[str]:
    return [model.__name__ for _, model in scripted.asked]


def test_four_steps_make_a_board() -> None:
    board, scripted = made(ALL)
    assert steps(scripted) == ["Outline", "CastAndPlaces", "SceneSheet", "ShotList", "SceneSheet", "ShotList"]
    assert board.title == "The Robot's Flower"
    assert board.cast["robot"].looks["scarf"].wears == "a long green scarf"
    first, second = (scene.shots[0] for scene in board.scenes)
    assert (first.id, first.cast[0].who, first.cast[0].holds) == ("desert-1", "robot", "flower")
    assert (second.cast[0].who, second.join and second.join.kind) == ("robot@scarf", "dissolve")
    assert first.titles[0].text == board.title
    assert first.dialogue[0].line == "Hello, flower."
    assert loads(dump(board), "robot.yaml").board == board


def test_later_steps_know_what_earlier_ones_found() -> None:
    _, scripted = made(ALL)
    shots_prompt = scripted.asked[3][0][-1].text
    assert "a small tin robot" in shots_prompt
    assert "scarf = a long green scarf" in shots_prompt
    assert "1. A robot found a red flower in the desert." in shots_prompt
    assert "It carried" not in shots_prompt


def test_finished_steps_are_kept(tmp_path: Path) -> None:
    with pytest.raises(PlannerError, match="kept"):
        made([*ALL[:3], PlannerError("the service is gone")], tmp_path)
    board, scripted = made(ALL[3:], tmp_path)
    assert steps(scripted) == ["ShotList", "SceneSheet", "ShotList"]
    assert len(board.scenes) == 2
    again, scripted = made([], tmp_path)
    assert (again, scripted.asked) == (board, [])
    assert not list(tmp_path.glob("*.part"))


def test_a_broken_file_is_asked_again(tmp_path: Path) -> None:
    made(ALL, tmp_path)
    for path in tmp_path.glob("outline-*.json"):
        path.write_text("{half", "utf-8")
    _, scripted = made([OUTLINE], tmp_path)
    assert steps(scripted) == ["Outline"]


def test_another_story_or_wish_is_asked_anew(tmp_path: Path) -> None:
    made(ALL, tmp_path)
    _, scripted = made([OUTLINE, shots("a", "b", count=2), shots("c", "d", count=2)], tmp_path, shots=4)
    assert steps(scripted) == ["Outline", "ShotList", "ShotList"]


def test_mistakes_go_back_twice() -> None:
    bad = deepcopy(FIRST)
    bad["shots"][0]["cast"][0]["who"] = "dragon"
    bad["shots"][0]["camera"]["on"] = "castle"
    board, scripted = made([*ALL[:3], bad, FIRST, *ALL[4:]])
    talk = scripted.asked[4][0]
    assert [m.role for m in talk] == ["system", "user", "assistant", "user"]
    assert "'dragon' is not one of robot" in talk[-1].text
    assert "'castle' is not in the shot" in talk[-1].text
    assert len(board.scenes) == 2
    with pytest.raises(PlannerError, match=r"could not plan the shots of desert: .*dragon.*after 2 corrections"):
        made([*ALL[:3], bad, bad, bad])


@pytest.mark.parametrize(
    ("step", "change", "says"),
    [
        (0, {"scenes": []}, "there is none"),
        (0, {"scenes": [{**OUTLINE["scenes"][0], "last": 2}, OUTLINE["scenes"][1]]}, "must start at 3"),  # type: ignore[index]
        (0, {"scenes": [OUTLINE["scenes"][0]]}, "must end at 2"),  # type: ignore[index]
        (0, {"scenes": [{**OUTLINE["scenes"][0], "id": "a b"}, OUTLINE["scenes"][1]]}, "letters, digits"),  # type: ignore[index]
        (1, {"places": []}, "places: there is none"),
        (1, {"props": [{"id": "flower", "description": " "}]}, "description is empty"),
        (2, {"place": "moon"}, "'moon' is not one of dunes, hills"),
        (2, {"present": ["dragon"]}, "'dragon' is not one of robot"),
    ],
)
def test_each_step_is_checked(step: int, change: dict[str, Any], says: str) -> None:
    _, scripted = made([*ALL[:step], {**ALL[step], **change}, *ALL[step:]])
    assert says in scripted.asked[step + 1][0][-1].text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"cast": [{**FIRST["shots"][0]["cast"][0], "look": "hat"}]}, "has no look 'hat'"),
        ({"cast": [{**FIRST["shots"][0]["cast"][0], "holds": "sword"}]}, "prop 'sword'"),
        ({"cast": [FIRST["shots"][0]["cast"][0]] * 2}, "each once"),
        ({"lines": [{"who": "dragon", "line": "Roar.", "how": "", "on": True}]}, "'dragon' is not one of robot"),
        ({"cast": [{**FIRST["shots"][0]["cast"][0], "who": "robot"}], "props": ["hat"]}, "prop 'hat'"),
    ],
)
def test_each_shot_is_checked(change: dict[str, Any], says: str) -> None:
    bad = {"shots": [{**FIRST["shots"][0], **change}]}
    _, scripted = made([*ALL[:3], bad, *ALL[3:]])
    assert says in scripted.asked[4][0][-1].text


def test_wishes_are_kept() -> None:
    replies = [OUTLINE, CAST, ALL[2], shots("a", "b", count=2), ALL[4], shots("c", "d", count=2)]
    board, scripted = made(replies, shots=4, length=30, size="9:16", style="ink", title="Snow")
    assert (board.size, board.style, board.title) == ("9:16", "ink", "Snow")
    assert resolve(board).frames == 30 * 24
    assert sum(len(s.shots) for s in board.scenes) == 4
    assert "exactly 2 shots" in scripted.asked[3][0][-1].text


def test_long_stories_are_asked_in_parts() -> None:
    story = " ".join(f"The robot walked {n} miles." for n in range(130))
    outlines = [
        {"title": "Miles", "scenes": [{"id": "a", "summary": "It walks.", "first": 1, "last": 120}]},
        {"title": "Miles", "scenes": [{"id": "b", "summary": "It walks on.", "first": 121, "last": 130}]},
    ]
    empty = {"characters": [], "props": [], "places": []}
    replies = [*outlines, CAST, empty, ALL[2], FIRST, sheet("dunes", "clear", "cut"), SECOND]
    scripted = Scripted(replies)
    board = plan(story, planner=scripted, tell=lambda s: None)
    assert [s.id for s in board.scenes] == ["a", "b"]
    assert "known already" in scripted.asked[3][0][-1].text


def test_a_busy_service_is_asked_again() -> None:
    board, scripted = made([Unavailable("busy"), *ALL])
    assert len(scripted.asked) == 7
    assert len(board.scenes) == 2
    with pytest.raises(PlannerError, match="did not answer for the outline: busy"):
        made([Unavailable("busy")] * 9)


def test_answers_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(ALL), "utf-8")
    said: list[str] = []
    board = plan(STORY, planner=f"scripted:{path}", tell=said.append)
    assert len(board.scenes) == 2
    assert said[0].endswith("reads the story.")
    path.write_text("{}", "utf-8")
    with pytest.raises(InputError, match="no list"):
        plan(STORY, planner=f"scripted:{path}", tell=said.append)


def test_schemas_are_strict() -> None:
    """OpenAI's strict mode: every field required, none added, no open mappings."""

    def check(schema: dict[str, Any]) -> None:
        if schema.get("type") == "object":
            assert schema.get("additionalProperties") is False
            assert sorted(schema["required"]) == sorted(schema["properties"])
        for value in schema.values():
            for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
                if isinstance(inner, dict):
                    check(inner)

    models = [m for m in vars(answers).values() if isinstance(m, type) and issubclass(m, BaseModel)]
    for model in models:
        if model is not BaseModel and model is not answers.Answer:
            schema = model.model_json_schema()
            check(schema)
            for definition in schema.get("$defs", {}).values():
                check(definition)
            assert "default" not in json.dumps(schema)


def test_prompts_name_what_they_need() -> None:
    import jinja2.exceptions
    from jinja2 import Environment, meta

    for path in root("prompts").iterdir():
        if path.name.endswith(".j2"):
            names = meta.find_undeclared_variables(Environment(autoescape=False).parse(path.read_text("utf-8")))
            if names:
                with pytest.raises(jinja2.exceptions.UndefinedError):
                    render(path.name)


def test_sentences_are_numbered_in_any_language() -> None:
    assert number("Er kam. „Wer da?“ rief er. Es war Nacht.").sentences[0] == "Er kam."
    assert len(number("狐は森へ行った。夜だった。雨が降った。").sentences) == 3
    assert number("One line").sentences == ("One line",)
