"""The colours of one character: coat, markings, clothes, eyes, each with its tone in shade and its line."""

import zlib
from functools import lru_cache

from storyforge.backends.toon import anatomy
from storyforge.backends.toon.art.light import Light
from storyforge.backends.toon.colour import RGB, mix, oklab, shade
from storyforge.backends.toon.state import Identity

SHIRTS: tuple[RGB, ...] = (
    (0.85, 0.42, 0.36), (0.36, 0.55, 0.72), (0.90, 0.70, 0.34), (0.45, 0.62, 0.45), (0.62, 0.46, 0.66),
    (0.86, 0.82, 0.74), (0.32, 0.50, 0.53), (0.80, 0.52, 0.56),
)  # fmt: skip
TROUSERS: tuple[RGB, ...] = (
    (0.28, 0.34, 0.47), (0.45, 0.37, 0.32), (0.36, 0.40, 0.36), (0.56, 0.48, 0.40), (0.33, 0.30, 0.38),
)  # fmt: skip
IRISES: dict[str, tuple[RGB, ...]] = {
    "cat": ((0.55, 0.68, 0.28), (0.85, 0.66, 0.20), (0.38, 0.62, 0.62)),
    "owl": ((0.93, 0.66, 0.16),), "frog": ((0.90, 0.70, 0.22),), "dragon": ((0.93, 0.72, 0.22), (0.62, 0.75, 0.30)),
    "robot": ((0.25, 0.72, 0.80), (0.95, 0.62, 0.25)), "moth": ((0.36, 0.28, 0.45),), "mouse": ((0.24, 0.17, 0.16),),
    "bird": ((0.30, 0.22, 0.20),), "bear": ((0.38, 0.24, 0.15),), "rabbit": ((0.42, 0.26, 0.18),),
}  # fmt: skip
COMMON: tuple[RGB, ...] = ((0.40, 0.26, 0.16), (0.45, 0.31, 0.18), (0.31, 0.50, 0.62), (0.36, 0.52, 0.36))
FIXED: dict[str, RGB] = {
    "white": (1.0, 0.99, 0.965), "dark": (0.17, 0.125, 0.145), "maw": (0.43, 0.13, 0.17), "tongue": (0.90, 0.47, 0.47),
    "beak": (0.95, 0.68, 0.26), "claw": (0.96, 0.90, 0.78), "pink": (0.94, 0.60, 0.60), "gold": (0.93, 0.74, 0.32),
    "steel": (0.62, 0.66, 0.70), "shoe": (0.36, 0.25, 0.21), "lens": (0.82, 0.92, 0.96), "lamp": (1.0, 0.55, 0.35),
}  # fmt: skip


PLAIN = Light((1.0, 1.0, 1.0), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.10, 0.10, 0.12, 0.30), -1.0, 0.0)


def number(who: Identity) -> int:
    """A number that is the same for the same character in every look, for what no trait decides."""
    return zlib.crc32(repr((who.kind, who.coat, who.second)).encode())


def _line(colour: RGB) -> RGB:
    light = oklab(colour)[0]
    return shade(colour, -0.2 if light > 0.45 else -0.1 - 0.22 * max(light - 0.2, 0.0), 0.95)


def _ink(colour: RGB) -> RGB:
    """What a mouth or a brow is drawn in on a face of this colour: dark on light, light on dark."""
    light = oklab(colour)[0]
    return mix(shade(colour, -0.36, 0.8), FIXED["dark"], 0.45) if light > 0.44 else shade(colour, 0.24, 0.8)


@lru_cache(maxsize=256)
def look(who: Identity) -> dict[str, RGB]:
    """Every colour of a character by plain daylight, by name."""
    seed = number(who)
    person = who.kind in anatomy.PERSON
    coat, second = who.coat, who.second
    if not person and who.age > 0.72:
        coat = mix(coat, (0.86, 0.85, 0.84), 0.9 * (who.age - 0.72))
    shirt, trousers = SHIRTS[seed % len(SHIRTS)], TROUSERS[seed // 8 % len(TROUSERS)]
    irises = IRISES.get(who.kind, COMMON)
    base: dict[str, RGB] = {
        "coat": coat, "second": second, "wear": who.wear, "shirt": shirt, "trousers": trousers,
        "muzzle": _muzzle(who, coat, second), "iris": irises[seed // 64 % len(irises)], **FIXED,
    }  # fmt: skip
    base["beak"] = mix(FIXED["beak"], coat, 0.12)
    base["ear"] = mix(mix(coat, second, 0.45), FIXED["pink"], 0.45)
    base["tip"] = shade(coat, -0.24, 0.7) if oklab(coat)[0] > 0.4 else shade(coat, 0.16)
    base["blush"] = mix(coat, (0.95, 0.42, 0.40), 0.38)
    base["flap"] = shade(coat, -0.11, 0.95) if oklab(coat)[0] > 0.35 else shade(coat, 0.08)
    base["brow"] = shade(second, -0.1) if person else _ink(coat)
    if person and abs(oklab(base["brow"])[0] - oklab(coat)[0]) < 0.12:
        base["brow"] = shade(coat, -0.25)
    base["lips"] = mix(shade(coat, -0.2), (0.70, 0.22, 0.22), 0.5) if person else _ink(base["muzzle"])
    base["lid"] = shade(coat, -0.045)
    toned = dict(base)
    for name in (
        "coat",
        "second",
        "wear",
        "shirt",
        "trousers",
        "muzzle",
        "beak",
        "gold",
        "steel",
        "shoe",
        "tip",
        "flap",
    ):
        toned[name + "-"] = shade(base[name], -0.065, 1.04)
        toned[name + "+"] = shade(base[name], 0.055, 0.98)
        toned[name + "|"] = _line(base[name])
    toned["coat="], toned["second="] = shade(coat, -0.1, 1.0), shade(second, -0.09, 1.0)
    toned["far"] = shade(coat, -0.04, 1.0)
    toned["ink"] = _ink(coat)
    toned["rim"] = shade(coat, -0.18, 0.9)
    toned["mark"] = second if abs(oklab(coat)[0] - oklab(second)[0]) > 0.14 else shade(coat, -0.14)
    return toned


@lru_cache(maxsize=256)
def lit(who: Identity, light: Light) -> dict[str, RGB]:
    """Every colour of a character under a light, by name."""
    return {name: rgb(light, colour) for name, colour in look(who).items()}


def rgb(light: Light, colour: RGB) -> RGB:
    """A colour under a light."""
    r, g, b = light(colour)[:3]
    return r, g, b


def _muzzle(who: Identity, coat: RGB, second: RGB) -> RGB:
    if who.kind in anatomy.PERSON:
        return coat
    if abs(oklab(coat)[0] - oklab(second)[0]) < 0.07:
        return shade(second, 0.07)
    return mix(coat, second, 0.8)
