"""What is finished stays: upgrades wait to be asked for, locks and picks hold, retakes are new, `status` says why."""

from pathlib import Path

import pytest
from paint import BOARD, Paint, rendered, studio

from storyforge.errors import InputError, OutOfTime
from storyforge.film import Reader
from storyforge.production import ALL, Order, Project, ShotStatus, events
from storyforge.production.renderers import made_with

INLINE = Order(workers=1, silent=True)
HEARD = Order(workers=1)


def shots(folder: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted((folder / "shots").glob("*.mp4"))}


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "storyboard.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def made(project: Project, order: Order = INLINE) -> dict[str, list[str]]:
    """Renders; names of what was made, by kind."""
    found: dict[str, list[str]] = {}

    def hear(event: events.Event) -> None:
        if isinstance(event, events.TaskDone) and not event.reused:
            found.setdefault(event.kind, []).append(event.name)

    project.produce(order, hear)
    return found


def states(project: Project) -> dict[str, ShotStatus]:
    return {shot.id: shot for shot in project.status().shots}


def test_a_new_renderer_makes_nothing_by_itself(tmp_path: Path, project: Project) -> None:
    before, film = shots(tmp_path), (tmp_path / "film.mp4").read_bytes()
    newer = Paint(fingerprint="paint-2")
    again = studio(tmp_path, BOARD, newer)
    assert made(again) == {}
    assert not newer.calls
    assert not newer.casts
    assert shots(tmp_path) == before
    assert (tmp_path / "film.mp4").read_bytes() == film
    found = again.status()
    assert {shot.state for shot in found.shots} == {"current"}
    assert all(shot.made_by.endswith("toon paint-1") for shot in found.shots)
    assert found.upgradable == ("walk", "run", "talk", "sleep")
    assert found.upgrade_seconds > 0


def test_an_edit_after_an_upgrade_renders_only_what_it_reaches(tmp_path: Path, project: Project) -> None:
    before = shots(tmp_path)
    edit(tmp_path, "camera: {shot: close}", "camera: {shot: wide}")
    newer = Paint(fingerprint="paint-2")
    again = Project(tmp_path, renderers=studio(tmp_path / "other", BOARD, newer).renderers)
    done = made(again)
    assert done["draw"] == ["talk"]
    assert "cast" not in done, "the sheets of the renderer before serve"
    after = shots(tmp_path)
    assert {name for name in after if after[name] != before[name]} == {"talk"}


def test_an_upgrade_is_made_when_asked_for(tmp_path: Path, project: Project) -> None:
    before = shots(tmp_path)
    again = studio(tmp_path, BOARD, Paint(fingerprint="paint-2"))
    done = made(again, Order(workers=1, upgrade=("talk",)))
    assert done["draw"] == ["talk"]
    assert "cast" not in done
    assert states(again)["talk"].made_by == ""
    assert states(again)["walk"].made_by
    done = made(again, Order(workers=1, upgrade=(ALL,)))
    assert {"run", "sleep", "walk"} <= set(done["draw"])
    assert "cast" in done
    assert not again.status().upgradable
    assert set(shots(tmp_path)) == set(before)


def test_status_says_what_changed(tmp_path: Path, project: Project) -> None:
    assert set(made(project, HEARD)) == {"sound", "film"}
    assert {shot.state for shot in states(project).values()} == {"current"}
    assert project.status().seconds == 0
    edit(tmp_path, 'does: "runs"', 'does: "hides"')
    found = states(project)
    assert found["run"].state == found["walk"].state == "stale"
    assert found["run"].why == ("ember does runs -> hides",)
    assert found["walk"].why == ("it flows with run, where ember does runs -> hides",)
    assert found["talk"].state == found["sleep"].state == "current"
    status = project.status()
    assert status.seconds > 0
    assert status.measured
    assert status.rows == 49 + 4, "all rows of the one span, fine and coarse"
    assert status.size > 0


def test_status_of_what_is_inherited_and_shown(tmp_path: Path, project: Project) -> None:
    edit(tmp_path, '"a dark wood"', '"a snowy wood"')
    edit(tmp_path, "time: night", "time: morning")
    why = states(project)["sleep"].why
    assert 'place wood: description "a dark wood" -> "a snowy wood"' in why
    assert "scene night: time night -> morning" in why
    assert states(project)["talk"].state == "current"


def test_words_and_cuts_make_no_shot_stale(tmp_path: Path, project: Project) -> None:
    assert set(made(project, HEARD)) == {"sound", "film"}
    edit(tmp_path, "Ember walked.", "Ember went for a walk.")
    edit(tmp_path, "{kind: dissolve, seconds: 0.5}", "cut")
    assert {shot.state for shot in states(project).values()} == {"current"}
    assert set(made(project, HEARD)) == {"sound", "film"}, "the film is shorter and its words are others; no picture is"


def test_a_shot_that_was_never_made_is_missing(tmp_path: Path, paint: Paint) -> None:
    fresh = studio(tmp_path, BOARD, paint)
    found = fresh.status()
    assert {shot.state for shot in found.shots} == {"missing"}
    assert not found.measured
    assert not (tmp_path / ".storyforge").exists(), "status writes nothing"


def test_a_shot_that_failed_says_why(tmp_path: Path) -> None:
    project = rendered(tmp_path, Paint(fails={"talk"}))
    found = states(project)["talk"]
    assert found.state == "placeholder"
    assert "talk is too hard" in found.why[0]
    (tmp_path / "film.mp4").unlink()
    assert states(project)["talk"].state == "failed", "no film shows its placeholder"


def test_a_lock_holds_whatever_is_edited(tmp_path: Path, project: Project) -> None:
    before = shots(tmp_path)
    edit(tmp_path, "      - id: talk\n", "      - id: talk\n        lock: true\n")
    assert made(project) == {}
    edit(tmp_path, "camera: {shot: close}", "camera: {shot: wide}")
    assert "draw" not in made(project)
    assert shots(tmp_path) == before
    found = states(project)["talk"]
    assert found.state == "locked"
    assert found.why == ("without effect: camera close -> wide",)


def test_neighbours_in_a_flow_meet_a_locked_shot(tmp_path: Path, project: Project, paint: Paint) -> None:
    before = shots(tmp_path)
    edit(tmp_path, "      - id: walk\n", "      - id: walk\n        lock: true\n")
    assert made(project) == {}, "a lock by itself makes nothing"
    edit(tmp_path, 'does: "runs"', 'does: "hides"')
    paint.calls.clear()
    assert made(project)["draw"] == ["run"]
    after = shots(tmp_path)
    assert after["walk"] == before["walk"]
    assert after["run"] != before["run"]
    fine = next(request for request in paint.requests(1) if request.id == "walk..run/1")
    assert set(range(24)) <= set(fine.pins), "every row of the locked shot is pinned"


def test_a_retake_is_another_take_of_the_same_words(tmp_path: Path, project: Project) -> None:
    before = shots(tmp_path)
    again = project.retake("talk", 2, workers=1)
    assert again.numbers == (2, 3)
    assert all(Reader(file).count == 36 for file in again.files)
    assert len({before["talk"], *(file.read_bytes() for file in again.files)}) == 3
    assert again.picture.exists()
    assert [take.shown for take in project.takes("talk")["talk"]] == [False, False, True], "the newest is shown"
    assert set(made(project)) == {"film"}
    edit(tmp_path, "      - id: talk\n", '      - id: talk\n        pick: "1"\n')
    assert "draw" not in made(project)
    assert shots(tmp_path)["talk"] == before["talk"]
    assert states(project)["talk"].state == "picked"


def test_a_retake_in_a_flow_meets_its_neighbours_and_leaves_them(
    tmp_path: Path, project: Project, paint: Paint
) -> None:
    before = shots(tmp_path)
    paint.calls.clear()
    project.retake("run", 1, workers=1)
    fine = next(request for request in paint.requests(1) if request.id == "walk..run/1")
    assert set(range(24)) <= set(fine.pins)
    assert "draw" not in made(project), "whoever shows the retake need not touch what it flows from"
    after = shots(tmp_path)
    assert {name for name in after if after[name] != before[name]} == {"run"}


def test_a_pick_that_is_not_there(tmp_path: Path, project: Project) -> None:
    edit(tmp_path, "      - id: talk\n", '      - id: talk\n        pick: "7"\n')
    with pytest.raises(InputError, match=r"talk: there is no take '7' to pick; it has only take 1"):
        project.produce(INLINE)


def test_a_pick_that_is_not_there_can_be_mended(tmp_path: Path, project: Project) -> None:
    edit(tmp_path, "      - id: talk\n", '      - id: talk\n        pick: "7"\n')
    found = states(project)["talk"]
    assert found.state == "failed"
    assert "there is no take '7' to pick" in found.why[0]
    assert [take.number for take in project.takes("talk")["talk"]] == [1]
    project.litter()


@pytest.mark.parametrize(("old", "new"), [("seconds: 3", "seconds: 4"), ("size: 96x64", "size: 128x64")])
def test_a_locked_take_that_no_longer_fits_is_told_before_anything_is_made(
    tmp_path: Path, project: Project, paint: Paint, old: str, new: str
) -> None:
    edit(tmp_path, "      - id: talk\n", "      - id: talk\n        lock: true\n")
    edit(tmp_path, old, new)
    paint.calls.clear()
    with pytest.raises(InputError, match=r"talk: take 1, which it is held to, .* remove its `lock` or `pick`"):
        project.produce(INLINE)
    assert not paint.calls
    assert "held to" in states(project)["talk"].why[0]


def test_a_lock_holds_what_the_film_shows(tmp_path: Path, project: Project) -> None:
    shown = shots(tmp_path)["talk"]
    edit(tmp_path, "camera: {shot: close}", "camera: {shot: wide}")
    made(project)
    assert shots(tmp_path)["talk"] != shown
    edit(tmp_path, "camera: {shot: wide}", "camera: {shot: close}")
    made(project)
    edit(tmp_path, "      - id: talk\n", "      - id: talk\n        lock: true\n")
    assert "draw" not in made(project)
    assert shots(tmp_path)["talk"] == shown
    edit(tmp_path, "camera: {shot: close}", "camera: {shot: full}")
    assert "draw" not in made(project)
    assert shots(tmp_path)["talk"] == shown, "the take that was shown when it was locked, not the newest"


def test_an_upgrade_of_a_retake_is_the_same_try(tmp_path: Path, project: Project, paint: Paint) -> None:
    project.retake("talk", 1, workers=1)
    newer = Paint(fingerprint="paint-2")
    again = Project(tmp_path, renderers=studio(tmp_path / "other", BOARD, newer).renderers)
    assert made(again, Order(workers=1, upgrade=("talk",)))["draw"] == ["talk"]
    takes = {part.take for request in newer.requests(1) for part in request.parts if part.shot == "talk"}
    assert takes == {1}


def test_a_lost_shot_of_a_flow_comes_back_as_it_was(tmp_path: Path, project: Project) -> None:
    before = shots(tmp_path)
    for lock in (False, True):
        if lock:
            edit(tmp_path, "      - id: walk\n", "      - id: walk\n        lock: true\n")
        run = project.takes("run")["run"]
        assert len(run) == 1
        for path in (tmp_path / ".storyforge" / "store").rglob("*.mp4"):
            if path.read_bytes() == before["run"]:
                path.unlink()
        assert made(project) == {"draw": ["run"]}, "its level is there"
        assert shots(tmp_path) == before


def test_a_flow_made_partly_by_another_renderer_is_met(tmp_path: Path, paint: Paint) -> None:
    project = studio(tmp_path, BOARD, paint)
    project.produce(Order(workers=1, only=("walk",)))
    before = shots(tmp_path)["walk"]
    newer = Paint(fingerprint="paint-2")
    studio(tmp_path, BOARD, newer).produce(INLINE)
    fine = next(request for request in newer.requests(1) if request.id == "walk..run/1")
    assert set(range(24)) <= set(fine.pins)
    assert shots(tmp_path)["walk"] == before


def test_gc_keeps_what_only_the_store_knows(tmp_path: Path, project: Project, paint: Paint) -> None:
    for path in (tmp_path / ".storyforge").glob("journal.sqlite*"):
        path.unlink()
    project.clear(project.litter())
    paint.calls.clear()
    assert "draw" not in made(project)
    assert not paint.calls


def test_what_was_stopped_did_not_fail(tmp_path: Path, paint: Paint, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(requests: object) -> None:
        raise KeyboardInterrupt

    project = studio(tmp_path, BOARD, paint)
    monkeypatch.setattr(paint, "render", stop)
    with pytest.raises(KeyboardInterrupt):
        project.produce(INLINE)
    assert {shot.state for shot in states(project).values()} == {"missing"}


def test_two_cards_of_one_colour_are_two_shots(tmp_path: Path, paint: Paint) -> None:
    cards = "".join(f"      - {{id: {name}, source: '#203040', seconds: 1}}\n" for name in ("one", "two"))
    board = BOARD.replace("  - id: night\n", f"{cards}  - id: night\n")
    project = studio(tmp_path, board, paint)
    project.produce(INLINE)
    assert {shot.state for shot in states(project).values()} == {"current"}
    assert all(len(made) == 1 for made in project.takes().values())


def test_what_cannot_be_taken_again(tmp_path: Path, project: Project) -> None:
    with pytest.raises(InputError, match="no shot 'tlak'; did you mean talk"):
        project.retake("tlak")
    edit(tmp_path, "      - id: talk\n", "      - id: talk\n        lock: true\n")
    with pytest.raises(InputError, match="talk is locked"):
        project.retake("talk")


def test_gc_keeps_what_is_reached(tmp_path: Path, project: Project) -> None:
    project.retake("talk", 1, workers=1)
    edit(tmp_path, "      - id: talk\n", '      - id: talk\n        pick: "1"\n')
    edit(tmp_path, 'does: "sleeps"', 'does: "snores"')
    made(project)
    found = project.litter()
    assert found.blobs
    project.clear(found)
    assert not project.litter().blobs
    assert made(project) == {}, "nothing that is needed went"
    there = [take.there for take in project.takes("talk")["talk"]]
    assert there == [True, False]


def test_gc_removes_what_was_set_aside(tmp_path: Path, project: Project) -> None:
    shot = next((tmp_path / ".storyforge" / "store").glob("??/*.mp4"))
    shot.write_bytes(b"z" * shot.stat().st_size)
    made(project)
    found = project.litter(keep=10**9)
    assert not found.blobs
    assert {path.suffix for path in found.damaged} == {".mp4", ".json"}
    assert found.size == sum(path.stat().st_size for path in found.damaged)
    project.clear(found)
    assert not project.litter().damaged
    assert made(project) == {}


def test_gc_stops_at_a_size(tmp_path: Path, project: Project) -> None:
    edit(tmp_path, 'does: "sleeps"', 'does: "snores"')
    made(project)
    whole = project.litter()
    assert not project.litter(keep=whole.kept + whole.size).blobs
    some = project.litter(keep=whole.kept + whole.size - 1)
    assert len(some.blobs) == 1


def test_time_that_is_over_stops_and_keeps(tmp_path: Path, paint: Paint) -> None:
    project = studio(tmp_path, BOARD, paint)
    with pytest.raises(OutOfTime, match="goes on from here"):
        project.produce(Order(workers=1, max_seconds=0.0))
    assert (tmp_path / "cast" / "moth.png").exists()
    paint.casts.clear()
    project.produce(INLINE)
    assert not paint.casts


def test_without_its_journal_a_project_still_knows_its_results(tmp_path: Path, project: Project, paint: Paint) -> None:
    for path in (tmp_path / ".storyforge").glob("journal.sqlite*"):
        path.unlink()
    paint.calls.clear()
    assert made(project) == {}
    assert not paint.calls


def test_a_renderer_is_known_by_its_whole_name() -> None:
    assert made_with("storyforge 0.1.0, my wan 0123abcd", "my wan")
    assert not made_with("storyforge 0.1.0, my wan 0123abcd", "my")
    assert not made_with("storyforge 0.1.0", "toon"), "a source that is shown as it is"
