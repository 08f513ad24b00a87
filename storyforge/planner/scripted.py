"""The shipped test double: a planner whose answers are written beforehand."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from storyforge.errors import InputError, PlannerError
from storyforge.planner.choice import Message

M = TypeVar("M", bound=BaseModel)


class Scripted:
    """Answers in order from a list of models, mappings or JSON texts; an exception in the list is raised."""

    name = "scripted"

    def __init__(self, answers: Iterable[Any]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[tuple[Message, ...], type[BaseModel]]] = []

    @classmethod
    def from_file(cls, path: Path) -> "Scripted":
        """Answers from a JSON file that holds a list."""
        try:
            answers = json.loads(path.read_text("utf-8"))
        except FileNotFoundError as error:
            raise InputError(f"There is no file {path}: scripted:FILE reads a JSON list of answers.") from error
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"{path} is not JSON ({error}): it holds a list of answers, one per step.") from error
        if not isinstance(answers, list):
            raise InputError(f"{path} holds no list: write a JSON list of answers, one per step.")
        return cls(answers)

    def __call__(self, messages: Sequence[Message], model: type[M], /) -> M:
        """The next answer, validated as the model asked for."""
        self.asked.append((tuple(messages), model))
        if not self.answers:
            raise PlannerError(f"The scripted planner has no answer left for {model.__name__}: add one to its list.")
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, model):
            return answer
        return model.model_validate_json(answer) if isinstance(answer, str) else model.model_validate(answer)
