"""What models are told, as lines for people and as values for programs."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storyforge.backends import Prompt, Telling
    from storyforge.production import Told

WIDE = 15  # columns before a text
NAMES = {"negative_prompt": "avoid", "negative_prompt_2": "avoid_2"}


def lines(told: "Told") -> Iterator[str]:
    """A shot or a sheet: what each call of a pipeline is told, word for word and beside words."""
    if not told.prompts and not told.calls:
        yield "  shows its source as it is; no model is told anything"
        return
    beside = ""
    for call in told.calls:
        yield f"  {_made(call, float(told.rate))}"
        yield from _texts(call)
        options = ", ".join(f"{name}: {value}" for name, value in call.options.items())
        if options and f"{call.reader.network.checkpoint} {options}" != beside:
            beside = f"{call.reader.network.checkpoint} {options}"
            yield f"    {'options':<11}{options}"
    lacks = dict.fromkeys(call.reader.lacks for call in told.calls if call.reader.lacks)
    yield from (f"    {'counts':<11}{said}" for said in lacks)
    for timed in told.unheard:
        yield f"    {'unheard':<11}frames {timed.start} to {timed.stop}, where a call hears what holds longest in it:"
        yield f"{'':{WIDE}}{timed.prompt.text}"
    for timed in () if told.calls else told.prompts:
        blend = f", blended over {timed.ramp} frames" if timed.ramp else ""
        yield f"  frames {timed.start} to {timed.stop}{blend}"
        yield from _entities(timed.prompt)


def _made(call: "Telling", rate: float) -> str:
    """What calls make, where, and how many they are."""
    by, times = f"by {call.reader.network.checkpoint}", f", in {call.calls} calls" if call.calls > 1 else ""
    frames = f"frames {call.start} to {call.stop}"
    several = f"{call.calls} keyframes, at {frames}" if call.calls > 1 else f"a keyframe, at frame {call.start}"
    return {
        "sheet": f"its cast sheet, {by}",
        "panel": f"its panel, at frame {call.start}, {by}",
        "look": f"each picture that its panel looks at, {by}",
        "keyframe": f"{several}, {by}",
        "keyframes": f"keyframes of {frames}, {by}{times}",
        "clip": f"{frames}, {rate:g} a second{times}",
        "windows": f"{frames}, {rate:g} a second, in windows",
        "refine": f"{frames} once more, {by}{times}",
    }[call.what]


def _entities(prompt: "Prompt") -> Iterator[str]:
    """The scene, then each entity: a model that binds them reads these."""
    yield f"    scene      {prompt.scene}"
    for entity in prompt.entities:
        if entity.text:
            yield f"    {entity.kind:<10} {entity.key}: {entity.text}"
    yield f"    in one     {prompt.text}"
    if prompt.avoid:
        yield f"    avoid      {prompt.avoid}"


def _texts(call: "Telling") -> Iterator[str]:
    """Each text with its tokens."""
    if not any(call.texts.values()):
        yield f"    {'prompt':<11}(no words)"
    for name, text in call.texts.items():
        if text:
            yield f"    {NAMES.get(name, name):<11}{text}"
        for count in call.counts(name):
            most = f" of {count.limit}" if count.limit else ""
            cut = f'; cut: "{count.cut}"' if count.cut else ""
            yield f"{'':{WIDE}}{count.tokenizer}: {count.tokens}{most} tokens{cut}"


def values(told: "Told") -> list[dict[str, Any]]:
    """What each call is told; of a renderer that binds entities to their words, its prompts over time."""
    if not told.calls:
        return [asdict(timed) for timed in told.prompts]
    return [_value(call, str(told.rate)) for call in told.calls]


def _value(call: "Telling", rate: str) -> dict[str, Any]:
    reader = call.reader
    lacks = {"lacks": reader.lacks} if reader.lacks else {}
    return {
        "makes": call.what, "start": call.start, "stop": call.stop, "calls": call.calls, "rate": rate,
        "pipeline": reader.network.pipeline, "checkpoint": reader.network.checkpoint, "texts": dict(call.texts),
        "tokens": {name: [asdict(count) for count in call.counts(name)] for name, text in call.texts.items() if text},
        "options": dict(call.options), **lacks,
    }  # fmt: skip
