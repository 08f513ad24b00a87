"""Co-denoising (Gen-L-Video, MultiDiffusion): a denoiser of short windows becomes a denoiser of long sequences.

Every window predicts from the shared noisy frames with its own conditions, and the predictions are blended by a
partition of unity; the sampler then takes one global step. With shared noise and a linear sampler, blending the
denoised frames is the same operation as blending steps or noise (algorithms.md 2.4).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from storyforge.clock import Span

Denoise = Callable[[Tensor, Tensor, Any], Tensor]
Place = tuple[int, Span, Tensor]  # a window's row in the batch, its frames and their weights


def codenoise(
    denoise: Denoise, spans: Sequence[Span], weights: Sequence[NDArray[np.float32]], batch: int = 8
) -> Denoise:
    """A denoiser of [batch, frames, ...] that runs `denoise` on the windows, at most `batch` of them a call.

    cond is None, a mapping, a dataclass or nested ones; its tensors are [batch, frames, ...] and are cut as x is.
    Blended in float32 in the order of the windows' starts, so neither their order nor the batching changes the sum.
    """
    if batch < 1:
        raise ValueError(f"a batch holds at least one window, not {batch}")
    shared = [(span, torch.as_tensor(weight)) for span, weight in zip(spans, weights, strict=True)]
    shared.sort(key=lambda window: window[0])

    def denoised(x: Tensor, sigma: Tensor, cond: Any = None) -> Tensor:
        blended = torch.zeros_like(x, dtype=torch.promote_types(x.dtype, torch.float32))
        for places in _calls(x.shape[0], shared, batch):
            rows, times = _places(places, x.device)
            predicted = denoise(x[rows, times], sigma[rows, times], _gather(cond, rows, times))
            for (row, span, weight), frames in zip(places, predicted.to(blended.dtype), strict=True):
                share = weight.to(x.device).view(-1, *(1,) * (x.ndim - 2))
                blended[row, span.start : span.stop] += frames * share
        return blended.to(x.dtype)

    return denoised


def _calls(rows: int, shared: Sequence[tuple[Span, Tensor]], batch: int) -> Iterator[list[Place]]:
    """Windows of equal length, `batch` at a time."""
    alike: dict[int, list[Place]] = defaultdict(list)
    for span, weight in shared:
        alike[len(span)] += [(row, span, weight) for row in range(rows)]
    for places in alike.values():
        for start in range(0, len(places), batch):
            yield places[start : start + batch]


def _places(places: Sequence[Place], device: torch.device) -> tuple[Tensor, Tensor]:
    """Indices [windows, 1] and [windows, frames] that cut the windows out of [batch, frames, ...]."""
    rows = torch.tensor([row for row, _, _ in places], device=device)
    times = torch.tensor([list(range(span.start, span.stop)) for _, span, _ in places], device=device)
    return rows[:, None], times


def _gather(cond: Any, rows: Tensor, times: Tensor) -> Any:
    return _mapped(cond, lambda tensor: tensor[rows.to(tensor.device), times.to(tensor.device)])


def cut(cond: Any, span: Span) -> Any:
    """Conditions of the frames of `span` alone."""
    return _mapped(cond, lambda tensor: tensor[:, span.start : span.stop])


def concatenate(conds: Sequence[Any]) -> Any:
    """Conditions of several sequences laid end to end (as `windows.end_to_end` lays them), joined along frames."""
    first = conds[0]
    if isinstance(first, Tensor):
        return torch.cat(list(conds), dim=1)
    if isinstance(first, Mapping):
        return {name: concatenate([cond[name] for cond in conds]) for name in first}
    if is_dataclass(first) and not isinstance(first, type):
        joined = {f.name: concatenate([getattr(cond, f.name) for cond in conds]) for f in fields(first)}
        return replace(first, **joined)
    return first


def _mapped(cond: Any, change: Callable[[Tensor], Tensor]) -> Any:
    """The same structure with every tensor changed; numbers, words and None stay."""
    if isinstance(cond, Tensor):
        return change(cond)
    if isinstance(cond, Mapping):
        return {name: _mapped(value, change) for name, value in cond.items()}
    if is_dataclass(cond) and not isinstance(cond, type):
        return replace(cond, **{f.name: _mapped(getattr(cond, f.name), change) for f in fields(cond)})
    return cond
