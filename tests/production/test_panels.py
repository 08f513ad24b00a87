"""Panels made one by one: one that fails costs its shots, what is finished is kept, and nothing is made in vain."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from paint import BOARD, Paint, rendered, studio
from PIL import Image

from storyforge.backends import PANELS, CastRequest, Latents, LevelRequest, Sheet
from storyforge.errors import NotReady, OutOfTime, RenderError
from storyforge.production import Order, Project, Renderer, Renderers, budget, events

INLINE = Order(workers=1, silent=True)
BOARDS = Order(until="panels")
MIXED = BOARD.replace("- id: talk\n", "- id: talk\n        renderer: wan-2.1-t2v-1.3b\n")


class Unloaded(Paint):
    """Paint that is nowhere to be had."""

    def render(self, requests: Sequence[LevelRequest]) -> list[Latents]:
        self.calls.append(list(requests))
        raise NotReady("renderer toon: its paint does not load: buy some")


def alone(bad: str = "") -> Paint:
    return Paint(panels="alone", bad=set(bad.split()))


def bank() -> Paint:
    """Paint whose panels look at the film's first."""
    return Paint(panels="earlier", references=1)


def made(project: Project, order: Order = INLINE) -> tuple[list[str], Mapping[str, str]]:
    """Renders; names of what was made, and the shots that failed."""
    done: list[str] = []

    def hear(event: events.Event) -> None:
        if isinstance(event, events.TaskDone) and not event.reused and event.kind != "film":
            done.append(f"panel {event.name}" if event.kind == "panels" else event.name)

    failed = project.produce(order, hear).failed
    return done, failed


def panels(paint: Paint) -> list[str]:
    """Shots whose panels were asked for, in order."""
    return [part.shot for request in paint.requests(PANELS) for part in request.parts]


def pictures(folder: Path) -> dict[str, bytes]:
    return {f"{path.parent.name}/{path.name}": path.read_bytes() for path in folder.glob("[ps]*/*.[mp]*")}


def states(project: Project) -> dict[str, str]:
    return {shot.id: shot.state for shot in project.status(INLINE).shots}


def test_a_panel_that_cannot_be_made_costs_its_shot_alone_until_it_can(tmp_path: Path) -> None:
    paint = alone("talk")
    project = studio(tmp_path / "one", BOARD, paint)
    _, failed = made(project)
    assert failed == {"talk": "renderer toon failed at the panel of talk: RuntimeError: talk is too hard"}
    assert not (tmp_path / "one" / "shots" / "talk.mp4").exists(), "a film without its panel would be another one"
    assert states(project) == {"walk": "current", "run": "current", "talk": "placeholder", "sleep": "current"}
    said = {shot.id: shot.why for shot in project.status(INLINE).shots}
    assert said["talk"] == (failed["talk"],)
    assert made(project) == ([], failed), "it alone is tried again"
    renamed = studio(tmp_path / "one", BOARD.replace("Two Friends", "Two Old Friends"), paint)
    assert made(renamed) == ([], failed)
    paint.bad.clear()
    assert made(project) == (["panel talk", "talk/16", "talk/1", "talk"], {})
    clean = studio(tmp_path / "clean", BOARD, alone())
    made(clean)
    assert pictures(tmp_path / "one") == pictures(tmp_path / "clean")


def test_shots_that_flow_fail_together_but_for_those_that_are_shown_by_a_take(tmp_path: Path) -> None:
    project = studio(tmp_path, BOARD, alone("run"))
    _, failed = made(project)
    assert set(failed) == {"walk", "run"}
    assert len(set(failed.values())) == 1
    assert states(project) == {"walk": "placeholder", "run": "placeholder", "talk": "current", "sleep": "current"}
    made(studio(tmp_path, BOARD, alone()))
    locked = BOARD.replace("- id: walk\n", "- id: walk\n        lock: true\n").replace('"runs"', '"hides"')
    project = studio(tmp_path, locked, alone("run"))
    _, failed = made(project)
    assert set(failed) == {"run"}
    assert states(project) == {"walk": "locked", "run": "placeholder", "talk": "current", "sleep": "current"}


def test_who_is_not_held_to_panels_does_without(tmp_path: Path) -> None:
    paint = alone("talk")
    paint.pins = "none"
    project = studio(tmp_path, BOARD, paint)
    assert made(project)[1] == {}
    assert set(states(project).values()) == {"current"}


def test_where_nothing_at_all_can_be_made_that_is_an_error(tmp_path: Path) -> None:
    paint = alone("walk run talk sleep")
    project = studio(tmp_path, BOARD, paint)
    for order, what in ((BOARDS, "panel could be made"), (INLINE, "shot could be rendered")):
        with pytest.raises(RenderError, match=f"no {what}: renderer toon failed at the panel of walk: "):
            project.produce(order)
    paint.bad = {"talk"}
    assert set(made(project, BOARDS)[1]) == {"talk"}


def test_a_renderer_that_is_not_ready_is_asked_once(tmp_path: Path) -> None:
    rendered(tmp_path, alone())
    paint, told = Unloaded(panels="alone"), list[events.Event]()
    edited = BOARD.replace('"walks"', '"hops"').replace('"sleeps"', '"dreams"')
    project = studio(tmp_path, edited, paint)
    failed = project.produce(INLINE, told.append).failed
    assert failed == dict.fromkeys(("walk", "run", "sleep"), "renderer toon: its paint does not load: buy some")
    assert len(paint.calls) == len([event for event in told if isinstance(event, events.TaskFailed)]) == 1
    assert states(project) == {"walk": "placeholder", "run": "placeholder", "talk": "current", "sleep": "placeholder"}


class Watch:
    """Hours and minutes that pass only when somebody works: ten seconds a call."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("cost", "order"), [("panel", Order(until="panels", max_seconds=15)),
                                             ("sheet", Order(until="cast", max_seconds=15))])  # fmt: skip
def test_time_is_looked_at_between_panels_and_between_sheets(
    cost: str, order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch()
    monkeypatch.setattr(budget, "perf_counter", watch)

    class Slow(Paint):
        def render(self, requests: Sequence[LevelRequest]) -> list[Latents]:
            watch.now += 10 * (cost == "panel")
            return super().render(requests)

        def cast(self, requests: Sequence[CastRequest]) -> list[Sheet]:
            watch.now += 10 * (cost == "sheet")
            return super().cast(requests)

    def count() -> int:
        return len(paint.casts if cost == "sheet" else panels(paint))

    paint, whole = Slow(panels="alone"), 6 if cost == "sheet" else 4
    project = studio(tmp_path, BOARD, paint)
    for finished in range(2, whole, 2):
        with pytest.raises(OutOfTime):
            project.produce(order)
        assert count() == finished, "what was made is kept, and the next two are made"
    project.produce(order)
    assert count() == whole


def test_a_panel_from_before_an_edit_is_told_on_the_contact_sheet(tmp_path: Path) -> None:
    def shown(name: str) -> bool:
        """Whether a panel lies on the sheet as bright as it is."""
        colour = np.asarray(Image.open(tmp_path / "panels" / f"{name}.png"))[0, 0]
        return bool((np.asarray(Image.open(tmp_path / "film.board.png")) == colour).all(-1).sum() > 1000)

    made(studio(tmp_path, BOARD, alone()), BOARDS)
    assert all(map(shown, ("walk", "run", "talk", "sleep")))
    edited = BOARD.replace("shot: close", "shot: wide").replace('"sleeps"', '"dreams"')
    project = studio(tmp_path, edited, alone())
    assert made(project, Order(until="panels", only=["sleep"])) == (["panel sleep"], {})
    assert [name for name in ("walk", "run", "talk", "sleep") if shown(name)] == ["walk", "run", "sleep"]
    made(project, BOARDS)
    assert shown("talk")


def test_a_films_first_panels_are_made_for_those_that_look_at_them(tmp_path: Path) -> None:
    only = Order(until="panels", only=["talk"])
    project = studio(tmp_path, BOARD, bank())
    assert [name for name in made(project, only)[0] if name.startswith("panel")] == ["panel walk", "panel talk"]
    hops = BOARD.replace('"walks"', '"hops"')
    project = studio(tmp_path, hops, bank())
    assert made(project, only)[0] == [], "talk's is finished"
    assert all(step.done for step in project.survey(only))
    project = studio(tmp_path, hops.replace("shot: close", "shot: wide"), bank())
    assert made(project, only)[0] == ["panel walk", "panel talk"]


def test_a_renderer_of_which_no_shot_is_wanted_makes_nothing(tmp_path: Path) -> None:
    toon, other = Paint(), Paint(fingerprint="other", panels="alone")
    studio(tmp_path, MIXED, toon)
    renderers = Renderers(open=lambda name, _: Renderer(name, toon if name == "toon" else other))
    project, only = Project(tmp_path, renderers=renderers), Order(workers=1, silent=True, only=["talk"])
    assert {step.name for step in project.survey(only)} == {"meadow", "moth", "talk", "talk/16", "talk/1"}
    assert made(project, only) == (["meadow", "moth", "panel talk", "talk/16", "talk/1", "talk"], {})
    assert not toon.calls
    assert not toon.casts


@pytest.mark.parametrize("paint", [alone, bank])
def test_a_render_that_is_killed_between_panels_makes_none_twice(tmp_path: Path, paint: Callable[[], Paint]) -> None:
    def kill(event: events.Event) -> None:
        if isinstance(event, events.TaskStarted) and event.name == "talk":
            raise KeyboardInterrupt

    first, second = paint(), paint()
    with pytest.raises(KeyboardInterrupt):
        studio(tmp_path / "killed", BOARD, first).produce(BOARDS, kill)
    assert first.casts == ["ember", "lantern", "meadow", "moth", "ember@rain", "wood"]
    second.fingerprint = "paint-2"  # an upgrade, which finds what was finished only if that was noted
    assert made(studio(tmp_path / "killed", BOARD, second), BOARDS)[0] == ["panel talk", "panel sleep"]
    assert not second.casts
    whole = paint()
    made(studio(tmp_path / "whole", BOARD, whole), BOARDS)
    assert pictures(tmp_path / "killed") == pictures(tmp_path / "whole")
