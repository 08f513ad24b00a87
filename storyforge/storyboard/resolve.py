"""A storyboard as it is rendered: inheritance applied, setups and beats merged, time in whole frames (DESIGN 4)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import sqrt
from typing import Any, Literal, TypeVar

from storyforge import clock
from storyforge.storyboard import words
from storyforge.storyboard.inheritance import entities, inherited, options
from storyforge.storyboard.model import (
    Beat,
    Camera,
    Entity,
    Join,
    JoinKind,
    Keyframe,
    Line,
    Look,
    Member,
    Scene,
    Shot,
    Storyboard,
    Title,
)
from storyforge.storyboard.sources import shown
from storyforge.storyboard.values import SIZE

RENDERER = "toon"  # what draws a shot when nobody says
NATIVE = (1280, 720)  # its size at 16:9
JOIN_SECONDS: Mapping[JoinKind, float] = {"cut": 0.0, "dissolve": 0.5, "fade": 1.0, "flow": 1.0}
END_SECONDS = 1.0

Value = TypeVar("Value")


@dataclass(frozen=True)
class ResolvedMember:
    """One character in a shot, with its look applied."""

    key: str  # "ember@rain" or "ember"
    id: str
    look: str | None
    description: str
    wears: str | None
    references: tuple[str, ...]
    at: str | float | None
    faces: str | None
    feels: str | None
    does: str | None
    holds: str | None


@dataclass(frozen=True)
class TimedLine:
    """Words and the frames [start, stop) in which they are heard, counted from their shot's start.

    A negative start is before the cut; a narration's stop may lie beyond its shot's frames: it runs on over the
    following shots of the scene.
    """

    who: str | None  # None: the narrator
    line: str
    how: str | None
    on: bool
    start: int
    stop: int


@dataclass(frozen=True)
class TimedTitle:
    """Words drawn over frames [start, stop) of the shot."""

    text: str
    place: Literal["centre", "lower", "top", "roll"]
    start: int
    stop: int


@dataclass(frozen=True)
class Piece:
    """Frames [start, stop) of a shot in which nothing that the storyboard names changes; the pieces cover the shot."""

    start: int
    stop: int
    action: str | None
    camera: Camera
    cast: tuple[ResolvedMember, ...]
    over: ResolvedMember | None = None  # over whose shoulder the camera looks, in the cast or not


@dataclass(frozen=True)
class ResolvedShot:
    """One shot with everything it inherits; frames are counted from its own start, `start` from the film's."""

    index: int
    scene: Scene
    shot: Shot
    id: str
    frames: int
    start: int
    join_kind: JoinKind
    join_frames: int  # cut 0; dissolve: overlap with the shot before; fade and flow: their length, overlapping nothing
    renderer: str
    style: str | None
    avoid: str | None
    place: str | None
    time: str | None
    weather: str | None
    music: str | None
    seed: int
    options: Mapping[str, Mapping[str, Any]]
    camera: Camera
    cast: tuple[ResolvedMember, ...]
    props: tuple[str, ...]
    action: str | None
    pieces: tuple[Piece, ...]
    narration: TimedLine | None
    lines: tuple[TimedLine, ...]
    titles: tuple[TimedTitle, ...]
    keyframes: tuple[tuple[int, str], ...]  # frame of the shot, picture
    shown: str | None  # the source that it shows as it is; None for a shot that a renderer draws

    @property
    def stop(self) -> int:
        """The film frame after its last."""
        return self.start + self.frames

    @property
    def words(self) -> tuple[TimedLine, ...]:
        """Its narration and its lines."""
        return (self.narration, *self.lines) if self.narration else self.lines


@dataclass(frozen=True)
class Resolved:
    """A whole film in frames; `spans`: indices of shots linked by flow; `end_frames` fade within the last shot."""

    board: Storyboard
    shots: tuple[ResolvedShot, ...]
    frames: int
    rate: Fraction
    size: tuple[int, int]
    spans: tuple[tuple[int, ...], ...]
    end_kind: Literal["cut", "fade"]
    end_frames: int


def rate(board: Storyboard) -> Fraction:
    """Frames a second, exactly: 23.976 is 24000/1001."""
    return clock.exact(board.fps)


def size(board: Storyboard, native: tuple[int, int] = NATIVE) -> tuple[int, int]:
    """Width and height in even pixels; a ratio has the area of the renderer's native size."""
    match = SIZE.fullmatch(board.size)
    if match is None:
        raise ValueError(f"size {board.size!r}")
    if match[1]:
        return int(match[1]), int(match[2])
    ratio = float(match[3]) / float(match[4])
    if abs(ratio * native[1] - native[0]) < 1:
        return native
    height = sqrt(native[0] * native[1] / ratio)
    return even(height * ratio), even(height)


def even(side: float) -> int:
    """The nearest even number of pixels: what H.264 can encode."""
    return max(2, 2 * round(side / 2))


def member(board: Storyboard, given: Member) -> ResolvedMember:
    """A member with its look applied; who is not in the cast is described by its own name."""
    name, _, look_name = given.who.partition("@")
    entity = board.cast.get(name) or Entity(description=name)
    look = entity.looks.get(look_name, Look())
    return ResolvedMember(
        key=given.who,
        id=name,
        look=look_name or None,
        description=look.description or entity.description,
        wears=look.wears if look.wears is not None else entity.wears,
        references=look.references or entity.references,
        at=given.at,
        faces=given.faces,
        feels=given.feels,
        does=given.does,
        holds=given.holds,
    )


def merged(before: Camera, change: Camera | None, setups: Mapping[str, Camera]) -> Camera:
    """A camera with what `change` names taken over: its setup first, then its own fields."""
    if change is None:
        return before
    values = {key: getattr(before, key) for key in Camera.model_fields}
    for layer in (setups.get(change.setup or ""), change):
        values |= {key: value for key, value in (layer or Camera()) if value is not None}
    return Camera(**values)


def recast(before: Sequence[Member], beat: Beat) -> tuple[Member, ...]:
    """The members after a beat: fields it names take over; an action takes over what those it names were doing."""
    told = set(re.findall(r"[\w-]+", (beat.action or "").casefold()))
    now: dict[str, Member] = {}
    for old in before:
        name = old.who.partition("@")[0]
        now[name] = old.but(does=None) if name.casefold() in told else old
    for new in beat.cast:
        name = new.who.partition("@")[0]
        given = {key: value for key, value in new if value is not None}
        now[name] = now[name].but(**given) if name in now else new
    return tuple(now.values())


def shoulder(board: Storyboard, scene: Scene, camera: Camera, cast: Sequence[Member]) -> ResolvedMember | None:
    """Over whose shoulder a camera looks, as the shot's cast has them, else in the look of the scene's other shots."""
    if camera.over is None:
        return None
    others = (one for shot in scene.shots for one in shot.cast)
    known = next((one for one in (*cast, *others) if one.who.partition("@")[0] == camera.over), None)
    here = known if known in cast else None
    return member(board, here or Member(who=known.who if known else camera.over))


def pieces(
    board: Storyboard, scene: Scene, shot: Shot, frames: int, frame: Callable[[float], int]
) -> tuple[Piece, ...]:
    """The shot cut at its beats; `frame` converts seconds. Beats beyond the shot's end say nothing."""
    camera, cast, action = merged(Camera(), shot.camera, scene.setups), shot.cast, shot.action
    beats = sorted(shot.beats, key=lambda beat: beat.at)
    starts = [min(frame(beat.at), frames) for beat in beats]
    out = []
    for start, stop, beat in zip([0, *starts], [*starts, frames], [None, *beats], strict=True):
        if beat:
            camera, cast, action = merged(camera, beat.camera, scene.setups), recast(cast, beat), beat.action or action
        if stop > start:
            seen = tuple(member(board, one) for one in cast)
            out.append(Piece(start, stop, action, camera, seen, shoulder(board, scene, camera, cast)))
    return tuple(out)


def length(board: Storyboard, scene: Scene, shot: Shot) -> Fraction:
    """Seconds of a shot: what it says or inherits, else what its words need."""
    given = inherited("seconds", (shot, scene, board))
    return Fraction(str(given)) if isinstance(given, float) else Fraction(str(words.needed(shot)))


def join_of(shot: Shot, scene: Scene, board: Storyboard, first: bool) -> Join:
    """How the shot meets the one before; the film's first shot can only be cut to or fade in."""
    join: Join = inherited("join", (shot, scene, board)) or Join(kind="cut")
    return join if not first or join.kind == "fade" else Join(kind="cut")


def timed_keyframe(keyframe: Keyframe, frames: int, frame: Callable[[float], int]) -> tuple[int, str]:
    """The frame at which the picture must show; `end` is the last."""
    at = {"start": 0, "end": frames - 1}.get(str(keyframe.at))
    return min(frame(float(keyframe.at)) if at is None else at, frames - 1), keyframe.picture


def timed_title(title: Title, frames: int, frame: Callable[[float], int]) -> TimedTitle:
    """A title's frames, within the shot."""
    start = min(frame(title.at), frames)
    stop = frames if title.seconds is None else min(frames, start + frame(title.seconds))
    return TimedTitle(title.text, title.place, start, stop)


def timed_words(shot: ResolvedShot, per: Fraction, until: int, before: int) -> ResolvedShot:
    """The shot with its words in frames; from its start, narration may run on `until`, and the next words begin."""
    heard = words.schedule(shot.shot, *(clock.seconds(count, per) for count in (shot.frames, until, before)))

    def timed(text: str, when: words.When, said: Line | None = None) -> TimedLine:
        start, stop = clock.frames(when.start, per), clock.frames(when.stop, per)
        late = max(0, -shot.start - start)  # before the film's first frame nothing is heard
        start, stop = min(start + late, shot.frames - 1), stop + late
        stop = max(start + 1, min(stop, shot.frames if said else until))
        if said is None:
            return TimedLine(None, text, None, False, start, stop)
        return TimedLine(said.who, text, said.how, said.on, start, stop)

    told = timed(shot.shot.narration, heard.narration) if shot.shot.narration and heard.narration else None
    lines = zip(shot.shot.dialogue, heard.lines, strict=True)
    return replace(shot, narration=told, lines=tuple(timed(line.line, when, line) for line, when in lines))


def with_words(shots: Sequence[ResolvedShot], per: Fraction) -> tuple[ResolvedShot, ...]:
    """The shots with their words: a narration longer than its shot runs on until its scene or the next words.

    Only what does not fit even so is hurried; words to come take at most half of their neighbour's shot from it.
    """
    out: list[ResolvedShot] = []
    scene: Scene | None = None
    end = begin = shots[-1].stop  # film frames: where the scene ends, and where the next words begin
    for shot in reversed(shots):
        end, scene = (end if shot.scene is scene else shot.stop), shot.scene
        now = timed_words(shot, per, end - shot.start, max(begin - shot.start, shot.frames // 2, 1))
        begin = min([begin, *(shot.start + line.start for line in now.words)])
        out.append(now)
    return tuple(reversed(out))


def resolve_shot(
    board: Storyboard, scene: Scene, shot: Shot, index: int, before: ResolvedShot | None,
    restyles: Callable[[str], bool],
) -> ResolvedShot:  # fmt: skip
    """One shot after the one before it; its words are timed once all shots are known."""
    per = rate(board)
    layers = (shot, scene, board)

    def frame(seconds: float) -> int:
        return clock.frames(seconds, per)

    frames = max(1, clock.frames(length(board, scene, shot), per))
    join = join_of(shot, scene, board, before is None)
    join_frames = 0 if join.kind == "cut" else clock.frames(join.seconds or JOIN_SECONDS[join.kind], per)
    overlap = 0
    if before and join.kind == "dissolve":  # a frame is shared by two shots at most
        room = before.frames - (before.join_frames if before.join_kind == "dissolve" else 0)
        overlap = join_frames = max(0, min(join_frames, frames, room))
    cut = pieces(board, scene, shot, frames, frame)
    members = [member for piece in cut for member in piece.cast]
    place = inherited("place", layers)
    seen = [*(one.id for one in members), *(one.holds for one in members), *shot.props, place]
    return ResolvedShot(
        index=index,
        scene=scene,
        shot=shot,
        id=shot.id,
        frames=frames,
        start=before.stop - overlap if before else 0,
        join_kind=join.kind,
        join_frames=join_frames,
        renderer=(renderer := inherited("renderer", layers) or RENDERER),
        **{key: inherited(key, layers) for key in ("style", "avoid", "time", "weather", "music")},
        place=place,
        seed=inherited("seed", layers) or 0,
        options=options(layers, entities(board, seen)),
        camera=cut[0].camera,
        cast=cut[0].cast,
        props=shot.props,
        action=cut[0].action,
        pieces=cut,
        narration=None,
        lines=(),
        titles=tuple(timed_title(title, frames, frame) for title in shot.titles),
        keyframes=tuple(timed_keyframe(one, frames, frame) for one in shot.keyframes),
        shown=shown(shot, renderer, restyles),
    )


def spans(shots: Sequence[ResolvedShot]) -> tuple[tuple[int, ...], ...]:
    """Indices of the shots of each span: shots linked by flow."""
    out: list[list[int]] = []
    for shot in shots:
        if shot.join_kind == "flow" and out:
            out[-1].append(shot.index)
        else:
            out.append([shot.index])
    return tuple(tuple(span) for span in out)


def resolve(
    board: Storyboard, native: tuple[int, int] = NATIVE, restyles: Callable[[str], bool] = lambda renderer: False
) -> Resolved:
    """The film in frames at its rate and size.

    native: the renderer's size at 16:9. restyles: whether a renderer, by its name, makes something of a source.
    """
    shots: list[ResolvedShot] = []
    for scene in board.scenes:
        for shot in scene.shots:
            shots.append(resolve_shot(board, scene, shot, len(shots), shots[-1] if shots else None, restyles))
    per = rate(board)
    end = board.end
    fade = clock.frames(end.seconds or END_SECONDS, per) if end and end.kind == "fade" else 0
    return Resolved(
        board=board,
        shots=with_words(shots, per),
        frames=shots[-1].stop,
        rate=per,
        size=size(board, native),
        spans=spans(shots),
        end_kind=end.kind if end else "cut",
        end_frames=min(fade, shots[-1].frames),
    )
