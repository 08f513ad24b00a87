"""The rig: toon's latent, one row of slow controls per frame, and the traits that never change in a shot.

A frame's row is [scene | character 1 | character 2 | character 3 | prop], CHANNELS floats in natural units: what a
puppeteer holds (where, how much of which action, feeling, gaze, camera). What swings (gait, blinks, breath, mouths,
tails) is the decoder's. Traits (kind, colours, build) come from a cast sheet and are not in the row.

World units: the width of the frame at zoom 0 is 1, x to the right, y up, the frame's centre at camera (0, 0).
A character stands on the ground line of its depth: y = GROUND_NEAR at depth 0, GROUND_FAR at depth 1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

KINDS = (
    "fox", "rabbit", "bear", "cat", "dog", "mouse", "owl", "bird", "moth", "frog",
    "girl", "boy", "woman", "man", "robot", "dragon",
)  # fmt: skip
WEARS = ("nothing", "scarf", "hat", "coat", "dress", "cape", "glasses")
MARKINGS = ("plain", "spots", "stripes", "patch")
PLACES = (
    "meadow", "forest", "village", "city", "room", "castle",
    "beach", "lighthouse", "mountain", "lake", "desert", "cave",
)  # fmt: skip
PROPS = ("lantern", "book", "ball", "flower", "key", "letter", "basket", "umbrella")
TIMES = ("morning", "day", "evening", "night")
WEATHERS = ("clear", "rain", "snow", "fog", "storm")
ACTIONS = ("idle", "walk", "run", "jump", "sit", "wave", "dance", "talk", "sleep", "look", "give", "fly")
FEELINGS = ("happy", "sad", "angry", "afraid", "surprised")
SHOTS = ("extreme-wide", "wide", "full", "medium", "close", "extreme-close")
MOVES = ("static", "push-in", "pull-out", "pan-left", "pan-right", "tracking", "tilt-up")
BUILD = ("height", "girth", "head", "ears", "limbs", "eyes", "age")  # each 0..1, 0.5 is usual

CHARACTERS = 3
SLOTS = 1 + CHARACTERS + 1  # scene, characters, prop

ZOOMS = {  # log2 of magnification over the wide shot
    "extreme-wide": -0.4, "wide": 0.0, "full": 0.6, "medium": 1.3, "close": 2.1, "extreme-close": 2.7,
}  # fmt: skip

GROUND_NEAR, GROUND_FAR = -0.215, -0.115
BODY = 0.25  # height of a character of height trait 0.5 at depth 0
DEPTH_SHRINK = 0.3  # a character at depth 1 is drawn 1 - DEPTH_SHRINK as tall


@dataclass(frozen=True)
class Layout:
    """Names of consecutive channels; `at["x"]` is a slice."""

    fields: tuple[tuple[str, int], ...]

    @property
    def width(self) -> int:
        return sum(n for _, n in self.fields)

    @property
    def at(self) -> dict[str, slice]:
        out, start = {}, 0
        for name, n in self.fields:
            out[name] = slice(start, start + n)
            start += n
        return out


SCENE = Layout((
    ("time", len(TIMES)),  # weights that sum to 1; between two times the light blends
    ("weather", len(WEATHERS)),  # weights that sum to 1
    ("on", CHARACTERS),  # how much the camera is on (and follows) each character, 0..1, sum <= 1
    ("camera", 2),  # x, y in widths of the frame, added to whom the camera is on: sum(on * focus) + camera / 2^zoom
    ("zoom", 1),  # log2 of magnification, see ZOOMS
    ("angle", 1),  # -1 low (looks up), 0 level, 1 high
))  # fmt: skip
CHARACTER = Layout((
    ("present", 1),  # 0 or 1
    ("x", 1),
    ("depth", 1),  # 0 near .. 1 far
    ("lift", 1),  # height of the feet over the ground (flying, on a rock)
    ("facing", 1),  # -1 left .. 0 to us .. 1 right
    ("action", len(ACTIONS)),  # weights 0..1; "talk", "wave", "look", "give" may go with a leg action
    ("feeling", len(FEELINGS)),  # weights 0..1, all 0 is calm
    ("gaze", 2),  # where the eyes look, -1..1: right, up
))  # fmt: skip
PROP = Layout((
    ("present", 1),
    ("x", 1),
    ("depth", 1),
    ("lift", 1),
    ("held", CHARACTERS),  # how much each character holds it, 0..1; between two hands it is on its way
    ("glow", 1),  # a lit lantern
))  # fmt: skip

CHANNELS = SCENE.width + CHARACTERS * CHARACTER.width + PROP.width

CHARACTER_TRAITS = Layout((
    ("kind", len(KINDS)),  # one-hot
    ("coat", 3),  # OKLab of fur, feathers, shell; skin of people
    ("second", 3),  # OKLab of belly and markings; hair of people
    ("wears", len(WEARS)),  # one-hot
    ("wear_colour", 3),  # OKLab
    ("marking", len(MARKINGS)),  # one-hot
    ("build", len(BUILD)),
))  # fmt: skip
PLACE_TRAITS = Layout((
    ("place", len(PLACES)),  # one-hot
    ("layout", 6),  # 0..1: where things stand in this place; the same in each of its shots
    ("tint", 3),  # OKLab offset of the place's palette, small
))  # fmt: skip
PROP_TRAITS = Layout((
    ("prop", len(PROPS)),  # one-hot
    ("colour", 3),  # OKLab
    ("size", 1),  # 0..1
))  # fmt: skip
TRAITS = {"character": CHARACTER_TRAITS, "place": PLACE_TRAITS, "prop": PROP_TRAITS}


def slots(rows: Array) -> tuple[Array, list[Array], Array]:
    """Splits rows [..., CHANNELS] into scene, characters and prop views."""
    edges = np.cumsum([SCENE.width] + [CHARACTER.width] * CHARACTERS)
    parts = np.split(rows, edges, axis=-1)
    return parts[0], parts[1 : 1 + CHARACTERS], parts[-1]


def slot_slices() -> list[slice]:
    """Channel slice of each slot of a row, scene first, prop last."""
    widths = [SCENE.width] + [CHARACTER.width] * CHARACTERS + [PROP.width]
    stops = np.cumsum(widths)
    return [slice(int(stop - width), int(stop)) for stop, width in zip(stops, widths, strict=True)]


def field(slot: slice, layout: Layout, name: str) -> slice:
    """Channels of a named control within a whole row, given its slot's channels."""
    at = layout.at[name]
    return slice(slot.start + at.start, slot.start + at.stop)


def ground(depth: float) -> float:
    """World y of the ground under something at `depth`."""
    return GROUND_NEAR + (GROUND_FAR - GROUND_NEAR) * depth


def scale(depth: float) -> float:
    """How large something at `depth` is drawn, 1 at depth 0."""
    return 1.0 - DEPTH_SHRINK * depth


def one_hot(index: int, size: int) -> Array:
    """A float32 vector of zeros with a one at `index`."""
    out = np.zeros(size, np.float32)
    out[index] = 1.0
    return out
