"""Which music a shot asks for: words of its `music:`, of what its people feel and do, of hour and weather -> mood."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from storyforge.storyboard import Resolved, ResolvedShot, recording

SILENCE = re.compile(r"\W*(none|no|no music|nothing|silence|silent|off|without music|mute)\W*")


@dataclass(frozen=True)
class Mood:
    """How the theme is played: its mode, quarter notes a minute, and who accompanies it how.

    full: share of the melody's short notes that are played, over 1 with ornaments; high: octaves up; loud, pad: dB.
    """

    name: str
    mode: str
    tempo: float
    figure: str
    full: float = 1.0
    high: int = 0
    loud: float = 0.0
    pad: float = -6.0
    bass: bool = True
    second: str | None = None  # an instrument that joins the music box


MOODS: Mapping[str, Mood] = {
    mood.name: mood
    for mood in (
        Mood("calm", "major", 84, "broken", pad=-5),
        Mood("cheerful", "major", 116, "bounce", full=1.3, loud=-1.0, pad=-10, second="flute"),
        Mood("tender", "major", 70, "slow", pad=-4, bass=False, second="celesta"),
        Mood("sad", "minor", 66, "slow", full=0.6, loud=-1.0, pad=-3, second="flute"),
        Mood("tense", "minor", 92, "pulse", full=0.5, loud=-1.0, pad=-4),
        Mood("dark", "minor", 84, "pulse", full=0.8, loud=0.5, pad=-2),
        Mood("wonder", "lydian", 80, "flow", loud=-1.0, pad=-4, bass=False, second="celesta"),
        Mood("urgent", "dorian", 138, "flow", loud=-2.0, pad=-7),
    )
}

FEELINGS: Mapping[str, str] = {
    "cheerful": "happy glad joyful cheerful delighted pleased merry excited amused playful proud joy cheered laughing",
    "calm": "content relieved calm peaceful patient safe trusting",
    "tender": "grateful hopeful loving tender sleepy gentle kind fond",
    "sad": "sad unhappy lonely gloomy sorrowful tearful heartbroken weary miserable disappointed tired guilty sorry "
    "hurt lost",
    "dark": "angry furious cross annoyed grumpy enraged stern fierce mad jealous cruel bitter",
    "tense": "afraid scared frightened fearful terrified nervous worried anxious timid trembling uneasy suspicious",
    "wonder": "surprised amazed astonished curious puzzled wide-eyed wondering enchanted awed dreamy",
    "urgent": "startled shocked determined brave desperate hurried panicked eager",
}

ACTIONS: Mapping[str, str] = {
    "urgent": "run race dash hurry flee rush sprint chase gallop charge escape bolt scramble pursue hasten scurry",
    "cheerful": "dance jump leap hop skip celebrate laugh play twirl cheer clap juggle giggle rejoice sing whistle",
    "tender": "sleep doze nap dream hug kiss embrace comfort curl snore stroke lullaby slumber",
    "sad": "cry weep sob mourn die bury wail moan faint",
    "dark": "fight attack growl roar shout scold hiss snap snarl threaten strike",
    "tense": "hide creep sneak tremble fall crawl search tiptoe shiver prowl freeze lose",
    "wonder": "discover fly float soar glow shine flutter marvel hover appear sparkle",
}

MUSIC: Mapping[str, str] = {
    "calm": "calm peaceful serene relaxed ambient pastoral mellow still easy",
    "cheerful": "cheerful happy bright playful merry lively joyful fun upbeat dance jolly funny comic whimsical glad",
    "tender": "tender lullaby romantic love warm sleepy gentle soft sweet intimate hopeful",
    "sad": "sad melancholy melancholic mournful sorrowful wistful lonely nostalgic elegy tragic bittersweet",
    "tense": "tense suspense suspenseful eerie spooky nervous ominous scary uneasy creepy thriller",
    "dark": "dark menacing angry dramatic stormy sinister grim heavy threatening",
    "wonder": "magical magic wonder dreamy mysterious enchanted mystery fairy dreamlike ethereal curious",
    "urgent": "chase urgent adventure adventurous action exciting heroic triumphant epic driving racing energetic",
}

HOUR = {"night": "tender", "midnight": "tender", "dawn": "wonder", "sunrise": "wonder", "dusk": "tender"}
SKY = {"storm": "tense", "thunder": "tense", "snow": "wonder", "rain": "sad", "fog": "tense", "mist": "wonder"}
PACE = {"slow": 0.8, "slower": 0.85, "slowly": 0.8, "fast": 1.25, "faster": 1.2, "quick": 1.2, "quickly": 1.2}
LOUDNESS = {"quiet": -4.0, "soft": -4.0, "softly": -4.0, "faint": -7.0, "loud": 2.5, "strong": 2.0}
MODES = ("major", "minor", "dorian", "lydian")
INSTRUMENTS = ("flute", "celesta")

USUAL, OF_SKY, OF_HOUR, OF_ACTION, OF_FEELING = 0.3, 0.45, 0.4, 0.5, 1.0  # how much each kind of word counts
OF_FILM = 0.8  # ... and `music:` of the whole film; of a scene or shot it decides


def scored(shot: ResolvedShot) -> bool:
    """Whether a shot has music of ours: neither a file nor silence is asked for."""
    return not recording(shot.music) and not SILENCE.fullmatch((shot.music or "some").casefold())


def words(text: str | None) -> list[str]:
    """The words of a text, small."""
    return re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", (text or "").casefold())


def stems(word: str) -> tuple[str, ...]:
    """A word and what it may be a form of: running -> run, hurries -> hurry, chased -> chase."""
    out = [word]
    for ending in ("ing", "ed", "es", "s", "d"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word.removesuffix(ending)
            out += [stem, stem + "e", stem.removesuffix("i") + "y", stem[:-1] if stem[-1:] == stem[-2:-1] else stem]
    return tuple(out)


def meant(text: str | None, table: Mapping[str, str]) -> list[str]:
    """The moods that the words of a text mean, one for each word that is known."""
    known = {word: mood for mood, listed in table.items() for word in listed.split()}
    found = (next((known[stem] for stem in stems(word) if stem in known), None) for word in words(text))
    return [mood for mood in found if mood]


def evidence(shot: ResolvedShot) -> dict[str, float]:
    """How much of each mood is in a shot, by what it says of hour, weather, feelings and actions."""
    out = defaultdict(float, calm=USUAL)
    for text, table, weight in ((shot.time, HOUR, OF_HOUR), (shot.weather, SKY, OF_SKY)):
        for stem in (stem for word in words(text) for stem in (*stems(word), word.removesuffix("y"))):
            if stem in table:
                out[table[stem]] += weight
                break
    for piece in shot.pieces:
        part = (piece.stop - piece.start) / shot.frames
        for person in piece.cast:
            share = part / len(piece.cast) ** 0.5
            for mood in meant(person.feels, FEELINGS)[:1]:
                out[mood] += OF_FEELING * share
            for mood in meant(person.does, ACTIONS)[:1]:
                out[mood] += OF_ACTION * share
        for mood in meant(piece.action, ACTIONS)[:1]:
            out[mood] += OF_ACTION * part
    return out


def mood_of(film: Resolved, shots: Sequence[ResolvedShot]) -> str:
    """The name of the mood of some shots: what their `music:` says, else what most speaks for, second by second."""
    said, total = meant(shots[0].music, MUSIC)[:1], defaultdict[str, float](float)
    if said and not of_film(shots[0]):
        return said[0]
    for shot in shots:
        for mood, weight in evidence(shot).items():
            total[mood] += weight * seconds(film, shot)
        for mood in said:
            total[mood] += OF_FILM * seconds(film, shot)
    return max(MOODS, key=lambda name: total[name])


def of_film(shot: ResolvedShot) -> bool:
    """Whether a shot's `music:` is said of the whole film: then what is felt in a scene may be stronger."""
    return shot.shot.music is None and shot.scene.music is None


def tuned(mood: Mood, shot: ResolvedShot) -> Mood:
    """A mood as its first shot's `music:` and hour want it: slow, fast, quiet, minor, with a flute."""
    told = words(shot.music)
    for word in told:
        mood = replace(mood, tempo=mood.tempo * PACE.get(word, 1.0), loud=mood.loud + LOUDNESS.get(word, 0.0))
        if word in MODES:
            mood = replace(mood, mode=word)
        if word in INSTRUMENTS:
            mood = replace(mood, second=word)
    hour = words(shot.time)
    if {"night", "midnight", "dusk", "evening"} & set(hour):
        mood = replace(mood, tempo=mood.tempo * 0.94, loud=mood.loud - 1, second=mood.second or "celesta")
    elif {"morning", "dawn", "sunrise"} & set(hour):
        mood = replace(mood, second=mood.second or "flute")
    return mood


def seconds(film: Resolved, shot: ResolvedShot) -> float:
    """How long a shot is before the next begins."""
    after = film.shots[shot.index + 1].start if shot.index + 1 < len(film.shots) else film.frames
    return float((after - shot.start) / film.rate)
