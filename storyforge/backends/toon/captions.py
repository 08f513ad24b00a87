"""Captions: the facts of a script put into words, in the forms that production composes and many that people write."""

import random
from functools import cache
from typing import Any

from storyforge.backends.toon.vocabulary import vocabulary

Facts = dict[str, Any]

NAMES = (
    "Ember",
    "Mara",
    "Tom",
    "Lily",
    "Oskar",
    "Moth",
    "Bruno",
    "Finn",
    "Ada",
    "Nils",
    "Pip",
    "Rosa",
    "Captain",
    "Otto",
    "Juniper",
    "Hugo",
    "Wren",
    "Bram",
    "Iris",
    "Sam",
    "Anna",
    "Peter",
    "Luna",
    "Max",
    "Nora",
    "Emil",
    "Clara",
    "Leo",
)
THINGS = (
    "stairs",
    "fire",
    "sea",
    "door",
    "window",
    "table",
    "tree",
    "rocks",
    "moon",
    "stars",
    "road",
    "bridge",
    "wall",
    "gate",
    "water",
    "wind",
    "house",
    "boat",
    "chair",
    "path",
    "light",
    "sky",
    "sun",
    "grass",
    "garden",
    "old bench",
    "hill",
)
ADJECTIVES = (
    "old",
    "quiet",
    "small",
    "great",
    "lonely",
    "green",
    "white",
    "dark",
    "wide",
    "far",
    "deep",
    "bright",
    "empty",
    "tall",
)
SHOT_WORDS = {
    "extreme-wide": ("extreme wide shot", "very wide shot", "extreme wide shot"),
    "wide": ("wide shot", "wide shot", "long shot"),
    "full": ("full shot", "full shot", "full body shot"),
    "medium": ("medium shot", "medium shot", "mid shot"),
    "close": ("close shot", "close shot", "close-up"),
    "extreme-close": ("extreme close shot", "extreme close shot", "extreme close-up"),
}
MOVE_WORDS = {
    "static": ("", "", "the camera is still"),
    "push-in": ("the camera pushes in", "the camera pushes in", "slow push in", "the camera moves closer"),
    "pull-out": ("the camera pulls out", "the camera pulls out", "pull back", "the camera moves away"),
    "pan-left": ("the camera pans left", "the camera pans left", "pan left"),
    "pan-right": ("the camera pans right", "the camera pans right", "pan right"),
    "tracking": ("the camera tracks", "the camera tracks", "tracking shot", "the camera follows"),
    "tilt-up": ("the camera tilts up", "the camera tilts up", "tilt up"),
}
AT_WORDS = {"far-left": "far left", "far-right": "far right"}
ELDERS = ("grandmother", "grandfather", "witch", "wizard")
ASIDES = (  # what descriptions also say and toon does not draw
    "with kind eyes",
    "with a torn wing",
    "who lives in the {place}",
    "from the {place}",
    "with a crooked smile",
    "with a loud voice",
    "who keeps the {thing}",
    "of the {place}",
    "with big hands",
    "who loves the {thing}",
)
ADVERBS = (
    "slowly",
    "quietly",
    "again",
    "for a while",
    "at last",
    "alone",
    "together",
    "gently",
    "now",
    "once more",
    "",
)
TAILS = {
    "walk": (
        "along the {thing}",
        "through the {place}",
        "to the {place}",
        "up the {thing}",
        "across the {place}",
        "home",
        "towards the {kind}",
        "with the {prop}",
        "down the {thing}",
        "the {prop}",
        "out of the {place}",
        "into the {place}",
    ),
    "run": (
        "through the {place}",
        "after the {kind}",
        "away from the {kind}",
        "to the {thing}",
        "across the {place}",
        "home",
    ),
    "jump": ("over the {thing}", "up and down", "with joy", "across the {thing}", "into the {place}"),
    "sit": (
        "on the ground",
        "by the {thing}",
        "beside the {kind}",
        "under the {thing}",
        "at the {thing}",
        "with the {prop}",
        "the {prop}",
        "a {prop}",
    ),
    "wave": ("to the {kind}", "at the {kind}", "from the {thing}", "goodbye", "the {prop}"),
    "dance": ("in the {place}", "with the {kind}", "around the {thing}", "under the {thing}"),
    "talk": ("to the {kind}", "with the {kind}", "about the {prop}", "about the {thing}", "the {kind}"),
    "sleep": ("under the {thing}", "by the {thing}", "in the {place}", "beside the {kind}"),
    "look": ("for the {prop}", "for the {kind}", "around the {place}", "at the {thing}", "at the {prop}", "the {kind}"),
    "give": ("the {held} to the {to}", "the {to} the {held}", "the {held}", "the {held} to the {to}"),
    "fly": ("over the {place}", "around the {thing}", "above the {thing}", "up into the sky", "towards the {prop}"),
    "idle": (
        "by the {thing}",
        "beside the {kind}",
        "in the {place}",
        "at the {thing}",
        "with the {prop}",
        "in front of the {thing}",
        "the {prop}",
        "a {prop}",
        "the {thing}",
        "the {kind}",
    ),
}


def _word(rng: random.Random, group: str, name: str) -> str:
    words: list[str] = vocabulary()[group][name]
    others = _neighbours().get(name)
    if others and rng.random() < 0.15:
        return rng.choice(others)
    return words[0] if rng.random() < 0.3 else rng.choice(words)


@cache
def _neighbours() -> dict[str, list[str]]:
    """Words of things that toon cannot draw, by the thing it draws instead."""
    out: dict[str, list[str]] = {}
    for word, name in vocabulary()["nearest"].items():
        out.setdefault(name, []).append(word)
    return out


def _fill(rng: random.Random, tail: str, facts: Facts) -> str:
    words = vocabulary()
    held = facts.get("holds")
    return tail.format(
        thing=rng.choice(THINGS),
        place=_word(rng, "places", rng.choice(list(words["places"]))),
        kind=_word(rng, "kinds", rng.choice(list(words["kinds"]))) if rng.random() < 0.7 else rng.choice(NAMES),
        prop=_word(rng, "props", held or rng.choice(list(words["props"]))),
        held=_word(rng, "props", held or "book"),
        to=_word(rng, "kinds", facts.get("to") or rng.choice(list(words["kinds"]))),
    )


def article(phrase: str, definite: bool) -> str:
    """The phrase with "the", "a" or "an" before it."""
    return f"the {phrase}" if definite else f"an {phrase}" if phrase[0] in "aeiou" else f"a {phrase}"


def _adjectives(rng: random.Random, facts: Facts, colour: str | None) -> str:
    build = vocabulary()["build"]
    traits = [trait for trait in ("height", "girth", "age", "ears") if trait in facts]
    out = [rng.choice(build[trait][1 if facts[trait] == "high" else 0]) for trait in traits]
    if "marking" in facts:
        out.append(_word(rng, "markings", facts["marking"]))
    rng.shuffle(out)
    if colour:
        out.append(colour)
    return " ".join(out)


def _noun(rng: random.Random, facts: Facts) -> str:
    """A word for a kind that says nothing of the build that is not so: no "old man" who is not old."""
    word = _word(rng, "kinds", facts["kind"])
    first = word.split()[0]
    for trait, (low, high) in vocabulary()["build"].items():
        if (first in low and facts.get(trait) != "low") or (first in high and facts.get(trait) != "high"):
            return str(facts["kind"])
    return str(facts["kind"]) if word in ELDERS and facts.get("age") != "high" else word


def description(rng: random.Random, facts: Facts) -> tuple[str, str]:
    """Who a character is, and what it wears: ("a small orange fox", "a blue scarf" or "")."""
    kind = _noun(rng, facts)
    coat = _word(rng, "colours", facts["coat"]) if "coat" in facts else None
    tail = ""
    if "hair" in facts:
        tail = f" with {_word(rng, 'colours', facts['hair'])} hair"
    elif coat and rng.random() < 0.12:
        tail, coat = f" with {coat} {'feathers' if facts['kind'] in ('owl', 'bird') else 'fur'}", None
    adjectives = _adjectives(rng, facts, coat)
    noun = f"{adjectives} {kind}".strip()
    who = article(noun, rng.random() < 0.25)
    if rng.random() < 0.15:
        who = rng.choice(
            (f"{rng.choice(NAMES)}, {who}", f"{who} called {rng.choice(NAMES)}", f"{rng.choice(NAMES)} the {noun}")
        )
    if rng.random() < 0.15:
        tail += " " + rng.choice(ASIDES).format(
            thing=rng.choice(THINGS), place=rng.choice(list(vocabulary()["places"]))
        )
    worn = ""
    if "wears" in facts:
        colour = _word(rng, "colours", facts["wear_colour"]) if "wear_colour" in facts else ""
        what = f"{colour} {_word(rng, 'wears', facts['wears'])}".strip()
        worn = what if facts["wears"] == "glasses" else article(what, rng.random() < 0.1)
    return who + tail, worn


def who(rng: random.Random, facts: Facts) -> str:
    """A cast sheet's caption: "a small orange fox, wearing a blue scarf."."""
    described, worn = description(rng, facts)
    if not worn:
        return described + "."
    return (
        f"{described}{rng.choice((', wearing ', ', wearing ', ' wearing ', ' in ', ' with ', ', dressed in '))}{worn}."
    )


def _ing(verb: str) -> str:
    head, _, rest = verb.partition(" ")
    stem = (
        head[:-3] + "y"
        if head.endswith("ies")
        else head[:-2]
        if head.endswith(("shes", "ches", "sses", "xes"))
        else head[:-1]
    )
    if stem.endswith("e") and not stem.endswith("ee"):
        stem = stem[:-1]
    elif stem in ("sit", "run", "step", "stop", "nap", "spin", "skip", "hop", "chat", "flap", "snap"):
        stem += stem[-1]
    return f"{stem}ing {rest}".strip()


def does(rng: random.Random, facts: Facts) -> str:
    """The action as a verb phrase in the third person: "runs through the forest"."""
    action = facts["action"]
    verb = _word(rng, "actions", action)
    if rng.random() < 0.08 and verb.split()[0].endswith("s"):
        verb = "is " + _ing(verb)
    out = verb
    if (action == "give" and rng.random() < 0.85) or rng.random() < 0.55:
        out = f"{verb} {_fill(rng, rng.choice(TAILS[action]), facts)}"
    if rng.random() < 0.07:  # the first verb is the one that is acted
        out = f"{out} and {_word(rng, 'actions', rng.choice(list(vocabulary()['actions'])))}"
    if rng.random() < 0.2:
        adverb = rng.choice(ADVERBS)
        out = f"{adverb} {out}" if adverb.endswith("ly") and rng.random() < 0.4 else f"{out} {adverb}".strip()
    return out


def character(rng: random.Random, facts: Facts, described: str) -> str:
    """One character in one shot; `described` is its cast sheet's caption, without the full stop."""
    told = [f"{described}. {does(rng, facts)}."]
    if "feels" in facts:
        told.append(f"{rng.choice(('feeling ', 'feeling ', 'feeling ', ''))}{_word(rng, 'feelings', facts['feels'])}.")
    if "at" in facts:
        told.append(f"at the {AT_WORDS.get(facts['at'], facts['at'])}.")
    if "faces" in facts:
        told.append(f"facing {facts['faces']}.")
    if "holds" in facts:
        colour = f"{rng.choice(list(vocabulary()['colours']))} " if rng.random() < 0.3 else ""
        told.append(f"holding {article(colour + _word(rng, 'props', facts['holds']), rng.random() < 0.3)}.")
    if facts.get("talking"):
        told.append("talking.")
    if facts.get("focus"):
        told.append("in focus.")
    return " ".join(told)


def place(rng: random.Random, facts: Facts) -> str:
    """A place's description: "a white lighthouse on a cliff above the sea"."""
    words = vocabulary()["places"]
    noun = _word(rng, "places", facts["place"])
    if rng.random() < 0.5:
        noun = f"{rng.choice(ADJECTIVES)} {noun}"
    out = article(noun, rng.random() < 0.4) if rng.random() < 0.9 else noun
    if rng.random() < 0.3:
        joint = rng.choice(("by", "near", "above", "beside", "at the edge of", "not far from", "on", "in", "of"))
        other = rng.choice(THINGS) if rng.random() < 0.5 else _word(rng, "places", rng.choice(list(words)))
        out = f"{out} {joint} the {other}"
    return out


def scene(rng: random.Random, facts: Facts, described: str) -> str:
    """One shot's place, light and camera; `described` is its place's description."""
    time, weather = _word(rng, "times", facts["time"]), _word(rng, "weathers", facts["weather"])
    camera = [rng.choice(SHOT_WORDS[facts["shot"]])]
    if facts["angle"] != "level":
        camera.append(f"{facts['angle']} angle")
    move = rng.choice(MOVE_WORDS[facts["move"]])
    if move:
        camera.append(move)
    told = [f"{described}.", f"{time}, {weather}.", f"{', '.join(camera)}."]
    if rng.random() < 0.15:
        told.insert(0, told.pop(rng.randrange(1, 3)))
    return " ".join(told)


def prop_description(rng: random.Random, facts: Facts) -> str:
    """A prop's description: "a brass lantern with green glass" is "a yellow lantern" to toon."""
    noun = _word(rng, "props", facts["prop"])
    if "colour" in facts:
        noun = f"{_word(rng, 'colours', facts['colour'])} {noun}"
    if "size" in facts:
        noun = f"{rng.choice(vocabulary()['build']['height'][1 if facts['size'] == 'high' else 0])} {noun}"
    out = article(noun, rng.random() < 0.3)
    if rng.random() < 0.12:
        out += f" with {rng.choice(list(vocabulary()['colours']))} {rng.choice(('glass', 'edges', 'paint', 'ribbons'))}"
    return out


def prop(rng: random.Random, facts: Facts, described: str) -> str:
    """One prop in one shot: who holds it, by slot, or that it lies on the ground."""
    where = {1: "held by the first character", 2: "held by the second character", 3: "held by the third character"}
    return f"{described}. {where.get(facts.get('held', 0), 'on the ground')}."
