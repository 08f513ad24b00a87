"""What models are told, as lines for people and as values for programs."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storyforge.backends import Prompt, TimedPrompt
    from storyforge.production import Told

WIDE = 15  # columns before a text


def lines(told: "Told") -> Iterator[str]:
    """One shot: each of its prompts as the model reads it, then what is told beside words."""
    if not told.prompts:
        yield "  shows its source as it is; no model is told anything"
        return
    video = told.read("video")
    paced = f", {float(told.rate):g} a second" if video else ""
    for timed in told.prompts:
        blend = f", blended over {timed.ramp} frames" if timed.ramp else ""
        yield f"  frames {timed.start} to {timed.stop}{paced}{blend}"
        yield from _texts(told, "video", timed.prompt) if video else _entities(timed.prompt)
    if told.panel:
        yield f"  its panel, at frame {told.panel.start}, by {_network(told, 'keyframes')}"
        yield from _texts(told, "keyframes", told.panel.prompt)
    beside = {**(video.call if video else {}), **told.options}
    if video and beside:
        yield f"    {'options':<11}{', '.join(f'{name}: {value}' for name, value in beside.items())}"
    if video and told.clip is not None and len(told.prompts) > 1:
        hears = f"each clip of {told.clip} frames" if told.clip else "the whole shot is one call, which"
        yield f"    {'clips':<11}{hears} hears one prompt: the one that holds longest in it"
    yield from (f"    {'counts':<11}{said}" for said in dict.fromkeys(one.lacks for one in told.readers if one.lacks))


def _network(told: "Told", role: str) -> str:
    reader = told.read(role)
    return reader.network.checkpoint if reader else told.renderer


def _entities(prompt: "Prompt") -> Iterator[str]:
    """The scene, then each entity: a model that binds them reads these."""
    yield f"    scene      {prompt.scene}"
    for entity in prompt.entities:
        if entity.text:
            yield f"    {entity.kind:<10} {entity.key}: {entity.text}"
    yield f"    in one     {prompt.text}"
    if prompt.avoid:
        yield f"    avoid      {prompt.avoid}"


def _texts(told: "Told", role: str, prompt: "Prompt") -> Iterator[str]:
    """The prompt and what is to be avoided, each with its tokens."""
    for name, text in (("prompt", prompt.text), ("avoid", prompt.avoid)):
        if text:
            yield f"    {name:<11}{text}"
        for count in told.counts(role, text):
            most = f" of {count.limit}" if count.limit else ""
            cut = f'; cut: "{count.cut}"' if count.cut else ""
            yield f"{'':{WIDE}}{count.tokenizer}: {count.tokens}{most} tokens{cut}"


def values(told: "Told") -> list[dict[str, Any]]:
    """One shot's prompts, with what their readers make of them where there are any; its panel comes last."""
    out = [_value(told, timed, "video") for timed in told.prompts]
    return out + ([{"panel": True, **_value(told, told.panel, "keyframes")}] if told.panel else [])


def _value(told: "Told", timed: "TimedPrompt", role: str) -> dict[str, Any]:
    reader = told.read(role)
    if reader is None:
        return asdict(timed)
    prompt = timed.prompt
    tokens = {
        name: [asdict(count) for count in told.counts(role, text)]
        for name, text in (("prompt", prompt.text), ("avoid", prompt.avoid))
        if text
    }
    beside = {"options": {**reader.call, **told.options}, "rate": str(told.rate)}
    return {**asdict(timed), "tokens": tokens, **beside, **({"lacks": reader.lacks} if reader.lacks else {})}
