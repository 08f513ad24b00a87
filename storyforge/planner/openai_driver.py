"""openai:MODEL: the openai SDK with structured output; OPENAI_BASE_URL makes it any server of that protocol."""

import json
import os
from collections.abc import Sequence
from typing import Any, TypeVar

import openai
from pydantic import BaseModel

from storyforge.errors import PlannerError
from storyforge.planner.asking import Unavailable, Unusable, parse
from storyforge.planner.choice import Message

M = TypeVar("M", bound=BaseModel)

TIMEOUT = 180.0  # seconds for one answer


class OpenAI:
    """Completes with chat completions and a strict JSON schema; servers without schemas get it in words."""

    def __init__(self, model: str, timeout: float = TIMEOUT) -> None:
        self.model, self.name = model, f"openai:{model}"
        local = os.environ.get("OPENAI_BASE_URL")
        if not os.environ.get("OPENAI_API_KEY") and not local:
            raise PlannerError(
                f"{self.name} needs a key: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, "
                "or use --planner offline."
            )
        key = os.environ.get("OPENAI_API_KEY") or "none"
        self._client = openai.OpenAI(api_key=key, timeout=timeout, max_retries=0)
        self._schemas = True

    def __call__(self, messages: Sequence[Message], model: type[M], /) -> M:
        """One answer; Unavailable when another try may help, Unusable when the model should correct itself."""
        try:
            reply = self._create(messages, model)
        except openai.BadRequestError as error:
            about_schema = any(word in str(error) for word in ("response_format", "schema"))
            if not self._schemas or not about_schema:
                raise PlannerError(f"{self.name} refused the request: {_reason(error)}.") from error
            self._schemas = False  # an older server: say it in words
            return self(messages, model)
        except (openai.APITimeoutError, openai.APIConnectionError) as error:
            raise Unavailable(f"{type(error).__name__} at {self._client.base_url}") from error
        except openai.APIStatusError as error:
            if error.status_code in (408, 409, 429) or error.status_code >= 500:
                raise Unavailable(f"status {error.status_code}, {_reason(error)}") from error
            raise PlannerError(
                f"{self.name} refused the request: status {error.status_code}, {_reason(error)}."
            ) from error
        except (openai.APIError, json.JSONDecodeError) as error:
            raise Unavailable(f"an answer that is not of the protocol ({error})") from error
        return self._read(reply, model)

    def _create(self, messages: Sequence[Message], model: type[M]) -> Any:
        talk: list[Any] = [{"role": m.role, "content": m.text} for m in messages]
        schema = model.model_json_schema()
        if not self._schemas:
            talk[-1]["content"] += f"\n\nAnswer with one JSON object of this schema:\n{json.dumps(schema)}"
            return self._client.chat.completions.create(model=self.model, messages=talk)
        wanted: Any = {"type": "json_schema", "json_schema": {"name": model.__name__, "strict": True, "schema": schema}}
        return self._client.chat.completions.create(model=self.model, messages=talk, response_format=wanted)

    def _read(self, reply: Any, model: type[M]) -> M:
        choices = getattr(reply, "choices", None)
        if not choices:
            raise Unavailable("an answer without choices")
        choice = choices[0]
        if getattr(choice.message, "refusal", None) or choice.finish_reason == "content_filter":
            said = choice.message.refusal or "its content filter"
            raise PlannerError(f"{self.name} refuses to plan this story: {said}.")
        text = choice.message.content or ""
        if choice.finish_reason == "length":
            raise Unusable(text[:2000], ["the answer was cut off before its end: write less"])
        if not text.strip():
            raise Unusable("", ["the answer was empty"])
        return parse(text, model)


def _reason(error: openai.APIStatusError) -> str:
    body = error.body
    if isinstance(body, dict):
        inner = body.get("error", body)
        message = inner.get("message") if isinstance(inner, dict) else inner
        if message:
            return " ".join(str(message).split())[:200].rstrip(".")
    return " ".join(str(error.message).split())[:200].rstrip(".")
