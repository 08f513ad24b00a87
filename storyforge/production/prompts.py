"""Prompts: what each model is told about a shot, over time (the forms that toon's captions were written in).

A span's characters keep one slot each, from left to right: every prompt lists all of them, and one who is
not in the frame has no text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean

from storyforge.backends import EntityPrompt, Prompt, TimedPrompt
from storyforge.conform import Conform, plain
from storyforge.memory import character_text, props_seen
from storyforge.production.blocking import NEAR, facing, framing, holders, lies, name, side, staged
from storyforge.production.cues import STANDS, calls, cues
from storyforge.storyboard import Camera, Piece, Resolved, ResolvedMember, ResolvedShot, side_number

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


def slots(shots: Sequence[ResolvedShot]) -> tuple[str, ...]:
    """Names of a span's characters, one slot each: the SLOTS most present, from left to right where they are placed."""
    weight: dict[str, float] = {}
    sides: dict[str, list[float]] = {}
    for shot in shots:
        spoken = {name(line.who) for line in shot.lines}
        for piece in shot.pieces:
            for member in piece.cast:
                matters = 1 + (piece.camera.on == member.id) + (member.id in spoken)
                weight[member.id] = weight.get(member.id, 0) + (piece.stop - piece.start) * matters
                sides.setdefault(member.id, []).append(side_number(member.at) or 0.0)
            if piece.over and piece.over.id not in weight:  # seen from behind: in a slot, and nowhere on the stage
                weight[piece.over.id] = 0.5 * (piece.stop - piece.start)
                sides.setdefault(piece.over.id, []).append(side_number(piece.over.at) or 0.0)
    kept = sorted(weight, key=lambda who: -weight[who])[:SLOTS]
    return tuple(sorted((who for who in weight if who in kept), key=lambda who: fmean(sides[who])))


def timed(
    resolved: Resolved, shots: Sequence[ResolvedShot], covered: int, conform: Conform | None = None
) -> tuple[TimedPrompt, ...]:
    """Prompts over a span's frames, the last one held to `covered`; a flow join blends over its frames.

    conform: of a renderer whose frames they are counted in; what is over before the next of them has no prompt.
    """
    cast = slots(shots)
    own = conform or plain(resolved.rate)
    out: list[TimedPrompt] = []
    offset = 0
    for i, shot in enumerate(shots):
        ramp = round(shot.join_frames * own.step) if i else 0
        edges, length = _edges(shot), own.frames(shot.frames)
        for edge, start, stop in zip(edges, map(own.at, edges), [*map(own.at, edges[1:]), length], strict=True):
            if start == stop:
                continue
            prompt = compose(resolved, shot, edge, cast)
            if out and out[-1].prompt == prompt and out[-1].stop == offset + start:
                out[-1] = replace(out[-1], stop=offset + stop)
            else:
                out.append(TimedPrompt(offset + start, offset + stop, prompt, ramp if start == 0 else 0))
        offset += length
    out[-1] = replace(out[-1], stop=max(covered, offset))
    return tuple(out)


def compose(resolved: Resolved, shot: ResolvedShot, moment: int, cast: Sequence[str]) -> Prompt:
    """What is to be seen at frame `moment` of a shot; `cast` gives the characters' slots."""
    piece = staged(next(piece for piece in reversed(shot.pieces) if piece.start <= moment), cast)
    talking = {name(line.who) for line in shot.lines if line.on and line.start <= moment < line.stop}
    doing = cues(piece.action, {member.id: calls(member.id, member.description) for member in piece.cast})
    scene = scene_text(resolved, shot, piece.camera)
    known = {member.id: member for member in piece.cast}
    if piece.over:
        known.pop(piece.over.id, None)
    entities: list[EntityPrompt] = []
    for who in cast:
        member = known.get(who)
        if member is None:
            key = piece.over.key if piece.over and piece.over.id == who else who
            entities.append(EntityPrompt(key, "character", ""))
            continue
        looks = facing(resolved, shot, piece, member)
        words = _member_words(resolved, member, looks, doing.get(who))
        words += ["talking."] * (who in talking) + ["in focus."] * _in_focus(member, piece)
        entities.append(EntityPrompt(member.key, "character", " ".join(words), side_number(member.at), looks))
    entities += _things(resolved, shot, piece, cast)
    told = shot.shot.prompt or _whole(shot, piece, doing, scene)
    return Prompt(told, scene, tuple(entities), shot.avoid or "", framing(resolved, shot, piece))


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


def _member_words(resolved: Resolved, member: ResolvedMember, looks: float | None, doing: str | None) -> list[str]:
    """One character's own sentences: who, what it does, feeling, place, facing, holding."""
    words = [f"{character_text(member.description, member.wears)}.", f"{_plain(member.does or doing or STANDS)}."]
    if member.feels:
        words.append(f"feeling {_plain(member.feels)}.")
    if member.at is not None:
        words.append(f"at the {side(member.at)}.")
    if looks:
        words.append(f"facing {'left' if looks < 0 else 'right'}.")
    if member.holds:
        prop = resolved.board.props.get(member.holds)
        words.append(f"holding {_plain(prop.description) if prop else member.holds}.")
    return words


def _things(resolved: Resolved, shot: ResolvedShot, piece: Piece, cast: Sequence[str]) -> list[EntityPrompt]:
    """Props (held ones first) and the place."""
    out = []
    held = holders(piece)
    for thing in dict.fromkeys([*held, *props_seen(shot, resolved)]):
        prop = resolved.board.props.get(thing)
        if prop is None:
            continue
        holder = held.get(thing)
        where = f"held by the {ORDINALS[cast.index(holder)]} character" if holder in cast else "on the ground"
        at = None if holder in cast else lies(piece, thing)
        out.append(EntityPrompt(thing, "prop", f"{_plain(prop.description)}. {where}.", at))
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


def _in_focus(member: ResolvedMember, piece: Piece) -> bool:
    """Whether the camera is on a member: named, or alone in a shot that is medium or closer."""
    if piece.camera.on:
        return piece.camera.on == member.id
    return len(piece.cast) == 1 and piece.camera.shot in NEAR


def _plain(text: str) -> str:
    return text.strip().rstrip(".!;,")
