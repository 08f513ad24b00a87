"""One shot that fails costs one shot: a placeholder stands for it, all else is finished, it alone is tried again."""

import json
import weakref
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from paint import BOARD, Paint, card, rendered, studio
from PIL import Image

from storyforge.backends import Frame, Latents, LevelRequest
from storyforge.cas import Journal
from storyforge.film import Reader
from storyforge.production import Order, Project, events

INLINE = Order(workers=1, silent=True)
TALK = (52, 60)  # frames of the film that show nothing but talk


class Scarce(Paint):
    """Paint whose every call fills memory, and that notices when the memory of a call before is still held."""

    def __init__(self, most: int) -> None:
        super().__init__(most=most)
        self.held: list[bool] = []
        self._before: weakref.ref[np.ndarray] | None = None

    def render(self, requests: Sequence[LevelRequest]) -> list[Latents]:
        if self._before is not None:
            self.held.append(self._before() is not None)
        full = np.zeros(10)
        self._before = weakref.ref(full)
        return super().render(requests)


def made(project: Project) -> list[str]:
    """Renders; names of what was sampled and drawn."""
    done: list[str] = []

    def hear(event: events.Event) -> None:
        if (
            isinstance(event, events.TaskDone)
            and not event.reused
            and event.kind in ("cast", "panels", "level", "draw")
        ):
            done.append(event.name)

    project.produce(INLINE, hear)
    return done


def shown(folder: Path, moment: int = TALK[0]) -> Frame:
    return Reader(folder / "film.mp4").frame(moment)


def lower(frame: Frame) -> np.ndarray:
    """The mean colour below the label and beside the captions."""
    return frame[len(frame) // 2 :, :10].reshape(-1, 3).mean(0)


def dimmed(picture: Frame) -> np.ndarray:
    """The colour of a picture that is held: nearly grey, and half as bright."""
    flat = picture.reshape(-1, 3).mean(0)
    return 0.5 * (0.8 * (flat @ [0.299, 0.587, 0.114]) + 0.2 * flat)


def test_the_panel_of_a_failed_shot_is_held_and_labelled(tmp_path: Path) -> None:
    project = studio(tmp_path, BOARD, Paint(fails={"talk"}))
    assert list(project.produce(INLINE).failed) == ["talk"]
    first, last = shown(tmp_path), shown(tmp_path, TALK[1])
    panel = np.asarray(Image.open(tmp_path / "panels" / "talk.png"))
    assert np.allclose(lower(first), dimmed(panel), atol=4)
    assert np.abs(lower(first) - lower(last)).max() < 2, "it is held"
    label = first[: len(first) // 4]
    assert label.max() > 200, "there are words on it"


def test_a_failed_shot_without_a_panel_holds_its_newest_take(tmp_path: Path) -> None:
    paint = Paint(strides=(1,))
    rendered(tmp_path, paint)
    still = np.asarray(Image.open(tmp_path / "panels" / "talk.png"))
    paint.fails = {"talk"}
    studio(tmp_path, BOARD.replace("camera: {shot: close}", "camera: {shot: wide}"), paint).produce(INLINE)
    assert np.allclose(lower(shown(tmp_path)), dimmed(still), atol=4)


def test_a_failed_shot_without_any_picture_is_a_card(tmp_path: Path) -> None:
    rendered(tmp_path, Paint(strides=(1,), fails={"talk"}))
    assert np.allclose(lower(shown(tmp_path)), (61, 57, 69), atol=12), "grey stripes"


def test_a_picture_that_is_damaged_is_a_card_too(tmp_path: Path) -> None:
    paint = Paint(strides=(1,))
    rendered(tmp_path, paint)
    (tmp_path / "panels" / "talk.png").write_bytes(b"no picture")
    paint.fails = {"talk"}
    studio(tmp_path, BOARD.replace("camera: {shot: close}", "camera: {shot: wide}"), paint).produce(INLINE)
    assert np.allclose(lower(shown(tmp_path)), (61, 57, 69), atol=12)


def test_a_placeholder_follows_its_panel(tmp_path: Path) -> None:
    paint = Paint(fails={"talk"})
    rendered(tmp_path, paint)
    before = shown(tmp_path)
    project = studio(tmp_path, BOARD.replace("camera: {shot: close}", "camera: {shot: wide}"), paint)
    project.produce(INLINE)
    panel = np.asarray(Image.open(tmp_path / "panels" / "talk.png"))
    assert not np.array_equal(shown(tmp_path), before)
    assert np.allclose(lower(shown(tmp_path)), dimmed(panel), atol=4)


def test_only_the_failed_shot_is_tried_again(tmp_path: Path) -> None:
    paint = Paint(fails={"talk"})
    project = rendered(tmp_path, paint)
    film = (tmp_path / "film.mp4").read_bytes()
    assert made(project) == [], "it fails again, and nothing else is made"
    assert (tmp_path / "film.mp4").read_bytes() == film
    paint.fails = set()
    assert made(project) == ["talk/16", "talk/1", "talk"]
    assert {shot.state for shot in project.status().shots} == {"current"}
    assert (tmp_path / "film.mp4").read_bytes() != film


def test_a_source_that_cannot_be_read_stands_as_a_placeholder(tmp_path: Path) -> None:
    sea = tmp_path / "sea.png"
    Image.fromarray(card(np.array([0.1, 0.3, 0.6]), (96, 64))).save(sea)
    project = studio(
        tmp_path,
        BOARD.replace("  - id: night\n", "      - {id: sea, source: sea.png, seconds: 1}\n  - id: night\n"),
        Paint(),
    )
    project.produce(INLINE)
    sea.write_bytes(b"no picture")
    assert list(project.produce(INLINE).failed) == ["sea"]
    found = {shot.id: shot for shot in project.status().shots}["sea"]
    assert found.state == "placeholder"
    assert "sea.png" in found.why[0]
    assert np.allclose(
        lower(shown(tmp_path, 80)), dimmed(np.asarray(Image.open(tmp_path / "panels" / "sea.png"))), atol=4
    )


def test_too_little_memory_halves_the_batch(tmp_path: Path) -> None:
    paint = Scarce(most=60)  # one span fits, two do not
    project = studio(tmp_path, BOARD, paint)
    told: list[events.Event] = []
    assert not project.produce(Order(workers=1, batch=8), told.append).failed
    sizes = [[request.id for request in call] for call in paint.calls if call[0].stride == 1]
    assert any(len(call) > 1 for call in sizes), "several were tried at once"
    assert not any(paint.held), "a call that failed lets go of its memory before the next one"
    assert not [event for event in told if isinstance(event, events.TaskFailed)], "what was tried again did not fail"


def test_a_span_that_does_not_fit_alone_fails_alone(tmp_path: Path) -> None:
    paint = Paint(most=45)  # all have 49 rows but sleep, which has 33
    failed = studio(tmp_path, BOARD, paint).produce(INLINE).failed
    assert list(failed) == ["walk", "run", "talk"]
    assert failed["walk"] == (
        "renderer toon failed at walk..run: it ran out of memory; close other programs, or make the film's size smaller"
        " or the shot shorter"
    )


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 79.11 GiB"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory: you tried to"),
    ],
)
def test_memory_that_ran_out_is_told_as_such(tmp_path: Path, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    paint = Paint()
    render = paint.render

    def scarce(requests: Sequence[LevelRequest]) -> list[Latents]:
        if any(request.id == "talk/1" for request in requests):
            raise error
        return render(requests)

    monkeypatch.setattr(paint, "render", scarce)
    failed = studio(tmp_path, BOARD, paint).produce(INLINE).failed
    assert list(failed) == ["talk"]
    assert "talk: it ran out of memory; close other programs" in failed["talk"]


def test_attempts_are_journalled_by_span_with_their_share(tmp_path: Path) -> None:
    rendered(tmp_path, Paint(fails={"talk"}))
    journal = Journal(tmp_path / ".storyforge" / "journal.sqlite")
    found = journal.attempts()
    journal.close()
    done = {one.name for one in found if one.kind == "level" and one.outcome == "done"}
    assert done == {"walk..run/16", "walk..run/1", "sleep/16", "sleep/1"}
    assert {one.name for one in found if one.kind == "panels"} == {"walk", "run", "talk", "sleep"}
    drawn = [one for one in found if one.kind == "draw"]
    assert all(0 < one.encode < one.seconds for one in drawn)


def test_provenance_names_what_made_each_shot(tmp_path: Path) -> None:
    rendered(tmp_path, Paint())
    newer = Paint(fingerprint="paint-2", fails={"sleep"})
    studio(
        tmp_path, BOARD.replace("camera: {shot: close}", "camera: {shot: wide}").replace("sleeps", "waves"), newer
    ).produce(INLINE)
    said = json.loads((tmp_path / "film.provenance.json").read_text())
    makers = {shot["id"]: shot.get("made_by", "").rpartition("toon ")[2] for shot in said["shots"]}
    assert makers == {"walk": "paint-1", "run": "paint-1", "talk": "paint-2", "sleep": ""}
    assert [shot["id"] for shot in said["shots"] if "key" not in shot] == ["sleep"]
    assert said["renderers"] == {"toon": "paint-2"}
    studio(tmp_path, BOARD, Paint(fingerprint="paint-3")).produce(INLINE)
    said = json.loads((tmp_path / "film.provenance.json").read_text())
    assert said["renderers"] == {}, "today's version made none of it"
