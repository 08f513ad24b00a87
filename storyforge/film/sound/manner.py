"""Manners: what words on a voice ("low", "child") and on a line ("quietly", "shouts") do to speaking."""

import re
from dataclasses import dataclass, fields
from hashlib import sha256


@dataclass(frozen=True)
class Manner:
    """How something is said, as differences from plain speech; two manners add up.

    level: dB. breath: 0 a full voice .. 1 a whisper. bright: dB an octave. pitch: semitones. range: of the melody, in
    doublings. pace: of the syllables, in doublings. tremble: semitones. tract: of the vocal tract's formants, in
    doublings (a child's are higher).
    """

    level: float = 0.0
    breath: float = 0.0
    bright: float = 0.0
    pitch: float = 0.0
    range: float = 0.0
    pace: float = 0.0
    tremble: float = 0.0
    tract: float = 0.0

    def __add__(self, other: "Manner") -> "Manner":
        return Manner(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})


_HOW = (
    (r"whisper|hiss|under (his|her|their|its) breath", Manner(level=-7, breath=1.0, pace=-0.1)),
    (r"quiet|soft|murmur|gentl|low voice|hush|mumbl|mutter", Manner(level=-5, breath=0.2, bright=-2.0, range=-0.3)),
    (r"shout|loud|yell|cries|crying out|scream|calls|bellow|roar", Manner(level=5, bright=2.5, pitch=3.5, range=0.4)),
    (r"sad|sob|weep|tear|sigh|wear|tired", Manner(level=-2, breath=0.12, bright=-1, pitch=-1.5, range=-0.5, pace=-0.2)),
    (r"happ|cheer|glad|laugh|giggl|excit|delight|joy", Manner(level=1, bright=0.5, pitch=2, range=0.5, pace=0.12)),
    (r"angr|growl|furious|stern|snarl|snap|harsh", Manner(level=2.5, bright=1.5, pitch=-1.5, range=0.2, pace=0.08)),
    (r"afraid|fear|scared|trembl|nervous|shak|shiver|frighten", Manner(breath=0.15, pitch=1.5, tremble=0.6, pace=0.1)),
    (r"surpris|astonish|amaz|gasp|wonder", Manner(breath=0.1, pitch=2, range=0.6)),
    (r"slow|sleep|drows|calm|yawn", Manner(range=-0.3, pace=-0.3)),
    (r"quick|hurr|fast|urgent|breathless|rush|hast", Manner(pace=0.25, range=0.1)),
)  # fmt: skip
_VOICES = (
    (r"low|deep|bass|gruff|giant|huge|big", Manner(pitch=-8, tract=-0.2)),
    (r"high|squeak|tiny|little|small|mouse", Manner(pitch=6, tract=0.15)),
    (r"child|kid|boy|girl|baby|young", Manner(pitch=6, tract=0.25, range=0.15)),
    (r"old|elder|aged|gran\w*|ancient", Manner(pitch=-3, tremble=0.25, pace=-0.15, breath=0.08)),
    (r"wom[ae]n|female|lady|f[1-5]?", Manner(pitch=2, tract=0.05)),
    (r"m[ae]n|male|m[1-7]?", Manner(pitch=-5, tract=-0.15)),
    (r"robot\w*|machine", Manner(range=-3, bright=1.5)),
    (r"soft|warm|breathy|husky", Manner(breath=0.2, bright=-1)),
)  # fmt: skip


def manner(how: str | None) -> Manner:
    """The manner that the words of a line's `how` ask for; plain where none is known."""
    found = Manner()
    for pattern, change in _HOW:
        if how and re.search(rf"\b(?:{pattern})", how.casefold()):
            found = found + change
    return found


def colour(voice: str | None) -> Manner:
    """The manner that a `voice:` asks for in words ("low", "old woman"); plain where it has none, as in "en-gb"."""
    found = Manner()
    for pattern, change in _VOICES:
        if voice and re.search(rf"(?<![^\W_])(?:{pattern})(?![^\W_])", voice.casefold()):
            found = found + change
    return found


def chances(*names: str | int | None, count: int = 8) -> list[float]:
    """`count` numbers 0..1 that follow from names alone: what is a character's own, whatever else the film has."""
    told = sha256("\0".join("" if name is None else str(name) for name in names).encode()).digest()
    return [int.from_bytes(told[2 * n : 2 * n + 2], "big") / 65535 for n in range(count)]
