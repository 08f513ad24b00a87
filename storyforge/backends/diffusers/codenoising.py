"""Co-denoising: a pipeline's call of any length through a denoiser that sees one clip of it at a time.

At every step overlapping windows predict, each with its own prompt, their predictions are blended with weights that
sum to 1 at every row, and the pipeline's scheduler takes one step (Gen-L-Video, MultiDiffusion). The pipeline's loop is
its own: a hook on its denoiser cuts the arguments and joins the answers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

from storyforge.backends.diffusers import answers, cutting, mounting, networks, texts
from storyforge.backends.diffusers import windows as layouts
from storyforge.backends.diffusers.cutting import Cut, Layout, Window
from storyforge.backends.diffusers.families import FAMILIES, REFUSED, Family
from storyforge.backends.diffusers.framewise import Framewise, framewise
from storyforge.backends.diffusers.texts import Prompt, Said, Text
from storyforge.clock import Span
from storyforge.engine import Kind
from storyforge.errors import RenderError

Edit = Callable[[Window, dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class WindowPlan:
    """How a long call is cut, in latent rows of the denoiser.

    overlap: rows that neighbours both write. lead: rows before those, which a later window sees and does not write.
    batch: windows in one call of the denoiser. prompts: which prompt holds for which rows (`texts.prompts_of`).
    edit: changes a window's arguments, such as the keyframes in its mask and picture channels.
    begun: windows that begin at pictures, by the film's rows that they see (`cutting.begun`); the rest is moot then.
    """

    size: int
    overlap: int
    lead: int = 0
    batch: int = 1
    kind: Kind = "triangle"
    prompts: Sequence[Prompt] = ()
    edit: Edit | None = None
    begun: tuple[Span, ...] = ()

    @property
    def shape(self) -> layouts.Shape:
        """Its windows as numbers; moot where they begin at pictures."""
        return layouts.Shape(self.size, self.overlap, self.lead)

    def __post_init__(self) -> None:
        if min(self.size - self.overlap - self.lead, self.overlap, self.lead + 1, self.batch) < 1:
            raise RenderError(
                f"windows of {self.size} rows that overlap by {self.overlap} after {self.lead} of lead do not advance: "
                "set windows to an overlap and a lead that add up to less than a clip"
            )


@dataclass
class Report:
    """What was done: the windows of the last call that was cut, calls of the denoiser, and its own forward passes."""

    windows: tuple[Window, ...] = ()
    calls: int = 0
    forwards: int = 0


@dataclass
class _Common:
    """What the denoisers of a pipeline share: the plan, the report, and per window what a control network answered."""

    plan: WindowPlan
    report: Report = field(default_factory=Report)
    pieces: dict[int, tuple[Tensor, list[Tensor]]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Cuts:
    windows: tuple[Window, ...]
    streams: tuple[list[Cut], ...]


class _CoDenoiser(mounting.Hook):
    """Answers a call of the denoiser window by window."""

    def __init__(self, module: Any, family: Family, common: _Common) -> None:
        super().__init__(module)
        self.family, self.common = family, common
        self.base: Text | None = None
        self._cuts: dict[Any, _Cuts] = {}

    def answer(self, module: Any, *args: Any, **kwargs: Any) -> Any:
        plan, report = self.common.plan, self.common.report
        call = self.named(*args, **kwargs)
        for name in call.keys() - self.family.known:
            if call[name] is not None:
                raise RenderError(
                    f"co-denoising: {self.kind} was given {name}, which storyforge does not know how to cut: add it to "
                    "its entry in backends/diffusers/families.py"
                )
        if self.base is None and plan.prompts:
            self.base = texts.told(call, self.family)
        layout = self.family.place(call, self.config)
        cuts = self._planned(layout, call)
        report.calls += 1
        report.windows = cuts.windows
        if len(cuts.windows) == 1 and plan.edit is None and texts.of(plan.prompts, cuts.windows[0].written) is None:
            report.forwards += 1
            return self.plain(*args, **kwargs)
        self._permitted(module, len(cuts.windows))
        return self._joined(module, cuts, call)

    def _planned(self, layout: Layout, call: Mapping[str, Any]) -> _Cuts:
        device = call[self.family.main].device
        sound = call[self.family.audio].shape[1] if self.family.audio else 0
        key = layout, device, sound
        if key not in self._cuts:
            plan, align = self.common.plan, self.family.patch(self.config)
            start = layout.kept if self.family.counted else 0
            if layout.rows % align:
                raise RenderError(
                    f"co-denoising: {self.kind} takes {align} rows at a time and was given {layout.rows}: "
                    f"ask for a length of whole multiples of {align} rows"
                )
            if plan.begun:
                layout, own = self._begun(layout, align)
                start = 1
            else:
                own = cutting.windows(layout.rows - layout.kept, plan.size - start, plan.overlap, plan.lead, align)
            spans = [(window.seen, window.written) for window in own]
            streams = [cutting.cuts(layout, spans, plan.kind, device)]
            if self.family.audio:
                heard = Layout(sound)
                streams.append(cutting.cuts(heard, _heard(own, call, self.config, sound), plan.kind, device))
            self._cuts[key] = _Cuts(tuple(_moved(window, start) for window in own), tuple(streams))
        return self._cuts[key]

    def _begun(self, layout: Layout, align: int) -> tuple[Layout, tuple[Window, ...]]:
        found = cutting.begun(layout, self.common.plan.begun)
        if found is None or align > 1:
            raise RenderError(
                f"co-denoising: {self.kind} was given {layout.rows} rows, which cannot be a film's with one for each "
                "window's picture: set longer: chain in the profile"
            )
        return found

    def _permitted(self, module: Any, count: int) -> None:
        """Caches that keep one state for all windows would give one window what another computed."""
        found = mounting.cached(module)
        if any(name.startswith("faster_cache") for name in found):
            raise RenderError("co-denoising: FasterCache keeps one state for all windows: use FirstBlockCache")
        if count > self.common.plan.batch and any("pyramid_attention_broadcast" in name for name in found):
            raise RenderError(
                "co-denoising: PyramidAttentionBroadcast keeps one state for all windows: "
                f"set windows.batch to {count} or more, or use FirstBlockCache"
            )

    def _part(self, call: dict[str, Any], cuts: _Cuts, at: int, told: dict[int, dict[str, Any]]) -> dict[str, Any]:
        """The arguments of one window."""
        plan, window = self.common.plan, cuts.windows[at]
        text = texts.of(plan.prompts, window.written)
        if text is not None and self.base is not None:
            if id(text) not in told:
                told[id(text)] = texts.retold(call, self.base, text, self.family)
            call = told[id(text)]
        part = dict(call)
        for name, rule in self.family.cut.items():
            if name in part and len(cuts.windows) > 1:
                known = self._pieces(part[name], at)
                cut = cuts.streams[rule.stream][at]
                part[name] = cutting.argument(name, rule, part[name], cut, self.kind) if known is None else known
        return part if plan.edit is None else plan.edit(window, part)

    def _pieces(self, value: Any, at: int) -> Any:
        """What a control network answered for this very window, where the value is its answer."""
        if isinstance(value, tuple | list):
            found = [self._pieces(item, at) for item in value]
            return None if not found or any(item is None for item in found) else type(value)(found)
        known = self.common.pieces.get(id(value))
        return known[1][at] if known is not None and known[0] is value else None

    def _joined(self, module: Any, cuts: _Cuts, call: dict[str, Any]) -> Any:
        """The windows' answers, some windows at a time, as the answer to the whole call."""
        told: dict[int, dict[str, Any]] = {}  # the call with each prompt's text in it
        count = len(cuts.windows)
        if count == 1:
            self.common.report.forwards += 1
            return self.plain(**self._part(call, cuts, 0, told))
        sheets = _Sheets(self.family, cuts)
        samples = int(call[self.family.main].shape[0])
        together = self.common.plan.batch if self.family.batched else 1
        for first in range(0, count, together):
            group = [self._part(call, cuts, at, told) for at in range(first, min(first + together, count))]
            stacked = cutting.batch(group, self.family.cut, self.family.shared, samples) if len(group) > 1 else None
            calls = (
                [(first, len(group), stacked)] if stacked else [(first + at, 1, one) for at, one in enumerate(group)]
            )
            for start, several, arguments in calls:
                with mounting.context(module, f"{start}:{start + several}"):
                    sheets.take(self.plain(**arguments), start, several)
                self.common.report.forwards += 1
        answer = sheets.answer()
        if self.family.output is not None:  # a control network: the denoiser after it may have each window's own
            self.common.pieces.update(sheets.pieces())
        else:
            self.common.pieces.clear()
        return answer


class _Sheets:
    """The tensors of an answer, blended in float32 as windows come in."""

    def __init__(self, family: Family, cuts: _Cuts) -> None:
        self.cuts = cuts
        main = family.output or family.cut[family.main]
        self.rules = [main, family.cut[family.audio]] if family.audio else [main]
        self.whole: list[Tensor | None] = []
        self.keep = family.output is not None
        self.kept: list[list[Tensor]] = []
        self.form: Any = None

    def take(self, output: Any, start: int, count: int) -> None:
        self.form = output
        found = answers.tensors(output)
        if not self.whole:
            self.whole, self.kept = [None] * len(found), [[] for _ in found]
        for at, tensor in enumerate(found):
            rule = self.rules[min(at, len(self.rules) - 1)]
            for window, piece in enumerate(tensor.chunk(count), start):
                cut = self.cuts.streams[rule.stream][window]
                assert not isinstance(rule, cutting.First | cutting.Clock | cutting.Count | cutting.Own)
                self.whole[at] = rule.add(self.whole[at], piece, cut)
                if self.keep:
                    self.kept[at].append(piece)

    def answer(self) -> Any:
        """The blended tensors, in the form and precision of a window's answer."""
        blended = [whole for whole in self.whole if whole is not None]
        pairs = zip(blended, answers.tensors(self.form), strict=True)
        self.form = answers.filled(self.form, [whole.to(like.dtype) for whole, like in pairs])
        return self.form

    def pieces(self) -> dict[int, tuple[Tensor, list[Tensor]]]:
        return {id(tensor): (tensor, kept) for tensor, kept in zip(answers.tensors(self.form), self.kept, strict=True)}


def _moved(window: Window, by: int) -> Window:
    seen, written = (Span(span.start + by, span.stop + by) for span in (window.seen, window.written))
    return replace(window, seen=seen, written=written)


def _heard(own: Sequence[Window], call: Mapping[str, Any], config: Any, rows: int) -> list[tuple[Span, Span]]:
    """The sound of every window: as many of its rows as a clip of that length has."""
    if len(own) == 1:
        return [(Span(0, rows), Span(0, rows))]
    begin: list[float] = call["audio_coords"][0, 0, :, 0].tolist()
    ratio, offset = int(config["vae_scale_factors"][0]), 1
    second = (len(begin) - 2) / (begin[-1] - begin[1])  # rows in one, the first being shorter
    frame = second / float(call["fps"])
    count = min(rows, round(((len(own[0].seen) - 1) * ratio + offset) * frame))
    spans = []
    for window in own:
        last = window.index == len(own) - 1
        start = rows - count if last else min(round(window.seen.start * ratio * frame), rows - count)
        write = start + round((window.written.start - window.seen.start) * ratio * frame)
        spans.append((Span(start, start + count), Span(min(write, start + count - 1), start + count)))
    return spans


def denoisers(pipe: Any, family: Family | None = None) -> dict[str, tuple[Any, Family]]:
    """The networks of a pipeline that see frames together, by name, each with how its call is cut.

    A class that the table lacks is a RenderError: it would be cut by a guess.
    """
    found = {}
    for name, module in {**networks.denoisers(pipe), networks.CONTROL: networks.control(pipe)}.items():
        if not isinstance(module, torch.nn.Module):
            continue
        kind = type(mounting.unwrapped(module)).__name__
        if name == networks.CONTROL and kind not in FAMILIES:
            continue  # of pictures: it works frame by frame
        known = FAMILIES.get(kind) if name == networks.CONTROL else family or FAMILIES.get(kind)
        if known is None:
            why = REFUSED.get(kind) or "storyforge does not know where time lies in its call; add one entry for it to "
            why += "" if kind in REFUSED else "backends/diffusers/families.py, or set longer: chain in the profile"
            raise RenderError(f"{type(pipe).__name__} cannot be co-denoised in windows: {kind}: {why}")
        found[name] = module, known
    if not found:
        raise RenderError(f"{type(pipe).__name__} has no denoiser that windows could be cut for: set longer: chain")
    return found


def _written(plan: WindowPlan, rows: int | None, nets: Mapping[str, tuple[Any, Family]]) -> Sequence[Span] | None:
    """What each window will write, where that can be told beforehand."""
    if plan.begun:
        return layouts.shared(plan.begun)
    if rows is None or any(family.counted for _, family in nets.values()):
        return None
    steps = {family.patch(mounting.unwrapped(module).config) for module, family in nets.values()}
    return [own for step in steps for _, own in layouts.spans(rows + -rows % step, plan.shape, step)]


@contextmanager
def codenoise(pipe: Any, plan: WindowPlan, *, family: Family | None = None) -> Iterator[Report]:
    """Within, the pipeline's call may be of any length; its denoiser sees windows of `plan.size` rows.

    A call that fits one window is the plain call, bit for bit. With `plan.prompts`: one call, of the base prompt.
    """
    common = _Common(plan)
    with ExitStack() as stack:
        for module, known in denoisers(pipe, family).values():
            stack.enter_context(mounting.mounted(module, _CoDenoiser(module, known, common)))
        stack.enter_context(_framewise(pipe, plan))
        yield common.report


@contextmanager
def _framewise(pipe: Any, plan: WindowPlan) -> Iterator[None]:
    """Within, networks that see every frame by itself see no more of them at a time than a window has."""

    def told(frames: int) -> list[Text | None]:
        """Each frame's text: that of the window that says most there."""
        written = [own for _, own in layouts.spans(frames, plan.shape)]
        own = [texts.of(plan.prompts, span) for span in written]
        return [own[at] for at in layouts.foremost(written, plan.kind)]

    with ExitStack() as stack:
        for module in framewise(pipe):
            hook = Framewise(module, pipe, plan.size, told if plan.prompts else None)
            stack.enter_context(mounting.mounted(module, hook))
        yield


def codenoised(
    pipe: Any, plan: WindowPlan, arguments: Mapping[str, Any], prompts: Sequence[Said] = (),
    *, rows: int | None = None, shorter: Mapping[str, Any] | None = None,
) -> Any:  # fmt: skip
    """The pipeline's call in windows, each with the prompt that holds for most of its rows, and what it avoids.

    Rows that no prompt names hear those of `arguments`. rows: of the film, by which prompts that no window hears are
    known. shorter: the arguments of a shorter call, by which the others are heard (`texts.shortened`).
    """
    nets, usual = denoisers(pipe), texts.avoided(pipe, arguments.get("negative_prompt"))
    # Some guide only where they are told what to avoid.
    more = {"negative_prompt": usual} if usual is not None and any(one.avoid is not None for one in prompts) else {}
    arguments, shorter = {**arguments, **more}, {**(arguments if shorter is None else shorter), **more}
    with _framewise(pipe, plan):
        told = texts.prompts_of(pipe, shorter, prompts, nets, _written(plan, rows, nets))
    with codenoise(pipe, replace(plan, prompts=told)) as report:
        made = pipe(**arguments)
    if not report.calls:
        raise RenderError(f"{type(pipe).__name__} did not call the denoiser that it has: it cannot be cut into windows")
    return made
