"""The lines of a film: what is said, by whom, when and from where; the soundtrack and the mouths both go by this."""

from dataclasses import dataclass
from fractions import Fraction

from storyforge.film.sound.speech import Saying
from storyforge.storyboard import Piece, Resolved, ResolvedShot, TimedLine, side_number

WIDTH = 0.4  # how far from the middle somebody at the edge of the frame is heard: words stay near the middle


@dataclass(frozen=True)
class Spoken:
    """One line over film frames [start, stop); on: spoken in the picture; pan -1 left .. 1 right."""

    shot: str
    start: int
    stop: int
    saying: Saying
    on: bool
    pan: float


def spoken(film: Resolved) -> tuple[Spoken, ...]:
    """Every line and narration of a film, in order."""
    found = [
        _spoken(film, shot, line)
        for shot in film.shots
        for line in [*([shot.narration] if shot.narration else []), *shot.lines]
    ]
    return tuple(sorted(found, key=lambda one: one.start))


def _spoken(film: Resolved, shot: ResolvedShot, line: TimedLine) -> Spoken:
    start, stop = max(0, shot.start + line.start), min(film.frames, shot.start + line.stop)
    stop = max(stop, start + 1)
    name = line.who.partition("@")[0] if line.who else None
    entity = film.board.cast.get(name or "")
    saying = Saying(
        text=line.line,
        seconds=Fraction(stop - start) / film.rate,
        who=name,
        voice=entity.voice if entity else None,
        how=line.how,
        language=film.board.language,
        seed=film.board.seed or 0,
    )
    return Spoken(shot.id, start, stop, saying, line.on, _pan(shot, line, name))


def _pan(shot: ResolvedShot, line: TimedLine, name: str | None) -> float:
    """Where a speaker is heard: where it stands, and in the middle when the camera is on it or it is not seen."""
    piece = _piece(shot, max(0, line.start))
    if name is None or piece.camera.on == name:
        return 0.0
    at = next((member.at for member in piece.cast if member.id == name), None)
    return WIDTH * (side_number(at) or 0.0)


def _piece(shot: ResolvedShot, frame: int) -> Piece:
    return next((piece for piece in shot.pieces if piece.start <= frame < piece.stop), shot.pieces[-1])
