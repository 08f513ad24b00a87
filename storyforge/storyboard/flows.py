"""Flows: what shots of one continuous motion share, so that a later one's own is not heard."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from storyforge.storyboard.inheritance import OWN_SOUND
from storyforge.storyboard.renderers import Renderer
from storyforge.storyboard.resolve import ResolvedShot

Path = tuple[str | int, ...]
Said = Iterator[tuple[ResolvedShot, Path, str]]  # the shot, where in it, and what is the matter


def ignored(shots: Sequence[ResolvedShot], able: Renderer) -> Said:
    """What later shots of a span say that its renderer takes of the first one, or hears for all of it."""
    first = shots[0]
    for shot in shots[1:]:
        mine, its = shot.options.get(shot.renderer, {}), first.options.get(shot.renderer, {})
        other = {
            name: value for name, value in mine.items()
            if name != OWN_SOUND and (name not in its or its[name] != value)
        }  # fmt: skip
        if other:
            told = ", ".join(f"{name} ({value})" if _short(value) else name for name, value in other.items())
            whose = f"shot {shot.id}: options of {shot.renderer} are its span's first shot's ({first.id})"
            yield shot, _written(shot, "options"), f"{whose}: {told} {'is' if len(other) == 1 else 'are'} ignored"
        if able.begins:
            for index, (frame, name) in enumerate(shot.keyframes):
                if not frame:  # of the others `check` says so in any shot
                    said = f"{shot.renderer} is shown a picture at the start of a flow alone: {name} is ignored"
                    yield shot, ("keyframes", index), said
        if able.windows:
            yield from _together(first, shot)


def _together(first: ResolvedShot, shot: ResolvedShot) -> Said:
    """Numbers of a call that makes the whole span."""
    whole = f"{shot.renderer} makes {first.id} to {shot.id} in one call, of the first one's"
    mine, its = shot.shot.control, first.shot.control
    if shot.shot.strength and shot.shot.strength != first.shot.strength:
        yield shot, ("strength",), f"{whole} strength: strength ({shot.shot.strength:g}) is ignored"
    if mine is None or not (its is None or (mine.kind, mine.strength) != (its.kind, its.strength)):
        return
    if its is None:
        yield shot, ("control",), f"{whole} control, and that has none: control ({mine.video}) is ignored"
    else:
        said = f"kind ({mine.kind}) and strength ({mine.strength:g}) are ignored"
        yield shot, ("control",), f"{whole} kind and strength of control: {said}"


def unheard(shots: Sequence[ResolvedShot], able: Renderer, rate: Fraction) -> Said:
    """Later shots of a span that fits into one clip of a model which hears one prompt a clip."""
    if not able.clip or able.native is None:
        return
    frames = sum(Fraction(shot.frames) for shot in shots) / rate * able.native.rate
    for shot in shots[1:] if frames <= able.clip else ():
        said = f"{shots[0].id} to {shots[-1].id} fit into one clip of {shot.renderer}, which hears one prompt"
        fix = f"what {shot.id} says may be ignored; cut between them, or give them more seconds"
        yield shot, _written(shot, "join"), f"{said}, the one that holds longest: {fix}"


def _written(shot: ResolvedShot, key: str) -> Path:
    """Where a shot says it; at its id where it has it from elsewhere (a scene, who is in it)."""
    return (key,) if getattr(shot.shot, key) else ("id",)


def _short(value: Any) -> bool:
    return isinstance(value, str | int | float) and len(str(value)) <= 60
