"""Headroom: how far a camera on one of several must rise, or stand back, so that nobody's head is cut off."""

from storyforge.backends.toon import anatomy, rig
from storyforge.backends.toon.motion import firm
from storyforge.backends.toon.settings import SIT, SLEEP, Mark, Rows, Setting, column, focuses, view

SIZES = ("full", "medium")  # closer, a face is meant to fill the frame; wider, everybody is in it
OVER = 1.35  # half heights of a head from its middle to the tips of its ears
INSIDE = 0.97  # of half the frame: where heads end
LOW = 0.3  # of half the frame below its middle: how low a face may come when a medium shot's camera rises


def company(told: Setting) -> tuple[Mark, ...]:
    """Those whose heads must be whole: two or three who are told where to be, in a full or medium shot."""
    some = tuple(mark for mark in told.marks if mark.at is not None and mark.shape is not None)
    thing = told.prop is not None and told.framing.on == told.prop.key
    return some if len(some) > 1 and told.framing.shot in SIZES and not thing else ()


def risen(told: Setting, rows: Rows, ref: int) -> tuple[float, bool]:
    """World units that the camera of row `ref` has to rise, and whether all heads are whole then.

    Who sits is reckoned standing, so that nobody's head is lost when he stands up; where he stays seated, his chin must
    be in the frame, too (a set-up's camera is where it is for all its shots).
    """
    x, y, zoom, _ = view(told, rows)[ref]
    wide = told.width / 2 * 2.0**-zoom
    high = wide / told.framing.aspect
    up, down, aside = [], [], 0.0
    for mark in company(told):
        lies = not told.framing.setup and firm(rows[ref, column(mark.slot, "action", SLEEP)]) > 0.5
        seen = focuses(told, rows[ref : ref + 1], standing=not lies)[mark.slot - 1]
        if seen is None or mark.who is None or mark.shape is None:
            continue
        size = anatomy.height(mark.who) * rig.scale(float(rows[ref, column(mark.slot, "depth")]))
        up.append(float(seen.head[0]) + OVER * mark.shape.head_y * size - (y + INSIDE * high))
        low = seen.feet[0] if told.framing.shot == "full" else seen.head[0] + LOW * high
        down.append(float(low) - (y - (INSIDE * high if told.framing.shot == "full" else 0.0)))
        if not told.framing.setup and firm(rows[ref, column(mark.slot, "action", SIT)]) > 0.5:
            seated = focuses(told, rows[ref : ref + 1], standing=False)[mark.slot - 1]
            chin = float(seated.head[0]) - mark.shape.head_y * size if seated is not None else y
            down.append(chin - (y - INSIDE * high))
        aside = max(aside, (abs(float(seen.face[0]) - x) + mark.shape.head_x * size) / wide)
    needed = max(0.0, *up)
    most = max(0.0, min(down))
    return min(needed, most), needed <= most and aside <= 1.0
