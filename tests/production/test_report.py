"""The report tells of each shot what made it, what it cost over all attempts, and what failed."""

from pathlib import Path

import pytest
from paint import BOARD, Paint, rendered, studio

from storyforge.production import Order, Report, ShotReport

INLINE = Order(workers=1, silent=True)
NOTED = BOARD.replace("      - id: talk\n", '      - id: talk\n        note: "ask Ana"\n')


def shots(found: Report) -> dict[str, ShotReport]:
    return {shot.id: shot for shot in found.shots}


def test_before_anything_is_made_there_are_only_the_notes(tmp_path: Path) -> None:
    found = studio(tmp_path, NOTED, Paint()).report()
    assert (found.title, found.length, found.seconds, found.stages) == ("Two Friends", 8.0, 0.0, ())
    talk = shots(found)["talk"]
    assert (talk.state, talk.take, talk.made, talk.attempts, talk.note) == ("missing", None, None, 0, "ask Ana")
    assert not (tmp_path / ".storyforge").exists(), "it writes nothing"


def test_a_finished_film(tmp_path: Path) -> None:
    project = studio(tmp_path, NOTED, Paint())
    project.produce(Order(workers=1))
    found = project.report()
    assert [(stage.kind, stage.units, stage.failures) for stage in found.stages] == [
        ("cast", 6, 0), ("panels", 4, 0), ("level", 3 * 49 - 16 + 3 * 4 - 1, 0), ("draw", 102, 0),
        ("sound", 96, 0), ("film", 96, 0),
    ]  # fmt: skip
    for shot in found.shots:
        assert (shot.state, shot.take, shot.takes, shot.failures) == ("current", 1, 1, ())
        assert shot.made_by.endswith("toon paint-1")
        assert shot.attempts == 4, "panel, two levels, drawing"
        assert shot.memory > 0
        assert min(shot.spent.panel, shot.spent.sampling, shot.spent.drawing, shot.spent.encoding) > 0
    paid = {stage.kind: stage.seconds for stage in found.stages}
    spent = sum(shot.spent.total for shot in found.shots)
    assert spent == pytest.approx(paid["panels"] + paid["level"] + paid["draw"])
    walk, run = shots(found)["walk"], shots(found)["run"]
    assert walk.spent.sampling / run.spent.sampling == pytest.approx(24 / 18), "a span's shots share it by their frames"
    assert {sheet.key: sheet.shots for sheet in found.cast} == {
        "ember": ("walk", "run"), "lantern": ("walk", "run"), "meadow": ("walk", "run", "talk"),
        "moth": ("talk", "sleep"), "ember@rain": ("sleep",), "wood": ("sleep",),
    }  # fmt: skip
    assert all(sheet.made and sheet.made_by.endswith("toon paint-1") for sheet in found.cast)


def test_what_is_reused_is_not_paid_again(tmp_path: Path) -> None:
    project = rendered(tmp_path, Paint())
    before = project.report()
    project.produce(INLINE)
    assert project.report() == before


def test_failures_are_told_and_what_they_cost(tmp_path: Path) -> None:
    paint = Paint(fails={"talk"})
    project = studio(tmp_path, BOARD, paint)
    for _ in range(2):
        project.produce(INLINE)
    talk = shots(project.report())["talk"]
    assert (talk.state, talk.take, talk.made_by) == ("placeholder", None, "")
    assert [one.why for one in talk.failures] == ["renderer toon failed at talk: RuntimeError: talk is too hard"] * 2
    assert {one.kind for one in talk.failures} == {"level"}
    paint.fails = set()
    project.produce(INLINE)
    found = project.report()
    talk = shots(found)["talk"]
    assert (talk.state, talk.take, len(talk.failures)) == ("current", 1, 2)
    assert 0 < talk.spent.failed < talk.spent.total
    level = next(stage for stage in found.stages if stage.kind == "level")
    assert level.failures == 3, "the batch that it spoilt, too"
    assert found.failed_seconds == pytest.approx(level.failed_seconds)


def test_a_shot_that_cannot_be_drawn_costs_what_was_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paint = Paint()
    decode = paint.decode

    def broken(latents: object, *rest: object) -> object:
        if getattr(latents, "id", "") == "talk/1":
            yield from list(decode(latents, *rest))[:5]  # type: ignore[arg-type]
            raise ValueError("no more frames")
        yield from decode(latents, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(paint, "decode", broken)
    project = studio(tmp_path, BOARD, paint)
    project.produce(INLINE)
    talk = shots(project.report())["talk"]
    assert [(one.kind, one.why) for one in talk.failures] == [("draw", "ValueError: no more frames")]
    assert 0 < talk.failures[0].seconds == talk.spent.drawing
    assert talk.state == "placeholder"


def test_takes_and_edits_add_up(tmp_path: Path) -> None:
    project = rendered(tmp_path, Paint())
    first = shots(project.report())["talk"]
    project.retake("talk", workers=1)
    project = studio(tmp_path, BOARD.replace("camera: {shot: close}", "camera: {shot: wide}"), Paint())
    again = shots(project.report())["talk"]
    assert (again.state, again.why) == ("stale", ("camera close -> wide",))
    assert (again.take, again.takes) == (2, 2), "the newest one"
    assert again.attempts == 2 * first.attempts
    assert again.spent.total > first.spent.total


def test_a_shot_that_is_gone_still_cost_something(tmp_path: Path) -> None:
    project = rendered(tmp_path, Paint())
    seconds = project.report().seconds
    gone = BOARD.partition("      - id: talk\n")[0] + BOARD[BOARD.index("  - id: night\n") :]
    found = studio(tmp_path, gone, Paint()).report()
    assert set(shots(found)) == {"walk", "run", "sleep"}
    assert found.seconds == pytest.approx(seconds)
