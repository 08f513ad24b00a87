"""English verbs: which words are verbs, their lemmas, the third person, and what kind of action each one is."""

from functools import cache

from storyforge.planner.bags import bag

# base past participle; regular verbs are spelled by rule
IRREGULAR = """
arise arose arisen|awake awoke awoken|bear bore borne|beat beat beaten|become became become|begin began begun
bend bent bent
bind bound bound|bite bit bitten|bleed bled bled|blow blew blown|break broke broken|bring brought brought
build built built
burst burst burst|buy bought bought|catch caught caught|choose chose chosen|cling clung clung|come came come
creep crept crept
cut cut cut|deal dealt dealt|dig dug dug|do did done|draw drew drawn|dream dreamt dreamt|drink drank drunk
drive drove driven
eat ate eaten|fall fell fallen|feed fed fed|feel felt felt|fight fought fought|find found found|flee fled fled
fling flung flung
fly flew flown|forget forgot forgotten|forgive forgave forgiven|freeze froze frozen|get got got|give gave given
go went gone
grow grew grown|hang hung hung|have had had|hear heard heard|hide hid hidden|hit hit hit|hold held held|hurt hurt hurt
keep kept kept|kneel knelt knelt|know knew known|lay laid laid|lead led led|lean leant leant|leap leapt leapt
learn learnt learnt
leave left left|lend lent lent|let let let|lie lay lain|light lit lit|lose lost lost|make made made
mean meant meant|meet met met
pay paid paid|put put put|read read read|ride rode ridden|ring rang rung|rise rose risen|run ran run|say said said
see saw seen
seek sought sought|sell sold sold|send sent sent|set set set|shake shook shaken|shine shone shone|shoot shot shot
show showed shown
shrink shrank shrunk|shut shut shut|sing sang sung|sink sank sunk|sit sat sat|sleep slept slept|slide slid slid
sling slung slung
smell smelt smelt|speak spoke spoken|spend spent spent|spin spun spun|split split split|spread spread spread
spring sprang sprung
stand stood stood|steal stole stolen|stick stuck stuck|sting stung stung|stride strode stridden|strike struck struck
swear swore sworn|sweep swept swept|swell swelled swollen|swim swam swum|swing swung swung|take took taken
teach taught taught
tear tore torn|tell told told|think thought thought|throw threw thrown|tread trod trodden
understand understood understood
wake woke woken|wear wore worn|weave wove woven|weep wept wept|win won won|wind wound wound|write wrote written
wring wrung wrung
overcome overcame overcome|withdraw withdrew withdrawn|undo undid undone|lift lifted lifted|spy spied spied
shed shed shed
"""

# what a body does, by the nearest of a few plain actions; the first word of a line is the action
KINDS = """
walk: walk stroll wander pad trot tiptoe creep march step stride hike plod trudge shuffle climb go come follow
 cross enter leave
 return approach head travel roam crawl limp stagger wade descend ascend arrive amble saunter stumble pace advance
 retreat journey
 slip squeeze clamber scramble reach sail swim row paddle ride drive slither prowl stalk sneak steal move explore
 sink dive depart
run: run dash race hurry rush sprint chase flee bolt gallop scamper scurry dart hasten charge escape scuttle speed
 tear scoot pursue
jump: jump leap hop spring bounce skip pounce bound vault caper
sit: sit kneel crouch rest settle perch squat seat
sleep: sleep doze nap snooze lie curl slumber snore faint
wave: wave beckon salute signal
dance: dance twirl sway spin waltz jig whirl
talk: say ask answer reply whisper shout cry call speak tell murmur mutter exclaim sing announce explain add
 continue begin agree
 shriek yell sigh snap growl grumble laugh giggle chuckle remark observe inquire enquire wonder beg plead promise
 warn insist repeat
 demand declare respond suggest admit confess boast hiss roar bark croak squeak chirp hoot purr mumble stammer
 greet thank interrupt
 urge scream gasp groan sob protest argue talk chat chatter complain return order command conclude confirm state
 report squeal
 breathe sniff caw croon moan bellow scold quote note recite confide croaked replied whimper bleat offer joke lie
 tease
look: look see watch gaze stare peer glance search notice read spot spy examine study inspect peek observe find
 discover squint
 listen hear
give: give hand offer pass bring lend return present deliver share
fly: fly flutter soar glide swoop hover drift flap circle float
hold: hold carry take lift raise grab clutch grasp fetch catch seize pick hug clasp snatch gather collect cradle
 lower tuck wield drag
idle: stand wait stay stop pause freeze linger halt lean
"""

SPEECH_LINES = ("talk",)

STATES = bag("""be have seem become know think want believe remember forget love hate like need hope wish mean
    understand belong live dwell
    own feel appear remain keep suppose guess doubt expect dream imagine matter cost last contain consist exist
    happen depend
    deserve miss let make get start try decide learn plan mind care fear trust consider""")

PLAIN = """
accept ache allow apologise appear arrange attack attend bake balance bang bark bathe beam blaze bless blink bloom
blush boil bow
brush bubble bump burn bury button buzz care carve cast change cheer chew chop clap clean clear clench clatter
close collapse comb
comfort cook cool copy cough count cover crack crash crackle creak crouch crowd crumble crush cuddle cure curtsy
dangle dare darken
decide decorate delight deserve destroy die dip disappear divide drag drape dress drip drop drown drum dry dust
earn echo embrace
empty end enjoy exist extinguish fade fail fan fasten fetch fill finish fish fit fix flash flicker flip flow fold
fool form fry
frown fumble fuss gallop gleam glimmer glisten glitter glow gnaw grin grip groom guard guess guide gulp hammer
happen harvest hatch
haul heal heat help hesitate hook howl huddle hum hunt hush ignore invite itch jerk jiggle join juggle kick kill
kiss knit knock
land last lash launch lead lean learn lick light limp live lock loom loosen love lurch manage marry melt mend mew
miss mix mount
mourn mow munch muse nestle nibble nod nudge nuzzle obey open pack paint pant park part paste pat patrol peel
perform pet pinch pin
plant play pluck plunge point poke polish pop pounce pour practise pray press pretend prick print pull pump punch
purchase push
quarrel quiver race rain rake rattle reach recover refuse relax release remain remove repair replace rescue retire
roar rock roll
rub ruin rule rumble rush rustle sag save saw scatter scoop scorch scrape scratch scrub search separate serve
settle sew shade
shelter shimmer shiver shrug shuffle signal sip slam slap slice slump smash smell smile smirk smooth snarl snatch
sneeze sniff snow
snuggle soak sob sparkle spill splash spoil spot spout spray sprinkle sprout squeeze squint squirm stack stain
stamp stare start
startle steady steer stir stitch store storm strain stray stretch stroke struggle stuff stumble suck suffer
surprise surround
survive swallow swap swat sweep swing swirl swish tangle tap taste tease thaw thread thrust thump thunder tick
tickle tie tilt tip toast toss touch
tow trace trade trail train tremble trick trickle trip trust try tuck tug tumble turn twinkle twist tire unlock
unwrap unfold untie
use vanish visit vow wag waggle wail wander want warm wash waste watch water weave weigh welcome wet whimper whirl
whistle wilt wink
wipe wish wither wobble wonder work worry wrap wrestle wriggle wrinkle yawn sneer knot ladle scare frighten bury
rouse stroke
stoke sip swell lap moan nod blow shudder cling mend invent arrive cheer smile laugh cry weep hide seek win lose
fall rise drop
nestle ripple scorch simmer tower dance gush emerge ease shift swivel wince wail cart dawn adjust check type press
scan climb dig
accompany surrender stow clip unpack slide hoist heave moor anchor bob slosh sputter hiss gutter flare sweep blare
"""

_DOUBLE = bag("""stop hop skip nod drop slip step trot pat hug grab beg tap clap plan rub sob drag spot stir trip
    wag shrug flap pop tug knit
    chat grin hum jog nap pin rip rob scan shop sip skid slam snap stab strip stun swap swat tip trim whip wrap zip
    dip drip drum
    fit flip jig pad pet plod pot scrub shed ship shut sit snip spin split swim tag win bob chop clip cup fan gut
    hit jut let mop
    mud net prop ram run sag scar set sun thud top tug wed lag begin forget put get dig cut slap""")


def third(lemma: str) -> str:
    """Third person singular of a verb: walk -> walks."""
    if lemma in _THIRD:
        return _THIRD[lemma]
    if lemma.endswith(("s", "sh", "ch", "x", "z", "o")):
        return lemma + "es"
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        return lemma[:-1] + "ies"
    return lemma + "s"


_THIRD = {"be": "is", "have": "has", "do": "does", "go": "goes", "seat": "sits"}


def _regular_past(lemma: str) -> str:
    if lemma.endswith("e"):
        return lemma + "d"
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        return lemma[:-1] + "ied"
    return lemma + (lemma[-1] if lemma in _DOUBLE else "") + "ed"


def _gerund(lemma: str) -> str:
    if lemma in ("lie", "die", "tie", "untie"):
        return lemma[:-2] + "ying"
    if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")) and lemma != "be":
        return lemma[:-1] + "ing"
    return lemma + (lemma[-1] if lemma in _DOUBLE else "") + "ing"


@cache
def kinds() -> dict[str, str]:
    """Lemma -> plain action (walk, run, talk ...); the first line that names a verb wins."""
    out: dict[str, str] = {}
    for line in KINDS.strip().replace("\n ", " ").split("\n"):
        action, words = line.split(":")
        for word in words.split():
            out.setdefault(word, action)
    return out


@cache
def speech() -> frozenset[str]:
    """Verbs that can carry a line of dialogue: said, asked, whispered ..."""
    line = next(line for line in KINDS.strip().replace("\n ", " ").split("\n") if line.startswith("talk:"))
    return frozenset(line.split(":")[1].split()) | {
        "go",
        "smile",
        "nod",
        "think",
        "grin",
        "pant",
        "cheer",
        "howl",
        "coo",
    }


@cache
def forms() -> dict[str, tuple[tuple[str, str], ...]]:
    """Every known verb form -> its readings (lemma, "base" | "s" | "past" | "part" | "ing")."""
    irregular = {row.split()[0]: row.split() for row in IRREGULAR.strip().replace("\n", "|").split("|")}
    lemmas = dict.fromkeys([*irregular, *kinds(), *sorted(STATES), *PLAIN.split()])
    out: dict[str, list[tuple[str, str]]] = {}
    for lemma in lemmas:
        if lemma == "be":
            continue
        past = irregular[lemma][1] if lemma in irregular else _regular_past(lemma)
        part = irregular[lemma][2] if lemma in irregular else past
        table = {"base": {lemma}, "s": {third(lemma)}, "past": {past}, "part": {part}, "ing": {_gerund(lemma)}}
        if lemma in ("dream", "lean", "learn", "leap", "smell", "kneel", "light", "shine"):
            table["past"].add(_regular_past(lemma))
        for form, spelled in table.items():
            for word in spelled:
                out.setdefault(word, []).append((lemma, form))
    return {word: tuple(dict.fromkeys(readings)) for word, readings in out.items()}


def readings(word: str) -> tuple[tuple[str, str], ...]:
    """Readings of a word as a verb; unknown words in -ed and -ing are taken apart by spelling."""
    known = forms().get(word)
    if known:
        return known
    if word.endswith("ied") and len(word) > 4:
        return ((word[:-3] + "y", "past"), (word[:-3] + "y", "part"))
    if word.endswith("ed") and len(word) > 4 and word[-3] not in "e":
        return ((_stem(word[:-2]), "past"), (_stem(word[:-2]), "part"))
    if word.endswith("ing") and len(word) > 5 and any(c in "aeiouy" for c in word[:-3]):
        return ((_stem(word[:-3]), "ing"),)
    return ()


def _stem(stem: str) -> str:
    """Give back the silent e, or take away the doubled consonant, that a suffix cost."""
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "lszf":
        return stem[:-1]
    if stem.endswith(
        ("c", "v", "z", "u", "dg", "rg", "ng", "at", "bl", "dl", "gl", "pl", "tl", "ir", "ur", "iz", "as", "os", "us")
    ):
        return stem if stem.endswith("ng") and stem[-3:] in ("ing", "ong", "ang") else stem + "e"
    vowels = sum(c in "aeiouy" for c in stem)
    short = len(stem) > 2 and stem[-1] not in "aeiouwxy" and stem[-2] in "aeiou" and stem[-3] not in "aeiou"
    return stem + "e" if vowels == 1 and short else stem


def action(lemma: str) -> str:
    """The plain action of a verb (walk run jump sit sleep wave dance talk look give fly hold idle) or ""."""
    return kinds().get(lemma, "")
