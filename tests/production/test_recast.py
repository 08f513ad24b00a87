"""Cast sheets are taken again, picked and locked like shots; whoever reads a sheet that changed is told of first."""

from pathlib import Path

import pytest
from paint import BOARD, Paint, studio
from test_takes import INLINE, edit, made, shots, states

from storyforge.errors import InputError, OutOfBudget
from storyforge.production import Order, Project, Renderer, Renderers


def numbers(project: Project, name: str) -> list[tuple[int, bool]]:
    """Takes of a sheet with whether the film shows them."""
    return [(take.number, take.shown) for take in project.takes(name)[f"cast.{name}"]]


def test_a_sheet_is_taken_again_in_every_look(tmp_path: Path, project: Project, paint: Paint) -> None:
    assert numbers(project, "ember") == [(1, True)]
    before = shots(tmp_path)
    paint.casts.clear()
    again = project.retake("ember", 2)
    assert paint.casts == ["ember", "ember@rain"] * 2
    assert again.numbers == (2, 3)
    assert sorted(path.name for path in again.files) == [
        "ember-2.png", "ember-3.png", "ember@rain-2.png", "ember@rain-3.png",
    ]  # fmt: skip
    assert len({path.read_bytes() for path in again.files}) == 4
    assert again.picture.exists()
    assert numbers(project, "ember") == [(1, False), (2, False), (3, True)], "the newest is shown"
    assert [take.number for take in project.takes("cast.ember")["cast.ember@rain"]] == [1, 2, 3]
    assert shots(tmp_path) == before, "no shot is touched by trying"


def test_status_lists_who_reads_a_sheet_that_changed(project: Project) -> None:
    project.retake("moth", 1)
    found = project.status()
    assert [(sheet.name, sheet.take, sheet.made, sheet.why, sheet.shots) for sheet in found.sheets] == [
        ("moth", 2, True, ("take 1 -> 2",), ("talk", "sleep"))
    ]
    assert states(project)["talk"].why == ("moth is cast anew",)
    assert states(project)["walk"].state == "current"


def test_status_lists_who_reads_a_sheet_that_is_reworded(tmp_path: Path, project: Project) -> None:
    edit(tmp_path, "a grey moth", "a white moth")
    found = project.status()
    assert [(sheet.name, sheet.made, sheet.why, sheet.shots) for sheet in found.sheets] == [
        ("moth", False, ('description "a grey moth" -> "a white moth"',), ("talk", "sleep"))
    ]
    made(project)
    assert not project.status().sheets


def test_a_first_render_changes_no_sheet(tmp_path: Path, paint: Paint) -> None:
    assert not studio(tmp_path, BOARD, paint).status().sheets


def test_only_shots_that_read_it_are_made_anew_and_a_pick_goes_back(tmp_path: Path, project: Project) -> None:
    before = shots(tmp_path)
    project.retake("moth", 1)
    done = made(project)
    assert set(done["draw"]) == {"talk", "sleep"}
    after = shots(tmp_path)
    assert {name for name in after if after[name] != before[name]} == {"talk", "sleep"}
    edit(tmp_path, '"a grey moth"}', '"a grey moth", pick: "1"}')
    assert [(sheet.name, sheet.shots) for sheet in project.status().sheets] == [("moth", ())], "all of it is there"
    assert "draw" not in made(project)
    assert shots(tmp_path) == before
    assert numbers(project, "moth") == [(1, True), (2, False)]


def test_a_pick_means_the_same_sheet_on_every_machine(tmp_path: Path, project: Project, paint: Paint) -> None:
    project.retake("moth", 2)
    edit(tmp_path, '"a grey moth"}', '"a grey moth", pick: "3"}')
    made(project)
    other = studio(tmp_path / "other", (tmp_path / "storyboard.yaml").read_text(encoding="utf-8"), Paint())
    other.produce(INLINE)
    assert shots(tmp_path / "other") == shots(tmp_path)


def test_a_locked_sheet_stays_whatever_is_said(tmp_path: Path, project: Project, paint: Paint) -> None:
    sheet = (tmp_path / "cast" / "moth.png").read_bytes()
    edit(tmp_path, '"a grey moth"}', '"a grey moth", lock: true}')
    assert made(project) == {}, "a lock by itself makes nothing"
    edit(tmp_path, "a grey moth", "a white moth")
    paint.casts.clear()
    done = made(project)
    assert not paint.casts
    assert set(done["draw"]) == {"talk", "sleep"}, "what they are told of it changed"
    assert (tmp_path / "cast" / "moth.png").read_bytes() == sheet
    with pytest.raises(InputError, match=r"moth is locked; storyforge unlock .* lets it be cast again"):
        project.retake("moth")


def test_gc_keeps_the_sheets_that_are_shown(tmp_path: Path, project: Project, paint: Paint) -> None:
    project.retake("moth", 2)
    edit(tmp_path, '"a grey moth"}', '"a grey moth", pick: "2"}')
    made(project)
    project.clear(project.litter())
    paint.casts.clear()
    assert made(project) == {}
    assert not paint.casts
    assert [take.there for take in project.takes("moth")["cast.moth"]] == [False, True, False]


def test_what_has_no_sheet_to_take(tmp_path: Path, project: Project) -> None:
    with pytest.raises(InputError, match="no shot or entity 'mothh'; did you mean moth"):
        project.takes("mothh")
    with pytest.raises(InputError, match="no shot 'mothh'"):
        project.retake("mothh")
    edit(tmp_path, '"a grey moth"}', '"a grey moth", pick: "newest"}')
    with pytest.raises(InputError, match="moth: pick 'newest' is no take of its sheet; write its number"):
        project.produce(INLINE)


def test_money_that_is_spent_stops_and_keeps(tmp_path: Path, paint: Paint) -> None:
    (tmp_path / "storyboard.yaml").write_text(BOARD, encoding="utf-8")
    dear = Renderers(open=lambda name, project: Renderer(name, paint, cost_per_hour=1e6))
    project = Project(tmp_path, renderers=dear)
    assert project.status().cost == pytest.approx(project.status().seconds * 1e6 / 3600)
    with pytest.raises(OutOfBudget, match=r"more than the 0\.10 it was given"):
        project.produce(Order(workers=1, max_cost=0.1))
    assert paint.casts
    paint.casts.clear()
    assert project.produce(INLINE).cost > 0
    assert not paint.casts
