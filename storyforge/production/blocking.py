"""Blocking: where everybody in a shot stands and looks, whom the camera is on, as numbers a renderer can keep to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from storyforge.backends import Framing
from storyforge.storyboard import SIDES, Piece, Resolved, ResolvedMember, ResolvedShot, placed, shoulder, side_number

FREE = ("left", "right", "centre", "far-left", "far-right")  # where one whom nobody placed may stand, best first
NEAR = ("medium", "close", "extreme-close")
BESIDE = 0.4  # where a thing lies that somebody in the middle looks at


def name(who: str | None) -> str:
    """The entity of "ember@rain"."""
    return (who or "").partition("@")[0]


def side(at: str | float) -> str:
    """The nearest of the five places in the frame, in words."""
    where = side_number(at) or 0.0
    return min(SIDES, key=lambda one: abs(SIDES[one] - where)).replace("-", " ")


def staged(piece: Piece, cast: Sequence[str]) -> Piece:
    """Of two or three, those whom nobody has placed stand where there is room, so that all are seen.

    All of them unplaced, they stand side by side in the order of their slots.
    """
    members = [one for one in piece.cast if one.id in cast and (piece.over is None or one.id != piece.over.id)]
    free = sorted((member.id for member in members if member.at is None), key=list(cast).index)
    if len(members) < 2 or not free:
        return piece
    if len(free) == len(members):
        at = dict(zip(free, ("left", "right") if len(free) == 2 else ("left", "centre", "right"), strict=True))
    else:
        taken, at = [side_number(member.at) or 0.0 for member in members if member.at is not None], {}
        for one in free:
            at[one] = max(FREE[:3], key=lambda spot: min(abs(SIDES[spot] - there) for there in taken))
            taken.append(SIDES[at[one]])
    return replace(piece, cast=tuple(replace(one, at=at.get(one.id, one.at)) for one in piece.cast))


def facing(resolved: Resolved, shot: ResolvedShot, piece: Piece, member: ResolvedMember) -> float | None:
    """Where a member is told to look: -1 left, 0 into the camera, 1 right; None where nothing says.

    A name is looked at where it is: in the piece, in the hand of somebody, where it lies, or, out of the frame, where
    the scene's other shots place it. Away from the camera is the nearer side of the frame: nobody turns his back.
    """
    here = side_number(member.at)
    said = member.faces
    if said is None:
        return None
    if said in ("left", "right", "camera"):
        return {"left": -1.0, "right": 1.0, "camera": 0.0}[said]
    if said == "away":
        return -1.0 if (here or 0.0) < 0 else 1.0
    there = side_number(said) if said in SIDES else _whereabouts(resolved, shot, piece, name(said))
    if there is None or member.id == name(said):
        return None
    if here is None:
        here = 0.0
    if there == here:
        return None
    return -1.0 if there < here else 1.0


def lies(piece: Piece, prop: str) -> float | None:
    """Where a thing that nobody holds lies when somebody looks at it: in the middle, or beside who stands there."""
    facers = [side_number(member.at) for member in piece.cast if name(member.faces) == prop]
    if not facers:
        return None
    return BESIDE if any(abs(at or 0.0) < 0.25 for at in facers) else 0.0


def framing(resolved: Resolved, shot: ResolvedShot, piece: Piece) -> Framing:
    """How the camera stands: what the storyboard says, and whom it is on where only one can be meant."""
    camera, aspect = piece.camera, resolved.size[0] / resolved.size[1]
    size = camera.shot or "wide"
    on, over = _on(shot, piece, size), piece.over.id if piece.over else ""
    return Framing(
        shot.scene.id, size, camera.move or "static", on, camera.setup or "", over,
        shoulder(resolved, shot, piece, on) if over else 0.0, aspect,
    )  # fmt: skip


def _on(shot: ResolvedShot, piece: Piece, size: str) -> str:
    """Named; alone in a shot that is medium or closer; of several in a close shot, who speaks first."""
    there = [member.id for member in piece.cast if piece.over is None or member.id != piece.over.id]
    things = {*shot.props, *(member.holds for member in piece.cast)}
    named = piece.camera.on
    if named and (named in there or named in things):
        return named
    if not there or size not in NEAR or (size == "medium" and len(there) > 1):
        return ""
    spoken = [name(line.who) for line in shot.lines if line.on and name(line.who) in there]
    return (spoken or there)[0]


def _whereabouts(resolved: Resolved, shot: ResolvedShot, piece: Piece, entity: str) -> float | None:
    """Where an entity is, as seen from a piece of a shot; the middle where it is a place."""
    if piece.over and piece.over.id == entity:  # his back is at the frame's edge, beside whoever is seen
        return 2.0 * shoulder(resolved, shot, piece, _on(shot, piece, piece.camera.shot or "wide"))
    for member in piece.cast:
        if member.id == entity:
            return side_number(member.at) or 0.0
    for member in piece.cast:
        if member.holds == entity:
            return side_number(member.at) or 0.0
    if entity in shot.props:
        return lies(piece, entity)
    if entity in resolved.board.places:
        return 0.0
    return placed(resolved, shot, entity)


def holders(piece: Piece) -> Mapping[str, str]:
    """Who holds what: prop -> member."""
    return {member.holds: member.id for member in piece.cast if member.holds}
