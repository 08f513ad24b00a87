"""Spans: the continuous stretches of a film, laid out in frames, and the requests that render them (DESIGN 5).

A renderer with a rate of its own has spans in its own frames; drawing a shot makes them the film's (`conform`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from storyforge import clock
from storyforge.backends import PANELS, Array, Capabilities, LevelRequest, Part, Sheet, TimedPrompt
from storyforge.conform import Conform, plain
from storyforge.engine import covered
from storyforge.memory import sheets_of
from storyforge.production.prompts import compose, slots, timed
from storyforge.production.reels import Reels
from storyforge.storyboard import Resolved, ResolvedShot


@dataclass(frozen=True)
class Panel:
    """One shot's keyframe: the frame of the shot that it shows, and everything said of that moment; which try it is.

    frames: of the shot. It and the moment are counted in the renderer's own frames.
    """

    shot: ResolvedShot
    moment: int
    frames: int
    prompt: TimedPrompt
    sheets: tuple[str, ...]
    reels: Reels
    take: int = 0

    @property
    def when(self) -> tuple[int | None, int | None]:
        """The moment and the frames as far as its picture depends on them, for keys.

        Not at all where it shows how a shot starts and no film or picture, which are read by frames, goes into it.
        """
        starts = self.reels.able.panel_at == "start" and not self.reels.files
        return (None, None) if starts else (self.moment, self.frames)


@dataclass(frozen=True)
class Span:
    """Shots linked by flow. starts: each shot's first frame in the span; covered: the length that is rendered.

    All but the shots is counted in the renderer's own frames, which `conform` makes the film's.
    """

    name: str
    renderer: str
    shots: tuple[ResolvedShot, ...]
    starts: tuple[int, ...]
    frames: int
    covered: int
    prompts: tuple[TimedPrompt, ...]
    panels: tuple[Panel, ...]
    sheets: tuple[str, ...]
    conform: Conform

    @property
    def parts(self) -> tuple[Part, ...]:
        """The shots as parts of what is rendered; the last one holds until the end."""
        stops = [*self.starts[1:], self.covered]
        return tuple(
            Part(shot.id, start, stop, shot.seed, panel.take)
            for shot, start, stop, panel in zip(self.shots, self.starts, stops, self.panels, strict=True)
        )

    @property
    def lengths(self) -> tuple[int, ...]:
        """Each shot's own frames."""
        return tuple(panel.frames for panel in self.panels)

    def at(self, frame: int) -> int:
        """The frame that the film shows at its own `frame`, counted from the first shot's start; the length at its end.

        Shots that flow overlap nothing, so that the film's frames of a span follow one another.
        """
        for shot, start in zip(self.shots, self.starts, strict=True):
            if frame < shot.frames:
                return start + self.conform.at(max(0, frame))
            frame -= shot.frames
        return self.frames

    def back(self, frame: int) -> int:
        """The film's frame, counted from the first shot's start, that shows a frame of the span first."""
        before = 0
        for shot, start, length in zip(self.shots, self.starts, self.lengths, strict=True):
            if frame < start + length:
                return before + min(self.conform.back(frame - start), shot.frames - 1)
            before += shot.frames
        return before

    def needed(self, number: int) -> int:
        """The frame of the span after the last that drawing one of its shots shows."""
        start = self.starts[number]
        return start + self.conform.needed(self.shots[number].frames, self.frames - start)

    def moments_at(self, stride: int) -> dict[int, int]:
        """The panels that are rows of a level: shot number -> row."""
        at = [start + panel.moment for start, panel in zip(self.starts, self.panels, strict=True)]
        return {number: moment // stride for number, moment in enumerate(at) if moment % stride == 0}


def spans(resolved: Resolved, capabilities: Mapping[str, Capabilities], home: Path = Path()) -> tuple[Span, ...]:
    """The film's spans in order, but for shots that show a source.

    capabilities: of each renderer that draws. home: the storyboard's folder, from where films are found.
    """
    out = []
    for indices in resolved.spans:
        shots = tuple(resolved.shots[index] for index in indices)
        if shots[0].shown is None:
            out.append(_span(resolved, shots, capabilities[shots[0].renderer], home))
    return tuple(out)


def level_request(
    span: Span, stride: int, sheets: Mapping[str, Sheet], pins: Mapping[int, Array], size: tuple[int, int],
    draft: bool = False,
) -> LevelRequest:  # fmt: skip
    """One level of a span: all rows at one stride, those in `pins` known."""
    options = span.panels[0].reels.options
    return LevelRequest(
        id=f"{span.name}/{stride}",
        frames=span.covered,
        stride=stride,
        parts=span.parts,
        prompts=span.prompts,
        sheets={key: sheets[key] for key in span.sheets if key in sheets},
        pins=pins,
        moments=tuple(panel.moment for panel in span.panels),
        lengths=span.lengths,
        steps=options.pop("steps", None),
        guidance=options.pop("guidance", None),
        size=size,
        options=options,
        draft=draft,
        **_reels(span.panels),
    )


def panels_request(
    panels: Sequence[Panel], sheets: Mapping[str, Sheet], pins: Mapping[int, Array], size: tuple[int, int]
) -> LevelRequest:
    """One keyframe for each of the film's shots, all together; those in `pins` are takes that are kept."""
    options = panels[0].reels.options
    return LevelRequest(
        id="panels",
        frames=len(panels),
        stride=PANELS,
        parts=tuple(Part(panel.shot.id, i, i + 1, panel.shot.seed, panel.take) for i, panel in enumerate(panels)),
        prompts=tuple(TimedPrompt(i, i + 1, panel.prompt.prompt) for i, panel in enumerate(panels)),
        sheets=sheets,
        pins=pins,
        moments=tuple(panel.moment for panel in panels),
        lengths=tuple(panel.frames for panel in panels),
        steps=options.pop("steps", None),
        guidance=options.pop("guidance", None),
        size=size,
        options=options,
        each={number: panel.reels.options for number, panel in enumerate(panels)},
        **_reels(panels),
    )


def _reels(panels: Sequence[Panel]) -> dict[str, Any]:
    """What the parts of a request are made from beside words."""
    sources = {number: panel.reels.source for number, panel in enumerate(panels)}
    controls = {number: panel.reels.control for number, panel in enumerate(panels)}
    return {
        "sources": {number: source for number, source in sources.items() if source},
        "controls": {number: control for number, control in controls.items() if control},
    }


def renderers_of(resolved: Resolved) -> tuple[str, ...]:
    """Names of the renderers that draw shots of this film, in order; none when every shot shows a source."""
    return tuple(dict.fromkeys(shot.renderer for shot in resolved.shots if shot.shown is None))


def conform_of(resolved: Resolved, capabilities: Capabilities) -> Conform:
    """How a renderer's frames become those of a film."""
    if capabilities.fps is None:
        return plain(resolved.rate)
    return Conform(resolved.rate, clock.exact(capabilities.fps), resolved.board.rate)


def _span(resolved: Resolved, shots: tuple[ResolvedShot, ...], capabilities: Capabilities, home: Path) -> Span:
    conform = conform_of(resolved, capabilities)
    lengths = [conform.frames(shot.frames) for shot in shots]
    starts = tuple(accumulate(lengths[:-1], initial=0))
    frames = sum(lengths)
    length = _covered(frames, capabilities)
    coarse = max(capabilities.strides)
    cast = slots(shots)
    panels = []
    for shot, start, own in zip(shots, starts, lengths, strict=True):
        moment = _moment(start, own, coarse, capabilities)
        told = min(conform.back(moment), shot.frames - 1)
        prompt = TimedPrompt(0, 1, compose(resolved, shot, told, cast))
        stills = _stills(shot, start, own, conform, capabilities)
        reels = Reels(shot, capabilities, home, resolved.rate * conform.step, own, stills)
        panels.append(Panel(shot, moment, own, prompt, sheets_of((shot,), resolved), reels))
    name = shots[0].id if len(shots) == 1 else f"{shots[0].id}..{shots[-1].id}"
    prompts = timed(resolved, shots, length, conform)
    return Span(
        name, shots[0].renderer, shots, starts, frames, length, prompts, tuple(panels), sheets_of(shots, resolved),
        conform,
    )  # fmt: skip


def _covered(frames: int, capabilities: Capabilities) -> int:
    """The length that is rendered for a span of so many frames."""
    if capabilities.chain is not None:
        return capabilities.chain.length(frames)
    strides = [stride for stride in capabilities.strides if stride]
    return covered(frames, capabilities.clip_frames, strides, capabilities.frame_ratio)


def _stills(
    shot: ResolvedShot, start: int, frames: int, conform: Conform, capabilities: Capabilities
) -> dict[int, str]:
    """Pictures that a shot must show, by its frame: the nearest that the model's rows begin or end at."""
    if not capabilities.pictures or shot.shown is not None:
        return {}
    ratio, last = capabilities.frame_ratio, start + frames - 1
    out = {}
    for frame, name in shot.keyframes:
        if frame and capabilities.pins == "first":
            continue
        wanted = start + conform.at(frame)
        if capabilities.chain is not None:
            at = capabilities.chain.nearest(wanted, start, last)
        else:
            at = min(round(wanted / ratio), last // ratio) * ratio
        at = at if at >= start else at + ratio
        out[(wanted if capabilities.whole and at > last else at) - start] = name
    return out


def _moment(start: int, frames: int, coarse: int, capabilities: Capabilities) -> int:
    """The frame of a shot that its panel shows: the keyframe position nearest its middle, else its middle.

    For renderers whose panels lie at the start: its first keyframe position, else the first frame that a picture can
    stand at, else its first frame.
    """
    if capabilities.panel_at == "start":
        first = -start % coarse if coarse else 0
        if first < frames:
            return first
        chain, last = capabilities.chain, start + frames - 1
        if chain is not None:
            return chain.nearest(start, start, last) - start
        row = -start % capabilities.frame_ratio
        return row if capabilities.whole and row < frames else 0
    middle = start + frames // 2
    for position in sorted((middle // coarse * coarse, -(-middle // coarse) * coarse), key=lambda p: abs(p - middle)):
        if start <= position < start + frames:
            return position - start
    return frames // 2
