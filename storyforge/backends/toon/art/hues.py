"""The palette's numbers: albedos of each place's roles, skies, lights and weathers. No other module names a colour.

ROLES[place][role] = (albedo, haze 0..1 by distance, how much of it snow covers 0..1).
"""

from collections.abc import Mapping
from dataclasses import dataclass

Role = tuple[str, float, float]
RGB = tuple[float, float, float]


@dataclass(frozen=True)
class Hour:
    """The light of a time of day: linear-light multipliers for the land and for grey skies, chroma, lamps lit, veil.

    The veil is how much of the sky's middle colour lies over everything, which ties land and sky together.
    """

    albedo: tuple[float, float, float]
    sky: tuple[float, float, float]
    chroma: float
    glow: float
    veil: float
    cool: float = 0.0  # OKLab b taken away, as moonlight does


@dataclass(frozen=True)
class Air:
    """What a weather does to the light: multiplier, chroma, power of the haze, lamps lit, wind 0..1."""

    light: tuple[float, float, float]
    chroma: float
    haze: float
    glow: float
    wind: float


LIGHTS = {
    "morning": Hour((1.04, 0.91, 0.80), (1.00, 0.86, 0.78), 1.0, 0.1, 0.05),
    "day": Hour((1.0, 1.0, 0.98), (1.0, 1.0, 1.0), 1.05, 0.0, 0.0),
    "evening": Hour((0.94, 0.70, 0.56), (0.70, 0.42, 0.46), 1.12, 0.8, 0.12),
    "night": Hour((0.13, 0.19, 0.38), (0.10, 0.13, 0.25), 0.75, 1.0, 0.2, 0.028),
}
INDOORS = {  # the light of lamps, fires and crystals, and how much of it there is by day and when lamps are lit
    "room": ((0.86, 0.60, 0.36), 0.12, 0.80),
    "cave": ((0.42, 0.50, 0.62), 0.55, 0.62),
}
OUTSIDE = {"hill", "far", "far2", "cloud", "leaf", "bird", "water", "water_far"}  # seen through windows and openings
WEATHERS = {
    "clear": Air((1.0, 1.0, 1.0), 1.0, 1.0, 0.0, 0.15),
    "rain": Air((0.66, 0.74, 0.80), 0.82, 1.35, 0.35, 0.4),
    "snow": Air((0.88, 0.92, 1.0), 0.85, 1.25, 0.25, 0.2),
    "fog": Air((0.88, 0.90, 0.92), 0.70, 3.2, 0.35, 0.05),
    "storm": Air((0.42, 0.48, 0.58), 0.78, 1.3, 0.6, 1.0),
}
SKIES = {  # zenith, middle, horizon
    "morning": ("#6fb1dc", "#bcd9e0", "#ffd9b0"),
    "day": ("#3f97de", "#83c4f0", "#d9f0fa"),
    "evening": ("#46428c", "#d0698a", "#ffb56e"),
    "night": ("#0d1746", "#1c2f6b", "#415c98"),
}
SUN = {  # height in world units, radius, disc, glow
    "morning": (0.075, 0.040, (1.0, 0.95, 0.78), (1.0, 0.86, 0.62)),
    "day": (0.205, 0.036, (1.0, 0.97, 0.82), (1.0, 0.97, 0.80)),
    "evening": (0.045, 0.050, (1.0, 0.86, 0.58), (1.0, 0.66, 0.40)),
}
MOON, MOON_SHADE, MOON_GLOW = (0.97, 0.96, 0.88), (0.87, 0.88, 0.86), (0.62, 0.72, 1.0)
OVERCAST = {
    "rain": ("#7d90a4", "#a3b2be", "#c2ccd1"),
    "snow": ("#a9b9cd", "#ccd7e2", "#e8edf2"),
    "fog": ("#bcc8cf", "#cfd8db", "#dfe4e4"),
    "storm": ("#4a566c", "#66758a", "#93a1a8"),
}
SKY_SHIFT = {"desert": (0.0, 0.006, 0.02), "mountain": (-0.01, -0.004, -0.012), "city": (0.0, 0.004, 0.006)}
LITS = {
    "window": "#ffd98c", "lamp": "#ffe9ae", "fire": "#ffb347", "crystal": "#8ff0e6", "crystal2": "#c9a6ff",
}  # fmt: skip

HOURS: Mapping[str, tuple[RGB, RGB, RGB]] = {  # on characters: multiply, add, rim: sRGB
    "morning": ((1.0, 0.95, 0.88), (0.02, 0.01, 0.0), (1.0, 0.90, 0.70)),
    "day": ((1.0, 1.0, 0.99), (0.0, 0.0, 0.0), (1.0, 0.99, 0.92)),
    "evening": ((0.95, 0.80, 0.74), (0.03, 0.0, 0.02), (1.0, 0.72, 0.42)),
    "night": ((0.66, 0.68, 0.85), (0.02, 0.02, 0.055), (0.66, 0.78, 1.0)),
}
AIRS: Mapping[str, RGB] = {
    "clear": (1.0, 1.0, 1.0), "rain": (0.88, 0.92, 0.96), "snow": (0.96, 0.98, 1.02), "fog": (0.95, 0.96, 0.97),
    "storm": (0.78, 0.83, 0.92),
}  # fmt: skip
LAMPS: Mapping[str, tuple[RGB, RGB]] = {  # what lamps, fires and crystals do by night: multiply, add
    "room": ((1.0, 0.86, 0.70), (0.02, 0.0, 0.0)),
    "cave": ((0.70, 0.76, 0.92), (0.01, 0.03, 0.05)),
}
MIRRORS = {"water": 0.38, "water_far": 0.55, "shallow": 0.25, "pool": 0.1}  # how much sky a water shows

ROLES: dict[str, dict[str, Role]] = {
    "common": {
        "cloud": ("#ffffff", 0.18, 0.0), "far": ("#7ea7bd", 0.62, 0.3), "far2": ("#86b09a", 0.45, 0.5),
        "ground": ("#9bcb69", 0.0, 0.92), "ground_low": ("#6ea64c", 0.0, 0.8), "path": ("#e6d3a3", 0.0, 0.6),
        "grass": ("#5f9f49", 0.0, 0.35), "leaf": ("#5fa557", 0.06, 0.45), "leaf2": ("#86b84f", 0.06, 0.45),
        "trunk": ("#7b5a45", 0.05, 0.1), "pine": ("#3f7f63", 0.08, 0.5), "stone": ("#a9a8a6", 0.03, 0.4),
        "wood": ("#b98e65", 0.03, 0.3), "red": ("#e4624d", 0.0, 0.1), "yellow": ("#ffcf56", 0.0, 0.1),
        "white": ("#fff7e8", 0.0, 0.1), "violet": ("#9c83d3", 0.0, 0.1), "pink": ("#f2a0b0", 0.0, 0.1),
        "fore": ("#2f5a43", 0.0, 0.12), "fore2": ("#3d6d49", 0.0, 0.15), "water": ("#58a9c9", 0.12, 0.0),
        "water_far": ("#86bfd6", 0.4, 0.0), "foam": ("#f6fcff", 0.05, 0.0), "window": ("#5d7f99", 0.05, 0.0),
        "lamp": ("#f3ead2", 0.0, 0.0), "iron": ("#454b57", 0.05, 0.2), "bird": ("#54606e", 0.25, 0.0),
        "smoke": ("#e9e6e2", 0.25, 0.0), "sail": ("#fff3e2", 0.15, 0.0),
    },
    "meadow": {
        "far": ("#7fa8c4", 0.55, 0.3), "far2": ("#83b58f", 0.36, 0.6), "hill": ("#8fc06c", 0.18, 0.85),
        "ground": ("#a5d16c", 0.0, 0.92), "ground_low": ("#6fac4d", 0.0, 0.8), "wood": ("#d2ac83", 0.03, 0.3),
    },
    "forest": {
        "far": ("#7fae97", 0.52, 0.2), "far2": ("#5f977a", 0.34, 0.2), "mid": ("#487f62", 0.18, 0.2),
        "leaf": ("#4f9355", 0.06, 0.35), "leaf2": ("#74a94c", 0.06, 0.35), "trunk": ("#6b4d40", 0.06, 0.1),
        "ground": ("#83ab5b", 0.0, 0.85), "ground_low": ("#54803f", 0.0, 0.75), "fore": ("#24483a", 0.0, 0.1),
        "path": ("#c6ae82", 0.0, 0.6), "ray": ("#fff3c4", 0.0, 0.0),
    },
    "village": {
        "far": ("#80a9bf", 0.55, 0.3), "far2": ("#8ab888", 0.34, 0.6), "wall": ("#f4e3c3", 0.06, 0.0),
        "wall2": ("#f0c9a2", 0.06, 0.0), "wall3": ("#cfdcd9", 0.06, 0.0), "roof": ("#cf6a4c", 0.06, 0.85),
        "roof2": ("#a9574f", 0.06, 0.85), "roof3": ("#6b7f95", 0.06, 0.85), "door": ("#5f8a8b", 0.04, 0.0),
        "path": ("#e9d6ab", 0.0, 0.55),
    },
    "city": {
        "far": ("#93aac6", 0.6, 0.0), "far2": ("#8196b4", 0.36, 0.0), "wall": ("#d98f72", 0.05, 0.0),
        "wall2": ("#e8cfa4", 0.05, 0.0), "wall3": ("#8fa9b8", 0.05, 0.0), "wall4": ("#c5776f", 0.05, 0.0),
        "trim": ("#fbefd9", 0.04, 0.2), "roof": ("#6a6478", 0.05, 0.8), "awning": ("#4f9d94", 0.03, 0.3),
        "awning2": ("#e2655a", 0.03, 0.3), "door": ("#4d5f7c", 0.04, 0.0), "ground": ("#cdc5bc", 0.0, 0.85),
        "ground_low": ("#8e8a93", 0.0, 0.7), "kerb": ("#e8e0d4", 0.0, 0.6), "fore": ("#3a4256", 0.0, 0.1),
        "grass": ("#a8a097", 0.0, 0.3),
    },
    "room": {
        "wall": ("#eecfa6", 0.0, 0.0), "wall2": ("#e6c194", 0.0, 0.0), "panel": ("#b98f78", 0.0, 0.0),
        "trim": ("#fbf0dd", 0.0, 0.0), "ground": ("#cf9a68", 0.0, 0.0), "ground_low": ("#a8714a", 0.0, 0.0),
        "rug": ("#c8574f", 0.0, 0.0), "rug2": ("#f1d9a8", 0.0, 0.0), "curtain": ("#d9705f", 0.0, 0.0),
        "sofa": ("#5f97a0", 0.0, 0.0), "shelf": ("#93674a", 0.0, 0.0), "book1": ("#4f8a8b", 0.0, 0.0),
        "book2": ("#d9924e", 0.0, 0.0), "book3": ("#8a6aa5", 0.0, 0.0), "hearth": ("#7c6a66", 0.0, 0.0),
        "dark": ("#3d3238", 0.0, 0.0), "fore": ("#6a4034", 0.0, 0.0), "hill": ("#8fc06c", 0.25, 0.85),
        "fire": ("#e2803c", 0.0, 0.0),
    },
    "castle": {
        "far": ("#87a9c0", 0.55, 0.3), "far2": ("#8fb38f", 0.36, 0.6), "wall": ("#c3b8ae", 0.12, 0.05),
        "wall2": ("#d3c8b8", 0.05, 0.05), "wall3": ("#b3a8a5", 0.05, 0.05), "roof": ("#5f7aa6", 0.08, 0.85),
        "roof2": ("#a8505a", 0.08, 0.85), "gate": ("#6c5246", 0.03, 0.0), "dark": ("#5a5260", 0.05, 0.0),
        "banner": ("#c94d53", 0.03, 0.0), "banner2": ("#f0c35d", 0.03, 0.0), "ground": ("#d2c4a9", 0.0, 0.88),
        "ground_low": ("#a3937d", 0.0, 0.75), "grass": ("#8fa866", 0.0, 0.4), "fore": ("#4c4a58", 0.0, 0.15),
        "fire": ("#8d5a3c", 0.0, 0.0),
    },
    "beach": {
        "far": ("#7fb0bd", 0.5, 0.2), "far2": ("#7fb894", 0.3, 0.3), "water": ("#45b5c4", 0.06, 0.0),
        "water_far": ("#4a9fc8", 0.25, 0.0), "shallow": ("#9fe0d6", 0.0, 0.0), "wet": ("#d9bd8d", 0.0, 0.3),
        "ground": ("#f6dfac", 0.0, 0.8), "ground_low": ("#e3bd80", 0.0, 0.7), "grass": ("#a3ad62", 0.0, 0.3),
        "palm": ("#4f9c62", 0.03, 0.3), "trunk": ("#a87f5c", 0.03, 0.2),
        "fore": ("#7d8a4f", 0.0, 0.2), "fore2": ("#98a35a", 0.0, 0.2), "path": ("#fdeec8", 0.0, 0.5),
    },
    "lighthouse": {
        "far": ("#8fb0c2", 0.55, 0.2), "water": ("#3f93b5", 0.10, 0.0), "water_far": ("#4f94bd", 0.3, 0.0),
        "tower": ("#fbf4e6", 0.03, 0.0), "band": ("#d5564b", 0.03, 0.0), "roof": ("#b24a44", 0.03, 0.7),
        "wall": ("#f3e7cf", 0.04, 0.0), "cliff": ("#a08f84", 0.10, 0.2), "cliff2": ("#86786f", 0.05, 0.2),
        "ground": ("#98c070", 0.0, 0.9), "ground_low": ("#6b9a4f", 0.0, 0.8), "fore": ("#3a6350", 0.0, 0.12),
        "path": ("#e2d2ab", 0.0, 0.6),
    },
    "mountain": {
        "far": ("#8fa8cf", 0.45, 0.2), "far2": ("#7f94b8", 0.28, 0.3), "mid": ("#6f93a0", 0.16, 0.4),
        "snow": ("#f7fbff", 0.22, 0.0), "hill": ("#7fa77c", 0.12, 0.8), "pine": ("#44806b", 0.08, 0.5),
        "ground": ("#a3bd7c", 0.0, 0.92), "ground_low": ("#77935d", 0.0, 0.8), "stone": ("#a5a6ad", 0.02, 0.5),
        "path": ("#d8cdb4", 0.0, 0.6), "fore": ("#4a5566", 0.0, 0.35), "fore2": ("#5c6878", 0.0, 0.4),
    },
    "lake": {
        "far": ("#84a9c6", 0.5, 0.3), "far2": ("#6f9f94", 0.3, 0.4), "hill": ("#5f9370", 0.18, 0.5),
        "water": ("#5fa9c7", 0.08, 0.0), "water_far": ("#8fc3d8", 0.3, 0.0), "reed": ("#7c9a4c", 0.0, 0.3),
        "reedhead": ("#8a5f43", 0.0, 0.2), "lily": ("#6cab5e", 0.0, 0.2), "ground": ("#9dc76f", 0.0, 0.92),
        "ground_low": ("#689a4c", 0.0, 0.8), "wood": ("#b48a66", 0.02, 0.5),
    },
    "desert": {
        "far": ("#c9926f", 0.5, 0.2), "far2": ("#dba673", 0.32, 0.4), "dune": ("#eebb78", 0.16, 0.7),
        "dune2": ("#f3c681", 0.06, 0.8), "ground": ("#f6d493", 0.0, 0.85), "ground_low": ("#dda560", 0.0, 0.75),
        "cactus": ("#5f9c6e", 0.03, 0.2), "stone": ("#c08a66", 0.04, 0.4), "grass": ("#c2a45c", 0.0, 0.3),
        "fore": ("#8d5f4a", 0.0, 0.2), "fore2": ("#557f5c", 0.0, 0.2), "path": ("#fae3b0", 0.0, 0.5),
        "bone": ("#fdf3dd", 0.0, 0.1),
    },
    "cave": {
        "far": ("#7d88ae", 0.12, 0.0), "far2": ("#656b94", 0.0, 0.0), "wall": ("#534f78", 0.0, 0.0),
        "wall2": ("#433e62", 0.0, 0.0), "ground": ("#8a7f99", 0.0, 0.0), "ground_low": ("#5a5070", 0.0, 0.0),
        "pool": ("#4f93a8", 0.0, 0.0), "crystal": ("#69cfc8", 0.0, 0.0), "crystal2": ("#a58be0", 0.0, 0.0),
        "hill": ("#8fc06c", 0.3, 0.8), "fore": ("#28243f", 0.0, 0.0), "fore2": ("#332e4d", 0.0, 0.0),
        "grass": ("#6f6d85", 0.0, 0.0), "moss": ("#6f9a72", 0.0, 0.0), "path": ("#a59ab0", 0.0, 0.0),
    },
}  # fmt: skip
