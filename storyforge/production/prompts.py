"""Prompts: what each model is told about a shot, over time (the forms that toon's captions were written in).

A span's characters keep one slot each, from left to right: every prompt lists all of them, and one who is
not in the frame has no text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean

from storyforge.backends import EntityPrompt, Prompt, TimedPrompt
from storyforge.memory import character_text, props_seen
from storyforge.production.cues import STANDS, calls, cues
from storyforge.storyboard import Camera, Piece, Resolved, ResolvedMember, ResolvedShot

SLOTS = 3  # characters that one span can tell apart
ORDINALS = ("first", "second", "third")
MOVES = {
    "push-in": "the camera pushes in",
    "pull-out": "the camera pulls out",
    "pan-left": "the camera pans left",
    "pan-right": "the camera pans right",
    "tracking": "the camera tracks",
    "tilt-up": "the camera tilts up",
}
SIDES = {"far-left": -1.0, "left": -0.5, "centre": 0.0, "right": 0.5, "far-right": 1.0}
NEAR = ("medium", "close", "extreme-close")


def slots(shots: Sequence[ResolvedShot]) -> tuple[str, ...]:
    """Names of a span's characters, one slot each: the SLOTS most present, from left to right where they are placed."""
    weight: dict[str, float] = {}
    sides: dict[str, list[float]] = {}
    for shot in shots:
        spoken = {_name(line.who) for line in shot.lines}
        for piece in shot.pieces:
            for member in piece.cast:
                matters = 1 + (piece.camera.on == member.id) + (member.id in spoken)
                weight[member.id] = weight.get(member.id, 0) + (piece.stop - piece.start) * matters
                sides.setdefault(member.id, []).append(_number(member.at) or 0.0)
    kept = sorted(weight, key=lambda name: -weight[name])[:SLOTS]
    return tuple(sorted((name for name in weight if name in kept), key=lambda name: fmean(sides[name])))


def timed(resolved: Resolved, shots: Sequence[ResolvedShot], covered: int) -> tuple[TimedPrompt, ...]:
    """Prompts over a span's frames, the last one held to `covered`; a flow join blends over its frames."""
    cast = slots(shots)
    out: list[TimedPrompt] = []
    offset = 0
    for number, shot in enumerate(shots):
        ramp = shot.join_frames if number else 0
        edges = _edges(shot)
        for start, stop in zip(edges, [*edges[1:], shot.frames], strict=True):
            prompt = compose(resolved, shot, start, cast)
            if out and out[-1].prompt == prompt and out[-1].stop == offset + start:
                out[-1] = replace(out[-1], stop=offset + stop)
            else:
                out.append(TimedPrompt(offset + start, offset + stop, prompt, ramp if start == 0 else 0))
        offset += shot.frames
    out[-1] = replace(out[-1], stop=max(covered, offset))
    return tuple(out)


def compose(resolved: Resolved, shot: ResolvedShot, moment: int, cast: Sequence[str]) -> Prompt:
    """What is to be seen at frame `moment` of a shot; `cast` gives the characters' slots."""
    piece = staged(next(piece for piece in reversed(shot.pieces) if piece.start <= moment), cast)
    talking = {_name(line.who) for line in shot.lines if line.on and line.start <= moment < line.stop}
    doing = cues(piece.action, {member.id: calls(member.id, member.description) for member in piece.cast})
    scene = scene_text(resolved, shot, piece.camera)
    known = {member.id: member for member in piece.cast}
    entities: list[EntityPrompt] = []
    for name in cast:
        member = known.get(name)
        if member is None:
            entities.append(EntityPrompt(name, "character", ""))
            continue
        words = _member_words(resolved, member, piece, doing.get(name))
        words += ["talking."] * (name in talking) + ["in focus."] * _in_focus(member, piece)
        entities.append(EntityPrompt(member.key, "character", " ".join(words)))
    entities += _things(resolved, shot, piece, cast)
    return Prompt(shot.shot.prompt or _whole(shot, piece, doing, scene), scene, tuple(entities), shot.avoid or "")


def staged(piece: Piece, cast: Sequence[str]) -> Piece:
    """Two or three whom nobody has placed stand side by side in the order of their slots, so that all are seen."""
    members = [member for member in piece.cast if member.id in cast]
    if len(members) < 2 or any(member.at is not None for member in members):
        return piece
    sides = ("left", "right") if len(members) == 2 else ("left", "centre", "right")
    order = sorted((member.id for member in members), key=list(cast).index)
    at = dict(zip(order, sides, strict=True))
    return replace(piece, cast=tuple(replace(member, at=at.get(member.id)) for member in piece.cast))


def scene_text(resolved: Resolved, shot: ResolvedShot, camera: Camera) -> str:
    """Place, time, weather and camera: "a white lighthouse. night, storm. wide shot, low angle, the camera tracks." """
    place = resolved.board.places.get(shot.place or "")
    where = f"{place.description}. " if place else ""
    frame = [f"{(camera.shot or 'wide').replace('-', ' ')} shot"]
    if camera.angle in ("low", "high"):
        frame.append(f"{camera.angle} angle")
    if camera.move in MOVES:
        frame.append(MOVES[camera.move])
    return f"{where}{shot.time or 'day'}, {shot.weather or 'clear'}. {', '.join(frame)}."


def _edges(shot: ResolvedShot) -> list[int]:
    """Frames of a shot at which its prompt may change."""
    edges = {piece.start for piece in shot.pieces}
    edges.update(edge for line in shot.lines if line.on for edge in (line.start, line.stop))
    return sorted({0, *(edge for edge in edges if 0 <= edge < shot.frames)})


def _member_words(resolved: Resolved, member: ResolvedMember, piece: Piece, doing: str | None) -> list[str]:
    """One character's own sentences: who, what it does, feeling, place, facing, holding."""
    words = [f"{character_text(member.description, member.wears)}.", f"{_plain(member.does or doing or STANDS)}."]
    if member.feels:
        words.append(f"feeling {_plain(member.feels)}.")
    if member.at is not None:
        words.append(f"at the {_side(member.at)}.")
    if facing := _facing(member, piece.cast):
        words.append(f"facing {facing}.")
    if member.holds:
        prop = resolved.board.props.get(member.holds)
        words.append(f"holding {_plain(prop.description) if prop else member.holds}.")
    return words


def _things(resolved: Resolved, shot: ResolvedShot, piece: Piece, cast: Sequence[str]) -> list[EntityPrompt]:
    """Props (held ones first) and the place."""
    out = []
    holders = {member.holds: member.id for member in piece.cast if member.holds}
    for name in dict.fromkeys([*holders, *props_seen(shot, resolved)]):
        prop = resolved.board.props.get(name)
        if prop is None:
            continue
        holder = holders.get(name)
        where = f"held by the {ORDINALS[cast.index(holder)]} character" if holder in cast else "on the ground"
        out.append(EntityPrompt(name, "prop", f"{_plain(prop.description)}. {where}."))
    place = resolved.board.places.get(shot.place or "")
    if shot.place and place:
        out.append(EntityPrompt(shot.place, "place", place.description))
    return out


def _whole(shot: ResolvedShot, piece: Piece, doing: Mapping[str, str], scene: str) -> str:
    """One prompt for models that take one: style, who does what, what else happens, then the scene."""
    sentences = [shot.style]
    for member in piece.cast:
        does = _plain(member.does or doing.get(member.id) or STANDS)
        feels = f", {_plain(member.feels)}" if member.feels else ""
        sentences.append(f"{character_text(member.description, member.wears)}, {does}{feels}")
    if piece.action and not doing:
        sentences.append(piece.action)
    return " ".join(f"{_plain(sentence)}." for sentence in [*sentences, scene] if sentence)


def _facing(member: ResolvedMember, cast: Sequence[ResolvedMember]) -> str | None:
    """left or right: as the storyboard says, or towards the other member it names."""
    if member.faces in ("left", "right"):
        return member.faces
    here = _number(member.at)
    for other in cast:
        there = _number(other.at)
        if other.id == _name(member.faces or "") and here is not None and there is not None and here != there:
            return "left" if there < here else "right"
    return None


def _in_focus(member: ResolvedMember, piece: Piece) -> bool:
    """Whether the camera is on a member: named, or alone in a shot that is medium or closer."""
    if piece.camera.on:
        return piece.camera.on == member.id
    return len(piece.cast) == 1 and piece.camera.shot in NEAR


def _name(who: str | None) -> str:
    """The entity of "ember@rain"."""
    return (who or "").partition("@")[0]


def _number(at: str | float | None) -> float | None:
    return SIDES.get(at) if isinstance(at, str) else at


def _side(at: str | float) -> str:
    """The nearest of the five places in the frame, in words."""
    number = _number(at) or 0.0
    return min(SIDES, key=lambda side: abs(SIDES[side] - number)).replace("-", " ")


def _plain(text: str) -> str:
    return text.strip().rstrip(".!;,")
