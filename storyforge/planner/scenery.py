"""Words for where: places out of doors and in, their parts, and what gives a place away."""

from storyforge.planner.bags import bag

# place noun; the first group is out of doors, the second in
OUTDOORS = bag("""meadow field grassland pasture hill hillside hilltop park garden countryside farm farmyard
    orchard forest wood woods grove jungle
    clearing glade village hamlet town market marketplace square lane road path street avenue alley city skyline
    rooftops bridge castle
    palace fortress courtyard ruins tower beach shore seashore seaside coast sands bay island cove harbour harbor
    pier dock
    lighthouse cliff clifftop headland mountain mountains peak pass ridge rocks summit lake river riverbank pond
    stream brook marsh
    waterfall swamp desert dunes canyon wasteland plain plains valley cave cavern grotto den burrow sea ocean moor
    heath
    prairie glacier volcano oasis vineyard graveyard cemetery churchyard airport stadium playground campsite camp
    roof rooftop wharf quay
    crossroads creek estuary lagoon moon planet spaceport bank banks headlands hills fields wilderness tundra
    steppe highway gate well
    yard stable backyard lookout deck ravine gorge oak willow""") - {"path", "road", "gate", "oak", "willow"}

INDOORS = bag("""room kitchen bedroom parlour parlor lounge hall hallway corridor house home cottage hut cabin
    library cafe café office shop
    school classroom attic study inn tavern pub station hotel hospital restaurant bar theatre theater church temple
    museum prison
    cell barn mill factory basement cellar dungeon mine tunnel ship boat laboratory lab workshop bakery nursery
    chapel cathedral tent
    apartment flat mansion greenhouse warehouse garage studio gym bathroom dining-room spaceship submarine train
    carriage bus store
    supermarket bookshop palace ballroom lobby courtroom lamp-room elevator burrow igloo treehouse throne-room""")

PLACES = OUTDOORS | INDOORS

# parts of a bigger place: going there does not leave it
PARTS = bag("""stairs staircase steps door doorway window corner wall floor table bed gallery balcony hearth
    fireplace ladder landing porch
    bench chair armchair path road track gate shadows dark darkness light ground grass snow mud sand water waves
    rain fog mist wind air
    sky sun tree oak willow pine log rock stone bush hole side edge top bottom foot end middle front fire
    """)

# what a scene without a named place must be, from the things in it
CLUES = {
    "forest": "tree trees pine pines oak oaks bark leaves branches bushes undergrowth",
    "room": "door window table chair bed fireplace hearth sofa floor ceiling lamp carpet desk cupboard stairs",
    "beach": "waves tide seaweed sand shells gulls surf",
    "street": "pavement traffic cars car shopfront streetlamp cobbles bus taxi police resident residents officials",
    "meadow": "grass daisies flowers hedge butterflies",
    "mountain": "peak slope summit boulders crag",
    "lake": "reeds lily ripples ducks",
}


def place_from_clues(words: list[str]) -> str:
    """The kind of place that the things named in a scene belong to, or ""."""
    counts = {place: sum(words.count(clue) for clue in clues.split()) for place, clues in CLUES.items()}
    best = max(counts, key=lambda place: counts[place])
    return best if counts[best] else ""
