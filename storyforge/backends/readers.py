"""Readers: the models of a renderer that are told prompts in words, and how many tokens those are to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storyforge.backends.models import DiffusersProfile, Keyframes, Network, Refine
from storyforge.backends.profile import ToonProfile, located, networks


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
    """One pipeline of a renderer. role: video, keyframes or refine."""

    role: str
    profile: DiffusersProfile
    network: Network

    @property
    def call(self) -> Mapping[str, Any]:
        """What its profile always adds to the call."""
        return self.network.call

    @property
    def lacks(self) -> str:
        """What keeps tokens from being counted here, with the next step; "" when nothing does."""
        if located(self.network.checkpoint, self.profile) is None:
            name = self.network.checkpoint
            fetch = f"`hf download {name} --include 'tokenizer*/*'` fetches what that needs"
            return f"tokens are counted where the checkpoint {name} is; {fetch}"
        return ""

    def counts(self, text: str, options: Mapping[str, Any] | None = None) -> tuple[Count, ...]:
        """The text as each of its tokenizers has it; loads no weights. Raises RenderError for one that is damaged.

        options: what a storyboard adds to the call.
        """
        if self.lacks:
            return ()
        from storyforge.backends.diffusers.tokens import counts

        return counts(self.profile, self.network, text, options or {})


def readers(profile: ToonProfile | DiffusersProfile) -> tuple[Reader, ...]:
    """The pipelines of a renderer that read words; none for toon, which binds each entity to its own."""
    if isinstance(profile, ToonProfile):
        return ()
    roles = {Keyframes: "keyframes", Refine: "refine"}
    return tuple(Reader(roles.get(type(network), "video"), profile, network) for network in networks(profile))
