"""Shots put together: counts, joins and captions in the picture, quick paths, failures, memory."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import av
import numpy as np
import pysubs2
import pytest
from moving_pictures import COLOURS, moving

from storyforge import film
from storyforge.errors import RenderError
from storyforge.film import Clip, Reader
from storyforge.film.drawing import caption_overlay
from storyforge.storyboard import Resolved

pytestmark = pytest.mark.slow

Board = Callable[..., Resolved]
Shots = Callable[[Resolved], dict[str, Path]]

FIVE = (
    'seconds: 2, narration: "That night the storm came back."',
    'seconds: 1.5, join: cut, dialogue: [{who: ember, line: "Not again."}]',
    'seconds: 1.5, join: {kind: dissolve, seconds: 0.5}, titles: [{text: "Chapter Two", place: top}]',
    "seconds: 1, join: flow",
    "seconds: 1.5, join: {kind: fade, seconds: 0.5}",
)


def test_a_film_has_every_frame_and_its_colours(board: Board, shots: Shots, tmp_path: Path) -> None:
    resolved = board(*FIVE)
    told: list[tuple[int, int]] = []
    written = film.write(
        tmp_path / "film.mp4", resolved, shots(resolved), progress=lambda done, total: told.append((done, total))
    )
    reader = Reader(tmp_path / "film.mp4")
    assert written.frames == reader.count == resolved.frames == 24 * 7 + 12 - 12
    assert (reader.size, reader.rate) == (resolved.size, resolved.rate)
    assert told[-1] == (resolved.frames, resolved.frames)
    assert [done for done, _ in told] == list(range(1, resolved.frames + 1))
    frames = list(reader.frames())
    assert len(frames) == resolved.frames
    for shot in resolved.shots:
        middle = frames[shot.start + shot.frames // 2]
        assert np.abs(middle[4, 4].astype(int) - COLOURS[shot.index]).max() <= 5
    data = (tmp_path / "film.mp4").read_bytes()
    assert data.find(b"moov") < data.find(b"mdat")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["film.mp4", "film.srt", "shots"]


def test_captions_are_in_the_picture_and_only_there(board: Board, shots: Shots, tmp_path: Path) -> None:
    resolved = board('seconds: 3, narration: "The storm came back."', "seconds: 1", size="640x360")
    paths = shots(resolved)
    film.write(tmp_path / "burnt.mp4", resolved, paths)
    film.write(tmp_path / "clean.mp4", resolved, paths, captions_as="off")
    (caption,) = film.captions(resolved)
    left, top, right, bottom = caption_overlay(resolved.size, caption.text).box
    burnt, clean = (list(Reader(tmp_path / f"{name}.mp4").frames()) for name in ("burnt", "clean"))
    middle = (caption.start + caption.stop) // 2
    difference = np.abs(burnt[middle].astype(int) - clean[middle]).max(axis=2)
    assert difference[top:bottom, left:right].mean() > 40
    difference[top - 2 : bottom + 2, left - 2 : right + 2] = 0
    assert difference.mean() < 1.0
    assert np.abs(burnt[-1].astype(int) - clean[-1]).mean() < 1.0


def test_shots_that_nothing_is_done_to_are_not_encoded_again(board: Board, shots: Shots, tmp_path: Path) -> None:
    resolved = board("seconds: 1", "seconds: 2", "seconds: 1, join: flow")
    paths = shots(resolved)
    film.write(tmp_path / "film.mp4", resolved, paths)
    originals = [picture for path in paths.values() for picture in Reader(path).pictures()]
    for picture, original in zip(Reader(tmp_path / "film.mp4").pictures(), originals, strict=True):
        assert (picture == original).all()


def test_the_file_does_not_depend_on_the_number_of_threads(board: Board, shots: Shots, tmp_path: Path) -> None:
    resolved = board(*FIVE, end="fade")
    paths = shots(resolved)
    for workers in (1, 3):
        film.write(tmp_path / f"{workers}.mp4", resolved, paths, workers=workers)
    same = list(Reader(tmp_path / "1.mp4").pictures())
    assert all((one == other).all() for one, other in zip(same, Reader(tmp_path / "3.mp4").pictures(), strict=True))


def test_soft_captions_are_a_track_and_a_file(board: Board, shots: Shots, tmp_path: Path) -> None:
    resolved = board(*FIVE)
    written = film.write(tmp_path / "film.mp4", resolved, shots(resolved), captions_as="soft")
    with av.open(str(tmp_path / "film.mp4")) as file:
        track = file.streams.subtitles[0]
        texts = [bytes(packet)[2:].decode() for packet in file.demux(track) if packet.size > 2]
        assert (file.metadata["title"], file.metadata["comment"]) == ("A Film", "AI-generated, made with storyforge")
    assert texts == ["That night the storm came back.", "Ember: Not again."]
    assert written.subtitles == tmp_path / "film.srt"
    assert [event.plaintext for event in pysubs2.load(str(written.subtitles))] == texts


def test_no_captions_leave_no_file_of_an_earlier_film(board: Board, shots: Shots, tmp_path: Path) -> None:
    resolved = board("seconds: 1, narration: Hello")
    paths = shots(resolved)
    film.write(tmp_path / "film.mp4", resolved, paths)
    assert (tmp_path / "film.srt").exists()
    written = film.write(tmp_path / "film.mp4", resolved, paths, captions_as="off")
    assert written.subtitles is None
    assert not (tmp_path / "film.srt").exists()


def test_the_end_is_black_and_says_so(board: Board, shots: Shots, tmp_path: Path) -> None:
    resolved = board("seconds: 3", end="fade")
    film.write(tmp_path / "film.mp4", resolved, shots(resolved))
    frames = list(Reader(tmp_path / "film.mp4").frames())
    assert frames[-1].mean() < 20
    late = frames[-8]
    assert late[60:110].max() > 150  # letters
    assert late[150:].max() < 40  # on a dark picture
    assert np.abs(frames[20][4, 4].astype(int) - COLOURS[0]).max() <= 5


def test_the_films_title_is_drawn_over_its_shot(board: Board, shots: Shots, tmp_path: Path) -> None:
    resolved = board('seconds: 3, titles: [{text: "A Film", place: centre, seconds: 2}]')
    film.write(tmp_path / "film.mp4", resolved, shots(resolved))
    frames = list(Reader(tmp_path / "film.mp4").frames())
    assert frames[24].max() > 230
    assert frames[24][4, 4].sum() < sum(COLOURS[0]) * 0.8  # dusk
    assert np.abs(frames[60][4, 4].astype(int) - COLOURS[0]).max() <= 5


def test_clips_can_be_made_of_frames_in_memory(board: Board, tmp_path: Path) -> None:
    resolved = board("seconds: 1", "seconds: 1, join: {kind: dissolve, seconds: 0.5}")

    def clip(colour: int) -> Clip:
        pictures = [film.from_frame(frame) for frame in moving(24, colour=colour)]
        return Clip(f"s{colour + 1}", 24, lambda start, stop: iter(pictures[start:stop]))

    film.write(tmp_path / "film.mp4", resolved, {"s1": clip(0), "s2": clip(1)})
    assert Reader(tmp_path / "film.mp4").count == 36


def test_missing_and_short_shots_are_named(board: Board, shots: Shots, tmp_path: Path) -> None:
    resolved = board("seconds: 1", "seconds: 1")
    paths = shots(resolved)
    with pytest.raises(RenderError, match="shot s2: there are no pictures of it yet"):
        film.write(tmp_path / "film.mp4", resolved, {"s1": paths["s1"]})
    film.write_shot(paths["s2"], moving(23), resolved.size, resolved.rate)
    with pytest.raises(RenderError, match="has 23 frames where the film needs 24; render it again"):
        film.write(tmp_path / "film.mp4", resolved, paths)
    film.write_shot(paths["s2"], moving(24, (64, 48)), (64, 48), resolved.rate)
    with pytest.raises(RenderError, match="is 64x48 where the film is 320x180; render it again"):
        film.write(tmp_path / "film.mp4", resolved, paths)


def test_a_failure_leaves_the_film_before_it(board: Board, shots: Shots, tmp_path: Path) -> None:
    resolved = board(*FIVE)
    paths = shots(resolved)
    film.write(tmp_path / "film.mp4", resolved, paths)
    before = (tmp_path / "film.mp4").read_bytes()
    broken = paths["s3"].read_bytes()
    paths["s3"].write_bytes(broken[: len(broken) // 2])
    with pytest.raises(RenderError, match=r"s3\.mp4: cannot be read"):
        film.write(tmp_path / "film.mp4", resolved, paths)
    assert (tmp_path / "film.mp4").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["film.mp4", "film.srt", "shots"]


def test_an_interrupt_from_progress_stops_all_threads(board: Board, shots: Shots, tmp_path: Path) -> None:
    resolved = board(*FIVE)

    def stop(done: int, _total: int) -> None:
        if done > 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        film.write(tmp_path / "film.mp4", resolved, shots(resolved), progress=stop)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shots"]


def test_ctrl_c_waits_until_no_lock_is_held(
    board: Board, shots: Shots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Raised while a thread is handed its work, it may leave that thread's lock taken, and the program hangs."""
    resolved, handed = board(*FIVE), []

    class Pressed(ThreadPoolExecutor):
        def submit(self, *args: Any, **more: Any) -> Any:
            signal.raise_signal(signal.SIGINT)
            handed.append(args)
            return super().submit(*args, **more)

    monkeypatch.setattr("storyforge.film.film.ThreadPoolExecutor", Pressed)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            film.write(tmp_path / "film.mp4", resolved, shots(resolved))
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(handed) > 1
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("film")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shots"]


def test_provenance_says_what_made_the_film(board: Board, shots: Shots, tmp_path: Path) -> None:
    resolved = board("seconds: 1", "seconds: 1")
    film.write(tmp_path / "film.mp4", resolved, shots(resolved))
    path = film.provenance(tmp_path / "film.mp4", resolved, "abc", {"toon": "f00"}, keys={"s1": "k1"}, missing=["s2"])
    said = json.loads(path.read_text(encoding="utf-8"))
    assert path.name == "film.provenance.json"
    assert said["ai_generated"] is True
    assert said["digital_source_type"].endswith("trainedAlgorithmicMedia")
    assert (said["storyboard"], said["renderers"], said["film"]["frames"]) == ("abc", {"toon": "f00"}, 48)
    assert [shot.get("key") for shot in said["shots"]] == ["k1", None]
    assert [shot.get("missing") for shot in said["shots"]] == [None, True]


def test_memory_does_not_grow_with_length(tmp_path: Path) -> None:
    script = str(Path(__file__).with_name("memory_of_a_film.py"))

    def peak(count: int) -> int:
        command = [sys.executable, script, str(tmp_path), str(count)]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    short, long = peak(4), peak(24)
    assert long <= short * 1.1
