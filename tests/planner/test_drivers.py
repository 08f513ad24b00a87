"""openai: and langchain: against a local server of the protocol: good, malformed, cut off, refused, slow and busy."""

import json
from pathlib import Path
from typing import Any

import pytest
from service import ALL, OUTLINE, STORY, Open, Service, completion, serving, slow

from storyforge.errors import PlannerError
from storyforge.planner import plan
from storyforge.storyboard import Storyboard

IMPATIENT = 1.0  # seconds for one answer


def film(opened: Open, replies: list[Any], folder: Path | None = None) -> tuple[Storyboard, Service]:
    with serving(replies) as service:
        return plan(STORY, planner=opened(service), folder=folder, tell=lambda s: None), service


def test_good_answers(opened: Open) -> None:
    board, service = film(opened, ALL)
    assert board.title == "The Robot's Flower"
    assert len(service.asked) == 6
    assert all(body["response_format"]["json_schema"]["strict"] for body in service.asked)
    assert service.asked[0]["model"] == "fake"
    assert service.asked[0]["messages"][0]["role"] == "system"


def test_malformed_answers_go_back(opened: Open) -> None:
    lame = json.dumps(ALL[0])[:-30]
    board, service = film(opened, [lame, *ALL])
    assert len(service.asked) == 7
    assert "cannot be used" in service.asked[1]["messages"][-1]["content"]
    assert board.scenes
    with pytest.raises(PlannerError, match="could not plan the outline"):
        film(opened, ["{}", "no json at all", "[]"])


def test_an_answer_that_is_cut_off_goes_back(opened: Open) -> None:
    board, service = film(opened, [completion(json.dumps(ALL[0])[:40], finish="length"), *ALL])
    assert "cut off" in service.asked[1]["messages"][-1]["content"]
    assert board.scenes


def test_a_refusal_is_one_sentence(opened: Open, tmp_path: Path) -> None:
    with pytest.raises(PlannerError, match=r"refuses.*I cannot help with that.*offline"):
        film(opened, [ALL[0], completion(None, refusal="I cannot help with that.")], tmp_path)
    assert list(tmp_path.glob("outline-*.json"))


def test_busy_and_slow_services_are_asked_again(opened: Open) -> None:
    board, service = film(opened, [429, *ALL])
    assert len(service.asked) == 7
    assert board.scenes
    with serving([slow, OUTLINE, 503]) as service:
        board = plan(STORY, planner=opened(service, IMPATIENT), tell=lambda s: None)
        assert len(service.asked) >= 8
    assert board.scenes


def test_a_service_that_stays_busy_is_one_sentence(opened: Open, tmp_path: Path) -> None:
    with pytest.raises(PlannerError, match="did not answer for the cast and places: status 429") as caught:
        film(opened, [ALL[0], 429, 429, 429, 429, 429], tmp_path)
    assert "secret-key" not in str(caught.value)
    assert "the same command goes on" in str(caught.value)
    board, service = film(opened, ALL[1:], tmp_path)
    assert len(service.asked) == 5
    assert board.scenes


def test_a_wrong_key_is_not_tried_again(opened: Open) -> None:
    with serving([401, 401, 401, 401]) as service:
        with pytest.raises(PlannerError, match="refused the request"):
            plan(STORY, planner=opened(service), tell=lambda s: None)
        assert len(service.asked) == 1


def test_a_server_without_schemas_gets_them_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    from storyforge.planner.openai_driver import OpenAI

    no_schema = (400, {"error": {"message": "response_format json_schema is not supported"}})
    fenced = "Sure!\n```json\n" + json.dumps(ALL[0])[:-1] + ",}\n```"  # a fence and a trailing comma
    with serving([no_schema, fenced, *ALL[1:]]) as service:
        monkeypatch.setenv("OPENAI_BASE_URL", service.url)
        board = plan(STORY, planner=OpenAI("fake", timeout=10.0), tell=lambda s: None)
    assert board.scenes
    assert "response_format" not in service.asked[2]
    assert "JSON object of this schema" in service.asked[2]["messages"][-1]["content"]


def test_no_key_and_no_server_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PlannerError, match=r"openai:gpt needs a key: set OPENAI_API_KEY"):
        plan(STORY, planner="openai:gpt", tell=lambda s: None)
    with pytest.raises(PlannerError, match="langchain:nosuch:gpt"):
        plan(STORY, planner="langchain:nosuch:gpt", tell=lambda s: None)


def test_no_server_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(PlannerError, match="did not answer for the outline"):
        plan(STORY, planner="openai:gpt", tell=lambda s: None)
