"""What the drawing stages hand one another: a shot's traits in, one StageState per frame out; plain numbers only.

World units and axes are the rig's: x right, y up. A puppet's joints are in units of its own height from the ground
point under it: x right, y up, and how far towards the viewer.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.toon import rig
from storyforge.backends.toon.colour import RGB, srgb

Array = NDArray[np.float32]
Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Traits:
    """What does not change in a shot: arrays as rig.TRAITS lays them out; None where nobody is."""

    place: Array
    characters: tuple[Array | None, ...]
    prop: Array | None


@dataclass(frozen=True)
class Place:
    """A place decoded: its name, where things stand in it (0..1), and the OKLab offset of its palette."""

    name: str
    layout: tuple[float, ...]
    tint: tuple[float, float, float]


@dataclass(frozen=True)
class Identity:
    """A character decoded; hashable, so that everything static about it is built once."""

    kind: str
    coat: RGB
    second: RGB
    wears: str
    wear: RGB
    marking: str
    height: float
    girth: float
    head: float
    ears: float
    limbs: float
    eyes: float
    age: float


@dataclass(frozen=True)
class PropIdentity:
    """A prop decoded."""

    kind: str
    colour: RGB
    size: float


@dataclass(frozen=True)
class PropState:
    """A prop in one frame: the world point it is held or stands by, and how it hangs."""

    who: PropIdentity
    x: float
    y: float
    depth: float
    scale: float  # world units per prop unit
    ground: float  # world y of its shadow
    tilt: float  # radians anticlockwise
    glow: float
    holder: int | None  # index in StageState.puppets of who holds it; None: on the ground or on its way
    facing: float = 0.0


@dataclass(frozen=True)
class Swing:
    """What follows the body on springs: angles in radians (positive to the right of the picture), flap in -1..1."""

    tail: tuple[float, float]  # root, tip
    ears: float  # perked
    sway: float  # of both ears to one side
    hair: float
    scarf: tuple[float, float]  # root, tip
    cape: tuple[float, float]  # shoulders, hem
    flap: float
    twitch: float  # of one ear, 0..1


@dataclass(frozen=True)
class Face:
    """What a face does: lids 0 shut .. 1 open, gaze -1..1, mouth 0..1 open, `purse` 0 wide .. 1 round."""

    lids: float
    gaze: tuple[float, float]
    mouth: float
    purse: float
    talking: float
    feelings: tuple[float, ...]  # as rig.FEELINGS
    brow: float = 0.0  # how far the brows are lifted by what is said, 0..1
    shut: float = 0.0  # how much a smile or a gasp keeps its lips together, so that nobody seems to speak: 0..1


@dataclass(frozen=True)
class Puppet:
    """One character in one frame: everything the art needs."""

    slot: int
    who: Identity
    x: float
    y: float  # of the ground point its joints are measured from (its own path: lifted when it flies)
    size: float  # world units per joint unit
    depth: float
    ground: float  # world y of the shadow
    joints: Doubles = field(repr=False)  # [JOINTS, 3]
    turn: float  # radians the body is turned: negative left, positive right
    head_turn: float
    head_roll: float  # radians anticlockwise
    head_nod: float  # -1 down .. 1 up
    foot_pitch: tuple[float, float]  # radians, toes down positive
    foot_turn: tuple[float, float]  # radians, as turn; a planted foot keeps its own while the body turns
    planted: tuple[bool, bool]
    squash: float  # 1 is usual; lower is flatter and wider
    breath: float  # -1..1
    face: Face
    swing: Swing
    actions: tuple[float, ...]  # as rig.ACTIONS
    held: PropState | None = None


@dataclass(frozen=True)
class Camera:
    """Where the frame's centre is in the world, log2 of magnification, and -1 low .. 1 high."""

    x: float
    y: float
    zoom: float
    angle: float


@dataclass(frozen=True)
class Shoulder:
    """Who is seen from behind at the edge of the frame: side -1 left, 1 right; opacity 0..1."""

    puppet: Puppet
    side: float
    opacity: float = 1.0


@dataclass(frozen=True)
class StageState:
    """One frame, ready to draw; puppets from back to front."""

    t: float  # seconds from the span's start
    place: Place
    time: tuple[float, ...]  # as rig.TIMES, sums to 1
    weather: tuple[float, ...]  # as rig.WEATHERS, sums to 1
    camera: Camera
    puppets: tuple[Puppet, ...]
    prop: PropState | None
    seed: int = 0
    shoulder: Shoulder | None = None


def _name(values: Array, names: tuple[str, ...]) -> str:
    return names[int(np.argmax(values))]


def identity(traits: Array) -> Identity:
    """Decodes a character's traits."""
    at = rig.CHARACTER_TRAITS.at
    build = (float(v) for v in np.clip(traits[at["build"]], 0.0, 1.0))
    return Identity(
        _name(traits[at["kind"]], rig.KINDS),
        srgb(traits[at["coat"]]),
        srgb(traits[at["second"]]),
        _name(traits[at["wears"]], rig.WEARS),
        srgb(traits[at["wear_colour"]]),
        _name(traits[at["marking"]], rig.MARKINGS),
        *build,
    )


def prop_identity(traits: Array) -> PropIdentity:
    """Decodes a prop's traits."""
    at = rig.PROP_TRAITS.at
    size = float(np.clip(traits[at["size"]][0], 0.0, 1.0))
    return PropIdentity(_name(traits[at["prop"]], rig.PROPS), srgb(traits[at["colour"]]), size)


def place(traits: Array) -> Place:
    """Decodes a place's traits."""
    at = rig.PLACE_TRAITS.at
    layout = tuple(float(v) for v in np.clip(traits[at["layout"]], 0.0, 1.0))
    light, a, b = (float(v) for v in traits[at["tint"]])
    return Place(_name(traits[at["place"]], rig.PLACES), layout, (light, a, b))
