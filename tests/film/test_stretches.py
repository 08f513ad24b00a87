"""A stretch is encoded again when, and only when, something that it shows has changed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storyforge import film
from storyforge.cas import Store, file_digest
from storyforge.film import Clip, Picture, stretches
from storyforge.film.picture import black
from storyforge.storyboard import Resolved

pytestmark = pytest.mark.slow

Board = Callable[..., Resolved]
Shots = Callable[[Resolved], dict[str, Path]]

SMALL = "160x90"
FIVE = (
    'seconds: 4, narration: "That night the storm came back."',
    'seconds: 3, join: cut, dialogue: [{who: ember, line: "Not again."}]',
    'seconds: 1.5, join: {kind: dissolve, seconds: 0.5}, titles: [{text: "Chapter Two", place: centre}]',
    "seconds: 1, join: cut",
    "seconds: 2, join: {kind: fade, seconds: 0.5}",
)


def clips(resolved: Resolved, **digests: str | None) -> dict[str, Clip]:
    """Black clips, each as if it showed something of its own; or what `digests` says of it."""

    def pictures(start: int, stop: int) -> Iterator[Picture]:
        return (black(resolved.size) for _ in range(start, stop))

    return {
        shot.id: Clip(shot.id, shot.frames, pictures, digest=digests.get(shot.id, f"pictures of {shot.id}"))
        for shot in resolved.shots
    }


def keys(resolved: Resolved, captions_as: film.Captions = "burn", **digests: str | None) -> list[str | None]:
    """The key of every stretch."""
    cut = film.assembly(resolved, clips(resolved, **digests), captions_as=captions_as).cut
    return [cut.key(span) for span in cut.laid.stretches]


def changed(before: list[str | None], after: list[str | None]) -> set[int]:
    """Numbers of the stretches whose key is not what it was."""
    return {number for number, key in enumerate(after) if key != before[number]}


def edited(number: int, old: str, new: str) -> tuple[str, ...]:
    """FIVE with one shot's line edited."""
    assert old in FIVE[number]
    return (*FIVE[:number], FIVE[number].replace(old, new), *FIVE[number + 1 :])


EDITS = {
    "words": (edited(0, "came back", "was back"), {0}),
    "a speaker's words": (edited(1, "Not again", "Not that"), {1}),
    "a speaker": (edited(1, "ember", "old-moth"), {1}),
    "when words are said": (edited(1, 'line: "', 'at: 0.25, line: "'), {1}),
    "a title": (edited(2, "Two", "Three"), {2}),
    "a title's place": (edited(2, "centre", "top"), {2}),
    "a title's time": (edited(2, "place:", "seconds: 0.5, place:"), {2}),
    "a cut becomes a dissolve": (edited(3, "join: cut", "join: {kind: dissolve, seconds: 0.25}"), {2, 3}),
    "a dissolve's length": (edited(2, "seconds: 0.5}", "seconds: 0.25}"), {1, 2}),
    "a dissolve becomes a fade": (edited(2, "dissolve", "fade"), {1, 2}),
    "a fade's length": (edited(4, "seconds: 0.5}", "seconds: 1}"), {3, 4}),
    "a shot's length": (edited(3, "seconds: 1", "seconds: 1.25"), {3}),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_changes_the_stretches_that_show_it(board: Board, edit: str) -> None:
    lines, expected = EDITS[edit]
    assert changed(keys(board(*FIVE)), keys(board(*lines))) == expected


def test_other_pictures_change_the_stretches_that_show_them(board: Board) -> None:
    resolved = board(*FIVE)
    before = keys(resolved)
    assert before == keys(resolved)
    assert len(set(before)) == 5
    assert changed(before, keys(resolved, s1="other pictures")) == {0}
    assert changed(before, keys(resolved, s2="other pictures")) == {1, 2}, "the third shot dissolves from the second"
    assert keys(resolved, s2=None) == [before[0], None, None, *before[3:]]


def test_what_comes_before_a_stretch_does_not_matter(board: Board) -> None:
    before = keys(board(*FIVE))
    for first in ("seconds: 3, narration: Something else.", "seconds: 2.5"):
        resolved = board(*(first, *FIVE[1:]))
        assert changed(before, keys(resolved)) == {0}
    resolved = board(FIVE[0], "seconds: 1", *FIVE[1:])
    names = {f"s{number + 1}": f"pictures of s{number}" for number in range(2, 6)}
    assert [key for key in keys(resolved, s2="new", **names) if key in before] == before


def test_what_all_stretches_show_changes_all(board: Board) -> None:
    before = keys(board(*FIVE))
    for how in ({"size": "320x240"}, {"fps": "25"}):
        assert changed(before, keys(board(*FIVE, **how))) == {0, 1, 2, 3, 4}
    assert changed(before, keys(board(*FIVE), "off")) == {0, 1}, "those with captions"
    assert changed(before, keys(board(*FIVE, end="fade"))) == {4}
    assert changed(before, keys(board(*FIVE, title="Another Film"))) == set(), "it is not in the picture"


def test_what_letters_are_set_with_is_shown_too(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    before = keys(board(*FIVE))
    monkeypatch.setattr(stretches, "shapes", lambda: not film.shapes())
    assert changed(before, keys(board(*FIVE))) == {0, 1, 2}, "those with words"


def known(paths: dict[str, Path]) -> dict[str, Path | Clip]:
    """Clips of files, with the digests of these."""
    return {
        name: Clip(name, reader.count, reader.pictures, path=path, size=reader.size, digest=file_digest(path))
        for name, path in paths.items()
        for reader in [film.Reader(path)]
    }


def test_a_film_of_kept_stretches_is_the_film_written_anew(board: Board, shots: Shots, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    boards = [board(*lines, size=SMALL) for lines, _ in EDITS.values()]
    for number, resolved in enumerate([board(*FIVE, size=SMALL), *boards, board(*FIVE, size=SMALL, end="fade")]):
        given = known(shots(resolved))
        made = film.assembly(resolved, given, store=store)
        assert made.left < resolved.frames if number else made.left == resolved.frames
        made.write(tmp_path / "kept.mp4")
        film.write(tmp_path / "anew.mp4", resolved, given)
        assert (tmp_path / "kept.mp4").read_bytes() == (tmp_path / "anew.mp4").read_bytes()
        assert film.assembly(resolved, given, store=store).left == 0
    assert not [*(tmp_path / "store" / "temp").iterdir()]


def test_progress_counts_the_frames_that_are_left(board: Board, shots: Shots, tmp_path: Path) -> None:
    store, told = Store(tmp_path / "store"), list[tuple[int, int]]()
    for lines in (FIVE, edited(0, "came", "went")):
        resolved = board(*lines, size=SMALL)
        given = known(shots(resolved))
        film.write(tmp_path / "film.mp4", resolved, given, store=store, progress=lambda *frames: told.append(frames))
    whole = resolved.frames
    assert told == [*((done, whole) for done in range(1, whole + 1)), *((done, 96) for done in range(1, 97))]


def test_shots_that_nothing_is_done_to_are_not_kept_twice(board: Board, shots: Shots, tmp_path: Path) -> None:
    resolved, store = board("seconds: 1", "seconds: 2", "seconds: 1, narration: Hello", size=SMALL), Store(tmp_path)
    made = film.assembly(resolved, known(shots(resolved)), store=store)
    made.write(tmp_path / "film.mp4")
    assert [blob.meta["frames"] for blob in store.blobs()] == [24]
    assert made.cut.quality == film.CLEAN


def test_a_damaged_stretch_is_encoded_again(board: Board, shots: Shots, tmp_path: Path) -> None:
    resolved, store = board(*FIVE, size=SMALL), Store(tmp_path / "store")
    given = known(shots(resolved))
    film.write(tmp_path / "film.mp4", resolved, given, store=store)
    before, blob = (tmp_path / "film.mp4").read_bytes(), next(store.blobs())
    content = bytearray(blob.path.read_bytes())
    content[len(content) // 2] ^= 1
    blob.path.write_bytes(content)
    made = film.assembly(resolved, given, store=store)
    assert made.left == blob.meta["frames"]
    made.write(tmp_path / "film.mp4")
    assert (tmp_path / "film.mp4").read_bytes() == before


def test_what_was_finished_before_an_interrupt_is_kept(board: Board, shots: Shots, tmp_path: Path) -> None:
    resolved, store = board(*FIVE, size=SMALL), Store(tmp_path / "store")
    given = known(shots(resolved))

    def stop(done: int, total: int) -> None:
        if done > total - 10:
            raise KeyboardInterrupt

    made = film.assembly(resolved, given, store=store)
    with pytest.raises(KeyboardInterrupt):
        made.write(tmp_path / "film.mp4", progress=stop, workers=1)
    assert [*(tmp_path / "store" / "temp").iterdir()] == []
    again = film.assembly(resolved, given, store=store)
    assert again.left == len(made.cut.laid.stretches[-1])
    again.write(tmp_path / "film.mp4")
    film.write(tmp_path / "anew.mp4", resolved, given)
    assert (tmp_path / "film.mp4").read_bytes() == (tmp_path / "anew.mp4").read_bytes()


def test_letters_that_are_lacking_are_told_of_kept_stretches_too(board: Board, shots: Shots, tmp_path: Path) -> None:
    resolved, store = board('seconds: 1, narration: "Hello \U00012000"', size=SMALL), Store(tmp_path / "store")
    for left in (24, 0):
        made = film.assembly(resolved, known(shots(resolved)), store=store)
        assert made.left == left
        assert made.write(tmp_path / "film.mp4").unprintable == "\U00012000"
