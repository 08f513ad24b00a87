"""The film cut into cues: stretches of one mood and one key, that begin and end with scenes where they can."""

from collections.abc import Sequence
from dataclasses import dataclass

from storyforge.film.sound.chunks import seed
from storyforge.film.sound.harmony import RELATED
from storyforge.film.sound.moods import MOODS, Mood, mood_of, scored, seconds, tuned
from storyforge.film.sound.source import RATE, sample
from storyforge.film.sound.theme import Theme
from storyforge.storyboard import Resolved, ResolvedShot

SHORTEST = 7.0  # seconds: a mood that lasts less belongs to its neighbour in the scene
SCENE = 4.5  # seconds: a scene that lasts less belongs to its neighbour
LEAST = 1.5  # seconds of music between two silences: less is left silent
AWAY = (0, 5, -5)  # semitones from the film's key that the keys of other places may lie
LOWEST = 65  # a tonic lies in the octave from this pitch


@dataclass(frozen=True)
class Cue:
    """Samples [start, stop) of one mood; `tonic` is a pitch (60: middle C); last: it ends the film."""

    start: int
    stop: int
    mood: Mood
    tonic: int
    last: bool = False


@dataclass(frozen=True)
class Stretch:
    """Shots that follow one another in one mood, and the seconds they last."""

    shots: tuple[ResolvedShot, ...]
    mood: str
    long: float

    @property
    def scene(self) -> str:
        """The scene that it begins in."""
        return self.shots[0].scene.id


def cues(film: Resolved, theme: Theme) -> tuple[Cue, ...]:
    """The film's cues, in order; where silence or a file is asked for there is none."""
    runs: list[list[Stretch]] = []
    before: ResolvedShot | None = None
    for shot in film.shots:
        if scored(shot):
            if before is None or not scored(before) or before.music != shot.music:
                runs.append([])
            extend(runs[-1], Stretch((shot,), mood_of(film, [shot]), seconds(film, shot)))
        before = shot
    found = [cue(film, theme, stretch) for run in runs for stretch in joined(film, run)]
    return tuple(one for one in found if one.last or one.stop - one.start >= LEAST * RATE)


def extend(run: list[Stretch], new: Stretch) -> None:
    """Adds a stretch, or lengthens the last one where scene and mood go on."""
    if run and run[-1].mood == new.mood and run[-1].shots[-1].scene.id == new.scene:
        run[-1] = Stretch(run[-1].shots + new.shots, new.mood, run[-1].long + new.long)
    else:
        run.append(new)


def joined(film: Resolved, run: Sequence[Stretch]) -> list[Stretch]:
    """Stretches with the short ones taken into a neighbour, the shortest first; what they are together decides anew."""
    out = list(run)
    while pairs := [(index, index + 1) for index in range(len(out) - 1) if close(out[index], out[index + 1])]:
        one, two = min(pairs, key=lambda pair: weight(out[pair[0]], out[pair[1]]))
        shots = out[one].shots + out[two].shots
        out[one : two + 1] = [Stretch(shots, mood_of(film, shots), out[one].long + out[two].long)]
    return out


def close(one: Stretch, two: Stretch) -> bool:
    """Whether one of two neighbours is too short to stand alone."""
    within = one.shots[-1].scene.id == two.scene
    return min(one.long, two.long) < (SHORTEST if within else SCENE)


def weight(one: Stretch, two: Stretch) -> tuple[float, bool, bool, float]:
    """What makes two neighbours join before others: how short one is, one mood, one scene, how long they would be."""
    return min(one.long, two.long), one.mood != two.mood, one.shots[-1].scene.id != two.scene, one.long + two.long


def cue(film: Resolved, theme: Theme, stretch: Stretch) -> Cue:
    """One cue: from its first shot to the next cue's; of a dissolve each has its half."""
    first, last = stretch.shots[0], stretch.shots[-1]
    ends = last.index + 1 == len(film.shots)
    start, stop = turn(film, first.index), film.frames if ends else turn(film, last.index + 1)
    mood = tuned(MOODS[stretch.mood], first)
    home = ends or first.index == 0 or first.place == film.shots[0].place
    away = 0 if home else AWAY[seed(film.board.seed, first.place) % len(AWAY)]
    tonic = LOWEST + (theme.tonic + RELATED[mood.mode] + away - LOWEST) % 12
    return Cue(sample(start, film.rate), sample(stop, film.rate), mood, tonic, ends)


def turn(film: Resolved, index: int) -> int:
    """The frame at which a shot takes over from the one before."""
    shot = film.shots[index]
    return shot.start + (shot.join_frames // 2 if shot.join_kind == "dissolve" else 0)
