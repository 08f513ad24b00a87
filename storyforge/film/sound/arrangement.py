"""From bars to notes: the music box's melody and broken chords, bass, pad and a second voice, as the mood wants."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from storyforge.film.sound.chunks import seed
from storyforge.film.sound.form import END, REST, Measure
from storyforge.film.sound.harmony import voiced
from storyforge.film.sound.instruments import Note
from storyforge.film.sound.source import RATE, decibels, sample
from storyforge.film.sound.theme import HIGHEST as TOP
from storyforge.film.sound.theme import Meter, Theme, Tone
from storyforge.storyboard import Resolved

HIGHEST = 98  # the highest pitch a music box is given
MIDDLE = (55, 69)  # where broken chords and pads lie
DEEP = (40, 52)  # where the bass lies
ROLL = 0.075  # seconds between the notes of the last chord
TIED = 8.0  # seconds that a pad's note is held over bars that share it

Figure = tuple[tuple[int, tuple[int, ...]], ...]  # at an eighth of the bar, which notes of the chord from below
FIGURES: Mapping[str, Mapping[str, Figure]] = {
    "broken": {
        "3/4": ((0, (0,)), (2, (1,)), (4, (2,))),
        "4/4": ((0, (0,)), (2, (2,)), (4, (1,)), (6, (2,))),
        "6/8": ((0, (0,)), (2, (1,)), (3, (2,)), (5, (1,))),
    },
    "bounce": {
        "3/4": ((2, (1, 2)), (4, (1, 2))),
        "4/4": ((2, (1, 2)), (6, (1, 2))),
        "6/8": ((2, (1, 2)), (5, (1, 2))),
    },
    "slow": {
        "3/4": ((0, (0,)), (2, (2,))),
        "4/4": ((0, (0,)), (4, (2,))),
        "6/8": ((0, (0,)), (3, (2,))),
    },
    "pulse": {
        "3/4": ((0, (0,)), (2, (0,)), (4, (0,))),
        "4/4": ((0, (0,)), (2, (0,)), (4, (1,)), (6, (0,))),
        "6/8": ((0, (0,)), (2, (0,)), (3, (1,)), (5, (0,))),
    },
    "flow": {
        "3/4": tuple((at, (note,)) for at, note in enumerate((0, 1, 2, 3, 2, 1))),
        "4/4": tuple((at, (note,)) for at, note in enumerate((0, 1, 2, 3, 2, 1, 2, 1))),
        "6/8": tuple((at, (note,)) for at, note in enumerate((0, 1, 2, 3, 2, 1))),
    },
}
ARC = (0.86, 0.93, 1.0, 0.92, 0.9, 1.0, 0.95, 0.8)  # how loud each bar of the theme is
LEAD, FIGURE, BASS, PAD, SECOND = 0.0, -9.0, -0.5, -13.0, -7.0  # dB of the parts, before the mood's own


@dataclass
class Playing:
    """What goes on from bar to bar: how the last chord lay, and the pad's notes that are held."""

    theme: Theme
    spoken: Sequence[tuple[int, int]]
    chord: tuple[int, ...] = ()
    held: dict[int, tuple[int, int, Measure]] = field(default_factory=dict)  # pitch -> since, till, its first bar


def arranged(film: Resolved, theme: Theme, bars: Sequence[Measure]) -> tuple[Note, ...]:
    """The notes of all bars, by their beginnings."""
    playing, out = Playing(theme, spoken(film)), list[Note]()
    for bar in bars:
        out += part(playing, bar)
    out += [pad_note(pitch, *kept) for pitch, kept in playing.held.items()]
    return tuple(sorted(out, key=lambda note: (note.at, note.instrument, note.pitch)))


def spoken(film: Resolved) -> list[tuple[int, int]]:
    """Samples in which somebody is heard, as far as the storyboard knows."""
    lines = [(shot, line) for shot in film.shots for line in (shot.narration, *shot.lines) if line]
    return [
        (sample(shot.start + line.start, film.rate), sample(shot.start + line.stop, film.rate)) for shot, line in lines
    ]


def part(playing: Playing, bar: Measure) -> Iterator[Note]:
    """The notes of a bar."""
    if bar.slot.place == REST:
        yield from released(playing, bar, ())
        return
    tones = [bar.cue.tonic + tone for tone in bar.harmony.tones]
    if playing.held and next(iter(playing.held.values()))[2].cue is not bar.cue:
        playing.chord = ()  # another key: chords are laid anew
    playing.chord = voiced(tones, playing.chord, *MIDDLE)
    talk = sum(max(0, min(stop, bar.stop) - max(start, bar.start)) for start, stop in playing.spoken)
    quiet = talk > 0.5 * (bar.stop - bar.start)
    yield from released(playing, bar, playing.chord)
    if bar.last:
        yield from last_chord(playing, bar)
        return
    yield from lead(playing.theme.meter, bar, quiet)
    yield from figure(playing, bar, quiet)
    if bar.mood.bass:
        yield from plucked(playing.theme.meter, bar, tones[0], tones[2])


def plucked(meter: Meter, bar: Measure, root: int, fifth: int) -> Iterator[Note]:
    """The bass: the chord's root, and in a bouncing bar its fifth on the other strong beat."""
    low = min(pitch for pitch in range(*DEEP) if pitch % 12 == root % 12)
    yield note(bar, "bass", low, 0, meter.eighths, BASS, 0.0, meter)
    if bar.mood.figure == "bounce" and meter.name != "3/4" and bar.slot.place != END:
        other = low - 5 if low >= DEEP[0] + 5 else low + (fifth - root) % 12
        yield note(bar, "bass", other, meter.strong[1], meter.eighths // 2, BASS - 2.5, 0.0, meter)


def note(
    bar: Measure, instrument: str, pitch: int, at: float, eighths: float, level: float, pan: float, meter: Meter
) -> Note:
    """A note at an eighth of a bar; `level` in dB, a trifle more or less as a hand has it."""
    each = (bar.stop - bar.start) / meter.eighths
    start = bar.start + round(at * each)
    touch = 1 + 0.05 * (seed("touch", start, pitch) % 1000 / 500 - 1)
    loud = decibels(level + bar.mood.loud) * touch
    return Note(start, instrument, pitch, round(eighths * each), loud, pan, bar.cue.stop)


def lead(meter: Meter, bar: Measure, quiet: bool) -> Iterator[Note]:
    """The melody, with the second voice in every other statement."""
    mood, turn = bar.mood, bar.slot.statement % 2 == 1 and not quiet
    base = bar.cue.tonic + 12 * mood.high + (12 if above(bar) else 0)
    arc = ARC[bar.slot.place]
    for tone in told(bar, meter, mood.full if turn or mood.full < 1 else 1.0):
        pitch = base + bar.harmony.semitones(tone.step)
        level = LEAD + 20 * (arc - 1) + (0 if tone.at in meter.strong else -1.5) - 2 * quiet
        yield note(bar, "box", pitch, tone.at, tone.length, level, 0.1, meter)
        if mood.second and turn:
            other = pitch + 12 if mood.second == "celesta" and pitch + 12 <= HIGHEST else pitch
            if mood.second != "celesta" or tone.at in meter.strong:
                yield note(bar, mood.second, other, tone.at, tone.length, level + SECOND, -0.35, meter)


def above(bar: Measure) -> bool:
    """Whether a statement is played an octave up: every fourth one, where no second voice makes it new."""
    top = bar.cue.tonic + 12 * bar.mood.high + bar.harmony.semitones(TOP) + 12
    return bar.slot.statement % 4 == 3 and not bar.mood.second and bar.mood.full >= 1 and top <= HIGHEST


def told(bar: Measure, meter: Meter, full: float) -> list[Tone]:
    """The melody as fully as the mood wants: without its passing notes, as it is, or with turns on its long ones."""
    melody = list(bar.slot.melody)
    if full < 1 and melody:
        kept = [tone for tone in melody if tone.at in meter.strong or tone.length >= 3]
        ends = [*(tone.at for tone in kept[1:]), melody[-1].at + melody[-1].length]
        return [Tone(tone.at, end - tone.at, tone.step) for tone, end in zip(kept, ends, strict=True)]
    if full > 1 and bar.slot.place not in (3, END):
        out: list[Tone] = []
        for tone in melody:
            if tone.length >= 4 and not bar.harmony.raised:
                rest = tone.length - 2
                out += [Tone(tone.at, rest, tone.step), Tone(tone.at + rest, 1, tone.step + 1)]
                out.append(Tone(tone.at + rest + 1, 1, tone.step))
            else:
                out.append(tone)
        return out
    return melody


def figure(playing: Playing, bar: Measure, quiet: bool) -> Iterator[Note]:
    """The accompaniment; it stops with the phrase."""
    meter, mood = playing.theme.meter, bar.mood
    chord = (*playing.chord, playing.chord[0] + 12)
    if mood.figure == "pulse":  # low plucked strings
        instrument, chord, level = "pluck", tuple(pitch - 12 for pitch in chord), FIGURE + 6
    else:
        instrument, level = "box", FIGURE
    for at, which in FIGURES[mood.figure][meter.name]:
        if bar.slot.place == END and at > meter.eighths // 2:
            break
        for index in which:
            softer = 2.0 * (at not in meter.strong) + 2.0 * quiet
            yield note(bar, instrument, chord[index], at, 2, level - softer, -0.45 + 0.25 * index, meter)


def released(playing: Playing, bar: Measure, now: Sequence[int]) -> list[Note]:
    """The pad's notes that end before a bar; what the next chord shares is held on, the rest begins."""
    out = []
    for pitch, (since, till, first) in list(playing.held.items()):
        over = bar.stop - since > TIED * RATE or first.cue is not bar.cue or till != bar.start
        if pitch not in now or over:
            out.append(pad_note(pitch, since, till, first))
            del playing.held[pitch]
    for pitch in now:
        since, _, first = playing.held.get(pitch, (bar.start, bar.stop, bar))
        playing.held[pitch] = (since, bar.stop, first)
    return out


def pad_note(pitch: int, since: int, till: int, bar: Measure) -> Note:
    """One held note of the pad."""
    loud = decibels(PAD + bar.mood.pad + bar.mood.loud)
    return Note(since, "pad", pitch, till - since, loud, (pitch % 5 - 2) / 5, bar.cue.stop)


def last_chord(playing: Playing, bar: Measure) -> Iterator[Note]:
    """The tonic, rolled from the bass up to the melody's last note, and once more its octave, far away."""
    meter = playing.theme.meter
    each = (bar.stop - bar.start) / meter.eighths
    roll = min(ROLL * RATE / each, 0.5)
    tonic = bar.cue.tonic + 12 * bar.mood.high + bar.harmony.semitones(bar.slot.melody[0].step)
    root = min(pitch for pitch in range(*DEEP) if pitch % 12 == tonic % 12)
    yield note(bar, "bass", root, 0, meter.eighths, BASS, 0.0, meter)
    for index, pitch in enumerate(playing.chord):
        yield note(bar, "box", pitch, roll * (index + 1), meter.eighths, FIGURE + 3, -0.3 + 0.2 * index, meter)
    yield note(bar, "box", tonic, roll * 4, meter.eighths, LEAD - 1, 0.1, meter)
    if tonic + 12 <= HIGHEST:
        yield note(bar, "celesta", tonic + 12, roll * 4 + 0.7 * RATE / each, meter.eighths, SECOND - 3, 0.35, meter)
