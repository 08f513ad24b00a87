"""What the models of a shot are told, word for word, and how many tokens that is to each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from storyforge.backends import PANELS, Capabilities, Count, Reader, TimedPrompt, find, readers
from storyforge.production.reels import parameters
from storyforge.production.renderers import Renderers
from storyforge.production.spans import Span, renderers_of, spans
from storyforge.storyboard import Resolved


@dataclass(frozen=True)
class Told:
    """What is told of one shot; nothing where a source is shown as it is.

    prompts: over the shot's frames, `rate` of them a second. panel: the prompt of its keyframe, at its frame, where
    another model makes those. options: what the storyboard gives the renderer beside words. readers: the models that
    read the words as one text; none for toon, which is told the scene and each entity. clip: the frames that hear one
    prompt, 0 for all of the shot; None for a model that hears one a frame.
    """

    renderer: str = ""
    rate: Fraction = Fraction(24)
    prompts: tuple[TimedPrompt, ...] = ()
    panel: TimedPrompt | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    readers: tuple[Reader, ...] = ()
    clip: int | None = None

    def read(self, role: str) -> Reader | None:
        """The model of a role."""
        return next((reader for reader in self.readers if reader.role == role), None)

    def counts(self, role: str, text: str) -> tuple[Count, ...]:
        """A text in the tokens of a model."""
        reader = self.read(role)
        return reader.counts(text, self.options if role == "video" else {}) if reader and text else ()


def told(resolved: Resolved, renderers: Renderers, home: Path, only: Collection[str] = ()) -> dict[str, Told]:
    """What is told of each shot, by its id, in the film's order.

    home: the storyboard's folder. only: ids of shots, all when empty.
    """
    names = renderers_of(resolved)
    able = {name: renderers[name].capabilities for name in names}
    known = {name: readers(find(name, home)) for name in names}
    out = {shot.id: Told() for shot in resolved.shots if not only or shot.id in only}
    for span in spans(resolved, able, home):
        for number, shot in enumerate(span.shots):
            if shot.id in out:
                pictured = PANELS in able[span.renderer].strides and any(
                    reader.role == "keyframes" for reader in known[span.renderer]
                )
                out[shot.id] = Told(
                    span.renderer,
                    resolved.rate * span.conform.step,
                    _prompts(span, number),
                    _panel(span, number) if pictured else None,
                    parameters(shot),
                    known[span.renderer],
                    _clip(able[span.renderer]),
                )
    return out


def _prompts(span: Span, number: int) -> tuple[TimedPrompt, ...]:
    """The prompts that hold in a shot, counted from its start."""
    start = span.starts[number]
    stop = start + span.lengths[number]
    return tuple(
        replace(prompt, start=max(prompt.start, start) - start, stop=min(prompt.stop, stop) - start)
        for prompt in span.prompts
        if prompt.start < stop and prompt.stop > start
    )


def _clip(able: Capabilities) -> int | None:
    if able.prompts == "frame":
        return None
    return able.clip_frames if able.hears is None else able.hears


def _panel(span: Span, number: int) -> TimedPrompt:
    panel = span.panels[number]
    return TimedPrompt(panel.moment, panel.moment + 1, panel.prompt.prompt)
