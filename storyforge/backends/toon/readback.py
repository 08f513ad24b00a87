"""Reads facts back from rig rows and traits: what bench toon compares with what the captions said."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.toon import rig
from storyforge.backends.toon.vocabulary import colour_name

Array = NDArray[np.float32]


def _choice(row: Array, layout: rig.Layout, field: str, names: tuple[str, ...]) -> str:
    return names[int(row[layout.at[field]].argmax())]


def traits_facts(traits: Array, kind: str) -> dict[str, str]:
    """Kind, colours and clothes of a sheet, or the place, or the prop and its colour."""
    at = rig.TRAITS[kind].at
    if kind == "place":
        return {"place": rig.PLACES[int(traits[at["place"]].argmax())]}
    if kind == "prop":
        return {"prop": rig.PROPS[int(traits[at["prop"]].argmax())], "colour": colour_name(traits[at["colour"]])}
    return {
        "kind": rig.KINDS[int(traits[at["kind"]].argmax())],
        "coat": colour_name(traits[at["coat"]]),
        "hair": colour_name(traits[at["second"]]),
        "wears": rig.WEARS[int(traits[at["wears"]].argmax())],
        "wear_colour": colour_name(traits[at["wear_colour"]]),
        "marking": rig.MARKINGS[int(traits[at["marking"]].argmax())],
    }


def scene_facts(rows: Array) -> dict[str, str]:
    """Time, weather, shot size and camera move of a shot's rows [frames, CHANNELS], in order of time."""
    scene = rig.slots(rows)[0]
    middle = scene[len(scene) // 2]
    at = rig.SCENE.at
    zoom = float(np.median(scene[:, at["zoom"]]))
    angle = float(middle[at["angle"]][0])
    return {
        "time": _choice(middle, rig.SCENE, "time", rig.TIMES),
        "weather": _choice(middle, rig.SCENE, "weather", rig.WEATHERS),
        "shot": min(rig.SHOTS, key=lambda name: abs(rig.ZOOMS[name] - zoom)),
        "angle": "low" if angle < -0.5 else "high" if angle > 0.5 else "level",
        "move": camera_move(scene),
    }


def camera_move(scene: Array) -> str:
    """The move of a shot from its scene channels: the largest change against what the smallest real move makes."""
    at = rig.SCENE.at
    zoom, camera = scene[:, at["zoom"]][:, 0], scene[:, at["camera"]]
    change = {
        "zoom": float(zoom[-1] - zoom[0]) / 0.3,
        "across": float(camera[-1, 0] - camera[0, 0]) / 0.2,
        "up": float(camera[-1, 1] - camera[0, 1]) / 0.14,
    }
    name = max(change, key=lambda n: abs(change[n]))
    if abs(change[name]) < 0.4:
        return "static"
    if name == "zoom":
        return "push-in" if change[name] > 0 else "pull-out"
    if name == "up":
        return "tilt-up"
    return "pan-right" if change[name] > 0 else "pan-left"


def character_facts(row: Array, slot: int) -> dict[str, str]:
    """What one character does and feels in one row, its side, and whether the camera is on it.

    Talking beside another action does not hide it.
    """
    scene, characters, _ = rig.slots(row)
    character = characters[slot - 1]
    actions = character[rig.CHARACTER.at["action"]].copy()
    talk = rig.ACTIONS.index("talk")
    others = np.delete(np.arange(len(actions)), talk)
    action = rig.ACTIONS[int(others[actions[others].argmax()])] if actions[others].max() > 0.45 else "talk"
    feelings = character[rig.CHARACTER.at["feeling"]]
    return {
        "action": action,
        "feels": rig.FEELINGS[int(feelings.argmax())] if feelings.max() > 0.5 else "",
        "faces": "left" if character[rig.CHARACTER.at["facing"]][0] < 0 else "right",
        "focus": str(bool(scene[rig.SCENE.at["on"]][slot - 1] > 0.5)),
    }


def agree(said: Mapping[str, Any], read: Mapping[str, str], name: str) -> bool | None:
    """Whether a fact came out as it was said; None where nothing was said of it."""
    if name not in said:
        return None
    wanted = str(said[name])
    if name == "move" and wanted == "tracking":  # the camera is on whoever moves, which is `on`, not a move of its own
        return read[name] == "static"
    return read[name] == wanted
