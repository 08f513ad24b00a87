"""`bench toon`: does toon draw what it is told, keep its characters, move smoothly? Read back from the rig itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from storyforge.bench.staging import board, staged
from storyforge.production import Renderers

SHAKING = 0.5  # pixels a frame^2 at 1280 wide, above the training scenes' own
CADENCE = 0.15  # of the scenes' own
MOVED = 0.5  # pixels at 1280 wide, between batches of 1 and of 8
FRAMED = 0.02  # of the frame: how far one set-up's cameras may lie apart
SLIDE = 0.005  # of the body's height, a step
EYES = 0.95  # of lines: whoever listens looks at the speaker within 6 frames
SAMENESS = 0.05  # of the spread between characters
OBEDIENCE = {"kind": 0.95, "place": 0.95, "time": 0.95, "colour": 0.90, "action": 0.90, "shot": 0.90, "move": 0.90}


@dataclass(frozen=True)
class Line:
    """One figure: what it should be at least or at most, None where nothing is asked of it."""

    group: str
    name: str
    value: float
    limit: float | None = None
    least: bool = True

    @property
    def passed(self) -> bool:
        """Whether the figure keeps its limit."""
        return self.limit is None or bool(self.value >= self.limit if self.least else self.value <= self.limit)


@dataclass(frozen=True)
class ToonBench:
    """Every figure, and examples of captions that were not obeyed, by fact."""

    lines: tuple[Line, ...]
    wrong: Mapping[str, tuple[str, ...]]
    captions: int
    boards: int
    shots: int

    @property
    def passed(self) -> bool:
        """Whether every figure keeps its limit."""
        return all(line.passed for line in self.lines)

    @property
    def values(self) -> dict[str, Any]:
        """The figures as JSON can carry them."""
        figures: dict[str, dict[str, Any]] = {}
        for line in self.lines:
            entry = {"value": round(float(line.value), 4), "limit": line.limit, "passed": line.passed}
            figures.setdefault(line.group, {})[line.name] = entry
        counts = {"captions": self.captions, "boards": self.boards, "shots": self.shots}
        return {"passed": self.passed, **counts, **figures, "wrong": {k: list(v) for k, v in self.wrong.items()}}


def bench_toon(
    captions: int = 500, boards: int = 50, shots: int = 100, tell: Callable[[str], None] = lambda sentence: None
) -> ToonBench:
    """Measures the shipped weights on held-out captions, boards of 8 shots, and drawn shots."""
    from storyforge.backends.toon import Toon, measure, measure_film

    toon = Renderers()["toon"].backend
    if not isinstance(toon, Toon):
        raise TypeError("the profile toon is not the embedded renderer")
    tell(f"{captions} held-out captions")
    tally = measure.obedience(toon, captions)
    tell("panels")
    framed = measure.panels(toon, captions // 2)
    tell("told staging")
    kept_staging = staged(toon, board())
    tell(f"{boards} boards of 8 shots")
    same = measure_film.sameness(toon, boards)
    tell(f"the motion of {shots} shots")
    motion = measure_film.smoothness(toon, shots)
    tell("batches of 1 and of 8")
    batches = measure_film.batching(toon)
    obeyed = [Line("obedience", name, share, OBEDIENCE.get(name)) for name, share in tally.shares().items()]
    framed_lines = [Line("panels", name, share) for name, share in framed.shares().items()]
    staging = [Line("staging", name, share, 0.95) for name, share in kept_staging.shares.items()]
    staging.append(Line("staging", "set-ups apart", max(kept_staging.setups.values()), FRAMED, least=False))
    kept = [Line("sameness", name, share, SAMENESS, least=False) for name, share in same.items()]
    wrong = {name: tuple(told) for name, told in (tally.wrong | kept_staging.wrong).items()}
    moved = [Line("batches", name, value, MOVED if name == "moved" else None, False) for name, value in batches.items()]
    return ToonBench(
        (*obeyed, *framed_lines, *staging, *kept, *_motion(motion), *moved), wrong, captions, boards, shots
    )


def _motion(measured: Mapping[str, Mapping[str, float]]) -> list[Line]:
    """Motion of the model's shots against the scenes it learned from."""
    model, scenes = measured["model"], measured["scenes"]
    lines = [
        Line("motion", name, model[name], scenes.get(name, 0.0) + SHAKING, least=False)
        for name in ("characters", "camera")
        if name in model
    ]
    lines.append(Line("motion", "still", model.get("still", 0.0), 0.0, least=False))
    if "cadence" in model and "cadence" in scenes:
        off = abs(model["cadence"] / scenes["cadence"] - 1)
        lines.append(Line("motion", "cadence off by", off, CADENCE, least=False))
    lines += [
        Line("motion", name, model[name], SLIDE, least=False) for name in ("slide", "slide at worst") if name in model
    ]
    if "eyes in time" in model:
        lines.append(Line("motion", "eyes in time", model["eyes in time"], EYES))
    told = {line.name for line in lines} | {"cadence"}
    lines += [Line("motion", name, value) for name, value in model.items() if name not in told]
    return lines + [Line("scenes", name, value) for name, value in scenes.items()]


def toon_table(bench: ToonBench) -> list[str]:
    """The figures as lines for people, each with its limit and whether it keeps to it."""
    return [_told(line) for line in bench.lines]


def _told(line: Line) -> str:
    mark = "" if line.limit is None else f"{'at least' if line.least else 'at most'} {line.limit:.3f}"
    return f"{line.group:<10} {line.name:<16} {line.value:8.4f}  {mark}{'' if line.passed else '  FAILED'}"
