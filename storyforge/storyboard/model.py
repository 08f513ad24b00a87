"""The storyboard's shapes: frozen models whose field names are the keys of the YAML (DESIGN 4).

A value left out is None where a scene, the film or the renderer decides. Short forms (`rain: "a yellow raincoat"`,
`[ember@rain]`, `camera: stairs`, `join: cut`) are read as the field that the model's `short` names.
"""

from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from storyforge.conform import Rule
from storyforge.storyboard.values import (
    LONGEST,
    Duration,
    Moment,
    Name,
    Number,
    Options,
    Positive,
    Prose,
    Reference,
    Seed,
    no_bool,
    number_or,
    paced,
    sized,
)

ShotSize = Literal["extreme-wide", "wide", "full", "medium", "close", "extreme-close"]
Move = Literal["static", "push-in", "pull-out", "pan-left", "pan-right", "tracking", "tilt-up"]
Angle = Literal["low", "level", "high"]
Slot = Literal["far-left", "left", "centre", "right", "far-right"]
JoinKind = Literal["cut", "dissolve", "fade", "flow"]
EndKind = Literal["cut", "fade"]
ControlKind = Literal["depth", "pose", "edges"]
TitlePlace = Literal["centre", "lower", "top", "roll"]

SLOTS: tuple[str, ...] = get_args(Slot)


class Model(BaseModel):
    """A frozen piece of a storyboard; `short` is the field that a bare scalar stands for."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # schema.py reads the docstrings: it costs 50 ms
    short: ClassVar[str | None] = None

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, value: Any) -> Any:
        return {cls.short: value} if cls.short and isinstance(value, str) else value

    def but(self, **changes: Any) -> Self:
        """A copy with some fields changed; it counts only the fields that anyone has set."""
        return type(self)(**{key: getattr(self, key) for key in self.model_fields_set} | changes)


class Look(Model):
    """One of an entity's appearances; what it leaves out stays as the entity has it."""

    short = "wears"
    wears: Prose | None = None
    """What is worn in this look, instead of the entity's `wears`."""
    description: Prose | None = None
    """Replaces the entity's description in this look."""
    references: tuple[str, ...] = ()
    """Pictures of this look, beside the storyboard."""


class Entity(Model):
    """A character, prop or place."""

    short = "description"
    description: Prose
    """Who or what it is, in every look: a plain noun phrase, such as "a small orange fox"."""
    wears: Prose | None = None
    """What is worn when no look says otherwise, such as "a blue scarf"."""
    references: tuple[str, ...] = ()
    """Pictures of it, beside the storyboard."""
    voice: str | None = None
    """The voice that speaks its lines."""
    looks: dict[Name, Look] = Field(default_factory=dict)
    """Other appearances, used as `ember@rain`."""
    lock: bool = False
    """True: its cast sheets stay as they are, whatever is said of it."""
    pick: str | None = None
    """The take of its cast sheets; the newest without one."""
    options: Options | None = None
    """Parameters for one profile wherever it is seen: {wan-vace-1.3b: {loras: [{checkpoint: loras/ember}]}}."""


class Camera(Model):
    """How the shot is framed; a bare name is one of the scene's setups."""

    short = "setup"
    shot: ShotSize | None = None
    """How much is seen."""
    on: Name | None = None
    """The character or prop that the camera looks at."""
    over: Name | None = None
    """The character over whose shoulder it looks."""
    move: Move | None = None
    """How the camera moves."""
    angle: Angle | None = None
    """From where it looks: from below, level or from above."""
    setup: Name | None = None
    """The scene's setup that this camera starts from."""


class Join(Model):
    """How a shot meets the one before."""

    short = "kind"
    kind: JoinKind
    """cut; dissolve (overlaps both shots); fade (through black); flow (one continuous motion)."""
    seconds: Positive | None = None
    """How long it takes; a cut takes no time."""


class End(Model):
    """How the film ends."""

    short = "kind"
    kind: EndKind = "cut"
    """cut, or fade: the last frames go to black."""
    seconds: Positive | None = None
    """How long the fade takes, within the last shot."""


class Member(Model):
    """One character in a shot."""

    short = "who"
    who: Reference
    """The character, or the character in a look: `ember@rain`."""
    at: Annotated[Slot | Annotated[float, Field(ge=-1, le=1)] | None, number_or(*SLOTS, low=-1, high=1)] = None
    """Where in the frame: a word, or -1 (left edge) to 1 (right edge)."""
    faces: str | None = None
    """What it looks towards: left, right, camera, away, or a character, prop or place."""
    feels: Prose | None = None
    """A feeling in plain words, such as "afraid"."""
    does: Prose | None = None
    """What it does, in the third person, such as "climbs the stairs"."""
    holds: Name | None = None
    """The prop in its hand."""


class Beat(Model):
    """A piece of a shot: what it names takes over from `at`."""

    at: Moment
    """Seconds from the shot's start."""
    action: Prose | None = None
    """What happens from here."""
    camera: Camera | None = None
    """What changes of the camera from here."""
    cast: tuple[Member, ...] = ()
    """What changes of the characters from here."""


class Line(Model):
    """One line of dialogue."""

    who: Reference
    """Who speaks."""
    line: Prose
    """The words."""
    how: Prose | None = None
    """How they are said, such as "quietly"."""
    at: Number | None = None
    """Seconds from the shot's start; negative is heard before the cut. Without it: after the line before."""
    on: bool = True
    """False: spoken off screen, no mouth moves."""


class Title(Model):
    """Words drawn over the picture."""

    short = "text"
    text: Prose
    """The words."""
    place: TitlePlace = "centre"
    """Where they are drawn; roll moves them up the picture."""
    seconds: Positive | None = None
    """How long they stay; without it, as long as the shot."""
    at: Moment = 0.0
    """Seconds from the shot's start."""


class Keyframe(Model):
    """A picture that the shot must show at one moment."""

    at: Annotated[Moment | Literal["start", "end"], number_or("start", "end", low=0, high=LONGEST)]
    """Seconds from the shot's start, or start, or end."""
    picture: str
    """A picture beside the storyboard."""


class Sound(Model):
    """A recording that is heard in a shot."""

    short = "file"
    file: str
    """An audio file beside the storyboard."""
    at: Moment = 0.0
    """Seconds from the shot's start."""
    seconds: Positive | None = None
    """How long it is heard; without it to its own end, over the shots that follow too."""
    volume: Annotated[float, Field(ge=-60, le=20), BeforeValidator(no_bool)] = 0.0
    """Decibels: 0 is as loud as the file, -6 about half."""


class Control(Model):
    """A film that drives the motion of a shot, and is not seen itself."""

    kind: ControlKind
    """What its pictures are: depth (near is light), pose (drawn skeletons) or edges (light lines on black)."""
    video: str
    """The film, or a picture, beside the storyboard."""
    strength: Annotated[float, Field(gt=0, le=2), BeforeValidator(no_bool)] = 1.0
    """How closely it is followed: 1 as the model was trained, less leaves more to the words."""


class Inherited(Model):
    """What a shot that lacks it takes from its scene, then from the film."""

    renderer: str | None = None
    """The profile in renderers/ that draws it; toon without one."""
    style: Prose | None = None
    """The look of the picture in words."""
    avoid: Prose | None = None
    """What should not be seen: a negative prompt, where the model takes one."""
    seconds: Duration | None = None
    """How long a shot lasts; auto (or nothing): as long as its words need."""
    join: Join | None = None
    """How a shot meets the one before; cut without one."""
    place: Name | None = None
    """One of the places."""
    time: Prose | None = None
    """Time of day in plain words."""
    weather: Prose | None = None
    """Weather in plain words."""
    music: Prose | None = None
    """The music: plain words, none, or an audio file beside the storyboard, which is repeated while it is wanted."""
    options: Options | None = None
    """Parameters for one profile: {wan-vace-1.3b: {guidance: 5}}."""
    seed: Seed | None = None
    """Where the randomness starts; another seed gives another version."""


class Shot(Inherited):
    """One shot."""

    id: Name
    """A stable name, unique in the film."""
    cast: tuple[Member, ...] = ()
    """The characters in the shot."""
    props: tuple[Name, ...] = ()
    """Props that are seen but that nobody holds."""
    action: Prose | None = None
    """What happens, where no beat speaks."""
    camera: Camera | None = None
    """The framing, or the name of one of the scene's setups."""
    beats: tuple[Beat, ...] = ()
    """Pieces of the shot, in order."""
    narration: Prose | None = None
    """What the narrator says."""
    dialogue: tuple[Line, ...] = ()
    """Lines, one after another unless `at` says."""
    sounds: tuple[Sound, ...] = ()
    """Recordings that are heard."""
    titles: tuple[Title, ...] = ()
    """Words drawn over the picture."""
    keyframes: tuple[Keyframe, ...] = ()
    """Pictures that the shot must show at given moments."""
    prompt: Prose | None = None
    """Replaces the composed prompt."""
    lock: bool = False
    """True: never planned again, never rendered again."""
    pick: str | None = None
    """The take in the film; the newest without one."""
    source: str | None = None
    """A picture or film beside the storyboard, or a colour, shown as it is."""
    strength: Annotated[float, Field(ge=0, le=1), BeforeValidator(no_bool)] | None = None
    """How much of the source is made anew by a renderer that can restyle, 0 to 1; 0 shows it as it is."""
    control: Control | None = None
    """What drives the motion: depth, poses or edges, read from a film."""
    note: Prose | None = None
    """For people: contact sheet, report, editing programs."""


class Scene(Inherited):
    """Shots in one place and time."""

    id: Name
    """A stable name, unique in the film."""
    setups: dict[Name, Camera] = Field(default_factory=dict)
    """Cameras placed once, used by name."""
    shots: Annotated[tuple[Shot, ...], Field(min_length=1)]
    """The shots, in order."""


class Storyboard(Inherited):
    """A film, written down."""

    storyforge: Literal[1] = 1
    """The version of this format."""
    title: Prose | None = None
    """The film's title."""
    language: str = "en"
    """The language of narration, lines and titles."""
    size: Annotated[str, BeforeValidator(sized)] = "16:9"
    """A ratio (16:9, 9:16, 2.39:1) in the renderer's native size, or pixels (1280x720)."""
    fps: Annotated[float | str, BeforeValidator(paced)] = 24.0
    """Frames a second."""
    rate: Rule = "hold"
    """How the frames of a model with a rate of its own become the film's: hold repeats them; blend mixes neighbours;
    native takes them one to one, so that motion is faster or slower."""
    cast: dict[Name, Entity] = Field(default_factory=dict)
    """The characters."""
    props: dict[Name, Entity] = Field(default_factory=dict)
    """Things that are seen or held."""
    places: dict[Name, Entity] = Field(default_factory=dict)
    """Where scenes take place."""
    scenes: Annotated[tuple[Scene, ...], Field(min_length=1)]
    """The scenes, in order."""
    end: End | None = None
    """How the film ends."""
