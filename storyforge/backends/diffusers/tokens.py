"""Tokens: how long a prompt is to each of a checkpoint's text encoders, and what of it is cut; no weights are loaded.

Counted is the text itself: what a pipeline wraps around it (a chat template) is neither counted nor part of the limit.
"""

from collections.abc import Mapping
from functools import lru_cache
from inspect import signature
from pathlib import Path
from types import MappingProxyType
from typing import Any

from storyforge.backends.models import DiffusersProfile, Network
from storyforge.backends.profile import located
from storyforge.backends.readers import Count
from storyforge.errors import RenderError

UNSAID = 1_000_000  # tokenizers that know no limit say a larger one


def counts(
    profile: DiffusersProfile, network: Network, text: str, options: Mapping[str, Any] = MappingProxyType({})
) -> tuple[Count, ...]:
    """The text as each tokenizer has it, in the order of their names: tokenizer, tokenizer_2 ...

    options: what a storyboard adds to the profile's call.
    """
    asked = _asked(network, options)
    return tuple(
        count(name, _tokenizer(str(folder), profile.name), text, asked)
        for name, folder in sorted(folders(profile, network).items())
    )


def folders(profile: DiffusersProfile, network: Network) -> dict[str, Path]:
    """Where each tokenizer of a checkpoint lies; one that the profile replaces, where it says."""
    checkpoint = located(network.checkpoint, profile, network)
    found = {path.name: path for path in checkpoint.glob("tokenizer*") if path.is_dir()} if checkpoint else {}
    for name, part in network.given.items():
        if name.startswith("tokenizer") and part.checkpoint and (at := located(part.checkpoint, profile, network)):
            found[name] = at / part.subfolder if part.subfolder else at
    return {name: at for name, at in found.items() if name not in network.left_out}


def count(name: str, tokenizer: Any, text: str, asked: int | None = None) -> Count:
    """A text as a tokenizer of transformers has it; asked: tokens that the pipeline's call allows, fewer or more."""
    tokens = len(tokenizer(text, truncation=False, verbose=False)["input_ids"])
    own = int(tokenizer.model_max_length)
    limit = min([most for most in (own if own < UNSAID else None, asked) if most], default=None)
    if limit is None or tokens <= limit:
        return Count(name, tokens, limit)
    return Count(name, tokens, limit, _cut(tokenizer, text, max(0, limit - tokenizer.num_special_tokens_to_add())))


def _cut(tokenizer: Any, text: str, kept: int) -> str:
    """The text from the token after so many on, as it is written where the tokenizer knows."""
    if tokenizer.is_fast:
        told = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        return text[told["offset_mapping"][kept][0] :].strip()
    rest = tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"][kept:]
    return str(tokenizer.decode(rest)).strip()


def _asked(network: Network, options: Mapping[str, Any]) -> int | None:
    """Tokens that the call allows: by the storyboard, else by the profile, else by the pipeline's own default."""
    given = options.get("max_sequence_length", network.call.get("max_sequence_length"))
    if given is None:
        import diffusers

        pipeline = getattr(diffusers, network.pipeline, None)
        known = signature(pipeline.__call__).parameters if isinstance(pipeline, type) else {}
        given = known["max_sequence_length"].default if "max_sequence_length" in known else None
    return given if isinstance(given, int) and not isinstance(given, bool) else None


@lru_cache(maxsize=8)
def _tokenizer(folder: str, renderer: str) -> Any:
    from transformers import AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()  # advice about what is no matter here
    try:
        return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # of files that are damaged, or of packages that it lacks: it raises what it likes
        said = " ".join(str(error).split())[:200]
        raise RenderError(f"renderer {renderer}: the tokenizer in {folder} does not load: {said}") from error
