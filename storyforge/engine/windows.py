"""Windows that cover a span, and weights that sum to 1 at every frame of it, whatever its length."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from storyforge.clock import Span

Floats = NDArray[np.float32]
Kind = Literal["flat", "triangle", "hann", "falling", "valley"]
"""Where a window says most: everywhere; in its middle (two shapes); near the frame before its first, which it knows
("falling"); or near that and near its last ("valley")."""


@dataclass(frozen=True)
class Plan:
    """How `frames` are cut: windows, and for each of them one weight a frame; the weights sum to 1 at every frame."""

    frames: int
    spans: tuple[Span, ...]
    weights: tuple[Floats, ...]


def windows(n: int, size: int, step: int, align: int = 1) -> tuple[Span, ...]:
    """Windows of equal length every `step` frames; the last is moved back to end with the span.

    A span no longer than a window is one window of its own length. align: starts are multiples of it (models that
    pack frames in pairs). Frames that Gen-L-Video's windows leave out at the tail are what the last one is for.
    """
    if n < 1 or not 1 <= step <= size:
        raise ValueError(f"windows need frames >= 1 and 1 <= step <= size, not {n}, {step} and {size}")
    if n <= size:
        return (Span(0, n),)
    if step % align or (n - size) % align:
        raise ValueError(f"step {step} and length less window {n - size} must be multiples of {align}")
    starts = [*range(0, n - size, step), n - size]
    return tuple(Span(start, start + size) for start in starts)


def local(n: int, size: int = 17, keys_every: int = 16) -> tuple[Span, ...]:
    """Windows between neighbouring keyframes (both ends pinned), and windows that straddle each inner keyframe.

    Measured in DESIGN 5: pinned windows alone kink at keyframes (1.10), with straddling ones they do not (1.05).
    """
    pinned = windows(n, size, min(keys_every, size))
    half = keys_every // 2
    straddling = (Span(span.start + half, span.stop + half) for span in pinned)
    both = {*pinned, *(span for span in straddling if span.stop <= n)}
    return tuple(sorted(both))


def weights(spans: Sequence[Span], n: int, kind: Kind = "triangle") -> tuple[Floats, ...]:
    """A partition of unity over n frames: for each window one weight a frame, larger where it says most.

    Weights are differences of the running sum, rounded: however many windows meet at a frame, adding their float32
    weights in order ends at 1 (128 times 1/128, added up, is already off by 1e-6). The squared weights of
    Gen-L-Video's least squares (its equation for v_{t-1,j}) are these, divided by their sum.
    """
    if kind not in get_args(Kind):
        raise ValueError(f"weights are {', '.join(get_args(Kind))}, not {kind!r}")
    shapes = [_shape(len(span), kind) for span in spans]
    total, running = np.zeros(n), np.zeros(n)
    for span, shape in zip(spans, shapes, strict=True):
        total[span.start : span.stop] += shape
    if not total.all():
        raise ValueError(f"no window covers frame {int(np.argmin(total))} of {n}")
    shares = []
    for span, shape in zip(spans, shapes, strict=True):
        here = slice(span.start, span.stop)
        before = (running[here] / total[here]).astype(np.float32)
        running[here] += shape
        shares.append((running[here] / total[here]).astype(np.float32) - before)
    return tuple(shares)


def _shape(size: int, kind: Kind) -> NDArray[np.float64]:
    """A window's weights before they are shared out: positive everywhere, so that a lone window has all of it."""
    middle = (np.arange(size) + 0.5) / size
    if kind == "flat":
        return np.ones(size)
    if kind == "falling":
        return 1 - middle
    if kind == "valley":  # next to nothing in the middle, where the windows beside it know a frame
        return np.maximum(abs(2 * np.arange(1, size + 1) / size - 1), 1e-6)
    return np.minimum(middle, 1 - middle) * 2 if kind == "triangle" else np.sin(np.pi * middle) ** 2


def plan(n: int, size: int, step: int, kind: Kind = "triangle", align: int = 1) -> Plan:
    """Overlapping windows over n frames with their weights."""
    return blend(windows(n, size, step, align), n, kind)


def blend(spans: Sequence[Span], n: int, kind: Kind = "triangle") -> Plan:
    """Any windows (such as `local`'s) as a plan."""
    return Plan(n, tuple(spans), weights(spans, n, kind))


def end_to_end(plans: Sequence[Plan]) -> tuple[Plan, tuple[Span, ...]]:
    """Several sequences laid end to end as one, and where each of them lies; no window reaches into a neighbour.

    Levels of several spans, of any lengths, are denoised together this way: concatenate their frames, co-denoise by
    this plan, and every model call is full however short the single spans are.
    """
    spans: list[Span] = []
    places: list[Span] = []
    start = 0
    for one in plans:
        spans += [Span(span.start + start, span.stop + start) for span in one.spans]
        places.append(Span(start, start + one.frames))
        start += one.frames
    return Plan(start, tuple(spans), tuple(w for one in plans for w in one.weights)), tuple(places)


def crossfade(spans: Sequence[Span], ramps: Sequence[int], n: int) -> Floats:
    """How much of each prompt a frame hears, [len(spans), n], summing to 1 at a frame (Gen-L-Video's interpolation).

    Neighbouring spans meet; ramps[i] frames, centred on the start of spans[i], lead from spans[i - 1] to spans[i].
    """
    heard = np.zeros((len(spans), n))
    frame = np.arange(n) + 0.5
    for index, (span, ramp) in enumerate(zip(spans, ramps, strict=True)):
        rise = np.clip((frame - span.start) / max(ramp, 1e-9) + 0.5, 0.0, 1.0) if index else np.ones(n)
        heard[:index] *= 1 - rise
        heard[index] = rise
    return heard.astype(np.float32)
