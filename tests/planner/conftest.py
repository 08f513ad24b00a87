"""Stories to plan, and what the planner makes of each."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import stamina
from service import Open, Service

from storyforge.planner import Complete, plan
from storyforge.storyboard import Shot, Storyboard

STORIES = Path(__file__).parent / "stories"
FOX = Path(__file__).parents[2] / "storyboards" / "fox-and-lantern.txt"


@pytest.fixture(autouse=True)
def impatient() -> Iterator[None]:
    """Retries without waiting, three at most."""
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@cache
def _planned(name: str) -> Storyboard:
    path = FOX if name == "fox-and-lantern" else STORIES / f"{name}.txt"
    return plan(path.read_text("utf-8"), planner="offline", tell=lambda sentence: None)


@pytest.fixture
def planned() -> Callable[[str], Storyboard]:
    """The offline plan of a story in stories/, by name."""
    return _planned


@pytest.fixture
def shot_of() -> Callable[[Storyboard, str], Shot]:
    """The one shot whose words hold a text."""

    def find(board: Storyboard, text: str) -> Shot:
        shots = [shot for scene in board.scenes for shot in scene.shots]
        words = [(s, f"{s.narration or ''} {' '.join(x.line for x in s.dialogue)} {s.action or ''}") for s in shots]
        found = [shot for shot, said in words if text in said]
        assert len(found) == 1, f"{text!r} is in {len(found)} shots"
        return found[0]

    return find


@pytest.fixture(params=["openai", "langchain"])
def opened(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Open:
    """A driver of each kind that speaks to a service."""

    def open_openai(service: Service, timeout: float = 10.0) -> Complete:
        from storyforge.planner.openai_driver import OpenAI

        monkeypatch.setenv("OPENAI_BASE_URL", service.url)
        return OpenAI("fake", timeout=timeout)

    def open_langchain(service: Service, timeout: float = 10.0) -> Complete:
        from storyforge.planner.langchain_driver import LangChain

        monkeypatch.setenv("OPENAI_BASE_URL", service.url)
        monkeypatch.setenv("OPENAI_API_BASE", service.url)
        monkeypatch.setenv("OPENAI_API_KEY", "secret-key")
        return LangChain("openai", "fake", timeout=timeout)

    return open_openai if request.param == "openai" else open_langchain
