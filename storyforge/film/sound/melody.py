"""Melody: when each syllable of a line is said, and how high; sentences fall, questions rise, commas wait."""

from collections.abc import Sequence
from dataclasses import dataclass

from storyforge.film.sound.syllables import Phrase, Syllable

LEAD, TAIL = 0.05, 0.12  # seconds: silence before the first syllable, and kept free after the last
_USUAL = 0.19  # seconds of a syllable, so that about five are said a second
_PAUSE = {",": 0.2, ";": 0.28, "—": 0.26, "…": 0.42, ".": 0.4, "!": 0.4, "?": 0.42}
_ENDS = frozenset(".!?…")
_FASTEST = 0.6  # of the usual length: shorter than that, syllables are left out
_SLOWEST, _LONGEST_PAUSE = 1.12, 1.7  # a longer time is left silent at its end

# Semitones at the beginning and the end of a phrase's last syllable
_CLOSE = {
    ".": (-1.0, -4.5),
    "!": (3.0, -3.0),
    "?": (0.5, 6.0),
    ",": (0.0, 1.5),
    ";": (-0.5, -1.5),
    "—": (0.5, 0.5),
    "…": (-0.5, -1.5),
}


@dataclass(frozen=True)
class Note:
    """A syllable at a time of the line, seconds; semitones over the speaker's own at begin, top and end."""

    syllable: Syllable
    at: float
    seconds: float
    pitch: tuple[float, float, float]
    loud: float
    last: bool  # of a phrase: the voice dies away


def melody(said: Sequence[Phrase], seconds: float, *, pace: float, chance: Sequence[float]) -> list[Note]:
    """The notes of a line that has `seconds`; none where there is nothing to say or no time for a syllable.

    pace: syllables over the usual five a second. chance: numbers 0..1 that make one
    line differ from the next. Words that do not fit are said faster, and past that some syllables are left out.
    """
    room = seconds - LEAD - TAIL
    count = sum(len(phrase.syllables) for phrase in said)
    if not count or room < _USUAL * _FASTEST:
        return []
    lengths = [_lengths(phrase, pace) for phrase in said]
    pauses = [_PAUSE[phrase.mark] / pace for phrase in said[:-1]]
    whole = sum(map(sum, lengths)) + sum(pauses)
    quick, wait = min(_SLOWEST, room / whole), min(_LONGEST_PAUSE, room / whole)
    kept = 1.0
    if quick < _FASTEST:
        kept, quick, wait = quick / _FASTEST, _FASTEST, _FASTEST * quick / _FASTEST
    return list(_notes(said, lengths, pauses, (quick, wait, kept), chance))


def _lengths(phrase: Phrase, pace: float) -> list[float]:
    """Seconds of each syllable at the usual speed: heavy ones and the last of a phrase are longer."""
    last = len(phrase.syllables) - 1
    return [
        _USUAL / pace * (1.1 if s.heavy else 0.85) * (1.3 if number == last else 1.0)
        for number, s in enumerate(phrase.syllables)
    ]


def _notes(
    said: Sequence[Phrase],
    lengths: Sequence[Sequence[float]],
    pauses: Sequence[float],
    fit: tuple[float, float, float],
    chance: Sequence[float],
) -> list[Note]:
    quick, wait, kept = fit
    notes: list[Note] = []
    at, number, begun = LEAD, 0, 0
    for index, phrase in enumerate(said):
        if index == 0 or said[index - 1].mark in _ENDS:
            begun, sentence = number, _sentence(said, index)
        strong = 1.35 if phrase.mark == "!" else 1.0
        for place, (syllable, length) in enumerate(zip(phrase.syllables, lengths[index], strict=True)):
            number += 1
            if int(number * kept) == int((number - 1) * kept):
                continue  # no time for it
            last = place == len(phrase.syllables) - 1
            through = (number - 1 - begun) / max(1, sentence - 1)
            high = 2.0 - 4.0 * through + (2.0 if syllable.heavy else -0.8) + 2.4 * chance[number % len(chance)] - 1.2
            start, end = _CLOSE[phrase.mark] if last else (0.0, -0.4)
            pitch = (strong * (high + start - 0.8), strong * (high + start + 0.5), strong * (high + end))
            fading = 0.9 if last and through > 0.9 else 1.0
            loud = (1.0 if syllable.heavy else 0.82) * (1.12 if strong > 1 else fading)
            notes.append(Note(syllable, at, length * quick, pitch, loud, last))
            at += length * quick
        at += pauses[index] * wait if index < len(pauses) else 0.0
    return notes


def _sentence(said: Sequence[Phrase], first: int) -> int:
    """Syllables of the sentence whose first phrase is `first`."""
    count = 0
    for phrase in said[first:]:
        count += len(phrase.syllables)
        if phrase.mark in _ENDS:
            break
    return count
