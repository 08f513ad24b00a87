"""Who and what the procedural world is peopled with: traits of characters, props and places, and their facts."""

import random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.toon import rig
from storyforge.backends.toon.vocabulary import COLOUR_NAMES, COLOURS, SPREAD

Array = NDArray[np.float32]
Facts = dict[str, Any]

PEOPLE = ("girl", "boy", "woman", "man")
NATURAL = {  # colours of a kind when nobody says
    "fox": ("orange", "orange", "brown"), "rabbit": ("brown", "grey", "white"), "bear": ("brown", "brown", "black"),
    "cat": ("grey", "orange", "black", "white"), "dog": ("brown", "white", "yellow"), "mouse": ("grey", "brown"),
    "owl": ("brown", "grey"), "bird": ("blue", "red", "brown"), "moth": ("grey", "white", "yellow"),
    "frog": ("green",), "robot": ("grey", "blue"), "dragon": ("green", "red"),
}  # fmt: skip
SKIN = ((0.86, 0.025, 0.04), (0.78, 0.035, 0.055), (0.66, 0.04, 0.065), (0.52, 0.04, 0.06), (0.42, 0.035, 0.045))
HAIR = ("black", "brown", "brown", "yellow", "orange")
HEIGHT = {
    "mouse": 0.2, "moth": 0.15, "bird": 0.22, "frog": 0.2, "rabbit": 0.35, "cat": 0.35, "owl": 0.35, "fox": 0.45,
    "dog": 0.45, "girl": 0.45, "boy": 0.45, "robot": 0.6, "bear": 0.8, "woman": 0.68, "man": 0.75, "dragon": 0.85,
}  # fmt: skip
PROP_COLOURS = {
    "lantern": ("yellow", "green"), "book": ("brown", "red", "blue"), "ball": ("red", "blue", "yellow"),
    "flower": ("red", "yellow", "pink"), "key": ("yellow", "grey"), "letter": ("white",), "basket": ("brown",),
    "umbrella": ("red", "blue", "black"),
}  # fmt: skip


def paint(rng: random.Random, name: str) -> Array:
    """One paint of a named colour, OKLab."""
    noise = np.array([rng.gauss(0, 1) for _ in range(3)], np.float32)
    return np.asarray(np.array(COLOURS[name], np.float32) + np.clip(noise, -2, 2) * SPREAD, np.float32)


def near(rng: random.Random, value: float, spread: float) -> float:
    """A value in 0..1 around another."""
    return min(1.0, max(0.0, rng.gauss(value, spread)))


def _colours(rng: random.Random, kind: str, facts: Facts) -> tuple[Array, Array]:
    """Coat and second colour (skin and hair of people); facts["coat"] or ["hair"] is the one that is said."""
    if kind in PEOPLE:
        skin = np.array(rng.choice(SKIN), np.float32) + np.array([rng.gauss(0, 0.01) for _ in range(3)], np.float32)
        said = rng.random() < 0.25
        hair = rng.choice(COLOUR_NAMES if said and rng.random() < 0.5 else HAIR)
        if facts.get("age") == "high" and not said:
            hair = rng.choice(("grey", "white"))
        if said:
            facts["hair"] = hair
        return np.asarray(skin, np.float32), paint(rng, hair)
    said = rng.random() < 0.6
    name = rng.choice(COLOUR_NAMES if said and rng.random() < 0.7 else NATURAL[kind])
    if said:
        facts["coat"] = name
    coat = paint(rng, name)
    light = rng.random() < 0.75
    second = paint(rng, "white") if light else coat * np.array([0.8, 1.0, 1.0], np.float32)
    return coat, np.asarray(second, np.float32)


def _wears(rng: random.Random, kind: str, facts: Facts) -> tuple[str, Array]:
    """What is worn and its colour; facts["wears"] when it is said."""
    if rng.random() < 0.55:
        wears = rng.choice(rig.WEARS[1:])
        facts["wears"] = wears
        colour = rng.choice(COLOUR_NAMES)
        if rng.random() < 0.8:
            facts["wear_colour"] = colour
    else:
        usual = {"girl": ("dress", "nothing"), "woman": ("dress", "coat"), "man": ("coat", "nothing")}
        wears = rng.choice(usual.get(kind, ("nothing",)))
        colour = rng.choice(COLOUR_NAMES[:8])
    return wears, paint(rng, colour)


def character(rng: random.Random, kind: str | None = None) -> tuple[Array, Facts]:
    """Traits of one character and the facts that a description of it may say."""
    kind = kind or rng.choice(rig.KINDS)
    facts: Facts = {"kind": kind}
    build = {name: near(rng, 0.5, 0.16) for name in rig.BUILD}
    build["height"], build["age"] = near(rng, HEIGHT[kind], 0.06), near(rng, 0.35, 0.08)
    for trait, chance, step in (("height", 0.3, 0.22), ("girth", 0.12, 0.38), ("ears", 0.06, 0.4), ("age", 0.2, 0.5)):
        if rng.random() < chance:
            high = rng.random() < (0.7 if trait == "age" else 0.5)
            facts[trait] = "high" if high else "low"
            low_step = 0.25 if trait == "age" else step
            build[trait] = min(1.0, max(0.0, build[trait] + (step if high else -low_step)))
    coat, second = _colours(rng, kind, facts)
    wears, wear_colour = _wears(rng, kind, facts)
    marking = "plain"
    if kind not in PEOPLE and rng.random() < 0.3:
        marking = rng.choice(rig.MARKINGS[1:])
        if rng.random() < 0.6:
            facts["marking"] = marking
    at = rig.CHARACTER_TRAITS.at
    out = np.zeros(rig.CHARACTER_TRAITS.width, np.float32)
    out[at["kind"]] = rig.one_hot(rig.KINDS.index(kind), len(rig.KINDS))
    out[at["coat"]], out[at["second"]], out[at["wear_colour"]] = coat, second, wear_colour
    out[at["wears"]] = rig.one_hot(rig.WEARS.index(wears), len(rig.WEARS))
    out[at["marking"]] = rig.one_hot(rig.MARKINGS.index(marking), len(rig.MARKINGS))
    out[at["build"]] = [build[name] for name in rig.BUILD]
    return out, facts


def prop(rng: random.Random) -> tuple[Array, Facts]:
    """Traits of one prop and the facts that a description of it may say."""
    name = rng.choice(rig.PROPS)
    facts: Facts = {"prop": name}
    said = rng.random() < 0.6
    colour = rng.choice(COLOUR_NAMES if said and rng.random() < 0.7 else PROP_COLOURS[name])
    if said:
        facts["colour"] = colour
    size = near(rng, 0.5, 0.12)
    if rng.random() < 0.2:
        high = rng.random() < 0.5
        facts["size"] = "high" if high else "low"
        size = min(1.0, max(0.0, size + (0.35 if high else -0.35)))
    at = rig.PROP_TRAITS.at
    out = np.zeros(rig.PROP_TRAITS.width, np.float32)
    out[at["prop"]] = rig.one_hot(rig.PROPS.index(name), len(rig.PROPS))
    out[at["colour"]], out[at["size"]] = paint(rng, colour), size
    return out, facts


def place(rng: random.Random) -> tuple[Array, Facts]:
    """Traits of one place and its name."""
    name = rng.choice(rig.PLACES)
    at = rig.PLACE_TRAITS.at
    out = np.zeros(rig.PLACE_TRAITS.width, np.float32)
    out[at["place"]] = rig.one_hot(rig.PLACES.index(name), len(rig.PLACES))
    out[at["layout"]] = [rng.random() for _ in range(6)]
    out[at["tint"]] = [max(-2.0, min(2.0, rng.gauss(0, 1))) * s for s in (0.02, 0.01, 0.01)]
    return out, {"place": name}
