"""Words for where, when and in what weather, and for what is felt."""

import re

# place noun; the first group is out of doors, the second in
OUTDOORS = frozenset(
    """meadow field grassland pasture hill hillside hilltop park garden countryside farm farmyard orchard forest wood woods grove jungle
    clearing glade village hamlet town market marketplace square lane road path street avenue alley city skyline rooftops bridge castle
    palace fortress courtyard ruins tower beach shore seashore seaside coast sands bay island cove harbour harbor pier dock
    lighthouse cliff clifftop headland mountain mountains peak pass ridge rocks summit lake river riverbank pond stream brook marsh
    waterfall swamp desert dunes canyon wasteland plain plains valley cave cavern grotto den burrow sea ocean moor heath
    prairie glacier volcano oasis vineyard graveyard cemetery churchyard airport stadium playground campsite camp roof rooftop wharf quay
    crossroads creek estuary lagoon moon planet spaceport bank banks headlands hills fields wilderness tundra steppe highway gate well
    yard stable backyard lookout deck ravine gorge oak willow""".split()
) - {"path", "road", "gate", "oak", "willow"}

INDOORS = frozenset(
    """room kitchen bedroom parlour parlor lounge hall hallway corridor house home cottage hut cabin library cafe café office shop
    school classroom attic study inn tavern pub station hotel hospital restaurant bar theatre theater church temple museum prison
    cell barn mill factory basement cellar dungeon mine tunnel ship boat laboratory lab workshop bakery nursery chapel cathedral tent
    apartment flat mansion greenhouse warehouse garage studio gym bathroom dining-room spaceship submarine train carriage bus store
    supermarket bookshop palace ballroom lobby courtroom lamp-room elevator burrow igloo treehouse throne-room""".split()
)

PLACES = OUTDOORS | INDOORS

# parts of a bigger place: going there does not leave it
PARTS = frozenset(
    """stairs staircase steps door doorway window corner wall floor table bed gallery balcony hearth fireplace ladder landing porch
    bench chair armchair path road track gate shadows dark darkness light ground grass snow mud sand water waves rain fog mist wind air
    sky sun tree oak willow pine log rock stone bush hole side edge top bottom foot end middle front fire
    """.split()
)

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

TIMES = {
    "morning": "morning dawn sunrise daybreak first-light breakfast",
    "day": "noon midday afternoon daytime daylight lunchtime",
    "evening": "evening dusk sunset twilight nightfall suppertime",
    "night": "night midnight moonlight starlight bedtime nighttime",
}

_TIME_WORD = {word: time for time, words in TIMES.items() for word in words.split()}

_TIME_PATTERNS = tuple(
    (re.compile(pattern, re.IGNORECASE), time)
    for pattern, time in (
        (r"\bfirst light\b|\bsun\s+(?:\w+\s+)?(?:rose|rises|came up|comes up|was rising|climbed)|\b(?:cock|rooster) crow", "morning"),
        (r"\bsun\s+(?:\w+\s+)?(?:set|sets|sank|sinks|went down|goes down|was setting|was sinking)\b", "evening"),
        (r"\b(?:it|sky)\s+(?:\w+\s+)?(?:grew|became|got|gets|grows|was getting|was growing)\s+dark\b|\bnight fell\b", "night"),
        (r"\b(?:under|beneath) the (?:stars|moon)\b|\bthe (?:moon|stars)\s+(?:rose|rises|shone|shine|shines|came out)\b", "night"),
        (r"\blate afternoon\b", "evening"),
    )
)

# a time word after one of these is not now: "all day", "good morning"
_NOT_NOW = re.compile(
    r"\b(?:good|every|all|each|one|two|three|four|many|half|last|whole|long|some|other|per|a|by|most|of the|by)\s+(?:\w+\s+)?$", re.IGNORECASE
)
_NOW_ALL_THE_SAME = re.compile(r"\b(?:that|this|the next|one|late|early|at|in the|a|last|the same|all)\s+(?:\w+\s+)?$", re.IGNORECASE)

JUMP_BIG = re.compile(
    r"\b(?:(?:many|some|several|two|three|four|five|six|seven|ten|a few|\d+|a hundred)\s+(?:long\s+)?(?:days|weeks|months|years|winters|summers)"
    r"\s+(?:later|passed|went by|after|had passed)|(?:years|months|weeks|days)\s+(?:later|passed|went by)|the next (?:year|summer|winter|spring)"
    r"|(?:that|one) (?:winter|summer|spring|autumn)\b|years ago|a (?:week|month|year) later)",
    re.IGNORECASE,
)
JUMP = re.compile(
    r"\b(?:the (?:next|following) (?:day|morning|evening|night|afternoon)|(?:an hour|hours|some time|a while|later that|at last the"
    r" (?:morning|night))\b.{0,12}\b(?:later|day|night|evening)|next morning|next day|by (?:morning|evening|night(?:fall)?|dawn|dusk))\b",
    re.IGNORECASE,
)

# weather: what starts it, and what ends it
_WEATHER_PATTERNS = tuple(
    (re.compile(pattern, re.IGNORECASE), weather)
    for pattern, weather in (
        (r"\b(?:storm|rain|snow|fog|mist|wind|clouds?|blizzard)\s+(?:\w+\s+)?(?:stopped|stops|passed|passes|cleared|clears|lifted|lifts|was over"
         r"|had passed|had stopped|had gone|was gone|died|dies|ended|ends|blew itself out|had blown itself out|moved on|is over|parted|melted|had cleared|had died)\b", "clear"),
        (r"\b(?:after|no) (?:the |more )?(?:storm|rain|snow|fog)\b|\bsky (?:was|is) (?:blue|clear|washed|bright)|\bsea (?:was|lay|is) (?:calm|still|flat)|\bclear (?:sky|morning|evening|night|day)\b"
         r"|\bsunny\b|\bsunlight\b|\bsunshine\b|\bsun (?:\w+ )?(?:shone|shines|was shining|came out|rose|comes out)\b", "clear"),
        (r"\bstorm(?:y|s)?\b(?! (?:lantern|door|drain))|\bthunder\w*\b|\blightning\b|\btempest\b|\bgale\b|\bhurricane\b", "storm"),
        (r"\bblizzard\b|\bsnow(?:flakes?|storm|fall|y|ing|ed|s)?\b(?! white\b)", "snow"),
        (r"\brain(?:ing|ed|y|s|drops?)?\b|\bdrizzl\w+\b|\bdownpour\b|\bpouring\b", "rain"),
        (r"\bfog(?:gy)?\b|\bmist(?:y|s)?\b|\bhaze\b|\bhazy\b", "fog"),
    )
)  # fmt: skip

_NOT_WEATHER = re.compile(r"\b(?:like|as|before|of|about|until|if|when|dreamed of|every|against)\s+(?:a |an |the |any |every |next )?(?:\w+\s+)?$", re.IGNORECASE)

FEELINGS = {
    "happy": """happy glad joyful cheerful delighted pleased merry proud content relieved excited grateful hopeful joy laughed laughing
     laughs laugh smiled smiling smiles smile grinned grins grin giggled giggles beamed beams happily gladly merrily cheerfully proudly
     chuckled delight danced cheered gently fondly warmly kindly kissed hugged purred""",
    "sad": """sad unhappy lonely gloomy sorrowful tearful heartbroken weary miserable disappointed tired wept weeping weeps weep cried
     crying tears sobbed sobbing sobs sighed sighs sigh sadly sorrow grief mourned alone hungry poor lost homesick despair ashamed
     mournfully wearily gloomily sorry""",
    "angry": """angry furious cross annoyed grumpy enraged stern fierce mad angrily growled growls growl snarled snarls roared anger
     rage fury snapped snaps scowled scowls glared glares scowl frowned frowns shouted fiercely crossly sternly grumbled hissed
     stamped""",
    "afraid": """afraid scared frightened fearful terrified nervous worried anxious timid trembling trembled trembles tremble shivered
     shivering shivers fear fled screamed screams shrieked fright terror dread cowered nervously anxiously shook shaking cried-out
     fearfully panic frantic frantically begged pleaded""",
    "surprised": """surprised amazed astonished startled shocked curious puzzled wide-eyed confused gasped gasps gasp surprise
     astonishment wonder wondered blinked stared curiously gaped amazement suddenly-saw bewildered exclaimed""",
}
_FEELING_WORD = {word: feeling for feeling, words in FEELINGS.items() for word in words.split()}

# words too weak for a close-up on their own
WEAK_FEELINGS = frozenset("alone poor lost hungry tired wonder wondered blinked stared curious gently kindly cried shouted proud danced".split())


_DENIED = frozenset("not never no none nobody neither nor without longer n't didn't wasn't weren't isn't don't".split())


def feeling(words: list[str]) -> tuple[str, bool]:
    """The feeling a clause shows (happy, sad, angry, afraid, surprised or "") and whether it is strong."""
    weak = ""
    for place, word in enumerate(words):
        if word in _FEELING_WORD and not (_DENIED & set(words[max(0, place - 4) : place])):
            if word not in WEAK_FEELINGS:
                return _FEELING_WORD[word], True
            weak = weak or _FEELING_WORD[word]
    return weak, False


def time_of(text: str, soft: bool = False) -> str:
    """The time of day a stretch of narration sets, the last one said, or ""; `soft` takes "every evening", too."""
    found: list[tuple[int, str]] = []
    for match in re.finditer(r"[A-Za-z]+(?:-[a-z]+)?", text):
        time = _TIME_WORD.get(match.group().lower())
        before = text[: match.start()]
        if soft and time and before.lower().endswith(("every ", "each ")):
            found.append((match.start(), time))
        if time and (not _NOT_NOW.search(before) or _NOW_ALL_THE_SAME.search(before)) and not before.lower().endswith(("good ", "every ")):
            found.append((match.start(), time))
    for pattern, time in _TIME_PATTERNS:
        found += [(match.start(), time) for match in pattern.finditer(text)]
    return max(found)[1] if found else ""


def weather_of(text: str) -> str:
    """The weather a stretch of narration sets (clear, rain, snow, fog, storm) or ""."""
    for pattern, weather in _WEATHER_PATTERNS:
        for match in pattern.finditer(text):
            if weather == "clear" or not _NOT_WEATHER.search(text[: match.start()]):
                return weather
    return ""


def place_from_clues(words: list[str]) -> str:
    """The kind of place that the things named in a scene belong to, or ""."""
    counts = {place: sum(words.count(clue) for clue in clues.split()) for place, clues in CLUES.items()}
    best = max(counts, key=lambda place: counts[place])
    return best if counts[best] else ""
