"""What `storyforge bench toon` measures on drawn puppets: smooth, alive, planted, and the same character throughout."""

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from storyforge.backends.base import Acting, CastRequest, Heard, Latents, LevelRequest
from storyforge.backends.toon import captions, casting, measure, readings, rig, scenes
from storyforge.backends.toon.backend import Toon
from storyforge.backends.toon.drawing import heard, slots, states
from storyforge.backends.toon.state import Identity, StageState, identity
from storyforge.backends.toon.world import FPS

WIDTH, HEIGHT = 1280, 720
EYES = 6  # frames from a line's start within which those who listen look at its speaker
NUMBERS = ("height", "girth", "head", "ears", "limbs", "eyes", "age")


def _motion(shown: list[StageState]) -> dict[str, float]:
    """Second differences, stillness, slide and cadence of one shot."""
    reading = readings.read(shown, WIDTH, HEIGHT)
    moved = np.abs(np.diff(reading.head, axis=0))
    camera = np.abs(np.diff(reading.camera, axis=0))
    alive = [np.nanmax(part) if np.isfinite(part).any() else 0.0 for part in (moved, camera)]
    out = {
        "characters": readings.shaking(reading.ground),
        "camera": readings.shaking(reading.camera[:, :2]),
        "zoom": float(np.abs(np.diff(reading.camera[:, 2], n=2)).mean()),
        "still": float(max(alive) < 0.01),
    }
    slides = [c.slide for c in readings.contacts(shown) if c.stop - c.start > 2] + readings.drags(shown)
    if slides:
        out["slide"] = float(np.mean(slides))
        out["slide at worst"] = float(np.max(slides))
    return out


def _cadence(shown: list[StageState], slot: int) -> float:
    """Steps a second of a character that walks for a second and a half or more, else 0."""
    walk = rig.ACTIONS.index("walk")
    walked = sum(p.slot == slot and p.actions[walk] > 0.6 for state in shown for p in state.puppets)
    return readings.cadence(shown, slot, FPS) if walked > 36 else 0.0


def smoothness(toon: Toon, count: int = 100, tell: Callable[[int], None] | None = None) -> dict[str, dict[str, float]]:
    """Motion of the model's shots and of the same held-out scenes' own rows, drawn alike: means over `count` shots.

    slide: of a foot while it stands or is dragged, in heights of its body, a step; eyes in time: the share of lines
    laid over the model's shots at which everybody looks at the speaker within EYES frames.

    cadence: steps a second over the walks that both of them walk; `model` also has how far one walk's cadence lies from
    its scene's, on average, as "cadence of one walk".
    """
    model: list[dict[str, float]] = []
    scene: list[dict[str, float]] = []
    shots = [s for s in measure.held_out(3 * count, "motion") if s.script.traits[1] is not None][:count]
    walks: list[tuple[float, float]] = []
    lines: list[bool] = []
    for one, sheets, latents in measure.rendered(toon, shots, tell=tell):
        arrays = dict(latents.arrays) | {"x": latents.arrays["x"][: one.script.frames]}
        own = replace(latents, arrays=arrays)
        shown = [states(own), states(measure.scene_latents(one, sheets))]
        lines += conversation(own)
        model.append(_motion(shown[0]))
        scene.append(_motion(shown[1]))
        pairs = [(_cadence(shown[0], slot), _cadence(shown[1], slot)) for slot in range(rig.CHARACTERS)]
        walks += [pair for pair in pairs if all(pair)]
    out = {"model": _means(model), "scenes": _means(scene)}
    if lines:
        out["model"]["eyes in time"] = float(np.mean(lines))
    if walks:
        steps = np.array(walks)
        out["model"] |= {
            "cadence": float(steps[:, 0].mean()),
            "cadence of one walk": float(np.abs(steps[:, 0] / steps[:, 1] - 1).mean()),
        }
        out["scenes"]["cadence"] = float(steps[:, 1].mean())
    return out


def conversation(latents: Latents, long: int = 30, pause: int = 14) -> list[bool]:
    """Whether the eyes of all who listen reach the speaker within EYES frames, line by line.

    Lines are laid over the shot for this: its characters speak in turn, `long` frames each with a pause between.
    """
    names, frames = slots(latents), len(latents.arrays["x"])
    starts = range(pause, frames - long, long + pause) if names else range(0)
    said = [Heard(names[i % len(names)], at, at + long, (0.6,) * long) for i, at in enumerate(starts)]
    acting = Acting(tuple(said))
    told = readings.heeds(states(latents, acting), heard(latents, acting))
    return [
        all(one.frames is not None and one.frames <= EYES for one in told if one.line == line)
        for line in sorted({one.line for one in told})
    ]


def _means(rows: list[dict[str, float]]) -> dict[str, float]:
    names = sorted({name for row in rows for name in row})
    return {name: float(np.mean([row[name] for row in rows if name in row])) for name in names}


def sameness(toon: Toon, boards: int = 50, shots: int = 8) -> dict[str, float]:
    """How far drawn traits lie from their sheets, in spreads between characters, over boards of several shots.

    Sheets are cast from descriptions, panels rendered, and the traits read from the puppets that are drawn.
    """
    drawn: list[tuple[Identity, Identity]] = []
    for board in range(boards):
        request = _board(toon, random.Random(f"boards {board}"), f"{board}", shots)
        drawn += _pairs(toon.render([request])[0], request)
    return _deviation(drawn)


def _board(toon: Toon, rng: random.Random, name: str, shots: int) -> LevelRequest:
    """Panels of a film of `shots` shots with three characters in one place, their sheets cast."""
    cast = [casting.character(rng) for _ in range(3)]
    for i, (_, facts) in enumerate(cast):
        facts |= {"described": captions.who(rng, facts), "key": f"{name}-{i}"}
    place = casting.place(rng)
    film = [measure.shot(rng, scenes.script(rng, cast, place), name) for _ in range(shots)]
    requests = [CastRequest(f["key"], "character", f["described"], i) for i, (_, f) in enumerate(cast)]
    sheets = {sheet.key: sheet for sheet in toon.cast(requests)}
    return measure.panel_request(film, name, sheets, (96,) * shots, seed=7)


def _pairs(latents: Latents, request: LevelRequest) -> list[tuple[Identity, Identity]]:
    out: list[tuple[Identity, Identity]] = []
    for state, prompt in zip(states(latents), request.prompts, strict=True):
        keys = [e.key for e in prompt.prompt.entities if e.kind == "character"]
        sheets = [identity(np.asarray(request.sheets[key].arrays["traits"], np.float32)) for key in keys]
        out += [(puppet.who, sheets[puppet.slot]) for puppet in state.puppets]
    return out


def _deviation(drawn: list[tuple[Identity, Identity]]) -> dict[str, float]:
    """Mean deviation over spread, by trait; choices (kind, clothes, marking) count as shares that differ."""
    sheets = list({sheet for _, sheet in drawn})
    out = {}
    for name in NUMBERS:
        spread = float(np.std([getattr(s, name) for s in sheets]))
        out[name] = float(np.mean([abs(getattr(a, name) - getattr(b, name)) for a, b in drawn])) / spread
    for name in ("coat", "second", "wear"):
        spread = float(np.std([getattr(s, name) for s in sheets], axis=0).mean())
        out[name] = (
            float(np.mean([np.abs(np.subtract(getattr(a, name), getattr(b, name))).mean() for a, b in drawn])) / spread
        )
    for name in ("kind", "wears", "marking"):
        out[name] = float(np.mean([getattr(a, name) != getattr(b, name) for a, b in drawn]))
    return out


def batching(toon: Toon, count: int = 6, every: int = 12) -> dict[str, float]:
    """How batches of 1 and of 8 windows differ, in rows and in drawn frames at 1280x720.

    pixels: the share of colour values more than 2/255 apart; moved: the largest distance, in pixels, between the
    places of one drawn character or of the camera.
    """
    shots = list(measure.held_out(count, "batching"))
    films = []
    for batch in (1, 8):
        one = Toon(toon.folder, batch=batch, steps=toon.steps, guidance=toon.guidance)
        films.append([latents for _, _, latents in measure.rendered(one, shots)])
    off = total = 0
    rows = moved = 0.0
    for a, b in zip(*films, strict=True):
        rows = max(rows, float(np.abs(a.arrays["x"] - b.arrays["x"]).max()))
        places = [readings.read(states(latents), WIDTH, HEIGHT) for latents in (a, b)]
        for name in ("ground", "head", "camera"):
            apart = np.abs(getattr(places[0], name) - getattr(places[1], name))
            moved = max(moved, float(np.nanmax(apart)) if np.isfinite(apart).any() else 0.0)
        for start in range(0, len(a.arrays["x"]), every):
            pictures = [next(toon.decode(latents, (WIDTH, HEIGHT), start, start + 1)) for latents in (a, b)]
            apart = np.abs(pictures[0].astype(np.int16) - pictures[1])
            off, total = off + int((apart > 2).sum()), total + apart.size
    return {"rows": rows, "moved": moved, "pixels": off / total}
