"""Words for who and what a story holds: beings, clothes, things, parts of a body, and names."""

from functools import cache

from storyforge.planner.bags import bag

# head noun -> gender; the line names the gender: f, m, n (animals and machines: it, he or she), p (several)
BEINGS = """
f: girl woman lady mother queen grandmother grandma granny witch aunt princess daughter sister schoolgirl wife
 widow nun duchess
 goddess heroine maid maiden hostess waitress actress mermaid vixen hen cow mare ewe lioness nanny bride empress
 mum mom mummy
 mommy niece governess granddaughter priestess sorceress milkmaid stepmother stepsister godmother
m: boy man king father grandfather grandpa sailor fisherman farmer wizard knight uncle prince son grandson brother
 schoolboy
 lad husband monk
 duke god hero gentleman waiter actor cock rooster bull stag policeman fireman postman milkman woodcutter miller
 blacksmith
 bridegroom emperor dad daddy nephew priest sorcerer stepfather godfather huntsman ferryman watchman boatman cowboy
 nobleman baron
 tomcat chap fellow footman sexton swineherd
n: fox rabbit hare bunny bear badger cat kitten dog puppy hound wolf mouse rat hedgehog squirrel mole owl bird
 robin sparrow crow
 raven duck goose gull seagull magpie moth butterfly firefly bee frog toad tortoise turtle robot android dragon
 dinosaur lizard
 monster crocodile horse pony donkey sheep lamb goat pig piglet lion tiger leopard panther elephant giraffe monkey
 ape gorilla
 panda deer fawn moose otter beaver weasel stoat ferret raccoon skunk penguin eagle hawk falcon parrot pigeon dove
 swan chicken
 chick heron stork bat dragonfly ladybird beetle spider ant cricket grasshopper fish whale shark dolphin seal
 octopus crab snail
 snake serpent worm caterpillar ghost troll giant ogre goblin elf fairy gnome dwarf unicorn phoenix angel snowman
 cub pup calf foal
 duckling gosling tadpole sparrowhawk lark nightingale wren swallow peacock turkey camel kangaroo hippo rhino zebra
 buffalo ox
 alien spirit demon devil imp sprite nymph salmon trout newt hamster lynx jackal hyena vulture kingfisher cuckoo jay
x: child kid baby infant toddler person teacher nurse keeper lighthouse-keeper shopkeeper baker captain soldier
 doctor detective
 scientist journalist astronaut pirate thief robber hunter merchant gardener painter musician dancer stranger
 traveller traveler
 guard servant cook chef driver pilot student pupil friend neighbour neighbor cousin orphan twin shepherd tailor
 cobbler carpenter
 judge lawyer mayor minister president officer sergeant lieutenant general commander engineer mechanic clerk
 librarian poet writer
 author artist singer actor reporter professor inventor magician clown beggar peasant villager citizen innkeeper
 landlord owner
 passenger visitor guest customer patient prisoner boss leader chief elder ancestor host master creature beast
 animal stepchild
 grandchild parent fisher rider climber runner swimmer rescuer witness spokesperson spokesman spokeswoman resident
 worker builder
 conductor watchmaker clockmaker weaver potter messenger sentry archer warrior wanderer pilgrim hermit spy agent
 coach player winner
 apprentice lifeguard ranger woodsman firefighter volunteer official policeman-officer swordsman roommate classmate
 teammate
"""

PLURALS = {
    "men": "man", "women": "woman", "children": "child", "mice": "mouse", "wolves": "wolf", "geese": "goose",
    "people": "person",
    "sheep": "sheep", "deer": "deer", "fish": "fish", "elves": "elf", "dwarves": "dwarf", "thieves": "thief",
    "oxen": "ox",
    "fishermen": "fisherman", "policemen": "policeman", "firemen": "fireman", "folk": "person", "wives": "wife",
    "calves": "calf",
    "leaves": "leaf", "keys": "key", "knives": "knife", "feet": "foot", "teeth": "tooth", "scarves": "scarf",
}  # fmt: skip

# before a noun, they make it several
NUMBERS = bag("""two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand dozen""")
SEVERAL = NUMBERS | {"several", "many"}

# groups that act as one: "the crowd cheered"
GROUPS = bag(
    """crowd family couple crew band gang team pair group army herd flock pack swarm troop party twins parents
    villagers"""
)

# nouns that can speak in the news but are nobody on the screen
BODIES = bag("""council government ministry company police agency department university bank court committee union
    party court press
    office service team report newspaper statement study survey letter sign book note song poem story law spokesman
    voice
    """) - {"team", "party", "spokesman"}

WEARS = bag("""scarf shawl muffler hat cap bonnet crown helmet hood coat raincoat jacket overcoat sweater waistcoat
    jumper pullover cardigan
    dress gown skirt apron robe cape cloak mantle glasses spectacles goggles boots shoes slippers shirt blouse
    trousers breeches
    jeans shorts uniform suit armour armor gloves mittens socks tie ribbon bow belt necklace mask pyjamas pajamas
    nightgown
    vest tunic overalls dungarees beret turban veil sandals kimono kilt oilskins oilskin poncho sash collar bandana
    beanie parka
    anorak mackintosh nightcap headscarf tiara""")

# things a hand can hold
PROPS = bag("""lantern lamp torch candle book diary map notebook ball apple stone egg orange pebble coin flower
    rose daisy tulip bouquet
    branch key sword stick wand letter envelope note parcel paper message basket bag bucket box chest umbrella
    parasol hammer knife
    spear staff violin fiddle guitar drum flute phone telephone camera computer laptop bread cake cup bottle mug
    bowl plate teapot
    kettle pot jug pan watch clock mirror kite balloon feather leaf seed nut gem diamond jewel treasure ring rope
    net axe spade shovel
    broom bell whistle telescope compass fan newspaper ticket photograph photo picture suitcase sack backpack
    satchel purse wallet
    pen pencil brush needle thread string stick cane crutch oar paddle shield bow arrow gun rifle pistol toy doll
    kite puppet
    teddy cheese bone acorn pear plum cherry loaf pie sandwich biscuit cookie carrot cabbage pumpkin mushroom berry
    honey jar pin
    glove shell pearl crystal amulet medal trophy flag banner scroll potion cauldron marmalade bundle
    horn trumpet harp locket hourglass blanket quilt pillow spoon fork ladle lens bulb wick match matchbox tool
    spanner
    wrench screwdriver radio package present gift card postcard thermos flask dice grapes bunch snowball snowglobe""")

# parts of a body: "her paw" stands for its owner
BODY = bag("""paw paws hand hands head eye eyes ear ears tail wing wings nose face arm arms leg legs foot feet
    heart voice mouth lips hair
    fur whiskers shoulder shoulders back finger fingers knee knees cheek cheeks beak claws claw teeth tooth breath
    feather
    feathers chin neck brow forehead beard tears tear skin body toes toe throat chest stomach belly snout muzzle
    antennae mind
    thoughts name smile footsteps shadow""")

ADJECTIVES = bag("""small little tiny short tall big large huge giant enormous great long thin slim skinny lean fat
    round plump stout chubby young
    old aged ancient elderly new red scarlet crimson orange ginger yellow golden green blue purple violet pink
    brown white silver
    grey gray black dark pale bright clever wise foolish kind good bad wicked cruel gentle brave shy proud vain
    poor rich hungry
    thirsty tired weary lonely sad happy glad angry afraid scared frightened cold warm hot cool wet dry soft hard
    rough smooth sharp
    heavy light quick slow quiet loud silent still empty full open broken torn cracked rusty dusty muddy sandy
    rocky snowy rainy
    stormy foggy misty windy sunny cloudy wild tame fresh sweet sour bitter strange beautiful pretty ugly handsome
    lovely fine nice
    high low deep shallow wide narrow thick flat steep straight crooked curly whole half last first second third
    next other same
    own only main single double several many few more most such certain whole secret hidden lost dead alive asleep
    awake alone blind
    deaf lame fierce tired merry cheerful curious careful careless busy lazy strong weak safe free wooden stone
    brass bronze copper
    iron steel glass woollen woolen silken leather velvet cotton straw golden royal noble holy magic magical polite
    rude honest
    grumpy cross calm evil plain striped spotted orange-red emerald navy tawny chestnut best better worst worse
    early late ready sure
    true false real sick ill ripe rotten raw stiff tight loose bare naked crisp clear faint dim hollow far near
    nearby distant
    stray worn winter summer autumn spring crowded lonesome threadbare friendly elegant hairy furry fluffy scruffy
    shabby
    ragged cosy cozy homely ghostly deadly lively silly jolly tidy untidy shiny stubborn modest patient barefoot
    one-eyed""")

FEMALE = bag("""alice mara anna anne ana mary maria marie emma emily lily lucy sarah sara jane elizabeth eliza ella
    clara rose ruby grace
    sophie sophia olivia mia ava isabel isabella charlotte amelia eva eve nora nina nadia lena laura julia julie
    helen ellen kate
    katie catherine margaret maggie martha matilda molly polly sally susan suzy rachel rebecca ruth hannah heidi
    ida iris ivy jenny
    jessica joan josephine karen leah linda lisa lola lottie louise luna mabel maya mei mila miriam nancy nell olga
    pam paula
    penny petra phoebe priya rosa rosie sonia stella sylvia tara tess tina vera victoria violet wendy yuki zoe zara
    agnes beatrice
    bella betty bridget cora daisy dinah dora dorothy edith elsie esther fatima fiona flora freya gerda gretel
    hazel aisha amina
    juliet gwen pippa tilly winnie aurora jo amy beth meg jo-anne asha leila""")
MALE = bag("""john james jack tom thomas peter paul david daniel michael robert robin william bill billy ben
    benjamin sam samuel george
    harry henry charles charlie edward fred frederick frank felix finn oliver oscar otto leo leon liam luke lucas
    louis mark martin
    matthew max miles nathan ned nick nicholas noah omar owen patrick philip pip ralph richard roger rory ryan
    simon stephen steve
    theo theodore tim timothy toby victor vincent walter will adam alan albert alex alexander alfred andrew anthony
    arthur barnaby
    bernard bob boris bruno carl christopher colin dan dennis dmitri edmund eric ernest ethan hans hansel hugo hugh
    ian igor
    isaac ivan jacob jim jimmy joe joseph joshua kai karl kenji kevin kurt lars marco mario milo mohamed muhammad
    ali ahmed
    mustafa nikolai niles odin ollie pablo pedro pierre raj rupert santiago sebastian stanley tariq ted tobias
    wilfred yusuf
    """)

TITLES = {
    "mr": "m", "mrs": "f", "miss": "f", "ms": "f", "sir": "m", "lady": "f", "lord": "m", "king": "m", "queen": "f",
    "prince": "m",
    "princess": "f", "captain": "", "dr": "", "doctor": "", "professor": "", "uncle": "m", "aunt": "f", "old": "",
    "little": "",
    "mother": "f", "father": "m", "sister": "f", "brother": "m", "grandmother": "f", "grandfather": "m",
    "mayor": "", "inspector": "",
    "detective": "", "sergeant": "", "officer": "", "madame": "f", "monsieur": "m", "granny": "f", "count": "m",
    "countess": "f",
    "president": "", "judge": "", "baron": "m", "duchess": "f", "duke": "m", "st": "",
}  # fmt: skip


@cache
def beings() -> dict[str, str]:
    """Head noun of a being -> gender f, m, n (an animal: any pronoun but they) or x (anyone)."""
    out: dict[str, str] = {}
    for line in BEINGS.strip().replace("\n ", " ").split("\n"):
        gender, words = line.split(":")
        for word in words.split():
            out.setdefault(word, gender)
    return out


ANIMALS = frozenset(word for word, gender in beings().items() if gender == "n") | bag(
    "vixen hen cow mare ewe lioness cock rooster bull stag tomcat creature beast animal"
)


KIN = bag("sister brother mother father mum mom dad grandmother grandfather grandma grandpa granny nanny governess")
_DOERS = (
    "fighter",
    "keeper",
    "worker",
    "maker",
    "seller",
    "catcher",
    "herder",
    "walker",
    "hunter",
    "swimmer",
    "teer",
    "ician",
    "woman",
    "smith",
)


def being_gender(noun: str) -> str:
    """Gender of a noun as in `beings`, or "" when it is nobody; "firefighter" is somebody by its ending."""
    if noun in beings():
        return beings()[noun]
    if noun.endswith(_DOERS) and noun not in PROPS:
        return "f" if noun.endswith("woman") else "x"
    return ""


def singular(noun: str) -> str:
    """Singular of a noun by rule: foxes -> fox, mice -> mouse; a singular stays as it is."""
    if noun in PLURALS:
        return PLURALS[noun]
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("xes", "ches", "shes", "sses", "zes")):
        return noun[:-2]
    if noun.endswith("s") and not noun.endswith(("ss", "us", "is")):
        return noun[:-1]
    return noun


def is_plural(noun: str) -> bool:
    """Whether a noun's spelling says several."""
    if noun in beings() or noun in PROPS or noun in ("glasses", "spectacles"):
        return False
    return noun in PLURALS or singular(noun) != noun


def gender_of_name(name: str) -> str:
    """Gender a first name or title gives away: f, m or "" (unknown)."""
    words = name.lower().replace(".", "").split()
    if words and words[0] in TITLES and TITLES[words[0]]:
        return TITLES[words[0]]
    return next(("f" if w in FEMALE else "m" for w in words if w in FEMALE or w in MALE), "")
