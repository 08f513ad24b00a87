"""Asks a language model until its answer can be used: waits out a busy service, sends mistakes back, keeps results."""

import json
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import jinja2
import stamina
from pydantic import BaseModel, ValidationError

from storyforge.cas import digest
from storyforge.errors import PlannerError
from storyforge.planner.choice import Complete, Message
from storyforge.resources import root

M = TypeVar("M", bound=BaseModel)

CORRECTIONS = 2  # times that mistakes go back
ATTEMPTS = 5  # at a service that is busy or silent


class Unavailable(Exception):  # noqa: N818  (a state of the service that may pass)
    """The service is busy, failed or did not answer in time: worth another try."""


class Unusable(Exception):  # noqa: N818  (an answer, not a fault)
    """An answer that is not what was asked for: its text and what is wrong with it."""

    def __init__(self, text: str, mistakes: Sequence[str]) -> None:
        self.text, self.mistakes = text, list(mistakes)
        super().__init__("; ".join(self.mistakes))


def render(name: str, **values: Any) -> str:
    """A prompt of prompts/ with its values; a missing one is an error."""
    loader = jinja2.FunctionLoader(lambda file: (root("prompts") / file).read_text("utf-8"))
    environment = jinja2.Environment(
        loader=loader, undefined=jinja2.StrictUndefined, keep_trailing_newline=False, autoescape=False
    )
    text = environment.get_template(name).render(**values)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def parse(text: str, model: type[M]) -> M:
    """An answer's text as the model; Unusable with every mistake when it is not that.

    Fences, words around the object and trailing commas are forgiven: small models write them, and a retry costs more.
    """
    start, stop = text.find("{"), text.rfind("}")
    body = text[start : stop + 1] if 0 <= start < stop else text
    for candidate in (body, re.sub(r",(\s*[}\]])", r"\1", body)):
        try:
            return model.model_validate_json(candidate)
        except ValidationError as error:
            mistakes = mistakes_of(error)
    raise Unusable(text, mistakes)


def mistakes_of(error: ValidationError) -> list[str]:
    """A validation error as sentences that a model can act on."""
    out = []
    for one in error.errors()[:12]:
        place = ".".join(str(part) for part in one["loc"]) or "the answer"
        given = "" if one["type"] in ("missing", "json_invalid") else f" (you wrote {str(one['input'])[:60]!r})"
        out.append(f"{place}: {one['msg']}{given}")
    return out


@dataclass
class Desk:
    """Where a plan by a language model is made: who answers, what is kept, who is told."""

    complete: Complete
    name: str
    folder: Path | None = None
    tell: Callable[[str], None] = lambda sentence: None
    patience: float = 20.0  # longest wait in seconds between two tries
    asked: list[str] = field(default_factory=list)

    def ask(
        self, step: str, messages: Sequence[Message], model: type[M], check: Callable[[M], list[str]] = lambda _: []
    ) -> M:
        """The answer of a step: the kept one, or a new one that passes `check`; PlannerError when none comes."""
        key = digest((self.name, step, model.model_json_schema(), [(m.role, m.text) for m in messages]))
        kept = self._kept(step, key, model)
        if kept is not None and not check(kept):
            return kept
        self.asked.append(step)
        answer = self._corrected(step, list(messages), model, check)
        self._keep(step, key, answer)
        return answer

    def _corrected(self, step: str, messages: list[Message], model: type[M], check: Callable[[M], list[str]]) -> M:
        mistakes: list[str] = []
        for _ in range(1 + CORRECTIONS):
            try:
                answer = self._patiently(step, messages, model)
                text, mistakes = answer.model_dump_json(), check(answer)
                if not mistakes:
                    return answer
            except Unusable as error:
                text, mistakes = error.text, error.mistakes
            except ValidationError as error:
                text, mistakes = "", mistakes_of(error)
            back = Message("user", render("mistakes.md.j2", mistakes=mistakes))
            messages = [*messages, *([Message("assistant", text)] if text.strip() else []), back]
        raise PlannerError(
            f"{self.name} could not plan the {step}: {mistakes[0]}, "
            f"also after {CORRECTIONS} corrections; {self._rest()}"
        )

    def _patiently(self, step: str, messages: Sequence[Message], model: type[M]) -> M:
        wait = min(1.0, self.patience)
        try:
            for attempt in stamina.retry_context(
                on=Unavailable,
                attempts=ATTEMPTS,
                timeout=None,
                wait_initial=wait,
                wait_max=self.patience,
                wait_jitter=wait,
            ):
                with attempt:
                    return self.complete(messages, model)
        except Unavailable as error:
            raise PlannerError(f"{self.name} did not answer for the {step}: {error}; {self._rest()}") from error
        except PlannerError as error:
            raise PlannerError(f"{str(error).rstrip('.')}; {self._rest()}") from error
        raise PlannerError(f"{self.name} was not asked for the {step}.")

    def _rest(self) -> str:
        kept = "what it had finished is kept, so the same command goes on from here" if self.folder else "try again"
        return f"{kept}, or use --planner offline."

    def _path(self, step: str, key: str) -> Path | None:
        name = re.sub(r"[^\w-]+", "-", step)[:60]
        return self.folder / f"{name}-{key[:24]}.json" if self.folder is not None else None

    def _kept(self, step: str, key: str, model: type[M]) -> M | None:
        path = self._path(step, key)
        if path is None or not path.is_file():
            return None
        try:
            return model.model_validate(json.loads(path.read_text("utf-8"))["answer"])
        except (ValueError, KeyError, TypeError):  # half a file, or one of another version: ask again
            return None

    def _keep(self, step: str, key: str, answer: BaseModel) -> None:
        path = self._path(step, key)
        if path is None:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {"step": step, "planner": self.name, "answer": answer.model_dump()}
        with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False, encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
        Path(file.name).replace(path)
