"""A prompt for every window: what a pipeline makes of each text is caught at its denoiser and put in where it holds.

Every family encodes prompts in its own way and hands them on in its own arguments; what they have in common is that
the denoiser's first call is given the text. In the long call, the rows of that argument that are the base prompt's are
replaced, so that guidance in two passes or in the batch, and text repeated for every frame, are one rule. What is to be
avoided lies beside the prompt where guidance is in the batch; where it is a pass of its own, it is what the pipeline
makes of those words as a prompt.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from inspect import signature
from typing import Any, NamedTuple

import torch
from torch import Tensor

from storyforge.backends.diffusers import mounting, networks
from storyforge.backends.diffusers.families import Family
from storyforge.backends.diffusers.windows import majority
from storyforge.clock import Span
from storyforge.errors import RenderError


@dataclass(frozen=True)
class Text:
    """What a denoiser is told of a prompt: its text arguments, and where each different row of the first one begins.

    away: what the base prompt and this one avoid, where those differ and guidance is in a pass of its own.
    """

    arguments: Mapping[str, Tensor]
    rows: tuple[int, ...]
    away: "tuple[Text, Text] | None" = None


class Said(NamedTuple):
    """The words that hold for rows [start, stop), and those to be avoided there; None: what the call avoids."""

    start: int
    stop: int
    text: str
    avoid: str | None = None


@dataclass(frozen=True)
class Prompt:
    """A text that holds for rows [start, stop); None is the base prompt of the call. One of no rows was not heard."""

    start: int
    stop: int
    text: Text | None


class _Heard(BaseException):
    """Ends a pipeline's call once its denoiser has been told; no pipeline catches it."""

    def __init__(self, call: dict[str, Any]) -> None:
        self.call = call


class _Listener(mounting.Hook):
    def answer(self, module: Any, *args: Any, **kwargs: Any) -> Any:
        raise _Heard(self.named(*args, **kwargs))


def prompts_of(
    pipe: Any,
    arguments: Mapping[str, Any],
    prompts: Sequence[Said],
    denoisers: Mapping[str, tuple[Any, Family]],
    written: Sequence[Span] | None = None,
) -> tuple[Prompt, ...]:
    """Each of the prompts with what the pipeline makes of its words.

    The pipeline is called once for all words but the base ones (those of `arguments`), up to its first step.
    written: what each window writes; words that none of them hears are left out. Without it all are heard.
    """
    if "prompt" not in signature(type(pipe).__call__).parameters:
        return ()  # it is told nothing in words
    usual = avoided(pipe, arguments.get("negative_prompt"))
    base = arguments.get("prompt"), usual
    wanted = [(one.text, usual if one.avoid is None else avoided(pipe, one.avoid)) for one in prompts]
    rows = [(one.start, one.stop, key) for one, key in zip(prompts, wanted, strict=True)]
    used = {*wanted} if written is None else {majority(rows, span, base) for span in written}

    @cache
    def hear(**words: str) -> Text:
        family, call = heard(pipe, {**arguments, **words}, denoisers)
        return told(call, family)

    known: dict[tuple[Any, str | None], Text | None] = {base: None}
    for text, avoid in wanted:
        if (text, avoid) not in known:
            known[text, avoid] = _made(hear, text, avoid, usual) if (text, avoid) in used else Text({}, ())
    return tuple(Prompt(one.start, one.stop, known[key]) for one, key in zip(prompts, wanted, strict=True))


def shortened(arguments: Mapping[str, Any], frames: int, count: Mapping[str, int]) -> dict[str, Any]:
    """The arguments of a call that is no longer than a clip, in which words are heard alike.

    Its films are cut, and what is said of single frames of it goes. count: the argument that says the length of a clip.
    """
    out = {name: _short(value, frames) for name, value in arguments.items() if name not in ("latents", "conditions")}
    out |= {name: min(out[name], most) for name, most in count.items() if out.get(name) is not None}
    placed = "controlnet_frame_indices"
    return out | ({placed: [*range(min(len(out[placed]), frames))]} if placed in out else {})


def _short(value: Any, frames: int) -> Any:
    """A film of so many frames at most: a list of pictures, or a tensor [batch, channels, frames, height, width]."""
    if isinstance(value, list) and len(value) > frames and all(hasattr(one, "resize") for one in value):
        return value[:frames]
    return value[:, :, :frames] if isinstance(value, Tensor) and value.ndim == 5 else value


def avoided(pipe: Any, said: str | None) -> str | None:
    """The words that a call avoids which is told so: where none are said the pipeline's own; None if it takes none."""
    taken = signature(type(pipe).__call__).parameters.get("negative_prompt")
    if taken is None:
        return None
    return said or (taken.default if isinstance(taken.default, str) else "")


def _made(hear: Callable[..., Text], text: str, avoid: str | None, usual: str | None) -> Text:
    """What the pipeline makes of other words than those of its call. usual: what that avoids."""
    if avoid is None or avoid == usual:
        return hear(prompt=text)
    made = hear(prompt=text, negative_prompt=avoid)
    if len(made.rows) > 1:  # guidance in the batch: it has just been heard
        return made
    return replace(made, away=(hear(prompt=usual or ""), hear(prompt=avoid)))


def heard(
    pipe: Any, arguments: Mapping[str, Any], denoisers: Mapping[str, tuple[Any, Family]]
) -> tuple[Family, dict[str, Any]]:
    """What the denoiser is told at the first step of a call that ends there; it draws and changes nothing."""
    own = {name: value.clone() if isinstance(value, Tensor) else value for name, value in arguments.items()}
    with ExitStack() as stack:
        stack.enter_context(_kept(arguments.get("generator")))
        stack.enter_context(torch.random.fork_rng(devices=[]))
        nets = {name: one for name, one in denoisers.items() if name != networks.CONTROL}
        for module, _ in nets.values():
            stack.enter_context(mounting.mounted(module, _Listener(module)))
        try:
            pipe(**own)
        except _Heard as caught:
            if hasattr(pipe, "maybe_free_model_hooks"):
                pipe.maybe_free_model_hooks()
            return next(iter(nets.values()))[1], caught.call
    raise RenderError(f"{type(pipe).__name__} did not call the denoiser that it has: windows cannot differ in it")


@contextmanager
def _kept(generator: Any) -> Iterator[None]:
    """Random generators as they were, afterwards."""
    every = generator if isinstance(generator, list) else [generator] if generator is not None else []
    states = [one.get_state() for one in every]
    try:
        yield
    finally:
        for one, state in zip(every, states, strict=True):
            one.set_state(state)


def told(call: Mapping[str, Any], family: Family) -> Text:
    """The text of one call of a denoiser."""
    found = {name: _get(call, name) for name in family.text}
    main = found[family.text[0]]
    rows: list[int] = []
    for row in range(len(main)):
        if not any(torch.equal(main[row], main[other]) for other in rows):
            rows.append(row)
    return Text({name: value for name, value in found.items() if isinstance(value, Tensor)}, tuple(rows))


def of(prompts: Sequence[Prompt], written: Span) -> Text | None:
    """The text that holds over most rows that a window writes; the base prompt holds where none is said."""
    texts = {id(prompt.text): prompt.text for prompt in prompts}
    rows = [(prompt.start, prompt.stop, id(prompt.text)) for prompt in prompts]
    return texts.get(majority(rows, written, id(None)))


def retold(call: Mapping[str, Any], base: Text, other: Text, family: Family) -> dict[str, Any]:
    """The call with the base prompt's text replaced by another's; rows that are not the base's (guidance) stay."""
    main = family.text[0]
    if not other.rows:
        raise RenderError(
            "co-denoising: the denoiser was given another number of rows than the profile counts, so that its windows "
            "hear other prompts: correct clip.ratio in the profile"
        )
    chosen = _chosen(_get(call, main), base, other, main)
    out = dict(call)
    if all(row is None for row in chosen):
        if other.away is None:
            return out
        avoid, instead = other.away
        if None in _chosen(_get(call, main), avoid, instead, main):
            raise RenderError(
                "co-denoising: this pipeline is told what to avoid in another way than its prompt, so that windows "
                "cannot avoid different things: give the shots of a flow the same `avoid`"
            )
        return retold(call, avoid, instead, family)
    for name in family.text:
        value, now, then = _get(call, name), base.arguments.get(name), other.arguments.get(name)
        if isinstance(value, Tensor) and now is not None and then is not None:
            _set(out, name, _replaced(value, now, then, chosen if len(value) == len(chosen) else None, base, other))
    return out


def _chosen(value: Tensor, base: Text, other: Text, name: str) -> list[int | None]:
    """For every row of the text its row in the other text, or None where it is not the base prompt's."""
    mine = base.arguments[name]
    if value.shape[1:] != mine.shape[1:]:
        return [None] * len(value)
    same = torch.stack([(value == mine[row]).flatten(1).all(1) for row in base.rows], 1).tolist()
    # Guidance puts the prompt behind what it leads away from: rows correspond from the end.
    shift = len(other.rows) - len(base.rows)
    return [other.rows[max(0, row.index(True) + shift)] if True in row else None for row in same]


def _replaced(
    value: Tensor, now: Tensor, then: Tensor, chosen: list[int | None] | None, base: Text, other: Text
) -> Tensor:
    if chosen is None:  # not one row a row of text: pooled text beside text for every frame, or positions
        if now.shape[0] != value.shape[0] or (not value.is_floating_point() and torch.equal(value, now)):
            return then
        rows = [next((at for at in range(len(now)) if torch.equal(row, now[at])), None) for row in value]
        return torch.stack([row if at is None else then[at] for row, at in zip(value, rows, strict=True)])
    if then.shape[1:] == value.shape[1:]:
        return torch.stack([row if at is None else then[at] for row, at in zip(value, chosen, strict=True)])
    if None in chosen:
        raise RenderError(
            "co-denoising: prompts of one call have different numbers of tokens, which this pipeline cannot mix: "
            "make them of equal length, or set guidance to 1"
        )
    return torch.stack([then[at] for at in chosen if at is not None])


def _get(call: Mapping[str, Any], name: str) -> Any:
    for key in name.split("."):
        call = (call or {}).get(key)  # type: ignore[assignment]  # the last one is a tensor
    return call


def _set(call: dict[str, Any], name: str, value: Tensor) -> None:
    first, _, rest = name.partition(".")
    call[first] = {**call[first], rest: value} if rest else value
