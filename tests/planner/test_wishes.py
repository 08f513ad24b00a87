"""--length, --shots, --size, --style and --title are kept by every planner: offline, scripted, openai, langchain."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pytest
from pydantic import BaseModel
from service import STORY, Open, obedient, serving

from storyforge.planner import Message, plan
from storyforge.storyboard import Storyboard, resolve

M = TypeVar("M", bound=BaseModel)
Plan = Callable[..., tuple[Storyboard, list[str]]]


class Obedient:
    """The scripted planner's answers, written when they are asked for."""

    name = "obedient"

    def __call__(self, messages: Sequence[Message], model: type[M], /) -> M:
        return model.model_validate(obedient(messages[1].text, model.__name__))


def answer(body: dict[str, Any]) -> dict[str, Any]:
    return obedient(body["messages"][1]["content"], body["response_format"]["json_schema"]["name"])


@pytest.fixture(params=["offline", "scripted"])
def planned(request: pytest.FixtureRequest) -> Plan:
    """Plans with a planner that needs no service: the board, and what was said."""

    def make(story: str = STORY, **wishes: Any) -> tuple[Storyboard, list[str]]:
        said: list[str] = []
        planner = "offline" if request.param == "offline" else Obedient()
        return plan(story, planner=planner, tell=said.append, **wishes), said

    return make


@pytest.fixture
def served(opened: Open) -> Plan:
    """Plans with a driver that speaks to a service on this machine."""

    def make(story: str = STORY, **wishes: Any) -> tuple[Storyboard, list[str]]:
        said: list[str] = []
        with serving([], answer) as service:
            return plan(story, planner=opened(service), tell=said.append, **wishes), said

    return make


def keeps(make: Plan) -> None:
    """Every wish by itself, then all of them."""
    count = {shots: len(resolve(make(shots=shots)[0]).shots) for shots in (1, 2, 5, 11)}
    assert all(count[shots] == shots for shots in count), count
    for length in (4, 30, 97.5, 300):
        board, said = make(length=length)
        assert resolve(board).frames == round(length * 24), length
        assert not any("lasts" in sentence for sentence in said)
    assert make(size="9:16")[0].size == "9:16"
    assert make(style="ink and wash")[0].style == "ink and wash"
    assert make(title="Snow")[0].title == "Snow"
    board, _ = make(length=20, shots=6, size="1:1", style="ink", title="Snow")
    resolved = resolve(board)
    assert (len(resolved.shots), resolved.frames) == (6, 480)
    assert (board.size, board.style, board.title) == ("1:1", "ink", "Snow")


def test_planners_keep_every_wish(planned: Plan) -> None:
    keeps(planned)


@pytest.mark.slow
def test_planners_at_a_service_keep_every_wish(served: Plan) -> None:
    keeps(served)


def test_a_long_film_is_asked_for_in_more_shots() -> None:
    asked: list[str] = []

    class Listening(Obedient):
        def __call__(self, messages: Sequence[Message], model: type[M], /) -> M:
            asked.append(messages[1].text)
            return super().__call__(messages, model)

    board = plan(STORY, planner=Listening(), length=120, tell=lambda s: None)
    lengths = [shot.frames / 24 for shot in resolve(board).shots]
    assert max(lengths) < 12, "nobody watches one shot for a minute"
    assert any("The scene lasts" in question for question in asked)


def test_words_that_are_too_many_are_told() -> None:
    said: list[str] = []
    board = plan(STORY, planner=Obedient(), length=2, tell=said.append)
    assert resolve(board).frames == 48
    assert any(sentence.startswith("2 s are short for the words") for sentence in said)


def test_a_length_that_no_film_of_these_shots_has_is_told() -> None:
    said: list[str] = []
    board = plan(STORY, planner="offline", length=1, shots=40, tell=said.append)
    frames = resolve(board).frames
    assert (frames != 24) == any("and not 1 s" in sentence for sentence in said)
    assert frames != 24, "40 shots do not fit into 24 frames"


def test_no_more_scenes_than_shots_in_a_story_of_many_parts() -> None:
    """Each part of a long story is outlined by itself, so the parts' scenes can be too many together."""

    class Parts(Obedient):
        def __call__(self, messages: Sequence[Message], model: type[M], /) -> M:
            question = messages[1].text
            if model.__name__ != "Outline":
                return model.model_validate(obedient(question, model.__name__))
            first, last = (1, 120) if "part 1 of 2" in question else (121, 130)
            name = "a" if first == 1 else "b"
            scene = {"id": name, "summary": "It walks.", "first": first, "last": last}
            return model.model_validate({"title": "Miles", "scenes": [scene]})

    story = " ".join(f"The robot walked {n} miles." for n in range(130))
    assert len(resolve(plan(story, planner=Parts(), shots=1, tell=lambda s: None)).shots) == 1
