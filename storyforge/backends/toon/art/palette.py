"""Every colour of the places: albedos by place, skies by time, and how time, weather, haze and tint light them.

A role's colour in a frame is its albedo multiplied by the light of the hour and the weather (linear light), covered by
snow where it lies open to the sky, shifted by the place's tint and mixed with the horizon's colour by its distance.
Each role has three tones: `name`, `name-` (in shade) and `name+` (towards the sun).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from storyforge.backends.toon.art.hues import (
    INDOORS,
    LIGHTS,
    LITS,
    MIRRORS,
    OUTSIDE,
    OVERCAST,
    ROLES,
    SKIES,
    SKY_SHIFT,
    WEATHERS,
)
from storyforge.backends.toon.colour import FROM_LAB, FROM_LMS, TO_LAB, TO_LMS
from storyforge.backends.toon.rig import TIMES
from storyforge.backends.toon.rig import WEATHERS as WEATHER_NAMES

RGB = tuple[float, float, float]
Floats = NDArray[np.float64]

TONES = {"-": (-0.075, 0.004, -0.014), "": (0.0, 0.0, 0.0), "+": (0.055, -0.002, 0.016)}  # OKLab offsets by day
STEPS = 64  # weights are rounded to 1/STEPS, so that a palette lasts a shot
SNOW_WHITE = "#f4f7fb"


@dataclass(frozen=True)
class Palette:
    """The colours of one place at one hour and weather; `sky` is three RGB rows from the zenith to the horizon."""

    colours: Mapping[str, RGB]
    sky: Floats
    haze: RGB
    times: Mapping[str, float]
    weathers: Mapping[str, float]
    glow: float  # how much of the lamps is lit, 0..1
    kept: dict[object, object] = field(default_factory=dict)  # gradients made of these colours

    def __getitem__(self, role: str) -> RGB:
        return self.colours[role]


def linear(code: str) -> Floats:
    """Linear-light RGB of '#rrggbb'."""
    encoded = np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.asarray(np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4))


def to_lab(rgb: Floats) -> Floats:
    """Linear RGB [..., 3] to OKLab."""
    return np.asarray(np.cbrt(rgb @ TO_LMS.T) @ TO_LAB.T)


def from_lab(lab: Floats) -> Floats:
    """OKLab [..., 3] to sRGB 0..1, clipped."""
    light = np.clip((lab @ FROM_LAB.T) ** 3 @ FROM_LMS.T, 0.0, 1.0)
    return np.asarray(np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055))


def weights(given: Sequence[float]) -> tuple[float, ...]:
    """The weights in steps of 1/STEPS, summing to 1, small ones dropped; all on the first where all are small."""
    soft = np.clip((np.array(given) - 0.05) / 0.9, 0.0, 1.0)
    if soft.sum() < 1e-6:
        soft[0] = 1.0
    steps = np.round(soft / soft.sum() * STEPS)
    return tuple(float(v) for v in steps / steps.sum())


def palette(
    place: str, time: Sequence[float], weather: Sequence[float], tint: Sequence[float] = (0.0, 0.0, 0.0)
) -> Palette:
    """The palette of a place; the same object for (nearly) the same weights of rig.TIMES and rig.WEATHERS.

    tint: an OKLab offset.
    """
    rounded = tuple(round(float(v), 3) for v in tint)
    return _palette(place, weights(time), weights(weather), rounded)


@lru_cache(maxsize=16)
def _table(place: str) -> tuple[list[str], Floats, Floats, Floats]:
    """Role names of a place, their linear albedo [n, 3], haze [n] and openness to snow [n]."""
    roles = {**ROLES["common"], **ROLES[place]}
    albedo = np.stack([linear(code) for code, _, _ in roles.values()])
    haze, snow = (np.array([row[i] for row in roles.values()], np.float64) for i in (1, 2))
    return list(roles), albedo, haze, snow


def _sky(place: str, times: Floats, weathers: Floats) -> Floats:
    """OKLab rows [3, 3] of the sky from zenith to horizon."""
    clear = sum(w * to_lab(np.stack([linear(c) for c in SKIES[t]])) for t, w in zip(TIMES, times, strict=True))
    sky = np.asarray(clear) + np.asarray(SKY_SHIFT.get(place, (0.0, 0.0, 0.0)))
    grey = np.zeros((3, 3))
    cover = 0.0
    for name, share in zip(WEATHER_NAMES, weathers, strict=True):
        if share > 0 and name in OVERCAST:
            rows = np.stack([linear(c) for c in OVERCAST[name]])
            lit = sum(w * to_lab(rows * np.asarray(LIGHTS[t].sky)) for t, w in zip(TIMES, times, strict=True))
            grey, cover = grey + share * np.asarray(lit), cover + share
    return np.asarray(sky * (1 - 0.93 * cover) + 0.93 * grey)


@lru_cache(maxsize=64)
def _palette(place: str, times: tuple[float, ...], weathers: tuple[float, ...], tint: tuple[float, ...]) -> Palette:
    names, albedo, haze, snow = _table(place)
    time, weather = dict(zip(TIMES, times, strict=True)), dict(zip(WEATHER_NAMES, weathers, strict=True))
    sky = _sky(place, np.array(times), np.array(weathers)) + 0.5 * np.array(tint)
    glow = sum(w * LIGHTS[n].glow for n, w in time.items()) + sum(w * WEATHERS[n].glow for n, w in weather.items())
    glow = min(max(glow, 0.8 if place == "cave" else 0.0), 1.0)
    cover = (snow * weather["snow"])[:, None]
    lab = _lit(place, names, albedo * (1 - cover) + linear(SNOW_WHITE) * cover, time, weather, glow, sky[1])
    mirror = np.array([[MIRRORS.get(name, 0.0)] for name in names])
    lab = lab * (1 - mirror) + (0.7 * sky[1] + 0.3 * sky[2]) * mirror + np.array(tint)
    thick = sum(w * WEATHERS[name].haze for name, w in weather.items())
    mist = (1.0 - (1.0 - haze) ** thick)[:, None]
    air = 0.45 * sky[1] + 0.55 * sky[2]
    colours: dict[str, RGB] = {}
    strength = 0.55 + 0.45 * (1 - time["night"])  # tones lie closer together in the dark
    for suffix, offset in TONES.items():
        rows = from_lab((lab + strength * np.array(offset)) * (1 - mist) + air * mist)
        colours |= {name + suffix: _rgb(row) for name, row in zip(names, rows, strict=True)}
    for name in LITS.keys() & set(names):
        _light_up(colours, name, LITS[name], glow)
    return Palette(colours, from_lab(sky), _rgb(from_lab(air)), time, weather, glow)


def _lit(
    place: str,
    names: list[str],
    albedo: Floats,
    time: Mapping[str, float],
    weather: Mapping[str, float],
    glow: float,
    veil: Floats,
) -> Floats:
    """OKLab [n, 3] of linear albedos [n, 3] in the light of the hour, the weather and, inside, the lamps."""
    shade = np.asarray(sum(w * np.array(WEATHERS[name].light) for name, w in weather.items()))
    shade = shade ** (1 - 0.6 * time["night"])  # clouds take little from the dark, else nothing could be seen
    chroma = float(sum(w * WEATHERS[name].chroma for name, w in weather.items()))
    lamp, dim, bright = INDOORS.get(place, ((0.0, 0.0, 0.0), 0.0, 0.0))
    share = (dim + (bright - dim) * glow) * np.array([[float(place in INDOORS and n not in OUTSIDE)] for n in names])
    lab = np.zeros_like(albedo)
    for name, weight in time.items():
        hour = LIGHTS[name]
        outside = to_lab(albedo * np.array(hour.albedo) * shade) * (1.0, hour.chroma * chroma, hour.chroma * chroma)
        outside -= (0.0, 0.0, hour.cool)
        lab += weight * (outside * (1 - hour.veil) + veil * hour.veil)
    return np.asarray(lab * (1 - share) + to_lab(albedo * np.array(lamp)) * share)


def _light_up(colours: dict[str, RGB], name: str, code: str, glow: float) -> None:
    """Mixes a lamp's unlit colours with its light."""
    lit = _rgb(from_lab(to_lab(linear(code))))
    for suffix, share in (("-", 0.86), ("", 1.0), ("+", 1.0)):
        dark = colours[name + suffix]
        mixed = [d * (1 - glow) + v * share * glow for d, v in zip(dark, lit, strict=True)]
        colours[name + suffix] = (mixed[0], mixed[1], mixed[2])


def _rgb(row: Floats) -> RGB:
    return float(row[0]), float(row[1]), float(row[2])
