"""Readers: the models of a renderer that are told prompts in words, what each is told, and in how many tokens."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from storyforge.backends import checkpoints
from storyforge.backends.base import CastRequest, LevelRequest
from storyforge.backends.models import DiffusersProfile, Network
from storyforge.backends.profile import ToonProfile, located

What = Literal["sheet", "panel", "look", "keyframe", "keyframes", "clip", "windows", "refine"]
"""What a call makes: a cast sheet; a panel; tokens of a picture that panels look at; a keyframe; several in one clip;
frames, of one prompt or in windows that each hear their own; finished frames once more."""


@dataclass(frozen=True)
class Count:
    """A text as one tokenizer has it.

    tokens: with those that mark its ends; limit: the most that the model is given, None where nobody says; cut: the end
    of the text, which it is not given.
    """

    tokenizer: str
    tokens: int
    limit: int | None = None
    cut: str = ""


@dataclass(frozen=True)
class Reader:
    """One pipeline of a renderer."""

    profile: DiffusersProfile
    network: Network

    @property
    def lacks(self) -> str:
        """What keeps tokens from being counted here, with the next step; "" when nothing does."""
        name = self.network.checkpoint
        if located(name, self.profile, self.network) is None:
            fetch = f"{checkpoints.fetch(name, self.network.revision)} --include 'tokenizer*/*'"
            return f"tokens are counted where the checkpoint {name} is; `{fetch}` fetches what that needs"
        return ""

    def counts(self, text: str, options: Mapping[str, Any] | None = None) -> tuple[Count, ...]:
        """The text as each of its tokenizers has it; loads no weights. Raises RenderError for one that is damaged.

        options: further arguments of the call.
        """
        if self.lacks or not text:
            return ()
        from storyforge.backends.diffusers.tokens import counts

        return counts(self.profile, self.network, text, options or {})


@dataclass(frozen=True)
class Telling:
    """What one call of a pipeline, or several alike, are told to make frames [start, stop).

    texts: by the argument's name, such as negative_prompt. options: the call's further arguments, as far as the profile
    and the storyboard set them.
    """

    reader: Reader
    what: What
    start: int
    stop: int
    texts: Mapping[str, str]
    options: Mapping[str, Any]
    calls: int = 1

    def counts(self, name: str) -> tuple[Count, ...]:
        """One of its texts in the tokens of those who read it: prompt_2 is the second encoder's own prompt."""
        own = {argument: f"tokenizer{argument[-2:]}" for argument in self.texts if argument[-2:-1] == "_"}
        every = self.reader.counts(self.texts[name], self.options)
        if name in own:
            return tuple(count for count in every if count.tokenizer == own[name])
        others = {tokenizer for argument, tokenizer in own.items() if argument[:-2] == name}
        return tuple(count for count in every if count.tokenizer not in others)


def tellings(
    profile: ToonProfile | DiffusersProfile, request: LevelRequest, known: Collection[int]
) -> tuple[int, list[Telling]]:
    """The rows that a level has, and what each call that makes those which are not known is told; nothing is loaded.

    In frames of the request's span, or numbers of its panels. None for toon, which binds each entity to its own words.
    """
    if isinstance(profile, ToonProfile):
        return len(request.positions), []
    from storyforge.backends.diffusers import words

    return words.rows_made(profile, request), list(words.tellings(profile, request, known))


def sheet_tellings(profile: ToonProfile | DiffusersProfile, requests: Sequence[CastRequest]) -> list[Telling]:
    """What cast sheets are made from, one for each entity that has no pictures; none for toon."""
    if isinstance(profile, ToonProfile):
        return []
    from storyforge.backends.diffusers import words

    return words.sheets(profile, requests)
