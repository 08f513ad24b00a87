"""What `storyforge bench toon` measures: does the rig do what held-out captions say, and is it the same character."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyforge import engine
from storyforge.backends.base import (
    PANELS,
    CastRequest,
    EntityPrompt,
    Latents,
    LevelRequest,
    Part,
    Prompt,
    Sheet,
    TimedPrompt,
)
from storyforge.backends.toon import captions, data, readback, rig, scenes
from storyforge.backends.toon.backend import Toon
from storyforge.backends.toon.world import Script

Array = NDArray[np.float32]
HELD_OUT = "held out"  # the seed's name: training seeds are "number/step"
LIMITS = {"kind": 0.95, "place": 0.95, "time": 0.95, "colour": 0.90, "action": 0.90, "shot": 0.90, "move": 0.90}


@dataclass
class Shot:
    """A held-out script with the prompt that its captions make."""

    script: Script
    prompt: Prompt
    casts: list[CastRequest]


@dataclass
class Tally:
    """Right answers of all answers, by fact, and examples of wrong ones."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    asked: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, name: str, agreed: bool | None, told: str) -> None:
        """Counts one answer; None was not asked."""
        if agreed is None:
            return
        self.asked[name] += 1
        self.right[name] += agreed
        if not agreed and len(self.wrong[name]) < 8:
            self.wrong[name].append(told)

    def shares(self) -> dict[str, float]:
        """Share of right answers by fact."""
        return {name: self.right[name] / asked for name, asked in sorted(self.asked.items())}


def held_out(count: int, seed: str = HELD_OUT) -> Iterator[Shot]:
    """Shots of the procedural world that training has not seen, without beats."""
    for i in range(count):
        rng = random.Random(f"{seed} {i}")
        script = scenes.script(rng)
        while script.beat is not None or script.frames > 257:
            script = scenes.script(rng)
        yield shot(rng, script, f"{i}")


def shot(rng: random.Random, script: Script, name: str) -> Shot:
    """A script's captions as a prompt and cast requests, in the forms that production composes."""
    facts = [f[0] if f else None for f in script.facts]
    place, casts, entities = captions.place(rng, facts[0] or {}), [], []
    for i, told in enumerate(facts[1:-1], 1):
        if told is not None:
            described = told.get("described") or captions.who(rng, told)
            key = told.get("key") or f"{name}-{i}"
            entities.append(EntityPrompt(key, "character", captions.character(rng, told, described.rstrip("."))))
            casts.append(CastRequest(key, "character", described, seed=i))
    if facts[-1] is not None:
        described = captions.prop_description(rng, facts[-1])
        entities.append(EntityPrompt(f"{name}-p", "prop", captions.prop(rng, facts[-1], described)))
        casts.append(CastRequest(f"{name}-p", "prop", described, seed=0))
    entities.append(EntityPrompt(f"{name}-0", "place", place))
    casts.append(CastRequest(f"{name}-0", "place", place, seed=0))
    scene = captions.scene(rng, facts[0] or {}, place)
    return Shot(script, Prompt(scene, scene, tuple(entities)), casts)


def request(one: Shot, name: str, stride: int, sheets: dict[str, Sheet], keys: Latents | None = None) -> LevelRequest:
    """A level of a held-out shot; at stride 1 its keyframes are pinned."""
    frames = engine.covered(one.script.frames, 17, (16, 1))
    rows = keys.arrays["x"] if keys is not None else ()
    return LevelRequest(
        id=name,
        frames=frames,
        stride=stride,
        parts=(Part(name, 0, frames, 0),),
        prompts=(TimedPrompt(0, frames, one.prompt),),
        sheets=sheets,
        pins={i * 16: row for i, row in enumerate(rows)},
        lengths=(one.script.frames,),
    )


def rendered(
    toon: Toon, shots: Sequence[Shot], group: int = 24, tell: Callable[[int], None] | None = None
) -> Iterator[tuple[Shot, dict[str, Sheet], Latents]]:
    """Casts and renders shots, both levels, some at a time."""
    for start in range(0, len(shots), group):
        some = shots[start : start + group]
        casts = [c for one in some for c in one.casts]
        made = {sheet.key: sheet for sheet in toon.cast(casts)}
        keys = toon.render([request(one, f"{start + i}", 16, made) for i, one in enumerate(some)])
        rows = toon.render(
            [request(one, f"{start + i}", 1, made, k) for i, (one, k) in enumerate(zip(some, keys, strict=True))]
        )
        for one, latents in zip(some, rows, strict=True):
            yield one, made, latents
        if tell:
            tell(start + len(some))


def obedience(toon: Toon, count: int = 500, tell: Callable[[int], None] | None = None) -> Tally:
    """Facts read back from rig and sheets of held-out shots, against what their captions say."""
    tally = Tally()
    for one, sheets, latents in rendered(toon, list(held_out(count)), tell=tell):
        rows = latents.arrays["x"][: one.script.frames]
        facts = [f[0] if f else None for f in one.script.facts]
        _note(tally, facts[0] or {}, readback.scene_facts(rows), one.prompt.scene)
        for cast in one.casts:
            slot = cast.key.split("-")[1]
            said: dict[str, Any] = facts[int(slot) if slot != "p" else -1] or {}
            read = readback.traits_facts(np.asarray(sheets[cast.key].arrays["traits"]), cast.kind)
            for name in read:
                known = "colour" if name in ("coat", "hair", "wear_colour", "colour") else name
                tally.note(known, readback.agree(said, read, name), f"{cast.text} -> {read[name]}")
        _note_characters(tally, one, rows[len(rows) // 2])
    return tally


def _note(tally: Tally, said: Mapping[str, Any], read: Mapping[str, str], told: str) -> None:
    for name, value in read.items():
        tally.note(name, readback.agree(said, read, name), f"{told} -> {value}")


def _note_characters(tally: Tally, one: Shot, row: Array) -> None:
    for i, entity in enumerate([e for e in one.prompt.entities if e.kind == "character"], 1):
        _note(tally, one.script.facts[i][0], readback.character_facts(row, i), entity.text)


def panels(toon: Toon, count: int = 240, length: int = 12) -> Tally:
    """Facts read back from panels: films of `length` held-out shots each, one row a shot."""
    tally, shots = Tally(), list(held_out(count, "panels"))
    for start in range(0, count, length):
        film = shots[start : start + length]
        made = {sheet.key: sheet for sheet in toon.cast([c for one in film for c in one.casts])}
        request = panel_request(film, f"panels {start}", made, [one.script.frames for one in film], first=start)
        for one, row in zip(film, toon.render([request])[0].arrays["x"], strict=True):
            scene = readback.scene_facts(row[None])
            del scene["move"]  # one row does not move
            _note(tally, one.script.facts[0][0], scene, one.prompt.scene)
            _note_characters(tally, one, row)
    return tally


def panel_request(
    film: Sequence[Shot], name: str, sheets: dict[str, Sheet], frames: Sequence[int], first: int = 0, seed: int = 0
) -> LevelRequest:
    """The panels of a film whose shots last `frames` frames each; `first` numbers its shots."""
    return LevelRequest(
        id=name,
        frames=len(film),
        stride=PANELS,
        parts=tuple(Part(f"{first + i}", i, i + 1, seed) for i in range(len(film))),
        prompts=tuple(TimedPrompt(i, i + 1, one.prompt) for i, one in enumerate(film)),
        sheets=sheets,
        moments=tuple(data.moment(count) for count in frames),
        lengths=tuple(frames),
    )


def rows_of(script: Script) -> Array:
    """A training scene's own rig rows, every frame."""
    from storyforge.backends.toon import world

    rows = world.rows([script], np.arange(script.frames, dtype=np.float32)[None])
    return np.asarray(rows[0], np.float32)


def scene_latents(one: Shot, sheets: dict[str, Sheet]) -> Latents:
    """A held-out scene's own rows as latents, to be drawn and measured beside the model's."""
    from storyforge.backends.toon.request import slots, traits

    table = np.full((1, rig.SLOTS, max(t.width for t in rig.TRAITS.values())), np.nan, np.float32)
    for j, slot in enumerate(slots(one.prompt)):
        known = traits(sheets, slot)
        if known is not None:
            table[0, j, : len(known)] = known
    arrays = {
        "x": rows_of(one.script),
        "parts": np.array([[0, one.script.frames]]),
        "traits": table,
        "seeds": np.array([1]),
    }
    return Latents("scene", 1, arrays)
