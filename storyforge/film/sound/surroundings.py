"""What a place sounds like at a time of day and in a weather: words of the storyboard -> layers, each with its dB."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log10

Layers = Mapping[str, float]  # layer (of textures or calls) -> dB of full scale: RMS, of calls while they last

LOUDEST = -30.0  # dB: no surroundings are louder than this, all their layers together
NEARBY = -9.0  # dB: what a place is by, as against what it is ("a cottage by the sea")
QUIET: Layers = {"hush": -46.0}  # where no word says what it sounds like


@dataclass(frozen=True)
class Place:
    """What is heard at a place: always, while it is light and in the dark. indoors: weather is heard through walls."""

    always: Layers
    light: Layers = field(default_factory=dict)
    dark: Layers = field(default_factory=dict)
    indoors: bool = False


PLACES: Mapping[str, Place] = {
    "sea": Place({"waves": -32, "breeze": -44}, {"gulls": -43}),
    "forest": Place({"leaves": -39, "breeze": -46}, {"birds": -40}, {"crickets": -46, "owl": -40}),
    "meadow": Place({"breeze": -42, "leaves": -47}, {"birds": -41}, {"crickets": -43}),
    "village": Place({"breeze": -43}, {"birds": -45, "hens": -43, "bell": -45}, {"crickets": -46, "bell": -48}),
    "city": Place({"city": -34}, {}, {}),
    "room": Place({"room": -44, "clock": -44}, indoors=True),
    "castle": Place({"hall": -43, "fire": -39, "embers": -38}, indoors=True),
    "lake": Place({"lapping": -36, "breeze": -45}, {"birds": -44}, {"crickets": -46, "frogs": -45}),
    "stream": Place({"stream": -34, "leaves": -46}, {"birds": -43}, {"crickets": -47}),
    "desert": Place({"desert": -36}, {}, {"crickets": -50}),
    "mountain": Place({"gale": -38}),
    "cave": Place({"cave": -40, "drips": -36}, indoors=True),
    "fire": Place({"fire": -40, "embers": -38}),
}

PLACE_WORDS: Mapping[str, str] = {
    "sea": "sea ocean beach shore seashore seaside coast sands bay island cove lagoon lighthouse cliff headland "
    "harbour harbor pier dock quay wharf clifftop ship deck boat waves surf port estuary reef sailing",
    "forest": "forest wood woods woodland grove jungle clearing glade treehouse trees thicket rainforest",
    "meadow": "meadow field grassland pasture hill hillside park garden countryside farm orchard moor heath valley "
    "hilltop prairie farmyard backyard graveyard playground wilderness yard cemetery lawn vineyard campsite camp",
    "village": "village hamlet town market marketplace square cottage lane road crossroads mill stable bakery hut barn "
    "churchyard",
    "city": "city street avenue skyline station railway alley rooftops rooftop roof bridge highway warehouse garage "
    "bus airport factory stadium downtown traffic",
    "room": "room kitchen bedroom hall house library cafe café office shop school classroom attic stairs study inn "
    "parlour parlor lounge hallway corridor cabin home workshop laboratory bathroom store bookshop tavern pub nursery "
    "apartment lobby studio cell carriage museum hotel hospital restaurant theatre bar flat",
    "castle": "castle palace tower fortress courtyard throne ruins ballroom cathedral mansion chapel lookout church "
    "temple monastery",
    "lake": "lake pond lakeside marsh oasis moat swamp",
    "stream": "river stream riverbank waterfall brook creek bank ferry fountain",
    "desert": "desert dunes canyon wasteland plain plains dune moon",
    "mountain": "mountain peak pass ridge rocks summit gorge ravine tundra steppe glacier volcano sky",
    "cave": "cave cavern grotto mine tunnel den burrow cellar dungeon basement crypt",
    "fire": "fire campfire bonfire fireplace hearth fireside",
}  # fmt: skip

WEATHER_WORDS: Mapping[str, str] = {
    "storm": "storm stormy thunderstorm thunder tempest lightning hurricane",
    "snow": "snow snowy snowing snowfall blizzard icy frost frosty sleet",
    "rain": "rain rainy raining drizzle showers shower wet pouring",
    "fog": "fog foggy mist misty haze hazy",
    "wind": "wind windy wild breeze breezy gale gusty blustery",
}

TIME_WORDS: Mapping[str, str] = {
    "morning": "morning dawn sunrise daybreak",
    "evening": "evening dusk sunset twilight nightfall",
    "night": "night midnight moonlight stars moonlit",
    "day": "day noon midday afternoon daytime daylight",
}

BESIDE = re.compile(r"\b(by|near|above|beside|over|overlooking|along|next|at|in|on)\b")
HEARD_FROM_AFAR = ("sea", "stream", "lake", "city", "forest")
ALIVE = ("birds", "gulls", "crickets", "owl", "hens", "frogs")

DAYLIGHT: Mapping[str, Mapping[str, float]] = {  # how much louder or softer than the table a time's callers are
    "morning": {"light": 1.5, "dark": -99},
    "day": {"light": 0.0, "dark": -99},
    "evening": {"light": -6.0, "dark": -5.0},
    "night": {"light": -99, "dark": 0.0},
}

OUTSIDE: Mapping[str, tuple[Layers, float, float]] = {  # weather: what it adds, what beds and what creatures gain
    "rain": ({"rain": -34}, 0, -99),
    "storm": ({"downpour": -33, "gale": -33}, 2, -99),
    "snow": ({"hush": -40, "breeze": -48}, -5, -99),
    "fog": ({}, -3, -6),
    "wind": ({"gale": -35}, 1, -4),
}
INSIDE: Mapping[str, Layers] = {
    "rain": {"roof": -40}, "storm": {"roof": -36, "draught": -37}, "snow": {"hush": -47}, "fog": {},
    "wind": {"draught": -38},
}  # fmt: skip


def kinds(text: str | None, table: Mapping[str, str]) -> list[tuple[str, int]]:
    """The kinds that words of a text mean, with where they stand, in the text's order."""
    known = {word: kind for kind, words in table.items() for word in words.split()}
    found = []
    for match in re.finditer(r"[^\W\d_]+", (text or "").casefold()):
        word = match[0]
        kind = known.get(word) or known.get(word.removesuffix("s")) or known.get(word.removesuffix("es"))
        if kind:
            found.append((kind, match.start()))
    return found


def first(text: str | None, table: Mapping[str, str], otherwise: str) -> str:
    """The kind that the first known word of a text means."""
    found = kinds(text, table)
    return found[0][0] if found else otherwise


def layers(place: str | None, time: str | None, weather: str | None) -> Layers:
    """The layers of a place, in words, at a time of day and in a weather; never louder than LOUDEST together."""
    found = kinds(place, PLACE_WORDS)
    here = PLACES[found[0][0]] if found else Place(QUIET)
    hour = DAYLIGHT[first(time, TIME_WORDS, "day")]
    out = dict(here.always)
    for when, more in (("light", here.light), ("dark", here.dark)):
        out |= {layer: level + hour[when] for layer, level in more.items() if hour[when] > -99}
    for kind, at in found[1:]:
        beside = kind in HEARD_FROM_AFAR and BESIDE.search((place or "").casefold(), found[0][1], at)
        if kind != found[0][0] and (beside or kind == "fire"):
            out = added(out, {layer: level + NEARBY * (kind != "fire") for layer, level in PLACES[kind].always.items()})
    return capped(weathered(out, here.indoors, first(weather, WEATHER_WORDS, "clear")))


def weathered(now: Layers, indoors: bool, weather: str) -> Layers:
    """What a weather makes of the layers of a place."""
    if indoors:
        return added(now, INSIDE.get(weather, {}))
    more, beds, creatures = OUTSIDE.get(weather, ({}, 0.0, 0.0))
    gained = {layer: level + (creatures if layer in ALIVE else beds) for layer, level in now.items()}
    return added({layer: level for layer, level in gained.items() if level > -60}, more)


def added(now: Layers, more: Layers) -> dict[str, float]:
    """Layers with others put in; of a layer that both have, the louder."""
    return {layer: max(now.get(layer, -99.0), more.get(layer, -99.0)) for layer in (*now, *more)}


def capped(now: Layers) -> Layers:
    """Layers brought down together where they are louder than LOUDEST."""
    over = total(list(now.values())) - LOUDEST
    return {layer: level - max(0.0, over) for layer, level in now.items()}


def total(levels: Sequence[float]) -> float:
    """The level of unrelated sounds together, in dB."""
    return 10 * log10(sum(10 ** (level / 10) for level in levels)) if levels else -99.0
