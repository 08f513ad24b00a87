"""How one call of a denoiser is cut into windows, and how what they say is put together again.

A denoiser sees a *stream*: rows of time, each of one or more tokens, in front of or behind which condition tokens may
lie (LTX). Some rows belong to every window: the pictures that VACE is shown, HunyuanVideo's clean first row.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from storyforge import engine
from storyforge.backends.diffusers import windows as layouts
from storyforge.clock import Span
from storyforge.engine import Kind
from storyforge.errors import RenderError


@dataclass(frozen=True)
class Layout:
    """What lies where in a stream of one call."""

    rows: int
    width: int = 1
    """Tokens of a row."""
    kept: int = 0
    """Rows in front that every window sees (or one of them, see `apart`)."""
    before: int = 0
    """Condition tokens in front of the rows ..."""
    after: int = 0
    """... and behind them."""
    times: tuple[float, ...] = ()
    """When each row begins, and ..."""
    extras: tuple[float, ...] = ()
    """... the time of each condition token."""
    apart: bool = False
    """Whether each window sees one of the rows in front: its own."""

    @property
    def tokens(self) -> int:
        return self.before + self.rows * self.width + self.after


@dataclass(frozen=True)
class Window:
    """Rows of the film that a window sees and those that it writes; rows every window keeps in front are not counted.

    A later window begins with `lead` rows that it sees and does not write.
    """

    index: int
    seen: Span
    written: Span


def windows(rows: int, size: int, overlap: int, lead: int, align: int) -> tuple[Window, ...]:
    """Windows of equal size, the last moved back; those after the first overlap by `overlap` rows that both write.

    align: rows that the denoiser takes together. Its pipeline pads a clip to a multiple of them, and so does this.
    """
    pairs = layouts.spans(rows, layouts.Shape(size, overlap, lead), align)
    return tuple(Window(index, seen, written) for index, (seen, written) in enumerate(pairs))


def begun(layout: Layout, spans: Sequence[Span]) -> tuple[Layout, tuple[Window, ...]] | None:
    """Windows that begin at pictures, over a stream that has a row for each picture in front of the film's others.

    spans: the film's rows that each of them sees, its picture's first. A window's rows are counted without row 0,
    which is a picture's. None where the stream has another number of rows.
    """
    if layout.kept or layout.rows != len(spans) + max(span.stop for span in spans) - 1:
        return None
    seen = [Span(span.start, span.stop - 1) for span in spans]
    return replace(layout, kept=len(spans), apart=True), tuple(Window(at, one, one) for at, one in enumerate(seen))


@dataclass(frozen=True)
class Cut:
    """A window's part of a stream.

    rows, tokens: indices of what it sees. row_weights, token_weights: how much of the whole each of them is, float32;
    over all windows they sum to 1 at every row.
    start: the first row it sees, kept rows not counted.
    """

    layout: Layout
    start: int
    rows: Tensor
    tokens: Tensor
    row_weights: Tensor
    token_weights: Tensor

    def first(self, total: int) -> int:
        """How many of `total` positions, laid out row by row from 0, a clip of this length has."""
        return total * len(self.rows) // self.layout.rows


def cuts(layout: Layout, spans: Sequence[tuple[Span, Span]], kind: Kind, device: torch.device) -> list[Cut]:
    """Indices and weights for windows given as (seen, written) rows, kept rows not counted."""
    own = layout.rows - layout.kept
    shares = engine.weights([written for _, written in spans], own, kind)
    kept = (1.0,) * len(spans) if layout.apart else _even(len(spans))
    held = [[_holds(layout, seen, time) for time in layout.extras] for seen, _ in spans]
    out = []
    for index, (seen, written) in enumerate(spans):
        front = [index] if layout.apart else [*range(layout.kept)]
        rows = [*front, *range(layout.kept + seen.start, layout.kept + seen.stop)]
        weights = np.zeros(len(rows), np.float32)
        weights[: len(front)] = kept[index]
        weights[len(front) + written.start - seen.start :] = shares[index]
        extra = [at for at, holds in enumerate(held[index]) if holds]
        extra_weights = [_share(held, index, at) for at in extra]
        ahead = sum(at < layout.before for at in extra)
        places = [at if at < layout.before else at + layout.rows * layout.width for at in extra]
        grid = [layout.before + row * layout.width + token for row in rows for token in range(layout.width)]
        token_weights = [*extra_weights[:ahead], *np.repeat(weights, layout.width), *extra_weights[ahead:]]
        out.append(
            Cut(
                layout,
                seen.start,
                torch.tensor(rows, device=device),
                torch.tensor([*places[:ahead], *grid, *places[ahead:]], device=device),
                torch.from_numpy(weights).to(device),
                torch.tensor(np.array(token_weights, np.float32), device=device),
            )
        )
    return out


def _holds(layout: Layout, seen: Span, time: float) -> bool:
    """Whether a condition token's time falls into the window; the film's last window has all that comes later."""
    first, stop = layout.kept + seen.start, layout.kept + seen.stop
    return (seen.start == 0 or time >= layout.times[first]) and (stop == layout.rows or time < layout.times[stop])


def _share(held: Sequence[Sequence[bool]], index: int, at: int) -> float:
    """One window's share of a condition token, so that the shares of all who hold it sum to exactly 1."""
    holders = [number for number, holds in enumerate(held) if holds[at]]
    return _even(len(holders))[holders.index(index)]


@cache
def _even(count: int) -> tuple[float, ...]:
    """So many equal weights whose sum is 1."""
    return tuple(float(share[0]) for share in engine.weights([Span(0, 1)] * count, 1, "flat"))


class Unfit(Exception):  # noqa: N818  (says what was met; `cut` makes the sentence)
    """An argument has another shape than its rule knows."""


def _opened(value: Tensor, rows: int) -> Tensor:
    """[batch x rows, ...] as [batch, rows, ...]; of the same memory, where that lies in order."""
    return value.reshape(-1, rows, *value.shape[1:])


def _zeros(piece: Tensor, axis: int, count: int) -> Tensor:
    shape = [*piece.shape]
    shape[axis] = count
    return torch.zeros(shape, dtype=torch.float32, device=piece.device)


@dataclass(frozen=True)
class Rows:
    """Rows lie along `axis`. A tensor that has no such axis, or one row there, is for all of them."""

    axis: int
    stream: int = 0
    batched = True

    def cut(self, value: Tensor, cut: Cut) -> Tensor:
        if value.ndim <= self.axis or value.shape[self.axis] == 1:
            return value
        if value.shape[self.axis] != cut.layout.rows:
            raise Unfit
        return value.index_select(self.axis, cut.rows)

    def add(self, whole: Tensor | None, piece: Tensor, cut: Cut) -> Tensor:
        if whole is None:
            whole = _zeros(piece, self.axis, cut.layout.rows)
        weights = cut.row_weights.view(-1, *[1] * (piece.ndim - self.axis - 1))
        return whole.index_add_(self.axis, cut.rows, piece.float() * weights)


@dataclass(frozen=True)
class Tokens:
    """Tokens lie along every axis of `axes`, row by row: k x rows of them, or as many as the stream has in all."""

    axes: tuple[int, ...] = (1,)
    stream: int = 0
    batched = True

    def cut(self, value: Tensor, cut: Cut) -> Tensor:
        for axis in self.axes:
            if value.ndim <= axis or value.shape[axis] == 1:
                continue
            value = value.index_select(axis, self._chosen(value.shape[axis], cut))
        return value

    def _chosen(self, total: int, cut: Cut) -> Tensor:
        if total == cut.layout.tokens:
            return cut.tokens
        if total % cut.layout.rows or cut.layout.extras:
            raise Unfit
        width = total // cut.layout.rows
        return (cut.rows[:, None] * width + torch.arange(width, device=cut.rows.device)).flatten()

    def add(self, whole: Tensor | None, piece: Tensor, cut: Cut) -> Tensor:
        if whole is None:
            whole = _zeros(piece, 1, cut.layout.tokens)
        return whole.index_add_(1, cut.tokens, piece.float() * cut.token_weights.view(-1, *[1] * (piece.ndim - 2)))


@dataclass(frozen=True)
class InBatch:
    """Rows lie in the batch, one sample's after another's: [batch x rows, ...]; [batch, ...] is for all of them."""

    stream: int = 0
    batched = True

    def cut(self, value: Tensor, cut: Cut) -> Tensor:
        if value.shape[0] % cut.layout.rows:
            return value
        return _opened(value, cut.layout.rows).index_select(1, cut.rows).flatten(0, 1)

    def add(self, whole: Tensor | None, piece: Tensor, cut: Cut) -> Tensor:
        into = None if whole is None else _opened(whole, cut.layout.rows)
        return Rows(1).add(into, _opened(piece, len(cut.rows)), cut).flatten(0, 1)


@dataclass(frozen=True)
class First:
    """Positions along `axis`, row by row: a window is told those of a clip that begins at 0, as it was trained."""

    axis: int = 0
    stream: int = 0
    batched = False

    def cut(self, value: Tensor, cut: Cut) -> Tensor:
        return value.narrow(self.axis, 0, cut.first(value.shape[self.axis]))


@dataclass(frozen=True)
class Clock:
    """Coordinates [batch, axes, tokens, ...] with time as axis 0: rows get those of a clip that begins at 0, and
    condition tokens are moved by as much."""

    stream: int = 0
    batched = True

    def cut(self, value: Tensor, cut: Cut) -> Tensor:
        layout = cut.layout
        if value.shape[2] != layout.tokens:
            raise Unfit
        grid = torch.arange(len(cut.rows) * layout.width, device=value.device) + layout.before
        if not layout.extras:
            return value.index_select(2, grid)
        main = (cut.tokens >= layout.before) & (cut.tokens < layout.before + layout.rows * layout.width)
        moved = self._moved(value.index_select(2, cut.tokens), cut)
        moved[:, :, main] = value.index_select(2, grid)
        return moved

    def _moved(self, coordinates: Tensor, cut: Cut) -> Tensor:
        """A clip's first row is shorter than others (a causal VAE): what falls into it begins at 0."""
        if cut.start == 0:
            return coordinates
        times = cut.layout.times
        time = coordinates[:, 0]
        begin = time if time.ndim == 2 else time[..., :1]
        shift = torch.where(begin < times[cut.start + 1], begin, times[cut.start + 1] - times[1])
        coordinates = coordinates.clone()
        coordinates[:, 0] = time - shift
        return coordinates


@dataclass(frozen=True)
class Count:
    """The number of rows."""

    stream: int = 0
    batched = False

    def cut(self, value: int, cut: Cut) -> int:
        if value != cut.layout.rows:
            raise Unfit
        return len(cut.rows)


@dataclass(frozen=True)
class Own:
    """A rule of one family: a function of the value and the cut."""

    how: Callable[[Any, Cut], Any]
    stream: int = 0
    batched = False

    def cut(self, value: Any, cut: Cut) -> Any:
        return self.how(value, cut)


Rule = Rows | Tokens | InBatch | First | Clock | Count | Own


def applied(rule: Rule, value: Any, cut: Cut) -> Any:
    """A rule over a value, or over every tensor of a tuple or list."""
    if value is None:
        return None
    if isinstance(value, tuple | list) and not isinstance(rule, Own):
        return type(value)(applied(rule, item, cut) for item in value)
    return rule.cut(value, cut)


def argument(name: str, rule: Rule, value: Any, cut: Cut, kind: str) -> Any:
    """One argument of a call, for one window."""
    try:
        return applied(rule, value, cut)
    except Unfit:
        shape = tuple(value.shape) if isinstance(value, Tensor) else value
        raise RenderError(
            f"co-denoising: {kind} was given {name} as {shape}, which does not fit its {cut.layout.rows} rows: this "
            "diffusers is newer than storyforge's table of denoisers (backends/diffusers/families.py)"
        ) from None


def batch(
    parts: Sequence[Mapping[str, Any]], rules: Mapping[str, Rule], shared: Set[str], samples: int
) -> dict[str, Any] | None:
    """Several windows' arguments as those of one call, window by window along the batch; None: they do not fit."""
    out = {}
    for name in parts[0]:
        rule = rules.get(name)
        values = [part[name] for part in parts]
        if name in shared or (rule and not rule.batched):
            out[name] = values[0]
            continue
        try:
            out[name] = _stacked(values, samples, cut=rule is not None)
        except Unfit:
            return None
    return out


def _stacked(values: Sequence[Any], samples: int, cut: bool) -> Any:
    """Tensors of one sample each along the batch; the rest is the same for all of them."""
    one = values[0]
    if isinstance(one, Mapping):
        return {key: _stacked([value[key] for value in values], samples, cut) for key in one}
    if isinstance(one, tuple | list):
        return type(one)(_stacked([value[at] for value in values], samples, cut) for at in range(len(one)))
    if not isinstance(one, Tensor) or one.ndim == 0:
        return one
    if any(value.shape != one.shape for value in values):
        raise Unfit
    if cut and one.shape[0] == 1 < samples:
        values = [value.expand(samples, *value.shape[1:]) for value in values]
    elif not cut and one.shape[0] % samples:
        return one
    return torch.cat([*values])
