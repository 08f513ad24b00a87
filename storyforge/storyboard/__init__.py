"""The storyboard: its models, YAML with every mistake at once, inheritance and time."""

from storyforge.storyboard.model import (
    Beat,
    Camera,
    End,
    Entity,
    Join,
    Keyframe,
    Line,
    Look,
    Member,
    Scene,
    Shot,
    Storyboard,
    Title,
)
from storyforge.storyboard.resolve import (
    Piece,
    Resolved,
    ResolvedMember,
    ResolvedShot,
    TimedLine,
    TimedTitle,
    resolve,
)
from storyforge.storyboard.yaml import Document, dump, load, loads

__all__ = [
    "Beat",
    "Camera",
    "Document",
    "End",
    "Entity",
    "Join",
    "Keyframe",
    "Line",
    "Look",
    "Member",
    "Piece",
    "Resolved",
    "ResolvedMember",
    "ResolvedShot",
    "Scene",
    "Shot",
    "Storyboard",
    "TimedLine",
    "TimedTitle",
    "Title",
    "dump",
    "load",
    "loads",
    "resolve",
]
