"""The film cut into cues: stretches of one mood and one key, that begin and end with scenes where they can."""

from collections.abc import Sequence
from dataclasses import dataclass

from storyforge.film.sound.chunks import sample, seed
from storyforge.film.sound.harmony import RELATED
from storyforge.film.sound.moods import MOODS, Mood, mood_of, scored, seconds, tuned
from storyforge.film.sound.theme import Theme
from storyforge.storyboard import Resolved, ResolvedShot

SHORTEST = 7.0  # seconds: a mood that lasts less belongs to its neighbour
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
    return tuple(cue(film, theme, stretch) for run in runs for stretch in joined(film, run))


def extend(run: list[Stretch], new: Stretch) -> None:
    """Adds a stretch, or lengthens the last one where scene and mood go on."""
    if run and run[-1].mood == new.mood and run[-1].shots[-1].scene.id == new.scene:
        run[-1] = Stretch(run[-1].shots + new.shots, new.mood, run[-1].long + new.long)
    else:
        run.append(new)


def joined(film: Resolved, run: Sequence[Stretch]) -> list[Stretch]:
    """Stretches with the short ones taken into a neighbour: of their mood, of their scene, else the longer one."""
    out = list(run)
    while len(out) > 1:
        at = min(range(len(out)), key=lambda index: out[index].long)
        short = out[at]
        if short.long >= SHORTEST:
            break
        near = [index for index in (at - 1, at + 1) if 0 <= index < len(out)]
        to = max(near, key=lambda i: (out[i].mood == short.mood, out[i].scene == short.scene, out[i].long))
        one, two = out[min(at, to)], out[max(at, to)]
        shots = one.shots + two.shots
        out[min(at, to) : max(at, to) + 1] = [Stretch(shots, mood_of(film, shots), one.long + two.long)]
    return out


def cue(film: Resolved, theme: Theme, stretch: Stretch) -> Cue:
    """One cue: from its first shot to the next cue's; of a dissolve each has its half."""
    first, last = stretch.shots[0], stretch.shots[-1]
    ends = last.index + 1 == len(film.shots)
    start, stop = turn(film, first.index), film.frames if ends else turn(film, last.index + 1)
    mood = tuned(MOODS[stretch.mood], first)
    home = ends or first.index == 0 or first.place == film.shots[0].place
    away = 0 if home else AWAY[seed(film.board.seed, first.place) % len(AWAY)]
    tonic = LOWEST + (theme.tonic + RELATED[mood.mode] + away - LOWEST) % 12
    return Cue(sample(film, start), sample(film, stop), mood, tonic, ends)


def turn(film: Resolved, index: int) -> int:
    """The frame at which a shot takes over from the one before."""
    shot = film.shots[index]
    return shot.start + (shot.join_frames // 2 if shot.join_kind == "dissolve" else 0)
