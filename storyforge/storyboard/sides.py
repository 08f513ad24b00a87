"""Sides of the frame as numbers, and which one somebody who is seen from behind has."""

from storyforge.storyboard.resolve import Piece, Resolved, ResolvedShot

SIDES = {"far-left": -1.0, "left": -0.5, "centre": 0.0, "right": 0.5, "far-right": 1.0}


def side_number(at: str | float | None) -> float | None:
    """A place in the frame, -1 left edge .. 1 right edge; None for a word that names none."""
    return SIDES.get(at) if isinstance(at, str) else at


def placed(resolved: Resolved, shot: ResolvedShot, name: str) -> float | None:
    """Where the scene of a shot places somebody first."""
    scene = [other for other in resolved.shots if other.scene.id == shot.scene.id]
    found = (side_number(one.at) for other in scene for piece in other.pieces for one in piece.cast if one.id == name)
    return next((where for where in found if where is not None), None)


def shoulder(resolved: Resolved, shot: ResolvedShot, piece: Piece, on: str) -> float:
    """-1 or 1: the side of who is seen from behind, across from whom the camera is on, else his own, else left."""
    looked_at = next((side_number(member.at) for member in piece.cast if member.id == on), None)
    if looked_at:
        return -1.0 if looked_at > 0 else 1.0
    over = piece.over.id if piece.over else ""
    here = next((side_number(member.at) or 0.0 for member in piece.cast if member.id == over), None)
    own = placed(resolved, shot, over) if here is None else here
    return 1.0 if (own or 0.0) > 0 else -1.0
