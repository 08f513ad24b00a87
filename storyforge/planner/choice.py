"""Which planner reads the story: offline, openai:MODEL, langchain:PROVIDER:MODEL, scripted:FILE, or auto."""

import os
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel

from storyforge.errors import InputError

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Message:
    """One message to a language model."""

    role: Literal["system", "user", "assistant"]
    text: str


class Complete(Protocol):
    """The planner's one seam: messages and the model of the answer in, the answer out."""

    def __call__(self, messages: Sequence[Message], model: type[M], /) -> M: ...


@dataclass(frozen=True)
class Choice:
    """A planner that was chosen: its name, how it completes (None: offline), and the sentence that says so."""

    name: str
    complete: Complete | None
    sentence: str


OFFLINE = "The offline planner reads the story: by rules, with no language model."


def choose(planner: str | Complete) -> Choice:
    """The planner of that name; `auto`: the environment's or the config's, else offline. A key alone spends nothing."""
    if callable(planner):
        name = getattr(planner, "name", type(planner).__name__.lower())
        return Choice(name, planner, f"The planner {name} reads the story.")
    name, source = planner.strip(), ""
    if name in ("", "auto"):
        name, source = named()
    if name in ("offline", "auto", ""):
        return Choice("offline", None, OFFLINE)
    opened = _open(name)
    return Choice(name, opened, f"{name} reads the story{source}.")


def named() -> tuple[str, str]:
    """The planner that the environment or the config names, and where it is named."""
    if os.environ.get("STORYFORGE_PLANNER", "").strip():
        return os.environ["STORYFORGE_PLANNER"].strip(), " (named in STORYFORGE_PLANNER)"
    path = config_path()
    if not path.is_file():
        return "offline", ""
    try:
        value = tomllib.loads(path.read_text("utf-8")).get("planner", "offline")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f'{path} is not TOML ({error}): write a line such as planner = "openai:MODEL".') from error
    if not isinstance(value, str):
        raise InputError(
            f'{path}: planner is {value!r}; write its name in quotation marks, such as planner = "offline".'
        )
    return value, f" (named in {path})"


def config_path() -> Path:
    """Where the user's configuration is: $XDG_CONFIG_HOME/storyforge/config.toml."""
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "storyforge" / "config.toml"


def _open(name: str) -> Complete:
    kind, _, rest = name.partition(":")
    openers: dict[str, Callable[[str], Complete]] = {"openai": _openai, "langchain": _langchain, "scripted": _scripted}
    if kind not in openers:
        raise InputError(
            f"There is no planner {name!r}: use offline, openai:MODEL, langchain:PROVIDER:MODEL or scripted:FILE."
        )
    return openers[kind](rest)


def _openai(model: str) -> Complete:
    if not model:
        raise InputError("The planner openai needs a model: write openai:MODEL.")
    from storyforge.planner.openai_driver import OpenAI

    return OpenAI(model)


def _langchain(rest: str) -> Complete:
    provider, _, model = rest.partition(":")
    if not provider or not model:
        raise InputError(f"The planner langchain:{rest} needs a provider and a model: write langchain:PROVIDER:MODEL.")
    from storyforge.planner.langchain_driver import LangChain

    return LangChain(provider, model)


def _scripted(path: str) -> Complete:
    from storyforge.planner.scripted import Scripted

    if not path:
        raise InputError("The planner scripted needs a file of answers: write scripted:ANSWERS.json.")
    return Scripted.from_file(Path(path))
