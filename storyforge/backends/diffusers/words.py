"""Words: the calls that a level takes, and what each of them is told; nothing is loaded.

Both what renders and what prints prompts beforehand ask here, so that the one is told what the other says.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from inspect import signature
from itertools import groupby
from re import fullmatch
from typing import Any

from storyforge.backends.base import CastRequest, LevelRequest, Part, Prompt, TimedPrompt
from storyforge.backends.diffusers import windows
from storyforge.backends.diffusers.segments import Segment, cut, heard, in_rows, needed
from storyforge.backends.models import DiffusersProfile, Keyframes, Network
from storyforge.backends.profile import located
from storyforge.backends.readers import Reader, Telling, What
from storyforge.clock import Span
from storyforge.errors import InputError

FIGURES = {
    "character": "full figure, standing, plain light background",
    "prop": "a single object, plain light background",
    "place": "wide view, nobody there",
}
NOTHING = Prompt("", "")
"""What goes with a picture that others look at: whoever looks at it first changes nothing for the rest."""


@dataclass(frozen=True)
class Ask:
    """One call of a pipeline for a segment of a level; request: the level's, or a single panel's with its options."""

    network: Network
    request: LevelRequest
    segment: Segment

    @property
    def options(self) -> Mapping[str, Any]:
        """What the storyboard adds to the call: a keyframe pipeline has arguments of its own."""
        return {} if isinstance(self.network, Keyframes) else self.request.options


def takes(pipeline: type) -> set[str]:
    """The names of the arguments of a pipeline's call."""
    return set(signature(pipeline.__call__).parameters) - {"self"}


def words(network: Network, prompt: Prompt, options: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call that are words, by the pipeline's own names; None where it is told none.

    What its profile or the storyboard adds to the call by such a name (prompt_2, for a second text encoder) counts.
    """
    usual = {"prompt": prompt.text, "negative_prompt": prompt.avoid or network.avoid}
    told = {network.names.get(name, name): text for name, text in usual.items()}
    given = {**network.call, **options}
    return told | {name: text for name, text in given.items() if fullmatch(r"(negative_)?prompt(_\d)?", name)}


def asks(profile: DiffusersProfile, request: LevelRequest, known: Collection[int]) -> list[Ask]:
    """The calls that make a level, in order, but for its refining; rows that are known are not made.

    Raises InputError for an option that no call could be made with, before the first one is.
    """
    painter = profile.painter
    for options in (request.options, *request.each.values()):
        loop(profile, options)
    if not pictured(profile, request):
        return [Ask(profile, request, segment) for segment in cut(request, profile, known)]
    out = []
    for row, part, prompt in _moments(profile, request):
        if row not in known:
            segment = Segment(row, row + 1, profile.clip.snap(1), part, (TimedPrompt(row, row + 1, prompt),))
            out.append(Ask(painter or profile, alone(request, row), segment))
    return out


def pictured(profile: DiffusersProfile, request: LevelRequest) -> bool:
    """Whether each row of a level is a picture of its own moment: panels, and the coarsest keyframes of a painter."""
    coarsest = request.stride > 1 and request.stride == profile.levels[0]
    return not request.stride or (coarsest and profile.painter is not None)


def rows_made(profile: DiffusersProfile, request: LevelRequest) -> int:
    """Rows of a level that are seen, or that a level below it ends at."""
    if not request.stride:
        return len(request.parts)
    return len(request.positions) if profile.both and request.stride > 1 else needed(request)


def _moments(profile: DiffusersProfile, request: LevelRequest) -> Iterator[tuple[int, Part, Prompt]]:
    """Row, shot and prompt of each picture."""
    if not request.stride:
        yield from ((row, part, request.prompts[row].prompt) for row, part in enumerate(request.parts))
        return
    rows = rows_made(profile, request)
    prompts = in_rows(request.prompts, request.stride, rows)
    for row in range(rows):
        yield row, request.part_at(row * request.stride), heard(prompts, Span(row, row + 1))


def alone(request: LevelRequest, row: int) -> LevelRequest:
    """The request for one panel: with the options of its own shot. A keyframe is its level's."""
    if request.stride:
        return request
    options = dict(request.each.get(row, {}))
    steps, guidance = options.pop("steps", None), options.pop("guidance", None)
    return replace(request, steps=steps, guidance=guidance, options=options)


def windowed(profile: DiffusersProfile, segment: Segment) -> bool:
    """Whether a segment is denoised in windows, each of which hears its own prompt."""
    return bool(segment.windows) or (profile.longer == "windows" and segment.rows > profile.clip.frames)


def row_prompts(profile: DiffusersProfile, segment: Segment) -> list[tuple[int, int, TimedPrompt]]:
    """What each latent row of a call in windows hears: (first row, row after the last, prompt)."""
    ratio = profile.clip.ratio
    rows = (segment.rows - 1) // ratio + 1
    starts = [max(0, -(-(one.start - segment.start) // ratio)) for one in segment.prompts]
    stops = [*starts[1:], rows]
    pairs = zip(starts, stops, segment.prompts, strict=True)
    return [(start, stop, one) for start, stop, one in pairs if start < min(stop, rows)]


def in_turn(
    profile: DiffusersProfile, segment: Segment, options: Mapping[str, Any]
) -> list[tuple[int, int, TimedPrompt]]:
    """What each window of the pipeline's own loop hears: (its first new row, row after the last, prompt).

    The prompt is the one that holds over most of the rows that are new in it; options: the call's arguments.
    """
    if profile.prompts is None:
        return []
    window, overlap = loop(profile, options)
    ratio = profile.clip.ratio
    rows = (segment.rows - 1) // ratio + 1
    size = max(1, window // ratio)
    step = max(1, size - overlap // ratio)
    ends = [min(size, rows)]
    while ends[-1] < rows:
        ends.append(min(len(ends) * step + size, rows))
    said = row_prompts(profile, segment)
    out = []
    for start, stop in zip([0, *ends], ends, strict=False):
        longest = max(said, key=lambda one: len(Span(one[0], one[1]).meet(Span(start, stop))))
        out.append((start, stop, longest[2]))
    return out


def loop(profile: DiffusersProfile, options: Mapping[str, Any]) -> tuple[int, int]:
    """Frames of a window of the pipeline's own loop, and those it shares with the one before; (0, 0): it hears no list.

    options: the call's arguments, or what the storyboard adds to it. Raises InputError for one that is no such number.
    """
    if profile.prompts is None:
        return 0, 0
    given = {**profile.call, **options}
    for name, least in ((profile.prompts.window, 1), (profile.prompts.overlap, 0)):
        value = given[name]
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise InputError(
                f"renderer {profile.name}: option {name} is {value!r}, which is no number of frames: write a whole "
                f"number from {least} on, or leave it out for the profile's {profile.call[name]}"
            )
    return given[profile.prompts.window], given[profile.prompts.overlap]


def in_windows(
    profile: DiffusersProfile, segment: Segment, options: Mapping[str, Any]
) -> list[tuple[int, int, TimedPrompt]]:
    """What windows that are denoised together hear: (first row, row after the last, prompt), alike neighbours as one.

    A row belongs to the window that says most there. options: what the storyboard adds to the call.
    """
    texts = [profile.names.get(name, name) for name in ("prompt", "negative_prompt")]

    def key(timed: TimedPrompt) -> tuple[str, ...]:
        told = words(profile, timed.prompt, options)
        return tuple(str(told[name] or "") for name in texts)

    said = row_prompts(profile, segment)
    base = TimedPrompt(segment.start, segment.stop, segment.prompt)
    known = {key(timed): timed for timed in (base, *(timed for _, _, timed in said))}
    spans = windows.written(profile, segment, _together(profile))
    keys = [(start, stop, key(timed)) for start, stop, timed in said]
    heard = [windows.majority(keys, span, key(base)) for span in spans]
    at, out = 0, []
    rows = [0] * spans[0].start + windows.foremost(spans, windows.kind(profile))
    for one, alike in groupby(rows, lambda window: heard[window]):
        start, at = at, at + len([*alike])
        out.append((start, at, known[one]))
    shown = {heard[window] for window in rows}
    beneath = [(span.start, span.stop, known[one]) for span, one in zip(spans, heard, strict=True) if one not in shown]
    return sorted([*out, *beneath], key=lambda stretch: stretch[:2])


def _together(profile: DiffusersProfile) -> int:
    """Latent rows that the denoiser takes together, which its checkpoint says; 1 where that is not here."""
    folder = located(profile.checkpoint, profile)
    file = folder and folder / "transformer" / "config.json"
    if file is None or not file.is_file():
        return 1
    try:
        import diffusers

        from storyforge.backends.diffusers.families import FAMILIES

        config = json.loads(file.read_text())
    except (ImportError, ValueError):  # a damaged file is named where it is loaded
        return 1
    kind = config.get("_class_name")
    if kind not in FAMILIES:
        return 1
    usual = {name: one.default for name, one in signature(getattr(diffusers, kind).__init__).parameters.items()}
    return FAMILIES[kind].patch({**usual, **config})


def portrait(request: CastRequest) -> Prompt:
    """What a cast sheet is painted from."""
    text = f"{request.text.strip().rstrip('.')}, {FIGURES[request.kind]}"
    return Prompt(text, text)


def tellings(profile: DiffusersProfile, request: LevelRequest, known: Collection[int]) -> Iterator[Telling]:
    """What the calls of a level are told, in frames of its span; at the panels' level in numbers of panels."""
    for ask in asks(profile, request, known):
        yield from _call(profile, ask)
        if profile.refine and ask.network is profile:
            yield _telling(profile, profile.refine, "refine", ask, ask.segment.prompt)
        refer = profile.painter.references if profile.painter else None
        if refer and refer.by == "bank" and ask.network is profile.keyframes:
            yield _telling(profile, ask.network, "look", ask, NOTHING)


def _call(profile: DiffusersProfile, ask: Ask) -> Iterator[Telling]:
    """One call; where its windows each hear their own, the stretches that hear something else."""
    segment, what = ask.segment, _kind(profile, ask)
    whole = _telling(profile, ask.network, what, ask, segment.prompt)
    if profile.prompts is not None and ask.network is profile:
        name = profile.names.get("prompt", "prompt")
        for start, stop, timed in in_turn(profile, segment, ask.options):
            told = {name: words(profile, timed.prompt, ask.options)[name]} if name in whole.texts else {}
            yield from _stretch(profile, ask, replace(whole, texts={**whole.texts, **told}), start, stop)
    elif windowed(profile, segment):
        for start, stop, timed in in_windows(profile, segment, ask.options):
            yield from _stretch(profile, ask, _telling(profile, profile, what, ask, timed.prompt), start, stop)
    else:
        yield whole


def _stretch(profile: DiffusersProfile, ask: Ask, told: Telling, start: int, stop: int) -> Iterator[Telling]:
    """What is told of latent rows [start, stop) of a call; nothing of those that nobody sees."""
    segment, stride = ask.segment, max(ask.request.stride, 1)
    first, last = (segment.start + max(0, (row - 1) * profile.clip.ratio + 1) for row in (start, stop))
    own = segment.own.meet(Span(first, last))
    if len(own):
        yield replace(told, what="windows", start=own.start * stride, stop=(own.stop - 1) * stride + 1)


def _kind(profile: DiffusersProfile, ask: Ask) -> What:
    if not ask.request.stride:
        return "panel"
    if pictured(profile, ask.request):
        return "keyframe"
    return "clip" if ask.request.stride == 1 else "keyframes"


def _telling(profile: DiffusersProfile, network: Network, what: What, ask: Ask, prompt: Prompt) -> Telling:
    """What one call of a network is told; of a video pipeline with the storyboard's options."""
    stride, own = max(ask.request.stride, 1), ask.segment.own
    given = ask.request if network is profile else LevelRequest("", 1, 1, (), ())
    extra = {"steps": given.steps, "guidance": given.guidance}
    options = {**network.call, **given.options, **{name: value for name, value in extra.items() if value is not None}}
    return telling(
        profile, network, what, prompt, given.options, options, own.start * stride, (own.stop - 1) * stride + 1
    )


def telling(
    profile: DiffusersProfile, network: Network, what: What, prompt: Prompt, asked: Mapping[str, Any],
    options: Mapping[str, Any], start: int = 0, stop: int = 1,
) -> Telling:  # fmt: skip
    """What a call is told in words, as far as its pipeline takes them, and beside those."""
    told = words(network, prompt, asked)
    known = _known(network.pipeline)
    texts = {name: text for name, text in told.items() if isinstance(text, str) and (known is None or name in known)}
    beside = {name: value for name, value in options.items() if name not in texts}
    return Telling(Reader(profile, network), what, start, stop, texts, beside)


@cache
def _known(pipeline: str) -> set[str] | None:
    """The arguments of a pipeline of diffusers; None where that is not installed, or has no such pipeline."""
    try:
        import diffusers
        from transformers.utils import logging
    except ImportError:
        return None
    logging.set_verbosity_error()  # advice about what is no matter here
    kind = getattr(diffusers, pipeline, None)
    return takes(kind) if isinstance(kind, type) else None


def sheets(profile: DiffusersProfile, requests: Sequence[CastRequest]) -> list[Telling]:
    """What the sheets of who has no pictures are painted from."""
    network = profile.painter
    if network is None:
        return []
    return [
        telling(profile, network, "sheet", portrait(one), {}, network.call) for one in requests if not one.references
    ]
