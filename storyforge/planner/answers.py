"""What a language model is asked for, step by step: strict shapes with lists of {name, value} and no defaults."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from storyforge.storyboard import Angle, JoinKind, Move, ShotSize


class Answer(BaseModel):
    """A strict shape: every field is required, none other is allowed (OpenAI's strict mode asks for both)."""

    model_config = ConfigDict(extra="forbid")


class OutlineScene(Answer):
    """A scene and the sentences it covers, counted from 1, both ends included."""

    id: str
    summary: str
    first: int
    last: int


class Outline(Answer):
    """Step 1."""

    title: str
    scenes: list[OutlineScene]


class Named(Answer):
    """A name and what it stands for."""

    name: str
    value: str


class Character(Answer):
    """Somebody who is seen; `looks`: name of a look and what is worn in it."""

    id: str
    description: str
    wears: str
    looks: list[Named]


class Described(Answer):
    """A prop or a place."""

    id: str
    description: str


class CastAndPlaces(Answer):
    """Step 2."""

    characters: list[Character]
    props: list[Described]
    places: list[Described]


class SceneSheet(Answer):
    """Step 3, for one scene."""

    place: str
    time: str
    weather: str
    present: list[str]
    join: Literal["cut", "dissolve", "fade"]
    feeling: str


class MemberAnswer(Answer):
    """One character in a shot."""

    who: str
    look: str
    at: Literal["", "far-left", "left", "centre", "right", "far-right"]
    faces: str
    feels: str
    does: str
    holds: str


class LineAnswer(Answer):
    """A line; `on` is false when the speaker is not seen."""

    who: str
    line: str
    how: str
    on: bool


class CameraAnswer(Answer):
    """A framing."""

    size: ShotSize
    on: str
    over: str
    move: Move
    angle: Angle


class ShotAnswer(Answer):
    """One shot."""

    action: str
    narration: str
    cast: list[MemberAnswer]
    props: list[str]
    lines: list[LineAnswer]
    camera: CameraAnswer
    join: JoinKind


class ShotList(Answer):
    """Step 4, for one scene."""

    shots: list[ShotAnswer]
