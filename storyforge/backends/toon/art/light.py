"""The light that falls on characters and props: one multiply and one add for every colour they are painted with."""

from dataclasses import dataclass

from storyforge.backends.toon.art.hues import AIRS, HOURS, LAMPS
from storyforge.backends.toon.art.palette import palette
from storyforge.backends.toon.state import StageState

RGB = tuple[float, float, float]


@dataclass(frozen=True)
class Light:
    """Call it with a colour to light it; rim: RGB of bright edges, shadow: RGBA on the ground, side: -1 sun at left."""

    multiply: RGB
    add: RGB
    rim: RGB
    shadow: tuple[float, float, float, float]
    side: float
    night: float

    def __call__(self, colour: tuple[float, ...]) -> tuple[float, ...]:
        (mr, mg, mb), (ar, ag, ab) = self.multiply, self.add
        r, g, b = colour[0] * mr + ar, colour[1] * mg + ag, colour[2] * mb + ab
        return (r if r < 1.0 else 1.0, g if g < 1.0 else 1.0, b if b < 1.0 else 1.0, *colour[3:])


def light(state: StageState) -> Light:
    """The light on the characters of a stage state; equal states give equal lights."""
    shades = palette(state.place.name, state.time, state.weather, state.place.tint)
    night = shades.times["night"]
    multiply, add, rim = [0.0] * 3, [0.0] * 3, [0.0] * 3
    for name, share in shades.times.items():
        hour = HOURS[name]
        for i in range(3):
            multiply[i] += share * hour[0][i]
            add[i] += share * hour[1][i]
            rim[i] += share * hour[2][i]
    for i in range(3):
        multiply[i] *= sum(share * AIRS[name][i] for name, share in shades.weathers.items())
    if state.place.name in LAMPS:
        lamp_multiply, lamp_add = LAMPS[state.place.name]
        share = 1.0 if state.place.name == "cave" else 0.75 * shades.glow
        multiply = [m * (1 - share) + v * share for m, v in zip(multiply, lamp_multiply, strict=True)]
        add = [m * (1 - share) + v * share for m, v in zip(add, lamp_add, strict=True)]
    deep = shades["ground_low-"]
    shadow = (deep[0] * 0.45, deep[1] * 0.45, deep[2] * 0.55, 0.34 - 0.06 * night)
    side = 1.0 if state.place.layout[1] >= 0.5 else -1.0
    return Light(_rgb(multiply), _rgb(add), _rgb(rim), shadow, side, night)


def _rgb(values: list[float]) -> RGB:
    return values[0], values[1], values[2]
