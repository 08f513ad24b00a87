"""langchain:PROVIDER:MODEL: any chat model that LangChain knows, with structured output."""

from collections.abc import Sequence
from typing import Any, TypeVar

from langchain.chat_models import init_chat_model
from pydantic import BaseModel, ValidationError

from storyforge.errors import PlannerError
from storyforge.planner.asking import Unavailable, Unusable, mistakes_of, parse
from storyforge.planner.choice import Message

M = TypeVar("M", bound=BaseModel)

TIMEOUT = 180.0  # seconds for one answer
_PASSING = ("Timeout", "Connection", "RateLimit", "Overloaded", "ServiceUnavailable", "InternalServer")


class LangChain:
    """Completes through `init_chat_model(...).with_structured_output(...)`."""

    def __init__(self, provider: str, model: str, timeout: float = TIMEOUT) -> None:
        self.name = f"langchain:{provider}:{model}"
        try:
            self._chat = init_chat_model(model, model_provider=provider, timeout=timeout, max_retries=0)
        except ImportError as error:
            raise PlannerError(
                f"{self.name} needs LangChain's package for {provider}: run pip install langchain-{provider}."
            ) from error
        except Exception as error:  # each provider has its own for a missing key or an unknown name
            raise PlannerError(f"{self.name} cannot be used: {_line(error)}.") from error

    def __call__(self, messages: Sequence[Message], model: type[M], /) -> M:
        """One answer; Unavailable when another try may help, Unusable when the model should correct itself."""
        structured = self._chat.with_structured_output(model, method="json_schema", include_raw=True)
        try:
            reply = structured.invoke([(m.role, m.text) for m in messages])
        except (PlannerError, Unavailable):
            raise
        except ValidationError as error:
            raise Unusable("", mistakes_of(error)) from error
        except Exception as error:  # providers raise their own: told apart by status and name
            raise self._classified(error) from error
        return self._read(reply, model)

    def _classified(self, error: Exception) -> Exception:
        status = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", 0)
        name = type(error).__name__
        if name == "LengthFinishReasonError":
            return Unusable("", ["the answer was cut off before its end: write less"])
        if "ContentFilter" in name or "Refusal" in name:
            return PlannerError(f"{self.name} refuses to plan this story: {_line(error)}.")
        if status in (408, 409, 429) or (status or 0) >= 500 or any(part in name for part in _PASSING):
            return Unavailable(f"status {status}, {_line(error)}" if status else f"{name}, {_line(error)}")
        return PlannerError(f"{self.name} refused the request: {_line(error)}.")

    def _read(self, reply: Any, model: type[M]) -> M:
        raw, parsed = reply.get("raw"), reply.get("parsed")
        refusal = getattr(raw, "additional_kwargs", {}).get("refusal")
        if refusal:
            raise PlannerError(f"{self.name} refuses to plan this story: {refusal}.")
        if isinstance(parsed, model):
            return parsed
        meta = getattr(raw, "response_metadata", {})
        text = raw.content if raw is not None and isinstance(raw.content, str) else ""
        if meta.get("finish_reason") == "length" or meta.get("stop_reason") == "max_tokens":
            raise Unusable(text[:2000], ["the answer was cut off before its end: write less"])
        if not text.strip():
            raise Unusable("", ["the answer was empty"])
        return parse(text, model)


def _line(error: Exception) -> str:
    return (" ".join(str(error).split())[:200] or type(error).__name__).rstrip(".")
