"""Flows: what shots of one continuous motion, and beats of one shot, share, so that a later one's own is not heard."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from storyforge.conform import Conform, Rule
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


def unheard(shots: Sequence[ResolvedShot], able: Renderer, film: Fraction, rule: Rule) -> Said:
    """What a model that hears one prompt a clip may not hear: later shots of a span in one clip, and beats in one.

    film: the film's rate; rule: how the model's frames become the film's.
    """
    if not able.clip or able.native is None:
        return
    conform = Conform(film, able.native.rate, rule)
    lengths = [conform.frames(shot.frames) for shot in shots]
    for shot in shots[1:] if able.joined and sum(lengths) <= able.clip else ():
        said = f"{shots[0].id} to {shot.id} fit into one clip of {shot.renderer}, which hears one prompt"
        fix = f"what {shot.id} says may be ignored; cut between them, or give them more seconds"
        yield shot, _written(shot, "join"), f"{said}, the one that holds longest: {fix}"
    for shot, length in zip(shots, lengths, strict=True):
        if shot.shot.beats and length <= able.clip and "beats" not in able.ignores:
            said = (
                f"{shot.id} fits into one clip of {shot.renderer}, which hears one prompt, the one that holds longest"
            )
            yield shot, ("beats",), f"{said}: make shots of its beats, or give it more seconds"


def _written(shot: ResolvedShot, key: str) -> Path:
    """Where a shot says it; at its id where it has it from elsewhere (a scene, who is in it)."""
    return (key,) if getattr(shot.shot, key) else ("id",)


def _short(value: Any) -> bool:
    return isinstance(value, str | int | float) and len(str(value)) <= 60
