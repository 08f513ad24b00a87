"""After an edit only the stretches of the film that show it are encoded again, and the film is as if made anew."""

import itertools
from pathlib import Path

import pytest
from paint import BOARD, Paint, rendered, studio

from storyforge.cas import Blob, Store
from storyforge.production import Order, Project, events

INLINE = Order(workers=1, silent=True)
NEW = "      - {id: look, seconds: 1, cast: [moth]}\n      - id: talk\n"


class Heard(list[events.Event]):
    """Events, as a `tell`."""

    def __call__(self, event: events.Event) -> None:
        self.append(event)

    @property
    def encoded(self) -> int:
        """Frames of the film that were encoded."""
        return sum(e.units for e in self if isinstance(e, events.TaskDone) and e.kind == "film" and not e.reused)


def stretches(folder: Path) -> dict[str, Blob]:
    """What is kept of films."""
    blobs = Store(folder / ".storyforge" / "store").blobs()
    return {blob.key: blob for blob in blobs if blob.path.suffix == ".mp4" and "shot" not in blob.meta}


def litter(project: Project) -> set[str]:
    """Keys of what nothing reaches."""
    return {blob.key for blob in project.litter().blobs}


def edited(*edits: tuple[str, str]) -> str:
    board = BOARD
    for old, new in edits:
        assert old in board
        board = board.replace(old, new)
    return board


# Shots are walk (24 frames), run (18, flowing from it), talk (36, of which the last 6 dissolve) and sleep (24).
EDITS = {
    "words": ([("Ember walked.", "Ember strode.")], [24]),
    "a speaker's words": ([("Who goes there?", "Who went there?")], [30]),
    "a join": ([("kind: dissolve, seconds: 0.5", "kind: fade, seconds: 0.5")], [24, 36]),
    "an action": ([('does: "sleeps"', 'does: "waves"')], [24]),
    "a sheet": ([("a yellow raincoat", "a red raincoat")], [24]),
    "an inserted shot": ([("      - id: talk\n", NEW)], [12]),
    "a shot's length": ([("- id: walk\n        seconds: 2", "- id: walk\n        seconds: 3")], [18, 36]),
    "the end": ([("end: {kind: fade, seconds: 0.5}", "end: {kind: fade, seconds: 1}")], [24]),
    "a title that is in no picture": ([("Two Friends", "Three Friends")], []),
    "the cast's description": ([("a grey moth", "a white moth")], [24, 30]),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_encodes_the_stretches_that_show_it(tmp_path: Path, edit: str) -> None:
    edits, frames = EDITS[edit]
    heard = Heard()
    rendered(tmp_path / "film", Paint())
    before = stretches(tmp_path / "film")
    studio(tmp_path / "film", edited(*edits), Paint()).produce(INLINE, heard)
    new = [blob.meta["frames"] for key, blob in stretches(tmp_path / "film").items() if key not in before]
    assert sorted(new) == frames
    assert heard.encoded == sum(frames)
    studio(tmp_path / "anew", edited(*edits), Paint()).produce(INLINE)
    assert (tmp_path / "film" / "film.mp4").read_bytes() == (tmp_path / "anew" / "film.mp4").read_bytes()
    steps = [event for event in heard if isinstance(event, events.Progress)]
    assert all(before.done <= after.done <= after.total for before, after in itertools.pairwise(steps))
    assert steps[-1].total - steps[-1].done <= 0.05 * steps[-1].total + 1e-9


def test_an_edit_taken_back_encodes_nothing(tmp_path: Path) -> None:
    first = Heard()
    studio(tmp_path, BOARD, Paint()).produce(INLINE, first)
    assert first.encoded == 96
    whole = (tmp_path / "film.mp4").read_bytes()
    studio(tmp_path, edited(("Ember walked.", "Ember strode.")), Paint()).produce(INLINE)
    assert (tmp_path / "film.mp4").read_bytes() != whole
    heard = Heard()
    studio(tmp_path, BOARD, Paint()).produce(INLINE, heard)
    assert heard.encoded == 0
    assert (tmp_path / "film.mp4").read_bytes() == whole


def test_a_film_that_was_stopped_goes_on(tmp_path: Path) -> None:
    running = False

    def interrupt(event: events.Event) -> None:
        nonlocal running
        running |= isinstance(event, events.TaskStarted) and event.kind == "film"
        if running and isinstance(event, events.Progress) and stretches(tmp_path):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        studio(tmp_path, BOARD, Paint()).produce(INLINE, interrupt)
    finished = {path: path.stat().st_mtime_ns for path in (blob.path for blob in stretches(tmp_path).values())}
    frames = sum(blob.meta["frames"] for blob in stretches(tmp_path).values())
    assert 0 < frames < 96
    heard = Heard()
    studio(tmp_path, BOARD, Paint()).produce(INLINE, heard)
    assert heard.encoded == 96 - frames
    assert {path: path.stat().st_mtime_ns for path in finished} == finished
    rendered(tmp_path / "anew", Paint())
    assert (tmp_path / "film.mp4").read_bytes() == (tmp_path / "anew" / "film.mp4").read_bytes()


def test_a_failed_shots_card_is_not_kept(tmp_path: Path) -> None:
    rendered(tmp_path, Paint(fails={"talk"}))
    assert sorted(blob.meta["frames"] for blob in stretches(tmp_path).values()) == [18, 24]
    heard = Heard()
    studio(tmp_path, BOARD, Paint()).produce(INLINE, heard)
    assert heard.encoded == 30 + 24, "the card's own, and the one that dissolves from it"


@pytest.mark.parametrize("captions", ["burn", "soft"])
def test_gc_takes_what_no_film_shows(tmp_path: Path, captions: str) -> None:
    order = Order(workers=1, silent=True, captions=captions)  # type: ignore[arg-type]
    project = studio(tmp_path, BOARD, Paint())
    project.produce(order)
    first = set(stretches(tmp_path))
    assert not first & litter(project), "all of them are of the film that is there"
    changed = edited(("kind: dissolve", "kind: fade"), ("Ember walked.", "Ember strode."))
    project = studio(tmp_path, changed, Paint())
    kept = first - litter(project)
    project.produce(order)
    now = set(stretches(tmp_path)) - litter(project)
    assert kept == first & now, "what the next film shows is kept before it is there"
    project.clear(project.litter())
    assert set(stretches(tmp_path)) == now
    (tmp_path / "film.mp4").unlink()
    heard = Heard()
    project.produce(order, heard)
    assert set(stretches(tmp_path)) == now, "nothing had to be encoded"


def test_a_survey_counts_what_is_left_to_encode(tmp_path: Path) -> None:
    def left(project: Project) -> list[int]:
        return [step.units for step in project.survey(INLINE) if step.kind == "film"]

    whole = studio(tmp_path, BOARD, Paint()).resolved().frames
    assert left(studio(tmp_path, BOARD, Paint())) == [whole]
    rendered(tmp_path, Paint())
    assert [step.done for step in studio(tmp_path, BOARD, Paint()).survey(INLINE) if step.kind == "film"] == [True]
    project, heard = studio(tmp_path, edited(("Ember walked.", "Ember strode.")), Paint()), Heard()
    expected, seconds = left(project), project.status(INLINE).seconds
    project.produce(INLINE, heard)
    assert [heard.encoded] == expected
    assert 0 < expected[0] < whole
    assert seconds > 0


def test_gc_before_a_render_keeps_the_stretches_of_shots_that_are_there(tmp_path: Path) -> None:
    rendered(tmp_path, Paint())
    before = stretches(tmp_path)
    project = studio(tmp_path, edited(('does: "sleeps"', 'does: "waves"')), Paint())
    project.clear(project.litter())
    assert sorted(blob.meta["frames"] for blob in stretches(tmp_path).values()) == [18, 24, 30]
    assert set(stretches(tmp_path)) < set(before)
