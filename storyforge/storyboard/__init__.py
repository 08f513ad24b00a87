"""The storyboard: its models, YAML with every mistake at once, edits, inheritance and time, checks and differences."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from storyforge.storyboard.answers import answered
from storyforge.storyboard.changes import Change, changes
from storyforge.storyboard.check import Lengths, Notice, check, lengths
from storyforge.storyboard.diff import Difference, diff
from storyforge.storyboard.inheritance import OWN_SOUND
from storyforge.storyboard.model import (
    Angle,
    Beat,
    Camera,
    Control,
    End,
    Entity,
    Join,
    JoinKind,
    Keyframe,
    Line,
    Look,
    Member,
    Move,
    Scene,
    Shot,
    ShotSize,
    Slot,
    Sound,
    Storyboard,
    Title,
)
from storyforge.storyboard.reach import reaching
from storyforge.storyboard.renderers import conforms, filmed
from storyforge.storyboard.renderers import files as profile_files
from storyforge.storyboard.renderers import name_of as profile_name
from storyforge.storyboard.resolve import (
    NATIVE,
    Piece,
    Resolved,
    ResolvedMember,
    ResolvedShot,
    TimedLine,
    TimedTitle,
    resolve,
)
from storyforge.storyboard.rules import broken, recording
from storyforge.storyboard.schema import json_schema, schema_text, write_schema
from storyforge.storyboard.sides import SIDES, placed, shoulder, side_number
from storyforge.storyboard.sources import UNHEARD, Media, audible, colour, media
from storyforge.storyboard.vocabulary import Meaning, Section, Vocabulary
from storyforge.storyboard.words import spoken_letters
from storyforge.storyboard.yaml import Document, dump, load, loads

if TYPE_CHECKING:
    from storyforge.storyboard.edit import insert_shot, lock, pick, save, set_field
    from storyforge.storyboard.merging import Kept, Merge, merge

EDITS = ("insert_shot", "lock", "pick", "save", "set_field")  # loaded when used: they bring ruamel.yaml
MERGES = ("Kept", "Merge", "merge")

__all__ = [
    "NATIVE",
    "OWN_SOUND",
    "SIDES",
    "UNHEARD",
    "Angle",
    "Beat",
    "Camera",
    "Change",
    "Control",
    "Difference",
    "Document",
    "End",
    "Entity",
    "Join",
    "JoinKind",
    "Kept",
    "Keyframe",
    "Lengths",
    "Line",
    "Look",
    "Meaning",
    "Media",
    "Member",
    "Merge",
    "Move",
    "Notice",
    "Piece",
    "Resolved",
    "ResolvedMember",
    "ResolvedShot",
    "Scene",
    "Section",
    "Shot",
    "ShotSize",
    "Slot",
    "Sound",
    "Storyboard",
    "TimedLine",
    "TimedTitle",
    "Title",
    "Vocabulary",
    "answered",
    "audible",
    "broken",
    "changes",
    "check",
    "colour",
    "conforms",
    "diff",
    "dump",
    "filmed",
    "insert_shot",
    "json_schema",
    "lengths",
    "load",
    "loads",
    "lock",
    "media",
    "merge",
    "pick",
    "placed",
    "profile_files",
    "profile_name",
    "reaching",
    "recording",
    "resolve",
    "save",
    "schema_text",
    "set_field",
    "shoulder",
    "side_number",
    "spoken_letters",
    "write_schema",
]


def __getattr__(name: str) -> Any:
    if name in (*EDITS, *MERGES):
        return getattr(import_module(f"storyforge.storyboard.{'edit' if name in EDITS else 'merging'}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
