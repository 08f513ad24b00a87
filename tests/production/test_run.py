"""A film is rendered once, and after an edit only what the edit reaches is rendered again."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from paint import BOARD, Paint, rendered, studio

from storyforge.backends import PANELS, Frame, Latents
from storyforge.errors import InputError, RenderError
from storyforge.film import Reader
from storyforge.production import Order, events

INLINE = Order(workers=1, silent=True)


class Heard(list[events.Event]):
    """Events, as a `tell`."""

    def __call__(self, event: events.Event) -> None:
        self.append(event)

    def done(self, kind: str) -> list[str]:
        """Names of tasks of a kind that were run."""
        return [e.name for e in self if isinstance(e, events.TaskDone) and e.kind == kind and not e.reused]


def shots(folder: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted((folder / "shots").glob("*.mp4"))}


def edited(folder: Path, old: str, new: str, paint: Paint) -> Heard:
    """Renders BOARD with one edit; what was heard."""
    heard = Heard()
    paint.calls.clear()
    paint.casts.clear()
    assert old in BOARD
    studio(folder, BOARD.replace(old, new), paint).produce(INLINE, heard)
    return heard


def test_a_film_has_every_frame_and_every_file(tmp_path: Path, paint: Paint) -> None:
    project = studio(tmp_path, BOARD, paint)
    made = project.produce(INLINE)
    resolved = project.resolved()
    assert not made.failed
    assert Reader(tmp_path / "film.mp4").count == resolved.frames == made.frames == 96
    assert Reader(tmp_path / "film.mp4").size == (96, 64)
    assert {shot.id: Reader(tmp_path / "shots" / f"{shot.id}.mp4").count for shot in resolved.shots} == {
        "walk": 24, "run": 18, "talk": 36, "sleep": 24,
    }  # fmt: skip
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.[pgs]*") if ".storyforge" not in path.parts}
    sheets = {"ember", "ember@rain", "moth", "lantern", "meadow", "wood"}
    panels = {"walk", "run", "talk", "sleep"}
    assert files == {
        "film.board.png", "film.provenance.json", "film.srt", ".gitignore",
        *(f"cast/{name}.png" for name in sheets), *(f"panels/{name}.png" for name in panels),
    }  # fmt: skip


def test_a_second_render_does_nothing(tmp_path: Path, paint: Paint) -> None:
    rendered(tmp_path, paint)
    before = (tmp_path / "film.mp4").stat().st_mtime_ns
    paint.calls.clear()
    heard = Heard()
    studio(tmp_path, BOARD, paint).produce(INLINE, heard)
    assert not paint.calls
    assert not [event for event in heard if isinstance(event, events.TaskDone) and not event.reused]
    assert (tmp_path / "film.mp4").stat().st_mtime_ns == before


class Sketching(Paint):
    """Its panels look otherwise than its shots, as toon's do."""

    def decode(self, latents: Latents, *args: Any, **kwargs: Any) -> Iterator[Frame]:
        for frame in super().decode(latents, *args, **kwargs):
            yield frame // 2 if latents.stride == PANELS else frame


def test_a_contact_sheet_is_drawn_again_only_where_it_shows_something_else(tmp_path: Path) -> None:
    drawn = []
    for board in (BOARD, BOARD, BOARD.replace("sleeps", "sits")):
        heard = Heard()
        studio(tmp_path, board, Sketching()).produce(INLINE, heard)
        drawn.append(sum(isinstance(event, events.PictureReady) and event.kind == "board" for event in heard))
    assert drawn == [2, 0, 2], "of the panels, then of the shots"


def test_deleted_subtitles_come_back(tmp_path: Path, paint: Paint) -> None:
    rendered(tmp_path, paint)
    written = (tmp_path / "film.srt").read_bytes()
    (tmp_path / "film.srt").unlink()
    heard = Heard()
    studio(tmp_path, BOARD, paint).produce(INLINE, heard)
    assert (tmp_path / "film.srt").read_bytes() == written
    assert not heard.done("film"), "the film itself was current"


def test_letters_that_no_typeface_has_are_named(tmp_path: Path, paint: Paint) -> None:
    heard = edited(tmp_path, "Ember walked.", "Ember walked to \U00012000.", paint)
    warnings = [event.sentence for event in heard if isinstance(event, events.Warning)]
    (warned,) = [sentence for sentence in warnings if "espeak" not in sentence]
    assert "\U00012000" in warned
    assert "install a font" in warned


def test_the_same_board_gives_the_same_film_bit_for_bit(tmp_path: Path) -> None:
    rendered(tmp_path / "one", Paint())
    studio(tmp_path / "other", BOARD, Paint()).produce(INLINE)
    assert shots(tmp_path / "one") == shots(tmp_path / "other")
    assert (tmp_path / "one" / "film.mp4").read_bytes() == (tmp_path / "other" / "film.mp4").read_bytes()


def test_the_size_of_a_batch_does_not_change_the_film(tmp_path: Path) -> None:
    for batch in (1, 8):
        studio(tmp_path / str(batch), BOARD, Paint()).produce(Order(workers=1, silent=True, batch=batch))
    assert shots(tmp_path / "1") == shots(tmp_path / "8")


def test_levels_are_pinned_at_panels_and_at_the_coarser_level(tmp_path: Path, paint: Paint) -> None:
    studio(tmp_path, BOARD, paint).produce(INLINE)
    (panels,) = paint.requests(0)
    coarse = {request.id: request for request in paint.requests(16)}
    fine = {request.id: request for request in paint.requests(1)}
    span = coarse["walk..run/16"]
    assert [(part.shot, part.start, part.stop) for part in span.parts] == [("walk", 0, 24), ("run", 24, 49)]
    assert span.frames == 49 == 16 * 3 + 1
    assert span.lengths == (24, 18)
    rows = painted_rows(tmp_path)
    at = {part.shot: number for number, part in enumerate(panels.parts)}
    assert set(span.pins) == {1, 2}, "each panel is a keyframe: row 1 is in walk, row 2 in run"
    for row, name in ((1, "walk"), (2, "run")):
        assert np.array_equal(span.pins[row], rows["panels"][at[name]])
    pins = fine["walk..run/1"].pins
    assert sorted(pins) == [0, 16, 32, 48]
    for row, pin in pins.items():
        assert np.array_equal(pin, rows["walk..run/16"][row // 16])
        assert np.array_equal(pin, rows["walk..run/1"][row])


def painted_rows(folder: Path) -> dict[str, np.ndarray]:
    """Latents in the store by request id, and the panels' rows in film order."""
    from storyforge.cas import Key, Store

    store = Store(folder / ".storyforge" / "store")
    out: dict[str, np.ndarray] = {}
    panels: dict[str, np.ndarray] = {}
    for record in store.folder.glob("??/*.json"):
        kept = store.arrays(Key(record.stem)) if list(record.parent.glob(f"{record.stem}-*.safetensors")) else None
        if kept and "x" in kept[0]:
            out[kept[1]["id"]] = kept[0]["x"]
        elif kept and "row" in kept[0]:
            panels[kept[1]["shot"]] = kept[0]["row"]
    out["panels"] = np.stack([panels[name] for name in ("walk", "run", "talk", "sleep")])
    return out


def test_an_action_changes_its_panel_and_its_span_alone(tmp_path: Path, paint: Paint) -> None:
    rendered(tmp_path, paint)
    before = shots(tmp_path)
    heard = edited(tmp_path, 'does: "sleeps"', 'does: "waves"', paint)
    (panels,) = paint.requests(0)
    assert sorted(panels.pins) == [0, 1, 2], "the other panels are takes, and stay"
    assert [request.id for request in paint.requests(1)] == ["sleep/1"]
    assert heard.done("draw") == ["sleep"]
    assert {name for name, content in shots(tmp_path).items() if content != before[name]} == {"sleep"}


def test_words_and_joins_render_no_picture(tmp_path: Path, paint: Paint) -> None:
    rendered(tmp_path, paint)
    for old, new in (
        ("Ember walked.", "Ember walked on."),
        ("Two Friends", "Three Friends"),
        ("kind: dissolve", "kind: fade"),
        ("end: {kind: fade", "end: {kind: cut"),
    ):
        heard = edited(tmp_path, old, new, paint)
        assert not paint.calls, new
        assert heard.done("film") == ["film.mp4"], new


def test_a_look_changes_the_shots_that_read_its_sheet(tmp_path: Path, paint: Paint) -> None:
    rendered(tmp_path, paint)
    heard = edited(tmp_path, "a yellow raincoat", "a red raincoat", paint)
    assert paint.casts == ["ember@rain"]
    assert heard.done("draw") == ["sleep"]


def test_an_inserted_shot_leaves_the_others_alone(tmp_path: Path, paint: Paint) -> None:
    rendered(tmp_path, paint)
    before = shots(tmp_path)
    new = "      - {id: look, seconds: 1, cast: [moth]}\n      - id: talk\n"
    heard = edited(tmp_path, "      - id: talk\n", new, paint)
    assert heard.done("draw") == ["look"]
    assert {name: shots(tmp_path)[name] for name in before} == before


def test_an_edit_taken_back_renders_nothing(tmp_path: Path, paint: Paint) -> None:
    rendered(tmp_path, paint)
    first = (tmp_path / "film.mp4").read_bytes()
    edited(tmp_path, 'does: "runs"', 'does: "dances"', paint)
    assert (tmp_path / "film.mp4").read_bytes() != first
    edited(tmp_path, "a green meadow", "a green meadow", paint)
    assert not paint.calls
    assert (tmp_path / "film.mp4").read_bytes() == first


def test_it_stops_where_it_is_told(tmp_path: Path, paint: Paint) -> None:
    project = studio(tmp_path, BOARD, paint)
    cast = project.produce(Order(until="cast"))
    assert (cast.film, cast.board) == (None, None)
    assert len(list((tmp_path / "cast").glob("*.png"))) == 6
    assert not (tmp_path / "panels").exists()
    panels = project.produce(Order(until="panels"))
    assert panels.film is None
    assert panels.board == tmp_path / "film.board.png"
    assert len(list((tmp_path / "panels").glob("*.png"))) == 4
    assert not paint.requests(1)


def test_one_shot_alone(tmp_path: Path, paint: Paint) -> None:
    made = studio(tmp_path, BOARD, paint).produce(Order(only=("run",), workers=1))
    assert made.film is None
    assert list(shots(tmp_path)) == ["run"]
    assert [request.id for request in paint.requests(1)] == ["walk..run/1"], "its span, since it flows"


def test_a_shot_that_is_not_there_is_named(tmp_path: Path, paint: Paint) -> None:
    with pytest.raises(InputError, match="the storyboard has no shot 'wlak'; did you mean walk"):
        studio(tmp_path, BOARD, paint).produce(Order(only=("wlak",)))
    with pytest.raises(InputError, match="it has walk, run, talk, sleep"):
        studio(tmp_path, BOARD, paint).produce(Order(only=("zzzz",)))


def test_a_failing_shot_becomes_a_card_and_is_tried_again(tmp_path: Path, paint: Paint) -> None:
    paint.fails = {"talk"}
    made = studio(tmp_path, BOARD, paint).produce(INLINE)
    assert dict(made.failed) == {"talk": "renderer toon failed at talk: RuntimeError: talk is too hard"}
    assert Reader(tmp_path / "film.mp4").count == 96
    assert set(shots(tmp_path)) == {"walk", "run", "sleep"}
    paint.fails = set()
    heard = edited(tmp_path, "Two Friends", "Two Friends", paint)
    assert heard.done("draw") == ["talk"]
    assert {request.id for request in paint.requests(1)} == {"talk/1"}
    assert set(shots(tmp_path)) == {"walk", "run", "talk", "sleep"}


def test_when_every_shot_fails_there_is_no_film(tmp_path: Path, paint: Paint) -> None:
    paint.fails = {"walk", "run", "talk", "sleep"}
    with pytest.raises(RenderError, match="no shot could be rendered: renderer toon failed at walk"):
        studio(tmp_path, BOARD, paint).produce(INLINE)
    assert not (tmp_path / "film.mp4").exists()


def test_too_little_memory_for_a_batch_is_enough_for_one_span(tmp_path: Path, paint: Paint) -> None:
    paint.most = 60
    made = studio(tmp_path, BOARD, paint).produce(INLINE)
    assert not made.failed


def test_a_renderer_that_fails_at_the_cast_says_so(tmp_path: Path, paint: Paint) -> None:
    def fail(requests: object) -> list[object]:
        raise KeyError("village")

    paint.cast = fail  # type: ignore[assignment,method-assign]
    with pytest.raises(RenderError, match="renderer toon failed at the cast sheets: KeyError: 'village'"):
        studio(tmp_path, BOARD, paint).produce(INLINE)


def test_ctrl_c_keeps_what_is_finished(tmp_path: Path, paint: Paint) -> None:
    def interrupt(event: events.Event) -> None:
        if isinstance(event, events.TaskDone) and event.kind == "draw":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        studio(tmp_path, BOARD, paint).produce(INLINE, interrupt)
    assert not (tmp_path / "film.mp4").exists()
    drawn = Heard()
    studio(tmp_path, BOARD, paint).produce(INLINE, drawn)
    assert drawn.done("cast") == drawn.done("panels") == []
    assert len(drawn.done("draw")) == 3, "one of four was drawn before"


@pytest.mark.parametrize("suffix", [".safetensors", ".mp4", ".png"])
def test_damaged_results_are_made_again(tmp_path: Path, paint: Paint, suffix: str) -> None:
    rendered(tmp_path, paint)
    before, film = shots(tmp_path), (tmp_path / "film.mp4").read_bytes()
    for path in (tmp_path / ".storyforge" / "store").rglob(f"*{suffix}"):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(bytes(content))
    for path in [*tmp_path.glob("film.*"), *tmp_path.glob("shots/*"), *tmp_path.glob("panels/*")]:
        path.unlink()
    studio(tmp_path, BOARD, paint).produce(INLINE)
    assert shots(tmp_path) == before
    assert (tmp_path / "film.mp4").read_bytes() == film


def test_a_renderer_without_panels_takes_them_from_its_shots(tmp_path: Path) -> None:
    paint = Paint(strides=(1,))
    rendered(tmp_path, paint)
    assert not paint.requests(0)
    assert all(not request.pins for request in paint.requests(1))
    assert len(list((tmp_path / "panels").glob("*.png"))) == 4


def test_progress_ends_at_its_total(tmp_path: Path, paint: Paint) -> None:
    heard = Heard()
    studio(tmp_path, BOARD, paint).produce(INLINE, heard)
    steps = [event for event in heard if isinstance(event, events.Progress)]
    assert all(before.done <= after.done <= after.total for before, after in itertools.pairwise(steps))
    assert steps[-1].done > 0.95 * steps[-1].total


def test_nothing_is_left_when_the_folder_cannot_be_written(tmp_path: Path, paint: Paint) -> None:
    project = studio(tmp_path / "board", BOARD, paint)
    project.folder = tmp_path / "film"
    project.folder.write_text("a file is in the way")
    with pytest.raises(InputError, match="film is a file; name another folder"):
        project.produce(INLINE)
    assert (tmp_path / "film").read_text() == "a file is in the way"


def test_a_panels_picture_is_known_by_its_prompt_too(tmp_path: Path, paint: Paint) -> None:
    """What a prompt has drawn beside the row (a back at the frame's edge) must not stay when the edit is taken back."""
    until = Order(workers=1, until="panels")
    pictures = []
    for more in ("", "\n        options: {toon: {steps: 3}}"):  # cards do not know of steps: the row stays
        studio(tmp_path, BOARD.replace("[{who: moth}]", "[{who: moth}]" + more), paint).produce(until)
        pictures.append({path.name for path in (tmp_path / ".storyforge" / "store").glob("??/*.png")})
    assert len(pictures[0]) == 4
    assert len(pictures[1] - pictures[0]) == 1
    paint.decoded.clear()
    studio(tmp_path, BOARD, paint).produce(until)
    assert not paint.decoded
