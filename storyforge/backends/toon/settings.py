"""Settings: what prompts say of staging, as the rig's channels have it, and where its camera will be."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.base import EntityPrompt, Framing, Prompt
from storyforge.backends.toon import anatomy, rig
from storyforge.backends.toon.art.view import View
from storyforge.backends.toon.camera import Focus, follow, look
from storyforge.backends.toon.motion import firm
from storyforge.backends.toon.state import Identity, identity

Array = NDArray[np.float32]
Rows = NDArray[np.float64]  # [rows, CHANNELS]

SIT, SLEEP = rig.ACTIONS.index("sit"), rig.ACTIONS.index("sleep")
ORDINALS = ("first", "second", "third")


@dataclass(frozen=True)
class Mark:
    """One character's staging: its slot 1..3, its entity without the look, and what it is told."""

    slot: int
    entity: str
    who: Identity | None
    at: float | None
    faces: float | None

    @property
    def shape(self) -> anatomy.Body | None:
        return None if self.who is None else anatomy.body(self.who)


@dataclass(frozen=True)
class Setting:
    """The staging of a stretch of rows: framing, who is there, the prop, and who is told to hold it."""

    framing: Framing
    marks: tuple[Mark, ...]
    prop: EntityPrompt | None
    holder: int | None  # a slot, 0 for nobody, None where there is no prop
    back: float = 0.0  # how much less the camera magnifies than its shot's size asks for, log2

    @property
    def on(self) -> Mark | None:
        """The character that the camera is on."""
        return next((mark for mark in self.marks if mark.entity == self.framing.on), None)

    @property
    def width(self) -> float:
        """Of the frame in world units at zoom 0."""
        view = View(round(1024 * self.framing.aspect), 1024)
        return view.width / view.unit

    @property
    def zoom(self) -> float:
        return rig.ZOOMS[self.framing.shot] - self.back

    @property
    def half(self) -> float:
        """Half the frame in world units."""
        return float(self.width / 2 * 2.0**-self.zoom)


def column(slot: int, name: str, index: int = 0) -> int:
    """The channel of a control of a slot."""
    layout = rig.SCENE if slot == 0 else rig.PROP if slot == rig.SLOTS - 1 else rig.CHARACTER
    return int(rig.slot_slices()[slot].start + layout.at[name].start + index)


def setting(prompt: Prompt, people: Mapping[str, Array]) -> Setting | None:
    """What a prompt says of staging; None when it says nothing of a camera."""
    if prompt.framing is None:
        return None
    cast = [entity for entity in prompt.entities if entity.kind == "character"][: rig.CHARACTERS]
    marks = tuple(
        Mark(slot, one.key.split("@")[0], identity(people[one.key]) if one.key in people else None, one.at, one.faces)
        for slot, one in enumerate(cast, 1)
        if one.text
    )
    prop = next((one for one in prompt.entities if one.kind == "prop" and one.text), None)
    holder = next((i for i, word in enumerate(ORDINALS, 1) if prop and f"held by the {word} character" in prop.text), 0)
    return Setting(prompt.framing, marks, prop, holder if prop else None)


def focuses(told: Setting, rows: Rows, standing: bool) -> list[Focus | None]:
    out: list[Focus | None] = [None] * rig.CHARACTERS
    for mark in told.marks:
        if mark.who is None or mark.shape is None:
            continue
        x, depth, lift, facing = (rows[:, column(mark.slot, name)] for name in ("x", "depth", "lift", "facing"))
        size = anatomy.height(mark.who) * (1.0 - rig.DEPTH_SHRINK * depth)
        feet = rig.GROUND_NEAR + (rig.GROUND_FAR - rig.GROUND_NEAR) * depth + np.maximum(lift, -0.02)
        action = column(mark.slot, "action")
        sit, sleep = (0.0 * size if standing else firm(rows[:, action + i]) for i in (SIT, SLEEP))
        out[mark.slot - 1] = follow(mark.who.kind, mark.shape, x, feet, size, facing, sit, sleep)
    return out


def view(told: Setting, rows: Rows, standing: bool = False) -> Rows:
    """Where the camera will be, [rows, 4] x, y, zoom, angle."""
    scene = rows[:, rig.slot_slices()[0]]
    return look(scene, focuses(told, rows, standing), np.zeros(len(rows)), 0)
