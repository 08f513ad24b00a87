"""Estimates: how much work a render has before it."""

from collections.abc import Collection, Mapping, Sequence

from storyforge.backends import PANELS
from storyforge.production.choice import Choice, Needs
from storyforge.production.order import Order
from storyforge.production.record import Record
from storyforge.storyboard import Resolved


def estimate(
    record: Record, resolved: Resolved, chosen: Choice, order: Order, strides: Mapping[str, Sequence[int]],
    needs: Collection[Needs],
) -> float:  # fmt: skip
    """Seconds of a render with nothing in the store but the chosen takes; what else is there is counted out later."""
    laid_out = chosen.spans
    total = sum(len(needed.sheets) for needed in needs) * record.weight("cast")
    if order.until == "cast":
        return total
    shown = [shot for shot in resolved.shots if shot.shown is not None]
    panels = sum(len(needed.panels) for needed in needs)
    total += (panels + len(shown)) * record.weight("panels")
    if order.until == "panels":
        return total
    wanted = [shot for shot in resolved.shots if not order.only or shot.id in order.only]
    for span in laid_out:
        if any(shot in wanted and shot.id not in chosen.kept for shot in span.shots):
            rows = sum(len(range(0, span.covered, stride)) for stride in strides[span.renderer] if stride != PANELS)
            total += rows * record.weight("level")
    total += sum(shot.frames for shot in wanted) * record.weight("draw")
    if order.only:
        return total
    return total + resolved.frames * (record.weight("film") + (0.0 if order.silent else record.weight("sound")))
