"""What the models of a film are told, word for word: those of each shot, and those of its cast sheets."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from pathlib import Path

from storyforge.backends import (
    PANELS,
    Capabilities,
    CastRequest,
    Profile,
    Telling,
    TimedPrompt,
    find,
    sheet_tellings,
    tellings,
)
from storyforge.memory import castings
from storyforge.production.cast import SECTIONS
from storyforge.production.levels import coarser_rows, panel_rows, still_rows
from storyforge.production.renderers import Renderers
from storyforge.production.spans import Span, level_request, panels_request, renderers_of, spans
from storyforge.storyboard import Resolved


@dataclass(frozen=True)
class Told:
    """What is told of one shot, or of a cast sheet; nothing where a source is shown as it is.

    prompts: over the shot's frames, `rate` of them a second, as the storyboard has them: toon binds the scene and each
    entity to its words. calls: what each call of a pipeline that reads one text is told, in frames of the shot, were
    nothing of it made yet; none for toon.
    """

    renderer: str = ""
    rate: Fraction = Fraction(24)
    prompts: tuple[TimedPrompt, ...] = ()
    calls: tuple[Telling, ...] = ()

    @property
    def unheard(self) -> tuple[TimedPrompt, ...]:
        """Prompts that no call is told, since another one holds for longer in each; none where none is told words."""
        moving = [call for call in self.calls if call.what not in ("sheet", "panel", "look")]
        said = {text for call in moving for text in call.texts.values()}
        return tuple(one for one in self.prompts if said and one.prompt.text not in said)


def told(resolved: Resolved, renderers: Renderers, home: Path, only: Collection[str] = ()) -> dict[str, Told]:
    """What is told of each shot, by its id, in the film's order.

    home: the storyboard's folder. only: ids of shots, all when empty.
    """
    out = {shot.id: Told() for shot in resolved.shots if not only or shot.id in only}
    profiles = _profiles(resolved, home)
    for span in _spans(resolved, renderers, home):
        if any(shot.id in out for shot in span.shots):
            able, profile = renderers[span.renderer].capabilities, profiles[span.renderer]
            calls, rate = _calls(span, able, profile, resolved.size), resolved.rate * span.conform.step
            for number, shot in enumerate(span.shots):
                if shot.id in out:
                    out[shot.id] = Told(span.renderer, rate, _prompts(span, number), tuple(_own(calls, span, number)))
    return out


def sheets_told(
    resolved: Resolved, renderers: Renderers, home: Path, only: Collection[str] = ()
) -> dict[tuple[str, str], Told]:
    """What the cast sheets that those shots read are painted from, by where an entity stands and its look.

    By such a name ("cast.ember@rain") and the renderer. Nothing is told of one that has pictures of the user's.
    """
    known, profiles = {casting.key: casting for casting in castings(resolved, home)}, _profiles(resolved, home)
    out: dict[tuple[str, str], Told] = {}
    for span in _spans(resolved, renderers, home):
        read = [panel.sheets for panel in span.panels if not only or panel.shot.id in only]
        for casting in [known[name] for names in read for name in names]:
            request = CastRequest(casting.key, casting.kind, casting.text, casting.seed)
            found = () if casting.references else sheet_tellings(profiles[span.renderer], [request])
            if found:
                out[f"{SECTIONS[casting.kind]}.{casting.key}", span.renderer] = Told(span.renderer, calls=tuple(found))
    return out


def _spans(resolved: Resolved, renderers: Renderers, home: Path) -> Sequence[Span]:
    return spans(resolved, {name: renderers[name].capabilities for name in renderers_of(resolved)}, home)


def _profiles(resolved: Resolved, home: Path) -> Mapping[str, Profile]:
    """The profiles of the film's renderers, each read once."""
    return {name: find(name, home) for name in renderers_of(resolved)}


def _calls(span: Span, able: Capabilities, profile: Profile, size: tuple[int, int]) -> list[Telling]:
    """What the calls that make a span are told, in its frames: panels first, then level by level."""
    out: list[Telling] = []
    if PANELS in able.strides:
        given = [number for number, panel in enumerate(span.panels) if panel.moment in panel.reels.keyframes]
        _, said = tellings(profile, panels_request(span.panels, {}, {}, size), given)
        moments = [start + panel.moment for start, panel in zip(span.starts, span.panels, strict=True)]
        out += [replace(one, start=moments[one.start], stop=moments[one.start] + 1) for one in said]
    rows, above = 0, 0
    for stride in [stride for stride in able.strides if stride != PANELS]:
        panels = panel_rows(span, stride, able) if PANELS in able.strides else {}
        pinned = {*panels, *coarser_rows(rows, above, stride), *still_rows(span, stride)}
        rows, said = tellings(profile, level_request(span, stride, {}, {}, size), pinned)
        out, above = out + said, stride
    return out


def _own(calls: Sequence[Telling], span: Span, number: int) -> Iterator[Telling]:
    """Those that make frames of a shot, counted from its start; alike ones as one."""
    first, stop = span.starts[number], span.starts[number] + span.lengths[number]
    mine = [one for one in calls if one.start < stop and one.stop > first]
    kinds = list(dict.fromkeys(one.what for one in mine))
    mine.sort(key=lambda one: kinds.index(one.what))
    for _, alike in groupby(mine, lambda one: (one.what, one.reader, one.texts, one.options)):
        same = list(alike)
        ends = max(same[0].start, first) - first, min(same[-1].stop, stop) - first
        yield replace(same[0], start=ends[0], stop=ends[1], calls=len(same))


def _prompts(span: Span, number: int) -> tuple[TimedPrompt, ...]:
    """The prompts that hold in a shot, counted from its start."""
    start = span.starts[number]
    stop = start + span.lengths[number]
    return tuple(
        replace(prompt, start=max(prompt.start, start) - start, stop=min(prompt.stop, stop) - start)
        for prompt in span.prompts
        if prompt.start < stop and prompt.stop > start
    )
