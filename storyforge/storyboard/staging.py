"""Staging that an audience would misread: a cut across the line, looks past one another, somebody who cannot be found.

The line (180 degrees) runs between two who have to do with each other: while the camera stays on one side of it, who is
left stays left, and the two look towards each other from one shot to the next.
"""

from collections.abc import Iterator
from itertools import combinations, pairwise

from storyforge.storyboard.resolve import Piece, Resolved, ResolvedMember, ResolvedShot
from storyforge.storyboard.sides import placed, shoulder, side_number

BEHIND = 2.0  # how far to a side of the frame somebody is who is seen from behind: beyond all the others
CROSSES = ("tracking", "pan-left", "pan-right")  # moves that may carry the camera across before our eyes
GOING = "walks runs flies climbs hurries flees chases races dashes rushes jumps leaves turns sleeps"
GOES = frozenset(GOING.split())
Found = Iterator[tuple[ResolvedShot, str]]


def misread(resolved: Resolved) -> Found:
    """Shots with a sentence each: what is wrong, and what to change."""
    for before, shot in pairwise(resolved.shots):
        if before.scene.id == shot.scene.id and shot.join_kind == "cut" and before.place == shot.place:
            yield from _crossed(resolved, before, shot)
    for shot in resolved.shots:
        yield from _lost(resolved, shot)


def _crossed(resolved: Resolved, before: ResolvedShot, shot: ResolvedShot) -> Found:
    """A cut after which two have changed sides, or one looks away from whom he was looking at."""
    last, first = before.pieces[-1], shot.pieces[0]
    if last.camera.move in CROSSES or first.camera.move in CROSSES:
        return
    was, now = _places(last), _places(first)
    for one, other in combinations(sorted(was.keys() & now.keys()), 2):
        if (was[one] - was[other]) * (now[one] - now[other]) < 0:
            left, right = (one, other) if was[one] < was[other] else (other, one)
            said = f"{left} was left of {right} and is now right; swap their places in one of the shots"
            yield shot, f"{_line(before, shot)}: {said}, or put a shot of one of them alone between"
            return
    if len(last.cast) == len(first.cast) == 1:
        yield from _apart(resolved, before, shot)
    elif 1 in (len(last.cast), len(first.cast)) and before.lines and shot.lines:
        yield from _turned(resolved, before, shot)


def _line(before: ResolvedShot, shot: ResolvedShot) -> str:
    return f"the cut from {before.id} to {shot.id} crosses the line"


def _apart(resolved: Resolved, before: ResolvedShot, shot: ResolvedShot) -> Found:
    """Shot and reverse shot of two who speak to each other and both look the same way."""
    last, first = before.pieces[-1], shot.pieces[0]
    one, other = last.cast[0], first.cast[0]
    talk = {(line.who or "").partition("@")[0] for line in (*before.lines, *shot.lines) if line.on}
    if one.id == other.id or not talk >= {one.id, other.id} or _goes(one) or _goes(other):
        return
    look = _look(resolved, before, last, one)
    if look and look == _look(resolved, shot, first, other):
        side, back = ("right", "left") if look > 0 else ("left", "right")
        said = f"{one.id} in {before.id} and {other.id} in {shot.id} both look {side}"
        yield shot, f"{said}, so that they do not seem to speak to each other: let {other.id} face {back}"


def _turned(resolved: Resolved, before: ResolvedShot, shot: ResolvedShot) -> Found:
    """One who looks at another where both are seen, and the other way where he is alone."""
    last, first = before.pieces[-1], shot.pieces[0]
    for one in last.cast:
        for same in first.cast:
            if one.id != same.id or _goes(one) or _goes(same):
                continue
            was, now = _look(resolved, before, last, one), _look(resolved, shot, first, same)
            piece, member, look = (last, one, was) if len(last.cast) > 1 else (first, same, now)
            if was * now < 0 and _meets(piece, member, look):
                side = "left" if was < 0 else "right"
                said = f"{one.id} looked {side} and now looks the other way; let {one.id} face {side}"
                yield shot, f"{_line(before, shot)}: {said}, or put a shot without {one.id} between"


def _meets(piece: Piece, member: ResolvedMember, look: int) -> bool:
    """Whether he looks towards somebody of the piece."""
    places = _places(piece)
    mine = places.get(member.id)
    return mine is not None and any((there - mine) * look > 0 for name, there in places.items() if name != member.id)


def _lost(resolved: Resolved, shot: ResolvedShot) -> Found:
    """Looks at somebody whom nothing places, and a camera over the shoulder of whom it is on."""
    for piece in shot.pieces:
        if piece.over and piece.over.id == piece.camera.on:
            said = f"the camera of {shot.id} is on {piece.over.id} and looks over the same one's shoulder"
            yield shot, f"{said}: name somebody else in one of them"
        for member in piece.cast:
            name = (member.faces or "").partition("@")[0]
            if name in resolved.board.cast and name != member.id and _side(resolved, shot, piece, name) is None:
                said = f"{member.id} faces {name} in {shot.id}, and no shot of the scene says where {name} is"
                yield shot, f"{said}: write left or right, or give {name} a place (at)"


def _places(piece: Piece) -> dict[str, float]:
    """Where a piece puts everybody, -1 left .. 1 right; who is seen from behind is across from who faces him."""
    out = {member.id: where for member in piece.cast if (where := side_number(member.at)) is not None}
    if piece.over:
        out.pop(piece.over.id, None)
        if subject := out.get(piece.camera.on or ""):
            out[piece.over.id] = -BEHIND if subject > 0 else BEHIND
    return out


def _look(resolved: Resolved, shot: ResolvedShot, piece: Piece, member: ResolvedMember) -> int:
    """-1 looks left, 1 right, 0 nobody knows."""
    if member.faces in ("left", "right"):
        return -1 if member.faces == "left" else 1
    there = _side(resolved, shot, piece, (member.faces or "").partition("@")[0])
    here = side_number(member.at)
    if here is None or there is None or here == there:
        return 0
    return 1 if there > here else -1


def _side(resolved: Resolved, shot: ResolvedShot, piece: Piece, name: str) -> float | None:
    """Where somebody is: seen from behind, in the piece, else where the scene's other shots put him."""
    if piece.over and piece.over.id == name:
        return BEHIND * shoulder(resolved, shot, piece, piece.camera.on or _alone(piece, name))
    for member in piece.cast:
        if member.id == name:
            return side_number(member.at) or 0.0
    return placed(resolved, shot, name)


def _alone(piece: Piece, behind: str) -> str:
    """Who is seen with one who is seen from behind, when that is one: the camera is on him."""
    others = [member.id for member in piece.cast if member.id != behind]
    return others[0] if len(others) == 1 else ""


def _goes(member: ResolvedMember) -> bool:
    """Whether he is on his way, or turns: then he may come in from any side."""
    return bool(GOES & set((member.does or "").casefold().split()))
